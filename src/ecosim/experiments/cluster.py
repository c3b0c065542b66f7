"""The door to many machines: a Dask scheduler whose workers have this very version of ecosim and one thread each.

    dask scheduler --host 127.0.0.1 --port 8786
    dask worker tcp://127.0.0.1:8786 --nthreads 1 --nworkers 2
    ecosim sweep plan.yaml --engine dask --scheduler tcp://127.0.0.1:8786

The store stays with the process that sweeps; workers send numbers and keep nothing.
"""

from __future__ import annotations

from concurrent.futures import Future
from time import monotonic
from typing import Any

from ..errors import EcosimError, Fault, SpecError
from ..manifest import source_hash
from ..wording import Words
from .engine import Batch, Fate, ForeignWorkerError, foreign, live_batch
from .store import Ended

SECONDS_TO_CONNECT = 10
SECONDS_WITHOUT_WORKERS = 120.0
TASKS_AHEAD = 2
"""Tasks under way for each worker, so that none waits for the next."""
OPTION = "--scheduler"


class DaskDoor:
    """The workers of one scheduler. A worker that dies takes what others sent it along, so its runs are tried again one at a time."""

    names_culprit = False

    def __init__(self, address: str) -> None:
        """Connect to the scheduler at an address such as tcp://127.0.0.1:8786.

        Raises SpecError if nobody answers there, it has no workers, or they have more threads than one; ForeignWorkerError if
        one of them has another version of ecosim.
        """
        self._client = _client(address)
        self._address, self._alone_since = address, 0.0
        try:
            self.slots = TASKS_AHEAD * self._count()
            self._refuse_foreign()
        except EcosimError:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)

    def submit(self, batch: Batch) -> Future[list[Ended]]:
        """Send a batch to whichever worker is free."""
        found: Future[list[Ended]] = self._executor.submit(live_batch, batch)
        return found

    def fate(self, error: BaseException) -> tuple[Fate, str]:
        """Died, as far as anyone here can tell. Raises EcosimError if the scheduler dropped the task."""
        if type(error).__name__ in ("CancelledError", "FutureCancelledError"):
            raise EcosimError(self._gone())
        if type(error).__name__ == "KilledWorker":
            return "died", "the workers that tried it died, or it took longer than its time limit"
        return "died", f"{type(error).__name__}: {error}"

    def check(self) -> None:
        """Raise EcosimError if the scheduler is gone, or has had no worker for two minutes."""
        if self._client.status != "running":
            raise EcosimError(self._gone())
        if self._client.nthreads():
            self._alone_since = 0.0
            return
        self._alone_since = self._alone_since or monotonic()
        if monotonic() - self._alone_since > SECONDS_WITHOUT_WORKERS:
            raise EcosimError(self._gone())

    def close(self) -> None:
        """Take back what waits; scheduler and workers stay as they were."""
        self._client.close()

    def _count(self) -> int:
        threads = self._client.nthreads()
        if not threads:
            raise _refused(self._address, Words("it has no workers", "没有工作进程"), _start(self._address))
        crowded = sorted(worker for worker, count in threads.items() if count != 1)
        if crowded:
            message = Words(
                f"its worker {crowded[0]} has {threads[crowded[0]]} threads", f"其工作进程 {crowded[0]} 有 {threads[crowded[0]]} 个线程"
            )
            raise _refused(self._address, message, _start(self._address))
        return len(threads)

    def _refuse_foreign(self) -> None:
        ours = source_hash()
        for worker, found in sorted(self._client.run(source_hash, on_error="return").items()):
            if found != ours:
                raise ForeignWorkerError(foreign(worker))

    def _gone(self) -> Words:
        return Words(
            f"the scheduler {self._address} or its workers are gone; acknowledged runs are kept: start it anew and add --resume",
            f"调度器 {self._address} 或其工作进程已消失；已确认的运行已保存：请重新启动并加 --resume",
        )


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        message = Words("Dask is not installed", "没有安装 Dask")
        raise SpecError([Fault("--engine", message, Words("Install ecosim[cluster]", "请安装 ecosim[cluster]"))]) from error
    try:
        return Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _refused(address, Words("no scheduler answers there", "那里没有调度器应答"), _start(address)) from error


def _refused(address: str, message: Words, remedy: Words) -> SpecError:
    return SpecError([Fault(f"{OPTION} {address}", message, remedy)])


def _start(address: str) -> Words:
    scheduler, worker = "dask scheduler", f"dask worker {address} --nthreads 1"
    started = Words(f"Start it with '{scheduler}'", f"请用 '{scheduler}' 启动")
    return Words(f"{started} and workers with '{worker}', then name its address", f"{started.zh}，工作进程用 '{worker}'，再写出地址")
