"""Joint meetings: those of a place and those inside an enterprise, and their entries for a calendar."""

from tests.api.scope.asker import Asker
from tests.api.scope.oracle import meets, status
from tests.api.scope.world import Who


def meetings(asker: Asker, who: Who) -> None:
    right = "meetings.read"
    for level, law in (("district", "joint_meeting"), ("enterprise", "enterprise_meeting")):
        items = asker.pages(who, right, "/api/v1/meetings", level=level)
        if items is not None:
            there = [one for one in asker.world.movings if one.law.name == law]
            mine = sorted(one.id for one in there if meets(who, one))
            asker.same(sorted(int(one["proceeding"]) for one in items), mine, len(there), f"{who} {level}")
    one = asker.chance.choice([one for one in asker.world.movings if one.law.name == "joint_meeting"])
    for address in ("/api/v1/meetings/{id}", "/api/v1/meetings/{id}.ics", "/meetings/{id}.ics"):
        asker.is_told(who, right, meets(who, one), "GET", address, one.file.id)
    answer = asker.ask(who, "GET", "/meetings", params={"year": 2026})
    asker.check(answer.status_code == status(who, right, True), f"{who} meetings: {answer.status_code}")
