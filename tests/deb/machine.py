"""A small Debian 12 that really boots: debootstrap, then systemd-nspawn with its own network.

    with Machine.open() as machine:
        machine.fetch(["./a.deb"])         # what apt will need comes from the mirror
        machine.boot()
        machine.run("systemctl is-system-running")

The base system is kept as a tarball in ${XDG_CACHE_HOME:-~/.cache}/hauspost-deb, so a second run is
fast. Everything lives in mount and process namespaces that end with nspawn, on every way out.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

SUITE = "bookworm"
PACKAGES = "systemd,systemd-sysv,dbus,ca-certificates"
BOOT_SECONDS = 240
COMMAND_SECONDS = 400  # generous: a busy machine
ASK_SECONDS = 10  # a system that boots or ends may not answer
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
               "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_PAGER": ""}
SPAWN = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe"]


class MachineError(Exception):
    pass


class Result:
    def __init__(self, status, output):
        self.status = status
        self.output = output


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    folder = pathlib.Path(base) / "hauspost-deb"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def mirror():
    """The mirror that this machine itself uses."""
    lists = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(SUITE)",
                            "Created-By: Packages"], capture_output=True, text=True, check=True)
    for line in lists.stdout.splitlines():
        address, _, suite = line.partition(" ")
        if suite in (SUITE, "oldstable", "stable") and "debian" in address:
            return address
    return "http://deb.debian.org/debian"


def use_our_sources(root):
    """apt in there asks the mirrors that apt out here asks, with the same settings."""
    (root / "etc/apt/sources.list").unlink(missing_ok=True)
    for name in ("sources.list", "sources.list.d", "apt.conf.d"):
        source, target = pathlib.Path("/etc/apt") / name, root / "etc/apt" / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, target)
    for path in (root / "etc/apt/sources.list.d").glob("*"):
        if "debian" not in path.read_text():
            path.unlink()
    for path in (root / "etc/apt/apt.conf.d").glob("*clean*"):
        path.unlink()  # it would throw away what was fetched for later


def bootstrap(tarball):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-bootstrap."))
    try:
        # unshare: what debootstrap mounts ends with it, also when it is killed.
        subprocess.run(["unshare", "--mount", "debootstrap", "--variant=minbase",
                        f"--include={PACKAGES}", SUITE, str(folder), mirror()],
                       check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        use_our_sources(folder)
        subprocess.run([*SPAWN, "--pipe", "-D", str(folder), "apt-get", "update"], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        fresh = tarball.with_suffix(".new")
        subprocess.run(["tar", "-C", folder, "--zstd", "-cf", fresh, "."], check=True)
        fresh.rename(tarball)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Machine:
    def __init__(self, folder):
        self.folder = folder
        self.root = folder / "hauspost-machine"
        self.log = folder / "console"
        self.nspawn = None
        self.leader = None

    @classmethod
    def open(cls):
        tarball = cache_folder() / f"{SUITE}.tar.zst"
        if not tarball.exists():
            bootstrap(tarball)
        self = cls(pathlib.Path(tempfile.mkdtemp(prefix="hauspost-machine.")))
        self.root.mkdir()
        subprocess.run(["tar", "-C", self.root, "--zstd", "-xf", tarball], check=True)
        self.root.chmod(0o755)  # not as private as the temporary folder it was made in
        return self

    def __enter__(self):
        # A signal becomes an exception, so that the machine is ended then too.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        return self

    def __exit__(self, *_):
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def copy(self, path):
        shutil.copy(path, self.root / "root" / path.name)
        return f"/root/{path.name}"

    def fetch(self, packages):
        """Downloads what PACKAGES (paths in there) depend on; the booted machine has no network."""
        archives = cache_folder() / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [*SPAWN, "--pipe", "-D", str(self.root), f"--bind={archives}:/var/cache/apt/archives",
             "apt-get", "install", "--yes", "--download-only", "--no-install-recommends", *packages],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise MachineError("apt cannot fetch the dependencies:\n" + done.stdout[-2000:])
        for path in archives.glob("*.deb"):
            shutil.copy(path, self.root / "var/cache/apt/archives")

    def boot(self):
        log = open(self.log, "ab")
        self.nspawn = subprocess.Popen([*SPAWN, "--private-network", "--boot", "-D", str(self.root)],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline and self.nspawn.poll() is None:
            children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children")
            for pid in children.read_text().split():
                self.leader = int(pid)
                state = self.run("systemctl is-system-running", seconds=ASK_SECONDS).output.strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.5)
        raise MachineError("the machine does not boot:\n" + self.log.read_text()[-2000:])

    def halt(self):
        if self.nspawn is None:
            return
        if self.nspawn.poll() is None and self.leader:
            self.run("systemctl poweroff --no-wall", seconds=ASK_SECONDS)
        try:
            self.nspawn.wait(30)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()  # its process namespace goes with it
            self.nspawn.wait()
        self.nspawn = self.leader = None
        for kind in ("propagate", "unix-export"):
            left = pathlib.Path("/run/systemd/nspawn") / kind / self.root.name
            if left.is_dir() and not left.is_mount():
                left.rmdir()

    def start(self, command, inside, **settings):
        """INSIDE the machine, or only in its network with the programs of this one."""
        spaces = ["-m", "-u", "-i", "-n", "-p", "-r", "-w"] if inside else ["-n"]
        environment = dict(ENVIRONMENT, **settings)
        return subprocess.Popen(["nsenter", "-t", str(self.leader), *spaces, "--", "bash", "-c",
                                 command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, env=environment)

    def run(self, command, inside=True, seconds=COMMAND_SECONDS, **settings):
        process = self.start(command, inside, **settings)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            return Result(-1, output + f"\n(no end after {seconds} s)")
        return Result(process.returncode, output)

    def from_outside(self, command):
        return self.run(command, inside=False)
