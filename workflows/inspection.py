"""What a declaration is refused for when it is built: a law that could strand a case never comes into force."""

from typing import TYPE_CHECKING

from workflows.errors import LawError

if TYPE_CHECKING:
    from workflows.definition import Definition, Opening, Step

#: The target of a step that leaves the proceeding where it stands.
STAY = "="


class Inspection:
    """What is refused at build: stranded states, dead ends, steps nobody may take, words missing, names unknown."""

    def __init__(self, law: "Definition") -> None:
        self.law = law

    def refuse(self, why: str) -> None:
        raise LawError(f"{self.law.name} v{self.law.version}: {why}")

    def run(self) -> None:
        law = self.law
        if not law.openings:
            self.refuse("no opening: it could never begin")
        for opening in law.openings:
            self._opening(opening)
        for step in law.steps:
            self._step(step)
        for term in law.terms:
            if term.name in law.state:
                self.refuse(
                    f"term {term.name} is named like a state; their work items could not be told apart"
                )
            for name in term.during:
                self._known(name, f"term {term.name}")
            for name in (*term.starts_again_on, *term.met_by):
                if name not in law.step:
                    self.refuse(f"term {term.name} starts again on, or is met by, an unknown step {name}")
        self._reachable()
        self._ways_out()

    def _opening(self, opening: "Opening") -> None:
        self._known(opening.state, f"opening {opening.name} on {opening.on}")
        if (opening.by is None) == (not opening.on):
            self.refuse(f"opening {opening.name} needs either a role or an event, and not both")
        if opening.by is not None and (opening.subject is None or opening.label is None):
            self.refuse(f"opening {opening.name} is a person's, and needs a subject and a label")
        if opening.by is not None and not any(
            field.name == "name" and field.required and field.kind == "text" for field in opening.fields
        ):
            self.refuse(f"opening {opening.name} has no required field `name` that could name its file")
        if opening.on and (opening.fields or opening.evidence):
            self.refuse(f"opening {opening.name} follows by itself, so it has no form")

    def _known(self, state: str, where: str) -> None:
        if state not in self.law.state:
            self.refuse(f"{where} names an unknown state {state}")

    def _step(self, step: "Step") -> None:
        for name in (*step.sources, *(() if step.target == STAY else (step.target,))):
            self._known(name, f"step {step.name}")
        if (step.by is None) == (not step.on):
            self.refuse(f"step {step.name} needs either a role or an event, and not both")
        if not step.sources:
            self.refuse(f"step {step.name} starts nowhere")
        if step.on and (step.fields or step.evidence):
            self.refuse(f"step {step.name} follows by itself, so nobody can fill in its form")
        if not step.rule:
            self.refuse(f"step {step.name} names no rule")
        for source in step.sources:
            if self.law.state[source].final:
                self.refuse(f"step {step.name} leaves the final state {source}")
        if bool(step.extends) != (step.extension is not None) or (
            step.extends and step.extends not in self.law.term
        ):
            self.refuse(f"step {step.name} extends a term that is unknown, or does not say by how much")
        if step.extends:
            self._extension(step)
        openings = {opening.name for opening in self.law.openings}
        for name in step.not_by:
            if name not in self.law.step and name not in openings:
                self.refuse(f"step {step.name} excludes the taker of an unknown step {name}")
        open_to_all = {one.name for one in step.fields if one.publish} | set(step.publish)
        if any(one.personal and (one.kind != "text" or one.name in open_to_all) for one in step.fields):
            self.refuse(f"step {step.name} has a personal field that is no text, or is published")
        names = [one.name for one in step.fields]
        if len(names) != len(set(names)):
            self.refuse(f"step {step.name} has two fields of one name")

    def _extension(self, step: "Step") -> None:
        during = self.law.term[step.extends].during
        for name in (*step.sources, *(() if step.target == STAY else (step.target,))):
            if name not in during:
                self.refuse(f"step {step.name} extends {step.extends}, which does not run in {name}")
        if not any(one.name == "note" and one.required for one in step.fields):
            self.refuse(f"step {step.name} extends {step.extends} without asking for the reason")

    def _reachable(self) -> None:
        reached, edge = set[str](), {opening.state for opening in self.law.openings}
        while edge:
            reached |= edge
            edge = {step.target for step in self.law.steps if reached & set(step.sources)} - reached - {STAY}
        stranded = [state.name for state in self.law.states if state.name not in reached]
        if stranded:
            self.refuse(f"no way leads to {', '.join(stranded)}")

    def _ways_out(self) -> None:
        ending, edge = set[str](), {state.name for state in self.law.states if state.settled or state.final}
        while edge:
            ending |= edge
            edge = {
                source for step in self.law.steps if step.target in ending for source in step.sources
            } - ending
        for state in self.law.states:
            if state.name not in ending:
                self.refuse(f"{state.name} is a dead end: no settled or final state can follow")
            if not state.settled and not state.final and not state.works and state.waits_for is None:
                self.refuse(f"{state.name} does not say who is waited for")
