"""The ledger: its hashes are everybody's who may read it, its lines are not."""

from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.ledger import Leaf
from services.ledger.integrate import integrate
from tests.api.scope.asker import Asker
from tests.api.scope.oracle import RIGHTS, covers, reads
from tests.api.scope.world import Who


def ledger(asker: Asker, who: Who) -> None:
    right, base = "ledger.read", "/api/v1/ledger/"
    runtime = asker.counter.town.runtime
    while integrate(runtime):
        pass
    lines = {(line.file.id, line.seq): line for line in asker.world.lines}
    with runtime.reading(SERVICE) as unit:
        leaves = unit.db.execute(
            select(Leaf.number, Leaf.case_id, Leaf.seq, Journal.division)
            .outerjoin(Journal, Journal.id == Leaf.journal_id)
            .order_by(Leaf.number)
        ).all()
    his = [
        reads(who, lines[leaf.case_id, leaf.seq])
        if leaf.case_id
        else who.kind == "auditor" and covers(who.division, leaf.division)
        for leaf in leaves
    ]
    for name in ("checkpoint", "continuation"):
        asker.is_told(who, right, True, "GET", base + name)
    asker.is_told(who, right, True, "GET", "/ledger")
    first = asker.chance.randrange(len(leaves))
    found = asker.is_told(who, right, True, "GET", base + "entries", params={"from": first})
    if found is not None:
        told = [(one["number"], one["line"] is not None) for one in found["items"]]
        wanted = [(number, his[number]) for number in range(first, min(first + 200, len(leaves)))]
        asker.same(told, wanted, len(wanted), f"{who} entries from {first}")
    asker.is_told(who, right, his[first], "GET", base + "proof", params={"entry": first})
    asker.is_told(who, right, his[first], "GET", "/ledger/entries/{number}", first)
    answer = asker.ask(who, "POST", base + "cosignatures", json={"size": 1, "note": "none"})
    may = who.kind in RIGHTS["ledger.cosign"]
    asker.check(answer.status_code in ((400, 404) if may else (403,)), f"{who} cosigns: {answer.status_code}")
