#!/usr/bin/env python3
"""SCRAM-SHA-256 and -PLUS of GNU SASL against IMAP and SMTP; app passwords from making to revoking."""
import base64
import hashlib
import hmac
import json
import os
import poplib
import socket
import unicodedata

from check import Failed, main, must, run
from office import User, tls_client


def gsasl(office, user, password, mechanism, service="imap", tls=False, status=0):
    words = ["gsasl", f"--{service}", "--connect", f"127.0.0.1:{office.port(service_port(service))}",
             "-a", user.address, "-p", password, "-m", mechanism, "--no-client-first"]
    words += ["--starttls", "--x509-ca-file="] if tls else ["--no-starttls"]
    return run(*words, text="", status=status, seconds=60)


def service_port(service):
    return "submission" if service == "smtp" else service


class Client:
    """SCRAM over POP3, written down here."""

    def __init__(self, office, tls=False):
        self.socket = socket.create_connection(("127.0.0.1", office.port("pop3s" if tls else "pop3")))
        if tls:
            self.socket = tls_client().wrap_socket(self.socket)
        self.lines = self.socket.makefile("rb")
        self.lines.readline()

    def say(self, text):
        self.socket.sendall(text.encode() + b"\r\n")
        return self.lines.readline().decode().rstrip()

    def log_in(self, user, password, header="n,,", mechanism="SCRAM-SHA-256", binding=b""):
        nonce = base64.b64encode(os.urandom(15)).decode()
        first = f"n={user},r={nonce}"
        answer = self.say(f"AUTH {mechanism} {encode((header + first).encode())}")
        if not answer.startswith("+ "):
            return answer
        challenge = base64.b64decode(answer[2:]).decode()
        fields = dict(field.split("=", 1) for field in challenge.split(","))
        self.salt = fields["s"]
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]),
                                     int(fields["i"]))
        final = f"c={encode(header.encode() + binding)},r={fields['r']}"
        message = f"{first},{challenge},{final}".encode()
        key = digest(salted, b"Client Key")
        signature = digest(hashlib.sha256(key).digest(), message)
        proof = encode(bytes(a ^ b for a, b in zip(key, signature)))
        answer = self.say(encode(f"{final},p={proof}".encode()))
        if not answer.startswith("+ "):
            return answer
        wanted = digest(digest(salted, b"Server Key"), message)
        must(base64.b64decode(answer[2:]) == b"v=" + encode(wanted).encode(), "the server knows it too")
        return self.say("")


def encode(data):
    return base64.b64encode(data).decode()


def digest(key, data):
    return hmac.new(key, data, "sha256").digest()


def gnu_sasl_logs_in(office):
    user = office.add_user("gnu")
    for service in ("imap", "smtp"):
        out = gsasl(office, user, user.password, "SCRAM-SHA-256", service)
        must("uthenticat" in out or "finished" in out, out)
        gsasl(office, user, "wrong", "SCRAM-SHA-256", service, status=1)


def gnu_sasl_binds_the_channel(office):
    """tls-exporter of TLS 1.3."""
    user = office.add_user("gnu-plus")
    for service in ("imap", "smtp"):
        out = gsasl(office, user, user.password, "SCRAM-SHA-256-PLUS", service, tls=True)
        must("uthenticat" in out or "finished" in out, out)


def passwords_and_app_passwords(office):
    user = office.add_user("devices")
    must(Client(office).log_in(user.address, user.password).startswith("+OK"), "the password")
    password = office.command("user", "app-password", "add", user.address, "Phone").strip()
    other = office.command("user", "app-password", "add", user.address, "Laptop").strip()
    must(len(password) == 20 and password != other, password)
    for word in (password, other):
        must(Client(office).log_in(user.address, word).startswith("+OK"), "an app password")
        plain = poplib.POP3("127.0.0.1", office.port("pop3"))
        plain.user(user.address)
        plain.pass_(word)
        plain.quit()
    listed = json.loads(office.command("user", "app-password", "list", user.address, "--json"))
    must([item["name"] for item in listed] == ["Laptop", "Phone"], f"{listed}")
    must(all(item["used"] > 0 and item["address"] == "127.0.0.1" for item in listed), f"{listed}")
    office.command("user", "app-password", "remove", user.address, "Phone")
    must("[AUTH]" in Client(office).log_in(user.address, password), "it is revoked")
    must(Client(office).log_in(user.address, other).startswith("+OK"), "the other is not")
    must(password not in office.log.read_text(), "no password in the log")


def the_channel_is_bound(office):
    user = office.add_user("bound")
    der = office.data / "certificates" / "self-signed.pem"
    text = run("openssl", "x509", "-in", der, "-fingerprint", "-sha256", "-noout")
    point = bytes.fromhex(text.partition("=")[2].strip().replace(":", ""))
    header, name = "p=tls-server-end-point,,", "SCRAM-SHA-256-PLUS"
    answer = Client(office, tls=True).log_in(user.address, user.password, header, name, point)
    must(answer.startswith("+OK"), answer)
    answer = Client(office, tls=True).log_in(user.address, user.password, header, name, b"x" * 32)
    must("[AUTH]" in answer, "another channel")
    answer = Client(office, tls=True).log_in(user.address, user.password, "y,,")
    must(answer.startswith("-ERR"), "-PLUS was offered, and somebody took it away")
    must(Client(office).say(f"AUTH {name}").startswith("-ERR"), "without TLS there is no -PLUS")


def nobody_learns_who_exists(office):
    user = office.add_user("real")
    salts = []
    for address in (user.address, user.address, "nobody@office.example", "nobody@office.example"):
        client = Client(office)
        must("[AUTH]" in client.log_in(address, "wrong"), "refused")
        salts.append(client.salt)
    must(salts[0] == salts[1] and salts[2] == salts[3] and salts[0] != salts[2], f"{salts}")


def the_setting_counts(office):
    user = office.add_user("policy")
    word = office.command("user", "app-password", "add", user.address, "Phone").strip()
    office.command("set", "login.scram", "app-passwords")
    must("[AUTH]" in Client(office).log_in(user.address, user.password), "not the password")
    must(Client(office).log_in(user.address, word).startswith("+OK"), "the app password")
    office.command("set", "login.scram", "off")
    must(Client(office).log_in(user.address, word).startswith("-ERR"), "no SCRAM at all")
    office.command("set", "login.scram", "all")


def names_are_folded(office):
    """Case, U-labels and A-labels, composed and decomposed letters: over every way to sign on."""
    office.command("domain", "add", "bücher.example")
    user = User("anna@bücher.example", "password-é")
    office.command("user", "add", user.address, "--password-stdin", text=user.password + "\n")
    names = (user.address, "Anna@BÜCHER.example", "ANNA@xn--bcher-kva.example", "anna@bu\u0308cher.example")
    for name in names:
        for password in (user.password, "password-e\u0301"):
            plain = encode(f"\0{name}\0{password}".encode())
            client = Client(office)
            must(client.say(f"USER {name}").startswith("+OK"), name)
            must(client.say(f"PASS {password}").startswith("+OK"), f"USER {name} {password}")
            must(Client(office).say(f"AUTH PLAIN {plain}").startswith("+OK"), f"PLAIN {name}")
            client = Client(office)
            client.say("AUTH LOGIN " + encode(name.encode()))
            must(client.say(encode(password.encode())).startswith("+OK"), f"LOGIN {name}")
            must(Client(office).log_in(name, unicodedata.normalize("NFKC", password)).startswith("+OK"),
                 f"SCRAM {name}")
            imap = Imap(office)
            must(imap.log_in(name, password).startswith("a OK"), f"IMAP LOGIN {name}")
            must(Imap(office).say(f"a AUTHENTICATE PLAIN {plain}").startswith("a OK"), f"IMAP PLAIN {name}")
    plain = encode(f"\0{names[1]}\0{user.password}".encode())
    smtp = socket.create_connection(("127.0.0.1", office.port("submission")))
    lines = smtp.makefile("rb")
    lines.readline()
    smtp.sendall(b"EHLO client.example\r\n")
    while lines.readline()[3:4] == b"-":
        pass
    smtp.sendall(b"AUTH PLAIN " + plain.encode() + b"\r\n")
    must(lines.readline().startswith(b"235"), "SMTP")


class Imap:
    def __init__(self, office):
        self.socket = socket.create_connection(("127.0.0.1", office.port("imap")))
        self.lines = self.socket.makefile("rb")
        self.lines.readline()

    def say(self, text):
        self.socket.sendall(text.encode() + b"\r\n")
        line = self.lines.readline()
        while line.startswith(b"*"):
            line = self.lines.readline()
        return line.decode()

    def log_in(self, name, password):
        """Literals, as names beyond ASCII want them."""
        name, password = name.encode(), password.encode()
        self.socket.sendall(b"a LOGIN {%d+}\r\n%b {%d+}\r\n%b\r\n" % (len(name), name, len(password), password))
        return self.lines.readline().decode()


if __name__ == "__main__":
    main([gnu_sasl_logs_in, gnu_sasl_binds_the_channel, passwords_and_app_passwords, the_channel_is_bound,
          nobody_learns_who_exists, names_are_folded, the_setting_counts], ["gsasl", "openssl"])
