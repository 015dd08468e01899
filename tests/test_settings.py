"""The settings, and the file that explains them."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from services.settings import Limits, Settings

EXAMPLE = Path(__file__).parent.parent / "deploy" / "env.example"


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _expected():
        monkeypatch.delenv(name, raising=False)


def _expected() -> dict[str, str]:
    """Each variable with its default as one would write it."""
    found: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        if name == "limits":
            found |= {f"GONGJIAN_LIMITS__{key.upper()}": str(int(value)) for key, value in Limits()}
        else:
            found[f"GONGJIAN_{name.upper()}"] = "" if field.default is None else str(field.default)
    return found


def test_the_example_lists_every_setting_with_its_default_and_a_comment() -> None:
    blocks = [block.splitlines() for block in EXAMPLE.read_text().strip().split("\n\n")][1:]
    listed = {}
    for *comment, assignment in blocks:
        assert comment
        assert all(re.match(r"# [A-Za-z0-9]", line) for line in comment), assignment
        name, value = assignment.removeprefix("#").split("=", 1)
        listed[name] = value
    assert listed == _expected()


def test_the_example_uncommented_is_what_stands_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _expected().items():
        monkeypatch.setenv(name, value)
    assert Settings() == Settings.model_construct(**{n: f.default for n, f in Settings.model_fields.items()})


def test_a_child_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = Settings(
        home=tmp_path,
        port=8123,
        broker_url="amqps://u:p@broker.example/v",
        secret_key=SecretStr("s" * 32),
        limits=Limits.model_validate({"event_bytes": "1MiB"}),
    )
    for name, value in chosen.as_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings() == chosen


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("BROKER_URL", "redis://localhost"),
        ("TIME_ZONE", "Asia/Nowhere"),
        ("TIME_ZONE", "../etc/passwd"),
        ("SECRET_KEY", "changeme"),
        ("FLOWER_PASSWORD", "flower"),
        ("HASH_ALGORITHM", "md5"),
        ("WORKER_CONCURRENCY", "0"),
        ("LIMITS__EVENT_BYTES", "-1"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GONGJIAN_{name}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert value not in str(refused.value) or name not in {"SECRET_KEY", "FLOWER_PASSWORD"}


def test_secrets_are_not_shown() -> None:
    assert "s" * 32 not in repr(Settings(secret_key=SecretStr("s" * 32)))


def test_the_home_and_its_folders_are_for_this_user_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    for folder in (settings.folder("run"), settings.home):
        assert folder.stat().st_mode & 0o777 == 0o700
