#!/usr/bin/env python3
"""Makes the pictures that the README shows: the overview of an office at work, its people (in German, dark), the first run.

    /usr/bin/python3 tests/panel/pictures.py BUILD gui/data/pictures
"""
import imaplib
import os
import pathlib
import random
import shutil
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import desktop  # noqa: E402
from office import Office, User, tls_client  # noqa: E402

PEOPLE = ("Anna Adler", "Bert Brandt", "Clara Cohen", "Dora Dietz", "Emil Ebert", "Frieda Fuchs", "Gustav Graf", "Hedwig Hahn",
          "Ida Imhof", "Jakob Jung")
MOST = 120 * 1024  # bytes of a picture


def office_with_mail(office):
    users = []
    for name in PEOPLE:
        user = User(f"{name.split()[0].lower()}@{office.domain}", "a password for a picture")
        office.command("user", "add", user.address, "--name", name, "--password-stdin", text=user.password + "\n")
        office.command("user", "quota", user.address, "24M")
        users.append(user)
    office.command("set", "backup.every", "1d")
    office.command("role", "add", "info@office.example", users[0].address, users[1].address)
    letters = random.Random(7)
    with smtplib.SMTP("127.0.0.1", office.port("smtp"), timeout=60) as server:
        server.ehlo("sender.example")
        server.starttls(context=ssl._create_unverified_context())
        server.ehlo("sender.example")
        for number in range(48):
            to = users[letters.randrange(len(users))].address
            text = ("x" * 70 + "\r\n") * letters.randrange(400, 30000)
            server.sendmail("friend@sender.example", [to], (
                f"From: friend@sender.example\r\nTo: {to}\r\nSubject: Number {number}\r\n\r\n{text}").encode())
            if number % 8 == 0:
                time.sleep(1)
    for user in users[::2]:
        client = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=tls_client())
        client.login(user.address, user.password)


def keep(screen, folder, name):
    time.sleep(1.5)
    raw, small = screen.folder / "raw.png", pathlib.Path(folder) / f"{name}.png"
    screen.picture(raw)
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--strip", "--speed", "1", "--output", str(small), "128", str(raw)], check=True)
    else:
        subprocess.run(["convert", str(raw), "-strip", "-colors", "128", f"PNG8:{small}"], check=True)
    size = small.stat().st_size
    print(f"{small}: {size} bytes")
    assert size < MOST, f"{small} is too big"


def end(screen, panel):
    panel.program.terminate()
    panel.program.wait(20)
    screen.programs.remove(panel.program)


def main(build, folder):
    desktop.begin()
    os.environ["HAUSPOST_LOCALE"] = str(pathlib.Path(build).resolve() / "po")  # the daemon speaks German, too
    temporary = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-panel-"))
    try:
        with Office.open(build) as office, desktop.Desktop.open(temporary) as screen:
            office_with_mail(office)
            panel = screen.start(build, "--config", office.config)
            panel.get("Now and today")
            time.sleep(12)  # the graphs' step
            keep(screen, folder, "overview")
            end(screen, panel)
            panel = screen.start(build, "--config", office.config, "--page", "people", language="de", dark=True)
            panel.get("Anna Adler · anna@office.example", {"list item"})
            keep(screen, folder, "people-german")
            end(screen, panel)
            panel = screen.start(build, "--config", temporary / "none/hauspost.conf")
            panel.press("_Set Up…")
            panel.type("Domain (example.com)", "example.com")
            keep(screen, folder, "first-run")
            end(screen, panel)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
