"""Lists of new enterprises: every row has its verdict, running it again adds nothing, and a bad file says so."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from services.actor import SERVICE
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.directory.bodies import create_body
from services.intake.apply import drain_inbox
from services.intake.lists import Verdict, import_list
from services.intake.triage import place, waiting
from services.runtime import Runtime
from workflows.errors import Fault

HEADER = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址"
GOOD = "甲公司,91220204MA00000151,2019-01-02,N/A,,200(万),批发,吉林,吉林,吉林市船营区越北镇1号"
REAL = Path(__file__).parents[3] / "shared" / "data" / "registry"


def listed(runtime: Runtime, path: Path, office: str = "registry.220204") -> list[Verdict]:
    return list(import_list(runtime, path, office))


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(("\n".join((HEADER, *lines)) + "\n").encode(encoding))
    return path


def cases(runtime: Runtime) -> int:
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(select(func.count()).select_from(Case)).scalar_one())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_opens_cases_and_a_second_run_opens_none(
    runtime: Runtime, tmp_path: Path, encoding: str
) -> None:
    path = written(tmp_path, GOOD, encoding=encoding)
    (verdict,) = listed(runtime, path)
    assert (verdict.status, verdict.division, verdict.row) == ("accepted", "220204102", 2)
    (again,) = listed(runtime, path)
    assert (again.status, again.division, again.case) == ("duplicate", "220204102", verdict.case)
    assert cases(runtime) == 1


def test_a_spreadsheet_is_read_like_its_csv_and_a_destroyed_code_is_named(
    runtime: Runtime, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, GOOD.split(","))
    sheet.write_row(2, 0, ["乙公司"])
    sheet.write_number(2, 1, 912202040000000019)
    sheet.write_row(2, 2, GOOD.split(",")[2:])
    book.close()
    good, bad = listed(runtime, path)
    assert good.status == "accepted"
    assert (bad.status, bad.code, bad.field, bad.row) == ("rejected", "uscc_bad", "统一社会信用代码", 3)
    assert bad.reason is not None
    assert "文本" in bad.reason.zh


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (GOOD + ",多出一列", "row_columns", None),
        (GOOD.rsplit(",", 1)[0], "row_columns", None),
        (GOOD.replace("91220204MA00000151", ""), "uscc_missing", "统一社会信用代码"),
        (GOOD.replace("91220204MA00000151", "0" * 18), "uscc_bad", "统一社会信用代码"),
        (GOOD.replace("2019-01-02", "2099-01-02"), "date_future", "注册日期"),
        (GOOD.replace("2019-01-02", "去年"), "date_bad", "注册日期"),
        (GOOD.replace("甲公司", ""), "envelope_missing", "企业名称"),
        (GOOD.replace("91220204MA00000151", "91141023MA00000155"), "outside_jurisdiction", "data.division"),
    ],
)
def test_a_bad_row_is_named_by_row_and_column_and_the_good_ones_stand(
    runtime: Runtime, tmp_path: Path, line: str, code: str, field: str | None
) -> None:
    other = GOOD.replace("91220204MA00000151", "91220204MA0000023U")
    bad, good = listed(runtime, written(tmp_path, line, other))
    assert (bad.row, bad.status, bad.code) == (2, "rejected", code)
    assert bad.reason is not None
    if field in HEADER.split(","):
        assert bad.field == field
    assert good.status == "accepted"
    assert cases(runtime) == 1


@pytest.mark.parametrize("day", ["2019/1/2", "2019.1.2", "2019年1月2日"])
def test_the_ways_clerks_write_a_day_are_the_same_day(runtime: Runtime, tmp_path: Path, day: str) -> None:
    (verdict,) = listed(runtime, written(tmp_path, GOOD.replace("2019-01-02", day)))
    assert verdict.status == "accepted"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00\x01\x02", "list_unreadable"),
        (b"PK\x03\x04 no zip", "list_unreadable"),
        (b"", "list_unreadable"),
        (HEADER.encode(), "list_empty"),
        ("企业名称,注册日期\n甲,2019-01-02\n".encode(), "list_columns"),
        ((HEADER + "\n" + GOOD + "\n").encode() + GOOD.encode("gb18030"), "list_encoding"),
        ((HEADER + "\n").encode("gb18030") + GOOD.encode() + b"\n", "list_encoding"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "list_columns"),
    ],
)
def test_a_file_that_is_no_list_says_so_and_nothing_is_taken_in(
    runtime: Runtime, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(Fault) as caught:
        listed(runtime, path)
    assert caught.value.code == code
    assert cases(runtime) == 0


def test_a_file_of_sixty_megabytes_is_refused_before_it_is_read(runtime: Runtime, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(Fault) as caught:
        listed(runtime, path)
    assert caught.value.code == "too_large"


def test_the_same_code_with_other_content_is_a_conflict_and_the_first_stands(
    runtime: Runtime, tmp_path: Path
) -> None:
    listed(runtime, written(tmp_path, GOOD))
    (verdict,) = listed(runtime, written(tmp_path, GOOD.replace("甲公司", "乙公司")))
    assert (verdict.status, verdict.code) == ("rejected", "event_id_conflict")
    with runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(Case.name)).scalar_one() == "甲公司"


def test_what_cannot_be_placed_waits_for_a_person_who_places_it(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220200", "吉林市市场监督管理局")
    zone = GOOD.replace("91220204MA00000151", "91220271MA00000150").replace(
        "吉林市船营区越北镇1号", "经济开发区1号"
    )
    code = _with_check_digit("91220271MA0000015")
    (verdict,) = listed(
        runtime, written(tmp_path, zone.replace("91220271MA00000150", code)), "registry.220200"
    )
    assert verdict.status == "triage"
    assert verdict.reason is not None
    assert cases(runtime) == 0
    with runtime.reading(SERVICE) as unit:
        (row,) = waiting(unit)
    with runtime.writing(SERVICE) as unit:
        place(unit, row["id"], "220204")
    assert drain_inbox(runtime) == 1
    assert cases(runtime) == 1


def test_a_person_is_never_stored(runtime: Runtime, tmp_path: Path) -> None:
    listed(runtime, written(tmp_path, GOOD.replace("N/A,,", "N/A,张三丰,")))
    with runtime.reading(SERVICE) as unit:
        raw = bytes(unit.db.execute(select(Inbox.raw)).scalar_one()).decode()
    assert "张三丰" not in raw


@pytest.mark.skipif(
    not REAL.exists(), reason="the real registry lists lie beside the checkout, and are not here"
)
@pytest.mark.parametrize(
    ("name", "office", "rows"), [("jilin-2019", "220000", 7373), ("linfen-2019", "141000", 1110)]
)
def test_a_real_list_gives_every_row_a_verdict_and_every_enterprise_a_place_or_a_reason(
    runtime: Runtime, name: str, office: str, rows: int
) -> None:
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", office, "登记机关")
    first = listed(runtime, REAL / f"{name}.csv", f"registry.{office}")
    assert len(first) == rows
    told = Counter(one.status for one in first)
    assert told["accepted"] + told["triage"] == rows
    for one in first:
        if one.status == "accepted":
            assert one.division is not None
            assert one.case is not None
            _in_the_right_place(one)
        else:
            assert one.reason is not None
    assert cases(runtime) == told["accepted"]
    again = Counter(one.status for one in listed(runtime, REAL / f"{name}.csv", f"registry.{office}"))
    assert again == {"duplicate": rows}
    assert cases(runtime) == told["accepted"]


def _in_the_right_place(verdict: Verdict) -> None:
    """A code that names a real county decides; one that names a city keeps the case within it."""
    from services.directory.divisions import find

    assert verdict.division is not None
    code = verdict.uscc[2:8]
    home = find(code)
    if home is not None and home.level == "county" and home.valid_to is None:
        assert verdict.division.startswith(code), verdict
    elif home is not None and home.level == "city":
        assert verdict.division.startswith(code[:4]), verdict


def _with_check_digit(stem: str) -> str:
    from stdnum.cn import uscc as codes

    digit: Any = codes.calc_check_digit(stem)
    return stem + str(digit)
