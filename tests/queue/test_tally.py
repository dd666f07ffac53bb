#!/usr/bin/env python3
"""The tally sees every single loss, and every double that nothing excuses. Prints TAP."""
import sys

from tally import COMMITS, Cut, Tally

MS = 1000
KILL = Cut(1000 * MS, 900 * MS)
LATER = Cut(2000 * MS, 1900 * MS)

CASES = (  # what, acknowledged, arrivals in ms (and when their connections began), cuts, lost, doubles, outside
    ("each once", "ab", [(1, "a"), (2, "b")], [KILL], 0, 0, 0),
    ("one lost", "ab", [(1, "a")], [KILL], 1, 0, 0),
    ("not acknowledged, not there", "a", [(1, "a")], [KILL], 0, 0, 0),
    ("not acknowledged, there", "a", [(1, "a"), (2, "c")], [KILL], 0, 0, 0),
    ("twice, just before the cut", "a", [(950, "a"), (1100, "a")], [KILL], 0, 1, 0),
    ("twice, on the edge", "a", [(850, "a"), (1000, "a")], [KILL], 0, 1, 0),
    ("twice, long before the cut", "a", [(849, "a"), (1100, "a")], [KILL], 0, 1, 1),
    ("twice, both before the cut", "a", [(950, "a"), (960, "a")], [KILL], 0, 1, 1),
    ("twice, both after the cut", "a", [(1100, "a"), (1200, "a")], [KILL], 0, 1, 1),
    ("twice without a cut", "a", [(950, "a"), (1100, "a")], [], 0, 1, 1),
    ("three times in one window", "a", [(950, "a"), (960, "a"), (1100, "a")], [KILL], 0, 2, 1),
    ("three times, two cuts", "a", [(950, "a"), (1950, "a"), (2100, "a")], [KILL, LATER], 0, 2, 0),
    ("the later cut excuses nothing older", "a", [(1100, "a"), (2100, "a")], [KILL, LATER], 0, 1, 1),
    ("twice, read only after the cut", "a", [(1010, "a", 500), (1100, "a")], [KILL], 0, 1, 0),
    ("twice, both by connections after the cut", "a", [(1010, "a", 1005), (1100, "a")], [KILL], 0, 1, 1),
    ("one lost beside a double", "ab", [(950, "a"), (1100, "a")], [KILL], 1, 1, 0),
)


def edges():
    """Where the windows begin."""
    syncs = [MS * number for number in (100, 200, 300, 400, 500)]
    yield "by commits", Cut.by_commits(450 * MS, syncs).settled, syncs[4 - COMMITS]
    yield "no commit after the cut counts", Cut.by_commits(400 * MS, syncs).settled, syncs[4 - COMMITS]
    yield "too few commits settle nothing", Cut.by_commits(250 * MS, syncs).settled, 0
    for what, read, outside in (("read late", {"a": 900 * MS}, 0), ("read in time", {"a": 899 * MS}, 1), ("never read", {}, 1)):
        yield what, len(Tally("a", [(100 * MS, "a", 0), (1100 * MS, "a", 1100 * MS)], [KILL], read).outside), outside


def main():
    found = [(what, (lost, doubles, outside), (len(tally.lost), tally.doubles, len(tally.outside)), tally)
             for what, acknowledged, arrivals, cuts, lost, doubles, outside in CASES
             for tally in [Tally(acknowledged, [(time * MS, who, *(MS * one for one in began or (time,))) for time, who, *began in arrivals], cuts)]]
    points = [(what, wanted == seen and len(tally.problems()) == wanted[0] + wanted[2], seen) for what, wanted, seen, tally in found]
    points += [(what, seen == wanted, seen) for what, seen, wanted in edges()]
    print(f"1..{len(points)}")
    for number, (what, well, seen) in enumerate(points, 1):
        print(f"{'ok' if well else 'not ok'} {number} - {what}" + ("" if well else f"\n# found {seen}"))
    return 0 if all(well for _, well, _ in points) else 1


if __name__ == "__main__":
    sys.exit(main())
