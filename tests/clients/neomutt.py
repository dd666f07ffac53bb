#!/usr/bin/env python3
"""NeoMutt on a terminal: mail read, flagged, moved, deleted, a folder made, mail sent, IDLE."""
import contextlib

from check import main, must
from person import Person
from terminal import Terminal

CONFIGURATION = """
set folder = "imaps://localhost:{imaps}/"
set spoolfile = "+INBOX"
set imap_user = "{address}"
set imap_pass = "{password}"
set imap_authenticators = "plain"
set imap_idle = yes
set smtp_url = "smtps://{address}@localhost:{submissions}/"
set smtp_pass = "{password}"
set smtp_authenticators = "plain"
set certificate_file = "{certificate}"
set from = "{address}"
set use_envelope_from = yes
set realname = "Nina"
set hostname = "client.example"
set record = "+Sent"
set mbox_type = Maildir
set header_cache = "{folder}/cache"
set editor = "printf 'Written in NeoMutt.\\n' >"
set abort_unmodified = no
set confirmappend = no
set delete = yes
set move = no
set quit = yes
set sort = date-received
set mail_check = 1
set timeout = 1
set wait_key = no
set sleep_time = 0
"""


@contextlib.contextmanager
def neomutt(person):
    ports = {name: person.office.port(name) for name in ("imaps", "submissions")}
    rc = person.write("neomuttrc", CONFIGURATION.format(
        address=person.user.address, password=person.user.password, certificate=person.certificate,
        folder=person.folder, **ports))
    terminal = Terminal("neomutt", "-n", "-F", rc, folder=person.folder)
    try:
        yield terminal
        terminal.types("q")
        must(terminal.ends() == 0, "NeoMutt ends well")
    finally:
        terminal.kill()


def mail_is_read_flagged_moved_and_deleted(office):
    person = Person(office, "nina", ["Read me", "Mark me", "Move me", "Delete me"])
    with neomutt(person) as screen:
        screen.sees("Delete me")
        screen.types("1\n\n", "Good morning, this is the text.")
        screen.types("i", "Mark me")
        screen.types("2\nF3\ns", "Save to mailbox")
        screen.types("\x15=Archive\n4\nd$", "deleted")
        screen.types("c?", "Mailboxes")
        screen.types("\t", "Drafts")
        screen.types("C", "Create mailbox")
        screen.types("Projects\n", "Projects")
        screen.types("q")
        person.until(lambda: list(person.far()) == ["Read me", "Mark me"], "moved and deleted")
    far = person.far()
    must("\\Seen" in far["Read me"] and "\\Flagged" in far["Mark me"], f"flags: {far}")
    must(list(person.far("Archive")) == ["Move me"], "the moved one is in the archive")
    must(person.far("Projects") == {}, "the folder was made")
    person.end()


def mail_is_sent_and_seen_by_idle(office):
    person = Person(office, "nora", ["There already"])
    with neomutt(person) as screen:
        screen.sees("There already")
        person.add("Just arrived")
        screen.sees("Just arrived")
        screen.types("m", "To:")
        screen.types(f"{person.user.address}\n", "Subject:")
        screen.types("Sent from NeoMutt\n", "y:Send")
        screen.types("y", "sent")
        person.until(lambda: "Sent from NeoMutt" in person.far(), "it has come")
        screen.sees("Sent from NeoMutt")
    must("\\Seen" in person.far("Sent")["Sent from NeoMutt"], "a copy is kept")
    person.end()


if __name__ == "__main__":
    main([mail_is_read_flagged_moved_and_deleted, mail_is_sent_and_seen_by_idle], ["neomutt"])
