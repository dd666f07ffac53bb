"""REQUIRETLS and TLS-Required: No (RFC 8689) on the way from one office to another and to servers that know
nothing of them, in a network namespace. require_tls.py BUILD. Prints TAP."""
import configparser
import json
import os
import pathlib
import shutil
import smtplib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
from knot import Zone  # noqa: E402
from office import Office, tls_client  # noqa: E402
from run import PolicyServer, Postfix, World, association, enter_namespace, make_certificate, play_all, wait_until  # noqa: E402

ADDRESS = "127.0.0.21"
DEMAND = ["REQUIRETLS"]


class Far(Office):
    """Another office, whose server is mx.far."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, domain="far", **options)
        self.hostname = "mx.far"

    def settle(self, certificate, knot):
        """On port 25, with a certificate that can be proved."""
        own = [entry["name"] for entry in json.loads(self.command("certificate", "list", "--json"))]
        self.command("certificate", "import", "far", "--key", certificate, "--chain", certificate.with_suffix(".crt"))
        for name in own:
            self.command("certificate", "remove", name)
        for domain in ("farsts", "farbare"):
            self.command("domain", "add", domain)
        for address in ("box@far", "box@farsts", "box@farbare"):
            self.command("user", "add", address, "--password-stdin", text="far enough away\n")
        self.command("alias", "add", "on@far", "somebody@away")
        self.command("set", "dns.forwarders", knot.forwarder)
        self.stop()
        (self.data / "dns" / "root.key").write_text(knot.anchor)
        config = configparser.ConfigParser()
        config.read(self.config)
        config["listen"]["smtp"] += f" {ADDRESS}:25"
        with open(self.config, "w") as file:
            config.write(file)
        self.start()


def zones(certificate):
    return {
        "far.": Zone(f"@ MX 10 mx\nmx A {ADDRESS}\n_25._tcp.mx TLSA 3 1 1 {association(certificate)}", signed=True),
        # Whose name comes from a DNS that anybody could falsify, with and without a policy.
        "farsts.": Zone('@ MX 10 mx.far.\n_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 127.0.0.20'),
        "farbare.": Zone("@ MX 10 mx.far."),
        "away.": Zone("@ MX 10 mx\nmx A 127.0.0.250", signed=True),
    }


class Road(World):
    def __init__(self, build, folder):
        self.far_certificate = make_certificate(folder, "mx.far")
        policy = make_certificate(folder, "mta-sts.farsts")
        super().__init__(build, folder, zones(self.far_certificate), (self.far_certificate, policy))
        self.far = self.stack.enter_context(Far.open(build))
        self.far.settle(self.far_certificate, self.knot)
        text = "version: STSv1\nmode: enforce\nmx: {}\nmax_age: 86400\n"
        self.web = PolicyServer({"mta-sts.farsts": policy, **self.sts_certificates},
                                {"mta-sts.farsts": text.format("mx.far"), "mta-sts.strip": text.format("mx.strip")})
        self.stack.callback(self.web.close)
        self.office.command("set", "server.language", "en")

    def returned(self, to, status):
        mail = self.report(f"; {to}")
        fields = mail.get_payload()[1].as_string()
        assert "Action: failed" in fields and f"Status: {status}" in fields, fields
        return mail


def offers_it_with_tls_only(road):
    for service in ("smtp", "submission"):
        with smtplib.SMTP("127.0.0.1", road.office.port(service), "client.example") as smtp:
            smtp.ehlo()
            assert not smtp.has_extn("requiretls")
            assert smtp.docmd("MAIL FROM:<x@y.example> REQUIRETLS")[0] in (530,), service
            smtp.starttls(context=tls_client())
            smtp.ehlo()
            assert smtp.has_extn("requiretls"), service
            if service == "smtp":
                assert smtp.docmd("MAIL FROM:<x@y.example> REQUIRETLS=yes")[0] == 501
                assert smtp.docmd("MAIL FROM:<x@y.example> REQUIRETLS")[0] == 250


def travels_with_its_demand(road):
    """To a server that proves itself by DANE and promises the same, which hands the demand on."""
    road.send("box@far", "on@far", subject="demanded", options=DEMAND)
    wait_until(lambda: road.queue() == [], "an empty queue")
    assert "is in the mailbox of box@far" in road.far.command("trace", "box@far")
    rows = json.loads(road.far.command("queue", "list", "--json"))
    assert [(row["recipient"], row["domain"], row.get("tls")) for row in rows] == [("somebody@away", "away", "required")], rows
    told = road.office.command("trace", "box@far")
    assert "It waits to be sent to box@far, encrypted all the way or not at all." in told, told
    road.far.command("queue", "remove", "all")


def is_proved_by_a_policy(road):
    """The DNS of the other domain is not signed; its MTA-STS policy names the server."""
    road.send("box@farsts", options=DEMAND)
    wait_until(lambda: "is in the mailbox of box@farsts" in road.far.command("trace", "box@farsts"), "the mail")


def comes_back_unproved(road):
    """Neither DNSSEC nor a policy says that mx.far is the server of farbare; and a server whose TLSA records do
    not fit, or that has no TLS, gets nothing."""
    postfix = Postfix(road.folder, "127.0.0.6", road.certificate)
    sink, bare = road.sink("127.0.0.2"), road.sink("127.0.0.7")
    try:
        road.send("box@farbare", "x@plain", "x@wrong", "x@bare", subject="nowhere", options=DEMAND)
        for to in ("box@farbare", "x@plain", "x@wrong", "x@bare"):
            road.returned(to, "5.7.10")
        assert "encrypted all the way" in road.returned("x@plain", "5.7.10").get_payload()[0].get_content()
        wait_until(lambda: road.queue() == [], "an empty queue")
        assert sink.mails() == 0 and bare.mails() == 0 and postfix.mails() == []
        assert "nowhere" not in road.far.command("trace", "box@farbare")
        assert "is in the mailbox" not in road.far.command("trace", "box@farbare")
    finally:
        bare.close()
        sink.close()
        postfix.close()


def comes_back_without_promise(road):
    """Postfix proves who it is, but does not know REQUIRETLS. RET=FULL does not count (§5). The field that says
    the opposite of the parameter does not count either (§4.1)."""
    postfix = Postfix(road.folder, "127.0.0.6", road.certificate)
    try:
        road.send("full@dane", options=[*DEMAND, "RET=FULL"], fields="TLS-Required: No\r\n", body="secret\r\n")
        mail = road.returned("full@dane", "5.7.30")
        assert mail.get_payload()[2].get_content_type() == "text/rfc822-headers", mail.as_string()
        assert "secret" not in mail.as_string()
        road.send("fine@dane")
        wait_until(lambda: len(postfix.mails()) == 1, "mail without a demand")
    finally:
        postfix.close()


def waits_for_a_server_that_is_down(road):
    road.send("x@away", options=DEMAND)
    wait_until(lambda: [row for row in road.queue() if row["attempts"] >= 2], "two attempts")
    assert road.queue()[0]["tls"] == "required", road.queue()
    road.office.command("queue", "remove", "all")


def waives_the_policies_of_others(road):
    """TLS-Required: No goes where TLS is not what the domain publishes; with TLS where there is some."""
    postfix = Postfix(road.folder, "127.0.0.6", road.certificate)
    bare, strip = road.sink("127.0.0.7"), road.sink("127.0.0.11")
    try:
        road.send("a@wrong", "b@bare", "c@strip", subject="never mind", fields="TLS-Required: No\r\n")
        wait_until(lambda: len(postfix.mails()) == 1 and bare.mails() == 1 and strip.mails() == 1, "three mails")
        assert "(using TLSv1.3" in postfix.mails()[0] and "TLS-Required: No" in postfix.mails()[0], postfix.mails()
        wait_until(lambda: road.queue() == [], "an empty queue")
        road.send("d@wrong", "e@strip", subject="said twice", fields="TLS-Required: No\r\nTLS-Required: No\r\n")
        wait_until(lambda: len([row for row in road.queue() if row.get("reply")]) == 2, "two that wait")
        assert len(postfix.mails()) == 1 and strip.mails() == 1
    finally:
        road.office.command("queue", "remove", "all")
        strip.close()
        bare.close()
        postfix.close()


POINTS = [offers_it_with_tls_only, travels_with_its_demand, is_proved_by_a_policy, comes_back_unproved,
          comes_back_without_promise, waits_for_a_server_that_is_down, waives_the_policies_of_others]


def main(build, names):
    enter_namespace()
    folder = tempfile.mkdtemp(prefix="hauspost-require-tls-")
    try:
        play_all(POINTS, names, lambda: Road(build, folder),
                 lambda road: road.office.log_tail(40) + "\nfar:\n" + road.far.log_tail(20))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2:])
