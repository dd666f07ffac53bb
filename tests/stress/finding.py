"""SEARCH in its forms, each held against the flags that messages may have had."""
from hearing import items_of
from history import Violation
from wire import numbers, sequence_set

SEARCHED = ("\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "$one")


def choose_key(client):
    flag = client.chance.choice(SEARCHED)
    return flag, f"KEYWORD {flag}" if flag[0] == "$" else flag[1:].upper()


def results(client):
    """What SEARCH or ESEARCH tells, by name: {"ALL": {…}, "COUNT": 3, "PARTIAL": ["1:5", "2:4"]}"""
    extended = "IMAP4rev2" in client.enabled or "RETURN" in client.running
    told = [answer.data for answer in client.heard if answer.data[0] in ("SEARCH", "ESEARCH")]
    if len(told) != 1 or (told[0][0] == "ESEARCH") != extended:
        raise Violation(f"{client.running}: {told}")
    words = told[0][1:]
    if not extended:
        return {"ALL": {int(word) for word in words}}
    if words[:2] != [["TAG", client.tag.encode()], "UID"]:
        raise Violation(f"ESEARCH of {client.tag}: {words} (RFC 4731 3.1)")
    found = dict(zip(words[2::2], words[3::2]))
    found["ALL"] = set(numbers(found["ALL"])) if "ALL" in found else set()
    return {name: int(value) if name in ("MIN", "MAX", "COUNT") else value
            for name, value in found.items()}


def check_flags(client, flag, found, shown):
    """What is FOUND had the flag, what else was SHOWN lacked it."""
    end = client.history.clock()
    for uid in shown & set(client.view):
        message = client.box.messages.get(uid)
        if message and not message.may_have(flag, uid in found, client.begin, end):
            raise Violation(f"{client.box.name}: SEARCH {flag} {'finds' if uid in found else 'misses'} "
                            f"UID {uid}: {message.acts[flag]}")


async def search(client):
    flag, key = choose_key(client)
    shown = set(client.uids)
    await client.ask(f"UID SEARCH {key}")
    check_flags(client, flag, results(client)["ALL"], shown)


async def search_extended(client):
    """RFC 4731: the numbers fit what is told of all."""
    flag, key = choose_key(client)
    shown = set(client.uids)
    await client.ask(f"UID SEARCH RETURN (MIN MAX COUNT ALL) {key}")
    told = results(client)
    found = told["ALL"]
    check_flags(client, flag, found, shown)
    expected = {"COUNT": len(found)}
    if found:
        expected |= {"MIN": min(found), "MAX": max(found)}
    if {name: value for name, value in told.items() if name != "ALL"} != expected:
        raise Violation(f"{told} is not {expected}")


async def search_page(client):
    """RFC 9394: a page of the results, from either end."""
    flag, key = choose_key(client)
    shown = set(client.uids)
    size = client.chance.randint(1, 6)
    page = client.chance.choice((f"1:{size}", f"-1:-{size}"))
    await client.ask(f"UID SEARCH RETURN (PARTIAL {page} COUNT) {key}")
    told = results(client)
    asked, uids = told["PARTIAL"]
    found = numbers(uids) if uids else []
    if asked != page or len(found) != min(size, told["COUNT"]):
        raise Violation(f"PARTIAL {page} of {told['COUNT']}: {told}")
    if not found:
        return check_flags(client, flag, found, shown)
    first, last = min(found), max(found)
    inside = {uid for uid in shown if (uid <= last if page[0] != "-" else uid >= first)}
    check_flags(client, flag, set(found), inside)


async def search_saved(client):
    """RFC 5182: $ stands for what was found, whoever expunges and appends meanwhile."""
    flag, key = choose_key(client)
    shown = set(client.uids)
    await client.ask(f"UID SEARCH RETURN (SAVE ALL) {key}")
    found = results(client)["ALL"]
    check_flags(client, flag, found, shown)
    if client.chance.random() < 0.5:
        await client.ask("NOOP")
    there = set(client.uids)
    heard = await client.ask("UID FETCH $ (UID FLAGS)")
    told = {int(items["UID"]) for items in map(items_of, heard) if "UID" in items}
    missing = (found & there & set(client.uids)) - told
    if missing:
        raise Violation(f"FETCH $ tells nothing of {missing}: found {found}, told {told}")


async def fetch_page(client):
    """RFC 9394 3.3: FETCH … (PARTIAL …)."""
    uids = sorted(client.uids)
    if not uids or "PARTIAL" not in client.capabilities:
        return
    size = client.chance.randint(1, 5)
    heard = await client.ask(f"UID FETCH {sequence_set(uids)} (UID FLAGS) (PARTIAL -1:-{size})")
    told = {int(items["UID"]) for items in map(items_of, heard) if "UID" in items}
    missing = set(uids[-size:]) & set(client.uids) - told
    if missing:
        raise Violation(f"PARTIAL -1:-{size} of {uids} tells nothing of {missing}: {told}")


ACTS = [(search, 3), (search_extended, 3), (search_page, 2), (search_saved, 2), (fetch_page, 2)]
