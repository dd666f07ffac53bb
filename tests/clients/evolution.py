#!/usr/bin/env python3
"""Evolution under Xvfb: mail read, marked, archived, deleted, seen by IDLE, sent.

HAUSPOST_PICTURES=FOLDER keeps what was on the screen."""
import time

from check import main, must
from person import Person
from screen import Screen

SOURCES = {
    "office": """
[Data Source]
DisplayName=Office
Enabled=true
Parent=

[Mail Account]
BackendName=imapx
IdentityUid=office-identity
ArchiveFolder=folder://office/Archive

[Authentication]
Host=localhost
Method=PLAIN
Port={imaps}
RememberPassword=false
User={address}

[Security]
Method=ssl-on-alternate-port

[Imapx Backend]
UseIdle=true
UseQresync=true
UseSubscriptions=false
ConcurrentConnections=1
CheckAll=false

[Offline]
StaySynchronized=false

[Refresh]
Enabled=false
""",
    "office-identity": """
[Data Source]
DisplayName=Office
Enabled=true
Parent=office

[Mail Identity]
Address={address}
Name=Eva

[Mail Submission]
SentFolder=folder://office/Sent
TransportUid=office-transport
UseSentFolder=true

[Mail Composition]
DraftsFolder=folder://office/Drafts
""",
    "office-transport": """
[Data Source]
DisplayName=Office
Enabled=true
Parent=office

[Mail Transport]
BackendName=smtp

[Authentication]
Host=localhost
Method=PLAIN
Port={submissions}
RememberPassword=false
User={address}

[Security]
Method=ssl-on-alternate-port
""",
}


class Evolution(Person):
    def __init__(self, office, name, subjects=()):
        super().__init__(office, name, subjects)
        folder = self.folder / ".config" / "evolution" / "sources"
        folder.mkdir(parents=True)
        ports = {service: office.port(service) for service in ("imaps", "submissions")}
        for key, text in SOURCES.items():
            (folder / f"{key}.source").write_text(text.format(address=self.user.address, **ports))
        self.screen = Screen(self.folder)
        self.screen.environment["GSETTINGS_BACKEND"] = "keyfile"
        settings = self.folder / ".config" / "glib-2.0" / "settings"
        settings.mkdir(parents=True)
        (settings / "keyfile").write_text(
            "[org/gnome/evolution-data-server]\nmigrated=true\n"
            "[org/gnome/evolution]\nversion='3.46.4'\n"
            "[org/gnome/evolution/mail]\nprompt-check-if-default-mailer=false\n"
            "prompt-on-accel-send=false\n")
        bus = f"unix:path={self.folder}/run/bus"
        self.screen.start("dbus-daemon", "--session", "--nofork", f"--address={bus}")
        self.screen.environment["DBUS_SESSION_BUS_ADDRESS"] = bus
        try:
            self.signs_in()
        except BaseException:
            self.screen.picture("evolution-does-not-start")
            self.screen.close()
            raise

    def signs_in(self):
        """Trusts the office's own certificate and types the password, as a person does once."""
        self.screen.start("evolution", "--component=mail")
        self.screen.window("Certificate trust")
        self.screen.keys("alt+a")
        self.types_password()
        window = self.screen.window("Mail$")
        self.screen.run("xdotool", "windowmove", window, "0", "0",
                        "windowsize", "--sync", window, "1270", "780")

    def types_password(self):
        self.screen.window("Mail authentication request")
        self.screen.types(self.user.password)
        self.screen.keys("Return")

    def opens_inbox(self, unread):
        """Clicks where the account's inbox is, once its folders are there."""
        def clicked():
            self.screen.keys("ctrl+1")  # a click before the window has its size may open the calendar
            self.clicks(78, 401)
            time.sleep(1)
            return self.screen.windows("Inbox")
        self.screen.until(clicked, "the inbox does not open")
        self.shows(unread)

    def shows(self, unread):
        """The title tells how many are unread."""
        self.screen.window(rf"Inbox \({unread} unread\)")

    def clicks(self, x, y):
        self.screen.run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def selects(self, row, column=690):
        """A row of the list, counted from 1; the third column marks a mail as important."""
        self.clicks(column, 173 + 24 * row)
        time.sleep(0.5)

    def end(self):
        self.screen.close()
        super().end()


def mail_is_read_marked_archived_and_deleted(office):
    person = Evolution(office, "eva", ["First", "Second", "Third", "Fourth"])
    try:
        person.opens_inbox(4)
        person.selects(3)
        person.screen.keys("ctrl+alt+a")
        person.until(lambda: person.far("Archive"), "it is in the archive")
        person.selects(2)
        person.screen.picture("evolution-reads")
        person.screen.keys("Delete")
        person.until(lambda: person.far("Trash"), "it is in the trash")
        person.selects(1)
        person.until(lambda: "\\Seen" in person.far()["First"], "it is marked as read", 60)
        person.selects(2, column=281)
        person.until(lambda: "\\Flagged" in person.far()["Fourth"], "it is marked as important", 60)
        person.screen.keys("alt+o", "Return")
        person.screen.window("Create Folder")
        person.screen.types("Projects")
        person.screen.keys("Return")
        person.until(lambda: person.far("INBOX/Projects") is not None, "the folder is made")
        must(list(person.far()) == ["First", "Fourth"], "two are left")
        person.screen.picture("evolution-afterwards")
    finally:
        person.end()


def mail_is_seen_by_idle_and_sent(office):
    person = Evolution(office, "ella", ["There already"])
    try:
        person.opens_inbox(1)
        person.add("Just arrived")
        person.shows(2)
        person.screen.picture("evolution-sees-new-mail")
        person.screen.start("evolution", f"mailto:{person.user.address}"
                            "?subject=Sent%20from%20Evolution&body=Written%20there")
        person.screen.window("Sent from Evolution")
        person.screen.picture("evolution-writes")
        person.screen.keys("ctrl+Return")
        person.types_password()
        person.until(lambda: "Sent from Evolution" in person.far(), "it has come")
        person.until(lambda: person.far("Sent"), "a copy is kept")
        person.screen.window("Inbox")
        person.screen.picture("evolution-has-sent")
    finally:
        person.end()


if __name__ == "__main__":
    main([mail_is_read_marked_archived_and_deleted, mail_is_seen_by_idle_and_sent],
         ["evolution", "Xvfb", "xdotool", "openbox", "import", "dbus-daemon"])
