"""The registers of numbers (发文字号): one for each agency mark of a body and each year, without a gap and without a number twice."""

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from services.db.models.official import PaperRegister
from services.runtime import Unit


def next_serial(unit: Unit, body_id: int, mark: str, year: int) -> int:
    """The next number of the register, which stays locked until the commit: whoever comes after waits, and if nothing comes of this
    paper the number is the next one's."""
    row = {"body_id": body_id, "mark": mark, "year": year, "last": 0}
    make = sqlite.insert if unit.db.dialect.name == "sqlite" else postgresql.insert
    unit.db.execute(make(PaperRegister).on_conflict_do_nothing(), [row])
    return unit.db.execute(
        update(PaperRegister)
        .where(
            PaperRegister.body_id == body_id,
            PaperRegister.mark == mark,
            PaperRegister.year == year,
        )
        .values(last=PaperRegister.last + 1)
        .returning(PaperRegister.last)
    ).scalar_one()
