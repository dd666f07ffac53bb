"""A desktop of its own for one test: Xvfb, a session bus, the accessibility bus; and the panel on it,
driven as a screen reader sees it (AT-SPI): by what controls are called and what they are.

    with Desktop.open() as desktop:
        panel = desktop.start("build", "--config", path)
        panel.press("Set Up…")
        panel.type("Domain (example.com)", "office.example")

Runs in a session of its own: a script calls begin () first, which starts it anew inside one."""
import atexit
import contextlib
import gettext
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

PRESSED = {"push button", "toggle button", "check box", "radio button", "menu item", "list item", "page tab",
           "combo box", "switch"}
PATIENCE = 15  # seconds until what is looked for is there


class PanelError(Exception):
    pass


def begin():
    """From now on in a session of its own, whose key store, settings and caches go with it."""
    if "HAUSPOST_DESKTOP" in os.environ:
        atexit.register(shutil.rmtree, os.environ["HAUSPOST_DESKTOP"], ignore_errors=True)
        return
    # The accessibility bus has its socket there: sessions beside each other would take each other's.
    folder = tempfile.mkdtemp(prefix="hauspost-session-")
    os.environ.update(HAUSPOST_DESKTOP=folder, XDG_RUNTIME_DIR=folder)
    os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])


def accessibility():
    """libatspi, with its bus and registry at work: a program that starts before them is never seen."""
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
    Atspi.set_timeout(30000, 30000)  # milliseconds; less than one is usual, and a busy machine takes longer
    Atspi.get_desktop(0).get_child_count()
    return Atspi


def words_of(build, language):
    """What the panel says for a text of its source in this language, without mnemonics."""
    words = gettext.translation("hauspost", build / "po", [language], fallback=True)
    return lambda text: words.gettext(text).replace("_", "")


def leave_core():
    """Before a program starts: whoever crashes leaves its memory in its folder."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def stack_of(program, folder):
    """Where the program was when it crashed, as far as its core and gdb can tell."""
    cores = sorted(folder.glob("core*"))
    if not cores or not shutil.which("gdb"):
        return ""
    found = subprocess.run(["gdb", "-batch", "-nx", "-ex", "bt 30", program, cores[-1]], capture_output=True, text=True,
                           timeout=120)
    return "\n".join(line for line in found.stdout.splitlines() if line.startswith("#"))


def pointer(x, y):
    subprocess.run(["xdotool", "mousemove", str(x), str(y)], check=True)
    time.sleep(0.1)


class Desktop:
    def __init__(self, folder, width, height):
        self.folder = pathlib.Path(folder)
        self.size = (width, height)
        self.programs = []

    @classmethod
    def open(cls, folder, width=1024, height=700, large=False):
        """LARGE: text half as large again, as for who sees badly."""
        desktop = cls(folder, width, height)
        number, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24",
                                   "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        desktop.programs.append(server)
        with os.fdopen(number) as pipe:
            os.environ["DISPLAY"] = ":" + pipe.readline().strip()
        os.environ.update(GDK_BACKEND="x11", GSK_RENDERER="cairo", XDG_CONFIG_HOME=str(desktop.folder / "config"),
                          XDG_DATA_HOME=str(desktop.folder / "share"), XDG_CACHE_HOME=str(desktop.folder / "cache"))
        for name in ("config", "share", "cache"):
            (desktop.folder / name).mkdir(exist_ok=True)
        (desktop.folder / "config/gtk-4.0").mkdir(exist_ok=True)
        (desktop.folder / "config/gtk-4.0/settings.ini").write_text(f"[Settings]\ngtk-font-name=Sans {15 if large else 10}\n")
        accessibility()
        return desktop

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self.programs):
            program.terminate()
            try:
                program.wait(30)  # a daemon may still wait for the DNS
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()

    def start(self, build, *arguments, language="en", dark=False, contrast=False):
        build = pathlib.Path(build).resolve()
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language,
                       "HAUSPOST_LOCALE": str(build / "po"),
                       "ADW_DEBUG_COLOR_SCHEME": "prefer-dark" if dark else "prefer-light",
                       "ADW_DEBUG_HIGH_CONTRAST": "1" if contrast else "0",
                       "PATH": f"{build / 'daemon'}:{os.environ['PATH']}"}
        log = open(self.folder / "panel.log", "ab")
        program = subprocess.Popen([build / "gui/hauspost-panel", *map(str, arguments)], env=environment,
                                   cwd=self.folder, preexec_fn=leave_core, stdout=log, stderr=log)
        self.programs.append(program)
        return Panel(self, program, words_of(build, language))

    def picture(self, path):
        subprocess.run(["import", "-window", "root", str(path)], check=True)


class Panel:
    """One window. NAME is a control's whole name in the source's English ("_Set Up…"); what is looked for is
    its translation."""

    def __init__(self, desktop, program, words):
        self.atspi = accessibility()
        self.desktop = desktop
        self.program = program
        self.words = words
        self.application = None
        self.application = self.wait(self.find_application, "the panel", 2 * PATIENCE)

    def find_application(self):
        top = self.atspi.get_desktop(0)
        for number in range(top.get_child_count()):
            child = top.get_child_at_index(number)
            if child is not None and child.get_process_id() == self.program.pid and child.get_child_count() > 0:
                child.get_role()  # without which it takes no mask
                cache = self.atspi.Cache
                child.set_cache_mask(cache(cache.DEFAULT & ~cache.CHILDREN))  # among them it keeps what has gone
                return child
        return None

    def wait(self, func, what, patience=PATIENCE):
        until = time.monotonic() + patience
        while True:
            if self.program.poll() is not None:
                raise PanelError(self.end())
            found = None
            try:
                found = func()
            except Exception as error:  # what is asked may go while it is asked
                if "GLib.Error" not in repr(type(error)) and "Error" not in type(error).__name__:
                    raise
            if found:
                return found
            if time.monotonic() > until:
                raise PanelError(f"not found: {what}\n{self.describe()}")
            time.sleep(0.1)

    def end(self):
        """How the panel has ended, if it has, with its last words."""
        if self.program.poll() is None:
            return "the panel runs"
        log = (self.desktop.folder / "panel.log").read_text(errors="replace")[-2000:]
        stack = stack_of(self.program.args[0], self.desktop.folder) if self.program.returncode < 0 else ""
        return f"the panel has ended with {self.program.returncode}\n{log}\n{stack}"

    def walk(self, node=None, depth=0):
        node = node or self.application
        yield node, depth
        for number in range(node.get_child_count()):
            child = node.get_child_at_index(number)
            if child is not None:
                yield from self.walk(child, depth + 1)

    def shows(self, node):
        """GTK 4.8 says of windows alone whether they are shown; what is not has no size."""
        if not node.get_state_set().contains(self.atspi.StateType.VISIBLE):
            return False
        component = node.get_component_iface()
        if component is None:
            return True
        size = component.get_size()
        return size.x > 0 and size.y > 0

    def visible(self, node=None, depth=0):
        node = node or self.application
        yield node, depth
        for number in range(node.get_child_count()):
            child = node.get_child_at_index(number)
            if child is not None and self.shows(child):
                yield from self.visible(child, depth + 1)

    @staticmethod
    def is_called(node, name):
        """A button's name holds its mnemonic and its label: “_Set Up… Set Up…”."""
        said = (node.get_name() or "").replace("_", "")
        return said in (name, f"{name} {name}")

    def describe(self):
        if self.application is None:
            return (self.desktop.folder / "panel.log").read_text(errors="replace")
        return "\n".join(f"{'  ' * depth}{node.get_role_name()} “{node.get_name()}” {node.get_description()}"
                         for node, depth in self.visible())

    def find(self, name, kinds=None, last=False, inside=None):
        """INSIDE: where alone is looked, which is faster; else everywhere."""
        name = self.words(name)
        found = None
        for node in (node for node, _ in self.visible(inside)) if inside else self.shown(not last):
            if self.is_called(node, name) and (kinds is None or node.get_role_name() in kinds):
                found = node
                if not last:
                    break
        return found

    def shown(self, top_first=True):
        """All that is shown; of several windows the topmost first."""
        windows = [self.application.get_child_at_index(number) for number in range(self.application.get_child_count())]
        for window in reversed(windows) if top_first else windows:
            if window is not None and self.shows(window):
                for node, _ in self.visible(window):
                    yield node

    def get(self, name, kinds=None, patience=PATIENCE, last=False):
        return self.wait(lambda: self.find(name, kinds, last), f"“{name}”", patience)

    def has(self, name):
        return self.find(name) is not None

    def says(self, part, patience=PATIENCE):
        """Waits until a text with PART is shown."""
        part = self.words(part)
        return self.wait(lambda: any(part in (node.get_name() or "") or part in self.text_of(node)
                                     for node in self.shown()), f"the text “{part}”", patience)

    def get_part(self, part):
        """The first that is called something with PART in it."""
        part = self.words(part)
        return self.wait(lambda: next((node for node in self.shown() if part in (node.get_name() or "")), None),
                         f"something with “{part}”")

    @staticmethod
    def text_of(node):
        try:
            text = node.get_text_iface()
            return text.get_text(0, text.get_character_count()) if text else ""
        except Exception:
            return ""

    def find_part(self, *parts):
        """A text that has all of PARTS, or one of the last ones (in another language)."""
        for node, _ in self.visible():
            name = node.get_name() or ""
            if node.get_role_name() == "label" and parts[0] in name and (len(parts) == 1 or any(part in name for part in parts[1:])):
                return node
        return None

    def focus_window(self):
        """There is no window manager that would do it."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.program.pid)],
                               capture_output=True, text=True).stdout.split()
        if found:
            subprocess.run(["xdotool", "windowfocus", "--sync", found[-1]], stderr=subprocess.DEVNULL, timeout=5)

    def key(self, *keys):
        self.focus_window()
        subprocess.run(["xdotool", "key", *keys], check=True)
        time.sleep(0.2)

    def middle(self, node):
        place = node.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        return place.x + place.width // 2, place.y + place.height // 2

    def scroll_to(self, node):
        """Turns the wheel over the page's margin (a field with numbers would take it) until NODE is between its header and
        what may be below."""
        width, height = self.desktop.size
        for _ in range(60):
            x, y = self.middle(node)
            if 60 < y < height - 80:
                return x, y
            pointer(width - 10, height // 2)
            subprocess.run(["xdotool", "click", "5" if y > height // 2 else "4"], check=True)
            time.sleep(0.15)
        raise PanelError(f"cannot scroll to {node.get_name()}")

    def click(self, node):
        pointer(*self.scroll_to(node))
        subprocess.run(["xdotool", "click", "1"], check=True)

    def press(self, name, kinds=None, patience=PATIENCE, last=False, inside=None):
        """By the control's action; what GTK 4.8 gives none is clicked where it says that it is."""
        def try_it():
            node = self.find(name, kinds or PRESSED, last, inside)
            if node is None or not node.get_state_set().contains(self.atspi.StateType.SENSITIVE):
                return None
            action = node.get_action_iface()
            if action is not None and action.get_n_actions() > 0:
                return action.do_action(0)
            self.click(node)
            return True
        self.wait(try_it, f"“{name}” to press", patience)
        time.sleep(0.3)

    def open(self, row, shown):
        """Clicks the row that is called so until SHOWN is there; a click that does nothing is told."""
        for _ in range(3):
            self.press(row, {"list item"})
            try:
                return self.get(shown, patience=PATIENCE / 2)
            except PanelError as error:
                lost = error
                print(f"a click on {row} has opened nothing", flush=True)
        raise lost

    def backwards(self, node=None):
        """All that is shown, what was drawn last first: a toast before the page below it."""
        node = node or self.application
        for number in reversed(range(node.get_child_count())):
            child = node.get_child_at_index(number)
            if child is not None and self.shows(child):
                yield from self.backwards(child)
        yield node

    def hold_undo(self):
        """The button of a toast; with the pointer on it, it stays, however slow this machine is."""
        name = self.words("Undo")
        button = self.wait(lambda: next((node for node in self.backwards() if node.get_role_name() == "push button"
                                         and self.is_called(node, name)), None), "an undo")
        pointer(*self.middle(button))
        return button

    def undo(self):
        self.hold_undo().get_action_iface().do_action(0)

    def entry_of(self, name):
        """The entry that is called NAME, or that is in what is called so."""
        name = self.words(name)
        for node in self.shown():
            if self.is_called(node, name):
                for inner, _ in self.walk(node):
                    if inner.get_editable_text_iface() is not None:
                        return inner
        return None

    def type(self, name, text):
        node = self.wait(lambda: self.entry_of(name), f"the entry “{name}”")
        node.get_editable_text_iface().set_text_contents(text)
        time.sleep(0.2)

    def is_sensitive(self, name, kinds=None):
        return self.get(name, kinds or PRESSED).get_state_set().contains(self.atspi.StateType.SENSITIVE)

    def choose_file(self, name, path):
        """Presses the button NAME, and types PATH into the system's dialog."""
        self.press(name, {"push button"})
        self.get("GtkFileChooserWidget")
        time.sleep(0.5)
        self.key("ctrl+l")
        subprocess.run(["xdotool", "type", "--delay", "5", str(path)], check=True)
        time.sleep(0.3)
        self.key("Return")
        time.sleep(0.3)

    def write(self, name, text):
        """With mouse and keys, and Return at the end: what a row with an Apply button wants."""
        self.click(self.wait(lambda: self.entry_of(name), f"the entry “{name}”"))
        self.write_on(text)
        self.key("Return")

    def write_on(self, text):
        """Where the keys go now."""
        self.focus_window()
        subprocess.run(["xdotool", "type", "--delay", "5", text], check=True)

    def picture(self, name):
        time.sleep(0.7)
        self.desktop.picture(self.desktop.folder / f"{name}.png")
