#!/usr/bin/env python3
"""Plays scripts against a small scripted server and shows that the runner fails when it must."""
import contextlib
import pathlib
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from conversation import Conversation, Failure  # noqa: E402
from office import User  # noqa: E402
from script import ScriptError  # noqa: E402


class EchoHandler(socketserver.StreamRequestHandler):
    """Greets; answers ECHO, SIZE, MANY, LATE, BYE and STARTTLS."""

    def handle(self):
        self.wfile.write(b"220 mail.test ready\r\n")
        with contextlib.suppress(OSError):
            while line := self.rfile.readline():
                if not self.answer(line.rstrip(b"\r\n")):
                    return

    def answer(self, line):
        word, _, rest = line.partition(b" ")
        if word == b"BYE":
            return False
        if word == b"MANY":
            self.wfile.write(b"* one\r\n* two\r\n* three\r\nOK done\r\n")
        elif word == b"BYTES":
            self.wfile.write(b"{5}\r\nab\r\nc)\r\n")
        elif word == b"STARTTLS":
            self.wfile.write(b"OK go\r\n")
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.setup()
        elif word == b"LATE":
            threading.Timer(0.2, lambda: self.wfile.write(b"late\r\n")).start()
        else:
            self.wfile.write(b"echo " + rest + b"\r\n")
        return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class SmallOffice:
    hostname = "mail.test"

    def __init__(self, port):
        self.number = port

    def port(self, _service):
        return self.number

    def add_user(self, name, domain):
        return User(f"{name}@{domain}", "secret")

    def command(self, *words, fails=False):
        return " ".join(words) + (" refused" if fails else "")


# A name, a script, and a piece of the failure it must give (None: it must pass).
START = "timeout 1s\nconnect A smtp\nA> 220 $hostname ready\n"
CASES = [
    ("literal", START + "A: ECHO a.b*c\nA> echo a.b*c\n", None),
    ("literal is not a regex", START + "A: ECHO axb\nA> echo a.b\n", "echo axb"),
    ("whole line", START + "A: ECHO abc\nA> echo ab\n", "echo abc"),
    ("any text", START + "A: ECHO abc\nA> echo ...c\n", None),
    ("any text must fit", START + "A: ECHO abc\nA> echo ...d\n", "echo abc"),
    ("capture", START + "A: ECHO id=7 x\nA> echo id={id} x\nA: ECHO $id\nA> echo 7\n", None),
    ("captured differs", START + "A: ECHO 7\nA> echo {id}\nA: ECHO 8\nA> echo $id\n", "echo 8"),
    ("regex", START + "A: ECHO 123\nA~ echo (?P<n>[0-9]+)$\nA: ECHO $n\nA> echo 123\n", None),
    ("regex fails", START + "A: ECHO 12x\nA~ echo [0-9]+\n", "echo 12x"),
    ("dollar", START + "A: ECHO $$a $Junk\nA> echo $$a $Junk\n", None),
    ("unknown variable", START + "A: ECHO $nobody\n", "nothing is called $nobody"),
    ("later", START + "A: MANY\nA>> OK done\n", None),
    ("later never", START + "A: MANY\nA>> OK gone\n", "nothing within"),
    ("without", START + "A! without * four\nA: MANY\nA>> OK ...\n", None),
    ("without fails", START + "A! without * two\nA: MANY\nA>> OK ...\n", "* two"),
    ("any order", START + "A: MANY\nA& * three\nA& * one\nA& * two\nA> OK done\n", None),
    ("any order fails", START + "A: MANY\nA& * three\nA& * one\nA& * one\n", "* two"),
    ("bytes", START + "A: BYTES\nA> {5}\nA= ab\nA> \nA> c)\n", None),
    ("bytes differ", START + "A: BYTES\nA> {5}\nA= abc\n", "ab"),
    ("read", START + "A: BYTES\nA> {5}\nA! read 5 x\nA> )\nA: ECHO $x.length\nA> echo 5\n", None),
    ("nothing", START + "A! nothing within 100ms\n", None),
    ("nothing fails", START + "A: LATE\nA! nothing within 500ms\n", "late"),
    ("closed", START + "A: BYE\nA! closed\n", None),
    ("closed fails", START + "A! closed\n", "nothing within"),
    ("closed too early", START + "A: BYE\nA> hello\n", "closed"),
    ("silent", START + "A> more\n", "nothing within 1 s"),
    ("starttls", START + "A: STARTTLS\nA> OK go\nA! starttls\nA: ECHO x\nA> echo x\n", None),
    ("starttls early text", START + "A: ECHO 1\nA: STARTTLS\nA> echo 1\nA! starttls\n", "line"),
    ("two connections", START + "connect B smtp\nB> 220 ...\nA: ECHO 1\nB: ECHO 2\nB> echo 2\n"
     "A> echo 1\n", None),
    ("no connection", "B: hello\n", "no connection B"),
    ("text", START + "text mail <<END\nSubject: $domain\n\nhi\nEND\nA: ECHO $mail.length\n"
     "A> echo 26\n", None),
    ("block", START + "A: <<END\nECHO 1\nECHO 2\nEND\nA> echo 1\nA> echo 2\n", None),
    ("send raw", START + 'A! send "ECHO \\x41\\r\\n"\nA> echo A\n', None),
    ("repeat", START + "repeat 3\nA: ECHO $i\nA> echo $i\nend\n", None),
    ("repeat fails", START + "repeat 3\nA: ECHO $i\nA> echo 2\nend\n", "echo 1"),
    ("users", START + "users anna\nA: ECHO $anna $anna.password.\n"
     "A> echo anna@t.example secret.\n", None),
    ("plain", START + "users a\nA: ECHO $a.plain\nA> echo AGFAdC5leGFtcGxlAHNlY3JldA==\n", None),
    ("base64", START + "base64 x \\0a\\0b\nA: ECHO $x\nA> echo AGEAYg==\n", None),
    ("fill", START + "fill x 200\nA: ECHO $x.length\nA> echo 200\n", None),
    ("large both ways", START + "fill x 3000000\nrepeat 2\nA! send \"ECHO $x\"\nend\nA>> ...9...\n",
     None),
    ("hauspost", START + "hauspost user list\nA: ECHO $output\nA> echo user list\n", None),
    ("hauspost!", START + "hauspost! x\nA: ECHO $output\nA> echo x refused\n", None),
    ("printed", START + "hauspost user list\nprinted ^user l\n", None),
    ("printed fails", START + "hauspost user list\nprinted ^list\n", "user list"),
    ("from", START + "connect B smtp from 127.0.0.9\nB> 220 ...\nB: ECHO 1\nB> echo 1\n", None),
    ("from nowhere", START + "connect B smtp 127.0.0.9\n", "connect NAME SERVICE"),
    ("odd word", "conect A smtp\n", "neither a step nor"),
    ("open repeat", "repeat 3\n", "repeat without end"),
    ("open block", "text x <<END\n", "without END"),
]


def certificate(folder):
    path = pathlib.Path(folder) / "pair.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                    "/CN=mail.test", "-keyout", path, "-out", pathlib.Path(folder) / "c.pem"],
                   check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (pathlib.Path(folder) / "c.pem").read_bytes())
    return path


def outcome(office, script):
    try:
        Conversation(office, script, "t.example").play()
    except Failure as failure:
        return f"{failure}\n{failure.expected}\n{failure.came}"
    except ScriptError as problem:
        return str(problem)
    return None


def main():
    print(f"1..{len(CASES)}")
    failed = 0
    with tempfile.TemporaryDirectory() as folder, Server(("127.0.0.1", 0), EchoHandler) as server:
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(certificate(folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        office = SmallOffice(server.server_address[1])
        for number, (name, script, wanted) in enumerate(CASES, 1):
            came = outcome(office, script)
            good = came is None if wanted is None else came is not None and wanted in came
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}")
            if not good:
                for line in (came or "it passed").splitlines():
                    print("#", line[:300])
        server.shutdown()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
