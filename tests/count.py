#!/usr/bin/env python3
"""Adds the points of one `meson test` run to the results and shows what failed.

    count.py RUN.json STATUS MESON-OUTPUT RESULTS FAILURES
"""
import json
import pathlib
import re
import sys

POINT = re.compile(r"^(not ok|ok)\b(.*)$", re.M)
TAIL = 40  # lines of a failing test that are shown


def count(test):
    """Passed, failed and skipped points of one test; a program without TAP is one point."""
    output = test.get("stdout", "")
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    if test["result"] == "SKIP":
        return 0, 0, 1
    passed = failed = skipped = 0
    for word, rest in POINT.findall(output):
        if re.search(r"#\s*skip", rest, re.I):
            skipped += 1
        elif word == "ok":
            passed += 1
        else:
            failed += 1
    if not good and not failed:
        failed = 1
    if good and not passed + failed + skipped:
        passed = 1
    return passed, failed, skipped


def why(test):
    """One line: its name, how it ended, the point that failed or its last word."""
    lines = (test.get("stdout", "") + test.get("stderr", "")).splitlines()
    last = next((line for line in lines if line.startswith(("not ok", "Bail out"))), None)
    last = last or next((line for line in reversed(lines) if line.strip() and not line.startswith("(test program")), "")
    return f"{test['name'].split(' / ')[-1]} ({test['result']}): {last.strip()}"


def note_failure(path, text):
    with open(path, "a", encoding="utf-8") as file:
        print(f"  {text[:200]}", file=file)


def show(test):
    print(f"\nFAILED: {test['name']} ({test['result']}, {test.get('duration', 0):.1f} s)")
    lines = test.get("stdout", "").splitlines()
    faults = [line for line in lines if line.startswith(("not ok", "Bail out"))]
    for line in faults[:20]:
        print("  ", line)
    print("   … the end of what it said:")
    for line in (lines + test.get("stderr", "").splitlines())[-TAIL:]:
        print("  ", line)


def main():
    log, status, output, results, failures = sys.argv[1:]
    tests = []
    if pathlib.Path(log).exists():
        tests = [json.loads(line) for line in open(log, encoding="utf-8", errors="replace")]
    total = [0, 0, 0]
    for test in tests:
        points = count(test)
        total = [sum(pair) for pair in zip(total, points)]
        if points[1]:
            show(test)
            note_failure(failures, why(test))
    if not tests or (status != "0" and not total[1]):
        print("meson said:", pathlib.Path(output).read_text(errors="replace")[-2000:])
        note_failure(failures, f"meson ended with {status}")
        total[1] += status != "0"
    print(f"{len(tests)} programs: {total[0]} passed, {total[1]} failed, {total[2]} skipped")
    with open(results, "a", encoding="utf-8") as file:
        print(*total, file=file)


if __name__ == "__main__":
    main()
