#!/usr/bin/env python3
"""Thunderbird as a newcomer starts it: name, mail address and password are typed, all else it finds by
autoconfig. Then it receives and sends. In a network namespace (root), where the office's names lead to it.

HAUSPOST_PICTURES=FOLDER keeps what was on the screen."""
import base64
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from check import main, must, run
from marionette import Marionette
from person import Person
from ports import free_port
from screen import Screen
from thunderbird import PREFERENCES, Thunderbird, literal

INSIDE = "HAUSPOST_NEWCOMER_NAMESPACE"
DOMAIN = "office.example"
HOST = f"mail.{DOMAIN}"
NAMES = [DOMAIN, *(f"{label}.{DOMAIN}" for label in ("mail", "autoconfig", "autodiscover"))]
CHOSEN = {key: value for key, value in PREFERENCES.items()
          if not re.match(r"mail\.(account|accountmanager|identity|server|smtp\w*)\.|mail\.smtpservers", key)}


def enter_namespace(*spaces):
    """Ports 80 and 443, and names of its own: this machine's stay as they are."""
    if not os.environ.get(INSIDE):
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", *spaces, sys.executable, *sys.argv])


def name_hosts(address, names):
    with tempfile.NamedTemporaryFile("w") as hosts:
        hosts.write(f"127.0.0.1 localhost\n{address} {' '.join(names)}\n")
        hosts.flush()
        os.chmod(hosts.name, 0o644)
        subprocess.run(["mount", "--bind", hosts.name, "/etc/hosts"], check=True)


def listen_where_programs_look(office):
    text = office.config.read_text()
    for key, port in (("http", 80), ("https", 443)):
        text = re.sub(rf"(?m)^{key} = .*$", f"{key} = 127.0.0.1:{port}", text)
    office.stop()
    office.config.write_text(text)
    office.start()


def certify(office):
    """An authority of the office's own, which Thunderbird is to trust; its certificate in DER."""
    names = ",".join(f"DNS:{name}" for name in NAMES)
    ca, key, request, made = (office.folder / name for name in ("ca.pem", "key.pem", "request.pem", "made.pem"))
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", office.folder / "ca.key", "-out", ca,
        "-subj", "/CN=The office", "-days", "5", "-addext", "keyUsage=critical,keyCertSign")
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={HOST}",
        "-addext", f"subjectAltName={names}")
    run("openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", office.folder / "ca.key", "-CAcreateserial",
        "-copy_extensions", "copy", "-days", "5", "-out", made)
    office.command("certificate", "import", "real", "--key", key, "--chain", made)
    office.command("certificate", "remove", "self-signed")
    return base64.b64encode(subprocess.run(["openssl", "x509", "-in", ca, "-outform", "DER"], check=True,
                                           capture_output=True).stdout).decode()


class Newcomer(Thunderbird):
    """A Thunderbird without any account."""

    def __init__(self, office, user, authority):
        Person.__init__(self, office, user)
        self.profile = self.folder / "profile"
        self.profile.mkdir()
        port = free_port()
        (self.profile / "user.js").write_text("".join(
            f'user_pref("{key}", {literal(value)});\n' for key, value in {
                **CHOSEN, "marionette.port": port, "mailnews.auto_config_url": "https://127.0.0.1:1/"}.items()))
        self.screen = Screen(self.folder)
        self.screen.start("thunderbird", "--no-remote", "--profile", self.profile, "--marionette",
                          "--remote-allow-system-access")
        try:
            self.inside = Marionette(port)
            self.inside.run("""
              Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB)
                .addCertFromBase64(words[0], "C,,");""", authority)
        except BaseException:
            self.screen.picture("newcomer-does-not-start")
            self.screen.close()
            raise

    def hub(self, script, *arguments):
        """SCRIPT knows the window with which an account is set up: its fields that are seen."""
        return self.inside.run("""
          const window = Services.wm.getMostRecentWindow("mail:3pane");
          const sleep = ms => new Promise(done => window.setTimeout(done, ms));
          const all = (root, found = []) => {
            for (const one of root.querySelectorAll("*")) {
              found.push(one);
              if (one.shadowRoot)
                all(one.shadowRoot, found);
            }
            return found;
          };
          const seen = selector => all(window.document).find(
            one => one.matches(selector) && one.checkVisibility() && one.getClientRects().length);
          const until = async (question, what) => {
            for (let turn = 0; turn < 600 && !question(); turn++)
              await sleep(100);
            if (!question())
              throw new Error("it does not come: " + what);
            return question();
          };
          const type = async (selector, text) => {
            const field = await until(() => seen(selector), selector);
            field.focus();
            field.value = text;
            field.dispatchEvent(new window.Event("input", { bubbles: true, composed: true }));
          };
          const goOn = async () => {
            const button = await until(() => { const one = seen("#forward"); return one && !one.disabled && one; }, "on");
            button.click();
          };
          """ + script, *arguments)

    def sets_up(self, full_name):
        self.hub("""
          if (!seen("#realName"))
            await window.openAccountHub?.("MAIL");
          await type("#realName", words[0]);
          await type("#email", words[1]);""", full_name, self.user.address)
        self.screen.picture("newcomer-types")
        self.hub("""
          await goOn();
          await until(() => seen("email-config-found, #emailConfigFoundSubview"), "the settings");""")
        self.screen.picture("newcomer-has-found")
        self.hub("""
          await goOn();
          await type("input[type=password]", words[0]);
          await goOn();
          await until(() => !seen("input[type=password]"), "the end");""", self.user.password)
        self.screen.picture("newcomer-is-done")

    def settings(self):
        return self.inside.run("""
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          const server = MailServices.accounts.allServers.find(one => one.type == "imap");
          const out = MailServices.outgoingServer.defaultServer;
          return [server.hostname, server.port, server.socketType, server.username,
                  out.serverURI.host, out.serverURI.port, out.socketType, out.username];""")


    def closes_hub(self):
        self.inside.run("""
          const window = Services.wm.getMostRecentWindow("mail:3pane");
          for (const one of window.document.querySelectorAll("account-hub-container"))
            one.remove();""")

    def reads(self, subject):
        self.closes_hub()
        self.opens_inbox()
        self.must_list(subject)
        self.opens(subject)
        self.screen.picture("newcomer-reads")

    def sends(self, subject):
        self.run("""
          MailServices.compose.OpenComposeWindowWithURI(null, Services.io.newURI(
            "mailto:" + words[0] + "?subject=" + encodeURIComponent(words[1]) + "&body=Written%20there"));""",
                 self.user.address, subject)
        self.screen.window(f"Write: {subject}")
        self.screen.keys("ctrl+Return")
        self.until(lambda: subject in self.far(), "it has come", seconds=60)
        self.screen.picture("newcomer-has-sent")


def must_have_found(person):
    office, address = person.office, person.user.address
    found = [HOST, office.port("imaps"), 3, address, HOST, office.port("submissions"), 3, address]
    must(person.settings() == found, f"the settings: {person.settings()}")


def settings_are_found_and_work(office):
    listen_where_programs_look(office)
    person = Newcomer(office, "nora", certify(office))
    try:
        person.add("Welcome")
        person.sets_up("Nora Neumann")
        must_have_found(person)
        person.reads("Welcome")
        person.sends("First mail")
    finally:
        person.screen.picture("newcomer-last")
        person.end()
    log = pathlib.Path(office.log).read_text()
    must(person.user.password not in log, "no password in the log")


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("1..0 # SKIP it needs root")
        sys.exit(0)
    enter_namespace("-n", "-m")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    name_hosts("127.0.0.1", NAMES)
    main([settings_are_found_and_work], ["thunderbird", "Xvfb", "xdotool", "openbox", "import", "openssl"])
