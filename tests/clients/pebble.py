"""Debian's pebble, a certificate authority for tests, on free loopback ports.

    with Pebble(folder, dns="127.0.0.1:5353", http_port=80, tls_port=443) as pebble:
        pebble.directory    "https://127.0.0.1:PORT/dir"
        pebble.authorities  a file: who signed the certificate of that address
"""
import json
import os
import pathlib
import ssl
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from ports import free_port  # noqa: E402

EAB = {"kid-1": "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"}


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Pebble:
    def __init__(self, folder, dns, http_port, tls_port, eab=False, bad_nonces=5):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.dns, self.http_port, self.tls_port, self.eab, self.bad_nonces = dns, http_port, tls_port, eab, bad_nonces
        self.port, self.management = free_port(), free_port()
        self.directory = f"https://127.0.0.1:{self.port}/dir"
        self.authorities = self.folder / "web.pem"
        self.log = self.folder / "pebble.log"
        self.process = None

    def write_configuration(self):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 30, "-subj", "/CN=pebble",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "web.key", "-out", self.authorities)
        options = {"listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.management}",
                   "certificate": str(self.authorities), "privateKey": str(self.folder / "web.key"), "httpPort": self.http_port,
                   "tlsPort": self.tls_port, "ocspResponderURL": "", "externalAccountBindingRequired": self.eab}
        if self.eab:
            options["externalAccountMACKeys"] = EAB
        (self.folder / "pebble.json").write_text(json.dumps({"pebble": options}))

    def __enter__(self):
        self.write_configuration()
        environment = {**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": str(self.bad_nonces), "PEBBLE_AUTHZREUSE": "0"}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["pebble", "-config", "pebble.json", "-dnsserver", self.dns, "-strict"], stdout=log,
                                            stderr=log, cwd=self.folder, env=environment)
        until = time.monotonic() + 20
        while not self.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError("pebble does not answer:\n" + self.log.read_text())
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait(10)

    def answers(self):
        try:
            self.fetch(self.directory)
            return True
        except OSError:
            return False

    def fetch(self, url):
        with urllib.request.urlopen(url, context=ssl.create_default_context(cafile=self.authorities), timeout=10) as answer:
            return answer.read().decode()

    def root(self):
        """Who signs the certificates that it gives, in PEM."""
        return self.fetch(f"https://127.0.0.1:{self.management}/roots/0")

    def is_revoked(self, serial):
        return json.loads(self.fetch(f"https://127.0.0.1:{self.management}/cert-status-by-serial/{serial}"))["Status"] == "Revoked"

    def count(self, text):
        return self.log.read_text(errors="replace").count(text)
