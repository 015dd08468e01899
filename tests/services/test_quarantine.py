"""A row that was set aside is shown with its reason, and goes when it is told to."""

from collections.abc import Sequence

import pytest

from services.actor import SERVICE
from services.db.models.mail import Inbox
from services.demo.hands import Hands
from services.demo.town import REGISTRY
from services.drains import Drain
from services.intake.apply import drain_inbox
from services.quarantine import set_aside, try_again
from services.runtime import Runtime, Unit
from workflows.errors import Fault


def test_a_row_set_aside_is_listed_and_goes_when_told(runtime: Runtime, hands: Hands) -> None:
    data = {"uscc": "91220204MA00000151", "name": "甲", "registered_on": "2025-03-03", "division": "220204"}
    hands.emit(REGISTRY, "registered", "e1", data)

    def refuse(unit: Unit, keys: Sequence[int]) -> None:
        raise Fault("division_unknown", division="1")

    Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, refuse).run(runtime, 10)
    with runtime.reading(SERVICE) as unit:
        (row,) = set_aside(unit)
    assert (row["drain"], row["id"], row["code"]) == ("inbox", 1, "division_unknown")
    with runtime.writing(SERVICE) as unit:
        try_again(unit, "inbox", 1)
    assert drain_inbox(runtime) == 1
    with runtime.reading(SERVICE) as unit:
        assert set_aside(unit) == []


@pytest.mark.parametrize(("drain", "row"), [("inbox", 1), ("nothing", 1)])
def test_what_is_not_set_aside_cannot_be_tried_again(runtime: Runtime, drain: str, row: int) -> None:
    with runtime.writing(SERVICE) as unit, pytest.raises(Fault, match="not_found"):
        try_again(unit, drain, row)
