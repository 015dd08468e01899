"""Every knob of the house, typed, with units in the types; read once from `GONGJIAN_*` in the environment."""

import hashlib
import re
from base64 import b64decode
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ByteSize, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LogLevel = Literal["debug", "info", "warning", "error"]

#: The only hosts that may be spoken to without TLS.
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Limits(BaseModel):
    """What the counter takes in: the largest thing in bytes (`256KiB` and `20MiB` may be written too), all documents of one
    account in an hour, the rows of a list that is brought to the page, the slowest in seconds, and how often: sign-ins a minute from one address, requests a second of one
    account and how many of them at once."""

    model_config = ConfigDict(frozen=True)

    event_bytes: ByteSize = Field(default=ByteSize(256 * 1024), gt=0)
    upload_bytes: ByteSize = Field(default=ByteSize(20 * 1024 * 1024), gt=0)
    upload_hour: ByteSize = Field(default=ByteSize(512 * 1024 * 1024), gt=0)
    list_bytes: ByteSize = Field(default=ByteSize(50_000_000), gt=0)
    list_rows: int = Field(default=5000, gt=0)
    body_seconds: int = Field(default=30, gt=0)
    upload_seconds: int = Field(default=300, gt=0)
    sign_in_rate: int = Field(default=60, gt=0)
    office_rate: int = Field(default=50, gt=0)
    office_burst: int = Field(default=200, gt=0)
    staff_rate: int = Field(default=20, gt=0)
    staff_burst: int = Field(default=60, gt=0)


class Sessions(BaseModel):
    """How long a sign-in holds: so long without a sign of life, and never longer than so long."""

    model_config = ConfigDict(frozen=True)

    idle_minutes: int = Field(default=15, ge=5, le=12 * 60)
    longest_hours: int = Field(default=12, ge=1, le=24)

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=self.longest_hours)


class SingleSignOn(BaseModel):
    """The OpenID provider that may tell us who somebody is; without an issuer there is none."""

    model_config = ConfigDict(frozen=True)

    issuer: str | None = None
    client_id: str = ""
    client_secret: SecretStr | None = None

    @field_validator("issuer", "client_secret", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _whole_and_private(self) -> Self:
        if self.issuer is None:
            return self
        address = urlsplit(self.issuer)
        local = address.scheme == "http" and address.hostname in LOOPBACK
        if not (address.scheme == "https" or local) or address.query or address.fragment:
            raise ValueError("GONGJIAN_OIDC__ISSUER must be an https:// address without a query")
        if not self.client_id:
            raise ValueError("GONGJIAN_OIDC__CLIENT_ID is missing")
        return self


class Channels(BaseModel):
    """How bodies are told outside these pages. `hosts` may be spoken to, and no others, separated by spaces; those of them in `inside`
    may lie in a private network, and `loopback` lets them be this machine, which only trials need. A try may last so many seconds; after
    so many tries, the second `wait_seconds` after the first and each further one about twice as much later, a person is told.

    `pages` is where people reach these pages, for links. E-mail goes by the SMTP server, short messages by the gateway; unset, there are
    none."""

    model_config = ConfigDict(frozen=True)

    hosts: str = "qyapi.weixin.qq.com oapi.dingtalk.com open.feishu.cn"
    inside: str = ""
    loopback: bool = False
    seconds: int = Field(default=10, ge=1, le=30)
    tries: int = Field(default=8, ge=1, le=20)
    wait_seconds: int = Field(default=30, ge=1, le=3600)
    pages: str | None = None
    smtp_host: str | None = None
    smtp_port: int = Field(default=465, ge=1, le=65535)
    smtp_tls: Literal["tls", "starttls", "off"] = "tls"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_sender: str = "gongjian@localhost"
    sms_gateway: str | None = None
    sms_secret: SecretStr | None = None

    @property
    def listed(self) -> frozenset[str]:
        """Every host that may be asked: the listed ones, and the gateway that the same hand has set."""
        own = {urlsplit(self.sms_gateway).hostname or ""} if self.sms_gateway else set()
        return frozenset(self.hosts.lower().split()) | own

    @property
    def inside_hosts(self) -> frozenset[str]:
        return frozenset(self.inside.lower().split())

    @field_validator("pages", "smtp_host", "smtp_password", "sms_gateway", "sms_secret", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _whole_and_private(self) -> Self:
        for name, address in (("PAGES", self.pages), ("SMS_GATEWAY", self.sms_gateway)):
            parts = urlsplit(address or "")
            local = parts.scheme == "http" and parts.hostname in LOOPBACK
            if address is not None and (not (parts.scheme == "https" or local) or not parts.hostname):
                raise ValueError(f"GONGJIAN_CHANNELS__{name} must be an https:// address")
        if (self.sms_gateway is None) != (self.sms_secret is None):
            raise ValueError(
                "GONGJIAN_CHANNELS__SMS_GATEWAY and GONGJIAN_CHANNELS__SMS_SECRET belong together"
            )
        if self.sms_secret is not None and not _is_shared_secret(self.sms_secret.get_secret_value()):
            raise ValueError("GONGJIAN_CHANNELS__SMS_SECRET must be whsec_ and base64 of 24 to 64 bytes")
        if self.smtp_tls == "off" and self.smtp_host is not None and self.smtp_host not in LOOPBACK:
            raise ValueError("GONGJIAN_CHANNELS__SMTP_TLS=off is for a server on this machine only")
        if re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,200}", self.smtp_sender) is None:
            raise ValueError("GONGJIAN_CHANNELS__SMTP_SENDER must be an e-mail address")
        return self


class Settings(BaseSettings):
    """Safe as it stands: one machine, embedded parts, everything on loopback, no password in the box."""

    model_config = SettingsConfigDict(
        env_prefix="GONGJIAN_", env_nested_delimiter="__", frozen=True, hide_input_in_errors=True
    )

    home: Path = Path("var")
    policies: Path | None = None
    database_url: str | None = None
    broker_url: str | None = None
    public_url: str | None = None
    insecure_dev: bool = False
    port: int = Field(default=8000, ge=1, le=65535)
    flower_port: int = Field(default=5555, ge=1, le=65535)
    secret_key: SecretStr | None = None
    time_zone: str = "Asia/Shanghai"
    worker_concurrency: int = Field(default=2, ge=1, le=64)
    soon_working_days: int = Field(default=3, ge=1, le=20)
    hung_seconds: int = Field(default=60, ge=4, le=600)
    flower_user: str = "gongjian"
    flower_password: SecretStr | None = None
    log_level: LogLevel = "info"
    hash_algorithm: Literal["sha256", "sm3"] = "sha256"
    ledger_origin: str = Field(default="", pattern=r"^[^\s+]{0,200}$")
    limits: Limits = Limits()
    sessions: Sessions = Sessions()
    second_factor: Literal["off", "required"] = "off"
    oidc: SingleSignOn = SingleSignOn()
    channels: Channels = Channels()

    @property
    def database(self) -> str:
        """The database to use: the given one, or one SQLite file under the home."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'gongjian.db'}"

    @property
    def editions(self) -> Path:
        """The folder of the place's own policy editions: the given one, or `policies` under the home."""
        return self.policies or self.home / "policies"

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
                found |= {f"GONGJIAN_{name}__{key}".upper(): _plain(inner) for key, inner in value.items()}
            else:
                found[f"GONGJIAN_{name}".upper()] = _plain(value)
        if self.policies is not None:
            found["GONGJIAN_POLICIES"] = str(self.policies.absolute())
        return found | {"GONGJIAN_HOME": str(self.home.absolute())}

    @field_validator(
        "policies", "database_url", "broker_url", "public_url", "secret_key", "flower_password", mode="before"
    )
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

    @field_validator("public_url")
    @classmethod
    def _an_address_that_others_reach(cls, value: str | None) -> str | None:
        if value is None:
            return None
        address = urlsplit(value)
        local = address.scheme == "http" and address.hostname in LOOPBACK
        if (
            not (address.scheme == "https" or local)
            or address.path.strip("/")
            or address.query
            or address.fragment
        ):
            raise ValueError("GONGJIAN_PUBLIC_URL must be an https:// address without a path")
        return value.rstrip("/")

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
        keys = self.secret_key.get_secret_value().split() if self.secret_key else []
        password = [self.flower_password.get_secret_value()] if self.flower_password else []
        for name, secrets, least in (("SECRET_KEY", keys, 32), ("FLOWER_PASSWORD", password, 12)):
            if any(len(one) < least for one in secrets):
                raise ValueError(f"GONGJIAN_{name} is too short: at least {least} characters")
            if any(len(set(one)) < 8 or "change" in one.lower() for one in secrets):
                raise ValueError(f"GONGJIAN_{name} can be guessed: let a machine make it")
        if self.hash_algorithm == "sm3":
            _prove_sm3()
        return self

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> Self:
        """Whoever is not on this machine is spoken to over TLS, and proves who he is (S17)."""
        if self.insecure_dev:
            return self
        if self.database_url and not _is_private_database(self.database_url):
            raise ValueError(
                "GONGJIAN_DATABASE_URL names another machine without sslmode=verify-full; "
                "GONGJIAN_INSECURE_DEV=true allows it where nothing is at stake"
            )
        broker = urlsplit(self.broker_url or "")
        if broker.scheme == "amqp" and broker.hostname not in LOOPBACK:
            raise ValueError(
                "GONGJIAN_BROKER_URL names another machine without TLS: write amqps://; "
                "GONGJIAN_INSECURE_DEV=true allows it where nothing is at stake"
            )
        if broker.scheme == "amqps" and broker.password in ("guest", None):
            raise ValueError("GONGJIAN_BROKER_URL has no password of its own")
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read at the first call and the same ever after."""
    return Settings()


def _is_private_database(address: str) -> bool:
    """Is it a file, a socket or this machine, or does TLS prove every host? What is no address, the engine refuses."""
    try:
        url = make_url(address)
    except ArgumentError:
        return True
    if url.get_backend_name() == "sqlite":
        return True
    named = [url.host or "", *url.normalized_query.get("host", ()), *url.normalized_query.get("hostaddr", ())]
    hosts = [
        one.partition(":")[0] if one.count(":") == 1 else one for name in named for one in name.split(",")
    ]
    proven = url.normalized_query.get("sslmode") == ("verify-full",)
    return proven or all(not host or host in LOOPBACK or host.startswith("/") for host in hosts)


def _is_shared_secret(written: str) -> bool:
    try:
        return written.startswith("whsec_") and 24 <= len(b64decode(written[6:], validate=True)) <= 64
    except ValueError:
        return False


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _prove_sm3() -> None:
    try:
        hashlib.new("sm3", b"")
    except ValueError as absent:
        raise ValueError("GONGJIAN_HASH_ALGORITHM=sm3: this machine's OpenSSL has no SM3") from absent
