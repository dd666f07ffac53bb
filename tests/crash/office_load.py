"""Clients at work in an office: 20 senders and some readers, and an administrator beside them. All
that they begin and all that they are told is written down, with the time."""
import hashlib
import imaplib
import random
import re
import smtplib
import threading
import time

from office import OfficeError

SENDERS = 20
READERS = 4
SENDER = "sender@example.net"
COPIES, MOVES = "Kept", "Moved"
imaplib.Commands.setdefault("MOVE", ("SELECTED",))
FAILURES = (OSError, EOFError, smtplib.SMTPException, imaplib.IMAP4.error, OfficeError)


CLOCKS = [time.CLOCK_MONOTONIC]


def use_clock_of(programs):
    """Wine counts by the clock that nobody adjusts."""
    CLOCKS[0] = time.CLOCK_MONOTONIC_RAW if programs.are_windows else time.CLOCK_MONOTONIC


def now():
    """Microseconds of the clock that the shims write down too."""
    return time.clock_gettime_ns(CLOCKS[0]) // 1000


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Acks:
    """Rows of (time, kind, user, what). Kinds that end with -ing are begun, the others were
    acknowledged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rows = []

    def add(self, kind, user, **what):
        with self.lock:
            self.rows.append((now(), kind, user, what))

    def before(self, moment):
        with self.lock:
            return [row for row in self.rows if row[0] < moment]


def make_text(chance, size=None):
    """A mail with a name of its own in the subject."""
    unique = "%032x" % chance.getrandbits(128)
    size = size or (1500000 if chance.random() < 0.005 else chance.randrange(200, 8000))
    line = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=70)) + "\r\n"
    head = f"From: {SENDER}\r\nSubject: {unique}\r\n\r\n"
    return unique, (head + line * (size // 72 + 1)).encode()


def body_of(text):
    """What the sender wrote: the server may put header fields before it."""
    at = text.find(f"From: {SENDER}\r\n".encode())
    return text[at:] if at >= 0 else text


def connect(office, service):
    kind = smtplib.LMTP if service == "lmtp" else smtplib.SMTP
    client = kind("127.0.0.1", office.port(service), timeout=30)
    client.ehlo_or_helo_if_needed()
    return client


def deliver(client, acks, addresses, unique, text):
    """One mail by SMTP or LMTP, a reply for each recipient there; all replies' codes come back."""
    codes = [client.mail(SENDER)[0]]
    taken = []
    for address in addresses if codes[0] == 250 else ():
        codes.append(client.rcpt(address)[0])
        if codes[-1] == 250:
            taken.append(address)
    if not taken:
        client.rset()
        return codes
    for address in taken:
        acks.add("sending", address, unique=unique, end=digest(text), together=len(taken))
    codes.append(client.docmd("DATA")[0])
    if codes[-1] != 354:
        return codes
    client.send(text + b".\r\n")
    replies = len(taken) if isinstance(client, smtplib.LMTP) else 1
    ends = [client.getreply()[0] for _ in range(replies)]
    for number, address in enumerate(taken):
        if ends[number % replies] == 250:
            acks.add("mail", address, unique=unique)
    return codes + ends


def log_in(office, user):
    client = imaplib.IMAP4("127.0.0.1", office.port("imap"), timeout=60)
    client.login(user.address, user.password)
    return client


def told_uid(client, code):
    """The UID at the end of APPENDUID or COPYUID (RFC 4315), of one message."""
    data = client.response(code)[1]
    return int(data[-1].split()[-1]) if data and data[-1] else None


class Reader:
    """One user's mail program; nobody else changes what lies in this user's mailboxes."""

    def __init__(self, client, user, acks, chance):
        self.client, self.user, self.acks, self.chance = client, user.address, acks, chance

    def names(self, uids):
        """{UID: the name in the subject}"""
        answer = self.client.uid("FETCH", ",".join(map(str, uids)),
                                 "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        found = {}
        for item in answer:
            if isinstance(item, tuple):
                found[int(re.search(rb"UID (\d+)", item[0])[1])] = item[1].split()[1].decode()
        return found

    def choose(self, most=1):
        uids = [int(uid) for uid in (self.client.uid("SEARCH", "ALL")[1][0] or b"").split()]
        chosen = self.chance.sample(uids, min(most, len(uids)))
        return self.names(chosen) if chosen else {}

    def append(self):
        unique, text = make_text(self.chance)
        self.acks.add("sending", self.user, unique=unique, end=digest(text), together=1,
                      flagged=True)
        status = self.client.append("INBOX", "(\\Flagged)", None, text)[0]
        if status == "OK":
            self.acks.add("mail", self.user, unique=unique,
                          uid=told_uid(self.client, "APPENDUID"))
        return status

    def on_one(self, begun, done, run, code=None, but=()):
        """Something that is done to one mail; None when there is none."""
        found = {uid: name for uid, name in self.choose().items() if name not in but}
        for uid, unique in found.items():
            self.acks.add(begun, self.user, unique=unique)
            status = run(str(uid))[0]
            if status == "OK":
                self.acks.add(done, self.user, unique=unique,
                              uid=told_uid(self.client, code) if code else None)
            return status
        return None

    def flag(self):
        return self.on_one("flagging", "flagged", lambda uid: self.client.uid(
            "STORE", uid, "+FLAGS", "(\\Seen)"))

    def copy(self):
        """Each mail only once, so that its copy has a name of its own too."""
        before = {row[3]["unique"] for row in self.acks.before(now())
                  if row[1] == "copying" and row[2] == self.user}
        return self.on_one("copying", "copied", lambda uid: self.client.uid("COPY", uid, COPIES),
                           "COPYUID", before)

    def move(self):
        return self.on_one("moving", "moved", lambda uid: self.client.uid("MOVE", uid, MOVES),
                           "COPYUID")

    def expunge(self, most=1):
        found = self.choose(most)
        if not found:
            return None
        for unique in found.values():
            self.acks.add("expunging", self.user, unique=unique)
        uids = ",".join(map(str, found))
        status = self.client.uid("STORE", uids, "+FLAGS", "(\\Deleted)")[0]
        if status == "OK":
            status = self.client.uid("EXPUNGE", uids)[0]
        if status == "OK":
            for unique in found.values():
                self.acks.add("expunged", self.user, unique=unique)
        return status


class Load:
    """Clients at work until they are told to stop; a refusal or a lost connection is no promise."""

    def __init__(self, office, users, acks, seed):
        self.office, self.users, self.acks, self.seed = office, users, acks, seed
        self.stopping = threading.Event()
        self.refused = self.compactions = self.freed = 0
        self.last_refusal = None
        self.threads = []

    def start(self):
        works = [(self.send, number) for number in range(SENDERS)]
        works += [(self.read, number) for number in range(READERS)]
        works += [(self.administer, 0)]
        for number, (work, which) in enumerate(works):
            chance = random.Random(self.seed * 1000 + number)
            self.threads.append(threading.Thread(target=self.guard, args=(work, which, chance)))
            self.threads[-1].start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def guard(self, work, number, chance):
        while not self.stopping.is_set():
            try:
                work(number, chance)
            except FAILURES as error:
                self.refused += 1
                self.last_refusal = repr(error)
                time.sleep(0.02)

    def send(self, number, chance):
        service = "lmtp" if number % 4 == 0 else "smtp"
        with connect(self.office, service) as client:
            for _ in range(10):
                if self.stopping.is_set():
                    return
                users = chance.sample(self.users, chance.choice((1, 1, 1, 3)))
                unique, text = make_text(chance)
                deliver(client, self.acks, [user.address for user in users], unique, text)

    def read(self, number, chance):
        user = self.users[number]
        with log_in(self.office, user) as client:
            client.select("INBOX")
            reader = Reader(client, user, self.acks, chance)
            reader.expunge(most=40)
            for _ in range(20):
                if self.stopping.is_set():
                    return
                chance.choice((reader.append, reader.append, reader.flag, reader.flag,
                               reader.expunge, reader.copy, reader.move))()

    def administer(self, number, chance):
        folder = self.office.data / "backups" / ("%08x" % chance.getrandbits(32))
        done = self.office.job("/v1/backups",
                                   {"folder": self.office.programs.name_of(folder)})
        if done.get("state") == "done":
            self.acks.add("backup", "", folder=str(folder))
        for _ in range(4):
            done = self.office.job("/v1/compact")
            if done.get("state") == "done":
                self.compactions += 1
                self.freed += done["result"]["bytes"]
            if self.stopping.wait(0.5):
                return
