"""The table of divisions: what is in it, what must never be, and how codes read."""

from collections import Counter
from datetime import date

import pytest

from services.directory.divisions import (
    UnknownDivision,
    above,
    below,
    cut,
    everything,
    find,
    full_name,
    level_of,
    prefix,
)

DAY = date(2019, 1, 2)


def name(code: str, on: date | None = None) -> str | None:
    division = find(code, on)
    return None if division is None else division.name


def test_the_whole_country_is_there() -> None:
    now = Counter(division.level for division in everything() if division.valid_to is None)
    assert now == {"province": 34, "city": 333, "county": 2849, "town": 174}


def test_linfen_has_its_seventeen_counties() -> None:
    counties = below("141000")
    assert [county.code[4:] for county in counties] == (
        ["02", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "81", "82"]
    )
    assert (counties[0].name, counties[3].name, counties[-1].name) == ("尧都区", "襄汾县", "霍州市")
    assert sum(len(below(county.code)) for county in counties) == 158


def test_the_seed_places_are_there() -> None:
    assert full_name("220204102") == "吉林省吉林市船营区越北镇"
    assert full_name("500101") == "重庆市万州区"
    assert full_name("320200") == "江苏省无锡市"
    assert full_name("659001") == "新疆维吾尔自治区石河子市"
    assert [town.name for town in below("220204")][-2:] == ["欢喜乡", "吉林船营经济开发区"]


def test_placeholders_and_development_zones_are_no_divisions() -> None:
    names = {division.name for division in everything() if division.level != "town"}
    assert not names & {"市辖区", "县", "市", "林区", "省直辖县级行政单位", "自治区直辖县级行政单位"}
    assert not [
        division.code
        for division in everything()
        if division.level == "county" and division.name.endswith(("开发区", "产业园区", "高新区", "工业区"))
    ]
    for placeholder in ("220201", "220271", "220214", "110100", "500200", "429000", "659000"):
        assert find(placeholder) is None


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("330103", date(2019, 6, 1), "下城区"),
        ("330103", date(2022, 6, 1), None),
        ("330113", date(2020, 6, 1), None),
        ("330113", date(2021, 6, 1), "临平区"),
        ("220381", date(2019, 6, 1), "公主岭市"),  # Siping's until 2020
        ("220184", date(2019, 6, 1), None),
        ("220184", date(2021, 6, 1), "公主岭市"),  # Changchun's since
        ("220211", date(1990, 6, 1), "郊区"),
        ("220211", date(1992, 6, 1), "丰满区"),
        ("220211", None, "丰满区"),
        ("142600", date(1999, 6, 1), "临汾地区"),
        ("142600", None, "临汾地区"),  # asked without a day, the last that bore the code
        ("500105", date(2026, 1, 1), None),
        ("500157", date(2026, 1, 1), "两江新区"),
        ("429001", date(2019, 6, 1), None),
        ("422921", date(2019, 6, 1), None),
        ("232761", None, "加格达奇区"),
    ],
)
def test_a_code_stands_in_its_years_only(code: str, on: date | None, expected: str | None) -> None:
    assert name(code, on) == expected


@pytest.mark.parametrize(
    ("code", "short", "level"),
    [
        ("220000", "22", "province"),
        ("220200", "2202", "city"),
        ("220204", "220204", "county"),
        ("220204102", "220204102", "town"),
        ("220204102007", "220204102", "town"),
        ("220204000000", "220204", "county"),
        ("310000", "31", "province"),
        ("310115", "310115", "county"),
        ("659001", "659001", "county"),
        ("441900", "4419", "city"),
    ],
)
def test_a_prefix_covers_what_lies_below(code: str, short: str, level: str) -> None:
    assert prefix(code) == short
    assert level_of(code) == level


@pytest.mark.parametrize(
    "code", ["", "22", "2202", "22020", "2202041", "22020４", "220204 ", "ABCDEF", "2202041020071"]
)
def test_what_is_not_six_nine_or_twelve_digits_is_no_code(code: str) -> None:
    assert cut(code) is None and find(code) is None and below(code) == []
    with pytest.raises(UnknownDivision):
        prefix(code)
    with pytest.raises(UnknownDivision):
        level_of(code)


def test_every_division_hangs_in_the_tree() -> None:
    for division in everything():
        upper = above(division.code)
        if division.level == "province":
            assert upper is None
        else:
            assert upper is not None and find(upper) is not None, division
            assert division.code.startswith(prefix(upper))
            assert division.name


def test_an_abolished_division_keeps_the_names_of_its_last_year() -> None:
    assert full_name("220381") == "吉林省四平市公主岭市"
    assert full_name("142622") == "山西省临汾地区翼城县"


def test_a_county_under_a_municipality_or_a_province_has_no_city() -> None:
    assert above("310115") == "310000"
    assert above("429004") == "420000"
    assert "429004" in {division.code for division in below("420000")}


def test_children_are_asked_for_a_day() -> None:
    assert "220381" in {division.code for division in below("220300", DAY)}
    assert "220381" not in {division.code for division in below("220300")}
