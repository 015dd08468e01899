"""How a proceeding goes on when nothing gets in its way: from a state by its first step that leads on, and so forth."""

from collections.abc import Collection

from workflows.definition import STAY, Definition, State


def ahead(law: Definition, state: str, passed: Collection[str] = ()) -> list[State]:
    """The states that lie before this one, nearest first, until something is settled; none that was passed already.

    In every state the law names the step that goes on before those that go back or aside, so the first one is followed. It is what a
    clerk expects, and no promise: what a person decides, or a guard refuses, may lead elsewhere."""
    found: list[State] = []
    seen = {state, *passed}
    while not law.state[state].settled and not law.state[state].final:
        steps = (step for step in law.steps if state in step.sources and step.target != STAY)
        state = next((step.target for step in steps if step.target not in seen), "")
        if not state:
            break
        seen.add(state)
        found.append(law.state[state])
    return found
