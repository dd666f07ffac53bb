#!/usr/bin/env python3
"""What a client is before it says a word: without a server's name in its handshake, or one of many
behind one address."""
import imaplib
import os
import poplib
import re
import shutil
import smtplib
import socket
import ssl
import subprocess
import sys
from base64 import b64encode

from check import Failed, main, must, run
from office import tls_client

HOME, AWAY = "192.0.2.1", "198.51.100.1"  # in a network namespace of their own: loopback has no limits
SAME_USER = 50  # limits.connections-per-user as it is by default
INSIDE = "HAUSPOST_NAMESPACE"


def shown(office, port, name):
    """The certificate for a client that sends NAME, or none, with its handshake."""
    with socket.create_connection(("127.0.0.1", office.port(port)), 20) as connection:
        with tls_client().wrap_socket(connection, server_hostname=name) as tls:
            return tls.getpeercert(binary_form=True)


def without_a_name_the_default_certificate(office):
    """Outlook 2013 sends none. The other certificate comes first by its file's name."""
    folder = office.data / "certificates"
    pem, other = folder / "self-signed.pem", folder / "another.pem"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=imap.example.net", "-addext", "subjectAltName=DNS:imap.example.net", "-keyout", other,
        "-out", f"{other}.crt")
    other.write_text(other.read_text() + open(f"{other}.crt").read())
    os.unlink(f"{other}.crt")
    must(office.stop() == 0, "the daemon ends well")
    office.start()
    default, foreign = (ssl.PEM_cert_to_DER_cert("-----BEGIN CERTIFICATE-----" + path.read_text().partition(
        "-----BEGIN CERTIFICATE-----")[2]) for path in (pem, other))
    for port in ("imaps", "pop3s", "submissions"):
        must(shown(office, port, None) == default, f"{port}: none")
        must(shown(office, port, office.hostname) == default, f"{port}: the default's")
        must(shown(office, port, "imap.example.net") == foreign, f"{port}: the other's")


def imap(office, host, user):
    client = imaplib.IMAP4_SSL(host, office.port("imaps"), ssl_context=tls_client(), timeout=20)
    client.login(user.address, user.password)
    return client


def pop3(office, host, user):
    client = poplib.POP3_SSL(host, office.port("pop3s"), timeout=20, context=tls_client())
    client.user(user.address)
    client.pass_(user.password)


def submit(office, host, user):
    client = smtplib.SMTP_SSL(host, office.port("submissions"), timeout=20, context=tls_client())
    client.ehlo()
    code, text = client.docmd("AUTH PLAIN", b64encode(f"\0{user.address}\0{user.password}".encode()).decode())
    if code != 235:  # login () would go on with the next mechanism
        raise smtplib.SMTPResponseException(code, text)


def refused(protocol, office, host, user):
    """What is said to who is not let in."""
    try:
        protocol(office, host, user)
    except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException) as problem:
        return str(problem)
    raise Failed(f"one more was let in by {protocol.__name__}")


def listen_everywhere(office):
    must(office.stop() == 0, "the daemon ends well")
    office.config.write_text(re.sub(r"(?m)^(imaps|pop3s|submissions) = 127\.0\.0\.1:", r"\1 = 0.0.0.0:",
                                    office.config.read_text()))
    office.start()


def fifty_of_one_user_behind_one_address(office):
    """Over all protocols together. Neither another user there nor the same one elsewhere is touched."""
    user, neighbour = office.add_user("many"), office.add_user("neighbour")
    listen_everywhere(office)
    clients = [imap(office, HOME, user) for _ in range(SAME_USER)]
    for protocol, answer in ((imap, "[LIMIT]"), (pop3, "[SYS/TEMP]"), (submit, "421")):
        said = refused(protocol, office, HOME, user)
        must(answer in said, f"{protocol.__name__}: {said}")
    clients += [imap(office, HOME, neighbour), imap(office, AWAY, user)]
    clients.pop(0).logout()
    clients.append(imap(office, HOME, user))
    for client in clients:
        must(client.noop()[0] == "OK", "all are served")
        client.logout()


def enter_namespace():
    """Starts this program anew where HOME and AWAY are. FALSE: the machine has no namespaces for us."""
    for options in (["--net"], ["--user", "--map-root-user", "--net"]) if shutil.which("unshare") else ():
        unshare = ["unshare", *options, "sh", "-c"]
        prepare = f"ip link set lo up && ip address add {HOME} dev lo && ip address add {AWAY} dev lo"
        if subprocess.run([*unshare, prepare], capture_output=True).returncode == 0:
            os.environ[INSIDE] = "1"
            os.execvp("unshare", [*unshare, prepare + ' && exec "$@"', "sh", sys.executable, *sys.argv])
    return False


if __name__ == "__main__":
    CHECKS = [without_a_name_the_default_certificate]
    if os.environ.get(INSIDE) or enter_namespace():
        CHECKS.append(fifty_of_one_user_behind_one_address)
    else:
        print("# left out: fifty of one user (there are no network namespaces)")
    main(CHECKS, ["openssl"])
