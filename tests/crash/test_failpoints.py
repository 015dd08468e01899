"""kill -9 at every named place of the work, in the running service: rolled back or fully applied, and life goes on
(F01 to F03, F05, F31).

Once at each point, or as often as GONGJIAN_CRASH_TIMES says."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from httpx2 import TransportError
from pysqlite3 import dbapi2

from services.channels.keep import Wanted, add
from services.demo.hands import Hands
from services.drains import LEASE
from services.failpoints import POINTS
from services.invariants import Books
from services.settings import Channels
from tests.builders import COUNTY, TOWN, uscc
from tests.crash.conftest import Note
from tests.crash.offices import Log, event, send
from tests.crash.service import Parts, Service, office, service
from tests.receivers import Receiver, receiver
from tests.waiting import until

TIMES = int(os.environ.get("GONGJIAN_CRASH_TIMES") or 1)
#: A lease that was left behind, the pause of at most ten seconds before a process is started again, and a slow machine.
RECOVERY_SECONDS = LEASE.total_seconds() + 174
OVER = "2020-01-01 00:00:00+00:00"
HEADER = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址"

#: The points by what they belong to. Together they are all there are.
GROUPS = {
    kind: [point for point in sorted(POINTS) if point.startswith(f"{kind}.")]
    for kind in sorted({point.partition(".")[0] for point in POINTS})
}

#: The groups that CI kills at; the others take minutes.
SHORT = ("intake", "step")

CHANNELS = {
    "GONGJIAN_CHANNELS__HOSTS": "127.0.0.1",
    "GONGJIAN_CHANNELS__LOOPBACK": "true",
    "GONGJIAN_CHANNELS__SECONDS": "1",
}
SECRET = "whsec_" + "a2tr" * 11

Provoke = Callable[[int], None]


class Stage:
    """The service with its fail points, and what brings work past each of them."""

    def __init__(self, served: Service, folder: Path, there: Receiver) -> None:
        self.served, self.folder, self.there = served, folder, there
        self.books, self.log = Books(served.settings.database), Log()
        (self.officer,) = served.hire([f"union.{TOWN}"], 1)
        self._rest = threading.Event()

    def provoke(self, point: str, number: int) -> None:
        """Work that goes past this point; it comes back when whoever asked for the work has had an answer."""
        kind = point.partition(".")[0]
        work: dict[str, Provoke] = {
            "amqp": self._by_amqp,
            "list": self._by_list,
            "step": self._by_step,
            "due": self._by_deadline,
        }
        work.get(kind, self.by_http)(number)

    def prepare(self, point: str, number: int) -> None:
        """What must be there before: for a step or a deadline, a case; for a delivery, a channel."""
        if point.startswith("deliver.") and number == 1:
            self._open_channel()
        if point.startswith(("step.", "due.")):
            self.by_http(number)
            self.settled(number)

    def by_http(self, number: int) -> None:
        with self.served.client() as client:
            assert send(client, event(number), self.log, self._rest).status_code == 202

    def settled(self, number: int) -> None:
        """The enterprise has its case, and nothing waits any more."""
        asked = f"SELECT count(*) FROM cases WHERE uscc = '{uscc(number)}'"
        until(lambda: self.books.one(asked) == 1, RECOVERY_SECONDS, what=f"{number} has its case")
        until(lambda: self.books.waiting() == 0, RECOVERY_SECONDS, what=f"{number} is worked off")
        until(lambda: self.books.one(_DUE) == 0, RECOVERY_SECONDS, what="every deadline that is over is told")
        waits = "SELECT count(*) FROM deliveries WHERE settled_at IS NULL"
        until(lambda: self.books.one(waits) == 0, RECOVERY_SECONDS, what="every channel is told")

    def _open_channel(self) -> None:
        """The town's Party body is told by a webhook, which is heard here."""
        chosen = Channels(hosts="127.0.0.1", loopback=True)
        wanted = Wanted(f"party.{TOWN}", "webhook", self.there.address("/hook"), SECRET)
        with office(self.served.settings.model_copy(update={"channels": chosen})) as runtime:
            admin = Hands(runtime).actor(f"admin.{COUNTY}")
            with runtime.writing(admin) as unit:
                add(unit, wanted)

    def told(self) -> tuple[int, int]:
        """How many messages the webhook heard, and how many that differ by their ids."""
        ids = [heard.headers["webhook-id"] for heard in self.there.taken]
        return len(ids), len(set(ids))

    def _by_amqp(self, number: int) -> None:
        self.served.publish([event(number)])

    def _by_list(self, number: int) -> None:
        path = self.folder / "list.csv"
        path.write_text(
            f"{HEADER}\n{number}号公司,{uscc(number)},2026-02-27,,,,,吉林,吉林,吉林市船营区越北镇\n"
        )
        first, second = self._import(path), self._import(path)
        assert (first, second) == (-9, 0)

    def _import(self, path: Path) -> int:
        office = ["--office", f"registry.{COUNTY}", "--verdicts", str(path.with_suffix(".verdicts"))]
        line = [sys.executable, "-m", "api.cli.main", "import", str(path), *office]
        return subprocess.run(line, env=self.served.variables(), capture_output=True, check=False).returncode

    def _by_step(self, number: int) -> None:
        (key,) = self.books.rows(
            "SELECT proceedings.id FROM proceedings JOIN cases ON cases.id = case_id"
            f" WHERE procedure = 'lead' AND uscc = '{uscc(number)}'"
        )[0]
        said: dict[str, Any] = {
            "fields": {"headcount": 60, "applicants": 30}, "evidence": [], "opinion": "", "expected_revision": None,
        }  # fmt: skip
        path = f"/api/v1/proceedings/{key}/steps/survey"
        head = {"Authorization": f"Bearer {self.officer}", "Idempotency-Key": f"{number}"}

        def answered() -> object:
            try:
                with self.served.client() as client:
                    answer = client.post(path, json=said, headers=head)
            except TransportError:
                return None
            assert answer.status_code in (200, 503), answer.text
            return answer.json() if answer.status_code == 200 else None

        first = until(answered, RECOVERY_SECONDS, what=f"the step in case {number} is answered")
        assert answered() == first
        assert self.books.one(f"SELECT count(*) FROM answers WHERE key = '{number}'") == 1

    def _by_deadline(self, number: int) -> None:
        _write(
            self.served.settings.database,
            f"UPDATE deadlines SET fire_at = '{OVER}' WHERE state = 'running' AND fire_at IS NOT NULL"
            f" AND case_id = (SELECT id FROM cases WHERE uscc = '{uscc(number)}')",
        )


_DUE = f"SELECT count(*) FROM deadlines WHERE state = 'running' AND fire_at = '{OVER}'"


def _write(url: str, sql: str) -> None:
    """By another hand than the house's."""
    if url.startswith("sqlite:///"):
        lite = dbapi2.connect(url.removeprefix("sqlite:///"), timeout=15)
        with lite:
            lite.execute(sql)
        lite.close()
        return
    with psycopg.connect(url.replace("+psycopg", "")) as line:
        line.execute("SELECT set_config('gongjian.house', 'on', true)")
        line.execute(sql)


@pytest.fixture
def stage(parts: Parts, tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "failpoints"
    folder.mkdir()
    armed = {"GONGJIAN_TEST": "1", "GONGJIAN_FAILPOINTS": str(folder)}
    with receiver() as there, service(tmp_path / "home", parts, armed | CHANNELS) as served:
        yield Stage(served, folder, there)


@pytest.mark.crash
@pytest.mark.timeout(3600)
@pytest.mark.fault("F01", "F02", "F03", "F05", "F31")
@pytest.mark.parametrize(
    "kind", [one if one in SHORT else pytest.param(one, marks=pytest.mark.long) for one in GROUPS]
)
def test_killed_at_every_point_the_work_is_done_once_or_not_at_all(
    stage: Stage, kind: str, note: Note
) -> None:
    met, recovery, number = set[str](), dict[str, float](), 0
    for point in GROUPS[kind]:
        for _ in range(TIMES):
            number += 1
            stage.prepare(point, number)
            hit = stage.folder / f"{point}.hit"
            (stage.folder / point).write_text("kill")
            stage.log.receipts.clear()
            stage.provoke(point, number)
            until(hit.exists, RECOVERY_SECONDS, what=f"{point} is met")
            began = time.monotonic()
            hit.unlink()
            met.add(point)
            if point.startswith("intake."):
                new = "accepted" if point == "intake.written" else "duplicate"
                assert stage.log.receipts == {new: 1}, point
            stage.settled(number)
            recovery[point] = max(recovery.get(point, 0), round(time.monotonic() - began, 1))
        assert stage.books.violations(stage.log.accepted) == [], point
    assert met == set(GROUPS[kind])
    assert stage.books.rows("SELECT DISTINCT state FROM inbox") == [("applied",)]
    assert stage.books.one("SELECT count(*) FROM cases") == number
    if kind == "deliver":
        heard, differing = stage.told()
        states = stage.books.rows("SELECT state, count(*) FROM deliveries GROUP BY state")
        assert states == [("delivered", number)] and differing == number
        assert heard <= number + TIMES * len(("sent", "written")), (
            "only who dies before it is written sends again"
        )
    slow = {point: seconds for point, seconds in recovery.items() if seconds > 3}
    note(points=len(met), kills=number, within_3_s=len(met) - len(slow), slower=slow)
