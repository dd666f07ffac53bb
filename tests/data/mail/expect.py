#!/usr/bin/env python3
"""A second opinion on the mails beside this file, by Python's email package: their tree of types and
the addresses of From, To and Cc. Prints what expected.txt holds: NAME, TAB, tree, TAB, addresses."""

import email
import email.utils
import pathlib


def tree(part):
    kind = f"{part.get_content_maintype()}/{part.get_content_subtype()}"
    if part.is_multipart():
        return f"{kind}[{','.join(tree(child) for child in part.get_payload())}]"
    return kind


def addresses(message):
    fields = [value for name in ("From", "To", "Cc") for value in message.get_all(name, [])]
    return ",".join(address for _, address in email.utils.getaddresses(fields) if "@" in address)


for path in sorted(pathlib.Path(__file__).parent.glob("*.eml")):
    message = email.message_from_bytes(path.read_bytes())
    print(path.name, tree(message), addresses(message), sep="\t")
