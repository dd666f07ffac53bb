"""Exim, OpenSMTPD and Postfix as the servers of others, both ways: what is sent to them and what they send
arrives once, byte for byte, over TLS. In a network and a mount namespace of its own, where each finds the
users and folders that it was built for. peers.py BUILD. Prints TAP."""
import contextlib
import functools
import os
import pathlib
import pwd
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
from office import Office, tls_client  # noqa: E402
from run import Postfix, World, listens, make_certificate, play, wait_until  # noqa: E402

INSIDE = "HAUSPOST_PEERS_NAMESPACE"
USERS = ("Debian-exim", "opensmtpd", "opensmtpq", "boxes")
EXIM = """primary_hostname = mx.exim.example
exim_path = {folder}/exim4
spool_directory = {folder}/exim-spool
log_file_path = {folder}/exim-log/%slog
daemon_smtp_ports = 25
local_interfaces = 127.0.0.31
tls_advertise_hosts = *
tls_certificate = {certificate}
chunking_advertise_hosts = *
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
acl_smtp_rcpt = accept_all
keep_environment =
begin acl
accept_all:
  accept
begin routers
here:
  driver = accept
  domains = exim.example
  transport = box
there:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = out
begin transports
box:
  driver = appendfile
  directory = {folder}/exim-box
  maildir_format
  user = Debian-exim
  group = Debian-exim
out:
  driver = smtp
  port = {port}
  hosts_require_tls = *
  tls_verify_hosts =
  tls_try_verify_hosts =
begin retry
* * F,1h,1m
"""
OPENSMTPD = """pki peer cert "{certificate}"
pki peer key "{key}"
listen on 127.0.0.32 port 25 tls pki peer hostname mx.smtpd.example
action "box" maildir "{folder}/smtpd-box" virtual {{ "@" = "boxes" }}
action "out" relay helo "mx.smtpd.example" host "smtp+tls://127.0.0.1:{port}" tls no-verify
match from any for domain "smtpd.example" action "box"
match from any for any action "out"
"""


def enter_namespaces():
    """The second time it is inside: /etc gets users and configurations, folders are empty ones."""
    if not os.environ.get(INSIDE):
        os.environ[INSIDE] = tempfile.mkdtemp(prefix="hauspost-peers-")
        os.chmod(os.environ[INSIDE], 0o755)
        status = subprocess.run(["unshare", "-mn", sys.executable, *sys.argv], check=False).returncode
        shutil.rmtree(os.environ[INSIDE], ignore_errors=True)
        sys.exit(status)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return pathlib.Path(os.environ[INSIDE])


def bind(source, target):
    subprocess.run(["mount", "--bind", source, target], check=True)


def lay_out(folder, peers):
    """What the two expect below /, by mounts that nobody else sees."""
    shutil.copytree("/etc", folder / "etc", symlinks=True, ignore_dangling_symlinks=True)
    for number, name in enumerate(USERS, 61000):
        for file, line in (("passwd", f"{name}:x:{number}:{number}::{folder}:/bin/false\n"), ("group", f"{name}:x:{number}:\n")):
            with open(folder / "etc" / file, "a") as table:
                table.write(line)
    for name in ("exim-spool", "exim-log", "exim-box", "smtpd-box", "run", "spool/smtpd", "lib/opensmtpd/empty", "etc/exim4"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        os.chmod(folder / name, 0o755)
    os.chmod(folder / "spool/smtpd", 0o711)
    shutil.copytree(peers / "usr/libexec", folder / "libexec")
    for source, target in (("etc", "/etc"), ("libexec", "/usr/libexec"), ("spool", "/var/spool"), ("lib", "/var/lib"), ("run", "/run")):
        bind(folder / source, target)
    for box, user in (("exim-spool", "Debian-exim"), ("exim-log", "Debian-exim"), ("exim-box", "Debian-exim"), ("smtpd-box", "boxes")):
        entry = pwd.getpwnam(user)
        os.chown(folder / box, entry.pw_uid, entry.pw_gid)
    shutil.copy(peers / "usr/sbin/exim4", folder / "exim4")
    os.chmod(folder / "exim4", 0o4755)


class Server:
    """A program that takes mail into a maildir."""

    # Debian 12's OpenSMTPD offers STARTTLS, but as a server it cannot sign with OpenSSL 3
    # (github.com/OpenSMTPD/OpenSMTPD/issues/1239): mail reaches it in the clear, after a handshake that fails.
    has_tls = True

    def __init__(self, name, address, box, line, log):
        self.name, self.address, self.box = name, address, pathlib.Path(box)
        self.domain = f"{name}.example"
        self.log = open(log, "wb")
        self.process = subprocess.Popen(line, stdout=self.log, stderr=self.log)
        wait_until(lambda: listens(address) or self.process.poll() is not None, name)

    def mails(self):
        return [path.read_bytes() for path in sorted(self.box.glob("new/*"))]

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


class PostfixServer(Postfix):
    name, address, domain, has_tls = "postfix", "127.0.0.33", "postfix.example", True

    def __init__(self, folder, certificate, port):
        more = f"""virtual_mailbox_domains = postfix.example
myhostname = mx.postfix.example
mynetworks = 127.0.0.0/8
default_transport = smtp:[127.0.0.1]:{port}
smtp_tls_security_level = encrypt"""
        super().__init__(folder, self.address, certificate, more=more, services="smtp unix - - n - - smtp\n")

    def mails(self):
        return [path.read_bytes() for path in sorted(self.folder.glob("box/new/*"))]


class Street:
    """The office and its neighbours."""

    send, inbox = World.send, World.inbox

    def __init__(self, build, folder, peers):
        self.folder = folder
        self.stack = contextlib.ExitStack()
        lay_out(folder, peers)
        self.office = self.stack.enter_context(Office.open(build))
        self.anna = self.office.add_user("anna")
        port = self.office.port("smtp")
        certificates = {name: make_certificate(folder, f"mx.{name}.example") for name in ("exim", "smtpd", "postfix")}
        os.chmod(certificates["exim"], 0o644)
        key = subprocess.run(["openssl", "pkey", "-in", certificates["smtpd"]], check=True, capture_output=True).stdout
        (folder / "smtpd.key").write_bytes(key)
        os.chmod(folder / "smtpd.key", 0o600)
        (folder / "etc/exim4/exim4.conf").write_text(EXIM.format(folder=folder, port=port, certificate=certificates["exim"]))
        (folder / "smtpd.conf").write_text(OPENSMTPD.format(folder=folder, port=port, key=folder / "smtpd.key",
                                                            certificate=certificates["smtpd"].with_suffix(".crt")))
        self.exim = Server("exim", "127.0.0.31", folder / "exim-box", [folder / "exim4", "-bdf", "-q1s"], folder / "exim.log")
        self.stack.callback(self.exim.close)
        self.smtpd = Server("smtpd", "127.0.0.32", folder / "smtpd-box",
                            [peers / "usr/sbin/smtpd", "-d", "-f", folder / "smtpd.conf"], folder / "smtpd.log")
        self.smtpd.has_tls = False
        self.stack.callback(self.smtpd.close)
        self.postfix = PostfixServer(folder, certificates["postfix"], port)
        self.stack.callback(self.postfix.close)
        self.peers = (self.exim, self.smtpd, self.postfix)
        self.office.command("set", "queue.routes", " ".join(f"{peer.domain}={peer.address}:25" for peer in self.peers))
        self.office.command("set", "queue.retry-time", "1s")

    def queue(self):
        return World.queue(self)

    def logs(self):
        texts = [f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-15:])
                 for path in (*self.folder.glob("exim-log/*"), self.folder / "smtpd.log") if path.is_file()]
        return "\n".join([*texts, self.office.log_tail(25)])


EIGHT = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
# Subject to header and body, as they must arrive.
MAILS = {
    "dots": ("", ".\r\n..\r\n.a dot\r\n\r\nFrom here\r\nand a blank at the end \r\n"),
    "eight": (EIGHT, "Gr\xfc\xdfe aus K\xf6ln \u2713\r\n"),
    "wide": ("", "x" * 990 + "\r\n"),
    "big": ("", "".join(f"line {number} of a mail that comes in pieces\r\n" for number in range(12000))),
}


def text_of(subject, sender, to):
    header, body = MAILS[subject]
    return f"From: <{sender}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nMessage-ID: <{subject}.{to}>\r\n" \
           f"Date: Mon, 30 Nov 2026 00:00:00 +0000\r\n{header}\r\n{body}".encode()


def whole(mail):
    """From the first field that its author wrote on, with the line ends of files."""
    mail = mail.replace(b"\r\n", b"\n")
    return mail[mail.index(b"From: <"):]


def last_step(mail):
    """What the last server wrote of how the mail came."""
    return re.search(rb"^Received: .*(?:\n[ \t].*)*", mail.replace(b"\r\n", b"\n"), re.MULTILINE)[0].decode()


def check_once(found, expected):
    assert len(found) == len(expected), f"{len(found)} mails instead of {len(expected)}"
    for mail in expected:
        same = [other for other in found if whole(other) == whole(mail)]
        assert len(same) == 1, f"{len(same)} times:\n{mail[:300]!r}\nof\n" + "\n".join(repr(whole(other)[:300]) for other in found)


def sends(street, peer):
    """mail to NAME arrives once, byte for byte, over TLS where its TLS works"""
    sent = []
    with smtplib.SMTP("127.0.0.1", street.office.port("submission"), "client.example", timeout=30) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(street.anna.address, street.anna.password)
        for subject in MAILS:
            to = f"box@{peer.domain}"
            sent.append(text_of(subject, street.anna.address, to))
            smtp.sendmail(street.anna.address, [to], sent[-1], ["BODY=8BITMIME"])
    wait_until(lambda: len(peer.mails()) >= len(sent), f"mail at {peer.name}", 20)
    wait_until(lambda: street.queue() == [], "an empty queue")
    time.sleep(0.3)  # for one too many
    check_once(peer.mails(), sent)
    for mail in peer.mails():
        assert ("esmtps" in last_step(mail).lower()) == peer.has_tls, last_step(mail)


def receives(street, peer):
    """mail from NAME arrives once, byte for byte, over TLS"""
    before = len(street.inbox())
    sent = []
    with smtplib.SMTP(peer.address, 25, "client.example", timeout=30) as smtp:
        if peer.has_tls:
            smtp.starttls(context=tls_client())
        for subject in MAILS:
            sent.append(text_of(subject, f"box@{peer.domain}", street.anna.address))
            smtp.sendmail(f"box@{peer.domain}", [street.anna.address], sent[-1], ["BODY=8BITMIME"])
    found = wait_until(lambda: (lambda all: all if len(all) >= before + len(sent) else None)(raw_inbox(street)), f"mail from {peer.name}", 20)
    time.sleep(0.3)
    found = raw_inbox(street)[before:]
    check_once(found, sent)
    for mail in found:
        assert "with ESMTPS" in last_step(mail) and f"from mx.{peer.domain}" in last_step(mail), last_step(mail)


def raw_inbox(street):
    import imaplib
    with imaplib.IMAP4("127.0.0.1", street.office.port("imap")) as imap:
        imap.login(street.anna.address, street.anna.password)
        imap.select("INBOX")
        numbers = imap.search(None, "ALL")[1][0].split()
        return [imap.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]


def chunks_and_utf8(street):
    """Exim gets chunks and sends chunks; addresses in UTF-8 go to who takes them, and come back from who does not"""
    log = (street.folder / "exim-log/mainlog").read_text()
    assert " K " in next(line for line in log.splitlines() if " <= anna@" in line), log[-2000:]
    assert " K " in next(line for line in log.splitlines() if "=> anna@" in line), log[-2000:]
    before = len(street.exim.mails())
    street.send("gr\xfcn@exim.example", "gr\xfcn@smtpd.example", subject="Gr\xfc\xdfe", options=["SMTPUTF8", "BODY=8BITMIME"])
    wait_until(lambda: len(street.exim.mails()) == before + 1, "the mail in UTF-8")
    assert "Subject: Gr\xfc\xdfe".encode() in street.exim.mails()[-1] or any("Gr\xfc\xdfe".encode() in mail for mail in street.exim.mails())
    wait_until(lambda: any("Status: 5.6.7" in mail.as_string() for mail in street.inbox()), "the report of the other")
    wait_until(lambda: street.queue() == [], "an empty queue")


def receipts(street):
    """who asks for a receipt gets one of each server"""
    before = len(street.inbox())
    street.send(*(f"box@{peer.domain}" for peer in street.peers), subject="receipt", rcpt_options=["NOTIFY=SUCCESS"])
    for peer in street.peers:
        receipt = wait_until(lambda: next((mail.as_string() for mail in street.inbox()[before:] if f"box@{peer.domain}" in mail.as_string()), None),
                             f"a receipt of {peer.name}", 10)
        assert f"mx.{peer.domain}" in receipt, receipt  # each sends its own, as it knows DSN


def main():
    if os.geteuid() != 0:
        print("1..0 # SKIP only root can give Exim and OpenSMTPD the users they want")
        return
    build = pathlib.Path(sys.argv[1]).resolve()
    if not os.environ.get(INSIDE):
        done = subprocess.run(["sh", HERE / "peers.sh", build / "peers"], capture_output=True, text=True, check=False)
        if done.returncode:
            print("1..0 # SKIP Debian's packages cannot be had: " + " ".join(done.stderr.split()[-20:]))
            return
    folder = enter_namespaces()
    names = ("exim", "smtpd", "postfix")
    print(f"1..{2 * len(names) + 2}", flush=True)
    street = Street(build, folder, build / "peers")
    points = [(check.__doc__.replace("NAME", name), functools.partial(check, street, getattr(street, name)))
              for name in names for check in (sends, receives)]
    points += [(check.__doc__, functools.partial(check, street)) for check in (chunks_and_utf8, receipts)]
    with street.stack:
        play(points, street.logs)


if __name__ == "__main__":
    main()
