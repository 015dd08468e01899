"""The hand of the books' owner: he puts keys, walls and triggers aside, does what he likes, and puts them back as they were."""

from collections.abc import Sequence
from typing import Any

from services.db.session import Database


def tamper(database: Database, statement: str, given: Sequence[Any] = ()) -> int:
    """The statement was carried out, whatever forbids it; yields how many rows it touched. `?` stands for what is given. `Any`: plain values."""
    line = database.engine.raw_connection()
    cursor = line.cursor()
    if database.is_sqlite:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("SELECT 'DROP TRIGGER ' || name, sql FROM sqlite_master WHERE type = 'trigger'")
    else:
        statement = statement.replace("%", "%%").replace("?", "%s")
        cursor.execute(_KEYS_WALLS_TRIGGERS)
    aside: list[tuple[str, str]] = cursor.fetchall()
    for away, _ in aside:
        cursor.execute(away)
    cursor.execute(statement, tuple(given))
    touched: int = cursor.rowcount
    for _, back in aside:
        cursor.execute(back)
    line.commit()
    line.invalidate()
    assert touched, f"nothing was there to tamper with: {statement}"
    return touched


#: How each is put aside, and how it comes back without looking at what is there.
_KEYS_WALLS_TRIGGERS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
UNION ALL
SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass),
       format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass)
FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace
UNION ALL
SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', tgrelid::regclass, tgname)
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
"""
