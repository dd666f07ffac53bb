"""The daemon is killed (SIGKILL) again and again while it sends: no mail is lost, and only what another server had
just taken comes twice (RFC 1047). kills.py BUILD [KILLS]. Prints TAP."""
import collections
import concurrent.futures
import os
import random
import shutil
import signal
import smtplib
import sys
import tempfile
import time

import run as peers
from office import tls_client

MAILS_A_KILL = 40


def submit(world, part):
    user = world.anna
    with smtplib.SMTP("127.0.0.1", world.office.port("submission"), "client.example", timeout=120) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        for number in part:
            smtp.sendmail(user.address, [f"r{number}@plain"], f"From: <{user.address}>\r\nSubject: {number}\r\n\r\nText\r\n")


def kill_while_sending(world, kills):
    mails = kills * MAILS_A_KILL
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: submit(world, range(i, mails, 8)), range(8)))
    sink = peers.Sink(world.folder, "127.0.0.2")
    chance = random.Random(kills)
    world.office.command("queue", "retry", "all")
    for _ in range(kills):
        before = sink.mails()
        until = time.monotonic() + 2
        while sink.mails() == before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.1)
        world.office.stop(signal.SIGKILL)
        world.office.start()
    world.office.command("queue", "retry", "all")
    peers.wait_until(lambda: world.queue() == [], "an empty queue", 120)
    counts = collections.Counter(sink.recipients())
    sink.close()
    lost = [number for number in range(mails) if not counts[f"r{number}@plain"]]
    doubles = sum(count - 1 for count in counts.values())
    most = kills * 10  # the connections to one domain: what each had on its way
    print(f"# {mails} mails, {kills} kills: {len(lost)} lost, {doubles} came twice (at most {most} were on their way)")
    assert not lost, lost[:10]
    assert doubles <= most, doubles


def main(build, kills):
    peers.enter_namespace()
    print("1..1", flush=True)
    folder = tempfile.mkdtemp(prefix="hauspost-kills-")
    world = peers.World(build, folder)
    try:
        kill_while_sending(world, kills)
        print("ok 1 - nothing is lost", flush=True)
    except Exception as problem:
        print(f"not ok 1 - nothing is lost\n# {problem!r}")
        print("# " + world.office.log_tail(20).replace("\n", "\n# "), flush=True)
    finally:
        world.stack.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
