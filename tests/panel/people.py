#!/usr/bin/env python3
"""Domains and people through the control panel: added, changed, removed, taken back, from a file; what the panel says is what
the server says. A DNS of the test's own (knot) has some of a domain's records right, some missing, one wrong. In a narrow window
(--width 400) every page is looked at, and must fit.

    /usr/bin/python3 tests/panel/people.py BUILD [--language de] [--dark] [--width 400] [--pictures FOLDER]
"""
import contextlib
import imaplib
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "dns")]
import stage as panel_stage  # noqa: E402
from desktop import pointer  # noqa: E402
from knot import Knot, Zone  # noqa: E402
from office import tls_client  # noqa: E402

CONFLICT = "Somebody Else Has Changed This"
DOMAIN = "second.example"
ZONE = "@ MX 10 mail.office.example.\n@ TXT \"v=spf1 -all\""
FILE = """Address,Password,Quota,Name
emil@second.example,quite a long password,1G,Emil Example
frieda@second.example,,,Frieda
frieda@second.example,,,Frieda again
"""


def answer(stage, path):
    status, answer = stage.office.api("GET", path)
    return answer if status == 200 else None


def names(stage, what):
    """The addresses that the server has: users, aliases, groups, roles."""
    return {item["address"] for item in answer(stage, f"/v1/{what}")[what]}


def user(stage, address):
    return answer(stage, f"/v1/users/{address}")["user"]


def logs_in(stage, address, password):
    with imaplib.IMAP4_SSL("127.0.0.1", stage.office.port("imaps"), ssl_context=tls_client()) as client:
        try:
            return client.login(address, password)[0] == "OK"
        except imaplib.IMAP4.error:
            time.sleep(0.5)
            return False


def image_of(panel, row, said):
    """The sign of the row that is called so, which says SAID."""
    for node, _ in panel.visible():
        if node.get_role_name() == "list item" and node.get_name() == row:
            for inner, _ in panel.visible(node):
                if inner.get_role_name() == "image" and inner.get_name() == panel.words(said):
                    return inner
    return None


def member_names(stage, address):
    """Who an alias, a group or a shared mailbox is made of."""
    for what, members in (("aliases", "targets"), ("groups", "members"), ("roles", "members")):
        for item in answer(stage, f"/v1/{what}")[what]:
            if item["address"] == address:
                return sorted(member["address"] if isinstance(member, dict) else member for member in item[members])
    return None


def go(panel, key):
    panel.key(f"ctrl+{key}")
    time.sleep(0.4)


# Domains.

def add_domain(stage):
    panel = stage.panel
    go(panel, 2)
    panel.get("office.example", {"list item"})
    stage.look("domains")
    panel.press("Add a domain", {"push button"})
    panel.type("Domain, such as example.com", "nonsense")
    stage.must(not panel.is_sensitive("_Add"), "a domain without a dot can be added")
    panel.type("Domain, such as example.com", DOMAIN)
    stage.look("domain-add")
    panel.press("_Add", last=True)
    panel.get(f"MX  {DOMAIN}", {"list item"})
    stage.must(DOMAIN in answer(stage, "/v1/domains")["domains"], "the domain is not there")
    stage.say("a domain is added")


def check_domain(stage):
    panel = stage.panel
    panel.wait(lambda: image_of(panel, f"MX  {DOMAIN}", "Right"), "the sign of the MX record", 60)
    panel.wait(lambda: image_of(panel, f"TXT  {DOMAIN}", "Wrong"), "the sign of the SPF record")
    panel.wait(lambda: image_of(panel, f"TXT  _dmarc.{DOMAIN}", "Missing"), "the sign of the DMARC record")
    stage.look("domain-checked")
    panel.click(panel.get(f"TXT  {DOMAIN}", {"list item"}, last=True))
    panel.says("v=spf1 -all")
    time.sleep(0.5)
    stage.look("domain-record")
    stage.say("the DNS is checked: right, wrong, missing")
    panel.write("Deliver to this address", "anna@office.example")
    stage.patiently(lambda: answer(stage, f"/v1/domains/{DOMAIN}")["catch_all"] == "anna@office.example", "no catch-all")
    stage.say("the catch-all is set")


def change_domain_beside(stage):
    """The catch-all, how much may be sent, the keys: two at once."""
    panel = stage.panel

    def caught():
        return answer(stage, f"/v1/domains/{DOMAIN}")["catch_all"]

    def catch(mine, theirs):
        panel.click(panel.entry_of("Deliver to this address"))
        panel.key("ctrl+a")
        panel.write_on(mine)
        stage.office.command("domain", "catch-all", DOMAIN, theirs)
        time.sleep(1.2)  # the page has heard of it
        panel.key("Return")

    anna, bert, admin = "anna@office.example", "bert@office.example", "admin@office.example"
    conflict(stage, lambda: catch(admin, bert), lambda: caught() == bert, lambda: caught() == bert, "Keep _Theirs",
             "catch-all-conflict")
    stage.patiently(lambda: panel.text_of(panel.entry_of("Deliver to this address")) == bert, "the page does not show what counts")
    conflict(stage, lambda: catch(admin, anna), lambda: caught() == anna, lambda: caught() == admin)

    def rates():
        return answer(stage, f"/v1/rates/{DOMAIN}")

    def limit(theirs):
        panel.click(panel.get("Recipients within an hour"))
        time.sleep(0.4)
        panel.key("Down", "Return")
        stage.office.command("domain", "rate", DOMAIN, theirs, theirs)

    conflict(stage, lambda: limit("7"), lambda: rates()["hour"] == 7, lambda: rates()["hour"] == 7, "Keep _Theirs", "rates-conflict")
    stage.say("a domain that two have changed")


def refuse_domain(stage):
    """Whose people still have mail is not removed; the refusal is said, though the page is gone."""
    panel = stage.panel
    go(panel, 2)
    panel.open("office.example", "MX  office.example")
    stage.menu("More", "_Remove the domain")
    panel.press("Close", {"push button"}, last=True)  # of the toast: there is nothing to wait for
    refusal = panel.words("The domain %s still has users, aliases or groups: remove them first").replace("%s", "office.example")
    panel.get(refusal, {"label"})
    stage.look("domain-refused")
    panel.press("Close", {"push button"}, last=True)
    stage.must("office.example" in answer(stage, "/v1/domains")["domains"], "the domain is gone with its people")
    stage.say("a domain with people is not removed, and the panel says why")


# People.

def add_person(stage):
    panel = stage.panel
    go(panel, 3)
    panel.get("anna@office.example", {"list item"})
    stage.must(not panel.has("info@office.example"), "a shared mailbox is among the people")
    panel.press("Add", {"push button"})
    panel.type("Name", "Dora Deer")
    panel.type("Address", f"dora@{DOMAIN}")
    stage.must(len(panel.text_of(panel.entry_of("Password"))) > 12, "no password is suggested")
    stage.look("person-add")
    panel.press("_Add", last=True)
    panel.get(f"Dora Deer · dora@{DOMAIN}", {"list item"})
    stage.must(f"dora@{DOMAIN}" in names(stage, "users"), "the person is not there")
    stage.look("people")
    stage.say("a person is added")


def at_length(stage):
    """What two administrators do at once is a matter of no language: once is enough."""
    return stage.arguments.language == "en"


def conflict(stage, change, wins, mine, answer="Write _Mine", look=None):
    """The panel asks instead of writing: CHANGE begins the panel's edit, WINS says that the other one's still counts, MINE
    what must be once the person has answered."""
    change()
    stage.panel.get(CONFLICT)
    if look:
        stage.look(look)
    stage.must(wins(), "the other one's change was overwritten:", look)
    stage.panel.press(answer, last=True)
    stage.patiently(mine, f"not so after “{answer}”")


def change_beside(stage, address):
    """Another administrator is faster, between the opening of the form and its button."""
    panel = stage.panel

    def limit():
        panel.press("_Limit…")
        stage.office.command("user", "quota", address, "5G")
        panel.type("Most mail", "4G")
        panel.press("_Set", last=True)

    conflict(stage, limit, lambda: user(stage, address)["quota"] == 5 << 30,
             lambda: user(stage, address)["quota"] == 4 << 30, look="person-conflict")

    def rename():
        panel.press("_Rename…")
        stage.office.command("user", "name", address, "Dora Doe")
        panel.type("Name", "Dora Mine")
        panel.press("_Set", last=True)

    conflict(stage, rename, lambda: user(stage, address)["display_name"] == "Dora Doe",
             lambda: user(stage, address)["display_name"] == "Dora Doe", "Keep _Theirs")
    panel.get("Dora Doe")
    panel.press("_Rename…")
    panel.type("Name", "Dora Deer")
    stage.look("person-rename")
    panel.press("_Set", last=True)
    stage.patiently(lambda: user(stage, address)["display_name"] == "Dora Deer", "the name is another one")
    stage.say("a person that two have changed, kept and written; a name")


def lock_out_beside(stage, address):
    """Another device of the person harms nothing; a new password of the same one is not taken away unasked."""
    panel = stage.panel

    def devices():
        return sorted(device["name"] for device in answer(stage, f"/v1/app-passwords/{address}")["app_passwords"])

    def lock_out():
        panel.press(panel.words("Lock out %s").replace("%s", "Telephone"), {"push button"})
        panel.says("The device is locked out")
        stage.office.command("user", "app-password", "remove", address, "Telephone")
        time.sleep(1.1)  # its second tells the one from the other
        stage.office.command("user", "app-password", "add", address, "Telephone")
        panel.press("Close", {"push button"}, last=True)

    conflict(stage, lock_out, lambda: devices() == ["Telephone"], lambda: devices() == ["Telephone"], "_Keep It", "device-conflict")
    panel.press(panel.words("Lock out %s").replace("%s", "Telephone"), {"push button"})
    stage.office.command("user", "app-password", "add", address, "Tablet")
    panel.press("Close", {"push button"}, last=True)
    stage.patiently(lambda: devices() == ["Tablet"], "devices after all")
    stage.say("a device that two have changed; another device is no question")


def open_in_a_hurry(stage, name):
    """Back, and at once to the next one, while the page still goes: from the left, so there the row can be clicked first."""
    panel = stage.panel
    row = panel.get(name, {"list item"}).get_component_iface().get_extents(panel.atspi.CoordType.WINDOW)
    place = row.x + 8, row.y + row.height // 2

    def opens():
        pointer(*place)
        subprocess.run(["xdotool", "click", "1"], check=True)
        return panel.has("_Limit…")

    def back():
        panel.focus_window()
        subprocess.run(["xdotool", "key", "alt+Left"], check=True)

    def goes():
        back()
        return not panel.has("_Limit…")

    for _ in range(3):
        panel.wait(opens, "the person")
        back()
    panel.wait(goes, "the list")
    stage.say("back and on, in a hurry")


def change_person(stage):
    panel, address = stage.panel, f"dora@{DOMAIN}"
    open_in_a_hurry(stage, f"Dora Deer · {address}")
    panel.open(f"Dora Deer · {address}", "_Limit…")
    panel.press("_Limit…")
    panel.type("Most mail", "3G")
    panel.press("_Set", last=True)
    panel.says("3.0")
    stage.must(user(stage, address)["quota"] == 3 << 30, "the quota is another one")
    panel.undo()
    stage.patiently(lambda: user(stage, address)["quota"] == 0, "the quota is not taken back")
    change_beside(stage, address)
    panel.press("_New…")
    panel.type("Password", "another long password")
    panel.press("_Set", last=True)
    stage.patiently(lambda: logs_in(stage, address, "another long password"), "the new password is not valid")
    panel.press("_Make…")
    panel.type("Name of the device", "Telephone")
    panel.press("_Set", last=True)
    panel.get("The Device’s Password")
    stage.look("person-device")
    panel.press("_Done", last=True)
    panel.get("Telephone", {"list item"})
    stage.look("person")
    devices = answer(stage, f"/v1/app-passwords/{address}")["app_passwords"]
    stage.must([device["name"] for device in devices] == ["Telephone"], "devices:", devices)
    panel.get("QR code of the page for people", {"image"})
    stage.say("quota (and back), password, a device's password")
    if at_length(stage):
        lock_out_beside(stage, address)


def switch_off_person(stage):
    panel, address = stage.panel, f"dora@{DOMAIN}"
    panel.press("Can log in and gets mail", {"check box", "switch", "toggle button"})
    stage.patiently(lambda: not user(stage, address)["enabled"], "the person can still log in")
    panel.undo()
    stage.patiently(lambda: user(stage, address)["enabled"], "it is not taken back")
    stage.say("a person is disabled, and enabled again")


def remove_person(stage):
    panel, address = stage.panel, f"dora@{DOMAIN}"
    panel.press("_Remove")
    panel.undo()
    panel.open(f"Dora Deer · {address}", "_Remove")
    stage.must(address in names(stage, "users"), "the undo was too late")

    def remove():
        panel.press("_Remove")
        panel.says("The person and all mail are removed")
        stage.office.command("user", "quota", address, "6G")
        panel.press("Close", {"push button"}, last=True)

    conflict(stage, remove, lambda: address in names(stage, "users"), lambda: user(stage, address)["quota"] == 6 << 30, "_Keep It",
             "person-remove-conflict")
    panel.open(f"Dora Deer · {address}", "_Remove")
    panel.press("_Remove")
    panel.says("The person and all mail are removed")
    stage.look("person-removed")
    panel.press("Close", {"push button"}, last=True)
    panel.wait(lambda: not panel.has(f"Dora Deer · {address}"), "a list without who was removed")
    stage.must(address not in names(stage, "users"), "the person is still there")
    stage.say("a person is removed, with an undo")


def import_people(stage, folder):
    panel = stage.panel
    file = folder / "people.csv"
    file.write_text(FILE)
    go(panel, 3)
    panel.choose_file("People from a file", file)
    panel.get("emil@second.example", {"list item"})
    stage.look("people-import")
    panel.press("_Add", last=True)
    panel.get("Frieda · frieda@second.example", {"list item"})
    panel.wait(lambda: panel.find_part("frieda@second.example: "), "why one was not added")
    stage.look("people-imported")
    stage.must({"emil@second.example", "frieda@second.example"} <= names(stage, "users"), "who was in the file is missing")
    stage.must(user(stage, "emil@second.example")["quota"] == 1 << 30, "Emil's quota is another one")
    panel.press("Close", {"push button"}, last=True)
    stage.say("people from a file, with what failed")


def search_people(stage):
    panel = stage.panel
    panel.key("ctrl+f")
    panel.type("Search", "FRIEDA")
    panel.wait(lambda: not panel.has("anna@office.example"), "a list with Frieda alone")
    stage.look("people-search")
    panel.key("Escape")
    panel.get("anna@office.example", {"list item"})
    stage.say("the search finds her")


def walk_by_keys(stage):
    """What is marked in the list of pages is what is shown."""
    panel = stage.panel
    panel.press("Domains", {"list item"})
    panel.get("Add a domain", {"push button"})
    panel.key("Down")
    panel.get("People from a file", {"push button"})
    panel.key("Up")
    panel.get("Add a domain", {"push button"})
    stage.say("the arrow keys go through the pages")


# What several share.

def shared(stage, tab, what, address, members):
    panel = stage.panel
    panel.press(tab, {"page tab"})
    panel.press("Add", {"push button"})
    panel.type("Address", address)
    panel.type(members, "anna@office.example, bert@office.example")
    stage.look(f"{what}-add")
    panel.press("_Add", last=True)
    panel.get(address, {"list item"})
    stage.must(address in names(stage, what), address, "is not there")
    stage.look(what)


def add_shared(stage):
    shared(stage, "Aliases", "aliases", f"post@{DOMAIN}", "Goes to")
    shared(stage, "Groups", "groups", f"all@{DOMAIN}", "Members")
    shared(stage, "Shared Mailboxes", "roles", f"help@{DOMAIN}", "Members")
    stage.say("an alias, a group, a shared mailbox")


def do_theirs(stage, what, address, members):
    if what == "aliases":  # no command replaces one
        stage.office.command("alias", "remove", address)
        stage.office.command("alias", "add", address, *members)
    else:
        if what == "roles":  # who may read, and not send in its name
            members = [{"address": member, "send_as": False} for member in members]
        status, reply = stage.office.api("PATCH", f"/v1/{what}/{address}", {"members": members})
        stage.must(status == 200, reply)


def change_shared(stage):
    """Each kind, while its form is open: whose change counts is asked; what was written can be taken back."""
    panel = stage.panel
    anna, bert, mine = "anna@office.example", "bert@office.example", "emil@second.example"
    kinds = (("Aliases", f"post@{DOMAIN}", "Goes to", "aliases", "Keep _Theirs"),
             ("Groups", f"all@{DOMAIN}", "Members", "groups", "Write _Mine"),
             ("Shared Mailboxes", f"help@{DOMAIN}", "Members", "roles", "Keep _Theirs"))
    for tab, address, label, what, choice in kinds:
        def edit():
            panel.click(panel.get(address, {"list item"}))
            panel.get("_Change")
            do_theirs(stage, what, address, [bert])
            panel.type(label, f"{anna}, {mine}")
            panel.press("_Change", last=True)

        end = [bert] if choice == "Keep _Theirs" else [anna, mine]
        panel.press(tab, {"page tab"})
        conflict(stage, edit, lambda: member_names(stage, address) == [bert], lambda: member_names(stage, address) == end, choice,
                 f"{what}-conflict")
    stage.say("an alias, a group, a shared mailbox that two have changed")
    panel.click(panel.get(address, {"list item"}))
    panel.type("Name", "Help")
    panel.type("Members", anna)
    panel.press("_Change", last=True)
    panel.get(f"Help · {address}", {"list item"})
    stage.must(member_names(stage, address) == [anna], "the members are others")
    panel.undo()
    stage.patiently(lambda: member_names(stage, address) == [bert], "the undo does nothing")
    members = answer(stage, f"/v1/roles/{address}")["role"]["members"]
    stage.must(members == [{"address": bert, "send_as": False}], "the undo gives another right:", members)
    panel.get(address, {"list item"})
    stage.say("a shared mailbox is changed, and back")


def remove_shared(stage):
    panel = stage.panel
    for tab, what, name in (("Groups", "groups", f"all@{DOMAIN}"), ("Shared Mailboxes", "roles", f"help@{DOMAIN}")):
        panel.press(tab, {"page tab"})
        panel.press(panel.words("Remove %s").replace("%s", name), {"push button"})
        panel.wait(lambda: not panel.find(name, {"list item"}), "a list without it")
        stage.must(name not in names(stage, what), name, "is still there")
        panel.undo()
        panel.get(name, {"list item"})
        stage.must(name in names(stage, what), name, "is not there again")
    members = next(group for group in answer(stage, "/v1/groups")["groups"] if group["address"] == f"all@{DOMAIN}")
    stage.must("anna@office.example" in str(members), "the group has lost its members:", members)
    stage.say("removed and taken back")


def walk(stage):
    """A narrow window: one column, and nothing is wider than it."""
    panel = stage.panel
    for key, page, wait in ((1, "overview", "Now and today"), (2, "domains", "office.example"), (3, "people", "anna@office.example")):
        go(panel, key)
        panel.get(wait)
        time.sleep(0.5)
        stage.look(page)
        stage.fits(page)
    panel.open("anna@office.example", "INBOX")
    stage.look("person")
    stage.fits("person")
    go(panel, 2)
    panel.open("office.example", "MX  office.example")
    stage.look("domain")
    stage.fits("domain")
    stage.say("every page fits")


def play_on(stage, knot, folder):
    stage.say("knot runs")
    panel_stage.ask_knot(stage.office, knot)
    for name in ("anna", "bert"):
        stage.office.add_user(name)
    stage.office.command("user", "quota", "anna@office.example", "2G")
    stage.office.command("role", "add", "info@office.example", "anna@office.example")
    stage.say("the office is there")
    panel = stage.open()
    if stage.arguments.width < 700:
        time.sleep(1.5)
        walk(stage)
        return
    panel.get("mail.office.example")
    panel.get("What needs attention")
    stage.look("overview")
    add_domain(stage)
    check_domain(stage)
    if at_length(stage):
        change_domain_beside(stage)
    add_person(stage)
    change_person(stage)
    switch_off_person(stage)
    remove_person(stage)
    import_people(stage, folder)
    search_people(stage)
    walk_by_keys(stage)
    go(panel, 3)
    add_shared(stage)
    if at_length(stage):
        change_shared(stage)
    remove_shared(stage)
    refuse_domain(stage)


def play(stage):
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        knot = stack.enter_context(Knot(folder, {f"{DOMAIN}.": Zone(ZONE)}, root="mail.office.example. A 127.0.0.1"))
        play_on(stage, knot, folder)


if __name__ == "__main__":
    panel_stage.main(play)
