#!/usr/bin/env python3
"""A newcomer's path: from an empty Debian to a mail read and a mail sent in Thunderbird, each step with its seconds.

    path.py BUILD [PACKAGES]     PACKAGES: a folder with hauspost_*.deb (default: build-deb beside the sources)

The package is installed on a Debian that really boots (tests/deb/machine.py); where there is no package or no
machine can boot, the built programs are started instead, at the same ports. Around them stand what a newcomer
has from others: the DNS of the domain (knot), an authority for certificates (pebble), a friend's mail server.
All of it has a network of its own (root). HAUSPOST_PICTURES=FOLDER keeps what was on the screen.
"""
import base64
import contextlib
import ctypes
import json
import os
import pathlib
import shlex
import shutil
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests" / folder) for folder in ("clients", "dns", "deb", "")]
import machine  # noqa: E402
import newcomer  # noqa: E402
from check import must  # noqa: E402
from knot import Knot, Zone  # noqa: E402
from office import PORTS, User  # noqa: E402
from pebble import Pebble  # noqa: E402
from programs import Programs  # noqa: E402

DOMAIN, HOST, ADDRESS = newcomer.DOMAIN, newcomer.HOST, "192.0.2.1"
NEEDED = ["thunderbird", "Xvfb", "xdotool", "openbox", "import", "openssl", "knotd", "keymgr", "pebble"]
DATA, CONFIGURATION = "var/lib/hauspost", "etc/hauspost/hauspost.conf"
CLONE_NEWNET = 0x40000000
START_SECONDS = 30
NOBODY_SAID = "a-word-nobody-else-has"


class Server:
    """What both ways of having a server can do; Thunderbird's Person knows it as its office."""

    base = 0  # the standard ports

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.domain = DOMAIN

    @property
    def data(self):
        return self.root / DATA

    def port(self, service):
        return self.base + PORTS[service]

    def add_user(self, name):
        user = User(f"{name}@{DOMAIN}", NOBODY_SAID)
        self.command("user", "add", user.address, "--password-stdin", text=user.password)
        return user


class Packaged(Server):
    """The package on a machine of its own that boots."""

    def __init__(self, folder, package, box):
        super().__init__(folder)
        self.box = box
        self.root = box.root
        self.inside = box.copy(package)
        box.fetch([self.inside])
        box.boot()

    def join_network(self):
        """Whatever is started from here on has the machine's network."""
        with open(f"/proc/{self.box.leader}/ns/net") as network:
            must(ctypes.CDLL(None).setns(network.fileno(), CLONE_NEWNET) == 0, "no way into the machine's network")

    def run(self, command):
        done = self.box.run(command)
        must(done.status == 0, f"{command}:\n{done.output}")
        return done.output

    def command(self, *words, text=""):
        return self.run(f"printf '%s\\n' {shlex.quote(text)} | hauspost {shlex.join(words)}")

    def install(self):
        self.run(f"apt-get -y --no-install-recommends -o Dpkg::Use-Pty=0 install {self.inside}")

    def initialise(self):
        self.command("init", "--hostname", HOST, "--domain", DOMAIN)

    def start(self):
        self.run("systemctl enable --now hauspost && systemctl is-active hauspost")

    def stop(self):
        self.run("systemctl stop hauspost.service 2>&1")

    def own(self, path):
        """PATH in there is the service's."""
        self.run(f"chown hauspost:hauspost /{path}")

    def log(self):
        return self.run("journalctl -u hauspost --no-pager")

    def close(self):
        self.box.halt()


class Built(Server):
    """The programs of a build, without a package and without a machine."""

    def __init__(self, folder, build):
        super().__init__(folder)
        self.programs = Programs(build)
        self.root = self.folder / "root"
        self.daemon = None

    def join_network(self):
        must(ctypes.CDLL(None).unshare(CLONE_NEWNET) == 0, "no network of its own")
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    def command(self, *words, text=""):
        line = self.programs.line("daemon/hauspost", *words, "--config", self.root / CONFIGURATION)
        done = subprocess.run(line, input=text + "\n", capture_output=True, text=True, timeout=120)
        must(done.returncode == 0, f"{shlex.join(words)}: {done.stderr}{done.stdout}")
        return done.stdout

    def install(self):
        for path in (DATA, CONFIGURATION):
            (self.root / path).parent.mkdir(parents=True)

    def initialise(self):
        self.command("init", "--hostname", HOST, "--domain", DOMAIN, "--data", str(self.data))

    def start(self):
        with open(self.folder / "daemon.log", "ab") as log:
            self.daemon = subprocess.Popen(self.programs.line("daemon/hauspostd", "--config", self.root / CONFIGURATION),
                                           stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

    def own(self, path):
        pass

    def log(self):
        return (self.folder / "daemon.log").read_text(errors="replace")

    def stop(self):
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait(30)
        self.daemon = None

    close = stop


class Path:
    """The steps; each is a method, in the order of STEPS."""

    def __init__(self, server, ways):
        self.server = server
        self.ways = ways  # closed at the end
        self.person = self.knot = self.pebble = None

    def install(self):
        """the server is installed"""
        self.server.install()

    def initialise(self):
        """host name and domain are told (hauspost init)"""
        self.server.initialise()

    def start(self):
        """the service runs and answers"""
        self.server.start()
        self.wait()
        self.know_the_world()

    @staticmethod
    def wait():
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", PORTS["smtp"], timeout=10):
                    return
            except OSError:
                must(time.monotonic() < until, "nobody answers at port 25")
                time.sleep(0.05)

    def know_the_world(self):
        """Of the world's DNS the server knows by itself how to ask it; of the test's it is told."""
        key = self.server.data / "dns" / "root.key"
        self.server.command("set", "dns.forwarders", self.knot.forwarder)
        self.server.stop()
        key.write_text(self.knot.anchor)
        self.server.start()
        self.wait()

    def administer(self):
        """a person is made, who also administers"""
        self.person_user = self.server.add_user("nora")
        self.server.command("administrator", "set", self.person_user.address)

    def publish(self):
        """the records of the DNS are published (hauspost dns)"""
        self.lay_records()

    def lay_records(self):
        plan = json.loads(self.server.command("dns", DOMAIN, "--json"))
        lines = [record["zone"] for record in plan["records"] if record["zone"]]
        self.knot.change(f"{DOMAIN}.", "\n".join([*lines, f"mail A {ADDRESS}"]))

    def certify(self):
        """a certificate has come from the authority (ACME)"""
        place = self.server.data / "authority.pem"
        shutil.copy(self.pebble.authorities, place)
        place.chmod(0o644)
        self.server.own(f"{DATA}/authority.pem")
        seen = place if isinstance(self.server, Built) else f"/{DATA}/authority.pem"
        for key, value in {"directory": self.pebble.directory, "ca-file": str(seen), "challenge": "http-01",
                           "agree-to-terms": "yes"}.items():
            self.server.command("set", f"acme.{key}", value)
        said = self.server.command("certificate", "acme", "order")
        must("1 certificate has come" in said, said)
        self.server.command("certificate", "remove", "self-signed")

    def check_records(self):
        """the DNS says what it must, the certificate's record too (hauspost dns --check)"""
        self.lay_records()
        said = self.server.command("dns", DOMAIN, "--check")
        must("wrong" not in said and "missing" not in said, said)

    def be_written_to(self):
        """a friend's server brings a mail"""
        with smtplib.SMTP(HOST, PORTS["smtp"], timeout=60) as friend:
            friend.ehlo("friend.example")
            friend.starttls(context=ssl.create_default_context(cadata=self.pebble.root()))
            friend.ehlo("friend.example")
            friend.sendmail("friend@friend.example", [self.person_user.address], (
                f"From: friend@friend.example\r\nTo: {self.person_user.address}\r\nSubject: Welcome\r\n"
                "Date: Mon, 30 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@friend.example>\r\n\r\n"
                "Good morning, this is the text.\r\n"))

    def begin_thunderbird(self):
        """Thunderbird is started for the first time"""
        authority = base64.b64encode(ssl.PEM_cert_to_DER_cert(self.pebble.root())).decode()
        self.person = newcomer.Newcomer(self.server, self.person_user, authority)
        self.ways.callback(self.person.end)

    def configure(self):
        """name, address and password are typed; Thunderbird finds all else"""
        self.person.sets_up("Nora Neumann")
        newcomer.must_have_found(self.person)

    def read(self):
        """the friend's mail is read"""
        self.person.reads("Welcome")

    def send(self):
        """a mail is sent, and comes"""
        self.person.sends("First mail")

    def keep_secrets(self):
        """no password is in the server's log"""
        must(NOBODY_SAID not in self.server.log(), "there is")

    STEPS = [install, initialise, start, administer, publish, certify, check_records, be_written_to, begin_thunderbird,
             configure, read, send, keep_secrets]

    def walk(self):
        begin = time.monotonic()
        print(f"1..{len(self.STEPS)}", flush=True)
        for number, step in enumerate(self.STEPS, 1):
            before = time.monotonic()
            try:
                step(self)
            except Exception as problem:  # the rest of the path cannot be walked
                if self.person:
                    self.person.screen.picture("path-ends")
                print(f"not ok {number} - {step.__doc__}")
                print("#", (str(problem) + "\n" + self.server.log()[-3000:]).replace("\n", "\n# "), flush=True)
                print("Bail out! the path ends here")
                return 1
            now = time.monotonic()
            print(f"ok {number} - {step.__doc__}\n# {now - before:.1f} s, {now - begin:.1f} s since the beginning", flush=True)
        return 0


def packages(arguments):
    folder = pathlib.Path(arguments[0]) if arguments else SOURCE / "build-deb"
    found = sorted(folder.glob("hauspost_*.deb"), key=lambda path: path.stat().st_mtime)
    can_boot = shutil.which("systemd-nspawn") and shutil.which("debootstrap") and os.listdir("/sys/fs/cgroup")
    return found[-1] if found and can_boot else None


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        print(f"1..0 # SKIP {' '.join(missing) + ' is not installed' if missing else 'it needs root'}")
        return 0
    build, package = sys.argv[1] if len(sys.argv) > 1 else "build", packages(sys.argv[2:])
    newcomer.enter_namespace("-m")
    newcomer.name_hosts(ADDRESS, newcomer.NAMES[1:])  # the domain itself leads to a website, elsewhere
    with contextlib.ExitStack() as ways:
        folder = ways.enter_context(tempfile.TemporaryDirectory(prefix="hauspost-path-"))
        server = (Packaged(folder, package, ways.enter_context(machine.Machine.open())) if package
                  else Built(folder, pathlib.Path(build).resolve()))
        ways.callback(server.close)
        print(f"# {package.name + ' on a Debian that boots' if package else 'no package: the built programs'}", flush=True)
        server.join_network()
        subprocess.run(["ip", "addr", "add", f"{ADDRESS}/24", "dev", "lo"], check=True)
        path = Path(server, ways)
        zones = {f"{DOMAIN}.": Zone("", signed=True), "2.0.192.in-addr.arpa.": Zone(f"1 PTR {HOST}.\n")}
        path.knot = ways.enter_context(Knot(folder, zones))
        path.pebble = ways.enter_context(Pebble(pathlib.Path(folder) / "pebble", f"127.0.0.1:{path.knot.port}", 80, 443))
        return path.walk()


if __name__ == "__main__":
    sys.exit(main())
