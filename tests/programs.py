"""The programs of a build, as a test starts them: this machine's own, or those for Windows, which then
run under Wine (tests/windows). Everything else of a test stays a program of this machine."""
import pathlib

UNDER_WINE = pathlib.Path(__file__).resolve().parent / "windows" / "under-wine"


class Programs:
    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.are_windows = (self.build / "daemon" / "hauspostd.exe").exists()

    def line(self, name, *arguments):
        """The command line of NAME ("daemon/hauspost"); a Path among the ARGUMENTS is a file of this
        machine."""
        words = [self.name_of(word) if isinstance(word, pathlib.Path) else str(word)
                 for word in arguments]
        if self.are_windows:
            return [str(UNDER_WINE), str(self.build / name) + ".exe", *words]
        return [str(self.build / name), *words]

    def name_of(self, path):
        """What a program of the build calls a file: Wine shows this machine's as drive Z."""
        text = str(pathlib.Path(path).absolute())
        return "Z:" + text.replace("/", "\\") if self.are_windows else text
