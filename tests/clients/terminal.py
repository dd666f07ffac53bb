"""A program on a pty, driven by keys, as a person at a terminal would."""
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from check import Failed


PAINTING = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|[()=>][0-9B]?|\][^\x07]*\x07)")


class Terminal:
    def __init__(self, *command, folder, seconds=30):
        self.seconds = seconds
        self.screen = ""  # all that was written since the last key, without what only paints
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            words = [str(word) for word in command]
            os.execvpe(words[0], words, {**os.environ, "TERM": "xterm", "HOME": str(folder),
                                         "LC_ALL": "C.UTF-8"})
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def take(self, seconds):
        if select.select([self.file], [], [], seconds)[0]:
            with contextlib.suppress(OSError):  # EIO: the program has ended
                data = os.read(self.file, 65536).decode(errors="replace")
                self.screen += PAINTING.sub(" ", data)
                return data
            time.sleep(0.05)
        return ""

    def sees(self, text):
        """Waits for TEXT on the screen."""
        end = time.monotonic() + self.seconds
        while text not in self.screen:
            if time.monotonic() > end:
                raise Failed(f"{text!r} is not to be seen:\n{self.screen[-2000:]}")
            self.take(0.2)

    def types(self, keys, then=None):
        self.screen = ""
        os.write(self.file, keys.encode())
        if then:
            self.sees(then)

    def ends(self):
        """Its exit status."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            self.take(0.1)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = None
                os.close(self.file)
                return os.waitstatus_to_exitcode(status)
        raise Failed(f"it does not end:\n{self.screen[-2000:]}")

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.file)
