"""The house itself: accounts and bodies, the journal, and what everybody may read."""

from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.access import Journal
from tests.api.scope.asker import Asker
from tests.api.scope.oracle import RIGHTS, covers, status
from tests.api.scope.world import Who


def journal(asker: Asker, who: Who) -> None:
    with asker.counter.town.runtime.reading(SERVICE) as unit:
        lines = unit.db.execute(select(Journal.id, Journal.division).order_by(Journal.id.desc())).all()
    found = asker.is_told(who, "journal.read", True, "GET", "/api/v1/journal")
    if found is not None:
        mine = [str(line.id) for line in lines if covers(who.division, line.division)][:50]
        asker.same([one["id"] for one in found["items"]], mine, 50, f"{who} journal")


def guards(asker: Asker, who: Who) -> None:
    other = asker.chance.choice(asker.world.people)
    there, base = covers(who.division, other.division), "/api/v1/accounts/{name}/"
    asker.is_told(who, "accounts.manage", there, "DELETE", base + "authenticator", other.account)
    asker.is_told(who, "accounts.manage", there, "DELETE", base + "identity", other.account)
    asker.counter.sign_in_anew()  # whoever loses his authenticator is signed out
    if not there or who.kind not in RIGHTS["accounts.manage"]:
        for method, act in (("DELETE", "sessions"), ("POST", "password"), ("POST", "disable")):
            asker.is_told(who, "accounts.manage", there, method, base + act, other.account)
        said = {"issuer": "https://sso.example", "subject": "x"}
        asker.is_told(who, "accounts.manage", there, "PUT", base + "identity", other.account, json=said)
    asker.is_told(who, "sessions.read", True, "GET", "/api/v1/sessions")
    asker.is_told(who, "sessions.end", False, "DELETE", "/api/v1/sessions/{id}", "0" * 12)


def administrators(asker: Asker, who: Who) -> None:
    """What the administrators' pages list, and deeds that would change nothing: on what is there already, or is none."""
    below = [one for one in asker.world.people if covers(who.division, one.division)]
    codes = [one.account for one in below]
    asker.shows(who, "bodies.manage", "/admin/bodies", codes)
    asker.shows(who, "accounts.manage", "/admin/accounts", codes)
    offices = [one.account for one in below if one.kind in RIGHTS["events.send"]]
    asker.shows(who, "keys.manage", "/admin/keys", offices)
    other = asker.chance.choice(asker.world.people)
    mine, name = other in below, {"name": other.account}
    for address, right, said in (
        ("/admin/bodies", "bodies.manage", name | {"kind": other.kind, "division": other.division}),
        ("/admin/accounts", "accounts.manage", name | {"body": other.account}),
    ):
        answer = asker.ask(who, "POST", address, data=said)
        wanted = 409 if who.kind in RIGHTS[right] and mine else 403
        asker.check(answer.status_code == wanted, f"{who} {address} {said}: {answer.status_code}")
    base, right = "/admin/accounts/{name}/", "accounts.manage"
    asker.is_told(who, right, mine, "POST", base + "authenticator", other.account)
    asker.counter.sign_in_anew()
    if not mine or who.kind not in RIGHTS[right]:
        for act in ("password", "sign-out", "disable"):
            asker.is_told(who, right, mine, "POST", base + act, other.account)
    is_office = other.kind in RIGHTS["events.send"]
    wanted = 403 if who.kind not in RIGHTS["keys.manage"] or not mine else 200 if is_office else 400
    answer = asker.ask(who, "GET", "/admin/keys/{office}", other.account)
    asker.check(answer.status_code == wanted, f"{who} keys of {other}: {answer.status_code}")
    answer = asker.ask(who, "POST", "/admin/keys/{office}", other.account, data={"public": "none"})
    asker.check(answer.status_code == max(wanted, 400), f"{who} key for {other}: {answer.status_code}")
    retire = "/admin/keys/{office}/{key}/retire"
    asker.is_told(who, "keys.manage", False, "POST", retire, other.account, "key_0")


def readers(asker: Asker, who: Who) -> None:
    """What is the same for everybody who may open it, and the auditor's page."""
    for method, address, right, words in (
        ("GET", "/admin/calendars", "calendars.import", ()),
        ("GET", "/admin/calendars/{year}", "calendars.import", (2026,)),
        ("GET", "/admin/policies", "policies.read", ()),
        ("GET", "/help", "home.read", ()),
    ):
        asker.is_told(who, right, True, method, address, *words)
    answer = asker.ask(who, "POST", "/admin/calendars", files={"sheet": ("a", b"year =")})
    asker.check(
        answer.status_code == 403, f"{who} imports: {answer.status_code}"
    )  # nobody here is the nation's
    with asker.counter.town.runtime.reading(SERVICE) as unit:
        lines = unit.db.scalars(select(Journal.division)).all()
    answer = asker.ask(who, "GET", "/journal")
    there = status(who, "journal.read", True)
    asker.check(answer.status_code == there, f"{who} journal: {answer.status_code}")
    if there == 200:
        mine = min(sum(covers(who.division, line) for line in lines), 50)
        asker.check(answer.text.count("<tr data-row") == mine, f"{who} is shown another journal")


def everybody(asker: Asker, who: Who) -> None:
    for address in ("/healthz", "/readyz", "/metrics", "/asyncapi.json", "/login"):
        asker.ask(who, "GET", address)
    for address in ("/healthz", "/readyz"):
        asker.ask(who, "HEAD", address)
