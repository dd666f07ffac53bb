"""One client connection of a conversation: plain or TLS, never blocking, so that a server that
answers while a large text is being sent cannot make the two wait for each other."""
import select
import socket
import ssl
import sys
import time
import zlib
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from office import tls_client  # noqa: E402


class WireTimeout(Exception):
    pass


class Wire:
    def __init__(self, address, hostname, secure=False, source=None):
        self.socket = socket.create_connection(address, 10, (source, 0) if source else None)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.hostname = hostname
        self.tls = None
        self.packer = self.unpacker = None  # DEFLATE (RFC 4978)
        self.input = bytearray()  # what came and was not taken yet
        self.output = bytearray()  # for the socket
        self.ended = False
        if secure:
            self.start_tls()

    def start_tls(self, seconds=10):
        self.from_peer, self.to_peer = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = tls_client().wrap_bio(self.from_peer, self.to_peer,
                                         server_hostname=self.hostname)
        until = time.monotonic() + seconds
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if self.ended:
                    raise ConnectionError("the server closed during the TLS handshake") from None
                self.move(until)
        self.output += self.to_peer.read()

    def compress(self):
        self.packer = zlib.compressobj(wbits=-15)
        self.unpacker = zlib.decompressobj(wbits=-15)

    def came(self, data):
        self.input += self.unpacker.decompress(data) if self.unpacker else data

    def send(self, data, seconds=60):
        if self.packer:
            data = self.packer.compress(data) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        if self.tls:
            for start in range(0, len(data), 65536):
                self.tls.write(data[start:start + 65536])
            self.output += self.to_peer.read()
        else:
            self.output += data
        until = time.monotonic() + seconds
        while self.output and not self.ended:
            self.move(until)
        if self.output:
            raise ConnectionError("the server closed while text was being sent")

    def move(self, until):
        """Waits for the socket once, then moves bytes both ways."""
        if self.tls:
            self.output += self.to_peer.read()
        ready = select.select([self.socket], [self.socket] if self.output else [], [],
                              max(0, until - time.monotonic()))
        if not ready[0] and not ready[1]:
            raise WireTimeout
        try:
            if ready[1]:
                sent = self.socket.send(self.output)
                del self.output[:sent]
            if ready[0]:
                self.take(self.socket.recv(262144))
        except BlockingIOError:
            pass
        except (ConnectionError, BrokenPipeError):
            self.ended = True

    def take(self, data):
        if not data:
            self.ended = True
        if not self.tls:
            self.came(data)
            return
        self.from_peer.write(data)
        if self.ended:
            self.from_peer.write_eof()
        self.decrypt()

    def decrypt(self):
        if self.tls.version() is None:  # still shaking hands
            return
        try:
            while True:
                data = self.tls.read(65536)
                if not data:
                    self.ended = True
                    return
                self.came(data)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self.ended = True

    def line(self, until):
        """The next line without its CRLF; None when the connection has ended."""
        while b"\n" not in self.input:
            if self.ended:
                return None
            self.move(until)
        line, _, rest = bytes(self.input).partition(b"\n")
        self.input = bytearray(rest)
        return line.removesuffix(b"\r")

    def bytes(self, count, until):
        while len(self.input) < count and not self.ended:
            self.move(until)
        data = bytes(self.input[:count])
        del self.input[:count]
        return data

    def quiet(self, seconds):
        """True when nothing comes for SECONDS and the connection stays."""
        until = time.monotonic() + seconds
        try:
            while not self.input and not self.ended:
                self.move(until)
        except WireTimeout:
            return True
        return False

    def close(self):
        self.socket.close()
