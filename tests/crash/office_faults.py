"""A scripted session, and every operation of the disk in it failing once: as on a full disk and as
on a broken one, once and for good."""
import pathlib
import random
import re
import shutil
import smtplib
import time

from office import OfficeError
from office_load import FAILURES, Reader, connect, deliver, log_in, make_text

KINDS = ("open", "write", "sync", "name")
NONE = "all 0 broken once"
JUDGE_EACH = 40


class Session:
    """One of everything. Keeps what is no proper answer: a refusal is 4yz (RFC 5321), NO with a
    response code (RFC 9051), or a job that says what failed; nobody is just cut off."""

    def __init__(self, office, users, acks, chance):
        self.office, self.users, self.acks, self.chance = office, users, acks, chance
        self.refused, self.wrong = [], []

    def run(self):
        self.step(self.send, "smtp", 2)
        self.step(self.send, "lmtp", 2)
        self.step(self.read)
        self.step(self.job, "compact", "/v1/compact")
        folder = self.office.data / "backups" / "made"
        self.step(self.job, "backup", "/v1/backups", {"folder": self.office.programs.name_of(folder)})
        shutil.rmtree(folder, ignore_errors=True)

    def step(self, work, *arguments):
        try:
            work(*arguments)
        except FAILURES as error:
            self.wrong.append(f"{work.__name__} {arguments}: {error!r}")

    def send(self, service, count):
        unique, text = make_text(self.chance, self.chance.choice((500, 5000, 1300000)))
        with connect(self.office, service) as client:
            for code in deliver(client, self.acks, [user.address for user in self.users[:count]],
                                unique, text):
                if code >= 400:
                    self.refused.append(f"{service} {code}")
                if not 200 <= code < 500:
                    self.wrong.append(f"{service} {code}")

    def read(self):
        user = self.users[0]
        with log_in(self.office, user) as client:
            client.select("INBOX")
            reader = Reader(client, user, self.acks, self.chance)
            for work in (reader.append, reader.flag, reader.copy, reader.move,
                         lambda: reader.expunge(most=4)):
                if work() in ("NO", "BAD"):
                    self.note_refusal(client)

    def note_refusal(self, client):
        """imaplib keeps the response code of a NO."""
        told = [code for code in ("UNAVAILABLE", "OVERQUOTA", "SERVERBUG")
                if client.response(code)[1] != [None]]
        self.refused.append(f"NO {told}")
        if not told:
            self.wrong.append("a refusal without UNAVAILABLE or OVERQUOTA")

    def job(self, name, path, body=None):
        done = self.office.job(path, body)
        if done.get("state") != "done":
            self.refused.append(f"{name}: {done.get('error')}")
            if not done.get("error"):
                self.wrong.append(f"{name}: {done}")


class Sweep:
    judge = None  # called with a name; gives problems

    def __init__(self, office, users, acks, orders, shim, seed):
        self.office, self.users, self.acks = office, users, acks
        self.orders, self.shim, self.chance = orders, shim, random.Random(seed)
        self.runs = self.struck = self.refusals = self.failed = 0

    def session(self):
        session = Session(self.office, self.users, self.acks, self.chance)
        session.run()
        return session

    def order(self, text):
        """Arms the fault TEXT; (operations, whether it struck) of the one before."""
        done = pathlib.Path(f"{self.orders}.done")
        done.unlink(missing_ok=True)
        self.orders.write_text(text)
        until = time.monotonic() + 10
        while self.orders.read_text() or not done.exists():
            if time.monotonic() > until:
                raise OfficeError("the shim takes no orders")
            time.sleep(0.002)
        operations, struck = done.read_text().split()
        return int(operations), int(struck)

    def run(self, every, only):
        self.office.start(**self.shim)
        for number, fault in enumerate([only] if only else self.faults(every)):
            self.strike(fault)
            if number % JUDGE_EACH == JUDGE_EACH - 1:
                self.look(f"{number + 1} faults, up to {fault}")
        self.look("all faults")
        return self.failed, (f"{self.runs} faults in sessions, {self.struck} of them struck and made"
                             f" {self.refusals} refusals")

    def faults(self, every):
        """Operations are counted in a session without a fault, and again for each kind: sessions
        differ a little. Full disks take turns: once and for good."""
        for kind in KINDS:
            self.order(f"{kind} 0 broken once")
            self.session()
            count = self.order(NONE)[0]
            print(f"# {kind}: {count} operations", flush=True)
            for at in range(1, count + 1, every):
                full = "full once" if (at // every) % 2 else "full lasting"
                for way in ("broken once", "broken lasting", full):
                    yield f"{kind} {at} {way}"

    def strike(self, fault):
        logged = self.office.log.stat().st_size
        self.order(fault)
        session = self.session()
        struck = self.order(NONE)[1]
        self.runs += 1
        self.struck += struck
        self.refusals += len(session.refused)
        problems = list(session.wrong)
        if session.refused and not struck:
            problems.append(f"refusals without a fault: {session.refused}")
        if session.refused and struck and not self.says_why(logged):
            problems.append(f"the log does not say why: {session.refused}")
        if not self.takes_mail():
            problems.append(f"no mail is taken after the fault\n{self.office.log_tail()}")
        self.failed += bool(problems)
        for problem in problems:
            print(f"# {fault}: {problem}", flush=True)

    def says_why(self, logged):
        with open(self.office.log, "rb") as log:
            log.seek(logged)
            text = log.read().decode(errors="replace")
        return re.search(r"level=(error|warning).*(made up|disk|database failed)", text) is not None

    def takes_mail(self):
        """Within ten seconds after the disk is well."""
        until = time.monotonic() + 10
        while time.monotonic() < until and self.office.daemon.poll() is None:
            try:
                unique, text = make_text(self.chance, 500)
                with connect(self.office, "smtp") as client:
                    if deliver(client, self.acks, [self.users[1].address], unique, text)[-1] == 250:
                        return True
            except (OSError, smtplib.SMTPException):
                pass
            time.sleep(0.05)
        return False

    def look(self, name):
        """Judges, before and after a restart, and deletes all so that the office stays small."""
        self.failed += bool(self.judge(name))
        self.office.stop()
        self.office.start(**self.shim)
        self.failed += bool(self.judge(f"{name}, after a restart"))
        for user in self.users:
            with log_in(self.office, user) as client:
                client.select("INBOX")
                if Reader(client, user, self.acks, self.chance).expunge(most=1000) == "NO":
                    raise OfficeError("deleting is refused without a fault")
