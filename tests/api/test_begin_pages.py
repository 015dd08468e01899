"""What people begin themselves, on a page: every opening with its form, and nothing typed is lost."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.actor import SERVICE
from services.db.models.casework import Case
from tests.api.test_step_pages import Clerk, Forms
from tests.builders import COUNTY, TOWN, Counter
from tests.services.test_documents import PDF


@pytest.fixture
def clerk(counter: Counter) -> Clerk:
    return Clerk(counter, f"union.{TOWN}")


def test_what_one_may_begin_stands_there_with_its_form_and_is_begun_once(clerk: Clerk) -> None:
    page = clerk.browser.get("/begin").text
    forms = Forms(page).found
    where = "/begin/joint_union/propose"
    typed = forms[where] | {"string.name": "越北镇联合工会", "string.area_kind": "industry"}
    parts: dict[str, Any] = {name: (None, value) for name, value in typed.items() if "paper." not in name}
    lacking = clerk.browser.post(where, files=parts)
    assert lacking.status_code == 422 and "还缺材料" in lacking.text and "越北镇联合工会" in lacking.text
    parts |= {"paper.joint_union_proposal": ("请示.pdf", PDF, "application/pdf")}
    done = clerk.browser.post(where, files=parts)
    assert done.status_code == 303, done.text
    assert "越北镇联合工会" in clerk.browser.get(done.headers["location"]).text
    again = clerk.browser.post(where, files=parts)
    assert again.headers["location"] == done.headers["location"]
    with clerk.counter.town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(Case)) == 1


def test_what_is_refused_keeps_what_was_typed_beside_the_reason(clerk: Clerk) -> None:
    where = "/begin/joint_union/propose"
    refused = clerk.browser.post(where, files={"string.name": (None, ""), "opinion": (None, "先问问")})
    assert refused.status_code == 400 and "没有办成" in refused.text and "先问问" in refused.text
    assert '<details class="step" id="o-joint_union-propose" open>' in refused.text
    nothing = clerk.browser.post("/begin/joint_union/none", files={"opinion": (None, "x")})
    assert nothing.status_code in (400, 404)


def test_who_may_begin_nothing_has_no_such_page(counter: Counter) -> None:
    auditor = Clerk(counter, f"auditor.{COUNTY}")
    assert auditor.browser.get("/begin").status_code == 403
    assert "/begin" not in auditor.browser.get("/").text
