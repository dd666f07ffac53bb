"""A screen of its own (Xvfb) for programs with windows; what is on it can be kept as a picture."""
import contextlib
import os
import pathlib
import subprocess
import time

from check import Failed


class Screen:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.programs = []
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24",
             "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as file:
            number = file.readline().strip()
        if not number:
            raise Failed("Xvfb does not start")
        self.environment = {
            **os.environ, "DISPLAY": f":{number}", "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
            "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1", "TZ": "UTC"}
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME",
                     "DBUS_SESSION_BUS_ADDRESS"):
            self.environment.pop(name, None)
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder / "run")
        (self.folder / "run").mkdir(mode=0o700, exist_ok=True)
        self.start("openbox")

    def start(self, *command):
        log = open(self.folder / "programs.log", "ab")
        program = subprocess.Popen([str(word) for word in command], env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, start_new_session=True)
        log.close()
        self.programs.append(program)
        return program

    def run(self, *command, fails=False):
        done = subprocess.run([str(word) for word in command], env=self.environment,
                              capture_output=True, text=True, timeout=60)
        if done.returncode != 0 and not fails:
            raise Failed(f"{' '.join(map(str, command))}: {done.stderr}")
        return done.stdout

    def windows(self, name):
        """The visible windows whose title fits NAME."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", name, fails=True).split()

    def window(self, name, seconds=120):
        """Waits for a window whose title fits NAME and makes it the active one."""
        window = self.until(lambda: self.windows(name), f"no window {name!r}", seconds)[-1]
        self.run("xdotool", "windowactivate", "--sync", window, fails=True)
        return window

    def until(self, question, what, seconds=120):
        """The answer, as soon as there is one."""
        end = time.monotonic() + seconds
        while not (answer := question()):
            if time.monotonic() > end:
                self.picture("missing")
                raise Failed(what)
            time.sleep(0.3)
        return answer

    def keys(self, *keys):
        self.run("xdotool", "key", "--delay", "80", *keys)

    def types(self, text):
        self.run("xdotool", "type", "--delay", "30", text)

    def picture(self, name):
        """HAUSPOST_PICTURES is a folder for them."""
        if folder := os.environ.get("HAUSPOST_PICTURES"):
            self.run("import", "-window", "root", pathlib.Path(folder) / f"{name}.png")

    def close(self):
        for program in reversed(self.programs):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, 15)
            try:
                program.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, 9)
                program.wait()
        self.server.terminate()
        self.server.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
