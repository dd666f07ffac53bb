#!/usr/bin/env python3
"""The whole daemon, through its protocols, against power cuts, kills and failing disks: what it
acknowledged by SMTP and IMAP must be there afterwards, with its bytes, UID, MODSEQ and flags.

    daemon.py BUILD cut [--points N]      cuts the power at points of the recorded life of a daemon
    daemon.py BUILD kill [--times N]      kills a busy daemon, again and again on the same folder
    daemon.py BUILD fault [--times N]     lets single operations of the disk fail under a session
"""
import argparse
import hashlib
import imaplib
import os
import pathlib
import random
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from office import Office, OfficeError  # noqa: E402

SENDERS = 20
READERS = 4


def now():
    """Microseconds of the clock that the shims write down too."""
    return time.monotonic_ns() // 1000


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Acks:
    """What clients were told, and when."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rows = []

    def add(self, kind, user, **what):
        with self.lock:
            self.rows.append((now(), kind, user, what))

    def before(self, moment):
        with self.lock:
            return [row for row in self.rows if row[0] < moment]


class Load:
    """Clients at work until they are told to stop; a refusal or a lost connection is no promise."""

    def __init__(self, office, users, acks, seed):
        self.office, self.users, self.acks, self.seed = office, users, acks, seed
        self.stopping = threading.Event()
        self.refused = 0
        self.threads = []

    def run(self, seconds=None, wait=None):
        for number in range(SENDERS):
            self.threads.append(threading.Thread(target=self.guard, args=(self.send, number)))
        for number in range(READERS):
            self.threads.append(threading.Thread(target=self.guard, args=(self.read, number)))
        for thread in self.threads:
            thread.start()
        if wait:
            wait()
        else:
            time.sleep(seconds)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def guard(self, work, number):
        chance = random.Random(self.seed * 1000 + number)
        while not self.stopping.is_set():
            try:
                work(number, chance)
            except (OSError, EOFError, smtplib.SMTPException, imaplib.IMAP4.error):
                self.refused += 1
                time.sleep(0.02)

    def text(self, chance):
        unique = "%032x" % chance.getrandbits(128)
        size = 1500000 if chance.random() < 0.005 else chance.randrange(200, 8000)
        body = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=70))
        lines = [f"From: sender@example.net\r\nSubject: {unique}\r\n\r\n"]
        lines += [f"{body}\r\n"] * (size // 72 + 1)
        return unique, "".join(lines).encode()

    def send(self, number, chance):
        with smtplib.SMTP("127.0.0.1", self.office.port("smtp"), timeout=30) as client:
            for _ in range(10):
                if self.stopping.is_set():
                    return
                users = chance.sample(self.users, chance.choice((1, 1, 1, 3)))
                unique, text = self.text(chance)
                refused = client.sendmail("sender@example.net", [u.address for u in users], text)
                for user in users:
                    if user.address not in refused:
                        self.acks.add("mail", user.address, unique=unique, end=digest(text))

    def read(self, number, chance):
        user = self.users[number]
        with login(self.office, user) as client:
            client.select("INBOX")
            for _ in range(20):
                if self.stopping.is_set():
                    return
                chance.choice((self.append, self.append, self.flag, self.flag, self.expunge,
                               self.status))(client, user, chance)

    def append(self, client, user, chance):
        unique, text = self.text(chance)
        answer = client.append("INBOX", "(\\Flagged)", None, text)
        if answer[0] == "OK":
            match = re.search(rb"APPENDUID (\d+) (\d+)", answer[1][0] or b"")
            self.acks.add("mail", user.address, unique=unique, end=digest(text),
                          uid=int(match[2]) if match else None)

    def some_uid(self, client, chance):
        _, (found,) = client.uid("SEARCH", "ALL")
        uids = (found or b"").split()
        return chance.choice(uids).decode() if uids else None

    def flag(self, client, user, chance):
        uid = self.some_uid(client, chance)
        if uid and client.uid("STORE", uid, "+FLAGS", "(\\Seen)")[0] == "OK":
            self.acks.add("seen", user.address, uid=int(uid))

    def expunge(self, client, user, chance):
        uid = self.some_uid(client, chance)
        if not uid:
            return
        self.acks.add("expunging", user.address, uid=int(uid))
        if (client.uid("STORE", uid, "+FLAGS", "(\\Deleted)")[0] == "OK"
                and client.uid("EXPUNGE", uid)[0] == "OK"):
            self.acks.add("expunged", user.address, uid=int(uid))

    def status(self, client, user, chance):
        self.acks.add("status", user.address, **status_of(client))


def status_of(client):
    """INBOX's UIDNEXT, UIDVALIDITY and, where the server has it, HIGHESTMODSEQ (RFC 7162)."""
    items = "UIDNEXT UIDVALIDITY"
    if "CONDSTORE" in client.capabilities:
        items += " HIGHESTMODSEQ"
    _, (line,) = client.status("INBOX", f"({items})")
    return numbers(line)


def numbers(line):
    return {name.decode(): int(value)
            for name, value in re.findall(rb"(UIDNEXT|UIDVALIDITY|HIGHESTMODSEQ) (\d+)", line)}


def login(office, user):
    client = imaplib.IMAP4("127.0.0.1", office.port("imap"), timeout=60)
    client.login(user.address, user.password)
    client.capabilities = client.capability()[1][0].decode().split()
    return client


def look(office, user):
    """{uid: (unique, flags, bytes)} and the mailbox's numbers."""
    mails = {}
    with login(office, user) as client:
        found = status_of(client)
        client.select("INBOX", readonly=True)
        _, answers = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
        for answer in answers:
            if not isinstance(answer, tuple):
                continue
            head, text = answer
            uid = int(re.search(rb"UID (\d+)", head)[1])
            unique = re.search(rb"^Subject: ([0-9a-f]{32})\r$", text, re.MULTILINE)
            mails[uid] = (unique[1].decode() if unique else None, head, text)
    return mails, found


def body_of(text):
    """What the sender wrote: the server may put header fields before it."""
    at = text.find(b"From: sender@example.net\r\n")
    return text[at:] if at >= 0 else text


class Judge:
    def __init__(self, office, users):
        self.office, self.users, self.problems = office, users, []
        self.looked_for = 0

    def say(self, user, text):
        self.problems.append(f"{user}: {text}")

    def compare(self, rows):
        for user in self.users:
            mine = [row for row in rows if row[2] == user.address]
            mails, found = look(self.office, user)
            self.compare_user(user.address, mine, mails, found)
        self.ask("check")
        for _, kind, _, what in rows:
            if kind == "backup":
                self.ask("backup", "verify", what["folder"])

    def ask(self, *command):
        try:
            self.office.command(*command)
        except OfficeError as error:
            self.say(command[0], str(error))

    def compare_user(self, name, rows, mails, found):
        going = {row[3]["uid"] for row in rows if row[1] == "expunging"}
        gone = {row[3]["uid"] for row in rows if row[1] == "expunged"}
        by_unique = {unique: uid for uid, (unique, _, _) in mails.items()}
        for uid in gone & set(mails):
            self.say(name, f"UID {uid} was expunged and is there again")
        missing = 0
        for _, kind, _, what in rows:
            if kind == "mail":
                missing += self.compare_mail(name, what, by_unique, mails, going)
            elif kind == "seen" and what["uid"] in mails:
                if b"\\Seen" not in mails[what["uid"]][1]:
                    self.say(name, f"UID {what['uid']} lost \\Seen")
            elif kind == "status":
                self.compare_status(name, what, found)
        if missing > len(going):
            self.say(name, f"{missing} mails are missing, {len(going)} were being expunged")

    def compare_mail(self, name, what, by_unique, mails, going):
        """1: it is not there. Whose UID is known must be there, or have been expunged."""
        self.looked_for += 1
        uid = by_unique.get(what["unique"])
        if uid is None:
            if what.get("uid") and what["uid"] not in going:
                self.say(name, f"UID {what['uid']} is lost")
            return 1
        if what.get("uid") and what["uid"] != uid:
            self.say(name, f"UID {what['uid']} became {uid}")
        if digest(body_of(mails[uid][2])) != what["end"]:
            self.say(name, f"UID {uid} has other bytes")
        return 0

    def compare_status(self, name, said, found):
        if said.get("UIDVALIDITY") != found.get("UIDVALIDITY"):
            self.say(name, "UIDVALIDITY changed")
        for key in ("UIDNEXT", "HIGHESTMODSEQ"):
            if found.get(key, 0) < said.get(key, 0):
                self.say(name, f"{key} fell from {said[key]} to {found.get(key)}")


def verdict(office, users, rows, name):
    judge = Judge(office, users)
    judge.compare(rows)
    print(f"# {name}: {len(rows)} acknowledgements, {judge.looked_for} mails looked for, "
          f"{len(judge.problems)} problems", flush=True)
    for problem in judge.problems[:20]:
        print(f"#   {problem}")
    return judge


def move_config(office, data):
    text = re.sub(r"(?m)^data *=.*$", f"data = {data}", office.config.read_text())
    office.config.write_text(text)


def make_office(build, count):
    office = Office.open(build)
    try:
        users = [office.add_user(f"user{number}") for number in range(count)]
        office.stop()
    except BaseException:
        office.close()
        raise
    return office, users


def back_up(office, acks):
    office.command("backup", "create")
    for folder in (office.data / "backups").iterdir():
        acks.add("backup", "", folder=str(folder))


def cut(build, arguments):
    """Records one life of a busy daemon, with a backup in it, then opens disks cut from it."""
    office, users = make_office(build, 10)
    tools = pathlib.Path(build) / "tests" / "crash"
    with office:
        base, log = office.folder / "base", office.folder / "trace"
        shutil.copytree(office.data, base)
        office.start(("env", f"HAUSPOST_TRACE_ROOT={office.data}", f"HAUSPOST_TRACE_LOG={log}",
                      tools / "hauspostd-shim"))
        acks = Acks()
        load = Load(office, users, acks, arguments.seed)
        load.run(wait=lambda: (time.sleep(arguments.seconds / 2), back_up(office, acks),
                               time.sleep(arguments.seconds / 2)))
        load.stop()
        office.stop()
        print(f"# {len(acks.rows)} acknowledgements, {load.refused} refusals")
        return cut_all(office, users, acks, base, log, tools / "disk-after-cut", arguments)


def after_cut(tool, log, base, target, records, kind, seed):
    done = subprocess.run([tool, log, base, target, str(records), kind, str(seed)],
                          capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


def cut_all(office, users, acks, base, log, tool, arguments):
    chance = random.Random(arguments.seed)
    total, _ = after_cut(tool, log, base, office.data, 0, "keeps", 0)
    failed = looked_for = 0
    for number in range(arguments.points):
        point = chance.randrange(1, total + 1)
        kind = chance.choice(("loses", "mixes", "mixes"))
        _, moment = after_cut(tool, log, base, office.data, point, kind, arguments.seed + number)
        office.start()
        judge = verdict(office, users, acks.before(moment), f"record {point} of {total}, {kind}")
        office.stop()
        failed += bool(judge.problems)
        looked_for += judge.looked_for
    return failed, f"{arguments.points} power cuts, {looked_for} acknowledged mails looked for"


def kill(build, arguments):
    office, users = make_office(build, 10)
    chance = random.Random(arguments.seed)
    acks, failed, looked_for = Acks(), 0, 0
    with office:
        for number in range(arguments.times):
            office.start()
            load = Load(office, users, acks, arguments.seed * 100 + number)
            load.run(seconds=chance.uniform(0.1, arguments.seconds / 4))
            office.stop(signal.SIGKILL)
            load.stop()
            office.start()
            judge = verdict(office, users, acks.before(now()), f"kill {number + 1}")
            office.stop()
            failed += bool(judge.problems)
            looked_for = judge.looked_for
    return failed, f"{arguments.times} kills, {looked_for} acknowledged mails looked for"


def order(path, text):
    done = path.with_name(path.name + ".done")
    done.unlink(missing_ok=True)
    path.write_text(text)
    until = time.monotonic() + 10
    while path.read_text() or not done.exists():
        if time.monotonic() > until:
            raise OfficeError("the shim takes no orders")
        time.sleep(0.005)
    return done.read_text().split()


def session(office, users, acks, chance):
    """One of everything; whatever the answers are."""
    load = Load(office, users, acks, 0)
    for work in (lambda: load.send(0, chance), lambda: load.read(0, chance)):
        try:
            work()
        except (OSError, EOFError, smtplib.SMTPException, imaplib.IMAP4.error):
            pass


def fault(build, arguments):
    """The daemon must live through each fault, lose nothing, and take mail again."""
    office, users = make_office(build, 3)
    chance = random.Random(arguments.seed)
    orders, acks = office.folder / "orders", Acks()
    failed = struck = 0
    with office:
        orders.write_text("")
        office.start(("env", f"HAUSPOST_TRACE_ROOT={office.data}", f"HAUSPOST_FAULT={orders}",
                      pathlib.Path(build) / "tests" / "crash" / "hauspostd-shim"))
        for number in range(arguments.times):
            name = (f"{chance.choice(('write', 'sync', 'open', 'name', 'all'))} "
                    f"{chance.randrange(1, 40)} {chance.choice(('full', 'broken'))} "
                    f"{chance.choice(('once', 'once', 'lasting'))}")
            order(orders, name)
            session(office, users, acks, chance)
            struck += int(order(orders, "all 0 broken once")[1])
            failed += not lives(office, users, acks, chance, name)
        failed += bool(verdict(office, users, acks.before(now()), "all faults").problems)
        office.stop()
        office.start()
        failed += bool(verdict(office, users, acks.before(now()), "after a restart").problems)
    return failed, f"{arguments.times} faults, {struck} of them struck"


def lives(office, users, acks, chance, name):
    """Within ten seconds after the disk is well a mail is taken."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if office.daemon.poll() is not None:
            print(f"# {name}: the daemon died\n{office.log_tail()}")
            return False
        before = len(acks.rows)
        session(office, users, acks, chance)
        if any(row[1] == "mail" for row in acks.rows[before:]):
            return True
        time.sleep(0.2)
    print(f"# {name}: no mail is taken after the fault")
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("what", choices=("cut", "kill", "fault"))
    parser.add_argument("--points", type=int, default=8)
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(100000))
    arguments = parser.parse_args()
    print(f"1..1\n# seed {arguments.seed}", flush=True)
    work = {"cut": cut, "kill": kill, "fault": fault}[arguments.what]
    failed, text = work(os.path.abspath(arguments.build), arguments)
    print(f"{'not ok' if failed else 'ok'} 1 {text}, {failed} with losses")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
