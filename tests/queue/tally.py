"""What became of every recipient when the sending was cut off: none may be lost, and one that got its mail twice is shown
to lie in the window that RFC 1047 speaks of: the other server had said 250, and this one could not have it on its disk yet."""
import collections

READ = 50_000  # microseconds in which a daemon on a busy machine has read a reply, when its log does not tell
COMMITS = 3  # one that was under way, the next, which knows of the reply, and one to spare


class Cut:
    """The daemon lived until `moment`. What it had read before `settled` must be on its disk."""

    def __init__(self, moment, settled):
        self.moment, self.settled = moment, settled

    @classmethod
    def by_commits(cls, moment, syncs):
        """SYNCS: when those of the database's log ended."""
        before = [sync for sync in syncs if sync <= moment]
        return cls(moment, before[-COMMITS] if len(before) >= COMMITS else 0)

    def excuses(self, first, second, read):
        """(time of the reply, when the connection began) of a mail, and of the same mail again; READ: when the daemon knew of
        the first reply. A mail may also be on its way when its sender dies, and be read later."""
        return self.settled <= read and first[1] <= self.moment <= second[0]


class Tally:
    """ACKNOWLEDGED: recipients whose mail was taken for them; ARRIVALS: (time, recipient, when the connection began);
    READ: of each recipient, when the daemon knew of the first reply, if that is known at all."""

    def __init__(self, acknowledged, arrivals, cuts, read=None):
        self.read = read or {}
        times = collections.defaultdict(list)
        for moment, recipient, began in sorted(arrivals):
            times[recipient].append((moment, began))
        self.lost = sorted(set(acknowledged) - set(times))
        self.doubles, self.outside, self.ages = 0, [], []
        for recipient, moments in times.items():
            for pair in zip(moments, moments[1:]):
                self.add_double(recipient, pair, cuts)

    def add_double(self, recipient, pair, cuts):
        self.doubles += 1
        read = self.read.get(recipient, pair[0][0] + READ)
        if any(cut.excuses(*pair, read) for cut in cuts):
            self.ages.append(self.age(pair, cuts))
        else:
            self.outside.append((recipient, self.age(pair, cuts)))

    @staticmethod
    def age(pair, cuts):
        """Milliseconds between the first and the next cut; without one: the second."""
        return (min([cut.moment for cut in cuts if cut.moment >= pair[0][0]], default=pair[1][0]) - pair[0][0]) / 1000

    def problems(self):
        return [f"{recipient} got nothing" for recipient in self.lost] + [
            f"{recipient} got it again, and the first time was {age:.1f} ms before the cut" for recipient, age in self.outside]

    def __str__(self):
        oldest = f", the oldest {max(self.ages):.1f} ms before the cut" if self.ages else ""
        return f"{len(self.lost)} lost, {self.doubles} came twice, {len(self.outside)} of them outside the window{oldest}"
