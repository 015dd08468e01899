"""The handbook's page is true: its two blocks alone add an institution that works over HTTP, from a file outside the house."""

import importlib.util
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.drawing import can_draw
from services.clock import SettableClock
from services.runtime import Runtime
from tests.api.test_step_pages import Clerk
from tests.builders import BEGAN, COUNTY, TOWN, Counter, Town, assert_problem, counter_of, found, registered
from workflows.definition import Definition
from workflows.diagrams import mermaid
from workflows.policies.book import Book
from workflows.policies.sheet import read_edition
from workflows.registry import law_book

PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "add-a-procedure.md"
OFFICE, SUPERIOR, LOCAL, PARTY = f"registry.{COUNTY}", f"union.{COUNTY}", f"union.{TOWN}", f"party.{TOWN}"
#: Twenty working days after Monday 2 March 2026, no holiday between.
DUE = "2026-03-30"


def block(language: str) -> str:
    """The page's one block in this language."""
    (found_there,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    return str(found_there)


def book(*more: str) -> Book:
    """The nation's edition with the page's numbers added, and whatever a place decided since."""
    national = files("workflows.policies").joinpath("national.toml").read_text("utf-8") + block("toml")
    return Book(read_edition(text, where=f"edition {n}") for n, text in enumerate((national, *more)))


@pytest.fixture
def welcome(tmp_path: Path) -> Definition:
    """The page's procedure, loaded from a file that lies outside the house."""
    path = tmp_path / "welcome_of_this_place.py"
    path.write_text(block("python"), "utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.WELCOME
    assert isinstance(made, Definition)
    return made


@pytest.fixture
def place(make_runtime: Callable[..., Runtime], welcome: Definition) -> Iterator[Callable[..., Counter]]:
    """Opens the counter of a town that has the procedure, under this book."""
    opened = []

    def open_counter(policies: Book) -> Counter:
        clock = SettableClock(BEGAN)
        runtime = make_runtime(clock=clock, law=law_book().with_procedures(welcome), policies=policies)
        found(runtime)
        opened.append(counter_of(Town(runtime, clock)))
        return opened[-1].__enter__()

    yield open_counter
    for counter in opened:
        counter.__exit__(None, None, None)


def arrived(counter: Counter) -> tuple[str, dict[str, Any]]:
    """An enterprise is registered by an event over HTTP; its code, and its welcome visit. `Any`: JSON."""
    said = registered()
    assert counter.send(OFFICE, said).json()["receipts"][0]["status"] == "accepted"
    counter.town.settle()
    code = said["data"]["uscc"]
    return code, counter.proceeding(SUPERIOR, code, "welcome")


def inbox(counter: Counter, account: str) -> list[dict[str, Any]]:
    """`Any`: JSON."""
    items: list[dict[str, Any]] = counter.get(account, "/api/v1/work-items").json()["items"]
    return [item for item in items if item["procedure"] == "welcome"]


def test_a_procedure_from_one_file_walks_from_event_to_settled(place: Callable[..., Counter]) -> None:
    counter = place(book())
    code, visit = arrived(counter)

    (item,) = inbox(counter, SUPERIOR)
    assert item["task"] == {"zh": "走访新设企业", "en": "Visit the new enterprise"}
    assert item["body"] == SUPERIOR and item["due_on"] == DUE
    assert inbox(counter, LOCAL) == [], "the work belongs to the superior union"
    assert visit["waiting_on"]["body"] == SUPERIOR and visit["waiting_on"]["why"]["zh"] == "还没有走访"

    forms = {step["step"]: step["fields"] for step in visit["allowed"]}
    assert set(forms) == {"record_visit", "waive"} and visit["refused"] == []
    form = forms["record_visit"]
    Draft202012Validator.check_schema(form)
    filled = {name: about["examples"][0] for name, about in form["properties"].items()}
    Draft202012Validator(form).validate(filled)
    assert form["required"] == ["visited_on", "needs"]
    assert form["properties"]["needs"]["title"] == "企业和职工的需求"

    future = {"visited_on": "2026-03-03", "needs": "培训"}
    told = assert_problem(counter.step(SUPERIOR, visit, "record_visit", fields=future), 400, "field_date")
    assert told["field"] == "fields.visited_on"
    assert "走访日期" in told["message"]["zh"] and "Visited on" in told["message"]["en"]
    assert_problem(
        counter.step(SUPERIOR, visit, "record_visit", fields={"visited_on": "2026-03-02"}),
        400,
        "field_missing",
    )
    assert_problem(counter.step(LOCAL, visit, "record_visit", fields=filled), 403, "step_not_yours")
    assert_problem(counter.step(PARTY, visit, "record_visit", fields=filled), 404, "not_found")

    counter.town.clock.advance(timedelta(days=3))
    filled["visited_on"] = "2026-03-04"
    answer = counter.step(SUPERIOR, visit, "record_visit", fields=filled, expected_revision=visit["revision"])
    assert answer.status_code == 200 and answer.json()["state"] == "visited"

    visit = counter.proceeding(SUPERIOR, code, "welcome")
    assert visit["settled"] and visit["waiting_on"] is None and visit["allowed"] == []
    (deadline,) = visit["deadlines"]
    assert deadline["state"] == "met" and deadline["due_on"] == DUE and deadline["derivation"]
    assert inbox(counter, SUPERIOR) == []
    case = counter.case(SUPERIOR, code)["id"]
    lines = counter.get(SUPERIOR, f"/api/v1/cases/{case}/history").json()["items"]
    mine = [line for line in lines if line["procedure"] == "welcome"]
    assert [line["step"] for line in mine] == ["opened", "record_visit"]
    assert mine[-1]["data"] == filled and mine[-1]["actor"] == SUPERIOR and mine[-1]["says"]["en"]


def test_a_term_that_runs_out_becomes_a_work_item_and_decides_nothing(place: Callable[..., Counter]) -> None:
    counter = place(book())
    code, _ = arrived(counter)
    counter.town.clock.advance(timedelta(days=28))  # Monday 30 March: the last day has not ended
    counter.town.settle()
    assert [item["reason"] for item in inbox(counter, SUPERIOR)] == ["due"]

    counter.town.clock.advance(timedelta(days=1))
    counter.town.settle()
    assert {item["reason"] for item in inbox(counter, SUPERIOR)} == {"due", "welcome_visit"}
    visit = counter.proceeding(SUPERIOR, code, "welcome")
    assert visit["state"] == "due" and visit["deadlines"][0]["state"] == "overdue"

    late = {"visited_on": "2026-03-31", "needs": "培训"}
    assert counter.step(SUPERIOR, visit, "record_visit", fields=late).status_code == 200
    assert inbox(counter, SUPERIOR) == []


def test_a_place_may_decide_otherwise_and_the_clerk_reads_why_not(place: Callable[..., Counter]) -> None:
    here = '[edition]\ndivision = "220204"\neffective = 2026-01-01\ntitle = "船营区（测试）"\n'
    rules = '[welcome.waiving]\nvalue = "never"\nsource = "test"\n[welcome.visit]\nvalue = "5 workday"\nsource = "test"\n'
    counter = place(book(here + rules))
    _, visit = arrived(counter)
    assert visit["deadlines"][0]["due_on"] == "2026-03-09"
    (refused,) = visit["refused"]
    assert refused["step"] == "waive" and "一律走访" in refused["why"]["zh"]
    answer = counter.step(SUPERIOR, visit, "waive", fields={"reason": "太忙"})
    assert assert_problem(answer, 422, "guard")["message"] == refused["why"]


def test_an_enterprise_that_ends_is_visited_no_more(place: Callable[..., Counter]) -> None:
    counter = place(book())
    code, _ = arrived(counter)
    gone = registered() | {
        "id": "gone",
        "type": "gongjian.registry.enterprise.deregistered.v1",
        "data": {"uscc": code},
    }
    counter.send(OFFICE, gone)
    counter.town.settle()
    assert counter.proceeding(SUPERIOR, code, "welcome")["state"] == "enterprise_gone"
    assert inbox(counter, SUPERIOR) == []


def test_it_is_drawn_and_found_like_any_other(welcome: Definition) -> None:
    law = law_book().with_procedures(welcome)
    assert law.current("welcome") is welcome
    assert "新设企业走访" in mermaid(welcome) and "免访" in mermaid(welcome)


def test_its_pages_are_there_and_work_without_a_word_of_it_in_the_house(
    place: Callable[..., Counter],
) -> None:
    """Inbox, filter, case, form, drawing, deadline with its reckoning: all from the declaration, in both languages."""
    counter = place(book())
    code, visit = arrived(counter)
    clerk = Clerk(counter, SUPERIOR)
    listed = clerk.browser.get("/work-items?procedure=welcome").text
    assert "走访新设企业" in listed and DUE in listed and "■ 剩20个工作日" in listed
    page = clerk.opens(code)
    assert "还没有走访" in page and "怎么算的" in page and "企业和职工的需求" in page
    if can_draw():
        drawn = clerk.browser.get(f"{clerk.path}/diagram/{visit['id']}")
        assert drawn.headers["content-type"].startswith("image/svg+xml") and "走访" in drawn.text
    assert "Visit the new enterprise" in clerk.browser.get("/work-items?procedure=welcome&lang=en").text
    page = clerk.browser.get(f"{clerk.path}?lang=zh").text
    refused = clerk.sends(page, "record_visit", **{"string.visited_on": "2026-03-03", "string.needs": "培训"})
    assert refused.status_code == 400 and "走访日期" in refused.text and "培训" in refused.text
    done = clerk.sends(page, "record_visit", **{"string.visited_on": "2026-03-02", "string.needs": "培训"})
    assert done.status_code == 303, done.text
    assert "已办理，现在的环节" in clerk.browser.get(done.headers["location"]).text
    assert "走访新设企业" not in clerk.browser.get("/work-items?procedure=welcome").text
