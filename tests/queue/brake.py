"""A user whose password somebody else knows, in a network namespace: the mail is held, the administrator
told, others are not touched, one command releases or locks. And mail that waits for its time.
brake.py BUILD. Prints TAP."""
import contextlib
import email
import email.policy
import imaplib
import json
import pathlib
import re
import smtplib
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
from knot import Knot, Zone  # noqa: E402
from office import Office, User, tls_client  # noqa: E402
from run import Sink, enter_namespace, wait_until  # noqa: E402

ZONES = {
    "spread.": Zone("* MX 10 mx\nmx A 127.0.0.2"),  # d1.spread, d2.spread …: a domain for each victim
    "takes.": Zone("@ MX 10 mx\nmx A 127.0.0.3"),
    "refuses.": Zone("@ MX 10 mx\nmx A 127.0.0.4"),
}
SPAM = 500


class World:
    def __init__(self, build, folder):
        self.folder = folder
        self.stack = contextlib.ExitStack()
        self.knot = self.stack.enter_context(Knot(folder, ZONES, root="mail.office.example. A 127.0.0.1"))
        self.office = office = self.stack.enter_context(Office.open(build))
        self.boss = User(f"boss@{office.domain}", "boss-of-all-this")
        office.command("user", "add", self.boss.address, "--administrator", "--password-stdin",
                       text=self.boss.password + "\n")
        self.anna, self.bert, self.carl, self.dora = (office.add_user(name) for name in ("anna", "bert", "carl", "dora"))
        for setting in (("dns.forwarders", self.knot.forwarder), ("queue.retry-time", "1s"),
                        ("submission.user-hour", "0"), ("brake.calm-time", "0s")):
            office.command("set", *setting)
        office.stop()
        (office.data / "dns" / "root.key").write_text(self.knot.anchor)
        for old in (office.data / "dns").glob("root.key.*"):
            old.unlink()
        office.start()
        self.spread = self.sink("127.0.0.2")
        self.takes = self.sink("127.0.0.3")
        self.refuses = self.sink("127.0.0.4", "-f", "RCPT", "-B", "550 5.1.1 There is no such person")

    def sink(self, address, *options):
        sink = Sink(self.folder, address, *options)
        self.stack.callback(sink.close)
        return sink

    def log_in(self, user):
        smtp = smtplib.SMTP("127.0.0.1", self.office.port("submission"), "client.example", timeout=30)
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        return smtp

    def send(self, user, *to, options=()):
        """What was answered in the end."""
        with self.log_in(user) as smtp:
            return submit(smtp, user, *to, options=options)

    def inbox(self, user):
        with imaplib.IMAP4("127.0.0.1", self.office.port("imap")) as imap:
            imap.login(user.address, user.password)
            imap.select("INBOX")
            numbers = imap.search(None, "ALL")[1][0].split()
            return [email.message_from_bytes(imap.fetch(number, "(BODY.PEEK[])")[1][0][1],
                                             policy=email.policy.default) for number in numbers]

    def notices(self, user):
        return [mail for mail in self.inbox(self.boss) if f"brake release {user.address}" in mail.get_content()]

    def queue(self, user=None):
        rows = json.loads(self.office.command("queue", "list", "--json"))
        return [row for row in rows if user is None or row["sender"] == user.address]

    def wait_for_empty_queue(self, user=None):
        try:
            wait_until(lambda: not self.queue(user), "an empty queue", 120)
        except AssertionError as error:
            rows = self.queue(user)
            raise AssertionError(f"{error}; {len(rows)} are left, the first: {rows[:2]}") from None

    def brake(self, user):
        return next((brake for brake in json.loads(self.office.command("brake", "list", "--json"))
                     if brake["address"] == user.address), None)


def submit(smtp, user, *to, options=()):
    code, reply = smtp.mail(user.address, options)
    for recipient in to if code == 250 else ():
        code, reply = smtp.rcpt(recipient)
    if code == 250:
        code, reply = smtp.data(f"From: <{user.address}>\r\nSubject: x\r\n\r\nx\r\n".encode())
    return code, reply.decode()


def flood(world, user, first, count):
    """Mails to as many domains, by one connection; how many were taken before the first that is held."""
    free = None
    with world.log_in(user) as smtp:
        for number in range(first, first + count):
            code, reply = submit(smtp, user, f"victim{number}@d{number}.spread")
            assert code == 250, (number, code, reply)
            if free is None and "held" in reply:
                free = number - first
            assert free is None or "held" in reply, (number, reply)
    return free


def check_braked(world):
    """500 mails of a hacked account to new destinations: held from one on, none refused"""
    world.free = flood(world, world.anna, 0, SPAM)
    assert world.free is not None, "nothing was held"
    brake = world.brake(world.anna)
    assert brake["reason"] == "new-recipients" and not brake["locked"], brake
    time.sleep(1)
    world.left = world.spread.mails()
    print(f"# braked after {world.free} mails; {world.left} of {SPAM} had left, {brake['held']} are held")
    assert world.free == 60 and world.left <= world.free, (world.free, world.left)
    assert brake["held"] == SPAM - world.left, brake


def check_administrator_is_told(world):
    """by one mail, with the commands"""
    notice = wait_until(lambda: world.notices(world.anna), "a mail to the administrator")
    assert len(notice) == 1
    said = " ".join(notice[0].get_content().split())
    assert "61 people for the first time" in said, said
    assert "Users whose mail is held: 1" in world.office.command("status")
    wait_until(lambda: re.search(r"(?m)^hauspost_brakes_total 1$", world.office.command("metrics")), "the metric")
    assert re.search(r"(?m)^hauspost_braked_users 1$", world.office.command("metrics"))


def check_others_send(world):
    """other users are not touched, and people here are reached"""
    assert "held" not in world.send(world.bert, "friend@takes")[1]
    wait_until(lambda: world.takes.recipients() == ["friend@takes"], "bert's mail")
    before = len(world.inbox(world.bert))
    assert "held" not in world.send(world.anna, world.bert.address)[1]
    assert len(world.inbox(world.bert)) == before + 1


def check_trace_tells(world):
    """in plain words"""
    told = world.office.command("trace", "victim400@d400.spread")
    assert "held back from victim400@d400.spread, as its sender's account may be hacked" in told, told
    assert "held by the brake" in world.office.command("queue")


def check_restart(world):
    """a restart changes nothing, and tells nobody again"""
    world.office.stop()
    world.office.start()
    time.sleep(1.5)
    assert world.spread.mails() == world.left, "held mail has left"
    assert world.brake(world.anna)["held"] == SPAM - world.left
    assert len(world.notices(world.anna)) == 1
    assert "held" in world.send(world.anna, "one-more@d9999.spread")[1]


def check_release(world):
    """the held mail leaves, each once"""
    world.office.command("brake", "release", world.anna.address)
    world.wait_for_empty_queue()
    wanted = sorted([f"victim{number}@d{number}.spread" for number in range(SPAM)] + ["one-more@d9999.spread"])
    assert world.spread.recipients() == wanted, "not each once"
    assert world.brake(world.anna) is None
    assert "held" not in world.send(world.anna, "friend@takes")[1]
    assert "let" in world.office.command("trace", "victim400@d400.spread")


def check_bounces(world):
    """mail that comes back trips it as well"""
    with world.log_in(world.dora) as smtp:
        for number in range(30):
            submit(smtp, world.dora, f"nobody{number}@refuses")
    wait_until(lambda: world.brake(world.dora), "the brake")
    brake = world.brake(world.dora)
    assert brake["reason"] == "bounces" and brake["count"] > 20, brake
    wait_until(lambda: world.notices(world.dora), "a mail to the administrator")
    assert "held" in world.send(world.dora, "friend@takes")[1]
    world.office.command("brake", "release", world.dora.address)


def refused_login(world, user):
    try:
        world.log_in(user).close()
    except smtplib.SMTPAuthenticationError:
        return True
    return False


def check_lock(world):
    """locked: sessions end, nobody logs in, the mail goes away or back"""
    before = world.spread.mails()
    free = flood(world, world.carl, 1000, 70)
    assert free == 60, free
    imap = imaplib.IMAP4("127.0.0.1", world.office.port("imap"))
    imap.login(world.carl.address, world.carl.password)
    world.office.command("brake", "lock", world.carl.address)
    try:
        imap.noop()
        raise AssertionError("the session goes on")
    except (imaplib.IMAP4.abort, OSError):
        pass
    assert refused_login(world, world.carl)
    assert world.brake(world.carl)["locked"]
    world.office.stop()
    world.office.start()
    assert refused_login(world, world.carl), "a restart has unlocked it"
    held = world.brake(world.carl)["held"]
    row = world.queue(world.carl)[0]["id"]
    world.office.command("queue", "remove", str(row))
    world.office.command("brake", "remove", world.carl.address)
    assert world.queue(world.carl) == []
    assert world.spread.mails() == before + 70 - held, "held mail has left"
    world.office.command("brake", "release", world.carl.address)
    assert not refused_login(world, world.carl)
    assert world.spread.mails() == before + 70 - held, "removed mail has left"


def check_device(world):
    """a scanner hands in mail for people here and reads none"""
    device = world.office.add_user("scanner")
    world.office.command("user", "device", device.address)
    assert world.send(device, world.bert.address)[0] == 250
    code, reply = world.send(device, "friend@takes")
    assert code == 550 and "device" in reply, reply
    with imaplib.IMAP4("127.0.0.1", world.office.port("imap")) as imap:
        try:
            imap.login(device.address, device.password)
            raise AssertionError("a device reads mail")
        except imaplib.IMAP4.error:
            pass
    world.office.command("user", "device", device.address, "--to", "takes")
    assert world.send(device, "friend@takes")[0] == 250


def check_future(world):
    """mail with HOLDFOR waits, over a restart, and then comes once, here and elsewhere"""
    before = len(world.inbox(world.bert))
    start = time.time()
    code, reply = world.send(world.anna, "future@takes", world.bert.address, options=("HOLDFOR=15",))
    assert code == 250 and "to be sent at" in reply, reply
    rows = world.queue(world.anna)
    assert len(rows) == 2 and all(row["released"] >= int(start) + 15 for row in rows), rows
    assert "not before" in world.office.command("trace", "future@takes")
    world.office.command("queue", "retry", "all")  # that is for mail that was tried
    world.office.stop()
    world.office.start()
    assert "future@takes" not in world.takes.recipients() and len(world.inbox(world.bert)) == before
    wait_until(lambda: "future@takes" in world.takes.recipients(), "the mail elsewhere")
    assert time.time() >= start + 15, "too early"
    wait_until(lambda: len(world.inbox(world.bert)) == before + 1, "the mail here")
    world.wait_for_empty_queue(world.anna)
    assert world.takes.recipients().count("future@takes") == 1


CHECKS = [check_braked, check_administrator_is_told, check_others_send, check_trace_tells, check_restart,
          check_release, check_bounces, check_lock, check_device, check_future]


def main():
    enter_namespace()
    print(f"1..{len(CHECKS)}", flush=True)
    failed = False
    with tempfile.TemporaryDirectory(prefix="hauspost-brake-") as folder:
        world = World(sys.argv[1], folder)
        with world.stack:
            for number, check in enumerate(CHECKS, 1):
                try:
                    check(world)
                    print(f"ok {number} - {check.__doc__}", flush=True)
                except Exception:  # each is told, the others go on
                    failed = True
                    print(f"not ok {number} - {check.__doc__}", flush=True)
                    print("# " + traceback.format_exc().replace("\n", "\n# "))
                    print("# " + world.office.log_tail(30).replace("\n", "\n# "), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
