#!/usr/bin/env python3
"""Settings, backup and administrators through the control panel: a setting found by search, changed and taken back; two
administrators at once, of whom the second decides; a backup made and proved; rights given, and who did all that.

    /usr/bin/python3 tests/panel/keeping.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import desktop  # noqa: E402
import stage as panel_stage  # noqa: E402

KEY = "queue.lifetime"  # 5 days, if nobody says otherwise
WORDS = {"en": "deliver another domain", "de": "zuzustellen andere Domain"}  # of what explains it
SECRET = "queue.relay-password"
CONFLICT = "Somebody Else Has Changed This"


def searches(stage, words):
    stage.panel.key("ctrl+f")
    stage.panel.get("Search", {"entry", "text"})
    stage.panel.type("Search", words)
    stage.editor_of(KEY)


def finds_and_sets(stage):
    """By a word of its help, not by its key."""
    panel = stage.panel
    stage.editor_of("acme.email")
    searches(stage, WORDS[stage.arguments.language])
    stage.must(not any("acme.email" in (node.get_description() or "") for node in panel.shown()), "the search finds too much")
    stage.look("settings-found")
    stage.set(KEY, "2d")
    panel.undo()
    stage.patiently(lambda: stage.value_of(KEY) == "5d", f"the undo leaves {stage.value_of(KEY)}")
    stage.say("a setting found, changed, and changed back by the undo")


def type_over(stage, mine, theirs, wait):
    """While one types, another one changes the same. WAIT: seconds until one is ready; the page has heard of it then."""
    stage.editor_of(KEY).get_editable_text_iface().set_text_contents(mine)
    stage.office.command("set", KEY, theirs)
    time.sleep(wait)
    stage.must(stage.panel.text_of(stage.editor_of(KEY)) == mine, "what was typed is gone")
    stage.press_of(KEY, "Apply")
    stage.panel.get(CONFLICT)
    stage.must(stage.value_of(KEY) == theirs, "the other's value was overwritten")


def decides(stage):
    panel = stage.panel
    type_over(stage, "3d", "4d", 0)
    stage.look("settings-conflict")
    panel.press("Keep _Theirs")
    stage.patiently(lambda: panel.text_of(stage.editor_of(KEY)) == "4d", "the page does not show what counts")
    stage.must(stage.value_of(KEY) == "4d", "the other's value is gone")
    type_over(stage, "6d", "7d", 1.5)
    panel.press("Write _Mine")
    stage.patiently(lambda: stage.value_of(KEY) == "6d", "one's own value was not written")
    stage.say("two administrators: the second one decided, once for each")


def refuses(stage):
    """What the server refuses is told, and can be mended."""
    stage.editor_of(KEY).get_editable_text_iface().set_text_contents("soon")
    stage.press_of(KEY, "Apply")
    stage.panel.get_part("“soon”" if stage.arguments.language == "en" else "„soon“")
    stage.must(stage.panel.text_of(stage.editor_of(KEY)) == "soon", "what was typed is gone")
    stage.must(stage.value_of(KEY) == "6d", "a wrong value was taken")
    stage.say("a wrong value refused, and still there to be mended")


def decides_on_a_secret(stage):
    """Nobody sees what the other one has typed, but that there is another secret now."""
    panel = stage.panel

    def theirs(value):
        status, answer = stage.office.api("PATCH", "/v1/settings", {SECRET: value})
        stage.must(status == 200, answer)
        return mark()

    def mark():
        return stage.api(f"/v1/settings/{SECRET}")["setting"].get("mark")

    def apply():
        stage.editor_of(SECRET).get_editable_text_iface().set_text_contents("what I think")
        time.sleep(1)
        before = theirs("what they think") if mark() == first else mark()
        stage.press_of(SECRET, "Apply")
        return before

    first = theirs("what it was")
    panel.type("Search", SECRET)
    stage.editor_of(SECRET)
    time.sleep(1)
    second = apply()
    panel.get(CONFLICT)
    stage.must(mark() == second, "the other's secret was overwritten")
    panel.press("Keep _Theirs")
    stage.must(mark() == second, "the other's secret is gone")
    time.sleep(1)
    apply()
    stage.patiently(lambda: mark() != second, "one's own secret was not written")
    stage.say("a secret that two have changed: the second one decided")


def backs_up(stage):
    panel = stage.panel
    stage.go("Backup")
    panel.says("There is none yet. Make the first one now.")
    panel.press("_Back Up Now")
    panel.press("_Prove", patience=30)
    stage.patiently(lambda: any(row["proved"] for row in stage.api("/v1/backups")["details"]), "it was not proved", 40)
    panel.get("proven", {"image"}, patience=20)
    stage.look("backup")
    stage.say("a backup made and proved")


def role_of(stage, user):
    rows = json.loads(stage.office.command("administrator", "list", "--json"))
    return next((row["role"] for row in rows if row["address"] == user.address), None)


def appoints(stage, user):
    panel = stage.panel
    stage.go("Administrators")
    panel.press("Add an administrator")
    panel.type("Address of the user", user.address)
    stage.look("administrators-add")
    panel.press("_Add")
    stage.patiently(lambda: role_of(stage, user) == "administrator", "no administrator was added")
    panel.get_part(user.address)
    stage.say("an administrator added")


def decides_on_rights(stage, user):
    """Between the look and the change somebody else gives other rights."""
    panel = stage.panel
    panel.click(panel.get_part(user.address))
    panel.get("_Change")
    stage.office.command("administrator", "set", user.address, "--role", "domain-administrator", "--domains", "office.example")
    panel.press("_Change")
    panel.get(CONFLICT)
    stage.must(role_of(stage, user) == "domain-administrator", "the other's rights were overwritten")
    stage.look("administrators-conflict")
    panel.press("Write _Mine")
    stage.patiently(lambda: role_of(stage, user) == "administrator", "one's own were not written")
    stage.say("rights that two have changed: the second one decided")


def takes_back_rights(stage, user):
    """Who administers already is not given other rights by “Add”; who was changed is not removed, unasked."""
    panel = stage.panel
    panel.press("Add an administrator")
    panel.type("Address of the user", user.address)
    stage.office.command("administrator", "set", user.address, "--role", "read-only")
    panel.press("_Add")
    panel.get("This Is There Already")
    stage.must(role_of(stage, user) == "read-only", "the other's rights were overwritten")
    stage.look("administrators-there")
    panel.press("_Keep It")
    time.sleep(0.5)
    stage.must(role_of(stage, user) == "read-only", "theirs was not kept")
    stage.office.command("administrator", "set", user.address, "--role", "administrator")
    stage.say("who administers already is asked about")


def bans(stage):
    return {ban["address"]: ban for ban in stage.api("/v1/bans")["bans"]}


def bans_twice(stage):
    """An address that somebody else has just banned for good."""
    panel, address = stage.panel, "192.0.2.77"
    stage.go("Protection")
    for answer in ("_Keep It", "_Replace It"):
        panel.press("Ban an address")
        panel.type("IP address or network (192.0.2.0/24)", address)
        stage.office.command("ban", "add", address)
        panel.press("_Ban", last=True)
        panel.get("This Is There Already")
        stage.must("until" not in bans(stage)[address], "the other's ban was overwritten")
        if answer == "_Keep It":
            stage.look("bans-there")
        panel.press(answer)
        stage.patiently(lambda: ("until" in bans(stage)[address]) == (answer == "_Replace It"), f"not so after “{answer}”")
    stage.say("a ban that was there already, kept and replaced")


def scrolls_past(stage):
    """Who turns the wheel with the pointer over a number scrolls the page, and changes no setting."""
    panel, key = stage.panel, "submission.user-hour"
    before, editor = stage.value_of(key), stage.editor_of(key)
    x, y = panel.scroll_to(editor)
    time.sleep(0.3)  # the page comes to rest
    x, y = panel.middle(editor)
    desktop.pointer(x, y)
    subprocess.run(["xdotool", "click", "--repeat", "2", "4"], check=True)
    panel.wait(lambda: panel.middle(editor)[1] > y, "a page that scrolls")
    time.sleep(1.5)  # longer than the panel waits before it sends
    stage.must(stage.value_of(key) == before, f"the wheel has changed {key}")
    stage.say("the wheel over a number scrolls the page alone")


def knows_who(stage, user):
    panel = stage.panel
    stage.tab("Audit Log")
    entry = stage.api("/v1/audit")["entries"][0]
    stage.must(user.address in entry["path"] and entry["way"] == "token", entry)
    panel.get_part(user.address)
    panel.get_part("the administrator of the computer")
    stage.look("audit")
    stage.say("the log says who did what")


def gives_the_server_to(stage, name):
    """Who has a mailbox already, be it under the address that is suggested: only after a question, and then once."""
    panel, address = stage.panel, f"{name}@office.example"
    panel.press("_Back", last=True)
    panel.get("Who Looks After It?")
    panel.type("Name", f"Named {name}")
    panel.type("Address", address)
    for answer in ("_Replace It", None):
        panel.press("_Continue")
        if answer:
            panel.get("This Is There Already")
            panel.press(answer)
        panel.get("Who Has a Mailbox?")
        person = stage.api(f"/v1/users/{address}")["user"]
        stage.must(person["administrator"] and person["display_name"] == f"Named {name}", person)
        if answer:
            panel.press("_Back", last=True)
            panel.get("Who Looks After It?")


def sets_up_beside(stage):
    """The assistant on a server that somebody else has set up, and is setting up now."""
    panel, relay, admin = stage.panel, "queue.relay", "admin@office.example"

    def name_of_admin():
        return stage.api(f"/v1/users/{admin}")["user"]["display_name"]

    stage.office.command("user", "name", admin, "Taken Over")
    aliases = stage.api("/v1/aliases")
    stage.menu("Main menu", "Set _Up")
    panel.get("Is the World Ready for It?")
    panel.press("_Continue")
    panel.type("Name", "Somebody")
    stage.must(panel.text_of(panel.entry_of("Address")) == admin, "another address is suggested")
    panel.type("Password", "a password of mine")
    panel.type("The same password again", "a password of mine")
    panel.press("_Continue")
    panel.get("This Is There Already")
    stage.look("setup-there")
    panel.press("_Keep It")
    panel.get("Who Has a Mailbox?")
    stage.must(name_of_admin() == "Taken Over", "a person was overwritten")
    stage.must(stage.api("/v1/aliases") == aliases, "postmaster@ leads to who was to stay as they were")
    gives_the_server_to(stage, "carl")
    gives_the_server_to(stage, "admin")
    stage.office.api("PUT", "/v1/setup", {"step": "finish", "done": True})
    panel.press("_Continue")
    panel.get(CONFLICT)
    stage.look("setup-conflict")
    panel.press("Keep _Theirs")
    panel.get("Whom Do Mail Programs Trust?")
    panel.press("The self-signed one, for now")
    panel.press("_Continue")
    panel.press("Through a provider’s server (smart host)")
    panel.type("Server and port (smtp.example.com:587)", "mine.example:587")
    stage.office.command("set", relay, "theirs.example:587")
    panel.press("_Continue")
    panel.get(CONFLICT)
    stage.must(stage.value_of(relay) == "theirs.example:587", "the other's server was overwritten")
    stage.look("setup-settings-conflict")
    panel.press("Write _Mine")
    panel.get("How Does the World Find It?")
    stage.must(stage.value_of(relay) == "mine.example:587", "one's own server was not written")
    stage.must(stage.api("/v1/setup")["setup"]["done"], "what the other one's assistant kept was overwritten")
    for job in stage.api("/v1/jobs")["jobs"]:  # the pre-flight: nobody waits for its DNS
        if job["state"] == "running":
            stage.office.api("DELETE", f"/v1/jobs/{job['job']}")
    stage.say("the assistant asks before it overwrites")


def play(stage):
    user = stage.office.add_user("bert")
    stage.office.add_user("carl")
    stage.open("settings")
    finds_and_sets(stage)
    decides(stage)
    refuses(stage)
    decides_on_a_secret(stage)
    backs_up(stage)
    appoints(stage, user)
    decides_on_rights(stage, user)
    takes_back_rights(stage, user)
    knows_who(stage, user)
    bans_twice(stage)
    scrolls_past(stage)
    sets_up_beside(stage)


if __name__ == "__main__":
    if not all(map(shutil.which, ("Xvfb", "xdotool"))):
        sys.exit("not installed: Xvfb or xdotool")
    panel_stage.main(play)
