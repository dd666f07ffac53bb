"""curl as a browser of the office's web pages: cookies, forms, where it was led."""
import html
import itertools
import json
import pathlib
import re

from check import must, run


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def notice(self):
        """What the page says has happened."""
        found = re.search(r'<p class="(?:notice|problem)" role="\w+">(.*?)</p>', self.text)
        return html.unescape(found[1]) if found else ""

    def form(self, action):
        """The hidden fields of the first form that is sent to ACTION."""
        found = re.search(rf'<form method="post" action="{action}">(.*?)</form>', self.text, re.S)
        must(found, f"a form for {action}: {self.text}")
        return {name: html.unescape(value) for name, value in
                re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[1])}


class Browser:
    numbers = itertools.count()

    def __init__(self, office, host=None, language="en"):
        self.office, self.host, self.language = office, host or office.hostname, language
        self.folder = pathlib.Path(office.folder)
        self.jar = self.folder / f"cookies-{next(self.numbers)}"

    @property
    def origin(self):
        return f"https://{self.host}:{self.office.port('https')}"

    def get(self, path, *arguments):
        """No redirect is followed. The certificate must be the one that the office has made."""
        heads, body = self.folder / "heads", self.folder / "body"
        body.write_bytes(b"")
        told = run("curl", "-sS", "-m", "30", "--resolve",
                   f"{self.host}:{self.office.port('https')}:127.0.0.1", "--cacert",
                   self.office.data / "certificates" / "self-signed.pem", "-b", self.jar, "-c", self.jar,
                   "-H", f"Accept-Language: {self.language}", "-D", heads, "-o", body,
                   "-w", "%{http_code}", *arguments, self.origin + path)
        lines = heads.read_text().splitlines()
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        return Answer(int(told[-3:]), {name.lower(): value for name, value in headers.items()},
                      body.read_bytes())

    def post(self, path, fields, *arguments, origin=None):
        """As a browser sends a form of the page at ORIGIN (this one's own)."""
        sent = [word for name, value in fields.items()
                for word in ("--data-urlencode", f"{name}={value}")]
        return self.get(path, *sent, "-H", f"Origin: {origin or self.origin}", *arguments)

    def sign_in(self, user):
        return self.post("/sign-in", {"address": user.address, "password": user.password})

    def send(self, action, **fields):
        """Opens the account's page, and sends one of its forms."""
        return self.post(action, {**self.get("/account").form(action), **fields})

    def has_session(self):
        return self.get("/account").status == 200


def as_json(answer):
    must(answer.headers["content-type"].startswith("application/json"), str(answer.headers))
    return json.loads(answer.body)
