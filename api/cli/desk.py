"""What every command shares: the runtime it works on, one way to say what was done, one way to say why not.

Exit codes: 0 done, 1 refused or found wrong, 2 wrong usage.
"""

import json
import os
import pwd
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, NoReturn

import typer
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from services.actor import SERVICE, Actor
from services.intake.receive import Unavailable
from services.runtime import Runtime
from services.settings import Settings
from workflows.errors import Fault
from workflows.words import Text

AsJson = Annotated[
    bool, typer.Option("--json", help="只输出一个JSON对象。One JSON object, on the last line.")
]

DONE, REFUSED, USAGE = 0, 1, 2

_NO_TABLES = Text(
    "数据库里还没有建表，或版本太旧：请先运行 gongjian db upgrade。",
    "The database has no tables yet, or old ones: run gongjian db upgrade first.",
)
_SETTING = Text(
    "设置 {name} 不合要求：{why}。各项设置见 deploy/env.example。",
    "Setting {name} is not right: {why}. deploy/env.example lists them all.",
)
_DATABASE_URL = Text(
    "GONGJIAN_DATABASE_URL 不是可用的数据库地址。",
    "GONGJIAN_DATABASE_URL is not the address of a database we can use.",
)
_TOO_NEW = Text(
    "数据库的版本不是本程序认识的：可能由更新的版本建立。",
    "The database is not of a version this program knows; a newer one may have made it.",
)
_FILE = Text("{path}：{why}", "{path}: {why}")

_UNDEFINED = frozenset({"42P01", "42703"})


class Refusal(Exception):
    """What only the command line refuses; everything else is a Fault."""

    def __init__(self, code: str, text: Text, *, exit_code: int = REFUSED) -> None:
        self.code, self.text, self.exit_code = code, text, exit_code
        super().__init__(f"{code}: {text.en}")


class _Silent:
    """The command is over before anybody could answer a bell; the workers look by themselves every second."""

    def ring(self, name: str) -> None:
        """Nothing happens."""


class Desk:
    """Where one command is carried out."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._settings: Settings | None = None
        self._runtime: Runtime | None = None

    @property
    def settings(self) -> Settings:
        """The settings, read from the environment when first asked for."""
        if self._settings is None:
            self._settings = Settings()
        return self._settings

    @property
    def runtime(self) -> Runtime:
        """The runtime, made when first asked for."""
        if self._runtime is None:
            self._runtime = Runtime(self.settings, bells=_Silent())
        return self._runtime

    @property
    def actor(self) -> Actor:
        """The house, told what to do by whoever sits at the machine."""
        return replace(SERVICE, os_user=os_user())

    def say(self, *lines: str) -> None:
        """For people only: with --json nothing is said but the result."""
        if not self.as_json:
            for line in lines:
                print(line)

    def done(self, result: Mapping[str, object], *lines: str) -> None:
        """The command has done its work: the result for machines, or the lines for people."""
        self.say(*lines)
        if self.as_json:
            print(json.dumps(result, ensure_ascii=False))

    def close(self) -> None:
        if self._runtime is not None:
            self._runtime.close()


@contextmanager
def desk(*, as_json: bool) -> Iterator[Desk]:
    """One command's work. Whatever is refused, absent or badly set becomes one sentence and an exit code."""
    made = Desk(as_json=as_json)
    try:
        yield made
    except Fault as fault:
        _stop(as_json, fault.code, fault.text, field=fault.field)
    except Refusal as refusal:
        _stop(as_json, refusal.code, refusal.text, exit_code=refusal.exit_code)
    except ValidationError as wrong:
        _stop(as_json, "settings_bad", _which_setting(wrong), exit_code=USAGE)
    except ArgumentError:
        _stop(as_json, "settings_bad", _DATABASE_URL, exit_code=USAGE)
    except CommandError:
        _stop(as_json, "schema_unknown", _TOO_NEW)
    except Unavailable as away:
        _no_database(as_json, away.__cause__ or away)
    except (DBAPIError, PoolExhausted) as away:
        _no_database(as_json, away)
    except BrokenPipeError:
        raise  # nobody reads on: what there was to do is done, and `main.run` ends in silence
    except OSError as error:
        path, why = error.filename or "", error.strerror or type(error).__name__
        _stop(as_json, "file_unusable", _FILE.filled(path=path, why=why))
    finally:
        made.close()


def os_user() -> str:
    """The name under which the operating system knows who runs this, and who he was before sudo."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    before = os.environ.get("SUDO_USER", "")[:32]
    return f"{name} (sudo {before})" if before.isprintable() and before not in ("", name) else name


def _no_database(as_json: bool, error: BaseException) -> NoReturn:
    cause = error.orig if isinstance(error, DBAPIError) else None
    if getattr(cause, "sqlstate", None) in _UNDEFINED or str(cause).startswith(
        ("no such table", "no such column")
    ):
        _stop(as_json, "schema_missing", _NO_TABLES)
    fault = Fault("busy" if "locked" in str(cause) else "database_down")
    _stop(as_json, fault.code, fault.text)


def _which_setting(wrong: ValidationError) -> Text:
    first = wrong.errors(include_url=False, include_input=False)[0]
    name = (
        "GONGJIAN_" + "__".join(str(part) for part in first["loc"]).upper() if first["loc"] else "GONGJIAN_*"
    )
    return _SETTING.filled(name=name, why=first["msg"])


def _stop(
    as_json: bool, code: str, text: Text, *, field: str | None = None, exit_code: int = REFUSED
) -> NoReturn:
    if as_json:
        print(json.dumps({"code": code, "message": text.as_dict(), "field": field}, ensure_ascii=False))
    else:
        print(f"{text.zh}\n{text.en}", file=sys.stderr)
    raise typer.Exit(exit_code)
