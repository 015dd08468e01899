"""What becomes of a union that stands, or of a cover: set-up, numbers, its chair, mergers, its end (WORKFLOWS 2.2, U-18 to U-23)."""

from dataclasses import replace

from workflows.definition import STAY, Field, Step
from workflows.events import expired
from workflows.guards import confirmed, fact_is
from workflows.procedures.coverage import joins_federation
from workflows.procedures.enterprise_gone import MERGED, closes, leaves, winds_up
from workflows.procedures.union_election import REMOVAL_FIELDS, REMOVAL_GUARDS, everybody_came
from workflows.procedures.union_guards import (
    BODIES,
    BODIES_ARE_COMPLETE,
    COUNTS,
    COUNTS_FIT,
    DISSOLUTION,
    FORMING,
    HEADCOUNT,
    NOTE_ON_PERSONS,
    REASON_ON_PERSONS,
    REMOVAL,
    STANDING,
    TRANSFER_REPLY,
    as_recorded_here,
    has_a_chair,
    is_covered,
    own_union_stands,
    reply_is_overdue,
    silence_is_consent_here,
    usual_bodies,
)
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR
from workflows.words import Text

SET_UP_AND_NUMBERS = (
    Step(
        name="complete_set_up",
        sources=("established",),
        target="operating",
        label=Text("登记配套组织", "Record the companion bodies"),
        says=Text(
            "经审、女职工组织健全，刻章开户完成",
            "Audit and women's bodies, seal and account are in place",
        ),
        rule="U-18; U-19; 2.2.3",
        by=UNION_LOCAL,
        fields=BODIES,
        guards=BODIES_ARE_COMPLETE,
        emits=("union.operating",),
        suggests=usual_bodies,
    ),
    Step(
        name="update_counts",
        sources=(*STANDING, "covered"),
        target=STAY,
        label=Text("更新会员人数", "Update the number of members"),
        says=Text("会员人数变化，登记更新", "The number of members changed and was recorded anew"),
        rule="U-20; U-21",
        by=UNION_LOCAL,
        fields=(*COUNTS, HEADCOUNT),
        guards=COUNTS_FIT,
        emits=("union.counts_updated",),
        suggests=as_recorded_here,
    ),
    Step(
        name="form_committee",
        sources=("operating",),
        target="own_committee",
        label=Text("改设工会委员会", "Form a committee instead of the organiser"),
        says=Text("决定由组织员改设工会委员会", "A committee is to take the organiser's place"),
        rule="U-20",
        by=UNION_LOCAL,
        guards=(
            fact_is(
                "union_kind",
                "organiser",
                why=Text(
                    "工会委员会已经有了；届满请办理换届。", "There is a committee already; re-elect it."
                ),
            ),
        ),
        derive=lambda _: {"union_kind": "committee"},
    ),
    joins_federation("operating"),
)

COVER = (
    Step(
        name="found_own_union",
        sources=("covered",),
        target="not_started",
        label=Text("单独建会", "Found a union of its own"),
        says=Text(
            "着手单独建会，建成以前仍由联合工会覆盖",
            "A union of its own is to be founded; until then the joint union covers the unit",
        ),
        rule="U-20; J-graduated",
        by=UNION_LOCAL,
    ),
    Step(
        name="cover_ended",
        sources=("covered",),
        target="not_started",
        label=Text("覆盖终止", "Covered no more"),
        says=Text(
            "联合工会不再覆盖本单位，须重新建会",
            "The joint union covers the unit no more; a union is due again",
        ),
        rule="U-8; J-left",
        on=("coverage.ended",),
        derive=lambda _: {"union_form": "none"},
        publish=("union_form",),
        emits=("union.uncovered",),
    ),
    Step(
        name="joint_union_gone",
        sources=("joining_joint",),
        target="recruited",
        label=Text("所选联合工会已不存在", "The joint union chosen is no more"),
        says=Text(
            "所选联合工会已不存在，另定组织形式",
            "The joint union that was chosen is no more; another form is to be chosen",
        ),
        rule="U-8",
        on=("coverage.ended",),
    ),
    Step(
        name="cover_ended_meanwhile",
        sources=tuple(name for name in FORMING if name != "joining_joint"),
        target=STAY,
        label=Text("覆盖终止", "Covered no more"),
        says=Text(
            "联合工会不再覆盖本单位，单独建会照常进行",
            "The joint union covers the unit no more; the founding of its own goes on",
        ),
        rule="U-8; J-left",
        on=("coverage.ended",),
        guards=(is_covered,),
        derive=lambda _: {"union_form": "none"},
        publish=("union_form",),
        emits=("union.uncovered",),
    ),
)

CHAIR = (
    Step(
        name="remove_chair",
        sources=("established", "operating"),
        target=STAY,
        label=Text("登记罢免主席", "Record the chair's removal"),
        says=Text("大会罢免主席", "The meeting removed the chair"),
        rule="Trade Union Law Art 18",
        by=UNION_LOCAL,
        fields=REMOVAL_FIELDS,
        evidence=(REMOVAL,),
        guards=(has_a_chair, *REMOVAL_GUARDS),
        emits=("union.vacancy",),
        suggests=everybody_came,
    ),
    Step(
        name="request_chair_transfer",
        sources=("operating",),
        target="transfer_asked",
        label=Text("请示调动主席", "Ask for the chair's transfer"),
        says=Text(
            "任期未满调动主席，本级委员会同意，报上级工会",
            "The chair is to be transferred before the term ends; the committee consents, the superior is asked",
        ),
        rule="Trade Union Law Art 18",
        by=UNION_LOCAL,
        fields=(
            Field("committee_consents", "yes_no", Text("本级工会委员会同意", "The committee consents"), True),
            REASON_ON_PERSONS,
        ),
        guards=(
            has_a_chair,
            confirmed(
                "committee_consents",
                Text(
                    "本级工会委员会不同意的，任期未满不得调动主席。",
                    "Without the committee's consent the chair is not transferred before the term ends.",
                ),
            ),
        ),
        derive=lambda _: {"transfer_unanswered": False},
    ),
    Step(
        name="transfer_left_unanswered",
        sources=("transfer_asked",),
        target=STAY,
        label=Text("超期未答复", "No reply in time"),
        says=Text(
            "上级工会超期未答复主席调动的请示", "The superior union has not replied in time on the transfer"
        ),
        rule="Trade Union Law Art 18",
        on=(expired("chair_transfer"),),
        derive=lambda _: {"transfer_unanswered": True},
    ),
    Step(
        name="consent_to_transfer",
        sources=("transfer_asked",),
        target="operating",
        label=Text("同意调动", "Consent"),
        says=Text("上级工会同意调动主席", "The superior union consented to the chair's transfer"),
        rule="Trade Union Law Art 18",
        by=UNION_SUPERIOR,
        evidence=(TRANSFER_REPLY,),
        not_by=("request_chair_transfer",),
        emits=("union.vacancy",),
    ),
    Step(
        name="refuse_transfer",
        sources=("transfer_asked",),
        target="operating",
        label=Text("不同意调动", "Refuse"),
        says=Text(
            "上级工会不同意调动，主席继续任职",
            "The superior union refused the transfer; the chair stays in office",
        ),
        rule="Trade Union Law Art 18",
        by=UNION_SUPERIOR,
        fields=(NOTE_ON_PERSONS,),
        not_by=("request_chair_transfer",),
    ),
    Step(
        name="record_deemed_consent",
        sources=("transfer_asked",),
        target="operating",
        label=Text("登记视为同意", "Record that silence is consent here"),
        says=Text(
            "上级工会超期未答复，依本地规定视为同意调动主席",
            "The superior union did not reply in time; by the rule of this place it has consented",
        ),
        rule="Shanghai, K5 Art 38",
        by=UNION_LOCAL,
        fields=(
            Field(
                "deemed_by",
                "text",
                Text("依据的规定", "The rule relied on"),
                "上海市工会条例第三十八条 / Shanghai Trade Union Regulations, Art 38",
                maximum=200,
            ),
        ),
        guards=(silence_is_consent_here, reply_is_overdue),
        emits=("union.vacancy",),
    ),
)


def _dissolves(name: str, source: str, target: str, *, rule: str) -> Step:
    return Step(
        name=name,
        sources=(source,),
        target=target,
        label=Text("决定撤销", "Dissolve"),
        says=Text("上级工会决定撤销工会", "The superior union dissolved the union"),
        rule=rule,
        by=UNION_SUPERIOR,
        fields=(
            Field(
                "memberships_kept",
                "yes_no",
                Text("会员会籍保留", "The members keep their membership"),
                True,
                required=False,
            ),
        ),
        evidence=(DISSOLUTION,),
        emits=("union.dissolved",),
    )


END = (
    Step(
        name="merge",
        sources=(*STANDING, *FORMING),
        target="merged",
        label=Text("单位合并或者分立", "Unit merged or split"),
        says=Text(
            "单位合并或者分立，工会须重新建立并报批，批复以前照旧",
            "The unit was merged or split; its union is to be formed anew and stands as it is until then",
        ),
        rule="U-23; K7 Art 12",
        on=(MERGED, "registry.split"),
        guards=(own_union_stands,),
        derive=lambda _: {"after_merger": True},
        emits=("union.merged",),
    ),
    # An own union may stand while another is formed: such a file is wound up, never closed by itself.
    winds_up(*STANDING, "merged", *FORMING, guards=(own_union_stands,)),
    closes(*FORMING, "refused", "abandoned", "disbanded", "covered"),
    leaves(*FORMING, *STANDING, "merged", "covered", "refused", "abandoned", "disbanded", "winding_up"),
    _dissolves("dissolve", "winding_up", "dissolved", rule="U-22; Trade Union Law Art 13"),
    # The enterprise that goes on after a merger or a split still has workers, who may form a union again; until then none
    # covers it, and a Party organisation that stands there tells the union side so (N-B).
    replace(
        _dissolves("dissolve_after_merger", "merged", "disbanded", rule="U-23; Trade Union Law Art 13"),
        derive=lambda _: {"after_merger": False},
        emits=("union.dissolved", "union.uncovered"),
    ),
)
