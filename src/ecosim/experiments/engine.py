"""Runs sent to processors through a door, in batches, so that whatever happens to a run happens to it alone.

A batch is many runs of one task, which live together what they have in common: what a run raises is caught beside it and
noted. A task that takes its process with it is tried again run by run, so that the culprit shows itself. A door is anything
that takes a task and gives a `concurrent.futures.Future`.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from time import perf_counter
from traceback import format_exception_only
from types import TracebackType
from typing import Any, Literal, NamedTuple, Protocol

from ..errors import EcosimError
from ..manifest import source_hash
from ..wording import Words
from .plan import Cap
from .store import Ended
from .worlds import World

SECONDS_OF_A_BATCH = 1.0
MOST_RUNS_OF_A_BATCH = 256
SECONDS_BETWEEN_LOOKS = 5.0
"""After so long without news a door is asked whether it still stands."""

Work = Callable[[Sequence[World]], Iterator[tuple[World, Callable[[], Any]]]]
"""Begins worlds, and gives each with what lives it to its end and gives an array of float64."""

Fate = Literal["late", "died"]


class Order(NamedTuple):
    """How worlds are lived: how a worker makes ready, how it lives them, what one that may use, and the code it must have."""

    ready: Callable[[World], None]
    work: Work
    cap: Cap
    code: str


class Batch(NamedTuple):
    """What a worker is sent: worlds, and how they are lived."""

    worlds: tuple[World, ...]
    order: Order


class Door(Protocol):
    """A way to processors. slots: tasks to keep under way; names_culprit: whether a process that dies fails its own task alone."""

    slots: int
    names_culprit: bool

    def submit(self, batch: Batch) -> Future[list[Ended]]:
        """Send `live_batch(batch)` to a processor."""

    def fate(self, error: BaseException) -> tuple[Fate, str]:
        """What became of a task that gave nothing, in a word and in a sentence."""

    def check(self) -> None:
        """Raise EcosimError if nothing will come any more."""

    def close(self) -> None:
        """End every process of the door's own and drop what waits."""


class ForeignWorkerError(EcosimError):
    """A worker has another version of the program."""


def foreign(where: str) -> Words:
    """What is wrong with a worker of another version."""
    return Words(
        f"{where} has another version of ecosim; install there what is installed here, and start it anew",
        f"{where} 上的 ecosim 版本不同；请安装与本机相同的版本并重新启动",
    )


class Guard:
    """Notes what a run raises, whatever it is, instead of letting it out."""

    error = ""

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if kind is None or issubclass(kind, KeyboardInterrupt):
            return False
        self.error = "".join(format_exception_only(error)).strip()
        return True


def live_batch(batch: Batch) -> list[Ended]:
    """Live the worlds of a batch (in a worker)."""
    if batch.order.code != source_hash():
        raise ForeignWorkerError(foreign("a worker"))
    with Guard():  # what is wrong shows at the run itself
        batch.order.ready(batch.worlds[0])
    with memory_limit(batch.order.cap.megabytes):
        return list(_live(batch.worlds, batch.order))


def _live(told: Sequence[World], order: Order) -> Iterator[Ended]:
    """Live worlds together; those left when something fails that they share, each alone."""
    coming, left = order.work(told), {each.run_id: each for each in told}
    while left:
        begin, guard, run_id, found = perf_counter(), Guard(), "", None
        with guard, time_limit(order.cap.seconds):
            each, finish = next(coming)
            run_id = each.run_id
            found = finish().astype(float).tobytes()
        if not run_id and len(told) > 1:
            break
        run_id = run_id or told[0].run_id
        del left[run_id]
        yield Ended(run_id, found, guard.error, perf_counter() - begin)
    for each in left.values():
        yield from _live([each], order)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End this process by the alarm signal if the block takes longer, even where compiled code never returns."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


@contextmanager
def memory_limit(megabytes: float) -> Iterator[None]:
    """Let this process grow by so much and no more, where the system can hold it to that (Linux)."""
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        yield
        return
    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + int(megabytes * 1e6)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))


class _Queue:
    """Runs that wait. alone: those whose task gave nothing, to be tried again one by one."""

    def __init__(self, worlds: Sequence[World], door: Door) -> None:
        self.left, self.alone, self.again = deque(worlds), deque[World](), set[str]()
        self.door = door
        self.seconds, self.runs, self.heard = 0.0, 0, False

    def take(self, under_way: int) -> tuple[World, ...]:
        """The next task: a run that is tried alone, or as many as take about a second; none if the door has no room.

        Until something has come back one worker is sent one run: it compiles what the others then find compiled.
        """
        if under_way and not self.heard:
            return ()
        if self.alone:
            has_room = under_way < self.door.slots if self.door.names_culprit else not under_way
            return (self.alone.popleft(),) if has_room else ()
        if under_way >= self.door.slots:
            return ()
        pace = self.seconds / self.runs if self.runs else SECONDS_OF_A_BATCH
        share = -(-len(self.left) // (2 * self.door.slots))  # towards the end all stay busy
        count = max(1, min(int(SECONDS_OF_A_BATCH / max(pace, 1e-9)), MOST_RUNS_OF_A_BATCH, share))
        return tuple(self.left.popleft() for _ in range(min(count, len(self.left))))

    def note(self, ended: Sequence[Ended]) -> None:
        """Learn how long runs take."""
        self.seconds += sum(each.seconds for each in ended)
        self.runs += len(ended)

    def try_again(self, batch: Sequence[World]) -> None:
        """Put the runs of a task that gave nothing where they are tried alone."""
        self.alone.extend(batch)
        self.again.update(told.run_id for told in batch)

    def is_culprit(self, batch: Sequence[World], fate: Fate) -> bool:
        """Whether a task that gave nothing shows which run is to blame."""
        return len(batch) == 1 and (fate == "late" or batch[0].run_id in self.again)


def drive(door: Door, worlds: Sequence[World], order: Order, record: Callable[[list[Ended]], None]) -> None:
    """Live every world through a door by an order; `record` is called with the runs of a task as it ends, and acknowledges them.

    Raises ForeignWorkerError for a worker of another version, and what the door raises if it no longer stands.
    """
    queue = _Queue(worlds, door)
    under_way: dict[Future[list[Ended]], tuple[World, ...]] = {}
    while queue.left or queue.alone or under_way:
        while batch := queue.take(len(under_way)):
            under_way[door.submit(Batch(batch, order))] = batch
        finished, _ = wait(under_way, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        if not finished:
            door.check()
        for future in finished:
            batch = under_way.pop(future)
            queue.heard = True
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                ended = future.result()
                queue.note(ended)
                record(ended)
                continue
            if isinstance(error, ForeignWorkerError):
                raise error
            fate, said = door.fate(error)
            if queue.is_culprit(batch, fate):
                record([Ended(batch[0].run_id, None, said, 0.0)])
            else:
                queue.try_again(batch)
