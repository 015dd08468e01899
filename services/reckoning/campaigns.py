"""The areas of campaigns that are under way: what their unions' records make one ask is asked there, once an hour."""

from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.casework import Case, Proceeding
from services.reckoning.paper_unions import ask
from services.runtime import Runtime
from workflows.procedures.campaign import CAMPAIGN_AREA


def ask_in_campaigns(runtime: Runtime) -> int:
    """Every union founded in an area since its work began has been asked what its records make one ask; one commit an area."""
    under_way = [state.name for state in CAMPAIGN_AREA.states if not state.settled]
    with runtime.reading(SERVICE) as unit:
        areas = unit.db.execute(
            select(Case.division, Proceeding.began_on)
            .join(Proceeding, Proceeding.case_id == Case.id)
            .where(Proceeding.procedure == CAMPAIGN_AREA.name, Proceeding.state.in_(under_way))
            .order_by(Case.id)
        ).all()
    asked = 0
    for area in areas:
        with runtime.writing(SERVICE) as unit:
            asked += ask(unit, area.division, area.began_on)
    return asked
