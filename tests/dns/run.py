"""What the resolver says about zones that a real DNS server signs: run.py BUILD. Prints TAP."""
import os
import pathlib
import subprocess
import sys
import tempfile

from knot import Knot, Zone  # (which knows where programs.py lies)
from programs import Programs

MANY = "\n".join(f"many A 192.0.2.{i}" for i in range(100))
PLAIN = f"""@ MX 20 mx2
@ MX 10 mx1
mx1 A 192.0.2.1
mx1 AAAA 2001:db8::1
mx2 A 192.0.2.2
null MX 0 .
text TXT "v=spf1 " "-all"
c1 CNAME c2
c2 CNAME mx1
to-nothing CNAME gone
loop1 CNAME loop2
loop2 CNAME loop1
across CNAME mx.secure.
{MANY}
"""
SECURE = f"""@ MX 10 mx
mx A 192.0.2.3
_25._tcp.mx TLSA 3 1 1 {"ab" * 32}
inside CNAME mx
across CNAME mx1.plain.
"""
BROKEN = "@ MX 10 mx\nmx A 192.0.2.4\n"
REVERSE = "7.2.0 PTR mail.plain.\n"

# question, and what must be said
CASES = [
    ("plain MX", "found plain 10/mx1.plain 20/mx2.plain"),
    ("PLAIN. MX", "found PLAIN 10/mx1.plain 20/mx2.plain"),
    ("mx1.plain A", "found mx1.plain 192.0.2.1"),
    ("mx1.plain AAAA", "found mx1.plain 2001:db8::1"),
    ("mx2.plain AAAA", "no data mx2.plain"),
    ("gone.plain A", "no name gone.plain"),
    ("null.plain MX", "found null.plain 0/"),
    ("text.plain TXT", "found text.plain v=spf1 -all"),
    ("c1.plain A", "found mx1.plain 192.0.2.1"),
    ("c1.plain MX", "no data mx1.plain"),
    ("to-nothing.plain A", "no name gone.plain"),
    ("loop1.plain A", "failed"),
    ("across.plain A", "found mx.secure 192.0.2.3"),
    ("secure MX", "found secure secure 10/mx.secure"),
    ("mx.secure A", "found secure mx.secure 192.0.2.3"),
    ("mx.secure AAAA", "no data secure mx.secure"),
    ("gone.secure A", "no name secure gone.secure"),
    ("_25._tcp.mx.secure TLSA", "found secure _25._tcp.mx.secure 3/1/1/" + "ab" * 32),
    ("_25._tcp.gone.secure TLSA", "no name secure _25._tcp.gone.secure"),
    ("inside.secure A", "found secure mx.secure 192.0.2.3"),
    ("across.secure A", "found mx1.plain 192.0.2.1"),
    ("broken MX", "bogus"),
    ("mx.broken A", "bogus"),
    ("nothing-like-this A", "no name secure nothing-like-this"),
    ("7.2.0.192.in-addr.arpa PTR", "found"),
]


def ask(build, folder, forwarder, questions):
    done = subprocess.run(Programs(build).line("tests/dns/ask", pathlib.Path(folder), forwarder), input="\n".join(questions) + "\n",
                          capture_output=True, text=True, timeout=60)
    answers = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    return done, answers


def main(build):
    zones = {"plain.": Zone(PLAIN), "secure.": Zone(SECURE, signed=True), "broken.": Zone(BROKEN, broken=True),
             "192.in-addr.arpa.": Zone(REVERSE)}
    print(f"1..{len(CASES) + 3}")
    with tempfile.TemporaryDirectory() as folder, Knot(folder, zones) as knot:
        anchor = os.path.join(folder, "dns")
        os.mkdir(anchor)
        with open(os.path.join(anchor, "root.key"), "w") as file:
            file.write(knot.anchor)
        done, answers = ask(build, anchor, knot.forwarder, [case[0] for case in CASES] + ["many.plain A"])
        for number, (question, wanted) in enumerate(CASES, 1):
            got = answers.get(question, "(nothing)")
            good = got == wanted or (wanted in ("failed", "bogus", "found") and got.split(" ")[0] == wanted)
            print(f"{'ok' if good else 'not ok'} {number} - {question}" + ("" if good else f": {got}, not {wanted}"))
        number = len(CASES) + 1
        count = len(answers.get("many.plain A", "").split(" ")) - 2
        print(f"{'ok' if count == 100 else 'not ok'} {number} - a hundred records come over TCP ({count})")
        with open(os.path.join(anchor, "root.key")) as file:
            kept = "VALID" in file.read()
        print(f"{'ok' if kept else 'not ok'} {number + 1} - the anchor is kept up to date")
        knot.stop()
        done, answers = ask(build, anchor, knot.forwarder, ["plain MX"])
        dead = answers.get("plain MX", "").startswith("failed")
        print(f"{'ok' if dead else 'not ok'} {number + 2} - a dead server is no missing name")
        if done.stderr:
            print("# " + done.stderr.replace("\n", "\n# "))


main(sys.argv[1])
