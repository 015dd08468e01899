"""Looks at everything a running service rests on and says, thing by thing, whether it is well."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from services.actor import SERVICE
from services.cases.chain import breaks
from services.db.models.casework import Deadline, History
from services.db.models.channel import Delivery
from services.db.models.directory import Account, Body
from services.db.models.ledger import Unsealed, Witness
from services.db.models.mail import Inbox, Outbox
from services.db.session import SAFE_WAL
from services.db.upgrade import config
from services.doorbell.broker import is_embedded
from services.doorbell.reach import answers
from services.runtime import Runtime, Unit
from services.settings import Settings
from workflows import deadlines
from workflows.words import Text

OLDEST_PYTHON = (3, 11)
CASES_LOOKED_AT = 100
#: A last day in an unannounced year is called to mind so many days before what the weekends alone make of it.
SOON = timedelta(days=60)
UNSEALED = timedelta(minutes=1)


class Health(StrEnum):
    """WATCH: nothing is wrong yet, but somebody should see to it."""

    WELL = "well"
    WATCH = "watch"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    health: Health
    text: Text


def examine(settings: Settings, runtime: Callable[[], Runtime]) -> list[Finding]:
    """Everything that can be looked at from here; what lies behind a closed door is not reported at all."""
    found = [_python(), _hash(settings), _home(settings)]
    at_home = settings.home.is_dir()
    if at_home or not is_embedded(settings):
        found.append(_broker(settings))
    if not at_home and settings.database_url is None:
        return found
    try:
        with runtime().reading(SERVICE) as unit:
            found += [_engine(unit), _schema(unit)]
            if found[-1].health is Health.WELL:
                found += [_wall(unit), *_records(unit)]
    except (DBAPIError, PoolExhausted):
        found.append(_said("database", Health.ILL, "数据库连不上", "The database cannot be reached"))
    return found


def schema(unit: Unit) -> tuple[str | None, str]:
    """The version of the tables in the database, and the one this program was written for."""
    head = ScriptDirectory.from_config(config(unit.runtime.settings.database)).get_current_head()
    return MigrationContext.configure(unit.db).get_current_revision(), head or ""


def _said(name: str, health: Health, zh: str, en: str) -> Finding:
    return Finding(name, health, Text(zh, en))


def _python() -> Finding:
    running = sys.version_info[:3]
    written = ".".join(str(part) for part in running)
    health = Health.WELL if running >= OLDEST_PYTHON else Health.ILL
    return _said(
        "python", health, f"Python {written}（需3.11以上）", f"Python {written} (3.11 or newer is needed)"
    )


def _hash(settings: Settings) -> Finding:
    name = settings.hash_algorithm
    try:
        hashlib.new(name, b"")
    except ValueError:
        return _said("hash", Health.ILL, f"本机没有{name}算法", f"This machine has no {name}")
    return _said("hash", Health.WELL, f"案卷链算法：{name}", f"History chain by {name}")


def _home(settings: Settings) -> Finding:
    home = settings.home
    if not home.is_dir() and settings.database_url and not is_embedded(settings):
        return _said(
            "home",
            Health.WELL,
            "数据库与队列都在别处，本机不留数据",
            "Database and broker are elsewhere; nothing is kept here",
        )
    if not home.is_dir():
        zh, en = (
            f"还没有数据目录{home}，请先运行 gongjian db upgrade",
            f"No folder {home} yet: run gongjian db upgrade first",
        )
        return _said("home", Health.ILL, zh, en)
    mode = home.stat().st_mode & 0o777
    if mode & 0o077:
        zh, en = (
            f"数据目录{home}对他人开放（{mode:o}），请改为700",
            f"Folder {home} is open to others ({mode:o}); make it 700",
        )
        return _said("home", Health.ILL, zh, en)
    return _said("home", Health.WELL, f"数据目录{home}只限本用户", f"Folder {home} is this user's alone")


def _broker(settings: Settings) -> Finding:
    if answers(settings):
        return _said("broker", Health.WELL, "消息队列可用", "The broker answers")
    zh, en = (
        "消息队列不可用：办理不受影响，只会慢几秒",
        "The broker does not answer: nothing is lost, but all is seconds slower",
    )
    return _said("broker", Health.ILL, zh, en)


def _engine(unit: Unit) -> Finding:
    if not unit.runtime.database.is_sqlite:
        version = unit.db.scalar(text("SHOW server_version"))
        return _said("database", Health.WELL, f"PostgreSQL {version}", f"PostgreSQL {version}")
    version, mode = (
        unit.db.scalar(text("SELECT sqlite_version()")),
        unit.db.scalar(text("PRAGMA journal_mode")),
    )
    numbers = tuple(int(part) for part in str(version).split("."))
    safe = str(mode) == ("wal" if numbers >= SAFE_WAL else "truncate")
    shown = f"SQLite {version}, {mode}"
    if safe:
        return _said("database", Health.WELL, shown, shown)
    return _said(
        "database",
        Health.ILL,
        f"{shown}：日志模式与版本不相配",
        f"{shown}: the journal mode does not suit this version",
    )


def _schema(unit: Unit) -> Finding:
    now, head = schema(unit)
    if now == head:
        return _said("schema", Health.WELL, f"表结构{now}版，是最新的", f"Tables are at {now}, the newest")
    zh, en = (
        f"表结构是{now or '空'}，应为{head}：请运行 gongjian db upgrade",
        f"Tables are at {now or 'nothing'}, not {head}: run gongjian db upgrade",
    )
    return _said("schema", Health.ILL, zh, en)


def _wall(unit: Unit) -> Finding:
    """The second wall (services/db/wall.py) does not hold whom PostgreSQL lets through every row-level policy."""
    if not unit.runtime.database.is_sqlite:
        passes = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        if unit.db.scalar(text(passes)):
            zh, en = (
                "数据库用户是超级用户或有BYPASSRLS，行级安全对它不起作用：请改用普通用户，见deploy/postgresql/roles.sql",
                "The database user is a superuser or has BYPASSRLS, so row-level security does not hold it: "
                "use an ordinary one, see deploy/postgresql/roles.sql",
            )
            return _said("wall", Health.WATCH, zh, en)
    return _said(
        "wall", Health.WELL, "数据库只给出属于查看人的记录", "The database gives everybody his own rows only"
    )


def _records(unit: Unit) -> Iterator[Finding]:
    yield _calendars(unit)
    yield _unannounced(unit)
    yield _staff(unit)
    yield from _queues(unit)
    yield _chains(unit)
    yield _ledger(unit)


def _ledger(unit: Unit) -> Finding:
    """Is what was written taken in, and does anybody witness it?"""
    oldest = unit.db.scalar(
        select(func.min(History.at)).join(
            Unsealed, (Unsealed.case_id == History.case_id) & (Unsealed.first == History.seq)
        )
    )
    if oldest is not None and unit.now - oldest > UNSEALED:
        return _said(
            "ledger",
            Health.ILL,
            "账本已超过一分钟没有编入新条目：看工作进程是否在运行、密钥是否在",
            "The ledger has taken nothing in for more than a minute: is a worker running, and is the key there?",
        )
    if unit.db.scalar(select(Witness.id).where(Witness.off_at.is_(None)).limit(1)) is None:
        return _said(
            "ledger",
            Health.WATCH,
            "账本没有见证人：改写历史而又握有密钥的人不会被发现",
            "Nobody witnesses the ledger: who rewrites the past and holds the key would not be found out",
        )
    return _said("ledger", Health.WELL, "账本有见证人", "The ledger is witnessed")


def _calendars(unit: Unit) -> Finding:
    calendar, year = unit.runtime.calendar(unit.db), unit.today.year
    loaded = ", ".join(str(known) for known in calendar.tables)
    if not calendar.knows(year):
        zh, en = (
            f"没有{year}年的日历，今年的工作日无法推算",
            f"No calendar for {year}: this year's working days are unknown",
        )
        return _said("calendar", Health.ILL, f"{zh}（已有{loaded}）", f"{en} (loaded: {loaded})")
    if not calendar.knows(year + 1):
        zh, en = (
            f"还没有{year + 1}年的日历，公布后请导入",
            f"No calendar for {year + 1} yet: import it once published",
        )
        return _said("calendar", Health.WATCH, f"{zh}（已有{loaded}）", f"{en} (loaded: {loaded})")
    return _said("calendar", Health.WELL, f"日历：{loaded}", f"Calendars: {loaded}")


def _unannounced(unit: Unit) -> Finding:
    """Deadlines without a last day, because their year is not loaded, that would end soon or be over by now."""
    calendar, until = unit.runtime.calendar(unit.db), unit.today + SOON
    rows = unit.db.execute(
        select(Deadline.case_id, Deadline.detail)
        .where(Deadline.state == "running", Deadline.due_on.is_(None))
        .order_by(Deadline.case_id)
    )
    cases, years = list[int](), set[int]()
    for row in rows:
        kept = deadlines.recompute(deadlines.from_json(row.detail), calendar)
        if kept.unknown_year and kept.provisional_on and kept.provisional_on <= until:
            cases.append(row.case_id)
            years.add(kept.unknown_year)
    if not cases:
        return _said(
            "unannounced",
            Health.WELL,
            f"{SOON.days}天内没有因日历未载入而算不出的期限",
            f"No deadline of the next {SOON.days} days waits for a calendar",
        )
    missing = ", ".join(str(year) for year in sorted(years))
    shown = ", ".join(str(one) for one in cases[:10]) + (" …" if len(cases) > 10 else "")
    zh, en = (
        f"{len(cases)}个期限暂定在{SOON.days}天内届满，却没有{missing}年的日历，请导入（案卷{shown}）",
        f"{len(cases)} deadlines end provisionally within {SOON.days} days, but there is no calendar for {missing}: "
        f"import it (cases {shown})",
    )
    return _said("unannounced", Health.WATCH, zh, en)


def _staff(unit: Unit) -> Finding:
    active = select(Account.id).where(Account.body_id == Body.id, Account.disabled_at.is_(None)).exists()
    empty = unit.db.scalars(select(Body.code).where(~active).order_by(Body.code)).all()
    total = unit.db.scalar(select(func.count()).select_from(Body)) or 0
    if total == 0:
        return _said(
            "bodies",
            Health.WATCH,
            "还没有单位，请用 gongjian body create 新建",
            "No bodies yet: gongjian body create makes one",
        )
    if empty:
        shown = ", ".join(empty[:10]) + (" …" if len(empty) > 10 else "")
        zh, en = (
            f"{len(empty)}个单位没有可用账号：{shown}",
            f"{len(empty)} bodies without an account: {shown}",
        )
        return _said("bodies", Health.WATCH, zh, en)
    return _said("bodies", Health.WELL, f"{total}个单位，都有账号", f"{total} bodies, each with an account")


def _queues(unit: Unit) -> Iterator[Finding]:
    for name, zh, table in (
        ("inbox", "收件", Inbox),
        ("outbox", "发件", Outbox),
        ("deadlines", "期限", Deadline),
        ("channels", "通知渠道", Delivery),
    ):
        counted = unit.db.execute(select(table.state, func.count()).group_by(table.state))
        counts: dict[str, int] = dict(counted.tuples().all())
        failed = counts.get("failed", 0) + counts.get("given_up", 0)
        shown = ", ".join(f"{state} {number}" for state, number in sorted(counts.items())) or "0"
        if failed:
            said = f"{zh}：{failed}件办不下去，等人处理（{shown}）"
            yield _said(name, Health.ILL, said, f"{name}: {failed} set aside for a person ({shown})")
        else:
            yield _said(name, Health.WELL, f"{zh}：{shown}", f"{name}: {shown}")


def _chains(unit: Unit) -> Finding:
    broken = breaks(unit, newest=CASES_LOOKED_AT)
    if broken:
        shown = ", ".join(f"{one.case_id}#{one.seq}" for one in broken[:10])
        return _said(
            "chains", Health.ILL, f"案卷历史对不上：{shown}", f"Histories that do not close: {shown}"
        )
    zh, en = (
        f"最近{CASES_LOOKED_AT}件案卷的历史完整",
        f"The histories of the newest {CASES_LOOKED_AT} cases close",
    )
    return _said("chains", Health.WELL, zh, en)
