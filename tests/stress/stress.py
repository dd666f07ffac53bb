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
from acts import ACTS  # noqa: E402
from client import Client  # noqa: E402
from history import History, Violation, make_mail  # noqa: E402
from office import Office, OfficeError  # noqa: E402
from liar import LIES, lie  # noqa: E402
from wire import Broken, Gone  # noqa: E402

MAILBOXES = ["INBOX", "Work", "Kept"]
SETTLE_SECONDS = 10


class Stress:
    def __init__(self, office, options):
        self.office, self.options = office, options
        self.history = History(MAILBOXES)
        self.chance = random.Random(options.seed)
        self.user = office.add_user("anna")
        if options.lie:
            lie(options.lie, self.chance)
        self.clients = [self.make_client(number) for number in range(options.sessions)]
        self.open = asyncio.Event()
        self.parked = 0
        self.deliveries = 0
        self.counts = {act.__name__: 0 for act, _ in ACTS}

    def make_client(self, number):
        return Client(number, self.history, self.user, self.office.port("imap"),
                      random.Random(self.chance.random()))

    async def run(self):
        fresh = self.make_client("judge")
        await fresh.connect()
        for name in MAILBOXES[1:]:
            await fresh.ask(f"CREATE {name}")
        self.open.set()
        workers = [asyncio.create_task(self.use(client)) for client in self.clients]
        workers.append(asyncio.create_task(self.deliver()))
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
        acts, weights = zip(*ACTS)
        await client.connect()
        await client.select(client.chance.choice(MAILBOXES))
        await client.load()
        while True:
            await self.park()
            act = client.chance.choices(acts, weights)[0]
            client.act = act.__name__
            if len(client.view) > self.options.mails and act in (ACTS[0][0],):
                continue  # enough is there
            if len(client.view) > self.options.mails * 2:
                await shrink(client)
            try:
                await act(client)
            except (Violation, Broken) as problem:
                raise Violation("\n".join([f"{problem} (session {client.number})",
                                           *client.wire.recent])) from problem
            self.counts[act.__name__] += 1

    async def deliver(self):
        """Mail from outside, by LMTP."""
        box = self.history.mailboxes["INBOX"]
        while True:
            await self.park()
            await asyncio.sleep(self.chance.uniform(0, 0.2))
            token = self.history.new_token(self.chance.choice((200, 2000)))
            arrival = box.arrive(token, {})
            await lmtp(self.office.port("lmtp"), self.user.address, make_mail(token))
            box.arrived(arrival)
            self.deliveries += 1

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
        for client in self.clients:
            await client.catch_up(thorough=True)
        shown = {name: await self.look(name) for name in MAILBOXES}
        for client in self.clients:
            there = shown[client.box.name]
            if client.uids != list(there):
                raise Violation(f"session {client.number} shows {client.uids}, a new one {list(there)}")
            for uid, (_, flags) in there.items():
                if client.flags.get(uid, flags) - {"\\Recent"} != flags - {"\\Recent"}:
                    raise Violation(f"session {client.number}, UID {uid}: {client.flags[uid]}, a new "
                                    f"one {flags}")
        for name, there in shown.items():
            self.history.mailboxes[name].settle(there)

    async def look(self, name):
        """{UID: (token, flags)} as a session that knows nothing sees it."""
        fresh = self.make_client("judge")
        await fresh.connect()
        await fresh.select(name)
        await fresh.load()
        messages = fresh.box.messages
        seen = {uid: (messages[uid].token, fresh.flags[uid]) for uid in fresh.view}
        fresh.wire.close()
        return seen


async def shrink(client):
    """As people do when a mailbox is too full."""
    uids = client.choose(40)
    acts = client.box.change(uids, ["\\Deleted"], True)
    answer = await client.run(f"UID STORE {','.join(map(str, uids))} +FLAGS (\\Deleted)")
    client.box.changed(acts, answer.status == "OK")


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
    options.add_argument("--mails", type=int, default=120, help="about so many in a mailbox")
    options.add_argument("--wrapper", default="", help="words before the daemon's command")
    options.add_argument("--lie", choices=LIES, help="one answer in some is falsified: it must be found")
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
              + " ".join(f"{name} {count}" for name, count in stress.counts.items()))
        if problem is None:
            problem = end_well(office)
    print(f"violation: {problem}" if problem else "no violation")
    return 1 if problem else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
