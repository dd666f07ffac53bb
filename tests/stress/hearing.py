"""How a mail program of the stress program takes what the server says untagged."""
from history import Violation, make_mail
from wire import Broken, Gone, numbers

QUIET = {"FETCH", "STORE", "SEARCH", "SORT", "THREAD"}  # no EXPUNGE may be told while they run


def items_of(answer):
    """{item: value} of a FETCH or UIDFETCH, with its UID if that was told; {} of other answers."""
    kind = answer.data[1] if len(answer.data) > 2 else None
    if kind not in ("FETCH", "UIDFETCH") or answer.tag != "*":
        return {}
    words = answer.data[2]
    items = {words[at].upper(): words[at + 1] for at in range(0, len(words), 2)}
    return {"UID": answer.data[0], **items} if kind == "UIDFETCH" else items


class Hearing:
    """The part of a Client that listens."""

    async def until(self, tag):
        while True:
            answer = await self.next_answer()
            if answer.tag == tag:
                if answer.status == "BAD":
                    raise Violation(f"{self.running}: {answer}")
                return answer
            if answer.tag == "+":
                return answer
            if answer.tag != "*":
                raise Broken(f"an answer nobody waits for: {answer}")
            self.hear(answer)

    async def next_answer(self):
        """Gone, when the server has reason to hang up."""
        try:
            answer = await self.wire.answer()
        except Gone:
            answer = None
        if answer is None or (answer.tag == "*" and answer.status == "BYE"):
            if self.may_be_cut_off():
                raise Gone
            raise Violation(f"{self.running}: the server hung up: {answer}")
        return answer

    def hear(self, answer):
        self.heard.append(answer)
        words = answer.data
        if len(words) > 1 and words[0].isdigit():
            self.hear_number(int(words[0]), words[1].upper(), answer)
        elif words[0] == "VANISHED":
            self.hear_vanished(words[1:])

    def hear_number(self, number, kind, answer):
        if kind == "EXISTS":
            if number < len(self.view):
                raise Violation(f"{number} EXISTS after {len(self.view)}")
            self.view += [None] * (number - len(self.view))
        elif kind == "EXPUNGE":
            self.hear_expunge(number)
        elif kind in ("FETCH", "UIDFETCH"):
            if (kind == "UIDFETCH") != self.by_uid:
                raise Violation(f"{kind} with {self.enabled} enabled (RFC 9586 3.3)")
            self.hear_fetch(number, items_of(answer))
        elif kind != "RECENT":
            raise Broken(f"{number} {kind}")
        elif "IMAP4rev2" in self.enabled:
            raise Violation("RECENT after ENABLE IMAP4rev2 (RFC 9051 appendix E)")

    def is_quiet(self):
        return self.running and self.running[0] in QUIET

    def hear_expunge(self, number):
        if self.is_quiet():
            raise Violation(f"EXPUNGE while {self.running} runs (RFC 9051 7.5.1)")
        if self.enabled & {"QRESYNC", "UIDONLY"}:
            raise Violation(f"EXPUNGE after ENABLE {self.enabled} (RFC 7162 3.2.10, 9586 3.3)")
        if not 1 <= number <= len(self.view):
            raise Violation(f"{number} EXPUNGE of {len(self.view)}")
        self.forget(self.view.pop(number - 1))

    def forget(self, uid):
        if uid is not None:
            self.flags.pop(uid, None)
            self.box.vanished(uid)

    def hear_vanished(self, words):
        earlier = words[0] == ["EARLIER"]
        gone = set(numbers(words[-1]))
        if not self.enabled & {"QRESYNC", "UIDONLY"}:
            raise Violation("VANISHED, and nobody has enabled it (RFC 7162 3.2.10)")
        if self.is_quiet() and not earlier:
            raise Violation(f"VANISHED while {self.running} runs")
        if not earlier:
            for uid in gone - set(self.view):
                self.lose_unknown(uid)
        for uid in gone if not earlier else gone & set(self.view):
            self.forget(uid)
        self.view = [uid for uid in self.view if uid not in gone]

    def lose_unknown(self, uid):
        """A message that was announced and never asked about: it stood between its neighbours."""
        known = [at for at, other in enumerate(self.view) if other is not None and other < uid]
        first = known[-1] + 1 if known else 0
        if self.by_uid and None in self.view:
            first = self.view.index(None)
        if first >= len(self.view) or self.view[first] is not None:
            raise Violation(f"VANISHED tells of {uid}, which was never shown: {self.view}")
        del self.view[first]

    def hear_fetch(self, number, items):
        if self.by_uid:
            if number not in self.view:
                self.insert(number)
                self.box.sight(number)
            self.hear_items(number, items)
            return
        if not 1 <= number <= len(self.view):
            raise Violation(f"{number} FETCH of {len(self.view)}")
        known, told = self.view[number - 1], items.get("UID")
        if told is not None:
            self.learn(number, int(told), known)
        uid = self.view[number - 1]
        if uid is None:
            return  # flags of a message this client has not asked about yet
        self.hear_items(uid, items)

    def learn(self, number, uid, known):
        if known not in (None, uid):
            raise Violation(f"message {number} was UID {known}, is {uid}")
        if known is None:
            before = [other for other in self.view[:number - 1] if other is not None]
            after = [other for other in self.view[number:] if other is not None]
            if (before and before[-1] >= uid) or (after and after[0] <= uid):
                raise Violation(f"UID {uid} stands between {before[-1:]} and {after[:1]}")
            self.view[number - 1] = uid
            self.box.sight(uid)

    def hear_items(self, uid, items):
        token = subject(items.get("BODY[HEADER.FIELDS (SUBJECT)]"))
        message = self.box.sight(uid, token)
        for name in ("RFC822.SIZE", "INTERNALDATE", "EMAILID", "THREADID", "SAVEDATE"):
            if name in items:
                message.keep(name, str(items[name]))
        if "FLAGS" in items:
            if "\\Recent" in items["FLAGS"] and "IMAP4rev2" in self.enabled:
                raise Violation("\\Recent after ENABLE IMAP4rev2")
            modseq = int(items["MODSEQ"][0]) if "MODSEQ" in items else None
            self.box.see_flags(uid, items["FLAGS"], self.begin, modseq)
            self.flags[uid] = set(items["FLAGS"])
        if "BODY[]" in items:
            self.check_text(message, items["BODY[]"])

    def check_text(self, message, text):
        message.keep("length", len(text))
        if message.token is not None and not text.endswith(make_mail(message.token)):
            raise Violation(f"UID {message.uid} is not {message.token}: {text[:200]!r}")


def subject(header):
    """The token in a subject that was fetched; None when none was."""
    if header is None:
        return None
    words = header.decode().split()
    return words[1] if len(words) == 2 else None
