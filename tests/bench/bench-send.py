#!/usr/bin/env python3
"""How fast queued mail leaves: to one smtp-sink by the daemon, by Postfix's queue manager, and by smtp-source over
kept connections (the generator's limit), in one run and a network namespace of its own.

    bench-send.py [BUILD] [--mails N] [--turns N] [--many [--holes]]     (needs postfix, knot, root)

--many: 10,000 mails with ten recipients each in 10,000 domains, half of them dead: the daemon's memory, how fast the
living ones are reached, and how long a mail that is sent meanwhile takes to another living domain. --holes: the dead ones
are black holes, which take no packet and answer none.
"""
import argparse
import concurrent.futures
import datetime
import os
import pathlib
import shutil
import smtplib
import socket
import subprocess
import sys
import statistics
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "queue"), str(HERE.parent)]
from machine import describe, open_files  # noqa: E402
from office import tls_client  # noqa: E402
import run as peers  # noqa: E402
from counting import CountingServer, now  # noqa: E402

SIZE = 4096
SINK = "127.0.0.2"
PROBED = "127.0.0.3"
HOLE = "127.0.0.251"


def submit(world, jobs):
    """JOBS: lists of recipients, a mail each; eight sessions send them."""
    body = ("x" * 70 + "\r\n") * (SIZE // 72)

    def work(part):
        user = world.anna
        with smtplib.SMTP("127.0.0.1", world.office.port("submission"), "client.example", timeout=120) as smtp:
            smtp.starttls(context=tls_client())
            smtp.login(user.address, user.password)
            for number, to in enumerate(part):
                smtp.sendmail(user.address, to, f"From: <{user.address}>\r\nSubject: {number}\r\n\r\n{body}")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [jobs[i::8] for i in range(8)]))


def metric(world, name):
    return world.office.metrics()[f"hauspost_{name}_total"]


def hauspost(world, mails):
    """Mails a second by the daemon's log, from the first to the last, once their destination is there."""
    submit(world, [[f"r{number}@plain"] for number in range(mails)])
    sink = peers.Sink(world.folder, SINK, dump=False)
    before, cpu = metric(world, "queue_sent"), world.office.cpu_seconds()
    world.office.command("queue", "retry", "all")
    begin = time.perf_counter()
    while metric(world, "queue_sent") - before < mails:
        time.sleep(0.5)
        if time.perf_counter() - begin > 300:
            raise RuntimeError("the queue does not empty")
    sink.close()
    sent = [line.split()[0].partition("=")[2] for line in world.office.log.read_text().splitlines() if "Mail sent" in line]
    first, last = (datetime.datetime.fromisoformat(time.rstrip("Z")).timestamp() for time in (sent[-mails], sent[-1]))
    return (mails - 1) / (last - first), (world.office.cpu_seconds() - cpu) / mails


def postfix(world, mails):
    """The same mails out of Postfix's incoming queue, its default concurrency."""
    etc = peers.Postfix(world.folder, "127.0.0.30", world.certificate,
                        more="relayhost = [127.0.0.2]\n"
                             "smtpd_relay_restrictions = permit_mynetworks,reject\nmynetworks = 127.0.0.0/8\nvirtual_mailbox_domains =\ndefer_transports = smtp\n"
                             "default_process_limit = 100\n",
                        services="smtp unix - - n - 100 smtp\npickup unix n - n 60 1 pickup\nshowq unix n - n - - showq\n"
                                 "flush unix n - n 1000? 0 flush\n")
    subprocess.run(["smtp-source", "-s", "8", "-m", str(mails), "-l", str(SIZE), "-d", "-f", "a@bench.example",
                    "-t", "b@plain", "127.0.0.30:25"], check=True, capture_output=True, timeout=600)
    sink = peers.Sink(world.folder, SINK, dump=False)
    queues = [etc.folder / "spool" / name for name in ("incoming", "active", "deferred", "maildrop")]

    def left():
        return sum(len(files) for queue in queues for _, _, files in os.walk(queue))

    subprocess.run(["postconf", "-c", etc.etc, "-e", "defer_transports="], check=True)
    subprocess.run(["postfix", "-c", etc.etc, "reload"], check=True, capture_output=True)
    time.sleep(1)
    begin, first = time.perf_counter(), left()
    subprocess.run(["postqueue", "-c", etc.etc, "-f"], check=True)
    while left() > 0 and time.perf_counter() - begin < 300:
        time.sleep(0.02)
    rate = (first - left()) / (time.perf_counter() - begin)
    sink.close()
    etc.close()
    return rate


def source(world, mails):
    sink = peers.Sink(world.folder, SINK, dump=False)
    begin = time.perf_counter()
    subprocess.run(["smtp-source", "-s", "10", "-m", str(mails), "-l", str(SIZE), "-d", "-f", "a@bench.example",
                    "-t", "b@plain", f"{SINK}:25"], check=True, capture_output=True, timeout=600)
    rate = mails / (time.perf_counter() - begin)
    sink.close()
    return rate


def rss(world):
    return world.office.memory("VmRSS") / 2**20


def dig_hole():
    """A server whose queue of connections is full: the system drops what else comes, and says nothing."""
    hole = socket.socket()
    hole.bind((HOLE, 25))
    hole.listen(0)
    sockets = [hole]
    for _ in range(4):
        sockets.append(socket.socket())
        sockets[-1].setblocking(False)
        sockets[-1].connect_ex((HOLE, 25))
    return sockets


class Probe:
    """A mail a second to a living domain that had none before."""

    def __init__(self, world):
        self.world, self.taken = world, []
        self.server = CountingServer(PROBED)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        while not self.stopping.wait(1):
            to = f"p@d{len(self.taken)}.probe"
            submit_one(self.world, to)
            self.taken.append((now(), to))

    def close(self):
        self.stopping.set()
        self.thread.join()
        time.sleep(5)
        self.server.close()
        if not self.taken or not self.server.arrivals:
            print(f"of {len(self.taken)} mails to other living domains none arrived")
            return
        arrived = {to: moment for moment, to, _ in self.server.arrivals}
        took = [(arrived[to] - moment) / 1e6 for moment, to in self.taken if to in arrived]
        tens = [max(took[i:i + 10]) for i in range(0, len(took), 10)]
        print("the longest of ten in a row: " + ", ".join(f"{one:.1f}" for one in tens) + " s")
        print(f"{len(self.taken)} mails to other living domains meanwhile, {len(took)} arrived: "
              f"after {statistics.median(took):.2f} s in the median, {max(took):.2f} s at most")


def submit_one(world, to):
    user = world.anna
    with smtplib.SMTP("127.0.0.1", world.office.port("submission"), "client.example", timeout=120) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        smtp.sendmail(user.address, [to], f"From: <{user.address}>\r\nSubject: probe\r\n\r\nText\r\n")


def many(world):
    empty, took = rss(world), 0
    jobs = [[f"u@d{(number * 10 + i) % 10000}.{'alive' if i % 2 else 'dead'}" for i in range(10)]
            for number in range(10000)]
    probe, begin = Probe(world), time.perf_counter()
    submit(world, jobs)
    print(f"100,000 recipients in 10,000 mails submitted in {time.perf_counter() - begin:.0f} s", flush=True)
    most, begin = rss(world), time.perf_counter()
    world.office.command("queue", "retry", "all")  # all of the dead ones at once
    reached = metric(world, "queue_sent")
    while time.perf_counter() - begin < 20 or (reached < 50000 and time.perf_counter() - begin < 120):
        time.sleep(1)
        most = max(most, rss(world))
        if reached < 50000:
            reached, took = metric(world, "queue_sent"), time.perf_counter() - begin
    print(f"reached {reached} of 50,000 living recipients {took:.0f} s later at most; "
          f"memory: {empty:.0f} MiB empty, {most:.0f} MiB at most")
    probe.close()


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--mails", type=int, default=3000)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--many", action="store_true")
    options.add_argument("--holes", action="store_true")
    options = options.parse_args()
    peers.enter_namespace()
    open_files()
    hole = dig_hole() if options.holes else []
    dead = HOLE if options.holes else "127.0.0.250"
    peers.ZONES.update({name: peers.Zone(f"* MX 10 mx\nmx A {address}")
                        for name, address in (("alive.", SINK), ("dead.", dead), ("probe.", PROBED))})
    folder = tempfile.mkdtemp(prefix="hauspost-send-")
    world = peers.World(os.path.abspath(options.build), folder)
    try:
        describe(folder)
        if options.many:
            world.office.command("set", "queue.retry-time", "5m")
            sink = peers.Sink(folder, SINK, dump=False)
            many(world)
            sink.close()
            return
        world.office.command("set", "queue.retry-time", "5m")
        turns = [(*hauspost(world, options.mails), source(world, options.mails)) for _ in range(options.turns)]
        for rate, cpu, limit in turns:
            print(f"hauspost: {rate:.0f} mails/s, {cpu * 1e3:.2f} ms CPU a mail; smtp-source, 10 kept connections: "
                  f"{limit:.0f} mails/s (hauspost {rate / limit:.2f} of it)")
        rate, cpu, limit = (statistics.median(column) for column in zip(*turns))
        print(f"in the median: hauspost {rate:.0f} mails/s, {rate / limit:.2f} of smtp-source's {limit:.0f}", flush=True)
        other = postfix(world, options.mails)
        print(f"Postfix's queue manager: {other:.0f} mails/s (hauspost {rate / other:.1f} times)")
    finally:
        world.stack.close()
        for one in hole:
            one.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
