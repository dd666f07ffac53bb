#!/usr/bin/env python3
"""Plays conversation scripts against a daemon of its own and reports in TAP.

    tests/talk/run.py [--build build] [--wrapper "COMMAND …"] [--share N/M] [SCRIPT.talk …]

One daemon serves all scripts; each script gets a domain of its own. Without names every *.talk of
this folder is played, and what was recorded of real clients.
"""
import argparse
import pathlib
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from conversation import Conversation, Failure  # noqa: E402
from office import IMPLICIT_TLS, Office, OfficeError  # noqa: E402
from script import ScriptError  # noqa: E402


class SharedOffice:
    """What a script may ask of the office."""

    def __init__(self, office, wrapper):
        self.office = office
        self.wrapper = wrapper
        self.hostname = office.hostname
        self.port = office.port
        self.command = office.command
        self.add_user = office.add_user

    def restart(self):
        status = self.office.stop()
        if status != 0:
            raise OfficeError(f"the daemon ended with {status}")
        self.office.start(self.wrapper)


def play(office, path, number):
    """One TAP point. The daemon must still live afterwards."""
    name = path.stem
    domain = f"t{number:03}.example"  # always as long: a recording holds the sizes of its mails
    try:
        office.command("domain", "add", domain)
        text = path.read_text(encoding="utf-8")
        Conversation(office, text, domain, IMPLICIT_TLS).play()
        if office.office.daemon.poll() is not None:
            raise OfficeError(f"the daemon ended with {office.office.daemon.returncode}")
    except Failure as failure:
        print(f"not ok {number} - {name}")
        comment(f"{path.name} {failure}\nexpected: {failure.expected}\ncame:     {failure.came}")
    except (OfficeError, ScriptError, OSError) as problem:
        print(f"not ok {number} - {name}")
        comment(f"{path.name}: {problem}")
    except Exception:  # a fault of the runner must fail the script and spare the others
        print(f"not ok {number} - {name}")
        comment(traceback.format_exc())
    else:
        print(f"ok {number} - {name}", flush=True)
        return True
    comment("the daemon's log ends:\n" + office.office.log_tail())
    return False


def comment(text):
    for line in text.splitlines():
        print("#", line)
    sys.stdout.flush()


def revive(office):
    """A script that killed the daemon must not fail those after it."""
    if office.office.daemon is None or office.office.daemon.poll() is not None:
        office.office.daemon = None
        office.office.start(office.wrapper)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--build", default="build")
    options.add_argument("--wrapper", default="", help="put before the daemon's command")
    options.add_argument("--keep", action="store_true", help="leave the data folder there")
    options.add_argument("--share", default="1/1", metavar="N/M", help="only every Mth script, from the Nth")
    options.add_argument("scripts", nargs="*", type=pathlib.Path)
    chosen = options.parse_args()
    scripts = chosen.scripts or sorted(HERE.glob("*.talk")) + sorted(HERE.glob("recorded/*.talk"))
    first, step = map(int, chosen.share.split("/"))
    scripts = scripts[first - 1::step]
    wrapper = chosen.wrapper.split()

    print(f"1..{len(scripts)}", flush=True)
    if not scripts:
        return 0
    failed = 0
    try:
        with Office.open(chosen.build, wrapper, keep=chosen.keep) as office:
            shared = SharedOffice(office, wrapper)
            for number, path in enumerate(scripts, 1):
                revive(shared)
                failed += not play(shared, path, number)
            status = office.stop()
            if status != 0:  # also how a sanitizer's report shows
                comment(f"the daemon ended with {status}\n{office.log_tail(60)}")
                failed += 1
    except OfficeError as problem:
        print(f"Bail out! {str(problem).splitlines()[0]}")
        comment(str(problem))
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
