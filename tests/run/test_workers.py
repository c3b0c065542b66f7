"""Tasks on processes: one bad task costs only itself, and what comes back is in the order of the tasks."""

import math
import signal
import sys

import pytest

from ecosim.errors import EcosimError
from ecosim.workers import DIED, run_all

FINE = 0
"""A signal that does nothing."""


def ignore(done):
    """Nobody waits."""


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks_with_failures_named(workers):
    told = []

    ended = run_all(math.sqrt, [4.0, -1.0, 9.0], workers, told.append)

    assert [done.result for done in ended] == [2.0, None, 3.0]
    assert ended[1].failure.startswith("ValueError")
    assert sorted(told) == [1, 2, 3]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_task_that_kills_its_process_is_the_only_one_lost():
    tasks = [FINE, FINE, FINE, signal.SIGKILL, FINE, FINE]

    ended = run_all(signal.raise_signal, tasks, 2, ignore)

    assert [done.failure for done in ended] == ["", "", "", DIED, "", ""]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_workers_that_never_finish_anything_are_reported_with_a_remedy():
    with pytest.raises(EcosimError, match="__main__"):
        run_all(signal.raise_signal, [signal.SIGKILL], 2, ignore)


def blocked(signals):
    """Those of some signals that this process will never be told of."""
    return signal.pthread_sigmask(signal.SIG_BLOCK, ()) & set(signals)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_never_sees_ctrl_c_and_the_parent_still_does():
    """Not even while it starts: what ignores the signal later would come too late."""
    ended = run_all(blocked, [[signal.SIGINT]], 2, ignore)

    assert ended[0].result == {signal.SIGINT}
    assert not blocked([signal.SIGINT])
