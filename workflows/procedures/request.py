"""What a union puts before its Party organisation (M35 to M39): five kinds, one matter each, received and answered by people.

A report (报告) asks for nothing, so all it can have for an answer is that it was heard; an invitation is accepted or not; what asks
for money or help is granted, in part or not at all (DATA 4.6). Silence is none of these: the term makes a work item.
"""

from workflows.definition import (
    Choice,
    Definition,
    Evidence,
    Field,
    Message,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.guards import fact_is
from workflows.roles import PARTY_LOCAL, UNION_LOCAL, Compartment
from workflows.subjects import REQUEST as REQUEST_FILE
from workflows.words import Text

REPORT = Evidence("union_report", Text("报告正文", "The report itself"), form="report", about="{name}")
ASKING = Evidence("union_request", Text("请示正文", "The request itself"), form="request", about="{name}")
INVITATION = Evidence(
    "union_invitation", Text("邀请函", "The invitation itself"), form="letter", about="{name}"
)
MATTER = Field(
    "matter",
    "text",
    Text("事项摘要（一文一事，不写个人情况）", "The matter, one only (no persons)"),
    "拟于下月换届 / a re-election next month",
    maximum=300,
)
NOTE = Field("note", "text", Text("说明", "Account"), "情况属实 / as described", maximum=500)

KINDS = (
    Choice("reelection", Text("换届报告（M35）", "report on a re-election")),
    Choice("work_report", Text("工作汇报（M36）", "report on the work")),
    Choice("invitation", Text("活动邀请（M37）", "invitation to an activity")),
    Choice("funds", Text("经费申请（M38）", "request for funds")),
    Choice("help", Text("困难求助（M39）", "request for help")),
)
#: What may be answered to each kind.
ANSWERS: dict[str, tuple[str, ...]] = {
    "reelection": ("noted",),
    "work_report": ("noted",),
    "invitation": ("granted", "refused"),
    "funds": ("granted", "partly", "refused"),
    "help": ("granted", "partly", "referred", "refused"),
}
ANSWER = Field(
    "answer",
    "choice",
    Text("答复", "Answer"),
    "noted",
    choices=(
        Choice("noted", Text("已阅知", "noted")),
        Choice("granted", Text("同意（或到会）", "granted, or will come")),
        Choice("partly", Text("部分同意", "granted in part")),
        Choice("referred", Text("转有关单位办理", "referred to who can help")),
        Choice("refused", Text("不同意（或不能到会）", "refused, or cannot come")),
    ),
)

#: Which paper each kind goes up with (DATA 4.6: a report asks for nothing, a request is for one matter).
SUBMISSIONS = (
    ("submit_report", REPORT, ("reelection", "work_report")),
    ("submit_request", ASKING, ("funds", "help")),
    ("submit_invitation", INVITATION, ("invitation",)),
)


def _submission(name: str, paper: Evidence, kinds: tuple[str, ...]) -> Step:
    """The matter goes up with the paper that its kind calls for, and with no other."""
    return Step(
        name=name,
        sources=("drafted",),
        target="submitted",
        label=Text("呈送（附{zh}）", "Submit it (with {en})").filled(
            zh=paper.label.zh, en=paper.label.en.lower()
        ),
        says=Text("工会呈送党组织", "The union submitted it to the Party body"),
        rule="S-submit; M35; M36; M37; M38; M39",
        by=UNION_LOCAL,
        evidence=(paper,),
        guards=(
            fact_is(
                "request_kind",
                *kinds,
                why=Text("这一类事项不用这种公文。", "This kind of matter goes up with another paper."),
            ),
        ),
        sends=(Message("request_submitted", to=PARTY_LOCAL, sender=UNION_LOCAL),),
    )


def _fits_the_kind(situation: Situation) -> Text | None:
    """A report carries no request, so it can be neither granted nor refused."""
    allowed = ANSWERS.get(situation.word("request_kind"), ())
    if not situation.word("answer") or situation.word("answer") in allowed:
        return None
    names = [choice.label for choice in ANSWER.choices if choice.value in allowed]
    return Text("这一类只能答复：{zh}。", "To this kind the answer can only be: {en}.").filled(
        zh="、".join(one.zh for one in names), en=", ".join(one.en for one in names)
    )


REQUEST = Definition(
    name="request",
    version=1,
    label=Text("工会请示报告", "Request of a union"),
    compartment=Compartment.JOINT,
    openings=(
        Opening(
            name="draft",
            by=UNION_LOCAL,
            subject=REQUEST_FILE,
            state="drafted",
            label=Text("起草请示、报告或邀请", "Draft a report, request or invitation"),
            says=Text("工会起草", "The union drafted it"),
            rule="S-submit; M35; M36; M37; M38; M39",
            fields=(
                Field("name", "text", Text("标题", "Title"), "关于换届的报告", maximum=60),
                Field(
                    "request_kind",
                    "choice",
                    Text("类别", "Kind"),
                    "reelection",
                    choices=KINDS,
                ),
                MATTER,
            ),
        ),
    ),
    states=(
        State(
            "drafted",
            Text("起草", "Drafted"),
            Work(
                UNION_LOCAL,
                Text("定稿并呈送", "Finish and submit it"),
                Text("还没有呈送", "it has not been submitted yet"),
            ),
        ),
        State(
            "submitted",
            Text("已呈送", "Submitted"),
            Work(
                PARTY_LOCAL,
                Text("签收工会来文", "Acknowledge what the union sent"),
                Text("等党组织签收", "the Party body has yet to acknowledge it"),
            ),
        ),
        State(
            "received",
            Text("已签收", "Received"),
            Work(
                PARTY_LOCAL,
                Text("答复工会来文", "Answer the union"),
                Text("等党组织答复", "the Party body has yet to answer"),
            ),
        ),
        State(
            "answered",
            Text("已答复", "Answered"),
            Work(
                UNION_LOCAL,
                Text("阅知答复并办结", "Read the answer and close the matter"),
                Text("等工会办结", "the union has yet to close the matter"),
            ),
        ),
        State("closed", Text("办结", "Closed"), settled=True, final=True),
        State("withdrawn", Text("已撤回", "Withdrawn"), settled=True, final=True),
    ),
    steps=(
        *(_submission(name, paper, kinds) for name, paper, kinds in SUBMISSIONS),
        Step(
            name="receive",
            sources=("submitted",),
            target="received",
            label=Text("签收", "Acknowledge it"),
            says=Text("党组织签收", "The Party body acknowledged it"),
            rule="S-submit",
            by=PARTY_LOCAL,
        ),
        Step(
            name="answer",
            sources=("received",),
            target="answered",
            label=Text("答复", "Answer"),
            says=Text("党组织答复", "The Party body answered"),
            rule="S-answer; M35; M36; M37; M38; M39",
            by=PARTY_LOCAL,
            fields=(ANSWER, NOTE),
            guards=(_fits_the_kind,),
            sends=(Message("request_answered", to=UNION_LOCAL, sender=PARTY_LOCAL),),
            suggests=lambda situation: {
                "answer": ANSWERS.get(situation.word("request_kind"), ("noted",))[0],
            },
        ),
        Step(
            name="close",
            sources=("answered",),
            target="closed",
            label=Text("办结", "Close the matter"),
            says=Text("工会阅知答复，办结", "The union read the answer and closed the matter"),
            rule="S-submit",
            by=UNION_LOCAL,
        ),
        Step(
            name="ask_again",
            sources=("answered",),
            target="drafted",
            label=Text("补充后再呈", "Add to it and submit again"),
            says=Text("工会补充后再呈", "The union will add to it and submit it again"),
            rule="S-answer",
            by=UNION_LOCAL,
            fields=(MATTER,),
        ),
        Step(
            name="withdraw",
            gives_up=True,
            sources=("drafted", "submitted", "received"),
            target="withdrawn",
            label=Text("撤回", "Withdraw it"),
            says=Text("工会撤回", "The union withdrew it"),
            rule="S-submit",
            by=UNION_LOCAL,
            fields=(NOTE,),
        ),
    ),
    terms=(
        Term(
            "receive",
            Text("签收来文", "To be acknowledged"),
            "request.receive",
            ("submitted",),
            Work(
                PARTY_LOCAL,
                Text("工会来文逾期未签收", "What the union sent is not acknowledged in time"),
                Text("逾期未签收", "it is not acknowledged in time"),
            ),
        ),
        Term(
            "answer",
            Text("答复来文", "To be answered"),
            "request.answer",
            ("received",),
            Work(
                PARTY_LOCAL,
                Text("工会来文逾期未答复", "What the union sent is not answered in time"),
                Text("逾期未答复", "it is not answered in time"),
            ),
        ),
    ),
)
