"""The judge: each mail has a name of its own, so one that is lost cannot hide behind another one
that was being deleted. What the users began and were told says where each mail may be."""
import collections
import re

from office_load import COPIES, MOVES, body_of, digest, log_in

MAILBOXES = ("INBOX", MOVES, COPIES)


class Fate:
    """Where one user's mail may be: `places` holds what is possible of never, INBOX, Moved, gone."""

    def __init__(self):
        self.places = {"never"}
        self.copied, self.seen, self.copy_seen = {False}, {False}, {False}
        self.end, self.together, self.flagged = None, 1, False
        self.uids = {}  # mailbox: UID that was told

    def take(self, kind, what):
        if kind in TOUCHES:
            self.places.discard("never")
        getattr(self, ENDS.get(kind, kind))(what)

    def sending(self, what):
        self.end, self.together = what["end"], what["together"]
        self.flagged = what.get("flagged", False)
        self.places.add("INBOX")

    def mail(self, what):
        self.places.discard("never")
        self.note_uid("INBOX", what)

    def note_uid(self, mailbox, what):
        if what.get("uid"):
            self.uids[mailbox] = what["uid"]

    def moving(self, what):
        self.places.add(MOVES)

    def moved(self, what):
        self.places = {MOVES}
        self.note_uid(MOVES, what)

    def expunging(self, what):
        self.places.add("gone")

    def expunged(self, what):
        self.places = {"gone"}

    def copying(self, what):
        self.copied.add(True)
        self.copy_seen = set(self.seen)

    def copied_to(self, what):
        self.copied = {True}
        self.note_uid(COPIES, what)

    def flagging(self, what):
        self.seen.add(True)

    def flagged_as_seen(self, what):
        self.seen = {True}


ENDS = {"copied": "copied_to", "flagged": "flagged_as_seen"}
# Who did this had seen the mail, and what is seen is committed.
TOUCHES = ("flagging", "copying", "moving", "expunging")


def fates_of(rows):
    """{(user, name): Fate}"""
    fates = collections.defaultdict(Fate)
    for _, kind, user, what in rows:
        if "unique" in what:
            fates[user, what["unique"]].take(kind, what)
    return fates


def look(office, user, mailboxes=MAILBOXES):
    """Every mail that the user's mail program finds: (mailbox, UID, name, flags, digest)."""
    found = []
    with log_in(office, user) as client:
        for mailbox in mailboxes:
            if client.select(mailbox, readonly=True)[0] != "OK":
                continue
            for item in client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")[1]:
                if not isinstance(item, tuple):
                    continue
                name = re.search(rb"^Subject: ([0-9a-f]{32})\r$", item[1], re.MULTILINE)
                found.append((mailbox, int(re.search(rb"UID (\d+)", item[0])[1]),
                              name[1].decode() if name else None, item[0],
                              digest(body_of(item[1]))))
    return found


class Judge:
    def __init__(self, office, users, rows):
        self.office, self.users, self.rows = office, users, rows
        self.problems, self.looked_for = [], 0
        self.arrived = {}  # (user, name): bool

    def say(self, user, text):
        self.problems.append(f"{user}: {text}")

    def run(self):
        fates = fates_of(self.rows)
        for user in self.users:
            mine = {name: fate for (owner, name), fate in fates.items() if owner == user.address}
            self.compare_user(user.address, mine, look(self.office, user))
        self.compare_recipients(fates)
        self.ask("check", "/v1/check")
        for _, kind, _, what in self.rows:
            if kind == "backup":
                self.ask("backup", "/v1/backups/verify", {"folder": what["folder"]})

    def ask(self, name, path, body=None):
        done = self.office.job(path, body)
        if done.get("state") != "done" or done["result"].get("problems", 0) > 0:
            self.say(name, str(done)[:500])

    def compare_user(self, user, fates, found):
        places = collections.defaultdict(list)
        for mailbox, uid, name, flags, end in found:
            if name not in fates or fates[name].end is None:
                self.say(user, f"UID {uid} of {mailbox} was sent by nobody")
                continue
            places[name].append(mailbox)
            self.compare_mail(user, mailbox, uid, fates[name], flags, end)
        for name, fate in fates.items():
            self.compare_places(user, name, fate, sorted(places[name]))

    def compare_mail(self, user, mailbox, uid, fate, flags, end):
        seen = fate.copy_seen if mailbox == COPIES else fate.seen
        if end != fate.end:
            self.say(user, f"UID {uid} of {mailbox} has other bytes")
        if (b"\\Seen" in flags) not in seen:
            self.say(user, f"UID {uid} of {mailbox}: \\Seen is not as it was acknowledged")
        if (b"\\Flagged" in flags) != fate.flagged:
            self.say(user, f"UID {uid} of {mailbox}: \\Flagged is wrong")
        if fate.uids.get(mailbox, uid) != uid:
            self.say(user, f"UID {fate.uids[mailbox]} of {mailbox} became {uid}")

    def compare_places(self, user, name, fate, places):
        self.looked_for += "never" not in fate.places
        copies = places.count(COPIES)
        others = [place for place in places if place != COPIES]
        if copies > 1 or (copies == 1) not in fate.copied:
            self.say(user, f"{name}: {copies} copies are there")
        if len(others) > 1:
            self.say(user, f"{name} is there more than once: {others}")
        elif others and others[0] not in fate.places:
            self.say(user, f"{name} is in {others[0]}, not in {fate.places}")
        elif not others and not fate.places & {"never", "gone"}:
            self.say(user, f"{name} is lost; it was in {fate.places}")
        self.arrived[user, name] = bool(places) or "never" not in fate.places

    def compare_recipients(self, fates):
        """One transaction is one job: a mail has come to all of its recipients or to none."""
        by_name = collections.defaultdict(list)
        for (user, name), fate in fates.items():
            if fate.together > 1:
                by_name[name].append(self.arrived[user, name])
        for name, arrived in by_name.items():
            if len(set(arrived)) > 1:
                self.say(name, "has come to some of its recipients only")
