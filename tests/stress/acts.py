"""What the mail programs of the stress program do to messages at random, each act with what must
come of it."""
import asyncio

from hearing import items_of
from history import FLAGS, Violation, make_mail
from rights import right_of
from wire import numbers, sequence_set


def code_of(answers, name):
    for answer in answers:
        if answer.code and answer.code[0].upper() == name:
            return answer.code
    return None


def possible_flags(client, box, flags):
    """{flag: its possible values} of a mail that CLIENT puts into BOX with FLAGS."""
    possible = {}
    for flag in FLAGS:
        letter = right_of(flag)
        possible[flag] = {flag in flags and client.may_hold(box, letter)}
        if flag in flags and client.may_lack(box, letter):
            possible[flag].add(False)
    return possible


async def append(client):
    """One or several (RFC 3502): all of them or none."""
    box = client.chance.choice(client.boxes)
    mails = [(client.history.new_token(client.chance.choice((100, 1000, 4000, 30000))),
              client.chance.sample(FLAGS, client.chance.randint(0, 2)))
             for _ in range(client.chance.choice((1, 1, 1, 2, 3)))]
    arrivals = [box.arrive(token, {flag: {False, flag in flags} for flag in FLAGS})
                for token, flags in mails]
    pieces = [f"APPEND {client.path(box)}"]
    for token, flags in mails:
        pieces += [f"({' '.join(flags)})", make_mail(token)]
    answer = await client.run(*pieces)
    if not client.answered(answer, needs=[(box, "i")]):
        for arrival in arrivals:
            box.failed(arrival)
        return
    if not answer.code or answer.code[0] != "APPENDUID":
        raise Violation(f"APPEND: {answer}")
    for arrival, (_, flags) in zip(arrivals, mails):
        arrival.flags = possible_flags(client, box, flags)
    arrived(box, arrivals, answer.code)


def arrived(box, arrivals, code):
    """APPENDUID (RFC 4315): as many UIDs as messages, in their order."""
    uids = numbers(code[2])
    if len(uids) != len(arrivals):
        raise Violation(f"{code} of {len(arrivals)} messages")
    if not box.death:
        box.take_validity(int(code[1]))
    for arrival, uid in zip(arrivals, uids):
        box.arrived(arrival, uid)


async def replace(client):
    """RFC 8508: one message goes and another comes, or neither."""
    uids = client.choose(1)
    if not uids or "REPLACE" not in client.capabilities:
        return
    source, target = client.box, client.chance.choice(client.boxes)
    original = source.messages.get(uids[0])
    token = client.history.new_token(client.chance.choice((100, 3000)))
    flags = client.chance.sample(FLAGS, client.chance.randint(0, 2))
    arrival = target.arrive(token, {flag: {False, flag in flags} for flag in FLAGS})
    act = client.remove(uids)
    form, chosen = client.by_uid_or_number(uids)
    answer = await client.run(f"{form}REPLACE {chosen} {client.path(target)} ({' '.join(flags)})",
                              make_mail(token))
    gone = not original or not original.must_exist_but_for(act, client.begin, client.history.clock())
    excuses = ("EXPUNGEISSUED", "NONEXISTENT", "CANNOT", None) if gone else ()
    done = answered_or_gone(client, answer, excuses, needs=[(source, "te"), (target, "i")])
    client.removed(act, uids if done else ())
    if not done:
        target.failed(arrival)
        return
    code = code_of([answer, *client.heard], "APPENDUID")
    if code is None:
        raise Violation(f"REPLACE: {answer}")
    arrival.flags = possible_flags(client, target, flags)
    arrived(target, [arrival], code)


def answered_or_gone(client, answer, excuses, needs):
    if answer.status == "NO" and None in excuses and not answer.code:
        return False
    return client.answered(answer, *[code for code in excuses if code], needs=needs)


async def store(client):
    uids = client.choose(8)
    if not uids:
        return
    flags, sign = client.some_flags(), client.chance.choice("+-")
    if "\\Deleted" in flags and client.chance.random() < 0.5:
        flags[flags.index("\\Deleted")] = "\\Seen"
    silent = client.chance.choice(("", ".SILENT"))
    form, chosen = client.by_uid_or_number(uids)
    acts = client.change(uids, flags, sign == "+")
    answer = await client.run(f"{form}STORE {chosen} {sign}FLAGS{silent} ({' '.join(flags)})")
    done = stored(client, answer, flags)
    client.changed(acts, done)
    if silent and done:
        for uid in uids:
            if uid in client.flags:
                assume(client, uid, flags, sign == "+")


def stored(client, answer, flags, *codes):
    """It is refused when none of the flags may be changed."""
    letters = {right_of(flag) for flag in flags}
    if answer.status == "OK" and not any(client.may_hold(client.box, letter)
                                         for letter in letters):
        raise Violation(f"{client.running} was done without any of {letters}")
    needs = [(client.box, "".join(letters))] if answer.status != "OK" else ()
    return client.answered(answer, "EXPUNGEISSUED", *codes, needs=needs)


def assume(client, uid, flags, value):
    """.SILENT: the client knows what it has asked for; news in between were told."""
    if any(client.may_lack(client.box, right_of(flag)) for flag in flags):
        del client.flags[uid]
    elif value:
        client.flags[uid] |= set(flags)
    else:
        client.flags[uid] -= set(flags)


async def store_all(client):
    """Replaces all flags, which neighbours may be changing."""
    uids = client.choose(3)
    if not uids:
        return
    flags = client.some_flags(3)
    form, chosen = client.by_uid_or_number(uids)
    acts = client.change(uids, flags, True)
    acts_off = client.change(uids, [flag for flag in FLAGS if flag not in flags], False)
    answer = await client.run(f"{form}STORE {chosen} FLAGS ({' '.join(flags)})")
    done = stored(client, answer, FLAGS)
    client.changed(acts, done)
    client.changed(acts_off, done)


async def store_unless_changed(client):
    """RFC 7162 3.1.3: UNCHANGEDSINCE."""
    uids = client.choose(4)
    if not uids or "CONDSTORE" not in client.capabilities:
        return
    flags, sign = client.some_flags(1), client.chance.choice("+-")
    since = client.box.highest - client.chance.choice((0, 0, 3, 100))
    if since < 1:
        return
    acts = client.change(uids, flags, sign == "+", sure=False)
    answer = await client.run(f"UID STORE {sequence_set(uids)} (UNCHANGEDSINCE {since}) "
                              f"{sign}FLAGS ({' '.join(flags)})")
    stored(client, answer, flags, "MODIFIED")
    modified = code_of([answer], "MODIFIED")
    client.changed(acts, answer.status == "OK", numbers(modified[1]) if modified else ())


async def fetch_flags(client):
    uids = client.choose(20)
    if uids:
        form, chosen = client.by_uid_or_number(uids)
        modseq = " MODSEQ" if "QRESYNC" in client.enabled else ""
        await client.ask(f"{form}FETCH {chosen} (UID FLAGS{modseq})")


async def fetch_text(client):
    uids = client.choose(3)
    if not uids:
        return
    seen = client.chance.random() < 0.3
    acts = client.change(uids, ["\\Seen"], True, sure=False) if seen else []
    form, chosen = client.by_uid_or_number(uids)
    items = "BODY[]" if seen else "BODY.PEEK[] RFC822.SIZE INTERNALDATE"
    answer = await client.run(f"{form}FETCH {chosen} (UID {items})")
    client.changed(acts, client.answered(answer, "EXPUNGEISSUED"))
    for answer in client.heard:
        check_length(items_of(answer))


def check_length(items):
    if "BODY[]" in items and "RFC822.SIZE" in items:
        if len(items["BODY[]"]) != int(items["RFC822.SIZE"]):
            raise Violation(f"RFC822.SIZE {items['RFC822.SIZE']} of {len(items['BODY[]'])} bytes")


async def fetch_structure(client):
    uids = client.choose(5)
    if not uids:
        return
    for answer in await client.ask(f"UID FETCH {sequence_set(uids)} (UID ENVELOPE BODYSTRUCTURE)"):
        items = items_of(answer)
        if "ENVELOPE" in items:
            client.box.sight(int(items["UID"]), items["ENVELOPE"][1].decode())


async def expunge(client):
    """All that is \\Deleted, or some of it (RFC 4315)."""
    some = client.chance.random() < 0.5 and client.choose(10)
    act = client.remove(some or None)
    answer = await client.run(f"UID EXPUNGE {sequence_set(some)}" if some else "EXPUNGE")
    done = client.answered(answer, needs=[(client.box, "e")])
    client.removed(act, client.box.was_deleted(act) if done else ())


async def copy(client):
    uids = client.choose(4)
    if uids:
        await transfer(client, "COPY", uids, client.chance.choice(client.boxes))


async def move(client):
    uids = client.choose(4)
    target = client.chance.choice([box for box in client.boxes if box is not client.box])
    if not uids:
        return
    act = client.remove(uids)
    moved = await transfer(client, "MOVE", uids, target, act)
    client.removed(act, moved)


async def transfer(client, command, uids, target, removal=None):
    """COPY or MOVE: the UIDs that were taken."""
    source = client.box
    arrivals = {uid: target.arrive(source.messages[uid].token) for uid in uids
                if uid in source.messages and source.messages[uid].token}
    uids = list(arrivals)
    if not uids:
        return []
    originals = {uid: source.messages[uid] for uid in uids}
    form, chosen = client.by_uid_or_number([uid for uid in uids if uid in client.view])
    answer = await client.run(f"{form}{command} {chosen} {client.path(target)}")
    there = {uid for uid, message in originals.items()
             if message.must_exist_but_for(removal, client.begin, client.history.clock())}
    needs = [(target, "i")] + ([(source, "te")] if removal else [])
    excuses = () if there == set(uids) else ("EXPUNGEISSUED", "NONEXISTENT")
    done = client.answered(answer, *excuses, needs=needs)
    code = code_of([answer, *client.heard], "COPYUID")
    pairs = dict(zip(numbers(code[2]), numbers(code[3]))) if code else {}
    if code and not target.death:
        target.take_validity(int(code[1]))
    if done and there - set(pairs):
        raise Violation(f"{command} of {uids} did {pairs}: {there - set(pairs)} were there")
    for uid, arrival in arrivals.items():
        if uid in pairs:
            arrival.flags = copied_flags(client, originals[uid], target, arrival.act.start)
            target.arrived(arrival, pairs[uid])
        else:
            target.failed(arrival)
    return list(pairs)


def copied_flags(client, message, target, begin):
    end = client.history.clock()
    flags = {}
    for flag in FLAGS:
        flags[flag] = {value for value in (False, True) if message.may_have(flag, value, begin, end)}
        if not client.may_hold(target, right_of(flag)):
            flags[flag] = {False}
        elif client.may_lack(target, right_of(flag)):
            flags[flag].add(False)
    return flags


async def noop(client):
    await client.catch_up(client.chance.random() < 0.3)


async def idle(client):
    """RFC 2177. What comes meanwhile is held against the history as it comes."""
    answer = await client.run("IDLE")
    if answer.tag != "+":
        raise Violation(f"IDLE: {answer}")
    client.history.begins[client.number] = client.begin
    ending = asyncio.get_running_loop().call_later(client.chance.uniform(0, 0.5),
                                                   client.wire.send_line, "DONE")
    try:
        client.answered(await client.until(client.tag))
    finally:
        ending.cancel()
        client.history.begins.pop(client.number, None)


ACTS = [(append, 10), (replace, 3), (store, 12), (store_all, 3), (store_unless_changed, 4),
        (fetch_flags, 6), (fetch_text, 4), (fetch_structure, 2), (expunge, 6), (copy, 3), (move, 3),
        (noop, 10), (idle, 3)]
