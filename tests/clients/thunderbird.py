#!/usr/bin/env python3
"""Thunderbird under Xvfb: mail read, marked, archived, deleted, seen by IDLE, sent.

HAUSPOST_PICTURES=FOLDER keeps what was on the screen."""
import hashlib
import ssl

from check import main, must
from marionette import Marionette
from person import Person
from ports import free_port
from screen import Screen

PREFERENCES = {
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.account.account1.identities": "id1",
    "mail.account.account1.server": "server1",
    "mail.identity.id1.fullName": "Theo",
    "mail.identity.id1.smtpServer": "smtp1",
    "mail.identity.id1.compose_html": False,
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": "localhost",
    "mail.server.server1.name": "Office",
    "mail.server.server1.socketType": 3,
    "mail.server.server1.authMethod": 3,
    "mail.server.server1.check_new_mail": False,
    "mail.server.server1.login_at_startup": False,
    "mail.server.server1.use_idle": True,
    "mail.smtpservers": "smtp1",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.hostname": "localhost",
    "mail.smtpserver.smtp1.try_ssl": 3,
    "mail.smtpserver.smtp1.authMethod": 3,
    "mail.spam.version": 1,
    "mail.warn_on_send_accel_key": False,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mailnews.start_page.enabled": False,
    "mailnews.database.global.indexer.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "app.update.auto": False,
    "browser.dom.window.dump.enabled": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "toolkit.telemetry.enabled": False,
    "extensions.autoDisableScopes": 15,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "mail.imap.use_status_for_biff": True,
    "mail.inappnotifications.enabled": False,
    "remote.prefs.recommended": False,
}


def literal(value):
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


class Thunderbird(Person):
    def __init__(self, office, name, subjects=()):
        super().__init__(office, name, subjects)
        self.profile = self.folder / "profile"
        self.profile.mkdir()
        address, port = self.user.address, free_port()
        preferences = {
            **PREFERENCES, "marionette.port": port,
            "mail.identity.id1.useremail": address,
            "mail.server.server1.userName": address,
            "mail.server.server1.port": office.port("imaps"),
            "mail.smtpserver.smtp1.username": address,
            "mail.smtpserver.smtp1.port": office.port("submissions"),
        }
        (self.profile / "user.js").write_text("".join(
            f'user_pref("{key}", {literal(value)});\n' for key, value in preferences.items()))
        self.trust("imaps", "submissions")
        self.screen = Screen(self.folder)
        self.screen.start("thunderbird", "--no-remote", "--profile", self.profile, "--marionette",
                          "--remote-allow-system-access")
        try:
            self.inside = Marionette(port)
            self.passwords()
        except BaseException:
            self.screen.picture("thunderbird-does-not-start")
            self.screen.close()
            raise

    def trust(self, *services):
        """The office's own certificate, as if a person had accepted it."""
        pem = self.certificate.read_text().partition("-----BEGIN CERT")
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[1] + pem[2])).hexdigest().upper()
        print_ = ":".join(digest[at:at + 2] for at in range(0, 64, 2))
        lines = "".join(
            f"localhost:{self.office.port(service)}:\tOID.2.16.840.1.101.3.4.2.1\t{print_}\t\n"
            for service in services)
        (self.profile / "cert_override.txt").write_text(
            "# PSM Certificate Override Settings file\n" + lines)

    def passwords(self):
        """What a person would have typed and let it remember."""
        self.inside.run("""
          const [user, password] = words;
          for (const origin of ["imap://localhost", "smtp://localhost"]) {
            const login = Cc["@mozilla.org/login-manager/loginInfo;1"]
              .createInstance(Ci.nsILoginInfo);
            login.init(origin, null, origin, user, password, "", "");
            await Services.logins.addLoginAsync(login);
          }""", self.user.address, self.user.password)

    def run(self, script, *arguments):
        """SCRIPT knows the window, its folder and message lists, and a few words for them."""
        return self.inside.run("""
          const window = Services.wm.getMostRecentWindow("mail:3pane");
          const pane = window.document.getElementById("tabmail").currentAbout3Pane;
          const { MailServices } = ChromeUtils.importESModule(
            "resource:///modules/MailServices.sys.mjs");
          const server = MailServices.accounts.allServers.find(one => one.type == "imap");
          const sleep = ms => new Promise(done => window.setTimeout(done, ms));
          const until = async question => {
            for (let turn = 0; turn < 600 && !question(); turn++)
              await sleep(100);
            if (!question())
              throw new Error("it does not happen: " + question);
          };
          const list = () => Array.from({ length: pane.gDBView?.rowCount ?? 0 },
            (_, row) => pane.gDBView.getMsgHdrAt(row).mime2DecodedSubject);
          const open = async subject => {
            await until(() => list().includes(subject));
            pane.threadTree.selectedIndex = list().indexOf(subject);
            const selected = () => pane.gDBView.hdrForFirstSelectedMessage;
            await until(() => selected()?.mime2DecodedSubject == subject);
          };
          const shown = () => pane.document.getElementById("messageBrowser").contentDocument
            .getElementById("messagepane")?.contentDocument?.body?.textContent ?? "";
          """ + script, *arguments)

    def opens_inbox(self):
        self.run("""
          await until(() => server.rootFolder.descendants.length);
          pane.displayFolder(server.rootFolder.descendants[0].URI);""")

    def must_list(self, *subjects):
        self.run("await until(() => list().sort().join() == words.sort().join());", *subjects)

    def opens(self, subject, then=""):
        """Selects a mail, waits for its text, and gives a command."""
        self.run("""
          await open(words[0]);
          await until(() => shown().includes("this is the text"));
          if (words[1])
            window.goDoCommand(words[1]);""", subject, then)

    def end(self):
        self.screen.close()
        super().end()


def mail_is_read_marked_archived_and_deleted(office):
    person = Thunderbird(office, "theo", ["First", "Second", "Third", "Fourth"])
    try:
        person.opens_inbox()
        person.must_list("First", "Second", "Third", "Fourth")
        person.opens("First")
        person.until(lambda: "\\Seen" in person.far()["First"], "it is marked as read")
        person.screen.picture("thunderbird-reads")
        person.opens("Second", "cmd_markAsFlagged")
        person.until(lambda: "\\Flagged" in person.far()["Second"], "the star")
        person.opens("Third", "cmd_archive")
        person.until(lambda: person.far("Archive/2026"), "archived by year")
        person.opens("Fourth", "cmd_delete")
        person.until(lambda: person.far("Trash"), "in the trash")
        person.run('server.rootFolder.createSubfolder("Projects", null);')
        person.until(lambda: person.far("Projects") is not None, "the folder is made")
        must(list(person.far()) == ["First", "Second"], "two are left")
        person.screen.picture("thunderbird-afterwards")
    finally:
        person.end()


def mail_is_seen_by_idle_and_sent(office):
    person = Thunderbird(office, "tina", ["There already"])
    try:
        person.opens_inbox()
        person.must_list("There already")
        person.add("Just arrived")
        person.must_list("There already", "Just arrived")
        person.screen.picture("thunderbird-sees-new-mail")
        person.run("""
          MailServices.compose.OpenComposeWindowWithURI(null, Services.io.newURI(
            "mailto:" + words[0] + "?subject=Sent%20from%20Thunderbird&body=Written%20there"));""", person.user.address)
        person.screen.window("Write: Sent from Thunderbird")
        person.screen.picture("thunderbird-writes")
        person.screen.keys("ctrl+Return")
        person.until(lambda: "Sent from Thunderbird" in person.far(), "it has come")
        person.until(lambda: person.far("Sent"), "a copy is kept")
        person.must_list("There already", "Just arrived", "Sent from Thunderbird")
        person.screen.picture("thunderbird-has-sent")
    finally:
        person.screen.picture("thunderbird-last")
        person.end()


if __name__ == "__main__":
    main([mail_is_read_marked_archived_and_deleted, mail_is_seen_by_idle_and_sent],
         ["thunderbird", "Xvfb", "xdotool", "openbox", "import"])
