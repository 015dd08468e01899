"""The journal (操作日志) for auditors: what was done and refused in their divisions, the newest first, to be looked at."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.access.journal import DEEDS, WORDS
from services.actor import Actor
from services.db.queries.journal import RESULTS, Looked, journal
from workflows.words import Text

router = APIRouter(prefix="/journal", route_class=OneUnit, default_response_class=HTMLResponse)


@router.get("")
def journal_page(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("journal.read")],
    account: str = "",
    what: str = "",
    result: str = "",
    cursor: str | None = None,
) -> Response:
    """The lines that are asked for."""
    asked = Looked(account=account.strip()[:60], what=what, result=result)
    with runtime.reading(actor) as unit:
        found = journal(unit, asked, cursor)
    found["items"] = [one | {"about": about(one["about"]).as_dict()} for one in found["items"]]
    words = sorted(WORDS, key=lambda name: (name not in DEEDS, name))
    return page(
        request,
        "journal.html",
        actor=actor,
        asked=asked,
        words=[(name, WORDS[name].as_dict()) for name in words],
        results=RESULTS,
        **found,
    )


#: What a line is about, as it is written down: the first word, and how it is said.
ABOUT = {
    "account": Text("账号 {of}", "account {of}"),
    "body": Text("单位 {of}", "body {of}"),
    "calendar": Text("{of}年日历", "calendar of {of}"),
    "case": Text("案卷 {of}", "case {of}"),
    "document": Text("材料 {of}", "document {of}"),
    "event": Text("登记事件 {of}", "event {of}"),
    "letter": Text("未收下的消息 {of}", "refused message {of}"),
    "notice": Text("通报 {of}", "notice {of}"),
    "session": Text("登录 {of}", "sign-in {of}"),
    "checkpoint": Text("{of}条时的检查点", "checkpoint of {of} entries"),
    "division": Text("区划 {of}", "division {of}"),
    "witness": Text("见证人 {of}", "witness {of}"),
    "work item": Text("待办 {of}", "work item {of}"),
}
_WHOLE = {
    "work items": Text("待办清单", "list of work items"),
    "files": Text("案卷清单", "list of cases"),
    "notices": Text("通报清单", "list of notices"),
    "supervision": Text("督办清单", "list of supervision"),
    "single sign-on": Text("单点登录", "single sign-on"),
    "everything": Text("整本账", "the whole ledger"),
}


def about(written: str) -> Text:
    """What a line is about, said to people; what has no words of its own, such as the address of a refusal, as it stands.

    >>> about("account li.fang").zh, about("work item 7").en, about("GET /cases/?").zh
    ('账号 li.fang', 'work item 7', 'GET /cases/?')
    """
    if written in _WHOLE:
        return _WHOLE[written]
    word, _, of = written.rpartition(" ")
    return ABOUT[word].filled(of=of) if word in ABOUT else Text(written or "—", written or "—")
