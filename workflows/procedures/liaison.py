"""Party-building liaison: proposed, consented, appointed, visiting; handed over, revoked, or ended by a branch (2.4).

Each person in post is a proceeding of their own, known by the post alone: a successor's begins when the work is handed over.
"""

from workflows.definition import (
    STAY,
    Choice,
    Definition,
    Evidence,
    Field,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.guards import confirmed
from workflows.procedures.enterprise_gone import closes, elsewhere, gone, leaves
from workflows.roles import PARTY_LOCAL, Compartment
from workflows.words import Text

APPOINTMENT = Evidence(
    "liaison_appointment",
    Text("任（选派）联络员通知", "Letter of appointment or dispatch"),
    form="appointment",
    about="选派{name}党建联络员",
)
CONSENTS = Field("consents", "yes_no", Text("本人同意", "The person consents"), True)
REASON = Field("note", "text", Text("原因", "Reason"), "工作调动 / transferred", maximum=500, personal=True)

SERVES = Field(
    "serves",
    "integer",
    Text("这位联络员共联系几家企业（含本企业）", "Enterprises this liaison serves, this one included"),
    1,
    required=False,
    minimum=1,
    maximum=100,
)


def _not_too_many(situation: Situation) -> Text | None:
    """Where a place limits how many enterprises one liaison serves (K47 Hefei: three); 0 sets no limit."""
    limit = situation.policy.number("liaison.max_enterprises")
    if not limit or situation.number("serves") <= limit:
        return None
    return Text(
        "本地规定一名联络员最多联系{n}家企业，请另选人。",
        "Here one liaison serves {n} enterprises at most; choose somebody else.",
    ).filled(n=limit)


LIAISON = Definition(
    name="liaison",
    version=1,
    label=Text("党建联络员", "Party liaison"),
    compartment=Compartment.PARTY,
    reopens=True,
    openings=(
        Opening(
            on=("party.liaison_proposed",),
            state="proposed",
            says=Text("提出联络员人选", "A liaison was proposed"),
            rule="P-2; P-3",
        ),
        Opening(
            on=("liaison.handed_over",),
            state="active",
            says=Text("接任联络员到任", "The successor is in post"),
            rule="P-16; 2.4 liaison lifecycle",
        ),
    ),
    states=(
        State(
            "proposed",
            Text("拟任", "Proposed"),
            Work(
                PARTY_LOCAL,
                Text("征得本人同意", "Obtain the person's consent"),
                Text("等本人同意", "the person has yet to consent"),
            ),
        ),
        State(
            "consented",
            Text("本人同意", "Consented"),
            Work(
                PARTY_LOCAL,
                Text("发文任命", "Issue the appointment"),
                Text("等发文任命", "the appointment has yet to be issued"),
            ),
        ),
        State("active", Text("在任", "In post"), settled=True),
        State("handed_over", Text("已交接", "Handed over"), settled=True, final=True),
        State("declined", Text("本人不同意", "Declined"), settled=True, final=True),
        State("revoked", Text("已免", "Revoked"), settled=True, final=True),
        State("ended_by_branch", Text("成立党组织后结束", "Ended by a branch"), settled=True, final=True),
        gone(),
        elsewhere(),
    ),
    steps=(
        Step(
            name="record_consent",
            sources=("proposed",),
            target="consented",
            label=Text("登记本人同意", "Record the consent"),
            says=Text("联络员人选本人同意", "The person consented"),
            rule="P-3; K67",
            by=PARTY_LOCAL,
            fields=(CONSENTS,),
            guards=(
                confirmed(
                    "consents",
                    Text(
                        "没有本人同意不能任命；请登记“本人不同意”。",
                        "Without consent nobody can be appointed; record that the person declined.",
                    ),
                ),
            ),
        ),
        Step(
            name="appoint",
            sources=("consented",),
            target="active",
            label=Text("任命", "Appoint"),
            says=Text("发文任命联络员", "The liaison was appointed"),
            rule="P-2; P-3; M12; M13",
            by=PARTY_LOCAL,
            fields=(SERVES,),
            evidence=(APPOINTMENT,),
            guards=(_not_too_many,),
            emits=("liaison.appointed",),
        ),
        Step(
            name="record_refusal",
            sources=("proposed", "consented"),
            target="declined",
            label=Text("登记本人不同意", "Record that the person declined"),
            says=Text("联络员人选本人不同意", "The person declined"),
            rule="P-3; K67",
            by=PARTY_LOCAL,
            emits=("liaison.declined",),
        ),
        Step(
            name="record_visit",
            sources=("active",),
            target=STAY,
            label=Text("登记走访", "Record a visit"),
            says=Text("联络员走访企业", "The liaison visited the enterprise"),
            rule="2.4 liaison lifecycle",
            by=PARTY_LOCAL,
            fields=(
                Field("visited_on", "date", Text("走访日期", "Visited on"), 0, minimum=-366, maximum=0),
                Field(
                    "visit_kind",
                    "choice",
                    Text("方式", "Manner"),
                    "on_site",
                    choices=(
                        Choice("on_site", Text("上门", "On site")),
                        Choice("talk", Text("谈话", "Talk")),
                    ),
                ),
            ),
        ),
        Step(
            name="reappoint",
            sources=("active",),
            target=STAY,
            label=Text("续任", "Reappoint"),
            says=Text(
                "本人同意，联络员续任", "With their consent, the liaison was appointed for another term"
            ),
            rule="2.4 liaison lifecycle; K47",
            by=PARTY_LOCAL,
            fields=(CONSENTS,),
            evidence=(APPOINTMENT,),
            guards=(
                confirmed(
                    "consents",
                    Text(
                        "本人不同意的不能续任，请另行选派。",
                        "Without consent nobody is appointed again; find another liaison.",
                    ),
                ),
            ),
        ),
        Step(
            name="hand_over",
            sources=("active",),
            target="handed_over",
            label=Text("交接给新联络员", "Hand over to a successor"),
            says=Text("联络员工作交接", "The work was handed over to a successor"),
            rule="P-16",
            by=PARTY_LOCAL,
            fields=(CONSENTS, REASON),
            evidence=(APPOINTMENT,),
            guards=(
                confirmed(
                    "consents",
                    Text(
                        "接任者本人未同意，不能交接。",
                        "Without the successor's consent nothing can be handed over.",
                    ),
                ),
            ),
            emits=("liaison.handed_over",),
        ),
        Step(
            name="revoke",
            sources=("active",),
            target="revoked",
            label=Text("免去联络员", "Revoke"),
            says=Text("免去联络员", "The liaison was relieved"),
            rule="P-16",
            by=PARTY_LOCAL,
            fields=(REASON,),
            emits=("liaison.revoked",),
        ),
        Step(
            name="end_by_branch",
            sources=("proposed", "consented", "active"),
            target="ended_by_branch",
            label=Text("成立党组织，联络员结束", "Ended by a branch"),
            says=Text(
                "党组织成立，联络员工作结束", "A Party organisation was formed; the liaison's work ends"
            ),
            rule="2.4 ended_by_branch",
            on=("party.formed",),
        ),
        closes("proposed", "consented", "active"),
        leaves("proposed", "consented", "active"),
    ),
    terms=(
        Term(
            "appoint",
            Text("选派期限", "Appointment"),
            "liaison.appoint",
            ("proposed", "consented"),
            Work(
                PARTY_LOCAL,
                Text("联络员选派超期", "The appointment is overdue"),
                Text("选派已超期", "the appointment is overdue"),
            ),
        ),
        Term(
            "visit",
            Text("走访间隔", "Visit"),
            "liaison.visit_interval",
            ("active",),
            Work(
                PARTY_LOCAL, Text("联络员该走访了", "A visit is due"), Text("走访间隔已到", "a visit is due")
            ),
            starts_again_on=("record_visit",),
        ),
        Term(
            "appointment",
            Text("任期", "Term of appointment"),
            "liaison.term",
            ("active",),
            Work(
                PARTY_LOCAL,
                Text(
                    "联络员任期届满，请续任或者另行选派",
                    "The appointment has run out: renew it or replace them",
                ),
                Text("任期届满，联络员照旧履职", "the appointment ran out; the liaison serves on meanwhile"),
            ),
            starts_again_on=("reappoint",),
            exact=True,
            rule="P-16",
        ),
    ),
)
