"""A small office for tests: a temporary data folder, a daemon on free loopback ports, users.

    with Office.open("build") as office:
        anna = office.add_user("anna")
        socket.create_connection(("127.0.0.1", office.port("imap")))

HAUSPOST_TEST_BASE chooses the first port base that is tried.
"""
import http.client
import json
import os
import pathlib
import random
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from ports import claims, is_free  # noqa: E402
from programs import Programs  # noqa: E402

PORTS = {
    "lmtp": 24, "smtp": 25, "http": 80, "pop3": 110, "imap": 143, "https": 443,
    "submissions": 465, "submission": 587, "imaps": 993, "pop3s": 995, "sieve": 4190, "admin": 8420,
}
IMPLICIT_TLS = {"https", "submissions", "imaps", "pop3s", "admin"}
HOSTNAME = "mail.office.example"
START_SECONDS = 30  # generous: sanitizers and a busy machine


class OfficeError(Exception):
    pass


class User:
    def __init__(self, address, password):
        self.address = address
        self.password = password


def free_base():
    """A base whose ports are all free, and below those the system hands out by itself; leave_base gives it back."""
    first = os.environ.get("HAUSPOST_TEST_BASE")
    bases = [int(first) + step for step in range(0, 900, 50)] if first else []
    bases += random.sample(range(11000, 24000, 50), 100)
    for base in bases:
        taken = []
        for port in PORTS.values():
            if not claims.take(base + port):
                break
            taken.append(base + port)
        if len(taken) == len(PORTS) and all(map(is_free, taken)):
            return base
        claims.leave(taken)
    raise OfficeError("no free range of ports")


def leave_base(base):
    claims.leave([base + port for port in PORTS.values()])


def tls_client():
    """Takes any certificate: the office's own is self-signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Office:
    def __init__(self, build, folder, domain="office.example"):
        self.programs = Programs(build)
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "daemon.log"
        self.domain = domain
        self.hostname = HOSTNAME
        self.base = free_base()
        self.daemon = None
        self.users = 0

    @classmethod
    def open(cls, build, wrapper=(), keep=False, **options):
        """Makes the office and starts its daemon; WRAPPER is put before the daemon's command."""
        office = cls(build, tempfile.mkdtemp(prefix="hauspost-test-"), **options)
        office.keep = keep
        try:
            office.command("init", "--data", office.data, "--hostname", office.hostname,
                           "--domain", office.domain, "--base", str(office.base), config=False)
            office.start(wrapper)
        except BaseException:
            office.close()
            raise
        return office

    keep = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def config(self):
        return self.data / "hauspost.conf"

    def port(self, service):
        return self.base + PORTS[service]

    def command(self, *arguments, text="", config=True, fails=False):
        """Runs the command line; the standard output comes back. FAILS: it must be refused."""
        line = self.programs.line("daemon/hauspost", *arguments,
                                  *(("--config", self.config) if config else ()))
        done = subprocess.run(line, input=text, capture_output=True, text=True, timeout=120)
        if (done.returncode != 0) != fails:
            raise OfficeError(f"hauspost {' '.join(map(str, arguments))}: ended with "
                              f"{done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout if not fails else done.stderr

    def start(self, wrapper=(), program="daemon/hauspostd", environment=None):
        """WRAPPER is put before the command; PROGRAM takes the daemon's place."""
        line = [*wrapper, *self.programs.line(program, "--config", self.config)]
        german = self.programs.name_of(self.programs.build / "po")  # which is not installed yet
        with open(self.log, "ab") as log:
            self.daemon = subprocess.Popen(line, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                           env={**os.environ, "HAUSPOST_LOCALE": german, **(environment or {})},
                                           start_new_session=True)
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.daemon.poll() is not None:
                raise OfficeError(f"the daemon ended with {self.daemon.returncode}\n{self.log_tail()}")
            if time.monotonic() > until:
                raise OfficeError(f"the daemon does not answer\n{self.log_tail()}")
            time.sleep(0.02)

    def answers(self):
        try:
            for service in ("smtp", "imap"):
                with socket.create_connection(("127.0.0.1", self.port(service)), 2) as connection:
                    if not connection.recv(1):
                        return False
            with socket.create_connection(("127.0.0.1", self.port("admin")), 2):
                return True
        except OSError:
            return False

    def stop(self, how=signal.SIGTERM, seconds=30):
        """Ends the daemon and returns its exit status (None when it was not running)."""
        if not self.daemon:
            return None
        daemon, self.daemon = self.daemon, None
        if daemon.poll() is None and how == signal.SIGTERM and self.programs.are_windows:
            self.command("stop")  # a signal would end Wine, not ask its program
        elif daemon.poll() is None:
            daemon.send_signal(how)
        try:
            return daemon.wait(seconds)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
            raise OfficeError(f"the daemon did not end within {seconds} s\n{self.log_tail()}")

    def close(self):
        try:
            return self.stop()
        finally:
            leave_base(self.base)
            if not self.keep:
                shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self, lines=30):
        try:
            text = self.log.read_text(errors="replace").splitlines()
        except OSError:
            return "(no log)"
        return "\n".join(text[-lines:])

    def add_user(self, name, domain=None):
        user = User(f"{name}@{domain or self.domain}", secrets.token_urlsafe(9))
        self.command("user", "add", user.address, "--password-stdin", text=user.password + "\n")
        return user

    def api(self, method, path, body=None):
        """Calls the admin API with the machine's own token; the status and the answer's JSON."""
        token = re.search(r"(?m)^token=(.*)$", (self.data / "admin.token").read_text())[1]
        client = http.client.HTTPSConnection("127.0.0.1", self.port("admin"), timeout=60,
                                             context=tls_client())
        client.request(method, path, json.dumps(body or {}), {"Authorization": f"Bearer {token}"})
        answer = client.getresponse()
        text = answer.read()
        client.close()
        return answer.status, json.loads(text)

    def job(self, path, body=None, seconds=120):
        """Long work of the admin API: the job as it is described at its end."""
        status, answer = self.api("POST", path, body)
        until = time.monotonic() + seconds
        while status == 200 and answer.get("state", "running") == "running":
            if time.monotonic() > until:
                raise OfficeError(f"{path} does not end")
            status, answer = self.api("GET", f"/v1/jobs/{answer['job']}")
            time.sleep(0.01)
        return answer

    def metrics(self):
        """The daemon's counters: {"hauspost_store_flushes": 12, …}."""
        lines = self.command("metrics").splitlines()
        return {line.split()[0]: float(line.split()[-1])
                for line in lines if line and not line.startswith("#")}

    # What the machine says of the daemon's process.
    def memory(self, field="VmHWM"):
        """Bytes: VmHWM, VmRSS … of /proc/PID/status, Pss of smaps_rollup."""
        name = "smaps_rollup" if field == "Pss" else "status"
        for line in pathlib.Path(f"/proc/{self.daemon.pid}/{name}").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
        raise OfficeError(f"no {field}")

    def cpu_seconds(self):
        return cpu_seconds(self.daemon.pid)


def cpu_seconds(pid):
    """User and system time that a process has used so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
