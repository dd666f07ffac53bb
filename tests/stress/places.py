"""What the mail programs of the stress program do to mailboxes, to those they have selected too, and
to their connections."""
from history import NEVER, Act, Violation
from rights import GRANTS
from wire import Gone

WANDERS = ("Moving", "Moved away", "Möve")
DOOMED = "Doomed"


async def status(client):
    """MESSAGES lies between what is certainly there and what may be."""
    box = client.chance.choice(client.boxes)
    answer = await client.run(f"STATUS {client.path(box)} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)")
    if not client.answered(answer, needs=[(box, "r")]) or box.death:
        return
    end = client.history.clock()
    words = next(answer.data[2] for answer in client.heard if answer.data[0] == "STATUS")
    told = {words[at]: int(words[at + 1]) for at in range(0, len(words), 2)}
    least = sum(message.must_exist(client.begin, end) for message in box.messages.values())
    if told["MESSAGES"] < least:
        raise Violation(f"STATUS {box.name}: {told}, but {least} are there")
    if told["UNSEEN"] > told["MESSAGES"]:
        raise Violation(f"STATUS {box.name}: {told}")
    box.take_validity(told["UIDVALIDITY"])


async def reselect(client):
    """Another mailbox, or the same; CLOSE removes what is \\Deleted without a word."""
    way = client.chance.choice(("", "UNSELECT", "CLOSE"))
    if way == "CLOSE":
        act = client.remove()
        await client.ask("CLOSE")
        client.removed(act, client.box.was_deleted(act))
    elif way:
        await client.ask(way)
    await client.select_any()


async def reconnect(client):
    """The network goes or the client does; with QRESYNC the old view is brought up to date."""
    synced = client.synced
    client.wire.cut() if client.chance.random() < 0.5 else client.wire.close()
    await client.connect()
    usable = synced and synced.modseq and synced.box in client.boxes
    if not usable or "QRESYNC" not in client.enabled or client.chance.random() < 0.2:
        await client.select_any()
    elif await client.resynchronize(synced):
        await client.catch_up(thorough=True)
    else:
        await client.select_any()


async def unauthenticate(client):
    """RFC 8437: the connection is somebody's else, and nothing that was enabled is."""
    if "UNAUTHENTICATE" not in client.capabilities or client.wire.deflate:
        return
    await client.ask("UNAUTHENTICATE")
    client.leave()
    client.enabled = set()
    client.user = client.chance.choice(list(client.users))
    await client.log_in()
    await client.select_any()


async def directory(client):
    """Mailboxes of its own, which nobody else touches, as the client writes their names."""
    name = f"Own-{client.number}-{client.commands}"  # another each time: it may be cut off midway
    old, new = (f"{name}/{end}" for end in client.chance.sample(("a", "Bücher & €", "日本語", "b"), 2))
    await client.ask(f"CREATE {client.written(old)}")
    await client.ask(f"RENAME {client.written(old)} {client.written(new)}")
    await client.ask(f"SUBSCRIBE {client.written(new)}")
    names = [answer.data[-1].decode() for answer in await client.ask(f'LIST "" {name}/*')
             if answer.data[0] == "LIST"]
    if [f'"{told}"' for told in names] != [client.written(new)]:
        raise Violation(f"LIST shows {names}, not {client.written(new)}")
    await client.ask(f"UNSUBSCRIBE {client.written(new)}")
    for left in (new, name):  # what is above it was made with it
        await client.ask(f"DELETE {client.written(left)}")


async def grant(client):
    """The owner lets others in and turns them out, while they are at it."""
    shared = [box for box in client.boxes if box.rights and box.owner == client.user]
    if not shared or client.box.name == DOOMED or client.chance.random() < 0.5:
        return  # who is hung up on in the middle would not know what was done
    box, letters = client.chance.choice(shared), client.chance.choice(GRANTS)
    user = client.chance.choice(list(box.rights))
    acts = box.rights[user].grant(letters)
    await client.ask(f"SETACL {client.path(box)} {client.users[user].address} \"{letters}\"")
    box.rights[user].granted(acts)


async def my_rights(client):
    """MYRIGHTS tells what may be."""
    shared = [box for box in client.boxes if client.user in box.rights]
    if not shared:
        return
    box = client.chance.choice(shared)
    rights = box.rights[client.user]
    answer = await client.run(f"MYRIGHTS {client.path(box)}")
    if not client.answered(answer, needs=[(box, "l")]):
        return
    told = next(answer.data[2] for answer in client.heard if answer.data[0] == "MYRIGHTS")
    for letter in rights.acts:
        wrong = (not rights.may_hold(letter, client.begin) if letter in told
                 else not rights.may_lack(letter, client.begin))
        if wrong:
            raise Violation(f"MYRIGHTS {box.name}: {told}, but '{letter}': {rights.acts[letter]}")


async def rename(client):
    """A mailbox that others have selected gets another name: they must not notice."""
    box = next((box for box in client.boxes if box.name in WANDERS), None)
    if box is None or client.box.name == DOOMED or any(act.end == NEVER for act in box.moves):
        return
    new = client.chance.choice([name for name in WANDERS if name != box.name])
    act = Act(client.history.clock())
    box.moves.append(act)
    await client.ask(f"RENAME {client.path(box)} {client.written(new)}")
    box.name = box.paths[client.user] = new
    act.end = client.history.clock()


async def delete(client):
    """A mailbox that others have selected goes, and another of its name comes."""
    history = client.history
    box = next((box for box in client.boxes if box.name == DOOMED), None)
    if box is None or client.chance.random() < 0.7:
        return
    mine = client.box.name == DOOMED
    if mine:
        await client.ask("UNSELECT")
        client.leave()
        if box.death:
            return await client.select_any()
    box.death = Act(history.clock())
    await client.ask(f"DELETE {DOOMED}")
    box.death.end = history.clock()
    history.mailboxes.remove(box)
    await history.quiet(box.death.end)
    await client.ask(f"CREATE {DOOMED}")
    history.add(dict(box.paths), above=box.uid_validity or 0)
    if mine:
        await client.select_any()


async def leave_dead(client):
    """Who has a deleted mailbox selected is told so and hung up on."""
    try:
        await client.ask("NOOP")
    except Gone:
        pass
    else:
        raise Violation(f"{client.box.name} was deleted, and NOOP says OK")
    client.give_up()
    await client.connect()
    await client.select_any()


ACTS = [(status, 2), (reselect, 2), (reconnect, 2), (unauthenticate, 1), (directory, 1), (grant, 1),
        (my_rights, 1), (rename, 1), (delete, 1)]
