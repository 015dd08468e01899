"""Secrets that must be read again lie sealed: by a key outside the database, each for its own row."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.access.sealed import (
    drop_older_keys,
    ensure_key,
    key_file,
    opened,
    renew_key,
    resealed,
    sealed,
)
from services.settings import Settings
from workflows.errors import Fault

HERE, OLD, NEW = "accounts:7", "an-older-key-of-more-than-32-letters", "a-newer-key-of-more-than-32-letters"
SECRET = b"JBSWY3DPEHPK3PXP"


def given(*keys: str) -> Settings:
    """Settings that hold the keys themselves, the newest first."""
    return Settings(home=Path("nowhere"), secret_key=SecretStr(" ".join(keys)))


@pytest.fixture
def at_home(home: Path) -> Settings:
    """A home whose key lies on file, as `gongjian up` leaves it."""
    settings = Settings(home=home, secret_key=None)
    ensure_key(settings)
    return settings


def refuses(settings: Settings, kept: bytes, about: str = HERE) -> str:
    with pytest.raises(Fault) as told:
        opened(settings, kept, about)
    return told.value.code


def test_what_was_sealed_opens_again_and_shows_nothing_of_itself() -> None:
    kept = sealed(given(NEW), SECRET, HERE)
    assert opened(given(NEW), kept, HERE) == SECRET
    assert SECRET not in kept and NEW.encode() not in kept


def test_the_same_secret_never_looks_the_same_twice() -> None:
    assert len({sealed(given(NEW), SECRET, HERE) for _ in range(50)}) == 50


def test_a_secret_moved_to_another_row_does_not_open() -> None:
    kept = sealed(given(NEW), SECRET, HERE)
    assert refuses(given(NEW), kept, "accounts:8") == "sealed_damaged"


def test_no_changed_bit_opens() -> None:
    """Of the key's id, the nonce, the text and the seal: each bit of each."""
    kept = sealed(given(NEW), SECRET, HERE)
    for place in range(len(kept) * 8):
        changed = bytearray(kept)
        changed[place // 8] ^= 1 << place % 8
        assert refuses(given(NEW), bytes(changed)) == ("secret_key_other" if place < 64 else "sealed_damaged")


@pytest.mark.parametrize("length", range(0, 52, 3))
def test_a_torn_secret_does_not_open(length: int) -> None:
    kept = sealed(given(NEW), SECRET, HERE)[:length]
    assert refuses(given(NEW), kept) in ("secret_key_other", "sealed_damaged")


def test_another_key_says_so() -> None:
    assert refuses(given(NEW), sealed(given(OLD), SECRET, HERE)) == "secret_key_other"


def test_an_older_key_still_opens_and_the_newest_seals() -> None:
    before = sealed(given(OLD), SECRET, HERE)
    assert opened(given(NEW, OLD), before, HERE) == SECRET
    after = sealed(given(NEW, OLD), SECRET, HERE)
    assert opened(given(NEW), after, HERE) == SECRET
    assert refuses(given(OLD), after) == "secret_key_other"


def test_what_lies_under_an_older_key_is_sealed_afresh_once() -> None:
    before = sealed(given(OLD), SECRET, HERE)
    after = resealed(given(NEW, OLD), before, HERE)
    assert after is not None and opened(given(NEW), after, HERE) == SECRET
    assert resealed(given(NEW, OLD), after, HERE) is None


def test_without_a_key_nothing_is_sealed_and_the_fault_says_what_to_do(home: Path) -> None:
    with pytest.raises(Fault) as told:
        sealed(Settings(home=home, secret_key=None), SECRET, HERE)
    assert told.value.code == "secret_key_absent"
    assert "GONGJIAN_SECRET_KEY" in told.value.text.zh and "gongjian up" in told.value.text.en


def test_the_key_on_file_is_made_once_and_is_for_this_user_alone(at_home: Settings) -> None:
    kept = sealed(at_home, SECRET, HERE)
    ensure_key(at_home)
    assert opened(at_home, kept, HERE) == SECRET
    assert key_file(at_home).stat().st_mode & 0o777 == 0o600
    assert key_file(at_home).parent.stat().st_mode & 0o777 == 0o700


def test_a_key_that_others_may_read_is_not_used(at_home: Settings) -> None:
    kept = sealed(at_home, SECRET, HERE)
    key_file(at_home).chmod(0o640)
    assert refuses(at_home, kept) == "secret_key_exposed"


def test_a_key_is_changed_under_a_running_service(at_home: Settings) -> None:
    """The settings object is the same throughout: no process was started anew."""
    before = sealed(at_home, SECRET, HERE)
    renew_key(at_home)
    assert opened(at_home, before, HERE) == SECRET
    after = resealed(at_home, before, HERE)
    assert after is not None
    drop_older_keys(at_home)
    assert opened(at_home, after, HERE) == SECRET
    assert refuses(at_home, before) == "secret_key_other"
    assert key_file(at_home).stat().st_mode & 0o777 == 0o600


def test_a_key_on_file_is_on_the_disk_before_it_takes_the_older_ones_place(
    at_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First what the file holds, then its name, then the folder that tells of the name."""
    told, forced, replace = list[str](), os.fsync, Path.replace

    def force(handle: int) -> None:
        told.append(Path(f"/proc/self/fd/{handle}").resolve().name)
        forced(handle)

    def take_place(draft: Path, path: Path) -> Path:
        told.append(f"{path.name} replaced")
        return replace(draft, path)

    monkeypatch.setattr(os, "fsync", force)
    monkeypatch.setattr(Path, "replace", take_place)
    for _ in range(2):
        renew_key(at_home)
    assert [one for one in told if not one.startswith("secret_key.")] == [
        "secret_key replaced",
        "secrets",
    ] * 2
    drafts = told[::3]
    assert len(set(drafts)) == 2 and all(one.startswith("secret_key.") for one in drafts)


def test_a_key_that_could_not_be_written_changes_nothing(
    at_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_file(at_home).read_text()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        renew_key(at_home)
    assert [one.name for one in key_file(at_home).parent.iterdir()] == ["secret_key"]
    assert key_file(at_home).read_text() == before


def test_a_key_in_the_settings_leaves_the_home_alone(home: Path) -> None:
    settings = Settings(home=home, secret_key=SecretStr(NEW))
    ensure_key(settings)
    assert not home.exists()
