"""Restructuring (改制): where an enterprise changes its type, union and Party organisation are settled together with it.

It closes only when both sides have said what became of their organisation, in whichever order (M08, M98). The drawer is
open to both, so it holds outcomes and reasons, and no number of members.
"""

from workflows.definition import (
    Choice,
    Definition,
    Evidence,
    Field,
    Guard,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.procedures.enterprise_gone import closes, elsewhere, gone, leaves
from workflows.roles import PARTY_SUPERIOR, UNION_SUPERIOR, Compartment, Role
from workflows.words import Text

OUTCOMES = (
    Choice("kept", Text("保留", "Kept")),
    Choice("rebuilt", Text("重新组建", "Rebuilt")),
    Choice("adjusted", Text("调整", "Adjusted")),
    Choice("renamed", Text("更名", "Renamed")),
    Choice("not_needed", Text("不需要", "Not needed")),
)
UNION_REPLY = Evidence(
    "union_restructuring_reply",
    Text("上级工会对改制中工会组织的批复", "Reply of the superior union on the union in the restructuring"),
    form="reply",
    about="{name}改制中工会组织设置",
)
PARTY_REPLY = Evidence(
    "party_restructuring_reply",
    Text(
        "上级党组织对改制中党组织设置的批复（不写党员人数和姓名）",
        "Reply of the superior Party body on the organisation in the restructuring (no numbers, no names)",
    ),
    form="reply",
    about="{name}改制中党组织设置",
)
UNION_WORK = Work(
    UNION_SUPERIOR,
    Text("落实改制企业的工会组织", "Settle the union of the restructured enterprise"),
    Text("改制企业的工会组织还没有落实", "the union of the restructured enterprise is not settled yet"),
)
PARTY_WORK = Work(
    PARTY_SUPERIOR,
    Text("落实改制企业的党组织", "Settle the Party organisation of the restructured enterprise"),
    Text("改制企业的党组织还没有落实", "its Party organisation is not settled yet"),
)


def _stands(situation: Situation, form: str) -> bool:
    return situation.word(form) not in ("", "none")


def _concerns_formation(situation: Situation) -> Text | None:
    """What local policy takes up, and whatever has an organisation already."""
    stands = any(_stands(situation, form) for form in ("union_form", "party_form"))
    if stands or situation.word("category") in situation.policy.words("intake.categories"):
        return None
    return Text("不在建会范围，也没有组织。", "It is out of scope and has no organisation.")


def _stands_as_said(form: str, outcome: str, missing: Text) -> Guard:
    """What is kept, rebuilt, adjusted or renamed must stand by now; what stands is not called unneeded."""
    there = Text(
        "组织还在，请选择保留、重新组建、调整或者更名。",
        "The organisation stands: say whether it was kept, rebuilt, adjusted or renamed.",
    )

    def guard(situation: Situation) -> Text | None:
        stands = _stands(situation, form)
        if situation.word(outcome) == "not_needed":
            return there if stands else None
        return None if stands else missing

    return guard


def _settle(
    side: str,
    name: str,
    source: str,
    target: str,
    *,
    by: Role,
    says: Text,
    paper: Evidence,
    missing: Text,
    rule: str,
) -> Step:
    outcome = f"{side}_outcome"
    return Step(
        name=name,
        sources=(source,),
        target=target,
        label=Text("登记落实情况", "Record what became of it"),
        says=says,
        rule=rule,
        by=by,
        fields=(
            Field(outcome, "choice", Text("结果", "Outcome"), "kept", choices=OUTCOMES),
            Field(
                f"{side}_reason",
                "text",
                Text(
                    "理由（双方可见，不写个人情况和党员人数）",
                    "Reason (both sides read it: no persons, no numbers of members)",
                ),
                "经研究 / considered",
                maximum=200,
            ),
        ),
        evidence=(paper,),
        guards=(_stands_as_said(f"{side}_form", outcome, missing),),
        suggests=lambda situation: {outcome: "kept" if _stands(situation, f"{side}_form") else "not_needed"},
        emits=("restructuring.settled",) if target == "closed" else (),
    )


def _settle_union(name: str, source: str, target: str) -> Step:
    return _settle(
        "union",
        name,
        source,
        target,
        by=UNION_SUPERIOR,
        says=Text("改制企业的工会组织已经落实", "The union of the restructured enterprise is settled"),
        paper=UNION_REPLY,
        missing=Text(
            "工会还没有成立，请先在组建程序中办结；确实不需要的，选择“不需要”并说明理由。",
            "No union stands yet: finish its formation first, or say that none is needed, and why.",
        ),
        rule="M08; M98",
    )


def _settle_party(name: str, source: str, target: str) -> Step:
    return _settle(
        "party",
        name,
        source,
        target,
        by=PARTY_SUPERIOR,
        says=Text(
            "改制企业的党组织已经落实", "The Party organisation of the restructured enterprise is settled"
        ),
        paper=PARTY_REPLY,
        missing=Text(
            "党组织形式还没有确定，请先在组建程序中办结；确实不需要的，选择“不需要”并说明理由。",
            "No Party form stands yet: finish it first, or say that none is needed, and why.",
        ),
        rule="P-19; M08; M98",
    )


def _term(name: str, during: tuple[str, ...], work: Work) -> Term:
    return Term(
        name,
        Text("改制同步落实期限", "Settlement with the restructuring"),
        "restructuring.settle",
        during,
        Work(
            work.role,
            Text("改制落实超期，请抓紧", "The settlement is overdue"),
            Text("改制落实已超期", "the settlement is overdue"),
        ),
        rule="P-19; M08",
    )


RESTRUCTURING = Definition(
    name="restructuring",
    version=1,
    label=Text("改制同步", "Restructuring"),
    compartment=Compartment.OPEN,
    reopens=True,
    openings=(
        Opening(
            on=("registry.restructured",),
            state="under_way",
            guards=(_concerns_formation,),
            says=Text(
                "登记机关通报企业类型变更，工会和党组织同步落实",
                "The enterprise changed its type; union and Party organisation are settled together",
            ),
            rule="P-19; M08",
        ),
    ),
    states=(
        State("under_way", Text("改制中", "Under way"), UNION_WORK, also=(PARTY_WORK,)),
        State("union_settled", Text("工会已落实，等党组织", "Union settled"), PARTY_WORK),
        State("party_settled", Text("党组织已落实，等工会", "Party organisation settled"), UNION_WORK),
        State("closed", Text("双方均已落实", "Both settled"), settled=True, final=True),
        gone(),
        elsewhere(),
    ),
    steps=(
        _settle_union("settle_union", "under_way", "union_settled"),
        _settle_party("settle_party", "under_way", "party_settled"),
        _settle_union("settle_union_last", "party_settled", "closed"),
        _settle_party("settle_party_last", "union_settled", "closed"),
        Step(
            name="restructured_again",
            sources=("union_settled", "party_settled"),
            target="under_way",
            label=Text("再次改制", "Restructured again"),
            says=Text("企业类型再次变更，双方重新落实", "The type changed again; both sides settle it anew"),
            rule="P-19; M08",
            on=("registry.restructured",),
        ),
        closes("under_way", "union_settled", "party_settled"),
        leaves("under_way", "union_settled", "party_settled"),
    ),
    terms=(
        _term("settle_union", ("under_way", "party_settled"), UNION_WORK),
        _term("settle_party", ("under_way", "union_settled"), PARTY_WORK),
    ),
)
