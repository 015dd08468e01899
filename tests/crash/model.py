"""The house as a drawing: inbox, apply, outbox and leases, walked through every state there is.

Three events, two of them of one case; an office that repeats until it is answered; two workers. Whatever may happen next is a
move, and at every state every move is tried: a worker or the counter dies, a lease runs out under a worker who is only slow. So
what holds here holds for every order of things, as far as the drawing is true. `HOUSE` is how it is built; each of `MISTAKES`
leaves one thing out, and must be found wrong, or the drawing would prove nothing. `python -m tests.crash.model` walks them all.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

#: The case of each event; an event's number is its place in the inbox.
CASES = ("A", "A", "B")
EVENTS = range(len(CASES))
#: Deliveries after which a row is set aside. The house says three; two make every path that three make, and fewer states.
CRASHES = 2
INBOX, OUTBOX = 0, 1


class Row(NamedTuple):
    """One row of work: pending, done or failed."""

    state: str = "pending"
    leased: bool = False
    deliveries: int = 0


class Worker(NamedTuple):
    """What a worker has in hand. `found`: the rows it saw pending when it opened its transaction; None before that."""

    table: int = INBOX
    keys: tuple[int, ...] = ()
    found: tuple[int, ...] | None = None
    moved: bool = False
    """Only where moving and marking are two commits: the first is done."""


IDLE = Worker()


class House(NamedTuple):
    """All there is at one moment."""

    told: tuple[str, ...] = ("",) * len(CASES)
    """What each event's office knows: nothing, that it is under way, or that it was answered."""
    tables: tuple[tuple[Row | None, ...], tuple[Row | None, ...]] = (
        (None,) * len(CASES),
        (None,) * len(CASES),
    )
    history: tuple[int, ...] = ()
    arrived: tuple[int, ...] = ()
    workers: tuple[Worker, ...] = (IDLE, IDLE)


@dataclass(frozen=True)
class Rules:
    """How the house is built."""

    answers_after_commit: bool = True
    looks_again: bool = True
    locks: bool = True
    keeps_order: bool = True
    one_commit: bool = True
    keeps_what_it_claims: bool = True


HOUSE = Rules()
MISTAKES: dict[str, Rules] = {
    "answers before the commit": replace(HOUSE, answers_after_commit=False),
    "does not look again at the row": replace(HOUSE, looks_again=False),
    "takes no lock": replace(HOUSE, locks=False),
    "passes over a row that is in hand": replace(HOUSE, keeps_order=False),
    "moves the case and marks the row in two commits": replace(HOUSE, one_commit=False),
    "marks the row as done when it is claimed": replace(HOUSE, keeps_what_it_claims=False),
}


@dataclass(frozen=True)
class Walk:
    """How many states there are, and what is wrong in the first bad one, with the way there."""

    states: int
    wrong: str | None = None
    way: tuple[str, ...] = ()


def walk(rules: Rules = HOUSE) -> Walk:
    """Every state that can be reached, nearest first, until one is wrong."""
    begin = House()
    came: dict[House, tuple[House, str] | None] = {begin: None}
    waiting = deque([begin])
    while waiting:
        house = waiting.popleft()
        following = list(moves(house, rules))
        wrong = _wrong(house) or _stuck(house, [name for name, _ in following])
        if wrong:
            return Walk(len(came), wrong, _way(came, house))
        for name, then in following:
            if then not in came:
                came[then] = (house, name)
                waiting.append(then)
    return Walk(len(came))


def moves(house: House, rules: Rules) -> Iterator[tuple[str, House]]:
    """Whatever may happen next."""
    yield from _intake(house, rules)
    for table in (INBOX, OUTBOX):
        for key, row in enumerate(house.tables[table]):
            if row is not None and row.state == "pending" and row.leased:
                yield f"lease {table}/{key} runs out", _put(house, table, key, row._replace(leased=False))
    for number, worker in enumerate(house.workers):
        if worker == IDLE:
            for table in (INBOX, OUTBOX):
                yield from _claim(house, number, table, rules)
            continue
        yield f"worker {number} dies", _hand(house, number, IDLE)
        yield from _work(house, number, worker, rules)


def _intake(house: House, rules: Rules) -> Iterator[tuple[str, House]]:
    """An office says its events of one case one after another, each until it is answered."""
    for event in EVENTS:
        said, row = house.told[event], house.tables[INBOX][event]
        earlier = [one for one in EVENTS if one < event and CASES[one] == CASES[event]]
        if said == "" and all(house.told[one] == "answered" for one in earlier):
            if rules.answers_after_commit:
                then = house if row is not None else _put(house, INBOX, event, Row())
                yield f"{event} is committed", _tell(then, event, "under way")
            else:
                yield f"{event} is answered", _tell(house, event, "answered")
        elif said == "under way":
            yield f"{event} is answered", _tell(house, event, "answered")
            yield f"the counter dies over {event}", _tell(house, event, "")


def _claim(house: House, number: int, table: int, rules: Rules) -> Iterator[tuple[str, House]]:
    """Rows that are due, the oldest of each case, each counted; a row that was dropped before is taken alone, or set aside."""
    rows, locked = house.tables[table], _locked(house, table)
    free = [
        key
        for key, row in enumerate(rows)
        if row is not None
        and row.state == "pending"
        and not row.leased
        and key not in locked
        and not _kept_back(rows, key, rules)
    ]
    spent = [key for key in free if _of(rows, key).deliveries >= CRASHES]
    suspect = [key for key in free if 0 < _of(rows, key).deliveries < CRASHES]
    keys = suspect[:1] or [key for key in free if key not in spent]
    if not free:
        return
    for key in spent:
        house = _put(house, table, key, Row("failed"))
    for key in keys:
        counted = _of(rows, key).deliveries + 1 if table == INBOX else 0
        house = _put(
            house, table, key, Row("pending", True, counted) if rules.keeps_what_it_claims else Row("done")
        )
    if keys:
        house = _hand(house, number, Worker(table, tuple(keys)))
    yield f"worker {number} claims {table}/{keys}", house


def _kept_back(rows: tuple[Row | None, ...], key: int, rules: Rules) -> bool:
    earlier = [row for one, row in enumerate(rows[:key]) if CASES[one] == CASES[key]]
    return any(
        row is not None and row.state == "pending" and (rules.keeps_order or not row.leased)
        for row in earlier
    )


def _work(house: House, number: int, worker: Worker, rules: Rules) -> Iterator[tuple[str, House]]:
    """One transaction: the rows are locked and looked at again, and everything is committed together."""
    rows = house.tables[worker.table]
    if worker.found is None:
        if rules.locks and _locked(house, worker.table) & set(worker.keys):
            return  # it waits
        mine = not rules.looks_again or not rules.keeps_what_it_claims
        found = tuple(key for key in worker.keys if mine or _of(rows, key).state == "pending")
        yield f"worker {number} opens {found}", _hand(house, number, worker._replace(found=found))
    elif rules.one_commit:
        then = _mark(_move(house, worker.table, worker.found), worker.table, worker.found)
        yield f"worker {number} commits {worker.found}", _hand(then, number, IDLE)
    elif not worker.moved:
        then = _move(house, worker.table, worker.found)
        yield f"worker {number} moves {worker.found}", _hand(then, number, worker._replace(moved=True))
    else:
        then = _mark(house, worker.table, worker.found)
        yield f"worker {number} marks {worker.found}", _hand(then, number, IDLE)


def _move(house: House, table: int, keys: tuple[int, ...]) -> House:
    if table == OUTBOX:
        return house._replace(arrived=_by_case(house.arrived + keys))
    for key in keys:
        if house.tables[OUTBOX][key] is None:  # its name is unique
            house = _put(house, OUTBOX, key, Row())
    return house._replace(history=_by_case(house.history + keys))


def _by_case(told: tuple[int, ...]) -> tuple[int, ...]:
    """What happens in two cases has no order: one state, not two."""
    return tuple(sorted(told, key=lambda event: CASES[event]))


def _mark(house: House, table: int, keys: tuple[int, ...]) -> House:
    for key in keys:
        house = _put(house, table, key, Row("done"))
    return house


def _locked(house: House, table: int) -> set[int]:
    """Rows that an open transaction holds; a worker that dies lets go of them."""
    return {key for one in house.workers if one.table == table and one.found for key in one.found}


def _wrong(house: House) -> str | None:
    """What no state may be."""
    for event in EVENTS:
        row = house.tables[INBOX][event]
        if house.told[event] == "answered" and row is None:
            return f"{event} was answered and is lost"
        if house.history.count(event) > 1:
            return f"{event} was applied twice"
        if house.arrived.count(event) > 1:
            return f"the notice of {event} arrived twice"
        carried = house.tables[OUTBOX][event]
        if (
            row is not None
            and row.state == "done"
            and event not in house.history
            and _nobody_has(house, event)
        ):
            return f"{event} is marked and was never applied"
        if row is not None and row.state == "failed" and event in house.history:
            return f"{event} was applied and is set aside"
        if (carried is not None) != (event in house.history):
            return f"{event} and its notice came apart"
    for what, told in (("events", house.history), ("notices", house.arrived)):
        if list(told) != sorted(told, key=lambda event: (CASES[event], event)):
            return f"the {what} of one case went in the order {told}"
    return None


def _nobody_has(house: House, event: int) -> bool:
    return all(event not in one.keys or one.table != INBOX for one in house.workers)


def _stuck(house: House, following: list[str]) -> str | None:
    """Where nothing more can happen, everything was answered and worked off."""
    if following:
        return None
    open_rows = [row for table in house.tables for row in table if row is not None and row.state == "pending"]
    if open_rows or set(house.told) != {"answered"}:
        return "nothing can happen any more, and something is still owed"
    return None


def _way(came: dict[House, tuple[House, str] | None], house: House) -> tuple[str, ...]:
    names = []
    step = came[house]
    while step is not None:
        house, name = step
        names.append(name)
        step = came[house]
    return tuple(reversed(names))


def _of(rows: tuple[Row | None, ...], key: int) -> Row:
    row = rows[key]
    assert row is not None
    return row


def _put(house: House, table: int, key: int, row: Row) -> House:
    rows = (*house.tables[table][:key], row, *house.tables[table][key + 1 :])
    tables = (rows, house.tables[OUTBOX]) if table == INBOX else (house.tables[INBOX], rows)
    return house._replace(tables=tables)


def _tell(house: House, event: int, said: str) -> House:
    return house._replace(told=(*house.told[:event], said, *house.told[event + 1 :]))


def _hand(house: House, number: int, worker: Worker) -> House:
    """The two workers are alike: which of them has what is one state, not two."""
    workers = (*house.workers[:number], worker, *house.workers[number + 1 :])
    return house._replace(workers=tuple(sorted(workers, key=repr)))


if __name__ == "__main__":
    for title, rules in {"the house": HOUSE, **MISTAKES}.items():
        found = walk(rules)
        print(f"{title}: {found.states} states, {found.wrong or 'nothing wrong'}")
        for line in found.way:
            print(f"    {line}")
