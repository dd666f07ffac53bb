"""A server of somebody else that writes down who got a mail, and when it said so."""
import asyncio
import re
import threading
import time


def now():
    """Microseconds of the clock that the shims of tests/crash write down too."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def take_all(address):
    """(the reply to RCPT, seconds until the reply to the mail)"""
    return "250 2.1.5 Good", 0


class CountingServer:
    """JUDGE says what a recipient hears. `arrivals`: (time, recipient, when its connection began), the time just before
    the reply was sent: who sent the mail cannot know of it earlier."""

    def __init__(self, address, judge=take_all):
        self.judge = judge
        self.arrivals = []
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(self.complain)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, address, 25, limit=1 << 20))
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def complain(self, loop, context):
        if not isinstance(context.get("exception"), ConnectionError):  # its sender was killed
            loop.default_exception_handler(context)

    async def serve(self, reader, writer):
        try:
            await self.talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # its sender was killed, or we end
        finally:
            writer.close()

    async def talk(self, reader, writer):
        writer.write(b"220 mx.counting\r\n")
        taken, seconds, began = [], 0, now()
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(b"250-mx.counting\r\n250 PIPELINING\r\n")
            elif verb == b"RCPT":
                recipient = re.search(rb"<(.*?)>", line)[1].decode()
                reply, wait = self.judge(recipient)
                if reply.startswith("2"):
                    taken.append(recipient)
                    seconds = max(seconds, wait)
                writer.write(reply.encode() + b"\r\n")
            elif verb == b"DATA" and taken:
                writer.write(b"354 Go on\r\n")
                await self.read_mail(reader)
                await asyncio.sleep(seconds)
                moment = now()
                self.arrivals += [(moment, recipient, began) for recipient in taken]
                writer.write(b"250 2.0.0 Taken\r\n")
            elif verb == b"DATA":
                writer.write(b"554 5.5.1 Nobody to take it for\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 2.0.0 Bye\r\n")
                return
            else:
                writer.write(b"250 2.0.0 Good\r\n")
            if verb in (b"MAIL", b"RSET", b"DATA"):
                taken, seconds = [], 0

    async def read_mail(self, reader):
        while True:
            line = await reader.readline()
            if line == b".\r\n":
                return
            if not line.endswith(b"\n"):
                raise ConnectionError("cut off within a mail")

    def close(self):
        async def stop():
            self.server.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()

        asyncio.run_coroutine_threadsafe(stop(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
