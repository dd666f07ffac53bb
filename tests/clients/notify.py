#!/usr/bin/env python3
"""Sessions change mailboxes at random while others listen with NOTIFY (RFC 5465). When all is quiet,
what the listeners were told must be what STATUS, LIST and FETCH say. Reports in TAP.

    tests/clients/notify.py [BUILD] [--seconds 6] [--seed N]
"""
import argparse
import pathlib
import random
import re
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from office import Office  # noqa: E402

ITEMS = ("MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "HIGHESTMODSEQ")
MAIL = b"From: anna@example.org\r\nSubject: x\r\n\r\nText\r\n"
QUIET = 1.0  # seconds


class Violation(Exception):
    pass


class Deleted(Exception):
    """Another session deleted the selected mailbox: the server says BYE."""


class Session:
    """Reads whole responses; every untagged one goes to `told`."""

    def __init__(self, office, user):
        self.socket = socket.create_connection(("127.0.0.1", office.port("imap")), 10)
        self.input = b""
        self.tag = 0
        self.response(10)
        self.run(f"LOGIN {user.address} {user.password}")

    def response(self, seconds):
        """One line; None after so many seconds without."""
        self.socket.settimeout(seconds)
        while b"\r\n" not in self.input:
            try:
                part = self.socket.recv(65536)
            except TimeoutError:
                return None
            if not part:
                raise Violation("the server closed the connection")
            self.input += part
        line, _, self.input = self.input.partition(b"\r\n")
        return line.decode()

    def told(self, line):
        pass

    def run(self, command, literal=b""):
        self.tag += 1
        tag = f"t{self.tag}"
        if literal:
            command += f" {{{len(literal)}+}}"
        self.socket.sendall(f"{tag} {command}\r\n".encode() + (literal + b"\r\n" if literal else b""))
        while True:
            line = self.response(20)
            if line is None:
                raise Violation(f"no answer to {command}")
            if line.startswith("* BYE The mailbox was deleted"):
                raise Deleted
            if line.startswith(tag + " "):
                if line.split()[1] == "BAD":
                    raise Violation(f"{command}: {line}")
                return line
            self.told(line)

    def listen(self, seconds):
        """Until nothing has come for so long."""
        while (line := self.response(seconds)) is not None:
            self.told(line)


class Names(Session):
    """All mailboxes: their names and numbers, as they were told."""

    def begin(self):
        self.numbers, self.subscribed = {}, set()
        self.run("ENABLE CONDSTORE")
        self.run(f'LIST "" * RETURN (SUBSCRIBED STATUS ({" ".join(ITEMS)}))')
        self.run("NOTIFY SET STATUS (personal (MessageNew MessageExpunge FlagChange MailboxName"
                 " SubscriptionChange)) (subscribed (SubscriptionChange))")

    def told(self, line):
        status = re.fullmatch(r'\* STATUS "([^"]*)" \((.*)\)', line)
        listed = re.fullmatch(r'\* LIST \((.*?)\) "/" "([^"]*)"(?: \("OLDNAME" \("([^"]*)"\)\))?', line)
        if status:
            words = status[2].split()
            self.numbers.setdefault(status[1], dict.fromkeys(ITEMS, 0)).update(
                zip(words[::2], map(int, words[1::2])))
        elif listed:
            self.take_name(listed[1].split(), listed[2], listed[3])
        elif "NOTIFICATIONOVERFLOW" in line:
            raise Violation(line)

    def take_name(self, attributes, name, old):
        if old and "\\NonExistent" not in attributes:
            for known in [known for known in self.numbers
                          if known == old or known.startswith(old + "/")]:
                self.numbers[name + known[len(old):]] = self.numbers.pop(known)
            below = {known for known in self.subscribed
                     if known == old or known.startswith(old + "/")}
            self.subscribed = self.subscribed - below | {name + known[len(old):] for known in below}
        (self.subscribed.add if "\\Subscribed" in attributes else self.subscribed.discard)(name)
        if "\\NonExistent" in attributes:
            self.numbers.pop(name, None)
        else:
            self.numbers.setdefault(name, dict.fromkeys(ITEMS, 0))


class Messages(Session):
    """The selected mailbox: sequence numbers, UIDs and flags, as they were told."""

    def begin(self, selector):
        self.uids, self.flags = [], {}
        self.run("SELECT Box")
        self.run(f"NOTIFY SET ({selector} (MessageNew (UID FLAGS) MessageExpunge FlagChange))")

    def told(self, line):
        number = re.match(r"\* (\d+) (EXISTS|EXPUNGE|FETCH)", line)
        if not number:
            return
        position = int(number[1]) - 1
        if number[2] == "EXISTS":
            if int(number[1]) < len(self.uids):
                raise Violation(f"{line} after {len(self.uids)}")
            self.uids += [None] * (int(number[1]) - len(self.uids))
        elif number[2] == "EXPUNGE":
            self.flags.pop(self.uids.pop(position), None)
        else:
            self.take_fetch(position, line)

    def take_fetch(self, position, line):
        uid = int(re.search(r"UID (\d+)", line)[1])
        if self.uids[position] not in (None, uid):
            raise Violation(f"{line}, but that number is UID {self.uids[position]}")
        self.uids[position] = uid
        if flags := re.search(r"FLAGS \(([^)]*)\)", line):
            self.flags[uid] = set(flags[1].split()) - {"\\Recent"}


class Writer(threading.Thread):
    def __init__(self, office, user, seed, until):
        super().__init__()
        self.chance, self.until = random.Random(seed), until
        self.connect = lambda: Session(office, user)
        self.session = self.connect()
        self.failure, self.count = None, 0

    def run(self):
        try:
            while time.monotonic() < self.until:
                try:
                    self.act()
                except Deleted:
                    self.session = self.connect()
                self.count += 1
        except Exception as failure:  # told by the main thread
            self.failure = failure

    def name(self):
        return "/".join(self.chance.choices("abc", k=self.chance.randint(1, 3)))

    def act(self):
        chance, run = self.chance, self.session.run
        box = chance.choice(("Box", "Box", "INBOX", self.name()))
        kind = chance.randrange(12)
        if kind < 4:
            flags = chance.choice(("", "\\Seen", "\\Deleted"))
            run(f"APPEND {box} ({flags})", MAIL)
        elif kind == 4:
            run(f"CREATE {self.name()}")
        elif kind == 5:
            run(f"DELETE {self.name()}")
        elif kind == 6:
            run(f"RENAME {self.name()} {self.name()}")
        elif kind == 7:
            run(f"{chance.choice(('SUBSCRIBE', 'UNSUBSCRIBE'))} {self.name()}")
        elif " OK" in run(f"SELECT {box}"):
            self.change()
            run("UNSELECT")

    def change(self):
        chance, run = self.chance, self.session.run
        first = chance.randint(1, 200)
        uids = f"{first}:{first + 8}"
        flag = chance.choice(("\\Seen", "\\Deleted", "\\Flagged"))
        run(f"UID STORE {uids} {chance.choice('+-')}FLAGS.SILENT ({flag})")
        if chance.random() < 0.5:
            run(f"UID {chance.choice(('COPY', 'MOVE'))} {uids} {chance.choice(('Box', 'INBOX'))}")
        if chance.random() < 0.5:
            run("EXPUNGE")


def compare(what, told, found):
    """One line for each difference."""
    return [f"{what} {key}: told {told.get(key)}, is {found.get(key)}"
            for key in sorted(set(told) | set(found), key=str) if told.get(key) != found.get(key)]


def look(office, user):
    names, messages = Names(office, user), Messages(office, user)
    names.numbers, names.subscribed = {}, set()
    names.run(f'LIST "" * RETURN (SUBSCRIBED STATUS ({" ".join(ITEMS)}))')
    names.run('LIST (SUBSCRIBED) "" *')
    messages.uids, messages.flags = [], {}
    messages.run("SELECT Box")
    messages.run("UID FETCH 1:* FLAGS")
    return names, messages


def play(office, user, options):
    Session(office, user).run("CREATE Box")
    names, at_once, delayed = (kind(office, user) for kind in (Names, Messages, Messages))
    names.begin()
    at_once.begin("selected")
    delayed.begin("selected-delayed")
    until = time.monotonic() + options.seconds
    writers = [Writer(office, user, options.seed + i, until) for i in range(3)]
    for writer in writers:
        writer.start()
    chance = random.Random(options.seed)
    while any(writer.is_alive() for writer in writers):
        for session in (names, at_once, delayed):
            session.listen(0.005)
        # Numbers hold until a command that may take them away (§6.1.2).
        if delayed.uids and None not in delayed.uids:
            delayed.run(f"FETCH {chance.randint(1, len(delayed.uids))} UID")
        if chance.random() < 0.1:
            delayed.run("NOOP")
    for writer in writers:
        writer.join()
        if writer.failure:
            raise writer.failure
    for session in (names, at_once, delayed):
        session.listen(QUIET)
    delayed.run("NOOP")
    print(f"# {sum(writer.count for writer in writers)} changes, {len(names.numbers)} mailboxes,"
          f" {len(at_once.uids)} messages")
    return names, at_once, delayed


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()

    print("1..5")
    with Office.open(options.build) as office:
        user = office.add_user("anna")
        names, at_once, delayed = play(office, user, options)
        now, messages = look(office, user)
    told = [
        ("names and numbers of all mailboxes", compare("mailbox", names.numbers, now.numbers)),
        ("subscriptions", compare("subscribed", dict.fromkeys(names.subscribed, True),
                                  dict.fromkeys(now.subscribed, True))),
        ("the selected mailbox, at once",
         compare("number", dict(enumerate(at_once.uids)), dict(enumerate(messages.uids)))
         + compare("flags of", at_once.flags, messages.flags)),
        ("the selected mailbox, delayed",
         compare("number", dict(enumerate(delayed.uids)), dict(enumerate(messages.uids)))
         + compare("flags of", delayed.flags, messages.flags)),
    ]
    for number, (what, differences) in enumerate(told, 1):
        for line in differences[:10]:
            print("#", line)
        print("not ok" if differences else "ok", number, "-", what)
    # A check that cannot fail proves nothing.
    names.numbers["Box"] = {**names.numbers["Box"], "UIDNEXT": 1}
    falsified = compare("mailbox", names.numbers, now.numbers)
    print("ok" if len(falsified) == len(told[0][1]) + 1 else "not ok", 5, "- a wrong number is seen")
    return 1 if any(differences for _, differences in told) else 0


if __name__ == "__main__":
    sys.exit(main())
