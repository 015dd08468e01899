"""What is to happen to many cases at once, in rounds in which no case comes twice: the second move of a case is decided on the case as the
first has left it, when all that the first opened has its number."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

_One = TypeVar("_One")


def rounds(many: Iterable[_One], names: Callable[[_One], Iterable[Hashable]]) -> Iterator[list[_One]]:
    """Each in the first round after those that bear one of its names; so what bears one name keeps its order.

    >>> list(rounds(["a1", "a2", "b1", "a3"], lambda one: one[:1]))
    [['a1', 'b1'], ['a2'], ['a3']]
    """
    found: list[list[_One]] = []
    last: dict[Hashable, int] = {}
    for one in many:
        named = list(names(one))
        place = max((last[name] + 1 for name in named if name in last), default=0)
        if place == len(found):
            found.append([])
        found[place].append(one)
        last |= dict.fromkeys(named, place)
    yield from found
