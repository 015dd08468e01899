"""A paper that crosses from one compartment to the other holds the whitelist of a cross-notice and nothing else, whatever the file
holds (CONDUCT 5.2-1, 5.3): by thousands of made-up files, every word on the sheet is the form's own or the whitelist's."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from services.actor import SERVICE
from services.db.models.casework import Case, Proceeding
from services.documents.drafts import begin_draft, found, preview
from services.documents.filling import fill, words_of
from services.documents.house_templates import house_template
from services.documents.matters import matter_of, subject_of
from services.notices.payload import WHITELIST, payload
from services.runtime import Unit
from tests.builders import COUNTY, TOWN, Town
from tests.papers import LOCAL, lies, ready, with_marks
from workflows.casefile import CaseFile
from workflows.events import Scalar
from workflows.papers.forms import FORMS
from workflows.papers.model import Form, Matter

CROSSING = [one for one in FORMS.values() if one.whitelisted]
WRITERS = {"circular": (LOCAL, f"party.{TOWN}", f"minying.{COUNTY}"), "pre_notice": (f"investment.{TOWN}",)}
#: A word that no template, name or place holds.
SECRETS = st.text("甲乙丙丁戊己庚辛", min_size=4, max_size=8).map(lambda word: f"密{word}密")
FACTS = st.dictionaries(
    st.sampled_from(
        [
            "headcount",
            "applicants",
            "women_workers",
            "full_members",
            "note",
            "reason",
            "reply",
            "source",
            "letter",
        ]
    ),
    st.one_of(SECRETS, st.integers(70_000, 79_999)),
    min_size=1,
)
KNOWN = {
    "union_form": ["none", "union", "joint"],
    "party_form": ["none", "liaison", "branch", "general_branch"],
}


def test_only_the_two_notices_cross_and_nothing_is_typed_on_them() -> None:
    assert {one.name for one in CROSSING} == {"circular", "pre_notice"}
    for form in CROSSING:
        assert {one.kind for one in form.fields} <= {"choice"}, "what is typed could be anything"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=FACTS,
    union=st.sampled_from(KNOWN["union_form"]),
    party=st.sampled_from(KNOWN["party_form"]),
    condition=st.sampled_from([True, False, None]),
    form=st.sampled_from(CROSSING),
)
def test_whatever_the_drawers_hold_the_sheet_shows_the_whitelist_alone(
    facts: dict[str, Scalar], union: str, party: str, condition: bool | None, form: Form
) -> None:
    file = CaseFile(
        TOWN, {**facts, "union_form": union, "party_form": party, "party_condition": condition}, []
    )
    row = {"id": 9, "uscc": "91220204MA00000151", "name": "某厂"}
    told = payload(row, file, date(2026, 3, 2))
    assert set(told) == set(WHITELIST)
    matter = Matter("某事", told, "某工会", "某党委", date(2026, 3, 2))
    settled = form.drafts(matter)
    values = {name: str(settled.get(name) or "") for name in form.blanks}
    words = "\n".join(words_of(fill(form, house_template(form.name), values)))
    for secret in facts.values():
        assert str(secret) not in words
    assert "branch" not in words and "总支" not in words, "which Party form it is stays on the Party side"


@pytest.mark.parametrize(
    ("form", "writer"), [(form, who) for form, people in WRITERS.items() for who in people]
)
def test_a_writer_who_could_see_more_puts_no_more_on_the_sheet(town: Town, form: str, writer: str) -> None:
    """Every fact of every drawer is a word that stands nowhere else; the sheet, as it would be issued, holds none of them."""
    code, case, _ = ready(with_marks(town))
    marks = {
        name: f"密{name}密" for name in ("headcount", "applicants", "note", "source", "chair", "full_members")
    }
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Proceeding).where(Proceeding.case_id == case).values(data=marks))
        facts = dict(unit.db.scalar(select(Case.facts).where(Case.id == case)) or {})
        unit.db.execute(update(Case).where(Case.id == case).values(facts=facts | marks))
    choice = {one.name: one.choices[0].value for one in FORMS[form].fields}
    with town.runtime.writing(town.hands.actor(writer)) as unit:
        assert _nothing_of_its_own(unit, FORMS[form], case)
        key = begin_draft(unit, case, form, choice)
    with town.runtime.reading(town.hands.actor(writer)) as unit:
        words = "\n".join(preview(unit, found(unit, key)))
    assert not re.search(r"密[a-z_]+密", words), words
    assert code in words and lies(town, code, "lead")[0] == case


def _nothing_of_its_own(unit: Unit, form: Form, case: int) -> bool:
    """Is the drafter given neither facts nor papers?"""
    matter = matter_of(unit, form, subject_of(unit, form, case, None, ""))
    return not matter.facts and not matter.earlier and set(matter.case) == set(WHITELIST)
