"""What holds where and when: editions inherited from the nation down to the town, dated, cited, and never changed."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.workflows.lives import COUNTY, MONDAY, TOWN, book, edition, nation
from workflows.policies.bands import Bands
from workflows.policies.book import Book, lineage, published, shipped
from workflows.policies.kinds import WITHOUT_CALENDAR
from workflows.policies.model import EditionFault
from workflows.policies.sheet import read_edition, read_folder
from workflows.spans import Span
from workflows.words import Text

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


def test_what_a_value_rests_on_is_said_in_both_languages() -> None:
    """The reader of a Chinese page is shown the source of each value, and no English there; the English one is no Chinese sentence."""
    for one in shipped():
        for setting in one.settings.values():
            text = Text.read(setting.source)
            assert re.search(r"[\u4e00-\u9fff]", text.zh) or text.zh == text.en == "K40", setting.key
            assert not re.search(r"\b[a-z]{3,}", text.zh) and text.en != text.zh, setting.key
            assert not re.search(r"[。，；：]", text.en), setting.key


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
    ("key", "entry", "why"),
    [
        ("lead.revisits", '{value = "3 month", source = "x"}', "is unknown"),
        ("lead.max_attempts", '{value = "two", source = "x"}', "must be a number"),
        ("lead.max_attempts", '{value = true, source = "x"}', "must be a number"),
        ("lead.max_attempts", '{value = -1, source = "x"}', "must not be below 0"),
        ("lead.max_attempts", "{value = 1}", "has no source"),
        ("lead.max_attempts", '{value = 1, source = ""}', "has no source"),
        ("lead.revisit", '{value = "三个月", source = "x"}', "must be none or a span"),
        ("lead.revisit", '{value = 3, source = "x"}', "must be none or a span"),
        ("lead.revisit", '{value = 1.5, source = "x"}', "must be a number, a word"),
        ("lead.revisit", '{value = "", source = "x"}', "must be a number, a word"),
        ("lead.revisit", '"3 month"', "is not whole: write value and source"),
        ("lead.revisit", "{}", "is not whole: write value and source"),
        ("union.elect.quorum", '{value = "half", source = "x"}', "must be a share"),
        ("union.elect.quorum", '{value = "1/0", source = "x"}', "must be a share"),
        ("liaison.own_allowed", '{value = 1, source = "x"}', "must be true or false"),
        ("intake.categories", '{value = "91", source = "x"}', "must be a list of words"),
        ("formation.order", '{value = "a word nobody knows", source = "x"}', "must be one of union_first"),
        ("union.women.base", '{value = "worker", source = "x"}', "must be one of members, workers"),
        ("union.women.base", '{value = "members", choices = [], source = "x"}', "cannot hold choices"),
        ("union.assent", '{value = 3, source = "x"}', "must be a word"),
        ("notice.instrument", '{value = "none", source = "x"}', "must be a word"),
        (
            "party.elect",
            '{value = "60 day", source = "x", quorum = "1/2"}',
            "has a value, so a key with a value",
        ),
        ("union.delegates.from", '{value = [[0, 1, 1]], source = "x"}', "must be a number"),
        ("union.delegates.sizes", '{value = 30, source = "x"}', "must be a table of bands"),
        ("union.delegates.sizes", '{value = ["30"], source = "x"}', "must be a table of bands"),
        ("union.delegates.sizes", '{value = [[0, 1]], source = "x"}', "must be a number, a word"),
        ("union.delegates.sizes", '{value = [[0, 1, true]], source = "x"}', "must be a number, a word"),
        (
            "union.delegates.sizes",
            '{value = [[9, 1, 1]], source = "x"}',
            "must end with a row that begins with 0",
        ),
        ("union.delegates.sizes", '{value = [[9, 1, 1], [9, 2, 2], [0, 3, 3]], source = "x"}', "must rise"),
        ("union.delegates.sizes", '{value = [[0, 1, 1], [0, 3, 3]], source = "x"}', "must rise"),
        (
            "union.delegates.sizes",
            '{value = [[9, 2, 1], [0, 3, 3]], source = "x"}',
            "must give the least before",
        ),
    ],
)
def test_a_line_with_a_mistake_is_refused_by_its_file_and_key_in_both_languages(
    key: str, entry: str, why: str
) -> None:
    with pytest.raises(EditionFault) as refused:
        local(f"{key} = {entry}\n")
    assert refused.value.text.en.startswith(f"220204.toml: {key} {why}")
    assert refused.value.text.zh.startswith(f"220204.toml：{key} ")
    assert refused.value.text.zh.endswith("。")


def test_a_line_written_both_under_the_head_and_by_itself_is_refused() -> None:
    line = 'lead.max_attempts = {value = 4, source = "x"}\n'
    assert local(line).policy(COUNTY, BEGUN).number("lead.max_attempts") == 4
    with pytest.raises(EditionFault, match=r"lead\.max_attempts is written twice"):
        local(f'{line}[lead.max_attempts]\nvalue = 5\nsource = "x"\n')


def test_a_word_of_its_own_is_free_only_where_the_nation_leaves_it_free() -> None:
    letter = local('union.assent = {value = "建会意见书", source = "x"}\n').policy(COUNTY, BEGUN)
    assert letter.word("union.assent") == "建会意见书"
    form = local('leading.group.template = {value = "002", source = "x"}\n').policy(COUNTY, BEGUN)
    assert form.word("leading.group.template") == "002"


# -- tables of bands -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "committee"),
    [
        (1, (1, 1)),
        (24, (1, 1)),
        (25, (3, 7)),  # the 25th member calls for a committee (Trade Union Law Art 11)
        (26, (3, 7)),
        (200, (3, 7)),
        (201, (7, 15)),
        (1000, (7, 15)),
        (1001, (15, 21)),
        (5000, (15, 21)),
        (10_000, (21, 29)),
        (10_001, (29, 37)),
        (1_000_000, (29, 37)),
    ],
)
def test_a_table_says_how_many_are_due_for_how_many(members: int, committee: tuple[int, int]) -> None:
    assert published().policy(TOWN, BEGUN).band("union.committee.sizes", members) == committee


@pytest.mark.parametrize(
    ("members", "delegates"),
    [
        (100, (30, 40)),
        (200, (30, 40)),
        (201, (40, 60)),
        (1000, (40, 60)),
        (1001, (60, 90)),
        (50_001, (180, 240)),
    ],
)
def test_delegates_are_counted_by_the_2019_table(members: int, delegates: tuple[int, int]) -> None:
    policy = published().policy(TOWN, BEGUN)
    assert members >= policy.number("union.delegates.from")
    assert policy.band("union.delegates.sizes", members) == delegates


def test_a_table_is_shown_as_a_person_would_write_it() -> None:
    assert str(Bands(((25, 1, 1), (0, 3, 7)))) == "<= 25: 1; above: 3-7"


# -- the sheet -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "",
        '[edition]\ndivision = "220204"\neffective = 2026-01-01\n',
        '[edition]\neffective = 2026-01-01\ntitle = "x"\n',
        '[edition]\ndivision = 220204\neffective = 2026-01-01\ntitle = "x"\n',
        '[edition]\ndivision = "220204"\neffective = "2026-01-01"\ntitle = "x"\n',
        "edition = 3\n",
    ],
)
def test_an_edition_without_its_head_is_refused(head: str) -> None:
    with pytest.raises(EditionFault, match=r"x\.toml: \[edition\] needs division, effective and title"):
        read_edition(head, where="x.toml")


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (HEAD.replace("220204", "2202"), "x.toml: division must be a division of 6 or 9 digits."),
        (HEAD.replace("220204", "２２０２０４"), "x.toml: division must be a division of 6 or 9 digits."),
        (
            HEAD.replace("2026-01-01", "2026-01-01T08:00:00"),
            "x.toml: effective must be a day, without a time.",
        ),
        (HEAD + "applies_to_pendng = true\n", "x.toml: applies_to_pendng is not whole"),
        ("[edition\n", "x.toml: not valid TOML"),
        ("[edition]\ntitle = ", "x.toml: not valid TOML"),
    ],
)
def test_a_head_that_is_wrong_is_refused_by_what_is_wrong_in_it(head: str, why: str) -> None:
    with pytest.raises(EditionFault) as refused:
        read_edition(head, where="x.toml")
    assert refused.value.text.en.startswith(why)
    assert refused.value.text.zh.startswith("x.toml：")


def test_a_folder_is_read_by_its_toml_files_whatever_editor_wrote_them(tmp_path: Path) -> None:
    (tmp_path / "220204.toml").write_text(HEAD, "utf-8-sig")
    (tmp_path / "220205.toml").write_bytes(HEAD.replace("220204", "220205").replace("\n", "\r\n").encode())
    (tmp_path / ".220206.toml").write_text("half saved", "utf-8")
    (tmp_path / "notes.txt").write_text("to do", "utf-8")
    assert [one.division for one in read_folder(tmp_path)] == ["220204", "220205"]
    (tmp_path / "220207.toml").write_bytes(HEAD.encode("gb18030"))
    with pytest.raises(EditionFault, match=r"220207\.toml: is not UTF-8"):
        read_folder(tmp_path)


def test_whether_pending_cases_are_meant_is_said_plainly() -> None:
    with pytest.raises(EditionFault, match="applies_to_pending is true or false"):
        read_edition(HEAD + 'applies_to_pending = "false"\n', where="x.toml")


def test_a_book_without_the_nation_is_refused() -> None:
    with pytest.raises(ValueError, match="national edition"):
        Book((edition(COUNTY, BEGUN, {}),))


def test_one_place_has_one_edition_of_one_day() -> None:
    twice = (read_edition(HEAD, where="a.toml"), read_edition(HEAD, where="b.toml"))
    with pytest.raises(
        EditionFault, match=r"b\.toml: effective 220204 has an edition of 2026-01-01 already \(a\.toml\)"
    ):
        Book((nation(), *twice))
    assert Book((nation(), twice[0], read_edition(HEAD.replace("01-01", "01-02"), where="c.toml")))


def test_nothing_of_the_nation_stands_before_its_first_edition() -> None:
    early = HEAD.replace("220204", "000000").replace("2026-01-01", "1990-01-01")
    with pytest.raises(
        EditionFault, match=r"early\.toml: effective is earlier than the nation's first edition"
    ):
        Book((nation(), read_edition(early, where="early.toml")))
    assert Book((nation(),)).first == nation().effective


def test_the_editions_in_force_are_named_in_the_order_in_which_they_overrule() -> None:
    policies = book(edition(COUNTY, date(2020, 1, 1), {}), edition("220000", LATER, {}))
    assert [one.division for one in policies.in_force(TOWN, BEGUN)] == ["000000", COUNTY]
    assert [one.division for one in policies.in_force(TOWN, LATER)] == ["000000", "220000", COUNTY]


def test_a_procedure_that_asks_for_what_the_book_does_not_hold_is_wrong() -> None:
    policy = published().policy(TOWN, MONDAY)
    with pytest.raises(KeyError):
        policy.number("union.minimum")
    for ask in (policy.number, policy.words):
        with pytest.raises(TypeError):
            ask("formation.order")
    with pytest.raises(TypeError):
        policy.word("union.min_committee")
    with pytest.raises(TypeError, match="not a table of bands"):
        policy.band("union.min_committee", 25)
    with pytest.raises(TypeError):
        policy.words("union.committee.sizes")


@pytest.mark.parametrize("key", sorted(WITHOUT_CALENDAR))
def test_what_is_counted_backwards_is_not_set_in_working_days(key: str) -> None:
    """A reminder ten working days ahead of a term of office would need a calendar that nobody has published yet."""
    with pytest.raises(ValueError, match="not in working days"):
        book(edition(COUNTY, BEGUN, {key: "10 workday"}))
    book(edition(COUNTY, BEGUN, {key: "10 day"}))
