"""What store.db says of UIDs, MODSEQs and flags: looked at from outside while the daemon works, and
again in what a crash has left. A reader sees only what is committed and synced, so what it saw
before a power cut must be there after it."""
import pathlib
import shutil
import sqlite3
import tempfile
import threading

from office_load import now

MAILBOXES = ("SELECT id, uid_validity, uid_next, modseq, modseq_floor FROM mailbox"
             " WHERE deleted IS NULL")
ENTRIES = ("SELECT mailbox, uid, modseq, flags, message, expunged > 0 FROM entry"
           " WHERE mailbox = ? AND modseq > ?")


class State:
    """mailboxes: {id: (UIDVALIDITY, UIDNEXT, MODSEQ, floor)}; entries: {(id, UID): (MODSEQ, flags,
    message, expunged)}"""

    def __init__(self):
        self.mailboxes, self.entries = {}, {}

    def __eq__(self, other):
        return self.mailboxes == other.mailboxes and self.entries == other.entries

    def take(self, sample):
        _, mailboxes, entries = sample
        self.mailboxes.update(mailboxes)
        for mailbox, uid, *rest in entries:
            self.entries[mailbox, uid] = tuple(rest)


def read(path, known=None):
    """(time, mailboxes, entries that changed since KNOWN), all of one moment."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        database.execute("BEGIN")
        mailboxes = {row[0]: row[1:] for row in database.execute(MAILBOXES)}
        entries = []
        for mailbox, row in mailboxes.items():
            before = known.get(mailbox, (0, 0, 0, 0))[2] if known else 0
            if row[2] > before:
                entries += database.execute(ENTRIES, (mailbox, before)).fetchall()
    finally:
        database.close()
    return now(), mailboxes, entries


def read_state(path):
    state = State()
    state.take(read(path))
    return state


def read_left(data):
    """Of a store that nobody has opened since the crash: a copy is read, it stays as it is."""
    with tempfile.TemporaryDirectory(prefix="hauspost-left-") as folder:
        for name in ("store.db", "store.db-wal"):
            if (pathlib.Path(data) / name).exists():
                shutil.copy(pathlib.Path(data) / name, folder)
        database = sqlite3.connect(pathlib.Path(folder) / "store.db")
        database.execute("SELECT count(*) FROM mailbox").fetchall()  # takes the WAL in
        state = read_state(pathlib.Path(folder) / "store.db")
        database.close()
        return state


class Shadow:
    """Samples of a running store, taken by a thread of its own."""

    def __init__(self, data, pause=0.05):
        self.path, self.pause = pathlib.Path(data) / "store.db", pause
        self.samples, self.known = [], {}
        self.stopping = threading.Event()
        self.thread = None
        self.missed = 0

    def start(self):
        self.stopping.clear()
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def stop(self):
        self.stopping.set()
        self.thread.join()

    def follow(self):
        while not self.stopping.wait(self.pause):
            self.sample()

    def sample(self):
        try:
            sample = read(self.path, self.known)
        except sqlite3.OperationalError:
            self.missed += 1  # the daemon is being opened, closed or killed
            return
        self.known.update(sample[1])
        self.samples.append(sample)

    def before(self, moment):
        """What was certainly committed then."""
        state = State()
        for sample in self.samples:
            if sample[0] < moment:
                state.take(sample)
        return state


def compare(seen, found):
    """Problems: what was committed and is not in FOUND."""
    problems = []
    for mailbox, (validity, uid_next, modseq, floor) in seen.mailboxes.items():
        row = found.mailboxes.get(mailbox)
        if row is None:
            problems.append(f"mailbox {mailbox} is lost")
        elif row[0] != validity or row[1] < uid_next or row[2] < modseq or row[3] < floor:
            problems.append(f"mailbox {mailbox} fell from {seen.mailboxes[mailbox]} to {row}")
    for place, entry in seen.entries.items():
        problems += compare_entry(place, entry, found)
    return problems + compare_inside(found)


def compare_entry(place, entry, found):
    other = found.entries.get(place)
    if other is None:
        row = found.mailboxes.get(place[0], (0, 0, 0, 0))
        return [] if row[3] >= entry[0] else [f"{place} is lost, MODSEQ {entry[0]}"]
    if other[0] < entry[0] or (other[0] == entry[0] and other != entry):
        return [f"{place} fell from {entry} to {other}"]
    return []


def compare_inside(found):
    """No entry is ahead of its mailbox."""
    problems = []
    for (mailbox, uid), entry in found.entries.items():
        row = found.mailboxes.get(mailbox)
        if row and (entry[0] > row[2] or uid >= row[1]):
            problems.append(f"UID {uid}, MODSEQ {entry[0]}: mailbox {mailbox} is at {row}")
    return problems
