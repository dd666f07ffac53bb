"""Falsifies answers between the server and the stress program: proof that it would notice."""
from maildrop import Maildrop
from wire import Answer, Wire, numbers, sequence_set

OFTEN, RARELY = 2, 20  # one in so many answers of a kind


def drop(answer):
    return None


def flip_flag(answer):
    flags = answer.data[2][answer.data[2].index("FLAGS") + 1]
    flags.remove("\\Seen") if "\\Seen" in flags else flags.append("\\Seen")
    return answer


def shift_number(answer):
    answer.data[0] = str(int(answer.data[0]) + 1)
    return answer


def other_uid(answer):
    answer.code[-1] = str(int(answer.code[-1].split(":")[0]) + 1)
    return answer


def swallow_byte(answer):
    at = answer.data[2].index("BODY[]") + 1
    answer.data[2][at] = answer.data[2][at][:-1]
    return answer


def one_less(answer):
    answer.data = answer.data[:-1]
    return answer


def forget_last(text):
    return sequence_set(numbers(text)[:-1])


def forget_found(answer):
    """The last of ALL."""
    at = answer.data.index("ALL") + 1
    answer.data[at] = forget_last(answer.data[at])
    if not answer.data[at]:
        del answer.data[at - 1:at + 1]
    return answer


def count_more(answer):
    at = answer.data.index("COUNT") + 1
    answer.data[at] = str(int(answer.data[at]) + 1)
    return answer


def forget_of_page(answer):
    page = answer.data[answer.data.index("PARTIAL") + 1]
    page[1] = forget_last(page[1]) or None
    return answer


def vanish_another(answer):
    answer.data[-1] = sequence_set([numbers(answer.data[-1])[0] + 1])
    return answer


def other_rights(answer):
    rights = answer.data[2]
    answer.data[2] = rights.replace("w", "") if "w" in rights else rights + "w"
    return answer


def other_validity(answer):
    answer.code[1] = str(int(answer.code[1]) + 1)
    return answer


def refuse(answer):
    return Answer(answer.tag, ["NO"], ["NOPERM"], "a lie")


def approve(answer):
    return Answer(answer.tag, ["OK"], None, "a lie")


def hang_up(answer):
    return Answer("*", ["BYE"], None, "a lie")


def other_name(answer):
    answer.data[-1] += b"x"
    return answer


def is_untagged(kind, item=None):
    return lambda answer: (answer.tag == "*" and answer.data[1:2] == [kind]
                           and (item is None or item in answer.data[2]))


def has_code(name):
    return lambda answer: bool(answer.code) and answer.code[0] == name


def is_search(answer):
    return answer.data[0] == "SEARCH" and len(answer.data) > 1


def is_esearch(item):
    return lambda answer: answer.data[0] == "ESEARCH" and item in answer.data


def is_page(answer):
    return is_esearch("PARTIAL")(answer) and answer.data[answer.data.index("PARTIAL") + 1][1] is not None


def begins(word):
    return lambda answer: answer.data[0] == word


def is_vanished(earlier):
    return lambda answer: (answer.data[0] == "VANISHED"
                           and (answer.data[1] == ["EARLIER"]) == earlier)


def is_done(answer):
    return answer.tag != "*" and answer.status == "OK"


def is_denied(answer):
    return answer.status == "NO" and has_code("NOPERM")(answer)


# What is falsified, how, and how often.
LIES = {
    "expunge-untold": (is_untagged("EXPUNGE"), drop, RARELY),
    "expunge-of-another": (is_untagged("EXPUNGE"), shift_number, RARELY),
    "vanished-untold": (is_vanished(False), drop, RARELY),
    "vanished-of-another": (is_vanished(False), vanish_another, RARELY),
    "vanished-earlier-untold": (is_vanished(True), drop, OFTEN),
    "arrival-untold": (is_untagged("EXISTS"), drop, RARELY),
    "flags-untold": (is_untagged("FETCH", "FLAGS"), drop, RARELY),
    "flags-wrong": (is_untagged("FETCH", "FLAGS"), flip_flag, RARELY),
    "flags-wrong-by-uid": (is_untagged("UIDFETCH", "FLAGS"), flip_flag, RARELY),
    "appended-elsewhere": (has_code("APPENDUID"), other_uid, RARELY),
    "copied-elsewhere": (has_code("COPYUID"), other_uid, RARELY),
    "text-short": (is_untagged("FETCH", "BODY[]"), swallow_byte, RARELY),
    "search-misses": (is_search, one_less, RARELY),
    "esearch-misses": (is_esearch("ALL"), forget_found, RARELY),
    "count-wrong": (is_esearch("COUNT"), count_more, RARELY),
    "page-misses": (is_page, forget_of_page, OFTEN),
    "rights-wrong": (begins("MYRIGHTS"), other_rights, OFTEN),
    "refused": (is_done, refuse, RARELY),
    "allowed": (is_denied, approve, OFTEN),
    "hung-up": (is_done, hang_up, RARELY),
    "validity-wrong": (has_code("UIDVALIDITY"), other_validity, OFTEN),
    "listed-otherwise": (begins("LIST"), other_name, OFTEN),
}


# The same for POP3: what the client says, and what it hears to that.
def forget_quit(line):
    return "NOOP" if line == "QUIT" else line


def forget_top(line):
    return line.replace("RETR 1", "TOP 1 0")


MAILDROP_LIES = {"maildrop-keeps": forget_quit, "maildrop-text-short": forget_top}
ALL = [*LIES, *MAILDROP_LIES]


def lie(name, chance):
    if name in LIES:
        lie_by_imap(*LIES[name], chance)
    else:
        lie_by_pop3(MAILDROP_LIES[name])


def lie_by_imap(concerns, falsify, one_in, chance):
    honest = Wire.answer

    async def answer(wire):
        while True:
            told = await honest(wire)
            if concerns(told) and chance.randrange(one_in) == 0:
                told = falsify(told)
            if told is not None:
                return told

    Wire.answer = answer


def lie_by_pop3(falsify):
    honest = Maildrop.say

    async def say(maildrop, line):
        return await honest(maildrop, falsify(line))

    Maildrop.say = say
