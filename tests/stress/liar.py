"""Falsifies answers between the server and the stress program: proof that it would notice."""
from wire import Wire

ONE_IN = 20  # answers of a kind


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


def is_untagged(kind, item=None):
    return lambda answer: (answer.tag == "*" and answer.data[1:2] == [kind]
                           and (item is None or item in answer.data[2]))


def has_code(name):
    return lambda answer: bool(answer.code) and answer.code[0] == name


def is_found(answer):
    return answer.data[0] == "SEARCH" and len(answer.data) > 1


# What is falsified, and how.
LIES = {
    "expunge-untold": (is_untagged("EXPUNGE"), drop),
    "expunge-of-another": (is_untagged("EXPUNGE"), shift_number),
    "arrival-untold": (is_untagged("EXISTS"), drop),
    "flags-untold": (is_untagged("FETCH", "FLAGS"), drop),
    "flags-wrong": (is_untagged("FETCH", "FLAGS"), flip_flag),
    "appended-elsewhere": (has_code("APPENDUID"), other_uid),
    "copied-elsewhere": (has_code("COPYUID"), other_uid),
    "text-short": (is_untagged("FETCH", "BODY[]"), swallow_byte),
    "search-misses": (is_found, one_less),
}


def lie(name, chance):
    concerns, falsify = LIES[name]
    honest = Wire.answer

    async def answer(wire):
        while True:
            told = await honest(wire)
            if concerns(told) and chance.randrange(ONE_IN) == 0:
                told = falsify(told)
            if told is not None:
                return told

    Wire.answer = answer
