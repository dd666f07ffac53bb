#!/usr/bin/env python3
"""The whole daemon, through its protocols, against power cuts, kills and failing disks: what it
acknowledged by SMTP, LMTP and IMAP must be there afterwards, with its bytes, UID, MODSEQ and flags.

    daemon.py BUILD cut [--points N]      cuts the power at points of the recorded life of a daemon
    daemon.py BUILD kill [--times N]      kills a busy daemon, again and again on the same folder
    daemon.py BUILD fault [--every N]     lets the operations of the disk fail, one in each session
    daemon.py BUILD rebuild               loses store.db: the mail comes back from the segments
"""
import argparse
import base64
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import shadow  # noqa: E402
from office import Office, OfficeError, User  # noqa: E402
from office_faults import Sweep  # noqa: E402
from office_judge import Judge  # noqa: E402
from office_load import (COPIES, MOVES, READERS, Acks, Load, connect, deliver,  # noqa: E402
                         log_in, make_text, now, use_clock_of)
from office_rebuild import rebuild  # noqa: E402

PASSWORD = "the same for all"
SHIM = "tests/crash/hauspostd-shim"


def cheap_hash(password=PASSWORD):
    """The judge signs on many thousand times; what a good hash costs is not the question here."""
    salt = os.urandom(16)
    made = hashlib.scrypt(password.encode(), salt=salt, n=2, r=1, p=1, dklen=32)
    return "$scrypt$ln=1,r=1,p=1$" + "$".join(base64.b64encode(b).decode() for b in (salt, made))


def make_office(build, count):
    """A stopped office; deleted mail may be compacted at once."""
    office = Office.open(build)
    use_clock_of(office.programs)
    try:
        users = [User(f"user{number}@{office.domain}", PASSWORD) for number in range(count)]
        for user in users:
            status, answer = office.api("POST", f"/v1/users/{user.address}")
            if status != 200:
                raise OfficeError(f"{user.address}: {answer}")
        office.command("set", "store.undelete-time", "0s")
        office.stop()
        with sqlite3.connect(office.data / "store.db") as database:
            database.execute("UPDATE account SET hash = ?", (cheap_hash(),))
        database.close()
    except BaseException:
        office.close()
        raise
    return office, users


def live_before(office, users, acks, mails, seed):
    """A first life leaves mail in a segment that is not written to any more: most of it will be
    deleted, and compaction then rewrites that segment."""
    chance = random.Random(seed)
    office.start()
    for user in users[:READERS]:
        with log_in(office, user) as client:
            for name in (COPIES, MOVES):
                client.create(name)
        with connect(office, "smtp") as client:
            for number in range(mails):
                unique, text = make_text(chance, 1200000 if number == 0 else 3000)
                deliver(client, acks, [user.address], unique, text)
    office.stop()


def verdict(office, users, acks, moment, name, also=()):
    """Judges what is found in a running office; ALSO: problems that were found in another way."""
    judge = Judge(office, users, acks.before(moment))
    judge.problems += also
    judge.run()
    print(f"# {name}: {len(judge.rows)} rows of the diary, {judge.looked_for} mails looked for, "
          f"{len(judge.problems)} problems", flush=True)
    for problem in judge.problems[:20]:
        print(f"#   {problem}")
    return judge


def start_after_crash(office, seen):
    """Problems of the store as it lies there, and of what the daemon makes of it."""
    left = shadow.read_left(office.data)
    problems = shadow.compare(seen, left)
    office.start()
    opened = shadow.read_state(office.data / "store.db")
    if opened != left:
        problems.append("the start changed mailboxes or entries")
    return problems


def under_load(office, load, watcher, seconds):
    """SECONDS of work, and longer until everything has happened that is to be proved."""
    load.start()
    watcher.start()
    until, patience = time.monotonic() + seconds, time.monotonic() + seconds + 60
    while True:
        time.sleep(0.2)
        metrics = office.metrics() if time.monotonic() > until else None
        if metrics and metrics["hauspost_store_checkpoints_total"] > 0 and load.freed > 0:
            break
        if time.monotonic() > patience:
            raise OfficeError(f"no checkpoint or no compaction under load: {metrics}")
    load.stop()
    watcher.stop()
    print(f"# {len(load.acks.rows)} rows of the diary, {load.refused} refusals "
          f"({load.last_refusal}), {load.compactions} compactions freed {load.freed} bytes, "
          f"{metrics['hauspost_store_checkpoints_total']:.0f} checkpoints, "
          f"{len(watcher.samples)} looks at the store", flush=True)


def cut(build, arguments):
    """Records one life of a busy daemon, then opens disks cut from it."""
    office, users = make_office(build, arguments.users)
    acks = Acks()
    with office:
        live_before(office, users, acks, 60, arguments.seed)
        base, log = office.folder / "base", office.folder / "trace"
        shutil.copytree(office.data, base)
        watcher = shadow.Shadow(office.data)
        skip = {"HAUSPOST_SKIP_SYNCS": "yes"} if arguments.skip_syncs else {}
        name_of = office.programs.name_of
        office.start(program=SHIM, environment={"HAUSPOST_TRACE_ROOT": name_of(office.data),
                                                "HAUSPOST_TRACE_LOG": name_of(log), **skip})
        under_load(office, Load(office, users, acks, arguments.seed), watcher, arguments.seconds)
        office.stop()
        with subprocess.Popen(office.programs.line("tests/crash/disk-after-cut", log, base),
                              text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cutter:
            failed, text = cut_all(office, users, acks, watcher, cutter, arguments)
            cutter.stdin.close()
        return failed, text


def cut_all(office, users, acks, watcher, cutter, arguments):
    chance = random.Random(arguments.seed)
    total = int(cutter.stdout.readline())
    failed = looked_for = 0
    for number, point in enumerate(sorted(chance.choices(range(1, total + 1),
                                                         k=arguments.points))):
        kind = chance.choice(("loses", "mixes", "mixes"))
        print(f"{point} {kind} {arguments.seed + number} {office.programs.name_of(office.data)}",
              file=cutter.stdin, flush=True)
        moment = int(cutter.stdout.readline())
        seen = watcher.before(moment)
        name = f"record {point} of {total}, {kind}, {len(seen.entries)} entries seen"
        try:
            problems = start_after_crash(office, seen)
            judge = verdict(office, users, acks, moment, name, problems)
            office.stop()
        except (OfficeError, sqlite3.DatabaseError) as error:
            print(f"# {name}: {error}", flush=True)
            failed += 1
            office.stop()
            continue
        failed += bool(judge.problems)
        looked_for += judge.looked_for
    return failed, f"{arguments.points} power cuts, {looked_for} acknowledged mails looked for"


def kill(build, arguments):
    office, users = make_office(build, arguments.users)
    chance = random.Random(arguments.seed)
    acks, failed, looked_for = Acks(), 0, 0
    with office:
        live_before(office, users, acks, 20, arguments.seed)
        watcher = shadow.Shadow(office.data)
        for number in range(arguments.times):
            office.start()
            load = Load(office, users, acks, arguments.seed * 100 + number)
            load.start()
            watcher.start()
            time.sleep(chance.uniform(0.1, arguments.seconds / 4))
            office.stop(signal.SIGKILL)
            load.stop()
            watcher.stop()
            problems = start_after_crash(office, watcher.before(now()))
            judge = verdict(office, users, acks, now(), f"kill {number + 1}", problems)
            office.stop()
            failed += bool(judge.problems)
            looked_for += judge.looked_for
    return failed, f"{arguments.times} kills, {looked_for} acknowledged mails looked for"


def fault(build, arguments):
    """The daemon must live through each fault, lose nothing, say what is wrong and take mail
    again."""
    office, users = make_office(build, 3)
    orders, acks = office.folder / "orders", Acks()
    with office:
        live_before(office, users, acks, 3, arguments.seed)
        orders.write_text("")
        name_of = office.programs.name_of
        shim = {"program": SHIM, "environment": {"HAUSPOST_TRACE_ROOT": name_of(office.data),
                                                 "HAUSPOST_FAULT": name_of(orders)}}
        sweep = Sweep(office, users, acks, orders, shim, arguments.seed)
        sweep.judge = lambda name: verdict(office, users, acks, now(), name).problems
        return sweep.run(arguments.every, arguments.only)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("what", choices=("cut", "kill", "fault", "rebuild"))
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--points", type=int, default=8)
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--skip-syncs", action="store_true",
                        help="let no sync do anything: the judge must see losses")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", help="one fault: KIND NUMBER full|broken once|lasting")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--seed", type=int, default=random.randrange(100000))
    arguments = parser.parse_args()
    print(f"1..1\n# seed {arguments.seed}", flush=True)
    work = {"cut": cut, "kill": kill, "fault": fault, "rebuild": rebuild}[arguments.what]
    failed, text = work(os.path.abspath(arguments.build), arguments)
    well = failed > 0 if arguments.skip_syncs else failed == 0
    print(f"{'ok' if well else 'not ok'} 1 {text}, {failed} with losses"
          f"{' (expected: syncs did nothing)' if arguments.skip_syncs else ''}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
