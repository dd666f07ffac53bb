"""What the mail programs of the stress program do at random, each act with what must come of it."""
import asyncio

from history import FLAGS, Violation, make_mail
from wire import numbers, sequence_set


def answered(answer, *codes):
    """OK, or NO with one of CODES because another session was faster."""
    if answer.status == "OK":
        return True
    if answer.status == "NO" and answer.code and answer.code[0].upper() in codes:
        return False
    raise Violation(f"unexpected: {answer}")


def code_of(answers, name):
    for answer in answers:
        if answer.code and answer.code[0].upper() == name:
            return answer.code
    return None


async def append(client):
    chance, history = client.chance, client.history
    box = chance.choice(list(history.mailboxes.values()))
    token = history.new_token(chance.choice((100, 1000, 4000, 30000)))
    flags = chance.sample(FLAGS, chance.randint(0, 2))
    arrival = box.arrive(token, {flag: {flag in flags} for flag in FLAGS})
    answer = await client.run(f"APPEND {box.name} ({' '.join(flags)})", make_mail(token))
    if answer.status != "OK" or not answer.code or answer.code[0] != "APPENDUID":
        raise Violation(f"APPEND: {answer}")
    check_validity(box, answer.code)
    box.arrived(arrival, int(answer.code[2]))


def check_validity(box, code):
    if box.uid_validity not in (None, int(code[1])):
        raise Violation(f"{code} where UIDVALIDITY is {box.uid_validity}")
    box.uid_validity = int(code[1])


async def store(client):
    uids = client.choose(8)
    if not uids:
        return
    flags, sign = client.some_flags(), client.chance.choice("+-")
    if "\\Deleted" in flags and client.chance.random() < 0.5:
        flags.remove("\\Deleted")
    silent = client.chance.choice(("", ".SILENT"))
    form, chosen = by_uid_or_number(client, uids)
    acts = client.box.change(uids, flags, sign == "+")
    answer = await client.run(f"{form}STORE {chosen} {sign}FLAGS{silent} ({' '.join(flags)})")
    client.box.changed(acts, answered(answer, "EXPUNGEISSUED"))
    if silent and answer.status == "OK":
        for uid in uids:
            if uid in client.flags:
                assume(client, uid, flags, sign == "+")


def assume(client, uid, flags, value):
    """.SILENT: the client knows what it has asked for; news in between were told."""
    if value:
        client.flags[uid] |= set(flags)
    else:
        client.flags[uid] -= set(flags)


async def store_all(client):
    """Replaces all flags, which neighbours may be changing."""
    uids = client.choose(3)
    if not uids:
        return
    flags = client.some_flags(3)
    form, chosen = by_uid_or_number(client, uids)
    acts = client.box.change(uids, flags, True)
    acts += client.box.change(uids, [flag for flag in FLAGS if flag not in flags], False)
    answer = await client.run(f"{form}STORE {chosen} FLAGS ({' '.join(flags)})")
    client.box.changed(acts, answered(answer, "EXPUNGEISSUED"))


async def store_unless_changed(client):
    """RFC 7162 3.1.3: UNCHANGEDSINCE."""
    uids = client.choose(4)
    if not uids or "CONDSTORE" not in client.capabilities:
        return
    flags, sign = client.some_flags(1), client.chance.choice("+-")
    since = client.box.highest - client.chance.choice((0, 0, 3, 100))
    if since < 1:
        return
    acts = client.box.change(uids, flags, sign == "+", sure=False)
    answer = await client.run(f"UID STORE {sequence_set(uids)} (UNCHANGEDSINCE {since}) "
                              f"{sign}FLAGS ({' '.join(flags)})")
    answered(answer, "EXPUNGEISSUED", "MODIFIED")
    modified = code_of([answer], "MODIFIED")
    client.box.changed(acts, answer.status == "OK", numbers(modified[1]) if modified else ())


def by_uid_or_number(client, uids):
    if client.chance.random() < 0.5:
        return "UID ", sequence_set(uids)
    return "", client.numbers_of(uids)


async def fetch_flags(client):
    uids = client.choose(20)
    if uids:
        form, chosen = by_uid_or_number(client, uids)
        modseq = " MODSEQ" if client.qresync else ""
        await client.ask(f"{form}FETCH {chosen} (UID FLAGS{modseq})")


async def fetch_text(client):
    uids = client.choose(3)
    if not uids:
        return
    seen = client.chance.random() < 0.3
    acts = client.box.change(uids, ["\\Seen"], True, sure=False) if seen else []
    form, chosen = by_uid_or_number(client, uids)
    items = "BODY[]" if seen else "BODY.PEEK[] RFC822.SIZE INTERNALDATE"
    client.box.changed(acts, answered(await client.run(f"{form}FETCH {chosen} (UID {items})"),
                                      "EXPUNGEISSUED"))
    for answer in client.heard:
        if answer.data[1:2] == ["FETCH"]:
            check_length(answer.data[2])


def check_length(words):
    items = dict(zip(words[::2], words[1::2]))
    if "BODY[]" in items and "RFC822.SIZE" in items:
        if len(items["BODY[]"]) != int(items["RFC822.SIZE"]):
            raise Violation(f"RFC822.SIZE {items['RFC822.SIZE']} of {len(items['BODY[]'])} bytes")


async def fetch_structure(client):
    uids = client.choose(5)
    if not uids:
        return
    for answer in await client.ask(f"UID FETCH {sequence_set(uids)} (UID ENVELOPE BODYSTRUCTURE)"):
        words = answer.data[2] if answer.data[1:2] == ["FETCH"] else []
        items = dict(zip(words[::2], words[1::2]))
        if "ENVELOPE" in items:
            client.box.sight(int(items["UID"]), items["ENVELOPE"][1].decode())


async def search(client):
    """One flag by UID: what is found had it, what is not found lacked it."""
    flag = client.chance.choice(("\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "$one"))
    key = f"KEYWORD {flag}" if flag[0] == "$" else flag[1:].upper()
    shown = set(client.uids)
    heard = await client.ask(f"UID SEARCH {key}")
    found = {int(word) for answer in heard if answer.data[0] == "SEARCH"
             for word in answer.data[1:]}
    end = client.history.clock()
    for uid in shown & set(client.view):
        message = client.box.messages.get(uid)
        if message and not message.may_have(flag, uid in found, client.begin, end):
            raise Violation(f"{client.box.name}: SEARCH {key} {'finds' if uid in found else 'misses'} "
                            f"UID {uid}: {message.acts[flag]}")


async def expunge(client):
    """All that is \\Deleted, or some of it (RFC 4315)."""
    some = client.chance.random() < 0.5 and client.choose(10)
    act = client.box.remove(some or None)
    answer = await client.run(f"UID EXPUNGE {sequence_set(some)}" if some else "EXPUNGE")
    answered(answer)
    client.box.removed(act, client.box.was_deleted(act))


async def copy(client):
    uids = client.choose(4)
    target = client.chance.choice(list(client.history.mailboxes.values()))
    if uids:
        await transfer(client, "COPY", uids, target)


async def move(client):
    uids = client.choose(4)
    target = client.chance.choice([box for box in client.history.mailboxes.values()
                                   if box is not client.box])
    if not uids:
        return
    act = client.box.remove(uids)
    moved = await transfer(client, "MOVE", uids, target)
    client.box.removed(act, moved)


async def transfer(client, command, uids, target):
    """COPY or MOVE: the UIDs that were taken."""
    source = client.box
    arrivals = {uid: target.arrive(source.messages[uid].token) for uid in uids
                if uid in source.messages and source.messages[uid].token}
    uids = list(arrivals)
    if not uids:
        return []
    originals = {uid: source.messages[uid] for uid in uids}
    form, chosen = by_uid_or_number(client, [uid for uid in uids if uid in client.view])
    answer = await client.run(f"{form}{command} {chosen} {target.name}")
    answered(answer, "EXPUNGEISSUED", "NONEXISTENT")
    code = code_of([answer, *client.heard], "COPYUID")
    pairs = dict(zip(numbers(code[2]), numbers(code[3]))) if code else {}
    if code:
        check_validity(target, code)
    for uid in set(uids) - set(pairs):
        if originals[uid].must_exist(client.begin, client.history.clock()):
            raise Violation(f"{command} of {uids} did {pairs}: UID {uid} is there")
    for uid, arrival in arrivals.items():
        if uid in pairs:
            arrival.flags = copied_flags(originals[uid], arrival.act.start, client.history.clock())
            target.arrived(arrival, pairs[uid])
        else:
            target.failed(arrival)
    return list(pairs)


def copied_flags(message, begin, end):
    return {flag: {value for value in (False, True) if message.may_have(flag, value, begin, end)}
            for flag in FLAGS}


async def noop(client):
    await client.catch_up(client.chance.random() < 0.3)


async def idle(client):
    """RFC 2177. What comes meanwhile is held against the history as it comes."""
    answer = await client.run("IDLE")
    if answer.tag != "+":
        raise Violation(f"IDLE: {answer}")
    tag = f"a{client.wire.count}"
    client.history.begins[client.number] = client.begin
    ending = asyncio.get_running_loop().call_later(client.chance.uniform(0, 0.5),
                                                   client.wire.send_line, "DONE")
    try:
        answered(await client.until(tag))
    finally:
        ending.cancel()
        client.history.begins.pop(client.number, None)


async def status(client):
    """MESSAGES lies between what is certainly there and what may be."""
    box = client.chance.choice(list(client.history.mailboxes.values()))
    heard = await client.ask(f"STATUS {box.name} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)")
    end = client.history.clock()
    words = next(answer.data[2] for answer in heard if answer.data[0] == "STATUS")
    told = {words[at]: int(words[at + 1]) for at in range(0, len(words), 2)}
    least = sum(message.must_exist(client.begin, end) for message in box.messages.values())
    if told["MESSAGES"] < least:
        raise Violation(f"STATUS {box.name}: {told}, but {least} are there")
    if told["UNSEEN"] > told["MESSAGES"]:
        raise Violation(f"STATUS {box.name}: {told}")


async def reselect(client):
    """Another mailbox, or the same; CLOSE removes what is \\Deleted without a word."""
    way = client.chance.choice(("", "UNSELECT", "CLOSE"))
    if way == "CLOSE":
        act = client.box.remove()
        await client.ask("CLOSE")
        client.box.removed(act, client.box.was_deleted(act))
    elif way:
        await client.ask(way)
    await client.select(client.chance.choice(list(client.history.mailboxes)))
    await client.load()


async def reconnect(client):
    """The network goes or the client does; with QRESYNC the old view is brought up to date."""
    name, synced = client.box.name, client.synced
    client.wire.cut() if client.chance.random() < 0.5 else client.wire.close()
    await client.connect()
    if "QRESYNC" not in client.capabilities or client.chance.random() < 0.4:
        await client.select(name)
        await client.load()
        return
    await client.ask("ENABLE QRESYNC")
    client.qresync = True
    if synced is None or synced.modseq is None:
        await client.select(name)
        await client.load()
    else:
        await client.resynchronize(name, synced)
        await client.catch_up(thorough=True)


async def directory(client):
    """Mailboxes of its own, which nobody else touches."""
    name = f"Own-{client.number}"
    await client.ask(f"CREATE {name}/a")
    await client.ask(f"RENAME {name}/a {name}/b")
    await client.ask(f"SUBSCRIBE {name}/b")
    names = [answer.data[-1] for answer in await client.ask(f'LIST "" {name}/*')
             if answer.data[0] == "LIST"]
    if [decoded(name) for name in names] != [f"{name}/b"]:
        raise Violation(f"LIST shows {names}, not {name}/b")
    await client.ask(f"UNSUBSCRIBE {name}/b")
    await client.ask(f"DELETE {name}/b")


def decoded(text):
    return text.decode() if isinstance(text, bytes) else text


ACTS = [(append, 10), (store, 12), (store_all, 3), (store_unless_changed, 4), (fetch_flags, 6),
        (fetch_text, 4), (fetch_structure, 2), (search, 4), (expunge, 6), (copy, 3), (move, 3),
        (noop, 10), (idle, 3), (status, 2), (reselect, 2), (reconnect, 1), (directory, 1)]
