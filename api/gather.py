"""What one sender posts at the same moment is taken in by one commit: a commit, and all that surrounds it, costs as much for one
event as for twenty. While one goes on, the next gathers; who comes alone waits for nobody."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from starlette.concurrency import run_in_threadpool

from workflows.errors import Fault

#: Nobody is kept waiting longer for a database that is silent to those before him (RELIABILITY F15).
PATIENCE_SECONDS = 5.0


class Done(Protocol):
    is_done: bool


Job = TypeVar("Job", bound=Done)


@dataclass(slots=True)
class _Line(Generic[Job]):
    """The jobs of one sender that wait, and whose turn it is."""

    waiting: list[Job] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Gathered(Generic[Job]):
    """`work` does up to `most` jobs of one sender together and marks each as done; it is never at two of one sender at once."""

    def __init__(self, work: Callable[[Sequence[Job]], None], most: int) -> None:
        self._work, self._most = work, most
        self._lines: dict[Hashable, _Line[Job]] = {}

    async def do(self, sender: Hashable, job: Job) -> None:
        """The job is done, alone or with others of the same sender."""
        line = self._lines.setdefault(sender, _Line())
        line.waiting.append(job)
        await self._turn(line, job)
        try:
            if not job.is_done:
                together, line.waiting = line.waiting[: self._most], line.waiting[self._most :]
                await run_in_threadpool(self._work, together)
            if not line.waiting and self._lines.get(sender) is line:  # not one that came after it
                self._lines.pop(sender, None)
        finally:
            line.turn.release()

    async def _turn(self, line: _Line[Job], job: Job) -> None:
        """The turn is ours. Fault `busy` when what goes before us hangs; a job that is in hand already shares its fate."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await line.turn.acquire()
        except TimeoutError:
            if job in line.waiting:
                line.waiting.remove(job)
                raise Fault("busy") from None
            await line.turn.acquire()
