"""Packages for the tests: what is in one, and the same one again with another version."""
import pathlib
import re
import subprocess
import tempfile


def newest(folder, name="hauspost"):
    found = sorted(pathlib.Path(folder).glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit(f"no {name}_*.deb in {folder}: run installer/deb/build.sh first")
    return found[-1]


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True,
                          text=True).stdout.strip()


def store_format(package):
    """The newest store that the program in it knows."""
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["dpkg-deb", "-e", package, work], check=True)
        return int(re.search(r"known=(\d+)", (pathlib.Path(work) / "preinst").read_text())[1])


def with_version(package, version, known, folder):
    """A newer program, as far as dpkg and the store's version are concerned."""
    target = pathlib.Path(folder) / f"hauspost_{version}.deb"
    with tempfile.TemporaryDirectory() as work:
        tree = pathlib.Path(work) / "tree"
        subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
        control = tree / "DEBIAN/control"
        control.write_text(re.sub(r"(?m)^Version: .*", f"Version: {version}", control.read_text()))
        preinst = tree / "DEBIAN/preinst"
        preinst.write_text(re.sub(r"known=\d+", f"known={known}", preinst.read_text()))
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, target], check=True,
                       stdout=subprocess.DEVNULL)
    return target
