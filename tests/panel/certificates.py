#!/usr/bin/env python3
"""Certificates through the control panel: self-signed, from files, and from a real authority (pebble) with a real DNS
(knot), proved in each of the three ways; the account and its key, revocation; what the page says is what TLS shows, also
when the command line or the timer has changed it.

    /usr/bin/python3 tests/panel/certificates.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import pathlib
import shutil
import socket
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns"), str(HERE.parent / "clients")]
import stage as panel_stage  # noqa: E402
from acme import KEY, NAME, ZONE, serial, shown  # noqa: E402
from knot import Knot, Zone  # noqa: E402
from pebble import EAB, Pebble, openssl  # noqa: E402

HOST = "mail.office.example"


def make_files(folder):
    """A certificate of one's own for the server's name, in both forms."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 400, "-subj", "/CN=Test CA",
            "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-addext",
            f"subjectAltName=DNS:{HOST}", "-keyout", folder / "own.key", "-out", folder / "own.csr")
    openssl("x509", "-req", "-in", folder / "own.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-days", 90,
            "-copy_extensions", "copy", "-out", folder / "own.pem")
    openssl("pkcs12", "-export", "-in", folder / "own.pem", "-inkey", folder / "own.key", "-passout", "pass:geheim", "-out",
            folder / "own.p12")


def imports(stage, folder):
    """From a PKCS#12 file with its password, then from files in PEM form."""
    panel = stage.panel
    stage.menu("Add a certificate", "_Import from Files…")
    stage.must(not panel.is_sensitive("_Import"), "an import without a file")
    panel.choose_file("Certificate (PEM or PKCS#12)", folder / "own.p12")
    panel.says("own.p12")
    panel.type("Password of the file", "geheim")
    stage.look("certificates-import")
    panel.press("_Import")
    panel.says("The certificate was imported")
    stage.patiently(lambda: "Test CA" in shown(stage.office, HOST), "the imported certificate is not shown")
    stage.must(panel.says("Test CA"), "the page does not name who has signed")
    stage.menu("Add a certificate", "_Import from Files…")
    panel.type("What it is called here", "again")
    panel.choose_file("Certificate (PEM or PKCS#12)", folder / "own.pem")
    panel.says("own.pem")
    panel.choose_file("Private key, unless it is in the same file", folder / "own.key")
    panel.says("own.key")
    panel.press("_Import")
    stage.patiently(lambda: '"again"' in stage.office.command("certificate", "list", "--json"), "PEM was not imported")
    stage.say("imported from PKCS#12 and from PEM, and shown by TLS")


def serves(stage, host, words, patience=15):
    """The page says which certificate mail programs are shown for HOST."""
    def said():
        items = [node for node in stage.panel.shown() if node.get_role_name() == "list item" and node.get_name() == host]
        return items and any(words in (node.get_name() or "") for node, _ in stage.panel.walk(items[-1]))
    stage.panel.wait(said, f"“{words}” of {host}", patience)


def self_signs(stage):
    stage.menu("Add a certificate", "Make a _Self-Signed One…")
    stage.panel.type("What it is called here", "spare")
    stage.panel.type("Names of the server; empty: its own", "spare.office.example")
    stage.panel.press("_Make")
    stage.panel.says("spare.office.example")
    stage.must("spare.office.example" in shown(stage.office, "spare.office.example"), "it is not shown")
    serves(stage, "spare.office.example", stage.panel.words("Certificate “%s”, self-signed") % "spare")
    serves(stage, HOST, "Test CA")
    stage.say("self-signed; which certificate serves which name")


def sets_up(stage, pebble):
    """All that an authority for customers wants, typed by hand."""
    panel = stage.panel
    panel.press("Set _Up…")
    panel.get("_Get Now")
    panel.press("_Get Now", last=True)
    panel.says("First read the terms of service, and say that you agree to them.")
    for key, value in (("acme.ca-file", pebble.authorities), ("acme.directory", pebble.directory),
                       ("acme.email", "anna@office.example"), ("acme.eab-kid", "kid-1"), ("acme.eab-key", EAB["kid-1"])):
        stage.set(key, str(value))
    panel.says("data:text/plain,Do%20what%20thou%20wilt")
    stage.toggle("acme.agree-to-terms")
    stage.look("certificates-authority")
    stage.say("the authority is set up")


def asked_by_http(pebble):
    return pebble.count("Attempting to validate w/ HTTP")


def orders(stage, pebble):
    """The first order makes the account; the page says what came, and TLS shows it. The names are proved over port 80."""
    panel = stage.panel
    panel.press("_Get Now", last=True)
    panel.says("1 certificate has come" if stage.arguments.language == "en" else "1 Zertifikat ist gekommen", patience=60)
    stage.must("Pebble" in shown(stage.office, HOST), "TLS shows another certificate", shown(stage.office, HOST))
    stage.must(asked_by_http(pebble) > 0, "nothing was asked over port 80")
    panel.says("renews itself")
    serves(stage, HOST, "Pebble")
    stage.look("certificates")
    stage.say("a certificate has come from the authority, proved by HTTP-01, and is shown by TLS")


def opens_a_row(stage):
    panel = stage.panel
    panel.click(panel.get_part("renews itself"))
    panel.get("_Renew Now")
    stage.look("certificates-open")


def cancels(stage, pebble):
    """An authority that takes the connection and says nothing: the person ends it."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        stage.office.command("set", "acme.directory", f"https://127.0.0.1:{mute.getsockname()[1]}/dir")
        stage.panel.press("_Renew Now")
        stage.panel.get("Getting certificates", {"list item", "label"})
        stage.look("certificates-order")
        stage.panel.press("_Cancel")
        stage.patiently(lambda: stage.api("/v1/jobs")["jobs"][0]["state"] == "cancelled", "the order goes on")
    stage.office.command("set", "acme.directory", pebble.directory)
    stage.say("an order cancelled")


def account(stage):
    return stage.api("/v1/acme")["account"]


def keeps_the_account(stage):
    """The authority is told another address; the account gets another key."""
    panel = stage.panel
    stage.set("acme.email", "postmaster@office.example")
    stage.must(account(stage)["email"] == "anna@office.example", "the authority was told unasked")
    panel.press("_Tell It")
    panel.says("The authority knows you, with your mail address")
    stage.must(account(stage)["email"] == "postmaster@office.example", account(stage))
    before = account(stage)["thumbprint"]
    panel.press("_Change Key")
    panel.says("The account has another key now")
    stage.must(account(stage)["thumbprint"] != before, "the key is the same")
    panel.wait(lambda: panel.find_part(account(stage)["thumbprint"]), "the new key")
    stage.say("the authority knows another address, and another key")


def proves_by_dns(stage, knot, pebble):
    """The server writes the proof into the DNS (RFC 2136)."""
    panel, before, asked = stage.panel, serial(stage.office), asked_by_http(pebble)
    panel.press("Set _Up…")
    keeps_the_account(stage)
    stage.choose("acme.challenge", 2)
    for key, value in (("acme.dns-server", knot.forwarder), ("acme.dns-key", KEY)):
        stage.set(key, value)
    stage.look("certificates-dns")
    panel.press("Back")
    panel.press("_Renew Now")  # its row was opened before, and stays open
    stage.patiently(lambda: serial(stage.office) != before, "it was not renewed", 60)
    stage.must(asked_by_http(pebble) == asked, "it was proved over port 80")
    stage.say("renewed, proved by DNS-01")


def revokes(stage, pebble):
    panel, number = stage.panel, serial(stage.office)
    panel.press("Re_voke…")
    panel.click(panel.get("Reason"))
    panel.key("Down", "Return")
    stage.look("certificates-revoke")
    panel.press("_Revoke")
    panel.says("It is revoked. Get another one with “Renew Now”.")
    stage.must(pebble.is_revoked(number), "the authority does not know")
    stage.say("revoked")


def renews(stage):
    """A name that leads nowhere does not hinder the others, and is told with what to do."""
    before = shown(stage.office, HOST)
    stage.office.command("set", "acme.challenge", "tls-alpn-01")
    stage.office.command("set", "acme.names", "nowhere.office.example")
    stage.panel.press("_Renew Now")
    stage.patiently(lambda: shown(stage.office, HOST) != before, "it was not renewed", 60)
    stage.panel.get("Cannot be renewed", {"image"}, patience=60)
    stage.panel.says("nowhere.office.example")
    stage.look("certificates-failing")
    stage.say("renewed, proved by TLS-ALPN-01; what fails is told")


def is_live(stage):
    """What the command line does is seen at once, and what the timer does, which begins soon after the start."""
    panel, office = stage.panel, stage.office
    office.command("set", "acme.names", "")
    office.command("set", "acme.challenge", "dns-01")
    office.command("set", "acme.dns-wait", "4")
    office.command("certificate", "remove", NAME)
    serves(stage, HOST, "Test CA")
    office.stop()
    panel.get("_Try again")
    office.start()
    panel.wait(lambda: not panel.has("_Try again"), "the connection")
    stage.must("Pebble" not in shown(office, HOST), "the timer was faster than the panel")
    serves(stage, HOST, "Test CA")
    serves(stage, HOST, "Pebble", patience=60)
    stage.say("what the command line and the timer do is seen at once")


def play(stage):
    with Knot(stage.folder, {"office.example.": Zone(ZONE)}, update_key=KEY) as knot, \
            Pebble(stage.folder / "pebble", f"127.0.0.1:{knot.port}", stage.office.port("http"), stage.office.port("imaps"),
                   eab=True) as pebble:
        panel_stage.ask_knot(stage.office, knot)
        stage.office.command("set", "acme.dns-wait", "0")
        make_files(stage.folder)
        stage.say("an office, a DNS and an authority")
        stage.open("certificates")
        stage.panel.get("On This Server")
        stage.look("certificates-first")
        imports(stage, stage.folder)
        self_signs(stage)
        sets_up(stage, pebble)
        orders(stage, pebble)
        opens_a_row(stage)
        cancels(stage, pebble)
        proves_by_dns(stage, knot, pebble)
        revokes(stage, pebble)
        renews(stage)
        is_live(stage)


if __name__ == "__main__":
    missing = [name for name in ("pebble", "knotd", "Xvfb", "xdotool", "openssl") if not shutil.which(name)]
    if missing:
        sys.exit(f"not installed: {' '.join(missing)}")
    panel_stage.main(play)
