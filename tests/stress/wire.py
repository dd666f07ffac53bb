"""One IMAP connection for the stress program: commands out, answers in, every answer parsed to its
last byte."""
import asyncio
import base64
import collections
import re
import zlib

LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
TOKEN = re.compile(rb"""(?P<space>\ +)|(?P<open>\()|(?P<close>\))
    |(?P<quoted>"(?:[^"\\\r\n]|\\["\\])*")
    |(?P<atom>(?:[^\s()"\[\]{}]|\[[^\]]*\](?:<\d+>)?)+)|(?P<bracket>\[|\])""", re.VERBOSE)
SECONDS = 60  # the longest wait for an answer


class Broken(Exception):
    """The server said something no server may say."""


class Gone(Exception):
    """The connection has ended."""


class Answer:
    """An untagged or tagged line. DATA: atoms as str, strings as bytes, lists as lists, NIL as None.
    CODE: the response code's words; TEXT: what people would read."""

    def __init__(self, tag, data, code=None, text=""):
        self.tag, self.data, self.code, self.text = tag, data, code, text

    @property
    def status(self):
        return self.data[0]

    def __repr__(self):
        return f"{self.tag} {self.data} {self.code or ''} {self.text}"


def parse(parts):
    """PARTS: bytes, and literals between them as bytearray."""
    stack = [[]]
    for part in parts:
        if isinstance(part, bytearray):
            stack[-1].append(bytes(part))
            continue
        at = 0
        while at < len(part):
            match = TOKEN.match(part, at)
            if not match:
                raise Broken(f"not IMAP: {part[at:at + 60]!r} in {part[:200]!r}")
            at = match.end()
            take(match.lastgroup, match[0], stack, part)
    if len(stack) != 1:
        raise Broken(f"an open list: {parts!r}")
    return stack[0]


def take(kind, text, stack, line):
    if kind == "open":
        stack.append([])
    elif kind == "close":
        if len(stack) == 1:
            raise Broken(f"a list ends that never began: {line!r}")
        done = stack.pop()
        stack[-1].append(done)
    elif kind == "quoted":
        stack[-1].append(re.sub(rb"\\(.)", rb"\1", text[1:-1]))
    elif kind != "space":
        stack[-1].append(None if text.upper() == b"NIL" else text.decode())


STATUS = re.compile(rb"(OK|NO|BAD|BYE|PREAUTH)(?: \[([^\]]*)\])?(?: (.*))?\r\n$", re.IGNORECASE)


def read_line(tag, parts):
    status = STATUS.match(parts[0]) if len(parts) == 1 else None
    if status:
        code = parse([status[2]]) if status[2] else None
        return Answer(tag, [status[1].decode().upper()], code, (status[3] or b"").decode())
    parts[-1] = parts[-1].removesuffix(b"\r\n")
    data = parse(parts)
    if not data:
        raise Broken("an empty answer")
    return Answer(tag, data)


async def inflate(packed, plain):
    """Feeds PLAIN from PACKED until that ends; what cannot be unpacked is no deflate."""
    unpack = zlib.decompressobj(wbits=-15)
    try:
        while data := await packed.read(1 << 16):
            plain.feed_data(unpack.decompress(data))
        plain.feed_eof()
    except ConnectionError as problem:
        plain.set_exception(problem)
    except zlib.error as problem:
        plain.set_exception(Broken(f"no deflate: {problem}"))


class Wire:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.count = 0
        self.deflate = self.inflating = None
        self.recent = collections.deque(maxlen=60)  # what was said last, for whoever looks into it

    @classmethod
    async def open(cls, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        wire = cls(reader, writer)
        greeting = await wire.answer()
        if greeting.status != "OK":
            raise Broken(f"greeted with {greeting}")
        return wire

    def compress(self):
        """RFC 4978: raw deflate both ways from here on."""
        self.deflate = zlib.compressobj(wbits=-15)
        plain = asyncio.StreamReader(limit=1 << 22)
        self.inflating = asyncio.create_task(inflate(self.reader, plain))
        self.reader = plain

    def put(self, data):
        if self.deflate:
            data = self.deflate.compress(data) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
        self.writer.write(data)

    async def line(self):
        async with asyncio.timeout(SECONDS):
            line = await self.reader.readline()
        if not line.endswith(b"\n"):
            raise Gone
        return line

    async def answer(self):
        """The next line with its literals."""
        try:
            line = await self.line()
            if line.startswith(b"+"):
                return Answer("+", ["+"])
            tag, _, rest = line.partition(b" ")
            parts = [rest]
            while (literal := LITERAL.search(parts[-1])):
                parts[-1] = parts[-1][:literal.start()]
                parts.append(bytearray(await self.reader.readexactly(int(literal[1]))))
                parts.append(await self.line())
        except (ConnectionError, asyncio.IncompleteReadError) as problem:
            raise Gone from problem
        self.recent.append(f"S: {tag.decode()} {b' '.join(map(bytes, parts))[:300]!r}")
        return read_line(tag.decode(), parts)

    def send(self, *pieces):
        """Sends a command; bytes among PIECES go as non-synchronizing literals. Its tag comes back."""
        self.count += 1
        tag = f"a{self.count}"
        out = bytearray(tag.encode())
        for piece in pieces:
            if isinstance(piece, bytes):
                out += b" {%d+}\r\n" % len(piece) + piece
            else:
                out += b" " + piece.encode()
        self.put(bytes(out) + b"\r\n")
        self.recent.append(f"C: {bytes(out[:300])!r}")
        return tag

    def send_line(self, text):
        self.put(text.encode() + b"\r\n")

    def close(self):
        self.stop_inflating()
        self.writer.close()

    def cut(self):
        """As when a phone loses its network."""
        self.stop_inflating()
        self.writer.transport.abort()

    def stop_inflating(self):
        if self.inflating:
            self.inflating.cancel()


def coded(name):
    """Modified UTF-7 (RFC 3501 5.1.3), for those who have not enabled UTF-8."""
    def shift(match):
        packed = base64.b64encode(match[0].encode("utf-16-be")).rstrip(b"=").decode()
        return f"&{packed.replace('/', ',')}-"
    return re.sub("[^\x20-\x7e]+", shift, name.replace("&", "&-"))


def numbers(text):
    """"1:3,7" → [1, 2, 3, 7]"""
    found = []
    for piece in text.split(","):
        first, _, last = piece.partition(":")
        first, last = int(first), int(last or first)
        found += range(min(first, last), max(first, last) + 1)
    return found


def sequence_set(values):
    """[1, 2, 3, 7] → "1:3,7\""""
    runs = []
    for value in sorted(values):
        if runs and runs[-1][1] == value - 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ",".join(f"{a}" if a == b else f"{a}:{b}" for a, b in runs)
