#!/usr/bin/env python3
"""What the history of mails (history.db, hauspost trace) costs the intake: Postfix's smtp-source against the daemon, in turns
with and without it.

    bench-history.py [BUILD] [--mails N] [--turns N]
"""
import argparse
import re
import shutil
import statistics
import subprocess
import time

from machine import describe, open_office


def generate(office, address, mails):
    subprocess.run(["smtp-source", "-s", "100", "-m", str(mails), "-l", "4096", "-d", "-f", "bench@example.org", "-t", address,
                    "-M", "bench.example", f"127.0.0.1:{office.port('smtp')}"], check=True, capture_output=True, timeout=600)


def measure(office, address, mails):
    """CPU in microseconds a mail, and mails a second; with the lines that are written just behind."""
    cpu, begin = office.cpu_seconds(), time.perf_counter()
    generate(office, address, mails)
    rate = mails / (time.perf_counter() - begin)
    time.sleep(1.5)
    return (office.cpu_seconds() - cpu) / mails * 1e6, rate


def flushes(office, address, mails):
    """A mail, as the kernel sees them."""
    if not shutil.which("strace"):
        return None
    trace = subprocess.Popen(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-p", str(office.daemon.pid)],
                             stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    generate(office, address, mails)
    time.sleep(1.5)
    trace.send_signal(2)
    summary = trace.communicate()[1]
    return sum(int(line.split()[3]) for line in summary.splitlines() if re.search(r"\bf(data)?sync$", line.strip())) / mails


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--mails", type=int, default=10000)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    with open_office(arguments.build) as office:
        describe(str(office.folder))
        user = office.add_user("bench")
        generate(office, user.address, arguments.mails // 4)
        found = {"with": [], "without": []}
        for _ in range(arguments.turns):
            for which, kept in (("with", ()), ("without", ("0s",))):
                office.command("set", "trace.time", *kept)
                found[which].append(measure(office, user.address, arguments.mails))
        for which, kept in (("with", ()), ("without", ("0s",))):
            office.command("set", "trace.time", *kept)
            costs, rates = zip(*found[which])
            seen = flushes(office, user.address, 2000)
            print(f"{which} the history: {statistics.median(costs):.0f} µs of CPU a mail ({', '.join(f'{cost:.0f}' for cost in costs)}), "
                  f"{statistics.median(rates):.0f} mails/s" + ("" if seen is None else f", {seen:.4f} flushes a mail (strace)"))
        size = (office.data / "history.db").stat().st_size
        lines = (2 * arguments.turns + 1) * arguments.mails
        print(f"history.db: {size / 2**20:.1f} MiB after about {lines} mails, half of them kept")


if __name__ == "__main__":
    main()
