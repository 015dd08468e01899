"""What each kind of body is told by every address that can be read: the names of all it may ever see, without the values.

`python -m tests.api.shapes` writes `shapes.txt` afresh; read its difference before committing it (S09).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from httpx2 import Response

from services.clock import SettableClock
from services.db.upgrade import upgrade
from services.runtime import Runtime
from services.settings import Settings
from tests.addresses import addresses
from tests.builders import BEGAN, BODIES, COUNTY, TOWN, Counter, Town, code_of, counter_of, found, registered
from tests.fakes import SilentBells

FILE = Path(__file__).with_name("shapes.txt")
#: Names that a procedure gives, and not the counter: the form of a step, the facts of a proceeding, the data of a line.
_OF_THE_LAW = ("fields", "facts", "data", "detail", "payload")


def told(counter: Counter) -> list[str]:
    """A line for each thing that somebody is told, name and type, or of each refusal; and by whom it is heard."""
    counter.town.settle()
    code = counter.town.enterprise()
    counter.town.with_union(code)
    counter.town.take(f"party.{TOWN}", code, "party", "survey", full_members=0, probationary_members=0)
    counter.town.take(f"party.{TOWN}", code, "party", "propose_dispatched_liaison")
    case = str(counter.case(f"union.{COUNTY}", code)["id"])
    source = f"%2Fregistry%2F{COUNTY}"
    ids = {"{id}": case, "{source:path}": source, "{id:path}": registered(1)["id"]}
    heard: dict[str, list[str]] = {}
    for method, address in sorted(addresses()):
        if method != "GET" or not address.startswith("/api/"):
            continue
        path = address
        for name, value in ids.items():
            path = path.replace(name, value)
        for kind, division in dict.fromkeys(BODIES):
            if division not in (COUNTY, TOWN):
                continue
            answer = counter.get(code_of(kind, division), path)
            whose = f"{kind}.{'county' if division == COUNTY else 'town'}"
            for one in _shown(answer):
                heard.setdefault(f"{address} {one}", []).append(whose)
    return [f"{what} -> {' '.join(whom)}" for what, whom in sorted(heard.items())]


def _shown(answer: Response) -> list[str]:
    if answer.status_code != 200:
        return [answer.json()["code"]]
    media = answer.headers["content-type"]
    return sorted(set(_names(answer.json()))) if media == "application/json" else [media]


def _names(value: Any, at: str = "") -> Iterator[str]:
    """`Any`: JSON."""
    if isinstance(value, dict) and value and at.rpartition(".")[2] not in _OF_THE_LAW:
        for name, inner in value.items():
            yield from _names(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _names(inner, f"{at}[]")
    else:
        yield f"{at}: {'object' if isinstance(value, dict) else 'list' if isinstance(value, list) else type(value).__name__}"


def _write() -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=None)
        upgrade(settings)
        clock = SettableClock(BEGAN)
        runtime = Runtime(settings, clock=clock, bells=SilentBells())
        found(runtime)
        with counter_of(Town(runtime, clock)) as counter:
            FILE.write_text("\n".join(told(counter)) + "\n", encoding="utf-8")
        runtime.close()


if __name__ == "__main__":
    _write()
