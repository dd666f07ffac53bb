"""Who may do what in a mailbox (RFC 4314), while its owner changes it under running commands."""
from history import Act, may_have

LETTERS = "lrswite"
GRANTS = ("lrswite", "lrswite", "lrswi", "lrs", "lr", "lrte", "lrwi", "l", "")
RIGHT_OF = {"\\Seen": "s", "\\Deleted": "t"}  # all other flags: w


def right_of(flag):
    return RIGHT_OF.get(flag, "w")


class Rights:
    """One user's rights in another's mailbox."""

    def __init__(self, clock):
        self.clock = clock
        self.acts = {letter: [self.done(False)] for letter in LETTERS}

    def done(self, value):
        act = Act(self.clock(), value)
        act.end = act.start
        return act

    def grant(self, letters):
        """SETACL is about to be sent: acts to be ended by granted()."""
        acts = [Act(self.clock(), letter in letters) for letter in LETTERS]
        for letter, act in zip(LETTERS, acts):
            self.acts[letter].append(act)
        return acts

    def granted(self, acts):
        for act in acts:
            act.end = self.clock()

    def may_lack(self, letters, begin):
        """One of LETTERS may have been missing at some moment since BEGIN."""
        end = self.clock()
        return any(may_have(self.acts[letter], False, begin, end) for letter in letters)

    def may_hold(self, letters, begin):
        """All of LETTERS may have been there since BEGIN."""
        end = self.clock()
        return all(may_have(self.acts[letter], True, begin, end) for letter in letters)

    def settle(self):
        """Nothing runs: what was before the last change is over."""
        for letter, acts in self.acts.items():
            last = self.done(None)
            values = {value for value in (False, True) if may_have(acts, value, last.start, last.end)}
            self.acts[letter] = [self.done(value) for value in sorted(values)]
