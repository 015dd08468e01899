"""The settings, and the file that explains them."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from services.settings import Limits, Settings, SingleSignOn

SECRET = "abcdefgh" * 4
EXAMPLE = Path(__file__).parent.parent / "deploy" / "env.example"


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _expected():
        monkeypatch.delenv(name, raising=False)


def _expected() -> dict[str, str]:
    """Each variable with its default as one would write it."""
    found: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            found |= {f"GONGJIAN_{name}__{key}".upper(): _written(value) for key, value in field.default}
        else:
            found[f"GONGJIAN_{name.upper()}"] = _written(field.default)
    return found


def _written(value: object) -> str:
    return "" if value is None else str(value)


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
        policies=tmp_path / "editions",
        port=8123,
        broker_url="amqps://u:p@broker.example/v",
        secret_key=SecretStr(SECRET),
        limits=Limits.model_validate({"event_bytes": "1MiB"}),
        oidc=SingleSignOn(issuer="https://login.example", client_id="gongjian", client_secret=SecretStr("x")),
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
        ("SECRET_KEY", "s" * 32),
        ("SECRET_KEY", "change-this-to-a-secret-of-your-own-please"),
        ("SECRET_KEY", f"{SECRET} short"),  # of several keys, each must be worth the name
        ("FLOWER_PASSWORD", "flower"),
        ("FLOWER_PASSWORD", "changemechangeme"),
        ("HASH_ALGORITHM", "md5"),
        ("WORKER_CONCURRENCY", "0"),
        ("SESSIONS__IDLE_MINUTES", "0"),
        ("SESSIONS__LONGEST_HOURS", "25"),
        ("SECOND_FACTOR", "maybe"),
        ("OIDC__ISSUER", "http://login.example"),
        ("OIDC__ISSUER", "https://login.example/?tenant=1"),
        ("OIDC__ISSUER", "https://login.example"),  # as whom?
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


PG = "postgresql+psycopg://gongjian:secret@"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"{PG}db.example/gongjian"),
        ("DATABASE_URL", f"{PG}10.0.0.7:5432/gongjian"),
        ("DATABASE_URL", f"{PG}db.example/gongjian?sslmode=require"),  # TLS with anybody at all
        ("DATABASE_URL", f"{PG}db.example/gongjian?sslmode=verify-ca"),
        ("DATABASE_URL", f"{PG}/gongjian?host=db.example"),
        ("DATABASE_URL", f"{PG}127.0.0.1/gongjian?host=db.example"),
        ("DATABASE_URL", f"{PG}/gongjian?host=127.0.0.1:5432&host=db.example:5432"),
        ("DATABASE_URL", f"{PG}127.0.0.1/gongjian?hostaddr=10.0.0.7"),
        ("DATABASE_URL", f"{PG}127.0.0.1.example/gongjian"),
        ("BROKER_URL", "amqp://gongjian:secret@mq.example/gongjian"),
        ("BROKER_URL", "amqp://gongjian:secret@127.0.0.1.example/gongjian"),
        ("BROKER_URL", "amqps://guest:guest@mq.example/gongjian"),
        ("BROKER_URL", "amqps://mq.example/gongjian"),
    ],
)
def test_nothing_goes_in_the_clear_to_another_machine(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GONGJIAN_{name}", value)
    with pytest.raises(ValidationError, match=f"GONGJIAN_{name}") as refused:
        Settings()
    assert "secret" not in str(refused.value) and "example" not in str(refused.value)
    if value.startswith(("postgresql", "amqp:")):
        assert Settings(insecure_dev=True).insecure_dev


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"{PG}db.example/gongjian?sslmode=verify-full"),
        ("DATABASE_URL", f"{PG}127.0.0.1:5432/gongjian"),
        ("DATABASE_URL", f"{PG}[::1]/gongjian"),
        ("DATABASE_URL", f"{PG}/gongjian?host=/var/run/postgresql"),
        ("DATABASE_URL", f"{PG}/gongjian"),
        ("DATABASE_URL", "sqlite:////srv/gongjian.db"),
        ("BROKER_URL", "amqps://gongjian:secret@mq.example/gongjian"),
        ("BROKER_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    ],
)
def test_tls_and_this_machine_are_well(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"GONGJIAN_{name}", value)
    assert not Settings().insecure_dev


def test_the_places_own_editions_lie_in_the_home_unless_said_otherwise() -> None:
    assert Settings(home=Path("var")).editions == Path("var/policies")
    assert Settings(home=Path("var"), policies=Path("/srv/policies")).editions == Path("/srv/policies")
    told = Settings(home=Path("var"), policies=Path("editions")).as_environment()
    assert told["GONGJIAN_POLICIES"] == str(Path("editions").absolute()), "a child runs in another folder"


def test_secrets_are_not_shown() -> None:
    assert SECRET not in repr(Settings(secret_key=SecretStr(SECRET)))


def test_the_home_and_its_folders_are_for_this_user_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    for folder in (settings.folder("run"), settings.home):
        assert folder.stat().st_mode & 0o777 == 0o700
