#!/usr/bin/env python3
"""What a person at a terminal sees of `hauspost init`: it asks for the names that are not given
and shows the password once. Who is no terminal is not asked.

    init.py BUILD        prints TAP
"""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from programs import UNDER_WINE, Programs  # noqa: E402

SECONDS = 60  # generous: a busy machine
BLANKS = re.compile(r"\x1b\[(\d*)C")  # Windows' console steps over them
DRAWING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
ENGLISH = ("Full name of this server, such as mail.example.com", "is not the full name of a server",
           "Domain of the mail addresses, such as example.com [example.org]",
           "The server for example.org is ready in")


class Skip(Exception):
    pass


class Person:
    """A program at a terminal of its own; `at` is how far its output has been read."""

    def __init__(self, *words, **environment):
        self.output, self.at = "", 0
        self.is_windows = words[0] == str(UNDER_WINE)
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ.update(environment)
            os.execvp(words[0], words)

    def read(self, until):
        ready, _, _ = select.select([self.terminal], [], [], max(0, until - time.monotonic()))
        try:
            data = os.read(self.terminal, 4096) if ready else b""
        except OSError:  # the program has ended
            data = b""
        output = self.output + data.decode(errors="replace").replace("\r", "")
        output = BLANKS.sub(lambda step: " " * int(step[1] or 1), output)
        self.output = DRAWING.sub("", output)
        return data != b""

    def sees(self, text):
        until = time.monotonic() + SECONDS
        while text not in self.output[self.at:]:
            if not self.read(until):
                raise AssertionError(f"{text!r} never came: {self.output[self.at:]!r}")
        self.at = self.output.index(text, self.at) + len(text)

    def types(self, text):
        until = time.monotonic() + SECONDS
        while self.is_windows and termios.tcgetattr(self.terminal)[3] & termios.ICANON:
            assert time.monotonic() < until, "the console never read"
            time.sleep(0.01)
        os.write(self.terminal, (text.replace("\n", "\r") if self.is_windows else text).encode())

    def ends(self):
        """The exit status; what is still to be seen is in `output`."""
        until = time.monotonic() + SECONDS
        while self.read(until):
            pass
        if time.monotonic() >= until:
            os.kill(self.process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


class Test:
    def __init__(self, build, folder):
        self.programs = Programs(build)
        self.folder = folder

    def line(self, name, *words):
        return self.programs.line("daemon/hauspost", "init", "--data", self.folder / name, *words)

    def configuration(self, name):
        return (self.folder / name / "hauspost.conf").read_text()

    def asks(self):
        name, complaint, domain, ready = ENGLISH
        person = Person(*self.line("asks", "--base", "20000"), LANGUAGE="en", LC_ALL="C.UTF-8")
        person.sees(name)
        person.types("mail\n")
        person.sees(complaint)
        person.sees(name)
        person.types("mail.example.org\n")
        person.sees(domain)
        person.types("\n")
        person.sees(ready)
        person.sees("Password:")
        assert person.ends() == 0, person.output
        assert len(re.findall(r"Password: +\S{16} ", person.output)) == 1, person.output
        assert "hostname = mail.example.org\n" in self.configuration("asks")

    def asks_only_what_is_missing(self):
        words = self.line("missing", "--base", "20000", "--hostname", "mail.example.org")
        person = Person(*words, LANGUAGE="en", LC_ALL="C.UTF-8")
        person.sees("[example.org]: ")
        person.types("example.net\n")
        person.sees("The server for example.net")
        assert person.ends() == 0 and "Full name" not in person.output, person.output

    def gives_up_at_the_end_of_input(self):
        if self.programs.are_windows:
            raise Skip("Wine's console drops Ctrl-Z")
        person = Person(*self.line("end"), LANGUAGE="en", LC_ALL="C.UTF-8")
        person.sees(ENGLISH[0])
        person.types("\x04")
        person.sees("init needs --hostname and --domain.")
        assert person.ends() == 1, person.output
        assert not (self.folder / "end").exists()

    def asks_nothing_when_the_folder_is_in_use(self):
        (self.folder / "used").mkdir()
        (self.folder / "used/letter.txt").write_text("mine")
        person = Person(*self.line("used"), LANGUAGE="en", LC_ALL="C.UTF-8")
        person.sees("is in use.")
        assert person.ends() == 1 and "Full name" not in person.output, person.output

    def asks_no_program(self):
        for words in [], ["--json"]:
            done = subprocess.run(self.line("program", *words), input="mail.example.org\n\n", text=True,
                                  capture_output=True, timeout=SECONDS, check=False,
                                  env=dict(os.environ, LANGUAGE="en", LC_ALL="C.UTF-8"))
            assert done.returncode == 1, done
            assert "init needs --hostname and --domain." in done.stderr, done
        person = Person(*self.line("program", "--json"), LANGUAGE="en", LC_ALL="C.UTF-8")
        person.sees("init needs --hostname and --domain.")
        assert person.ends() == 1


TESTS = [Test.asks, Test.asks_only_what_is_missing, Test.gives_up_at_the_end_of_input,
         Test.asks_nothing_when_the_folder_is_in_use, Test.asks_no_program]


def main(build):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-terminal."))
    failed = 0
    print(f"1..{len(TESTS)}")
    try:
        for number, test in enumerate(TESTS, 1):
            try:
                test(Test(build, folder))
                print("ok", number, test.__name__, flush=True)
            except Skip as reason:
                print("ok", number, test.__name__, "# SKIP", reason, flush=True)
            except AssertionError as error:
                failed += 1
                print("not ok", number, test.__name__)
                print("#", str(error).replace("\n", "\n# "), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main(sys.argv[1]))
