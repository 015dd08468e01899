"""A question about a union that may stand on paper only (CONDUCT 5.3): asked, explained, and answered by people, never a verdict.

While it is open the union counts for no target (M09). What is asked once and explained is not asked again.
"""

from workflows.definition import (
    Choice,
    Definition,
    Evidence,
    Facts,
    Field,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.guards import fact_is
from workflows.procedures.enterprise_gone import closes, elsewhere, gone, leaves
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.words import Text

EXPLANATION = Evidence(
    "union_explanation",
    Text("情况说明材料", "Papers that explain it"),
    form="report",
    about="{name}工会有关情况",
)
NOTE = Field(
    "note", "text", Text("情况说明", "Account"), "已核实，见附件 / checked, see the papers", maximum=500
)

#: Where a question stands once people have taken the account for true.
ACCEPTED = "accepted"

#: The signs, each with the sentence that asks.
SIGNS: dict[str, Text] = {
    "mass_founding": Text("同一天批准多家工会", "many unions were approved on one day"),
    "idle": Text("成立以来长期没有活动记录", "no activity has been on record for long"),
    "same_lists": Text("会员名册与另一家完全相同", "its member register is the same as another's"),
    "over_headcount": Text("会员多于从业人数", "it has more members than the enterprise has workers"),
    "before_registration": Text("选举早于企业登记", "it was elected before the enterprise was registered"),
}


def _not_asked_before(situation: Situation) -> Text | None:
    if situation.word("sign") not in situation.word("signs_asked").split(","):
        return None
    return Text("这个问题已经问过。", "This has been asked before.")


def _asked(situation: Situation) -> Facts:
    earlier = [one for one in situation.word("signs_asked").split(",") if one]
    return {"sign": situation.word("sign"), "signs_asked": ",".join([*earlier, situation.word("sign")])}


def _opening(sign: str, why: Text) -> Opening:
    return Opening(
        on=("office.sign_found",),
        state="asked",
        says=Text("请核实说明：{zh}", "An account is asked for: {en}").filled(zh=why.zh, en=why.en),
        rule="CONDUCT 5.3; M09",
        guards=(
            fact_is("sign", sign, why=Text("不是这个问题。", "Another question is asked.")),
            _not_asked_before,
        ),
        derive=_asked,
    )


QUESTION = Definition(
    name="question",
    version=1,
    label=Text("建会疑点核实", "Question about a union"),
    compartment=Compartment.UNION,
    reopens=True,
    openings=tuple(_opening(sign, why) for sign, why in SIGNS.items()),
    states=(
        State(
            "asked",
            Text("待说明", "Asked"),
            Work(
                UNION_LOCAL,
                Text("核实并说明疑点", "Check and explain"),
                Text("疑点还没有说明", "the question has not been explained yet"),
            ),
        ),
        State(
            "explained",
            Text("已说明，待认定", "Explained"),
            Work(
                UNION_SUPERIOR,
                Text("审看说明", "Look at the account"),
                Text("说明等上级工会审看", "the superior union has yet to look at the account"),
            ),
        ),
        State(ACCEPTED, Text("说明成立", "Account accepted"), settled=True, final=True),
        State(
            "upheld",
            Text("疑点成立，限期整改", "Upheld: to be put right"),
            Work(
                UNION_LOCAL,
                Text("整改并再次说明", "Put it right and explain again"),
                Text("疑点成立，等整改", "the question was upheld and is being put right"),
            ),
        ),
        gone(),
        elsewhere(),
    ),
    steps=(
        Step(
            name="explain",
            sources=("asked", "upheld"),
            target="explained",
            label=Text("说明情况", "Explain"),
            says=Text("对疑点作出说明", "The question was explained"),
            rule="CONDUCT 5.3",
            by=UNION_LOCAL,
            fields=(NOTE,),
            evidence=(EXPLANATION,),
        ),
        Step(
            name="accept",
            sources=("explained",),
            target=ACCEPTED,
            label=Text("认可说明", "Accept the account"),
            says=Text("说明成立，疑点消除", "The account was accepted; the question is settled"),
            rule="CONDUCT 5.3",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            not_by=("explain",),
        ),
        Step(
            name="uphold",
            sources=("explained",),
            target="upheld",
            label=Text("不认可，要求整改", "Uphold the question"),
            says=Text("说明不成立，要求整改", "The account was not accepted; it is to be put right"),
            rule="CONDUCT 5.3",
            by=UNION_SUPERIOR,
            fields=(
                NOTE,
                Field(
                    "wrong",
                    "choice",
                    Text("问题", "What is wrong"),
                    "no_activity",
                    choices=(
                        Choice("no_activity", Text("没有实际运转", "It does not really work")),
                        Choice("figures", Text("数字不实", "The figures are not true")),
                        Choice("other", Text("其他", "Other")),
                    ),
                ),
            ),
            not_by=("explain",),
        ),
        closes("asked", "explained", "upheld"),
        leaves("asked", "explained", "upheld"),
    ),
    terms=(
        Term(
            "explain",
            Text("说明期限", "Account"),
            "campaign.explain",
            ("asked", "upheld"),
            Work(
                UNION_SUPERIOR,
                Text("疑点说明超期，请督促", "The account is overdue: see to it"),
                Text("疑点说明已超期", "the account is overdue"),
            ),
        ),
    ),
)
