"""Mail of strangers that an alias forwards to another server, in a network namespace: the return path is
ours, reports find their way back, and nobody hears of mail that was not proved to be theirs.
forward.py BUILD. Prints TAP."""
import base64
import contextlib
import functools
import json
import pathlib
import re
import smtplib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
from knot import Knot, Zone  # noqa: E402
from office import Office, tls_client  # noqa: E402
from run import Sink, enter_namespace, play, wait_until  # noqa: E402

ZONES = {
    "proved.example.": Zone('@ MX 10 mx\nmx A 127.0.0.2\n@ TXT "v=spf1 ip4:127.0.0.50 -all"'),
    "unproved.": Zone("@ MX 10 mx\nmx A 127.0.0.2"),
    "takes.": Zone("@ MX 10 mx\nmx A 127.0.0.3"),
    "refuses.": Zone("@ MX 10 mx\nmx A 127.0.0.4"),
}
MAIL = "From: {sender}\r\nTo: x\r\nSubject: {subject}\r\n\r\nText\r\n"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's modules
OPINIONS = HERE.parent / "authentication" / "opinions.py"


def opinion(*arguments, data):
    return subprocess.run([PYTHON, OPINIONS, *arguments], input=data, capture_output=True, check=True).stdout


def make_key(path):
    """An RSA key, as dkimpy reads it; its record."""
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, "2048"], check=True, capture_output=True)
    der = subprocess.run(["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"], check=True, capture_output=True)
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(der.stdout).decode()


def quoted(text):
    return " ".join(f'"{text[at:at + 200]}"' for at in range(0, len(text), 200))


class World:
    def __init__(self, build, folder):
        self.stack = contextlib.ExitStack()
        self.folder = pathlib.Path(folder)
        self.list_record = make_key(self.folder / "list.key")
        zones = ZONES | {"lists.example.": Zone(f's1._domainkey TXT {quoted(self.list_record)}')}
        self.knot = self.stack.enter_context(Knot(folder, zones, root="mail.office.example. A 127.0.0.1"))
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

    def bring(self, sender, recipient, subject, text=None, options=()):
        """As another server would; raises what it hears."""
        with smtplib.SMTP("127.0.0.1", self.office.port("smtp"), source_address=("127.0.0.50", 0)) as server:
            server.ehlo("mx.proved.example")
            if options:
                server.starttls(context=tls_client())
            server.sendmail(sender, [recipient], text or MAIL.format(sender=sender or "MAILER-DAEMON@takes", subject=subject), options)

    def forwarded(self, subject):
        """What the next server got, with the line ends it came with."""
        mails = re.split(r"^X-Client-Addr: ", self.taker.text().replace("\r\n", "\n"), flags=re.MULTILINE)
        mail = next(mail for mail in mails if f"Subject: {subject}" in mail)
        mail = mail[mail.index("ARC-Seal:" if "\nARC-Seal:" in mail else "Authentication-Results:"):]
        return mail.rstrip("\n").replace("\n", "\r\n").encode() + b"\r\n"

    def chain(self, mail):
        """What dkimpy says of its seals, with the keys that are published."""
        records = {"s1._domainkey.lists.example": self.list_record}
        keys = json.loads(self.office.command("domain", "dkim", "show", self.office.domain, "--json"))
        records.update((key["name"], key["record"]) for key in (keys if isinstance(keys, list) else keys["keys"]))
        (self.folder / "records.json").write_text(json.dumps(records))
        return opinion("chain", self.folder / "records.json", data=mail).decode().strip()

    def sealed_by_list(self, subject):
        """A mail that a mailing list has sealed."""
        text = "Authentication-Results: lists.example; dmarc=pass header.from=strict.example\r\n" \
            + MAIL.format(sender="anna@strict.example", subject=subject)
        return opinion("seal", "lists.example", "s1", "lists.example", self.folder / "list.key", data=text.encode())

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


def check_seal(world):
    """what is passed on is sealed, and dkimpy says that the seal holds"""
    world.bring("anna@proved.example", f"info@{world.office.domain}", "first-seal")
    wait_until(lambda: "first-seal" in world.taker.text(), "the mail")
    mail = world.forwarded("first-seal")
    assert re.search(rb"ARC-Seal: i=1; a=rsa-sha256; cv=none;\r\n\td=" + world.office.domain.encode(), mail), mail
    results = re.search(rb"ARC-Authentication-Results: i=1; (.*?)\r\n[^\t ]", mail, re.DOTALL)[1]
    assert results.startswith(b"mail.office.example") and b"spf=pass" in results, results
    assert world.chain(mail) == "pass", mail
    assert world.chain(mail.replace(b"Text", b"Test")) == "fail", mail


def check_longer_chain(world):
    """a chain that holds gets another link"""
    world.bring("anna@proved.example", f"info@{world.office.domain}", None, world.sealed_by_list("second-seal"))
    wait_until(lambda: "second-seal" in world.taker.text(), "the mail")
    mail = world.forwarded("second-seal")
    assert b"ARC-Seal: i=2; a=rsa-sha256; cv=pass;" in mail and b"i=1" in mail, mail
    assert world.chain(mail) == "pass", mail
    assert world.chain(mail.replace(b"dmarc=pass", b"dmarc=fine")) == "fail", mail


def check_broken_chain(world):
    """a chain that does not hold is said to be broken, once and for all"""
    broken = world.sealed_by_list("third-seal").replace(b"Text", b"Test")
    world.bring("anna@proved.example", f"info@{world.office.domain}", None, broken)
    wait_until(lambda: "third-seal" in world.taker.text(), "the mail")
    mail = world.forwarded("third-seal")
    assert b"ARC-Seal: i=2; a=rsa-sha256; cv=fail;" in mail, mail
    assert world.chain(mail) == "fail", mail
    again = mail[mail.index(b"ARC-Seal: i=2"):].replace(b"third-seal", b"fourth-seal")
    world.bring("anna@proved.example", f"info@{world.office.domain}", None, again)
    wait_until(lambda: "fourth-seal" in world.taker.text(), "the mail")
    assert b"i=3" not in world.forwarded("fourth-seal")


def check_report_of_demand(world):
    """a report about mail that demanded TLS gets home, also where the way does not grant it (RFC 8689 §4.2.1)"""
    before = world.home.mails()
    world.bring("anna@proved.example", f"old@{world.office.domain}", "demanded", options=["REQUIRETLS"])
    wait_until(lambda: world.home.mails() > before, "the notification")
    text = world.home.text()
    assert "Status: 5.7.10" in text and senders(world.home)[-1] == "", text
    assert "demanded" not in world.refuser.text()


CHECKS = [check_return_path, check_report_back, check_no_relay, check_proved_sender_is_told,
          check_nobody_else_is_told, check_seal, check_longer_chain, check_broken_chain, check_report_of_demand]


def main():
    enter_namespace()
    print(f"1..{len(CHECKS)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="hauspost-forward-") as folder:
        world = World(sys.argv[1], folder)
        with world.stack:
            play([(check.__doc__, functools.partial(check, world)) for check in CHECKS], lambda: world.office.log_tail(30))


if __name__ == "__main__":
    main()
