"""A Windows of one's own for a test: a Wine prefix in a temporary folder.

    with Windows.open() as windows:
        windows.msiexec("/i", path, "HOSTNAME=mail.example.org")

What Wine writes goes to a file and never to a pipe: its desktop would keep the pipe open.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

COMMAND_SECONDS = 400  # generous: a busy machine
NOISE = r"(?m)^(Action |1: |Property\(S\)|File: |Key: |Name: |===|Message type).*\n|^\n"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"


class Result:
    def __init__(self, status, output):
        self.status = status
        self.output = output


def decode(data):
    """msiexec writes its log in the ANSI code page, reg in the console's."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding).replace("\r", "")
        except UnicodeDecodeError:
            pass
    return data.decode("cp850").replace("\r", "")


class Windows:
    def __init__(self, folder, display):
        self.folder = folder
        self.drive = folder / "prefix/drive_c"
        # No .NET, no browser, and none of the shortcuts becomes an entry in this machine's menu.
        self.environment = dict(os.environ, WINEPREFIX=str(folder / "prefix"), WINEDEBUG="-all",
                                WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=",
                                DISPLAY=display, LANG="C.UTF-8")
        self.number = 0
        self.keeper = None

    @classmethod
    def open(cls, display=""):
        """DISPLAY is the X server's, for programs with windows: Wine's desktop must know it first."""
        self = cls(pathlib.Path(tempfile.mkdtemp(prefix="hauspost-windows.")), display)
        self.run("wineboot", "--init")
        # Let the first service manager end before the next one starts: with two at once, one does not
        # know what the other made.
        self.wait()
        self.start()
        return self

    def wait(self):
        subprocess.run(["wineserver", "--wait"], env=self.environment, timeout=120, check=False)

    def start(self):
        """Wine ends its services when the last program that is none has ended: so one stays."""
        self.keeper = subprocess.Popen(["wine", "cmd"], stdin=subprocess.PIPE, env=self.environment,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.run("cmd", "/c", "exit")
        self.run("net", "start")

    def stop(self):
        self.keeper.stdin.close()
        subprocess.run(["wineserver", "--kill"], env=self.environment, timeout=60, check=False)
        self.wait()
        self.keeper.wait()

    def restart(self):
        """Wine's service manager finds no service of a name that it has removed in this life."""
        self.stop()
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command, text="", seconds=COMMAND_SECONDS, wine=("wine",)):
        self.number += 1
        path = self.folder / f"output-{self.number}"
        words = [*(wine if command[0] != "wineboot" else ()), *map(str, command)]
        with open(path, "wb") as output, tempfile.TemporaryFile() as given:
            given.write(text.encode())
            given.seek(0)
            try:
                done = subprocess.run(words, stdin=given, stdout=output, stderr=output,
                                      env=self.environment, timeout=seconds, check=False)
                status = done.returncode
            except subprocess.TimeoutExpired:
                status = -1
        return Result(status, decode(path.read_bytes()))

    def msiexec(self, *words):
        """What the installer's log says is the output. Wine's status is Windows' modulo 256."""
        log = self.folder / f"install-{self.number}.log"
        done = self.run("msiexec", *words, "/qn", "/l*v", "Z:" + str(log).replace("/", "\\"))
        text = decode(log.read_bytes()) if log.exists() else done.output
        return Result(done.status, re.sub(NOISE, "", text))

    def registry(self, key):
        """The values of KEY and below: {name: text}, the last one of each name."""
        output = self.run("reg", "query", key, "/s").output
        return dict(re.findall(r"(?m)^    (\S.*?)    REG_\w+    (.*)$", output))

    def products(self):
        """Versions of Hauspost that the control panel lists."""
        output = self.run("reg", "query", UNINSTALL, "/s").output
        return sorted(re.search(r"DisplayVersion\s+REG_SZ\s+(\S+)", part)[1]
                      for part in output.split("\n\n")
                      if re.search(r"DisplayName\s+REG_SZ\s+Hauspost\s", part + "\n"))

    def shortcuts(self):
        return sorted(path.stem for path in self.drive.rglob("*.lnk") if "auspost" in path.name)

    def traces(self):
        """What still speaks of Hauspost: files, and lines of the registry as it was at the last restart."""
        files = [str(path.relative_to(self.drive)) for path in self.drive.rglob("*auspost*")]
        lines = [line.strip() for name in ("system.reg", "user.reg", "userdef.reg")
                 for line in (self.drive.parent / name).read_text(errors="replace").splitlines()
                 if "auspost" in line.lower()]
        return sorted(files + lines)

    def versions(self):
        """Versions whose daemon lies on the disk."""
        return sorted(path.parts[-3] for path in
                      (self.drive / "Program Files").glob("Hauspost/*/bin/hauspostd.exe"))
