"""What the drivers of the control panel have in common: their arguments, pictures, a clock, and the look at every
control that is shown.

    def play (stage):
        stage.panel.press("_Add")
        stage.picture("added")

    stage.main(play, "an office", office=True)
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1])]
import desktop  # noqa: E402
from office import Office  # noqa: E402

# What a person can do something with: a screen reader must be able to say what it is.
CONTROLS = {"push button", "toggle button", "check box", "radio button", "switch", "entry", "text", "password text",
            "spin button", "combo box", "slider", "link", "list item", "menu item", "page tab", "progress bar"}
TABS = {"page tab", "radio button", "toggle button"}
NO_ROLE = {"", "unknown", "invalid"}
CLASS = re.compile("(Gtk|Adw)[A-Z]")  # what has no name is called by its class
MNEMONIC = re.compile(r"(?<![\w.])_\w")  # "_Save"; names of the DNS stand behind a dot
TWICE = re.compile(r"(.+) \1")  # "Save Save"


def ask_knot(office, knot):
    """The daemon asks the test's DNS."""
    office.command("set", "dns.forwarders", knot.forwarder)
    office.stop()
    (office.data / "dns" / "root.key").write_text(knot.anchor)
    office.start()


def fault_of(role, name):
    """What is wrong with what a screen reader calls a control; None: nothing."""
    if not name or CLASS.match(name):
        return "no name"
    if role in {"push button", "toggle button", "menu item", "page tab"} and MNEMONIC.search(name):
        return f"the sign of its mnemonic in its name “{name}”"
    return f"twice the same name “{name}”" if TWICE.fullmatch(name) else None


class TooWide(desktop.PanelError):
    pass


def may_pass(error):
    return isinstance(error, TooWide) or "GError" in type(error).__name__


class Stage:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        self.build = pathlib.Path(arguments.build).resolve()
        self.begin = time.monotonic()
        self.office = self.screen = self.panel = None
        self.looked_at = 0
        self.nameless = set()

    def say(self, what):
        print(f"{time.monotonic() - self.begin:5.1f} s  {what}", flush=True)

    def must(self, condition, *what):
        if not condition:
            raise desktop.PanelError(" ".join(map(str, what)))

    def patiently(self, question, what, seconds=20):
        until = time.monotonic() + seconds
        while not question():
            self.must(time.monotonic() < until, "in vain:", what)
            time.sleep(0.1)

    def open(self, page=None, config=None):
        """The panel on the office (or what CONFIG says), in the chosen language and style."""
        self.panel = self.screen.start(self.build, "--config", config or self.office.config, *(("--page", page) if page else ()),
                                       language=self.arguments.language, dark=self.arguments.dark,
                                       contrast=self.arguments.contrast)
        return self.panel

    def go(self, title):
        """To another page; where there is room for one side only, back to the list first."""
        if not self.panel.has(title):
            self.panel.press("Back")
        self.panel.press(title, {"list item"})

    def tab(self, name):
        """To another view of a page: by its button, or where that has no room, through the list."""
        tab = self.panel.find(name, TABS)
        if tab is None:
            self.panel.click(self.panel.get("What is shown", {"combo box"}))
            item = self.panel.get(name, {"list item"}, last=True)  # in a window of its own: where, it does not say
            self.panel.key("Home", *["Down"] * item.get_index_in_parent(), "Return")
        else:
            self.panel.click(tab)

    # Rows of settings are found by their key, which their editor's description holds.

    def editor_of(self, key):
        def find():
            for node in self.panel.shown():
                if key in (node.get_description() or "").split():
                    return node
            return None
        return self.panel.wait(find, f"the setting {key}")

    def set(self, key, text):
        editor = self.editor_of(key)
        editor.get_editable_text_iface().set_text_contents(text)
        self.press_of(key, "Apply", beside=editor.get_parent())
        self.patiently(lambda: self.value_of(key) == text or "key" in key, f"{key} is {self.value_of(key)}")

    def press_of(self, key, button, beside=None):
        self.panel.press(f"{self.panel.words(button)}: {key}", inside=beside)

    def value_of(self, key):
        return self.office.command("get", key).splitlines()[0].split("=", 1)[-1].strip()

    def api(self, path):
        status, answer = self.office.api("GET", path)
        self.must(status == 200, path, answer)
        return answer

    def toggle(self, key):
        before = self.value_of(key)
        editor = self.editor_of(key)
        editor.get_action_iface().do_action(0)
        self.patiently(lambda: self.value_of(key) != before, f"{key} is still {before}")

    def choose(self, key, number):
        """The choice with this number, by mouse and keys."""
        before = self.value_of(key)
        self.panel.click(self.editor_of(key))
        time.sleep(0.4)
        self.panel.key("Home", *["Down"] * number, "Return")
        self.patiently(lambda: self.value_of(key) != before, f"{key} is still {before}")

    def menu(self, button, item):
        """Where there is room for one side only, the main menu is on the other."""
        if not self.panel.has(button) and self.panel.has("Back"):
            self.panel.press("Back")
        desktop.pointer(*self.panel.middle(self.panel.get(button, {"push button", "toggle button"})))
        subprocess.run(["xdotool", "click", "1"], check=True)
        self.panel.press(item)

    def look(self, name, fits=False):
        """Every control that is shown has a role and a name (FITS: and is within the window); and a picture, if they are
        wanted."""
        window = self.panel.wait(lambda: self.panel.application.get_child_at_index(0), "a window")  # a busy panel may not say
        width = window.get_component_iface().get_size().x
        self.must(width <= self.arguments.width, f"{name}: the window is {width} pixels wide")
        nameless, controls = self.when_it_stands(lambda: self.controls_of(name, fits))
        self.nameless |= nameless
        self.looked_at += controls
        if self.arguments.pictures:
            picture = f"{name}-{self.arguments.language}-{self.arguments.width}"
            self.panel.picture(picture)
            shutil.copy(self.folder / f"{picture}.png", self.arguments.pictures)

    @staticmethod
    def when_it_stands(func):
        """What is looked at may go meanwhile, or still come in from the side."""
        until = time.monotonic() + 10
        while True:
            try:
                return func()
            except Exception as error:
                if not may_pass(error) or time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def controls_of(self, name, fits):
        """What is wrong with controls that are shown, and how many there are."""
        nameless, controls = set(), 0
        for node, _ in self.panel.visible():
            role = node.get_role_name()
            if fits:
                self.must_fit(name, node, role)
            if role in NO_ROLE:
                nameless.add(f"{name}: {node.get_name()!r} has no role")
            elif role in CONTROLS:
                controls += 1
                parent = node.get_parent()
                is_part = parent is not None and parent.get_role_name() in CONTROLS  # GTK's own, of a control
                fault = None if is_part else fault_of(role, node.get_name())
                if fault:
                    nameless.add(f"{name}: {role} {self.panel.text_of(node)!r} has {fault}, in {self.path_of(node)}")
        return nameless, controls

    def fits(self, name):
        """Nothing that is shown is wider than the window."""
        self.when_it_stands(lambda: [self.must_fit(name, node, node.get_role_name()) for node, _ in self.panel.visible()])

    def must_fit(self, name, node, role):
        component = node.get_component_iface()
        if component is None or role == "frame":
            return
        place = component.get_extents(self.panel.atspi.CoordType.WINDOW)
        if place.x + place.width > self.arguments.width:
            raise TooWide(f"{name}: does not fit: {self.path_of(node)}")

    @staticmethod
    def path_of(node):
        names = []
        while node is not None and len(names) < 6:
            names.append(f"{node.get_role_name()} “{node.get_name()}”")
            node = node.get_parent()
        return " < ".join(names)


def main(play, **options):
    """PLAY drives the panel on an office of its own; OPTIONS are of Office.open."""
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--language", default="en")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--contrast", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    desktop.begin()
    os.environ["HAUSPOST_LOCALE"] = str(pathlib.Path(arguments.build).resolve() / "po")  # the daemon speaks German, too
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-panel-"))
    stage = Stage(arguments, folder)
    os.environ["HAUSPOST_LOCALE"] = str(stage.build / "po")  # for what the server says
    try:
        with Office.open(arguments.build, **options) as stage.office, \
                desktop.Desktop.open(folder, width=arguments.width, large=arguments.large) as stage.screen:
            try:
                play(stage)
            except Exception:
                stage.screen.picture("/tmp/panel-failed.png")
                print(stage.office.log_tail(15), stage.panel.end() if stage.panel else "", sep="\n", file=sys.stderr)
                raise
        stage.must(not stage.nameless, "\n".join(["controls without a name or a role:", *sorted(stage.nameless)]))
        stage.say(f"done; {stage.looked_at} controls have a name and a role")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
