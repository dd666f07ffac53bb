#!/usr/bin/env python3
"""The web server from outside: what programs fetch to configure themselves, the pages for people in both
languages, passwords changed and made there, and what must be refused."""
import imaplib
import os
import pathlib
import plistlib
import re
import secrets
import socket
import ssl
import urllib.parse
import xml.etree.ElementTree as xml

from browser import Browser, as_json
from check import main, must, run
from office import tls_client

SCHEMA = pathlib.Path(__file__).parent / "autodiscover" / "response.xsd"
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
ERRORS = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
REQUEST = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>{}</EMailAddress>
    <AcceptableResponseSchema>{}</AcceptableResponseSchema>
  </Request>
</Autodiscover>
"""
ENTITY = """<?xml version="1.0"?><!DOCTYPE Autodiscover [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<Autodiscover><Request><EMailAddress>&x;@office.example</EMailAddress></Request></Autodiscover>"""
ENGLISH, GERMAN = "Set up your mail program", "Mailprogramm einrichten"


def name():
    return "w" + secrets.token_hex(4)


def may_log_in(office, user, password):
    client = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=tls_client())
    try:
        return client.login(user.address, password)[0] == "OK"
    except imaplib.IMAP4.error:
        return False
    finally:
        client.shutdown()


def autoconfig_names_every_service(office):
    """Asked with an address and without, by the domain's name and by that of autoconfig; strangers get none."""
    paths = {"autoconfig.office.example": "/mail/config-v1.1.xml?emailaddress=anna%40office.example",
             "office.example": "/.well-known/autoconfig/mail/config-v1.1.xml"}
    for host, path in paths.items():
        answer = Browser(office, host).get(path, "--insecure")
        must(answer.status == 200 and answer.headers["content-type"].startswith("text/xml"), f"{host}: {answer.status}")
        provider = xml.fromstring(answer.body).find("emailProvider")
        must(provider.get("id") == provider.findtext("domain") == "office.example", answer.text)
        servers = [(one.get("type"), int(one.findtext("port")), one.findtext("socketType"))
                   for one in provider if one.tag.endswith("Server")]
        must(servers == [("imap", office.port("imaps"), "SSL"), ("imap", office.port("imap"), "STARTTLS"),
                         ("pop3", office.port("pop3s"), "SSL"), ("pop3", office.port("pop3"), "STARTTLS"),
                         ("smtp", office.port("submissions"), "SSL"),
                         ("smtp", office.port("submission"), "STARTTLS")], f"{servers}")
    must(Browser(office).get("/mail/config-v1.1.xml?emailaddress=a@else.example").status == 404, "a stranger's")


def ask_autodiscover(office, text, path="/Autodiscover/Autodiscover.xml"):
    """The answer, which its schema holds for right."""
    asked = office.folder / "request.xml"
    asked.write_text(text)
    answer = Browser(office).get(path, "--data-binary", f"@{asked}", "-H", "Content-Type: text/xml")
    must(answer.status == 200, f"{answer.status}")
    given = office.folder / "response.xml"
    given.write_bytes(answer.body)
    run("xmllint", "--nonet", "--noout", "--schema", SCHEMA, given)
    return xml.fromstring(answer.body)


def autodiscover_answers_by_its_schema(office):
    for path in ("/Autodiscover/Autodiscover.xml", "/autodiscover/autodiscover.xml"):
        answer = ask_autodiscover(office, REQUEST.format("Anna@office.example", OUTLOOK), path)
        of = {one.findtext(f"{{{OUTLOOK}}}Type"): one for one in answer.iter(f"{{{OUTLOOK}}}Protocol")}
        ports = {kind: int(one.findtext(f"{{{OUTLOOK}}}Port")) for kind, one in of.items()}
        must(ports == {"IMAP": office.port("imaps"), "POP3": office.port("pop3s"),
                       "SMTP": office.port("submissions")}, f"{ports}")
        must(all(one.findtext(f"{{{OUTLOOK}}}SPA") == "off" for one in of.values()), "no NTLM")


def autodiscover_tells_errors_by_its_schema(office):
    """And reads no file and no entity for anybody."""
    for text, code in ((REQUEST.format("a@else.example", OUTLOOK), "500"), (ENTITY, "600"), ("<no xml", "600"),
                       (REQUEST.format("a@office.example", "http://else.example/mobilesync"), "601")):
        answer = ask_autodiscover(office, text)
        must(answer.findtext(f".//{{{ERRORS}}}ErrorCode") == code, f"not {code}: {xml.tostring(answer)}")
    broken = office.folder / "broken.xml"
    broken.write_text((office.folder / "response.xml").read_text().replace("ErrorCode", "Code"))
    run("xmllint", "--nonet", "--noout", "--schema", SCHEMA, broken, status=3)  # the schema does refuse


def autodiscover_by_json(office):
    browser = Browser(office, "autodiscover.office.example")
    path = "/autodiscover/autodiscover.json/v1.0/anna%40office.example?Protocol="
    answer = as_json(browser.get(path + "AutodiscoverV1", "--insecure"))
    must(answer == {"Protocol": "AutodiscoverV1", "Url": browser.origin + "/autodiscover/autodiscover.xml"}, f"{answer}")
    refused = browser.get(path + "ActiveSync", "--insecure")
    must(refused.status == 400 and as_json(refused)["ErrorCode"] == "InvalidProtocol", refused.text)


def policy_of_mta_sts(office):
    answer = Browser(office, "mta-sts.office.example").get("/.well-known/mta-sts.txt", "--insecure")
    must(answer.status == 200 and answer.headers["content-type"].startswith("text/plain"), f"{answer.headers}")
    fields = [line.split(": ") for line in answer.text.split("\r\n") if line]
    must([key for key, _ in fields] == ["version", "mode", "mx", "max_age"], answer.text)
    must(dict(fields)["version"] == "STSv1" and dict(fields)["mx"] == office.hostname, answer.text)
    office.command("set", "mta-sts.mode", "testing")
    changed = Browser(office, "mta-sts.office.example").get("/.well-known/mta-sts.txt", "--insecure")
    must("mode: testing\r\n" in changed.text, changed.text)
    must(Browser(office).get("/.well-known/mta-sts.txt").status == 404, "only the policy's host has it (RFC 8461)")


def profile(office, browser, path):
    """What openssl holds for signed by the office."""
    answer = browser.get(path)
    must(answer.status == 200 and answer.headers["content-type"] == "application/x-apple-aspen-config", f"{answer.headers}")
    signed, out = office.folder / "mail.mobileconfig", office.folder / "profile"
    signed.write_bytes(answer.body)
    run("openssl", "cms", "-verify", "-inform", "DER", "-in", signed, "-out", out, "-purpose", "any", "-CAfile",
        office.data / "certificates" / "self-signed.pem")
    return plistlib.loads(out.read_bytes())


def profile_for_apple_is_signed(office):
    first, again = (profile(office, Browser(office), "/mail.mobileconfig?address=anna%40office.example") for _ in range(2))
    mail = first["PayloadContent"][0]
    must(first == again, "an update replaces it: the identifiers stay")
    must(first["PayloadType"] == "Configuration" and mail["PayloadType"] == "com.apple.mail.managed", f"{first}")
    must((mail["IncomingMailServerPortNumber"], mail["OutgoingMailServerPortNumber"])
         == (office.port("imaps"), office.port("submissions")), f"{mail}")
    must(mail["EmailAddress"] == mail["IncomingMailServerUsername"] == "anna@office.example", f"{mail}")
    must(not [key for key in mail if key.endswith("Password") and isinstance(mail[key], str)], "it holds no password")
    must(profile(office, Browser(office, language="de"), "/mail.mobileconfig")["PayloadDisplayName"].startswith("Mail für"),
         "in German")
    must(Browser(office).get("/mail.mobileconfig?address=a@else.example").status == 404, "a stranger's")


def pages_in_both_languages(office):
    must(ENGLISH in Browser(office).get("/").text, "English")
    german = Browser(office, language="de-AT,de;q=0.9,en;q=0.1")
    answer = german.get("/")
    must('<html lang="de">' in answer.text and GERMAN in answer.text, answer.text)
    must(ENGLISH in german.get("/?language=en").text and ENGLISH in german.get("/").text, "what was chosen is kept")
    for port in ("imaps", "submissions"):
        must(f"<code>{office.port(port)}</code>" in answer.text, f"the port of {port}")
    must("<script" not in answer.text and "style=" not in answer.text, "nothing that the policy forbids")
    must("default-src 'none'" in answer.headers["content-security-policy"], f"{answer.headers}")
    must(Browser(office).get("/nowhere").status == 404, "what is not there")
    head = raw(office, b"HEAD / HTTP/1.1\r\nHost: mail.office.example\r\n\r\n")
    must(b" 200 " in head[:20] and head.endswith(b"\r\n\r\n"), f"HEAD: {head}")


def well_formed(office):
    """Every page that a person meets, looked at by libxml2's parser of HTML."""
    browser, user = Browser(office), office.add_user(name())
    pages = [browser.get("/"), browser.get("/sign-in"), browser.sign_in(user), browser.get("/account"), browser.get("/no")]
    for page in pages:
        text = office.folder / "page.html"
        text.write_bytes(page.body)
        if page.body:
            said = run("xmllint", "--nonet", "--noout", "--html", text)
            wrong = [line for line in said.splitlines() if "error" in line
                     and not re.search(r"Tag (header|nav|main|footer|section|details|summary|aside|svg|path|rect|title) invalid", line)]
            must(not wrong, f"{wrong}")


def sign_in_and_out(office):
    browser, user = Browser(office), office.add_user(name())
    must(browser.get("/account").status == 401, "not without a session")
    refused = browser.post("/sign-in", {"address": user.address, "password": "not it"})
    must(refused.status == 403 and "not right" in refused.notice and not browser.has_session(), refused.text)
    answer = browser.sign_in(user)
    must(answer.status == 303 and answer.headers["location"].endswith("/account"), f"{answer.headers}")
    cookie = answer.headers["set-cookie"]
    must(cookie.startswith("__Host-") and all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict")), cookie)
    must(f"Signed in as {user.address}" in browser.get("/account").text, "the account")
    must(user.password not in office.log.read_text() and "not it" not in office.log.read_text(), "no password in the log")
    must("signed out" in browser.send("/sign-out").notice and not browser.has_session(), "it has ended")


def password_is_changed(office):
    """The other session and the mail program with the old one are out, this one stays."""
    browser, other, user = Browser(office), Browser(office), office.add_user(name())
    browser.sign_in(user)
    other.sign_in(user)
    session = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=tls_client())
    session.login(user.address, user.password)
    new = "four words in a row"
    for old, first, second, said in (("not it", new, new, "not right"), (user.password, new, new + "x", "not the same"),
                                     (user.password, "short", "short", "from 8 to")):
        answer = browser.send("/account/password", password=old, new=first, repeated=second)
        must(answer.status == 400 and said in answer.notice and may_log_in(office, user, user.password), answer.notice)
    where = browser.get("/.well-known/change-password")
    must(where.status == 303 and "/account" in where.headers["location"], "where password managers look")
    answer = browser.send("/account/password", password=user.password, new=new, repeated=new)
    must(answer.status == 200 and "is changed" in answer.notice, answer.text)
    must(browser.has_session() and not other.has_session(), "whose sessions go on")
    must(may_log_in(office, user, new) and not may_log_in(office, user, user.password), "what opens the mail")
    must(session_ends(session), "the program with the old password is out")
    must(new not in office.log.read_text(), "no password in the log")


def session_ends(session):
    session.sock.settimeout(10)
    try:
        return session.noop()[0] != "OK"
    except (imaplib.IMAP4.abort, OSError):
        return True


def app_password_is_made_and_revoked(office):
    browser, user = Browser(office), office.add_user(name())
    browser.sign_in(user)
    made = browser.send("/account/devices", device="Annas <Laptop>")
    password = re.search(r'<p class="secret"><code>(.*?)</code>', made.text)[1]
    must(may_log_in(office, user, password), "it opens the mail")
    must(Browser(office).post("/sign-in", {"address": user.address, "password": password}).status == 403, "not this page")
    page = browser.get("/account").text
    must("Annas &lt;Laptop&gt;" in page and password not in page, "its name, as text; it is shown once")
    must(browser.send("/account/devices", device="Annas <Laptop>").status == 409, "the name is taken")
    must("revoked" in browser.send("/account/devices/remove").notice, "revoked")
    must(not may_log_in(office, user, password) and may_log_in(office, user, user.password), "only this one")


def forms_of_others_are_refused(office):
    """By where they come from, and without the word that only this session's page knows."""
    browser, user = Browser(office), office.add_user(name())
    browser.sign_in(user)
    form = browser.get("/account").form("/account/devices")
    evil = {**form, "device": "evil"}
    for answer in (browser.post("/account/devices", evil, origin="https://else.example"),
                   browser.post("/account/devices", evil, origin="null"),
                   browser.post("/account/devices", evil, "-H", "Sec-Fetch-Site: cross-site"),
                   browser.post("/account/devices", {"device": "evil"}),
                   browser.post("/account/devices", {**evil, "form": form["form"][::-1]})):
        must(answer.status == 403, f"{answer.status}")
    stranger = Browser(office)
    stranger.sign_in(office.add_user(name()))
    must(stranger.post("/account/devices", evil).status == 403, "another session's word")
    must(browser.get("/account/devices").status == 405, "a link makes none")
    must("evil" not in office.command("user", "app-password", "list", user.address), "nothing was made")


def administration_ends_sessions(office):
    """A new password and a locked account are felt at once, on the page and in mail programs."""
    browser, user = Browser(office), office.add_user(name())
    browser.sign_in(user)
    program = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=tls_client())
    program.login(user.address, user.password)
    must(browser.has_session() and program.noop()[0] == "OK", "signed in")
    office.command("user", "password", user.address, "--password-stdin", text="another password\n")
    must(not browser.has_session(), "the page's session has ended")
    try:
        program.noop()
        must(False, "the program's session goes on")
    except (imaplib.IMAP4.abort, OSError):
        pass
    user.password = "another password"
    browser.sign_in(user)
    must(browser.has_session(), "signed in anew")
    office.command("user", "disable", user.address)
    must(not browser.has_session() and browser.sign_in(user).status == 403, "it has ended")


def pages_without_accounts(office):
    office.command("set", "web.sign-in", "no")
    try:
        browser = Browser(office)
        must(browser.get("/sign-in").status == browser.get("/account").status == 404, "there are none")
        must("/sign-in" not in browser.get("/").text, "nothing leads there")
    finally:
        office.command("set", "web.sign-in", "yes")


def raw(office, text):
    with tls_client().wrap_socket(socket.create_connection(("127.0.0.1", office.port("https")), 20)) as line:
        answer = b""
        try:
            line.sendall(text)
            while data := line.recv(65536):
                answer += data
        except (ssl.SSLError, ConnectionError):
            pass
        return answer


def too_much_is_refused(office):
    browser = Browser(office)
    large = office.folder / "large"
    large.write_bytes(b"a=" + b"x" * (1 << 20))
    for how in ("Expect:", "Transfer-Encoding: chunked"):
        must(browser.post("/sign-in", {}, "--data-binary", f"@{large}", "-H", how).status == 413, f"a large form, {how}")
    must(browser.get("/", "-X", "PUT").status == 405, "another method")
    must(b" 200 " not in raw(office, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"x" * (1 << 20) + b"\r\n\r\n")[:20],
         "a head of a megabyte")
    must(b"200" not in raw(office, b"GET /../../../../etc/hostname HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[:20],
         "a way out")
    must(browser.get("/").status == 200, "others are served")


def plain_port_leads_to_https(office):
    address = f"http://127.0.0.1:{office.port('http')}"
    asked = ["-H", "Host: autodiscover.office.example", "-D", "-", "-o", os.devnull]
    head = run("curl", "-sS", *asked, address + "/autodiscover/autodiscover.xml?a=b")
    where = re.search(r"(?im)^location: (\S+)", head)[1]
    port = office.port("https")
    must(" 302 " in head and where == f"https://autodiscover.office.example:{port}/autodiscover/autodiscover.xml?a=b", head)
    must(" 404 " in run("curl", "-sS", *asked, address + "/.well-known/acme-challenge/" + "A" * 43), "no open challenge")
    must(" 405 " in run("curl", "-sS", *asked, "--data", "password=x", address + "/sign-in"), "no password in clear")
    evil = run("curl", "-sS", "-H", "Host: a\"<b>", "-D", "-", "-o", os.devnull, address + "/")
    must(urllib.parse.urlsplit(re.search(r"(?im)^location: (\S+)", evil)[1]).hostname == office.hostname, evil)


if __name__ == "__main__":
    main([autoconfig_names_every_service, autodiscover_answers_by_its_schema, autodiscover_tells_errors_by_its_schema,
          autodiscover_by_json, policy_of_mta_sts, profile_for_apple_is_signed, pages_in_both_languages, well_formed,
          sign_in_and_out, password_is_changed, app_password_is_made_and_revoked, forms_of_others_are_refused,
          administration_ends_sessions, pages_without_accounts, too_much_is_refused,
          plain_port_leads_to_https], ["curl", "xmllint", "openssl"])
