"""Hauspost and Debian's Dovecot as a driver measures them: started in a folder that can be kept, so that a
mailbox is loaded once and each run begins with a copy of it."""
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

from corpus import load, messages
from machine import Client, open_files
from office import PORTS, Office, User, cpu_seconds, free_base
from ports import free_port

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


class Kept:
    """FOLDER/run is the server's, FOLDER/master what it was when it had been loaded."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder).resolve()
        self.root.mkdir(parents=True, exist_ok=True)
        self.folder, self.master = self.root / "run", self.root / "master"

    def is_loaded(self):
        return self.master.exists()

    def facts(self):
        """Of the load: mails, size, settled (seconds), index (its size to the text's)."""
        return json.loads((self.root / "loaded.json").read_text())

    def keep(self, facts):
        """The server must not run."""
        (self.root / "loaded.json").write_text(json.dumps(facts))
        unfinished = self.root / "master.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        copy(self.folder, unfinished)
        unfinished.rename(self.master)

    def bring_back(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        copy(self.master, self.folder)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


def copy(source, target):
    """All of it is on the disk afterwards, so that no figure pays for the copy."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)
    os.sync()


class Server:
    def fill(self, mails, size):
        """Makes the mailbox anew and keeps it."""
        begin = time.perf_counter()
        shutil.rmtree(self.kept.folder, ignore_errors=True)
        self.create()
        try:
            self.load(mails, size)
            loaded = time.perf_counter() - begin
            settled = self.settle()
        finally:
            self.stop()
        print(f"  loaded: {mails / loaded:.0f} mails a second", flush=True)
        self.kept.keep({"mails": mails, "size": size, "settled": settled,
                        "index": self.index_size() / (mails * size)})


class Hauspost(Server):
    def __init__(self, build, folder):
        self.build, self.kept = build, Kept(folder)
        open_files()

    def create(self):
        self.kept.folder.mkdir()
        self.office = office = Office(self.build, self.kept.folder)
        office.command("init", "--data", office.data, "--hostname", office.hostname, "--domain",
                       office.domain, "--base", str(office.base), config=False)
        office.start()
        self.user = office.add_user("bench")
        self.note()

    def note(self):
        (self.kept.folder / "user.json").write_text(
            json.dumps([self.office.base, self.user.address, self.user.password]))

    def open(self):
        """On other ports, when those of that time are taken."""
        self.office = office = Office(self.build, self.kept.folder)
        base, address, password = json.loads((self.kept.folder / "user.json").read_text())
        office.base, self.user = free_base(), User(address, password)
        text = office.config.read_text()
        for port in PORTS.values():
            text = text.replace(str(base + port), str(office.base + port))
        office.config.write_text(text)
        self.note()
        office.start()

    def load(self, mails, size):
        load(self.client(), mails, size)

    def stop(self):
        self.office.stop()

    def client(self):
        client = Client(self.office.port("imap"))
        client.login(self.user)
        return client

    def restart(self):
        self.office.stop()
        self.office.start()

    def forget(self):
        """What it knows of a mail it has made when it took it in."""
        self.restart()

    def settle(self):
        """The search index has caught up; how long that took. What came last is counted in the next
        round, which begins half a second later."""
        begin = rest = time.perf_counter()
        while time.perf_counter() - rest < 1.5:
            time.sleep(0.1)
            if self.office.metrics()["hauspost_search_backlog"] != 0:
                rest = time.perf_counter()
        return rest - begin

    def index_size(self):
        return sum(path.stat().st_size for path in self.kept.folder.rglob("search/*"))

    def cpu_seconds(self):
        return self.office.cpu_seconds()


class Dovecot(Server):
    def __init__(self, kind, folder):
        self.kind, self.kept = kind, Kept(folder)

    def create(self):
        folder, user = self.kept.folder, pwd.getpwnam("nobody")
        (folder / "home").mkdir(parents=True)
        for path in (self.kept.root, folder, folder / "home"):
            os.chown(path, user.pw_uid, user.pw_gid)
            path.chmod(0o755)
        # Nothing of it is kept before it is copied: a loader need not wait for each mail's flush.
        self.configure()
        self.start("-o", "mail_fsync=never")

    def load(self, mails, size):
        """Into a Maildir as a delivery program would: the files, in their order. Through APPEND it would
        take an hour."""
        if self.kind == "maildir":
            self.write_files(mails, size)
            self.client().command(b"SELECT INBOX")
        else:
            load(self.client(), mails, size)

    def write_files(self, mails, size):
        user = pwd.getpwnam("nobody")
        folder = self.kept.folder / "home" / "bench" / "Maildir"
        for path in (folder.parent, folder, *(folder / name for name in ("cur", "new", "tmp"))):
            path.mkdir(exist_ok=True)
            os.chown(path, user.pw_uid, user.pw_gid)
        for number, text in enumerate(messages(mails, size)):
            name = f"{1780000000 + number}.M1P1.bench,S={len(text)},W={len(text)}:2,"
            path = folder / "cur" / name
            path.write_bytes(text)
            os.chown(path, user.pw_uid, user.pw_gid)

    def configure(self):
        self.port = free_port()
        group = subprocess.check_output(["id", "-gn", "nobody"], text=True).strip()
        location = {"mdbox": "mdbox:~/mdbox", "maildir": "maildir:~/Maildir"}[self.kind]
        folder = self.kept.folder
        shutil.rmtree(folder / "run", ignore_errors=True)
        (folder / "dovecot.conf").write_text(DOVECOT.format(
            folder=folder, location=location, user="nobody", group=group, port=self.port))

    def open(self):
        self.configure()
        self.start()

    def start(self, *options):
        folder = self.kept.folder
        self.process = subprocess.Popen(["dovecot", "-F", "-c", folder / "dovecot.conf", *options])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise RuntimeError((folder / "dovecot.log").read_text())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def client(self):
        client = Client(self.port)
        client.command(b"LOGIN bench secret")
        return client

    def restart(self):
        self.stop()
        self.start()

    def forget(self):
        """All that it caches of mails: as if nobody had ever looked."""
        self.stop()
        for path in (self.kept.folder / "home").rglob("dovecot.index.cache*"):
            path.unlink()
        self.start()

    def settle(self):
        return 0

    def index_size(self):
        return 0

    def cpu_seconds(self):
        """Of the master and all that it has started and that still runs."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True,
                                  text=True).stdout.split()
        return sum(cpu_seconds(int(pid)) for pid in (self.process.pid, *children))
