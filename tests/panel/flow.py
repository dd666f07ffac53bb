#!/usr/bin/env python3
"""Mail flow and protection through the control panel: a mail that waits is traced, held, let go, removed with an undo, and
sent as soon as its server is there; the log; the brake of a hacked account and a ban are lifted; what was decided when the window
closes is still done.

    /usr/bin/python3 tests/panel/flow.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import json
import pathlib
import shutil
import smtplib
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "clients")]
import desktop  # noqa: E402
import stage as panel_stage  # noqa: E402
from office import tls_client  # noqa: E402
from ports import free_port  # noqa: E402

FRIEND = "friend@elsewhere.example"


def send(office, user, *recipients):
    """As the user's mail program does it, a mail to each."""
    with smtplib.SMTP("127.0.0.1", office.port("submission"), "client.example", timeout=30) as smtp:
        smtp.starttls(context=tls_client())
        smtp.login(user.address, user.password)
        for recipient in recipients:
            smtp.sendmail(user.address, [recipient], f"From: {user.address}\r\nSubject: x\r\n\r\nx\r\n".encode())


def queue(stage):
    return json.loads(stage.office.command("queue", "list", "--json"))


def brakes(stage):
    return json.loads(stage.office.command("brake", "list", "--json"))


def bans(stage):
    return [ban["address"] for ban in json.loads(stage.office.command("ban", "list", "--json"))]


class Relay:
    """Where mail goes out; nobody is there until it is opened."""

    def __init__(self, stage):
        self.port, self.process, self.dump = free_port(), None, stage.folder / "sink"
        for setting in (("queue.relay", f"127.0.0.1:{self.port}"), ("queue.relay-tls", "no"),
                        ("brake.new-recipients", "3"), ("brake.calm-time", "0s")):
            stage.office.command("set", *setting)

    def open(self, stage):
        self.process = subprocess.Popen(["smtp-sink", "-u", "root", "-c", "-D", str(self.dump), f"127.0.0.1:{self.port}", "20"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stage.patiently(self.answers, "smtp-sink does not answer")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def has(self, recipient):
        return self.dump.exists() and f"<{recipient}>" in self.dump.read_text(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()


def more(stage, item, recipient=FRIEND):
    stage.menu(stage.panel.words("More for the mail to %s") % recipient, item)


def traces(stage, user):
    """What has become of a mail, in sentences; and what the log says of it."""
    panel = stage.panel
    stage.tab("Trace")
    panel.write("Which mail", FRIEND)
    panel.get_part(user.address)  # the mail's title
    panel.wait(lambda: any(FRIEND in (node.get_name() or "") for node in panel.shown()
                           if node.get_role_name() == "list item"), "a sentence about the mail")
    stage.look("flow-trace")
    stage.tab("Live Log")
    panel.wait(lambda: any("Mail accepted" in panel.text_of(node) for node in panel.shown()), "the log's line")
    stage.look("flow-log")
    stage.tab("Queue")
    stage.say("traced; the log tells of it, too")


def holds(stage):
    more(stage, "_Hold")
    stage.patiently(lambda: queue(stage)[0]["held"], "the mail is not held")
    stage.panel.hold_undo()
    stage.panel.says("The mail is held")
    stage.panel.undo()
    stage.patiently(lambda: not queue(stage)[0]["held"], "the undo does not let it go")
    stage.say("held, and let go by the undo")


def removes(stage):
    more(stage, "_Remove")
    stage.panel.hold_undo()
    stage.panel.says("The mail is removed")
    stage.must(len(queue(stage)) == 1, "it was removed before the undo was over")
    stage.look("flow-removed")
    stage.panel.undo()
    stage.panel.get(FRIEND)
    stage.must(len(queue(stage)) == 1, "the undo came too late")
    stage.say("removed, and brought back by the undo")


def retries(stage, relay):
    relay.open(stage)
    stage.panel.press(stage.panel.words("Try again: mail for %s") % FRIEND)
    stage.patiently(lambda: relay.has(FRIEND), "it was not sent")
    stage.panel.get("Nothing Waits")
    stage.say("tried again, and sent; the page says that nothing waits")


def releases(stage, hacked, relay):
    """More new recipients within an hour than the brake allows."""
    victims = [f"victim{number}@spread.example" for number in range(6)]
    send(stage.office, hacked, *victims)
    stage.patiently(lambda: brakes(stage), "the brake did not come on")
    held = [row["recipient"] for row in queue(stage)]
    stage.must(held, "nothing is held")
    stage.go("Protection")
    stage.panel.get_part(hacked.address)
    stage.panel.says("_Release")
    stage.look("protection-braked")
    stage.panel.press("_Release")
    stage.patiently(lambda: not brakes(stage), "the brake is still on")
    stage.patiently(lambda: all(map(relay.has, held)), "what was held was not sent")
    stage.panel.get("No user is held.")
    stage.say(f"the brake held {len(held)} mails of a hacked account, and was released")


def lifts(stage):
    stage.office.command("ban", "add", "192.0.2.66", "2h")
    name = stage.panel.words("Lift the ban of %s") % "192.0.2.66"
    stage.panel.press(name)
    stage.patiently(lambda: bans(stage) == [], "the ban is still there")
    stage.panel.undo()
    stage.patiently(lambda: bans(stage) == ["192.0.2.66"], "the undo does not bring it back")
    stage.panel.get(name)
    stage.look("protection-ban")
    stage.say("a ban lifted, and brought back by the undo")


def lifts_while_all_changes(stage):
    """Between the press and the release somebody else changes what the row is about: the click counts."""
    panel, name = stage.panel, stage.panel.words("Lift the ban of %s") % "192.0.2.66"
    panel.scroll_to(panel.get(name))
    time.sleep(0.3)  # the wheel's way ends
    desktop.pointer(*panel.middle(panel.get(name)))
    subprocess.run(["xdotool", "mousedown", "1"], check=True)
    stage.office.command("ban", "add", "192.0.2.66", "3h")
    stage.office.command("ban", "add", "192.0.2.67", "3h")
    time.sleep(1)  # the page has heard of it
    subprocess.run(["xdotool", "mouseup", "1"], check=True)
    panel.get(panel.words("Lift the ban of %s") % "192.0.2.67")
    stage.patiently(lambda: bans(stage) == ["192.0.2.67"], "the click was lost")
    panel.wait(lambda: not panel.has(name), "the list without it")
    stage.say("a click on a row that changes meanwhile")


def closes(stage, user):
    """What was removed a moment ago is removed for good, although the window closes."""
    stage.office.command("set", "queue.relay", "127.0.0.1:9")
    send(stage.office, user, FRIEND)
    stage.go("Mail Flow")
    stage.panel.get(FRIEND)
    more(stage, "_Remove")
    stage.must(len(queue(stage)) == 1, "it was removed before the undo was over")
    stage.panel.key("ctrl+q")
    stage.must(stage.panel.program.wait(20) == 0, "the panel ended badly")
    stage.must(queue(stage) == [], "the mail was not removed")
    stage.say("a change on its way was made although the window has closed")


def play(stage):
    user, hacked = stage.office.add_user("anna"), stage.office.add_user("bert")
    with Relay(stage) as relay:
        send(stage.office, user, FRIEND)
        stage.patiently(lambda: queue(stage) and queue(stage)[0]["attempts"] > 0, "the mail does not wait")
        stage.open("queue")
        stage.panel.get(FRIEND)
        stage.look("flow")
        traces(stage, user)
        holds(stage)
        removes(stage)
        retries(stage, relay)
        releases(stage, hacked, relay)
        lifts(stage)
        lifts_while_all_changes(stage)
        closes(stage, user)


if __name__ == "__main__":
    if not all(map(shutil.which, ("smtp-sink", "Xvfb", "xdotool"))):
        sys.exit("not installed: smtp-sink, Xvfb or xdotool")
    panel_stage.main(play)
