"""Work, and the notices of other bodies: the inboxes, and the board of whoever supervises."""

import re

from tests.api.scope.asker import Asker
from tests.api.scope.oracle import RIGHTS, covers, in_box, knows, listed, may_find, status
from tests.api.scope.world import Who


def work(asker: Asker, who: Who) -> None:
    for view in ("mine", "unit", "waiting", "started"):
        items = asker.pages(who, "work.read", "/api/v1/work-items", view=view, status="open")
        if items is not None:
            mine = [one for one in asker.world.items if one.is_open and may_find(who, one)]
            mine = [one for one in mine if listed(asker.world, who, view, one)]
            shown = [int(one["id"]) for one in items]
            asker.same(shown, [one.id for one in mine], len(asker.world.items), f"{who} {view}")
    item = asker.chance.choice(asker.world.items)
    there, named = may_find(who, item), {"account": who.account}
    for base, blank, said in (
        ("/api/v1/work-items/{id}/", {}, {"json": named}),
        ("/work-items/{id}/", {"data": {"view": "unit"}}, {"data": named}),
    ):
        if who.kind in RIGHTS["work.act"] and there and item.body != who.body:
            for act in ("claim", "release"):
                answer = asker.ask(who, "POST", base + act, item.id, **blank)
                asker.check(answer.status_code == 403, f"{who} {act} {item}: {answer.status_code}")
        elif not there:
            for act, more in (("claim", blank), ("release", blank), ("reassign", said), ("urge", blank)):
                asker.is_told(who, "work.act", False, "POST", base + act, item.id, **more)


def inboxes(asker: Asker, who: Who) -> None:
    """What is taken out of an inbox is exactly what is his; what is not his is not done, and nobody's filters are another's."""
    view = asker.chance.choice(("mine", "unit", "waiting", "started"))
    asked = {"view": view}
    found = asker.taken_out(who, "work.read", True, "/work-items/export.xlsx", **asked)
    if found is not None:
        mine = [one for one in asker.world.items if one.is_open and may_find(who, one)]
        mine = [one for one in mine if listed(asker.world, who, view, one)]
        rows = sorted(str(row[3]) for row in found)
        wanted = sorted(one.moving.file.name for one in mine)
        asker.same(rows, wanted, len(asker.world.items), f"{who} takes out {view}")
    asker.is_told(who, "work.act", True, "POST", "/account/substitutes", data={"account": "nobody"})
    asker.is_told(who, "work.act", False, "POST", "/account/substitutes/{id}/end", 10**9)
    asker.is_told(
        who, "work.read", True, "GET", "/live"
    )  # without saying since when, so that no stream is opened
    item = asker.chance.choice(asker.world.items)
    if not may_find(who, item):
        said = {"act": "claim", "item": str(item.id)}
        asker.is_told(who, "work.act", True, "POST", "/work-items/chosen", data=said)
    asker.is_told(who, "work.read", True, "POST", "/work-items/views", data={"name": who.account})
    asker.is_told(who, "work.read", True, "POST", "/work-items/views/{id}/drop", 10**9, data=asked)


def supervision(asker: Asker, who: Who) -> None:
    """The board counts, for every body in his divisions, exactly what he may find; and behind each number lies just that."""
    right, answer = "supervision.read", asker.ask(who, "GET", "/supervision")
    asker.check(answer.status_code == status(who, right, True), f"{who} board: {answer.status_code}")
    below = [one for one in asker.world.people if covers(who.division, one.division)]
    mine = {
        one.account: sum(it.body == one.body and it.is_open and may_find(who, it) for it in asker.world.items)
        for one in below
    }
    if answer.status_code == 200:
        told = re.findall(r'href="/supervision/items\?body=([^&]+)&amp;band=none"[^>]*>(\d+)', answer.text)
        by_code = sorted((code, int(number)) for code, number in told)
        owed = sorted((code, number) for code, number in mine.items() if number)
        asker.same(by_code, owed, len(asker.world.items), f"{who} board")
    other = asker.chance.choice(asker.world.people)
    asked = {"body": other.account, "band": "none"}
    answer = asker.ask(who, "GET", "/supervision/items", params=asked)
    there = status(who, right, other in below)
    asker.check(answer.status_code == there, f"{who} items of {other}: {answer.status_code}")
    if there == 200:
        shown = answer.text.count("<tr data-row")
        asker.check(shown == min(mine[other.account], 50), f"{who} is shown {shown} of {other}")
    rows = asker.taken_out(who, right, other in below, "/supervision/items/export.xlsx", **asked)
    if rows is not None:
        asker.check(len(rows) == mine[other.account], f"{who} takes out {len(rows)} of {other}")
    rows = asker.taken_out(who, right, True, "/supervision/export.xlsx")
    if rows is not None:
        counted = sorted(int(row[6]) for row in rows if row[6] not in ("", "0"))
        wanted = sorted(number for number in mine.values() if number)
        asker.same(counted, wanted, len(asker.world.items), f"{who} takes out the board")
    item = asker.chance.choice(asker.world.items)
    if not may_find(who, item):
        address, said = "/supervision/items/{id}/urge", {"body": "none", "band": "none"}
        asker.is_told(who, "work.act", False, "POST", address, item.id, data=said)


def notices(asker: Asker, who: Who) -> None:
    for box in ("in", "out"):
        items = asker.pages(who, "notices.read", "/api/v1/notices", box=box)
        if items is not None:
            mine = [one.id for one in reversed(asker.world.notices) if in_box(who, box, one)]
            asker.same([int(one["id"]) for one in items], mine, len(asker.world.notices), f"{who} {box}")
    one = asker.chance.choice(asker.world.notices)
    if not (in_box(who, "in", one) or in_box(who, "out", one)):
        said = {"outcome": "accept", "reason": "同意"}
        for base, more in (
            ("/api/v1/notices/{id}/", {"json": said}),
            ("/notices/{id}/", {"data": said}),
        ):
            asker.is_told(who, "notices.act", False, "POST", base + "acknowledge", one.id)
            asker.is_told(who, "notices.act", False, "POST", base + "answer", one.id, **more)


def taken_out(asker: Asker, who: Who) -> None:
    """What is taken out of the lists of files and of notices is exactly what is his."""
    rows = asker.taken_out(who, "cases.read", True, "/cases/export.xlsx")
    if rows is not None:
        mine = [one.name for one in reversed(asker.world.files) if knows(who, one)]
        asker.same([row[1] for row in rows], mine, len(asker.world.files), f"{who} takes out files")
    box = asker.chance.choice(("in", "out"))
    rows = asker.taken_out(who, "notices.read", True, "/notices/export.xlsx", box=box)
    if rows is not None:
        count = sum(in_box(who, box, one) for one in asker.world.notices)
        asker.check(len(rows) == count, f"{who} takes out {len(rows)} notices, {count} are his")
