"""Speaks Marionette, the remote control of Mozilla's programs, to run steps inside Thunderbird."""
import json
import socket
import time

from check import Failed


class Marionette:
    def __init__(self, port, seconds=90):
        self.socket = self.connect(port, seconds)
        self.socket.settimeout(180)  # a busy machine
        self.input = b""
        self.number = 0
        self.receive()  # its greeting
        self.call("WebDriver:NewSession", {})
        self.call("WebDriver:SetTimeouts", {"script": 120000})
        self.call("Marionette:SetContext", {"value": "chrome"})

    @staticmethod
    def connect(port, seconds):
        end = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), 5)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def receive(self):
        while b":" not in self.input:
            self.more()
        size, _, self.input = self.input.partition(b":")
        while len(self.input) < int(size):
            self.more()
        text, self.input = self.input[:int(size)], self.input[int(size):]
        return json.loads(text)

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise Failed("Thunderbird has gone")
        self.input += data

    def call(self, command, parameters):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(b"%d:%b" % (len(text), text))
        _, _, error, result = self.receive()
        if error:
            raise Failed(f"{command}: {error.get('message')}\n{error.get('stacktrace', '')[:800]}")
        return result

    def run(self, script, *arguments):
        """A script in the chrome's scope; await is allowed, the value of `return` comes back."""
        wrapped = ("const words = [...arguments]; const done = words.pop();"
                   "(async (...words) => {" + script + "})(...words).then(value => done({value}),"
                   " error => done({error: String(error)}));")
        answer = self.call("WebDriver:ExecuteAsyncScript", {
            "script": wrapped, "args": list(arguments), "newSandbox": False})["value"]
        if "error" in answer:
            raise Failed(f"Thunderbird: {answer['error']}\n{script.strip()[:300]}")
        return answer.get("value")
