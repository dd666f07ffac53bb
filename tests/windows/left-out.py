#!/usr/bin/env python3
"""What of the Linux suites did not run as a Windows program: whole tests, which is a fault, and
points that were skipped, with the reason each gives.

    left-out.py LINUX-BUILD WINDOWS-BUILD SUITE…
"""
import json
import pathlib
import re
import subprocess
import sys

SKIP = re.compile(r"^ok \d+ (?:- )?(\S+).*# ?SKIP ?(.*)$", re.M | re.I)


def tests_of(build, suites):
    """{name} of the tests in SUITES."""
    listed = json.loads(subprocess.run(["meson", "introspect", "--tests", build], check=True,
                                       capture_output=True, text=True).stdout)
    return {test["name"] for test in listed
            if any(suite.partition(":")[2] in suites for suite in test["suite"])}


def skipped(build):
    for log in pathlib.Path(build, "meson-logs").glob("run*.json"):
        for line in log.open(encoding="utf-8", errors="replace"):
            test = json.loads(line)
            for point, reason in SKIP.findall(test.get("stdout", "")):
                yield f"{test['name']}: {point}: {reason or 'it does not say why'}"


def main():
    linux, windows, *suites = sys.argv[1:]
    missing = sorted(tests_of(linux, suites) - tests_of(windows, suites))
    points = sorted(skipped(windows))
    print("Of the suites", *suites, "these cannot run as Windows programs:",
          *(missing + points or ["none"]), sep="\n  ")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
