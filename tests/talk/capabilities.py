#!/usr/bin/env python3
"""Compares what an IMAP session advertises with the table of tests/README.md, and reports in TAP.

    tests/talk/capabilities.py [--build build]

A row is `| capability | RFC sections | when | scripts |`; WHEN says in which states it is advertised.
Fails when a capability has no row, a row is not advertised, or a script is not there.
"""
import argparse
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from office import Office, OfficeError  # noqa: E402
from wire import Wire  # noqa: E402

README = HERE.parent / "README.md"
HEADING = "| capability | RFC sections | when | scripts |"
SECONDS = 15

# What a session says before TLS (passwords taken or refused there), before the login, after it.
WHEN = {
    "always": {"clear", "refusing", "secure", "known"},
    "before TLS": {"clear", "refusing"},
    "before login": {"clear", "secure"},
    "before login with TLS": {"secure"},
    "passwords refused": {"refusing"},
    "logged in": {"known"},
}


def table(text):
    """{capability: (states, [script …])} of the README's table."""
    lines = text.partition(HEADING)[2].splitlines()[2:]
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            break
        name, _, when, scripts = (cell.strip() for cell in line.strip("|").split("|"))
        rows[name] = (WHEN.get(when), re.findall(r"[\w-]+", scripts))
    return rows


def problems(rows, said):
    """One line for each disagreement; SAID is {state: set of capabilities}."""
    found = []
    for name, (states, scripts) in rows.items():
        if states is None:
            found.append(f"{name}: the table does not say when, out of {', '.join(WHEN)}")
            continue
        found += [f"{name}: not advertised while {state}" for state in sorted(states)
                  if name not in said[state]]
        found += [f"{name}: there is no {script}.talk" for script in scripts
                  if not (HERE / f"{script}.talk").exists()]
        if not scripts:
            found.append(f"{name}: no script")
    for state, names in said.items():
        found += [f"{name}: advertised while {state}, which the table does not say"
                  for name in sorted(names) if state not in (rows.get(name, ((), ()))[0] or ())]
    return found


def ask(wire, command="CAPABILITY"):
    """The capabilities that COMMAND's answers list; the tagged one must be OK."""
    wire.send(f"x {command}\r\n".encode())
    names = set()
    while True:
        line = wire.line(time.monotonic() + SECONDS)
        if line is None:
            raise OfficeError(f"the connection ended after {command.split()[0]}")
        listed = re.match(r"\* CAPABILITY (.*)|x OK \[CAPABILITY ([^]]*)\]", line.decode())
        if listed:
            names |= set((listed[1] or listed[2]).split())
        if line.startswith(b"x "):
            break
    if not line.startswith(b"x OK"):
        raise OfficeError(f"{command.split()[0]}: {line.decode()}")
    return names


def connect(office, service):
    wire = Wire(("127.0.0.1", office.port(service)), office.hostname, service == "imaps")
    greeting = wire.line(time.monotonic() + SECONDS).decode()
    listed = set(re.search(r"\[CAPABILITY ([^]]*)\]", greeting)[1].split())
    if ask(wire) != listed:
        raise OfficeError("the greeting and CAPABILITY differ")
    return wire, listed


def listen(office):
    user = office.add_user("anna")
    said = {}
    said["clear"] = connect(office, "imap")[1]
    wire, said["secure"] = connect(office, "imaps")
    said["known"] = ask(wire, f"LOGIN {user.address} {user.password}")
    if ask(wire) != said["known"]:
        raise OfficeError("the login's answer and CAPABILITY differ")
    office.command("set", "login.plaintext-passwords", "never")
    said["refusing"] = connect(office, "imap")[1]
    return said


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--build", default="build")
    chosen = options.parse_args()
    rows = table(README.read_text(encoding="utf-8"))

    print("1..3")
    try:
        with Office.open(chosen.build) as office:
            said = listen(office)
    except OfficeError as problem:
        print(f"Bail out! {problem}")
        return 1
    found = problems(rows, said)
    for line in found:
        print("#", line)
    print("not ok" if found else "ok", 1, "- the table says what the daemon says")
    # A check that cannot fail proves nothing.
    name = next(iter(rows), "X")
    unlisted = problems({key: rows[key] for key in rows if key != name}, said)
    unsaid = problems({**rows, "X-NOTHING": (WHEN["always"], ["no-such-script"])}, said)
    print("ok" if len(unlisted) > len(found) else "not ok", 2, "- a missing row is seen")
    print("ok" if len(unsaid) == len(found) + 5 else "not ok", 3, "- a row too many is seen")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
