"""The first lines of defence on port 25, against a real DNS: defences.py BUILD. Prints TAP.

In a network namespace of its own, as what comes from loopback is left alone: block lists that knot serves, good
ones and bad ones; clients that wait for the greeting and clients that do not; and who is known.
"""
import json
import os
import pathlib
import smtplib
import socket
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "dns")]
from knot import Knot, Zone  # noqa: E402
from office import Office  # noqa: E402

INSIDE = "HAUSPOST_DEFENCES_NAMESPACE"
SERVER, SERVER6 = "192.0.2.1", "2001:db8::1"
LISTED, FREE, KNOWN = "192.0.2.9", "192.0.2.10", "198.51.100.7"
LISTED6, FREE6 = "2001:db8::9", "2001:db8:1::a"
PORT = 2525
TESTS6 = ("2.0.0.0.0.0.f.7.f.f.f.f" + ".0" * 20, "1.0.0.0.0.0.f.7.f.f.f.f" + ".0" * 20)
GOOD = f"""2.0.0.127 A 127.0.0.2
{TESTS6[0]} A 127.0.0.2
9.2.0.192 A 127.0.0.4
9.2.0.192 TXT "Seen sending \\195\\164 lot, see https://bl.example/?q=192.0.2.9"
9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.3
"""
ZONES = {
    "good.bl.": Zone(GOOD),
    "full.bl.": Zone("* A 127.0.0.2"),
    "empty.bl.": Zone(""),
    "closed.bl.": Zone("* A 127.255.255.254"),
    "gone.bl.": Zone("* A 203.0.113.1"),
    "turning.bl.": Zone("2.0.0.127 A 127.0.0.2\n10.2.0.192 A 127.255.255.255"),
}
MAIL = "From: a@x.example\r\nSubject: {}\r\n\r\nHello\r\n"
number = 0


def point(good, text, detail=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {text}" + ("" if good else f"\n# {detail!r}"), flush=True)


def enter_namespace():
    if os.environ.get(INSIDE):
        for words in (["link", "set", "lo", "up"], *(["addr", "add", f"{address}/{24 if '.' in address else 128}", "dev",
                      "lo"] for address in (SERVER, LISTED, FREE, KNOWN)),
                      *(["addr", "add", f"{address}/128", "dev", "lo", "nodad"] for address in (SERVER6, LISTED6, FREE6))):
            subprocess.run(["ip", *words], check=True)
        return
    os.environ[INSIDE] = "1"
    flags = ["-n"] if os.geteuid() == 0 else ["-rn"]
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


class Client:
    """A client at ADDRESS that speaks when it likes."""

    def __init__(self, address):
        self.begun = time.monotonic()
        server = SERVER if "." in address else SERVER6
        self.socket = socket.create_connection((server, PORT), 15, (address, 0))
        self.file = self.socket.makefile("rb")

    def line(self):
        return self.file.readline().decode().rstrip()

    def greeting(self):
        """The first line, and after how many seconds it came."""
        line = self.line()
        return line, time.monotonic() - self.begun

    def say(self, *lines):
        answers = []
        for line in lines:
            self.socket.sendall(line.encode() + b"\r\n")
            answer = self.line()
            while answer[3:4] == "-":
                answer = self.line()
            answers.append(answer)
        return answers

    def close(self):
        self.file.close()
        self.socket.close()


def offer(address, *recipients):
    client = Client(address)
    client.greeting()
    answers = client.say("EHLO c.example", "MAIL FROM:<a@x.example>", *(f"RCPT TO:<{name}@office.example>" for name in
                                                                       recipients))[2:]
    client.close()
    return answers


def send(address, subject):
    with smtplib.SMTP(SERVER, PORT, "c.example", 20, (address, 0)) as smtp:
        smtp.sendmail("a@x.example", ["anna@office.example"], MAIL.format(subject).encode())


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.2)
    return condition()


def switched_off(office):
    notices = json.loads(office.command("status", "--json"))["notices"]
    return {words[3]: " ".join(words[7:]) for words in (notice.split() for notice in notices) if "list" in words}


def check_greeting(office):
    client = Client(FREE)
    line, took = client.greeting()
    point(line.startswith("220 ") and 1.5 < took < 5, "a client that nobody knows waits for its greeting", (line, took))
    client.close()
    client = Client(FREE)
    client.socket.sendall(b"EHLO hasty.example\r\nMAIL FROM:<a@x.example>\r\n")
    line, took = client.greeting()
    point(line.startswith("554 5.5.1 ") and client.line() == "" and took < 1.5, "one that talks before it is sent away",
          (line, took))
    client.close()
    client = Client(FREE6)
    line, took = client.greeting()
    point(line.startswith("220 ") and took > 1.5, "over IPv6, too", (line, took))
    client.close()
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", office.port("smtp")), 5) as direct:
        line = direct.recv(100)
        took = time.monotonic() - begun
        point(line.startswith(b"220 ") and took < 1, "this machine never waits", (line, took))
    send(KNOWN, "first")
    client = Client(KNOWN)
    line, took = client.greeting()
    point(line.startswith("220 ") and took < 1, "nor does who has sent a mail before", (line, took))
    client.close()
    office.stop()
    office.start()
    client = Client(KNOWN)
    line, took = client.greeting()
    point(line.startswith("220 ") and took < 1, "nor after a restart", (line, took))
    client.close()
    office.command("set", "authentication.exempt-networks", "198.51.100.0/24 192.0.2.10/32")
    client = Client(FREE)
    line, took = client.greeting()
    point(line.startswith("220 ") and took < 1, "nor does the office", (line, took))
    client.close()
    office.command("set", "authentication.exempt-networks", "")
    office.command("set", "smtp.greet-delay", "0")
    client = Client(FREE)
    line, took = client.greeting()
    point(line.startswith("220 ") and took < 1, "nor anybody when it is off", (line, took))
    client.close()


def check_lists(office):
    point(offer(LISTED, "anna")[0].startswith("250 "), "without a block list nobody is kept out")
    office.command("set", "smtp.block-lists", "full.bl empty.bl closed.bl gone.bl nowhere.bl")
    wait_for(lambda: len(switched_off(office)) == 5)
    off = switched_off(office)
    point(sorted(off) == ["closed.bl", "empty.bl", "full.bl", "gone.bl", "nowhere.bl"], "bad lists are switched off", off)
    point("127.0.0.2" in off.get("empty.bl", "") and "127.0.0.1" in off.get("full.bl", "")
          and "does not answer this server" in off.get("closed.bl", ""), "and the administrator reads why", off)
    point(offer(LISTED, "anna")[0].startswith("250 "), "they keep nobody out")
    office.command("set", "smtp.block-lists", "good.bl full.bl")
    refused = wait_for(lambda: offer(LISTED, "anna")[0].startswith("554 "))
    answer = offer(LISTED, "anna")[0]
    point(refused and "192.0.2.9 is on the block list good.bl" in answer and "127.0.0.4" in answer
          and "https://bl.example" in answer and answer.isascii(), "who is listed is told where and why", answer)
    answers = offer(LISTED, "postmaster", "abuse", "anna", "nobody")
    point([answer[:3] for answer in answers] == ["250", "250", "554", "550"], "he can write to postmaster and abuse", answers)
    point(offer(FREE, "anna")[0].startswith("250 "), "who is not listed comes in")
    answers = offer(LISTED6, "anna") + offer(FREE6, "anna")
    point([answer[:3] for answer in answers] == ["554", "250"], "the same over IPv6", answers)
    office.command("set", "authentication.exempt-networks", "192.0.2.0/24")
    point(offer(LISTED, "anna")[0].startswith("250 "), "the office's networks are not looked up")
    office.command("set", "authentication.exempt-networks", "")
    office.command("set", "smtp.block-lists", "turning.bl")
    wait_for(lambda: offer(FREE, "anna") and "turning.bl" in switched_off(office))
    point("turning.bl" in switched_off(office), "a list that stops answering is switched off at once", switched_off(office))
    office.command("set", "smtp.block-lists", "")


def check_greylist(office):
    office.command("set", "smtp.greylist", "2s")
    first = offer(FREE, "anna")[0]
    early = offer(FREE, "anna")[0]
    time.sleep(2.5)
    late = offer(FREE, "anna", "anna")
    point(first.startswith("451 4.7.1 ") and early.startswith("451 ") and late[0].startswith("250 "),
          "greylisting: come again later", (first, early, late))
    point(offer(FREE, "postmaster")[0].startswith("250 "), "who has come back is known")
    point(offer(KNOWN, "anna")[0].startswith("250 "), "who was known before is not asked")
    answers = offer(FREE6, "anna") + offer(FREE6, "postmaster")
    point([answer[:3] for answer in answers] == ["451", "250"], "postmaster takes mail from anybody", answers)
    office.command("set", "smtp.greylist", "0")


def check_silence(office, knot):
    office.command("set", "smtp.block-lists", "good.bl")
    wait_for(lambda: offer(LISTED, "anna")[0].startswith("554 "))
    knot.stop()
    begun = time.monotonic()
    answer = offer("192.0.2.1", "anna")[0]
    took = time.monotonic() - begun
    point(answer.startswith("250 ") and took < 8, "a DNS that is gone keeps nobody out, and not for long", (answer, took))


def main(build):
    with Office.open(build) as office:
        with Knot(str(office.folder), ZONES) as knot:
            office.command("set", "dns.forwarders", knot.forwarder)
            office.command("set", "authentication.exempt-networks", "")
            office.command("set", "authentication.check", "no")
            office.stop()
            (office.data / "dns" / "root.key").write_text(knot.anchor)
            text = office.config.read_text().replace(
                f"smtp = 127.0.0.1:{office.port('smtp')}",
                f"smtp = 127.0.0.1:{office.port('smtp')} {SERVER}:{PORT} [{SERVER6}]:{PORT}")
            office.config.write_text(text)
            office.start()
            office.add_user("anna")
            for check in (check_greeting, check_lists, check_greylist):
                try:
                    check(office)
                except Exception:
                    point(False, check.__name__, traceback.format_exc())
            check_silence(office, knot)
    print(f"1..{number}")


enter_namespace()
main(sys.argv[1])
