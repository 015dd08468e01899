"""A union as a legal person (工会法人资格): applied for, examined, registered; changed, renewed, and cancelled when it ends (2.3).

Registration is free and made by federations of county level and above. Not every small union is a legal person: where the conditions
are lacking that is put on record with its reason, and nothing is owed.
"""

from workflows.definition import (
    Definition,
    Evidence,
    Facts,
    Field,
    Opening,
    Situation,
    Step,
)
from workflows.guards import confirmed, fact_is, holds_evidence
from workflows.procedures.enterprise_gone import GONE, closes, leaves
from workflows.procedures.legal_states import STANDS, STATES, TERMS, UNDER_WAY
from workflows.procedures.union_guards import APPROVAL
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.spans import Span
from workflows.words import Text

APPLICATION = Evidence("legal_application", Text("工会法人资格登记申请表", "Application for registration"))
EXAMINATION = Evidence("legal_examination", Text("审查意见", "Opinion of the examination"))
CERTIFICATE = Evidence("legal_certificate", Text("工会法人资格证书", "Certificate of the legal person"))
CHANGE = Evidence("legal_change_application", Text("变更登记申请表", "Application for a change"))
RENEWAL = Evidence("legal_renewal_application", Text("换证申请表", "Application for renewal"))
SETTLEMENT = Evidence(
    "legal_settlement_report",
    Text("经费财产清理和债务清偿报告", "Report that funds, property and debts are settled"),
)

REASON = Field(
    "note", "text", Text("说明", "Account"), "没有独立经费和办公场所 / no funds or premises", maximum=500
)
CHANGES = Field(
    "note", "text", Text("变更事项", "What changed"), "法定代表人变更 / new chair", maximum=500, personal=True
)
DEFECTS = Field(
    "defects", "text", Text("需补正的内容", "What to correct"), "请补充批复 / add the approval", maximum=500
)
CODE = Field(
    "legal_code",
    "code",
    Text("工会统一社会信用代码", "The union's unified social credit code"),
    "81220204MA00000152",
    prefixes=("81",),
)
VALID_FROM = Field(
    "certificate_from", "date", Text("证书有效期自", "Certificate valid from"), 0, minimum=-3650, maximum=0
)
VALID_TO = Field(
    "valid_to", "date", Text("证书有效期至", "Certificate valid to"), 1095, minimum=1, maximum=3660
)

#: A union formed anew, after a merger or a split, under a joint union's cover is no legal person of its own any more.
UNION_ENDED = ("union.dissolved", "joint_union.dissolved", "union.covered")
#: A union founded anew after a merger or a split stands as it was until then, and is registered anew as a change.
CHANGED = (
    "union.established",
    "union.reelected",
    "union.by_elected",
    "registry.renamed",
    "registry.moved",
)


def _valid_for_the_term(situation: Situation) -> Text | None:
    """The certificate is valid as long as the union's term of office, which its approval states (K43)."""
    first, last, years = (
        situation.day("certificate_from"),
        situation.day("valid_to"),
        situation.number("term_years"),
    )
    if first is None or last is None or not years or last <= Span(years, "year").after(first):
        return None
    return Text(
        "证书有效期不能超过委员会任期{years}年。",
        "The certificate is not valid for longer than the term of office, {years} years.",
    ).filled(years=years)


def _until_the_term_ends(situation: Situation) -> Facts:
    """Valid from today, as long as the union's term of office; where nobody stated it, the form's own example stands."""
    years = situation.number("term_years")
    return {"valid_to": Span(years, "year").after(situation.today).isoformat()} if years else {}


def _returns(name: str, source: str, target: str, *, filed: str, rule: str) -> Step:
    """The registrar lists what is wrong; whoever filed does not examine."""
    return Step(
        name=name,
        sources=(source,),
        target=target,
        label=Text("退回补正", "Return for correction"),
        says=Text("登记机关退回补正", "The registrar returned it for correction"),
        rule=rule,
        by=UNION_SUPERIOR,
        fields=(DEFECTS,),
        not_by=(filed,),
    )


LEGAL_PERSON = Definition(
    name="legal_person",
    version=1,
    label=Text("工会法人资格登记", "Registration as a legal person"),
    compartment=Compartment.UNION,
    reopens=True,
    openings=(
        Opening(
            on=("union.established",),
            state="unregistered",
            says=Text("工会成立，可以申请法人资格登记", "The union is established and may be registered"),
            rule="R0",
            guards=(
                fact_is(
                    "union_kind",
                    "committee",
                    why=Text("没有委员会，不是法人。", "Without a committee it is no legal person."),
                ),
            ),
        ),
        Opening(
            on=("joint_union.established",),
            state="unregistered",
            says=Text(
                "联合工会成立，可以申请法人资格登记", "The joint union is established and may be registered"
            ),
            rule="R0",
        ),
    ),
    states=STATES,
    steps=(
        Step(
            name="apply",
            sources=("unregistered", "returned", "conditions_not_met"),
            target="applied",
            label=Text("申请登记", "Apply for registration"),
            says=Text("申请工会法人资格登记", "The registration as a legal person was applied for"),
            rule="R1; K42",
            by=UNION_LOCAL,
            evidence=(APPLICATION, APPROVAL),
        ),
        Step(
            name="state_conditions_not_met",
            sources=("unregistered", "returned"),
            target="conditions_not_met",
            label=Text("登记不具备条件", "Record that the conditions are not met"),
            says=Text("不具备法人条件，暂不申请", "The conditions of a legal person are not met for now"),
            rule="R0; K32",
            by=UNION_LOCAL,
            fields=(REASON,),
        ),
        Step(
            name="examine",
            sources=("applied",),
            target="examined",
            label=Text("审查通过", "Examination passed"),
            says=Text("登记机关审查通过", "The registrar examined the application and found it in order"),
            rule="R2",
            by=UNION_SUPERIOR,
            evidence=(EXAMINATION,),
            not_by=("apply",),
        ),
        _returns("return_application", "applied", "returned", filed="apply", rule="R2"),
        Step(
            name="register",
            sources=("examined",),
            target="registered",
            label=Text("准予登记，发给证书", "Register"),
            says=Text(
                "准予登记，发给工会法人资格证书", "Registered as a legal person; the certificate was issued"
            ),
            rule="R3; K32",
            by=UNION_SUPERIOR,
            fields=(CODE, VALID_FROM, VALID_TO),
            evidence=(CERTIFICATE,),
            guards=(
                holds_evidence(
                    APPROVAL.kind,
                    Text(
                        "档案里没有工会成立的批复，不能登记。",
                        "No approval of the union is on file; it cannot be registered.",
                    ),
                ),
                _valid_for_the_term,
            ),
            not_by=("apply",),
            emits=("legal.registered",),
            suggests=_until_the_term_ends,
        ),
        Step(
            name="changed_meanwhile",
            sources=("applied", "examined"),
            target="returned",
            label=Text("登记事项有变", "Facts changed"),
            says=Text(
                "审查期间登记事项有变，请更正申请", "What is to be registered changed meanwhile; correct it"
            ),
            rule="R2",
            on=CHANGED,
        ),
        Step(
            name="refuse",
            sources=("applied", "examined"),
            target="conditions_not_met",
            label=Text("不予登记", "Refuse"),
            says=Text("不具备法人条件，不予登记", "Refused: the conditions of a legal person are not met"),
            rule="R2",
            by=UNION_SUPERIOR,
            fields=(REASON,),
            not_by=("apply",),
        ),
        Step(
            name="change_noticed",
            sources=("registered", "change_filed", "renewal_due", "renewal_filed"),
            target="change_due",
            label=Text("登记事项有变", "A registered fact changed"),
            says=Text(
                "名称、住所或者法定代表人有变，应变更登记",
                "Name, address or legal representative changed; register it",
            ),
            rule="R4; T-7",
            on=CHANGED,
        ),
        Step(
            name="file_change",
            sources=("registered", "change_due"),
            target="change_filed",
            label=Text("申请变更登记", "Apply for the change"),
            says=Text("申请变更登记", "The change was applied for"),
            rule="R4; K42",
            by=UNION_LOCAL,
            fields=(CHANGES,),
            evidence=(CHANGE,),
        ),
        Step(
            name="record_change",
            sources=("change_filed",),
            target="registered",
            label=Text("变更登记", "Register the change"),
            says=Text("变更登记，换发证书", "The change was registered, with a new certificate"),
            rule="R4; T-7",
            by=UNION_SUPERIOR,
            fields=(VALID_FROM, VALID_TO),
            evidence=(CERTIFICATE,),
            guards=(_valid_for_the_term,),
            not_by=("file_change",),
            suggests=_until_the_term_ends,
        ),
        _returns("return_change", "change_filed", "change_due", filed="file_change", rule="R4"),
        Step(
            name="renewal_falls_due",
            sources=("registered",),
            target="renewal_due",
            label=Text("应换证", "Renewal due"),
            says=Text("证书即将期满，应申请换证", "The certificate runs out soon; its renewal is due"),
            rule="R5",
            on=("term.renew.expired",),
        ),
        Step(
            name="file_renewal",
            sources=("renewal_due",),
            target="renewal_filed",
            label=Text("申请换证", "Apply for renewal"),
            says=Text("申请换发证书", "The renewal was applied for"),
            rule="R5; K43",
            by=UNION_LOCAL,
            evidence=(RENEWAL,),
        ),
        Step(
            name="renew",
            sources=("renewal_filed",),
            target="registered",
            label=Text("换发证书", "Renew"),
            says=Text("换发证书", "The certificate was renewed"),
            rule="R5; T-7",
            by=UNION_SUPERIOR,
            fields=(VALID_FROM, VALID_TO),
            evidence=(CERTIFICATE,),
            guards=(_valid_for_the_term,),
            not_by=("file_renewal",),
            suggests=_until_the_term_ends,
        ),
        _returns("return_renewal", "renewal_filed", "renewal_due", filed="file_renewal", rule="R5"),
        Step(
            name="cancellation_due",
            sources=STANDS,
            target="cancel_due",
            label=Text("工会或者单位终止", "The union or its unit ended"),
            says=Text("工会终止，应清理后注销登记", "The union ended; its registration is to be cancelled"),
            rule="R6",
            on=(*UNION_ENDED, *GONE),
        ),
        Step(
            name="file_cancellation",
            sources=("cancel_due",),
            target="cancel_filed",
            label=Text("申请注销登记", "Apply to cancel"),
            says=Text(
                "经费财产已清理、债务已清偿，申请注销登记",
                "Funds, property and debts are settled; cancellation is applied for",
            ),
            rule="R6; K44",
            by=UNION_LOCAL,
            fields=(
                Field(
                    "funds_cleared",
                    "yes_no",
                    Text("经费和财产已清理", "Funds and property are cleared"),
                    True,
                ),
                Field("debts_settled", "yes_no", Text("债务已清偿", "Debts are settled"), True),
            ),
            evidence=(SETTLEMENT,),
            guards=(
                confirmed(
                    "funds_cleared", Text("经费和财产还没有清理。", "Funds and property are not cleared yet.")
                ),
                confirmed("debts_settled", Text("债务还没有清偿。", "The debts are not settled yet.")),
            ),
        ),
        Step(
            name="cancel",
            sources=("cancel_filed",),
            target="cancelled",
            label=Text("注销登记", "Cancel"),
            says=Text("收回证书，注销登记", "The certificate was withdrawn and the registration cancelled"),
            rule="R6; K44",
            by=UNION_SUPERIOR,
            fields=(
                Field(
                    "certificate_withdrawn",
                    "yes_no",
                    Text("证书已收回", "The certificate is withdrawn"),
                    True,
                ),
            ),
            guards=(
                confirmed(
                    "certificate_withdrawn", Text("证书还没有收回。", "The certificate is not withdrawn yet.")
                ),
            ),
            not_by=("file_cancellation",),
            emits=("legal.cancelled",),
        ),
        _returns("return_cancellation", "cancel_filed", "cancel_due", filed="file_cancellation", rule="R6"),
        Step(
            name="union_ended",
            sources=(*UNDER_WAY, "conditions_not_met"),
            target="union_gone",
            label=Text("工会终止", "Union gone"),
            says=Text("工会终止，没有登记需要注销", "The union ended; there is no registration to cancel"),
            rule="R6",
            on=UNION_ENDED,
        ),
        closes(*UNDER_WAY, "conditions_not_met"),
        leaves(*UNDER_WAY, *STANDS, "conditions_not_met", "cancel_due", "cancel_filed"),
    ),
    terms=TERMS,
)
