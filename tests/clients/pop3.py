#!/usr/bin/env python3
"""fetchmail, mpop, getmail and Python's poplib collect mail over POP3."""
import imaplib
import poplib
import ssl
import time

from check import main, must, run


def letter(number, size=100):
    body = "".join(f".line {line} of {number}\r\n" for line in range(max(1, size // 16)))
    return (f"From: a@example.org\r\nTo: b@example.org\r\nSubject: number {number}\r\n"
            f"Message-ID: <{number}@example.org>\r\n\r\n{body}").encode()


class Box:
    """An account with COUNT mails and an empty Maildir."""

    def __init__(self, office, name, count=10, size=100):
        self.office = office
        self.user = office.add_user(name)
        self.folder = office.folder / name
        self.maildir = self.folder / "mail"
        for part in ("new", "cur", "tmp"):
            (self.maildir / part).mkdir(parents=True)
        self.imap = imaplib.IMAP4("127.0.0.1", office.port("imap"))
        self.imap.login(self.user.address, self.user.password)
        self.add(0, count, size)

    def add(self, first, count, size=100):
        for number in range(first, first + count):
            self.imap.append("INBOX", None, None, letter(number, size))

    def left(self):
        return int(self.imap.select("INBOX")[1][0])

    def near(self):
        """What was collected: subject to the lines of the body."""
        mails = {}
        for path in sorted(self.maildir.glob("new/*")):
            head, _, body = path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
            subject = [line for line in head.split(b"\n") if line.startswith(b"Subject: ")][0]
            must(subject.decode() not in mails, f"{subject} came once")
            mails[subject.decode()] = body
        return mails

    def must_have(self, count, size=100):
        mails = self.near()
        must(len(mails) == count, f"{count} mails, not {len(mails)}")
        for number in range(count):
            wanted = letter(number, size).replace(b"\r\n", b"\n").partition(b"\n\n")[2]
            must(mails[f"Subject: number {number}"].rstrip() == wanted.rstrip(),
                 f"mail {number} is whole")

    def deliver(self):
        """A program that puts the mail it reads into the Maildir."""
        path = self.write("deliver", f"#!/bin/sh\nexec cat > {self.maildir}/new/$$.$(date +%s%N)\n")
        path.chmod(0o700)
        return path

    def write(self, name, text):
        path = self.folder / name
        path.touch(0o600)
        path.write_text(text)
        return path


def fetchmail(box, port, tls):
    rc = box.write("rc", f"""
poll 127.0.0.1 protocol pop3 port {port} uidl
  user "{box.user.address}" password "{box.user.password}"
  {tls} no sslcertck mda "{box.deliver()}"
""")
    run("fetchmail", "-f", rc, "--nosyslog", "-i", box.folder / "ids", "--pidfile",
        box.folder / "pid")
    box.must_have(10)
    must(box.left() == 0, "nothing is left")


def fetchmail_takes_all_and_deletes(office):
    fetchmail(Box(office, "fetchmail"), office.port("pop3s"), "ssl")


def fetchmail_says_stls(office):
    fetchmail(Box(office, "fetchmail-stls"), office.port("pop3"), 'sslproto "tls1.2+"')


def mpop_keeps_and_takes_each_once(office):
    box = Box(office, "mpop")
    rc = box.write("rc", f"""
account office
host 127.0.0.1
port {office.port('pop3s')}
tls on
tls_starttls off
tls_certcheck off
user {box.user.address}
password {box.user.password}
auth plain
keep on
uidls_file {box.folder}/ids
delivery maildir {box.maildir}
account default : office
""")
    run("mpop", "-C", rc)
    box.must_have(10)
    box.add(10, 3)
    run("mpop", "-C", rc)
    box.must_have(13)
    must(box.left() == 13, "all is left")
    run("mpop", "-C", rc, "--keep=off")
    box.must_have(13)


def getmail_takes_all_and_deletes(office):
    getmail(Box(office, "getmail"), 10, 100)


def getmail_takes_a_big_one(office):
    getmail(Box(office, "getmail-big", count=3, size=3_000_000), 3, 3_000_000)


def getmail(box, count, size):
    box.write("rc", f"""
[retriever]
type = SimplePOP3SSLRetriever
server = 127.0.0.1
port = {box.office.port('pop3s')}
username = {box.user.address}
password = {box.user.password}
[destination]
type = MDA_external
path = {box.deliver()}
allow_root_commands = true
[options]
delete = true
delivered_to = false
received = false
""")
    run("getmail", "-g", box.folder, "-r", "rc")
    box.must_have(count, size)
    must(box.left() == 0, "nothing is left")


def two_devices_read_at_once(office):
    box = Box(office, "devices", count=5)
    devices = []
    for _ in range(2):
        device = poplib.POP3("127.0.0.1", office.port("pop3"))
        context = ssl._create_unverified_context()
        device.stls(context)
        device.user(box.user.address)
        device.pass_(box.user.password)
        devices.append(device)
    for device in devices:
        must(device.stat()[0] == 5, "both see five")
    devices[0].dele(1)
    devices[0].quit()
    lines = devices[1].retr(1)[1]
    must(b"Subject: number 0" in lines, "the other still reads it")
    ids = [line.split()[1] for line in devices[1].uidl()[1]]
    must(len(set(ids)) == 5, "ids are unique")
    devices[1].dele(1)
    devices[1].quit()
    must(box.left() == 4, "four are left")


def wait_until_indexed(office):
    """The search's index reads the mail too, and is not what is measured."""
    time.sleep(1.5)  # it looks twice a second for what has come, and says nothing before
    until = time.monotonic() + 60
    while office.metrics()["hauspost_search_backlog"] > 0:
        must(time.monotonic() < until, "the index catches up")
        time.sleep(0.1)


def a_slow_reader_costs_little_memory(office):
    box = Box(office, "slow", count=1, size=24_000_000)
    wait_until_indexed(office)
    before = office.memory("VmRSS")
    readers = []
    for _ in range(8):
        reader = poplib.POP3("127.0.0.1", office.port("pop3"), timeout=60)
        reader.user(box.user.address)
        reader.pass_(box.user.password)
        reader.sock.sendall(b"RETR 1\r\n")
        readers.append(reader)
    time.sleep(1)
    grown = office.memory("VmRSS") - before
    must(grown < 16 << 20, f"eight readers who do not read: {grown >> 20} MiB")
    for reader in readers:
        reader.close()


if __name__ == "__main__":
    main([fetchmail_takes_all_and_deletes, fetchmail_says_stls, mpop_keeps_and_takes_each_once,
          getmail_takes_all_and_deletes, getmail_takes_a_big_one, two_devices_read_at_once,
          a_slow_reader_costs_little_memory], ["fetchmail", "mpop", "getmail"])
