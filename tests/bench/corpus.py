"""The mails of a large mailbox, and how they get into a server in the quickest honest way: over IMAP, a
hundred in one APPEND (RFC 3502). One session loads, so that every server numbers them alike."""
import random

RARE = "zebrafinkenweibchen"  # in a hundred mails
WORDS = [w + v for w in """mail office house water letter invoice order project meeting report table window
garden street market number answer question delivery customer contract offer price monday friday paper
machine engine sugar bread coffee morning evening summer winter train station ticket holiday""".split()
         for v in ("", "s", "ing", "er", "ful", "less", "ly", "ation")]
TOGETHER = 100
LINES = 20000


def lines_of_text(chance):
    """Sentences to choose from: making each anew would cost more than storing it."""
    return [" ".join(chance.choices(WORDS, k=11)) for _ in range(LINES)]


def message(number, mails, size, chance, sentences):
    lines, length = [], 0
    while length < size - 400:
        line = chance.choice(sentences)
        lines.append(line)
        length += len(line) + 2
    if number % (mails // min(100, mails)) == 0:
        lines[len(lines) // 2] += " " + RARE
    thread = chance.randrange(number + 1) if number % 3 else number
    references = f"References: <{thread}@example.org>\r\n" if thread != number else ""
    return (f"From: {chance.choice(WORDS).title()} Someone <{chance.choice(WORDS)}@example.org>\r\n"
            f"To: {chance.choice(WORDS)}@example.net\r\nCc: {chance.choice(WORDS)}@example.com\r\n"
            f"Subject: {'Re: ' if references else ''}{' '.join(chance.choices(WORDS, k=4))} {thread}\r\n"
            f"Date: {1 + number % 28} Jun 2026 {number % 24:02}:{number % 60:02}:00 +0200\r\n"
            f"Message-ID: <{number}@example.org>\r\n{references}MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            + "\r\n".join(lines) + "\r\n").encode()


def messages(mails, size):
    chance = random.Random(1)
    sentences = lines_of_text(chance)
    for number in range(mails):
        yield message(number, mails, size, chance, sentences)


def load(client, mails, size, mailbox=b"INBOX"):
    """Through one session of the server that CLIENT speaks to."""
    pieces, waiting = [], 0
    for text in messages(mails, size):
        pieces += [b" {%d+}\r\n" % len(text), text]
        waiting += 1
        if waiting == TOGETHER:
            client.command(b"APPEND " + mailbox + b"".join(pieces))
            pieces, waiting = [], 0
    if waiting:
        client.command(b"APPEND " + mailbox + b"".join(pieces))
