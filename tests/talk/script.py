"""Reads a conversation script into steps. The language is described in README.md."""
import base64
import re

STEP = re.compile(r"^([A-Z][A-Za-z0-9]*)(:|>>|>|~|&|=|!)(?: (.*))?$")
VARIABLE = re.compile(r"\$(\$|[a-z][a-z0-9_]*(?:\.[a-z0-9]+)?)")
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[0rnt\\\"])")
TIME = re.compile(r"^(\d+(?:\.\d+)?)(ms|s)$")
WORDS = ("users", "connect", "let", "base64", "text", "fill", "wait", "timeout", "repeat", "end",
         "hauspost", "hauspost!", "printed", "restart")
ESCAPES = {"0": "\0", "r": "\r", "n": "\n", "t": "\t", "\\": "\\", '"': '"'}


class ScriptError(Exception):
    pass


class Step:
    def __init__(self, number, source, who, verb, argument, lines=None):
        self.number = number  # in the script, from 1
        self.source = source
        self.who = who  # a connection, or None
        self.verb = verb
        self.argument = argument
        self.lines = lines  # of a <<END block
        self.steps = []  # of a repeat


def read_script(text):
    """The steps of a script; `repeat` holds its own."""
    lines = text.split("\n")
    stack, number = [[]], 0
    while number < len(lines):
        source = lines[number]
        number += 1
        if not source.strip() or source.lstrip().startswith("#"):
            continue
        step = read_step(number, source)
        if step.argument.endswith("<<END") and step.verb in (":", "=", "text"):
            block = []
            while number < len(lines) and lines[number] != "END":
                block.append(lines[number])
                number += 1
            if number == len(lines):
                raise ScriptError(f"line {step.number}: <<END without END")
            step.lines, number = block, number + 1
        if step.verb == "end":
            if len(stack) == 1:
                raise ScriptError(f"line {step.number}: end without repeat")
            stack.pop()
            continue
        stack[-1].append(step)
        if step.verb == "repeat":
            stack.append(step.steps)
    if len(stack) > 1:
        raise ScriptError("repeat without end")
    return stack[0]


def read_step(number, source):
    found = STEP.match(source.lstrip())
    if found:
        return Step(number, source, found.group(1), found.group(2), found.group(3) or "")
    word, _, argument = source.strip().partition(" ")
    if word not in WORDS:
        raise ScriptError(f"line {number}: neither a step nor a word of the language: {source}")
    return Step(number, source, None, word, argument.strip())


def seconds(text):
    found = TIME.match(text.strip())
    if not found:
        raise ScriptError(f"not a time (200ms, 2s): {text}")
    return float(found.group(1)) / (1000 if found.group(2) == "ms" else 1)


def lookup(name, values):
    if name in values:
        return values[name]
    head, _, tail = name.partition(".")
    if tail == "length" and head in values:
        return str(len(to_bytes(values[head])))
    if tail == "base64" and head in values:
        return base64.b64encode(to_bytes(values[head])).decode()
    return None


def fill_in(text, values):
    """TEXT with $names replaced; $Word with a capital stays (an IMAP keyword), $$ is a dollar."""
    def value(found):
        if found.group(1) == "$":
            return "$"
        name = found.group(1)
        known = lookup(name, values)
        if known is not None:
            return known
        # "$anna." at the end of a sentence: the name without the dotted part
        head, dot, tail = name.partition(".")
        if dot and lookup(head, values) is not None:
            return lookup(head, values) + dot + tail
        raise ScriptError(f"nothing is called ${name}")
    return VARIABLE.sub(value, text)


def unescape(text):
    return ESCAPE.sub(lambda found: chr(int(found.group(1)[1:], 16)).encode("latin-1")
                      .decode("utf-8", "surrogateescape")
                      if found.group(1)[0] == "x" else ESCAPES[found.group(1)], text)


def to_bytes(text):
    return text.encode("utf-8", "surrogateescape")


def pattern(text, values):
    """`...` is any text, {name} keeps what stands there; everything else is taken literally."""
    result = ""
    for piece in re.split(r"(\.\.\.|\{[a-z][a-z0-9_]*\}|\$(?:\$|[a-z][a-z0-9_]*(?:\.[a-z0-9]+)?))", text):
        if piece == "...":
            result += ".*"
        elif re.fullmatch(r"\{[a-z][a-z0-9_]*\}", piece):
            result += f"(?P<{piece[1:-1]}>.*?)"
        else:
            result += re.escape(fill_in(piece, values))
    return re.compile(result, re.S)


def regex(text, values):
    """A regular expression; $names are put in literally ($ at the end stays an anchor)."""
    filled = VARIABLE.sub(lambda found: re.escape(fill_in(found.group(0), values)), text)
    return re.compile(filled, re.S)
