"""No event falls through: each is answered where a proceeding is live, or it is explained here why nobody has to.

What the registry tells is looked at procedure by procedure and state by state. The tables are exact: an answer that is not in
them fails as one that is missing does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.workflows.lives import MONDAY, Life, examples
from tests.workflows.walk import EVENTS, LAWS
from workflows.definition import Definition, Situation
from workflows.events import DERIVED, OUTSIDE, REGISTRY_EVENTS, expired
from workflows.policies.book import shipped
from workflows.policies.model import Policy
from workflows.procedures.enterprise_gone import GONE
from workflows.procedures.lead_states import LIVE
from workflows.procedures.party_guards import ORGANISATIONS
from workflows.registry import law_book
from workflows.subjects import ENTERPRISE

AUTOMATIC = [(law, step) for law in LAWS for step in law.steps if step.on]


def _named(law: object) -> str | None:
    return law.name if isinstance(law, Definition) else None


# -- every event is answered --------------------------------------------------------------------------------------

#: Events that no procedure answers, and why they are told all the same: they stand in the history as news.
PLAIN_NEWS: Mapping[str, str] = {
    "union.operating": "the union's set-up is complete; nothing waits for it",
    "legal.registered": "the union is a legal person; nothing waits for it",
    "legal.cancelled": "the registration ended with the union",
    "party.reelected": "there is no legal person on the Party side whose registration would change",
    "party.by_elected": "the same",
    "restructuring.settled": "both sides have recorded what became of their organisation",
    "registry.changed": "the office writes what changed into the file, and tells of renaming, restructuring and moving apart",
    "registry.suspended": "the engine stops every term of the file",
    "registry.resumed": "the engine lets every term run on",
}


def test_every_event_is_answered_or_is_plain_news_or_a_work_item() -> None:
    """A term that runs out is always a history line and a work item, so that its expiry may go unanswered (unfold.expire)."""
    expiries = {expired(term.name) for law in LAWS for term in law.terms}
    assert set(EVENTS) - law_book().answered - expiries == set(PLAIN_NEWS)


#: The expiries that a procedure answers, and what comes of them. None decides anything.
EXPIRIES: Mapping[tuple[str, str], str] = {
    ("lead", "notice_ran_out"): "notes the fact; the enterprise has refused nothing",
    ("union", "transfer_left_unanswered"): "notes the fact; only a rule of the place lets a person act on it",
    ("legal_person", "renewal_falls_due"): "a renewal is due",
    ("notify_party", "chase"): "a reminder is sent",
    ("notify_party", "escalate"): "put on the joint meeting's agenda",
    ("notify_union", "chase"): "a reminder is sent",
    ("notify_union", "escalate"): "put on the joint meeting's agenda",
    ("union_term", "remind"): "a reminder is sent",
    ("union_term", "overdue_unreminded"): "a re-election is due",
    ("union_term", "become_overdue"): "notes the fact; the officers stay",
    ("party_term", "remind"): "a reminder is sent",
    ("party_term", "overdue_unreminded"): "a re-election is due",
    ("party_term", "become_overdue"): "notes the fact; the officers stay",
    ("joint_meeting", "collect"): "the day on which topics are asked for has come",
}


@pytest.mark.rule("L-9", "U-16", "T-9", "N-chase", "N-escalate")
def test_what_follows_from_an_expiry_is_listed_and_decides_nothing() -> None:
    found = {
        (law.name, step.name) for law, step in AUTOMATIC if any(name.startswith("term.") for name in step.on)
    }
    assert found == set(EXPIRIES)


def test_every_term_has_work_for_somebody_and_is_a_span_somewhere() -> None:
    """Its policy is a span in some edition, or its length follows from what is on file."""
    for law in LAWS:
        for term in law.terms:
            assert term.work.role is not None and term.work.task.zh and term.work.why.zh
            keys = [term.policy, *([term.ahead] if term.ahead else [])]
            for key in keys:
                spans = [
                    edition
                    for edition in shipped()
                    if key in edition.settings and _is_span(Policy(edition.where, edition.settings), key)
                ]
                assert spans or (key == term.policy and _is_measured(law, term.name)), (law.name, term.name)


def _is_span(policy: Policy, key: str) -> bool:
    try:
        return policy.span(key) is not None
    except ValueError:
        return False


def _is_measured(law: Definition, name: str) -> bool:
    """Some form of the procedure holds facts from which the length follows."""
    measure = law.term[name].measure
    policy = Life().unfolding().policy_of(MONDAY)
    return measure is not None and any(
        measure(Situation(examples(act), policy, MONDAY)) is not None for act in law.acts
    )


# -- what the registry tells ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answers an event: `by` wherever they are live; `partly` not in the states named, with the reason why not there."""

    by: tuple[str, ...] = ()
    partly: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    others: str = ""
    """Why nobody else answers."""


#: Wherever a lead is live.
LEAD_IS_OPEN = (*LIVE, "out_of_scope", "withdrawn")
#: Where nothing is registered of the union as a legal person, or a change or the end of it is to be filed anyway.
FILED_LATER = (
    "unregistered", "returned", "change_due", "cancel_due", "cancel_filed", "conditions_not_met",
)  # fmt: skip
ENDING = "its end is under way already"
STILL = "what was asked for before is still to be done, and the facts are those of the newest news"
FORM_NAMES_IT = "what is filed next names it as it is by then"
NOTHING_OF_THEIRS = "it changes nothing of theirs"

TOLD: Mapping[str, Answered] = {
    "registry.prenotified": Answered(
        partly={
            "lead": (
                LEAD_IS_OPEN,
                "it opens a file; a file that is open already says so to the sender (intake.openings)",
            )
        },
        others=NOTHING_OF_THEIRS,
    ),
    "registry.reported": Answered(
        partly={
            "lead": (
                LEAD_IS_OPEN,
                "it opens a file; the office adds what is new to one that is open already (intake.openings)",
            )
        },
        others=NOTHING_OF_THEIRS,
    ),
    "registry.registered": Answered(by=("lead",), others="they hear of it by the lead (lead.registered)"),
    "registry.changed": Answered(others=PLAIN_NEWS["registry.changed"]),
    "registry.suspended": Answered(others=PLAIN_NEWS["registry.suspended"]),
    "registry.resumed": Answered(others=PLAIN_NEWS["registry.resumed"]),
    "registry.renamed": Answered(
        partly={
            "legal_person": (
                FILED_LATER,
                FORM_NAMES_IT,
            )
        },
        others="the file bears the new name from here on; only a registration has to be changed for it",
    ),
    "registry.moved": Answered(
        partly={
            "relocation": (("party_hand_over_due", "hand_over_due"), STILL),
            "legal_person": (
                FILED_LATER,
                FORM_NAMES_IT,
            ),
        },
        others="the whole file goes over with them in it (relocation); they hear of it when it arrives",
    ),
    "registry.moved_back": Answered(
        partly={
            "relocation": (
                ("offered",),
                "a file that was sent lies elsewhere by then, so that the news is one of another move",
            )
        },
        others="nothing had been moved",
    ),
    "registry.restructured": Answered(
        partly={"restructuring": (("under_way",), "both sides are asked already")},
        others="both sides settle it in the restructuring, by steps in their own procedures",
    ),
    "registry.merged": Answered(
        by=(
            "coverage",
            "liaison",
            "notify_party",
            "notify_union",
            "party_review",
            "union_review",
            "relocation",
            "restructuring",
            "question",
            "enterprise_meeting",
        ),
        partly={
            "lead": (("withdrawn",), "nothing is owed, and nothing stands"),
            "union": (("merged", "winding_up"), "its superior has yet to decide already"),
            "legal_person": (
                (
                    "registered",
                    "change_due",
                    "change_filed",
                    "renewal_due",
                    "renewal_filed",
                    "cancel_due",
                    "cancel_filed",
                ),
                "it follows the union: founded anew, or dissolved",
            ),
            "party": (
                (*ORGANISATIONS, "winding_up", "leaving"),
                "an organisation stands as it is; party_review puts it before the superior",
            ),
        },
        others="they go on with the union or the Party organisation, until people have decided about it",
    ),
    "registry.split": Answered(
        by=("party_review",),
        partly={
            "union": (
                ("merged", "covered", "refused", "abandoned", "disbanded", "winding_up"),
                "no union of its own stands there, or its founding anew is asked for already",
            )
        },
        others="a split ends nobody here (enterprise_gone): the enterprise that goes on keeps its file",
    ),
    **{
        end: Answered(
            by=(
                "coverage",
                "liaison",
                "notify_party",
                "notify_union",
                "party_review",
                "union_review",
                "union_term",
                "party_term",
                "relocation",
                "restructuring",
                "question",
                "enterprise_meeting",
            ),
            partly={
                "lead": (("withdrawn",), "nothing is owed, and nothing stands"),
                "union": (("winding_up",), ENDING),
                "party": (("winding_up", "leaving"), ENDING),
                "legal_person": (("cancel_due", "cancel_filed"), ENDING),
            },
            others="they have files of their own, or end with the union that belonged to them",
        )
        for end in GONE
    },
}


def test_the_table_names_every_event_of_the_registry() -> None:
    assert set(TOLD) == set(REGISTRY_EVENTS.values()) | DERIVED
    assert all(one.others for one in TOLD.values())


@pytest.mark.rule("L-16", "L-17", "L-18", "U-22", "U-23", "P-18", "P-19")
@pytest.mark.parametrize("event", sorted(TOLD))
def test_no_event_of_the_registry_falls_through(event: str) -> None:
    answered = TOLD[event]
    for law in LAWS:
        opens = any(event in opening.on for opening in law.openings)
        silent = _silent(law, event)
        live = [state.name for state in law.states if not state.final]
        if law.name in answered.by:
            assert not silent, f"{law.name} does not answer {event} in {silent}"
        elif law.name in answered.partly:
            assert set(silent) == set(answered.partly[law.name][0]), law.name
            assert opens or len(silent) < len(live)
        else:
            assert silent == live and not opens, f"{law.name} answers {event}, and the table does not say so"


def _silent(law: Definition, event: str) -> list[str]:
    """The states that are not final and in which no step answers the event."""
    return [
        state.name
        for state in law.states
        if not state.final and not any(event in step.on and state.name in step.sources for step in law.steps)
    ]


@pytest.mark.rule("L-16")
@pytest.mark.parametrize("law", LAWS, ids=_named)
def test_the_engine_stops_and_starts_the_clock_wherever_a_proceeding_stands(law: Definition) -> None:
    for state in law.states:
        life = Life.standing_in(law.name, state.name)
        paused = [life.tell(event).paused for event in ("registry.suspended", "registry.resumed")]
        assert paused == [True, False]
        assert life.state(law.name) == state.name


# -- the end of the enterprise --------------------------------------------------------------------------------------

#: Where the end of the enterprise changes nothing, and why nothing is left behind.
LEFT_AS_IT_IS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "lead": (("withdrawn",), "a project that was never registered: nothing stands, nothing is owed"),
    "union": (("winding_up",), ENDING),
    "party": (("winding_up", "leaving"), ENDING),
    "legal_person": (("cancel_due", "cancel_filed"), ENDING),
}

#: The procedures in whose file there is an enterprise.
ABOUT_ENTERPRISES = [
    law for law in LAWS if any(one.subject is None or one.subject is ENTERPRISE for one in law.openings)
]
#: Procedures of a file that ends with something else in it, by the event that says so.
ENDS_WITH: Mapping[str, str] = {"membership": "union.dissolved"}


@pytest.mark.rule("L-17", "U-22", "P-18")
@pytest.mark.parametrize("law", ABOUT_ENTERPRISES, ids=_named)
@pytest.mark.parametrize("end", GONE)
def test_every_proceeding_hears_of_the_end_of_its_enterprise(law: Definition, end: str) -> None:
    silent = _silent(law, ENDS_WITH.get(law.name, end))
    assert set(silent) == set(LEFT_AS_IT_IS.get(law.name, ((), ""))[0])


def test_what_the_outside_tells_is_the_registry_the_mail_room_and_the_office() -> None:
    calendar = {"calendar.meeting_planned", "calendar.meeting_replanned"}
    told = {"notice.delivered", "office.sign_found", "enterprise.replied"}
    assert set(TOLD) | calendar | told == OUTSIDE
