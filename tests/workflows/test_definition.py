"""A procedure that could strand a case, or that nobody could read, is refused when it is built."""

from dataclasses import replace
from typing import Any

import pytest

from workflows.definition import (
    STAY,
    Definition,
    Field,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.errors import LawError
from workflows.roles import UNION_LOCAL, Compartment
from workflows.spans import Span
from workflows.words import Text

WORD = Text("事", "matter")
WORK = Work(UNION_LOCAL, WORD, WORD)
OPEN = State("open", WORD, WORK)
DONE = State("done", WORD, settled=True, final=True)
CLOSE = Step(
    name="close", sources=("open",), target="done", label=WORD, says=WORD, rule="试验", by=UNION_LOCAL
)
NOTE = Field("note", "text", WORD, "x")


def law(**other: Any) -> Definition:
    """The smallest procedure there is, but for what the test changes. `Any`: any of Definition's parts."""
    parts: dict[str, Any] = {
        "name": "tiny",
        "version": 1,
        "label": WORD,
        "compartment": Compartment.OPEN,
        "openings": (Opening(on=("registry.registered",), state="open", says=WORD, rule="试验"),),
        "states": (OPEN, DONE),
        "steps": (CLOSE,),
    }
    return Definition(**parts | other)


def also(**other: Any) -> tuple[Step, ...]:
    """The closing step, and a second one like it but for what the test changes. `Any`: any of Step's parts."""
    return (CLOSE, replace(CLOSE, name="other", **other))


def test_the_smallest_procedure_stands() -> None:
    tiny = law()
    assert (tiny.state["open"], tiny.step["close"]) == (OPEN, CLOSE)
    assert tiny.answered() == {"registry.registered"}


TERM = Term("wait", WORD, "notice.period", ("open",), WORK)


def a_week(_: Situation) -> Span:
    return Span(7, "day")


ASIDE = State("aside", WORD, WORK)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"openings": ()}, "never begin"),
        ({"openings": (Opening(on=("x",), state="nowhere", says=WORD, rule="试验"),)}, "unknown state nowhere"),
        ({"states": (OPEN, DONE, ASIDE), "steps": also(sources=("aside",))}, "no way leads to aside"),
        ({"states": (OPEN, ASIDE, DONE), "steps": also(target="aside")}, "aside is a dead end"),
        # two states that only lead to each other are as dead as one that leads nowhere
        (
            {
                "states": (OPEN, ASIDE, replace(ASIDE, name="astray"), DONE),
                "steps": (
                    *also(target="aside"),
                    replace(CLOSE, name="go", sources=("aside",), target="astray"),
                    replace(CLOSE, name="back", sources=("astray",), target="aside"),
                ),
            },
            "aside is a dead end",
        ),
        ({"states": (OPEN, ASIDE, DONE), "steps": (*also(target="aside"), replace(CLOSE, name="stay", sources=("aside",), target=STAY))}, "aside is a dead end"),
        ({"states": (State("open", WORD), DONE)}, "open does not say who is waited for"),
        ({"steps": also(by=None)}, "needs either a role or an event"),
        ({"steps": also(on=("registry.changed",))}, "needs either a role or an event"),
        ({"steps": also(sources=())}, "starts nowhere"),
        ({"steps": also(sources=("nowhere",))}, "unknown state nowhere"),
        ({"steps": also(target="nowhere")}, "unknown state nowhere"),
        ({"steps": also(rule="")}, "names no rule"),
        ({"steps": also(fields=(NOTE, NOTE))}, "two fields of one name"),
        ({"steps": also(by=None, on=("registry.changed",), fields=(NOTE,))}, "nobody can fill in"),
        ({"steps": also(fields=(replace(NOTE, personal=True, publish=True),))}, "is published"),
        ({"steps": also(fields=(replace(NOTE, personal=True),), publish=("note",))}, "is published"),
        ({"steps": also(fields=(Field("on", "date", WORD, 0, personal=True),))}, "is no text"),
        ({"steps": also(sources=("done",), target="open")}, "leaves the final state done"),
        ({"steps": also(not_by=("nobody",))}, "unknown step nobody"),
        ({"steps": (CLOSE, CLOSE)}, "two steps named close"),
        ({"states": (OPEN, OPEN, DONE)}, "two states named open"),
        ({"terms": (TERM, TERM)}, "two terms named wait"),
        ({"terms": (replace(TERM, during=("nowhere",)),)}, "unknown state nowhere"),
        ({"terms": (replace(TERM, starts_again_on=("nobody",)),)}, "unknown step nobody"),
        ({"terms": (replace(TERM, met_by=("nobody",)),)}, "unknown step nobody"),
        ({"steps": also(target=STAY, extends="wait", extension=a_week, fields=(NOTE,))}, "a term that is unknown"),
        ({"terms": (TERM,), "steps": also(target=STAY, extends="wait", fields=(NOTE,))}, "does not say by how much"),
        ({"terms": (TERM,), "steps": also(extends="wait", extension=a_week, fields=(NOTE,))}, "does not run in done"),
        ({"terms": (TERM,), "steps": also(target=STAY, extends="wait", extension=a_week)}, "asking for the reason"),
    ],
)  # fmt: skip
def test_a_procedure_that_could_strand_a_case_is_refused(parts: dict[str, Any], why: str) -> None:
    with pytest.raises(LawError, match=why):
        law(**parts)


def test_a_settled_state_need_not_lead_on_nor_say_who_is_waited_for() -> None:
    resting = replace(DONE, final=False)
    assert law(states=(OPEN, resting)).state["done"] is resting


@pytest.mark.parametrize(("zh", "en"), [("", "matter"), ("事", "")])
def test_nothing_is_said_in_one_language_only(zh: str, en: str) -> None:
    with pytest.raises(ValueError, match="both languages"):
        Text(zh, en)
