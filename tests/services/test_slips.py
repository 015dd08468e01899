"""The code on a union-founding notice: whoever holds the sheet confirms it, once, while its term lasts; it decides nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from services.actor import SERVICE
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case, History, Proceeding, WorkItem
from services.db.models.official import PaperSlip
from services.documents.issue import withdraw
from services.documents.slips import answer, look_at, new_slip
from services.runtime import Unit
from tests.builders import Town
from tests.papers import LOCAL, draft, issued, lies, with_marks
from workflows.errors import Fault

HERE = "https://gongjian.example.com"


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What stands in the codes on the sheets, in the order in which they were made: nowhere else is it kept."""
    kept: list[str] = []

    def remember(unit: Unit, paper: int, token: str) -> None:
        kept.append(token)
        new_slip(unit, paper, token)

    monkeypatch.setattr("services.documents.issue.new_slip", remember)
    return kept


@pytest.fixture
def reached(town: Town, tokens: list[str]) -> Town:
    """The town with agency marks, under an address that enterprises reach."""
    chosen = town.runtime.settings.model_copy(update={"public_url": HERE})
    town.runtime.settings = chosen
    return with_marks(town)


def notice(town: Town) -> tuple[str, int, int, dict[str, object]]:
    """A notice is issued for an enterprise that was not met."""
    code = town.enterprise(name="甲机械有限公司")
    case, moving = lies(town, code, "lead")
    told = issued(
        town,
        LOCAL,
        draft(town, LOCAL, "founding_notice", case, moving, "union_founding_notice", contact="工会办公室"),
    )
    return code, case, moving, told


def serve(town: Town, moving: int, document: object) -> None:
    fields = {
        "service_method": "left",
        "served_at": "登记住所",
        "served_on": town.runtime.clock.now().date().isoformat(),
    }
    with town.runtime.writing(town.hands.actor(LOCAL)) as unit:
        take_step(unit, StepTaken(moving, "serve_notice", fields, [str(document)]))
    town.settle()


def refused(town: Town, token: str, said: str = "supports") -> str:
    with pytest.raises(Fault) as told:
        answer(town.runtime, token, said, "")
    return told.value.code


def state(town: Town, moving: int) -> tuple[str, dict[str, object], list[str]]:
    with town.runtime.reading(SERVICE) as unit:
        row = unit.db.execute(select(Proceeding.state, Proceeding.data).where(Proceeding.id == moving)).one()
        tasks = unit.db.scalars(
            select(WorkItem.task_zh).where(WorkItem.proceeding_id == moving, WorkItem.status == "open")
        ).all()
    return row.state, dict(row.data), list(tasks)


def test_an_answer_becomes_a_work_item_and_decides_nothing(reached: Town, tokens: list[str]) -> None:
    _, case, moving, told = notice(reached)
    serve(reached, moving, told["document"])
    (token,) = tokens
    slip = look_at(reached.runtime, token)
    assert (slip.number, slip.answered_at) == ("越工建〔2026〕1号", None)
    answer(reached.runtime, token, "wants_visit", "203.0.113.7")
    now, data, tasks = state(reached, moving)
    assert now == "notice_served" and data["reply"] == "wants_visit", "nothing is decided"
    assert "企业已回应建会通知书，请联系" in tasks
    assert refused(reached, token) == "slip_used"
    assert look_at(reached.runtime, token).answered_at is not None
    with reached.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(PaperSlip.digest)).all() != [token.encode()]
        lines = unit.db.scalars(
            select(History.canon).where(History.case_id == case).order_by(History.seq)
        ).all()
    assert "企业确认收到建会通知书" in lines[-1].decode()


def test_an_answer_before_the_service_is_on_file_is_not_lost(reached: Town, tokens: list[str]) -> None:
    _, _, moving, told = notice(reached)
    (token,) = tokens
    answer(reached.runtime, token, "supports", "")
    serve(reached, moving, told["document"])
    assert "企业已回应建会通知书，请联系" in state(reached, moving)[2]


def test_an_answer_after_the_union_has_gone_on_leaves_one_line(reached: Town, tokens: list[str]) -> None:
    code, case, moving, told = notice(reached)
    serve(reached, moving, told["document"])
    reached.take(LOCAL, code, "lead", "resume_contact")
    (token,) = tokens
    assert refused(reached, token) == "slip_over", "the term of the notice is over once there is contact"
    with reached.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(Case.seq).where(Case.id == case)) is not None


def test_a_code_ends_with_the_notices_term_and_with_its_paper(reached: Town, tokens: list[str]) -> None:
    _, _, moving, told = notice(reached)
    serve(reached, moving, told["document"])
    (token,) = tokens
    with reached.runtime.reading(SERVICE) as unit:
        due = unit.db.scalar(
            text(f"SELECT due_on FROM deadlines WHERE proceeding_id = {moving} AND term = 'notice'")
        )
    assert due is not None
    reached.clock.advance(timedelta(days=29))
    look_at(reached.runtime, token)
    reached.clock.advance(timedelta(days=12))
    assert refused(reached, token) == "slip_over"


def test_a_withdrawn_notice_takes_no_answer(reached: Town, tokens: list[str]) -> None:
    _, _, _, told = notice(reached)
    with reached.runtime.writing(reached.hands.actor(LOCAL)) as unit:
        withdraw(unit, int(str(told["id"])), "写错了")
    assert refused(reached, tokens[0]) == "slip_over"


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "../../etc", "燚" * 32, "a" * 400])
def test_a_code_that_is_none_opens_nothing(reached: Town, token: str) -> None:
    notice(reached)
    assert refused(reached, token) == "slip_over"


def test_an_answer_that_is_not_offered_is_refused_and_the_code_is_still_good(
    reached: Town, tokens: list[str]
) -> None:
    notice(reached)
    (token,) = tokens
    assert refused(reached, token, "refuses") == "field_choice"
    answer(reached.runtime, token, "later", "")


def test_without_an_address_the_notice_bears_no_code(town: Town) -> None:
    _, _, _, told = notice(with_marks(town))
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(PaperSlip.digest)).all() == []
    assert re.fullmatch(r"越工建〔2026〕1号", str(told["number"]))
