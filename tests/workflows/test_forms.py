"""A step's form: its schema, its examples, and the check of what came back agree, and nothing is bent to fit."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from tests.workflows.lives import FILES, MONDAY, TOWN, TOWNS, examples, national_policy, step_of
from workflows import forms
from workflows.definition import Choice, Definition, Facts, Field, Situation, Step
from workflows.errors import Fault
from workflows.plain import is_plain
from workflows.registry import law_book
from workflows.roles import UNION_LOCAL
from workflows.words import Text

STEPS = [(law, step) for law in law_book().definitions for step in law.steps if step.by]
FIELDS = sorted({field for _, step in STEPS for field in step.fields}, key=repr)
WORD = Text("栏目", "field")
#: One field of each kind, with limits that a test can step over.
EACH = {
    "count": Field("count", "integer", WORD, 3, minimum=1, maximum=100),
    "note": Field("note", "text", WORD, "x", maximum=10),
    "day": Field("day", "date", WORD, 0, minimum=-30, maximum=0),
    "sure": Field("sure", "yes_no", WORD, True),
    "pick": Field("pick", "choice", WORD, "a", choices=(Choice("a", WORD), Choice("b", WORD))),
    "place": Field("place", "town", WORD, None),
}


def named(one: object) -> str | None:
    return one.name if isinstance(one, Definition | Step | Field) else None


def form(*fields: Field) -> Step:
    return Step(
        name="fill_in",
        sources=(),
        target="=",
        label=WORD,
        says=WORD,
        rule="试验",
        by=UNION_LOCAL,
        fields=fields,
    )


def check(field: Field, value: object) -> object:
    return forms.check(form(field), {field.name: value}, today=MONDAY, towns=TOWNS, files=FILES)[field.name]


@cache
def validator(field: Field) -> Draft202012Validator:
    schema = forms.schema(form(field), today=MONDAY, towns=TOWNS, files=FILES)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize(("law", "step"), STEPS, ids=named)
def test_every_form_is_a_schema_whose_own_examples_pass_both_schema_and_check(
    law: Definition, step: Step
) -> None:
    schema: Any = forms.schema(step, today=MONDAY, towns=TOWNS, files=FILES)
    assert validator_for(schema) is Draft202012Validator
    Draft202012Validator.check_schema(schema)
    filled = examples(step)
    assert set(filled) == {field.name for field in step.fields}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(filled)
    assert forms.check(step, filled, today=MONDAY, towns=TOWNS, files=FILES) == filled
    for about in schema["properties"].values():
        assert about["title"] and about["x-title-en"] and about["examples"]


@pytest.mark.parametrize(("law", "step"), STEPS, ids=named)
def test_examples_fit_on_any_day(law: Definition, step: Step) -> None:
    for day in (
        MONDAY.replace(month=1, day=1),
        MONDAY.replace(month=12, day=31),
        MONDAY.replace(year=2024, month=2, day=29),
    ):
        given = examples(step, day)
        assert set(forms.check(step, given, today=day, towns=TOWNS, files=FILES)) == {
            name for name, value in given.items() if value is not None
        }


#: What may be on file when a form makes its examples out of it.
ON_FILE: tuple[Facts, ...] = (
    {},
    *(
        {"headcount": many, "applicants": many, "union_members": many, "women_members": many, "women_workers": many}
        | {"migrant_members": many, "full_members": many, "probationary_members": many}
        for many in (0, 1, 12, 25, 60, 1200)
    ),
    {"union_members": 12, "headcount": 5, "party_form": "general_branch", "union_form": "union", "term_years": 5},
    {"extension_months": 5},
    {"extension_months": 12},
)  # fmt: skip


@pytest.mark.parametrize(
    "step", [pytest.param(step, id=f"{law.name}.{step.name}") for law, step in STEPS if step.suggests]
)
@pytest.mark.parametrize("facts", ON_FILE, ids=range(len(ON_FILE)))
def test_every_suggestion_fits_its_own_field(step: Step, facts: Facts) -> None:
    suggested = forms.suggestions(step, Situation(facts, national_policy(), MONDAY))
    filled = examples(step, suggested=suggested)
    assert suggested.items() <= filled.items()
    assert forms.check(step, filled, today=MONDAY, towns=TOWNS, files=FILES) == filled


def test_every_step_that_makes_examples_makes_some() -> None:
    for law, step in STEPS:
        if step.suggests is not None:
            made = [forms.suggestions(step, Situation(one, national_policy(), MONDAY)) for one in ON_FILE]
            assert any(made), (law.name, step.name)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("count", False, "field_type"),  # false is not zero
        ("count", True, "field_type"),
        ("count", "3", "field_type"),
        ("count", 3.0, "field_type"),
        ("count", float("nan"), "field_type"),
        ("count", float("inf"), "field_type"),
        ("count", [3], "field_type"),
        ("count", {"value": 3}, "field_type"),
        ("count", 0, "field_range"),
        ("count", 101, "field_range"),
        ("count", -1, "field_range"),
        ("count", 10**400, "field_range"),
        ("sure", 1, "field_type"),
        ("sure", "true", "field_type"),
        ("pick", "c", "field_choice"),
        ("pick", "A", "field_choice"),
        ("pick", 1, "field_type"),
        ("pick", ["a"], "field_type"),
        ("place", "220204999", "field_choice"),
        ("place", 220204102, "field_type"),
        ("day", 20260302, "field_type"),
        ("day", "20260302", "field_type"),
        ("day", "2026-3-2", "field_type"),
        ("day", "2026-W10-1", "field_type"),  # a Monday too, but not as we write it
        ("day", "2026-02-30", "field_type"),
        ("day", "2026-03-02T00:00", "field_type"),
        ("day", "二〇二六年三月二日", "field_type"),
        ("day", "2026-03-03", "field_date"),
        ("day", "2026-01-30", "field_date"),
        ("day", "2099-01-01", "field_date"),
        ("note", 5, "field_type"),
        ("note", "x" * 11, "field_length"),
        ("note", "越" * 11, "field_length"),
        ("note", "a\x00b", "field_text"),
        ("note", "a\x1b[31m", "field_text"),
        ("note", "a\u202eb", "field_text"),  # turns the line around
        ("note", "a\u200bb", "field_text"),
        ("note", "a\ud800", "field_text"),
        *((name, empty, "field_missing") for name in EACH for empty in (None, "", "  ", "\u3000\n")),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_never_bent(name: str, value: object, code: str) -> None:
    with pytest.raises(Fault) as fault:
        check(EACH[name], value)
    assert (fault.value.code, fault.value.field) == (code, name)
    assert "栏目" in fault.value.text.zh and "field" in fault.value.text.en


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 1),
        ("count", 100),
        ("day", "2026-03-02"),
        ("day", "2026-01-31"),
        ("place", TOWN),
        ("sure", False),
        ("note", "越" * 10),
        ("note", "两行\n说明"),
        ("note", " x "),
    ],
)
def test_what_stands_at_the_edge_is_inside(name: str, value: object) -> None:
    assert check(EACH[name], value) == value


def test_letters_composed_of_two_marks_are_kept_as_one() -> None:
    assert check(EACH["note"], "e\u0301") == "\u00e9"


def test_a_field_nobody_asked_for_is_named_and_refused() -> None:
    with pytest.raises(Fault) as fault:
        forms.check(form(EACH["count"]), {"count": 3, "chair": "厂长"}, today=MONDAY)
    assert (fault.value.code, fault.value.field) == ("field_unknown", "chair")


def test_an_unknown_field_whose_name_cannot_be_written_is_refused_with_one_that_can() -> None:
    with pytest.raises(Fault) as fault:
        forms.check(form(), {"\ud800\x00" + "x" * 100: 3}, today=MONDAY)
    assert fault.value.field == "?"
    assert fault.value.text.zh.encode()


def test_every_missing_field_is_asked_for_in_the_order_of_the_form() -> None:
    step = step_of("union", "record_election")
    for field in (one for one in step.fields if one.required):
        left_out = {name: value for name, value in examples(step).items() if name != field.name}
        with pytest.raises(Fault) as fault:
            forms.check(step, left_out, today=MONDAY)
        assert (fault.value.code, fault.value.field) == ("field_missing", field.name)


def test_a_town_is_asked_for_only_where_there_are_towns_to_choose_from() -> None:
    take_up = step_of("lead", "take_up")
    assert forms.schema(take_up, today=MONDAY)["properties"] == {}
    assert forms.check(take_up, {}, today=MONDAY) == {}
    with pytest.raises(Fault):
        forms.check(take_up, {"town": TOWN}, today=MONDAY)


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 1_000_002),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "a", "other", "committee", "owner_unwilling", TOWN, "2026-03-02", "2026-W10-1", "x" * 501]
    ),
    st.dates(MONDAY - timedelta(days=4000), MONDAY + timedelta(days=10)).map(str),
    st.lists(st.integers(), max_size=1),
)


def only_the_check_knows(field: Field, value: object) -> bool:
    """What JSON Schema has no word for: 3.0 is an integer there, a window of dates is not, nor are control characters."""
    if isinstance(value, float):
        return True
    if field.kind == "date" and isinstance(value, str):
        low, high = (MONDAY + timedelta(days=days) for days in (field.minimum, field.maximum))
        return not str(low) <= value <= str(high)
    return isinstance(value, str) and not is_plain(value)


@settings(max_examples=400, deadline=None)
@given(field=st.sampled_from([*FIELDS, *EACH.values()]), value=ANYTHING)
def test_schema_and_check_accept_the_same(field: Field, value: object) -> None:
    fits = validator(field).is_valid({field.name: value})
    try:
        check(field, value)
        accepted = True
    except Fault:
        accepted = False
    except KeyError:  # an optional field left empty says nothing
        assert not field.required
        return
    if not only_the_check_knows(field, value):
        assert accepted == fits, (field.name, value)
    assert fits or not accepted
