"""What the machine itself can do, measured in the same run as a figure, and small things the drivers
share."""
import os
import pathlib
import resource
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from office import Office  # noqa: E402


def open_files():
    """As many file descriptors as the system lets us and our children have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def open_office(build):
    open_files()
    return Office.open(build)


def flush_seconds(folder, size=4096, times=200):
    """The median time to append SIZE bytes and have them on the disk."""
    path = pathlib.Path(folder) / "flush"
    data, durations = os.urandom(size), []
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        for _ in range(times):
            begin = time.perf_counter()
            os.write(file, data)
            os.fdatasync(file)
            durations.append(time.perf_counter() - begin)
    finally:
        os.close(file)
        path.unlink()
    return sorted(durations)[times // 2]


def disk_throughput(folder, size=256 << 20):
    """Bytes a second: SIZE written in pieces of 1 MiB, flushed once."""
    path = pathlib.Path(folder) / "throughput"
    piece = os.urandom(1 << 20)
    begin = time.perf_counter()
    file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(size >> 20):
            os.write(file, piece)
        os.fdatasync(file)
    finally:
        os.close(file)
        path.unlink()
    return size / (time.perf_counter() - begin)


def loopback_throughput(size=256 << 20):
    """Bytes a second that one Python program takes from a socket on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            with server.accept()[0] as connection:
                piece = bytes(1 << 18)
                for _ in range(size >> 18):
                    connection.sendall(piece)
        threading.Thread(target=serve, daemon=True).start()
        with socket.create_connection(server.getsockname()) as connection:
            begin, got = time.perf_counter(), 0
            while got < size:
                got += len(connection.recv(1 << 20))
            return size / (time.perf_counter() - begin)


def describe(folder):
    flush = flush_seconds(folder)
    print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; 4 KiB on the disk in "
          f"{flush * 1e6:.0f} µs ({1 / flush:.0f} a second), "
          f"{disk_throughput(folder) / 1e6:.0f} MB/s; loopback "
          f"{loopback_throughput() / 1e6:.0f} MB/s", flush=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Client:
    """A raw line client, fast enough to read a hundred thousand answers."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.line()

    def line(self):
        while b"\n" not in self.rest:
            data = self.socket.recv(1 << 20)
            if not data:
                raise ConnectionError("the server closed")
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def reply(self):
        """An SMTP reply's last line."""
        while True:
            line = self.line()
            if line[3:4] != b"-":
                return line

    def say(self, line):
        self.socket.sendall(line + b"\r\n")

    def command(self, text, tag=b"t", keep=None):
        """Runs an IMAP command; how many bytes were answered, and in how many seconds. The list KEEP
        takes the bytes."""
        begin, got = time.perf_counter(), 0
        self.say(tag + b" " + text)
        done = b"\r\n" + tag + b" "
        tail = b"\r\n"
        while True:
            data = self.socket.recv(1 << 20)
            if not data:
                raise ConnectionError("the server closed")
            got += len(data)
            if keep is not None:
                keep.append(data)
            tail = (tail + data)[-4096:]
            if tail.endswith(b"\r\n") and done in tail:
                break
        if done + b"OK" not in tail:
            raise RuntimeError(f"{text[:60]}: {tail[-200:]}")
        return got, time.perf_counter() - begin

    def append(self, mailbox, message):
        begin = time.perf_counter()
        self.say(b"t APPEND %s {%d+}" % (mailbox, len(message)))
        self.say(message)
        while not (line := self.line()).startswith(b"t "):
            pass
        if not line.startswith(b"t OK"):
            raise RuntimeError(line)
        return time.perf_counter() - begin

    def login(self, user):
        self.say(f"t LOGIN {user.address} {user.password}".encode())
        while not (line := self.line()).startswith(b"t "):
            pass
        if not line.startswith(b"t OK"):
            raise RuntimeError(line)


def deliver(office, user, count, message, sessions=1):
    """COUNT mails by LMTP over SESSIONS connections; the seconds it took."""
    problems = []

    def work(share):
        try:
            client = Client(office.port("lmtp"))
            client.say(b"LHLO bench.example")
            client.reply()
            envelope = f"MAIL FROM:<x@example.org>\r\nRCPT TO:<{user.address}>\r\nDATA".encode()
            for _ in range(share):
                client.say(envelope)
                client.reply(), client.reply(), client.reply()
                client.say(message + b"\r\n.")
                if not (line := client.reply()).startswith(b"250"):
                    raise RuntimeError(line)
        except Exception as problem:  # told by the main thread
            problems.append(problem)

    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=(count // sessions,)) for _ in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return time.perf_counter() - begin
