#!/usr/bin/env python3
"""The control panel as a Windows program: it starts under Wine, finds the daemon that runs there, and
shows every page, in English and German.

    wine.py BUILD [FOLDER]      BUILD is what installer/msi/build.sh has made; the screenshots go to
                                FOLDER (default: BUILD/screenshots)

Prints TAP. HAUSPOST_TEST_BASE chooses the first ports that are tried.
"""
import contextlib
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "msi")]
from office import free_base  # noqa: E402
from windows import Windows  # noqa: E402  (it lies with the MSI's tests)

SOURCE = HERE.parents[1]
BASE = free_base()
SCREEN = "1100x780x24"
FONT = "Liberation Sans"
STILL_SECONDS = 1.2  # a picture that did not change for so long is whole,
ANSWER_SECONDS = 3  # once the server has had the time to answer
PATIENCE_SECONDS = 90  # a package may be built beside it
COLOURS_LEAST = 60  # an empty window has a dozen, text alone brings more
TROUBLE = re.compile(r"(?m)^.*(?:WARNING|CRITICAL|ERROR|Unhandled|terminate).*$")
# What Wine lacks and Windows has: some fonts in DirectWrite, keyboard layouts, names of screens.
WINES = re.compile(r"pango_font_description_get_family|registry key '(?:SYSTEM.CurrentControlSet.Control.)?"
                   r"Keyboard Layout|keyboard layout DLL|device node property")


class Screen:
    """An X server whose picture is a file."""

    def __init__(self, folder):
        self.file = folder / "Xvfb_screen0"
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-fbdir", folder, "-nolisten",
             "tcp"], pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = ":" + answer.readline().strip()

    def picture(self):
        return self.file.read_bytes()

    def save(self, path):
        subprocess.run(["convert", f"xwd:{self.file}", path], check=True)

    def colours(self):
        found = subprocess.run(["convert", f"xwd:{self.file}", "-format", "%k", "info:"], check=True,
                               capture_output=True, text=True)
        return int(found.stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


def message_font():
    """LOGFONTW: GTK takes the font of Windows' messages, and Wine's own is one that is not there."""
    return struct.pack("<5l8B64s", -12, 0, 0, 0, 400, 0, 0, 0, 0, 0, 0, 0, 0,
                       FONT.encode("utf-16-le")).hex()


def pages():
    """The table of pages."""
    text = (SOURCE / "gui/pages.c").read_text()
    return re.findall(r'(?m)^  \{ "([a-z-]+)", N_', text)


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


class Panel:
    def __init__(self, windows, build, folder):
        self.windows = windows
        self.programs = build / "payload/bin"
        self.folder = folder
        self.config = windows.folder / "office/hauspost.conf"
        self.number = self.failed = 0

    def check(self, good, name, output=""):
        self.number += 1
        self.failed += not good
        print("ok" if good else "not ok", self.number, name, flush=True)
        if not good:
            for line in str(output).strip().splitlines()[-30:]:
                print("#", line, flush=True)
        return good

    def hauspost(self, *words, **settings):
        return self.windows.run(self.programs / "hauspost.exe", *words, "--config",
                                windows_path(self.config), **settings)

    @contextlib.contextmanager
    def started(self, program, *words, **environment):
        """Ends with the program's end; what it says is in the file that is given."""
        self.windows.number += 1
        path = self.windows.folder / f"output-{self.windows.number}"
        with open(path, "wb") as output:
            process = subprocess.Popen(
                ["wine", self.programs / program, *words], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env=dict(self.windows.environment, **environment))
            try:
                yield process, path
            finally:
                process.terminate()
                process.wait(60)

    # The tests.

    def office(self):
        done = self.windows.run(self.programs / "hauspost.exe", "init", "--hostname",
                                "mail.example.org", "--domain", "example.org", "--base", str(BASE),
                                "--data", windows_path(self.config.parent))
        return self.check(done.status == 0, "an office is made", done.output)

    def daemon_answers(self):
        until = time.monotonic() + PATIENCE_SECONDS
        done = self.hauspost("status")
        while done.status and time.monotonic() < until:
            time.sleep(0.5)
            done = self.hauspost("status")
        return self.check(done.status == 0, "the daemon answers under Wine", done.output)

    def people(self):
        for name in ("anna", "bert", "clara"):
            done = self.hauspost("user", "add", f"{name}@example.org", "--name", name.title(),
                                 "--password-stdin", text="secret-1\n")
            if done.status:
                return self.check(False, "users are made", done.output)
        return self.check(True, "users are made")

    def is_whole(self, screen, process):
        """Waits until there is a picture and it stands still."""
        until = time.monotonic() + PATIENCE_SECONDS
        while screen.colours() < COLOURS_LEAST and time.monotonic() < until and process.poll() is None:
            time.sleep(0.2)
        before, since = screen.picture(), time.monotonic()
        begun = since
        while time.monotonic() < until and process.poll() is None:
            time.sleep(0.2)
            now = screen.picture()
            if now != before:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > STILL_SECONDS \
                    and time.monotonic() - begun > ANSWER_SECONDS:
                break
        return process.poll() is None and screen.colours() >= COLOURS_LEAST

    def is_gone(self, screen):
        until = time.monotonic() + PATIENCE_SECONDS
        while screen.colours() >= COLOURS_LEAST and time.monotonic() < until:
            time.sleep(0.1)

    def shows(self, screen, language, page):
        environment = {"GSK_RENDERER": "cairo", "LANGUAGE": language}
        with self.started("hauspost-panel.exe", "--config", windows_path(self.config), "--page", page,
                          **environment) as (process, path):
            whole = self.is_whole(screen, process)
            seen = f"ended with {process.poll()}; {screen.colours()} colours are to be seen"
            picture = screen.picture()
            screen.save(self.folder / f"{language}-{page}.png")
        self.is_gone(screen)
        said = path.read_text(errors="replace")
        trouble = [line for line in TROUBLE.findall(said) if not WINES.search(line)]
        self.check(whole and not trouble, f"{language}: the page {page}",
                   "\n".join(trouble) or f"{seen}\n" + "\n".join(line for line in said.splitlines() if not WINES.search(line)))
        return picture

    def walk(self, screen, language):
        pictures = {page: self.shows(screen, language, page) for page in pages()}
        self.check(len(set(pictures.values())) == len(pictures), f"{language}: each page is another one",
                   list(pictures))
        return pictures


def main(build, folder=None):
    build = pathlib.Path(build).resolve()
    folder = pathlib.Path(folder or build / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with (tempfile.TemporaryDirectory() as pictures, Screen(pathlib.Path(pictures)) as screen,
          Windows.open(screen.display) as windows):
        panel = Panel(windows, build, folder)
        windows.run("reg", "add", r"HKCU\Control Panel\Desktop\WindowMetrics", "/v", "MessageFont",
                    "/t", "REG_BINARY", "/d", message_font(), "/f")
        if panel.office():
            with panel.started("hauspostd.exe", "--config", windows_path(panel.config)):
                if panel.daemon_answers() and panel.people():
                    english, german = panel.walk(screen, "en"), panel.walk(screen, "de")
                    panel.check(not set(english.values()) & set(german.values()),
                                "German is another language on every page")
        print(f"1..{panel.number}")
        return 1 if panel.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
