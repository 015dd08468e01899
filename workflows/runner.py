"""The only user of `transitions`: one shared machine per definition, moved by a cursor that is thrown away.

A machine per case would cost some 0.3 ms and registering models leaks them; a bare cursor on a shared machine costs
about ten microseconds a step (measured; decision 0003).
"""

import logging
from dataclasses import dataclass, replace
from functools import lru_cache

from transitions import Machine, MachineError

from workflows.definition import Act, Definition, Facts, Guard, Situation, Step
from workflows.errors import Refused
from workflows.events import Scalar
from workflows.words import Text

# it tells every step at INFO, to people who did not ask
logging.getLogger("transitions").setLevel(logging.WARNING)


class _Cursor:
    """Where a proceeding stands while it is being moved."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@lru_cache(maxsize=256)
def machine(law: Definition) -> Machine:
    """The state machine of a definition; built once, shared by every case and thread."""
    return Machine(
        model=None,
        states=[state.name for state in law.states],
        initial=law.openings[0].state,
        transitions=[
            {"trigger": step.name, "source": source, "dest": step.target}
            for step in law.steps
            for source in step.sources
        ],
        auto_transitions=False,
    )


def move(law: Definition, state: str, step: Step) -> str:
    """The state after the step. A step that does not leave from here is refused with where the case stands."""
    cursor = _Cursor(state)
    try:
        machine(law).events[step.name].trigger(cursor)
    except MachineError as error:
        here = law.state[state].label
        raise Refused(
            "step_not_here", zh=here.zh, en=here.en, step_zh=step.label.zh, step_en=step.label.en
        ) from error
    return cursor.state


def why_not(act: Act, situation: Situation) -> Text | None:
    """The first guard's reason against the step or opening, or None when the law allows it."""
    for guard in act.guards:
        reason = guard(situation)
        if reason is not None:
            return reason
    return None


@dataclass(frozen=True, slots=True)
class Explained:
    """One step seen from a state: open, or closed with its reason."""

    step: Step
    why_not: Text | None


def explain(law: Definition, state: str, situation: Situation) -> list[Explained]:
    """Every step a person could take from here, judged on what is on file.

    A guard that looks at fields of the step itself cannot be judged before the form is filled in, so such a step is
    open; the guard answers when the form arrives. So too for the papers that the step itself asks for.
    """
    found = []
    for step in law.steps:
        if step.by is None or state not in step.sources:
            continue
        own = {field.name for field in step.fields}
        filed = replace(situation, on_file=situation.on_file.union(paper.kind for paper in step.evidence))
        reason = next(
            (why for guard in step.guards if (why := _before_the_form(guard, filed, own)) is not None), None
        )
        found.append(Explained(step, reason))
    return found


class _Watched(dict[str, Scalar]):
    """Facts that remember which names were asked for."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.asked: set[str] = set()

    def get(self, key: str, default: Scalar = None) -> Scalar:  # type: ignore[override]  # dict.get's overloads are wider
        self.asked.add(key)
        return super().get(key, default)


def _before_the_form(guard: Guard, situation: Situation, own: set[str]) -> Text | None:
    watched = _Watched(situation.facts)
    reason = guard(replace(situation, facts=watched))
    return None if watched.asked & own else reason
