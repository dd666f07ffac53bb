"""Records what real clients and the daemon say to each other, to be played again without them.

    tests/clients/neomutt.py build --record tests/talk/recorded

A Recorder stands between: it listens on a port of its own for every service, ends the client's TLS
with the office's own certificate, speaks TLS to the daemon, and notes both sides in one order.
transcript.py makes the script of it.
"""
import asyncio
import pathlib
import ssl
import sys
import threading
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "talk")]
from office import IMPLICIT_TLS, Office, tls_client  # noqa: E402
from transcript import Transcript  # noqa: E402

SERVICES = ("imap", "imaps", "submission", "submissions", "lmtp", "pop3", "pop3s")
# As long as the domains that talk/run.py gives its scripts, so that sizes stay what they were.
DOMAIN = "t000.example"


class Side:
    """One direction of a connection: bytes into lines, inflated after COMPRESS (RFC 4978)."""

    def __init__(self):
        self.partial = b""
        self.inflater = None

    def take(self, data):
        self.partial += self.inflater.decompress(data) if self.inflater else data

    def line(self):
        """The next whole line, or None."""
        line, end, rest = self.partial.partition(b"\n")
        if not end:
            return None
        self.partial = rest
        return line.removesuffix(b"\r")


class Line:
    """One connection as it is noted."""

    def __init__(self, recorder, service):
        self.recorder = recorder
        self.service = service
        self.name = None
        self.client, self.server = Side(), Side()
        self.asked_to_compress = None

    def note(self, from_client, data):
        side = self.client if from_client else self.server
        side.take(data)
        while (line := side.line()) is not None:
            self.recorder.note(self, ":" if from_client else ">", line)
            if from_client and line.upper().endswith(b" COMPRESS DEFLATE"):
                self.asked_to_compress = line.split()[0]
            elif not from_client and self.asked_to_compress \
                    and line.startswith(self.asked_to_compress + b" OK"):
                self.compress()

    def compress(self):
        """What follows is deflated both ways; the answer's line was the last one that was not."""
        self.asked_to_compress = None
        self.recorder.note(self, "!", b"compress")
        rest, self.server.partial = self.server.partial, b""
        self.client.inflater = zlib.decompressobj(wbits=-15)
        self.server.inflater = zlib.decompressobj(wbits=-15)
        self.server.take(rest)

    def end(self, by_client):
        self.recorder.note(self, "!", b"close" if by_client else b"closed")


class Recorder:
    """Lives in a thread of its own; begin() and end() hold one recording."""

    def __init__(self, office):
        self.office = office
        self.ports = {}
        self.events = None  # (Line, verb, bytes)
        self.users = []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self.listen(), self.loop).result(10)

    async def listen(self):
        certificates = self.office.data / "certificates"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "self-signed.pem")
        for service in SERVICES:
            async def accept(reader, writer, service=service):
                await self.carry(service, reader, writer)
            server = await asyncio.start_server(
                accept, "127.0.0.1", 0, ssl=context if service in IMPLICIT_TLS else None)
            self.ports[service] = server.sockets[0].getsockname()[1]

    async def carry(self, service, reader, writer):
        line = Line(self, service)
        upstream = await asyncio.open_connection(
            "127.0.0.1", Office.port(self.office, service),
            ssl=tls_client() if service in IMPLICIT_TLS else None)
        tasks = [asyncio.create_task(self.pump(line, True, reader, upstream[1])),
                 asyncio.create_task(self.pump(line, False, upstream[0], writer))]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        line.end(tasks[0] in done)
        for end in (writer, upstream[1]):
            end.close()
        for task in tasks:
            task.cancel()

    async def pump(self, line, from_client, reader, writer):
        try:
            while data := await reader.read(65536):
                line.note(from_client, data)
                writer.write(data)
                await writer.drain()
        except (OSError, ssl.SSLError):
            pass

    def note(self, line, verb, data):
        if self.events is not None:
            self.events.append((line, verb, data))

    def begin(self):
        self.events, self.users = [], []

    def end(self, path, title):
        events, self.events = self.events, None
        if events:
            script = Transcript(events, self.users, self.office).script(title)
            path.write_text(script, encoding="utf-8")


class RecordedOffice(Office):
    """An office whose clients come through the recorder."""

    recorder = None

    def start(self, *arguments, **options):
        super().start(*arguments, **options)
        self.recorder = self.recorder or Recorder(self)

    def port(self, service):
        recorded = self.recorder.ports.get(service) if self.recorder else None
        return recorded or super().port(service)

    def add_user(self, name, domain=None):
        user = super().add_user(name, domain)
        self.recorder.users.append((name.replace("-", "_"), user))  # as a name in the script
        return user


def recorded(check, folder, program):
    """The check, whose conversation is written to FOLDER afterwards."""
    def wrapped(office):
        office.recorder.begin()
        check(office)
        name = f"{program}-{check.__name__.replace('_', '-')}.talk"
        office.recorder.end(pathlib.Path(folder) / name, check)
    wrapped.__name__ = check.__name__
    return wrapped
