"""Figures that a federation reports (数字上报): what does not add up raises a question, and is neither taken nor thrown away.

A joint union covers two units or more (Trade Union Law Art 11), so organisations and legal units are two figures, and the second
has a least value that follows from the first (DATA.md A5).
"""

from workflows.definition import (
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
from workflows.roles import UNION_SUPERIOR, Compartment
from workflows.subjects import FIGURES as SUBJECT
from workflows.words import Text

TABLE = Evidence("figures_table", Text("统计表", "Table of figures"))
NOTE = Field(
    "note", "text", Text("说明", "Account"), "口径为本月新覆盖单位 / newly covered units only", maximum=500
)


def _count(name: str, zh: str, en: str, example: int, *, required: bool = True) -> Field:
    return Field(name, "integer", Text(zh, en), example, required=required, maximum=10_000_000)


COUNTS = (
    _count("committees", "单独建会（委员会）数", "Unions with a committee of their own", 14),
    _count("joint_unions", "联合工会数", "Joint unions", 6),
    _count("organisations", "工会组织总数", "Organisations in all", 20),
    _count("legal_units", "涵盖法人单位数", "Legal units covered", 26),
    _count("members", "会员数", "Members", 1500),
    _count("migrant_members", "其中农民工会员数", "Of these, migrant workers", 400, required=False),
)


def least_units(situation: Situation) -> int:
    """Every committee covers its own unit, every joint union the least number that makes it one."""
    joint = situation.number("joint_unions") * situation.policy.number("joint_union.min_units")
    return situation.number("committees") + joint


def contradictions(situation: Situation) -> Facts:
    """By name, what might not add up, and whether it does not."""
    return {
        "question_organisations": situation.number("organisations")
        != situation.number("committees") + situation.number("joint_unions"),
        "question_units": situation.number("legal_units") < least_units(situation),
        "question_migrants": situation.number("migrant_members") > situation.number("members"),
        "question_members": situation.number("members") < situation.number("organisations"),
    }


def _adds_up(situation: Situation) -> Text | None:
    if not any(contradictions(situation).values()):
        return None
    return Text("数字之间对不上，请先说明。", "The figures do not add up; explain them first.")


def _does_not_add_up(situation: Situation) -> Text | None:
    return (
        None
        if any(contradictions(situation).values())
        else Text("数字没有疑问。", "Nothing about the figures is in question.")
    )


def _what_is_asked(situation: Situation) -> Facts:
    return {**contradictions(situation), "least_units": least_units(situation)}


FIGURES = Definition(
    name="figures",
    version=1,
    label=Text("数字上报", "Reported figures"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            name="report",
            by=UNION_SUPERIOR,
            subject=SUBJECT,
            state="reported",
            label=Text("上报建会数字", "Report figures"),
            says=Text("上报建会数字", "Figures were reported"),
            rule="DATA A5; M80",
            fields=(
                Field(
                    "name",
                    "text",
                    Text("名称（单位和月份）", "Title (which body, which month)"),
                    "襄汾县 2011年4月",
                    maximum=60,
                ),
                *COUNTS,
            ),
            evidence=(TABLE,),
            emits=("figures.reported",),
        ),
    ),
    states=(
        State(
            "reported",
            Text("已上报", "Reported"),
            waits_for=Text("正在核对数字", "the figures are being compared"),
        ),
        State(
            "questioned",
            Text("数字存疑，待说明", "In question"),
            Work(
                UNION_SUPERIOR,
                Text("说明或更正数字", "Explain or correct the figures"),
                Text("数字之间对不上，等说明", "the figures do not add up; an account is awaited"),
            ),
        ),
        State(
            "explained",
            Text("已说明", "Explained"),
            settled=True,
        ),
        State("consistent", Text("数字相符", "Consistent"), settled=True),
    ),
    steps=(
        Step(
            name="question",
            sources=("reported",),
            target="questioned",
            label=Text("数字存疑", "Question"),
            says=Text("数字之间对不上，提出疑问", "The figures do not add up; a question was raised"),
            rule="DATA A5",
            on=("figures.reported",),
            guards=(_does_not_add_up,),
            derive=_what_is_asked,
        ),
        Step(
            name="find_consistent",
            sources=("reported",),
            target="consistent",
            label=Text("数字相符", "Consistent"),
            says=Text("数字之间相符", "The figures add up"),
            rule="DATA A5",
            on=("figures.reported",),
            guards=(_adds_up,),
        ),
        Step(
            name="explain",
            sources=("questioned",),
            target="explained",
            label=Text("说明口径", "Explain"),
            says=Text("对数字作出说明，原数字保留", "The figures were explained; they stand as reported"),
            rule="DATA A5",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
        ),
        Step(
            name="correct",
            sources=("questioned", "explained", "consistent"),
            target="reported",
            label=Text("更正数字", "Correct the figures"),
            says=Text("更正上报的数字，并说明原因", "The figures were corrected, with the reason"),
            rule="CONDUCT 5.2-7: corrections are new entries",
            by=UNION_SUPERIOR,
            fields=(*COUNTS, NOTE),
            evidence=(TABLE,),
            derive=contradictions,
            emits=("figures.reported",),
        ),
    ),
    terms=(
        Term(
            "explain_figures",
            Text("说明期限", "Account"),
            "figures.explain",
            ("questioned",),
            Work(
                UNION_SUPERIOR,
                Text("数字说明超期", "The account of the figures is overdue"),
                Text("数字说明已超期", "the account is overdue"),
            ),
        ),
    ),
)
