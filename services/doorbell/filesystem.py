"""Kombu's filesystem transport, hardened: the same exchanges over a `Spool`, under the address `gongjian-fs://`.

The stock transport dies of a zero-byte file, loses what a killed worker held, and races on its exchange
table."""

import math
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from queue import Empty
from typing import Any, NamedTuple

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

from services.doorbell.envelope import Envelope
from services.doorbell.files import listed, write_whole
from services.doorbell.lease import locked
from services.doorbell.spool import Spool

SCHEME = "gongjian-fs"
SWEEP_SECONDS = 30.0
POLL_SECONDS = 0.1


# Any below: kombu's virtual transports hand free-form keyword arguments through, and ship no types for them.


@lru_cache
def spool_at(root: Path) -> Spool:
    """The one spool of this process for that folder."""
    return Spool(root)


class Row(NamedTuple):
    """A binding: messages whose routing key fits the pattern go to the queue."""

    routing_key: str
    pattern: str
    queue: str


class QoS(virtual.QoS):  # type: ignore[misc]  # kombu's virtual transports are untyped
    """Keeps a taken message on the disk until it is answered for."""

    def ack(self, delivery_tag: str) -> None:
        super().ack(delivery_tag)
        self.channel.spool.settle(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().reject(delivery_tag, requeue=requeue)
        if not requeue:
            self.channel.spool.set_aside(delivery_tag, "refused by the worker")


class Channel(filesystem.Channel):  # type: ignore[misc]  # as above
    """Exchanges and bindings as in the stock transport; queues and messages in the spool."""

    QoS = QoS

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        root = Path(self.transport_options["root"])
        self.spool = spool_at(root)
        self._tables = root / "tables"
        self._tables.mkdir(mode=0o700, exist_ok=True)
        self._answered_for: set[str] = set()
        self._next_sweep = 0.0

    @property
    def control_folder(self) -> Path:
        return self._tables

    # -- queues and messages --------------------------------------------------------------------

    def _new_queue(self, queue: str, **options: Any) -> None:
        limit = (options.get("arguments") or {}).get("x-max-length")
        self.spool.declare(
            queue, limit=limit, leased=bool(options.get("exclusive") or options.get("auto_delete"))
        )

    def _put(self, queue: str, message: Envelope, **_options: Any) -> None:
        self.spool.put(queue, message)

    def _get(self, queue: str, timeout: float | None = None) -> Envelope:
        self._sweep_now_and_then()
        taken = self.spool.take(queue)
        if taken is None:
            raise Empty
        if queue not in self._answered_for:
            self.spool.settle(taken.name)
        # One published message may lie in several queues under one tag; the name of its file is ours alone.
        taken.envelope["properties"]["delivery_tag"] = taken.name
        return taken.envelope

    def basic_consume(self, queue: str, no_ack: bool, *arguments: Any, **options: Any) -> None:
        if not no_ack:
            self._answered_for.add(queue)
        super().basic_consume(queue, no_ack, *arguments, **options)

    def basic_get(self, queue: str, no_ack: bool = False, **options: Any) -> Any:
        self._answered_for.discard(queue) if no_ack else self._answered_for.add(queue)
        return super().basic_get(queue, no_ack=no_ack, **options)

    def _restore(self, message: Any) -> None:
        self.spool.give_back(message.delivery_tag)

    def _size(self, queue: str) -> int:
        return self.spool.size(queue)

    def _purge(self, queue: str) -> int:
        return self.spool.purge(queue)

    def queue_delete(
        self, queue: str, if_unused: bool = False, if_empty: bool = False, **options: Any
    ) -> None:
        if if_empty and self.spool.size(queue):
            return
        super().queue_delete(queue, if_unused, if_empty, **options)
        self.spool.drop(queue)

    # -- the table of each exchange -------------------------------------------------------------

    def get_table(self, exchange: str) -> list[Row]:
        return _read_table(self._exchange_file(exchange))

    def queue_bind(
        self,
        queue: str,
        exchange: str | None = None,
        routing_key: str = "",
        arguments: Any = None,
        **_options: Any,
    ) -> None:
        """The binding stands in the table; kombu's own memory of having written it once is not asked."""
        exchange = exchange or "amq.direct"
        self.state.binding_declare(queue, exchange, routing_key, arguments)
        row = self._row(queue, exchange, routing_key, arguments)
        self._change(exchange, lambda rows: rows if row in rows else [row, *rows])

    def queue_unbind(
        self,
        queue: str,
        exchange: str | None = None,
        routing_key: str = "",
        arguments: Any = None,
        **_options: Any,
    ) -> None:
        exchange = exchange or "amq.direct"
        self.state.binding_delete(queue, exchange, routing_key)
        row = self._row(queue, exchange, routing_key, arguments)
        self._change(exchange, lambda rows: [other for other in rows if other != row])

    def _delete(self, queue: str, exchange: str, *_meta: Any, **_options: Any) -> None:
        self._change(exchange, lambda rows: [row for row in rows if row.queue != queue])

    def _row(self, queue: str, exchange: str, routing_key: str, arguments: Any) -> Row:
        key, pattern, _ = self.typeof(exchange).prepare_bind(queue, exchange, routing_key, arguments)
        return Row(key or "", pattern or "", queue)

    def _change(self, exchange: str, change: Callable[[list[Row]], list[Row]]) -> None:
        path = self._exchange_file(exchange)
        with locked(self._tables / "lock"):
            before = _read_table(path)
            if (after := change(before)) != before:
                write_whole(path, dumps(after).encode())

    def _sweep_now_and_then(self) -> None:
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_SECONDS
        for queue in self.spool.dead_queues():
            for table in listed(self._tables):
                if table.endswith(".exchange"):
                    self._delete(queue, table.removesuffix(".exchange"))
            self.spool.drop(queue)
        self.spool.sweep()


class Transport(filesystem.Transport):  # type: ignore[misc]  # as above
    """The transport behind `gongjian-fs://`; its `root` comes from the transport options."""

    Channel = Channel
    global_state = virtual.BrokerState()
    polling_interval = POLL_SECONDS
    driver_name = SCHEME

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Waits for a message; no longer than `longest_wait`, so that a worker hears a stop signal soon."""
        longest = self.client.transport_options.get("longest_wait", math.inf)
        wait = min(timeout if timeout is not None else math.inf, longest)
        super().drain_events(connection, timeout=None if wait == math.inf else wait)


def _read_table(path: Path) -> list[Row]:
    try:
        rows = loads(path.read_text())
        return [Row(*map(str, row)) for row in rows]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError):  # not written by us: the next declaration writes it anew
        return []


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:{Transport.__name__}"
