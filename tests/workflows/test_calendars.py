"""The working-day calendar: what the notices say, and nothing where no notice speaks."""

from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]  # ships no types; only this test asks it
import pytest

from workflows.calendars.days import UnknownYear, WorkCalendar, published
from workflows.calendars.years import CalendarFault, read_year
from workflows.words import Text

NEXT_YEAR = """
year = 2027
source = "试验用通知"

[rest]
2026-12-31 = "元旦"
2027-01-01 = "元旦"
2027-02-06 = { zh = "春节", en = "Spring Festival" }

[work]
days = [2026-12-27, 2027-02-13]
"""


def test_every_day_of_2019_to_2026_agrees_with_an_independent_calendar() -> None:
    calendar, day, differing = published(), date(2019, 1, 1), []
    while day.year < 2027:
        if calendar.is_workday(day) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []
    assert sorted(calendar.tables) == list(range(2019, 2027))


def test_every_notice_is_named_with_its_number() -> None:
    for year, table in published().tables.items():
        assert f"关于{year}年部分节假日安排的通知" in table.source
        assert f"国办发明电〔{year - 1}〕" in table.source
        assert not table.provisional


@pytest.mark.parametrize(
    "day", [date(2018, 12, 31), date(2027, 1, 1), date(2027, 6, 5)]
)  # the last is a Saturday
def test_a_year_without_a_table_refuses(day: date) -> None:
    with pytest.raises(UnknownYear) as refused:
        published().is_workday(day)
    assert refused.value.year == day.year
    with pytest.raises(UnknownYear):
        published().why_rest(day)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 6, 19), Text("端午节", "Dragon Boat Festival")),
        (date(2025, 10, 6), Text("中秋节", "Mid-Autumn Festival")),
        (date(2026, 3, 7), Text("周六", "Saturday")),
        (date(2026, 3, 8), Text("周日", "Sunday")),
        (date(2026, 2, 14), None),  # a Saturday worked for the Spring Festival
        (date(2026, 3, 9), None),
    ],
)
def test_a_rest_day_says_why(day: date, why: Text | None) -> None:
    assert published().why_rest(day) == why


def test_an_imported_year_answers_and_changes_the_digest() -> None:
    before = published()
    after = before.with_year(read_year(NEXT_YEAR))
    assert after.is_workday(date(2027, 2, 13)) and after.is_makeup(date(2027, 2, 13))
    assert not after.is_workday(date(2027, 2, 6))
    assert after.digest != before.digest
    assert not before.knows(2027)
    assert after == before.with_year(read_year(NEXT_YEAR))


def test_next_years_notice_may_change_this_december() -> None:
    before = published()
    after = before.with_year(read_year(NEXT_YEAR))
    assert before.is_workday(date(2026, 12, 31)) and not after.is_workday(date(2026, 12, 31))
    assert not before.is_workday(date(2026, 12, 27)) and after.is_workday(date(2026, 12, 27))


def test_a_replaced_year_forgets_its_old_table() -> None:
    first = read_year(NEXT_YEAR)
    second = read_year('year = 2027\nsource = "更正"\n[rest]\n2027-01-01 = "元旦"\n')
    calendar = published().with_year(first).with_year(second)
    assert calendar.is_workday(date(2026, 12, 31))
    assert not calendar.is_workday(date(2027, 2, 13))


def test_the_table_is_filed_under_its_own_year() -> None:
    with pytest.raises(ValueError, match="2027"):
        WorkCalendar({2028: read_year(NEXT_YEAR)})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("year = 2027", ""), "The year is missing"),
        (("year = 2027", "year = true"), "The year is missing"),
        (("year = 2027", 'year = "2027"'), "The year is missing"),
        (('source = "试验用通知"', ""), "Name the notice"),
        (('source = "试验用通知"', 'source = " "'), "Name the notice"),
        (("2027-01-01 =", "2028-01-01 ="), "belongs neither to 2027"),
        (("2026-12-31 =", "2026-11-30 ="), "belongs neither to 2027"),
        (("2027-01-01 =", "2027-02-30 ="), "no real date"),
        (("2027-01-01 =", "2027-01-01T08 ="), "Not valid TOML|no real date"),
        (('= "元旦"\n2027-02', '= "某节"\n2027-02'), "The name of 2027-01-01"),
        (('en = "Spring Festival"', 'en = ""'), "The name of 2027-02-06"),
        (("2027-02-13]", "2027-02-15]"), "no Saturday or Sunday"),  # a Monday
        (("2027-02-13]", "2027-02-06]"), "both as a day off"),
        (("2027-02-13]", "2027-02-13, 2027-02-13]"), "twice"),
        (("2027-02-13]", '"2027-02-13"]'), "plain dates"),
        (("2027-02-13]", "2027-02-13T00:00:00]"), "plain dates"),
        (("days =", "day ="), "plain dates"),
        (("[work]", "[works]"), "Unknown entries: works"),
        (("[rest]", "rest = 1\n[other]"), "Unknown entries: other"),
        (("[rest]", "[rest"), "Not valid TOML"),
        (("year = 2027", "year = 2027\nprovisional = 1"), "true or false"),
    ],
)
def test_a_bad_calendar_file_gets_one_clear_sentence(change: tuple[str, str], sentence: str) -> None:
    assert change[0] in NEXT_YEAR
    with pytest.raises(CalendarFault, match=sentence) as refused:
        read_year(NEXT_YEAR.replace(*change))
    assert isinstance(refused.value, ValueError)
    assert refused.value.text.zh
