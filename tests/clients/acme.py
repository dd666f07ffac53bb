#!/usr/bin/env python3
"""Certificates from a real authority (pebble) with a real DNS (knot): every way of proving a name, what goes wrong, renewal.

    acme.py BUILD [CHECK…]
"""
import contextlib
import http.client
import imaplib
import json
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "dns"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from knot import Knot, Zone  # noqa: E402
from office import Office, tls_client  # noqa: E402
from pebble import EAB, Pebble, openssl  # noqa: E402

KEY = "hmac-sha256:update.office.example:" + "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLXNoYTI1Ng=="
ZONE = """mail A 127.0.0.1
autoconfig A 127.0.0.1
autodiscover A 192.0.2.1
other A 127.0.0.1
mx MX 10 mail
"""
NAME = "acme-office.example"


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def must(condition, *what):
    if not condition:
        raise Failed(" ".join(map(str, what)))


def patiently(question, seconds=60):
    until = time.monotonic() + seconds
    while not question():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def shown(office, host, service="imaps"):
    """The certificate that a client sees who asks for HOST, as a text of openssl."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{office.port(service)}", "-servername", host], input="",
                          capture_output=True, text=True)
    text = subprocess.run(["openssl", "x509", "-noout", "-serial", "-issuer", "-ext", "subjectAltName"], input=done.stdout,
                          capture_output=True, text=True).stdout
    return text


def serial(office, host="mail.office.example"):
    return shown(office, host).split("serial=")[1].split()[0]


def listed(office, name=NAME):
    for certificate in json.loads(office.command("certificate", "list", "--json")):
        if certificate["name"] == name:
            return certificate
    return None


class World:
    def __init__(self, office, knot, pebble, folder):
        self.office, self.knot, self.pebble, self.folder = office, knot, pebble, folder

    def set(self, **settings):
        for key, value in settings.items():
            name = "acme." + key.replace("_", "-")
            if key in ("eab_key", "dns_key"):
                self.office.command("set", name, "--password-stdin", text=value + "\n")
            else:
                self.office.command("set", name, str(value))

    def remove(self):
        if listed(self.office):
            self.office.command("certificate", "remove", NAME)

    def order(self, *words, fails=False):
        return self.office.command("certificate", "acme", "order", *words, fails=fails)

    def hook(self, text):
        path = self.folder / "hook"
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o700)
        return path


def says_what_it_needs(world):
    """Each refusal is a sentence that says what to do next."""
    said = world.order(fails=True)
    must("hauspost set acme.agree-to-terms yes" in said, said)
    must("Terms of service: " in world.office.command("certificate", "acme", "show"), "no terms shown")
    world.set(agree_to_terms="yes")
    said = world.order(fails=True)
    must("hauspost set acme.eab-kid" in said, said)
    world.set(eab_kid="kid-1", eab_key="no base64url!")
    must("belong together" in world.order(fails=True), "a wrong key is not noticed")
    world.set(eab_key=EAB["kid-1"])
    world.office.command("certificate", "acme", "account")
    must("There is no account yet" not in world.office.command("certificate", "acme", "show"), "no account")


def tells_unreachable(world):
    """An authority that is not there, and one whose certificate nobody trusts."""
    world.set(directory="https://127.0.0.1:9/dir")
    must("cannot be reached" in world.order(fails=True), "an authority that is away")
    world.set(directory=world.pebble.directory, ca_file="")
    must("cannot be reached" in world.order(fails=True), "an authority that is not trusted")
    world.set(ca_file=world.pebble.authorities)


def proves_by_tls(world):
    """TLS-ALPN-01; only names that lead here are in it; nobody else sees the challenge."""
    world.set(challenge="tls-alpn-01")
    must("1 certificate has come" in world.order(), "nothing came")
    certificate = listed(world.office)
    must(sorted(certificate["hosts"]) == ["autoconfig.office.example", "mail.office.example"], certificate["hosts"])
    must(sorted(certificate["serves"]) == sorted(certificate["hosts"]) and certificate["renews_itself"], certificate)
    must("Pebble" in shown(world.office, "mail.office.example"), "clients still see the old one")
    context = tls_client()
    context.set_alpn_protocols(["acme-tls/1"])
    try:
        with socket.create_connection(("127.0.0.1", world.office.port("imaps"))) as plain:
            context.wrap_socket(plain, server_hostname="mail.office.example")
        raise Failed("a handshake for a challenge that is not open")
    except ssl.SSLError:
        pass
    must("Nothing is due" in world.order(), "it is ordered again")


def keeps_sessions_and_key(world):
    """A renewal drops no session, and keeps the key, for which there may be a TLSA record."""
    user = world.office.add_user("anna")
    world.office.command("alias", "add", "postmaster@office.example", user.address)
    world.user = user
    session = imaplib.IMAP4_SSL("127.0.0.1", world.office.port("imaps"), ssl_context=tls_client())
    session.login(user.address, user.password)
    before, key = serial(world.office), (world.office.data / "certificates" / f"{NAME}.pem").read_text().split("-----END")[0]
    world.order(NAME)
    must(serial(world.office) != before, "the certificate is the same")
    must((world.office.data / "certificates" / f"{NAME}.pem").read_text().startswith(key), "the key is another one")
    must(session.noop()[0] == "OK" and session.select("INBOX")[0] == "OK", "the session was dropped")
    session.logout()
    world.order(NAME, "--new-key")
    must(not (world.office.data / "certificates" / f"{NAME}.pem").read_text().startswith(key), "the key is the same")
    must((world.office.data / "certificates" / f"{NAME}.pem").stat().st_mode & 0o77 == 0, "others can read the key")


def proves_by_http(world):
    """HTTP-01 over the web server; what nobody asked for is not found."""
    try:
        socket.create_connection(("127.0.0.1", world.office.port("http")), 2).close()
    except OSError:
        raise Skipped("nothing listens for http")
    world.remove()
    world.set(challenge="http-01")
    must("1 certificate has come" in world.order(), "nothing came")
    client = http.client.HTTPConnection("127.0.0.1", world.office.port("http"), timeout=10)
    client.request("GET", "/.well-known/acme-challenge/" + "A" * 43, headers={"Host": "mail.office.example"})
    must(client.getresponse().status == 404, "a token that is not there is answered")


def proves_by_update(world):
    """DNS-01 by RFC 2136; a key that the server does not know is told."""
    world.remove()
    world.set(challenge="dns-01", dns_server=world.knot.forwarder, dns_key=KEY.replace(".office.", ".elsewhere."), dns_wait=0)
    said = world.order(fails=True)
    must("acme.dns-key" in said and "BADKEY" in said, said)
    world.set(dns_key=KEY[:-12] + "AAAAAAAAAA==")
    said = world.order(fails=True)
    must("BADSIG" in said, said)
    world.set(dns_key=KEY)
    must("1 certificate has come" in world.order(), "nothing came")
    left = subprocess.run(["kdig", "@127.0.0.1", "-p", str(world.knot.port), "+short", "TXT", "_acme-challenge.mail.office.example"],
                          capture_output=True, text=True).stdout
    must(left.strip() == "", "the proof is still in the DNS:", left)


def proves_by_hook(world):
    """DNS-01 by a program; one that fails is told with its last words."""
    world.remove()
    world.set(dns_server="")
    world.hook("echo the provider is closed; exit 3\n")
    said = world.order(fails=True)
    must("acme-hook" in said and "the provider is closed" in said, said)
    world.hook(f"""printf 'server 127.0.0.1 {world.knot.port}\\nzone office.example.\\nupdate %s %s. %s TXT "%s"\\nsend\\n' \\
  "$(test "$1" = add && echo add || echo del)" "$2" 60 "$3" | sed 's/^update del \\([^ ]*\\) 60/update del \\1/' | knsupdate -y {KEY}
""")
    must("1 certificate has come" in world.order(), "nothing came")


def leaves_out_one_name(world):
    """A name that cannot be proved does not keep the others from their certificate."""
    world.remove()
    world.set(challenge="tls-alpn-01", names="nowhere.office.example")
    said = world.order()
    must("1 certificate has come" in said and "nowhere.office.example: " in said, said)
    must("nowhere.office.example" not in listed(world.office)["hosts"], "it is in the certificate")
    must(listed(world.office)["condition"] == "failing", listed(world.office))
    world.set(names="other.office.example")
    must("1 certificate has come" in world.order(), "a new name is not ordered")
    must("other.office.example" in listed(world.office)["hosts"], listed(world.office))
    world.set(names="")


def rolls_over(world):
    """Another key for the account, which is then used."""
    def thumbprint():
        return [line for line in world.office.command("certificate", "acme", "show").splitlines() if "Thumbprint" in line][0]
    before = thumbprint()
    world.office.command("certificate", "acme", "rollover")
    must(thumbprint() != before, "the key is the same")
    world.order(NAME)
    world.set(email="admin@office.example")
    must("admin@office.example" in world.office.command("certificate", "acme", "account"), "the contact was not changed")


def revokes(world):
    """The authority knows that the certificate is invalid; it can be replaced."""
    number = serial(world.office)
    world.office.command("certificate", "acme", "revoke", NAME, "--reason", "key-compromise")
    must(world.pebble.is_revoked(number), "it is not revoked")
    said = world.office.command("certificate", "acme", "revoke", NAME, fails=True)
    must("revoked already" in said, said)
    world.order(NAME, "--new-key")
    must(serial(world.office) != number, "it is still shown")


def goes_on_after_a_kill(world):
    """A power cut in the middle of an order: it is gone on with, not made again."""
    world.remove()
    world.set(challenge="dns-01", dns_server="")
    mark = world.folder / "mark"
    world.hook(f"touch {mark}; sleep 60\n")
    orders = world.pebble.count("orders in the db")
    waiting = subprocess.Popen(world.office.programs.line("daemon/hauspost", "certificate", "acme", "order", "--config",
                                                          world.office.config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    must(patiently(mark.exists), "the hook was not called")
    world.office.stop(signal.SIGKILL)
    waiting.wait(30)
    must(json.loads((world.office.data / "acme" / f"{NAME}.json").read_text())["order"], "the order was not kept")
    made = world.pebble.count("orders in the db") - orders
    world.office.start()
    world.set(challenge="tls-alpn-01")  # the first round begins five seconds after the start
    must(patiently(lambda: listed(world.office)), "the order was not gone on with\n" + world.office.log_tail())
    must(made == 1 and world.pebble.count("orders in the db") - orders == 1, "there are more orders than one")
    must("order" not in json.loads((world.office.data / "acme" / f"{NAME}.json").read_text()), "the order is still noted")


def tells_what_ends(world):
    """The administrators hear of a certificate that ends although it should have been renewed."""
    folder = world.folder / "ca"
    folder.mkdir()
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 3000, "-subj", "/CN=Test CA",
            "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-addext",
            "subjectAltName=DNS:mail.office.example,DNS:autoconfig.office.example", "-keyout", folder / "x.key", "-out", folder / "x.csr")
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca.conf").write_text(
        f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index\nserial={folder}/serial\nnew_certs_dir={folder}\ndefault_md=sha256\n"
        "policy=p\ncopy_extensions=copy\nunique_subject=no\n[p]\ncommonName=supplied\n")

    def sign(days, of):
        now = time.time()
        openssl("ca", "-batch", "-config", folder / "ca.conf", "-cert", folder / "ca.pem", "-keyfile", folder / "ca.key", "-in",
                folder / "x.csr", "-out", folder / "x.pem", "-notext", "-startdate",
                time.strftime("%Y%m%d%H%M%SZ", time.gmtime(now - (of - days) * 86400)), "-enddate",
                time.strftime("%Y%m%d%H%M%SZ", time.gmtime(now + days * 86400)))

    sign(19, 90)
    world.remove()
    openssl("pkcs12", "-export", "-in", folder / "x.pem", "-inkey", folder / "x.key", "-certfile", folder / "ca.pem", "-passout",
            "pass:geheim", "-out", folder / "x.p12")
    said = world.office.command("certificate", "import", NAME, "--pkcs12", folder / "x.p12", "--password-stdin", text="falsch\n",
                                fails=True)
    must("passphrase" in said, said)
    world.office.command("certificate", "import", NAME, "--pkcs12", folder / "x.p12", "--password-stdin", text="geheim\n")
    world.set(directory="https://127.0.0.1:9/dir")
    world.office.stop()
    world.office.start()

    def mails():
        with contextlib.closing(imaplib.IMAP4("127.0.0.1", world.office.port("imap"))) as session:
            session.login(world.user.address, world.user.password)
            session.select("INBOX")
            return session.search(None, "BODY", '"mail.office.example"')[1][0].split()

    must(patiently(lambda: len(mails()) == 1), "nobody was told\n" + world.office.log_tail())
    must("renewing it fails" in listed(world.office)["sentence"], listed(world.office))
    must(listed(world.office)["condition"] == "ending", listed(world.office))
    world.set(directory=world.pebble.directory)
    world.order()
    must(listed(world.office)["condition"] == "good", listed(world.office))
    must(len(mails()) == 1, "they were told twice")


CHECKS = [says_what_it_needs, tells_unreachable, proves_by_tls, keeps_sessions_and_key, proves_by_http, proves_by_update, proves_by_hook,
          leaves_out_one_name, rolls_over, revokes, goes_on_after_a_kill, tells_what_ends]


def set_up(office, knot, pebble, folder):
    """The daemon asks the test's DNS, and knows the program that writes into it."""
    office.command("set", "dns.forwarders", knot.forwarder)
    office.stop()
    (office.data / "dns" / "root.key").write_text(knot.anchor)
    world = World(office, knot, pebble, folder)
    hook = world.hook("exit 1\n")
    office.config.write_text(office.config.read_text().replace("threads = 0", f"threads = 0\nacme-hook = {hook}"))
    office.start()
    world.set(directory=pebble.directory, ca_file=pebble.authorities)
    return world


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    missing = [name for name in ("pebble", "knotd", "keymgr", "knsupdate", "openssl") if not shutil.which(name)]
    if missing:
        print(f"1..0 # SKIP {' '.join(missing)} is not installed")
        return 0
    checks = [check for check in CHECKS if not sys.argv[2:] or check.__name__ in sys.argv[2:]]
    print(f"1..{len(checks)}", flush=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="hauspost-acme-") as name, Office.open(build) as office:
        folder = pathlib.Path(name)
        with Knot(folder, {"office.example.": Zone(ZONE)}, update_key=KEY) as knot, \
                Pebble(folder / "pebble", f"127.0.0.1:{knot.port}", office.port("http"), office.port("imaps"), eab=True,
                       bad_nonces=20) as pebble:
            world = set_up(office, knot, pebble, folder)
            for number, check in enumerate(checks, 1):
                began = time.monotonic()
                try:
                    check(world)
                    print(f"ok {number} - {check.__name__}: {check.__doc__} # {time.monotonic() - began:.1f} s", flush=True)
                except Skipped as reason:
                    print(f"ok {number} - {check.__name__} # SKIP {reason}", flush=True)
                except Exception:
                    failed += 1
                    print(f"not ok {number} - {check.__name__}: {check.__doc__}")
                    print("# " + (traceback.format_exc() + office.log_tail(12)).replace("\n", "\n# "), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
