"""襄汾: fourteen committees and six joint unions are reported to cover twenty legal units; nobody believes it, nobody throws it away."""

from typing import Any

from services.demo.town import DISTRICT_UNION

XIANGFEN = {
    "name": "襄汾县 2011年4月",
    "committees": 14,
    "joint_unions": 6,
    "organisations": 20,
    "legal_units": 20,
    "members": 900,
    "migrant_members": 0,
}


def test_the_figures_of_xiangfen_raise_a_question(tell: Any) -> None:
    story = tell("2019-05-06")
    report = story.begins(DISTRICT_UNION, "figures", "report", **XIANGFEN)

    # six joint unions cover twelve units or more, fourteen committees their own: twenty-six at the least
    assert story.states(report) == {"figures": "questioned"}
    assert story.facts("figures", report)["least_units"] == 26
    assert story.facts("figures", report)["legal_units"] == 20

    # silence does not settle it: ten working days later it is a work item that is overdue
    story.on("2019-05-21")
    assert story.states(report) == {"figures": "questioned"}
    assert story.work_in(report) == {("union_superior", "questioned"), ("union_superior", "explain_figures")}

    # people say what was counted; the number stays as it was published, with the account beside it
    story.does_in(
        report, DISTRICT_UNION, "figures", "explain", note="法人单位只计本月新覆盖的 / newly covered only"
    )
    assert story.states(report) == {"figures": "explained"}
    assert story.facts("figures", report)["legal_units"] == 20
    assert story.work_in(report) == set()
