"""The power is cut while a daemon takes mail and sends it: each mail that was acknowledged arrives once the daemon is back,
or is returned, and what comes twice lies in the window of RFC 1047. The daemon lives above the recording shim of
tests/crash; what a cut at a random moment leaves is laid out, and a daemon starts there.

    cuts.py BUILD [--cuts 100] [--seed N] [--skip-syncs]

Prints TAP. --skip-syncs: no sync does anything, so losses must be seen, by the last cut; the latest comes first."""
import argparse
import collections
import datetime
import imaplib
import itertools
import os
import pathlib
import random
import re
import shutil
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import run as peers
sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "crash"))
from counting import CountingServer, now
from daemon import cheap_hash
from office import OfficeError, tls_client
from tally import Cut, Tally

SHIM = "tests/crash/hauspostd-shim"
SERVER = "127.0.0.2"
DOMAINS = ("plain", "two", "direct")
SENDERS, BACKLOG = 6, 120
CUTS_A_LIFE = 20


def number_of(recipient):
    return int(recipient[1:recipient.index("@")])


def is_refused(recipient):
    return number_of(recipient) % 20 == 9


def judge(recipient):
    """A few are refused; the answer to some mails takes a while."""
    if is_refused(recipient):
        return "550 5.1.1 There is no such person", 0
    return "250 2.1.5 Good", 0.02 if number_of(recipient) % 10 == 7 else 0


class Hesitant:
    """Some are taken at the second attempt."""

    def __init__(self):
        self.seen = set()

    def __call__(self, recipient):
        if number_of(recipient) % 10 == 4 and recipient not in self.seen:
            self.seen.add(recipient)
            return "451 4.2.0 Not now", 0
        return judge(recipient)


class Senders:
    """Sessions of submission; `taken`: (time, recipients) of what was acknowledged."""

    def __init__(self, world, numbers, seed):
        self.world, self.numbers, self.seed = world, numbers, seed
        self.taken, self.problems, self.stopping = [], [], threading.Event()

    def guard(self, *arguments):
        try:
            self.send(*arguments)
        except (OSError, smtplib.SMTPException) as problem:
            self.problems.append(problem)

    def send(self, chance, mails):
        user = self.world.anna
        with smtplib.SMTP("127.0.0.1", self.world.office.port("submission"), "client.example", timeout=60) as smtp:
            smtp.starttls(context=tls_client())
            smtp.login(user.address, user.password)
            for _ in mails:
                if self.stopping.is_set():
                    return
                to = [f"r{next(self.numbers)}@{chance.choice(DOMAINS)}" for _ in range(chance.choice((1, 1, 2, 4)))]
                text = "x" * 70 + "\r\n"
                smtp.sendmail(user.address, to, f"From: <{user.address}>\r\nSubject: {to[0]}\r\n\r\n" + text * chance.randrange(1, 100))
                self.taken.append((now(), to))

    def work(self, mails, seconds):
        """MAILS by each session, or as many as they can within SECONDS."""
        threads = [threading.Thread(target=self.guard, args=(random.Random(self.seed * 100 + number),
                                                            range(mails) if mails else itertools.repeat(0)))
                   for number in range(SENDERS)]
        for thread in threads:
            thread.start()
        if seconds:
            time.sleep(seconds)
            self.stopping.set()
        for thread in threads:
            thread.join()
        self.stopping.clear()
        if self.problems:
            raise OfficeError(f"mail is not taken: {self.problems}")

    def before(self, moment):
        return [recipient for time, to in self.taken if time < moment for recipient in to]


class Life:
    """One recorded life: `taken` and `arrivals` are what the world knows of it."""

    def __init__(self, world, numbers, arguments, seed):
        office = self.office = world.office
        self.world = world
        self.base, self.log = office.folder / "base", office.folder / "trace"
        self.senders = Senders(world, numbers, seed)
        office.start()
        self.senders.work(BACKLOG // SENDERS, 0)  # nobody takes it yet
        office.stop()
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.copytree(office.data, self.base)
        skip = {"HAUSPOST_SKIP_SYNCS": "yes"} if arguments.skip_syncs else {}
        office.start(program=SHIM, environment={"HAUSPOST_TRACE_ROOT": str(office.data), "HAUSPOST_TRACE_LOG": str(self.log), **skip})
        written = office.log.stat().st_size
        server = CountingServer(SERVER, Hesitant())
        office.command("queue", "retry", "all")
        self.senders.work(0, arguments.seconds)
        if arguments.skip_syncs:  # mail that does not leave: all else may have arrived before a cut
            server.close()
            self.senders.work(5, 0)
            office.stop()
        else:
            office.stop()
            server.close()
        self.arrivals = server.arrivals
        self.read = self.replies_read(written)
        self.syncs = [int(line) for line in self.cutter("--syncs", "store.db-wal").communicate()[0].split()]

    def replies_read(self, written):
        """When the daemon said in its log, behind so many bytes, that a mail was taken: {recipient: microseconds}."""
        difference, read = now() - time.time_ns() // 1000, {}
        for line in self.office.log.read_bytes()[written:].decode(errors="replace").splitlines():
            if found := re.match(r'time=(\S+)Z .*message="Mail sent" .*recipient=(\S+)', line):
                moment = datetime.datetime.fromisoformat(found[1] + "+00:00").timestamp()
                read.setdefault(found[2], round(moment * 1_000_000) + 999 + difference)  # the log counts milliseconds
        return read

    def cutter(self, *arguments):
        return subprocess.Popen(self.office.programs.line("tests/crash/disk-after-cut", self.log, *arguments), text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def cut(self, cutter, point, kind, seed):
        """The moment of the cut that left what now lies in the data folder."""
        print(f"{point} {kind} {seed} {self.office.data}", file=cutter.stdin, flush=True)
        return int(cutter.stdout.readline())

    def go_on(self):
        """A daemon finds what the cut left, and sends the rest: what arrived, and how often a recipient was given back."""
        server = CountingServer(SERVER, judge)
        try:
            self.office.start()
            self.office.command("queue", "retry", "all")
            peers.wait_until(lambda: self.world.queue() == [], "an empty queue", 60)
            return server.arrivals, returned(self.world)
        finally:
            self.office.stop()
            server.close()


def log_in_cheaply(world):
    """What a good hash of a password costs is not the question here."""
    with sqlite3.connect(world.office.data / "store.db") as database:
        database.execute("UPDATE account SET hash = ? WHERE hash IS NOT NULL", (cheap_hash(world.anna.password),))
    database.close()


def returned(world):
    user = world.anna
    with imaplib.IMAP4("127.0.0.1", world.office.port("imap")) as imap:
        imap.login(user.address, user.password)
        if imap.select("INBOX")[1] == [b"0"]:
            return {}
        texts = [part[1] for part in imap.fetch("1:*", "(BODY.PEEK[])")[1] if isinstance(part, tuple)]
    return collections.Counter(found.decode() for text in texts for found in re.findall(rb"(?im)^Final-Recipient:\s*rfc822;\s*(\S+)", text))


def examine(life, moment):
    """Problems of the disk that a cut at MOMENT left; and the tally."""
    acknowledged = life.senders.before(moment)
    before = [arrival for arrival in life.arrivals if arrival[0] <= moment]
    after, reports = life.go_on()
    tally = Tally([recipient for recipient in acknowledged if not is_refused(recipient)], before + after,
                  [Cut.by_commits(moment, life.syncs)], life.read)
    wanted = {recipient for recipient in acknowledged if is_refused(recipient)}
    problems = tally.problems()
    # A report and the end of its row are one commit: it comes exactly once.
    problems += [f"{recipient} was given back {reports.get(recipient, 0)} times" for recipient in wanted if reports.get(recipient, 0) != 1]
    print(f"#   {len(acknowledged)} acknowledged, {len(before)} arrived before and {len(after)} after, {len(wanted)} given back: {tally}",
          flush=True)
    for problem in problems[:10]:
        print(f"#   {problem}", flush=True)
    return len(problems), len(after), tally


def has_seen_enough(arguments, sums):
    return arguments.skip_syncs and sums["problems"] > 0


def cut_life(life, count, chance, sums, arguments):
    cutter = life.cutter(life.base)
    total = int(cutter.stdout.readline())
    # Without syncs only the late ones can lose what was taken in this life.
    first, kinds = (total * 3 // 4, ("loses",)) if arguments.skip_syncs else (1, ("loses", "mixes", "mixes"))
    for point in sorted(chance.choices(range(first, total + 1), k=count), reverse=arguments.skip_syncs):
        kind = chance.choice(kinds)
        print(f"# cut after record {point} of {total}, {kind}", flush=True)
        moment = life.cut(cutter, point, kind, chance.randrange(1 << 30))
        try:
            problems, sent, tally = examine(life, moment)
            sums.update(problems=problems, sent=sent, lost=len(tally.lost), doubles=tally.doubles, outside=len(tally.outside))
        except (OfficeError, AssertionError, OSError, imaplib.IMAP4.error, sqlite3.DatabaseError) as problem:
            print(f"#   {problem}".replace("\n", "\n#   "), flush=True)
            sums["problems"] += 1
        if has_seen_enough(arguments, sums):
            break
    cutter.stdin.close()
    cutter.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--cuts", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(100000))
    parser.add_argument("--skip-syncs", action="store_true")
    arguments = parser.parse_args()
    peers.enter_namespace()
    print(f"1..1\n# seed {arguments.seed}", flush=True)
    chance, numbers, sums = random.Random(arguments.seed), itertools.count(), collections.Counter()
    folder = tempfile.mkdtemp(prefix="hauspost-cuts-")
    world = peers.World(os.path.abspath(arguments.build), folder)
    try:
        world.office.stop()
        log_in_cheaply(world)
        for done in range(0, arguments.cuts, CUTS_A_LIFE):
            life = Life(world, numbers, arguments, arguments.seed + done)
            cut_life(life, min(CUTS_A_LIFE, arguments.cuts - done), chance, sums, arguments)
            if has_seen_enough(arguments, sums):
                break
    finally:
        world.stack.close()
        shutil.rmtree(folder, ignore_errors=True)
    if arguments.skip_syncs:
        well, expected = sums["problems"] > 0, " (expected: syncs did nothing)"
    else:
        well, expected = sums["problems"] == 0 and sums["sent"] > 0, ""
    print(f"{'ok' if well else 'not ok'} 1 - {arguments.cuts} power cuts while sending: {sums['lost']} lost, {sums['doubles']} came twice, "
          f"{sums['outside']} outside the window, {sums['problems']} problems{expected}")
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
