#!/usr/bin/env python3
"""The same mailbox in Hauspost and in Debian's Dovecot (mdbox and maildir, its default settings), side
by side: what a mail program does with it, warm and after a restart.

    bench-dovecot.py [BUILD] [--mails 100000] [--size 10240] [--servers hauspost,mdbox,maildir]

Needs dovecot-imapd and root (Dovecot drops its privileges itself). Every figure is the time until the
tagged answer; "cold" is the first time after a restart of the server, the kernel's cache stays warm.
"""
import argparse
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from machine import Client, describe, open_office

RARE = "zebrafinkenweibchen"
WORDS = [w + v for w in """mail office house water letter invoice order project meeting report table window
garden street market number answer question delivery customer contract offer price monday friday paper
machine engine sugar bread coffee morning evening summer winter train station ticket holiday""".split()
         for v in ("", "s", "ing", "er", "ful", "less", "ly", "ation")]

DOVECOT = """
base_dir = {folder}/run
listen = 127.0.0.1
protocols = imap
ssl = no
disable_plaintext_auth = no
log_path = {folder}/dovecot.log
mail_location = {location}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_max_userip_connections = 50
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
}}
"""


class Hauspost:
    def __init__(self, build):
        self.office = open_office(build)
        self.user = self.office.add_user("bench")

    def client(self):
        client = Client(self.office, "imap")
        client.login(self.user)
        return client

    def restart(self):
        self.office.stop()
        self.office.start()

    def settle(self):
        """The search index has caught up; how long that took."""
        begin = time.perf_counter()
        while True:
            time.sleep(1)
            if self.office.metrics()["hauspost_search_backlog"] == 0:
                return time.perf_counter() - begin

    def index_size(self):
        return sum(p.stat().st_size for p in (pathlib.Path(self.office.folder)).rglob("search/*"))

    def close(self):
        self.office.close()


class DovecotClient(Client):
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.line()
        self.command(b"LOGIN bench secret")


class Dovecot:
    def __init__(self, kind):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dovecot-"))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = port = free.getsockname()[1]
        user = pwd.getpwnam("nobody")
        group = subprocess.check_output(["id", "-gn", "nobody"], text=True).strip()
        location = {"mdbox": "mdbox:~/mdbox", "maildir": "maildir:~/Maildir"}[kind]
        self.config = self.folder / "dovecot.conf"
        self.config.write_text(DOVECOT.format(folder=self.folder, location=location, user="nobody",
                                              group=group, port=port))
        (self.folder / "home").mkdir()
        for path in (self.folder, self.folder / "home"):
            os.chown(path, user.pw_uid, user.pw_gid)
            path.chmod(0o755)
        self.start()

    def start(self):
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.config)])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise RuntimeError((self.folder / "dovecot.log").read_text())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def client(self):
        return DovecotClient(self.port)

    def restart(self):
        self.stop()
        self.start()

    def settle(self):
        return 0

    def index_size(self):
        return 0

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)


def message(number, size, chance):
    lines, length = [], 0
    while length < size - 400:
        line = " ".join(chance.choices(WORDS, k=11))
        lines.append(line)
        length += len(line) + 2
    if number % (chance.mails // min(100, chance.mails)) == 0:
        lines[len(lines) // 2] += " " + RARE
    thread = chance.randrange(number + 1) if number % 3 else number
    references = f"References: <{thread}@example.org>\r\n" if thread != number else ""
    return (f"From: {chance.choice(WORDS).title()} Someone <{chance.choice(WORDS)}@example.org>\r\n"
            f"To: {chance.choice(WORDS)}@example.net\r\nCc: {chance.choice(WORDS)}@example.com\r\n"
            f"Subject: {'Re: ' if references else ''}{' '.join(chance.choices(WORDS, k=4))} {thread}\r\n"
            f"Date: {1 + number % 28} Jun 2026 {number % 24:02}:{number % 60:02}:00 +0200\r\n"
            f"Message-ID: <{number}@example.org>\r\n{references}MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            + "\r\n".join(lines) + "\r\n").encode()


def fill(server, mails, size):
    """In ten sessions, each its share; the mails are the same for every server."""
    failures = []

    def work(first):
        chance = random.Random(first)
        chance.mails = mails
        client = server.client()
        try:
            for number in range(first, mails, 10):
                text = message(number, size, chance)
                client.say(b"x APPEND INBOX {%d}" % len(text))
                client.line()
                client.say(text)
                while not client.line().startswith(b"x OK"):
                    pass
        except (ConnectionError, OSError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(10)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - begin


class Reader:
    """Runs a command and keeps its answer, for comparing."""

    def __init__(self, client):
        self.client = client

    def numbers(self, text):
        begin = time.perf_counter()
        self.client.say(b"n " + text)
        found = []
        while True:
            line = self.client.line()
            if line.startswith(b"n "):
                return time.perf_counter() - begin, found
            if re.match(rb"\* (SEARCH|SORT)", line):
                found += line.split()[2:]


def commands(mails):
    ten = min(10000, mails)
    return [
        ("SELECT", b"SELECT INBOX"),
        ("FETCH FLAGS", b"FETCH 1:* (UID FLAGS)"),
        ("FETCH ENVELOPE BODYSTRUCTURE", b"FETCH 1:* (ENVELOPE BODYSTRUCTURE)"),
        ("SORT SUBJECT", b"SORT (SUBJECT) UTF-8 ALL"),
        ("SORT FROM DATE", b"SORT (FROM DATE) UTF-8 ALL"),
        ("THREAD REFERENCES", b"THREAD REFERENCES UTF-8 ALL"),
        ("SEARCH HEADER", b"SEARCH HEADER Subject projecting"),
        ("SEARCH TEXT", b"SEARCH TEXT " + RARE.encode()),
        ("STORE", b"STORE 1:* +FLAGS.SILENT (\\Seen)"),
        ("STORE back", b"STORE 1:* -FLAGS.SILENT (\\Seen)"),
        ("COPY 10,000", b"COPY 1:%d Other" % ten),
    ]


def measure(server, mails, size, figures):
    figures["APPEND by 10 sessions"] = fill(server, mails, size)
    figures["index catches up"] = server.settle()
    figures["index / text"] = server.index_size() / (mails * size)
    client = server.client()
    client.command(b"CREATE Other")
    for moment in ("first", "warm", "cold"):
        if moment == "cold":
            server.restart()
            client = server.client()
        for name, text in commands(mails):
            figures[f"{name}, {moment}"] = client.command(text)[1]
            if name == "SEARCH TEXT":
                figures[f"found, {moment}"] = len(Reader(client).numbers(text)[1])
    half = f"1:{mails // 2}".encode()
    client.command(b"STORE %s +FLAGS.SILENT (\\Deleted)" % half)
    figures["EXPUNGE of half"] = client.command(b"EXPUNGE")[1]


def show(results):
    names = list(next(iter(results.values())))
    print("| what | " + " | ".join(results) + " | best Dovecot / Hauspost |")
    print("|---" * (len(results) + 2) + "|")
    for name in names:
        values = [figures[name] for figures in results.values()]
        others = [f[name] for kind, f in results.items() if kind != "hauspost"]
        ours = results.get("hauspost", {}).get(name)
        is_time = not name.startswith(("found", "index /"))
        cells = [f"{v * 1000:.1f} ms" if is_time else f"{v:.2f}" for v in values]
        ratio = f"{min(others) / ours:.1f}" if is_time and ours and others else ""
        print(f"| {name} | " + " | ".join(cells) + f" | {ratio} |")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--mails", type=int, default=100000)
    options.add_argument("--size", type=int, default=10240)
    options.add_argument("--servers", default="hauspost,mdbox,maildir")
    chosen = options.parse_args()
    results = {}
    for kind in chosen.servers.split(","):
        server = Hauspost(chosen.build) if kind == "hauspost" else Dovecot(kind)
        try:
            if kind == "hauspost":
                describe(server.office.folder)
            results[kind] = {}
            measure(server, chosen.mails, chosen.size, results[kind])
            print(f"{kind}: measured", flush=True)
        finally:
            server.close()
    show(results)


if __name__ == "__main__":
    main()
