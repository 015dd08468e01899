"""Lives that nobody planned, lived through a whole office: news of offices, steps of people, letters and days that pass, each decided by
nothing but the chance it is given. What the law refuses is refused, and life goes on."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from services.actor import SERVICE
from services.cases import load
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case
from services.demo.hands import examples
from tests.builders import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, Town, code_of, joins, uscc
from workflows import forms
from workflows.casefile import Standing
from workflows.definition import Step
from workflows.errors import Fault
from workflows.runner import explain

#: So many things happen in one life.
MOMENTS = 14
_DAYS = (1, 3, 10, 40)
#: So many days pass over all lives together, or they would outlast the calendars that are published.
_ALL_DAYS = 240
_KINDS = ("有限责任公司", "股份有限公司", "个人独资企业")


class Unplanned:
    """The lives of one town's enterprises; `lived` counts what happened in them, `states` says where they have been."""

    def __init__(self, town: Town, lives: int) -> None:
        self.town, self.lived = town, Counter[str]()
        self.states = set[tuple[str, str]]()
        self._passes = _ALL_DAYS * len(_DAYS) / (sum(_DAYS) * MOMENTS * lives)
        self._tax = joins(town.runtime, "tax")
        self._persons = [(law.name, opening.name) for law, opening in town.runtime.law.begun_by_persons]

    def live(self, number: int, chance: Random) -> None:
        """One enterprise's, from the first news of it on."""
        self._first_news(number, chance)
        for _ in range(MOMENTS):
            what = chance.random()
            if what < 0.76:
                self._somebody_acts(number, chance)
            elif what < 0.94:
                self._an_office_speaks(number, chance)
            else:
                self._somebody_begins(chance)
            if chance.random() < self._passes:
                self.town.clock.advance(timedelta(days=chance.choice(_DAYS)))
                self.lived["times that days passed"] += 1
            self.town.settle()

    # -- what may happen ------------------------------------------------------------------------------------

    def _first_news(self, number: int, chance: Random) -> None:
        name = {"name": f"无常{number}号有限公司"}
        place = {"division": chance.choice((TOWN, TOWN, COUNTY))}
        how = chance.random()
        if how < 0.2:
            self._tell(
                "prenotified",
                number,
                code_of("investment", TOWN),
                reference=f"P{number}",
                division=TOWN,
                **name,
            )
        elif how < 0.35:
            self._tell(
                "reported",
                number,
                self._tax,
                uscc=uscc(number),
                headcount=chance.choice((None, 40)),
                **name,
                **place,
            )
        if how >= 0.1:
            self._register(number, chance, **name, **place)
        self.town.settle()

    def _register(self, number: int, chance: Random, **data: Any) -> None:
        """`Any`: JSON."""
        more = {"prenotice": f"P{number}"} if chance.random() < 0.5 else {}
        self._tell(
            "registered", number, uscc=uscc(number), registered_on="2026-02-27", type=chance.choice(_KINDS),
            headcount=chance.choice((None, 3, 30, 120)), **data, **more,
        )  # fmt: skip

    def _an_office_speaks(self, number: int, chance: Random) -> None:
        name = {"name": f"无常{number}号有限公司"}
        fact = chance.choice(
            ("changed", "changed", "changed", "suspended", "resumed", "registered", "reported")
            + (("deregistered", "revoked", "merged", "split") if chance.random() < 0.3 else ())
        )
        if fact == "registered":
            self._register(number, chance, division=chance.choice((TOWN, OTHER_TOWN)), **name)
        elif fact == "reported":
            self._tell(fact, number, self._tax, uscc=uscc(number), headcount=40, **name)
        elif fact == "changed":
            said: dict[str, Any] = {
                "name": f"无常{number}号{chance.choice('甲乙')}有限公司",
                "type": chance.choice(_KINDS),
                "headcount": chance.choice((5, 60)),
                "division": chance.choice((TOWN, OTHER_TOWN, OTHER_COUNTY)),
            }
            told = chance.sample(sorted(said), chance.randint(1, 2))
            self._tell(fact, number, uscc=uscc(number), **{key: said[key] for key in told})
        else:
            self._tell(fact, number, uscc=uscc(number))

    def _tell(self, fact: str, number: int, office: str = f"registry.{COUNTY}", **data: Any) -> None:
        """`Any`: JSON."""
        self.lived[f"told {fact}"] += 1
        times = self.lived[f"told {fact}"]
        self.town.hands.emit(office, fact, f"{fact}-{number}-{times}", data)

    def _somebody_acts(self, number: int, chance: Random) -> None:
        """A person takes one of the steps that are open to anybody, mostly in the enterprise's own file."""
        town = self.town
        with town.runtime.writing(SERVICE) as unit:
            case = unit.db.execute(select(Case.id).where(Case.uscc == uscc(number))).scalar()
            if case is None or chance.random() < 0.15:
                last = unit.db.execute(select(func.max(Case.id))).scalar() or 1
                case = chance.randint(max(1, last - 5), last)
            docket = load.by_ids(unit, [case]).get(case)
            if docket is None:
                return
            law = load.unfolding(unit, docket.file)
            ways: list[tuple[Standing, Step]] = []
            for one in docket.file.standings:
                definition = town.runtime.law.definition(one.procedure, one.version)
                self.states.add((one.procedure, one.state))
                open_now = explain(definition, one.state, law.situation(one))
                ways += [(one, way.step) for way in open_now if way.why_not is None]
            if not ways:
                return
            standing, step = chance.choice(ways)
            assert step.by is not None
            body = unit.runtime.roster.fills(step.by.name, docket.file.division)
            suggested = forms.suggestions(step, law.situation(standing))
        if body is not None:
            self._take(body.code, standing.key, step, suggested)

    def _take(self, account: str, key: int, step: Step, suggested: Any) -> None:
        """`Any`: facts."""
        try:
            with self.town.runtime.writing(self.town.hands.actor(account)) as unit:
                fields = examples(unit, step, suggested)
                papers = self.town.hands._papers(unit, step)
                take_step(
                    unit, StepTaken(key, step.name, fields, papers, opinion="同意。" if step.not_by else "")
                )
            self.lived["steps taken"] += 1
        except Fault as refused:
            self.lived[f"refused: {refused.code}"] += 1

    def _somebody_begins(self, chance: Random) -> None:
        procedure, opening = chance.choice(self._persons)
        account = chance.choice(
            (
                code_of("union", COUNTY),
                code_of("union", TOWN),
                code_of("party", TOWN),
                code_of("orgdept", COUNTY),
            )
        )
        try:
            self.town.hands.begin(account, procedure, opening, name=f"自发{self.lived['begun']}号")
            self.lived["begun"] += 1
        except Fault as refused:
            self.lived[f"refused: {refused.code}"] += 1
