"""Many independent tasks on several processes: results in the order of the tasks, failures beside them,
nothing left behind.

Any executor of the `concurrent.futures` kind would do; one worker means a thread of this process. What a task
returns never depends on the number of workers, and a task that fails, or takes its process with it, costs
only itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Generic, NamedTuple, TypeVar

from .errors import EcosimError
from .memory import search_seldom
from .wording import Words

Task = TypeVar("Task")
Result = TypeVar("Result")

Progress = Callable[[str, int, int], None]
"""Called with a sentence on what is going on, the tasks done and the tasks in all."""

DIED = "its process ended without a word (out of memory?)"
NO_START = Words(
    "no worker process lived to finish a task. In a script, call compare() under "
    '`if __name__ == "__main__":`; if memory is short, give workers=1',
    '没有一个工作进程完成任务。脚本中请在 `if __name__ == "__main__":` 之下调用 compare()；内存不足时请用 workers=1',
)


class Done(NamedTuple, Generic[Result]):
    """How a task ended: its result, or why there is none."""

    result: Result | None
    failure: str = ""


def usable_processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all(work: Callable[[Task], Result], tasks: Sequence[Task], workers: int, tell: Callable[[int], None]) -> list[Done[Result]]:
    """Do every task and return how each ended, in their order. `tell` is called with the number done so far.

    After the death of a process the tasks it left are tried again, by one worker alone, so that the culprit
    shows itself. Raises EcosimError if no process starts at all.
    """
    ended: dict[int, Done[Result]] = {}
    left, alone = list(range(len(tasks))), False
    while left:
        with executor(1 if alone else workers, processes=workers > 1) as pool:
            _collect(pool, work, tasks, left, ended, tell)
        left = [number for number in left if number not in ended]
        if left and alone:  # one worker takes tasks in order, so it died of the first one left
            if not ended:
                raise EcosimError(NO_START)
            ended[left.pop(0)] = Done(None, DIED)
        alone = bool(left) and not alone
    return [ended[number] for number in range(len(tasks))]


def _collect(
    pool: Executor,
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    left: Sequence[int],
    ended: dict[int, Done[Result]],
    tell: Callable[[int], None],
) -> None:
    """Submit what is left and note how it ended; what the pool's death took with it is not noted."""
    try:
        with _interrupts_wait():
            futures: dict[Future[Result], int] = {pool.submit(work, tasks[number]): number for number in left}
    except BrokenProcessPool:
        return
    for future in as_completed(futures):
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            continue
        failure = "" if error is None else f"{type(error).__name__}: {error}"
        ended[futures[future]] = Done(None, failure) if failure else Done(future.result())
        tell(len(ended))


@contextmanager
def executor(workers: int, processes: bool) -> Iterator[Executor]:
    """A pool of processes, or one thread of this process; when the block is left early, waiting tasks are
    dropped.
    """
    spawning = multiprocessing.get_context("spawn")
    pool: Executor = ProcessPoolExecutor(workers, spawning, initializer=begin) if processes else ThreadPoolExecutor(1)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Ctrl-C waits until the block is left; processes started in it never see one, not even before `begin`."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin() -> None:
    """A new worker: Ctrl-C is the parent's affair, and without its parent a worker ends."""
    search_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
