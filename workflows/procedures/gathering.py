"""What a joint union and a federation have in common: they are proposed and approved, they keep count of what belongs to them, and
when too few are left their superior considers what becomes of them. Nothing here is dissolved by itself (CONDUCT.md 5.2-11).
"""

from dataclasses import dataclass

from workflows.definition import (
    STAY,
    Derive,
    Evidence,
    Field,
    Guard,
    Situation,
    State,
    Step,
    Tell,
    Term,
    Work,
)
from workflows.guards import below, reaches
from workflows.procedures.union_guards import DISSOLUTION, NOTE
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR
from workflows.words import Text

PROPOSAL_STATES = (
    State(
        "proposed",
        Text("已提出，待批", "Proposed"),
        Work(
            UNION_SUPERIOR,
            Text("审批设立请示", "Decide on the proposal"),
            Text("设立请示等上级工会批复", "the superior union has yet to reply on the proposal"),
        ),
    ),
    State(
        "returned",
        Text("退回补正", "Returned for correction"),
        Work(
            UNION_LOCAL,
            Text("补正后重新提出", "Correct and propose again"),
            Text("设立请示被退回，等补正", "the proposal was returned and awaits correction"),
        ),
    ),
    State("refused", Text("不予批准", "Refused"), settled=True, final=True),
    State("withdrawn", Text("发起方撤回", "Withdrawn"), settled=True, final=True),
)


def proposal_terms(*preparing: str) -> tuple[Term, ...]:
    """The superior's time for its reply, the time for a correction, and that for everything until the election."""
    return (
        Term(
            "approve",
            Text("设立批复期限", "Reply on the proposal"),
            "union.approve_preparation",
            ("proposed",),
            Work(
                UNION_SUPERIOR,
                Text("设立批复超期，请尽快答复", "The reply is overdue"),
                Text("设立批复已超期", "the reply is overdue"),
            ),
        ),
        Term(
            "correct",
            Text("补正期限", "Correction"),
            "union.correct",
            ("returned",),
            Work(
                UNION_LOCAL,
                Text("补正期满，请联系发起方", "The correction is overdue: ask the promoters"),
                Text("补正已超期", "the correction is overdue"),
            ),
        ),
        Term(
            "preparation",
            Text("筹备期限", "Preparation"),
            "union.preparation",
            preparing,
            Work(
                UNION_SUPERIOR,
                Text("筹备超期，请指导", "The preparation is overdue: lend help"),
                Text("筹备已超期", "the preparation is overdue"),
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class Gathering:
    """What belongs to a body of several, counted in the fact `count`, a figure of its own beside the body itself.

    `joined` and `left` are told by the files of those that belong to it. `limit` is the policy that says how many it needs.
    """

    name: str
    count: str
    limit: str
    joined: str
    left: str
    members: Text

    @property
    def approved(self) -> str:
        """The event that follows from the superior's approval of the proposal."""
        return f"{self.name}.approved"

    @property
    def ended(self) -> str:
        """What those that belong to it are told when it is no more."""
        return f"{self.name}.ended"

    @property
    def dissolved(self) -> str:
        return f"{self.name}.dissolved"

    @property
    def enough(self) -> Guard:
        """As many as the place asks for belong to it (Trade Union Law Art 11: two or more)."""
        zh, en = self.members.zh, self.members.en
        return reaches(
            self.count,
            self.limit,
            Text(
                f"现有{zh}{{found}}个，不足{{limit}}个，请先吸收{zh}。",
                f"{{found}} {en} are fewer than {{limit}}: let others join first.",
            ),
        )

    @property
    def too_few(self) -> Guard:
        """Fewer than the place asks for are left; while there are enough, Art 13 forbids to dissolve it."""
        zh, en = self.members.zh, self.members.en
        return below(
            self.count,
            self.limit,
            Text(
                f"现有{zh}{{found}}个，已达{{limit}}个，不得随意撤销（工会法第十三条），请登记“继续运转”。",
                f"{{found}} {en} reach {{limit}}, so it may not be dissolved at will (Trade Union Law Art 13): let it go on.",
            ),
        )

    @property
    def nothing(self) -> Derive:
        """What it begins with."""
        return lambda _: {self.count: 0}

    def proposal_steps(self, rule: str, *, request: Evidence, reply: Evidence) -> tuple[Step, ...]:
        """The superior approves, returns or refuses what the opening `propose` put before it; whoever proposed does not decide."""
        proposers = ("propose", "propose_again")
        return (
            Step(
                name="approve",
                sources=("proposed",),
                target="approved",
                label=Text("同意设立", "Approve"),
                says=Text("上级工会同意设立", "The superior union approved the proposal"),
                rule=f"{rule}; Trade Union Law Art 12",
                by=UNION_SUPERIOR,
                evidence=(reply,),
                not_by=proposers,
                emits=(self.approved,),
            ),
            Step(
                name="return_proposal",
                sources=("proposed",),
                target="returned",
                label=Text("退回补正", "Return for correction"),
                says=Text("设立请示退回补正", "The proposal was returned for correction"),
                rule=rule,
                by=UNION_SUPERIOR,
                fields=(
                    Field(
                        "defects",
                        "text",
                        Text("需补正的内容", "What to correct"),
                        "请补充单位名单 / add the list of units",
                        maximum=500,
                    ),
                ),
                not_by=proposers,
            ),
            Step(
                name="propose_again",
                sources=("returned",),
                target="proposed",
                label=Text("补正后再次提出", "Propose again"),
                says=Text("补正后再次提出设立请示", "The corrected proposal was filed again"),
                rule=rule,
                by=UNION_LOCAL,
                evidence=(request,),
            ),
            Step(
                name="refuse",
                sources=("proposed",),
                target="refused",
                label=Text("不予批准", "Refuse"),
                says=Text("不予批准设立，并说明理由", "The proposal was refused, with the reason"),
                rule=rule,
                by=UNION_SUPERIOR,
                fields=(NOTE,),
                not_by=proposers,
                tells=(Tell(self.ended),),
            ),
        )

    def counting(self, rule: str, *, gathering: str, live: tuple[str, ...]) -> tuple[Step, ...]:
        """The count kept by itself. With the first that joins it is `gathering`; once it operates, too few lead to a review."""
        zh, en = self.members.zh, self.members.en
        joined = Text(f"新增{zh}一个", f"One of its {en} has joined")
        left = Text(f"减少{zh}一个", f"One of its {en} is gone")
        return (
            Step(
                name="first_joined",
                sources=("approved",),
                target=gathering,
                label=joined,
                says=joined,
                rule=rule,
                on=(self.joined,),
                derive=self._more(1),
            ),
            Step(
                name="joined_before",
                sources=("approved",),
                target=gathering,
                label=Text(f"批准前已有{zh}", f"There were {en} before the approval"),
                says=Text(f"批准前已有{zh}加入", f"Some of its {en} had joined before the approval"),
                rule=rule,
                on=(self.approved,),
                guards=(self._any,),
            ),
            Step(
                name="count_joined",
                sources=(*live, "operating", "review"),
                target=STAY,
                label=joined,
                says=joined,
                rule=rule,
                on=(self.joined,),
                derive=self._more(1),
            ),
            Step(
                name="fall_short",
                sources=("operating",),
                target="review",
                label=Text(f"{zh}不足", f"Too few {en}"),
                says=Text(
                    f"{zh}不足，交上级工会研究", f"Too few {en} are left; the superior union looks into it"
                ),
                rule=f"{rule}; Trade Union Law Art 11",
                on=(self.left,),
                guards=(self._short_without_one,),
                derive=self._more(-1),
            ),
            Step(
                name="count_left",
                sources=(*live, "approved", "operating", "review"),
                target=STAY,
                label=left,
                says=left,
                rule=rule,
                on=(self.left,),
                derive=self._more(-1),
            ),
        )

    def withdrawal(self, rule: str, *sources: str) -> Step:
        """The promoters give it up before its election is approved; whatever had joined is told."""
        return Step(
            name="withdraw",
            sources=sources,
            target="withdrawn",
            label=Text("撤回，不再设立", "Withdraw"),
            says=Text("发起方撤回，不再设立", "The promoters withdrew it"),
            rule=rule,
            by=UNION_LOCAL,
            fields=(NOTE,),
            tells=(Tell(self.ended),),
        )

    def review(self) -> State:
        """Too few are left: people decide what becomes of it. It stands meanwhile."""
        return State(
            "review",
            Text("不足法定数，研究去向", "Too few are left; under review"),
            Work(
                UNION_SUPERIOR,
                Text("研究是继续、改建还是撤销", "Decide whether it goes on, changes, or is dissolved"),
                Text(
                    f"{self.members.zh}不足法定数，等上级工会研究",
                    f"there are too few {self.members.en}; the superior union has yet to decide",
                ),
            ),
        )

    def review_term(self, rule: str, policy: str) -> Term:
        """How long the superior may take over its review; nothing comes of it but another work item."""
        return Term(
            "decide",
            Text("研究期限", "Review"),
            policy,
            ("review",),
            Work(
                UNION_SUPERIOR,
                Text("研究超期，请作出决定", "The review is overdue: decide"),
                Text("研究已超期，组织照旧", "the review is overdue; it stands as it is"),
            ),
            rule=rule,
        )

    def review_steps(self, rule: str) -> tuple[Step, ...]:
        """It goes on with others that have joined, or the superior dissolves it."""
        return (
            Step(
                name="go_on",
                sources=("review",),
                target="operating",
                label=Text("继续运转", "Let it go on"),
                says=Text(
                    f"{self.members.zh}已补足，继续运转", f"It has enough {self.members.en} again and goes on"
                ),
                rule=rule,
                by=UNION_SUPERIOR,
                guards=(self.enough,),
            ),
            Step(
                name="dissolve",
                sources=("review",),
                target="dissolved",
                label=Text("决定撤销", "Dissolve"),
                says=Text("上级工会决定撤销", "The superior union dissolved it"),
                rule=f"{rule}; Trade Union Law Art 13",
                by=UNION_SUPERIOR,
                evidence=(DISSOLUTION,),
                guards=(self.too_few,),
                emits=(self.dissolved,),
                tells=(Tell(self.ended),),
            ),
        )

    def _more(self, by: int) -> Derive:
        return lambda situation: {self.count: situation.number(self.count) + by}

    def _any(self, situation: Situation) -> Text | None:
        none = Text(f"还没有{self.members.zh}加入。", f"None of its {self.members.en} has joined yet.")
        return None if situation.number(self.count) > 0 else none

    def _short_without_one(self, situation: Situation) -> Text | None:
        """Nobody is shown the reason: it only tells the two answers to `left` apart."""
        enough = Text(f"{self.members.zh}仍然足够。", f"There are still enough {self.members.en}.")
        left = situation.number(self.count) - 1
        return None if left < situation.policy.number(self.limit) else enough
