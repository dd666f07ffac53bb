#!/usr/bin/env python3
"""Clients that mean harm, or are broken. Each time the daemon's memory must stay bounded and another
client must be served in time."""
import contextlib
import pathlib
import socket
import sys
import threading
import time

from check import main, must

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from office import tls_client  # noqa: E402

MEMORY_MAX = 192 << 20  # the daemon's high mark over the whole program
SERVED_IN = 3.0  # seconds another client waits for a whole short session, on a busy machine
PATIENCE = 60  # seconds a check may take


def connect(office, service, secure=False):
    connection = socket.create_connection(("127.0.0.1", office.port(service)), 20)
    connection.settimeout(20)
    if secure:
        connection = tls_client().wrap_socket(connection, server_hostname=office.hostname)
    return connection


def answer(connection, until=b"\n", most=1 << 20):
    data = b""
    while until not in data and len(data) < most:
        piece = connection.recv(65536)
        if not piece:
            break
        data += piece
    return data


def send_all(connection, data):
    """Sends until the server has had enough; how much it took."""
    sent = 0
    with contextlib.suppress(OSError):
        while sent < len(data):
            sent += connection.send(data[sent:sent + 65536])
    return sent


class Neighbour(threading.Thread):
    """Another client with short sessions of its own, which must not notice anything."""

    def __init__(self, office):
        super().__init__(daemon=True)
        self.office = office
        self.over = threading.Event()
        self.slowest = 0.0
        self.served = 0
        self.problem = None

    def run(self):
        while self.served == 0 or not self.over.wait(0.1):
            begin = time.monotonic()
            try:
                for service, quit_line in (("smtp", b"QUIT\r\n"), ("imap", b"a LOGOUT\r\n")):
                    with connect(self.office, service) as connection:
                        must(answer(connection)[:1] in b"2*", "a greeting")
                        connection.sendall(quit_line)
                        must(answer(connection), "an answer")
            except Exception as problem:  # told by the main thread
                self.problem = problem
                return
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.served += 1


def bounded(check):
    """Wraps a check: a neighbour beside it, and the daemon's memory after it."""
    def wrapped(office):
        neighbour = Neighbour(office)
        neighbour.start()
        try:
            check(office)
        finally:
            neighbour.over.set()
            neighbour.join(30)
        memory = office.memory("VmHWM")
        print(f"# {check.__name__}: memory {memory >> 20} MiB at most, {neighbour.served} sessions "
              f"beside it, the slowest took {neighbour.slowest * 1000:.0f} ms")
        must(neighbour.problem is None, f"the neighbour was served: {neighbour.problem!r}")
        must(neighbour.served > 0, "the neighbour had a session")
        must(neighbour.slowest < SERVED_IN, f"served in time, not {neighbour.slowest:.1f} s")
        must(memory < MEMORY_MAX, f"{memory >> 20} MiB")
    wrapped.__name__ = check.__name__
    return wrapped


def sign_in(office, name):
    user = office.add_user(name)
    connection = connect(office, "imap")
    answer(connection)
    connection.sendall(f"a LOGIN {user.address} {user.password}\r\n".encode())
    must(b"a OK" in answer(connection, b"a OK"), "logged in")
    return user, connection


@bounded
def a_byte_at_a_time(office):
    connections = [connect(office, service) for service in ("smtp", "imap", "lmtp") * 10]
    for byte in b"EHLO a.example":
        for connection in connections:
            connection.sendall(bytes([byte]))
        time.sleep(0.1)
    for connection in connections:
        connection.close()


@bounded
def never_reading(office):
    user, connection = sign_in(office, "deaf")
    text = b"Subject: big\r\n\r\n" + (b"x" * 76 + b"\r\n") * 40000
    connection.sendall(b"b APPEND INBOX {%d}\r\n" % len(text))
    answer(connection)
    connection.sendall(text + b"\r\nc SELECT INBOX\r\n")
    answer(connection, b"c OK")
    connections = [connection]
    for _ in range(20):
        other = connect(office, "imap")
        other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        answer(other)
        other.sendall(f"a LOGIN {user.address} {user.password}\r\nb SELECT INBOX\r\n".encode())
        other.sendall(b"".join(b"c%d FETCH 1 BODY[]\r\n" % turn for turn in range(20)))
        connections.append(other)
    time.sleep(3)
    for connection in connections:
        connection.close()


@bounded
def lines_of_a_megabyte(office):
    for service in ("smtp", "submission", "lmtp", "imap"):
        with connect(office, service) as connection:
            answer(connection)
            send_all(connection, b"A" * (1 << 20) + b"\r\n")
            with contextlib.suppress(OSError):
                must(answer(connection)[:1] in (b"5", b"4", b"*", b""), "a refusal")


@bounded
def a_hundred_thousand_recipients(office):
    user = office.add_user("many")
    with connect(office, "lmtp") as connection:
        answer(connection)
        connection.sendall(b"LHLO c.example\r\n")
        answer(connection, b"\n250 ")
        connection.sendall(b"MAIL FROM:<x@example.org>\r\n")
        must(answer(connection).startswith(b"250"), "MAIL")
        line = f"RCPT TO:<{user.address}>\r\n".encode()
        taken, refused = 0, 0
        with contextlib.suppress(OSError):
            for _ in range(100):
                connection.sendall(line * 1000)
                data = b""
                while data.count(b"\n") < 1000:
                    piece = connection.recv(262144)
                    if not piece:
                        raise OSError
                    data += piece
                taken += data.count(b"250 2.")
                refused += data.count(b"45") + data.count(b"55")
        must(taken <= 1001, f"recipients are bounded, {taken} were taken")


@bounded
def ten_thousand_commands_at_once(office):
    with connect(office, "imap") as connection:
        answer(connection)
        connection.sendall(b"".join(b"n%d NOOP\r\n" % turn for turn in range(10000)))
        data = answer(connection, b"n9999 OK", 16 << 20)
        must(b"n9999 OK" in data, "all were answered")
    with connect(office, "smtp") as connection:
        answer(connection)
        connection.sendall(b"NOOP\r\n" * 10000)
        with contextlib.suppress(OSError):
            answer(connection, b"\0", 200000)


@bounded
def ten_thousand_mime_levels(office):
    user, connection = sign_in(office, "deep")
    parts = [b"Subject: deep\r\n"]
    parts += [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
              for level in range(10000)]
    deep = b"".join(parts) + b"\r\nend\r\n"
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 10000 + b"Subject: n\r\n\r\nx\r\n"
    for text in (deep, nested):
        connection.sendall(b"b APPEND INBOX {%d}\r\n" % len(text))
        must(b"+" in answer(connection), "goes on")
        connection.sendall(text + b"\r\n")
        must(b"b " in answer(connection, b"b "), "an answer")
    connection.sendall(b"c SELECT INBOX\r\n")
    answer(connection, b"c OK")
    connection.sendall(b"d FETCH 1:* (ENVELOPE BODYSTRUCTURE BODY[1.1.1])\r\n")
    must(b"d OK" in answer(connection, b"d OK", 64 << 20), "FETCH is answered")
    connection.close()


@bounded
def endless_literals(office):
    with connect(office, "imap") as connection:  # nobody is logged in
        answer(connection)
        connection.sendall(b"a LOGIN {4000000000}\r\n")
        must(b"+" not in answer(connection)[:1], "not invited")
        send_all(connection, b"x" * (8 << 20))
    user, connection = sign_in(office, "endless")
    for size in (b"99999999999999999999", b"4294967296", b"2000000000"):
        connection.sendall(b"b APPEND INBOX {%s}\r\n" % size)
        data = answer(connection)
        must(b"b NO" in data or b"b BAD" in data or not data, f"refused: {data[:100]}")
        if not data:
            break
    connection.close()
    connection = connect(office, "smtp")
    answer(connection)
    connection.sendall(b"EHLO c.example\r\nMAIL FROM:<x@example.org>\r\n"
                       + f"RCPT TO:<{user.address}>\r\nDATA\r\n".encode())
    answer(connection, b"354")
    begin, sent = time.monotonic(), 0
    while time.monotonic() - begin < 10 and sent < 120 << 20:
        took = send_all(connection, (b"x" * 78 + b"\r\n") * 13000)
        sent += took
        if not took:
            break
    connection.close()


@bounded
def three_hundred_half_open(office):
    connections = [connect(office, "imaps") for _ in range(150)]
    connections += [connect(office, "submissions") for _ in range(150)]
    for connection in connections[::2]:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")  # a ClientHello that never goes on
    time.sleep(1)
    for connection in connections:
        connection.close()


@bounded
def nonsense_instead_of_tls(office):
    for data in (b"\0" * 4096, b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 64):
        for service in ("imaps", "submissions", "admin"):
            with connect(office, service) as connection:
                send_all(connection, data)
                with contextlib.suppress(OSError):
                    answer(connection)


@bounded
def a_login_flood(office):
    user = office.add_user("guessed")
    connections = []
    for _ in range(20):
        connection = connect(office, "imap")
        answer(connection)
        connection.sendall(f"a LOGIN {user.address} wrong\r\n".encode())
        connections.append(connection)
    for connection in connections:
        must(b"a OK" not in answer(connection), "refused")
        connection.close()


if __name__ == "__main__":
    main([a_byte_at_a_time, never_reading, lines_of_a_megabyte, a_hundred_thousand_recipients,
          ten_thousand_commands_at_once, ten_thousand_mime_levels, endless_literals,
          three_hundred_half_open, nonsense_instead_of_tls, a_login_flood])
