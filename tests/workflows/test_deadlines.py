"""Deadlines: the vectors of the domain study, suspension, extension, and a new calendar laid under old facts."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars.days import published
from workflows.calendars.years import read_year
from workflows.deadlines import Deadline, extend, from_json, recompute, resume, start, suspend, to_json
from workflows.spans import Span

RULE = "《民法典》第二百条至第二百零四条"
YEAR_2027 = read_year('year = 2027\nsource = "试验用通知"\n[rest]\n2027-01-01 = "元旦"\n')


def begun(on: str, span: str) -> Deadline:
    return start(date.fromisoformat(on), Span.parse(span), published(), citation=RULE)


def said(deadline: Deadline) -> str:
    return "\n".join(line.zh for line in deadline.derivation)


#: What a span that begins on a day ends on, and a word of its explanation: the eight of the domain study.
STUDY = [
    ("2025-09-23", "15 day", "2025-10-09", "遇国庆节"),
    ("2026-01-30", "15 day", "2026-02-14", "调休上班日"),  # a Saturday, but worked
    ("2026-06-04", "15 day", "2026-06-22", "遇端午节"),
    ("2026-01-31", "1 month", "2026-02-28", "2026年2月没有31日"),
    ("2025-04-01", "6 month", "2025-10-09", "遇国庆节、中秋节"),
    ("2026-08-31", "6 month", None, "尚未载入2027年"),
    ("2025-09-26", "5 workday", "2025-10-10", "2025-09-28（周日）"),
    ("2026-02-13", "3 workday", "2026-02-25", "2026-02-14（周六）"),
]
#: Ours, worked out by hand from the published notices.
OURS = [
    ("2024-02-29", "1 year", "2025-02-28", "没有29日"),  # a leap day has no anniversary
    ("2022-12-30", "1 workday", "2023-01-03", "元旦"),  # New Year's bridge reaches back into December
    ("2020-01-23", "5 workday", "2020-02-07", "扣除休息日10天"),  # the Spring Festival was prolonged
    ("2023-04-01", "30 day", "2023-05-04", "遇劳动节"),
    ("2019-04-26", "2 workday", "2019-04-29", "2019-04-28（周日）"),
    ("2026-12-01", "30 day", "2026-12-31", "可能改动本年12月"),
    ("2026-09-01", "30 day fixed", "2026-10-01", "不顺延"),
    # 4 and 18 February 2024 are Sundays worked for the festival of the 10th to the 17th: 4 to 9, then 18 to 21
    ("2024-02-02", "10 workday", "2024-02-21", "2024-02-04（周日）、2024-02-18（周日）"),
    ("2023-04-08", "15 day", "2023-04-23", "2023-04-23（周日）为调休上班日"),  # worked for Labour Day
    ("2023-08-31", "6 month", "2024-02-29", "2024年2月没有31日"),  # a leap year's last day, a Thursday
    # the 28th, then Saturday 7 and Sunday 8 October worked, then Monday and Tuesday
    ("2023-09-27", "5 workday", "2023-10-10", "扣除休息日8天"),
    (
        "2025-01-13",
        "15 day",
        "2025-02-05",
        "遇春节",
    ),  # ends on New Year's Eve; 28 January to 4 February are off
]


@pytest.mark.parametrize(
    ("on", "span", "due", "why"),
    [*STUDY, *OURS],
)
def test_a_span_ends_where_the_law_says(on: str, span: str, due: str | None, why: str) -> None:
    deadline = begun(on, span)
    assert deadline.due_on == (due and date.fromisoformat(due))
    assert why in said(deadline)
    assert RULE in deadline.derivation[-1].zh
    assert published().digest in said(deadline)


def test_an_unknown_year_is_named_and_never_guessed() -> None:
    deadline = begun("2026-08-31", "6 month")
    assert (deadline.due_on, deadline.unknown_year) == (None, 2027)
    known = recompute(deadline, published().with_year(YEAR_2027))
    assert (known.due_on, known.unknown_year) == (date(2027, 3, 1), None)


def test_what_weekends_alone_would_make_of_an_unknown_year_is_called_provisional() -> None:
    deadline = begun("2026-08-31", "6 month")
    assert deadline.provisional_on == date(2027, 3, 1)  # 28 February 2027 is a Sunday
    assert "届满日：未知\n暂定2027-03-01（周一）" in said(deadline)
    known = recompute(deadline, published().with_year(YEAR_2027))
    assert known.provisional_on is None and "暂定" not in said(known)


@pytest.mark.parametrize(
    ("on", "span", "provisional"),
    [
        (
            "2026-12-28",
            "10 workday",
            "2027-01-11",
        ),  # what is published of 2026 holds; New Year's Day counts as worked
        ("1999-03-01", "10 workday", "1999-03-15"),  # before the first notice there is
        ("2026-12-18", "15 day", "2027-01-04"),  # Saturday 2 January moves on
    ],
)
def test_a_provisional_day_knows_weekends_and_no_holiday_of_the_year(
    on: str, span: str, provisional: str
) -> None:
    deadline = begun(on, span)
    assert (deadline.due_on, deadline.provisional_on) == (None, date.fromisoformat(provisional))


def test_while_it_stands_still_there_is_no_provisional_day_either() -> None:
    stopped = suspend(begun("2026-08-31", "6 month"), date(2026, 9, 30))
    assert (stopped.due_on, stopped.provisional_on) == (None, None)
    assert recompute(stopped, published()) == stopped
    again = resume(stopped, date(2026, 10, 31), published())
    assert again.provisional_on == date(2027, 3, 31)  # 151 days were left on 30 September


def test_a_fixed_span_needs_no_calendar() -> None:
    assert begun("2026-08-31", "6 month fixed").due_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("on", "span", "stopped", "again", "due"),
    [
        ("2026-03-02", "10 day", "2026-03-05", "2026-03-15", "2026-03-23"),  # 7 left: 22 March is a Sunday
        (
            "2026-03-02",
            "10 day",
            "2026-03-02",
            "2026-03-16",
            "2026-03-26",
        ),  # at once: as if begun on the 16th
        ("2026-03-02", "10 day", "2026-03-12", "2026-03-20", "2026-03-20"),  # on the last day
        ("2026-03-02", "10 day", "2026-03-13", "2026-03-20", "2026-03-12"),  # too late to matter
        (
            "2026-03-02",
            "5 day",
            "2026-03-08",
            "2026-03-10",
            "2026-03-10",
        ),  # while rolling over a weekend: due Monday 9
        ("2026-03-02", "1 month", "2026-03-30", "2026-04-01", "2026-04-07"),  # 4 April is Qingming
        ("2026-03-02", "5 workday", "2026-03-04", "2026-03-16", "2026-03-19"),
        (
            "2026-03-02",
            "5 workday",
            "2026-03-09",
            "2026-03-14",
            "2026-03-16",
        ),  # last day; resumed on a Saturday
        ("2026-03-02", "5 workday", "2026-03-10", "2026-03-20", "2026-03-09"),
        (
            "2026-03-02",
            "10 day",
            "2026-03-05",
            "2026-03-05",
            "2026-03-12",
        ),  # stopped and resumed within a day
        ("2024-12-20", "20 day", "2024-12-25", "2025-02-05", "2025-02-20"),  # over the New Year: 15 left
        (
            "2024-12-25",
            "10 workday",
            "2024-12-31",
            "2025-02-06",
            "2025-02-13",
        ),  # four before, six after, Saturday 8 February worked among them
    ],
)
def test_a_suspended_term_does_not_run(on: str, span: str, stopped: str, again: str, due: str) -> None:
    deadline = resume(
        suspend(begun(on, span), date.fromisoformat(stopped)), date.fromisoformat(again), published()
    )
    assert deadline.due_on == date.fromisoformat(due)
    assert deadline.paused == ((date.fromisoformat(stopped), date.fromisoformat(again)),)


def test_while_it_is_suspended_the_last_day_is_open() -> None:
    deadline = suspend(begun("2026-03-02", "10 day"), date(2026, 3, 5))
    assert not deadline.is_running and deadline.due_on is None and deadline.unknown_year is None
    assert recompute(deadline, published()) == deadline


def test_a_deadline_already_past_stays_past() -> None:
    deadline = suspend(begun("2026-03-02", "10 day"), date(2026, 4, 1))
    assert deadline.due_on == date(2026, 3, 12)
    assert recompute(deadline, published()) == deadline


def test_two_pauses_add_up() -> None:
    deadline = begun("2026-03-02", "20 day")
    for stopped, again in ((4, 6), (10, 17)):
        deadline = resume(suspend(deadline, date(2026, 3, stopped)), date(2026, 3, again), published())
    assert deadline.due_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda d: suspend(d, date(2026, 3, 1)),  # before it began
        lambda d: suspend(suspend(d, date(2026, 3, 5)), date(2026, 3, 6)),
        lambda d: resume(d, date(2026, 3, 6), published()),
        lambda d: resume(suspend(d, date(2026, 3, 5)), date(2026, 3, 4), published()),
        lambda d: suspend(
            resume(suspend(d, date(2026, 3, 5)), date(2026, 3, 9), published()), date(2026, 3, 8)
        ),
        lambda d: extend(d, Span(5, "day"), " ", published()),
    ],
)
def test_facts_out_of_order_are_refused(wrong: Callable[[Deadline], Deadline]) -> None:
    with pytest.raises(ValueError):
        wrong(begun("2026-03-02", "10 day"))


def test_an_extension_runs_on_from_the_last_day() -> None:
    deadline = extend(begun("2025-09-23", "15 day"), Span(5, "workday"), "案情复杂", published())
    assert deadline.due_on == date(2025, 10, 15)  # 9 October, then 10, 11 (worked Saturday), 13, 14, 15
    assert "延长5个工作日：案情复杂" in said(deadline)
    assert deadline.extended == ((Span(5, "workday"), "案情复杂"),)


def test_a_pause_in_the_extension_moves_only_the_extension() -> None:
    extended = extend(begun("2026-03-02", "10 day"), Span(10, "day"), "补充材料", published())
    assert extended.due_on == date(2026, 3, 23)
    deadline = resume(suspend(extended, date(2026, 3, 16)), date(2026, 3, 20), published())
    assert deadline.due_on == date(2026, 3, 26)


def test_an_extension_of_an_unknown_end_is_unknown() -> None:
    deadline = extend(begun("2026-08-31", "6 month"), Span(5, "day"), "案情复杂", published())
    assert (deadline.due_on, deadline.unknown_year) == (None, 2027)


def test_a_provisional_calendar_is_called_so() -> None:
    text = 'year = 2027\nprovisional = true\nsource = "暂按法定节假日"\n[rest]\n2027-01-01 = "元旦"\n'
    deadline = recompute(begun("2026-08-31", "6 month"), published().with_year(read_year(text)))
    assert "日历2027（暂定）" in said(deadline)


@pytest.mark.parametrize("written", ["5 workday", "30 day", "1 month", "2 year", "30 day fixed"])
def test_a_span_reads_back_as_written(written: str) -> None:
    assert str(Span.parse(written)) == written


@pytest.mark.parametrize(
    "written", ["", "5", "day", "0 day", "-1 day", "1.5 day", "5 week", "５ day", "40000 day", "9999999 year"]
)
def test_a_bad_span_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="span"):
        Span.parse(written)


def test_a_deadline_survives_json() -> None:
    deadline = extend(begun("2025-09-23", "15 day"), Span(5, "workday"), "案情复杂", published())
    deadline = suspend(
        resume(suspend(deadline, date(2025, 9, 25)), date(2025, 9, 28), published()), date(2025, 10, 9)
    )
    office = in_office("2026-03-02", "3 year", ahead="3 month", recorded_on="2026-03-20")
    for one in (deadline, begun("2026-08-31", "6 month"), office):
        assert from_json(json.loads(json.dumps(to_json(one)))) == one


def test_a_deadline_kept_before_these_words_existed_reads_as_it_was() -> None:
    kept = to_json(begun("2025-09-23", "15 day"))
    for name in ("ahead", "exact", "recorded_on", "provisional_on"):
        del kept[name]
    assert from_json(kept) == begun("2025-09-23", "15 day")


# -- terms of office -----------------------------------------------------------------------------------


def in_office(on: str, span: str, *, ahead: str | None = None, recorded_on: str | None = None) -> Deadline:
    return start(
        date.fromisoformat(on),
        Span.parse(span),
        published(),
        citation=RULE,
        ahead=Span.parse(ahead) if ahead else None,
        exact=True,
        recorded_on=date.fromisoformat(recorded_on) if recorded_on else None,
    )


@pytest.mark.parametrize(
    ("on", "span", "end"),
    [
        ("2026-03-02", "3 year", "2029-03-02"),
        ("2026-10-01", "5 year", "2031-10-01"),  # a holiday in every year
        ("2024-02-29", "3 year", "2027-02-28"),  # a Sunday
        ("2026-03-07", "12 month", "2027-03-07"),  # another
    ],
)
def test_a_term_of_office_ends_on_its_very_day_and_asks_no_calendar(on: str, span: str, end: str) -> None:
    deadline = in_office(on, span)
    assert (deadline.due_on, deadline.unknown_year) == (date.fromisoformat(end), None)
    assert "遇休息日不顺延，企业歇业时也照常计算" in said(deadline)
    assert "日历摘要" not in said(deadline) and "可能改动" not in said(deadline)
    assert recompute(deadline, published().with_year(YEAR_2027)) == deadline


def test_a_term_of_office_does_not_stand_still_when_the_enterprise_suspends_operation() -> None:
    deadline = in_office("2026-03-02", "3 year")
    assert suspend(deadline, date(2027, 1, 4)) == deadline and deadline.is_running


def test_a_term_of_office_is_extended_with_its_reason() -> None:
    longer = extend(in_office("2026-08-31", "3 year"), Span(6, "month"), "正在改制", published())
    assert longer.due_on == date(2030, 2, 28)
    assert "延长6个月：正在改制" in said(longer) and "没有31日" in said(longer)


@pytest.mark.parametrize(
    ("end_of", "ahead", "due"),
    [
        (("2026-05-31", "3 year"), "3 month", "2029-02-28"),  # 31 May less three months
        (("2026-03-02", "3 year"), "6 month", "2028-09-02"),  # a Saturday: it stays there
        (("2024-02-29", "4 year"), "1 year", "2027-02-28"),
        (("2026-03-02", "3 year"), "30 day", "2029-01-31"),
    ],
)
def test_a_reminder_falls_due_ahead_of_the_end_on_the_corresponding_day(
    end_of: tuple[str, str], ahead: str, due: str
) -> None:
    deadline = in_office(*end_of, ahead=ahead)
    assert deadline.due_on == date.fromisoformat(due)
    assert f"往前推{Span.parse(ahead).words.zh}：{due}" in said(deadline)


def test_a_reminder_in_working_days_is_counted_back_on_the_calendar() -> None:
    reminder = start(date(2025, 9, 1), Span(39, "day"), published(), citation=RULE, ahead=Span(3, "workday"))
    assert reminder.due_on == date(2025, 9, 29)  # from Friday 10 October: the 9th, then 30 and 29 September
    beyond = in_office("2026-03-02", "3 year", ahead="3 workday")
    assert (beyond.due_on, beyond.unknown_year, beyond.provisional_on) == (None, 2029, date(2029, 2, 27))


def test_a_reminder_follows_an_extension_of_what_it_reminds_of() -> None:
    reminder = in_office("2026-03-02", "3 year", ahead="3 month")
    assert extend(reminder, Span(6, "month"), "正在改制", published()).due_on == date(2029, 6, 2)


def test_a_day_on_record_that_is_not_today_is_explained() -> None:
    late = in_office("2026-03-02", "3 year", recorded_on="2026-03-20")
    assert late.due_on == date(2029, 3, 2)
    assert "2026-03-20（周五）登记，按登记的日期2026-03-02（周一）起算" in said(late)
    assert in_office("2026-03-02", "3 year", recorded_on="2026-03-02").recorded_on is None


DAYS = st.dates(date(2019, 1, 1), date(2025, 6, 30))
SPANS = st.builds(
    Span,
    st.integers(1, 24),
    st.sampled_from(["day", "workday", "month"]),
    st.booleans(),
).filter(lambda span: span.unit != "month" or span.amount < 7)


@given(on=DAYS, span=SPANS, wait=st.integers(0, 300), pause=st.integers(0, 60), more=st.none() | SPANS)
def test_suspending_and_resuming_never_shortens(
    on: date, span: Span, wait: int, pause: int, more: Span | None
) -> None:
    deadline = start(on, span, published(), citation=RULE)
    if more is not None:
        deadline = extend(deadline, more, "案情复杂", published())
    stopped = on + timedelta(days=wait)
    again = resume(suspend(deadline, stopped), stopped + timedelta(days=pause), published())
    if deadline.due_on is None or again.due_on is None:
        assert 2027 in (deadline.unknown_year, again.unknown_year)
        return
    assert again.due_on >= deadline.due_on
    if stopped > deadline.due_on:
        assert again.due_on == deadline.due_on
    else:
        assert again.due_on >= stopped + timedelta(days=pause)
    assert recompute(again, published()) == again


@given(on=DAYS, span=SPANS.filter(lambda span: span.unit != "workday"), ahead=st.none() | SPANS)
def test_an_exact_deadline_is_always_known_unless_working_days_are_asked_for(
    on: date, span: Span, ahead: Span | None
) -> None:
    deadline = start(on, span, published().guessing(), citation=RULE, ahead=ahead, exact=True)
    if ahead is None:
        assert deadline.due_on == span.after(on)
    else:
        assert deadline.due_on is not None and deadline.due_on < span.after(on)
    assert from_json(to_json(deadline)) == deadline


@given(on=DAYS, span=SPANS)
def test_computing_again_changes_nothing(on: date, span: Span) -> None:
    deadline = start(on, span, published(), citation=RULE)
    assert recompute(deadline, published()) == deadline
    if deadline.due_on is not None and span.roll:
        assert published().is_workday(deadline.due_on)
        assert deadline.due_on > on
