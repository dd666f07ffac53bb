"""Plays one script: connections, what they send, what must come back."""
import base64
import re
import time

from script import (ScriptError, Step, fill_in, pattern, read_script, regex, seconds, to_bytes,
                    unescape)
from wire import Wire, WireTimeout

SHOWN = 400  # bytes of a line in a failure


class Failure(Exception):
    def __init__(self, step, expected, came):
        super().__init__(f"line {step.number}: {step.source.strip()}")
        self.expected = expected
        self.came = came


def shown(line):
    if line is None:
        return "(the connection was closed)"
    text = line.decode("utf-8", "backslashreplace")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(line)} bytes)"


class Conversation:
    """OFFICE needs port(), hostname, add_user(), command(), restart(); tests give a small one."""

    def __init__(self, office, text, domain, implicit_tls=()):
        self.office = office
        self.steps = read_script(text)
        self.domain = domain
        self.implicit_tls = implicit_tls
        self.values = {"domain": domain, "hostname": office.hostname}
        self.wires = {}
        self.forbidden = {}
        self.timeout = 15.0

    def play(self):
        try:
            self.run(self.steps)
        finally:
            for wire in self.wires.values():
                wire.close()

    def run(self, steps):
        index = 0
        while index < len(steps):
            group = 1
            if steps[index].verb == "&":
                while (index + group < len(steps) and steps[index + group].verb == "&"
                       and steps[index + group].who == steps[index].who):
                    group += 1
            self.run_step(steps[index:index + group])
            index += group

    def run_step(self, group):
        step = group[0]
        try:
            if step.verb == "&":
                self.expect_in_any_order(group)
            elif step.who:
                getattr(self, ON_CONNECTION[step.verb])(step, self.wire(step))
            else:
                getattr(self, "word_" + WORD.get(step.verb, step.verb))(step)
        except (ScriptError, ConnectionError, OSError) as problem:
            raise Failure(step, "(the step to work)", str(problem)) from problem
        except WireTimeout:
            raise Failure(step, "(the step to work)", "(nothing within the timeout)") from None

    def wire(self, step):
        if step.who not in self.wires:
            raise ScriptError(f"no connection {step.who}")
        return self.wires[step.who]

    def content(self, step):
        """What a step sends or expects, as bytes, without a line end."""
        if step.lines is None:
            return to_bytes(fill_in(step.argument, self.values))
        return b"\r\n".join(to_bytes(fill_in(line, self.values)) for line in step.lines)

    # Steps on a connection.
    def send(self, step, wire):
        wire.send(self.content(step) + b"\r\n")

    def next_line(self, step, wire, expected):
        try:
            return wire.line(time.monotonic() + self.timeout)
        except WireTimeout:
            partial = f"; began: {shown(bytes(wire.input))}" if wire.input else ""
            came = f"(nothing within {self.timeout:g} s{partial})"
            raise Failure(step, expected, came) from None

    def match(self, expression, line):
        """True, and what was captured is known, when the whole LINE fits."""
        if line is None:
            return False
        found = expression.fullmatch(line.decode("utf-8", "surrogateescape"))
        if found:
            self.values.update(found.groupdict())
        return bool(found)

    def expect(self, step, wire):
        expected = fill_in_known(step.argument, self.values)
        line = self.next_line(step, wire, expected)
        if not self.match(pattern(step.argument, self.values), line):
            raise Failure(step, expected, shown(line))

    def expect_regex(self, step, wire):
        line = self.next_line(step, wire, step.argument)
        if not self.match(regex(step.argument, self.values), line):
            raise Failure(step, "a line like " + step.argument, shown(line))

    def expect_later(self, step, wire):
        """Lines up to the one that fits; none of them may be what `! without` named."""
        forbidden = self.forbidden.pop(step.who, [])
        expected = "at last " + fill_in_known(step.argument, self.values)
        passed = []
        while True:
            try:
                line = self.next_line(step, wire, expected)
            except Failure as failure:
                failure.came = "\n".join([*passed, failure.came])
                raise
            for text in forbidden:
                if line is not None and pattern(text, self.values).fullmatch(
                        line.decode("utf-8", "surrogateescape")):
                    raise Failure(step, f"no line like {text}", shown(line))
            if self.match(pattern(step.argument, self.values), line):
                return
            passed.append(shown(line))
            if line is None:
                raise Failure(step, expected, "\n".join(passed[-20:]))

    def expect_in_any_order(self, group):
        waiting = list(group)
        wire = self.wire(group[0])
        while waiting:
            expected = "in any order:\n" + "\n".join(step.argument for step in waiting)
            line = self.next_line(waiting[0], wire, expected)
            for step in waiting:
                if self.match(pattern(step.argument, self.values), line):
                    waiting.remove(step)
                    break
            else:
                raise Failure(waiting[0], expected, shown(line))

    def expect_bytes(self, step, wire):
        expected = self.content(step) + (b"\r\n" if step.lines is not None else b"")
        came = wire.bytes(len(expected), time.monotonic() + self.timeout)
        if came != expected:
            raise Failure(step, f"{len(expected)} bytes: {shown(expected)}", shown(came))

    def special(self, step, wire):
        word, _, argument = step.argument.partition(" ")
        if word == "send":
            text = argument.strip()
            if text.startswith('"') and text.endswith('"'):
                text = text[1:-1]
            wire.send(to_bytes(unescape(fill_in(text, self.values))))
        elif word == "starttls":
            if wire.input:
                raise Failure(step, "silence before the handshake", shown(bytes(wire.input)))
            wire.start_tls(self.timeout)
        elif word == "compress":
            if wire.input:
                raise Failure(step, "silence before the compression", shown(bytes(wire.input)))
            wire.compress()
        elif word == "closed":
            line = self.next_line(step, wire, "(the connection to be closed)")
            if line is not None:
                raise Failure(step, "(the connection to be closed)", shown(line))
        elif word == "nothing":
            if not wire.quiet(seconds(argument.removeprefix("within "))):
                came = shown(bytes(wire.input)) if wire.input else shown(None)
                raise Failure(step, f"nothing within {argument}", came)
        elif word == "without":
            self.forbidden.setdefault(step.who, []).append(argument)
        elif word == "read":
            count, name = argument.split()
            data = wire.bytes(int(fill_in(count, self.values)), time.monotonic() + self.timeout)
            self.values[name] = data.decode("utf-8", "surrogateescape")
        elif word == "close":
            wire.close()
            del self.wires[step.who]
        else:
            raise ScriptError(f"nothing is called ! {word}")

    # Words of the script.
    def word_users(self, step):
        for name in step.argument.split():
            user = self.office.add_user(name, self.domain)
            self.values[name] = user.address
            self.values[name + ".password"] = user.password
            login = f"\0{user.address}\0{user.password}".encode()
            self.values[name + ".plain"] = base64.b64encode(login).decode()

    def word_connect(self, step):
        name, service, *source = step.argument.split()
        if source and (len(source) != 2 or source[0] != "from"):
            raise ScriptError("connect NAME SERVICE [from ADDRESS]")
        if name in self.wires:
            self.wires[name].close()
        self.wires[name] = Wire(("127.0.0.1", self.office.port(service)), self.office.hostname,
                                service in self.implicit_tls, source[1] if source else None)

    def word_let(self, step):
        name, _, text = step.argument.partition(" ")
        self.values[name] = unescape(fill_in(text, self.values))

    def word_base64(self, step):
        name, _, text = step.argument.partition(" ")
        data = to_bytes(unescape(fill_in(text, self.values)))
        self.values[name] = base64.b64encode(data).decode()

    def word_text(self, step):
        if step.lines is None:
            raise ScriptError("text NAME <<END")
        name = step.argument.split()[0]
        lines = (fill_in(line, self.values) for line in step.lines)
        self.values[name] = "".join(line + "\r\n" for line in lines)

    def word_fill(self, step):
        """COUNT bytes in lines of 78."""
        name, count = step.argument.split()
        line = "0123456789" * 7 + "012345\r\n"
        count = int(fill_in(count, self.values))
        text = (line * (count // len(line) + 1))[:count]
        self.values[name] = text[:-2] + "\r\n" if count >= 2 else text

    def word_wait(self, step):
        time.sleep(seconds(step.argument))

    def word_timeout(self, step):
        self.timeout = seconds(step.argument)

    def word_repeat(self, step):
        for turn in range(1, int(fill_in(step.argument, self.values)) + 1):
            self.values["i"] = str(turn)
            self.run(step.steps)

    def word_hauspost(self, step, fails=False):
        words = fill_in(step.argument, self.values).split()
        self.values["output"] = self.office.command(*words, fails=fails).rstrip("\n")

    def word_hauspost_refused(self, step):
        self.word_hauspost(step, fails=True)

    def word_printed(self, step):
        output = self.values.get("output", "")
        if not re.search(fill_in(step.argument, self.values), output):
            raise Failure(step, step.argument, output)

    def word_restart(self, step):
        self.office.restart()


def fill_in_known(text, values):
    try:
        return fill_in(text, values)
    except ScriptError:
        return text


ON_CONNECTION = {":": "send", ">": "expect", ">>": "expect_later", "~": "expect_regex",
                 "=": "expect_bytes", "!": "special"}
WORD = {"hauspost!": "hauspost_refused"}
