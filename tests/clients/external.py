#!/usr/bin/env python3
"""EXTERNAL with a client's certificate over IMAP, POP3 and SMTP: enrolled, resumed, expired, revoked."""
import base64
import json
import socket
import ssl

from check import main, must, run
from office import tls_client

PORTS = {"imap": "imaps", "pop3": "pop3s", "smtp": "submissions"}


def certificate(office, name, *options):
    path = office.folder / f"{name}.pem"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        f"/CN={name}", "-keyout", path, "-out", f"{path}.crt", *options)
    path.write_text(path.read_text() + open(f"{path}.crt").read())
    return path


def expired(office, name):
    """A day in the past, by openssl's own small authority: `req` has no -startdate here."""
    path = certificate(office, name)
    run("openssl", "x509", "-in", path, "-signkey", path, "-days", "-1", "-out", f"{path}.old")
    key = path.read_text().partition("-----BEGIN CERTIFICATE-----")[0]
    path.write_text(key + open(f"{path}.old").read())
    return path


class Client:
    def __init__(self, office, protocol, pem=None, version=None, session=None, starttls=False):
        self.protocol = protocol
        self.context = session.context if session else tls_client()
        if pem and not session:
            self.context.load_cert_chain(pem)
        if version:
            self.context.maximum_version = version
        port = office.port(protocol if starttls else PORTS[protocol])
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        if starttls:
            self.lines = self.socket.makefile("rb")
            self.lines.readline()
            self.send("STLS")
            must(self.line().startswith("+OK"), "STLS")
        self.socket = self.context.wrap_socket(self.socket, session=session.socket.session if session else None)
        self.lines = self.socket.makefile("rb")
        if not starttls:
            self.line()
        if protocol == "smtp":
            self.offers()

    def line(self):
        return self.lines.readline().decode().rstrip("\r\n")

    def send(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def until(self, start):
        said = []
        while not said or not said[-1].startswith(start):
            said.append(self.line())
            must(said[-1] != "", f"the connection ended after {said}")
        return said

    def offers(self):
        if self.protocol == "imap":
            self.send("c CAPABILITY")
            return "AUTH=EXTERNAL" in " ".join(self.until("c "))
        self.send("CAPA" if self.protocol == "pop3" else "EHLO client.example")
        said = self.until(".") if self.protocol == "pop3" else self.until("250 ")
        return any("EXTERNAL" in line.split() for line in said)

    def log_in(self, identity="", initial=True):
        """The last answer."""
        response = base64.b64encode(identity.encode()).decode()
        command = {"imap": "a AUTHENTICATE", "pop3": "AUTH", "smtp": "AUTH"}[self.protocol] + " EXTERNAL"
        if initial:
            self.send(f"{command} {response or '='}")
        else:
            self.send(command)
            answer = self.line()
            if not answer.startswith(("+", "334")):
                return answer
            self.send(response)
        return self.until("a ")[-1] if self.protocol == "imap" else self.line()


def is_in(answer):
    return answer.startswith(("a OK", "+OK", "235"))


def the_certificate_is_asked_for(office):
    """Off by default, and announced only to who has shown one."""
    user = office.add_user("asked")
    pem = certificate(office, "asked")
    office.command("user", "certificate", "add", user.address, "Laptop", str(pem))
    for protocol in PORTS:
        client = Client(office, protocol, pem)
        must(not client.offers() and not is_in(client.log_in()), f"off at first: {protocol}")
    office.command("set", "login.client-certificates", "yes")
    for protocol in PORTS:
        client = Client(office, protocol)
        must(not client.offers() and not is_in(client.log_in()), f"nothing shown: {protocol}")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            client = Client(office, protocol, pem, version)
            must(client.offers(), f"announced: {protocol} {version}")
            must(is_in(client.log_in()), f"{protocol} {version}")
    must(Client(office, "pop3", pem, starttls=True).offers(), "after STLS too")


def identities(office):
    """RFC 4422 appendix A.1: an empty response, one's own name; never somebody else's."""
    user, other = office.add_user("identity"), office.add_user("other")
    pem = certificate(office, "identity")
    office.command("user", "certificate", "add", user.address, "Laptop", str(pem))
    for protocol in PORTS:
        for name in ("", user.address, user.address.upper()):
            for initial in (True, False):
                answer = Client(office, protocol, pem).log_in(name, initial)
                must(is_in(answer), f"{protocol} {name!r} {initial}: {answer}")
        must(not is_in(Client(office, protocol, pem).log_in(other.address)), f"{protocol}: not another")
    listed = json.loads(office.command("user", "certificate", "list", user.address, "--json"))
    must(listed[0]["used"] > 0 and listed[0]["address"] == "127.0.0.1", f"{listed}")
    client = Client(office, "imap", pem)
    client.send("a AUTHENTICATE EXTERNAL !")
    must(client.until("a ")[-1].startswith("a BAD"), "not Base64")


def a_resumed_session_keeps_it(office):
    user = office.add_user("resumed")
    pem = certificate(office, "resumed")
    office.command("user", "certificate", "add", user.address, "Laptop", str(pem))
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        first = Client(office, "pop3", pem, version)
        must(is_in(first.log_in()), "the first")
        again = Client(office, "pop3", session=first)
        must(again.socket.session_reused, f"resumed {version}")
        must(is_in(again.log_in()), f"after the resumption {version}")


def who_is_not_enrolled(office):
    user = office.add_user("revoked")
    pem, stranger, late = (certificate(office, "revoked"), certificate(office, "stranger"),
                           expired(office, "late"))
    text = run("openssl", "x509", "-in", pem, "-fingerprint", "-sha256", "-noout").partition("=")[2].strip()
    office.command("user", "certificate", "add", user.address, "Laptop", text)
    office.command("user", "certificate", "add", user.address, "Old", str(late))
    office.command("user", "certificate", "add", user.address, "Twice", str(pem), fails=True)
    for protocol in PORTS:
        must(is_in(Client(office, protocol, pem).log_in()), protocol)
        must(not is_in(Client(office, protocol, stranger).log_in()), f"{protocol}: a stranger")
        client = Client(office, protocol, late)
        must(not client.offers() and not is_in(client.log_in()), f"{protocol}: expired")
    office.command("user", "disable", user.address)
    must(not is_in(Client(office, "imap", pem).log_in()), "disabled")
    office.command("user", "enable", user.address)
    open_one = Client(office, "imap", pem)
    office.command("user", "certificate", "remove", user.address, "Laptop")
    must(not is_in(open_one.log_in()), "revoked at once")
    office.command("set", "login.client-certificates", "no")


if __name__ == "__main__":
    main([the_certificate_is_asked_for, identities, a_resumed_session_keeps_it, who_is_not_enrolled],
         ["openssl"])
