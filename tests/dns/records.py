"""What `hauspost dns` prints and finds, against zones that knot serves: records.py BUILD. Prints TAP.

In a network namespace of its own, so that the server stands at port 25 of a public address.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
from knot import Knot, Zone  # noqa: E402
from office import Office  # noqa: E402

INSIDE = "HAUSPOST_RECORDS_NAMESPACE"
DOMAIN, HOST, ADDRESS = "office.example", "mail.office.example", "192.0.2.1"
REVERSE = f"1 PTR {HOST}.\n"
LIST = "2.0.0.127 A 127.0.0.2\n1.2.0.192 A 127.0.0.4\n1.2.0.192 TXT \"an open relay\"\n"
number = 0


def point(good, text, detail=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {text}" + ("" if good else f"\n# {detail!r}"), flush=True)


def enter_namespace():
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        subprocess.run(["ip", "addr", "add", f"{ADDRESS}/24", "dev", "lo"], check=True)
        return
    os.environ[INSIDE] = "1"
    flags = ["-n"] if os.geteuid() == 0 else ["-rn"]
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def run(office, *words, language="C"):
    done = subprocess.run(office.programs.line("daemon/hauspost", "dns", *words, "--config", office.config),
                          capture_output=True, text=True, timeout=120, env={**os.environ, "LC_ALL": language})
    return done.returncode, done.stdout, done.stderr


def check(office):
    """The exit status, the finding and reason of each record, and what is said of the server."""
    code, text, _ = run(office, DOMAIN, "--check", "--json")
    answer = json.loads(text)
    records = {}
    for record in answer["records"]:
        said = record["finding"] + (" " + record["reason"] if record.get("reason") else "")
        records.setdefault(record["use"], set()).add(said)
    server = {one["check"]: one["finding"] for one in answer["server"]}
    return code, {use: sorted(said) for use, said in records.items()}, server


def publish(office, knot, lines, reverse=REVERSE):
    """Other records from now on; the daemon forgets what it knew."""
    knot.change(f"{DOMAIN}.", "\n".join(lines) + "\n")
    knot.change("2.0.192.in-addr.arpa.", reverse)
    office.stop()
    office.start()


def check_text(office, plan):
    code, text, _ = run(office, DOMAIN)
    point(code == 0 and f"  Name:  {DOMAIN}\n  Type:  MX\n  Value: 10 {HOST}\n" in text, "a form can be filled in", text)
    point(f"\n{DOMAIN}. IN MX 10 {HOST}.\n" in text and "\n_dmarc.office.example. IN TXT \"v=DMARC1; " in text,
          "and a zone file", text)
    point("mode: enforce\nmx: mail.office.example\n" in text, "the policy of MTA-STS is there", text)
    uses = {record["use"] for record in plan["records"]}
    point(uses == {"address", "mx", "spf", "host-spf", "dkim", "dmarc", "tlsa", "mta-sts", "mta-sts-host", "tls-rpt", "service",
                   "autoconfig", "autodiscover"}, "each kind of record is there", sorted(uses))
    names = [record["name"].split(".")[0] for record in plan["records"] if record["use"] == "service"]
    point(names == ["_submissions", "_submission", "_imaps", "_imap", "_pop3s", "_pop3", "_autodiscover"], "each service has its SRV", names)
    strings = [part for record in plan["records"] if record["zone"] for part in re.findall(r'"([^"]*)"', record["zone"])]
    point(max(map(len, strings)) <= 255, "no string of TXT is too long")
    code, _, error = run(office, "other.example")
    point(code == 1 and "other.example" in error, "another's domain is refused", error)


def check_right(office, knot, lines):
    publish(office, knot, lines)
    code, records, server = check(office)
    point(code == 0 and all(said == ["right"] for said in records.values()), "what is printed is right when it is published",
          (code, records))
    point(server == {"reverse": "right", "port": "right"}, "the address has its name, and port 25 answers", server)
    code, text, error = run(office, DOMAIN, "--check")
    point(code == 0 and "missing" not in text and "wrong" not in text, "and says so to a person", (text, error))


def check_missing(office):
    code, records, server = check(office)
    point(code == 1 and records["mx"] == ["missing"] and records["spf"] == ["missing"] and records["dkim"] == ["missing"],
          "missing records are missed", (code, records))
    code, text, error = run(office, DOMAIN, "--check")
    point(code == 1 and f"write: 10 {HOST}" in text and "need to be mended" in error, "what to write is said", (text, error))


def check_wrong(office, knot, lines):
    def changed(without, add):
        return [line for line in lines if not any(re.search(pattern, line) for pattern in without)] + add

    publish(office, knot, changed(without=[r"IN MX ", r'"v=spf1 mx', r"^_dmarc", r"_domainkey", r"IN TLSA", r"^_imaps", r"^autoconfig"],
                                  add=["@ MX 10 other.example.", '@ TXT "v=spf1 ip4:198.51.100.1 -all"', '@ TXT "another text"',
                                       '_dmarc TXT "v=DMARC1; p=none"', '_dmarc TXT "v=DMARC1; p=reject"',
                                       f"_25._tcp.mail TLSA 3 1 1 {'ab' * 32}", "_imaps._tcp SRV 0 1 994 mail",
                                       "autoconfig A 198.51.100.9"] +
                                  [line.split(" IN ")[0] + ' TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
                                   for line in lines if "_domainkey" in line]), "1 PTR dsl-1.provider.example.\n")
    code, records, server = check(office)
    wanted = {"mx": ["wrong not-here"], "spf": ["wrong refuses-us"], "dmarc": ["wrong several"], "dkim": ["wrong key-differs"],
              "tlsa": ["wrong key-differs"], "service": ["right", "wrong not-here"], "autoconfig": ["wrong not-here"]}
    for use, said in wanted.items():
        point(records[use] == said, f"a wrong record is seen: {use}", records[use])
    point(code == 1 and server == {"reverse": "wrong", "port": "right"}, "another name of the address, too", server)
    code, text, _ = run(office, DOMAIN, "--check")
    point("It does not let this server send mail." in text and "says:  v=spf1 ip4:198.51.100.1 -all" in text
          and "dsl-1.provider.example" in text, "with what is there and why it is wrong", text)
    publish(office, knot, changed(without=[r"IN MX ", r'"v=spf1 mx', r"^_dmarc"],
                                  add=["@ MX 0 .", '@ TXT "v=spf1 mx -all"', '@ TXT "v=spf1 a -all"',
                                       '_dmarc TXT "v=DMARC1; p=nonsense"']))
    _, records, _ = check(office)
    point((records["mx"], records["spf"], records["dmarc"]) == (["wrong null-mx"], ["wrong several"], ["wrong unreadable"]),
          "a domain that takes no mail, two SPF records, a policy that is none", records)
    publish(office, knot, changed(without=[r'"v=spf1 mx'], add=['@ TXT "v=spf1 include:office.example -all"']))
    _, records, _ = check(office)
    point(records["spf"] == ["wrong unreadable"], "an SPF record that includes itself", records["spf"])


def check_lists(office):
    office.command("set", "smtp.block-lists", "good.bl")
    until = time.monotonic() + 60  # the list is examined first
    while check(office)[2].get("block-lists") != "wrong" and time.monotonic() < until:
        time.sleep(0.2)
    code, text, _ = run(office, DOMAIN, "--check")
    point(code == 1 and "good.bl 127.0.0.4 an open relay" in text, "a block list that names the server", text)
    office.command("set", "smtp.block-lists", "")


def main(build):
    with Office.open(build) as office:
        zones = {f"{DOMAIN}.": Zone("", signed=True), "2.0.192.in-addr.arpa.": Zone(""), "bl.": Zone(""), "good.bl.": Zone(LIST)}
        with Knot(str(office.folder), zones) as knot:
            office.command("set", "dns.forwarders", knot.forwarder)
            office.command("set", "smtp.greet-delay", "0")
            office.stop()
            (office.data / "dns" / "root.key").write_text(knot.anchor)
            text = office.config.read_text().replace(f"smtp = 127.0.0.1:{office.port('smtp')}",
                                                     f"smtp = 127.0.0.1:{office.port('smtp')} {ADDRESS}:25")
            office.config.write_text(text)
            office.start()
            plan = json.loads(run(office, DOMAIN, "--json")[1])
            lines = [record["zone"] for record in plan["records"] if record["zone"]] + [f"mail A {ADDRESS}"]
            check_text(office, plan)
            check_missing(office)
            check_right(office, knot, lines)
            check_wrong(office, knot, lines)
            check_lists(office)
            knot.stop()
            office.stop()
            office.start()
            code, records, _ = check(office)
            point(code == 1 and records["mx"] == ["unknown"] and records["spf"] == ["unknown"], "a DNS that is gone says nothing",
                  records)
    print(f"1..{number}")


enter_namespace()
main(sys.argv[1])
