#!/usr/bin/env python3
"""ImapFlow (Node.js): COMPRESS, CONDSTORE and QRESYNC, mail read, moved, deleted, IDLE.

The library is taken from the npm registry into the build folder, its versions and digests are
written in imapflow/package-lock.json."""
import pathlib
import shutil
import subprocess
import sys

import check
from check import must
from person import Person

HERE = pathlib.Path(__file__).resolve().parent / "imapflow"


def installed(build):
    """The folder with the library, or why it is not there."""
    folder = pathlib.Path(build) / "imapflow"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    mark = folder / "installed"
    if not mark.exists() or mark.read_bytes() != lock:
        for path in HERE.glob("package*.json"):
            shutil.copy(path, folder)
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                               "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
                               "--fetch-timeout=20000"],
                              cwd=folder, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            return None, (done.stderr.strip().splitlines() or ["npm failed"])[0]
        mark.write_bytes(lock)
    shutil.copy(HERE / "day.mjs", folder)
    return folder, None


def obstacle():
    """What is missing on this machine, if anything."""
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    if missing:
        return f"{' and '.join(missing)} missing"
    version = check.run("node", "--version").strip()
    recent = int(version[1:].partition(".")[0]) >= 20
    return None if recent else f"it needs Node.js 20, not {version}"


def a_day_with_imapflow(office):
    person = Person(office, "ivo", ["One", "Two", "Three", "Four"])
    day = subprocess.Popen(["node", library / "day.mjs", str(office.port("imaps")),
                            person.user.address, person.user.password, person.certificate],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True)
    try:
        must(day.stdout.readline() == "idle?\n", "it idles")
        person.add("News")
        out, errors = day.communicate("go on\n", timeout=60)
    finally:
        day.kill()
    must(day.returncode == 0 and out == "done\n", f"the day ends well: {out}{errors}")
    far = person.far()
    must(list(far) == ["One", "Four", "News"], f"{far}")
    must("\\Seen" in far["One"] and "$Forwarded" in far["One"], f"flags: {far}")
    must(list(person.far("Projects/2026")) == ["Two"], "one was moved")
    must(list(person.far("Sent")) == ["Kept"], "one was kept")
    person.end()


if __name__ == "__main__":
    build = next((word for word in sys.argv[1:2] if not word.startswith("-")), "build")
    why = obstacle()
    library, why = (None, why) if why else installed(build)
    if not library:
        print(f"1..0 # SKIP ImapFlow cannot be installed: {why}")
        sys.exit(0)
    check.main([a_day_with_imapflow])
