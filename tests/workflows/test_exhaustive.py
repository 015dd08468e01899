"""Every definition walked exhaustively: all states, all events, all steps, all outcomes of the guards (see walk.py)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.workflows.walk import LAWS, PAGE, Walk, page, walked
from workflows.definition import Definition
from workflows.registry import law_book


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_nothing_is_stuck_and_no_event_goes_two_ways(
    law: Definition, record_property: Callable[[str, object], None]
) -> None:
    """The engine is asked each question there is; what must hold of every answer stands in `Walk`."""
    figures = walked(law)
    record_property("figures", figures)
    print(f"{law.name}: {figures}")
    assert figures.states == len(law.states) and figures.events > 0
    assert figures.automatic >= len(
        {(state, event) for step in law.steps for state in step.sources for event in step.on}
    )
    assert figures.persons >= sum(len(step.sources) for step in law.steps if step.by is not None)
    assert figures.openings >= len(law.openings)


def test_an_answer_that_could_never_be_given_is_found() -> None:
    """Of two steps on one event the guarded one stands first, or it would never be taken."""
    law = law_book().current("relocation")
    wrong = replace(law, steps=tuple(reversed(law.steps)))
    with pytest.raises(AssertionError, match="another stands before it"):
        Walk(wrong).whole()


def test_a_step_that_led_elsewhere_than_it_says_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.unfold.move", lambda law, state, step: law.states[0].name)
    with pytest.raises(AssertionError, match="'relocation'"):
        Walk(law_book().current("relocation")).whole()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_no_term_is_called_what_a_state_is_called(law: Definition) -> None:
    """Work items bear the name of what they are about: of two that bear one name, nobody knew which was done."""
    assert not law.state.keys() & law.term.keys()


def test_the_handbook_shows_the_figures_of_this_very_walk() -> None:
    """`make walk` writes them anew."""
    assert PAGE.read_text("utf-8") == page()
