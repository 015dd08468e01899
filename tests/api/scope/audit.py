"""What auditors look into: steps of persons, questions, durations, and a case taken out as a bundle; of their divisions, and no others'."""

from sqlalchemy import exists, select

from services.actor import SERVICE
from services.db.models.ledger import Leaf
from services.ledger.integrate import integrate
from services.reckoning.questions import QUESTIONS
from tests.api.scope.asker import Asker
from tests.api.scope.oracle import knows, reads, status
from tests.api.scope.world import Who


def audit(asker: Asker, who: Who) -> None:
    right = "audit.read"
    mine = [line for line in asker.world.lines if line.who is not None and reads(who, line)]
    answer = asker.ask(who, "GET", "/audit")
    asker.check(answer.status_code == status(who, right, True), f"{who} audits: {answer.status_code}")
    if answer.status_code == 200:
        rows = answer.text.count("<tr data-row")
        asker.check(rows == min(len(mine), 50), f"{who} is shown {rows} deeds of {len(mine)}")
    asker.is_told(who, right, True, "GET", "/audit/questions")
    asker.is_told(who, right, True, "GET", "/audit/durations")
    asker.is_told(who, right, True, "GET", "/audit/figures")
    asker.is_told(who, right, False, "GET", "/audit/figures/{report}", 10**9)
    name = asker.chance.choice(sorted(QUESTIONS))
    asker.is_told(who, right, True, "GET", "/audit/questions/{name}", name)


def bundles(asker: Asker, who: Who) -> None:
    while integrate(asker.counter.town.runtime):
        pass
    file = asker.chance.choice(asker.world.files)
    with asker.counter.town.runtime.reading(SERVICE) as unit:
        is_entered = unit.db.execute(select(exists().where(Leaf.case_id == file.id))).scalar_one()
    there = knows(who, file) and is_entered
    asker.is_told(who, "ledger.export", there, "POST", "/cases/{id}/bundle", file.id, data={"reason": ""})
