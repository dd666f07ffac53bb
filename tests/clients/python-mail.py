#!/usr/bin/env python3
"""Python's imaplib and smtplib: a day of a mail program, and several sessions at once."""
import imaplib
import smtplib
import threading

from check import main, must
from office import tls_client


def imap(office, user):
    client = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=tls_client())
    client.login(user.address, user.password)
    return client


def submit(office, user, to, text):
    with smtplib.SMTP("127.0.0.1", office.port("submission"), local_hostname="c.example") as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        return smtp.sendmail(user.address, to, text)


def a_day_of_mail(office):
    anna, bert = office.add_user("day-anna"), office.add_user("day-bert")
    text = f"From: {anna.address}\r\nTo: {bert.address}\r\nSubject: Hi\r\n\r\nHello\r\n"
    must(submit(office, anna, [bert.address], text) == {}, "everyone was accepted")
    client = imap(office, bert)
    must(client.select("INBOX")[1] == [b"1"], "one mail")
    client.store("1", "+FLAGS", "\\Seen")
    must(client.copy("1", "Archive")[0] == "OK", "copied")
    client.store("1", "+FLAGS", "\\Deleted")
    must(client.expunge()[1] == [b"1"], "expunged")
    must(client.select("Archive")[1] == [b"1"], "kept in the archive")
    got = client.fetch("1", "(BODY.PEEK[TEXT])")[1][0][1]
    must(got == b"Hello\r\n", f"text: {got}")
    client.logout()


def folders(office):
    client = imap(office, office.add_user("folders"))
    for name in ("Work", "Work/A", '"Entw&APw-rfe alt"'):
        must(client.create(name)[0] == "OK", name)
    must(client.rename("Work", "Job")[0] == "OK", "renamed")
    names = b" ".join(client.list()[1])
    must(b"Job/A" in names and b"Work" not in names, f"{names}")
    must(client.delete("Job/A")[0] == "OK", "deleted")
    client.logout()


def ten_sessions_append(office):
    user = office.add_user("ten")
    problems = []

    def append(number):
        try:
            client = imap(office, user)
            for turn in range(20):
                text = f"Subject: {number}-{turn}\r\n\r\nx\r\n".encode()
                must(client.append("INBOX", None, None, text)[0] == "OK", "appended")
            client.logout()
        except Exception as problem:  # told in the main thread
            problems.append(problem)

    threads = [threading.Thread(target=append, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    must(not problems, f"{problems}")
    client = imap(office, user)
    must(client.select("INBOX")[1] == [b"200"], "200 mails")
    uids = client.uid("SEARCH", "ALL")[1][0].split()
    must(len(set(uids)) == 200, "each has a UID of its own")
    client.logout()


def one_mail_for_twenty(office):
    sender = office.add_user("twenty")
    users = [office.add_user(f"twenty-{number}") for number in range(20)]
    text = f"From: {sender.address}\r\nSubject: all\r\n\r\nx\r\n"
    must(submit(office, sender, [user.address for user in users], text) == {}, "accepted")
    for user in users[::7]:
        client = imap(office, user)
        must(client.select("INBOX")[1] == [b"1"], f"{user.address} has it")
        client.logout()


if __name__ == "__main__":
    main([a_day_of_mail, folders, ten_sessions_append, one_mail_for_twenty])
