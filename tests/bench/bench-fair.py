#!/usr/bin/env python3
"""What one session's long command costs the others: how much the daemon grows while the bodies of a whole
mailbox are fetched, and how long another session's NOOP takes meanwhile.

    bench-fair.py [BUILD] [--mails 100000] [--size 10240] [--keep FOLDER]

The client that says NOOP shares its processors with the daemon and with the client that reads a gigabyte; an
office's does not. What it waited in the kernel's queue for a processor of its own is told, and taken off.

--keep: the mailbox that bench-dovecot.py has kept there is taken (and loaded first, if it is not there).
"""
import argparse
import multiprocessing
import pathlib
import shutil
import tempfile
import time

from corpus import RARE
from machine import describe, percentile
from servers import Hauspost

COMMANDS = [
    b"FETCH 1:* (BODY.PEEK[])", b"FETCH 1:* (ENVELOPE BODYSTRUCTURE)", b"FETCH 1:* (UID FLAGS)",
    b"SORT (SUBJECT) UTF-8 ALL", b"THREAD REFERENCES UTF-8 ALL", b"SEARCH HEADER Subject projecting",
    b"SEARCH TEXT " + RARE.encode(), b"SEARCH LARGER 5000 BODY a", b"STORE 1:* +FLAGS.SILENT (\\Flagged)",
    b"COPY 1:10000 Other", b"STORE 1:%d +FLAGS.SILENT (\\Deleted)", b"EXPUNGE",
]
PAUSE = 0.002  # between two NOOPs
GROWTH = 16  # MiB at most
DELAY = 20  # ms at most


def run_long(port, user, text, begun, told):
    """In a process of its own, so that the other session's client does not wait for this one."""
    from machine import Client
    client = Client(port)
    client.login(user)
    client.command(b"SELECT INBOX")
    begun.set()
    got, seconds = client.command(text)
    told.put((got, seconds))


def while_running(office, user, text, step):
    """Calls STEP as long as the command runs; what it got, and its seconds."""
    begun, told = multiprocessing.Event(), multiprocessing.Queue()
    process = multiprocessing.Process(target=run_long,
                                      args=(office.port("imap"), user, text, begun, told))
    process.start()
    begun.wait()
    while told.empty() and process.is_alive():
        step()
    answer = told.get(timeout=10)
    process.join()
    return answer


def reset_peak(office):
    pathlib.Path(f"/proc/{office.daemon.pid}/clear_refs").write_text("5")


def show_growth(office, what, before):
    growth = (office.memory("VmHWM") - before) / (1 << 20)
    print(f"{what}: {growth:.1f} MiB more at the most"
          + ("" if growth <= GROWTH else f" (the bar is {GROWTH})"), flush=True)


def measure_growth(server):
    office = server.office
    reader, quiet = server.client(), server.client()
    for client in (reader, quiet):
        client.command(b"SELECT INBOX")
    reader.command(b"FETCH 1:100 (BODY.PEEK[])")
    before = office.memory("VmRSS")
    reset_peak(office)
    got, seconds = reader.command(b"FETCH 1:* (BODY.PEEK[])")
    show_growth(office, f"FETCH of all bodies, {got / 1e6:.0f} MB in {seconds:.1f} s", before)
    before = office.memory("VmRSS")
    reset_peak(office)
    quiet.say(b"t FETCH 1:* (BODY.PEEK[])")
    time.sleep(3)
    show_growth(office, "the same, and the client does not read for 3 s", before)
    quiet.socket.close()


def queued():
    """Seconds that this process has waited for a processor although it could run (proc(5), schedstat)."""
    return int(pathlib.Path("/proc/self/schedstat").read_text().split()[1]) / 1e9


class Delays:
    """What NOOP took: as the client's clock tells it, and without the client's own wait for a processor."""

    def __init__(self, client):
        self.client, self.whole, self.daemon = client, [], []

    def noop(self):
        before = queued()
        whole = self.client.command(b"NOOP")[1]
        self.whole.append(whole)
        self.daemon.append(whole - min(whole, queued() - before))
        time.sleep(PAUSE)

    def show(self, what, seconds=None):
        last = max(self.daemon) * 1000
        print(f"{what[:40]:40s} {'' if seconds is None else f'{seconds * 1000:.0f} ms':>9s}  NOOP: median "
              f"{percentile(self.daemon, 0.5) * 1000:.2f} ms, 99 of 100 "
              f"{percentile(self.daemon, 0.99) * 1000:.2f}, longest {last:.2f}, "
              f"with the client's own wait {max(self.whole) * 1000:.2f}"
              + ("" if last <= DELAY else f" (the bar is {DELAY})"), flush=True)


def measure_delays(server, mails):
    other = server.client()
    other.command(b"CREATE Other")
    other.command(b"CREATE Elsewhere")
    other.command(b"SELECT Elsewhere")
    delays = Delays(other)
    for _ in range(500):
        delays.noop()
    delays.show("(nothing)")
    for text in COMMANDS:
        text = text % (mails // 2) if b"%d" in text else text
        delays = Delays(other)
        delays.noop()
        seconds = while_running(server.office, server.user, text, delays.noop)[1]
        delays.show(text.decode(), seconds)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--mails", type=int, default=100000)
    options.add_argument("--size", type=int, default=10240)
    options.add_argument("--keep", type=pathlib.Path)
    chosen = options.parse_args()
    folder = chosen.keep or pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
    server = Hauspost(chosen.build, folder / "hauspost")
    try:
        if not server.kept.is_loaded():
            server.fill(chosen.mails, chosen.size)
        mails = server.kept.facts()["mails"]
        describe(folder)
        server.kept.bring_back()
        server.open()
        try:
            measure_growth(server)
            measure_delays(server, mails)
        finally:
            server.stop()
    finally:
        if not chosen.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
