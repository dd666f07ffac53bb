#!/usr/bin/env python3
"""5,000 authenticated sessions that idle over TLS 1.3: memory of each, and how long after the 250 of a
delivery they are told.

    bench-idle.py [BUILD] [--sessions 5000] [--users 100] [--mails 10000]
"""
import argparse
import pathlib
import subprocess
import threading
import time

from machine import Client, describe, open_office, percentile

MESSAGE = b"Subject: news\r\n\r\nx"


class Idlers:
    """The program idle-clients and what it says."""

    def __init__(self, build, office, users, sessions):
        program = pathlib.Path(build) / "tests" / "bench" / "idle-clients"
        self.process = subprocess.Popen([program, str(office.port("imaps")), str(sessions)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for user in users:
            self.process.stdin.write(f"{user.address} {user.password}\n")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("the sessions did not come so far")
        self.told = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.told.append(int(line.split()[1]))

    def wait_for(self, count, seconds=30):
        until = time.monotonic() + seconds
        while len(self.told) < count and time.monotonic() < until:
            time.sleep(0.01)
        if len(self.told) < count:
            raise RuntimeError(f"only {len(self.told)} of {count} sessions were told")
        told, self.told = self.told, []
        return told

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def fill(office, user, mails):
    """A mailbox of that many mails, with a few gaps: one mail, copied again and again."""
    client = Client(office.port("imap"))
    client.login(user)
    client.append(b"INBOX", MESSAGE)
    client.command(b"SELECT INBOX")
    have = 1
    while have < mails:
        more = min(have, mails - have)
        client.command(f"COPY 1:{more} INBOX".encode())
        have += more
    client.command(f"STORE {mails // 3},{mails // 2} +FLAGS.SILENT (\\Deleted)".encode())
    client.command(b"EXPUNGE")
    client.socket.close()


# With one round the first delivery after the long rest (some 6 to 12 ms) is the 99th percentile.
ROUNDS = 5


def deliver(client, user):
    """When the 250 had come, in nanoseconds of CLOCK_MONOTONIC."""
    client.say(f"MAIL FROM:<x@example.org>\r\nRCPT TO:<{user.address}>\r\nDATA".encode())
    client.reply(), client.reply(), client.reply()
    client.say(MESSAGE + b"\r\n.")
    reply = client.reply()
    if not reply.startswith(b"250"):
        raise RuntimeError(reply)
    return time.monotonic_ns()


def show(what, delays):
    print(f"{what}: median {percentile(delays, 0.5) / 1e6:.2f} ms, 99 of 100 "
          f"{percentile(delays, 0.99) / 1e6:.2f} ms, last {max(delays) / 1e6:.2f} ms", flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--sessions", type=int, default=5000)
    options.add_argument("--users", type=int, default=100)
    options.add_argument("--mails", type=int, default=10000)
    chosen = options.parse_args()
    each = chosen.sessions // chosen.users
    with open_office(chosen.build) as office:
        describe(office.folder)
        users = [office.add_user(f"idle-{number}") for number in range(chosen.users)]
        for user in users:
            fill(office, user, chosen.mails)
        before = office.memory("Pss")
        begin = time.perf_counter()
        idlers = Idlers(chosen.build, office, users, chosen.sessions)
        print(f"{chosen.sessions} sessions of {chosen.users} users on {chosen.mails} mails each in "
              f"{time.perf_counter() - begin:.1f} s")
        time.sleep(5)
        memory, cpu = office.memory("Pss") - before, office.cpu_seconds()
        print(f"memory: {memory >> 20} MiB more, {memory / chosen.sessions / 1024:.1f} KiB a session"
              f" (PSS; {before >> 20} MiB before)")
        time.sleep(10)
        print(f"CPU of the daemon while all idle: {(office.cpu_seconds() - cpu) * 10:.2f} %")
        client = Client(office.port("lmtp"))
        client.say(b"LHLO bench.example")
        client.reply()
        delays = []
        for user in users * ROUNDS:
            done = deliver(client, user)
            delays += [told - done for told in idlers.wait_for(each)]
        show(f"250 to EXISTS, {each} sessions of a user", delays)
        idlers.close()
        idlers = Idlers(chosen.build, office, users[:1], chosen.sessions)
        done = deliver(client, users[0])
        show(f"250 to EXISTS, {chosen.sessions} sessions of one mailbox",
             [told - done for told in idlers.wait_for(chosen.sessions)])
        idlers.close()


if __name__ == "__main__":
    main()
