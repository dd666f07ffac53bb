#!/usr/bin/env python3
"""A monkey at the control panel: clicks, keys, the wheel and words at random, faster than any person, for some time. Whatever it
does to its own office is right; the panel must live, and GTK must not complain. In a network namespace of its own (root), as it may
ask the server to ask the world. Not part of a run: what it finds becomes a test.
The panel built with the address sanitizer (build-asan) tells more.

    /usr/bin/python3 tests/panel/monkey.py BUILD [--language de] [--width 400] …
    MONKEY_SECONDS (60) and MONKEY_SEED are taken from the environment.
"""
import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import stage as panel_stage  # noqa: E402

INSIDE = "HAUSPOST_MONKEY_NAMESPACE"
KEYS = ["Tab", "shift+Tab", "Return", "space", "Escape", "Up", "Down", "Left", "Right", "Page_Down", "Home", "alt+Left", "ctrl+f",
        "F5", "ctrl+a", *(f"ctrl+{number}" for number in range(1, 10))]
WORDS = ["anna", "new.example", "12", "x@office.example", "ä ß", "2G"]
BATCH = 15
COMPLAINTS = ("CRITICAL", "AddressSanitizer", "runtime error")


def enter_namespace():
    """Where there is nothing but loopback."""
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, *sys.argv])


def deed(chance, width, height):
    """A few words for xdotool."""
    what = chance.random()
    if what < 0.55:
        return ["mousemove", str(chance.randrange(width)), str(chance.randrange(height)), "click", "1"]
    if what < 0.85:
        return ["key", chance.choice(KEYS)]
    if what < 0.95:
        return ["type", "--args", "1", "--delay", "1", chance.choice(WORDS)]
    return ["click", "--repeat", "5", "--delay", "1", chance.choice("45")]


def play_with(stage, chance, until):
    """Until the panel has ended: a monkey closes it, too."""
    panel = stage.open()
    while time.monotonic() < until and panel.program.poll() is None:
        panel.focus_window()
        words = []
        for _ in range(BATCH):
            words += [*deed(chance, *panel.desktop.size), "sleep", str(chance.choice([0, 0.02, 0.05, 0.3]))]
        subprocess.run(["xdotool", *words], stderr=subprocess.DEVNULL, check=False)
    if panel.program.poll() is None:
        panel.program.terminate()
        panel.program.wait(30)
    return panel


def play(stage):
    os.environ["HOME"] = str(stage.folder)  # where it may save what it likes
    seed = int(os.environ.get("MONKEY_SEED", random.randrange(1 << 30)))
    until = time.monotonic() + float(os.environ.get("MONKEY_SECONDS", 60))
    stage.say(f"the seed is {seed}")
    chance = random.Random(seed)
    for name in ("anna", "bert"):
        stage.office.add_user(name)
    starts = 0
    while time.monotonic() < until:
        starts += 1
        panel = play_with(stage, chance, until)
        log = (stage.folder / "panel.log").read_text(errors="replace")
        complaints = [line for line in log.splitlines() if any(word in line for word in COMPLAINTS)]
        stage.must(panel.program.returncode in (0, -15) and not complaints, panel.end(), *complaints)
        time.sleep(0.5)
    changes = sum("message=Administration" in line for line in stage.office.log_tail(1 << 20).splitlines())
    stage.say(f"{starts} starts, {changes} changes of the office")


if __name__ == "__main__":
    enter_namespace()
    panel_stage.main(play)
