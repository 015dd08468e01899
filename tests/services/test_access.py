"""Accounts, passwords and tokens: who gets in, for how long, and what a stranger can learn."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, select, update

from services.access.accounts import create_account, disable_account
from services.access.passwords import generated, hashed, matches
from services.access.sign_in import sign_in
from services.access.tallies import LOCKED_FOR, TRIES, TRIES_OF_AN_ADDRESS
from services.access.tokens import Purpose, issue_office_token, present, revoke, who_is
from services.actor import SERVICE, Actor
from services.clock import SettableClock
from services.db.models.casework import WorkItem
from services.db.models.directory import Account, Token
from services.directory.bodies import create_body
from services.runtime import Runtime
from tests.builders import BEGAN, Town
from workflows.errors import Fault

NAME, PASSWORD = "li.fang", "chuan-ying 2204 qu"
WRONG = "not the password at all"


class Office:
    """A federation with one account, and a clock."""

    def __init__(self, runtime: Runtime, clock: SettableClock) -> None:
        self.runtime, self.clock = runtime, clock
        with runtime.writing(SERVICE) as unit:
            create_body(unit, "union", "220204", "船营区总工会")
            create_account(unit, NAME, "union.220204", PASSWORD)

    def enter(self, password: str = PASSWORD, name: str = NAME) -> str:
        return sign_in(self.runtime, name, password, Purpose.ACCESS).token

    def refuses(self, password: str = PASSWORD, name: str = NAME) -> str:
        with pytest.raises(Fault) as told:
            self.enter(password, name)
        return told.value.code

    def who(self, token: str) -> Actor:
        with self.runtime.reading(SERVICE) as unit:
            return who_is(unit, token)

    def seen_until(self, token: str, span: timedelta) -> None:
        """The token is used again and again for so long."""
        end = self.clock.now() + span
        while end - self.clock.now() > timedelta(minutes=10):
            self.clock.advance(timedelta(minutes=10))
            present(self.runtime, token)
        self.clock.advance(end - self.clock.now())

    def turns_away(self, token: str) -> bool:
        with pytest.raises(Fault) as told:
            self.who(token)
        return told.value.code == "signed_out"

    def account(self) -> tuple[str, int]:
        with self.runtime.reading(SERVICE) as unit:
            row = unit.db.execute(
                select(Account.password_hash, Account.failed).where(Account.name == NAME)
            ).one()
        return str(row.password_hash), row.failed


@pytest.fixture
def office(make_runtime: Callable[..., Runtime]) -> Iterator[Office]:
    clock = SettableClock(BEGAN)
    yield Office(make_runtime(clock=clock), clock)


# -- passwords ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "passwordpassword",
        "Password2024!!",  # digits and marks at the end make it no better
        "gonghui220204",
        "monkeymonkeymonkey",
        "1234butterfly99",
        "123456789012",
        "ｐａｓｓｗｏｒｄ２０２４",  # the same in full width
        "abababababab",
        "li.fang12345",
        "longer than anybody types " * 20,
        "tab\tand\x00null here",
    ],
)
def test_a_password_that_can_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(Fault) as told:
        hashed(password, account=NAME)
    assert told.value.code == "password_weak"


@pytest.mark.parametrize(
    "password", ["union.220204102", "UNION.220204102!", "201402022.noinu", "union.999999"]
)
def test_an_account_is_no_password_for_itself(password: str) -> None:
    with pytest.raises(Fault) as told:
        hashed(password, account="union.220204102")
    assert told.value.code == "password_weak"


@pytest.mark.parametrize("password", ["gongjian-demo", PASSWORD, "松花江畔的十二个春天与秋天", generated()])
def test_a_long_password_is_kept_as_argon2id(password: str) -> None:
    kept = hashed(password, account=NAME)
    parameters = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$.+", kept)
    assert parameters is not None
    memory, passes, lanes = (int(found) for found in parameters.groups())
    assert memory >= 19 * 1024 and passes >= 2 and lanes == 1
    assert matches(kept, password) and not matches(kept, password + "x")


def test_the_same_word_typed_on_another_keyboard_is_the_same_password() -> None:
    assert matches(hashed("café tonghua lu", account=NAME), "cafe\u0301 tonghua lu")


def test_nothing_matches_an_account_without_a_password() -> None:
    assert not matches(None, PASSWORD)


# -- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", [Purpose.ACCESS, Purpose.SESSION])
def test_the_right_password_gives_a_token_for_half_a_day(office: Office, purpose: Purpose) -> None:
    admitted = sign_in(office.runtime, NAME, PASSWORD, purpose)
    token = admitted.token
    assert admitted.seconds == 12 * 3600 and admitted.owes is None and len(token) >= 43
    actor = office.who(token)
    assert (actor.name, actor.body_code, actor.kind, actor.division) == (
        NAME,
        "union.220204",
        "union",
        "220204",
    )
    assert actor.body_name == "船营区总工会" and actor.account_id and actor.body_id
    office.seen_until(token, timedelta(hours=12) - timedelta(seconds=1))
    assert office.who(token) == actor
    office.clock.advance(timedelta(seconds=1))
    assert office.turns_away(token)


@pytest.mark.parametrize("purpose", [Purpose.ACCESS, Purpose.SESSION])
def test_a_sign_in_without_a_sign_of_life_is_over_after_a_quarter_of_an_hour(
    office: Office, purpose: Purpose
) -> None:
    token = sign_in(office.runtime, NAME, PASSWORD, purpose).token
    office.seen_until(token, timedelta(hours=1))
    present(office.runtime, token)
    office.clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert office.who(token).name == NAME
    office.clock.advance(timedelta(seconds=1))
    assert office.turns_away(token)


def test_a_sign_of_life_is_written_down_once_a_minute_only(office: Office) -> None:
    token = office.enter()

    def seen() -> object:
        with office.runtime.reading(SERVICE) as unit:
            return unit.db.scalar(select(Token.seen_at))

    office.clock.advance(timedelta(seconds=59))
    present(office.runtime, token)
    assert seen() is None
    office.clock.advance(timedelta(seconds=1))
    present(office.runtime, token)
    assert seen() == office.clock.now()


def test_a_password_never_gives_an_office_token(office: Office) -> None:
    with pytest.raises(ValueError, match="administrator"):
        sign_in(office.runtime, NAME, PASSWORD, Purpose.OFFICE)


def test_only_the_digest_of_a_token_is_kept(office: Office) -> None:
    token = office.enter()
    with office.runtime.reading(SERVICE) as unit:
        kept = [bytes(digest) for digest in unit.db.scalars(select(Token.digest))]
    assert len(kept) == 1 and len(kept[0]) == 32
    assert token.encode() not in kept[0]


def test_wrong_unknown_and_disabled_hear_the_same(office: Office) -> None:
    wrong = office.refuses(WRONG)
    unknown = office.refuses(WRONG, "nobody.here")
    strange = office.refuses(WRONG, "no such \x00 name " * 500)
    with office.runtime.writing(SERVICE) as unit:
        disable_account(unit, NAME)
    assert {wrong, unknown, strange, office.refuses()} == {"credentials"}


def test_ten_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(office: Office) -> None:
    assert {office.refuses(WRONG) for _ in range(TRIES)} == {"credentials"}
    assert office.refuses() == "locked_out"
    office.clock.advance(LOCKED_FOR - timedelta(seconds=1))
    assert office.refuses() == "locked_out"
    office.clock.advance(timedelta(seconds=1))
    assert office.account()[1] == 0
    assert office.who(office.enter()).name == NAME


@pytest.mark.parametrize(
    ("meanwhile", "code"), [("locked_until", "locked_out"), ("disabled_at", "credentials")]
)
def test_a_right_password_that_comes_too_late_opens_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, meanwhile: str, code: str
) -> None:
    """Many guesses at once: while this one was compared, the account was closed."""

    def compared(kept: str | None, password: str) -> bool:
        with office.runtime.writing(SERVICE) as unit:
            unit.db.execute(update(Account).values({meanwhile: unit.now + LOCKED_FOR}))
        return matches(kept, password)

    monkeypatch.setattr("services.access.sign_in.matches", compared)
    assert office.refuses() == code


def test_a_lock_says_how_long_it_lasts(office: Office) -> None:
    for _ in range(TRIES):
        office.refuses(WRONG)
    office.clock.advance(timedelta(seconds=30))
    with pytest.raises(Fault) as told:
        office.enter()
    assert "15分钟" in told.value.text.zh and "15 minutes" in told.value.text.en
    assert told.value.after == LOCKED_FOR.total_seconds() - 30


def test_a_name_is_typed_in_any_case(office: Office) -> None:
    assert office.who(office.enter(name=f" {NAME.upper()} ")).name == NAME
    assert {office.refuses(WRONG, NAME.title()) for _ in range(TRIES)} == {"credentials"}
    assert office.refuses(name=NAME) == "locked_out"


def test_a_right_password_begins_the_count_again(office: Office) -> None:
    for _ in range(TRIES - 1):
        office.refuses(WRONG)
    assert office.account()[1] == TRIES - 1
    office.enter()
    assert office.account()[1] == 0
    office.refuses(WRONG)
    assert office.who(office.enter()).name == NAME


def test_a_name_nobody_bears_locks_like_any_other(office: Office) -> None:
    assert {office.refuses(WRONG, "nobody.at.all") for _ in range(TRIES)} == {"credentials"}
    assert office.refuses(WRONG, "nobody.at.all") == "locked_out"
    assert office.refuses(WRONG, "somebody.else") == "credentials"
    office.clock.advance(LOCKED_FOR)
    assert office.refuses(WRONG, "nobody.at.all") == "credentials"


def test_thirty_wrong_tries_from_one_address_lock_it_whatever_name_they_were_for(office: Office) -> None:
    """One wrong try for each of many names locks no name, but it locks the address (password spraying)."""

    def at(address: str, name: str, password: str) -> str:
        with pytest.raises(Fault) as told:
            sign_in(office.runtime, name, password, Purpose.ACCESS, address)
        return told.value.code

    tries = [at("192.0.2.7", f"guess.{number}", WRONG) for number in range(TRIES_OF_AN_ADDRESS)]
    assert set(tries) == {"credentials"}
    assert at("192.0.2.7", NAME, PASSWORD) == "locked_out"
    assert sign_in(office.runtime, NAME, PASSWORD, Purpose.ACCESS, "192.0.2.8").owes is None
    office.clock.advance(LOCKED_FOR)
    assert sign_in(office.runtime, NAME, PASSWORD, Purpose.ACCESS, "192.0.2.7").owes is None


def test_an_address_that_errs_now_and_then_is_not_locked(office: Office) -> None:
    for number in range(2 * TRIES_OF_AN_ADDRESS):
        with pytest.raises(Fault) as told:
            sign_in(office.runtime, f"guess.{number}", WRONG, Purpose.ACCESS, "192.0.2.7")
        assert told.value.code == "credentials"
        office.clock.advance(timedelta(minutes=1))


def test_a_household_with_many_ipv6_addresses_is_one(office: Office) -> None:
    for number in range(TRIES_OF_AN_ADDRESS):
        with pytest.raises(Fault):
            sign_in(office.runtime, f"guess.{number}", WRONG, Purpose.ACCESS, f"2001:db8:0:7::{number:x}")
    with pytest.raises(Fault) as told:
        sign_in(office.runtime, NAME, PASSWORD, Purpose.ACCESS, "2001:db8:0:7:ffff::1")
    assert told.value.code == "locked_out"


def test_the_same_work_is_done_whether_or_not_an_account_exists(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RELIABILITY S03: nothing that takes time is left out or added, so that time tells nothing. A stopwatch in a test
    would measure the machine; here it is counted what is done: every statement, and every comparison of a hash."""
    done: list[str] = []

    def compared(kept: str | None, password: str) -> bool:
        done.append("hash")
        return matches(kept, password)

    monkeypatch.setattr("services.access.sign_in.matches", compared)
    with office.runtime.writing(SERVICE) as unit:
        create_account(unit, "closed", "union.220204", PASSWORD)
        disable_account(unit, "closed")
        create_account(unit, "machine", "union.220204", None)

    @event.listens_for(office.runtime.database.engine, "before_cursor_execute")
    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        done.append(statement)

    def work(name: str) -> list[str]:
        done.clear()
        assert office.refuses(WRONG, name) == "credentials"
        return list(done)

    known = work(NAME)
    assert known.count("hash") == 1 and len(known) > 3
    for name in ("nobody.timed", "closed", "machine"):
        assert work(name) == known, name


def test_an_old_hash_is_renewed_at_sign_in(office: Office) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with office.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Account).where(Account.name == NAME).values(password_hash=weak))
    office.enter()
    assert office.account()[0] != weak and "m=19456,t=2,p=1" in office.account()[0]
    assert office.who(office.enter()).name == NAME


# -- tokens -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "x", "字" * 10, "\ud800", "a" * 1_000_000])
def test_a_made_up_token_opens_nothing(office: Office, token: str) -> None:
    assert office.turns_away(token)


def test_an_office_token_lives_for_a_year_and_needs_no_password(office: Office) -> None:
    with office.runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220204", "船营区市场监督管理局")
        create_account(unit, "machine", "registry.220204", None)
        token = issue_office_token(unit, "machine")
    assert office.refuses("", "machine") == "credentials"
    office.clock.advance(timedelta(days=365) - timedelta(seconds=1))
    assert office.who(token).name == "machine"
    office.clock.advance(timedelta(seconds=1))
    assert office.turns_away(token)


def test_nobody_whose_house_reports_nothing_is_given_a_machines_token(office: Office) -> None:
    """It would live for a year beside the person's sign-ins, and no second factor would be asked of it."""
    with office.runtime.writing(SERVICE) as unit, pytest.raises(Fault) as told:
        issue_office_token(unit, NAME)
    assert (told.value.code, told.value.field) == ("value_bad", "name")
    with office.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(Token.digest)).all() == []


def test_a_revoked_token_opens_nothing_and_the_others_still_do(office: Office) -> None:
    mine, other = office.enter(), office.enter()
    with office.runtime.writing(SERVICE) as unit:
        revoke(unit, mine)
        revoke(unit, "never issued")
    assert office.turns_away(mine)
    assert office.who(other).name == NAME


def test_a_disabled_account_is_out_at_once(office: Office) -> None:
    token = office.enter()
    with office.runtime.writing(SERVICE) as unit:
        disable_account(unit, NAME)
        assert unit.db.scalars(select(Token.digest)).all() == []
    assert office.turns_away(token)
    with office.runtime.writing(SERVICE) as unit, pytest.raises(Fault) as told:
        issue_office_token(unit, NAME)
    assert told.value.code == "account_unknown"


def test_a_token_of_a_disabled_account_is_dead_even_if_it_was_left_behind(office: Office) -> None:
    token = office.enter()
    with office.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Account).where(Account.name == NAME).values(disabled_at=unit.now))
    assert office.turns_away(token)


def test_what_a_disabled_account_had_claimed_is_free_again(town: Town) -> None:
    town.enterprise()
    actor = town.hands.actor("union.220204102")
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(
            update(WorkItem).where(WorkItem.body_id == actor.body_id).values(assignee_id=actor.account_id)
        )
        disable_account(unit, "union.220204102")
        assert unit.db.scalars(
            select(WorkItem.assignee_id).where(WorkItem.body_id == actor.body_id)
        ).all() == [None]


# -- accounts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "ab", "Li.Fang", "li fang", "李芳", "-dash", "dot.", "a" * 61, "new\nline", "nul\x00l"]
)
def test_a_name_outside_the_alphabet_is_refused(office: Office, name: str) -> None:
    with office.runtime.writing(SERVICE) as unit, pytest.raises(Fault) as told:
        create_account(unit, name, "union.220204", None)
    assert (told.value.code, told.value.field) == ("value_bad", "name")


def test_a_fresh_house_has_no_account(make_runtime: Callable[..., Runtime]) -> None:
    with make_runtime().reading(SERVICE) as unit:
        assert unit.db.scalars(select(Account.name)).all() == []


def test_an_account_needs_a_body_and_a_name_of_its_own(office: Office) -> None:
    with office.runtime.writing(SERVICE) as unit:
        for code in ("union.220202", "\x00", ""):
            with pytest.raises(Fault) as told:
                create_account(unit, "somebody", code, None)
            assert told.value.code == "body_unknown"
        with pytest.raises(Fault) as told:
            create_account(unit, NAME, "union.220204", None)
        assert told.value.code == "account_exists"
        with pytest.raises(Fault) as told:
            disable_account(unit, "nobody.here")
        assert told.value.code == "account_unknown"


@pytest.mark.parametrize(
    ("kind", "division", "may"),
    [
        ("security", "220204", True),
        ("security", "220000", True),
        ("security", "220202", False),
        ("admin", "220204", False),
        ("union", "220204", False),
    ],
)
def test_only_the_security_administrator_of_the_place_makes_accounts(
    office: Office, kind: str, division: str, may: bool
) -> None:
    actor = Actor(1, 1, "someone", f"{kind}.{division}", kind, division)
    with office.runtime.writing(actor) as unit:
        if may:
            assert create_account(unit, "newcomer", "union.220204", None)
            return
        unseen = "account_unknown" if kind == "security" else "not_permitted"
        for forbidden, code in (
            (lambda: create_account(unit, "newcomer", "union.220204", None), "not_permitted"),
            (lambda: disable_account(unit, NAME), unseen),
            (lambda: issue_office_token(unit, NAME), unseen),
        ):
            with pytest.raises(Fault) as told:
                forbidden()
            assert told.value.code == code


def test_purposes_fit_their_column() -> None:
    assert all(len(purpose.value) <= 10 for purpose in Purpose)
