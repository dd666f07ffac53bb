"""Mail to other domains: a daemon, a DNS that knot signs and servers of other people, in a network
namespace of their own (so that everybody listens on port 25). run.py BUILD. Prints TAP."""
import contextlib
import email
import email.policy
import functools
import hashlib
import imaplib
import os
import pathlib
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
from knot import Knot, Zone  # noqa: E402
from office import Office, tls_client  # noqa: E402

INSIDE = "HAUSPOST_QUEUE_NAMESPACE"


def enter_namespace():
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.environ[INSIDE] = "1"
    flags = ["-n"] if os.geteuid() == 0 else ["-rn"]
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def wait_until(condition, what, seconds=30):
    until = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


class Sink:
    """Postfix's smtp-sink: takes mail into a file, or refuses."""

    def __init__(self, folder, address, *options, dump=True):
        self.dump = pathlib.Path(folder) / f"sink-{address}-{time.monotonic_ns()}"
        self.process = subprocess.Popen(["smtp-sink", "-u", "root", "-c", "-h", "mx.sink", *(("-D", str(self.dump)) if dump else ()), *options,
                                         f"{address}:25", "100"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: listens(address), f"smtp-sink on {address}")

    def text(self):
        return self.dump.read_text(errors="replace") if self.dump.exists() else ""

    def recipients(self):
        return sorted(line.split("<")[1].split(">")[0] for line in self.text().splitlines()
                      if line.startswith("X-Rcpt-Args:"))

    def mails(self):
        return self.text().count("X-Mail-Args:")

    def close(self):
        self.process.kill()
        self.process.wait()


MAIN_CF = """compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
mail_owner = postfix
myhostname = mx.dane
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
virtual_mailbox_domains = dane wrong bare
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_security_level = {tls}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
{more}
maillog_file = /dev/stdout
"""
MASTER_CF = """{address}:25 inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Debian's Postfix as somebody else's server; everything lands in one maildir."""

    def __init__(self, folder, address, certificate, tls="may", more="", services=""):
        import pwd
        user = pwd.getpwnam("postfix")
        self.folder = pathlib.Path(folder) / f"postfix-{address}"
        self.etc = self.folder / "etc"
        self.before = set(self.folder.glob("box/new/*"))
        for name in ("etc", "spool", "data", "box"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o755)
        for name in ("data", "box"):
            os.chown(self.folder / name, user.pw_uid, user.pw_gid)
        (self.etc / "main.cf").write_text(MAIN_CF.format(folder=self.folder, certificate=certificate,
                                                         uid=user.pw_uid, gid=user.pw_gid, tls=tls, more=more))
        (self.etc / "master.cf").write_text(MASTER_CF.format(address=address) + services)
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(["postfix", "-c", self.etc, "start-fg"], stdout=self.log, stderr=self.log)
        wait_until(lambda: listens(address), "Postfix", 60)

    def mails(self):
        """Those since its start."""
        return [path.read_text() for path in sorted(set(self.folder.glob("box/new/*")) - self.before)]

    def close(self):
        subprocess.run(["postfix", "-c", self.etc, "stop"], stdout=self.log, stderr=self.log)
        self.process.wait(30)
        self.log.close()


PROVIDER_SERVICE = """{address}:{port} inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path={socket} -o smtpd_sasl_authenticated_header=yes -o smtpd_sasl_mechanism_filter={mechanism}
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_wrappermode={wrapper}
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
"""
DOVECOT = """base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols =
ssl = no
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
"""


class Provider:
    """A smart host: Postfix, whose logins Dovecot checks. 587: STARTTLS and PLAIN; 588: LOGIN; 465: TLS at once."""

    def __init__(self, folder, address, certificate, password):
        self.folder = pathlib.Path(folder) / "dovecot"
        for name in ("run", "state"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "users").write_text(f"office:{{PLAIN}}{password}::::::\n")
        (self.folder / "dovecot.conf").write_text(DOVECOT.format(folder=self.folder))
        os.chmod(self.folder / "users", 0o644)
        self.dovecot = subprocess.Popen(["dovecot", "-F", "-c", self.folder / "dovecot.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until((self.folder / "auth").exists, "Dovecot")
        services = "".join(PROVIDER_SERVICE.format(address=address, port=port, socket=self.folder / "auth",
                                                   mechanism=mechanism, wrapper=wrapper)
                           for port, mechanism, wrapper in ((587, "plain", "no"), (588, "login", "no"),
                                                            (465, "plain", "yes")))
        self.postfix = Postfix(folder, address, certificate, services=services)

    def mails(self):
        return self.postfix.mails()

    def close(self):
        self.postfix.close()
        self.dovecot.terminate()
        self.dovecot.wait(10)


def make_certificate(folder, name):
    path = pathlib.Path(folder) / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", path, "-out", path.with_suffix(".crt")], check=True,
                   capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


def association(certificate):
    """TLSA 3 1 1: the SHA-256 of the public key (RFC 6698 §2.1)."""
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True, capture_output=True)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key.stdout, check=True,
                         capture_output=True)
    return hashlib.sha256(der.stdout).hexdigest()


def dane_zones(certificate):
    tlsa = "_25._tcp.mx TLSA 3 1 1 "
    return {
        "dane.": Zone(f"@ MX 10 mx\nmx A 127.0.0.6\n{tlsa}{association(certificate)}", signed=True),
        "wrong.": Zone(f"@ MX 10 mx\nmx A 127.0.0.6\n{tlsa}{'ab' * 32}", signed=True),
        # The server there offers no TLS: as if somebody had stripped STARTTLS.
        "bare.": Zone(f"@ MX 10 mx\nmx A 127.0.0.7\n{tlsa}{association(certificate)}", signed=True),
    }


def sts_zone(name, mx, extra=""):
    """A domain whose MX is at 127.0.0.MX and whose policy is at 127.0.0.20."""
    return Zone(f'@ MX 10 mx\nmx A 127.0.0.{mx}\n_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 127.0.0.20\n{extra}')


STS_ZONES = {
    "sts.": sts_zone("sts", 10),
    "liar.": sts_zone("liar", 10),  # the server's certificate is for mx.sts
    "strip.": sts_zone("strip", 11),  # no STARTTLS there
    "other.": sts_zone("other", 10),  # the policy knows another server
    "untrusted.": sts_zone("untrusted", 11),  # nobody signed the web server's certificate: as without
    "testing.": sts_zone("testing", 11),
}


class PolicyServer:
    """HTTPS on 127.0.0.20:443, a certificate for each name; counts what is asked."""

    def __init__(self, certificates, policies):
        import http.server
        import ssl
        import threading
        asked = self.asked = []
        policies = self.policies = dict(policies)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.headers["Host"]
                asked.append(name)
                text = policies.get(name, "").encode() if self.path == "/.well-known/mta-sts.txt" else b""
                self.send_response(200 if text else 404)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        contexts = {}
        for name, path in certificates.items():
            contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            contexts[name].load_cert_chain(path)
        first = next(iter(contexts.values()))

        def choose(connection, name, _):
            connection.context = contexts.get(name, first)

        first.sni_callback = choose
        self.server = http.server.ThreadingHTTPServer(("127.0.0.20", 443), Handler)
        self.server.socket = first.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def listens(address):
    import socket
    try:
        socket.create_connection((address, 25), 0.2).close()
        return True
    except OSError:
        return False


ZONES = {
    "plain.": Zone("@ MX 20 down.plain.\n@ MX 10 mx\nmx A 127.0.0.2\ndown A 127.0.0.250"),
    "two.": Zone("@ MX 10 dead\n@ MX 20 mx\ndead A 127.0.0.250\nmx A 127.0.0.2"),
    "hard.": Zone("@ MX 10 mx\nmx A 127.0.0.3"),
    "soft.": Zone("@ MX 10 mx\nmx A 127.0.0.4"),
    "none.": Zone("@ MX 0 ."),
    "down.": Zone("@ MX 10 mx\nmx A 127.0.0.250"),
    "circle.": Zone("@ MX 10 mail.office.example.\n@ MX 20 mx.plain."),
    "broken.": Zone("@ MX 10 mx\nmx A 127.0.0.2", broken=True),
    "direct.": Zone("@ A 127.0.0.2"),
    "old.": Zone("@ MX 10 mx\nmx A 127.0.0.9"),
    "isp.": Zone("smtp A 127.0.0.8\nother A 127.0.0.8"),
}


class World:
    """ZONES: further ones; TRUSTED: further certificates that the daemon's machine trusts."""

    def __init__(self, build, folder, zones=None, trusted=()):
        self.folder = folder
        self.stack = contextlib.ExitStack()
        self.certificate = make_certificate(folder, "mx.dane")
        self.provider_certificate = make_certificate(folder, "smtp.isp")
        names = ("mx.sts", *(f"mta-sts.{name}" for name in ("sts", "liar", "strip", "other", "testing")))
        self.sts_certificates = {name: make_certificate(folder, name) for name in names}
        authorities = pathlib.Path(folder) / "trusted.pem"  # of the daemon's machine
        authorities.write_text("".join(path.with_suffix(".crt").read_text() for path in
                                       (self.provider_certificate, *self.sts_certificates.values(), *trusted)))
        os.environ["SSL_CERT_FILE"] = str(authorities)
        self.knot = self.stack.enter_context(Knot(folder, ZONES | STS_ZONES | dane_zones(self.certificate) | (zones or {}), root="mail.office.example. A 127.0.0.1"))
        self.office = self.stack.enter_context(Office.open(build))
        self.anna = self.office.add_user("anna")
        # Its users send as no user would (that is for brake.py).
        for setting in (("dns.forwarders", self.knot.forwarder), ("queue.retry-time", "1s"), ("brake.action", "off"),
                        *((f"submission.{whose}-{time}", "0") for whose in ("user", "domain")
                          for time in ("hour", "day"))):
            self.office.command("set", *setting)
        self.restart(lambda: (self.office.data / "dns" / "root.key").write_text(self.knot.anchor))

    def restart(self, meanwhile=lambda: None):
        self.office.stop()
        meanwhile()
        for old in (self.office.data / "dns").glob("root.key.*"):
            old.unlink()
        self.office.start()

    def sink(self, address, *options):
        sink = Sink(self.folder, address, *options)
        self.stack.callback(sink.close)
        return sink

    def send(self, *to, user=None, subject="Hello", body="A line.\r\n.A dot\r\n..Two\r\n", options=(), rcpt_options=(), fields=""):
        user = user or self.anna
        with smtplib.SMTP("127.0.0.1", self.office.port("submission"), "client.example", timeout=30) as smtp:
            smtp.starttls(context=tls_client())
            smtp.login(user.address, user.password)
            smtp.sendmail(user.address, to, f"From: <{user.address}>\r\nSubject: {subject}\r\n{fields}\r\n{body}".encode(),
                          options, rcpt_options)

    def inbox(self, user=None):
        user = user or self.anna
        with imaplib.IMAP4("127.0.0.1", self.office.port("imap")) as imap:
            imap.login(user.address, user.password)
            imap.select("INBOX")
            numbers = imap.search(None, "ALL")[1][0].split()
            return [email.message_from_bytes(imap.fetch(number, "(BODY.PEEK[])")[1][0][1],
                                             policy=email.policy.default) for number in numbers]

    def report(self, word, seconds=30):
        """The notification that holds WORD, once it is there."""
        return wait_until(lambda: next((mail for mail in self.inbox() if word in mail.as_string()), None),
                          f"a notification with {word}", seconds)

    def queue(self):
        import json
        return json.loads(self.office.command("queue", "list", "--json"))


def delivers(world):
    sink = world.sink("127.0.0.2")
    world.send("one@plain", "two@plain", "three@two", "four@direct", world.anna.address)
    wait_until(lambda: len(sink.recipients()) == 4, "four recipients")
    assert sink.recipients() == ["four@direct", "one@plain", "three@two", "two@plain"], sink.recipients()
    assert sink.mails() == 3, f"one mail for each domain: {sink.mails()}"
    assert "\nA line.\n.A dot\n..Two\n" in sink.text().replace("\r\n", "\n"), sink.text()
    assert len(world.inbox()) == 1
    wait_until(lambda: world.queue() == [], "an empty queue")
    sink.close()


def bounces(world):
    sink = world.sink("127.0.0.3", "-f", "RCPT", "-B", "550 5.1.1 There is no such person")
    world.send("nobody@hard", subject="to nobody")
    report = world.report("nobody@hard")
    assert report["From"].startswith("Mail Delivery System"), report["From"]
    assert world.anna.address in report["To"], report["To"]
    assert report["Auto-Submitted"] == "auto-replied"
    assert report.get_content_type() == "multipart/report" and report.get_param("report-type") == "delivery-status"
    words, status, original = report.get_payload()
    assert "There is nobody with this address" in words.get_content(), words.get_content()
    fields = status.as_string()
    for line in ("Action: failed", "Status: 5.1.1", "Final-Recipient: rfc822; nobody@hard", "Remote-MTA: dns; mx.hard",
                 "Reporting-MTA: dns; mail.office.example"):
        assert line in fields, fields
    assert "Subject: to nobody" in original.as_string()
    wait_until(lambda: world.queue() == [], "an empty queue")
    sink.close()


def knows_what_can_never_be(world):
    for to, status in (("x@none", "5.1.10"), ("x@gone-for-ever", "5.1.2"), ("x@circle", "5.4.6")):
        world.send(to)
        fields = world.report(f"; {to}").get_payload()[1].as_string()
        assert f"Status: {status}" in fields, fields
    wait_until(lambda: world.queue() == [], "an empty queue")


def tries_again(world):
    sink = world.sink("127.0.0.4", "-r", "RCPT", "-b", "450 4.2.1 Not today")
    world.send("later@soft")
    wait_until(lambda: [row for row in world.queue() if row["attempts"] >= 2], "two attempts")
    row = world.queue()[0]
    assert "450 4.2.1 Not today" in row["reply"], row
    sink.close()
    sink = world.sink("127.0.0.4")
    wait_until(lambda: sink.recipients() == ["later@soft"], "the mail at last", 60)
    wait_until(lambda: world.queue() == [], "an empty queue")
    sink.close()


def dead_does_not_delay_living(world):
    sink = world.sink("127.0.0.2")
    for number in range(5):
        world.send(f"dead{number}@down", f"x{number}@broken", f"alive{number}@plain")
    wait_until(lambda: len(sink.recipients()) == 5, "five recipients", 20)
    rows = world.queue()
    assert sorted({row["domain"] for row in rows}) == ["broken", "down"], rows
    assert sink.mails() == 5
    for row in rows:
        world.office.command("queue", "remove", str(row["id"]))
    assert world.queue() == []
    sink.close()


def survives_restart(world):
    world.send("kept@down")
    wait_until(lambda: [row for row in world.queue() if row["attempts"] >= 1], "an attempt")
    world.office.stop(signal.SIGKILL)
    world.office.start()
    assert [row["recipient"] for row in world.queue()] == ["kept@down"]
    world.office.command("queue", "hold", str(world.queue()[0]["id"]))
    assert world.queue()[0]["held"]
    world.office.command("queue", "release", "all")
    assert not world.queue()[0]["held"]
    world.office.command("queue", "retry", "all")
    world.office.command("queue", "remove", "all")
    assert world.queue() == []


def tells_of_delay_and_end(world):
    world.office.command("set", "queue.delay-notice", "1s")
    world.office.command("set", "server.language", "de")
    world.send("slow@down")
    report = world.report("slow@down", 60)
    fields = report.get_payload()[1].as_string()
    assert "Action: delayed" in fields and "Will-Retry-Until:" in fields, fields
    assert report["Subject"] == "Ihre Mail ist noch unterwegs", report["Subject"]
    world.office.command("queue", "remove", "all")


def proves_by_dane(world):
    postfix = Postfix(world.folder, "127.0.0.6", world.certificate)
    bare = world.sink("127.0.0.7")
    try:
        world.send("a@dane", "b@wrong", "c@bare", subject="by DANE")
        wait_until(lambda: len(postfix.mails()) == 1, "the mail", 60)
        assert "(using TLSv1.3" in postfix.mails()[0], postfix.mails()[0]
        assert "Delivered-To: a@dane" in postfix.mails()[0]
        wait_until(lambda: {row["domain"] for row in world.queue() if row.get("reply")} == {"wrong", "bare"},
                   "two domains that wait")
        replies = {row["domain"]: row["reply"] for row in world.queue()}
        assert "verif" in replies["wrong"] or "TLSA" in replies["wrong"], replies
        assert "does not offer STARTTLS" in replies["bare"], replies
        assert bare.mails() == 0 and len(postfix.mails()) == 1
    finally:
        world.office.command("queue", "remove", "all")
        bare.close()
        postfix.close()


def sends_receipts(world):
    """RFC 3461: to mailboxes here "delivered", to a server without DSN "relayed"; with it, nothing."""
    sink = world.sink("127.0.0.2", "-e")  # without DSN
    bob = world.office.add_user("bob")
    with smtplib.SMTP("127.0.0.1", world.office.port("submission"), "client.example", timeout=30) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(world.anna.address, world.anna.password)
        assert smtp.has_extn("dsn")
        assert smtp.docmd("MAIL", f"FROM:<{world.anna.address}> RET=FULL ENVID=QQ+2B1")[0] == 250
        assert smtp.docmd("RCPT", f"TO:<{bob.address}> NOTIFY=SUCCESS ORCPT=rfc822;bob+2Bx@office.example")[0] == 250
        assert smtp.docmd("RCPT", "TO:<away@plain> NOTIFY=SUCCESS,FAILURE")[0] == 250
        assert smtp.docmd("RCPT", "TO:<x@plain> NOTIFY=NEVER,SUCCESS")[0] == 501
        assert smtp.docmd("RCPT", "TO:<x@plain> ORCPT=rfc822;a=b")[0] == 501
        assert smtp.docmd("RCPT", "TO:<quiet@none> NOTIFY=NEVER")[0] == 250
        assert smtp.data(f"From: <{world.anna.address}>\r\nSubject: receipts\r\n\r\nText\r\n")[0] == 250
    delivered = world.report("Action: delivered").get_payload()[1].as_string()
    for line in ("Original-Envelope-Id: QQ+1", "Original-Recipient: rfc822; bob+x@office.example", "Status: 2.1.5",
                 f"Final-Recipient: rfc822; {bob.address}"):
        assert line in delivered, delivered
    relayed = world.report("Action: relayed").get_payload()[1].as_string()
    assert "Final-Recipient: rfc822; away@plain" in relayed, relayed
    wait_until(lambda: world.queue() == [], "an empty queue")
    assert not any("quiet@none" in mail.as_string() for mail in world.inbox()), "NEVER was asked for"
    sink.close()


def leads_groups_outside(world):
    """A group's member that is an alias to another domain gets the mail there, the others here; once each."""
    sink = world.sink("127.0.0.2")
    before = len(world.inbox())
    world.office.command("alias", "add", "partner@office.example", "partner@plain")
    world.office.command("group", "add", "all@office.example", "anna@office.example", "partner@office.example")
    world.send("all@office.example", "partner@office.example", subject="to the group")
    wait_until(lambda: sink.recipients() == ["partner@plain"], "the mail outside")
    wait_until(lambda: world.queue() == [], "an empty queue")
    assert len(world.inbox()) == before + 1 and sink.mails() == 1
    sink.close()


def returns_by_hand(world):
    world.send("back@down", subject="to be returned")
    wait_until(lambda: [row for row in world.queue() if row.get("reply")], "an attempt")
    world.office.command("queue", "bounce", str(world.queue()[0]["id"]))
    assert world.queue() == []
    fields = world.report("; back@down").get_payload()[1].as_string()
    assert "Action: failed" in fields, fields
    world.office.command("queue", "bounce", "77777", fails=True)


class PatientServer:
    """Somebody's server for one connection, which answers DATA when it is told to."""

    def __init__(self, address):
        import socket
        import threading
        self.listener = socket.create_server((address, 25))
        self.reached, self.goes_on = threading.Event(), threading.Event()
        self.mails = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 mx.patient\r\n")
            for line in lines:
                if line.startswith(b"DATA"):
                    self.reached.set()
                    self.goes_on.wait(120)
                    connection.sendall(b"354 Go on\r\n")
                    self.mails.append(b"".join(iter(lines.readline, b".\r\n")))
                connection.sendall(b"250 Fine\r\n")

    def close(self):
        self.goes_on.set()
        self.listener.close()


def changes_nothing_on_its_way(world):
    """While a server takes a mail, it is not held, removed or returned: it arrives once, and nobody is told else.
    What waits beside it can be held."""
    server = PatientServer("127.0.0.2")
    before = len(world.inbox())
    try:
        world.send("slow@plain", subject="on its way")
        world.send("waits@down", subject="waits")
        assert server.reached.wait(30)
        wait_until(lambda: [row for row in world.queue() if row["domain"] == "down" and row.get("reply")], "an attempt")
        row = next(row for row in world.queue() if row["domain"] == "plain")
        for action in ("hold", "remove", "bounce"):
            said = world.office.command("queue", action, str(row["id"]), fails=True)
            assert "is being sent" in said, said
        wait_until(lambda: [row for row in world.queue() if row["domain"] == "down" and row["due"] > time.time() + 1], "a pause")
        world.office.command("queue", "hold", "all")
        assert {row["domain"]: row["held"] for row in world.queue()} == {"plain": False, "down": True}, world.queue()
        server.goes_on.set()
        wait_until(lambda: [row["domain"] for row in world.queue()] == ["down"], "what is held alone")
        assert len(server.mails) == 1 and b"on its way" in server.mails[0], server.mails
        assert len(world.inbox()) == before, "no report"
    finally:
        server.close()
        world.office.command("queue", "remove", "all")


def refuses_strangers(world):
    with smtplib.SMTP("127.0.0.1", world.office.port("smtp"), "client.example") as smtp:
        smtp.ehlo()
        smtp.mail("x@plain")
        code, text = smtp.rcpt("y@plain")
        assert code == 550, (code, text)
    with smtplib.SMTP("127.0.0.1", world.office.port("lmtp"), "client.example") as lmtp:
        lmtp.ehlo_or_helo_if_needed = lambda: None
        lmtp.docmd("LHLO client.example")
        lmtp.docmd("MAIL FROM:<x@plain>")
        code, text = lmtp.docmd("RCPT TO:<y@plain>")
        assert code == 550, (code, text)


def mends_for_old_servers(world):
    """A server without 8BITMIME gets quoted-printable; what cannot be mended comes back."""
    sink = world.sink("127.0.0.9", "-8")
    user = world.anna
    text = "Gr\xfc\xdfe = alle"
    body = f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    with smtplib.SMTP("127.0.0.1", world.office.port("submission"), "client.example", timeout=30) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        smtp.sendmail(user.address, ["eight@old"], f"From: <{user.address}>\r\nSubject: 8\r\n{body}".encode(), ["BODY=8BITMIME"])
        smtp.sendmail(user.address, ["raw@old"], f"From: <{user.address}>\r\nSubject: {text}\r\n{body}".encode(), ["BODY=8BITMIME"])
        smtp.sendmail(user.address, ["utf8@old"], f"From: <{user.address}>\r\nSubject: {text}\r\n{body}".encode(),
                      ["BODY=8BITMIME", "SMTPUTF8"])
    wait_until(lambda: sink.mails() == 1, "one mail")
    assert "\nGr=C3=BC=C3=9Fe =3D alle\n" in sink.text().replace("\r\n", "\n"), sink.text()
    assert "BODY=8BITMIME" not in sink.text()
    for to, status in (("raw@old", "5.6.3"), ("utf8@old", "5.6.7")):
        fields = world.report(f"; {to}").get_payload()[1].as_string()
        assert f"Status: {status}" in fields, fields
    wait_until(lambda: world.queue() == [], "an empty queue")
    assert sink.recipients() == ["eight@old"]
    sink.close()


def sends_through_a_provider(world):
    """queue.relay with TLS and each way to log in; a wrong password and a wrong name wait, and are told."""
    password = "correct horse"
    provider = Provider(world.folder, "127.0.0.8", world.provider_certificate, password)
    command = world.office.command
    try:
        command("set", "queue.relay-user", "office")
        command("set", "queue.relay-password", "--password-stdin", text=password + "\n")
        assert password not in command("get") + command("get", "queue.relay-password")
        assert "(set)" in command("get", "queue.relay-password")
        for number, port in enumerate((587, 588, 465), 1):
            command("set", "queue.relay", f"smtp.isp:{port}")
            world.send(f"p{port}@dane")
            wait_until(lambda: len(provider.mails()) == number, f"the mail by port {port}", 20)
            mail = next(mail for mail in provider.mails() if f"Delivered-To: p{port}@dane" in mail)
            assert "(Authenticated sender: office)" in mail and "(using TLSv1.3" in mail, mail
        command("set", "queue.relay", "other.isp:587")
        world.send("nobody@dane")
        wait_until(lambda: [row for row in world.queue() if row.get("reply")], "a refusal")
        assert "verif" in world.queue()[0]["reply"] or "ertificate" in world.queue()[0]["reply"], world.queue()
        command("set", "queue.relay-password", "--password-stdin", text="wrong\n")
        command("set", "queue.relay", "smtp.isp:587")
        command("queue", "retry", "all")
        wait_until(lambda: [row for row in world.queue() if "535" in (row.get("reply") or "")], "535")
        assert len(provider.mails()) == 3
        assert password not in world.office.log_tail(10000)
        sink = world.sink("127.0.0.2")
        command("set", "queue.routes", ".plain=direct two=127.0.0.2:25")
        command("set", "queue.source-addresses", "127.0.0.77")
        world.send("past@plain", "past@two")
        wait_until(lambda: sink.recipients() == ["past@plain", "past@two"], "mail past the provider")
        assert "X-Client-Addr: 127.0.0.77" in sink.text(), sink.text()
        sink.close()
    finally:
        for key in ("queue.relay", "queue.routes", "queue.source-addresses", "queue.relay-user", "queue.relay-password"):
            command("set", key)
        command("queue", "remove", "all")
        provider.close()


def proves_by_mta_sts(world):
    """RFC 8461: enforce means the right server with the right certificate, or no mail; a policy that is kept
    counts when its web server and its record are gone."""
    policy = "version: STSv1\r\nmode: {}\r\nmx: {}\r\nmax_age: 86400\r\n"
    web = PolicyServer(world.sts_certificates, {
        "mta-sts.sts": policy.format("enforce", "mx.sts"), "mta-sts.liar": policy.format("enforce", "mx.liar"),
        "mta-sts.strip": policy.format("enforce", "*.strip"), "mta-sts.other": policy.format("enforce", "mail.other"),
        "mta-sts.untrusted": policy.format("enforce", "mx.untrusted"),
        "mta-sts.testing": policy.format("testing", "mx.testing")})
    postfix = Postfix(world.folder, "127.0.0.10", world.sts_certificates["mx.sts"],
                      more="virtual_mailbox_domains = sts liar other")
    bare = world.sink("127.0.0.11")
    try:
        world.send("a@sts", "b@liar", "c@strip", "d@other", "e@untrusted", "f@testing", subject="by MTA-STS")
        wait_until(lambda: len(postfix.mails()) == 1 and bare.mails() == 2, "three mails", 60)
        assert "Delivered-To: a@sts" in postfix.mails()[0] and "(using TLSv1.3" in postfix.mails()[0], postfix.mails()
        assert bare.recipients() == ["e@untrusted", "f@testing"], bare.recipients()
        wait_until(lambda: len([row for row in world.queue() if row.get("reply")]) == 3, "three that wait")
        replies = {row["domain"]: row["reply"] for row in world.queue()}
        assert "verif" in replies["liar"] or "ertificate" in replies["liar"], replies
        assert "does not offer STARTTLS" in replies["strip"], replies
        assert "does not know the server mx.other" in replies["other"], replies
        assert web.asked.count("mta-sts.sts") == 1 and "mta-sts.testing" in web.asked, web.asked
        world.send("again@sts")
        wait_until(lambda: len(postfix.mails()) == 2, "a second mail")
        assert web.asked.count("mta-sts.sts") == 1, "the policy was kept"
        web.close()
        for name in ("strip", "sts"):
            world.knot.change(f"{name}.", f"@ MX 10 mx\nmx A 127.0.0.{11 if name == 'strip' else 10}\n")
        world.restart(lambda: (world.office.data / "dns" / "root.key").write_text(world.knot.anchor))
        world.send("late@strip", "late@sts")
        wait_until(lambda: len(postfix.mails()) == 3, "a third mail")
        wait_until(lambda: [row for row in world.queue() if row["recipient"] == "late@strip" and row.get("reply")],
                   "an attempt")
        assert bare.mails() == 2, bare.recipients()
    finally:
        world.office.command("queue", "remove", "all")
        bare.close()
        postfix.close()


def reaches_all_by_their_policies(world):
    """One mail, three mailboxes here and five people in four domains: DANE, MTA-STS, neither, and one that is down,
    which is tried again, noticed and returned."""
    command = world.office.command
    web = PolicyServer(world.sts_certificates, {
        "mta-sts.sts": "version: STSv1\nmode: enforce\nmx: mx.sts\nmax_age: 86400\n"})
    dane = Postfix(world.folder, "127.0.0.6", world.certificate)
    sts = Postfix(world.folder, "127.0.0.10", world.sts_certificates["mx.sts"], more="virtual_mailbox_domains = sts")
    plain = world.sink("127.0.0.2")
    here = [world.office.add_user(name) for name in ("lea", "max", "pia")]
    try:
        for key, value in (("queue.lifetime", "9s"), ("queue.delay-notice", "2s"), ("server.language", "en")):
            command("set", key, value)
        world.send(*(user.address for user in here), "one@dane", "two@dane", "all@sts", "all@plain", "all@down",
                   subject="to everybody")
        wait_until(lambda: len(dane.mails()) == 2 and len(sts.mails()) == 1 and plain.mails() == 1,
                   "the living ones", 60)
        for user in here:
            assert [mail["Subject"] for mail in world.inbox(user)] == ["to everybody"]
        assert sorted(mail.split("Delivered-To: ")[1].split()[0] for mail in dane.mails()) == ["one@dane", "two@dane"]
        for mail in dane.mails() + sts.mails():
            assert "(using TLSv1.3" in mail, mail
        wait_until(lambda: [row for row in world.queue() if row["attempts"] >= 3], "three attempts", 30)
        assert [row["recipient"] for row in world.queue()] == ["all@down"]
        assert "Action: delayed" in world.report("; all@down").get_payload()[1].as_string()
        expires = world.queue()[0]["expires"]
        wait_until(lambda: world.queue() == [], "the end of its time", 30)
        assert time.time() < expires + 3, "it was returned late"
        reports = [mail.get_payload()[1].as_string() for mail in world.inbox() if "; all@down" in mail.as_string()]
        assert len(reports) == 2 and "Action: failed" in reports[1] and "Status: 5.4.7" in reports[1], reports
        assert (len(dane.mails()), len(sts.mails()), plain.mails()) == (2, 1, 1), "each once"
    finally:
        for key in ("queue.lifetime", "queue.delay-notice"):
            command("set", key)
        command("queue", "remove", "all")
        plain.close()
        sts.close()
        dane.close()
        web.close()


POINTS = [delivers, leads_groups_outside, returns_by_hand, changes_nothing_on_its_way, bounces, knows_what_can_never_be, tries_again,
          dead_does_not_delay_living, survives_restart, tells_of_delay_and_end, proves_by_dane, sends_receipts,
          refuses_strangers, mends_for_old_servers, sends_through_a_provider, proves_by_mta_sts,
          reaches_all_by_their_policies]


def play(points, logs):
    """Plays each of POINTS, pairs of a title and a function; of those that fail it also tells what LOGS returns."""
    for number, (title, point) in enumerate(points, 1):
        started = time.monotonic()
        try:
            point()
            print(f"ok {number} - {title} # {time.monotonic() - started:.1f} s", flush=True)
        except Exception:  # each is told, the others go on
            print(f"not ok {number} - {title}")
            print("# " + traceback.format_exc().replace("\n", "\n# "))
            print("# " + logs().replace("\n", "\n# "), flush=True)


def play_all(points, names, world, logs):
    """The functions POINTS, or those of them that NAMES names, each with WORLD, which WORLD() makes."""
    points = [point for point in points if not names or point.__name__ in names]
    print(f"1..{len(points)}", flush=True)
    made = world()
    with made.stack:
        play([(point.__name__.replace("_", " "), functools.partial(point, made)) for point in points], lambda: logs(made))


def main(build, names):
    enter_namespace()
    folder = tempfile.mkdtemp(prefix="hauspost-queue-")
    try:
        play_all(POINTS, names, lambda: World(build, folder), lambda world: world.office.log_tail(40))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2:])
