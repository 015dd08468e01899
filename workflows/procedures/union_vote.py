"""A union's first election: organiser or committee, candidates, meeting, report, approval (WORKFLOWS 2.2, U-9 to U-17)."""

from workflows.definition import STAY, Field, Message, Situation, Step
from workflows.guards import holds_evidence
from workflows.procedures.union_election import (
    CANDIDATE_FIELDS,
    CANDIDATE_GUARDS,
    ELECTION_FIELDS,
    ELECTION_GUARDS,
    ORGANISER_ELECTION_FIELDS,
    ORGANISER_ELECTION_GUARDS,
    everybody_came,
    has_party_organisation,
    not_examined_yet,
    party_has_agreed,
    party_has_spoken,
    party_organisation_changed,
    party_organisation_stands,
    usual_candidates,
)
from workflows.procedures.union_guards import (
    APPROVAL,
    ELECTION,
    NO_APPROVAL,
    NO_ELECTION,
    NOTE,
    NOTE_ON_PERSONS,
    PUBLICITY,
    RESULT_REPORT,
    TOO_FEW_FOR_A_COMMITTEE,
    established,
    party_is_not_asked,
)
from workflows.roles import PARTY_LOCAL, UNION_LOCAL, UNION_SUPERIOR
from workflows.words import Text

ESTABLISHED = Message("union_established", to=PARTY_LOCAL, sender=UNION_LOCAL, when=party_is_not_asked)
CANDIDATES = Message("union_candidates", to=PARTY_LOCAL, sender=UNION_LOCAL, when=party_organisation_stands)


def _elects_a_committee(situation: Situation) -> Text | None:
    if situation.word("union_kind") != "organiser":
        return None
    return Text("只设组织员的，请重新选举组织员。", "With an organiser alone, elect the organiser again.")


def _elects_an_organiser(situation: Situation) -> Text | None:
    if situation.word("union_kind") == "organiser":
        return None
    return Text(
        "要选委员会的，请再次召开大会或者重新提名。",
        "A committee is due: call the meeting again, or nominate again.",
    )


STEPS = (
    Step(
        name="elect_organiser",
        sources=("organiser_only",),
        target="elected",
        label=Text("登记组织员选举", "Record the organiser's election"),
        says=Text("选出组织员", "The organiser was elected"),
        rule="U-9; G-VOTE",
        by=UNION_LOCAL,
        fields=ORGANISER_ELECTION_FIELDS,
        evidence=(ELECTION,),
        guards=(TOO_FEW_FOR_A_COMMITTEE, *ORGANISER_ELECTION_GUARDS),
        suggests=everybody_came,
    ),
    Step(
        name="nominate",
        sources=("own_committee",),
        target="candidates",
        label=Text("提名并公示候选人", "Nominate and publish candidates"),
        says=Text("提名候选人并已公示", "Candidates were nominated and published"),
        rule="U-10; U-11; G-COMM; G-CHAIR; G-CONCURRENT; G-SIZE; 企业工会主席产生办法 Arts 6-12",
        by=UNION_LOCAL,
        fields=CANDIDATE_FIELDS,
        evidence=(PUBLICITY,),
        guards=CANDIDATE_GUARDS,
        derive=not_examined_yet,
        sends=(CANDIDATES,),
        suggests=usual_candidates,
    ),
    Step(
        name="party_examines",
        sources=("candidates",),
        target=STAY,
        label=Text("登记党组织审查意见", "Record the Party organisation's opinion"),
        says=Text("企业党组织审查候选人", "The enterprise's Party organisation examined the candidates"),
        rule="U-11; U-12; 企业工会主席产生办法 Arts 9-11",
        by=PARTY_LOCAL,
        fields=(
            Field(
                "party_agrees", "yes_no", Text("企业党组织同意候选人", "The Party organisation agrees"), True
            ),
            NOTE_ON_PERSONS,
        ),
        guards=(has_party_organisation,),
    ),
    party_organisation_changed("candidates"),
    Step(
        name="approve_candidates",
        sources=("candidates",),
        target="meeting_called",
        label=Text("同意候选人", "Approve the candidates"),
        says=Text("候选人审查通过，可以召开大会", "The candidates were approved; the meeting may be held"),
        rule="U-11; U-12",
        by=UNION_SUPERIOR,
        guards=(party_has_agreed,),
        not_by=("nominate",),
    ),
    Step(
        name="reject_candidates",
        sources=("candidates",),
        target="own_committee",
        label=Text("不同意，重新提名", "Reject: nominate again"),
        says=Text("候选人未通过审查，重新提名", "The candidates were not approved; nominate again"),
        rule="U-11; U-14",
        by=UNION_SUPERIOR,
        fields=(NOTE_ON_PERSONS,),
        guards=(party_has_spoken,),
        not_by=("nominate",),
    ),
    Step(
        name="record_election",
        sources=("meeting_called",),
        target="elected",
        label=Text("登记选举结果", "Record the election"),
        says=Text("会员大会选举产生委员会", "The members' meeting elected the committee"),
        rule="U-13; G-VOTE; G-MEET; G-DELEGATES",
        by=UNION_LOCAL,
        fields=ELECTION_FIELDS,
        evidence=(ELECTION,),
        guards=ELECTION_GUARDS,
        suggests=everybody_came,
    ),
    Step(
        name="record_void_election",
        sources=("meeting_called", "organiser_only"),
        target="election_void",
        label=Text("登记选举未成", "Record a void election"),
        says=Text("到会或得票不足，选举未成", "Attendance or votes were too few; the election is void"),
        rule="U-13; U-14",
        by=UNION_LOCAL,
        fields=(NOTE,),
    ),
    Step(
        name="call_again",
        sources=("election_void",),
        target="meeting_called",
        label=Text("再次召开大会", "Call the meeting again"),
        says=Text("再次召开会员大会", "The meeting was called again"),
        rule="U-14",
        by=UNION_LOCAL,
        guards=(_elects_a_committee,),
    ),
    Step(
        name="nominate_again",
        sources=("election_void",),
        target="own_committee",
        label=Text("重新提名", "Nominate again"),
        says=Text("选举未成，重新提名候选人", "The election was void; candidates are nominated anew"),
        rule="U-14",
        by=UNION_LOCAL,
        guards=(_elects_a_committee,),
    ),
    Step(
        name="elect_organiser_again",
        sources=("election_void",),
        target="organiser_only",
        label=Text("重新选举组织员", "Elect the organiser again"),
        says=Text("重新选举组织员", "The organiser is to be elected again"),
        rule="U-9; U-14",
        by=UNION_LOCAL,
        guards=(_elects_an_organiser,),
    ),
    Step(
        name="report_result",
        sources=("elected",),
        target="reported",
        label=Text("报告选举结果", "Report the result"),
        says=Text("向上级工会报告选举结果", "The result was reported to the superior union"),
        rule="U-15",
        by=UNION_LOCAL,
        evidence=(RESULT_REPORT,),
        guards=(holds_evidence(ELECTION.kind, NO_ELECTION),),
    ),
    Step(
        name="approve_result",
        sources=("reported",),
        target="established",
        label=Text("批复同意", "Approve the result"),
        says=Text("上级工会批复，工会成立", "The superior union approved; the union is established"),
        rule="U-16",
        by=UNION_SUPERIOR,
        evidence=(APPROVAL,),
        guards=(holds_evidence(ELECTION.kind, NO_ELECTION), holds_evidence(APPROVAL.kind, NO_APPROVAL)),
        not_by=("report_result", "record_election", "elect_organiser"),
        derive=established,
        publish=("union_version",),
        emits=("union.established",),
        sends=(ESTABLISHED,),
    ),
    Step(
        name="refuse_result",
        sources=("reported",),
        target="election_void",
        label=Text("程序不合法，重新选举", "Refuse: elect again"),
        says=Text(
            "选举程序不合法，上级工会不予批准", "The procedure was not lawful; the superior union refused"
        ),
        rule="U-17",
        by=UNION_SUPERIOR,
        fields=(NOTE,),
        not_by=("report_result",),
    ),
)
