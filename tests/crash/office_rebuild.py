"""A store that lost its database, or the last rows in it: the mail comes back from the segments, and
what IMAP needs of it (ENVELOPE, BODYSTRUCTURE), which lay in the database alone, is made anew."""
import re

from office import Office, User
from office_load import log_in

PASSWORD = "the same for all"
MAILS = (
    b"From: Anna <anna@example.net>\r\nTo: bert@example.org\r\nSubject: plain\r\n"
    b"Date: Tue, 1 Sep 2020 10:00:00 +0200\r\nMessage-ID: <1@example.net>\r\n\r\nHello\r\n",
    b"From: anna@example.net\r\nSubject: =?utf-8?q?gr=C3=BCn?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain;"
    b" charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ngr=C3=BCn\r\n--b\r\n"
    b"Content-Type: message/rfc822\r\n\r\nFrom: x@example.net\r\nSubject: inner\r\n\r\ninside\r\n"
    b"\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\nAAAA\r\n--b--\r\n",
    b"From: anna@example.net\r\nSubject: big\r\n\r\n" + (b"x" * 70 + b"\r\n") * 20000,
)
ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE BODY.PEEK[])"


def fill(office, user):
    with log_in(office, user) as client:
        for number, mail in enumerate(MAILS):
            for mailbox in ("INBOX", "Projects"):
                client.append(mailbox, "(\\Flagged)" if number else None, None, mail)


def look(office, user):
    """{mailbox: what FETCH says, without the UIDs}"""
    found = {}
    with log_in(office, user) as client:
        for mailbox in ("INBOX", "Projects"):
            client.select(mailbox, readonly=True)
            answer = client.uid("FETCH", "1:*", ITEMS)[1]
            text = b"".join(b"".join(item) if isinstance(item, tuple) else item for item in answer)
            found[mailbox] = re.sub(rb"\d+ \(UID \d+", b"(", text)
    return found


def lose_the_file(database, old):
    database.unlink()
    return "--offline"


def lose_the_content(database, old):
    database.write_bytes(b"not a database any more" * 1000)
    return "--offline"


def lose_the_rows(database, old):
    database.write_bytes(old)
    return None


def rebuild(build, arguments):
    losses = (lose_the_file, lose_the_content, lose_the_rows)
    failed = sum(not rebuild_after(build, lose) for lose in losses)
    return failed, f"{len(losses)} stores brought back from their segments"


def rebuild_after(build, lose):
    with Office.open(build) as office:
        user = office.add_user("anna")
        with log_in(office, user) as client:
            client.create("Projects")
        office.stop()
        database = office.data / "store.db"
        old = database.read_bytes()
        office.start()
        fill(office, user)
        before = look(office, user)
        office.stop()
        offline = lose(database, old)
        if offline:
            office.command("check", "--repair", offline)
        office.start()
        if not offline:
            office.command("check", "--repair")
        return comes_back(office, user, before, lose.__name__)


def comes_back(office, user, before, name):
    fresh = User(user.address, PASSWORD)
    office.command("user", "password", fresh.address, "--password-stdin", text=PASSWORD + "\n")
    after = look(office, fresh)
    same = after == before and all(text.count(b"BODYSTRUCTURE") == len(MAILS)
                                   for text in after.values())
    print(f"# {name}: {'the mail is back' if same else 'the mail is not as it was'}")
    if not same:
        for mailbox, text in before.items():
            print(f"#   {mailbox} before: {text[:600]!r}\n#   after: {after[mailbox][:600]!r}")
    return same
