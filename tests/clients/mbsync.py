#!/usr/bin/env python3
"""mbsync keeps a Maildir and the account alike: new mail, flags and deletions, both ways."""
import imaplib
import pathlib

from check import is_recording, main, must, run

CONFIGURATION = """
IMAPAccount office
Host 127.0.0.1
Port {port}
User {address}
Pass {password}
SSLType IMAPS
SSLVersions TLSv1.3
AuthMechs {mechanisms}
CertificateFile {certificate}

IMAPStore far
Account office

MaildirStore near
Path {maildir}/
Inbox {maildir}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
"""


def letter(number):
    return (f"From: a@example.org\r\nSubject: number {number}\r\n"
            f"Message-ID: <{number}@example.org>\r\n\r\nText {number}\r\n").encode()


class Sync:
    """One account, its Maildir, and a second client that looks at the server."""

    def __init__(self, office, name):
        self.user = office.add_user(name)
        self.folder = office.folder / name
        self.folder.mkdir()
        certificate = office.data / "certificates" / "self-signed.pem"
        self.configuration = self.folder / "mbsyncrc"
        self.configuration.write_text(CONFIGURATION.format(
            mechanisms="PLAIN" if is_recording(office) else "*",
            port=office.port("imaps"), address=self.user.address, password=self.user.password,
            maildir=self.folder / "mail", certificate=certificate))
        (self.folder / "mail").mkdir()
        self.imap = imaplib.IMAP4("127.0.0.1", office.port("imap"))
        self.imap.login(self.user.address, self.user.password)

    def run(self):
        return run("mbsync", "-c", self.configuration, "-a")

    def files(self, mailbox="INBOX"):
        return sorted(path for part in ("new", "cur")
                      for path in (self.folder / "mail" / mailbox / part).glob("*"))

    def far(self, mailbox="INBOX"):
        """The server's mail: subject to flags."""
        self.imap.select(mailbox)
        answer = self.imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        return {part[1].split(b": ", 1)[1].strip().decode(): part[0].decode()
                for part in answer if isinstance(part, tuple)}


def new_mail_goes_both_ways(office):
    sync = Sync(office, "sync-new")
    for number in range(20):
        sync.imap.append("INBOX", None, None, letter(number))
    sync.run()
    must(len(sync.files()) == 20, f"20 files, not {len(sync.files())}")
    must(sorted((sync.folder / "mail").glob("Sent")), "the folders are there too")
    near = sync.folder / "mail" / "INBOX" / "new" / "1.near.host"
    near.write_bytes(letter(99).replace(b"\r\n", b"\n"))
    sync.run()
    must("number 99" in sync.far(), f"the near mail is far: {sorted(sync.far())}")
    must(len(sync.far()) == 21, "nothing twice")


def flags_and_deletions_go_both_ways(office):
    sync = Sync(office, "sync-flags")
    for number in range(10):
        sync.imap.append("INBOX", None, None, letter(number))
    sync.run()
    sync.imap.select("INBOX")
    sync.imap.store("1", "+FLAGS", "(\\Flagged \\Seen)")
    sync.imap.store("2", "+FLAGS", "(\\Deleted)")
    sync.imap.expunge()
    third = [path for path in sync.files() if b"number 2\n" in path.read_bytes()][0]
    third.rename(third.parent.parent / "cur" / (third.name.partition(":")[0] + ":2,RS"))
    gone = [path for path in sync.files() if b"number 3\n" in path.read_bytes()][0]
    gone.unlink()
    sync.run()
    far = sync.far()
    must("number 1" not in far and "number 3" not in far, f"both deletions are far: {sorted(far)}")
    must("\\Answered" in far["number 2"] and "\\Seen" in far["number 2"], f"flags: {far}")
    flagged = [path for path in sync.files() if b"number 0\n" in path.read_bytes()][0]
    must("F" in flagged.name and "S" in flagged.name, f"flags near: {flagged.name}")
    must(len(sync.files()) == 8, f"8 files, not {len(sync.files())}")


def folders_are_made_both_ways(office):
    sync = Sync(office, "sync-folders")
    sync.imap.create("Projects/2026")
    sync.run()
    must((sync.folder / "mail" / "Projects" / "2026").is_dir(), "the folder is near")
    for part in ("cur", "new", "tmp"):
        (sync.folder / "mail" / "Invoices" / part).mkdir(parents=True)
    (sync.folder / "mail" / "Invoices" / "new" / "1.near.host").write_bytes(b"Subject: n\n\nx\n")
    sync.run()
    must(list(sync.far("Invoices")) == ["n"], "the folder and its mail are far")


def a_second_run_moves_nothing(office):
    sync = Sync(office, "sync-still")
    for number in range(5):
        sync.imap.append("INBOX", None, None, letter(number))
    sync.run()
    before = [path.name for path in sync.files()]
    sync.run()
    must([path.name for path in sync.files()] == before, "nothing changed")
    must(pathlib.Path(sync.configuration).exists() and len(sync.far()) == 5, "five mails")


if __name__ == "__main__":
    main([new_mail_goes_both_ways, flags_and_deletions_go_both_ways, folders_are_made_both_ways,
          a_second_run_moves_nothing], ["mbsync"])
