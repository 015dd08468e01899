"""Every knob of the house, typed, with units in the types; read once from `GONGJIAN_*` in the environment."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ByteSize, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LogLevel = Literal["debug", "info", "warning", "error"]


class Limits(BaseModel):
    """The largest thing the counter takes in, in bytes (`256KiB` and `20MiB` may be written too)."""

    model_config = ConfigDict(frozen=True)

    event_bytes: ByteSize = Field(default=ByteSize(256 * 1024), gt=0)
    upload_bytes: ByteSize = Field(default=ByteSize(20 * 1024 * 1024), gt=0)
    list_bytes: ByteSize = Field(default=ByteSize(50_000_000), gt=0)


class Settings(BaseSettings):
    """Safe as it stands: one machine, embedded parts, everything on loopback, no password in the box."""

    model_config = SettingsConfigDict(
        env_prefix="GONGJIAN_", env_nested_delimiter="__", frozen=True, hide_input_in_errors=True
    )

    home: Path = Path("var")
    database_url: str | None = None
    broker_url: str | None = None
    port: int = Field(default=8000, ge=1, le=65535)
    flower_port: int = Field(default=5555, ge=1, le=65535)
    secret_key: SecretStr | None = None
    time_zone: str = "Asia/Shanghai"
    worker_concurrency: int = Field(default=2, ge=1, le=64)
    flower_user: str = "gongjian"
    flower_password: SecretStr | None = None
    log_level: LogLevel = "info"
    hash_algorithm: Literal["sha256", "sm3"] = "sha256"
    limits: Limits = Limits()

    @property
    def database(self) -> str:
        """The database to use: the given one, or one SQLite file under the home."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'gongjian.db'}"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which legal days are counted."""
        return ZoneInfo(self.time_zone)

    def folder(self, name: str) -> Path:
        """A folder under the home, for this user's eyes only; it exists afterwards."""
        for path in (self.home, self.home / name):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.home / name

    def as_environment(self) -> dict[str, str]:
        """The same settings as `GONGJIAN_*` variables, for a child process in another folder."""
        found: dict[str, str] = {}
        for name, value in self.model_dump(exclude_none=True).items():
            if isinstance(value, dict):
                found |= {f"GONGJIAN_{name}__{key}".upper(): str(int(inner)) for key, inner in value.items()}
            else:
                found[f"GONGJIAN_{name}".upper()] = _plain(value)
        return found | {"GONGJIAN_HOME": str(self.home.absolute())}

    @field_validator("database_url", "broker_url", "secret_key", "flower_password", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("broker_url")
    @classmethod
    def _a_broker_we_know(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"amqp", "amqps"}:
            raise ValueError(
                "GONGJIAN_BROKER_URL must be amqp:// or amqps:// (RabbitMQ); unset means the embedded broker"
            )
        return value

    @field_validator("time_zone")
    @classmethod
    def _a_zone_that_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as absent:
            raise ValueError(f"there is no time zone named {value!r}") from absent
        return value

    @model_validator(mode="after")
    def _secrets_worth_the_name(self) -> Self:
        for name, secret, least in (
            ("SECRET_KEY", self.secret_key, 32),
            ("FLOWER_PASSWORD", self.flower_password, 12),
        ):
            if secret is not None and len(secret.get_secret_value()) < least:
                raise ValueError(f"GONGJIAN_{name} is too short: at least {least} characters")
        if self.hash_algorithm == "sm3":
            _prove_sm3()
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read at the first call and the same ever after."""
    return Settings()


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _prove_sm3() -> None:
    try:
        hashlib.new("sm3", b"")
    except ValueError as absent:
        raise ValueError("GONGJIAN_HASH_ALGORITHM=sm3: this machine's OpenSSL has no SM3") from absent
