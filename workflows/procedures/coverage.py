"""Belonging (覆盖、隶属): a unit whose members a joint union covers, and a union that is in a federation (WORKFLOWS 2.2.2).

It lies in the file of the one that belongs, and tells the other's file when it begins and when it ends. A joint union covers the
members of units, a federation covers unions (Trade Union Law Art 11); nothing belongs to two of a kind at once.
"""

from workflows.definition import (
    STAY,
    Definition,
    Derive,
    Evidence,
    Field,
    Guard,
    Opening,
    Situation,
    State,
    Step,
    Tell,
    Work,
)
from workflows.procedures.enterprise_gone import GONE, LEFT, MERGED
from workflows.procedures.union_guards import NOTE
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.subjects import FEDERATION
from workflows.words import Text

RESOLUTION = Evidence(
    "federation_resolution", Text("加入工会联合会的决议", "Resolution to join the federation")
)
ACCEPTANCE = Evidence(
    "federation_acceptance",
    Text("工会联合会接收的批复", "Reply that the federation takes it"),
    form="reply",
    about="{name}加入工会联合会",
)

#: A unit that merged into another, or left for elsewhere, is no employer here any more; one that was split goes on.
UNIT_ENDED = (*GONE, MERGED, LEFT)
JOINED_UNIT = Tell("coverage.covered", along="covered_by")
LEFT_UNIT = Tell("coverage.left", along="covered_by")
JOINED_UNION = Tell("membership.joined", along="member_of")
LEFT_UNION = Tell("membership.left", along="member_of")


def joint_union_is_there(situation: Situation) -> Text | None:
    """The joint union that the unit applied to has not ended meanwhile."""
    if situation.word("cover") != "none":
        return None
    return Text(
        "所申请的联合工会已经终止，请登记“不同意加入”，另定组织形式。",
        "The joint union it applied to has ended; decline, so that another form is chosen.",
    )


def joins_federation(*sources: str) -> Step:
    """A union that stands, in an enterprise's file or a joint union's, names the federation it wants to belong to."""
    return Step(
        name="join_federation",
        sources=sources,
        target=STAY,
        label=Text("申请加入工会联合会", "Ask to join a federation"),
        says=Text("拟加入工会联合会", "The union wants to join a federation"),
        rule="J-federation; M15; M16",
        by=UNION_LOCAL,
        fields=(Field("federation", "link", Text("工会联合会", "Federation"), None, to=FEDERATION),),
        guards=(_in_no_federation,),
        emits=("membership.applied",),
    )


def _in_no_federation(situation: Situation) -> Text | None:
    if situation.word("federated") in ("", "no"):
        return None
    return Text(
        "已在一个工会联合会，或正在申请加入。", "It is in a federation already, or has asked to join one."
    )


def _points_at(field: str, link: str, fact: str, value: str) -> Derive:
    """The choice made elsewhere in the file, kept under a name of its own: an earlier choice may still lie beside it."""
    return lambda situation: {link: situation.facts.get(field), fact: value}


def _now(fact: str, value: str) -> Derive:
    return lambda _: {fact: value}


def _told_by(link: str) -> Guard:
    """The file that tells of its end is the one that this belongs to, not one that it has left."""
    other = Text("不是本单位所在的那一个。", "It is not the one that this belongs to.")
    return lambda situation: None if situation.word("from_case") == situation.word(link) else other


COVERAGE = Definition(
    name="coverage",
    version=1,
    label=Text("联合工会覆盖", "Coverage by a joint union"),
    compartment=Compartment.UNION,
    reopens=True,
    openings=(
        Opening(
            on=("union.joint_chosen",),
            state="applied",
            says=Text("申请由联合工会覆盖", "The unit applies to be covered by a joint union"),
            rule="J-applied",
            derive=_points_at("joint_union", "covered_by", "cover", "applied"),
        ),
        Opening(
            on=("lead.covered",),
            state="covered",
            says=Text("联合工会已覆盖本单位", "A joint union covers this unit already"),
            rule="J-covered; L-19",
            derive=_points_at("joint_union", "covered_by", "cover", "covered"),
            tells=(JOINED_UNIT,),
        ),
    ),
    states=(
        State(
            "applied",
            Text("已申请", "Applied"),
            waits_for=Text("等联合工会接收、上级工会批准", "acceptance and approval are awaited"),
        ),
        State("covered", Text("被覆盖", "Covered"), settled=True),
        State("declined", Text("未接收", "Not accepted"), settled=True, final=True),
        State("left", Text("已退出", "Left"), settled=True, final=True),
        State("graduated", Text("已单独建会", "Has a union of its own"), settled=True, final=True),
        State("deregistered", Text("单位已终止", "Unit ended"), settled=True, final=True),
    ),
    steps=(
        Step(
            name="accepted",
            sources=("applied",),
            target="covered",
            label=Text("接收", "Accepted"),
            says=Text("联合工会接收，本单位被覆盖", "The joint union accepted the unit and covers it"),
            rule="J-covered; U-8",
            on=("union.covered",),
            derive=_now("cover", "covered"),
            tells=(JOINED_UNIT,),
        ),
        Step(
            name="not_accepted",
            sources=("applied",),
            target="declined",
            label=Text("未接收", "Not accepted"),
            says=Text(
                "联合工会未接收，或者本单位中止建会", "It was not accepted, or formation was abandoned"
            ),
            rule="J-applied; U-8",
            on=("union.joint_declined", "union.stalled", "union.merged"),
            derive=_now("cover", "none"),
        ),
        Step(
            name="joint_union_gone",
            sources=("applied",),
            target="declined",
            label=Text("联合工会不再设立", "Joint union gone"),
            says=Text("所申请的联合工会已不存在", "The joint union that it applied to is no more"),
            rule="J-applied",
            on=("joint_union.ended",),
            guards=(_told_by("covered_by"),),
            derive=_now("cover", "none"),
        ),
        Step(
            name="leave",
            sources=("covered",),
            target="left",
            label=Text("退出联合工会", "Leave the joint union"),
            says=Text("本单位退出联合工会", "The unit left the joint union"),
            rule="J-left",
            by=UNION_LOCAL,
            fields=(NOTE,),
            derive=_now("cover", "none"),
            emits=("coverage.ended",),
            tells=(LEFT_UNIT,),
        ),
        Step(
            name="joint_union_ended",
            sources=("covered",),
            target="left",
            label=Text("联合工会终止", "Joint union ended"),
            says=Text("联合工会终止，本单位不再被覆盖", "The joint union ended; the unit is covered no more"),
            rule="J-left",
            on=("joint_union.ended",),
            guards=(_told_by("covered_by"),),
            derive=_now("cover", "none"),
            emits=("coverage.ended",),
        ),
        Step(
            name="graduate",
            sources=("covered",),
            target="graduated",
            label=Text("单独建会", "Own union founded"),
            says=Text(
                "本单位建立自己的工会，覆盖终止", "The unit founded a union of its own; it is covered no more"
            ),
            rule="J-graduated",
            on=("union.established",),
            derive=_now("cover", "none"),
            tells=(LEFT_UNIT,),
        ),
        Step(
            name="unit_ended",
            sources=("covered",),
            target="deregistered",
            label=Text("单位终止", "Unit ended"),
            says=Text("单位已终止，覆盖随之终止", "The unit ended, and its coverage with it"),
            rule="J-deregistered",
            on=UNIT_ENDED,
            derive=_now("cover", "none"),
            tells=(LEFT_UNIT,),
        ),
        Step(
            name="applicant_ended",
            sources=("applied",),
            target="deregistered",
            label=Text("单位终止", "Unit ended"),
            says=Text("单位已终止，申请随之终止", "The unit ended, and its application with it"),
            rule="J-deregistered",
            on=UNIT_ENDED,
            derive=_now("cover", "none"),
        ),
    ),
)

#: A union of one's own that is formed anew under a joint union's cover is no union of its own any more.
_UNION_ENDED = ("union.dissolved", "joint_union.dissolved", "union.covered", LEFT)


def _union_stands(situation: Situation) -> Text | None:
    """Federations cover unions: one that does not stand, or a unit that another's union covers, cannot belong to one."""
    if situation.word("union_form") == "union":
        return None
    return Text(
        "只有已建立的工会才能加入工会联合会。", "Only a union that is established can be in a federation."
    )


MEMBERSHIP = Definition(
    name="membership",
    version=1,
    label=Text("加入工会联合会", "Membership in a federation"),
    compartment=Compartment.UNION,
    reopens=True,
    openings=(
        Opening(
            on=("membership.applied",),
            state="wished",
            says=Text("拟加入工会联合会", "The union wants to join a federation"),
            rule="J-federation; M15; M16",
            guards=(_union_stands,),
            derive=_points_at("federation", "member_of", "federated", "applied"),
        ),
    ),
    states=(
        State(
            "wished",
            Text("待提出", "To be applied for"),
            Work(
                UNION_LOCAL,
                Text("提交加入联合会的决议", "File the resolution to join"),
                Text("加入联合会的决议还没有提交", "the resolution to join has not been filed yet"),
            ),
        ),
        State(
            "applied",
            Text("已申请", "Applied"),
            Work(
                UNION_SUPERIOR,
                Text("审批加入联合会", "Decide on the membership"),
                Text("加入联合会等上级工会批复", "the superior union has yet to reply on the membership"),
            ),
        ),
        State("member", Text("联合会成员", "Member"), settled=True),
        State("not_joined", Text("未加入", "Not joined"), settled=True, final=True),
        State("left", Text("已退出", "Left"), settled=True, final=True),
    ),
    steps=(
        Step(
            name="apply",
            sources=("wished",),
            target="applied",
            label=Text("提交加入决议", "File the resolution"),
            says=Text("工会决议加入联合会，提出申请", "The union resolved to join, and applied"),
            rule="J-federation",
            by=UNION_LOCAL,
            evidence=(RESOLUTION,),
        ),
        Step(
            name="accept",
            sources=("applied",),
            target="member",
            label=Text("批准加入", "Accept"),
            says=Text("批准加入工会联合会", "The union was accepted into the federation"),
            rule="J-federation; Trade Union Law Art 11",
            by=UNION_SUPERIOR,
            evidence=(ACCEPTANCE,),
            guards=(_union_stands,),
            not_by=("apply",),
            derive=_now("federated", "yes"),
            tells=(JOINED_UNION,),
        ),
        Step(
            name="decline",
            sources=("applied",),
            target="not_joined",
            label=Text("不予接收", "Decline"),
            says=Text("未批准加入工会联合会，并说明理由", "The membership was declined, with the reason"),
            rule="J-federation",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            not_by=("apply",),
            derive=_now("federated", "no"),
        ),
        Step(
            name="give_up",
            sources=("wished", "applied"),
            target="not_joined",
            label=Text("不再申请", "Give it up"),
            says=Text("工会不再申请加入联合会", "The union no longer wants to join"),
            rule="J-federation",
            by=UNION_LOCAL,
            fields=(NOTE,),
            derive=_now("federated", "no"),
        ),
        Step(
            name="no_longer_possible",
            sources=("wished", "applied"),
            target="not_joined",
            label=Text("工会已终止", "Union gone"),
            says=Text("工会已终止，申请随之终止", "The union is gone, and its application with it"),
            rule="J-federation",
            on=_UNION_ENDED,
            derive=_now("federated", "no"),
        ),
        Step(
            name="federation_gone",
            sources=("wished", "applied"),
            target="not_joined",
            label=Text("联合会不再设立", "Federation gone"),
            says=Text("所申请的联合会已不存在", "The federation that it applied to is no more"),
            rule="J-federation",
            on=("federation.ended",),
            guards=(_told_by("member_of"),),
            derive=_now("federated", "no"),
        ),
        Step(
            name="leave",
            sources=("member",),
            target="left",
            label=Text("退出联合会", "Leave the federation"),
            says=Text("工会退出联合会", "The union left the federation"),
            rule="J-federation",
            by=UNION_LOCAL,
            fields=(NOTE,),
            derive=_now("federated", "no"),
            tells=(LEFT_UNION,),
        ),
        Step(
            name="union_ended",
            sources=("member",),
            target="left",
            label=Text("工会终止", "Union ended"),
            says=Text("工会终止，不再是联合会成员", "The union ended, and is no member any more"),
            rule="J-federation",
            on=_UNION_ENDED,
            derive=_now("federated", "no"),
            tells=(LEFT_UNION,),
        ),
        Step(
            name="federation_ended",
            sources=("member",),
            target="left",
            label=Text("联合会终止", "Federation ended"),
            says=Text("联合会终止，成员关系随之终止", "The federation ended, and the membership with it"),
            rule="J-federation",
            on=("federation.ended",),
            guards=(_told_by("member_of"),),
            derive=_now("federated", "no"),
        ),
    ),
)
