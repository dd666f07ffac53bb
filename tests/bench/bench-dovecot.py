#!/usr/bin/env python3
"""The same mailbox in Hauspost and in Debian's Dovecot (mdbox and maildir, its default settings), side
by side: what a mail program does with it when nothing of it is cached ("cold"), again ("warm"), and after a
restart of the server (the kernel's cache stays warm).

    bench-dovecot.py [BUILD] [--mails 100000] [--size 10240] [--servers hauspost,mdbox,maildir]
                     [--keep FOLDER [--load | --show]]

--keep leaves the loaded mailboxes in FOLDER, and the next run begins with a copy of them; so the parts can
also run one after another: --load only loads what is not there, a run without measures the --servers and
adds their figures to FOLDER/figures.json, --show prints all. Needs dovecot-imapd and root (Dovecot drops
its privileges itself). Every figure is the time until the tagged answer.
"""
import argparse
import hashlib
import json
import pathlib
import re
import shutil
import tempfile
import threading
import time

from corpus import RARE, messages
from machine import describe
from servers import Dovecot, Hauspost

COPIED = 10000
APPENDED = 1000  # by ten sessions


def commands(mails):
    """Name, command, and how many times faster than the better Dovecot it must be at least."""
    return [
        ("SELECT", b"SELECT INBOX", 1),
        ("FETCH FLAGS", b"FETCH 1:* (UID FLAGS)", 1),
        ("FETCH ENVELOPE BODYSTRUCTURE", b"FETCH 1:* (ENVELOPE BODYSTRUCTURE)", 5),
        ("SORT SUBJECT", b"SORT (SUBJECT) UTF-8 ALL", 1),
        ("SORT FROM DATE", b"SORT (FROM DATE) UTF-8 ALL", 1),
        ("THREAD REFERENCES", b"THREAD REFERENCES UTF-8 ALL", 1),
        ("SEARCH HEADER", b"SEARCH HEADER Subject projecting", 1),
        ("SEARCH TEXT", b"SEARCH TEXT " + RARE.encode(), 100),
        ("STORE", b"STORE 1:* +FLAGS.SILENT (\\Seen)", 1),
        ("STORE back", b"STORE 1:* -FLAGS.SILENT (\\Seen)", 1),
        ("COPY 10,000", b"COPY 1:%d Other" % min(COPIED, mails), 1),
    ]


COMPARED = ("SORT", "THREAD", "SEARCH")
# What is also asked of a server that has forgotten all that it could make anew, and how many times faster
# than the better Dovecot that must be.
COLD = {"FETCH ENVELOPE BODYSTRUCTURE": 5, "SORT SUBJECT": 5, "SORT FROM DATE": 5, "THREAD REFERENCES": 5}


def append_from_ten(server, size):
    """Into one mailbox, each waiting for its OK; seconds for all."""
    texts = list(messages(APPENDED, size))
    clients = [server.client() for _ in range(10)]
    failures = []

    def work(first):
        try:
            for text in texts[first::10]:
                clients[first].command(b"APPEND Appended {%d+}\r\n%s" % (len(text), text))
        except (ConnectionError, OSError, RuntimeError) as error:
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


def fingerprint(answer):
    """Of the untagged answer, and how many numbers it names."""
    line = next((line for line in answer.split(b"\r\n")
                 if re.match(rb"\* (SORT|THREAD|SEARCH)", line)), b"")
    return [hashlib.sha256(line.strip()).hexdigest()[:12], len(re.findall(rb"\d+", line))]


def note(name, seconds, figures):
    figures[name] = seconds
    print(f"  {name}: {seconds * 1000:.1f} ms", flush=True)


def run_cold(server, mails, figures):
    for name, text, _ in commands(mails):
        if name in COLD:
            server.forget()
            client = server.client()
            client.command(b"SELECT INBOX")
            note(f"{name}, cold", client.command(text)[1], figures)
            client.socket.close()


def run_commands(client, moment, mails, figures):
    for name, text, _ in commands(mails):
        answer = []
        note(f"{name}, {moment}", client.command(text, keep=answer)[1], figures)
        if name.startswith(COMPARED):
            figures.setdefault("answers", {})[f"{name}, {moment}"] = fingerprint(b"".join(answer))


def measure(server, mails, size, figures):
    client = server.client()
    client.command(b"CREATE Other")
    client.command(b"CREATE Appended")
    client.socket.close()
    run_cold(server, mails, figures)
    client = server.client()
    for name, text, _ in commands(mails):
        if not name.startswith("COPY"):
            client.command(text)
    run_commands(client, "warm", mails, figures)
    server.settle()
    server.restart()
    client = server.client()
    run_commands(client, "restarted", mails, figures)
    server.settle()
    client.command(b"STORE 1:%d +FLAGS.SILENT (\\Deleted)" % (mails // 2))
    note("EXPUNGE of half", client.command(b"EXPUNGE")[1], figures)
    note(f"APPEND of {APPENDED} by 10 sessions", append_from_ten(server, size), figures)


def bar_of(name, mails):
    if name.startswith("APPEND"):
        return 10
    if name.endswith(", cold"):
        return COLD[name.removesuffix(", cold")]
    return next((bar for what, _, bar in commands(mails) if name.startswith(what + ",")), 1)


def show(results, mails):
    others = [figures for kind, figures in results.items() if kind != "hauspost"]
    print("| what | " + " | ".join(results) + " | better Dovecot / Hauspost | bar |")
    print("|---" * (len(results) + 3) + "|")
    for name in next(iter(results.values())):
        if name in ("answers", "index", "settled"):
            continue
        cells = [f"{figures[name] * 1000:.1f} ms" for figures in results.values()]
        ratio, bar = "", ""
        if "hauspost" in results and others:
            times = min(figures[name] for figures in others) / results["hauspost"][name]
            ratio, wanted = f"{times:.1f}", bar_of(name, mails)
            bar = f"{wanted}" + ("" if times >= wanted else ", missed")
        print(f"| {name} | " + " | ".join(cells) + f" | {ratio} | {bar} |")
    compare(results)


def compare(results):
    for name in next(iter(results.values()))["answers"]:
        answers = {kind: tuple(figures["answers"][name]) for kind, figures in results.items()}
        if len(set(answers.values())) > 1:
            print(f"{name}: the answers differ: {answers}")
    for kind, figures in results.items():
        if "index" in figures:
            print(f"{kind}: index / text {figures['index']:.2f}, caught up after the load in "
                  f"{figures['settled']:.1f} s")


def open_server(kind, build, folder):
    path = folder / kind
    return Hauspost(build, path) if kind == "hauspost" else Dovecot(kind, path)


def measure_server(kind, server, figures):
    facts = server.kept.facts()
    server.kept.bring_back()
    server.open()
    try:
        measure(server, facts["mails"], facts["size"], figures)
    finally:
        server.stop()
    if kind == "hauspost":
        figures["index"], figures["settled"] = facts["index"], facts["settled"]


def run(chosen, folder):
    path = folder / "figures.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    if not chosen.show:
        describe(folder)
    for kind in chosen.servers.split(",") if not chosen.show else ():
        server = open_server(kind, chosen.build, folder)
        print(f"{kind}:", flush=True)
        if not server.kept.is_loaded():
            server.fill(chosen.mails, chosen.size)
        if not chosen.load:
            results[kind] = {}
            measure_server(kind, server, results[kind])
            path.write_text(json.dumps(results))
    if chosen.show or not chosen.load:
        show(results, chosen.mails)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", nargs="?", default="build")
    options.add_argument("--mails", type=int, default=100000)
    options.add_argument("--size", type=int, default=10240)
    options.add_argument("--servers", default="hauspost,mdbox,maildir")
    options.add_argument("--keep", type=pathlib.Path)
    options.add_argument("--load", action="store_true")
    options.add_argument("--show", action="store_true")
    chosen = options.parse_args()
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
        run(chosen, chosen.keep)
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o755)
    try:
        run(chosen, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
