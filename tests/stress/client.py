"""One mail program of the stress program: a connection, and what it shows its user of the selected
mailbox. Every answer is held against the history (hearing.py hears)."""
import bisect

from hearing import Hearing
from history import FLAGS, Violation
from rights import right_of
from wire import Gone, Wire, coded, numbers, sequence_set

EXTENSIONS = ("QRESYNC", "IMAP4rev2", "UTF8=ACCEPT", "UIDONLY")
LOST = ("NOPERM", "NONEXISTENT", "TRYCREATE", "READ-ONLY")


class Synced:
    """What a client keeps of a mailbox for the next time (RFC 7162 3.2.5)."""

    def __init__(self, client, modseq):
        self.box, self.validity, self.modseq = client.box, client.box.uid_validity, modseq
        self.uids = client.uids
        self.flags = {uid: set(flags) for uid, flags in client.flags.items()}


class Client(Hearing):
    def __init__(self, number, history, users, user, port, chance):
        self.number, self.history, self.port = number, history, port
        self.users, self.user = users, user  # {name: User}, its name
        self.chance = chance
        self.commands = self.begin = self.begin_before = 0
        self.disconnect()

    def disconnect(self):
        self.wire = None
        self.enabled = set()
        self.capabilities = set()
        self.leave()

    def leave(self):
        """No mailbox is selected."""
        self.box = None
        self.view = []  # the UID behind each sequence number, None where it is not known
        self.flags = {}  # UID: as last told
        self.synced = self.modseq = self.running = None
        self.highest = self.loaded = 0  # LOADED: UIDONLY has asked about all UIDs up to it
        self.read_only = False
        self.unanswered = []  # what to do when no answer comes to an act

    @property
    def uids(self):
        return [uid for uid in self.view if uid is not None]

    @property
    def boxes(self):
        return [box for box in self.history.of(self.user) if box.death is None]

    @property
    def by_uid(self):
        return "UIDONLY" in self.enabled

    @property
    def utf8(self):
        return bool(self.enabled & {"UTF8=ACCEPT", "IMAP4rev2"})

    def path(self, box):
        return self.written(box.paths[self.user])

    def written(self, name):
        return f'"{name if self.utf8 else coded(name)}"'

    # Connecting.
    async def connect(self, enable=None):
        """ENABLE: these extensions; None: as chance will have it."""
        self.disconnect()
        self.wire = await Wire.open(self.port)
        await self.log_in(enable)
        if "COMPRESS=DEFLATE" in self.capabilities and self.chance.random() < 0.2:
            await self.ask("COMPRESS DEFLATE")
            self.wire.compress()

    async def log_in(self, enable=None):
        user = self.users[self.user]
        await self.ask(f"LOGIN {user.address} {user.password}")
        self.capabilities = set((await self.ask("CAPABILITY"))[0].data[1:])
        if enable is None:
            enable = [name for name in EXTENSIONS if self.chance.random() < 0.25]
        enable = [name for name in enable if name in self.capabilities]
        if enable:
            heard = await self.ask(f"ENABLE {' '.join(enable)}")
            told = {word for answer in heard if answer.data[0] == "ENABLED" for word in answer.data[1:]}
            if not set(enable) <= told:
                raise Violation(f"ENABLE {enable}: {told}")
            self.enabled = told

    # Commands.
    async def run(self, *pieces):
        """A command whose untagged answers only change the view; its tagged answer."""
        self.heard = []
        self.begin_before = self.begin
        self.begin = self.history.begins[self.number] = self.history.clock()
        self.running = pieces[0].split()
        self.tag = self.wire.send(*pieces)
        self.commands += 1
        try:
            return await self.until(self.tag)
        finally:
            self.history.begins.pop(self.number, None)

    async def ask(self, *pieces):
        """A command that must succeed; its untagged answers."""
        answer = await self.run(*pieces)
        if answer.status != "OK":
            if self.may_be_cut_off():
                raise Gone
            raise Violation(f"{pieces[0]}: {answer}")
        return self.heard

    def may_be_cut_off(self):
        """The selected mailbox was deleted, or may not be read any more."""
        return self.box is not None and (self.box.death is not None or self.may_lack(self.box, "lr"))

    def answered(self, answer, *codes, needs=()):
        """OK, or NO with one of CODES because another session was faster. NEEDS: [(mailbox, rights)]
        without which the answer is NO and must be."""
        if answer.status == "OK":
            for box, letters in needs:
                if not self.may_hold(box, letters):
                    raise Violation(f"{self.running} was done without {letters} in {box.name}")
            return True
        code = answer.code[0].upper() if answer.code else ""
        if self.may_be_cut_off() or code in codes:
            return False
        if code in LOST and any(self.may_lack(box, letters) for box, letters in needs):
            return False
        if code in LOST and any(box.may_be_elsewhere(self.begin) for box, _ in needs):
            return False
        if code == "READ-ONLY" and self.read_only:
            return False
        raise Violation(f"unexpected: {answer}")

    def may_lack(self, box, letters):
        """Since the command before: with that one's answer the client may have been told so."""
        rights = box.rights.get(self.user)
        return rights is not None and rights.may_lack(letters, self.begin_before)

    def may_hold(self, box, letters):
        rights = box.rights.get(self.user)
        return rights is None or rights.may_hold(letters, self.begin)

    # Acts on the selected mailbox. If the server hangs up before it answers, nobody knows.
    def change(self, uids, flags, value, sure=True):
        acts = self.box.change(uids, flags, value, sure)
        self.unanswered.append((acts, lambda box=self.box: box.changed(acts, False)))
        return acts

    def changed(self, acts, done=True, but=()):
        self.drop(acts)
        self.box.changed(acts, done, but)
        for uid, flag, act in acts:
            if not self.may_hold(self.box, right_of(flag)):
                self.box.forget_change(uid, flag, act)
            elif self.may_lack(self.box, right_of(flag)):
                act.sure = False

    def remove(self, uids=None):
        act = self.box.remove(uids)
        self.unanswered.append((act, lambda box=self.box: box.removed(act)))
        return act

    def removed(self, act, uids=()):
        self.drop(act)
        self.box.removed(act, () if self.may_lack(self.box, "te") else uids)

    def drop(self, acts):
        self.unanswered = [entry for entry in self.unanswered if entry[0] is not acts]

    def give_up(self):
        for _, end in self.unanswered:
            end()
        self.wire.close()

    # What every mail program does.
    async def select(self, box, parameters=""):
        """FALSE: it is not there, or not for this user."""
        self.leave()
        self.box, self.highest = box, box.highest
        answer = await self.run(f"SELECT {self.path(box)}{parameters}")
        if not self.answered(answer, needs=[(box, "r")]):
            self.leave()
            return False
        self.read_only = bool(answer.code) and answer.code[0] == "READ-ONLY"
        codes = {other.code[0].upper(): other.code for other in self.heard if other.code}
        box.take_validity(int(codes["UIDVALIDITY"][1]))
        self.check_uid_next(int(codes["UIDNEXT"][1]))
        self.modseq = self.check_modseq(codes.get("HIGHESTMODSEQ"))
        return True

    async def select_any(self):
        while not await self.select(self.chance.choice(self.boxes)):
            pass
        await self.load()

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

    async def resynchronize(self, synced):
        """SELECT (QRESYNC …): what is left of the kept view comes first, what is new after it."""
        known = f" {sequence_set(synced.uids)}" if synced.uids else ""
        if not await self.select(synced.box,
                                 f" (QRESYNC ({synced.validity} {synced.modseq}{known}))"):
            return False
        gone = {uid for answer in self.heard if answer.data[0] == "VANISHED"
                for uid in numbers(answer.data[-1])}
        kept = [uid for uid in synced.uids if uid not in gone]
        self.place(kept, synced)
        self.flags = {**{uid: synced.flags[uid] for uid in kept if uid in synced.flags}, **self.flags}
        await self.load()
        return True

    def place(self, kept, synced):
        if self.by_uid:
            known = sorted({*kept, *self.uids})
            self.loaded = max(kept, default=0)
            self.view = known + [None] * (len(self.view) - len(known)) if known else self.view
            return
        for at, uid in enumerate(kept):
            if at >= len(self.view) or self.view[at] not in (None, uid):
                raise Violation(f"{self.box.name}: UID {uid}, kept since MODSEQ {synced.modseq}, does "
                                f"not fit what was told: {self.view}")
            self.view[at] = uid

    def remember(self):
        self.synced = Synced(self, self.modseq)

    async def load(self):
        """Asks for what is new to it, as mail programs do after EXISTS."""
        while None in self.view:
            asked = len(self.view) - len(self.uids)
            if self.by_uid:
                await self.ask(f"UID FETCH {self.loaded + 1}:* "
                               "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
                left = len(self.view) - len(self.uids)
                if left >= asked and not self.announced():
                    raise Violation(f"UID FETCH tells nothing of {left} new messages")
                self.loaded = max(self.uids, default=0)
                continue
            first = self.view.index(None) + 1
            await self.ask(f"FETCH {first}:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            if None in self.view[:first]:
                raise Violation(f"FETCH {first}:* tells nothing of {first}")
        nameless = [uid for uid in self.uids
                    if uid in self.box.messages and self.box.messages[uid].token is None]
        if nameless:  # QRESYNC and UIDONLY told of their flags before anybody asked
            await self.ask(f"UID FETCH {sequence_set(nameless)} (BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        if self.synced is None:
            self.remember()

    def announced(self):
        return any(answer.data[1:2] == ["EXISTS"] for answer in self.heard)

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

    def by_uid_or_number(self, uids):
        if self.by_uid or self.chance.random() < 0.5:
            return "UID ", sequence_set(uids)
        return "", self.numbers_of(uids)

    def some_flags(self, most=2):
        return self.chance.sample(FLAGS, self.chance.randint(1, most))

    def insert(self, uid):
        """UIDONLY: a message that was announced has a UID now."""
        if None not in self.view:
            raise Violation(f"UID {uid} is told, but all are known: {self.view}")
        self.view.remove(None)
        known = len(self.uids)
        self.view.insert(bisect.bisect(self.view, uid, 0, known), uid)
