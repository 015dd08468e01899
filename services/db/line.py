"""The driver's connection to PostgreSQL, with an end to its patience.

A server that dies, or a network that drops everything, is noticed by TCP within ten seconds. One that is frozen, or a balancer
in between that takes every byte and hands none on, is not: whoever asked would wait for ever.
"""

from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

T = TypeVar("T")

#: For whoever begins: the first word of a transaction costs the server nothing.
GREETING_SECONDS = 3.0
#: For all else: longer than the server itself lets a statement run.
ANSWER_SECONDS = 17.0


class Line(psycopg.Connection[Any]):
    """Waits so long for each answer, and is closed when there is none: what was asked may have been done, or not.

    `Any`: rows are what the query says."""

    #: A migration sets it higher: an index on a million rows takes its time.
    answer_seconds: float = ANSWER_SECONDS

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """The answer; an OperationalError on a line that is closed when it does not come."""
        idle = self.pgconn.transaction_status == TransactionStatus.IDLE
        patience = timeout or (GREETING_SECONDS if idle else self.answer_seconds)
        ends = monotonic() + patience
        try:
            return super().wait(gen, interval, patience)
        except psycopg.OperationalError:
            if timeout is None and monotonic() >= ends:
                self.close()
            raise
