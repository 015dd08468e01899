"""What offices and people bring: events, lists, what was set aside, and files that people open."""

import re

from tests.api.scope.asker import Asker
from tests.api.scope.by_chance import FILES
from tests.api.scope.oracle import RIGHTS, has_sent, hears_of, knows, status
from tests.api.scope.world import Who


def events(asker: Asker, who: Who) -> None:
    one = asker.chance.choice(asker.world.events)
    address = "/api/v1/events/{source:path}/{id:path}"
    where = (one.source.replace("/", "%2F"), one.id)
    found = asker.is_told(who, "events.read", hears_of(who, one), "GET", address, *where)
    if found is not None:
        file = asker.world.files[int(one.id[2:]) - 1]
        asker.same([found["case"]], [str(file.id) if knows(who, file) else None], 1, f"{who} {one}")
    asker.is_told(who, "events.send", True, "POST", "/api/v1/events", json={})


def lists(asker: Asker, who: Who) -> None:
    """A receipt leads to no case that is not his, and of another office's list he hears nothing."""
    one = asker.chance.choice(asker.world.lists)
    mine = [it.id for it in reversed(asker.world.lists) if has_sent(who, it.office)]
    page = asker.ask(who, "GET", "/lists")
    asker.check(
        (page.status_code == 200) == (who.kind in RIGHTS["lists.read"]),
        f"{who} /lists {page.status_code}",
    )
    shown = [int(it) for it in re.findall(r'href="/lists/([0-9]+)"', page.text)]
    asker.same(shown, mine if page.status_code == 200 else [], len(asker.world.lists), f"{who} lists")
    there = has_sent(who, one.office)
    asker.is_told(who, "lists.read", there, "GET", "/lists/{id}", one.id)
    answer = asker.ask(who, "GET", "/lists/{id}", one.id)
    if answer.status_code == 200:
        known = [file for file in one.files if knows(who, file)]
        heard = [file.id for file in known if hears_of(who, asker.world.events[file.id - 1])]
        led = [int(it) for it in re.findall(r'href="/cases/([0-9]+)"', answer.text)]
        asker.same(led, heard, len(one.files), f"{who} {one}")
    for act in ("confirm", "drop"):
        own = one.office.body == who.body
        answer = asker.ask(who, "POST", f"/lists/{{id}}/{act}", one.id)
        wanted = status(who, "lists.send", own)
        got = {303: 200, 409: 200}.get(answer.status_code, answer.status_code)
        asker.check(got == wanted, f"{who} {act} {one}: {answer.status_code} and not {wanted}")
    for address in ("/lists/template.csv", "/lists/columns"):
        asker.is_told(who, "lists.read", True, "GET", address)
    asker.is_told(who, "lists.send", True, "POST", "/lists", files={"file": ("a.csv", b"no list")})


def waiting(asker: Asker, who: Who) -> None:
    """Nothing in this world waits to be placed or tried again: to whoever may come at all, it is not there."""
    asker.is_told(who, "triage.place", True, "GET", "/set-aside")
    said = {"data": {"division": who.division}}
    answer = asker.ask(who, "POST", "/set-aside/{id}/place", asker.chance.randrange(1, FILES), **said)
    wanted = {404, 409} if who.kind in RIGHTS["triage.place"] else {403}
    asker.check(answer.status_code in wanted, f"{who} place {answer.status_code}")
    answer = asker.ask(
        who, "POST", "/set-aside/{drain}/{id}/retry", "inbox", asker.chance.randrange(1, FILES)
    )
    wanted = {404} if who.kind == "admin" and who.division == "000000" else {403}
    asker.check(answer.status_code in wanted, f"{who} retry {answer.status_code}")
    for act in ("send", "drop"):
        answer = asker.ask(who, "POST", f"/set-aside/letters/{{id}}/{act}", 1)
        asker.check(answer.status_code in wanted, f"{who} {act} a letter {answer.status_code}")


def openings(asker: Asker, who: Who) -> None:
    asker.is_told(who, "files.open", True, "GET", "/api/v1/openings")
    law, opening = asker.chance.choice(asker.world.law.begun_by_persons)
    asker.is_told(who, "files.open", True, "GET", "/begin")
    form = {"files": {"string.unheard_of": (None, "1")}}
    asker.ask(who, "POST", "/begin/{procedure}/{opening}", law.name, opening.name, **form)
    address = "/api/v1/openings/{procedure}/{opening}"
    asker.ask(who, "POST", address, law.name, opening.name, json={"fields": {"unheard_of": 1}})
