#!/usr/bin/env python3
"""swaks as a mail client: STARTTLS, each mechanism, LMTP, the port for other servers."""
import imaplib
import re

from check import main, must, run


def swaks(office, service, to, *arguments, status=0):
    return run("swaks", "--server", "127.0.0.1", "--port", office.port(service), "--to", to,
               "--helo", "client.example", "--timeout", "30", *arguments, status=status)


def inbox_count(office, user):
    with imaplib.IMAP4("127.0.0.1", office.port("imap")) as imap:
        imap.login(user.address, user.password)
        return int(imap.select("INBOX", readonly=True)[1][0])


def submit(office, mechanism):
    user = office.add_user("auth-" + mechanism.lower())
    swaks(office, "submission", user.address, "--from", user.address, "--tls", "--auth", mechanism,
          "--auth-user", user.address, "--auth-password", user.password)
    must(inbox_count(office, user) == 1, "the mail is in the mailbox")


def auth_plain_over_starttls(office):
    submit(office, "PLAIN")


def auth_login_over_starttls(office):
    submit(office, "LOGIN")


def submission_wants_a_password(office):
    user = office.add_user("nopass")
    output = swaks(office, "submission", user.address, "--from", user.address, "--tls", status=23)
    must(re.search(r"<[~*]*\*?\*? *530 ", output) or "530 " in output, f"530: {output[-400:]}")


def mail_from_another_server(office):
    user = office.add_user("mx")
    swaks(office, "smtp", user.address, "--from", "someone@example.org", "--tls")
    must(inbox_count(office, user) == 1, "the mail is in the mailbox")


def unknown_user_is_refused(office):
    output = swaks(office, "smtp", f"nobody@{office.domain}", "--from", "someone@example.org",
                   status=24)
    must("550 5.1.1" in output, f"550 5.1.1: {output[-400:]}")


def no_open_relay(office):
    output = swaks(office, "smtp", "someone@example.net", "--from", "someone@example.org",
                   status=24)
    must(re.search(r"\b55[0-9] 5\.7\.", output), f"a refusal: {output[-400:]}")


def lmtp_answers_for_each(office):
    one, two = office.add_user("lmtp-one"), office.add_user("lmtp-two")
    swaks(office, "lmtp", f"{one.address},{two.address}", "--protocol", "LMTP",
          "--from", "someone@example.org")
    must(inbox_count(office, one) == inbox_count(office, two) == 1, "both have it")


def a_password_in_the_clear_from_loopback(office):
    user = office.add_user("clear")
    swaks(office, "submission", user.address, "--from", user.address, "--auth", "PLAIN",
          "--auth-user", user.address, "--auth-password", user.password)


if __name__ == "__main__":
    main([auth_plain_over_starttls, auth_login_over_starttls, submission_wants_a_password,
          mail_from_another_server, unknown_user_is_refused, no_open_relay, lmtp_answers_for_each,
          a_password_in_the_clear_from_loopback], ["swaks"])
