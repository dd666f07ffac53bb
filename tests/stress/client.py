"""One mail program of the stress program: a connection, and what it shows its user of the selected
mailbox. Every answer is held against the history."""
from history import FLAGS, Violation, make_mail
from wire import Broken, Gone, Wire, numbers, sequence_set


class Synced:
    """What a client keeps of a mailbox for the next time (RFC 7162 3.2.5)."""

    def __init__(self, client, modseq):
        self.validity, self.modseq = client.box.uid_validity, modseq
        self.uids = client.uids
        self.flags = {uid: set(flags) for uid, flags in client.flags.items()}


QUIET = {"FETCH", "STORE", "SEARCH", "SORT", "THREAD"}  # no EXPUNGE may be told while they run


class Client:
    def __init__(self, number, history, user, port, chance):
        self.number, self.history, self.user, self.port = number, history, user, port
        self.chance = chance
        self.wire = None
        self.commands = 0
        self.highest = 0
        self.modseq = None
        self.capabilities = set()
        self.leave()

    def leave(self):
        """No mailbox is selected."""
        self.box = None
        self.view = []  # the UID behind each sequence number, None where it is not known
        self.flags = {}  # UID: as last told
        self.synced = None
        self.running = None
        self.begin = 0

    @property
    def uids(self):
        return [uid for uid in self.view if uid is not None]

    async def connect(self):
        self.leave()
        self.qresync = False
        self.wire = await Wire.open(self.port)
        answer = await self.run(f"LOGIN {self.user.address} {self.user.password}")
        if answer.status != "OK":
            raise Violation(f"LOGIN: {answer}")
        self.capabilities = set((await self.ask("CAPABILITY"))[0].data[1:])

    async def run(self, *pieces):
        """A command whose untagged answers only change the view; its tagged answer."""
        self.heard = []
        self.begin = self.history.begins[self.number] = self.history.clock()
        self.running = pieces[0].split()
        tag = self.wire.send(*pieces)
        self.commands += 1
        try:
            return await self.until(tag)
        finally:
            self.history.begins.pop(self.number, None)

    async def ask(self, *pieces):
        """A command that must succeed; its untagged answers."""
        answer = await self.run(*pieces)
        if answer.status != "OK":
            raise Violation(f"{pieces[0]}: {answer}")
        return self.heard

    async def until(self, tag):
        while True:
            answer = await self.wire.answer()
            if answer.tag == tag:
                if answer.status == "BAD":
                    raise Violation(f"{self.running}: {answer}")
                return answer
            if answer.tag == "+":
                return answer
            if answer.tag != "*":
                raise Broken(f"an answer nobody waits for: {answer}")
            self.hear(answer)

    def hear(self, answer):
        self.heard.append(answer)
        words = answer.data
        if answer.status == "BYE":
            raise Gone
        if len(words) > 1 and words[0].isdigit():
            self.hear_number(int(words[0]), words[1].upper(), words[2:])
        elif words[0] == "VANISHED":
            self.hear_vanished(words[1:])

    def hear_number(self, number, kind, rest):
        if kind == "EXISTS":
            if number < len(self.view):
                raise Violation(f"{number} EXISTS after {len(self.view)}")
            self.view += [None] * (number - len(self.view))
        elif kind == "EXPUNGE":
            self.hear_expunge(number)
        elif kind == "FETCH":
            self.hear_fetch(number, rest[0])
        elif kind != "RECENT":
            raise Broken(f"{number} {kind}")

    def is_quiet(self):
        return self.running and self.running[0] in QUIET

    def hear_expunge(self, number):
        if self.is_quiet():
            raise Violation(f"EXPUNGE while {self.running} runs (RFC 9051 7.5.1)")
        if self.qresync:
            raise Violation("EXPUNGE after ENABLE QRESYNC (RFC 7162 3.2.10)")
        if not 1 <= number <= len(self.view):
            raise Violation(f"{number} EXPUNGE of {len(self.view)}")
        self.forget(self.view.pop(number - 1))

    def forget(self, uid):
        if uid is not None:
            self.flags.pop(uid, None)
            self.box.vanished(uid)

    def hear_vanished(self, words):
        earlier = words[0] == ["EARLIER"]
        gone = set(numbers(words[-1]))
        if self.is_quiet() and not earlier:
            raise Violation(f"VANISHED while {self.running} runs")
        if not earlier:
            for uid in gone - set(self.view):
                self.lose_unknown(uid)
        for uid in gone if not earlier else gone & set(self.view):
            self.forget(uid)
        self.view = [uid for uid in self.view if uid not in gone]

    def lose_unknown(self, uid):
        """A message that was announced and never asked about: it stood between its neighbours."""
        known = [at for at, other in enumerate(self.view) if other is not None and other < uid]
        first = known[-1] + 1 if known else 0
        if first >= len(self.view) or self.view[first] is not None:
            raise Violation(f"VANISHED tells of {uid}, which was never shown: {self.view}")
        del self.view[first]

    def hear_fetch(self, number, words):
        if not 1 <= number <= len(self.view):
            raise Violation(f"{number} FETCH of {len(self.view)}")
        items = {words[at].upper(): words[at + 1] for at in range(0, len(words), 2)}
        known, told = self.view[number - 1], items.get("UID")
        if told is not None:
            self.learn(number, int(told), known)
        uid = self.view[number - 1]
        if uid is None:
            return  # flags of a message this client has not asked about yet
        self.hear_items(uid, items)

    def learn(self, number, uid, known):
        if known not in (None, uid):
            raise Violation(f"message {number} was UID {known}, is {uid}")
        if known is None:
            before = [other for other in self.view[:number - 1] if other is not None]
            after = [other for other in self.view[number:] if other is not None]
            if (before and before[-1] >= uid) or (after and after[0] <= uid):
                raise Violation(f"UID {uid} stands between {before[-1:]} and {after[:1]}")
            self.view[number - 1] = uid
            self.box.sight(uid)

    def hear_items(self, uid, items):
        token = subject(items.get("BODY[HEADER.FIELDS (SUBJECT)]"))
        message = self.box.sight(uid, token)
        for name in ("RFC822.SIZE", "INTERNALDATE", "EMAILID", "THREADID", "SAVEDATE"):
            if name in items:
                message.keep(name, str(items[name]))
        if "FLAGS" in items:
            modseq = int(items["MODSEQ"][0]) if "MODSEQ" in items else None
            self.box.see_flags(uid, items["FLAGS"], self.begin, modseq)
            self.flags[uid] = set(items["FLAGS"])
        if "BODY[]" in items:
            self.check_text(message, items["BODY[]"])

    def check_text(self, message, text):
        message.keep("length", len(text))
        if message.token is not None and not text.endswith(make_mail(message.token)):
            raise Violation(f"UID {message.uid} is not {message.token}: {text[:200]!r}")

    # What every mail program does.
    async def select(self, name, parameters=""):
        self.leave()
        self.box = self.history.mailboxes[name]
        self.highest = self.box.highest
        answer = await self.run(f"SELECT {name}{parameters}")
        if answer.status != "OK":
            raise Violation(f"SELECT {name}: {answer}")
        codes = {other.code[0].upper(): other.code for other in self.heard if other.code}
        self.check_validity(int(codes["UIDVALIDITY"][1]))
        self.check_uid_next(int(codes["UIDNEXT"][1]))
        self.modseq = self.check_modseq(codes.get("HIGHESTMODSEQ"))

    def check_validity(self, value):
        if self.box.uid_validity not in (None, value):
            raise Violation(f"UIDVALIDITY was {self.box.uid_validity}, is {value}")
        self.box.uid_validity = value

    def check_uid_next(self, value):
        born = [message.uid for message in self.box.messages.values() if message.born < self.begin]
        if born and max(born) >= value:
            raise Violation(f"UIDNEXT {value}, but UID {max(born)} is there")

    def check_modseq(self, code):
        """HIGHESTMODSEQ never goes back."""
        if code is None:
            return None
        if int(code[1]) < self.highest:
            raise Violation(f"HIGHESTMODSEQ {code[1]} after {self.highest}")
        self.box.highest = max(self.box.highest, int(code[1]))
        return int(code[1])

    async def resynchronize(self, name, synced):
        """SELECT (QRESYNC …): what is left of the kept view comes first, what is new after it."""
        known = f" {sequence_set(synced.uids)}" if synced.uids else ""
        await self.select(name, f" (QRESYNC ({synced.validity} {synced.modseq}{known}))")
        gone = {uid for answer in self.heard if answer.data[0] == "VANISHED"
                for uid in numbers(answer.data[-1])}
        kept = [uid for uid in synced.uids if uid not in gone]
        for at, uid in enumerate(kept):
            if at >= len(self.view) or self.view[at] not in (None, uid):
                raise Violation(f"{name}: UID {uid}, kept since MODSEQ {synced.modseq}, does not fit "
                                f"what was told: {self.view}")
            self.view[at] = uid
        self.flags = {**{uid: synced.flags[uid] for uid in kept if uid in synced.flags}, **self.flags}
        await self.load()

    def remember(self):
        self.synced = Synced(self, self.modseq)

    async def load(self):
        """Asks for what is new to it, as mail programs do after EXISTS."""
        while None in self.view:
            first = self.view.index(None) + 1
            await self.ask(f"FETCH {first}:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            if None in self.view[:first]:
                raise Violation(f"FETCH {first}:* tells nothing of {first}")
        if self.synced is None:
            self.remember()

    async def catch_up(self, thorough=False):
        """NOOP, and then the view must be what the history says."""
        buried = set(self.box.buried)
        await self.ask("NOOP")
        begin = self.begin
        await self.load()
        end = self.history.clock()
        self.box.check_buried(self.uids, buried)
        self.box.check_view(self.uids, begin, end)
        for uid in self.uids:
            self.box.survived(uid, begin)
            if thorough and uid in self.flags:
                self.box.see_flags(uid, self.flags[uid], begin)

    def choose(self, most=1):
        uids = self.uids
        return self.chance.sample(uids, min(len(uids), self.chance.randint(1, most)))

    def numbers_of(self, uids):
        return sequence_set([self.view.index(uid) + 1 for uid in uids])

    def some_flags(self, most=2):
        return self.chance.sample(FLAGS, self.chance.randint(1, most))


def subject(header):
    """The token in a subject that was fetched; None when none was."""
    if header is None:
        return None
    words = header.decode().split()
    return words[1] if len(words) == 2 else None
