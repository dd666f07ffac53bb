#!/usr/bin/env python3
"""Holds MUSTS.md against the tests: what is named there must exist, and every paragraph with a MUST must be in it.

    musts.py [--self-test]      prints TAP"""
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
# The paragraphs in which MUST, MUST NOT or REQUIRED stands. Of RFC 9989 and RFC 8617 those for who receives and who sends.
PARAGRAPHS = {
    "7208": "2.2 2.4 3.1 3.2 3.3 3.5 4 4.3 4.6.4 5.1 5.4 5.5 6 6.1 6.2 7.3 8.2 9.1",
    "6376": "3.2 3.3 3.3.3 3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.5 3.6.1 3.6.2.2 3.7 3.9 5.1 5.3 5.4 5.4.2 5.5 5.6 6.1 6.1.1 6.1.2 6.1.3",
    "8301": "1 3.1 3.2",
    "8463": "5",
    "9989": "4.5 4.7 4.10.1 5.1 5.1.6 5.1.8 5.2 5.3.1 5.3.3 5.3.7 5.4 7.4 8",
    "8617": "4.1.1 4.1.2 4.1.3 4.2.1 5.1 5.1.2 5.2",
    "8601": "2.2 2.3 2.5 2.7 2.7.6 2.7.7 3 4 4.1 5",
}
ROW = re.compile(r"^\| (\d{4}) \| ([\d.]+) \| (.+?) \| (.+) \|$")
NAMED = re.compile(r'([^\s;"]+)((?: "[^"]+")*)(?:; |$)')


def read_rows(text):
    for line in text.splitlines():
        found = ROW.match(line)
        if found:
            yield found.groups()
        elif line.startswith("|") and not line.startswith(("| RFC", "|---")):
            raise ValueError(f"not a row: {line}")


def read_units():
    """{"/spf/check": its source}; only of programs that are built."""
    built = (TESTS / "unit" / "meson.build").read_text()
    units = {}
    for path in sorted((TESTS / "unit").glob("test-*.c")):
        if f"'{path.stem.removeprefix('test-')}'" in built:
            source = path.read_text()
            units.update({name: source for name in re.findall(r'_add(?:_\w+)? \("(/[^"]+)"', source)})
    return units


def problem_of(named, units):
    name, words = named[1], re.findall(r'"([^"]+)"', named[2])
    if name.startswith("/"):
        source = units.get(name)
    else:
        path = TESTS / name
        source = path.read_text() if path.is_file() else None
    if source is None:
        return f"there is no test {name}"
    lost = [word for word in words if word not in source]
    return f"{name} does not hold {lost}" if lost else None


def problems_of(row, units):
    tests = row[3]
    if tests.startswith("– "):
        return [] if len(tests) > 10 else ["no reason is given"]
    named = list(NAMED.finditer(tests))
    if "".join(one[0] for one in named) != tests:
        return [f"cannot read {tests}"]
    return [problem for problem in (problem_of(one, units) for one in named) if problem]


def check(text, units):
    """(what, problems) for each row, and for the table as a whole."""
    rows = list(read_rows(text))
    for row in rows:
        yield f"RFC {row[0]} §{row[1]}: {row[2]}", problems_of(row, units)
    for rfc, paragraphs in PARAGRAPHS.items():
        there = {row[1] for row in rows if row[0] == rfc}
        yield f"RFC {rfc}: every paragraph with a MUST", [f"§{lost} is left out" for lost in paragraphs.split() if lost not in there]


def self_test(text, units):
    """Each falsified table must be noticed."""
    lies = {"a test that is gone": ("/spf/check", "/spf/chek"), "a row that is gone": ('"two.example"', '"too.example"'),
            "a program that is gone": ("authentication/run.py", "authentication/ran.py"),
            "a list that cannot be read": ('/spf/check; auth', '/spf/check, auth'),
            "a paragraph that is gone": ("| 7208 | 3.2 |", "| 7208 | 3.9 |"), "a word that is gone": ('"check_dmarc"', '"check_dmark"')}
    for what, (old, new) in lies.items():
        assert old in text
        yield f"notices {what}", [] if any(problems for _, problems in check(text.replace(old, new), units)) else ["not noticed"]


def main():
    text, units = (TESTS / "authentication" / "MUSTS.md").read_text(), read_units()
    points = list((self_test if "--self-test" in sys.argv else check)(text, units))
    print(f"1..{len(points)}")
    for number, (what, problems) in enumerate(points, 1):
        print(f"{'not ok' if problems else 'ok'} {number} - {what.replace('#', '')}")
        for problem in problems:
            print(f"# {problem}")
    return 1 if any(problems for _, problems in points) else 0


if __name__ == "__main__":
    sys.exit(main())
