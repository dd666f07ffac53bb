#!/usr/bin/env python3
"""Many sessions on few mailboxes do everything at random, and every answer is held against what a
server may say at that moment (history.py).

    tests/stress/stress.py build --seconds 3600 [--seed N] [--sessions 12]

From time to time all wait, and what a new session sees must be what every session shows. It ends
with `hauspost check`. A violation tells the seed and what was seen."""
import argparse
import asyncio
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import acts  # noqa: E402
import finding  # noqa: E402
import places  # noqa: E402
from client import Client  # noqa: E402
from history import History, Violation, make_mail  # noqa: E402
from liar import ALL, lie  # noqa: E402
from maildrop import Maildrop  # noqa: E402
from office import Office, OfficeError  # noqa: E402
from rights import Rights  # noqa: E402
from wire import Broken, Gone  # noqa: E402

SETTLE_SECONDS = 10
OWN = ["INBOX", "Work", "Kept"]  # Anna's alone; "Team" she shares with Bert, who has an INBOX of his own
EVERYTHING = acts.ACTS + finding.ACTS + places.ACTS


class Stress:
    def __init__(self, office, options):
        self.office, self.options = office, options
        self.chance = random.Random(options.seed)
        self.users = {name: office.add_user(name) for name in ("anna", "bert")}
        self.history = History()
        self.make_mailboxes()
        if options.lie:
            lie(options.lie, self.chance)
        self.clients = [self.make_client(number, "bert" if number % 3 == 2 else "anna")
                        for number in range(options.sessions)]
        self.maildrop = Maildrop(self.history, self.users["anna"], self.history.named("INBOX"),
                                 office.port("pop3"), random.Random(self.chance.random()))
        self.open = asyncio.Event()
        self.parked = 0
        self.deliveries = 0
        self.counts = {act.__name__: 0 for act, _ in EVERYTHING}

    def make_mailboxes(self):
        for name in (*OWN, places.WANDERS[0], places.DOOMED):
            self.history.add({"anna": name})
        team = self.history.add({"anna": "Team", "bert": f"Other Users/{self.users['anna'].address}/Team"})
        team.rights["bert"] = Rights(self.history.clock)
        self.history.add({"bert": "INBOX"})

    def make_client(self, number, user):
        return Client(number, self.history, self.users, user, self.office.port("imap"),
                      random.Random(self.chance.random()))

    async def run(self):
        first = self.make_client("first", "anna")
        await first.connect(enable=[])
        for box in first.boxes[1:]:
            await first.ask(f"CREATE {first.path(box)}")
        first.wire.close()
        self.open.set()
        workers = [asyncio.create_task(self.use(client)) for client in self.clients]
        workers += [asyncio.create_task(self.deliver()), asyncio.create_task(self.fetch_mail())]
        judge = asyncio.create_task(self.judge(len(workers)))
        done, running = await asyncio.wait([*workers, judge], return_when=asyncio.FIRST_COMPLETED)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task in done:
            task.result()

    async def park(self):
        if not self.open.is_set():
            self.parked += 1
            await self.open.wait()

    async def use(self, client):
        await client.connect()
        await client.select_any()
        while True:
            await self.park()
            await asyncio.sleep(self.options.pause * client.chance.random())
            try:
                await self.do_something(client)
            except Gone:  # with good reason: hearing.py has seen to it
                client.give_up()
                await client.connect()
                await client.select_any()
            except (Violation, Broken) as problem:
                raise Violation("\n".join([f"{problem} (session {client.number})",
                                           *client.wire.recent])) from problem

    async def do_something(self, client):
        functions, weights = zip(*EVERYTHING)
        act = client.chance.choices(functions, weights)[0]
        client.act = act.__name__
        if client.box.death and client.box.death.end < self.history.clock() - 1:
            await places.leave_dead(client)
        if len(client.view) > self.options.mails and act is acts.append:
            return  # enough is there
        if len(client.view) > self.options.mails * 2:
            await shrink(client)
        await act(client)
        self.counts[act.__name__] += 1

    async def deliver(self):
        """Mail from outside, by LMTP."""
        while True:
            await self.park()
            await asyncio.sleep(self.chance.uniform(0, 0.2 + self.options.pause))
            box = self.history.named("INBOX")
            token = self.history.new_token(self.chance.choice((200, 2000)))
            arrival = box.arrive(token, {})
            await lmtp(self.office.port("lmtp"), self.users["anna"].address, make_mail(token))
            box.arrived(arrival)
            self.deliveries += 1

    async def fetch_mail(self):
        """By POP3."""
        while True:
            await self.park()
            await asyncio.sleep(self.chance.uniform(0, 1))
            await self.maildrop.session()

    async def judge(self, workers):
        until = time.monotonic() + self.options.seconds
        while time.monotonic() < until:
            await asyncio.sleep(min(SETTLE_SECONDS, until - time.monotonic()))
            self.open.clear()
            self.parked = 0
            waited = time.monotonic() + 90
            while self.parked < workers:
                await asyncio.sleep(0.01)
                if time.monotonic() > waited:
                    raise Violation(f"only {self.parked} of {workers} came to rest: "
                                    f"{[client.running for client in self.clients]}")
            await self.settle()
            self.parked = 0
            self.open.set()

    async def settle(self):
        shown = {box: await self.look(box) for box in self.history.mailboxes}
        for client in self.clients:
            if not client.may_be_cut_off():
                await client.catch_up(thorough=True)
                compare(client, shown[client.box])
        for box, there in shown.items():
            box.settle(there)

    async def look(self, box):
        """{UID: (token, flags)} as a session that knows nothing sees it."""
        fresh = self.make_client("judge", box.owner)
        await fresh.connect(enable=[])
        await fresh.select(box)
        await fresh.load()
        seen = {uid: (box.messages[uid].token, fresh.flags[uid]) for uid in fresh.view}
        fresh.wire.close()
        return seen


def compare(client, there):
    """THERE: {UID: (token, flags)}, what a new session sees."""
    if client.uids != list(there):
        raise Violation(f"session {client.number} shows {client.uids}, a new one {list(there)}")
    for uid, (_, flags) in there.items():
        if client.flags.get(uid, flags) - {"\\Recent"} != flags - {"\\Recent"}:
            raise Violation(f"session {client.number}, UID {uid}: {client.flags[uid]}, a new one {flags}")


async def shrink(client):
    """As people do when a mailbox is too full."""
    uids = client.choose(40)
    changes = client.change(uids, ["\\Deleted"], True)
    answer = await client.run(f"UID STORE {','.join(map(str, uids))} +FLAGS (\\Deleted)")
    client.changed(changes, answer.status == "OK")


async def lmtp(port, address, text):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = ("LHLO stress.example.net", "MAIL FROM:<stress@example.net>", f"RCPT TO:<{address}>",
             "DATA")
    await reader.readline()
    for line in lines:
        writer.write(line.encode() + b"\r\n")
        while (await reader.readline())[3:4] == b"-":
            pass
    writer.write(text + b".\r\n")
    reply = await reader.readline()
    writer.close()
    if not reply.startswith(b"250"):
        raise Violation(f"LMTP: {reply}")


def read_options():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--sessions", type=int, default=12)
    options.add_argument("--pause", type=float, default=0,
                         help="each session rests up to so many seconds between two acts")
    options.add_argument("--mails", type=int, default=120, help="about so many in a mailbox")
    options.add_argument("--wrapper", default="", help="words before the daemon's command")
    options.add_argument("--lie", choices=ALL, help="one answer in some is falsified: it must be found")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    return options.parse_args()


def end_well(office):
    """What is wrong with the store, or with the daemon's end; None: nothing."""
    try:
        office.command("check")
    except OfficeError as found:
        return str(found)
    return f"the daemon did not end well\n{office.log_tail()}" if office.stop() != 0 else None


def main():
    options = read_options()
    print(f"# seed {options.seed}", flush=True)
    begin = time.monotonic()
    with Office.open(options.build, options.wrapper.split()) as office:
        stress = Stress(office, options)
        try:
            asyncio.run(stress.run())
            problem = None
        except (Violation, Broken, Gone, OSError, TimeoutError) as found:
            problem = f"{type(found).__name__}: {found}"
        if office.daemon.poll() is not None:
            problem = f"the daemon ended with {office.daemon.returncode}; {problem}"
        commands = sum(client.commands for client in stress.clients)
        print(f"# {time.monotonic() - begin:.0f} s, {commands} commands, {stress.deliveries} deliveries, "
              + f"{stress.maildrop.sessions} maildrops, "
              + " ".join(f"{name} {count}" for name, count in stress.counts.items()))
        if problem is None:
            problem = end_well(office)
    print(f"violation: {problem}" if problem else "no violation")
    return 1 if problem else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
