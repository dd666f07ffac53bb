"""The daemon is killed (SIGKILL) again and again while it sends: no mail is lost, and what came twice lies in the window
of RFC 1047: its other server had said 250 just before the kill. kills.py BUILD [KILLS]. Prints TAP."""
import concurrent.futures
import os
import random
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time

import run as peers
from counting import CountingServer, now
from office import tls_client
from tally import Cut, Tally

MAILS_A_KILL = 40
SHIM = "tests/crash/hauspostd-shim"


def submit(world, part):
    user = world.anna
    with smtplib.SMTP("127.0.0.1", world.office.port("submission"), "client.example", timeout=120) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        for number in part:
            smtp.sendmail(user.address, [f"r{number}@plain"], f"From: <{user.address}>\r\nSubject: {number}\r\n\r\nText\r\n")


def begin(world):
    """Above the recording shim, which knows when commits ended."""
    office = world.office
    office.start(program=SHIM, environment={"HAUSPOST_TRACE_ROOT": str(office.data), "HAUSPOST_TRACE_LOG": str(office.folder / "trace")})


def kill(world):
    office = world.office
    office.stop(signal.SIGKILL)
    moment = now()
    line = office.programs.line("tests/crash/disk-after-cut", office.folder / "trace", "--syncs", "store.db-wal")
    syncs = subprocess.run(line, check=True, capture_output=True, text=True).stdout.split()
    return Cut.by_commits(moment, [int(sync) for sync in syncs])


def kill_while_sending(world, kills):
    mails = kills * MAILS_A_KILL
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: submit(world, range(i, mails, 8)), range(8)))
    world.office.stop()
    begin(world)
    server = CountingServer("127.0.0.2")
    chance, cuts = random.Random(kills), []
    world.office.command("queue", "retry", "all")
    for _ in range(kills):
        before, until = len(server.arrivals), time.monotonic() + 2
        while len(server.arrivals) == before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.1)
        cuts.append(kill(world))
        begin(world)
    world.office.command("queue", "retry", "all")
    peers.wait_until(lambda: world.queue() == [], "an empty queue", 120)
    server.close()
    tally = Tally([f"r{number}@plain" for number in range(mails)], server.arrivals, cuts)
    print(f"# {mails} mails, {kills} kills: {tally}")
    assert not tally.problems(), tally.problems()[:10]


def main(build, kills):
    peers.enter_namespace()
    print("1..1", flush=True)
    folder = tempfile.mkdtemp(prefix="hauspost-kills-")
    world = peers.World(build, folder)
    try:
        kill_while_sending(world, kills)
        print("ok 1 - nothing is lost, and what came twice could not be known", flush=True)
    except Exception as problem:
        print(f"not ok 1 - nothing is lost, and what came twice could not be known\n# {problem!r}")
        print("# " + world.office.log_tail(20).replace("\n", "\n# "), flush=True)
    finally:
        world.stack.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
