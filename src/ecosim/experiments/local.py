"""The door to the processors of this machine: one pebble pool of one process for each, so that nothing is shared.

A process that dies, hangs or tears its pipe costs the task it had; a new one takes its place.
"""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from ..errors import EcosimError
from ..workers import NO_START, begin
from .engine import Batch, Fate, live_batch
from .store import Ended

if TYPE_CHECKING:
    from pebble import ProcessPool

GRACE_SECONDS, START_SECONDS = 5.0, 1800.0
"""A task is given so much more than its runs before its process is ended from outside; the first one of a process, which may have
to compile the model, the second."""
MOST_BROKEN_STARTS = 3
LATE = "it took longer than its time limit"


class LocalDoor:
    """So many processes of this machine. They end with this one, and leave Ctrl-C to it."""

    names_culprit = True

    def __init__(self, workers: int) -> None:
        """workers: processes; they start with the first tasks."""
        self.slots = workers
        self._idle: list[ProcessPool] = []
        self._pools: set[ProcessPool] = set()
        self._answered: set[ProcessPool] = set()
        self._broken, self._heard = 0, False

    def submit(self, batch: Batch) -> Future[list[Ended]]:
        """Send a batch to a process that is idle."""
        pool = self._idle.pop() if self._idle else self._new()
        if not pool.active:
            self._end(pool)
            pool = self._new()
        grace = GRACE_SECONDS if pool in self._answered else START_SECONDS
        most = batch.order.cap.seconds * len(batch.worlds) + grace
        future: Future[list[Ended]] = pool.schedule(live_batch, (batch,), timeout=most)
        future.add_done_callback(lambda ended: self._note(pool, ended))
        return future

    def fate(self, error: BaseException) -> tuple[Fate, str]:
        """Late if the alarm or the pool ended the process, else died. Raises EcosimError if no process ever started."""
        code = getattr(error, "exitcode", None)
        if isinstance(error, TimeoutError) or code == -getattr(signal, "SIGALRM", 0) != 0:
            return "late", LATE
        if self._broken >= MOST_BROKEN_STARTS and not self._heard:
            raise EcosimError(NO_START)
        if code is not None:
            return "died", f"its process ended ({_named(int(code))})"
        return "died", f"{type(error).__name__}: {error}"

    def check(self) -> None:
        """A pool replaces its process by itself."""

    def close(self) -> None:
        """End every process at once."""
        for pool in tuple(self._pools):
            self._end(pool)

    def _note(self, pool: ProcessPool, future: Future[list[Ended]]) -> None:
        """A pool has nothing to do again; whether its process has answered, or has to start anew."""
        if future.cancelled() or future.exception() is not None:
            self._broken += 1
            self._answered.discard(pool)
        else:
            self._heard = True
            self._answered.add(pool)
        self._idle.append(pool)

    def _new(self) -> ProcessPool:
        from pebble import ProcessPool

        context: Any = multiprocessing.get_context("spawn")
        pool = ProcessPool(1, context=context, initializer=begin)
        self._pools.add(pool)
        return pool

    def _end(self, pool: ProcessPool) -> None:
        pool.stop()
        pool.join()
        self._pools.discard(pool)
        self._answered.discard(pool)


def _named(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"{name}: out of memory, or killed" if name == "SIGKILL" else name
