#!/usr/bin/env python3
"""A thousand people at once: as many IMAP sessions over TLS, all idle, all told of a new mail, all
able to talk again."""
import asyncio
import resource
import smtplib
import time

from check import main, must
from office import tls_client

SESSIONS, USERS = 1000, 5
ON_THEIR_WAY = 20  # that shake hands and log in together
PATIENCE = 240  # seconds for all of them together, on a busy machine


class Session:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, office, user, context, door):
        async with door:
            self = cls(*await asyncio.open_connection("127.0.0.1", office.port("imaps"), ssl=context))
            await self.until("* OK")
            await self.say(f"a LOGIN {user.address} {user.password}", "a OK")
            await self.say("b SELECT INBOX", "b OK")
            await self.say("c IDLE", "+ ")
            return self

    async def until(self, wanted):
        """Lines up to the one that begins with, or ends with, WANTED."""
        while True:
            line = (await self.reader.readline()).decode().rstrip("\r\n")
            if line.startswith(wanted) or line.endswith(wanted):
                return
            must(line.startswith("* "), f"{wanted!r}, not {line!r}")

    async def say(self, line, wanted):
        self.writer.write(f"{line}\r\n".encode())
        await self.until(wanted)

    async def leave(self):
        await self.say("DONE", "c OK")
        await self.say("d NOOP", "d OK")
        await self.say("e LOGOUT", "e OK")
        self.writer.close()


def deliver(office, users):
    with smtplib.LMTP("127.0.0.1", office.port("lmtp"), timeout=60) as client:
        for user in users:
            client.sendmail("x@example.org", user.address, "Subject: news\r\n\r\nx\r\n")


async def meet(office, users):
    context, door = tls_client(), asyncio.Semaphore(ON_THEIR_WAY)
    for user in users:  # the server remembers that the password is right: hashing is not the question
        await (await Session.open(office, user, context, door)).leave()
    begin = time.monotonic()
    sessions = await asyncio.gather(*(Session.open(office, users[number % USERS], context, door)
                                      for number in range(SESSIONS)))
    ready = time.monotonic()
    telling = asyncio.gather(*(session.until("1 EXISTS") for session in sessions))
    await asyncio.to_thread(deliver, office, users)
    await telling
    told = time.monotonic()
    await asyncio.gather(*(session.leave() for session in sessions))
    print(f"# {SESSIONS} sessions after {ready - begin:.1f} s, all told after {told - ready:.2f} s, "
          f"all gone after {time.monotonic() - told:.2f} s, {office.memory() >> 20} MiB at most")


def a_thousand_sessions_over_tls(office):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    users = [office.add_user(f"person-{number}") for number in range(USERS)]
    asyncio.run(asyncio.wait_for(meet(office, users), PATIENCE))


if __name__ == "__main__":
    main([a_thousand_sessions_over_tls])
