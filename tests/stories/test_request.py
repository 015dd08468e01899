"""A union puts a matter before its Party organisation: one matter each, received and answered by people (M35 to M39)."""

from typing import Any

import pytest

from tests.builders import TOWN
from workflows.errors import Refused
from workflows.procedures.request import ANSWERS, SUBMISSIONS

UNION, PARTY = f"union.{TOWN}", f"party.{TOWN}"


def _submission(kind: str) -> tuple[str, list[str]]:
    """The step by which this kind goes up, and the others."""
    right = next(name for name, _, kinds in SUBMISSIONS if kind in kinds)
    return right, [name for name, _, _ in SUBMISSIONS if name != right]


@pytest.mark.rule("S-submit", "S-answer")
@pytest.mark.parametrize("kind", ANSWERS)
def test_each_kind_has_the_answers_that_fit_it_and_no_other(tell: Any, kind: str) -> None:
    story = tell("2026-03-02")
    case = story.begins(UNION, "request", "draft", name="关于换届的报告", request_kind=kind)
    assert story.work_in(case) == {("union_local", "drafted")}
    right, wrong = _submission(kind)
    for step in wrong:
        with pytest.raises(Refused):
            story.does_in(case, UNION, "request", step)
    story.does_in(case, UNION, "request", right)
    story.does_in(case, PARTY, "request", "receive")
    for answer in ("noted", "granted", "partly", "referred", "refused"):
        if answer not in ANSWERS[kind]:
            with pytest.raises(Refused) as unfit:
                story.does_in(case, PARTY, "request", "answer", answer=answer)
            assert "只能答复" in unfit.value.text.zh
    story.does_in(case, PARTY, "request", "answer", answer=ANSWERS[kind][-1])
    story.does_in(case, UNION, "request", "close")
    assert story.states(case) == {"request": "closed"}


@pytest.mark.rule("S-submit", "S-answer")
def test_silence_answers_nothing_and_a_request_can_be_added_to_or_withdrawn(tell: Any) -> None:
    story = tell("2026-03-02")
    case = story.begins(UNION, "request", "draft", name="经费申请", request_kind="funds")
    story.does_in(case, UNION, "request", "submit_request")
    story.on("2026-03-16")
    assert story.states(case) == {"request": "submitted"}
    assert ("party_local", "receive") in story.work_in(case)
    story.does_in(case, PARTY, "request", "receive")
    story.does_in(case, PARTY, "request", "answer", answer="partly")
    story.does_in(case, UNION, "request", "ask_again", matter="补充明细后再报")
    story.does_in(case, UNION, "request", "withdraw")
    assert story.states(case) == {"request": "withdrawn"}
