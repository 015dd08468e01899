"""Files: found, opened, read, drawn, and what lies in them."""

from api.drawing import can_draw
from tests.api.scope.asker import Asker
from tests.api.scope.oracle import covers, fills, has_paper, knows, opens, reads, sees, status
from tests.api.scope.world import File, Who
from workflows.roles import KINDS


def cases(asker: Asker, who: Who) -> None:
    world, chance = asker.world, asker.chance
    file = chance.choice(world.files)
    asked: dict[str, str] = chance.choice(
        [
            {},
            {"name": file.name[:3]},
            {"name": file.name},
            {"subject": file.subject},
            {"division": file.division},
        ]
    )
    items = asker.pages(who, "cases.read", "/api/v1/cases", **asked)
    if items is not None:
        mine = [one for one in reversed(world.files) if knows(who, one) and _is_asked(one, asked)]
        asker.same(
            [one["id"] for one in items],
            [str(one.id) for one in mine],
            len(world.files),
            f"{who} {asked}",
        )
        shown = [key["id"] for one in items for key in one["proceedings"]]
        moving = [
            str(one.id)
            for file in mine
            for one in world.movings
            if one.file == file and sees(world, who, one) and len(KINDS[who.kind].opens) > 1
        ]
        asker.same(shown, moving, len(world.movings), f"{who} {asked} proceedings")
    found = asker.is_told(who, "cases.read", knows(who, file), "GET", "/api/v1/cases/{id}", file.id)
    if found is not None:
        moving = [str(one.id) for one in world.movings if one.file == file and sees(world, who, one)]
        asker.same([one["id"] for one in found["proceedings"]], moving, len(world.movings), f"{who} {file}")


def searches(asker: Asker, who: Who) -> None:
    """Looking for what moves in a case tells no more than the case does."""
    one = asker.chance.choice(asker.world.movings)
    asked = {"procedure": one.law.name, "state": one.state}
    items = asker.pages(who, "cases.read", "/api/v1/cases", **asked)
    if items is not None:
        same = [it for it in asker.world.movings if (it.law.name, it.state) == (one.law.name, one.state)]
        same = [it for it in same if opens(who, it.law.compartment) and len(KINDS[who.kind].opens) > 1]
        mine = {str(it.file.id) for it in same if knows(who, it.file)}
        asker.same(sorted(it["id"] for it in items), sorted(mine), len(asker.world.files), f"{who} {asked}")


def histories(asker: Asker, who: Who) -> None:
    file = asker.chance.choice(asker.world.files)
    lines = [line for line in asker.world.lines if line.file == file]
    wanted = [line.seq for line in lines if reads(who, line)]
    found = asker.is_told(who, "history.read", knows(who, file), "GET", "/api/v1/cases/{id}/history", file.id)
    if found is not None:
        asker.same([one["seq"] for one in found["items"]], wanted, len(lines), f"{who} history {file}")
    asker.is_told(who, "history.read", knows(who, file), "GET", "/cases/{id}/as-of", file.id)
    why = {"json": {"reason": "核对"}}
    found = asker.is_told(
        who, "names.read", knows(who, file), "POST", "/api/v1/cases/{id}/names", file.id, **why
    )
    if found is not None:
        asker.check({one["seq"] for one in found["items"]} <= set(wanted), f"{who} names {file}")


def steps(asker: Asker, who: Who) -> None:
    """A step whose form is wrong, so that the world stays as it is."""
    one = asker.chance.choice(asker.world.movings)
    step = asker.chance.choice([step for step in one.law.steps if step.by is not None])
    if asker.chance.random() < 0.5:
        address, words = "/cases/{id}/proceedings/{proceeding}/{step}", (one.file.id, one.id, step.name)
        form = {"files": {"string.unheard_of": (None, "1")}}
    else:
        address, words = "/api/v1/proceedings/{id}/steps/{step}", (one.id, step.name)
        form = {"json": {"fields": {"unheard_of": 1}}}
    answer = asker.ask(who, "POST", address, *words, **form)
    own = knows(who, one.file) and opens(who, one.law.compartment)
    wanted = status(who, "steps.take", own or sees(asker.world, who, one))
    if wanted == 200 and not fills(asker.world, who, step.by, one.file.division):
        wanted = 403
    got = 200 if answer.status_code in (400, 409, 422) else answer.status_code
    asker.check(
        got == wanted, f"{who} {step.name} {one}: {answer.status_code} {answer.text} and not {wanted}"
    )


def papers(asker: Asker, who: Who) -> None:
    one = asker.chance.choice(asker.world.papers)
    asker.is_told(
        who, "documents.read", has_paper(asker.world, who, one), "GET", "/api/v1/documents/{id}", one.id
    )
    asker.is_told(
        who, "documents.write", True, "POST", "/api/v1/documents", data={"kind": "x"}, files={"file": b""}
    )


def sheets(asker: Asker, who: Who) -> None:
    """The pages: `ask` sees to it that they name no file that is not his."""
    file = asker.chance.choice(asker.world.files)
    for address, right, there, words in (
        ("/", "home.read", True, ()),
        ("/work-items", "work.read", True, ()),
        ("/jobs", "jobs.read", True, ()),
        ("/cases", "cases.read", True, ()),
        ("/notices", "notices.read", True, ()),
        ("/cases/{id}", "cases.read", knows(who, file), (file.id,)),
    ):
        asker.is_told(who, right, there, "GET", address, *words)
    asker.is_told(
        who, "names.read", knows(who, file), "POST", "/cases/{id}/names", file.id, data={"reason": "核对"}
    )

    one = asker.chance.choice(asker.world.papers)
    there = knows(who, file) and has_paper(asker.world, who, one)
    asker.is_told(who, "documents.read", there, "GET", "/cases/{id}/documents/{document}", file.id, one.id)


def drawings(asker: Asker, who: Who) -> None:
    one = asker.chance.choice(asker.world.movings)
    there = can_draw() and sees(asker.world, who, one)
    asker.is_told(who, "cases.read", there, "GET", "/cases/{id}/diagram/{proceeding}", one.file.id, one.id)


def _is_asked(file: File, asked: dict[str, str]) -> bool:
    return (
        asked.get("name", "") in file.name
        and asked.get("subject", file.subject) == file.subject
        and covers(asked.get("division", "000000"), file.division)
    )
