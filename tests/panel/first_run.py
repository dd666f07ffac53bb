#!/usr/bin/env python3
"""The first run as a newcomer sees it: no server, the assistant, all its steps, a first mail that arrives.

    /usr/bin/python3 tests/panel/first_run.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import argparse
import os
import pathlib
import shutil
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1])]
import desktop  # noqa: E402

PASSWORD = "quite a long password"


def send_first_mail(base):
    """Another server brings a mail."""
    with smtplib.SMTP("127.0.0.1", base + 25, timeout=30) as server:
        server.ehlo("sender.example")
        server.starttls(context=ssl._create_unverified_context())
        server.ehlo("sender.example")
        server.sendmail("friend@sender.example", ["anna@office.example"],
                        b"From: friend@sender.example\r\nTo: anna@office.example\r\nSubject: Hello\r\n\r\nWelcome!\r\n")


def run(arguments, folder, say):
    build = pathlib.Path(arguments.build).resolve()
    data = folder / "office"
    daemon = None

    with desktop.Desktop.open(folder, width=arguments.width) as screen:
        panel = screen.start(build, "--config", folder / "none/hauspost.conf", language=arguments.language,
                             dark=arguments.dark)

        def picture(name):
            width = panel.application.get_child_at_index(0).get_component_iface().get_size().x
            assert width <= arguments.width, f"{name}: the window is {width} pixels wide"
            if arguments.pictures:
                panel.picture(name)
                shutil.copy(folder / f"{name}.png", arguments.pictures)

        picture("first-run-0-servers")
        panel.press("_Set Up…")
        panel.type("Domain (example.com)", "office.example")
        assert panel.text_of(panel.entry_of("Host name (mail.example.com)")) == "mail.office.example", "no host name is suggested"
        panel.press("Only to try it out")
        panel.type("Folder of the trial", str(data))
        picture("first-run-1-names")
        panel.press("_Make the Server")
        panel.get("Command")
        say("the server is made")
        daemon = subprocess.Popen([build / "daemon/hauspostd", "--config", data / "hauspost.conf"],
                                  stdout=subprocess.DEVNULL, stderr=open(folder / "daemon.log", "wb"))
        screen.programs.append(daemon)
        base = int((data / "hauspost.conf").read_text().split("smtp = 127.0.0.1:")[1].split()[0]) - 25
        panel.get("Is the World Ready for It?", patience=60)
        say("the server runs")
        panel.get("good", {"image"}, patience=60)  # the first finding
        time.sleep(4 if arguments.pictures else 0)
        picture("first-run-2-preflight")
        panel.press("_Continue")
        panel.get("Who Looks After It?")
        panel.type("Name", "Anna Example")
        panel.type("Address", "anna")
        panel.type("Password", PASSWORD)
        panel.type("The same password again", PASSWORD)
        picture("first-run-3-administrator")
        panel.press("_Continue")
        panel.get("Who Has a Mailbox?")
        panel.type("Name (Anna Example)", "Bert Example")
        panel.type("Address (anna)", "bert")
        panel.press("_Add")
        panel.says("bert@office.example")
        picture("first-run-4-people")
        panel.press("_Continue")
        panel.get("Whom Do Mail Programs Trust?")
        picture("first-run-5-certificate")
        panel.press("The self-signed one, for now")
        panel.press("_Continue")
        panel.get("How Does Mail Go Out?")
        picture("first-run-6-outgoing")
        panel.press("Directly")
        panel.press("_Continue")
        panel.get("How Does the World Find It?")
        time.sleep(1)
        picture("first-run-7-dns")
        panel.press("_Continue")
        panel.get("The Server Is Ready")
        send_first_mail(base)
        panel.get("A mail has arrived", patience=30)
        say("the first mail is there, and the panel says so")
        picture("first-run-8-ready")
        panel.press("_Finish")
        panel.says("mail.office.example, ")  # the overview
        time.sleep(1.5)
        picture("first-run-9-overview")
    users = subprocess.run([build / "daemon/hauspostd", "--check", "--config", data / "hauspost.conf"],
                           capture_output=True, text=True)
    assert users.returncode == 0, users.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--language", default="en")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    os.environ["HAUSPOST_LOCALE"] = str(pathlib.Path(arguments.build).resolve() / "po")  # the daemon speaks German, too
    start = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-panel-"))
    try:
        run(arguments, folder, lambda what: print(f"{time.monotonic() - start:5.1f} s  {what}", flush=True))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    desktop.begin()
    main()
