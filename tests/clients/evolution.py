#!/usr/bin/env python3
"""Evolution under Xvfb: an account by its source files, mail read, marked, deleted, seen by IDLE, sent.

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
RememberPassword=true
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
RememberPassword=true
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
            "[org/gnome/evolution-data-server]\nmigrated=true\n[org/gnome/evolution]\nversion='3.46.4'\n"
            "[org/gnome/evolution/mail]\nprompt-check-if-default-mailer=false\n")
        self.screen.start("dbus-run-session", "--", "evolution", "--component=mail",
                          "folder://office/INBOX")
