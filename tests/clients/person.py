"""One person's account for the check of a client, and a second session that looks at the server."""
import imaplib
import time

from check import must
from office import Office

MAIL = """From: {sender}@example.org
To: office@example.org
Subject: {subject}
Date: Mon, 02 Feb 2026 09:30:00 +0100
Message-ID: <{key}@example.org>

{text}
"""


def mail(subject, text="Good morning, this is the text.", sender="bert"):
    key = subject.lower().replace(" ", "-")
    whole = MAIL.format(sender=sender, subject=subject, key=key, text=text)
    return whole.replace("\n", "\r\n").encode()


class Person:
    """USER (or the name of one to be made) with a folder for the client, mails in INBOX, and IMAP for the other
    session."""

    def __init__(self, office, user, subjects=()):
        self.office = office
        self.user = office.add_user(user) if isinstance(user, str) else user
        self.folder = office.folder / self.user.address.partition("@")[0]
        self.folder.mkdir()
        self.certificate = office.data / "certificates" / "self-signed.pem"
        self.imap = imaplib.IMAP4("127.0.0.1", office.port("imap"))
        self.imap.login(self.user.address, self.user.password)
        for subject in subjects:
            self.add(subject)

    def add(self, subject, mailbox="INBOX", **parts):
        must(self.imap.append(mailbox, None, None, mail(subject, **parts))[0] == "OK", "APPEND")

    def write(self, name, text):
        path = self.folder / name
        path.touch(0o600)
        path.write_text(text)
        return path

    def far(self, mailbox="INBOX"):
        """What the server has: subject to flags."""
        if self.imap.select(f'"{mailbox}"', readonly=True)[0] != "OK":
            return None
        answer = self.imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        return {part[1].split(b":", 1)[1].strip().decode(): part[0].decode()
                for part in answer if isinstance(part, tuple)}

    def until(self, question, what, seconds=30):
        """Asks again and again, as the client may take its time; only the last time is recorded."""
        seen, self.imap = self.imap, imaplib.IMAP4("127.0.0.1", Office.port(self.office, "imap"))
        self.imap.login(self.user.address, self.user.password)
        end = time.monotonic() + seconds
        while not question():
            must(time.monotonic() < end, f"{what}: {self.far()}")
            time.sleep(0.2)
        self.imap.logout()
        self.imap = seen
        must(question(), what)

    def end(self):
        """Here a recording ends."""
        self.imap.logout()
