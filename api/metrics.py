"""What the counter measures, for Prometheus: answers by route and how long they took, and the rows
that wait in the tables."""

import time
from collections.abc import Callable, Iterator
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.actor import SERVICE
from services.db.queries.readiness import waiting_rows
from services.runtime import Runtime

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Measures:
    """One application's numbers. A route stands under its template, so that no id and no name becomes
    a label."""

    #: Seconds for which the rows that were counted are said again: whoever asks, the database counts them no oftener.
    KEPT = 5.0

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._alone = now, Lock()
        self._counted, self._until = b"", now()
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "gongjian_http_answers",
            "Answers by route, method and status",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "gongjian_http_seconds",
            "Seconds to an answer",
            ("route",),
            registry=self._registry,
            buckets=_BUCKETS,
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        self._answers.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def page(self, runtime: Runtime) -> bytes:
        """The numbers in Prometheus' text form, the database's among them while it can be reached."""
        if self._now() >= self._until and self._alone.acquire(blocking=False):
            try:
                rows = CollectorRegistry()
                rows.register(_Rows(runtime))
                self._counted = generate_latest(rows)
                self._until = self._now() + self.KEPT
            finally:
                self._alone.release()
        return generate_latest(self._registry) + self._counted


class Measured:
    """Every answer is counted under its route."""

    def __init__(self, app: ASGIApp, measures: Callable[[], Measures]) -> None:
        self.app, self.measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD") else "other"
            self.measures().answered(route, method, status, time.perf_counter() - begun)


class _Rows(Collector):
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        reachable = GaugeMetricFamily("gongjian_database_up", "1 while the database can be reached")
        waiting = GaugeMetricFamily(
            "gongjian_rows", "Rows by table and state, but not those done with", labels=("table", "state")
        )
        try:
            with self._runtime.reading(SERVICE) as unit:
                for (table, state), count in waiting_rows(unit.db).items():
                    waiting.add_metric((table, state), count)
            reachable.add_metric((), 1)
        except SQLAlchemyError:  # the number itself says it
            reachable.add_metric((), 0)
        yield reachable
        yield waiting
