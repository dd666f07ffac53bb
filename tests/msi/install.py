#!/usr/bin/env python3
"""The life of the MSI under Wine: installed with properties, mail sent and read, upgraded, a broken
upgrade taken back, a downgrade refused, removed with and without the data, installed by double click.

    install.py BUILD        BUILD is what installer/msi/build.sh has made

Prints TAP. HAUSPOST_TEST_BASE chooses the first ports that are tried.
"""
import imaplib
import os
import pathlib
import poplib
import smtplib
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from office import free_base  # noqa: E402
from windows import Windows  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
BASE = free_base()
SERVICE = r"HKLM\SYSTEM\CurrentControlSet\Services\hauspost"
MACHINE = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
PANEL = "Hauspost"
GERMAN = [PANEL, "Hauspost einrichten", "Hauspost-Befehlszeile", "Hauspost-Protokoll"]
ENGLISH = [PANEL, "Hauspost command line", "Hauspost log", "Set up Hauspost"]
ADDRESS, PASSWORD = "anna@example.org", "secret-1"
OFFICE = ["ProgramData/Hauspost", "ProgramData/Hauspost/hauspost.conf"]  # of it all that bears the name
PATIENCE_SECONDS = 90


def client_tls():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def greeting(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.settimeout(20)
            return connection.recv(64)
    except OSError:
        return b""


class Life:
    """One Windows; each test is a method, in the order of the table below."""

    def __init__(self, windows, build):
        self.windows = windows
        self.build = build
        self.data = windows.drive / "ProgramData/Hauspost"
        self.first = next(build.glob("hauspost-*-x64.msi"))
        self.version = self.first.name.split("-")[1]
        self.newer = self.variant("90.2.0")
        broken = windows.folder / "broken.exe"
        subprocess.run(["x86_64-w64-mingw32-gcc", "-O2", "-o", broken, HERE / "broken.c"], check=True)
        self.broken = self.variant("90.3.0", broken)
        self.mark = os.urandom(6).hex()
        self.number = self.failed = 0

    # What tests are made of.

    def variant(self, version, *daemon):
        folder = self.windows.folder / version
        subprocess.run(["bash", HERE / "variant.sh", self.build, version, folder, *daemon],
                       check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return folder / f"hauspost-{version}-x64.msi"

    def check(self, good, name, output=""):
        self.number += 1
        self.failed += not good
        print("ok" if good else "not ok", self.number, name, flush=True)
        if not good:
            for line in str(output).strip().splitlines()[-40:]:
                print("#", line, flush=True)
        return good

    def same(self, name, found, wanted, output=""):
        return self.check(found == wanted, name, f"{output}\n{found!r} and not {wanted!r}")

    def hauspost(self, *words, **settings):
        program = next((self.windows.drive / "Program Files/Hauspost").glob("*/bin/hauspost.exe"))
        return self.windows.run(program, *words, **settings)

    def hauspost_panel(self, *words):
        program = next((self.windows.drive / "Program Files/Hauspost").glob("*/bin/hauspost-panel.exe"))
        return self.windows.run(program, *words)

    def image(self):
        return self.windows.registry(SERVICE).get("ImagePath", "")

    def serves(self, name):
        until = time.monotonic() + PATIENCE_SECONDS
        while not (found := greeting(BASE + 143)) and time.monotonic() < until:
            time.sleep(1)
        return self.check(found.startswith(b"* OK"), name, found)

    def is_silent(self, name):
        found = greeting(BASE + 143)
        return self.check(found == b"", name, found)

    def mail_is_there(self, name):
        found = "no answer"
        try:
            with imaplib.IMAP4_SSL("127.0.0.1", BASE + 993, ssl_context=client_tls(),
                                   timeout=60) as client:
                client.login(ADDRESS, PASSWORD)
                client.select("INBOX")
                found = client.fetch("1", "(BODY[])")[1]
        except (OSError, imaplib.IMAP4.error) as error:
            found = error
        return self.check(self.mark in str(found), name, found)

    def programs(self):
        """What of the newest version lies in bin, beside the server: of the control panel, some."""
        folder = next((self.windows.drive / "Program Files/Hauspost").glob("*/bin"))
        return {name for name in ("hauspost.exe", "hauspost-panel.exe", "libgtk-4-1.dll")
                if (folder / name).exists()}

    def path(self):
        return self.windows.registry(MACHINE).get("PATH", "")

    # The tests.

    def wrong_properties(self):
        done = self.windows.msiexec("/i", self.first, "HOSTNAME=mail.example.org", "LANGUAGE=de")
        self.check(done.status != 0 and "HOSTNAME und DOMAIN gehören zusammen" in done.output,
                   "a host name without a domain is refused, in German", done.output)
        self.same("and nothing is installed", self.windows.versions(), [])

    def taken_port(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", BASE + 25))
            holder.listen()
            done = self.windows.msiexec("/i", self.first, "HOSTNAME=mail.example.org",
                                        "DOMAIN=example.org", f"PORTBASE={BASE}", "LANGUAGE=en")
        self.check(done.status != 0 and "Everything is put back as it was" in done.output,
                   "an office whose port is taken is not installed", done.output)
        self.check(f"smtp = 127.0.0.1:{BASE + 25}:" in done.output, "the log names the port",
                   done.output)
        self.same("its programs are gone", self.windows.versions(), [])
        self.same("its service is gone", self.image(), "")
        self.check(not self.data.exists(), "and so is the data of an office that never was",
                   list(self.data.glob("*")))
        self.windows.restart()

    def install(self):
        done = self.windows.msiexec("/i", self.first, "HOSTNAME=mail.example.org",
                                    "DOMAIN=example.org", f"PORTBASE={BASE}", "PORTS=lmtp=off",
                                    "LANGUAGE=de")
        if not self.check(done.status == 0, "msiexec installs it silently", done.output):
            raise SystemExit("Bail out! nothing is installed")
        self.check("Der Dienst läuft." in done.output, "the programs speak German", done.output)
        self.check("init" in done.output and "assword" not in done.output
                   and "Passwort" not in done.output, "the log has no password", done.output)
        self.same("the programs are there", self.windows.versions(), [self.version])
        self.same("the control panel's, too", self.programs(),
                  {"hauspost.exe", "hauspost-panel.exe", "libgtk-4-1.dll"})
        done = self.hauspost_panel("--version")
        self.check(done.status == 0 and self.version in done.output, "it starts where it lies", done.output)
        licences = self.windows.drive / f"Program Files/Hauspost/{self.version}/licences"
        self.check((licences / "index.txt").exists() and (licences / "GPL-3.txt").exists(),
                   "and all licences", list(licences.glob("*")))
        self.same("the control panel lists it", self.windows.products(), [self.version])
        self.same("the Start menu is German", self.windows.shortcuts(), GERMAN)
        self.check(f"Hauspost\\{self.version}\\bin\\" in self.path(), "hauspost is in the PATH",
                   self.path())
        text = (self.data / "hauspost.conf").read_text()
        self.check("hostname = mail.example.org" in text and "lmtp =\n" in text
                   and f"imap = 127.0.0.1:{BASE + 143}" in text
                   and f"pop3s = 127.0.0.1:{BASE + 995}" in text, "the office has its names and ports",
                   text)

    def service(self):
        entry = self.windows.registry(SERVICE)
        wanted = {"ObjectName": r"NT SERVICE\hauspost", "Start": "0x2", "Type": "0x10",
                  "PreshutdownTimeout": "0x1d4c0", "DisplayName": "Hauspost-Mailserver",
                  "ImagePath": f'"C:\\Program Files\\Hauspost\\{self.version}\\bin\\hauspostd.exe" --service'}
        self.same("the service is registered as it should be",
                  {name: entry.get(name) for name in wanted}, wanted)
        self.serves("Wine's service manager has started it")
        done = self.hauspost("status")
        self.check(done.status == 0 and "mail.example.org" in done.output, "hauspost status",
                   done.output)

    def send_and_read(self):
        done = self.hauspost("user", "add", ADDRESS, "--password-stdin", text=PASSWORD + "\n")
        self.check(done.status == 0, "a user is made", done.output)
        try:
            with smtplib.SMTP("127.0.0.1", BASE + 587, timeout=60) as client:
                client.starttls(context=client_tls())
                client.login(ADDRESS, PASSWORD)
                refused = client.sendmail(ADDRESS, ADDRESS, f"Subject: {self.mark}\r\n\r\nHello\r\n")
        except (OSError, smtplib.SMTPException) as error:
            refused = error
        self.same("a Linux client sends a mail", refused, {})
        self.mail_is_there("and reads it by IMAP")
        try:
            client = poplib.POP3_SSL("127.0.0.1", BASE + 995, timeout=60, context=client_tls())
            client.user(ADDRESS)
            client.pass_(PASSWORD)
            found = client.retr(1)
            client.quit()
        except (OSError, poplib.error_proto) as error:
            found = error
        self.check(self.mark in str(found), "and by POP3", found)

    def upgrade(self):
        done = self.windows.msiexec("/i", self.newer, "LANGUAGE=en")
        self.check(done.status == 0, "a newer version is installed over it", done.output)
        self.check("90.2.0" in self.image(), "the service is the newer program", self.image())
        self.same("the older programs are gone", self.windows.versions(), ["90.2.0"])
        self.same("the control panel lists one", self.windows.products(), ["90.2.0"])
        self.check(f"\\{self.version}\\bin" not in self.path() and "90.2.0" in self.path(),
                   "the PATH has one", self.path())
        self.same("the Start menu is English now", self.windows.shortcuts(), ENGLISH)
        self.mail_is_there("the mail is there")

    def broken_upgrade(self):
        done = self.windows.msiexec("/i", self.broken, "LANGUAGE=en")
        self.check(done.status != 0, "a version that does not start is not installed", done.output)
        self.check("this build is broken and does not start" in done.output
                   and "Everything is put back as it was" in done.output, "the log says why",
                   done.output)
        self.check("90.2.0" in self.image(), "the service is the older program again", self.image())
        self.same("the broken programs are gone", self.windows.versions(), ["90.2.0"])
        self.mail_is_there("it runs, with its mail")

    def downgrade(self):
        done = self.windows.msiexec("/i", self.first, "LANGUAGE=de")
        self.check(done.status != 0 and "Eine neuere Version von Hauspost ist installiert"
                   in done.output, "an older version is refused, in German", done.output)
        self.mail_is_there("nothing has changed")

    def uninstall(self):
        done = self.windows.msiexec("/x", self.newer)
        self.check(done.status == 0, "it can be uninstalled", done.output)
        self.same("the programs are gone", self.windows.versions(), [], done.output)
        self.same("the service is gone", self.image(), "", self.windows.run("tasklist").output)
        self.same("the Start menu is clean", self.windows.shortcuts(), [])
        self.check("auspost" not in self.path(), "the PATH is clean", self.path())
        self.check((self.data / "store.db").exists(), "the data is kept", list(self.data.glob("*")))
        self.is_silent("nothing listens")
        self.windows.restart()
        self.same("nothing but the data is left", self.windows.traces(), OFFICE)

    def come_back(self):
        done = self.windows.msiexec("/i", self.newer, "HOSTNAME=mail.example.org",
                                    "DOMAIN=example.org", "LANGUAGE=en")
        self.check(done.status == 0, "installed again, names and all", done.output)
        self.same("in English", self.windows.shortcuts(), ENGLISH)
        self.mail_is_there("it finds its mail")
        done = self.windows.msiexec("/x", self.newer, "REMOVEDATA=1")
        self.check(done.status == 0 and not self.data.exists(), "REMOVEDATA=1 takes the data away",
                   done.output)
        self.windows.restart()
        self.same("nothing is left", self.windows.traces(), [])

    def double_click(self):
        done = self.windows.msiexec("/i", self.first, "PANEL=no")
        self.check(done.status == 0, "without an office it installs too", done.output)
        self.same("and without the control panel", self.programs(), {"hauspost.exe"})
        self.check(PANEL not in self.windows.shortcuts(), "which is not in the Start menu",
                   self.windows.shortcuts())
        self.is_silent("nothing listens before there is an office")
        done = self.hauspost("init", "--hostname", "mail.example.org", "--domain", "example.org",
                             "--base", str(BASE))
        self.check(done.status == 0 and "cannot start" not in done.output, "init makes one",
                   done.output)
        self.serves("the waiting service has taken it up by itself")
        done = self.windows.msiexec("/x", self.first)
        self.check(done.status == 0, "and is uninstalled", done.output)
        self.windows.restart()
        self.same("with the data of the office left", self.windows.traces(), OFFICE)


TESTS = [Life.wrong_properties, Life.taken_port, Life.install, Life.service, Life.send_and_read,
         Life.upgrade, Life.downgrade, Life.broken_upgrade, Life.uninstall, Life.come_back,
         Life.double_click]


def main(build):
    with Windows.open() as windows:
        life = Life(windows, pathlib.Path(build).resolve())
        for test in TESTS:
            test(life)
        print(f"1..{life.number}")
        return 1 if life.failed else 0


sys.exit(main(sys.argv[1]))
