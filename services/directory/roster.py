"""Which body fills a role for an enterprise: the nearest one of the right kind, from a list kept fresh in memory."""

from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Connection, select

from services.db.models.directory import Body
from services.directory.divisions import prefix
from workflows.roles import ROLES, Role

#: A body created elsewhere is seen here after this many seconds; housekeeping re-addresses what slipped through.
FRESH_FOR = 1.0


@dataclass(frozen=True, slots=True)
class Listed:
    id: int
    code: str
    kind: str
    division: str
    name: str


class Roster:
    """All bodies, read again when a second old."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._by_kind: dict[str, dict[str, Listed]] = {}
        self._by_id: dict[int, Listed] = {}
        self._by_code: dict[str, Listed] = {}
        self._found: dict[tuple[str, str], Listed | None] = {}

    def refresh(self, db: Connection, *, now: bool = False) -> None:
        """The list is at most a second old."""
        if not now and monotonic() - self._read_at < FRESH_FOR:
            return
        by_kind: dict[str, dict[str, Listed]] = {}
        by_id: dict[int, Listed] = {}
        for row in db.execute(select(Body.id, Body.code, Body.kind, Body.division, Body.name)):
            body = by_id[row.id] = Listed(row.id, row.code, row.kind, row.division, row.name)
            by_kind.setdefault(row.kind, {})[prefix(row.division)] = body
        if by_id != self._by_id:
            self._by_kind, self._by_id, self._found = by_kind, by_id, {}
            self._by_code = {body.code: body for body in by_id.values()}
        self._read_at = monotonic()

    def body(self, body_id: int | None) -> Listed | None:
        return self._by_id.get(body_id) if body_id is not None else None

    def by_code(self, code: str) -> Listed | None:
        return self._by_code.get(code)

    def fills(self, role_name: str, division: str) -> Listed | None:
        """The nearest body for the role; where two stand equally near, the role's own order of kinds decides."""
        key = (role_name, division)
        if key not in self._found:
            if len(self._found) > 50_000:
                self._found.clear()
            self._found[key] = self._search(ROLES[role_name], division)
        return self._found[key]

    def _search(self, role: Role, division: str) -> Listed | None:
        start = prefix(division)
        if role.superior:
            start = start[:6]
        for length in (9, 6, 4, 2, 0):
            if length > len(start):
                continue
            for kind in role.kinds:
                body = self._by_kind.get(kind, {}).get(start[:length])
                if body is not None:
                    return body
        return None

    def children(self, kind: str, division: str) -> list[Listed]:
        """Bodies of a kind strictly below a division, by code."""
        start = prefix(division)
        found = self._by_kind.get(kind, {})
        return sorted(
            (body for key, body in found.items() if key.startswith(start) and key != start),
            key=lambda one: one.code,
        )
