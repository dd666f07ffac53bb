#!/usr/bin/env python3
"""curl and the command line as administrators: two at once, every role at every resource, events as they
happen, sessions, sentences in German, long work that is cancelled, what a restart keeps."""
import base64
import http.client
import imaplib
import json
import pathlib
import re
import socket
import ssl
import subprocess
import threading
import time

from check import main, must, run
from office import tls_client

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "daemon" / "admin" / "API.md"
ROW = re.compile(r"^\| `(\w+) (\S+)`( looks)? \| (\w+) \|", re.M)


def token(office):
    return re.search(r"(?m)^token=(.*)$", (office.data / "admin.token").read_text())[1]


def curl(office, method, path, *arguments, body=None, user=None):
    """The status, the headers in lower case, the answer's JSON."""
    login = (["--user", f"{user.address}:{user.password}"] if user
             else ["-H", f"Authorization: Bearer {token(office)}"])
    data = ["--data", json.dumps(body)] if body is not None else []
    said = run("curl", "-sS", "-k", "-m", "60", "-i", "-X", method, *login, *data, *arguments,
               f"https://127.0.0.1:{office.port('admin')}{path}")
    head, _, text = said.partition("\n\n")
    if text == "":
        head, _, text = said.partition("\r\n\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
    status = int(head.split()[1])
    return status, headers, json.loads(text) if text.lstrip().startswith("{") else {}


def etag(headers):
    return headers["etag"]


def two_administrators(office):
    """Both look, both change: the second is told, and nothing is lost."""
    first, second = office.add_user("first"), office.add_user("second")
    for user in (first, second):
        office.command("administrator", "set", user.address)
    anna = office.add_user("anna")
    path = f"/v1/users/{anna.address}"
    _, seen, _ = curl(office, "GET", path, user=first)
    _, also, _ = curl(office, "GET", path, user=second)
    must(etag(seen) == etag(also), "they see the same")
    status, _, _ = curl(office, "PATCH", path, "-H", f"If-Match: {etag(seen)}",
                        body={"quota": "1G"}, user=first)
    must(status == 200, "the first may")
    status, now, answer = curl(office, "PATCH", path, "-H", f"If-Match: {etag(also)}",
                               body={"quota": "2G"}, user=second)
    must(status == 412 and answer["current"]["user"]["quota"] == 1 << 30, f"told how it is: {answer}")
    status, _, _ = curl(office, "PATCH", path, "-H", f"If-Match: {etag(now)}",
                        body={"quota": "2G"}, user=second)
    must(status == 200, "after a look it may")
    log = json.loads(office.command("audit", anna.address, "--json"))
    must([entry["user"] for entry in log[:2]] == [second.address, first.address], f"who: {log}")
    must(log[0]["changes"] == [{"field": "quota", "old": 1 << 30, "new": 2 << 30, "secret": False}],
         f"what: {log[0]}")


def many_at_once(office):
    """Four add a member each, all with an ETag: whoever is told comes again, and none is lost."""
    address = f"team@{office.domain}"
    office.command("alias", "add", address, f"anna@{office.domain}")
    path = f"/v1/aliases/{address}"
    told = []

    def add(number):
        status, headers, answer = curl(office, "PUT", path, "-H", 'If-Match: "never"', body={"targets": ["x"]})
        while status == 412:
            told.append(number)
            targets = answer["current"]["targets"] + [f"x{number}@elsewhere.example"]
            status, headers, answer = curl(office, "PUT", path, "-H", f"If-Match: {etag(headers)}",
                                           body={"targets": targets})
        must(status == 200, f"at last: {status} {answer}")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _, _, answer = curl(office, "GET", "/v1/aliases")
    targets = next(one for one in answer["aliases"] if one["address"] == address)["targets"]
    must(len(targets) == 5 and len(told) >= 4, f"all are there: {targets}")
    status, _, _ = curl(office, "PUT", path, body={"targets": ["y@elsewhere.example"]})
    must(status == 409, "without a look it is not replaced")
    office.command("alias", "remove", address)


def ask(office, method, path, user, conditions):
    """Quicker than curl, for hundreds of calls: the status."""
    client = http.client.HTTPSConnection("127.0.0.1", office.port("admin"), timeout=60, context=tls_client())
    login = base64.b64encode(f"{user.address}:{user.password}".encode()).decode()
    client.request(method, path, "{}", {"Authorization": f"Basic {login}", **conditions})
    status = client.getresponse().status
    client.close()
    return status


def every_role(office):
    """Each resource of API.md with each role, over the network."""
    dora, look, nobody = (office.add_user(name) for name in ("dora", "look", "nobody"))
    office.command("domain", "add", "other.example")
    office.command("administrator", "set", dora.address, "--domains", office.domain)
    office.command("administrator", "set", look.address, "--role", "read-only")
    rows = ROW.findall(DOCUMENT.read_text())
    must(len(rows) > 80, "the document has its tables")
    for method, path, looks, who in rows:
        changes = method != "GET" and not looks
        # Nothing is done: the rule comes first, then this condition fails.
        conditions = {"If-Match": '"never"'} if changes else {}
        asks_dns = (method, path) == ("POST", "/v1/dns/*")  # which takes its time
        for own in (False,) if asks_dns else (True, False) if who in ("domain", "address") else (True,):
            domain = office.domain if own else "other.example"
            argument = {"domain": domain, "queued": "999"}.get(who, f"missing@{domain}")
            place = path.replace("*", argument)
            if path == "/v1/events":
                place += "?topics=weather"  # refused, but only to whom may listen
            status = ask(office, method, place, dora, conditions)
            may = who in ("anybody", "list") or (who != "server" and own)
            must((status != 403) == may, f"domain administrator: {method} {place}: {status}")
        if asks_dns:
            place = "/v1/dns/missing.example"
        must((ask(office, method, place, look, conditions) == 403) == changes, f"read-only: {method} {place}")
    must(ask(office, "GET", "/v1/whoami", nobody, {}) == 403, "a user administers nothing")
    status, _, answer = curl(office, "GET", "/v1/domains", user=dora)
    must(answer["domains"] == [office.domain], "others' domains are not seen")
    status, _, answer = curl(office, "GET", "/v1/whoami", user=dora)
    must(answer["role"] == "domain-administrator" and answer["domains"] == [office.domain], str(answer))


def listen(office, *arguments):
    return subprocess.Popen(["curl", "-sS", "-k", "-N", "-m", "30", *arguments, "-H",
                             f"Authorization: Bearer {token(office)}",
                             f"https://127.0.0.1:{office.port('admin')}/v1/events"],
                            stdout=subprocess.PIPE, text=True)


def hear(process, wanted, seconds=15):
    until, heard = time.monotonic() + seconds, ""
    while time.monotonic() < until:
        line = process.stdout.readline()
        heard += line
        if re.search(wanted, line):
            return line
        must(line != "", f"the stream ended before {wanted}:\n{heard[-2000:]}")
    must(False, f"not heard: {wanted}\n{heard[-2000:]}")


def events(office):
    """curl -N hears of a change at once, of the metrics each second, and of the log."""
    process = listen(office)
    try:
        hear(process, "event: hello")
        begin = time.monotonic()
        office.command("set", "smtp.max-hops", "30")
        hear(process, '"what":"settings","name":"smtp.max-hops"')
        must(time.monotonic() - begin < 5, "soon")
        hear(process, "event: metrics")
        office.add_user("heard")
        hear(process, '"message":"Administration".*heard@')
    finally:
        process.kill()
        process.wait()
    follow = subprocess.Popen(office.programs.line("daemon/hauspost", "log", "--follow", "--text",
                                                   "followed", "--config", office.config),
                              stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(1)
        office.add_user("followed")
        hear(follow, "followed@")
    finally:
        follow.kill()
        follow.wait()


def sessions(office):
    """Who is connected, with what; one is ended."""
    eva = office.add_user("eva")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = imaplib.IMAP4_SSL("127.0.0.1", office.port("imaps"), ssl_context=context)
    client.login(eva.address, eva.password)
    client.xatom("ID", '("name" "Tester" "version" "1")')
    listed = json.loads(office.command("session", "list", "--json"))
    mine = [one for one in listed if one["user"] == eva.address]
    must(len(mine) == 1 and mine[0]["protocol"] == "imaps" and mine[0]["tls"]
         and "Tester" in mine[0]["client"] and mine[0]["address"] == "127.0.0.1", f"listed: {listed}")
    _, _, overview = curl(office, "GET", "/v1/overview")
    must(overview["sessions"].get("imaps") == 1, f"counted: {overview['sessions']}")
    office.command("session", "end", mine[0]["id"])
    try:
        for _ in range(50):
            client.noop()
            time.sleep(0.1)
        must(False, "it was not ended")
    except (imaplib.IMAP4.abort, OSError):
        pass
    _, _, answer = curl(office, "GET", f"/v1/users/{eva.address}")
    must(abs(answer["user"]["last_login"] - time.time()) < 120, "when it logged in is known")


def cancelled(office):
    """A pre-flight at a server that never greets is cancelled, and is no success."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        office.command("set", "preflight.clock", "")
        _, _, answer = curl(office, "POST", "/v1/preflight",
                            body={"outside": [f"127.0.0.1:{silent.getsockname()[1]}"] * 3})
        path = f"/v1/jobs/{answer['job']}"
        status, _, _ = curl(office, "POST", "/v1/preflight", body={})
        must(status == 409, "one at a time")
        _, _, job = curl(office, "GET", path)
        must(job["state"] == "running" and len(job["result"]["steps"]) == 10, f"it tells: {job}")
        begin = time.monotonic()
        status, _, _ = curl(office, "DELETE", path)
        must(status == 200, "cancelled")
        until = time.monotonic() + 90
        while job["state"] == "running" and time.monotonic() < until:
            time.sleep(0.2)
            _, _, job = curl(office, "GET", path)
    must(job["state"] == "cancelled", f"it ended as cancelled: {job['state']}")
    must(time.monotonic() - begin < 8, "who cancels does not wait for a server's greeting")
    status, _, _ = curl(office, "DELETE", path)
    must(status == 409, "only once")


def languages(office):
    """Errors and the overview in the caller's language; the same daemon, one after the other."""
    _, _, english = curl(office, "GET", "/v1/domains/nosuch.example")
    must(english["error"] == "There is no domain nosuch.example.", str(english))
    _, _, overview = curl(office, "GET", "/v1/overview", "-H", "Accept-Language: fr, en;q=0.5")
    must(overview["sentence"].startswith("Mail works.") or "order" in overview["sentence"], str(overview))


def refuse_dns():
    """A DNS server that answers everything with REFUSED at once; its port."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def answer():
        while True:
            question, peer = server.recvfrom(4096)
            server.sendto(question[:2] + b"\x81\x85" + question[4:], peer)

    threading.Thread(target=answer, daemon=True).start()
    return server.getsockname()[1]


def restart(office):
    """Graphs, roles and the audit log outlive a restart."""
    office.command("set", "dns.forwarders", f"127.0.0.1@{refuse_dns()}")  # quickly no answer
    before = json.loads(office.command("audit", "--json", "--limit", "1000"))
    office.stop()
    office.start()
    after = json.loads(office.command("audit", "--json", "--limit", "1000"))
    must(after == before and len(before) > 10, "the audit log is as it was")
    listed = json.loads(office.command("administrator", "list", "--json"))
    must({"domain-administrator", "read-only", "administrator"} == {one["role"] for one in listed},
         f"the roles are as they were: {listed}")
    must((office.data / "graphs.json").exists(), "the graphs are kept")


main([two_administrators, many_at_once, every_role, events, sessions, languages, restart, cancelled],
     needs=["curl"])
