#!/usr/bin/env python3
"""OfflineIMAP keeps a Maildir and the account alike, folders, flags and deletions, both ways."""
from check import main, must, run
from person import Person, mail

CONFIGURATION = """
[general]
accounts = office
metadata = {folder}/metadata
maxsyncaccounts = 1
[Account office]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = {folder}/mail
[Repository far]
type = IMAP
remotehost = localhost
remoteport = {port}
remoteuser = {address}
remotepass = {password}
ssl = yes
sslcacertfile = {certificate}
auth_mechanisms = PLAIN
maxconnections = 1
"""


class Offline(Person):
    def __init__(self, office, name, subjects=()):
        super().__init__(office, name, subjects)
        self.rc = self.write("offlineimaprc", CONFIGURATION.format(
            folder=self.folder, port=office.port("imaps"), address=self.user.address,
            password=self.user.password, certificate=self.certificate))

    def run(self):
        return run("offlineimap", "-c", self.rc, "-o", "-u", "basic")

    def near(self, subject, mailbox="INBOX"):
        """The file of a mail."""
        folder = self.folder / "mail" / mailbox
        found = [path for part in ("new", "cur") for path in (folder / part).glob("*")
                 if f"Subject: {subject}\n".encode() in path.read_bytes().replace(b"\r", b"")]
        must(len(found) < 2, f"{subject} is there once")
        return found[0] if found else None


def mails_and_folders_come_and_go(office):
    person = Offline(office, "oscar", ["One", "Two"])
    person.imap.create("Projects/2026")
    person.add("Plan", "Projects/2026")
    person.run()
    must(person.near("One") and person.near("Two"), "both mails are near")
    must(person.near("Plan", "Projects.2026"), "the folder and its mail are near")
    for part in ("cur", "new", "tmp"):
        (person.folder / "mail" / "Invoices" / part).mkdir(parents=True)
    (person.folder / "mail" / "Invoices" / "new" / "1.near.host").write_bytes(
        mail("Invoice").replace(b"\r\n", b"\n"))
    person.run()
    must(person.far("Invoices"), "the new folder and its mail are far")
    must(list(person.far()) == ["One", "Two"], "nothing came twice")
    person.end()


def flags_and_deletions_go_both_ways(office):
    person = Offline(office, "olga", ["Read here", "Deleted here", "Marked there", "Deleted there"])
    person.run()
    read = person.near("Read here")
    read.rename(read.parent.parent / "cur" / (read.name.partition(":")[0] + ":2,RS"))
    person.near("Deleted here").unlink()
    person.imap.select("INBOX")
    person.imap.store("3", "+FLAGS", "(\\Flagged)")
    person.imap.store("4", "+FLAGS", "(\\Deleted)")
    person.imap.expunge()
    person.imap.close()
    person.run()
    far = person.far()
    must("\\Answered" in far["Read here"] and "\\Seen" in far["Read here"], f"flags are far: {far}")
    must(list(far) == ["Read here", "Marked there"], f"both deletions are far: {list(far)}")
    must("F" in person.near("Marked there").name.partition(":")[2], "the flag is near")
    must(person.near("Deleted there") is None, "the deletion is near")
    person.end()


if __name__ == "__main__":
    main([mails_and_folders_come_and_go, flags_and_deletions_go_both_ways], ["offlineimap"])
