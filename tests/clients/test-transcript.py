#!/usr/bin/env python3
"""What the recorder notes, and the script that becomes of it."""
import base64
import sys
import types
import zlib

from recorder import Line
from office import User
from script import read_script
from transcript import Transcript

OFFICE = types.SimpleNamespace(domain="t000.example", hostname="mail.test")
ANNA = User("anna@t000.example", "secret")
PLAIN = base64.b64encode(b"\0anna@t000.example\0secret").decode()

# A name, what the client (:) and the server (>) said, and the lines of the script.
CASES = [
    ("names", [":a LOGIN anna@t000.example secret"], ["A: a LOGIN $anna $anna.password"]),
    ("names stand alone", [":a NOOP secrets anna@t000.examples"], ["A: a NOOP secrets anna@t000.examples"]),
    ("plain", [f":a AUTHENTICATE PLAIN {PLAIN}"], ["A: a AUTHENTICATE PLAIN $anna.plain"]),
    ("host", [">220 mail.test ESMTP", ">* X mail.test"], ["A> 220 ...", "A> * X $hostname"]),
    ("dollar", [":a STORE 1 FLAGS ($Junk)", ":a x $junk"], ["A: a STORE 1 FLAGS ($Junk)", "A: a x $$junk"]),
    ("words after a status", [">a OK [READ-WRITE] Selected", ">* 2 EXISTS", ">a NO Why"],
     ["A> a OK [READ-WRITE] ...", "A> * 2 EXISTS", "A> a NO ..."]),
    ("capabilities", [">* OK [CAPABILITY IMAP4rev1] ready", ">* CAPABILITY IMAP4rev1"],
     ["A> * OK [CAPABILITY ...", "A> * CAPABILITY ..."]),
    ("a value comes again", [">* OK [UIDVALIDITY 7] x", ">a OK [APPENDUID 7 1] x", ":b SELECT X (QRESYNC (7 1))"],
     ["A> * OK [UIDVALIDITY {validity1}] ...", "A> a OK [APPENDUID $validity1 1] ...",
      "A: b SELECT X (QRESYNC ($validity1 1))"]),
    ("the same number elsewhere", [">* OK [UIDVALIDITY 7] x", ">* 7 EXISTS"],
     ["A> * OK [UIDVALIDITY {validity1}] ...", "A> * 7 EXISTS"]),
    ("twice in a line", [">* X MODSEQ (9) HIGHESTMODSEQ 9"], ["A> * X MODSEQ ({modseq1}) HIGHESTMODSEQ ..."]),
    ("date", ['>* 1 FETCH (INTERNALDATE "1-Jan-2026 00:00:00 +0000")'], ["A> * 1 FETCH (INTERNALDATE ...)"]),
    ("braces would be a name", [">body {color}", ">* 1 FETCH (BODY[] {12}"], ["A> body ...", "A> * 1 FETCH (BODY[] {12}"]),
    ("trace", [">Received: from x", ">\tid 7; Sun, 29 Nov 2026 15:00:00 +0000"], ["A> ...", "A> ..."]),
    ("the size of a trace", [">* 1 FETCH (RFC822.SIZE 40 BODY[] {40}", ">Received: from x", ">", ">text", ">)",
                             ">* 2 FETCH (RFC822.SIZE 9 BODY[] {9}", ">a", ">", ">tail)", ">Received: late"],
     ["A> * 1 FETCH (RFC822.SIZE ... BODY[] {...}", "A> ...", "A>", "A> text", "A> )",
      "A> * 2 FETCH (RFC822.SIZE 9 BODY[] {9}", "A> a", "A>", "A> tail)", "A> ..."]),
    ("pop3", [">+OK Hello", ">+OK 2 300", ">1 7.1", ">2 7.2", ">+OK 1 7.1", ">-ERR [IN-USE] Busy"],
     ["A> +OK ...", "A> +OK 2 300", "A> 1 {unique1}", "A> 2 {unique2}", "A> +OK 1 $unique1", "A> -ERR [IN-USE] ..."]),
    ("many lines at once", [":a", ":b", ":c"], ["A: <<END", "a", "b", "c", "END"]),
    ("closed", [":a LOGOUT", "!closed", ":late"], ["A: a LOGOUT", "A! closed"]),
]


def script(said):
    line = Line(None, "imaps")
    events = [(line, text[0], text[1:].encode()) for text in said]
    return Transcript(events, [("anna", ANNA)], OFFICE).script(script)


def transcribed(said, wanted):
    lines = script(said).split("\n")
    begin = lines.index("connect A imaps") + 1
    read_script("\n".join(lines))  # the runner understands it
    return lines[begin:-1] == wanted, lines[begin:]


def compressed():
    """After COMPRESS both sides are inflated, even where the server's first block came with its OK."""
    events = []
    recorder = types.SimpleNamespace(note=lambda line, verb, data: events.append((verb, data)))
    line = Line(recorder, "imaps")
    packer, other = zlib.compressobj(wbits=-15), zlib.compressobj(wbits=-15)
    line.note(True, b"a COMPRESS DEFLATE\r\n")
    line.note(False, b"a OK Done\r\n" + packer.compress(b"* early\r\n") + packer.flush(zlib.Z_SYNC_FLUSH))
    line.note(True, other.compress(b"b NOOP\r\n") + other.flush(zlib.Z_SYNC_FLUSH))
    wanted = [(":", b"a COMPRESS DEFLATE"), (">", b"a OK Done"), ("!", b"compress"), (">", b"* early"),
              (":", b"b NOOP")]
    return events == wanted, events


def main():
    checks = [(name, lambda said=said, wanted=wanted: transcribed(said, wanted)) for name, said, wanted in CASES]
    checks += [("compressed", compressed)]
    print(f"1..{len(checks)}")
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        good, came = check()
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
        if not good:
            print(f"# came: {came}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
