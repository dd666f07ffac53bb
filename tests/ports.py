"""Ports of this machine for a test's servers, which no other test takes meanwhile, and which the system gives to no client.

    port = free_port()      until the process ends
"""
import fcntl
import os
import pathlib
import random
import socket
import tempfile


class Claims:
    """Ports that this machine's tests took: free before a server listens is not enough."""

    def __init__(self):
        path = pathlib.Path(tempfile.gettempdir()) / f"hauspost-test-ports-{os.getuid()}"
        self.file = open(path, "ab")  # its byte number N stands for port N; locks end with the process
        self.mine = set()

    def take(self, port):
        if port in self.mine:
            return False
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except OSError:
            return False
        self.mine.add(port)
        return True

    def leave(self, ports):
        for port in self.mine.intersection(ports):
            fcntl.lockf(self.file, fcntl.LOCK_UN, 1, port)
            self.mine.discard(port)


claims = Claims()


def is_free(port, address="127.0.0.1"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def free_port(address="127.0.0.1"):
    """TCP and UDP; below those the system hands out by itself."""
    for port in random.sample(range(8500, 11000), 500):
        if not claims.take(port):
            continue
        if is_free(port, address):
            return port
        claims.leave([port])
    raise OSError("no free port")
