"""Checks of one test program, told in TAP: each is a function that raises when it fails."""
import argparse
import pathlib
import shutil
import subprocess
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from office import Office  # noqa: E402


class Failed(Exception):
    pass


def must(condition, what):
    if not condition:
        raise Failed(what)


def run(*command, text=None, status=0, seconds=120):
    """Runs a client; its whole output comes back. STATUS: what it must end with."""
    done = subprocess.run([str(word) for word in command], input=text, capture_output=True,
                          timeout=seconds, text=True, errors="replace")
    output = done.stdout + done.stderr
    if done.returncode != status:
        raise Failed(f"{command[0]} ended with {done.returncode}, not {status}:\n{output[-3000:]}")
    return output


def is_recording(office):
    """Then a client must say its password in a way that can be said again: not by SCRAM."""
    return hasattr(office, "recorder")


def main(checks, needs=(), **office_options):
    """Runs CHECKS (functions of the office) against one daemon and exits."""
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--only", help="run the checks whose name holds this")
    options.add_argument("--record", metavar="FOLDER", type=pathlib.Path,
                         help="write what was said as conversations for talk/run.py")
    chosen = options.parse_args()
    missing = [name for name in needs if not shutil.which(name)]
    if missing:
        print(f"1..0 # SKIP {' '.join(missing)} is not installed")
        sys.exit(0)
    checks = [check for check in checks if not chosen.only or chosen.only in check.__name__]
    print(f"1..{len(checks)}")
    failed = 0
    office_type = Office
    if chosen.record:
        from recorder import DOMAIN, RecordedOffice, recorded
        office_type, office_options["domain"] = RecordedOffice, DOMAIN
        program = pathlib.Path(sys.argv[0]).stem
        checks = [recorded(check, chosen.record, program) for check in checks]
    with office_type.open(chosen.build, **office_options) as office:
        for number, check in enumerate(checks, 1):
            failed += not point(office, number, check)
        status = office.stop()
        if status != 0:
            print(f"# the daemon ended with {status}")
            print("#", office.log_tail().replace("\n", "\n# "))
            failed += 1
    sys.exit(1 if failed else 0)


def point(office, number, check):
    name, begin = check.__name__.replace("_", " "), time.monotonic()
    try:
        check(office)
        must(office.daemon.poll() is None, "the daemon lives")
    except Exception as problem:  # whatever it is, the check has failed and the next one is run
        print(f"not ok {number} - {name}")
        text = str(problem) if isinstance(problem, Failed) else traceback.format_exc()
        print("#", (text + "\n" + office.log_tail(12)).replace("\n", "\n# "), flush=True)
        return False
    print(f"ok {number} - {name}\n# {time.monotonic() - begin:.1f} s", flush=True)
    return True
