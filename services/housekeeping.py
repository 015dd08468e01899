"""What is swept up once an hour: nothing waits for it, and nothing is wrong without it for longer."""

from datetime import timedelta

from sqlalchemy import delete, select

from services.actor import SERVICE
from services.channels.forget import forget
from services.db.models.directory import Token
from services.db.models.paper import Answer, CalendarYear
from services.deadlines.calendars import recount
from services.directory.bodies import readdress
from services.intake.apply import wake_the_overlooked
from services.intake.uploads import finish, lapse
from services.reckoning.campaigns import ask_in_campaigns
from services.runtime import Runtime

ANSWERS_KEPT = timedelta(days=30)

#: Twice the interval of the sweep: for some seconds after an import, other processes may still have started
#: deadlines under the calendar they had read before.
RECOUNT_AFTER_IMPORT = timedelta(hours=2)


def tidy(runtime: Runtime) -> int:
    """Spent tokens, old answers, old deliveries and lists that nobody confirmed are gone, lists that somebody did are taken in to the end, stray
    work has its body, deadlines rest on today's calendar.

    Returns how many rows changed."""
    with runtime.writing(SERVICE) as unit:
        changed = unit.db.execute(delete(Token).where(Token.expires_at <= unit.now)).rowcount
        changed += unit.db.execute(delete(Answer).where(Answer.at < unit.now - ANSWERS_KEPT)).rowcount
        changed += readdress(unit)
        changed += wake_the_overlooked(unit)
        changed += lapse(unit)
        changed += forget(unit)
    changed += finish(runtime)
    changed += ask_in_campaigns(runtime)
    with runtime.writing(SERVICE) as unit:
        recent = CalendarYear.imported_at > unit.now - RECOUNT_AFTER_IMPORT
        if unit.db.scalar(select(CalendarYear.year).where(recent).limit(1)) is not None:
            changed += recount(unit).changed
    return changed
