"""Mail from other servers and to them, against a real DNS and other implementations: run.py BUILD. Prints TAP.

SPF results are held against pyspf, signatures and chains of dkimpy are verified by the daemon, and what it signs
by dkimpy.
"""
import base64
import imaplib
import json
import os
import pathlib
import re
import smtplib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "dns"))
from knot import Knot, Zone  # noqa: E402
from office import Office, tls_client  # noqa: E402

PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's modules
MAIL = ("From: {author}\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\nTo: anna@office.example\r\nSubject: {subject}\r\n"
        "Message-ID: <{subject}@test.example>\r\n\r\nHello  Anna \r\n\r\nBye\r\n\r\n")

PLAIN = """@ TXT "v=spf1 a:client.plain -all"
client A 127.0.0.1
other A 192.0.2.1
fail TXT "v=spf1 -all"
soft TXT "v=spf1 ~all"
neutral TXT "v=spf1 ?all"
none TXT "nothing of the kind"
two TXT "v=spf1 +all"
two TXT "v=spf1 -all"
broken TXT "v=spf1 +al"
in TXT "v=spf1 include:plain -all"
re TXT "v=spf1 redirect=plain"
loop TXT "v=spf1 include:loop.plain -all"
mx TXT "v=spf1 mx -all"
mx MX 10 other
mx MX 20 client
exists TXT "v=spf1 exists:%{l}.%{ir}.%{v}.%{d2} -all"
anna.1.0.0.127.in-addr.exists A 127.0.0.2
ptr TXT "v=spf1 ptr:plain -all"
void TXT "v=spf1 a:v1.plain a:v2.plain a:v3.plain +all"
many TXT "v=spf1 a:other.plain a:other.plain a:other.plain a:other.plain a:other.plain a:other.plain a:other.plain " "a:other.plain a:other.plain a:other.plain a:client.plain -all"
ten TXT "v=spf1 a:other.plain a:other.plain a:other.plain a:other.plain a:other.plain a:other.plain a:other.plain " "a:other.plain a:other.plain a:client.plain -all"
long TXT "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 ip4:192.0.2.5 ip4:192.0.2.6 ip4:192.0.2.7 " "ip4:127.0.0.0/8 -all"
"""
SPF = ["fail.plain", "soft.plain", "neutral.plain", "none.plain", "gone.plain", "two.plain", "broken.plain",
       "in.plain", "re.plain", "loop.plain", "mx.plain", "exists.plain", "ptr.plain", "void.plain", "many.plain",
       "ten.plain", "long.plain"]
STRICT = '_dmarc TXT "v=DMARC1; p=reject; sp=quarantine; np=reject"\nsub A 192.0.2.1\nsub2 A 192.0.2.1\n'
FORGED = "Authentication-Results: mail.office.example; spf=pass smtp.mailfrom=boss@strict\r\n"

number = 0


def point(good, text, detail=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {text}" + ("" if good else f"\n# {detail!r}"), flush=True)


def opinion(*arguments, data=b""):
    done = subprocess.run([PYTHON, str(HERE / "opinions.py"), *map(str, arguments)], input=data, capture_output=True,
                          timeout=60)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


class Keys:
    """Keys of others, made by openssl as their owners would."""

    def __init__(self, folder):
        self.folder = folder
        self.rsa = os.path.join(folder, "rsa.pem")
        self.short = os.path.join(folder, "short.pem")
        for path, bits in ((self.rsa, 2048), (self.short, 768)):
            subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, str(bits)], check=True,
                           capture_output=True)
        pem = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True).stdout
        private = self.der("pkey", pem, "-outform", "DER")
        public = self.der("pkey", pem, "-pubout", "-outform", "DER")
        self.ed25519 = os.path.join(folder, "ed25519.key")
        with open(self.ed25519, "wb") as file:
            file.write(base64.b64encode(private[-32:]))
        self.ed25519_text = base64.b64encode(public[-32:]).decode()

    @staticmethod
    def der(command, pem, *arguments):
        return subprocess.run(["openssl", command, *arguments], input=pem, check=True, capture_output=True).stdout

    def record(self, path):
        with open(path, "rb") as file:
            return base64.b64encode(self.der("rsa", file.read(), "-pubout", "-outform", "DER")).decode()

    def zone(self, below=""):
        lines = [f'e._domainkey{below} TXT "v=DKIM1; k=ed25519; p={self.ed25519_text}"', f'gone._domainkey{below} TXT "v=DKIM1; p="']
        for selector, path in (("r", self.rsa), ("short", self.short)):
            text = "v=DKIM1; p=" + self.record(path)
            parts = " ".join(f'"{text[at:at + 250]}"' for at in range(0, len(text), 250))
            lines.append(f"{selector}._domainkey{below} TXT {parts}")
        return "\n".join(lines) + "\n"


class Reader:
    def __init__(self, office, user):
        self.imap = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=tls_client())
        self.imap.login(user.address, user.password)

    def find(self, subject):
        """The mailbox where the mail is, and its bytes."""
        for mailbox in ("INBOX", "Junk"):
            self.imap.select(mailbox)
            found = self.imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
            if found:
                return mailbox, self.imap.fetch(found[-1], "(BODY.PEEK[])")[1][0][1]
        return None, b""


def send(office, sender, mail, helo="client.plain"):
    """The last reply, as to a server that is not ours."""
    with smtplib.SMTP("127.0.0.1", office.port("smtp"), local_hostname=helo, timeout=60) as smtp:
        smtp.ehlo()
        try:
            smtp.sendmail(sender, ["anna@office.example"], mail, ["BODY=8BITMIME"])
            return 250, b""
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error


def results(mail):
    """The text of our Authentication-Results, on one line; the field must be there once."""
    header = mail.split(b"\r\n\r\n")[0].replace(b"\r\n\t", b" ").replace(b"\r\n ", b" ").decode()
    ours = [line for line in header.split("\r\n") if line.startswith("Authentication-Results: mail.office.example;")]
    return ours[0] if len(ours) == 1 else f"({len(ours)} fields)"


def check_spf(office, reader, port):
    lines = "".join(f"127.0.0.1 client.plain anna@{domain}\n" for domain in SPF)
    theirs = opinion("spf", port, data=lines.encode()).decode().split()
    for domain, wanted in zip(SPF, theirs):
        send(office, f"anna@{domain}", MAIL.format(author="a@unknown", subject=f"spf-{domain}").encode())
        said = results(reader.find(f"spf-{domain}")[1])
        point(f" spf={wanted} " in said.replace(" (", " ( "), f"SPF of {domain} is {wanted}, as pyspf says", said)


def check_dkim(office, reader, keys):
    cases = [("rsa-sha256", canon, "r", keys.rsa, "pass") for canon in
             ("simple/simple", "relaxed/relaxed", "simple/relaxed", "relaxed/simple")]
    cases += [("ed25519-sha256", "relaxed/relaxed", "e", keys.ed25519, "pass"),
              ("rsa-sha256", "relaxed/relaxed", "short", keys.short, "permerror"),
              ("rsa-sha256", "relaxed/relaxed", "gone", keys.rsa, "permerror"),
              ("rsa-sha256", "relaxed/relaxed", "nowhere", keys.rsa, "permerror"),
              ("rsa-sha1", "relaxed/relaxed", "r", keys.rsa, "permerror")]
    for index, (algorithm, canon, selector, key, wanted) in enumerate(cases):
        mail = MAIL.format(author="boss@strict", subject=f"dkim-{index}").encode()
        signed = opinion("sign", algorithm, canon, selector, "strict", key, data=mail)
        code, reply = send(office, "x@fail.plain", signed)
        where, got = reader.find(f"dkim-{index}")
        text = f"{algorithm} {canon} by dkimpy with the key {selector}: {wanted}"
        if wanted == "pass":
            point(where == "INBOX" and " dkim=pass" in results(got) and " dmarc=pass" in results(got), text,
                  (code, reply, results(got)))
        else:
            point(code == 550 and where is None, text + ", and so refused", (code, reply))
    signed = opinion("sign", "rsa-sha256", "relaxed/relaxed", "r", "strict", keys.rsa,
                     data=MAIL.format(author="boss@strict", subject="dkim-changed").encode())
    code, reply = send(office, "x@fail.plain", signed.replace(b"Bye", b"Pay"))
    point(code == 550, "a changed mail is refused", (code, reply))


def check_dmarc(office, reader):
    code, reply = send(office, "boss@strict", MAIL.format(author="boss@strict", subject="forged").encode())
    point(code == 550 and b"strict" in reply and reader.find("forged")[0] is None, "reject is 550", (code, reply))
    code, reply = send(office, "x@plain", MAIL.format(author="boss@sub.strict", subject="subdomain").encode())
    where, mail = reader.find("subdomain")
    point(code == 250 and where == "Junk" and " dmarc=fail" in results(mail), "quarantine goes to Junk",
          (code, where, results(mail)))
    code, reply = send(office, "x@plain", MAIL.format(author="boss@nowhere.strict", subject="nowhere").encode())
    point(code == 550, "np counts for a name that is not there", (code, reply))
    code, reply = send(office, "x@plain", FORGED.encode() + MAIL.format(author="x@plain", subject="ours").encode())
    where, mail = reader.find("ours")
    point(where == "INBOX" and b"boss@strict" not in mail and results(mail).startswith("Authentication-Results: "),
          "what is said in our name is removed", mail)
    code, reply = send(office, "x@plain",
                       b"From: boss@strict\r\n" + MAIL.format(author="x@plain", subject="twice").encode())
    point(code == 550, "two From fields are refused", (code, reply))
    point(" iprev=pass " in results(mail).replace(" (", " ( "), "the client's name leads back to it", results(mail))
    office.command("set", "authentication.policy", "junk")
    code, _ = send(office, "x@plain", MAIL.format(author="boss@strict", subject="softer").encode())
    point(code == 250 and reader.find("softer")[0] == "Junk", "policy junk: nothing is refused", code)
    office.command("set", "authentication.policy", "note")
    code, _ = send(office, "x@plain", MAIL.format(author="boss@strict", subject="noted").encode())
    where, mail = reader.find("noted")
    point(where == "INBOX" and " dmarc=fail" in results(mail), "policy note: it only says so", results(mail))
    office.command("set", "authentication.policy", "reject")


def relay(mail, keys, domain, results, server):
    """What a forwarder makes of a mail: its findings, sealed."""
    return opinion("seal", server, "r", domain, keys.rsa,
                   data=f"Authentication-Results: {server}; {results}\r\n".encode() + mail)


def look(office, reader, mail, subject):
    """How the daemon answers a mail, where it is then, and what its chain is."""
    code, reply = send(office, "x@fail.plain", mail)
    where, got = reader.find(subject)
    said = results(got)
    return (code if where is None else where, re.findall(r" arc=(\w+)", said), re.findall(r"policy.dmarc=(\w+)", said))


def check_arc(office, reader, keys, folder):
    records = os.path.join(folder, "seals.json")
    with open(records, "w") as file:
        json.dump({f"r._domainkey.{domain}": "v=DKIM1; p=" + keys.record(keys.rsa)
                   for domain in ("lists.plain", "school.plain")}, file)

    def listed(subject, results="dmarc=pass header.from=strict"):
        return relay(MAIL.format(author="boss@strict", subject=subject).encode() + b"-- \r\nThe list\r\n", keys,
                     "lists.plain", results, "lists.plain")

    said = look(office, reader, listed("arc-stranger"), "arc-stranger")
    point(said == ("Junk", ["pass"], ["quarantine"]), "a stranger's seal saves a forged mail from the refusal only", said)
    office.command("set", "authentication.trusted-sealers", "lists.plain lists.example")
    said = look(office, reader, listed("arc-trusted"), "arc-trusted")
    point(said == ("INBOX", ["pass"], ["none"]), "a trusted forwarder's seal lets it in", said)
    said = look(office, reader, listed("arc-doubt", "dmarc=fail header.from=strict"), "arc-doubt")
    point(said == ("Junk", ["pass"], ["quarantine"]), "not when it was forged there already", said)

    def twice(subject):
        return relay(listed(subject), keys, "school.plain", "arc=pass; dmarc=fail header.from=strict",
                     "school.plain")

    said = look(office, reader, twice("arc-twice"), "arc-twice")
    point(said == ("Junk", ["pass"], ["quarantine"]), "nor when a stranger sealed it later", said)
    office.command("set", "authentication.trusted-sealers", "lists.plain school.plain")
    said = look(office, reader, twice("arc-both"), "arc-both")
    theirs = opinion("chain", records, data=twice("arc-both")).decode().strip()
    point(said == ("INBOX", ["pass"], ["none"]) and theirs == "pass", "two trusted forwarders let it in", (said, theirs))
    for name, old, new in (("body", b"The list", b"The lost"), ("results", b"dmarc=pass", b"dmarc=fine"),
                           ("seal", b"cv=pass", b"cv=none"), ("state", b"cv=pass", b"cv=fail"),
                           ("set", b"ARC-Seal: i=2", b"X-Seal: i=2"), ("gap", b"i=2", b"i=3"),
                           ("key", b"d=lists.plain; s=r", b"d=lists.plain; s=x"), ("field", b"Subject: arc", b"Subject: Arc")):
        mail = twice("arc-" + name)
        changed = mail.replace(old, new)
        theirs = opinion("chain", records, data=changed).decode().strip()
        said = look(office, reader, changed, "arc-" + name)
        point(changed != mail and theirs == "fail" and said[0] == 550,
              f"a chain with another {name} is none, as dkimpy says", (theirs, said))
    office.command("set", "authentication.trusted-sealers", "")


def check_signing(office, reader, user, folder):
    keys = json.loads(office.command("domain", "dkim", "show", "office.example", "--json"))
    point(sorted(key["algorithm"] for key in keys) == ["ed25519-sha256", "rsa-sha256"], "the domain has its keys", keys)
    records = os.path.join(folder, "records.json")
    with open(records, "w") as file:
        json.dump({key["name"]: key["record"] for key in keys}, file)
    with smtplib.SMTP_SSL("127.0.0.1", office.port("submissions"), context=tls_client(), timeout=60) as smtp:
        smtp.login(user.address, user.password)
        smtp.sendmail(user.address, [user.address],
                      MAIL.format(author=user.address, subject="signed").replace("Message-ID: <signed@test.example>\r\n",
                                                                                 "").encode())
    mail = reader.find("signed")[1]
    without = mail[mail.index(b"\r\n") + 2:]  # the Return-Path
    said = opinion("verify", records, data=without).decode().split()
    point(mail.startswith(b"Return-Path:") and said == ["pass", "pass"], "what is submitted is signed, dkimpy says", said)
    said = opinion("verify", records, data=without.replace(b"Subject: signed", b"Subject: forged")).decode().split()
    point(said == ["fail", "fail"], "and a change is seen", said)
    office.command("domain", "dkim", "prepare", "office.example")
    office.command("domain", "dkim", "rotate", "office.example")
    states = sorted(key["state"] for key in json.loads(office.command("domain", "dkim", "show", "office.example",
                                                                      "--json")))
    point(states == ["active", "active", "old", "old"], "keys rotate", states)


def check_silence(office, reader, knot):
    knot.stop()
    begun = time.monotonic()
    code, reply = send(office, "x@silent.example", MAIL.format(author="x@silent.example", subject="silent").encode())
    took = time.monotonic() - begun
    where, mail = reader.find("silent")
    point(code == 250 and where == "INBOX" and " dmarc=temperror" in results(mail) and took < 25,
          "a DNS that is gone refuses nobody", (code, took, results(mail)))


def main(build):
    with Office.open(build) as office:
        keys = Keys(str(office.folder))
        zones = {"plain.": Zone(PLAIN + keys.zone(".lists") + keys.zone(".school")), "strict.": Zone(STRICT + keys.zone(), signed=True),
                 "127.in-addr.arpa.": Zone("1.0.0 PTR client.plain.\n")}
        with Knot(str(office.folder), zones) as knot:
            office.command("set", "dns.forwarders", knot.forwarder)
            office.command("set", "authentication.exempt-networks", "")
            office.stop()
            (office.data / "dns" / "root.key").write_text(knot.anchor)
            office.start()
            user = office.add_user("anna")
            reader = Reader(office, user)
            check_spf(office, reader, knot.port)
            check_dkim(office, reader, keys)
            check_dmarc(office, reader)
            check_arc(office, reader, keys, str(office.folder))
            check_signing(office, reader, user, str(office.folder))
            check_silence(office, reader, knot)
    print(f"1..{number}")


main(sys.argv[1])
