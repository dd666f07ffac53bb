#!/usr/bin/env python3
"""Every page follows by itself what somebody else does: a mail that comes into the queue, a person, a ban, made by the
command line or another server while the page is open. (Certificates and settings: certificates.py, keeping.py.)

    /usr/bin/python3 tests/panel/live.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "clients")]
import stage as panel_stage  # noqa: E402
from flow import FRIEND, queue, send  # noqa: E402

SOON = 8  # seconds; the overview asks every twenty by itself


def commands(*words):
    """What `hauspost` does, as a deed of the table."""
    return lambda stage, anna: stage.office.command(*words)


def sends(stage, anna):
    send(stage.office, anna, FRIEND)
    stage.patiently(lambda: queue(stage) and queue(stage)[0]["attempts"] > 0, "the mail does not wait")


def locks(stage, anna):
    stage.office.command("brake", "lock", anna.address)


def promotes(stage, anna):
    stage.office.command("administrator", "set", anna.address, "--role", "read-only")


# A page, what is done elsewhere, what the page shows then, and whether it is to be gone again.
LIVE = (
    ("Overview", locks, "anna@office.example", False),
    ("Protection", commands("ban", "add", "192.0.2.66", "2h"), "192.0.2.66", False),
    ("Protection", commands("ban", "remove", "192.0.2.66"), "192.0.2.66", True),
    ("Protection", commands("brake", "release", "anna@office.example"), "anna@office.example", True),
    ("Domains", commands("domain", "add", "new.example"), "new.example", False),
    ("People", commands("user", "remove", "bert@office.example"), "bert@office.example", True),
    ("Mail Flow", sends, FRIEND, False),
    ("Administrators", promotes, "anna@office.example", False),
)


def follows(stage, anna, deed, text, gone):
    panel = stage.panel
    panel.wait(lambda: gone == (panel.find_part(text) is not None), "what is to change")
    deed(stage, anna)
    panel.wait(lambda: gone == (panel.find_part(text) is None), f"“{text}” {'gone' if gone else 'shown'}", SOON)


def play(stage):
    anna = stage.office.add_user("anna")
    stage.office.add_user("bert")
    stage.office.command("set", "queue.relay", "127.0.0.1:9")
    stage.open("overview")
    stage.panel.get("Now and today")
    at = "Overview"
    for page, deed, text, gone in LIVE:
        if page != at:
            stage.go(page)
        at = page
        follows(stage, anna, deed, text, gone)
        stage.say(f"{page}: {text} {'went' if gone else 'came'} by itself")


if __name__ == "__main__":
    if not all(map(shutil.which, ("Xvfb", "xdotool"))):
        sys.exit("not installed: Xvfb or xdotool")
    panel_stage.main(play)
