"""Reviews: numbers rose or fell, or the enterprise itself changed, so people look again at an organisation that stands (2.4).

A review changes no organisation. It asks the superior, keeps asking, and ends by a decision taken in the organisation's own
procedure, by one to leave things as they are, or because nothing calls for it any more.
"""

from dataclasses import dataclass

from workflows.definition import (
    Definition,
    Derive,
    Field,
    Guard,
    Opening,
    Question,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.procedures.enterprise_gone import GONE, MERGED, closes, elsewhere, gone, leaves
from workflows.procedures.party_guards import OWN_FORMS, full, stands
from workflows.roles import PARTY_SUPERIOR, UNION_SUPERIOR, Compartment, Role
from workflows.words import Text

REASON = Field(
    "note",
    "text",
    Text("理由", "Reason"),
    "人数近期还会变化 / the numbers will change again soon",
    maximum=500,
)
#: Never shown: nobody takes these steps, they only do not follow.
NOT_NOW = Text("没有需要复核的情形。", "Nothing calls for a review.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why an organisation is looked at again; the state of the same name stands for it.

    It comes up `on` these events where it `arises`, and lasts as long as it `holds`; without `arises` the two are one.
    """

    name: str
    label: Text
    task: Text
    why: Text
    rule: str
    policy: str
    on: tuple[str, ...]
    holds: Question
    arises: Question | None = None

    @property
    def comes_up(self) -> Question:
        return self.arises or self.holds


def _review(
    name: str,
    label: Text,
    *,
    compartment: Compartment,
    superior: Role,
    causes: tuple[Cause, ...],
    decided_on: tuple[str, ...],
) -> Definition:
    """One review procedure. `causes` stand by weight: where several hold, the first is looked at.

    `decided_on` are the events by which the organisation's own procedure tells that people have decided something.
    """
    watched = tuple(cause.name for cause in causes)
    kept = f"{name}.kept"
    rules = "; ".join(dict.fromkeys(row for cause in causes for row in cause.rule.split("; ")))

    def weightiest(situation: Situation) -> Cause | None:
        return next((cause for cause in causes if cause.holds(situation)), None)

    def nothing_holds(situation: Situation) -> Text | None:
        return None if weightiest(situation) is None else NOT_NOW

    def turns_to(cause: Cause) -> Guard:
        """It comes up now, and neither a weightier one holds nor has it been decided to bear with it."""

        def guard(situation: Situation) -> Text | None:
            if not cause.comes_up(situation) or situation.word("review_kept") == cause.name:
                return NOT_NOW
            return None if cause.arises is not None or weightiest(situation) is cause else NOT_NOW

        return guard

    def policy_of(situation: Situation) -> str:
        """Which cause's own span runs: that of the one looked at, or of the one that is borne with."""
        about = situation.word("review_cause") or situation.word("review_kept")
        return next((cause.policy for cause in causes if cause.name == about), causes[0].policy)

    return Definition(
        name=name,
        version=1,
        label=label,
        compartment=compartment,
        reopens=True,
        openings=tuple(
            Opening(
                on=cause.on,
                state=cause.name,
                says=_comes_up(cause),
                rule=cause.rule,
                guards=(_when(cause.comes_up),),
                derive=_looks_at(cause),
            )
            for cause in causes
        ),
        states=(
            *(State(cause.name, cause.label, Work(superior, cause.task, cause.why)) for cause in causes),
            State("kept", Text("暂予保留", "Left as it is"), settled=True),
            State("over", Text("复核结束", "Over"), settled=True, final=True),
            gone(),
            elsewhere(),
        ),
        steps=(
            Step(
                name="keep",
                sources=(*watched, "kept"),
                target="kept",
                label=Text("暂予保留", "Leave it as it is"),
                says=Text(
                    "上级研究后暂予保留，到期再看", "The superior left it as it is, to look again later"
                ),
                rule=rules,
                by=superior,
                fields=(REASON,),
                derive=_bears_with,
                emits=(kept,),
            ),
            *(
                Step(
                    name=f"turn_to_{cause.name}",
                    sources=(*(one for one in watched if one != cause.name), "kept"),
                    target=cause.name,
                    label=cause.label,
                    says=_comes_up(cause),
                    rule=cause.rule,
                    on=cause.on
                    if cause.arises is not None
                    else tuple(dict.fromkeys((*cause.on, *decided_on, kept))),
                    guards=(turns_to(cause),),
                    derive=_looks_at(cause),
                )
                for cause in causes
            ),
            Step(
                name="nothing_left",
                sources=(*watched, "kept"),
                target="over",
                label=Text("复核结束", "Review over"),
                says=Text(
                    "不再有需要复核的情形，复核结束", "Nothing calls for a review any more; it is over"
                ),
                rule=rules,
                on=tuple(
                    dict.fromkeys((*(event for cause in causes for event in cause.on), *decided_on, kept))
                ),
                guards=(nothing_holds,),
            ),
            closes(*watched, "kept", on=GONE),  # a merger is a cause to look again, not an end
            leaves(*watched, "kept"),
        ),
        terms=(
            Term(
                "review",
                Text("复核期限", "Review"),
                causes[0].policy,
                (*watched, "kept"),
                Work(
                    superior,
                    Text("复核超期，请研究决定", "The review is overdue: look into it and decide"),
                    Text("复核已超期，组织照旧", "the review is overdue; the organisation stands as it is"),
                ),
                starts_again_on=("keep", *(f"turn_to_{cause.name}" for cause in causes)),
                rests_on=policy_of,
                rule=rules,
            ),
        ),
    )


def _comes_up(cause: Cause) -> Text:
    return Text("提请复核：{zh}", "Put to review: {en}").filled(zh=cause.label.zh, en=cause.label.en)


def _when(question: Question) -> Guard:
    return lambda situation: None if question(situation) else NOT_NOW


def _looks_at(cause: Cause) -> Derive:
    return lambda _: {"review_cause": cause.name, "review_kept": ""}


def _bears_with(situation: Situation) -> dict[str, str]:
    return {
        "review_kept": situation.word("review_cause") or situation.word("review_kept"),
        "review_cause": "",
    }


# -- the Party side ----------------------------------------------------------------------------------


def _form(situation: Situation, *forms: str) -> bool:
    return situation.word("party_form") in forms


def _reaches(situation: Situation, policy_key: str) -> bool:
    return full(situation) >= situation.policy.number(policy_key)


def _merged(situation: Situation) -> bool:
    return stands(situation) and situation.word("review_cause") == "enterprise_merged"


def _below_branch(situation: Situation) -> bool:
    """A joint branch is there for units with few members; one without any has nobody in it."""
    if _form(situation, "joint_branch"):
        return full(situation) == 0
    return _form(situation, *OWN_FORMS) and not _reaches(situation, "party.branch.min")


def _below_form(situation: Situation) -> bool:
    if _form(situation, "branch"):
        return situation.yes("party_committee") and not _reaches(situation, "party.committee.min")
    if _form(situation, "general_branch"):
        return not _reaches(situation, "party.general.min")
    return _form(situation, "primary_committee") and not _reaches(situation, "party.primary.min")


def _larger_form_due(situation: Situation) -> bool:
    """The next form has its number, or the branch has more members than a branch generally should."""
    if _form(situation, "branch"):
        too_large = full(situation) > situation.policy.number("party.size.max")
        return too_large or _reaches(situation, "party.general.min")
    return _form(situation, "general_branch") and _reaches(situation, "party.primary.min")


def _committee_due(situation: Situation) -> bool:
    return (
        _form(situation, "branch")
        and not situation.yes("party_committee")
        and _reaches(situation, "party.committee.min")
    )


def _form_due(situation: Situation) -> bool:
    """A liaison no longer fits the numbers, or a joint branch that was for a few has members for a branch of its own."""
    if _form(situation, "joint_branch"):
        return _reaches(situation, "party.branch.min") and not situation.yes("joint_by_choice")
    if not _form(situation, "liaison"):
        return False
    own = situation.word("liaison_kind") == "own"
    return _reaches(situation, "party.branch.min") or own == (full(situation) == 0)


_COUNTED = ("party.counts_updated",)

PARTY_REVIEW = _review(
    "party_review",
    Text("党组织设置复核", "Party review"),
    compartment=Compartment.PARTY,
    superior=PARTY_SUPERIOR,
    causes=(
        Cause(
            name="enterprise_merged",
            label=Text("企业合并或分立", "The enterprise was merged or split"),
            task=Text("研究党组织并入、撤销或者保留", "Decide to merge, dissolve or keep the organisation"),
            why=Text(
                "企业合并或分立，党组织照旧，等上级研究",
                "the enterprise was merged or split; the organisation stands, and the superior has yet to look",
            ),
            rule="P-18; P-19",
            policy="party.review",
            on=("registry.merged", "registry.split"),
            holds=_merged,
            arises=stands,
        ),
        Cause(
            name="below_branch",
            label=Text("正式党员不足建支部人数", "Fewer full members than a branch needs"),
            task=Text("研究调整、撤销或者暂予保留", "Decide to adjust, to dissolve, or to leave it for now"),
            why=Text(
                "正式党员不足，党组织照旧，等上级研究",
                "too few full members; the organisation stands, and the superior has yet to look",
            ),
            rule="P-14",
            policy="party.downgrade.review",
            on=_COUNTED,
            holds=_below_branch,
        ),
        Cause(
            name="below_form",
            label=Text("正式党员不足现有形式人数", "Fewer full members than the form calls for"),
            task=Text(
                "研究到期改选或者调整", "Decide to wait for the end of its term of office, or to rearrange it"
            ),
            why=Text(
                "正式党员减少，现有形式照旧，等上级研究",
                "fewer full members; the form stands, and the superior has yet to look",
            ),
            rule="P-15",
            policy="party.downgrade.review",
            on=_COUNTED,
            holds=_below_form,
        ),
        Cause(
            name="larger_form_due",
            label=Text("正式党员已达更高形式人数", "Enough full members for a larger form"),
            task=Text(
                "督促请示改建，或者说明保留理由", "See that a larger form is asked for, or say why not"
            ),
            why=Text("党员增加，尚未请示改建", "members grew, and a larger form has not been asked for"),
            rule="P-13",
            policy="party.review",
            on=_COUNTED,
            holds=_larger_form_due,
        ),
        Cause(
            name="committee_due",
            label=Text("正式党员已达设支委会人数", "Enough full members for a committee"),
            task=Text("督促选举支委会，或者说明保留理由", "See that a committee is elected, or say why not"),
            why=Text("党员增加，尚未设支委会", "members grew, and there is no committee yet"),
            rule="P-12",
            policy="party.review",
            on=_COUNTED,
            holds=_committee_due,
        ),
        Cause(
            name="form_due",
            label=Text("党员变化，现有形式需重定", "The form no longer fits the members"),
            task=Text("重新确定党组织形式或联络员", "Decide anew on an organisation or a liaison"),
            why=Text("党员情况有变，形式尚未重定", "the members changed, and the form is not decided anew"),
            rule="P-16; P-17",
            policy="party.review",
            on=_COUNTED,
            holds=_form_due,
        ),
    ),
    decided_on=(
        "party.formed",
        "party.adjusted",
        "party.dissolved",
        "party.transferred",
        "liaison.appointed",
        "liaison.revoked",
    ),
)


# -- the union side ----------------------------------------------------------------------------------


def _few_members(situation: Situation) -> bool:
    return situation.number("union_members") < situation.policy.number("union.min_committee")


def _could_have_a_committee(situation: Situation) -> bool:
    """An organiser, or a joint union's cover, is for units with few members."""
    organiser = situation.word("union_form") == "union" and situation.word("union_kind") == "organiser"
    return (organiser or situation.word("union_form") == "covered") and not _few_members(situation)


def _committee_of_few(situation: Situation) -> bool:
    committee = situation.word("union_form") == "union" and situation.word("union_kind") == "committee"
    return committee and _few_members(situation)


UNION_REVIEW = _review(
    "union_review",
    Text("工会设置复核", "Union review"),
    compartment=Compartment.UNION,
    superior=UNION_SUPERIOR,
    causes=(
        Cause(
            name="grown",
            label=Text("会员已达建立委员会人数", "Enough members for a committee"),
            task=Text(
                "研究是否单独建立工会委员会，或者说明保留理由",
                "Consider a committee of its own, or say why not",
            ),
            why=Text(
                "会员增加，组织形式照旧，等上级研究",
                "members grew; the form stands, and the superior has yet to look",
            ),
            rule="U-20",
            policy="union.review",
            on=("union.counts_updated",),
            holds=_could_have_a_committee,
        ),
        Cause(
            name="shrunk",
            label=Text("会员不足建立委员会人数", "Fewer members than a committee needs"),
            task=Text(
                "研究怎样帮助，说明保留理由；工会不因此撤销",
                "See how to help, and say why it stays; no union is abolished for this",
            ),
            why=Text(
                "会员减少，工会照旧，等上级研究",
                "members fell; the union stands, and the superior has yet to look",
            ),
            rule="U-21; Trade Union Law Art 13",
            policy="union.review",
            on=("union.counts_updated",),
            holds=_committee_of_few,
        ),
    ),
    # a merger ends a cover, and with it whatever its members called for
    decided_on=("union.established", "union.covered", "union.uncovered", "union.dissolved", MERGED),
)
