"""The law in force: an explicit tuple of definitions, found by name and version, and by the events they answer."""

from collections.abc import Iterable
from functools import cache

from workflows.definition import Definition, Evidence, Opening, Step
from workflows.errors import Fault, LawError
from workflows.events import OUTSIDE
from workflows.papers.forms import FORMS
from workflows.procedures import (
    activity_plan,
    bulletin,
    campaign,
    coordination,
    coverage,
    enterprise_meeting,
    federation,
    figures,
    joint_meeting,
    joint_union,
    lead,
    legal_person,
    liaison,
    notification,
    party,
    question,
    relocation,
    request,
    resolution,
    restructuring,
    review,
    supervision_order,
    term,
    union,
)


class LawBook:
    """Definitions held together: every event one of them answers is caused by another or comes from outside."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.definitions = tuple(definitions)
        self._by_version: dict[tuple[str, int], Definition] = {}
        self.openings: dict[str, list[tuple[Definition, Opening]]] = {}
        self.followers: dict[tuple[str, int, str, str], list[Step]] = {}
        self.answered: set[str] = set()
        for law in self.definitions:
            self._add(law)
        for law in self.definitions:
            if law is self.current(law.name):  # an older version runs on, but nothing new begins under it
                for opening in law.openings:
                    for event in opening.on:
                        self.openings.setdefault(event, []).append((law, opening))
        self.begun_by_persons = tuple(
            (law, opening)
            for law in self.definitions
            if law is self.current(law.name)
            for opening in law.openings
            if opening.by is not None
        )
        self._every_event_has_a_cause()
        #: By procedure and act, the fields of its form that are personal in any version of it.
        self.personal: dict[tuple[str, str], frozenset[str]] = {}
        for law in self.definitions:
            for act in law.acts:
                names = frozenset(field.name for field in act.fields if field.personal)
                if names:
                    self.personal[law.name, act.name] = self.personal.get((law.name, act.name), names) | names
        self._every_paper_has_its_form()
        self.evidence: dict[str, Evidence] = {
            paper.kind: paper for law in self.definitions for act in law.acts for paper in act.evidence
        }

    def _add(self, law: Definition) -> None:
        if (law.name, law.version) in self._by_version:
            raise LawError(f"{law.name} v{law.version} stands in the book twice")
        self._by_version[law.name, law.version] = law
        self.answered |= law.answered()
        for step in law.steps:
            for event in step.on:
                for source in step.sources:
                    self.followers.setdefault((law.name, law.version, source, event), []).append(step)

    def _every_event_has_a_cause(self) -> None:
        caused = OUTSIDE.union(*(law.emitted() for law in self.definitions))
        for law in self.definitions:
            orphans = sorted(law.answered() - caused)
            if orphans:
                raise LawError(f"{law.name} waits for events that nothing causes: {', '.join(orphans)}")

    def _every_paper_has_its_form(self) -> None:
        for law in self.definitions:
            for paper in (one for act in law.acts for one in act.evidence if one.form):
                if paper.form not in FORMS or "{name}" not in paper.about:
                    raise LawError(
                        f"{law.name}: evidence {paper.kind} is written as no form, or about nothing"
                    )

    def definition(self, name: str, version: int) -> Definition:
        """The very version a proceeding began under."""
        return self._by_version[name, version]

    def current(self, name: str) -> Definition:
        """The newest version of a procedure; an unknown name is the asker's mistake."""
        versions = [version for known, version in self._by_version if known == name]
        if not versions:
            raise Fault("procedure_unknown", name=name)
        return self._by_version[name, max(versions)]

    def with_procedures(self, *more: Definition) -> "LawBook":
        """This book and more: how a place adds an institution of its own."""
        return LawBook((*self.definitions, *more))


@cache
def law_book() -> LawBook:
    """The procedures that ship with the house, in the order a case usually meets them."""
    return LawBook(
        (
            lead.LEAD,
            union.UNION,
            coverage.COVERAGE,
            joint_union.JOINT_UNION_LAW,
            coverage.MEMBERSHIP,
            federation.FEDERATION_LAW,
            legal_person.LEGAL_PERSON,
            party.PARTY,
            liaison.LIAISON,
            notification.NOTIFY_PARTY,
            notification.NOTIFY_UNION,
            review.PARTY_REVIEW,
            review.UNION_REVIEW,
            term.UNION_TERM,
            term.PARTY_TERM,
            relocation.RELOCATION,
            restructuring.RESTRUCTURING,
            campaign.CAMPAIGN,
            campaign.CAMPAIGN_AREA,
            question.QUESTION,
            figures.FIGURES,
            coordination.COORDINATION,
            joint_meeting.JOINT_MEETING,
            resolution.RESOLUTION,
            enterprise_meeting.ENTERPRISE_MEETING,
            request.REQUEST,
            activity_plan.ACTIVITY_PLAN,
            bulletin.BULLETIN_LAW,
            supervision_order.UNION_ORDER,
            supervision_order.PARTY_ORDER,
        )
    )
