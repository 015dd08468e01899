"""Whose sign-in ends while he types loses nothing that he typed; and nobody else's form is ever offered as his."""

import re
from html import unescape
from typing import Any

import pytest

from services.access.accounts import create_account
from services.actor import SERVICE
from tests.api.test_step_pages import Clerk, Forms
from tests.builders import PASSWORD, TOWN, Counter

LOCAL = f"union.{TOWN}"


@pytest.fixture
def clerk(counter: Counter) -> Clerk:
    return Clerk(counter, LOCAL)


def kept(page: str) -> dict[str, str]:
    """What the page would send again."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>(.*?)</textarea>', page, re.S)
    return {name: unescape(value) for name, value in found}


def test_a_step_typed_before_the_sign_in_ended_is_sent_again_as_it_was(clerk: Clerk) -> None:
    code = clerk.counter.town.enterprise()
    case = clerk.counter.case(LOCAL, code)["id"]
    page = clerk.browser.get(f"/cases/{case}").text
    (where,) = [path for path in Forms(page).found if path.endswith("/survey")]
    typed = Forms(page).found[where] | {
        "integer.headcount": "40",
        "integer.applicants": "3",
        "opinion": "上门<了解>\n第二行，说得很长很长很长很长很长很长",
    }
    parts = {name: (None, value) for name, value in typed.items()}
    address = where.partition("#")[0]
    clerk.browser.cookies.clear()
    lost = clerk.browser.post(address, files=parts)
    assert lost.status_code == 401 and "重新提交" in lost.text and "上门&lt;了解&gt;" in lost.text
    assert {name: text.replace("\r\n", "\n") for name, text in kept(lost.text).items()} == typed
    assert f'action="{address}" enctype="multipart/form-data"' in lost.text
    assert clerk.counter.proceeding(LOCAL, code, "lead")["state"] == "contacting"
    clerk.browser.post("/login", data={"account": f"page.{LOCAL}", "password": PASSWORD})
    again = clerk.browser.post(
        address, files={name: (None, value) for name, value in kept(lost.text).items()}
    )
    assert again.status_code == 303
    assert clerk.counter.proceeding(LOCAL, code, "lead")["state"] != "contacting"


def test_the_name_of_a_file_is_told_and_the_file_is_not_kept(clerk: Clerk) -> None:
    clerk.browser.cookies.clear()
    parts = {"opinion": (None, "同意"), "paper.x": ("申请.pdf", b"%PDF", "application/pdf")}
    lost = clerk.browser.post("/cases/1/proceedings/1/survey", files=parts)
    assert lost.status_code == 401 and "申请.pdf" in lost.text and "%PDF" not in lost.text
    assert kept(lost.text) == {"opinion": "同意"}


@pytest.mark.parametrize(
    ("path", "headers", "data"),
    [
        ("/work-items/1/claim", {"Origin": "https://elsewhere.example"}, {"view": "unit"}),
        ("/work-items/1/claim", {"Sec-Fetch-Site": "cross-site"}, {"view": "unit"}),
        ("/account/password", {}, {"password": "geheim-geheim", "new_password": "x"}),
        ("/work-items/views", {}, {"name": "字" * 600_000}),
    ],
)
def test_a_form_of_another_site_a_password_and_a_flood_are_not_kept(
    counter: Counter, path: str, headers: dict[str, str], data: dict[str, str]
) -> None:
    answer = counter.client.post(path, data=data, headers=headers)
    assert (
        answer.status_code in (303, 403, 413)
        and "重新提交" not in answer.text
        and "geheim" not in answer.text
    )


def test_the_page_speaks_english_and_what_it_keeps_cannot_break_out_of_it(counter: Counter) -> None:
    data: dict[str, Any] = {"name": '</textarea><script>alert(1)</script>"'}
    answer = counter.client.post("/work-items/views?lang=en", data=data)
    assert answer.status_code == 401 and "Send again" in answer.text and "<script>alert" not in answer.text
    assert kept(answer.text) == data


def test_who_is_signed_in_is_never_told_so(counter: Counter) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "clerk", LOCAL, PASSWORD)
    counter.client.post("/login", data={"account": "clerk", "password": PASSWORD})
    assert counter.client.post("/work-items/999/claim", data={"view": "unit"}).status_code == 404
