"""A registration clerk brings a list on the page: every row is shown with its verdict before anything is taken in, what is confirmed
is taken in once, and nobody else's office sees any of it."""

import re
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import ByteSize
from sqlalchemy import func, select, update

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.db.models.uploads import Upload, UploadRow
from services.directory.bodies import create_body
from services.housekeeping import tidy
from services.intake import uploads
from services.intake.lists import import_list
from services.intake.uploads import confirm, keep
from services.runtime import Runtime
from tests.builders import COUNTY, OTHER_COUNTY, PASSWORD, TOWN, Counter, Town, uscc
from tests.services.test_hostile_lists import bomb, book
from tests.services.test_lists import HEADER, REAL

OFFICE, OTHER_OFFICE, AUDITOR = f"registry.{COUNTY}", f"registry.{OTHER_COUNTY}", f"auditor.{COUNTY}"
WHERE = "吉林市船营区越北镇1号"


def row(
    number: int, name: str = "", *, county: str = COUNTY, day: str = "2026-02-27", at: str = WHERE
) -> str:
    return f"{name or f'名单{number}号公司'},{uscc(number, county)},{day},有限责任公司,张三丰,200(万),批发,吉林,吉林,{at}"


def text_of(*rows: str) -> bytes:
    return ("\n".join((HEADER, *rows)) + "\n").encode()


class Browser:
    """Somebody of a body before the intake page, without script."""

    def __init__(self, counter: Counter, body: str, name: str = "") -> None:
        self.counter, self.web = counter, counter.client
        self.name = name or f"lists.{body}"
        with counter.town.runtime.writing(SERVICE) as unit:
            create_account(unit, self.name, body, PASSWORD)
        self.sign_in()

    def sign_in(self) -> None:
        self.web.cookies.clear()
        answer = self.web.post("/login", data={"account": self.name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text

    def brings(self, content: bytes, name: str = "名单.csv", lang: str = "zh") -> Response:
        return self.web.post(f"/lists?lang={lang}", files={"file": (name, content, "text/csv")})

    def english(self, path: str) -> str:
        """The page in English; the next one is in Chinese again."""
        told = self.web.get(path, params={"lang": "en"}).text
        self.web.get("/account", params={"lang": "zh"})
        return told

    def keeps(self, content: bytes, name: str = "名单.csv") -> str:
        """Where the preview of a good list stands."""
        answer = self.brings(content, name)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


@pytest.fixture
def clerk(counter: Counter, client: TestClient) -> Browser:
    return Browser(counter, OFFICE)


def count(town: Town, model: Any) -> int:
    """`Any`: a model."""
    with town.runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(select(func.count()).select_from(model)).scalar_one())


def verdicts(page: str) -> list[str]:
    """What stands in the column of verdicts, row by row, in plain words."""
    cells = [
        re.findall(r"<td[^>]*>(.*?)</td>", line, re.S)
        for line in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S)
    ]
    return [" ".join(re.sub(r"<[^>]+>", "", one[2]).split()) for one in cells if len(one) == 4]


def test_every_row_is_shown_with_its_verdict_and_nothing_is_taken_in(clerk: Browser) -> None:
    known = clerk.counter.town.enterprise()
    lines = [row(11), row(12, day="去年"), row(13, county=OTHER_COUNTY, at="吉林市昌邑区1号"), row(11)]
    lines.append(row(1).replace(uscc(1), known))
    before = [count(clerk.counter.town, one) for one in (Inbox, Case)]
    where = clerk.keeps(text_of(*lines))
    page = clerk.web.get(where).text
    assert verdicts(page) == [
        "✓ 通过 将立案",
        "✕ 拒绝",
        "✕ 拒绝",
        "▲ 警告 已有，不重复收",
        "▲ 警告 已有，不重复收",
    ]
    assert "第3行“注册日期”：" in page and "还没有收入任何一行" in page
    assert f"昌邑区 {OTHER_COUNTY}" in page, "why it is not this office's"
    assert "越北镇 220204102" in page and "与本名单前面的一行相同" in page and "该企业已有案卷" in page
    assert [count(clerk.counter.town, one) for one in (Inbox, Case)] == before
    english = clerk.english(where)
    assert verdicts(english)[0] == "✓ Pass a case will be opened"
    assert "Row 3, column “注册日期”: " in english and "Nothing has been taken in" in english
    assert not re.search(r"<script(?! src=)|\s(style|on\w+)=|https?://", page) and "张三丰" not in page
    listed = clerk.web.get("/lists").text
    assert "名单.csv" in listed and "▲ 待确认" in listed and clerk.name in listed and where in listed


def test_what_is_confirmed_is_taken_in_once_and_the_receipt_leads_to_the_cases(clerk: Browser) -> None:
    town = clerk.counter.town
    where = clerk.keeps(text_of(row(11), row(12), row(13, county=OTHER_COUNTY), row(14), row(14)))
    for _ in range(2):  # a double click
        answer = clerk.web.post(f"{where}/confirm")
        assert (answer.status_code, answer.headers["location"]) == (303, where)
    page = clerk.web.get(where).text
    assert verdicts(page) == [
        "✓ 通过 已立案",
        "✓ 通过 已立案",
        "✕ 拒绝",
        "✓ 通过 已立案",
        "▲ 警告 已有，不重复收",
    ]
    assert f"昌邑区 {OTHER_COUNTY}" in page, "why one was refused is still told"
    assert re.search(r"回执 HZ-220204-2026-\d{6}", page) and "确认收入" not in page
    assert (count(town, Inbox), count(town, Case)) == (4, 3), (
        "what was refused is kept with its reason, so that it can be asked for"
    )
    cases = re.findall(r'href="(/cases/\d+)"', page)
    assert len(cases) == 3 and "名单11号公司" in clerk.web.get(cases[0]).text
    again = clerk.web.get(clerk.keeps(text_of(row(11), row(12), row(14)), "又一份.csv")).text
    assert verdicts(again) == ["▲ 警告 已有，不重复收"] * 3
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(Upload.content).order_by(Upload.id)).first() is None
        told = [
            tuple(one)
            for one in unit.db.execute(
                select(Journal.what, Journal.actor, Journal.about).where(Journal.what.startswith("list."))
            )
        ]
    number = where.rpartition("/")[2]
    assert told[:2] == [(f"list.{what}", clerk.name, f"list {number}") for what in ("upload", "import")]
    assert [one[0] for one in told].count("list.import") == 1


def test_of_two_who_confirm_at_once_neither_takes_a_row_twice_and_the_receipt_is_the_same(town: Town) -> None:
    office = town.hands.actor(OFFICE)
    key = keep(town.runtime, office, "名单.csv", text_of(*(row(number) for number in range(20, 60))))
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(confirm, town.runtime, office, key) for _ in range(2)]:
            done.result()
    assert count(town, Inbox) == count(town, Case) == 40
    with town.runtime.reading(SERVICE) as unit:
        assert set(unit.db.scalars(select(UploadRow.status))) == {"accepted"}
        assert unit.db.execute(select(Upload.state, Upload.counts)).one() == ("taken", {"accepted": 40})


def test_a_list_whose_confirmation_was_cut_off_is_taken_in_to_the_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hundred rows are in when the process dies: they are told as new, not as known already."""
    monkeypatch.setattr("services.intake.lists.CHUNK", 100)
    office = town.hands.actor(OFFICE)
    content = text_of(*(row(number) for number in range(100, 350)))
    key = keep(town.runtime, office, "名单.csv", content)
    taken_in = uploads.take_in

    def dies(*about: Any, **more: Any) -> Iterator[Any]:
        """`Any`: as `take_in` takes them."""
        for number, verdict in enumerate(taken_in(*about, **more), start=1):
            yield verdict
            if number == 100:
                raise KeyboardInterrupt

    monkeypatch.setattr(uploads, "take_in", dies)
    with pytest.raises(KeyboardInterrupt):
        confirm(town.runtime, office, key)
    monkeypatch.setattr(uploads, "take_in", taken_in)
    assert count(town, Inbox) >= 100
    assert tidy(town.runtime) == 0, "it may be under way still"
    town.clock.advance(timedelta(minutes=6))
    assert tidy(town.runtime) == 1
    assert count(town, Inbox) == count(town, Case) == 250
    with town.runtime.reading(SERVICE) as unit:
        assert Tally(unit.db.scalars(select(UploadRow.status))) == {"accepted": 250}
        assert unit.db.execute(select(Upload.state, Upload.content)).one() == ("taken", None)


def test_the_same_file_sent_twice_is_one_upload(clerk: Browser) -> None:
    content = text_of(row(11))
    assert clerk.keeps(content) == clerk.keeps(content)
    assert count(clerk.counter.town, Upload) == count(clerk.counter.town, UploadRow) == 1


FAULTS: list[tuple[bytes, str, str]] = [
    (b"\x00\x01\x02", "这不是可读的表格文件", "not a readable table"),
    (b"PK\x03\x04 no zip", "这不是可读的表格文件", "not a readable table"),
    (b"%PDF-1.7", "第一行应是表头", "must be the header"),
    (
        "企业名称,注册日期\n甲,2019-01-02\n".encode(),
        "其中缺少：统一社会信用代码",
        "it lacks: 统一社会信用代码",
    ),
    (text_of(row(1)) + row(2).encode("gb18030"), "既不是UTF-8也不是GB18030", "neither UTF-8 nor GB18030"),
    (HEADER.encode(), "表格里没有数据行", "no data rows"),
    (text_of(*(row(number) for number in range(1, 7))), "gongjian import", "gongjian import"),
    (b"x" * 70_000, "内容超过64", "larger than 64"),
]


@pytest.fixture
def narrow(clerk: Browser) -> Browser:
    """The counter's limits are five rows and 64 KiB."""
    runtime = clerk.counter.town.runtime
    limits = runtime.settings.limits.model_copy(update={"list_rows": 5, "upload_bytes": ByteSize(65536)})
    runtime.settings = runtime.settings.model_copy(update={"limits": limits})
    return clerk


@pytest.mark.parametrize(("content", "zh", "en"), FAULTS)
def test_a_file_that_is_no_list_says_so_on_the_page_it_was_brought_to(
    narrow: Browser, content: bytes, zh: str, en: str
) -> None:
    for lang, words in (("zh", zh), ("en", en)):
        answer = narrow.brings(content, lang=lang)
        assert answer.status_code in (400, 413, 415), answer.text
        assert words in answer.text and 'type="file"' in answer.text and 'role="alert"' in answer.text
    assert count(narrow.counter.town, Upload) == 0


def test_what_is_larger_than_any_list_is_told_on_a_page_before_it_is_read(clerk: Browser) -> None:
    announced = {"Content-Length": "60000000", "Content-Type": "multipart/form-data; boundary=x"}
    for accept, media in (("text/html", "text/html"), ("*/*", "application/problem+json")):
        answer = clerk.web.post("/lists", content=b"", headers=announced | {"Accept": accept})
        assert answer.status_code == 413 and answer.headers["content-type"].startswith(media)
        assert "47 MiB" in answer.text or "48 MiB" in answer.text, answer.text


def test_no_file_a_bomb_and_a_formula_have_their_words(clerk: Browser) -> None:
    for answer in (clerk.brings(b"", ""), clerk.web.post("/lists", files={"other": (None, "x")})):
        assert answer.status_code == 400
    assert "请填写“名单文件”" in clerk.web.post("/lists", files={"file": ("", b"")}).text
    packed = clerk.brings(bomb(), "名单.xlsx")
    assert packed.status_code == 413 and "内容超过200 MB" in packed.text and 'type="file"' in packed.text
    reckoned = book(lambda _book, sheet: sheet.write_formula(1, 1, "=A1", None, "91220204MA00000151"))
    page = clerk.web.get(clerk.keeps(reckoned, "名单.xlsx")).text
    assert verdicts(page) == ["✕ 拒绝"] and "第2行“统一社会信用代码”：" in page and "是公式" in page


def test_a_row_of_broken_signs_is_refused_and_shown_without_them(clerk: Browser) -> None:
    pad = "x" * 5000  # past what is looked at to tell text from other files
    lines = [row(1, name=pad), row(2, name="甲\x00乙\x1b\u202e"), row(3, name="<b>丙</b>" + "长" * 300)]
    page = clerk.web.get(clerk.keeps(text_of(*lines))).text
    assert verdicts(page) == ["✕ 拒绝"] * 3
    assert "甲乙" in page and "&lt;b&gt;丙" in page and "\x00" not in page and "\u202e" not in page


def test_what_the_page_says_beforehand_is_what_import_says_afterwards(town: Town, tmp_path: Path) -> None:
    """Every kind of row there is, judged by the page and then taken in by the command."""
    town.enterprise()
    lines = [row(1), row(31), row(31), row(31, name="别的名称"), row(32, day="去年"), row(33) + ",多一列"]
    lines += [row(34).replace(uscc(34), "0" * 18), row(35, county=OTHER_COUNTY, at="别处"), row(36, name=" ")]
    lines += [row(37, county="220271", at="某路1号"), row(38, county="220271", at="吉林市船营区1号")]
    with town.runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220200", "吉林市市场监督管理局")
        create_account(unit, "city", "registry.220200", None)
    path = tmp_path / "list.csv"
    path.write_bytes(text_of(*lines))
    for office in (OFFICE, "registry.220200"):
        account = "city" if office == "registry.220200" else office
        key = keep(town.runtime, town.hands.actor(account), "名单.csv", path.read_bytes())
        with town.runtime.reading(SERVICE) as unit:
            found = select(UploadRow.row, UploadRow.name, UploadRow.status, UploadRow.code, UploadRow.field)
            judged = [tuple(one) for one in unit.db.execute(found.where(UploadRow.upload_id == key))]
        told = [(one.row, one.name, one.status, one.code) for one in import_list(town.runtime, path, office)]
        assert [one[:4] for one in judged] == told
        assert {"accepted", "rejected", "duplicate"} <= {one[2] for one in judged}


def test_a_spreadsheet_with_cells_of_every_kind_is_judged_as_import_judges_it(
    town: Town, tmp_path: Path
) -> None:
    """What is kept of a cell reads like the cell itself: days, times of day, numbers, truth, errors, formulas, nothing."""

    def fill(made: Any, sheet: Any) -> None:
        """`Any`: an xlsxwriter book and sheet."""
        kinds = [made.add_format({"num_format": one}) for one in ("yyyy-mm-dd", "hh:mm", "[h]:mm", "0.00")]
        cells: list[Callable[[int, int], object]] = [
            lambda down, across: sheet.write_datetime(down, across, date(2026, 2, 27), kinds[0]),
            lambda down, across: sheet.write_datetime(down, across, time(9, 30), kinds[1]),
            lambda down, across: sheet.write_datetime(down, across, timedelta(hours=30), kinds[2]),
            lambda down, across: sheet.write_number(down, across, 1e300, kinds[3]),
            lambda down, across: sheet.write_number(down, across, 2026),
            lambda down, across: sheet.write_boolean(down, across, True),
            lambda down, across: sheet.write_formula(down, across, "=1/0", None, "#DIV/0!"),
            lambda down, across: sheet.write_string(down, across, "="),
            lambda down, across: sheet.write_blank(down, across, None, kinds[0]),
        ]
        for number, (across, write) in enumerate(product((0, 1, 2, 3, 9), cells), start=2):
            sheet.write_row(number, 0, row(number).split(","))
            write(number, across)

    path = tmp_path / "list.xlsx"
    path.write_bytes(book(fill))
    key = keep(town.runtime, town.hands.actor(OFFICE), path.name, path.read_bytes())
    told = [(one.row, one.status, one.code) for one in import_list(town.runtime, path, OFFICE)]
    assert len(told) == 46 and _judged(town.runtime, key) == told
    assert {"accepted", "rejected"} == {one[1] for one in told}


def test_another_office_sees_nothing_and_can_do_nothing(clerk: Browser) -> None:
    where = clerk.keeps(text_of(row(11)))
    stranger = Browser(clerk.counter, OTHER_OFFICE)
    assert "名单.csv" not in stranger.web.get("/lists").text
    for answer in (
        stranger.web.get(where),
        *(stranger.web.post(f"{where}/{act}") for act in ("confirm", "drop")),
    ):
        assert answer.status_code == 404 and "名单" not in answer.text.replace("名单。", "")
    for body in (f"union.{TOWN}", f"tax.{COUNTY}", f"admin.{COUNTY}"):
        if body.startswith("tax"):
            with clerk.counter.town.runtime.writing(SERVICE) as unit:
                create_body(unit, "tax", COUNTY, "税务局")
        other = Browser(clerk.counter, body)
        assert other.web.get("/lists").status_code == other.brings(text_of(row(12))).status_code == 403
    assert count(clerk.counter.town, Case) == 0 and count(clerk.counter.town, Upload) == 1


def test_a_colleague_may_confirm_and_an_auditor_may_only_look(clerk: Browser) -> None:
    where = clerk.keeps(text_of(row(11)))
    auditor = Browser(clerk.counter, AUDITOR)
    assert (
        "名单.csv" in auditor.web.get("/lists").text and 'type="file"' not in auditor.web.get("/lists").text
    )
    assert "通过" in auditor.web.get(where).text and "确认收入" not in auditor.web.get(where).text
    for act in ("confirm", "drop"):
        assert auditor.web.post(f"{where}/{act}").status_code == 403
    colleague = Browser(clerk.counter, OFFICE, "colleague")
    assert colleague.web.post(f"{where}/confirm").status_code == 303
    page = colleague.web.get(where).text
    assert clerk.name in page and "colleague" in page


def test_what_is_dropped_is_gone_and_cannot_be_confirmed(clerk: Browser) -> None:
    where = clerk.keeps(text_of(row(11)))
    for _ in range(2):
        assert clerk.web.post(f"{where}/drop").headers["location"] == "/lists"
    late = clerk.web.post(f"{where}/confirm")
    assert late.status_code == 409 and "请重新上传" in late.text
    assert "没有收入任何一行" in clerk.web.get(where).text and "名单11号公司" not in clerk.web.get(where).text
    assert count(clerk.counter.town, Case) == count(clerk.counter.town, UploadRow) == 0
    other = clerk.keeps(text_of(row(12)))
    clerk.web.post(f"{other}/confirm")
    kept = clerk.web.post(f"{other}/drop")
    assert kept.status_code == 409 and "不能再放弃" in kept.text and count(clerk.counter.town, Case) == 1


def test_what_nobody_confirms_within_a_day_is_gone(clerk: Browser) -> None:
    town = clerk.counter.town
    where = clerk.keeps(text_of(row(11)))
    town.clock.advance(timedelta(hours=23))
    tidy(town.runtime)
    assert count(town, UploadRow) == 1
    town.clock.advance(timedelta(hours=2))
    clerk.sign_in()
    assert clerk.web.post(f"{where}/confirm").status_code == 409, "nobody had to sweep first"
    assert tidy(town.runtime) >= 1
    with town.runtime.reading(SERVICE) as unit:
        row_left = unit.db.execute(select(Upload.state, Upload.content, Upload.name)).one()
    assert row_left == ("lapsed", None, "名单.csv") and count(town, UploadRow) == count(town, Case) == 0
    assert "过期未确认" in clerk.web.get("/lists").text and "Never confirmed" in clerk.english(where)


def test_of_a_person_nothing_is_kept_not_even_for_a_day(clerk: Browser) -> None:
    clerk.keeps(text_of(row(11)), "张三丰 13800138000.csv")
    with clerk.counter.town.runtime.reading(SERVICE) as unit:
        content, name = unit.db.execute(select(Upload.content, Upload.name)).one()
    rows = uploads._unpacked(bytes(content))
    assert "张三丰" not in repr(rows) and "13800138000" not in name


def test_the_rows_are_paged_and_chosen_by_their_verdict(clerk: Browser) -> None:
    lines = [row(number, day="去年" if number % 10 == 0 else "2026-02-27") for number in range(100, 220)]
    where = clerk.keeps(text_of(*lines))
    first = clerk.web.get(where).text
    (following,) = re.findall(r'href="(/lists/\d+\?[^"]*cursor=\d+)"', first)
    assert (
        len(verdicts(first)) == 50
        and len(verdicts(clerk.web.get(following.replace("&amp;", "&")).text)) == 50
    )
    bad = clerk.web.get(where, params={"shown": "refused"}).text
    assert verdicts(bad) == ["✕ 拒绝"] * 12 and len(verdicts(clerk.web.get(f"{where}?shown=warn").text)) == 0
    assert clerk.web.get(f"{where}?shown=other").status_code == 400


def test_the_template_is_an_empty_list_and_its_columns_are_told(clerk: Browser) -> None:
    template = clerk.web.get("/lists/template.csv")
    assert (
        template.headers["content-type"].startswith("text/csv")
        and "attachment" in template.headers["content-disposition"]
    )
    assert "表格里没有数据行" in clerk.brings(template.content).text
    filled = template.content + f"甲公司,{uscc(1)},2026-02-27,,{WHERE}\r\n".encode()
    assert verdicts(clerk.web.get(clerk.keeps(filled)).text) == ["✓ 通过 将立案"]
    assert "统一社会信用代码" in clerk.web.get("/lists/columns").text
    assert "legal representative" in clerk.english("/lists/columns")


def test_what_waits_for_a_place_says_so_until_somebody_places_it(
    counter: Counter, client: TestClient
) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220200", "吉林市市场监督管理局")
    clerk = Browser(counter, "registry.220200")
    where = clerk.keeps(text_of(row(37, county="220271", at="某路1号")))
    assert verdicts(clerk.web.get(where).text) == ["▲ 警告 将待人确定属地"]
    clerk.web.post(f"{where}/confirm")
    page = clerk.web.get(where).text
    assert verdicts(page) == ["▲ 警告 已收，待人确定属地"] and "去确定属地" in page
    (there,) = re.findall(r'href="(/set-aside\?cursor=\d+)"', page)
    (act,) = re.findall(r'action="(/set-aside/\d+/place)"', clerk.web.get(there).text)
    assert clerk.web.post(act, data={"division": COUNTY}).status_code == 303
    assert verdicts(clerk.web.get(where).text) == ["✓ 已收，等待办理".replace("✓", "■")]
    counter.town.settle()
    page = clerk.web.get(where).text
    assert verdicts(page) == ["✓ 通过 已立案"] and 'href="/cases/' in page


def test_a_case_that_moved_out_of_sight_is_no_longer_led_to(clerk: Browser) -> None:
    where = clerk.keeps(text_of(row(11)))
    clerk.web.post(f"{where}/confirm")
    with clerk.counter.town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Case).values(division=OTHER_COUNTY))
    page = clerk.web.get(where).text
    assert (
        verdicts(page) == ["✓ 通过 已立案"]
        and "/cases/" not in page.replace('href="/cases"', "")
        and OTHER_COUNTY not in page
    )


@pytest.mark.skipif(
    not REAL.exists(), reason="the real registry lists lie beside the checkout, and are not here"
)
def test_the_first_five_hundred_rows_of_a_real_list_are_judged_as_import_judges_them(
    town: Town, tmp_path: Path
) -> None:
    lines = (REAL / "jilin-2019.csv").read_bytes().splitlines(keepends=True)
    path = tmp_path / "first.csv"
    path.write_bytes(b"".join(lines[:501]))
    with town.runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220000", "吉林省市场监督管理厅")
        create_account(unit, "province", "registry.220000", None)
    for account, office in ((OFFICE, OFFICE), ("province", "registry.220000")):
        key = keep(town.runtime, town.hands.actor(account), path.name, path.read_bytes())
        beforehand = _judged(town.runtime, key)
        assert len(beforehand) == 500
        afterwards = [(one.row, one.status, one.code) for one in import_list(town.runtime, path, office)]
        assert beforehand == afterwards


def _judged(runtime: Runtime, key: int) -> list[tuple[int, str, str | None]]:
    with runtime.reading(SERVICE) as unit:
        found = select(UploadRow.row, UploadRow.status, UploadRow.code).where(UploadRow.upload_id == key)
        return [(row, status, code) for row, status, code in unit.db.execute(found.order_by(UploadRow.row))]
