"""What a procedure can say of its terms, on a small procedure made for it: from when, how long, ahead of what, and met by whom."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.workflows.lives import MONDAY, Life, book, edition
from workflows.definition import STAY, Definition, Field, Opening, Situation, State, Step, Term, Work
from workflows.registry import law_book
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.spans import Span
from workflows.unfolded import Unfolded
from workflows.words import Text

WORD = Text("事", "matter")
DO, SEE = Work(UNION_LOCAL, Text("办", "do"), WORD), Work(UNION_SUPERIOR, Text("督", "see"), WORD)
SINCE = Field("since", "date", WORD, 0, minimum=-400, maximum=0, required=False)
NOTE = Field("note", "text", WORD, "材料较多 / many papers")

#: Thirty days from the day it starts, unless a test says otherwise.
TERM = Term("wait", WORD, "notice.period", ("first", "second"), SEE)


def step(name: str, source: str, target: str, **more: Any) -> Step:
    """`Any`: any of Step's parts."""
    return Step(
        name=name,
        sources=(source,),
        target=target,
        label=WORD,
        says=WORD,
        rule="试验",
        by=UNION_LOCAL,
        **more,
    )


def life_with(term: Term, *more: Step, **local: Any) -> Life:
    """A case in which the small procedure stands in its first state, its term as given. `Any`: policy values."""
    law = Definition(
        name="tiny",
        version=1,
        label=WORD,
        compartment=Compartment.UNION,
        openings=(Opening(on=("registry.registered",), state="before", says=WORD, rule="试验"),),
        states=(
            State("before", WORD, DO),
            State("first", WORD, DO),
            State("second", WORD, DO),
            State("done", WORD, settled=True),
        ),
        steps=(
            step("begin", "before", "first", fields=(SINCE,)),
            step("go_on", "first", "second"),
            step("end", "second", "done"),
            step("again", "done", "first"),
            step("act", "first", STAY),
            *more,
        ),
        terms=(term,),
    )
    life = Life(book(edition("220204", date(2000, 1, 1), local)))
    life.law = law_book().with_procedures(law)
    life.tell("registry.registered")
    return life


def due(unfolded: Unfolded) -> list[tuple[str, date | None]]:
    return [(one.term.name, one.deadline.due_on) for one in unfolded.terms]


def test_it_counts_from_the_day_in_a_fact_or_where_there_is_none_from_today() -> None:
    term = replace(TERM, counts_from="since")
    begun = life_with(term).take("tiny", "begin", since="2026-02-16")
    assert due(begun) == [("wait", date(2026, 3, 18))]
    assert begun.terms[0].deadline.recorded_on == MONDAY
    begun = life_with(term).take("tiny", "begin", since=None)
    assert due(begun) == [("wait", date(2026, 4, 1))]
    assert begun.terms[0].deadline.recorded_on is None


def test_it_is_as_long_as_the_situation_makes_it_or_does_not_run_at_all() -> None:
    def by_count(situation: Situation) -> Span | None:
        weeks = situation.number("weeks")
        return Span(7 * weeks, "day") if weeks else None

    life = life_with(replace(TERM, measure=by_count))
    assert due(life.take("tiny", "begin")) == []
    life.take("tiny", "go_on")
    life.standing("tiny").data["weeks"] = 2
    life.take("tiny", "end")
    assert due(life.take("tiny", "again")) == [("wait", date(2026, 3, 16))]


def test_the_policy_it_rests_on_may_depend_on_the_situation_and_is_the_one_that_is_cited() -> None:
    def by_kind(situation: Situation) -> str:
        return "lead.revisit" if situation.yes("late") else "notice.period"

    life = life_with(replace(TERM, rests_on=by_kind))
    assert due(life.take("tiny", "begin")) == [("wait", date(2026, 4, 1))]
    life.standing("tiny").data["late"] = True
    for name in ("go_on", "end"):
        life.take("tiny", name)
    later = life.take("tiny", "again")
    assert due(later) == [("wait", date(2026, 9, 2))]
    assert later.terms[0].deadline.citation == "本系统设定（P-REVISIT） / design P-REVISIT"


def test_it_falls_due_ahead_of_its_end_and_cites_both() -> None:
    term = replace(TERM, policy="lead.revisit", ahead="notice.period", exact=True)
    begun = life_with(term).take("tiny", "begin")
    assert due(begun) == [("wait", date(2026, 8, 3))]  # 2 September less thirty days
    assert begun.terms[0].deadline.citation.startswith("本系统设定（P-REVISIT）；本系统设定，未见")
    rule = begun.terms[0].deadline.derivation[-1]
    assert rule.zh == "依据：本系统设定（P-REVISIT）；本系统设定，未见建会通知书的期限"
    assert rule.en.startswith("Rule: design P-REVISIT; design; no source gives the period")


@pytest.mark.parametrize("key", ["lead.revisit", "notice.period"])
def test_where_a_place_sets_none_of_either_it_does_not_run(key: str) -> None:
    term = replace(TERM, policy="lead.revisit", ahead="notice.period")
    assert due(life_with(term, **{key: "none"}).take("tiny", "begin")) == []


def test_a_step_that_does_what_it_asked_for_ends_it_where_the_proceeding_stands() -> None:
    life = life_with(replace(TERM, met_by=("act",)))
    life.take("tiny", "begin")
    key = life.standing("tiny").key
    acted = life.take("tiny", "act")
    assert (acted.terms_ended, acted.terms_met, acted.terms) == ([(key, "wait")], {(key, "wait")}, [])
    assert acted.work_ended == set(), "what the state asks for is still to be done"
    went_on = life.take("tiny", "go_on")
    assert went_on.terms == [], "what is met does not begin again in the next of its states"
    life.take("tiny", "end")
    assert due(life.take("tiny", "again")) == [("wait", date(2026, 4, 1))]


def test_what_is_overdue_stays_so_over_the_states_of_its_term_and_no_longer() -> None:
    life = life_with(TERM)
    life.take("tiny", "begin")
    life.expire("tiny", "wait")
    key = life.standing("tiny").key
    went_on = life.take("tiny", "go_on")
    assert (went_on.work_ended, went_on.overdue_still) == ({key}, {key: frozenset({"wait"})})
    ended = life.take("tiny", "end")
    assert (ended.work_ended, ended.overdue_still) == ({key}, {key: frozenset()})


def test_a_step_makes_it_longer_by_what_it_says_for_the_reason_given() -> None:
    def week_or_none(situation: Situation) -> Span | None:
        return None if situation.yes("refused") else Span(7, "day")

    longer = step("extend", "first", STAY, fields=(NOTE,), extends="wait", extension=week_or_none)
    life = life_with(TERM, longer)
    life.take("tiny", "begin")
    (extended,) = life.take("tiny", "extend", note="需实地核实").extended
    assert (extended.key, extended.term.name) == (life.standing("tiny").key, "wait")
    assert (extended.by, extended.reason) == (Span(7, "day"), "需实地核实")
    life.standing("tiny").data["refused"] = True
    assert life.take("tiny", "extend").extended == []
