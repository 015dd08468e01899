"""What places have decided for themselves, as it ships: each number at its boundary, and nobody else's numbers moved."""

from datetime import date, timedelta

import pytest

from services.directory.divisions import find
from tests.workflows.lives import MONDAY, Life, book, step_of
from workflows.definition import Situation
from workflows.events import Scalar
from workflows.policies.book import Book, published, shipped
from workflows.policies.model import NATION, Edition, Policy
from workflows.policies.sheet import read_edition
from workflows.runner import why_not
from workflows.spans import Span

BEIJING, SHANGHAI, CHONGQING, HENAN, ZHENGZHOU = "110000", "310000", "500000", "410000", "410100"
HEFEI, NINGDE, QIANNAN, FUTIAN = "340100", "350900", "522700", "440304"
LOCAL = [edition for edition in shipped() if edition.division != NATION]


def there(division: str, on: date = MONDAY) -> Policy:
    return published().policy(division, on)


def named(edition: Edition) -> str:
    return edition.where


@pytest.mark.parametrize("edition", LOCAL, ids=named)
def test_an_edition_is_filed_under_its_place_and_day_and_titled_in_both_languages(edition: Edition) -> None:
    assert edition.where == f"{edition.division}-{edition.effective:%Y-%m}.toml"
    assert find(edition.division) is not None
    zh, _, en = edition.title.partition(" / ")
    assert any("\u4e00" <= char <= "\u9fff" for char in zh)
    assert en and not any("\u4e00" <= char <= "\u9fff" for char in en)
    assert not edition.applies_to_pending
    for setting in edition.settings.values():
        assert setting.source.startswith("K"), f"{setting.key} rests on no source of the field"


@pytest.mark.parametrize("edition", LOCAL, ids=named)
def test_until_its_day_the_place_has_what_stands_above_it(edition: Edition) -> None:
    before = there(edition.division, edition.effective - timedelta(days=1))
    since = there(edition.division, edition.effective)
    for key, setting in edition.settings.items():
        assert before.setting(key).division != edition.division
        assert since.setting(key) == setting


# -- women workers' committees ---------------------------------------------------------------------

WOMEN = [
    # place, threshold, who is counted, source
    (NATION, 10, "members"),  # the charter
    (SHANGHAI, 25, "members"),
    (BEIJING, 25, "workers"),
    (CHONGQING, 10, "members"),
    (HENAN, 10, "members"),
    (ZHENGZHOU, 25, "workers"),
]


@pytest.mark.rule("U-18")
@pytest.mark.parametrize(("division", "threshold", "base"), WOMEN)
def test_how_many_women_call_for_a_committee_and_which_women_are_counted(
    division: str, threshold: int, base: str
) -> None:
    policy = there(division)
    assert (policy.number("union.women.threshold"), policy.word("union.women.base")) == (threshold, base)


@pytest.mark.rule("U-18")
@pytest.mark.parametrize("women", [9, 10, 24, 25])
@pytest.mark.parametrize(("division", "threshold", "base"), WOMEN)
def test_one_womens_member_is_enough_up_to_the_threshold_of_the_place(
    division: str, threshold: int, base: str, women: int
) -> None:
    """不足 (fewer than) excludes the number: at the threshold itself a committee is due. Only the place's base counts."""
    counts = {"women_members": women, "women_workers": 40}
    if base == "workers":
        counts = {"women_members": 1, "women_workers": women}
    facts: dict[str, Scalar] = {"union_kind": "committee", "audit_body": True, "women_body": "one_member"}
    situation = Situation(facts | counts, there(division), MONDAY)
    reason = why_not(step_of("union", "complete_set_up"), situation)
    if women < threshold:
        assert reason is None
    else:
        who = {"members": "女会员", "workers": "女职工"}[base]
        assert reason is not None and f"{who}达到{threshold}人，应建立女职工委员会" in reason.zh


# -- the other numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("division", "deadline"),
    [
        (NATION, None),
        ("220204", None),
        (SHANGHAI, Span(6, "month")),
        (BEIJING, Span(6, "month")),
        (CHONGQING, Span(1, "year")),
        (HENAN, Span(1, "year")),
        (ZHENGZHOU, Span(1, "year")),
    ],
)
def test_only_some_places_say_by_when_a_union_should_be_founded(division: str, deadline: Span | None) -> None:
    assert there(division).span("union.formation.deadline") == deadline


@pytest.mark.rule("L-9")
def test_only_chongqing_issues_an_opinion_letter_and_only_after_a_year() -> None:
    chongqing = there("500229")
    assert chongqing.word("union.assent") == "建立工会意见书"
    assert chongqing.span("union.opinion.after") == Span(1, "year")
    assert chongqing.word("notice.instrument") == "建会通知书"
    for division in (NATION, SHANGHAI, BEIJING, HENAN, "220204"):
        assert there(division).word("union.assent") == "none"
        assert there(division).span("union.opinion.after") is None


def test_silence_is_consent_in_shanghai_alone_and_there_for_the_transfer_of_a_chair_alone() -> None:
    for edition in shipped():
        policy = there(edition.division)
        deemed = policy.setting("union.chair_transfer.deemed_consent").value
        assert deemed is (edition.division == SHANGHAI)
    consents = {key for edition in shipped() for key in edition.settings if "consent" in key}
    assert consents == {"union.chair_transfer.deemed_consent"}


@pytest.mark.rule("T-10")
def test_a_vacant_chair_is_filled_within_three_months_by_henans_and_chongqings_own_rule() -> None:
    for division in (HENAN, CHONGQING):
        setting = there(division).setting("vacancy.max")
        assert (setting.value, setting.division) == ("3 month", division)


@pytest.mark.parametrize(
    ("division", "units", "term", "enterprises", "visits"),
    [
        ("220204", 5, None, 0, Span(3, "month")),
        ("340104", 10, Span(2, "year"), 3, Span(3, "month")),  # a district of Hefei
        ("350902", 5, None, 0, Span(3, "month")),  # of Ningde
        ("522701", 5, None, 0, Span(15, "day")),  # of Qiannan
    ],
)
def test_joint_branches_and_liaisons_are_as_the_city_has_them(
    division: str, units: int, term: Span | None, enterprises: int, visits: Span
) -> None:
    policy = there(division)
    assert policy.number("party.joint.max_units") == units
    assert policy.span("liaison.term") == term
    assert policy.number("liaison.max_enterprises") == enterprises
    assert policy.span("liaison.visit_interval") == visits


@pytest.mark.parametrize(
    ("members", "nation_wide", "futian"),
    [
        (10, (1, 1), (1, 1)),
        (11, (1, 1), (3, 3)),
        (24, (1, 1), (3, 3)),
        (25, (3, 7), (3, 3)),
        (26, (3, 7), (3, 5)),
        (100, (3, 7), (3, 5)),
        (101, (3, 7), (5, 7)),
        (200, (3, 7), (5, 7)),
        (201, (7, 15), (7, 9)),
        (500, (7, 15), (7, 9)),
        (501, (7, 15), (9, 15)),
        (1000, (7, 15), (9, 15)),
        (1001, (15, 21), (15, 21)),
        (10_001, (29, 37), (29, 37)),
        (50_000, (29, 37), (29, 37)),
        (50_001, (29, 37), (37, 45)),
    ],
)
def test_a_committee_in_futian_is_sized_by_futians_table_and_next_door_by_the_nations(
    members: int, nation_wide: tuple[int, int], futian: tuple[int, int]
) -> None:
    assert there("440304001").band("union.committee.sizes", members) == futian
    for elsewhere in ("440303", "440300", NATION):
        assert there(elsewhere).band("union.committee.sizes", members) == nation_wide


# -- inheritance -----------------------------------------------------------------------------------


def test_a_district_of_zhengzhou_has_its_citys_numbers_then_its_provinces_then_the_nations() -> None:
    policy = there("410105")
    assert policy.setting("union.women.threshold").division == ZHENGZHOU
    assert policy.setting("vacancy.max").division == HENAN
    assert policy.setting("union.min_committee").division == NATION
    assert policy.label == "000000@1992-04-03+410000@2005-01-01+410100@1994-07-06"


def test_what_zhengzhou_decided_holds_nowhere_else_in_henan() -> None:
    kaifeng = there("410202")
    assert (kaifeng.number("union.women.threshold"), kaifeng.word("union.women.base")) == (10, "members")


# -- pending cases ---------------------------------------------------------------------------------

BEGAN, CHANGED = MONDAY, date(2026, 6, 1)


def stricter(pending: str) -> Book:
    """Henan takes the threshold down to eight, from June on."""
    sheet = f"""
        [edition]
        division = "410000"
        effective = 2026-06-01
        title = "试验用 / for the test"
        {pending}
        union.women.threshold = {{value = 8, source = "试验"}}
    """
    return book(read_edition(sheet, where="410000-2026-06.toml"))


def committee_is_due(policies: Book, began: date, today: date) -> bool:
    """Nine women, in a proceeding of Kaifeng begun then and looked at today."""
    life = Life.standing_in("union", "established", union_kind="committee", women_members=9)
    life.policies, life.today, life.case.division = policies, today, "410202"
    standing = life.standing("union")
    standing.began_on = began
    form: dict[str, Scalar] = {"audit_body": True, "women_body": "one_member"}
    return (
        why_not(step_of("union", "complete_set_up"), life.unfolding().situation(standing, extra=form))
        is not None
    )


@pytest.mark.parametrize("pending", ["", "applies_to_pending = false"])
def test_a_new_edition_leaves_what_began_before_it_alone(pending: str) -> None:
    policies = stricter(pending)
    assert not committee_is_due(policies, BEGAN, BEGAN)
    assert not committee_is_due(policies, BEGAN, CHANGED + timedelta(days=300))
    assert not committee_is_due(policies, CHANGED - timedelta(days=1), CHANGED)
    assert committee_is_due(policies, CHANGED, CHANGED)


def test_a_new_edition_that_says_so_reaches_what_is_pending_from_its_day_on_and_not_before() -> None:
    policies = stricter("applies_to_pending = true")
    assert not committee_is_due(policies, BEGAN, CHANGED - timedelta(days=1))
    assert committee_is_due(policies, BEGAN, CHANGED)
    assert committee_is_due(policies, CHANGED, CHANGED)
