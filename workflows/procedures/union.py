"""Union formation: application, preparation, individual and voluntary joining, election, approval (WORKFLOWS 2.2).

"Established" is never reached without an election record and the superior's written approval on file.
"""

from workflows.definition import Definition, Facts, Opening, Situation
from workflows.procedures.extension import extends
from workflows.procedures.union_forming import COVERED, GIVING_UP, MEMBERS_AND_FORM, REQUEST
from workflows.procedures.union_guards import founded
from workflows.procedures.union_standing import CHAIR, COVER, END, SET_UP_AND_NUMBERS
from workflows.procedures.union_states import STATES, TERMS
from workflows.procedures.union_vote import STEPS as VOTE
from workflows.roles import UNION_SUPERIOR, Compartment
from workflows.words import Text

_TERM = {term.name: term for term in TERMS}


def _covered_jointly(situation: Situation) -> Facts:
    return {**founded(situation), "union_kind": "joint"}


UNION = Definition(
    name="union",
    version=1,
    label=Text("组建工会", "Union formation"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            on=("lead.ready",),
            state="not_started",
            says=Text("职工愿意，启动组建工会程序", "The workers are willing; union formation begins"),
            rule="L-12",
        ),
        Opening(
            on=("lead.covered",),
            state="covered",
            says=Text("联合工会已覆盖本单位", "A joint union covers this unit"),
            rule="L-19",
            derive=_covered_jointly,
            publish=("union_version",),
            emits=("union.covered",),
            sends=(COVERED,),
        ),
    ),
    states=STATES,
    steps=(
        *REQUEST,
        *MEMBERS_AND_FORM,
        *VOTE,
        *SET_UP_AND_NUMBERS,
        *COVER,
        *CHAIR,
        *GIVING_UP,
        extends(_TERM["approve_preparation"], by=UNION_SUPERIOR, not_by=("file_application", "file_again")),
        extends(_TERM["preparation"], by=UNION_SUPERIOR),
        extends(_TERM["approve_result"], by=UNION_SUPERIOR, not_by=("report_result",)),
        *END,
    ),
    terms=TERMS,
)
