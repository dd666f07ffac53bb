#!/usr/bin/env python3
"""How fast mail is taken: Postfix's smtp-source against the daemon, and against Postfix's smtp-sink,
which keeps nothing: the generator's own limit.

    bench-intake.py [BUILD] [--quick]
"""
import argparse
import re
import shutil
import socket
import subprocess
import time

from machine import describe, open_office
from office import cpu_seconds, free_base

CASES = [  # bytes, sessions, mails
    (4 << 10, 1, 2000), (4 << 10, 100, 20000),
    (64 << 10, 1, 1000), (64 << 10, 100, 5000),
    (1 << 20, 1, 100), (1 << 20, 100, 500),
]


def generate(port, address, size, sessions, mails):
    """Mails a second."""
    begin = time.perf_counter()
    done = subprocess.run(["smtp-source", "-s", str(sessions), "-m", str(mails), "-l", str(size),
                           "-d", "-f", "bench@example.org", "-t", address, "-M", "bench.example",
                           f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"smtp-source: {done.stderr[-500:]}")
    return mails / (time.perf_counter() - begin)


class Sink:
    """smtp-sink on a port of its own."""

    def __enter__(self):
        self.port = free_base() + 25
        # As root it wants to know as whom else to work.
        self.process = subprocess.Popen(["smtp-sink", "-u", "nobody", f"127.0.0.1:{self.port}", "1000"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("smtp-sink does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def measure(office, address, size, sessions, mails):
    before, cpu = office.metrics(), office.cpu_seconds()
    rate = generate(office.port("smtp"), address, size, sessions, mails)
    cpu, after = office.cpu_seconds() - cpu, office.metrics()
    taken = after["hauspost_smtp_accepted_total"] - before["hauspost_smtp_accepted_total"]
    if taken != mails:
        raise RuntimeError(f"{taken} of {mails} mails were taken")
    flushes = (after["hauspost_store_flushes_total"] - before["hauspost_store_flushes_total"]) / mails
    return rate, cpu / mails, flushes


def traced_flushes(office, address):
    """Flushes a mail as the kernel sees them: strace -c over 500 mails of 4 KiB, 1 session."""
    if not shutil.which("strace"):
        return None
    trace = subprocess.Popen(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-p",
                              str(office.daemon.pid)], stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    generate(office.port("smtp"), address, 4096, 1, 500)
    trace.send_signal(2)
    summary = trace.communicate()[1]
    calls = [int(line.split()[3]) for line in summary.splitlines()
             if re.search(r"\bf(data)?sync$", line.strip())]
    return sum(calls) / 500


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--quick", action="store_true", help="a tenth of the mails")
    chosen = options.parse_args()
    if not shutil.which("smtp-source"):
        raise SystemExit("smtp-source is missing: apt-get install postfix")
    with open_office(chosen.build) as office, Sink() as sink:
        describe(office.folder)
        address = office.add_user("bench").address
        print("  KiB  sessions  mails/s  sink mails/s  daemon CPU µs/mail  flushes/mail")
        for size, sessions, mails in CASES:
            mails = max(mails // 10, sessions) if chosen.quick else mails
            rate, cpu, flushes = measure(office, address, size, sessions, mails)
            limit = generate(sink.port, address, size, sessions, mails)
            print(f"{size >> 10:5d}  {sessions:8d}  {rate:7.0f}  {limit:12.0f}  {cpu * 1e6:18.0f}  "
                  f"{flushes:12.3f}", flush=True)
        traced = traced_flushes(office, address)
        if traced is not None:
            print(f"strace: {traced:.3f} flushes a mail (4 KiB, 1 session)")
        print(f"daemon: {cpu_seconds(office.daemon.pid):.1f} s CPU in all, "
              f"{office.memory('VmHWM') >> 20} MiB at most")


if __name__ == "__main__":
    main()
