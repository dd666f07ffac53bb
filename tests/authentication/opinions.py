"""What other implementations say: Debian's dkimpy and pyspf. Runs under Debian's own python.

    opinions.py verify RECORDS.json < MAIL        one word a signature, by dkimpy
    opinions.py sign ALGORITHM CANON SELECTOR DOMAIN KEYFILE < MAIL
    opinions.py seal SERVER SELECTOR DOMAIN KEYFILE < MAIL      its Authentication-Results sealed (ARC)
    opinions.py chain RECORDS.json < MAIL         pass, fail or none, by dkimpy
    opinions.py spf PORT                          lines "address helo sender" in, results out, by pyspf
"""
import json
import sys


def resolver(records):
    with open(records) as file:
        zone = {name + ".": text.encode() for name, text in json.load(file).items()}
    return lambda name, timeout=5: zone.get(name.decode() if isinstance(name, bytes) else name)


def verify(records):
    import dkim
    look_up = resolver(records)
    mail = sys.stdin.buffer.read()

    count = mail.lower().count(b"\r\ndkim-signature:") + mail.lower().startswith(b"dkim-signature:")
    for index in range(count):
        try:
            print("pass" if dkim.DKIM(mail).verify(index, look_up) else "fail")
        except dkim.DKIMException as error:
            print(f"error: {error}")


def sign(algorithm, canon, selector, domain, keyfile):
    import dkim
    with open(keyfile, "rb") as file:
        key = file.read()
    mail = sys.stdin.buffer.read()
    field = dkim.sign(mail, selector.encode(), domain.encode(), key, signature_algorithm=algorithm.encode(),
                      canonicalize=tuple(part.encode() for part in canon.split("/")), length=canon == "simple/relaxed")
    sys.stdout.buffer.write(field + mail)


def seal(server, selector, domain, keyfile):
    import dkim
    with open(keyfile, "rb") as file:
        key = file.read()
    mail = sys.stdin.buffer.read()
    fields = dkim.arc_sign(mail, selector.encode(), domain.encode(), key, server.encode(), linesep=b"\r\n")
    sys.stdout.buffer.write(b"".join(fields) + mail)


def chain(records):
    import dkim
    result, _, _ = dkim.arc_verify(sys.stdin.buffer.read(), dnsfunc=resolver(records))
    print((result or b"fail").decode())  # None: a seal says that the chain has ended


def spf_results(port):
    import dns.resolver
    import spf
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = int(port)
    dns.resolver.query = resolver.resolve
    for line in sys.stdin:
        address, helo, sender = line.split()
        print(spf.check2(i=address, s="" if sender == "<>" else sender, h=helo, timeout=10)[0], flush=True)


{"verify": verify, "sign": sign, "seal": seal, "chain": chain, "spf": spf_results}[sys.argv[1]](*sys.argv[2:])
