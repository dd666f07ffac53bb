#!/usr/bin/env python3
"""Lets all fuzzers of a build look for inputs that break us, turn by turn, whole sessions longest.

    CC=clang meson setup build-fuzz -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=true
    tests/fuzz/run.py build-fuzz --cpu-hours 2 --corpus ~/corpus
    tests/fuzz/run.py build-fuzz --merge --corpus ~/corpus      what is new and small becomes a seed

What was found and spent stays in the corpus folder: a run that was stopped goes on, and a run in the
same folder that asks for more hours adds to them. It counts CPU seconds, not the clock's, so that it
may run beside other work. It ends with 1 when an input broke something; the input lies in finds/."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TURN = 20  # CPU seconds, times the target's weight
SESSION_WEIGHT = 8
LARGEST_SEED = 4096
# The clock's time, in which the machine may have done something else.
LIMITS = ["-rss_limit_mb=2048", "-timeout=1800", "-report_slow_units=1800",
          f"-max_len={LARGEST_SEED}", "-print_final_stats=1"]
STATUS = re.compile(r"cov: (\d+) ft: (\d+)")
EXECUTED = re.compile(r"stat::number_of_executed_units: (\d+)")


def environment(folder):
    """Undefined behaviour is a find, not a remark; sessions keep their stores in FOLDER."""
    return {"UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1", **os.environ, "TMPDIR": folder}


class Target:
    def __init__(self, program, options):
        self.program = program
        self.name = program.name.removeprefix("fuzz-")
        self.weight = SESSION_WEIGHT if self.name.endswith(("-session", "-client")) else 1
        self.corpus = options.corpus / self.name
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.seeds = HERE / "seeds" / self.name
        self.finds = options.corpus / "finds"
        self.finds.mkdir(exist_ok=True)
        self.spent = {"cpu": 0, "executions": 0, "coverage": 0, "turns": 0, "failures": 0}
        self.busy = False

    def command(self, *options):
        dictionary = HERE / "words" / self.name
        words = [f"-dict={dictionary}"] if dictionary.exists() else []
        return [str(word) for word in (self.program, *LIMITS, *words, *options)]

    def found(self):
        return sorted(self.finds.glob(f"{self.name}-*-*"))

    def turn(self, stop):
        """One process for a while; what it has used and seen is added up."""
        log = self.finds.parent / f"{self.name}.log"
        with tempfile.TemporaryDirectory(prefix="hauspost-fuzz-") as folder, open(log, "wb") as out:
            process = subprocess.Popen(
                self.command(f"-artifact_prefix={self.finds}/{self.name}-", self.corpus, self.seeds),
                stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=folder,
                env=environment(folder))
            cpu, status = wait(process, TURN * self.weight, stop)
        text = log.read_text(errors="replace")
        self.spent["cpu"] += cpu
        self.spent["turns"] += 1
        self.spent["failures"] += status != 0
        self.spent["executions"] += max(map(int, EXECUTED.findall(text)), default=0)
        self.spent["coverage"] = max([self.spent["coverage"],
                                      *(int(found[0]) for found in STATUS.findall(text))])
        if status != 0:
            log.rename(log.with_suffix(f".{self.spent['turns']}.log"))


def wait(process, seconds, stop):
    """Until the process has used so much of the CPU: what it used in the end, and its status."""
    asked = False
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime, process.returncode
        if not asked and (stop.is_set() or cpu_seconds(process.pid) > seconds):
            process.send_signal(signal.SIGUSR1)  # libFuzzer ends after the present input
            asked = True
        time.sleep(0.2)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Run:
    def __init__(self, options):
        self.options = options
        self.account = options.corpus / "spent.json"
        options.corpus.mkdir(parents=True, exist_ok=True)
        programs = [path for path in sorted(pathlib.Path(options.build).resolve().glob("tests/fuzz/fuzz-*"))
                    if path.is_file() and os.access(path, os.X_OK)]
        self.targets = [target for target in (Target(path, options) for path in programs)
                        if not options.target or target.name in options.target]
        if not self.targets:
            sys.exit(f"No fuzzers in {options.build}: see the head of {__file__}")
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.spent = json.loads(self.account.read_text()) if self.account.exists() else {}
        for target in self.targets:
            target.spent |= self.spent.get(target.name, {})

    def cpu(self):
        return sum(target.spent["cpu"] for target in self.targets)

    def next(self):
        """The target that has had the least of its share, and is not running."""
        with self.lock:
            free = [target for target in self.targets if not target.busy]
            if self.stop.is_set() or not free or self.cpu() >= self.options.cpu_hours * 3600:
                return None
            target = min(free, key=lambda target: target.spent["cpu"] / target.weight)
            target.busy = True
            return target

    def work(self):
        while target := self.next():
            target.turn(self.stop)
            with self.lock:
                target.busy = False
                self.spent[target.name] = target.spent
                self.account.write_text(json.dumps(self.spent, indent=1))

    def fuzz(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            signal.signal(how, lambda *_: self.stop.set())
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            for worker in [pool.submit(self.work) for _ in range(self.options.jobs)]:
                worker.result()

    def report(self):
        print(f"{'target':<22}{'CPU s':>8}{'executions':>13}{'coverage':>10}{'corpus':>8}{'finds':>7}")
        for target in self.targets:
            spent = target.spent
            print(f"{target.name:<22}{spent['cpu']:>8.0f}{spent['executions']:>13}{spent['coverage']:>10}"
                  f"{len(list(target.corpus.iterdir())):>8}{len(target.found()):>7}")
        found = [path for target in self.targets for path in target.found()]
        failures = sum(target.spent["failures"] for target in self.targets)
        print(f"{self.cpu():.0f} CPU s, {len(found)} finds" + "".join(f"\n  {path}" for path in found))
        if failures:
            print(f"{failures} turns did not end well: {self.options.corpus}/*.log")
        return 1 if found or failures else 0

    def merge(self):
        """Inputs of the corpus that cover more than the seeds do join them, the fewest that do."""
        for target in self.targets:
            with tempfile.TemporaryDirectory(prefix="hauspost-fuzz-") as folder:
                # A copy: a fuzzer that runs meanwhile replaces files.
                corpus = shutil.copytree(target.corpus, pathlib.Path(folder) / "corpus")
                done = subprocess.run(
                    target.command("-set_cover_merge=1", "-use_counters=0", target.seeds, corpus),
                    capture_output=True, text=True, errors="replace", cwd=folder,
                    env=environment(folder))
            seeds = list(target.seeds.iterdir())
            print(f"{target.name:<22}{len(seeds):>6} seeds, {sum(seed.stat().st_size for seed in seeds):>8} bytes"
                  + (f", ended with {done.returncode}" if done.returncode else ""), flush=True)


def read_options():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build")
    options.add_argument("target", nargs="*", help="only these: header imap-session …")
    options.add_argument("--corpus", type=pathlib.Path, required=True)
    options.add_argument("--cpu-hours", type=float, default=2)
    options.add_argument("--jobs", type=int, default=2, help="processes at once")
    options.add_argument("--merge", action="store_true", help="fuzz nothing, bring home seeds")
    chosen = options.parse_args()
    chosen.corpus = chosen.corpus.expanduser().resolve()
    return chosen


def main():
    options = read_options()
    run = Run(options)
    if options.merge:
        run.merge()
        return 0
    run.fuzz()
    return run.report()


if __name__ == "__main__":
    sys.exit(main())
