"""A small DNS for a test: Debian's knot on a loopback port, with a root of its own that it signs.

    with Knot(folder, {"plain.": Zone("@ MX 10 mx"), "secure.": Zone("@ MX 10 mx", signed=True)}) as knot:
        knot.forwarder   "127.0.0.1@PORT"
        knot.anchor      the root's key, to be laid into DATA/dns/root.key before the daemon starts

The root (".") is made of what the zones need; `root` adds lines to it. A zone with `broken` is signed
by a key that its parent does not know. `update_key` ("hmac-sha256:NAME:BASE64") may change all of them (RFC 2136).
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from ports import free_port  # noqa: E402

SOA = "$ORIGIN {name}\n$TTL 300\n@ SOA ns.{dot} admin.{dot} 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n"
CONFIGURATION = """server:
    rundir: "{folder}"
    listen: {address}@{port}
database:
    storage: "{folder}/db"
log:
  - target: "{folder}/knot.log"
    any: info
{keys}policy:
  - id: test
    algorithm: ecdsap256sha256
    single-type-signing: on
    nsec3: off
template:
  - id: default
    storage: "{folder}"
    file: "{folder}/%s.zone"
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
{acl}zone:
"""
KEYS = """key:
  - id: "{name}"
    algorithm: {algorithm}
    secret: {secret}
acl:
  - id: update
    key: "{name}"
    action: update
"""


class Zone:
    def __init__(self, text, signed=False, broken=False):
        self.text = text
        self.signed = signed or broken
        self.broken = broken


def file_name(name):
    return name.rstrip(".") or ""


class Knot:
    def __init__(self, folder, zones, root="", address="127.0.0.1", port=0, update_key=""):
        self.folder = os.path.join(os.path.abspath(folder), "knot")
        self.zones = dict(zones)
        self.root = root
        self.address = address
        self.port = port or free_port(address)
        self.forwarder = f"{address}@{self.port}"
        self.update_key = update_key
        self.process = None
        os.makedirs(os.path.join(self.folder, "db"), exist_ok=True)
        self.configuration = os.path.join(self.folder, "knot.conf")

    def keymgr(self, zone, *arguments):
        return subprocess.run(["keymgr", "-c", self.configuration, zone, *arguments], check=True,
                              capture_output=True, text=True).stdout

    def write(self, name, text):
        dot = name if name != "." else ""
        with open(os.path.join(self.folder, file_name(name) + ".zone"), "w") as file:
            file.write(SOA.format(name=name, dot=dot) + text + "\n")

    def write_configuration(self):
        keys = KEYS.format(**dict(zip(("algorithm", "name", "secret"), self.update_key.split(":")))) if self.update_key else ""
        text = CONFIGURATION.format(folder=self.folder, address=self.address, port=self.port, keys=keys,
                                    acl="    acl: update\n" if keys else "")
        for name, zone in [(".", Zone("", signed=True)), *self.zones.items()]:
            text += f'  - domain: "{name}"\n    file: "{self.folder}/{file_name(name)}.zone"\n'
            if zone.signed:
                text += "    dnssec-signing: on\n    dnssec-policy: test\n"
        with open(self.configuration, "w") as file:
            file.write(text)

    def make_keys(self):
        """Returns the DS records for the root."""
        delegations = ""
        for name, zone in [(".", Zone("", signed=True)), *self.zones.items()]:
            if name != ".":
                delegations += f"{name} NS ns.{name}\nns.{name} A 127.0.0.1\n"
            if not zone.signed:
                continue
            self.keymgr(name, "generate", "algorithm=ECDSAP256SHA256", "ksk=yes", "zsk=yes")
            ds = [line for line in self.keymgr(name, "ds").splitlines() if re.search(r" 13 2 ", line)][0]
            if zone.broken:
                ds = re.sub(r"[0-9a-fA-F]{64}", "ab" * 32, ds)
            if name == ".":
                self.anchor = ds + "\n"
            else:
                delegations += ds + "\n"
        return delegations

    def start(self):
        self.write_configuration()
        delegations = self.make_keys()
        self.write(".", delegations + self.root)
        for name, zone in self.zones.items():
            self.write(name, zone.text)
        self.process = subprocess.Popen(["knotd", "-c", self.configuration], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        self.wait()
        return self

    def wait(self):
        deadline = time.monotonic() + 20
        while not all(self.answers(name, zone.signed) for name, zone in self.zones.items()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                with open(os.path.join(self.folder, "knot.log")) as file:
                    raise RuntimeError("knot does not answer:\n" + file.read())
            time.sleep(0.05)

    def answers(self, name, signed):
        for zone in (name, "."):
            done = subprocess.run(["kdig", f"@{self.address}", "-p", str(self.port), "+dnssec", "+norec", "+retry=0",
                                   "+time=1", zone, "SOA"], capture_output=True, text=True)
            if done.returncode or "\tSOA\t" not in done.stdout:
                return False
            if (signed or zone == ".") and "RRSIG" not in done.stdout:
                return False
        return True

    def change(self, name, text):
        """The zone says something else from now on (its records have a TTL of 300 s)."""
        self.write(name, text)
        subprocess.run(["knotc", "-c", self.configuration, "-b", "zone-reload", name], check=True,
                       capture_output=True)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
