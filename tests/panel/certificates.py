#!/usr/bin/env python3
"""Certificates through the control panel: self-signed, from files, and from a real authority (pebble) with a real DNS
(knot); what the page says is what TLS shows.

    /usr/bin/python3 tests/panel/certificates.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns"), str(HERE.parent / "clients")]
import stage as panel_stage  # noqa: E402
from acme import ZONE, shown  # noqa: E402
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


def self_signs(stage):
    stage.menu("Add a certificate", "Make a _Self-Signed One…")
    stage.panel.type("What it is called here", "spare")
    stage.panel.type("Names of the server; empty: its own", "spare.office.example")
    stage.panel.press("_Make")
    stage.panel.says("spare.office.example")
    stage.must("spare.office.example" in shown(stage.office, "spare.office.example"), "it is not shown")
    stage.say("self-signed")


def sets_up(stage, pebble):
    """All that an authority for customers wants, typed by hand."""
    panel = stage.panel
    panel.press("Set _Up…")
    panel.get("_Get Certificates")
    panel.press("_Get Certificates", last=True)
    panel.says("First read the terms of service, and say that you agree to them.")
    for key, value in (("acme.ca-file", pebble.authorities), ("acme.directory", pebble.directory),
                       ("acme.email", "anna@office.example"), ("acme.eab-kid", "kid-1"), ("acme.eab-key", EAB["kid-1"])):
        stage.set(key, str(value))
    stage.choose("acme.challenge", 1)
    panel.says("data:text/plain,Do%20what%20thou%20wilt")
    stage.toggle("acme.agree-to-terms")
    stage.look("certificates-authority")
    stage.say("the authority is set up")


def orders(stage):
    """The first order makes the account; the page says what came, and TLS shows it."""
    panel = stage.panel
    panel.press("_Get Certificates", last=True)
    panel.says("1 certificate has come" if stage.arguments.language == "en" else "1 Zertifikat ist gekommen", patience=60)
    stage.must("Pebble" in shown(stage.office, HOST), "TLS shows another certificate", shown(stage.office, HOST))
    panel.says("renews itself")
    panel.says("Pebble")
    stage.look("certificates")
    stage.say("a certificate has come from the authority, and is shown by TLS")


def opens_a_row(stage):
    panel = stage.panel
    panel.click(panel.get_part("renews itself"))
    panel.get("_Renew Now")
    stage.look("certificates-open")


def renews(stage):
    before = shown(stage.office, HOST)
    stage.panel.press("_Renew Now")
    stage.patiently(lambda: shown(stage.office, HOST) != before, "it was not renewed", 60)
    stage.say("renewed")


def tells_what_fails(stage):
    """A name that leads nowhere is told with what to do."""
    stage.office.command("set", "acme.names", "nowhere.office.example")
    stage.panel.press("_Get Certificates")
    stage.panel.says("nowhere.office.example", patience=60)
    stage.panel.get("Cannot be renewed", {"image"}, patience=60)
    stage.look("certificates-failing")
    stage.say("what fails is told")


def is_live(stage):
    """What the command line does is seen at once."""
    stage.office.command("certificate", "self-sign", "live", "live.office.example")
    stage.panel.says("live.office.example")


def play(stage):
    with Knot(stage.folder, {"office.example.": Zone(ZONE)}) as knot, \
            Pebble(stage.folder / "pebble", f"127.0.0.1:{knot.port}", stage.office.port("http"), stage.office.port("imaps"),
                   eab=True) as pebble:
        panel_stage.ask_knot(stage.office, knot)
        make_files(stage.folder)
        stage.say("an office, a DNS and an authority")
        stage.open("certificates")
        stage.panel.get("On This Server")
        stage.look("certificates-first")
        imports(stage, stage.folder)
        self_signs(stage)
        sets_up(stage, pebble)
        orders(stage)
        opens_a_row(stage)
        renews(stage)
        tells_what_fails(stage)
        is_live(stage)


if __name__ == "__main__":
    missing = [name for name in ("pebble", "knotd", "Xvfb", "xdotool", "openssl") if not shutil.which(name)]
    if missing:
        sys.exit(f"not installed: {' '.join(missing)}")
    panel_stage.main(play)
