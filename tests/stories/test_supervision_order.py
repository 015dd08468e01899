"""A superior has a body below it bring a late matter to its end, on either side (督办、销号)."""

from typing import Any

import pytest

from tests.builders import COUNTY, TOWN
from workflows.errors import Refused

SIDES = {"union": (f"union.{COUNTY}", f"union.{TOWN}"), "party": (f"minying.{COUNTY}", f"party.{TOWN}")}


@pytest.mark.rule("S-order")
@pytest.mark.parametrize("side", SIDES)
def test_an_order_is_acknowledged_reported_and_cleared_and_late_stays_late(tell: Any, side: str) -> None:
    above, below = SIDES[side]
    order = f"{side}_order"
    story = tell("2026-03-02")
    case = story.begins(
        above, order, f"issue_{order}", name="首次联系逾期", town=TOWN, level="yellow", due_on="2026-03-10"
    )
    assert story.work_in(case) == {(f"{side}_local", "issued")}
    story.does_in(case, below, order, "acknowledge_order")
    story.on("2026-03-12")
    assert (f"{side}_superior", "order_due") in story.work_in(case)
    assert story.states(case) == {order: "in_hand"}  # nothing is cleared or given up by itself
    story.does_in(case, above, order, "raise_level", level="red", due_on="2026-03-20")
    story.on("2026-03-23")
    story.does_in(case, below, order, "report_order", note="已联系")
    story.does_in(case, above, order, "return_order", note="缺回执")
    story.does_in(case, above, order, "raise_level", level="red", due_on="2026-04-30")
    story.does_in(case, below, order, "report_order", note="已补回执")
    story.does_in(case, above, order, "clear_order")
    assert story.states(case) == {order: "cleared"}
    assert story.facts(order, case)["finished_late"] is True


@pytest.mark.rule("S-order")
def test_an_order_cannot_be_reported_before_it_is_acknowledged_and_can_be_recalled(tell: Any) -> None:
    above, below = SIDES["union"]
    story = tell("2026-03-02")
    case = story.begins(above, "union_order", "issue_union_order", town=TOWN)
    with pytest.raises(Refused):
        story.does_in(case, below, "union_order", "report_order")
    story.does_in(case, above, "union_order", "recall_order")
    assert story.states(case) == {"union_order": "recalled"}
