"""A row of marks takes its length squared to compose: what is too long is refused before that, wherever words come in."""

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest

from services.access.passwords import hashed
from services.documents.store import clean_name
from services.intake.shapes import fit
from tests.builders import TOWN, Counter, assert_problem, registered
from workflows import forms, uscc
from workflows.definition import Field, Step
from workflows.errors import Fault
from workflows.roles import UNION_LOCAL
from workflows.words import Text

LOCAL = f"union.{TOWN}"
#: Composing them at once took thirteen seconds.
MARKS = "a" + "\u0301\u0316" * 40_000
LONGEST = 2000
WORD = Text("栏目", "field")
NOTE = Field("note", "text", WORD, "x", maximum=10)
FORM = Step(name="fill_in", sources=(), target="=", label=WORD, says=WORD, rule="试验", by=UNION_LOCAL, fields=(NOTE,))  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_long_is_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    compose = unicodedata.normalize

    def only_short(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        assert len(text) <= LONGEST, f"{len(text)} code points were composed"
        return compose(form, text)

    monkeypatch.setattr(unicodedata, "normalize", only_short)


@pytest.mark.parametrize(
    "read",
    [
        lambda: forms.check(FORM, {"note": MARKS}, today=forms.date(2026, 3, 2)),
        lambda: fit("registry.registered", registered(1, name=MARKS)["data"]),
        lambda: fit("registry.registered", registered(1, address=MARKS)["data"]),
        lambda: fit("registry.suspended", {"uscc": MARKS}),
        lambda: uscc.check(MARKS),
        lambda: hashed(MARKS, account="li.fang"),
    ],
)
def test_what_is_too_long_is_refused_before_it_is_composed(read: Callable[[], object]) -> None:
    with pytest.raises((Fault, uscc.UsccFault)):
        read()


def test_of_a_files_name_only_the_end_is_read() -> None:
    assert clean_name(f"{MARKS}/批复.pdf") == "批复.pdf"


def test_a_reason_that_is_too_long_is_refused_before_it_is_composed(counter: Counter) -> None:
    counter.town.enterprise()
    told = counter.post(LOCAL, "/api/v1/cases/1/names", json={"reason": MARKS})
    assert_problem(told, 400, "value_bad")
