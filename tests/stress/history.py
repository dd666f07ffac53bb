"""What the stress program has asked for and been told, and so what a server may say now.

Nobody knows the order in which the server did things that were asked at the same time. So each act
has a start (before its command was sent) and an end (after its answer came), and an observation is
wrong only when no order of the acts explains it."""
import asyncio
import itertools
import random

FLAGS = ["\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "\\Draft", "$one", "$two"]
NEVER = float("inf")


class Violation(Exception):
    """No order of what was asked explains what the server said."""


def make_mail(token):
    """The same bytes for the same token; "t4711-2000" is about 2,000 bytes long."""
    seed, size = token.removeprefix("t").split("-")
    chance = random.Random(int(seed))
    line = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=70)) + "\r\n"
    head = f"From: stress@example.net\r\nSubject: {token}\r\nMessage-ID: <{token}@example.net>\r\n\r\n"
    return (head + line * (int(size) // 72 + 1)).encode()


class Act:
    """Something asked: from START, done by END (NEVER: not answered yet). SURE: it certainly took
    effect, so it may rule out what was before."""

    def __init__(self, start, value=None, sure=True):
        self.start, self.end, self.value, self.sure = start, NEVER, value, sure

    def __repr__(self):
        return f"{self.value}@{self.start}-{self.end}{'' if self.sure else '?'}"


def may_have(acts, value, begin, end):
    """Whether ACTS leave room for VALUE at some moment between BEGIN and END."""
    return any(act.value == value and act.start <= end and not is_hidden(act, acts, begin)
               for act in acts)


def is_hidden(act, acts, begin):
    """Something else was certainly said after ACT and before BEGIN."""
    return any(later.sure and later.value != act.value and later.start > act.end
               and later.end < begin for later in acts)


class Message:
    """One UID of a mailbox."""

    def __init__(self, uid, token):
        self.uid, self.token = uid, token
        self.born = NEVER  # certainly there from here on, if nobody removed it
        self.gone = NEVER  # certainly gone from here on
        self.acts = {}  # flag: acts that set or cleared it
        self.removals = []  # acts that may have removed it
        self.constant = {}  # what never changes: size, date, EMAILID …

    def may_have(self, flag, value, begin, end):
        """Whether the flag may have had VALUE at some moment between BEGIN and END."""
        return self.born == NEVER or may_have(self.acts[flag], value, begin, end)

    def must_exist(self, begin, end):
        return self.must_exist_but_for(None, begin, end)

    def must_exist_but_for(self, act, begin, end):
        """Nothing but ACT may have removed it."""
        return self.born <= begin and not any(other.start <= end for other in self.removals
                                              if other is not act)

    def keep(self, name, value):
        if self.constant.setdefault(name, value) != value:
            raise Violation(f"UID {self.uid}: {name} was {self.constant[name]}, is {value}")


class Arrival:
    """A mail on its way into a mailbox."""

    def __init__(self, act, token, flags):
        self.act, self.token = act, token
        self.flags = flags  # {flag: possible values}; None: any
        self.attributed = False
        self.above = 0  # its UID must be greater


class MailboxHistory:
    """PATHS: {user: the mailbox's name as this user says it}, the owner first."""

    def __init__(self, paths, clock, horizon, above=0):
        self.paths, self.clock, self.horizon = paths, clock, horizon
        self.owner = next(iter(paths))
        self.name = paths[self.owner]
        self.rights = {}  # user: Rights of those whose it is not
        self.moves = []  # acts that gave it another name
        self.death = None  # the act that deletes it
        self.uid_validity, self.validity_above = None, above
        self.messages = {}  # UID: Message, those that may be there
        self.buried = {}  # UID: token, those that are certainly gone
        self.arrivals = {}  # token: [Arrival]
        self.modseqs = {}  # (UID, MODSEQ): flags
        self.highest = 0  # the highest MODSEQ anybody was told
        self.running = set()  # acts that may remove messages
        self.finished = []  # the same, ended, in the order of their ends
        self.highest_uid = 0

    def may_be_elsewhere(self, begin):
        """Its name may have meant nothing, or another mailbox, at some moment since BEGIN."""
        return self.death is not None or any(act.end >= begin for act in self.moves)

    def take_validity(self, value):
        if self.uid_validity not in (None, value):
            raise Violation(f"{self.name}: UIDVALIDITY was {self.uid_validity}, is {value}")
        if value <= self.validity_above:
            raise Violation(f"{self.name}: UIDVALIDITY {value}, but a mailbox of that name had "
                            f"{self.validity_above}")
        self.uid_validity = value

    # Mails come.
    def arrive(self, token, flags=None):
        act = Act(self.clock())
        arrival = Arrival(act, token, flags)
        arrival.above = self.highest_uid
        self.arrivals.setdefault(token, []).append(arrival)
        return arrival

    def arrived(self, arrival, uid=None):
        """It was acknowledged, as UID if that was told."""
        arrival.act.end = self.clock()
        if uid is not None:
            self.attribute(self.sight(uid, arrival.token), arrival)

    def failed(self, arrival):
        """It was refused: nobody may see it, unless somebody has."""
        self.arrivals[arrival.token].remove(arrival)

    def attribute(self, message, arrival):
        if message.uid <= arrival.above:
            raise Violation(f"{self.name}: {message.token} came as UID {message.uid}, after UID "
                            f"{arrival.above}")
        arrival.attributed = True
        message.born = arrival.act.end
        message.removals += self.unforeseen(arrival.act.start)
        for flag in FLAGS:
            values = arrival.flags.get(flag, {False}) if arrival.flags else {False, True}
            first = [Act(arrival.act.start, value, len(values) == 1) for value in sorted(values)]
            for act in first:
                act.end = arrival.act.end
            message.acts[flag] = first + message.acts.get(flag, [])

    def unforeseen(self, start):
        """Acts that ran at or after START and took whatever was \\Deleted."""
        found = [act for act in self.running if act.uids is None]
        for act in reversed(self.finished):
            if act.end < start:
                break
            if act.uids is None:
                found.append(act)
        return found

    def sight(self, uid, token=None):
        """Somebody heard of this UID; TOKEN when the mail's text was seen too."""
        self.highest_uid = max(self.highest_uid, uid)
        if uid in self.buried:
            message = Message(uid, self.buried[uid])  # still served from a tombstone
            message.gone = 0
        else:
            message = self.messages.get(uid) or self.messages.setdefault(uid, Message(uid, None))
        if token is not None:
            self.name_message(message, token)
        return message

    def name_message(self, message, token):
        if message.token is None:
            message.token = token
            arrivals = self.arrivals.get(token, [])
            known = sum(1 for other in self.messages.values() if other.token == token)
            if known > len(arrivals):
                raise Violation(f"{self.name}: {token} was put there {len(arrivals)} times and is "
                                f"there {known} times (UID {message.uid})")
        elif message.token != token:
            raise Violation(f"{self.name}: UID {message.uid} was {message.token}, is {token}")

    # Flags change.
    def change(self, uids, flags, value, sure=True):
        """A command that sets or clears FLAGS is about to be sent: the acts, to be ended later."""
        acts = []
        for uid in uids:
            message = self.messages.get(uid)
            for flag in flags if message else ():
                act = Act(self.clock(), value, sure)
                self.add(message.acts.setdefault(flag, []), act)
                acts.append((uid, flag, act))
        return acts

    def add(self, acts, act):
        if len(acts) > 12:
            begin = self.horizon()
            acts[:] = [old for old in acts if not is_hidden(old, acts, begin)]
        acts.append(act)

    def changed(self, acts, done=True, but=()):
        """The command was answered; not DONE, or BUT these UIDs: it may have had no effect."""
        for uid, flag, act in acts:
            act.end = self.clock()
            act.sure = act.sure and done
            if uid in but:
                self.forget_change(uid, flag, act)

    def forget_change(self, uid, flag, act):
        """It certainly had no effect."""
        found = self.messages[uid].acts.get(flag, []) if uid in self.messages else []
        if act in found:
            found.remove(act)

    def see_flags(self, uid, flags, begin, modseq=None):
        """FLAGS of UID as the server tells them, asked at BEGIN or later."""
        message = self.messages.get(uid)
        if not message:
            return
        shown = frozenset(flags) & frozenset(FLAGS)
        end = self.clock()
        for flag in FLAGS:
            if not message.may_have(flag, flag in shown, begin, end):
                raise Violation(f"{self.name}: UID {uid} {'has' if flag in shown else 'lacks'} {flag} "
                                f"between {begin} and {end}, but {message.acts[flag]}")
        if modseq is not None:
            self.highest = max(self.highest, modseq)
            if self.modseqs.setdefault((uid, modseq), shown) != shown:
                raise Violation(f"{self.name}: UID {uid} MODSEQ {modseq} has {set(shown)}, had "
                                f"{set(self.modseqs[uid, modseq])}")

    # Mails go.
    def remove(self, uids=None):
        """A command that may remove UIDS (None: whatever is \\Deleted) is about to be sent."""
        act = Act(self.clock())
        act.uids = None if uids is None else set(uids)
        self.running.add(act)
        for message in self.messages.values():
            if act.uids is None or message.uid in act.uids:
                message.removals.append(act)
        return act

    def removed(self, act, uids=()):
        """The command was answered; UIDS are certainly gone."""
        act.end = self.clock()
        self.running.discard(act)
        self.finished.append(act)
        for uid in uids:
            self.bury(uid)

    def was_deleted(self, act):
        """The UIDs that bore \\Deleted all the time ACT ran: EXPUNGE has removed them."""
        return [message.uid for message in self.messages.values()
                if act in message.removals and message.born <= act.start
                and not message.may_have("\\Deleted", False, act.start, self.clock())]

    def vanished(self, uid):
        """A session is told that UID is gone."""
        message = self.messages.get(uid)
        if message and not message.removals and not self.running:
            raise Violation(f"{self.name}: UID {uid} ({message.token}) is gone, but nobody removed it")
        self.bury(uid)

    def bury(self, uid):
        message = self.messages.pop(uid, None)
        if message:
            self.buried[uid] = message.token

    # What a whole view must hold.
    def check_view(self, uids, begin, end):
        """UIDS: all a client shows after it asked for news at BEGIN and got it all by END."""
        uids = set(uids)
        for message in self.messages.values():
            if message.uid not in uids and message.must_exist(begin, end):
                raise Violation(f"{self.name}: UID {message.uid} ({message.token}) is not shown, but "
                                f"there since {message.born}, looked for between {begin} and {end}")

    def check_buried(self, uids, buried_before):
        """None of UIDS may have been gone before the client asked for news."""
        for uid in uids:
            if uid in buried_before:
                raise Violation(f"{self.name}: UID {uid} is still shown, but gone")

    def survived(self, uid, begin):
        """UID was there after BEGIN: what was answered before has not removed it."""
        message = self.messages.get(uid)
        if message and message.removals:
            message.removals = [act for act in message.removals if act.end >= begin]

    def settle(self, shown):
        """Nothing runs. SHOWN: {UID: (token, flags)} as a new session sees it: the truth from now on."""
        begin = self.clock()
        self.check_view(shown, begin, begin)
        for uid, (token, flags) in shown.items():
            if uid in self.buried:
                raise Violation(f"{self.name}: UID {uid} ({token}) is back")
            self.sight(uid, token)
        self.attribute_rest()
        for uid, (token, flags) in shown.items():
            self.see_flags(uid, flags, begin)
        self.messages = {uid: message for uid, message in self.messages.items() if uid in shown}
        for uid, message in self.messages.items():
            self.restart(message, shown[uid][1])
        self.arrivals = {}
        for message in self.messages.values():
            done = Arrival(Act(0), message.token, None)
            done.attributed = True
            self.arrivals.setdefault(message.token, []).append(done)
        self.modseqs = {key: flags for key, flags in self.modseqs.items() if key[0] in shown}
        self.buried, self.finished, self.moves = {}, [], []
        for rights in self.rights.values():
            rights.settle()

    def attribute_rest(self):
        """Deliveries whose UID nobody was told: the lowest UID of that text."""
        for token, arrivals in self.arrivals.items():
            for arrival in arrivals:
                if arrival.attributed or arrival.act.end == NEVER:
                    continue
                free = [message for message in self.messages.values()
                        if message.token == token and message.born == NEVER]
                lost = not free and not {token, None} & set(self.buried.values())
                if lost:
                    raise Violation(f"{self.name}: {token} was acknowledged and is nowhere")
                if free:
                    self.attribute(min(free, key=lambda message: message.uid), arrival)

    def restart(self, message, flags):
        message.removals = []
        message.born = self.clock()
        message.acts = {}
        for flag in FLAGS:
            act = Act(message.born, flag in flags)
            act.end = message.born
            message.acts[flag] = [act]


class History:
    def __init__(self):
        counter = itertools.count(1)
        self.clock = lambda: next(counter)
        self.begins = {}  # session: when its present command began
        self.mailboxes = []
        self.tokens = itertools.count(1)

    def add(self, paths, above=0):
        box = MailboxHistory(paths, self.clock, self.horizon, above)
        self.mailboxes.append(box)
        return box

    def of(self, user):
        """The mailboxes that USER has a name for."""
        return [box for box in self.mailboxes if user in box.paths]

    def named(self, name):
        return next(box for box in self.mailboxes if box.name == name)

    def horizon(self):
        """No running command began earlier."""
        return min(self.begins.values(), default=NEVER)

    async def quiet(self, moment):
        """Until no command runs that began before MOMENT."""
        while self.horizon() <= moment:
            await asyncio.sleep(0.005)

    def new_token(self, size):
        return f"t{next(self.tokens)}-{size}"
