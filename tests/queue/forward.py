"""Mail of strangers that an alias forwards to another server, in a network namespace: the return path is
ours, reports find their way back, and nobody hears of mail that was not proved to be theirs.
forward.py BUILD. Prints TAP."""
import contextlib
import pathlib
import re
import smtplib
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
from knot import Knot, Zone  # noqa: E402
from office import Office  # noqa: E402
from run import Sink, enter_namespace, wait_until  # noqa: E402

ZONES = {
    "proved.example.": Zone('@ MX 10 mx\nmx A 127.0.0.2\n@ TXT "v=spf1 ip4:127.0.0.50 -all"'),
    "unproved.": Zone("@ MX 10 mx\nmx A 127.0.0.2"),
    "takes.": Zone("@ MX 10 mx\nmx A 127.0.0.3"),
    "refuses.": Zone("@ MX 10 mx\nmx A 127.0.0.4"),
}
MAIL = "From: {sender}\r\nTo: x\r\nSubject: {subject}\r\n\r\nText\r\n"


class World:
    def __init__(self, build, folder):
        self.stack = contextlib.ExitStack()
        self.knot = self.stack.enter_context(Knot(folder, ZONES, root="mail.office.example. A 127.0.0.1"))
        self.office = office = self.stack.enter_context(Office.open(build))
        for setting in (("dns.forwarders", self.knot.forwarder), ("queue.retry-time", "1s"),
                        ("authentication.exempt-networks", "")):
            office.command("set", *setting)
        office.command("alias", "add", f"info@{office.domain}", "info@takes")
        office.command("alias", "add", f"old@{office.domain}", "old@refuses")
        office.stop()
        (office.data / "dns" / "root.key").write_text(self.knot.anchor)
        for old in (office.data / "dns").glob("root.key.*"):
            old.unlink()
        office.start()
        self.home = self.sink(folder, "127.0.0.2")
        self.taker = self.sink(folder, "127.0.0.3")
        self.refuser = self.sink(folder, "127.0.0.4", "-f", "RCPT")

    def sink(self, folder, address, *options):
        sink = Sink(folder, address, *options)
        self.stack.callback(sink.close)
        return sink

    def bring(self, sender, recipient, subject):
        """As another server would; raises what it hears."""
        with smtplib.SMTP("127.0.0.1", self.office.port("smtp"), source_address=("127.0.0.50", 0)) as server:
            server.ehlo("mx.proved.example")
            server.sendmail(sender, [recipient], MAIL.format(sender=sender or "MAILER-DAEMON@takes", subject=subject))

    def refused(self, sender, recipient):
        try:
            self.bring(sender, recipient, "refused")
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
            return str(refusal)
        raise AssertionError(f"mail from {sender} to {recipient} was taken")


def senders(sink):
    return re.findall(r"^X-Mail-Args: <([^>]*)>", sink.text(), re.MULTILINE)


def check_return_path(world):
    """ours, signed, with the sender in it"""
    world.bring("anna@proved.example", f"info@{world.office.domain}", "forwarded")
    wait_until(world.taker.mails, "the forwarded mail")
    assert world.taker.recipients() == ["info@takes"], world.taker.text()
    path = senders(world.taker)[0]
    assert re.fullmatch(rf"SRS0=\w{{8}}=\w\w=proved\.example=anna@{re.escape(world.office.domain)}", path), path
    world.path = path


def check_report_back(world):
    """a report of the next server goes to the sender, with the null path"""
    before = world.home.mails()
    world.bring("", world.path, "report of takes")
    wait_until(lambda: world.home.mails() > before, "the report")
    assert world.home.recipients()[-1:] == ["anna@proved.example"], world.home.text()
    assert senders(world.home)[-1] == "", world.home.text()
    assert "report of takes" in world.home.text()


def check_no_relay(world):
    """only reports, and only of paths that we made"""
    assert "550" in world.refused("spammer@unproved", world.path)
    forged = world.path.replace("=anna@", "=victim@")
    assert "550" in world.refused("", forged)
    assert "550" in world.refused("anna@proved.example", "somebody@takes")


def check_proved_sender_is_told(world):
    """whom SPF has proved, hears that the next server refuses"""
    before = world.home.mails()
    world.bring("anna@proved.example", f"old@{world.office.domain}", "refused later")
    wait_until(lambda: world.home.mails() > before, "the notification")
    text = world.home.text()
    assert senders(world.home)[-1] == "" and world.home.recipients()[-1] == "anna@proved.example", text
    assert "multipart/report" in text and "refused later" in text, text


def check_nobody_else_is_told(world):
    """who may be forged, does not: no backscatter"""
    before = world.home.mails()
    world.bring("victim@unproved", f"old@{world.office.domain}", "spam")
    wait_until(lambda: "old@refuses" in world.office.command("trace", "victim@unproved")
               and "cannot be delivered" in world.office.command("trace", "victim@unproved"), "the end of the spam")
    assert not world.office.command("queue", "--json").strip().startswith("[{"), "something is left in the queue"
    assert world.home.mails() == before, world.home.text()


CHECKS = [check_return_path, check_report_back, check_no_relay, check_proved_sender_is_told,
          check_nobody_else_is_told]


def main():
    enter_namespace()
    print(f"1..{len(CHECKS)}", flush=True)
    failed = False
    with tempfile.TemporaryDirectory(prefix="hauspost-forward-") as folder:
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
