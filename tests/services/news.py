"""How the tests of the intake tell news of enterprises, and a law that does no more than listen to it."""

import json
from itertools import count
from typing import Any

from sqlalchemy import select

from services.actor import SERVICE
from services.cases.begin import Begun, begin
from services.db.models.casework import Case, History, Proceeding
from services.db.models.mail import Inbox
from services.demo.hands import Hands
from services.intake.apply import drain_inbox
from services.intake.receive import Receipt, receive_raw
from services.runtime import Runtime
from tests.builders import COUNTY, TOWN, uscc
from workflows.definition import STAY, Definition, Field, Opening, State, Step, Work
from workflows.events import OUTSIDE
from workflows.roles import UNION_LOCAL, Compartment
from workflows.subjects import ENTERPRISE
from workflows.words import Text

CODE, OTHER_CODE = uscc(1), uscc(2)
REGISTRY, TAX, PROJECTS, UNION = f"registry.{COUNTY}", f"tax.{COUNTY}", f"investment.{TOWN}", f"union.{TOWN}"
DEPARTMENTS = ("tax", "labour", "economic")
_TEXT = Text("听记", "listening")

#: A procedure that does nothing but write down which news of its enterprise it heard.
LISTENER = Definition(
    name="listener",
    version=1,
    label=_TEXT,
    compartment=Compartment.OPEN,
    openings=(
        Opening(
            on=("registry.prenotified", "registry.registered", "registry.reported"),
            state="here",
            says=_TEXT,
            rule="-",
        ),
    ),
    states=(State("here", _TEXT, settled=True),),
    steps=tuple(
        Step(
            name=name.partition(".")[2],
            sources=("here",),
            target=STAY,
            label=_TEXT,
            says=_TEXT,
            rule="-",
            on=(name,),
        )
        for name in sorted(OUTSIDE - {"notice.delivered"})
    ),
)

#: A procedure that a person begins for an enterprise known only by its name, and that waits for no registration.
REQUEST = Definition(
    name="request",
    version=1,
    label=_TEXT,
    compartment=Compartment.UNION,
    openings=(
        Opening(
            by=UNION_LOCAL,
            subject=ENTERPRISE,
            name="ask",
            label=_TEXT,
            state="asked",
            says=_TEXT,
            rule="-",
            fields=(Field("name", "text", _TEXT, "甲公司", maximum=60),),
        ),
    ),
    states=(State("asked", _TEXT, Work(UNION_LOCAL, _TEXT, _TEXT), settled=True),),
    steps=(),
)

_ids = count(1)


def tell(runtime: Runtime, office: str, fact: str, **data: Any) -> Receipt:
    """The office says so, each time in a message of its own. `Any`: JSON."""
    said = {
        "specversion": "1.0",
        "id": f"news-{next(_ids)}",
        "source": f"/{office.replace('.', '/')}",
        "type": f"gongjian.registry.enterprise.{fact}.v1",
        "data": data,
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    return receive_raw(runtime, body, "application/cloudevents+json", {}, office, "http")[0]


def hears(runtime: Runtime, office: str, fact: str, **data: Any) -> str:
    """The same, accepted and applied; yields what the row says of it, empty where all went well. `Any`: JSON."""
    receipt = tell(runtime, office, fact, **data)
    assert receipt.status == "accepted", receipt.reason
    settle(runtime)
    with runtime.reading(SERVICE) as unit:
        row = unit.db.execute(select(Inbox.state, Inbox.error_code).where(Inbox.id == receipt.inbox_id)).one()
    assert row.state == "applied", row
    return row.error_code or ""


def settle(runtime: Runtime) -> None:
    while drain_inbox(runtime):
        continue


def registers(runtime: Runtime, code: str = CODE, **data: Any) -> str:
    known = {"uscc": code, "name": "甲公司", "registered_on": "2025-02-27", "division": TOWN}
    return hears(runtime, REGISTRY, "registered", **known | data)


def files(runtime: Runtime) -> list[Any]:
    """Every file, oldest first. `Any`: rows."""
    with runtime.reading(SERVICE) as unit:
        return list(unit.db.execute(select(*Case.__table__.c).order_by(Case.id)))


def lines(runtime: Runtime) -> list[dict[str, Any]]:
    """Every history line, in order. `Any`: JSON."""
    with runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(select(History.canon).order_by(History.case_id, History.seq)).scalars()
        return [json.loads(bytes(row)) for row in rows]


def heard(runtime: Runtime) -> list[str]:
    """What the listener wrote down since it began to listen."""
    return [one["step"] for one in lines(runtime) if one["procedure"] == "listener"][1:]


def stands(runtime: Runtime, procedure: str) -> str:
    with runtime.reading(SERVICE) as unit:
        return str(
            unit.db.execute(select(Proceeding.state).where(Proceeding.procedure == procedure)).scalar_one()
        )


def ask(runtime: Runtime, name: str = "甲公司") -> None:
    """The town's union opens a file about an enterprise of which it knows no code."""
    with runtime.writing(Hands(runtime).actor(UNION)) as unit:
        begin(unit, Begun("request", "ask", {"name": name}))
