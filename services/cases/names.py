"""The names a file bears that has no code: a project's, or the enterprise's own, each within its county; or what it is about."""

from sqlalchemy import ColumnElement, func

from services.db.models.casework import Case

_MARK = 7  # the sign after the six digits of the county


def project(division: str, reference: str) -> str:
    """What the investment office calls the project it notified."""
    return f"{division[:6]}#{reference}"


def enterprise(division: str, name: str) -> str:
    """No two enterprises of one county bear the same name (企业名称登记管理规定)."""
    return f"{division[:6]}={name.strip()}"[:200]


def the_only(subject: str, division: str) -> str:
    """What a division has one of, and no second."""
    return f"{subject}/{division}"


def is_a_project(provisional: str | None) -> bool:
    """Is this the name of a project that an office notified?"""
    return provisional is not None and provisional[_MARK - 1 : _MARK] == "#"


def is_project() -> ColumnElement[bool]:
    """Was the file opened for a project that an office notified?"""
    return func.substr(Case.provisional, _MARK, 1) == "#"
