#!/usr/bin/env python3
"""The life of the packages on a Debian that really boots: installed, set up, mail sent and read,
upgraded, a newer store refused, removed, purged, installed again; the control panel's, too.

    install.py FOLDER        FOLDER holds hauspost_*.deb and hauspost-panel_*.deb (installer/deb/build.sh)

Prints TAP. Must be root.
"""
import os
import pathlib
import re
import shlex
import sys
import time

import package
from machine import Machine

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATA = "/var/lib/hauspost"
CONFIGURATION = "/etc/hauspost/hauspost.conf"
INIT = "hauspost init --hostname mail.example.org --domain example.org"
PORTS = [25, 110, 143, 465, 587, 993, 995, 8420]
EXPOSURE_MOST = 1.3
APPLICATION = "org.hauspost.Panel"
DESKTOP_FILES = [f"/usr/share/{path}" for path in (
    f"applications/{APPLICATION}.desktop", f"metainfo/{APPLICATION}.metainfo.xml",
    f"icons/hicolor/scalable/apps/{APPLICATION}.svg",
    f"icons/hicolor/symbolic/apps/{APPLICATION}-symbolic.svg", "polkit-1/actions/*hauspost*")]
PATIENCE_SECONDS = 60
HOLDER = """
import socket, time
holder = socket.socket ()
holder.setsockopt (socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
holder.bind (("0.0.0.0", 25))
holder.listen ()
time.sleep (600)
"""


class Life:
    """One machine and the packages; each test is a method, in the order of the table below."""

    def __init__(self, machine, path, panel):
        self.machine = machine
        self.package = path
        self.panel = panel
        self.inside = machine.copy(path)
        self.panel_inside = machine.copy(panel)
        self.mark = os.urandom(6).hex()
        self.number = self.failed = 0

    # What tests are made of.

    def check(self, good, name, output=""):
        self.number += 1
        self.failed += not good
        print("ok" if good else "not ok", self.number, name, flush=True)
        if not good:
            for line in output.strip().splitlines()[-25:]:
                print("#", line, flush=True)
        return good

    def run(self, command, **settings):
        return self.machine.run(command, **settings)

    def passes(self, name, command, wanted="", **settings):
        done = self.run(command, **settings)
        good = done.status == 0 and re.search(wanted, done.output) is not None
        return self.check(good, name, f"{command}\nstatus {done.status}\n{done.output}")

    def fails(self, name, command, wanted="", **settings):
        done = self.run(command, **settings)
        good = done.status not in (0, -1) and re.search(wanted, done.output) is not None
        return self.check(good, name, f"{command}\nstatus {done.status}\n{done.output}")

    def answer(self, command):
        return self.run(command).output.strip()

    def comes_true(self, name, command):
        deadline = time.monotonic() + PATIENCE_SECONDS
        done = self.run(command)
        while done.status and time.monotonic() < deadline:
            time.sleep(0.5)
            done = self.run(command)
        return self.check(done.status == 0, name, f"{command}\n{done.output}")

    def main_process(self):
        return self.answer("systemctl show -P MainPID hauspost")

    def open_ports(self):
        listing = self.machine.from_outside("ss -Hltn").output
        return {int(port) for port in re.findall(r":(\d+)\s", listing)}

    def apt(self, words, **settings):
        return self.run("apt-get -y --no-install-recommends -o Dpkg::Use-Pty=0 " + words, **settings)

    def mail_is_there(self, name):
        done = self.machine.from_outside(
            "curl -sS -m 20 --insecure -u anna@example.org:secret-1 "
            "'imaps://127.0.0.1/INBOX;MAILINDEX=1'")
        return self.check(f"Mark {self.mark}" in done.output, name, done.output)

    # The tests.

    def units_are_right(self):
        self.passes("systemd-analyze verify finds no fault",
                    "systemd-analyze verify --man=no hauspost.service 2>&1 | grep -i hauspost; test $? = 1")
        done = self.run("systemd-analyze security --offline=true --no-pager hauspost.service")
        found = re.search(r"exposure level for hauspost.service: ([0-9.]+)", done.output)
        exposure = float(found[1]) if found else 10.0
        self.check(exposure <= EXPOSURE_MOST, f"exposure {exposure}, at most {EXPOSURE_MOST}",
                   done.output)

    def install(self):
        done = self.apt(f"install {self.inside}", LANG="de_DE.UTF-8")
        if not self.check(done.status == 0, "apt installs it and asks nothing", done.output):
            raise SystemExit("Bail out! nothing is installed")
        self.check("Als Nächstes: sudo hauspost init" in done.output, "the first step, in German",
                   done.output)
        self.passes("the first step, in English", "dpkg-reconfigure hauspost",
                    "Next: sudo hauspost init")
        self.passes("the user is a system user without a shell", "getent passwd hauspost",
                    rf"hauspost:x:[1-9]\d\d?:\d+:.*:{DATA}:/usr/sbin/nologin")
        self.passes("the data folder is the service's alone", f"stat -c '%a %U %G' {DATA}",
                    "^700 hauspost hauspost$")
        self.passes("the service is enabled", "systemctl is-enabled hauspost", "^enabled$")
        self.passes("and waits for its configuration",
                    "systemctl start hauspost; systemctl show -P ConditionResult hauspost; "
                    "systemctl show -P ActiveState hauspost", "^no\ninactive$")

    def initialise(self):
        self.passes("init, run by root, tells how to start",
                    f"{INIT} | tee /root/init", "systemctl enable --now hauspost")
        self.passes("all of the data belongs to the service",
                    f"find {DATA} ! -user hauspost -o ! -group hauspost | grep .; test $? = 1")
        self.passes("nobody else may read it", f"find {DATA} -perm /077 | grep .; test $? = 1")
        self.passes("the configuration is root's, the service may read it",
                    f"stat -c '%a %U %G' {CONFIGURATION}", "^640 root hauspost$")
        self.fails("a second init is refused", INIT, "is there already")
        self.fails("the daemon refuses to run as root on the service's data",
                   "hauspostd", "belongs to another user")

    def start(self):
        self.passes("systemctl enable --now hauspost", "systemctl enable --now hauspost 2>&1")
        self.passes("it is ready, systemd says", "systemctl is-active hauspost", "^active$")
        self.check(set(PORTS) <= self.open_ports(), f"the ports are open: {PORTS}",
                   str(self.open_ports()))
        self.passes("the journal has its fields",
                    "journalctl -u hauspost -o json HAUSPOST_HOSTNAME=mail.example.org",
                    '"MESSAGE":"Started')
        main = self.main_process()
        self.passes("it runs as its own user", f"stat -c %U /proc/{main}", "^hauspost$")
        self.passes("without a capability", f"grep -E 'Cap(Eff|Prm|Bnd)' /proc/{main}/status",
                    r"^(Cap\w+:\s+0{16}\n){3}$")
        self.passes("behind a filter for system calls", f"grep Seccomp: /proc/{main}/status", "2")
        self.passes("it cannot change its configuration",
                    f"nsenter -t {main} -m setpriv --reuid hauspost --regid hauspost --clear-groups "
                    f"touch {CONFIGURATION} 2>&1; test $? != 0")

    def send_and_read(self):
        self.passes("a user is made", "echo secret-1 | hauspost user add anna@example.org "
                    "--password-stdin")
        done = self.machine.from_outside(
            "swaks --server 127.0.0.1:587 -tls --auth PLAIN --auth-user anna@example.org "
            "--auth-password secret-1 --from anna@example.org --to anna@example.org "
            f"--header 'Subject: Mark {self.mark}' --timeout 20")
        self.check(done.status == 0, "swaks sends a mail through submission", done.output)
        self.mail_is_there("curl reads it over IMAP")
        done = self.machine.from_outside("swaks --server 127.0.0.1:25 --from x@example.net "
                                         "--to anna@example.org --timeout 20")
        self.check(done.status == 0, "mail comes in at port 25", done.output)
        done = self.machine.from_outside("curl -sS -m 20 'smtp://[::1]/x' -X NOOP; "
                                         "curl -sS -m 20 'imap://[::1]/' -X NOOP")
        self.check(done.status == 0, "IPv6 is served", done.output)
        self.passes("hauspost status", "hauspost status", "example.org|mail")
        self.passes("a backup into the data folder", "hauspost backup create")

    def offline(self):
        # systemctl warns of a socket that is only about to stop.
        self.passes("stopping closes the ports too", "systemctl stop hauspost 2> /dev/null; "
                    "systemctl is-active hauspost hauspost.socket; true", "^inactive\ninactive$")
        self.check(not self.open_ports() & set(PORTS), "nothing listens", str(self.open_ports()))
        self.passes("root checks the store while the service is down", "hauspost check --offline")
        self.passes("root restores a backup beside it",
                    f"hauspost backup restore {DATA}/backups/* {DATA}/restored")
        self.passes("all of it still belongs to the service",
                    f"find {DATA} ! -user hauspost | grep .; test $? = 1")
        self.passes("the service starts on it", f"rm -r {DATA}/restored; systemctl start hauspost")

    def change_ports(self):
        self.passes("a port in the configuration is a port of systemd",
                    f"sed -i 's/^imap = .*/imap = 127.0.0.1:144/' {CONFIGURATION} && "
                    "systemctl daemon-reload && systemctl restart hauspost")
        ports = self.open_ports()
        self.check(144 in ports and 143 not in ports, "144 is open, 143 is closed", str(ports))
        self.passes("systemctl says when the configuration is newer",
                    f"sleep 1; touch {CONFIGURATION}; systemctl status hauspost 2>&1 | cat",
                    "daemon-reload")
        self.passes("a reload reads the configuration", "systemctl reload hauspost")
        self.comes_true("and says so", "journalctl -u hauspost | grep -q Reloaded")
        self.fails("a wrong configuration is not reloaded",
                   f"cp -p {CONFIGURATION} /root/good; echo nonsense = 1 >> {CONFIGURATION}; "
                   "systemctl reload hauspost 2>&1")
        self.passes("the server goes on", f"cp -p /root/good {CONFIGURATION}; hauspost status")
        self.passes("without daemon-reload a new low port is refused with a hint",
                    f"sed -i 's/^imap = .*/imap = 127.0.0.1:145/' {CONFIGURATION}; "
                    "systemctl reload hauspost; sleep 1; journalctl -u hauspost -n 5",
                    "it needs systemctl daemon-reload")
        self.passes("back to the usual ports", "systemctl daemon-reload; "
                    f"sed -i 's/^imap = .*/imap = 0.0.0.0:143 [::]:143/' {CONFIGURATION}; "
                    "systemctl daemon-reload; systemctl restart hauspost")

    def taken_port(self):
        self.run("systemctl stop hauspost")
        holder = self.machine.start("exec python3 -c " + shlex.quote(HOLDER), inside=False)
        time.sleep(1)
        self.fails("with port 25 taken the service does not start",
                   "systemctl start hauspost 2>&1", "dependency|journalctl")
        self.passes("and the reason is to be seen", "systemctl status hauspost.socket 2>&1; true",
                    "0.0.0.0:25.*Address already in use")
        done = self.run(f"{INIT} --data /root/x --config /root/x.conf")
        self.check(done.status == 0 and "smtp = 0.0.0.0:25" in done.output
                   and "end the other program" in done.output, "init names the taken port",
                   done.output)
        done = self.run("dpkg-reconfigure hauspost 2>&1")
        self.check("does not run" in done.output and "Address already in use" in done.output,
                   "so does the package", done.output)
        holder.kill()
        holder.wait()
        self.passes("once the port is free it starts", "rm -r /root/x*; systemctl start hauspost")

    def crash(self):
        before = self.main_process()
        self.run(f"test {before} -gt 1 && kill -SEGV {before}")
        self.comes_true("a daemon that crashed comes back",
                        "systemctl is-active -q hauspost && "
                        f"test $(systemctl show -P MainPID hauspost) != {before}")
        self.mail_is_there("with its mail")

    def upgrade(self):
        known = package.store_format(self.package)
        self.newer = package.with_version(self.package, "0.2.0", known, self.machine.folder)
        self.newest = package.with_version(self.package, "0.3.0", known + 1, self.machine.folder)
        newer, newest = self.machine.copy(self.newer), self.machine.copy(self.newest)
        before = self.main_process()
        done = self.apt(f"install {newer}")
        self.check(done.status == 0 and "hauspost:" not in done.output,
                   "an upgrade says nothing and asks nothing", done.output)
        self.passes("the service was restarted", "systemctl is-active -q hauspost && "
                    f"test $(systemctl show -P MainPID hauspost) != {before}")
        self.mail_is_there("the mail is there after the upgrade")
        done = self.apt(f"--allow-downgrades install {self.inside}")
        self.check(done.status == 0, "back to the older program that knows this store", done.output)
        self.mail_is_there("the mail is there")
        self.broken_upgrade(newest)

    def broken_upgrade(self, newest):
        self.run(f"cp -p {CONFIGURATION} /root/good; echo nonsense = 1 >> {CONFIGURATION}")
        done = self.apt(f"install {newest}")
        self.check(done.status == 0 and "does not run" in done.output
                   and "nonsense" in done.output, "a start that fails is told, with the reason",
                   done.output)
        self.passes("once it is mended it starts",
                    f"cp -p /root/good {CONFIGURATION}; systemctl restart hauspost")

    def newer_store(self):
        self.run("systemctl stop hauspost")
        known = package.store_format(self.package)
        set_version = (f"printf '\\000\\000\\000\\%03o' | dd of={DATA}/store.db bs=1 seek=60 "
                       "conv=notrunc status=none")
        self.run(set_version % (known + 1))  # as if version 0.3.0 had migrated it
        for language, words in (("C.UTF-8", "was written by a newer version"),
                                ("de_DE.UTF-8", "hat eine neuere Fassung geschrieben")):
            done = self.apt(f"--allow-downgrades install {self.inside}", LANG=language)
            self.check(done.status != 0 and words in done.output,
                       f"an older program for a newer store is refused ({language})", done.output)
        self.passes("nothing was changed", "dpkg-query -W -f '${Version} ${db:Status-Status}' "
                    "hauspost", "^0.3.0 installed$")
        self.run(set_version % known)
        self.passes("the service goes on", "systemctl start hauspost")
        self.mail_is_there("with its mail")

    def programs(self):
        listing = self.answer("hauspost --help")
        names = [match.strip() for match in re.findall(r"(?m)^  ([a-z][a-z -]*[a-z])", listing)]
        names = [name for name in names if not name.startswith("--")]
        for page in ("-L C hauspost", "-L de hauspost"):
            path = f"/usr/share/man/{'de/' if 'de' in page else ''}man1/hauspost.1.gz"
            text = re.sub(r"\\f[BR]", "", self.answer(f"zcat {path}")).replace("\\-", "-")
            missing = [name for name in names if f"\n{name}" not in text]
            self.check(names and not missing, f"man {page} names every command", str(missing))
        complete = (". /usr/share/bash-completion/completions/hauspost; COMP_WORDS=(%s); "
                    "COMP_CWORD=%d; _hauspost; echo ${COMPREPLY[@]}")
        for words, wanted in (("hauspost us", "^user user|^user$"),
                              ("hauspost user pass", "^password$"),
                              ("hauspost check --rep", "^--repair$"),
                              ("hauspost --js", "^--json$")):
            self.passes(f"completion: {words}",
                        complete % (words, len(words.split()) - 1), wanted)
        self.passes("German texts are installed", "hauspost --help | head -1", "Aufruf",
                    LANG="C.UTF-8", LANGUAGE="de")

    def remove(self):
        done = self.apt("remove hauspost")
        self.check(done.status == 0, "apt remove", done.output)
        self.check(not self.open_ports() & set(PORTS), "nothing listens", str(self.open_ports()))
        self.passes("configuration and mail are kept", f"test -s {CONFIGURATION} -a -s {DATA}/store.db")
        done = self.apt(f"install {self.inside}")
        self.check(done.status == 0, "installed again", done.output)
        self.passes("it runs again", "systemctl is-active hauspost")
        self.mail_is_there("with its mail")

    def purge(self):
        done = self.apt("purge hauspost")
        self.check(done.status == 0 and f"rm -r {DATA}" in done.output
                   and f"now {DATA}/hauspost.conf" in done.output,
                   "purge says what it kept and where", done.output)
        self.passes("the mail is kept, the configuration beside it",
                    f"test ! -e /etc/hauspost -a -s {DATA}/store.db -a -s {DATA}/hauspost.conf")
        self.passes("a second purge is no error", "dpkg --purge hauspost 2>&1")
        done = self.apt(f"install {self.inside}")
        self.check(f"cp -p {DATA}/hauspost.conf /etc/hauspost/" in done.output,
                   "a new installation says how to go on with it", done.output)
        self.passes("and that works", f"cp -p {DATA}/hauspost.conf /etc/hauspost/ && "
                    "systemctl enable --now hauspost 2>&1")
        self.mail_is_there("with its mail")

    def purge_nothing(self):
        self.run(f"apt-get -y purge hauspost; rm -r {DATA}")
        self.apt(f"install {self.inside}")
        done = self.apt("purge hauspost")
        self.passes("purging what was never set up leaves nothing",
                    f"test ! -e /etc/hauspost -a ! -e {DATA}")
        self.check("mail" not in done.output.replace("hauspost mail", ""), "and speaks of no mail",
                   done.output)

    def control_panel(self):
        """On a machine of its own: the server is not installed."""
        depends = package.field(self.package, "Depends")
        self.check("gtk" not in depends and "adwaita" not in depends, "the server needs no GTK", depends)
        done = self.apt(f"install {self.panel_inside}")
        self.check(done.status == 0, "the control panel is installed without the server", done.output)
        self.passes("it says its version", "hauspost-panel --version 2>&1", r"\d+\.\d+\.\d+")
        self.passes("and speaks German", "hauspost-panel --help", "die Version ausgeben", LANG="C.UTF-8", LANGUAGE="de")
        self.fails("without a screen it ends with a reason", "hauspost-panel 2>&1", "display|screen|open")
        self.passes("what it gives to the desktop is there", "ls " + " ".join(DESKTOP_FILES))
        for page in ("man1", "de/man1"):
            self.passes(f"its manual is in {page}", f"zcat /usr/share/man/{page}/hauspost-panel.1.gz",
                        "hauspost")
        done = self.apt("purge hauspost-panel")
        self.passes("removed, nothing of it is left", "find / -xdev -path /root -prune -o "
                    "-path /var/log -prune -o -name '*hauspost*panel*' -print -o "
                    f"-name '{APPLICATION}*' -print | grep .; test $? = 1")

    def same_facts(self):
        """What stands in two places."""
        version = re.search(r"version: '([^']+)'", (SOURCE / "meson.build").read_text())[1]
        self.check(package.field(self.package, "Version") == version,
                   f"the package and the programs have the version {version}")
        metainfo = (SOURCE / f"gui/data/{APPLICATION}.metainfo.xml").read_text()
        self.check(re.findall(r'<release version="([^"]+)"', metainfo)[:1] == [version],
                   "and the control panel's description knows it")
        table = re.findall(r'\[LISTEN_\w+\] = \{ "(\w+)", \d+, TRUE \}',
                           (SOURCE / "daemon/configuration.c").read_text())
        script = (SOURCE / "installer/deb/hauspost-generator").read_text()
        names = re.search(r"key !~ /\^\(([a-z0-9|]+)\)\$/", script)[1].split("|")
        self.check(sorted(table) == sorted(names), "the generator knows what the daemon serves",
                   f"{table} {names}")

    TESTS = [install, units_are_right, initialise, start, send_and_read, offline, change_ports,
             taken_port, crash, programs, upgrade, newer_store, remove, purge, purge_nothing,
             control_panel, same_facts]


def main():
    if os.geteuid():
        raise SystemExit("Bail out! only root can boot a machine")
    path, panel = package.newest(sys.argv[1]), package.newest(sys.argv[1], "hauspost-panel")
    with Machine.open() as machine:
        life = Life(machine, path, panel)
        machine.fetch([shlex.quote(life.inside), shlex.quote(life.panel_inside)])
        machine.boot()
        for test in Life.TESTS:
            test(life)
    print(f"1..{life.number}")
    return 1 if life.failed else 0


if __name__ == "__main__":
    sys.exit(main())
