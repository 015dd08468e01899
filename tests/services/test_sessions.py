"""What a person may do about his own way in, and what the security administrator does for him: every change of who may come
in ends the sign-ins that stood before, at once."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from services.access import resets
from services.access.accounts import ISSUED_PASSWORD_LIVES, create_account, disable_account
from services.access.passwords import hashed, matches
from services.access.second_factor import SECONDS
from services.access.sessions import end_session, own_sessions, sign_out
from services.access.sign_in import (
    Admitted,
    Owes,
    begin_enrolment,
    change_password,
    confirm_enrolment,
    owes,
    renew_password,
    show_code,
    sign_in,
)
from services.access.tallies import LOCKED_FOR, TRIES
from services.access.tokens import AT_THE_DOOR, Purpose, issue_office_token, who_is
from services.actor import SERVICE, Actor
from services.clock import SettableClock
from services.db.models.access import Journal
from services.db.models.directory import Account
from services.directory.bodies import create_body
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN
from workflows.errors import Fault

NAME, PASSWORD, NEW = "li.fang", "chuan-ying 2204 qu", "songhua jiang 1948"
WRONG = "not the password at all"
SECURITY = Actor(9, 9, "security", "security.220204", "security", "220204", address="192.0.2.1")


class House:
    """A federation with one account, a clock, and what a browser or client would do at the door."""

    def __init__(self, runtime: Runtime, clock: SettableClock) -> None:
        self.runtime, self.clock = runtime, clock
        with runtime.writing(SERVICE) as unit:
            create_body(unit, "union", "220204", "船营区总工会")
            create_account(unit, NAME, "union.220204", PASSWORD)

    def enter(self, password: str = PASSWORD) -> Admitted:
        return sign_in(self.runtime, NAME, password, Purpose.ACCESS)

    def admits(self, token: str) -> bool:
        try:
            with self.runtime.reading(SERVICE) as unit:
                return who_is(unit, token).name == NAME
        except Fault as fault:
            assert fault.code == "signed_out"
            return False

    def actor(self, token: str) -> Actor:
        with self.runtime.reading(SERVICE) as unit:
            return who_is(unit, token)

    def enrol(self) -> pyotp.TOTP:
        """An authenticator is in use afterwards, and the clock stands in its next half minute."""
        token = self.enter().token
        told = begin_enrolment(self.runtime, token, PASSWORD)
        authenticator = pyotp.TOTP(told.secret)
        confirm_enrolment(self.runtime, token, self.code(authenticator), Purpose.ACCESS)
        self.clock.advance(timedelta(seconds=2 * SECONDS))
        return authenticator

    def code(self, authenticator: pyotp.TOTP, later: int = 0) -> str:
        return str(authenticator.at(self.clock.now(), counter_offset=later))

    def journal(self) -> list[tuple[str, str, str]]:
        with self.runtime.reading(SERVICE) as unit:
            rows = unit.db.execute(
                select(Journal.what, Journal.result, Journal.actor).order_by(Journal.id)
            ).all()
        return [(row.what, row.result, row.actor) for row in rows if row.what not in ("body.create",)]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Fault) as told:
        act()
    return told.value.code


@pytest.fixture
def house(make_runtime: Callable[..., Runtime]) -> House:
    clock = SettableClock(BEGAN)
    return House(make_runtime(clock=clock), clock)


@pytest.fixture
def strict_house(house: House, database_settings: Settings, make_runtime: Callable[..., Runtime]) -> House:
    """The same house, where everybody needs a second factor."""
    house.runtime.settings = database_settings.model_copy(update={"second_factor": "required"})
    return house


# -- one's own sign-ins -------------------------------------------------------------------------------


def test_a_person_sees_where_he_is_signed_in_and_ends_one_of_them(house: House) -> None:
    here = sign_in(house.runtime, NAME, PASSWORD, Purpose.ACCESS, "192.0.2.7").token
    house.clock.advance(timedelta(minutes=2))
    there = sign_in(house.runtime, NAME, PASSWORD, Purpose.SESSION, "198.51.100.9").token
    with house.runtime.reading(house.actor(here)) as unit:
        found = own_sessions(unit, here)
    assert [(one.purpose, one.address, one.current) for one in found] == [
        ("session", "198.51.100.9", False),
        ("access", "192.0.2.7", True),
    ]
    assert all(here not in one.id and there not in one.id for one in found)
    with house.runtime.writing(house.actor(here)) as unit:
        end_session(unit, found[0].id, here)
    assert house.admits(here) and not house.admits(there)
    with house.runtime.writing(house.actor(here)) as unit:
        end_session(unit, "current", here)
    assert not house.admits(here)


def test_nobody_ends_or_sees_the_sign_in_of_somebody_else(house: House) -> None:
    with house.runtime.writing(SERVICE) as unit:
        create_account(unit, "wang.wu", "union.220204", NEW)
    mine = house.enter().token
    other = sign_in(house.runtime, "wang.wu", NEW, Purpose.ACCESS).token
    with house.runtime.reading(house.actor(other)) as unit:
        (theirs,) = own_sessions(unit, other)
    with house.runtime.writing(house.actor(mine)) as unit:
        assert [one.current for one in own_sessions(unit, mine)] == [True]
        assert refused(lambda: end_session(unit, theirs.id, mine)) == "not_found"
    assert house.actor(other).name == "wang.wu"


def test_what_is_over_or_not_yet_begun_is_no_sign_in(house: House) -> None:
    house.enrol()
    token = house.enter().token  # half way: the code is owed
    with house.runtime.reading(SERVICE) as unit:
        key = unit.db.scalar(select(Account.id))
    me = Actor(key, 1, NAME, "union.220204", "union", "220204")
    house.clock.advance(timedelta(minutes=15))
    with house.runtime.reading(me) as unit:
        assert own_sessions(unit, token) == []


def test_signing_out_ends_the_token_and_is_written_down(house: House) -> None:
    token = house.enter().token
    sign_out(house.runtime, token, "192.0.2.7")
    sign_out(house.runtime, "never issued", "192.0.2.7")
    assert not house.admits(token)
    assert house.journal()[-1] == ("sign_out", "done", NAME)


# -- passwords ----------------------------------------------------------------------------------------


def test_a_new_password_ends_every_sign_in_and_goes_on_under_a_new_token(house: House) -> None:
    mine, other = house.enter().token, house.enter().token
    fresh = change_password(house.runtime, mine, PASSWORD, NEW, Purpose.ACCESS).token
    assert (house.admits(fresh), house.admits(mine), house.admits(other)) == (True, False, False)
    assert refused(house.enter) == "credentials"
    assert house.admits(house.enter(NEW).token)
    assert ("account.password", "done", NAME) in house.journal()


def test_a_new_password_needs_the_old_one_and_wrong_ones_are_counted(house: House) -> None:
    token = house.enter().token

    def tries() -> str:
        return refused(lambda: change_password(house.runtime, token, WRONG, NEW, Purpose.ACCESS))

    assert {tries() for _ in range(TRIES)} == {"password_wrong"}
    assert tries() == "locked_out" and refused(house.enter) == "locked_out"


def test_a_new_password_is_really_new_and_cannot_be_guessed(house: House) -> None:
    token = house.enter().token
    for new in (PASSWORD, "password", "li.fang"):
        code = refused(lambda new=new: change_password(house.runtime, token, PASSWORD, new, Purpose.ACCESS))
        assert code == "password_weak"
    assert house.admits(token)


def test_an_issued_password_opens_only_the_choice_of_a_new_one(house: House) -> None:
    before = house.enter().token
    with house.runtime.writing(SECURITY) as unit:
        issued = resets.reset_password(unit, NAME)
    assert not house.admits(before) and refused(house.enter) == "credentials"
    admitted = house.enter(issued)
    assert admitted.owes is Owes.PASSWORD and not house.admits(admitted.token)

    def renew(new: str) -> Admitted:
        return renew_password(house.runtime, admitted.token, new, Purpose.ACCESS)

    assert refused(lambda: renew(issued)) == "password_weak"
    assert house.admits(renew(NEW).token)
    assert refused(lambda: renew(PASSWORD)) == "signed_out"  # it serves once
    assert house.enter(NEW).owes is None


def test_an_issued_password_is_good_for_some_days_only(house: House) -> None:
    with house.runtime.writing(SECURITY) as unit:
        issued = resets.reset_password(unit, NAME)
    house.clock.advance(ISSUED_PASSWORD_LIVES)
    assert refused(lambda: house.enter(issued)) == "credentials"


@pytest.mark.parametrize(
    "deed",
    [resets.reset_password, resets.sign_out_everywhere, disable_account],
    ids=lambda deed: deed.__name__,
)
def test_a_machine_is_out_with_its_account(house: House, deed: Callable[..., object]) -> None:
    with house.runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220204", "船营区市场监督管理局")
        create_account(unit, "machine", "registry.220204", None)
        token = issue_office_token(unit, "machine")
    assert house.actor(token).name == "machine"
    with house.runtime.writing(SECURITY) as unit:
        deed(unit, "machine")
    assert refused(lambda: house.actor(token)) == "signed_out"


@pytest.mark.parametrize("weak", [False, True])
def test_a_password_that_is_reset_while_it_is_proven_opens_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, weak: bool
) -> None:
    """Comparing takes longer than all the rest, and a better hash of the old password is not put in the new one's place."""
    issued = list[str]()
    if weak:
        kept = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        with house.runtime.writing(SERVICE) as unit:
            unit.db.execute(update(Account).values(password_hash=kept))

    def meanwhile(kept: str | None, password: str) -> bool:
        right = matches(kept, password)
        with house.runtime.writing(SECURITY) as unit:
            issued.append(resets.reset_password(unit, NAME))
        return right

    with monkeypatch.context() as patch:
        patch.setattr("services.access.sign_in.matches", meanwhile)
        assert refused(house.enter) == "credentials"
    assert house.enter(issued[0]).owes is Owes.PASSWORD


def test_a_new_password_does_not_take_the_place_of_one_that_came_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, other = house.enter().token, hashed("the one that came first", account=NAME)

    def meanwhile(new: str, account: str, field: str) -> str:
        with house.runtime.writing(SERVICE) as unit:
            unit.db.execute(update(Account).values(password_hash=other))
        return hashed(new, account=account, field=field)

    monkeypatch.setattr("services.access.sign_in.hashed", meanwhile)
    assert (
        refused(lambda: change_password(house.runtime, token, PASSWORD, NEW, Purpose.ACCESS)) == "signed_out"
    )
    with house.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(Account.password_hash)) == other


@pytest.mark.parametrize(
    "deed",
    [
        lambda unit: resets.reset_password(unit, NAME),
        lambda unit: resets.take_off_second_factor(unit, NAME),
        lambda unit: resets.sign_out_everywhere(unit, NAME),
        lambda unit: resets.bind(unit, NAME, "https://login.example", "1"),
        lambda unit: resets.unbind(unit, NAME),
        lambda unit: disable_account(unit, NAME),
    ],
    ids=["password", "authenticator", "sign-out", "bind", "unbind", "disable"],
)
def test_only_the_security_administrator_helps_and_each_help_ends_what_stood_before(
    house: House, deed: Callable[..., object]
) -> None:
    token = house.enter().token
    for kind, division, code in (
        ("union", "220204", "not_permitted"),
        ("admin", "220204", "not_permitted"),
        ("security", "220202", "account_unknown"),
    ):
        stranger = Actor(8, 8, "x", f"{kind}.{division}", kind, division)
        with house.runtime.writing(stranger) as unit:
            assert refused(lambda unit=unit: deed(unit)) == code
    assert house.admits(token)
    with house.runtime.writing(SECURITY) as unit:
        deed(unit)
    assert not house.admits(token)
    assert house.journal()[-1][2] == SECURITY.name


# -- the second factor --------------------------------------------------------------------------------


def test_an_authenticator_is_asked_for_once_it_was_confirmed(house: House) -> None:
    authenticator = house.enrol()
    admitted = house.enter()
    assert admitted.owes is Owes.CODE and not house.admits(admitted.token)
    with house.runtime.reading(SERVICE) as unit:
        assert owes(unit, admitted.token) is Owes.CODE
    inside = show_code(house.runtime, admitted.token, house.code(authenticator), Purpose.ACCESS)
    assert house.admits(inside.token) and not house.admits(admitted.token)
    assert [what for what, *_ in house.journal()][-2:] == ["sign_in.half", "sign_in"]


def test_a_code_is_never_taken_twice_nor_one_before_it(house: House) -> None:
    authenticator = house.enrol()
    code, before = house.code(authenticator), house.code(authenticator, -1)
    first, second = house.enter().token, house.enter().token
    assert show_code(house.runtime, first, code, Purpose.ACCESS).owes is None
    for spent in (code, before):
        tried = lambda spent=spent: show_code(house.runtime, second, spent, Purpose.ACCESS)  # noqa: E731
        assert refused(tried) == "code_wrong"
    house.clock.advance(timedelta(seconds=SECONDS))
    assert show_code(house.runtime, second, house.code(authenticator), Purpose.ACCESS).owes is None


def test_the_code_that_confirmed_an_authenticator_is_spent(house: House) -> None:
    token = house.enter().token
    authenticator = pyotp.TOTP(begin_enrolment(house.runtime, token, PASSWORD).secret)
    code = house.code(authenticator)
    confirm_enrolment(house.runtime, token, code, Purpose.ACCESS)
    half = house.enter().token
    assert refused(lambda: show_code(house.runtime, half, code, Purpose.ACCESS)) == "code_wrong"


@pytest.mark.parametrize(("later", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(house: House, later: int, taken: bool) -> None:
    authenticator = house.enrol()
    house.clock.advance(timedelta(minutes=5))
    half, code = house.enter().token, house.code(authenticator, later)
    if taken:
        assert show_code(house.runtime, half, code, Purpose.ACCESS).owes is None
    else:
        assert refused(lambda: show_code(house.runtime, half, code, Purpose.ACCESS)) == "code_wrong"


@pytest.mark.parametrize("code", ["", "1", "abcdef", "１２３４５６", "0000000", "\ud800", "9" * 10_000])
def test_what_is_no_code_is_a_wrong_one(house: House, code: str) -> None:
    house.enrol()
    half = house.enter().token
    assert refused(lambda: show_code(house.runtime, half, code, Purpose.ACCESS)) == "code_wrong"


def test_wrong_codes_lock_the_account_and_a_right_password_does_not_start_the_count_again(
    house: House,
) -> None:
    """Whoever knows the password would otherwise guess codes for ever, nine at a time."""
    authenticator = house.enrol()
    tries = []
    for _ in range(TRIES):
        half = house.enter().token
        wrong = house.code(authenticator, 20)
        tries.append(
            refused(lambda half=half, wrong=wrong: show_code(house.runtime, half, wrong, Purpose.ACCESS))
        )
    assert set(tries) == {"code_wrong"}
    right = house.code(authenticator)
    assert refused(lambda: show_code(house.runtime, half, right, Purpose.ACCESS)) == "locked_out"
    assert refused(house.enter) == "locked_out"
    house.clock.advance(LOCKED_FOR)
    again = house.enter().token
    assert show_code(house.runtime, again, house.code(authenticator), Purpose.ACCESS).owes is None


def test_half_a_sign_in_opens_nothing_and_is_soon_over(house: House) -> None:
    authenticator = house.enrol()
    half = house.enter().token
    for act in (
        lambda: change_password(house.runtime, half, PASSWORD, NEW, Purpose.ACCESS),
        lambda: renew_password(house.runtime, half, NEW, Purpose.ACCESS),
    ):
        assert refused(act) == "signed_out"
    house.clock.advance(AT_THE_DOOR)
    late = house.code(authenticator)
    assert refused(lambda: show_code(house.runtime, half, late, Purpose.ACCESS)) == "signed_out"


def test_an_account_closed_half_way_stays_closed(house: House) -> None:
    authenticator = house.enrol()
    half = house.enter().token
    with house.runtime.writing(SERVICE) as unit:
        disable_account(unit, NAME)
    code = house.code(authenticator)
    assert refused(lambda: show_code(house.runtime, half, code, Purpose.ACCESS)) == "signed_out"


def test_an_authenticator_is_set_up_with_the_password_and_not_over_another(house: House) -> None:
    token = house.enter().token
    assert refused(lambda: begin_enrolment(house.runtime, token, WRONG)) == "password_wrong"
    told = begin_enrolment(house.runtime, token, PASSWORD)
    assert begin_enrolment(house.runtime, token, PASSWORD) == told
    assert told.address.startswith("otpauth://totp/Gongjian:li.fang?secret=") and len(told.secret) == 32
    untaken = refused(lambda: confirm_enrolment(house.runtime, token, "000000", Purpose.ACCESS))
    assert untaken == "code_unconfirmed"
    assert house.enter().owes is None  # not confirmed, not asked for
    fresh = confirm_enrolment(house.runtime, token, house.code(pyotp.TOTP(told.secret)), Purpose.ACCESS).token
    assert house.admits(fresh) and not house.admits(token)
    assert refused(lambda: begin_enrolment(house.runtime, fresh, PASSWORD)) == "factor_exists"
    code = house.code(pyotp.TOTP(told.secret), 1)
    assert refused(lambda: confirm_enrolment(house.runtime, fresh, code, Purpose.ACCESS)) == "factor_exists"


def test_the_secret_of_an_authenticator_is_kept_sealed(house: House) -> None:
    told = begin_enrolment(house.runtime, house.enter().token, PASSWORD)
    with house.runtime.reading(SERVICE) as unit:
        kept = unit.db.scalar(select(Account.totp_secret))
    assert kept is not None and told.secret.encode() not in bytes(kept)


def test_where_it_is_required_nobody_comes_in_without_a_second_factor(strict_house: House) -> None:
    admitted = strict_house.enter()
    assert admitted.owes is Owes.ENROLMENT and not strict_house.admits(admitted.token)
    told = begin_enrolment(strict_house.runtime, admitted.token)
    code = strict_house.code(pyotp.TOTP(told.secret))
    inside = confirm_enrolment(strict_house.runtime, admitted.token, code, Purpose.SESSION)
    assert strict_house.admits(inside.token)
    assert strict_house.enter().owes is Owes.CODE


def test_whoever_issued_a_password_never_knows_the_secret_that_is_confirmed(strict_house: House) -> None:
    """He sees one at the door with the password that he issued, and waits; the person is shown another, and he no longer."""
    with strict_house.runtime.writing(SECURITY) as unit:
        issued = resets.reset_password(unit, NAME)
    his = strict_house.enter(issued).token
    seen = begin_enrolment(strict_house.runtime, his)
    persons = strict_house.enter(issued).token
    shown = begin_enrolment(strict_house.runtime, persons)
    assert shown.secret != seen.secret
    assert refused(lambda: begin_enrolment(strict_house.runtime, his)) == "signed_out"
    stale = strict_house.code(pyotp.TOTP(seen.secret))
    untaken = refused(lambda: confirm_enrolment(strict_house.runtime, persons, stale, Purpose.ACCESS))
    assert untaken == "code_unconfirmed"


def test_a_secret_that_nobody_confirmed_is_forgotten_with_the_password(house: House) -> None:
    begin_enrolment(house.runtime, house.enter().token, PASSWORD)
    with house.runtime.writing(SECURITY) as unit:
        resets.reset_password(unit, NAME)
    with house.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(Account.totp_secret)) is None


def test_a_reset_while_the_password_is_proven_shows_no_secret(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = house.enter().token

    def meanwhile(kept: str | None, password: str) -> bool:
        right = matches(kept, password)
        with house.runtime.writing(SECURITY) as unit:
            resets.reset_password(unit, NAME)
        return right

    monkeypatch.setattr("services.access.sign_in.matches", meanwhile)
    assert refused(lambda: begin_enrolment(house.runtime, token, PASSWORD)) == "signed_out"
    with house.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(Account.totp_secret)) is None


def test_an_authenticator_that_was_in_use_outlasts_a_reset(house: House) -> None:
    house.enrol()
    with house.runtime.writing(SECURITY) as unit:
        resets.reset_password(unit, NAME)
    with house.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(Account.totp_secret)) is not None


def test_an_issued_password_and_a_code_are_both_asked_for_the_code_first(house: House) -> None:
    authenticator = house.enrol()
    with house.runtime.writing(SECURITY) as unit:
        issued = resets.reset_password(unit, NAME)
    half = house.enter(issued)
    assert half.owes is Owes.CODE
    assert refused(lambda: renew_password(house.runtime, half.token, NEW, Purpose.ACCESS)) == "signed_out"
    next_one = show_code(house.runtime, half.token, house.code(authenticator), Purpose.ACCESS)
    assert next_one.owes is Owes.PASSWORD and not house.admits(next_one.token)
    assert house.admits(renew_password(house.runtime, next_one.token, NEW, Purpose.ACCESS).token)


def test_a_lost_authenticator_is_taken_off_and_another_set_up(house: House) -> None:
    lost = house.enrol()
    with house.runtime.writing(SECURITY) as unit:
        resets.take_off_second_factor(unit, NAME)
    token = house.enter()
    assert token.owes is None
    told = begin_enrolment(house.runtime, token.token, PASSWORD)
    assert told.secret != lost.secret


# -- the journal --------------------------------------------------------------------------------------


def test_every_try_to_come_in_is_written_down_and_what_a_stranger_types_is_not(house: House) -> None:
    house.enter()
    for name in (NAME, "geheim-typed-as-a-name"):
        with pytest.raises(Fault):
            sign_in(house.runtime, name, WRONG, Purpose.ACCESS, "192.0.2.7")
    for _ in range(TRIES):
        refused(lambda: house.enter(WRONG))
    told = [line for line in house.journal() if line[0].startswith("sign_in")]
    assert told[:3] == [
        ("sign_in", "done", NAME),
        ("sign_in", "refused", NAME),
        ("sign_in", "refused", "?"),
    ]
    with house.runtime.reading(SERVICE) as unit:
        lines = unit.db.execute(select(Journal.about, Journal.detail, Journal.address)).all()
    assert "geheim" not in str(lines) and WRONG not in str(lines)
    assert {line.detail.get("code") for line in lines} >= {"credentials", "locked_out"}


@pytest.mark.parametrize("name", ["", "x" * 256, "\x00", "中", "a\nb"])
def test_an_identity_that_no_provider_would_give_is_refused(house: House, name: str) -> None:
    with house.runtime.writing(SECURITY) as unit:
        assert refused(lambda: resets.bind(unit, NAME, "https://login.example", name)) == "value_bad"
        assert refused(lambda: resets.bind(unit, NAME, name, "1")) == "value_bad"
