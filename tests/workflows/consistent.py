"""What holds of a file at every moment, whatever has happened to it; and between files, once no letter waits any more.

What has to hold of each line as it is written down stands in world.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.workflows.world import COUNTIES, PARTY_ALONE, Kept, World
from workflows.casefile import Standing
from workflows.procedures.party_guards import FORMS, ORGANISATIONS, OWN_FORMS, UPGRADING
from workflows.procedures.union_guards import FORMING, STANDING
from workflows.roles import Compartment
from workflows.runner import explain

#: All that may ever stand in the open drawer.
OPEN_FACTS = frozenset(
    {
        "union_form", "union_version", "party_form", "party_version", "party_condition", "notify_party_for",
        "notify_union_for", "headcount", "placed", "category", "moved_to", "moved_from",
    }
)  # fmt: skip
#: A campaign closes once its areas, in files of their own, have reported.
WAITS_FOR_OTHER_FILES = {("campaign", "under_way")}
#: Where a notice still asks for something.
ASKING = ("due", "sent", "escalated", "acknowledged", "accepted")


def newest(file: Kept, procedure: str) -> Standing | None:
    found = [one for one in file.case.standings if one.procedure == procedure]
    return found[-1] if found else None


def _in(file: Kept, procedure: str, state: str) -> list[Standing]:
    return [one for one in file.case.standings if (one.procedure, one.state) == (procedure, state)]


# -- of one file -------------------------------------------------------------------------------------------


def the_party_keeps_its_own(file: Kept) -> None:
    """In the open drawer stands the whitelist, and nothing of the Party side's own in any other drawer."""
    assert set(file.case.facts) <= OPEN_FACTS, set(file.case.facts) - OPEN_FACTS
    for one in file.case.standings:
        if file.law_of(one).compartment is not Compartment.PARTY:
            own = {"review_cause", "review_kept"} if one.procedure == "union_review" else set()
            assert not (PARTY_ALONE - own) & set(one.data), one.procedure


def there_is_one_party_form_at_a_time(file: Kept) -> None:
    """A liaison is in post exactly where the open drawer says so, and never where an organisation stands."""
    form = file.case.facts.get("party_form", "none")
    in_post = _in(file, "liaison", "active")
    assert len(in_post) <= 1 and (form == "liaison") == bool(in_post), (form, len(in_post))
    assert form not in FORMS or not any(one.procedure == "liaison" for one in file.live)
    party = newest(file, "party")
    if party is None:
        assert form == "none"
        return
    assert form == file.where(party).publishes.get("party_form", form), (form, party.state)
    assert form not in FORMS or party.state in (*ORGANISATIONS, *UPGRADING, "winding_up", "leaving"), (
        form,
        party.state,
    )


def the_open_drawer_names_the_union_that_stands(file: Kept) -> None:
    form = file.case.facts.get("union_form", "none")
    covered = _in(file, "coverage", "covered")
    assert len(covered) <= 1 and (form == "covered") == bool(covered), (form, len(covered))
    union, joint = newest(file, "union"), newest(file, "joint_union")
    if joint is not None:
        assert (form == "union") == (joint.state in ("operating", "review")), (form, joint.state)
    elif union is None:
        assert form == "none"
    elif union.state in (*STANDING, "merged", "winding_up"):
        assert form == "union", union.state
    elif union.state not in FORMING:  # formed anew, it has the form that stood before
        assert form == ("covered" if union.state == "covered" else "none"), union.state


def a_union_stands_only_on_its_papers(file: Kept) -> None:
    for one in file.case.standings:
        if one.procedure in ("union", "joint_union") and file.case.facts.get("union_form") == "union":
            assert one.on_file >= {"union_election_record", "union_approval"}, one.state


def what_belongs_to_an_organisation_lives_no_longer_than_it(file: Kept) -> None:
    """Its term of office, its registration as a legal person, its membership in a federation."""
    union_stands = file.case.facts.get("union_form") == "union" or bool(newest(file, "federation"))
    for one in file.live:
        if one.procedure == "party_term":
            assert file.case.facts.get("party_form") in FORMS
        elif one.procedure in ("union_term", "legal_person", "membership"):
            assert union_stands or one.state in ("cancel_due", "cancel_filed"), (one.procedure, one.state)


def an_organisation_that_stands_has_a_term_of_office(file: Kept) -> None:
    live = {one.procedure for one in file.live}
    for one in file.case.standings:
        committee = one.procedure == "union" and one.data.get("union_kind") == "committee"
        if committee and one.state in STANDING:
            assert "union_term" in live, one.state
        if one.procedure == "joint_union" and one.state in ("operating", "review"):
            assert "union_term" in live, one.state
        if one.procedure == "party" and file.where(one).publishes.get("party_form") in OWN_FORMS:
            assert "party_term" in live, one.state


def nobody_waits_for_what_cannot_come(file: Kept) -> None:
    """Where a proceeding waits for another one of its file, that one is under way."""
    live = {(one.procedure, one.state) for one in file.live}
    if ("party", "liaison_pending") in live:
        assert live & {("liaison", "proposed"), ("liaison", "consented")}
    if ("coverage", "applied") in live:
        assert ("union", "joining_joint") in live


def no_notice_asks_for_what_is_there_and_no_review_looks_at_what_is_not(file: Kept) -> None:
    for one in file.live:
        if one.procedure == "notify_party" and one.state in ASKING:
            assert file.case.facts["party_form"] not in FORMS, one.state
        if one.procedure == "notify_union" and one.state in ASKING:
            assert file.case.facts["union_form"] == "none", one.state
        if one.procedure == "party_review":
            assert file.case.facts["party_form"] != "none", one.state
        if one.procedure == "union_review":
            assert file.case.facts["union_form"] != "none", one.state


def each_procedure_has_at_most_one_proceeding_under_way(file: Kept) -> None:
    live = Counter(one.procedure for one in file.live)
    assert not live or max(live.values()) == 1, live


def whoever_is_waited_for_has_a_work_item_and_nobody_else(file: Kept) -> None:
    for one in file.case.standings:
        here, owed = file.where(one), file.work.get(one.key, [])
        due = [work for work in here.works if work.due(file.unfolding().situation(one))]
        assert owed.count(one.state) == len(due), (one.procedure, one.state, owed)
        assert set(owed) - {one.state} <= file.law_of(one).term.keys(), (one.procedure, one.state, owed)
        assert here.settled or here.works or here.waits_for, (one.procedure, one.state)
        assert not here.final or not owed, (one.procedure, one.state, owed)


def terms_run_where_they_are_declared_and_rest_while_the_enterprise_does(file: Kept) -> None:
    stands = {one.key: one for one in file.case.standings}
    for (key, name), (term, deadline) in file.terms.items():
        assert stands[key].state in file.law_of(stands[key]).term[name].during, (name, stands[key].state)
        assert deadline.is_running == (term.exact or not file.case.paused), name


def a_file_lies_in_exactly_one_county(file: Kept) -> None:
    """And one that was sent lies where it was sent to, until it is accepted or goes back."""
    assert [one for one in COUNTIES if file.case.division.startswith(one)] == [file.case.division[:6]]
    if _in(file, "relocation", "offered"):
        sent_to = file.case.facts["moved_to"]  # none where the registry has taken a later move back
        assert sent_to is None or file.case.division.startswith(str(sent_to))


OF_ONE_FILE: tuple[Callable[[Kept], None], ...] = (
    the_party_keeps_its_own,
    there_is_one_party_form_at_a_time,
    the_open_drawer_names_the_union_that_stands,
    a_union_stands_only_on_its_papers,
    what_belongs_to_an_organisation_lives_no_longer_than_it,
    an_organisation_that_stands_has_a_term_of_office,
    nobody_waits_for_what_cannot_come,
    no_notice_asks_for_what_is_there_and_no_review_looks_at_what_is_not,
    each_procedure_has_at_most_one_proceeding_under_way,
    whoever_is_waited_for_has_a_work_item_and_nobody_else,
    terms_run_where_they_are_declared_and_rest_while_the_enterprise_does,
    a_file_lies_in_exactly_one_county,
)


def somebody_can_act(file: Kept) -> None:
    """Where people are waited for, the law has something open for somebody: nothing is stuck, whatever came before."""
    for one in file.live:
        here, law = file.where(one), file.law_of(one)
        if here.works and (one.procedure, one.state) not in WAITS_FOR_OTHER_FILES:
            offered = explain(law, one.state, file.unfolding().situation(one))
            assert any(step.why_not is None for step in offered), (one.procedure, one.state)


# -- between files -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """Who counts, under which name; what is counted, in which states, and the fact in which it says to whom it belongs."""

    counting: str
    name: str
    belonging: str
    states: tuple[str, ...]
    link: str
    none_after_its_end: bool = True


COUNTS = (
    Count("joint_union", "units", "coverage", ("covered",), "covered_by"),
    Count("federation", "unions", "membership", ("member",), "member_of"),
    Count("campaign", "areas", "campaign_area", ("assigned", "met", "not_met"), "campaign", False),
    Count("campaign", "areas_reported", "campaign_area", ("met", "not_met"), "campaign", False),
)


def counts_agree(world: World) -> None:
    """A joint union counts the units that it covers, a federation its unions, a campaign its areas: once no letter waits."""
    if world.waiting:
        return
    for count in COUNTS:
        found = (one for file in world for state in count.states for one in _in(file, count.belonging, state))
        belong = Counter(str(one.data[count.link]) for one in found)
        for file in world:
            kept = newest(file, count.counting)
            if kept is None:
                continue
            if not file.where(kept).final:
                said = kept.data.get(count.name, 0)
                assert belong[file.number] == said, f"{count.counting} {file.number} counts {said}"
            elif count.none_after_its_end:
                assert belong[file.number] == 0, f"{count.counting} {file.number} is over"
