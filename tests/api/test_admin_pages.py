"""The administrators' pages do what the commands do, each by its own right, below its own division, and written down alike."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import Deadline, WorkItem
from services.db.models.directory import Account, Body, SigningKey, Token
from services.db.models.paper import CalendarYear
from services.db.queries import offices
from services.directory.bodies import create_body
from tests.api.test_step_pages import Forms
from tests.builders import COUNTY, OTHER_COUNTY, PASSWORD, TOWN, Counter
from tests.services.test_calendar_import import SHIPPED, WEEK_OFF, YEAR_2027
from workflows.policies.book import published
from workflows.policies.labels import GROUPS, LABELS, WORDS, value_text

LOCAL, OFFICE = f"union.{TOWN}", f"registry.{COUNTY}"
ELSEWHERE = f"union.{OTHER_COUNTY}"
KEY = re.compile(r'class="key">([^<]+)<')


def signed_in(counter: Counter, body: str) -> Any:
    """A browser with the session of the body's clerk. `Any`: a test client."""
    name = f"page.{body}"
    with counter.town.runtime.writing(SERVICE) as unit:
        if unit.db.scalar(select(Account.id).where(Account.name == name)) is None:
            create_account(unit, name, body, PASSWORD)
    counter.client.cookies.clear()
    assert counter.client.post("/login", data={"account": name, "password": PASSWORD}).status_code == 303
    return counter.client


def nations(counter: Counter) -> Any:
    """A browser of the nation's administrator. `Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_body(unit, "admin", "000000", "系统管理")
    return signed_in(counter, "admin.000000")


def deeds(counter: Counter, what: str) -> list[tuple[str, str, str]]:
    """Who did it, to what, from where."""
    with counter.town.runtime.reading(SERVICE) as unit:
        found = select(Journal.actor, Journal.about, Journal.address).where(Journal.what == what)
        return [tuple(row) for row in unit.db.execute(found.order_by(Journal.id))]


def state(counter: Counter, name: str) -> Any:
    """The account's row. `Any`: a row."""
    with counter.town.runtime.reading(SERVICE) as unit:
        return unit.db.execute(select(*Account.__table__.c).where(Account.name == name)).one()


# -- bodies ----------------------------------------------------------------------------------------------


def test_an_administrator_founds_a_body_once_and_in_the_journal(counter: Counter) -> None:
    browser = signed_in(counter, f"admin.{COUNTY}")
    page = browser.get("/admin/bodies").text
    assert f"{LOCAL}（测试）" in page and "乡镇街道党委" in page and ELSEWHERE not in page
    said = {"kind": "party", "division": COUNTY, "name": "某区委"}
    made = browser.post("/admin/bodies", data=said)
    assert made.status_code == 303 and made.headers["location"] == f"/admin/bodies?made=party.{COUNTY}"
    assert "✓ 已新建：某区委" in browser.get(made.headers["location"]).text
    assert deeds(counter, "body.create")[-1] == (f"page.admin.{COUNTY}", f"body party.{COUNTY}", "testclient")
    again = browser.post("/admin/bodies", data=said)
    assert again.status_code == 409 and "没有办成" in again.text
    assert 'id="name" name="name" value="某区委"' in again.text, "nothing typed is lost"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "embassy"}, "kind"),
        ({"division": "999999"}, "division"),
        ({"division": ""}, "division"),
        ({"name": " "}, "name"),
        ({"name": "a\u202eb"}, "name"),
    ],
)
def test_what_is_wrong_with_a_new_body_is_told_at_its_field(
    counter: Counter, said: dict[str, str], field: str
) -> None:
    browser = signed_in(counter, f"admin.{COUNTY}")
    right = {"kind": "party", "division": COUNTY, "name": "某区委"}
    answer = browser.post("/admin/bodies", data=right | said)
    assert answer.status_code == 400
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true" aria-describedby="why"', answer.text)


@pytest.mark.parametrize("division", ["漏Ж7341", "2202", "220204x", "\u200b220204"])
def test_bodies_of_a_division_that_can_be_none(counter: Counter, division: str) -> None:
    answer = signed_in(counter, f"admin.{COUNTY}").get("/admin/bodies", params={"division": division})
    assert answer.status_code == 400 and "6位、9位或12位" in answer.text


def test_outside_his_division_nobody_founds_anything(counter: Counter) -> None:
    browser = signed_in(counter, f"admin.{COUNTY}")
    for division in (OTHER_COUNTY, "220200", "000000"):
        said = {"kind": "admin", "division": division, "name": "某"}
        assert browser.post("/admin/bodies", data=said).status_code == 403, division
    with counter.town.runtime.reading(SERVICE) as unit:
        refused = unit.db.scalars(select(Journal.what).where(Journal.result == "refused")).all()
    assert refused == ["bodies.manage"] * 3
    assert ELSEWHERE not in browser.get(f"/admin/bodies?division={OTHER_COUNTY}").text


# -- accounts --------------------------------------------------------------------------------------------


def test_a_new_accounts_password_is_shown_once_and_opens_only_the_choice_of_another(counter: Counter) -> None:
    browser = signed_in(counter, f"security.{COUNTY}")
    made = browser.post("/admin/accounts", data={"name": "li.fang", "body": LOCAL})
    assert made.status_code == 200
    (password,) = KEY.findall(made.text)
    assert password not in browser.get("/admin/accounts").text and "临时密码，须更换" in made.text
    assert deeds(counter, "account.create")[-1][:2] == (f"page.security.{COUNTY}", "account li.fang")
    assert made.headers["cache-control"] == "no-store"
    browser.cookies.clear()
    answer = browser.post("/login", data={"account": "li.fang", "password": password})
    assert answer.headers["location"] == "/login/next"
    assert "new_password" in browser.get("/login/next").text


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({"name": "李芳"}, 400, "name"),
        ({"name": LOCAL}, 409, "name"),
        ({"body": "union.999999"}, 404, "body"),
        ({"body": ""}, 404, "body"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_told_at_its_field(
    counter: Counter, said: dict[str, str], status: int, field: str
) -> None:
    browser = signed_in(counter, f"security.{COUNTY}")
    answer = browser.post("/admin/accounts", data={"name": "li.fang", "body": LOCAL} | said)
    assert answer.status_code == status and not KEY.findall(answer.text)
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', answer.text)


def test_an_account_is_signed_out_given_a_password_and_closed(counter: Counter) -> None:
    town = counter.town
    town.enterprise()
    item = counter.get(LOCAL, "/api/v1/work-items").json()["items"][0]["id"]
    assert counter.post(LOCAL, f"/api/v1/work-items/{item}/claim").status_code == 200
    browser = signed_in(counter, f"security.{COUNTY}")
    page = browser.get("/admin/accounts").text
    offered = {path.rpartition("/")[2] for path in Forms(page).found if f"/{LOCAL}/" in path}
    assert offered == {"password", "sign-out", "disable"} and "现有登录 1 处" in page
    assert browser.post(f"/admin/accounts/{LOCAL}/sign-out").status_code == 303
    assert counter.get(LOCAL, "/api/v1/cases").status_code == 401
    issued = browser.post(f"/admin/accounts/{LOCAL}/password")
    assert KEY.findall(issued.text) and state(counter, LOCAL).password_until is not None
    assert browser.post(f"/admin/accounts/{LOCAL}/authenticator").status_code == 303
    assert browser.post(f"/admin/accounts/{LOCAL}/disable").status_code == 303
    assert state(counter, LOCAL).disabled_at is not None
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(WorkItem.assignee_id)).all() == [None]
        assert unit.db.scalar(select(func.count()).where(Token.account_id == state(counter, LOCAL).id)) == 0
    page = browser.get("/admin/accounts").text
    assert "○ 已停用" in page and not [path for path in Forms(page).found if f"/{LOCAL}/" in path]
    assert browser.post(f"/admin/accounts/{LOCAL}/password").status_code == 404
    for what in (
        "account.sign_out",
        "account.password_reset",
        "account.second_factor_off",
        "account.disable",
    ):
        assert deeds(counter, what) == [(f"page.security.{COUNTY}", f"account {LOCAL}", "testclient")], what


def test_accounts_elsewhere_are_neither_shown_nor_touched(counter: Counter) -> None:
    browser = signed_in(counter, f"security.{COUNTY}")
    assert ELSEWHERE not in browser.get("/admin/accounts").text
    assert "这里没有账号" in browser.get(f"/admin/accounts?body={ELSEWHERE}").text
    for act in ("password", "sign-out", "authenticator", "disable"):
        assert browser.post(f"/admin/accounts/{ELSEWHERE}/{act}").status_code == 404, act
    assert browser.post("/admin/accounts", data={"name": "li.fang", "body": ELSEWHERE}).status_code == 403
    assert state(counter, ELSEWHERE).disabled_at is None


def test_every_account_and_body_is_reached_by_pages(counter: Counter) -> None:
    security = counter.town.hands.actor(f"security.{COUNTY}")
    with counter.town.runtime.reading(security) as unit:
        for query, key, model in (
            (offices.accounts, "name", Account.name),
            (offices.bodies, "code", Body.code),
        ):
            found: list[str] = []
            cursor = None
            while cursor is not None or not found:
                page = query(unit, "", cursor, 3)
                found += [one[key] for one in page["items"]]
                cursor = page["next"]
            every = unit.db.scalars(select(model).where(model.like(f"%.{COUNTY}%")).order_by(model)).all()
            assert found == list(every) and len(found) > 6


# -- keys ------------------------------------------------------------------------------------------------


def test_an_offices_key_is_added_its_secret_shown_once_and_it_is_retired(counter: Counter) -> None:
    browser = signed_in(counter, f"security.{COUNTY}")
    page = browser.get("/admin/keys").text
    assert f"/admin/keys/{OFFICE}" in page and f"registry.{OTHER_COUNTY}" not in page
    assert "没有密钥" in browser.get(f"/admin/keys/{OFFICE}").text
    added = browser.post(f"/admin/keys/{OFFICE}", data={"public": ""})
    (secret,) = KEY.findall(added.text)
    assert secret.startswith("whsec_") and secret not in browser.get(f"/admin/keys/{OFFICE}").text
    bad = browser.post(f"/admin/keys/{OFFICE}", data={"public": "whpk_x"})
    assert bad.status_code == 400 and 'value="whpk_x"' in bad.text
    assert browser.post(f"/admin/keys/{OFFICE}", data={"public": ""}).status_code == 200
    assert f'action="/admin/keys/{OFFICE}"' not in browser.get(f"/admin/keys/{OFFICE}").text, "two at most"
    assert browser.post(f"/admin/keys/{OFFICE}", data={"public": ""}).status_code == 409
    with counter.town.runtime.reading(SERVICE) as unit:
        keys = unit.db.scalars(select(SigningKey.id)).all()
    for key in keys:
        assert browser.post(f"/admin/keys/{OFFICE}/{key}/retire").status_code == 303
    assert "一律不收" in browser.get(f"/admin/keys/{OFFICE}").text
    assert len(deeds(counter, "key.add")) == len(deeds(counter, "key.retire")) == 2
    for office, status in ((f"registry.{OTHER_COUNTY}", 403), ("registry.999999", 404), (LOCAL, 400)):
        assert browser.get(f"/admin/keys/{office}").status_code == status, office


# -- calendars -------------------------------------------------------------------------------------------


def test_a_year_is_imported_and_open_deadlines_move(counter: Counter) -> None:
    counter.town.enterprise()
    browser = nations(counter)
    page = browser.get("/admin/calendars").text
    assert "随系统附带" in page and "国办发明电〔2025〕7号" in page and "还没有2027年" in page
    brought = browser.post("/admin/calendars", files={"sheet": ("cn-2026.toml", WEEK_OFF.encode())})
    assert brought.status_code == 200 and "重算1个在办期限，1个有变动" in brought.text
    assert "导入于" in brought.text
    with counter.town.runtime.reading(SERVICE) as unit:
        (due,) = unit.db.scalars(select(Deadline.due_on))
    assert due.isoformat() == "2026-03-23"
    assert "临时放假" in browser.get("/admin/calendars/2026").text
    assert deeds(counter, "calendar.import") == [("page.admin.000000", "calendar 2026", "testclient")]
    provisional = YEAR_2027.replace("year = 2027", "year = 2027\nprovisional = true")
    later = browser.post("/admin/calendars", files={"sheet": ("x", b"\xef\xbb\xbf" + provisional.encode())})
    assert "▲ 暂定" in later.text and "还没有2027年" not in later.text


def test_deadlines_that_wait_for_a_year_are_counted(counter: Counter) -> None:
    counter.town.enterprise()
    with counter.town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Deadline).values(due_on=None, fire_at=None))
    page = signed_in(counter, f"admin.{COUNTY}").get("/admin/calendars")
    assert "在办期限中有1个在等" in page.text
    assert 'type="file"' not in page.text and "由全国的系统管理员导入" in page.text


@pytest.mark.parametrize(
    "brought",
    [
        {"files": {"sheet": ("a.toml", b"")}},
        {"files": {"sheet": ("a.toml", b"year =")}},
        {"files": {"sheet": ("a.toml", "中文".encode("gb18030"))}},
        {"files": {"sheet": ("a.toml", SHIPPED.replace("source", "sauce").encode())}},
        {"files": {"sheet": (None, "year = 2027")}},
    ],
    ids=["empty", "no TOML", "not UTF-8", "no source", "text and no file"],
)
def test_a_file_that_is_no_calendar_says_so_and_changes_nothing(counter: Counter, brought: Any) -> None:
    answer = nations(counter).post("/admin/calendars", **brought)
    assert answer.status_code == 400 and "没有办成" in answer.text and 'aria-invalid="true"' in answer.text
    with counter.town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(CalendarYear)) == 0


def test_a_year_that_is_not_there_and_an_import_that_is_not_his(counter: Counter) -> None:
    browser = signed_in(counter, f"admin.{COUNTY}")
    for year in ("1999", "x", "20260", "２０２６"):
        assert browser.get(f"/admin/calendars/{year}").status_code == 404, year
    files = {"sheet": ("cn-2026.toml", WEEK_OFF.encode())}
    assert browser.post("/admin/calendars", files=files).status_code == 403


# -- policies --------------------------------------------------------------------------------------------


def test_everybody_reads_what_holds_at_a_place_and_where_it_comes_from(counter: Counter) -> None:
    for body in (LOCAL, f"admin.{COUNTY}", f"auditor.{COUNTY}", OFFICE):
        page = signed_in(counter, body).get("/admin/policies")
        assert page.status_code == 200 and ("船营区" in page.text or "越北镇" in page.text)
    here = counter.client.get("/admin/policies?division=410000&on=2026-03-02").text
    assert "■ 河南省 410000" in here and "K8第6条：新建单位开业一年内建立工会" in here and "1年" in here
    assert "1 year" in counter.client.get("/admin/policies?division=410000&lang=en").text
    assert "■" not in counter.client.get("/admin/policies?division=000000&lang=zh").text
    for asked in ("division=999999", "division=x", "on=1990-01-01", "on=2026-02-30", "on=tomorrow"):
        answer = counter.client.get(f"/admin/policies?{asked}")
        assert answer.status_code == 400 and 'role="alert"' in answer.text, asked


def test_every_key_and_every_word_of_the_law_book_has_a_name_for_people() -> None:
    book = published()
    national = book.policy("000000", book.first)
    keys = {one.key for one in national.all()}
    assert keys == set(LABELS) and {key.partition(".")[0] for key in keys} == set(GROUPS)
    raw = re.compile(r"[a-z]+_[a-z]+|^[a-z]+$|workday")
    for one in national.all():
        words = (
            [one.value] if isinstance(one.value, str) else one.value if isinstance(one.value, tuple) else ()
        )
        for word in (*words, *(one.choices or ())):
            assert word in WORDS or not raw.search(value_text(word).zh), (one.key, word)
        assert not raw.search(value_text(one.value).zh), one.key


# -- whose they are --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "opened"),
    [
        ("admin", {"/admin/bodies", "/admin/calendars"}),
        ("security", {"/admin/accounts", "/admin/keys"}),
        ("auditor", {"/journal"}),
        ("union", set()),
    ],
)
def test_each_administrator_is_led_to_his_own_pages_and_no_other_is_open_to_him(
    counter: Counter, kind: str, opened: set[str]
) -> None:
    browser = signed_in(counter, f"{kind}.{COUNTY}")
    home = browser.get("/").text
    every = {"/admin/bodies", "/admin/calendars", "/admin/accounts", "/admin/keys", "/journal"}
    for href in every:
        assert (f'href="{href}"' in home) == (href in opened), href
        assert browser.get(href).status_code == (200 if href in opened else 403), href
    assert 'href="/admin/policies"' in home and 'href="/help"' in home
