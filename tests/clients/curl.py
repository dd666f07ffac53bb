#!/usr/bin/env python3
"""curl as a mail client: submission with TLS and a password, IMAP, what must be refused."""
import os
import pathlib
import secrets

from check import Failed, main, must, run

REFUSED_LOGIN = 67  # curl's exit statuses
REFUSED_TLS_NEEDED = 64


def curl(office, user, *arguments, **options):
    login = office.folder / "login"
    login.touch(0o600)
    login.write_text(f'user = "{user.address}:{user.password}"\n')
    hosts = []
    for service in ("submission", "submissions", "imap", "imaps"):
        hosts += ["--resolve", f"{office.hostname}:{office.port(service)}:127.0.0.1"]
    return run("curl", "-sS", "-m", "60", "--insecure", "--ssl-reqd", "-K", login, *hosts,
               *arguments, **options)


def letter(office, user, size=100):
    mark = secrets.token_hex(8)
    path = office.folder / f"letter-{mark}"
    body = "".join(f"{os.urandom(36).hex()}\r\n" for _ in range(max(1, size // 74)))
    path.write_bytes((f"From: <{user.address}>\r\nTo: <{user.address}>\r\nSubject: {mark}\r\n\r\n"
                      + body).encode())
    return mark, path


def send(office, user, path, service="submissions", sender=None, **options):
    scheme = "smtps" if service == "submissions" else "smtp"
    return curl(office, user, f"{scheme}://{office.hostname}:{office.port(service)}/client.example",
                "--mail-from", sender or user.address, "--mail-rcpt", user.address,
                "--upload-file", path, **options)


def fetch(office, user, what="INBOX;MAILINDEX=1"):
    return curl(office, user, f"imaps://{office.hostname}:{office.port('imaps')}/{what}")


def round_trip(office, service, size):
    user = office.add_user("u" + secrets.token_hex(4))
    mark, path = letter(office, user, size)
    send(office, user, path, service)
    back = office.folder / "back"
    curl(office, user, f"imaps://{office.hostname}:{office.port('imaps')}/INBOX;MAILINDEX=1",
         "-o", back)
    got, sent = back.read_bytes(), path.read_bytes()
    must(f"Subject: {mark}".encode() in got, "the subject came back")
    must(got.partition(b"\r\n\r\n")[2].rstrip() == sent.partition(b"\r\n\r\n")[2].rstrip(),
         "the body came back byte for byte")


def submissions_and_back(office):
    round_trip(office, "submissions", 100)


def submission_with_starttls_and_back(office):
    round_trip(office, "submission", 100)


def four_megabytes_and_back(office):
    round_trip(office, "submissions", 4 << 20)


def wrong_password_is_refused(office):
    user = office.add_user("wrong")
    mark, path = letter(office, user)
    user.password += "x"
    send(office, user, path, status=REFUSED_LOGIN)
    out = curl(office, user, f"imaps://{office.hostname}:{office.port('imaps')}/",
               status=REFUSED_LOGIN)
    must(user.password not in out + office.log.read_text(), "no password in the log")


def foreign_sender_is_refused(office):
    user, other = office.add_user("honest"), office.add_user("other")
    mark, path = letter(office, user)
    try:
        send(office, user, path, sender=other.address)
    except Failed as refused:
        must("curl ended with" in str(refused), "curl was refused")
        return
    raise Failed("a mail in another user's name was taken")


def append_and_search(office):
    user = office.add_user("append")
    mark, path = letter(office, user)
    address = f"imaps://{office.hostname}:{office.port('imaps')}"
    curl(office, user, f"{address}/Drafts", "--upload-file", path)
    found = curl(office, user, f"{address}/Drafts?SUBJECT%20{mark}")
    must(found.split() == ["*", "SEARCH", "1"], f"SEARCH found it: {found}")
    listed = curl(office, user, f"{address}/")
    must("Drafts" in listed and "Trash" in listed, f"LIST: {listed}")


if __name__ == "__main__":
    main([submissions_and_back, submission_with_starttls_and_back, four_megabytes_and_back,
          wrong_password_is_refused, foreign_sender_is_refused, append_and_search], ["curl"])
