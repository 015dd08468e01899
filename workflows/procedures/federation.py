"""Federation (工会联合会): a union of unions, of a district, of an industry, or of private enterprises (M15, M16).

It counts the unions that belong to it, never the units that a joint union covers (Trade Union Law Art 11). Its committee is elected
by their representatives and stands by the superior's approval, as any union's.
"""

from dataclasses import replace

from workflows.definition import Choice, Definition, Evidence, Field, Opening, State, Work
from workflows.procedures.gathering import PROPOSAL_STATES, Gathering, proposal_terms
from workflows.procedures.union import UNION
from workflows.procedures.union_election import ORGANISER_ELECTION_FIELDS, ORGANISER_ELECTION_GUARDS
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.subjects import FEDERATION
from workflows.words import Text

UNIONS = Gathering(
    name="federation",
    count="unions",
    limit="federation.min_unions",
    joined="membership.joined",
    left="membership.left",
    members=Text("工会", "unions"),
)

PROPOSAL = Evidence(
    "federation_proposal",
    Text("建立工会联合会请示", "Request to found a federation"),
    form="request",
    about="建立{name}",
)
REPLY = Evidence(
    "federation_reply",
    Text("同意建立工会联合会的批复", "Reply approving the federation"),
    form="reply",
    about="建立{name}",
)

_ROW = "J-federation"
_FORMING = ("proposed", "returned", "founding", "elected")

FEDERATION_LAW = Definition(
    name="federation",
    version=1,
    label=Text("工会联合会", "Federation of unions"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            by=UNION_LOCAL,
            subject=FEDERATION,
            name="propose",
            label=Text("提出建立工会联合会", "Propose a federation of unions"),
            state="proposed",
            says=Text("提出建立工会联合会", "A federation of unions was proposed"),
            rule=f"{_ROW}; M15; M16",
            fields=(
                Field("name", "text", Text("名称", "Name"), "家装行业工会联合会 / federation", maximum=100),
                Field("town", "town", Text("所在乡镇街道", "Town or street"), None, required=False),
                Field(
                    "federation_kind",
                    "choice",
                    Text("类别", "Kind"),
                    "industry",
                    choices=(
                        Choice("regional", Text("区域性", "Of a district")),
                        Choice("industry", Text("行业性", "Of an industry")),
                        Choice("private_enterprises", Text("私营企业", "Of private enterprises")),
                    ),
                ),
            ),
            evidence=(PROPOSAL,),
            derive=UNIONS.nothing,
        ),
    ),
    states=(
        *PROPOSAL_STATES,
        State(
            "approved",
            Text("已批准，待吸收工会", "Approved"),
            Work(
                UNION_LOCAL,
                Text("联系已建立的工会加入", "Bring in unions that are established"),
                Text("还没有工会加入", "no union has joined yet"),
            ),
        ),
        State(
            "founding",
            Text("正在筹建", "Founding"),
            Work(
                UNION_LOCAL,
                Text("工会足够后召开代表大会选举", "Hold the congress once there are enough unions"),
                Text(
                    "正在吸收工会，委员会还没有选出", "unions are joining; the committee is not elected yet"
                ),
            ),
        ),
        State(
            "elected",
            Text("已选举，待批复", "Elected"),
            Work(
                UNION_SUPERIOR,
                Text("批复选举结果", "Reply on the result"),
                Text("选举结果等上级工会批复", "the superior union has yet to reply on the result"),
            ),
        ),
        State("operating", Text("正常运转", "Operating"), settled=True),
        UNIONS.review(),
        State("dissolved", Text("已撤销", "Dissolved"), settled=True, final=True),
    ),
    steps=(
        *UNIONS.proposal_steps(_ROW, request=PROPOSAL, reply=REPLY),
        *UNIONS.counting(_ROW, gathering="founding", live=_FORMING),
        replace(
            UNION.step["record_election"],
            sources=("founding",),
            says=Text("代表大会选举产生委员会", "The congress of representatives elected the committee"),
            fields=ORGANISER_ELECTION_FIELDS,
            guards=(UNIONS.enough, *ORGANISER_ELECTION_GUARDS),
            rule=f"{_ROW}; G-VOTE",
        ),
        replace(
            UNION.step["approve_result"],
            sources=("elected",),
            target="operating",
            says=Text("上级工会批复，工会联合会成立", "The superior approved; the federation is established"),
            guards=(UNIONS.enough, *UNION.step["approve_result"].guards),
            rule=_ROW,
            not_by=("record_election",),
            emits=("federation.established",),
            sends=(),
        ),
        replace(
            UNION.step["refuse_result"],
            sources=("elected",),
            target="founding",
            rule=_ROW,
            not_by=("record_election",),
        ),
        UNIONS.withdrawal(_ROW, "proposed", "returned", "approved", "founding"),
        *UNIONS.review_steps(_ROW),
    ),
    terms=(
        *proposal_terms("approved", "founding"),
        replace(UNION.term["approve_result"], during=("elected",)),
        UNIONS.review_term(_ROW, "federation.review"),
    ),
)
