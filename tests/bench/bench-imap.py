#!/usr/bin/env python3
"""A large mailbox: 100,000 mails (or 1,000,000), what a mail program does with it, and what a delivery
into it costs.

    bench-imap.py [BUILD] [--million] [--mails N]
"""
import argparse
import threading
import time

from machine import Client, deliver, describe, open_office, percentile

MESSAGE = b"\r\n".join([
    b"From: Anna Beispiel <anna@example.org>", b"To: Bert <bert@example.org>",
    b"Subject: A letter like many others", b"Date: Mon, 1 Jun 2026 12:00:00 +0200",
    b"Message-ID: <letter@example.org>", b"MIME-Version: 1.0",
    b"Content-Type: multipart/alternative; boundary=b", b"", b"--b",
    b"Content-Type: text/plain; charset=utf-8", b"", b"Good morning", b"--b",
    b"Content-Type: text/html; charset=utf-8", b"", b"<p>Good morning</p>", b"--b--"])
COMMANDS = [
    b"SELECT INBOX", b"FETCH 1:* (UID FLAGS)", b"FETCH 1:* (UID FLAGS)",
    b"FETCH 1:* (ENVELOPE BODYSTRUCTURE)", b"STORE 1:* +FLAGS.SILENT (\\Seen)",
    b"FETCH * (BODY.PEEK[])", b"SEARCH UNSEEN", b"CLOSE",
]


def show(what, seconds, got=0):
    rate = f", {got / 1e6:.1f} MB at {got / seconds / 1e6:.0f} MB/s" if got > 100000 else ""
    print(f"{what:45s} {seconds * 1000:10.1f} ms{rate}", flush=True)


def read_mailbox(office, user):
    client = Client(office.port("imap"))
    client.login(user)
    for text in COMMANDS:
        cpu = office.cpu_seconds()
        got, seconds = client.command(text)
        show(text.decode(), seconds, got)
        print(f"{'':45s} {(office.cpu_seconds() - cpu) * 1000:10.0f} ms CPU of the daemon")


def append_from_ten(office, user, each=100):
    durations = []

    def work():
        client = Client(office.port("imap"))
        client.login(user)
        durations.extend(client.append(b"INBOX", MESSAGE) for _ in range(each))

    before = office.metrics()["hauspost_store_flushes_total"]
    threads = [threading.Thread(target=work) for _ in range(10)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    flushes = (office.metrics()["hauspost_store_flushes_total"] - before) / (10 * each)
    show(f"APPEND by 10 sessions, {10 * each / seconds:.0f} a second, median",
         percentile(durations, 0.5))
    show(f"  the same, {flushes:.2f} flushes each, 99 of 100", percentile(durations, 0.99))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--million", action="store_true")
    options.add_argument("--mails", type=int, default=100000)
    chosen = options.parse_args()
    mails = 1000000 if chosen.million else chosen.mails
    with open_office(chosen.build) as office:
        describe(office.folder)
        full, empty = office.add_user("full"), office.add_user("empty")
        seconds = deliver(office, full, mails, MESSAGE, 20)
        print(f"filled by LMTP from 20 sessions: {mails} mails, {mails / seconds:.0f} a second")
        read_mailbox(office, full)
        append_from_ten(office, full)
        for user, what in ((empty, "an empty"), (full, "the full"), (empty, "an empty"),
                           (full, "the full")):
            show(f"a delivery into {what} mailbox", deliver(office, user, 500, MESSAGE) / 500)
        print(f"daemon: {office.memory('VmHWM') >> 20} MiB at most")
        begin = time.perf_counter()
        office.stop()
        show("stopping", time.perf_counter() - begin)
        begin = time.perf_counter()
        office.start()
        show("starting, until it greets", time.perf_counter() - begin)
        client = Client(office.port("imap"))
        client.login(full)
        show("SELECT after the start", client.command(b"SELECT INBOX")[1])


if __name__ == "__main__":
    main()
