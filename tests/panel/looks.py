#!/usr/bin/env python3
"""Every page of the control panel, and the assistant's first, as somebody sees them who sees badly: high contrast, large
text, a narrow window. Every control has a name and a role, and nothing is wider than the window; with --pictures, to be
looked at.

    /usr/bin/python3 tests/panel/looks.py BUILD [--contrast] [--large] [--dark] [--width 400] [--language de] [--pictures FOLDER]
"""
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "clients")]
import stage as panel_stage  # noqa: E402
from flow import queue, send  # noqa: E402

PAGES = ("Overview", "Domains", "People", "Certificates", "Mail Flow", "Protection", "Backup", "Settings", "Administrators")


def fill(stage):
    """Something on each page."""
    office = stage.office
    anna = office.add_user("anna")
    office.command("user", "quota", anna.address, "24M")
    office.command("administrator", "set", office.add_user("bert").address, "--role", "domain-administrator", "--domains",
                   "office.example")
    office.command("set", "queue.relay", "127.0.0.1:9")
    office.command("ban", "add", "192.0.2.66", "2h")
    office.command("certificate", "self-sign", "spare", "spare.office.example")
    send(office, anna, "friend@elsewhere.example")
    stage.patiently(lambda: queue(stage) and queue(stage)[0]["attempts"] > 0, "the mail does not wait")


def end(stage):
    stage.panel.program.terminate()
    stage.panel.program.wait(20)
    stage.screen.programs.remove(stage.panel.program)


def see(stage, name):
    stage.look("look-" + name.lower().replace(" ", "-"), fits=True)


def play(stage):
    fill(stage)
    stage.open("overview")
    stage.panel.get_part("mail.office.example")
    for title in PAGES:
        if title != PAGES[0]:
            stage.go(title)
        see(stage, title)
    stage.say("every page")
    stage.go("Certificates")
    stage.panel.press("Set _Up…")
    see(stage, "automatic certificates")
    end(stage)
    stage.open(config=stage.folder / "none/hauspost.conf")  # a computer without a server
    stage.panel.press("_Set Up…")
    stage.panel.get("Domain (example.com)")
    see(stage, "assistant")
    stage.say("the assistant")


if __name__ == "__main__":
    if not all(map(shutil.which, ("Xvfb", "xdotool"))):
        sys.exit("not installed: Xvfb or xdotool")
    panel_stage.main(play)
