"""Terms of office and re-elections (换届), of unions and of Party organisations alike, by one declaration (WORKFLOWS 2.6).

A term that is over is a fact beside the state: nobody loses office by it, the superior orders the re-election by a day. The next
term begins with the approved election, and what went before stays in the history.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.definition import (
    STAY,
    Definition,
    Evidence,
    Facts,
    Guard,
    Message,
    Opening,
    Situation,
    State,
    Step,
)
from workflows.elections import surplus
from workflows.procedures import party_guards, union_election, union_guards
from workflows.procedures.enterprise_gone import GONE, closes, leaves
from workflows.procedures.term_rules import (
    REASON,
    begun,
    committee_elected,
    election_is_later,
    party_length,
    party_length_rests_on,
    party_organisation_stands,
    reminder_has_come,
    tells_party,
    union_length,
    union_length_rests_on,
    vacant_from_today,
)
from workflows.procedures.term_states import LIVE, Body, states, terms
from workflows.procedures.term_steps import (
    application,
    by_election,
    dissolved,
    extension,
    formed_anew,
    notice_delivered,
    result,
    running_out,
    started,
    vacancy_reported,
)
from workflows.procedures.union_vote import STEPS as UNION_VOTE
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR, UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.words import Text

UNION_BODY = Body(
    name="union",
    zh="工会",
    en="union",
    local=UNION_LOCAL,
    superior=UNION_SUPERIOR,
    policies="term.union",
    another_election="union.reelect",
    length=union_length,
    length_rests_on=union_length_rests_on,
    length_key="term.union.default",
)
PARTY_BODY = Body(
    name="party",
    zh="党组织",
    en="Party organisation",
    local=PARTY_LOCAL,
    superior=PARTY_SUPERIOR,
    policies="term.party",
    another_election="party.election",
    length=party_length,
    length_rests_on=party_length_rests_on,
    length_key="term.party.branch.length",
)


def _as_it_is(state: State) -> State:
    return state


def _examined_too(state: State) -> State:
    """The enterprise's Party organisation is asked for its opinion beside what is due here."""
    return replace(state, also=(union_election.EXAMINE,))


def _procedure(
    body: Body,
    *,
    compartment: Compartment,
    openings: tuple[Opening, ...],
    anew_on: tuple[str, ...],
    ended_by: tuple[Step, ...],
    start: Step,
    election: tuple[Step, ...],
    election_record: Evidence,
    vacancy: tuple[Step, ...],
    filled: Step,
    examined: Mapping[str, Callable[[State], State]],
) -> Definition:
    return Definition(
        name=f"{body.name}_term",
        version=1,
        label=Text("{zh}换届", "Term of office: {en}").filled(zh=body.zh, en=body.en),
        compartment=compartment,
        reopens=True,
        openings=openings,
        states=tuple(examined.get(one.name, _as_it_is)(one) for one in states(body)),
        steps=(
            *running_out(body),
            *application(body, start),
            *election,
            *result(body, election_record),
            *extension(body),
            *vacancy,
            filled,
            formed_anew(anew_on),
            *ended_by,
            notice_delivered(),
            closes(*LIVE, on=GONE),  # a merger ends no organisation, and so no term of office
            leaves(*LIVE),
        ),
        terms=terms(body),
    )


# -- unions -----------------------------------------------------------------------------------------------------

_VOTE = {step.name: step for step in UNION_VOTE}


def _vacant_and_not_examined(situation: Situation) -> Facts:
    """The next candidate is examined anew by the enterprise's own Party organisation, where there is one."""
    return {**vacant_from_today(situation), **union_election.not_examined_yet(situation)}


def _as_in_the_first(name: str, source: str, target: str, *guards: Guard) -> Step:
    """Candidates and elections have one law, the first time and every time after (T-5)."""
    step = _VOTE[name]
    return replace(
        step, sources=(source,), target=target, rule=f"T-5; {step.rule}", guards=(*step.guards, *guards)
    )


UNION_ELECTION = (
    _as_in_the_first("nominate", "approved", "candidates"),
    _as_in_the_first("party_examines", "candidates", STAY),
    union_election.party_organisation_changed("candidates", "vacancy"),
    _as_in_the_first("approve_candidates", "candidates", "meeting_called"),
    _as_in_the_first("reject_candidates", "candidates", "approved"),
    _as_in_the_first("record_election", "meeting_called", "elected", election_is_later),
    _as_in_the_first("record_void_election", "meeting_called", "election_failed"),
    _as_in_the_first("call_again", "election_failed", "meeting_called"),
    _as_in_the_first("nominate_again", "election_failed", "approved"),
)

UNION_TERM = _procedure(
    UNION_BODY,
    compartment=Compartment.UNION,
    openings=tuple(
        Opening(
            on=(event,),
            state="in_term",
            says=Text("委员会选出，任期开始", "The committee is elected; its term of office begins"),
            rule="T-1; Trade Union Law Art 16",
            guards=guards,
            derive=begun(of_federation=event == "federation.established"),
        )
        for event, guards in (
            ("union.established", (committee_elected,)),
            ("joint_union.established", ()),
            ("federation.established", ()),
        )
    ),
    anew_on=("union.established", "joint_union.established", "federation.established"),
    ended_by=(
        # a union formed anew under a joint union's cover has no committee of its own any more
        dissolved(
            "dissolved", "union.dissolved", "union.covered", "joint_union.dissolved", "federation.dissolved"
        ),
    ),
    start=started(
        UNION_BODY,
        rule="T-2; M35",
        guards=(reminder_has_come,),
        sends=(Message("union_reelection", to=PARTY_LOCAL, sender=UNION_LOCAL, when=tells_party),),
    ),
    election=UNION_ELECTION,
    election_record=union_guards.ELECTION,
    vacancy=(
        vacancy_reported(UNION_BODY, derive=union_election.not_examined_yet, emits=("union.vacancy",)),
        Step(
            name="chair_gone",
            sources=("in_term", "reminded", "renewed"),
            target="vacancy",
            label=Text("主席罢免或者调动", "Chair removed or transferred"),
            says=Text(
                "主席已被罢免或者调动，须按期补选",
                "The chair was removed or transferred; a by-election is due",
            ),
            rule="T-10; Trade Union Law Art 18",
            on=("union.vacancy",),
            derive=_vacant_and_not_examined,
        ),
        replace(
            _VOTE["party_examines"],
            name="party_examines_by_election",
            sources=("vacancy",),
            rule="T-10; U-11; U-12",
        ),
    ),
    examined={"candidates": union_election.examined_by_the_party_first, "vacancy": _examined_too},
    filled=by_election(
        UNION_BODY,
        replace(
            _VOTE["record_election"],
            fields=(
                *union_election.CANDIDATE_FIELDS,
                *(one for one in union_election.ELECTION_FIELDS if one.name != "term_years"),
            ),
            suggests=union_election.one_post_filled,
        ),
        union_guards.ELECTION,
        (
            # one post or two are filled, whatever the size of the committee
            *(
                guard
                for guard in union_election.CANDIDATE_GUARDS
                if guard is not union_election.posts_fit_the_members
            ),
            union_election.party_has_agreed,
            *union_election.ELECTION_GUARDS,
        ),
    ),
)


# -- Party organisations ----------------------------------------------------------------------------------------

CANDIDATES = Evidence(
    "party_candidates",
    Text("候选人预备人选请示及公示材料", "Request on the candidates, with their publication"),
)
_SURPLUS = surplus(
    "party.elect.surplus_percent",
    Text(
        "候选人应多于应选名额，差额不少于{share}%。", "Candidates must outnumber posts by at least {share} %."
    ),
)

PARTY_ELECTION = (
    Step(
        name="nominate",
        sources=("approved",),
        target="candidates",
        label=Text("上报候选人预备人选", "File the candidates"),
        says=Text("候选人预备人选已公示并上报", "The candidates were published and filed"),
        rule="T-5; P-8",
        by=PARTY_LOCAL,
        fields=(party_guards.POSTS, party_guards.CANDIDATES),
        evidence=(CANDIDATES,),
        guards=(_SURPLUS,),
        suggests=party_guards.candidates_for_posts,
    ),
    Step(
        name="approve_candidates",
        sources=("candidates",),
        target="meeting_called",
        label=Text("同意候选人", "Approve the candidates"),
        says=Text("候选人审查通过，可以召开大会", "The candidates were approved; the meeting may be held"),
        rule="T-5; P-8",
        by=PARTY_SUPERIOR,
        not_by=("nominate",),
    ),
    Step(
        name="reject_candidates",
        sources=("candidates",),
        target="approved",
        label=Text("不同意，重新提名", "Reject: nominate again"),
        says=Text("候选人未通过审查，重新提名", "The candidates were not approved; nominate again"),
        rule="T-5; P-8",
        by=PARTY_SUPERIOR,
        fields=(REASON,),
        not_by=("nominate",),
    ),
    Step(
        name="record_election",
        sources=("meeting_called",),
        target="elected",
        label=Text("登记选举结果", "Record the election"),
        says=Text("党员大会换届选举完成", "The members' meeting held the re-election"),
        rule="T-5; P-8; K57; K58",
        by=PARTY_LOCAL,
        fields=party_guards.VOTES,
        evidence=(party_guards.ELECTION,),
        guards=(*party_guards.ELECTED_RIGHTLY, election_is_later),
        suggests=party_guards.all_came,
    ),
    Step(
        name="record_void_election",
        sources=("meeting_called",),
        target="election_failed",
        label=Text("登记选举未成", "Record a void election"),
        says=Text("到会或得票不足，选举未成", "Attendance or votes were too few; the election is void"),
        rule="T-5; P-8",
        by=PARTY_LOCAL,
        fields=(REASON,),
    ),
    Step(
        name="call_again",
        sources=("election_failed",),
        target="meeting_called",
        label=Text("再次召开大会", "Call the meeting again"),
        says=Text("再次召开党员大会", "The members' meeting was called again"),
        rule="T-5; P-8",
        by=PARTY_LOCAL,
    ),
    Step(
        name="nominate_again",
        sources=("election_failed",),
        target="approved",
        label=Text("重新提名", "Nominate again"),
        says=Text("选举未成，重新提名候选人", "The election was void; candidates are nominated anew"),
        rule="T-5; P-8",
        by=PARTY_LOCAL,
    ),
)

PARTY_TERM = _procedure(
    PARTY_BODY,
    compartment=Compartment.PARTY,
    openings=(
        Opening(
            on=("party.formed",),
            state="in_term",
            says=Text("党组织成立，任期开始", "The Party organisation is formed; its term of office begins"),
            rule="T-1; K69",
            guards=(party_organisation_stands,),
            derive=begun(),
        ),
    ),
    anew_on=("party.formed", "party.adjusted"),
    ended_by=(dissolved("dissolved", "party.dissolved"),),
    # a superior may approve a re-election before its time (K69), so nothing waits for the reminder
    start=started(PARTY_BODY, rule="T-2; T-8; K69", guards=(), sends=()),
    election=PARTY_ELECTION,
    election_record=party_guards.ELECTION,
    vacancy=(vacancy_reported(PARTY_BODY),),
    examined={},
    filled=by_election(
        PARTY_BODY,
        replace(
            PARTY_ELECTION[3],
            fields=(party_guards.POSTS, party_guards.CANDIDATES, *party_guards.VOTES),
            suggests=party_guards.one_post_filled,
        ),
        party_guards.ELECTION,
        party_guards.ELECTED_RIGHTLY,
    ),
)
