"""Writes what a Recorder noted as a conversation for talk/run.py.

What differs from run to run becomes a name or `...`: addresses and passwords, UIDVALIDITY,
modification sequences, object ids, dates of arrival, capabilities, the words after a status.
A value that comes again must be the same again. All else is checked to the letter.
"""
import base64
import re

# Values that the server chooses, kept under a name when they first come: what stands before them,
# the value, what stands before them in a client's command.
CHOSEN = [
    ("validity", r"UIDVALIDITY |APPENDUID |COPYUID ", r"\d+", r"QRESYNC \("),
    ("modseq", r"HIGHESTMODSEQ |MODSEQ \(?", r"\d+", r"CHANGEDSINCE |QRESYNC \(\S+ "),
    ("object", r"(?:MAILBOXID|EMAILID|THREADID) \(", r"[^)]+", r"OBJECTID "),
    ("unique", r"^(?:\+OK )?\d+ ", r"\d+\.\d+", r"^$"),  # POP3's UIDL
]
# A line that the server wrote into a mail: as long as its words, the day and its time zone's name.
TRACE = re.compile(r"^(Received: |\t(?:for|by|with|id) |\t\(using |\t.*[+-]\d{4}( \(.*\))?$).*")
LITERAL = re.compile(rb"\{(\d+)\}$")
# What nobody can know before: taken as it comes.
LOOSE = [
    (re.compile(r"^\* CAPABILITY .*"), "* CAPABILITY ..."),
    (re.compile(r"^(\* OK) [^[].*"), r"\1 ..."),
    (re.compile(r"^(\S+ (?:OK|NO|BAD|BYE)(?: \[[^]]*\])?) .*"), r"\1 ..."),
    (re.compile(r"\[CAPABILITY [^]]*\].*"), "[CAPABILITY ..."),
    (re.compile(r"^(-ERR(?: \[[^]]*\])?|\+OK(?: \d+)?) [A-Za-z].*"), r"\1 ..."),
    (re.compile(r"^\+ .*"), "+ ..."),
    (re.compile(r"^\* ID \(.*"), "* ID ..."),
    (re.compile(r"(INTERNALDATE|SAVEDATE) \"[^\"]+\""), r"\1 ..."),
    (re.compile(r"^(\d{3}[- ](?:\d\.\d+\.\d+ )?).*"), r"\1..."),
    (re.compile(r"\{[a-z][a-z0-9_]*\}"), "..."),  # would be a name
    (TRACE, "..."),
]


class Transcript:
    def __init__(self, events, users, office):
        self.events = without_traced_sizes(events)
        self.office = office
        self.names = []  # (what was said, the name that stands for it)
        self.chosen = {kind: {} for kind, *_ in CHOSEN}  # value to name
        self.users = users
        for name, user in users:
            # AUTH PLAIN, without and with the name of who is meant.
            login = f"\0{user.address}\0{user.password}"
            own = f"{user.address}\0{user.address}\0{user.password}"
            for text, stands in ((encode(own), f"${name}login.base64"),
                                 (encode(login), f"${name}.plain"),
                                 (encode(user.password), f"${name}password.base64"),
                                 (encode(user.address), f"${name}.base64"),
                                 (user.password, f"${name}.password"),
                                 (user.address, f"${name}")):
                self.names.append((text, stands))
        self.names += [(office.domain, "$domain"), (office.hostname, "$hostname")]

    def script(self, check):
        """The whole text."""
        told = (check.__doc__ or check.__name__.replace("_", " ")).strip().splitlines()[0]
        lines = [f"# Recorded by tests/clients ({told}). Do not change it: record it anew."]
        lines += [f"users {' '.join(name for name, _ in self.users)}"]
        for name, _ in self.users:
            lines += [f"let {name}password ${name}.password",
                      f"let {name}login ${name}\\0${name}\\0${name}.password"]
        letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        gone = set()
        for line, group in self.grouped():
            if line.name is None:
                line.name = next(letters)
                lines += ["", f"connect {line.name} {line.service}"]
            verb = group[0][0]
            if line in gone:
                continue  # what a client says after it has gone
            if verb == "!":
                lines.append(f"{line.name}! {group[0][1]}")
                if group[0][1] != "compress":
                    gone.add(line)
            elif verb == ":" and len(group) > 2:
                lines += [f"{line.name}: <<END", *(self.said(text) for _, text in group), "END"]
            else:
                write = self.said if verb == ":" else self.answered
                lines += [f"{line.name}{verb} {write(text)}" if text else line.name + verb
                          for _, text in group]
        return "\n".join(lines) + "\n"

    def grouped(self):
        """Neighbouring lines of one side of one connection together."""
        groups = []
        for line, verb, data in self.events:
            text = data.decode("utf-8", "surrogateescape")
            if groups and groups[-1][0] is line and groups[-1][1][0][0] == verb and verb != "!":
                groups[-1][1].append((verb, text))
            else:
                groups.append((line, [(verb, text)]))
        return groups

    def said(self, text):
        """A client's line."""
        text = self.named(text)
        for kind, before, value, asked in CHOSEN:
            text = re.sub(f"({before}|{asked})({value})", lambda found, kind=kind: found[1]
                          + self.chosen[kind].get(found[2], found[2]), text)
        return text

    def named(self, text):
        """Names for what they stand for, other dollar signs as themselves."""
        if re.search(r"\$[a-z$]", text):
            text = text.replace("$", "$$")
        for value, name in self.names:
            alone = r"(?<![0-9A-Za-z])" + re.escape(value) + r"(?![0-9A-Za-z])"
            text = re.sub(alone, lambda _, name=name: name, text)
        return text

    def answered(self, text):
        for expression, instead in LOOSE:
            text = expression.sub(instead, text)
        text, fresh = self.named(text), []
        for kind, before, value, _ in CHOSEN:
            text = re.sub(f"({before})({value})", lambda found, kind=kind:
                          found[1] + self.chosen_name(kind, found[2], fresh), text)
        return text

    def chosen_name(self, kind, value, fresh):
        """$name; {name} where it comes first, and any text again in that same line."""
        known = self.chosen[kind]
        if value in fresh:
            return "..."
        if value not in known:
            fresh.append(value)
            known[value] = f"${kind}{len(known) + 1}"
            return "{" + known[value][1:] + "}"
        return known[value]


def without_traced_sizes(events):
    """The events, in which the sizes of what has a trace line are `...`."""
    events = list(events)
    for place, (line, verb, data) in enumerate(events):
        literal = LITERAL.search(data)
        if verb == ">" and literal and has_trace(events[place + 1:], line, int(literal[1])):
            loose = re.sub(rb"RFC822\.SIZE \d+", b"RFC822.SIZE ...", LITERAL.sub(b"{...}", data))
            events[place] = (line, verb, loose)
    return events


def has_trace(events, line, size):
    """Whether the next `size` bytes that the server says on this line have a trace line."""
    for of, verb, data in events:
        if size <= 0:
            break
        if of is line and verb == ">":
            if TRACE.match(data.decode("utf-8", "surrogateescape")):
                return True
            size -= len(data) + 2
    return False


def encode(text):
    return base64.b64encode(text.encode()).decode()
