#!/usr/bin/env python3
"""A short run of the stress program, and the proof that it notices falsified answers. TAP."""
import pathlib
import subprocess
import sys

from liar import LIES

SEED = 4711
SECONDS = 15


def stress(build, *options):
    command = [sys.executable, pathlib.Path(__file__).with_name("stress.py"), build,
               "--seconds", SECONDS, "--seed", SEED, *options]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=240)


def point(number, name, passed, done):
    print(f"{'ok' if passed else 'not ok'} {number} - {name}", flush=True)
    if not passed:
        print("#", (done.stdout + done.stderr)[-2000:].replace("\n", "\n# "), flush=True)
    return passed


def main():
    build = sys.argv[1]
    print(f"1..{len(LIES) + 1}")
    done = stress(build)
    good = point(1, "every answer is one a server may give", done.returncode == 0, done)
    for number, name in enumerate(LIES, 2):
        done = stress(build, "--lie", name)
        found = done.returncode == 1 and "violation: Violation: " in done.stdout
        good &= point(number, f"it is noticed: {name}", found, done)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
