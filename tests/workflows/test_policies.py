"""What holds where and when: editions inherited from the nation down to the town, dated, cited, and never changed."""

from datetime import date
from fractions import Fraction

import pytest

from tests.workflows.lives import COUNTY, MONDAY, TOWN, book, edition, nation
from workflows.policies.book import Book, lineage, published, read_edition
from workflows.spans import Span

BEGUN, LATER = date(2026, 3, 2), date(2026, 9, 1)
HEAD = '[edition]\ndivision = "220204"\neffective = 2026-01-01\ntitle = "试验用"\n'


def local(text: str) -> Book:
    return Book((nation(), read_edition(HEAD + text, where="220204.toml")))


def test_the_nation_holds_where_no_place_has_decided() -> None:
    policy = published().policy(TOWN, BEGUN)
    assert policy.number("union.min_committee") == 25
    assert policy.span("notice.period") == Span(30, "day")
    assert policy.span("union.formation.deadline") is None
    assert policy.fraction("union.elect.quorum") == Fraction(2, 3)
    assert policy.words("intake.categories") == ("91",)


def test_every_value_names_its_source() -> None:
    for setting in published().policy(TOWN, BEGUN).all():
        assert setting.source.strip(), setting.key
    with pytest.raises(ValueError, match=r"lead\.revisit has no source"):
        local('[lead.revisit]\nvalue = "3 month"\n')


def test_the_nearer_place_wins_and_its_neighbours_are_untouched() -> None:
    long_ago = date(2000, 1, 1)
    policies = book(
        edition("220000", long_ago, {"lead.max_attempts": 3, "notice.period": "20 day"}),
        edition("220200", long_ago, {"lead.max_attempts": 4}),
        edition(COUNTY, long_ago, {"lead.max_attempts": 5}),
        edition(TOWN, long_ago, {"lead.max_attempts": 6}),
    )

    def attempts(division: str) -> int:
        return policies.policy(division, BEGUN).number("lead.max_attempts")

    assert [attempts(place) for place in ("140000", "220000", "220300", "220200", "220202", COUNTY)] == [
        2,
        3,
        3,
        4,
        4,
        5,
    ]
    assert [attempts(place) for place in (f"{COUNTY}103", TOWN, f"{TOWN}001")] == [5, 6, 6]
    town = policies.policy(TOWN, BEGUN)
    assert (town.setting("lead.max_attempts").division, town.setting("notice.period").division) == (
        TOWN,
        "220000",
    )
    assert town.setting("lead.revisit").division == "000000"


@pytest.mark.parametrize(
    ("division", "places"),
    [
        ("000000", ("000000",)),
        ("220000", ("000000", "220000")),
        ("220200", ("000000", "220000", "220200")),
        (COUNTY, ("000000", "220000", "220200", COUNTY)),
        (f"{TOWN}001", ("000000", "220000", "220200", COUNTY, TOWN)),
    ],
)
def test_a_place_inherits_from_those_above_it(division: str, places: tuple[str, ...]) -> None:
    assert lineage(division) == places


def test_a_new_edition_is_for_what_begins_under_it() -> None:
    policies = book(edition(COUNTY, LATER, {"lead.max_attempts": 9}))
    begun_before = policies.policy(TOWN, BEGUN, today=date(2026, 12, 1))
    assert begun_before.number("lead.max_attempts") == 2
    assert policies.policy(TOWN, LATER).number("lead.max_attempts") == 9
    assert policies.policy(TOWN, date(2026, 8, 31)).number("lead.max_attempts") == 2


def test_a_new_edition_may_say_that_it_holds_for_pending_cases_from_its_day_on() -> None:
    policies = book(edition(COUNTY, LATER, {"lead.max_attempts": 9}, pending=True))
    assert policies.policy(TOWN, BEGUN, today=date(2026, 8, 31)).number("lead.max_attempts") == 2
    assert policies.policy(TOWN, BEGUN, today=LATER).number("lead.max_attempts") == 9


def test_of_one_place_the_latest_edition_that_has_begun_wins_key_by_key() -> None:
    policies = book(
        edition(COUNTY, date(2026, 2, 1), {"lead.max_attempts": 4}),
        edition(COUNTY, date(2020, 1, 1), {"lead.max_attempts": 3, "notice.period": "20 day"}),
    )
    policy = policies.policy(COUNTY, BEGUN)
    assert (policy.number("lead.max_attempts"), policy.span("notice.period")) == (4, Span(20, "day"))
    assert policy.label == "000000@1992-04-03+220204@2020-01-01+220204@2026-02-01"


def test_an_enterprise_older_than_every_edition_still_has_the_nations_values() -> None:
    assert published().policy(TOWN, date(1980, 1, 1)).number("union.min_committee") == 25


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[lead.revisits]\nvalue = "3 month"\nsource = "x"\n', "no such keys .*lead.revisits"),
        ('[lead.max_attempts]\nvalue = "two"\nsource = "x"\n', "lead.max_attempts must be a number"),
        ('[lead.max_attempts]\nvalue = true\nsource = "x"\n', "lead.max_attempts must be a number"),
        ('[lead.revisit]\nvalue = "三个月"\nsource = "x"\n', "lead.revisit must be none or a span"),
        ("[lead.revisit]\nvalue = 3\nsource = 'x'\n", "lead.revisit must be none or a span"),
        ('[union.elect.quorum]\nvalue = "half"\nsource = "x"\n', "union.elect.quorum must be a share"),
        ('[union.elect.quorum]\nvalue = "1/0"\nsource = "x"\n', "union.elect.quorum must be a share"),
        ('[liaison.own_allowed]\nvalue = 1\nsource = "x"\n', "liaison.own_allowed must be true or false"),
        ('[intake.categories]\nvalue = "91"\nsource = "x"\n', "intake.categories must be a list of words"),
        ("[lead.revisit]\nvalue = 1.5\nsource = 'x'\n", "must be a number, a word"),
        ('[lead]\nrevisit = "3 month"\n', "write value and source"),
        ('[party.elect]\nvalue = "60 day"\nsource = "x"\nquorum = "1/2"\n', "cannot hold others"),
    ],
)
def test_an_edition_with_a_mistake_is_refused_by_the_name_of_its_key(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        local(text)


@pytest.mark.parametrize(
    "head",
    [
        "",
        '[edition]\ndivision = "220204"\neffective = 2026-01-01\n',
        '[edition]\neffective = 2026-01-01\ntitle = "x"\n',
        '[edition]\ndivision = 220204\neffective = 2026-01-01\ntitle = "x"\n',
        '[edition]\ndivision = "220204"\neffective = "2026-01-01"\ntitle = "x"\n',
    ],
)
def test_an_edition_without_its_head_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match="needs division, effective and title"):
        read_edition(head, where="x.toml")


def test_whether_pending_cases_are_meant_is_said_plainly() -> None:
    with pytest.raises(ValueError, match="applies_to_pending is true or false"):
        read_edition(HEAD + 'applies_to_pending = "false"\n', where="x.toml")


def test_a_book_without_the_nation_is_refused() -> None:
    with pytest.raises(ValueError, match="national edition"):
        Book((edition(COUNTY, BEGUN, {}),))


def test_a_procedure_that_asks_for_what_the_book_does_not_hold_is_wrong() -> None:
    policy = published().policy(TOWN, MONDAY)
    with pytest.raises(KeyError):
        policy.number("union.minimum")
    for ask in (policy.number, policy.words):
        with pytest.raises(TypeError):
            ask("formation.order")
    with pytest.raises(TypeError):
        policy.word("union.min_committee")
