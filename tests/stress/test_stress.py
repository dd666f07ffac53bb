#!/usr/bin/env python3
"""A short run of the stress program, and the proof that it notices falsified answers. TAP."""
import concurrent.futures
import pathlib
import subprocess
import sys

from liar import ALL

SEED = 4711
SECONDS = 20
SECONDS_WITH_A_LIE = 60  # it ends when the lie is noticed; a busy machine says little in a moment
SESSIONS = 9
AT_ONCE = 3


def stress(build, seconds, *options):
    command = [sys.executable, pathlib.Path(__file__).with_name("stress.py"), build, "--seconds", seconds,
               "--sessions", SESSIONS, "--seed", SEED, *options]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)


def is_noticed(done):
    return done.returncode == 1 and "violation: Violation: " in done.stdout


def point(number, name, passed, done):
    print(f"{'ok' if passed else 'not ok'} {number} - {name}", flush=True)
    if not passed:
        print("#", (done.stdout + done.stderr)[-2000:].replace("\n", "\n# "), flush=True)
    return passed


def main():
    build = sys.argv[1]
    print(f"1..{len(ALL) + 1}")
    done = stress(build, SECONDS)
    good = point(1, "every answer is one a server may give", done.returncode == 0, done)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(lambda name: stress(build, SECONDS_WITH_A_LIE, "--lie", name), ALL)
        for number, (name, done) in enumerate(zip(ALL, runs), 2):
            good &= point(number, f"it is noticed: {name}", is_noticed(done), done)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
