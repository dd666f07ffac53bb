"""A POP3 client beside the IMAP sessions: it shows one moment of the INBOX, and what it deletes goes
with QUIT and not before (RFC 1939)."""
import asyncio

from history import Violation, make_mail

SECONDS = 60


class Maildrop:
    def __init__(self, history, user, box, port, chance):
        self.history, self.user, self.box, self.port = history, user, box, port
        self.chance = chance
        self.sessions = 0

    async def session(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        self.history.begins["pop3"] = self.begin = self.history.clock()
        try:
            await self.visit()
        finally:
            self.history.begins.pop("pop3")
            self.writer.close()
        self.sessions += 1

    async def visit(self):
        buried = set(self.box.buried)
        await self.line()
        await self.ask(f"USER {self.user.address}")
        await self.ask(f"PASS {self.user.password}")
        uids = await self.unique_ids()
        self.box.check_buried(uids, buried)
        self.box.check_view(uids, self.begin, self.history.clock())
        sizes = [int(line.split()[1]) for line in await self.lines("LIST")]
        if len(sizes) != len(uids):
            raise Violation(f"LIST has {len(sizes)} messages, UIDL {len(uids)}")
        for number in self.choose(uids, 4):
            await self.retrieve(number, uids[number - 1], sizes[number - 1])
        await self.delete(uids, self.choose(uids, 3))

    def choose(self, uids, most):
        return self.chance.sample(range(1, len(uids) + 1), min(len(uids), self.chance.randint(0, most)))

    async def unique_ids(self):
        """Each is "UIDVALIDITY.UID", so they are the same for ever."""
        uids = []
        for number, line in enumerate(await self.lines("UIDL"), 1):
            told, _, unique = line.decode().partition(" ")
            validity, _, uid = unique.partition(".")
            if int(told) != number:
                raise Violation(f"UIDL tells of {told} as message {number}")
            self.box.take_validity(int(validity))
            self.box.sight(int(uid))
            uids.append(int(uid))
        if uids != sorted(set(uids)):
            raise Violation(f"UIDL: {uids}")
        return uids

    async def retrieve(self, number, uid, size):
        """-ERR when it has gone meanwhile, and its file with it."""
        message = self.box.messages.get(uid)
        answer = await self.say(f"RETR {number}")
        if not answer.startswith(b"+OK"):
            if message and message.must_exist(self.begin, self.history.clock()):
                raise Violation(f"RETR {number} (UID {uid}): {answer}")
            return
        lines = await self.rest()
        text = b"".join(line + b"\r\n" for line in lines)
        if len(text) != size:
            raise Violation(f"RETR of UID {uid}: {len(text)} bytes, LIST said {size}")
        token = next(line for line in lines if line.startswith(b"Subject: "))[9:].decode()
        if not text.endswith(make_mail(token)):
            raise Violation(f"UID {uid} is not {token}: {text[:200]!r}")
        self.box.sight(uid, token)

    async def name(self, number, uid):
        answer = await self.say(f"TOP {number} 0")
        if answer.startswith(b"+OK"):
            header = await self.rest()
            self.box.sight(uid, next(line for line in header if line.startswith(b"Subject: "))[9:].decode())

    async def delete(self, uids, numbers):
        for number in numbers:
            await self.name(number, uids[number - 1])
            await self.ask(f"DELE {number}")
        if self.chance.random() < 0.4:
            return  # it hangs up: nothing was deleted
        chosen = [uids[number - 1] for number in numbers]
        act = self.box.remove(chosen)
        await self.ask("QUIT")
        self.box.removed(act, chosen)

    async def ask(self, line):
        answer = await self.say(line)
        if not answer.startswith(b"+OK"):
            raise Violation(f"POP3 {line.split()[0]}: {answer}")

    async def lines(self, line):
        await self.ask(line)
        return await self.rest()

    async def rest(self):
        found = []
        while (line := await self.line()) != b".":
            found.append(line.removeprefix(b"."))
        return found

    async def say(self, line):
        self.writer.write(line.encode() + b"\r\n")
        return await self.line()

    async def line(self):
        async with asyncio.timeout(SECONDS):
            line = await self.reader.readline()
        if not line.endswith(b"\r\n"):
            raise Violation(f"POP3: the server hung up after {line}")
        return line[:-2]
