#!/usr/bin/env python3
"""The judge sees every single loss: each case is one defect among things that are as they were
promised, and one that is in order."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import shadow  # noqa: E402
from office_judge import Judge, fates_of  # noqa: E402

A, B, USER, OTHER = "a" * 32, "b" * 32, "anna", "bert"


def row(kind, name=A, user=USER, **what):
    return 1, kind, user, {"unique": name, **what}


def sending(name=A, user=USER, together=1, **what):
    return row("sending", name, user, end=name * 2, together=together, **what)


def mail(mailbox="INBOX", uid=1, name=A, flags=b"", end=None):
    return mailbox, uid, name, flags, end or name * 2


SENT = [sending(), row("mail", uid=1)]
MOVING, COPYING = SENT + [row("moving")], SENT + [row("copying")]
MOVED = MOVING + [row("moved", uid=7)]
EXPUNGING = SENT + [row("expunging")]
TWO = [sending(), sending(B), row("mail"), row("mail", B), row("expunging", B)]
SEEN = b"\\Seen"

MAILS = (  # what, rows, found, number of problems
    ("as it should be", SENT, [mail()], 0),
    ("lost", SENT, [], 1),
    ("lost beside one that is being deleted", TWO, [mail(name=B)], 1),
    ("both there", TWO, [mail(), mail(uid=2, name=B)], 0),
    ("other bytes", SENT, [mail(end="x")], 1),
    ("another UID", SENT, [mail(uid=2)], 1),
    ("twice", SENT, [mail(), mail()], 1),
    ("sent by nobody", SENT, [mail(), mail(uid=2, name=B)], 1),
    ("a name that cannot be read", SENT, [mail(), mail(uid=2, name=None, end="x")], 1),
    ("no answer yet, there", [sending()], [mail()], 0),
    ("no answer yet, not there", [sending()], [], 0),
    ("no answer yet, but it was touched", [sending(), row("flagging")], [], 1),
    ("move begun, not done", MOVING, [mail()], 0),
    ("move begun, done", MOVING, [mail("Moved", 7)], 0),
    ("move begun, in both", MOVING, [mail(), mail("Moved", 7)], 1),
    ("move begun, in none", MOVING, [], 1),
    ("moved", MOVED, [mail("Moved", 7)], 0),
    ("moved, and back", MOVED, [mail()], 1),
    ("moved, another UID", MOVED, [mail("Moved", 8)], 1),
    ("expunge begun, not done", EXPUNGING, [mail()], 0),
    ("expunge begun, done", EXPUNGING, [], 0),
    ("expunged", EXPUNGING + [row("expunged")], [], 0),
    ("expunged, and back", EXPUNGING + [row("expunged")], [mail()], 1),
    ("copy begun", COPYING, [mail()], 0),
    ("copied", COPYING + [row("copied", uid=3)], [mail(), mail("Kept", 3)], 0),
    ("copy lost", COPYING + [row("copied", uid=3)], [mail()], 1),
    ("a copy that nobody made", SENT, [mail(), mail("Kept", 3)], 1),
    ("flag lost", SENT + [row("flagging"), row("flagged")], [mail()], 1),
    ("flag begun", SENT + [row("flagging")], [mail(flags=SEEN)], 0),
    ("a flag that nobody set", SENT, [mail(flags=SEEN)], 1),
    ("the flag of APPEND lost", [sending(flagged=True), row("mail")], [mail()], 1),
)

ALL = [sending(together=2), sending(user=OTHER, together=2)]
RECIPIENTS = (  # what, found by the one, found by the other, number of problems
    ("to both", [mail()], [mail()], 0),
    ("to none", [], [], 0),
    ("to one only", [mail()], [], 1),
)

BOX, ENTRY = (5, 3, 9, 0), (9, 1, 4, 0)
STORES = (  # what, mailboxes and entries that were seen, and that are found, number of problems
    ("the same", ({1: BOX}, {(1, 2): ENTRY}), ({1: BOX}, {(1, 2): ENTRY}), 0),
    ("further", ({1: BOX}, {(1, 2): ENTRY}), ({1: (5, 4, 12, 0)}, {(1, 2): (12, 9, 4, 0)}), 0),
    ("mailbox lost", ({1: BOX}, {}), ({}, {}), 1),
    ("UIDVALIDITY", ({1: BOX}, {}), ({1: (6, 3, 9, 0)}, {}), 1),
    ("UIDNEXT fell", ({1: BOX}, {}), ({1: (5, 2, 9, 0)}, {}), 1),
    ("MODSEQ fell", ({1: BOX}, {}), ({1: (5, 3, 8, 0)}, {}), 1),
    ("entry lost", ({1: BOX}, {(1, 2): ENTRY}), ({1: BOX}, {}), 1),
    ("entry compacted", ({1: BOX}, {(1, 2): ENTRY}), ({1: (5, 3, 10, 10)}, {}), 0),
    ("flags of the same MODSEQ", ({1: BOX}, {(1, 2): ENTRY}), ({1: BOX}, {(1, 2): (9, 8, 4, 0)}), 1),
    ("entry's MODSEQ fell", ({1: BOX}, {(1, 2): ENTRY}), ({1: BOX}, {(1, 2): (8, 1, 4, 0)}), 1),
    ("entry ahead of its mailbox", ({}, {}), ({1: BOX}, {(1, 2): (10, 1, 4, 0)}), 1),
    ("UID not below UIDNEXT", ({}, {}), ({1: BOX}, {(1, 3): (9, 1, 4, 0)}), 1),
)


def judge(rows, found):
    """FOUND: {user: mails}"""
    made, fates = Judge(None, [], rows), fates_of(rows)
    for user, mails in found.items():
        mine = {name: fate for (owner, name), fate in fates.items() if owner == user}
        made.compare_user(user, mine, mails)
    made.compare_recipients(fates)
    return made.problems


def state(mailboxes, entries):
    made = shadow.State()
    made.mailboxes, made.entries = mailboxes, entries
    return made


def main():
    results = [(what, judge(rows, {USER: found}), expected)
               for what, rows, found, expected in MAILS]
    results += [(what, judge(ALL, {USER: one, OTHER: other}), expected)
                for what, one, other, expected in RECIPIENTS]
    results += [(what, shadow.compare(state(*seen), state(*found)), expected)
                for what, seen, found, expected in STORES]
    print(f"1..{len(results)}")
    failed = 0
    for number, (what, problems, expected) in enumerate(results, 1):
        well = len(problems) == expected
        failed += not well
        print(f"{'ok' if well else 'not ok'} {number} {what}{'' if well else f': {problems}'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
