"""The book of editions: answers what is in force where and when.

A place inherits from the places above it (nation → province → city → county → town); the nearer edition wins, and of one
place's editions the latest that has begun.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

from workflows.policies.kinds import misfit
from workflows.policies.model import NATION, Edition, EditionFault, Policy, Setting
from workflows.policies.sheet import read_folder
from workflows.words import Text

_UNKNOWN = Text("不是全国版里有的项", "is unknown: the national edition has no such key")
_TWICE = Text(
    "{division}已有{day}起施行的一版（{other}）", "{division} has an edition of {day} already ({other})"
)
_TOO_EARLY = Text("早于全国第一版（{day}）", "is earlier than the nation's first edition ({day})")


def lineage(division: str) -> tuple[str, ...]:
    """The places a division inherits from, the nation first.

    >>> lineage("220204102")
    ('000000', '220000', '220200', '220204', '220204102')
    """
    steps = [NATION, division[:2] + "0000", division[:4] + "00", division[:6], division[:9]]
    real = [step for step in steps if step == NATION or (len(step) in (6, 9) and step[:2] != "00")]
    return tuple(dict.fromkeys(real))


class Book:
    """All editions known to this process. EditionFault if they do not go together."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        self._by_place: dict[str, list[Edition]] = {}
        for edition in sorted(editions, key=lambda one: one.effective):
            earlier = self._by_place.setdefault(edition.division, [])
            if earlier and earlier[-1].effective == edition.effective:
                raise EditionFault(
                    edition.where,
                    "effective",
                    _TWICE.filled(division=edition.division, day=edition.effective, other=earlier[-1].where),
                )
            earlier.append(edition)
        self._known: dict[tuple[str, date, date], Policy] = {}
        if not self._by_place.get(NATION):
            raise ValueError("a book of policies needs a national edition")
        self._check(max(self._by_place[NATION], key=lambda one: len(one.settings)))

    def _check(self, national: Edition) -> None:
        """Every edition begins after the nation's first, which lists all keys, and keeps to its keys and kinds."""
        for edition in (one for many in self._by_place.values() for one in many):
            if edition.division == NATION and edition.effective < national.effective:
                raise EditionFault(edition.where, "effective", _TOO_EARLY.filled(day=national.effective))
            for key, setting in edition.settings.items():
                if key not in national.settings:
                    raise EditionFault(edition.where, key, _UNKNOWN)
                why = misfit(national.settings[key], setting.value)
                if why is not None:
                    raise EditionFault(edition.where, key, why)

    @property
    def first(self) -> date:
        """The day on which the nation's first edition took effect."""
        return self._by_place[NATION][0].effective

    def policy(self, division: str, on: date, *, today: date | None = None) -> Policy:
        """What holds for a proceeding of `division` begun `on`: later editions count only if they say so themselves.

        What began before the nation's first edition still goes by that edition.
        """
        today = today or on
        known = self._known.get((division, on, today))
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[division, on, today] = self._resolve(division, on, today)
        return known

    def in_force(self, division: str, on: date, *, today: date | None = None) -> list[Edition]:
        """The editions that hold there for what began `on`, in the order in which each overrules those before it."""
        first, pending_from = self._by_place[NATION][0], max(on, today or on)
        return [
            edition
            for place in lineage(division)
            for edition in self._by_place.get(place, ())
            if edition.effective <= (pending_from if edition.applies_to_pending else on) or edition is first
        ]

    def _resolve(self, division: str, on: date, today: date) -> Policy:
        settings: dict[str, Setting] = {}
        used = self.in_force(division, on, today=today)
        for edition in used:
            settings.update(edition.settings)
        return Policy("+".join(f"{one.division}@{one.effective.isoformat()}" for one in used), settings)


@cache
def shipped() -> tuple[Edition, ...]:
    """The editions that ship with the house."""
    return read_folder(files("workflows.policies"))


@cache
def published() -> Book:
    """The book of the editions that ship with the house."""
    return Book(shipped())
