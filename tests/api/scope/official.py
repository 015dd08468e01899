"""Official papers: a body's drafts, what it has issued, the templates of its sheets, and the enterprise's page behind a code."""

from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.official import PaperDraft
from tests.api.scope.asker import Asker
from tests.api.scope.oracle import covers, knows
from tests.api.scope.world import File, Who, Written
from workflows.papers.forms import FORMS


def official(asker: Asker, who: Who) -> None:
    """A body's drafts are its own; its papers and their numbers are the auditors' above it, too."""
    one, file = asker.chance.choice(asker.world.written), asker.chance.choice(asker.world.files)
    own = one.writer.body == who.body
    there = own or (who.kind == "auditor" and covers(who.division, one.writer.division))
    api, read, write = "/api/v1/papers", "papers.read", "papers.write"
    items = asker.pages(who, read, api)
    if items is not None:
        mine = [
            it
            for it in reversed(asker.world.written)
            if it.writer.body == who.body
            or (who.kind == "auditor" and covers(who.division, it.writer.division))
        ]
        asker.same(
            [it["id"] for it in items], [str(it.paper) for it in mine], len(asker.world.written), f"{who}"
        )
    for address in (api + "/{id}", api + "/{id}/pdf", "/papers/{id}", "/papers/{id}/pdf"):
        asker.is_told(who, read, there, "GET", address, one.paper)
    asker.is_told(who, read, own, "GET", "/papers/{id}/sheet", one.paper)
    asker.is_told(who, read, True, "GET", "/papers")
    asker.is_told(who, write, own and knows(who, _about(asker, one)), "GET", api + "/drafts/{id}", one.draft)
    asker.is_told(who, write, own and knows(who, _about(asker, one)), "GET", "/papers/drafts/{id}", one.draft)
    again = {"json": {"revision": 9, "fields": {}}}
    asker.is_told(who, write, own, "POST", api + "/drafts/{id}", one.issued_draft, **again)
    for act in ("issue", "drop"):
        said = {"revision": 1}
        asker.is_told(who, write, own, "POST", f"{api}/drafts/{{id}}/{act}", one.issued_draft, json=said)
    if not own:
        form = {"revision": (None, "1")}
        asker.is_told(who, write, own, "POST", "/papers/drafts/{id}", one.draft, files=form)
        for address in ("/papers/drafts/{id}/issue", "/papers/drafts/{id}/drop"):
            asker.is_told(who, write, own, "POST", address, one.draft, data={"revision": "1"})
    asker.is_told(who, write, own, "POST", api + "/{id}/withdraw", one.paper, json={"reason": "核对"})
    asker.is_told(who, write, own, "POST", "/papers/{id}/withdraw", one.paper, data={"reason": "核对"})
    asker.is_told(who, write, False, "POST", "/papers/{id}/pdf", one.paper)
    kind = "pre_notice" if who.kind == "investment" else "letter"
    about = {"case": str(file.id), "form": kind}
    asker.is_told(who, write, knows(who, file), "GET", api + "/suggestion", params=about)
    asker.is_told(who, write, knows(who, file), "GET", "/cases/{id}/write/{form}", file.id, kind)
    said = about | {"fields": {"x": 1}}
    asker.is_told(who, write, knows(who, file), "POST", api + "/drafts", json=said)
    typed = {"string.x": (None, "1")}
    asker.is_told(
        who, write, knows(who, file), "POST", "/cases/{id}/write/{form}", file.id, kind, files=typed
    )
    for method in ("GET", "POST"):
        answer = asker.ask(
            who, method, "/r/{token}", "A" * 32, data={"answer": "later"} if method == "POST" else None
        )
        asker.check(answer.status_code == 404, f"{who} {method} a slip: {answer.status_code}")


def _about(asker: Asker, one: Written) -> File:
    with asker.counter.town.runtime.reading(SERVICE) as unit:
        case = unit.db.scalar(select(PaperDraft.case_id).where(PaperDraft.id == one.draft))
    return next(file for file in asker.world.files if file.id == case)


def templates(asker: Asker, who: Who) -> None:
    """An administrator sees to the templates of the bodies below him that write papers."""
    writing = {kind for one in FORMS.values() for kind in one.kinds}
    below = [
        it.account for it in asker.world.people if covers(who.division, it.division) and it.kind in writing
    ]
    asker.shows(who, "templates.manage", "/admin/templates", below)
    other = asker.chance.choice(asker.world.people)
    there, base, right = other.account in below, "/admin/templates/{body}", "templates.manage"
    asker.is_told(who, right, there, "GET", base, other.account)
    asker.is_told(who, right, there, "GET", base + "/{form_name}", other.account, "letter")
    asker.is_told(who, right, there, "POST", base + "/mark", other.account, data={"mark": "1"})
    none = {"file": ("x.docx", b"x")}
    asker.is_told(who, right, there, "POST", base + "/{form_name}", other.account, "letter", files=none)
    asker.is_told(who, right, False, "POST", base + "/{form_name}/house", other.account, "letter")
