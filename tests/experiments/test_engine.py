"""Whatever happens to a run happens to it alone, and every other run of the sweep finishes."""

import multiprocessing
import sys
import time

import faulty
import numpy as np
import pytest

from ecosim.errors import EcosimError
from ecosim.experiments.engine import Batch, drive, live_batch
from ecosim.experiments.local import LATE, LocalDoor
from ecosim.experiments.worlds import World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
SAID = {
    "raises": "ValueError: no such price",
    "exits": "SystemExit: 3",
    "leaves": "its process ended (exit code 3)",
    "is_killed": "its process ended (SIGKILL: out of memory, or killed)",
    "sleeps": LATE,
    "never_returns": LATE,
    "eats_memory": "MemoryError",
    "gives_what_cannot_be_sent": "AttributeError",
    "raises_what_cannot_be_sent": "HomemadeError: <exception str() failed>",
    "reads_beyond": "its process ended (SIGSEGV)",
    "never_ends_calling": "RecursionError",
    "tears_its_pipe": "",
}


def worlds(count):
    return [World(f"{number:04d}", None, None, number, "prior", ()) for number in range(count)]


def driven(door, told, order):
    """Every run as it ended, by identity."""
    found = {}
    try:
        drive(door, told, order, lambda ended: found.update({each.run_id: each for each in ended}))
    finally:
        door.close()
    return found


def test_every_kind_of_fault_fails_its_own_run_with_its_reason_and_no_other():
    told = worlds(120)
    kinds = {told[9 * place + 5].run_id: kind for place, kind in enumerate(faulty.KINDS)}

    found = driven(LocalDoor(2), told, faulty.order(faulty.Faulty(kinds), seconds=5.0, megabytes=256.0))

    assert {kind: found[run_id].error for run_id, kind in kinds.items() if SAID[kind] not in found[run_id].error} == {}
    assert all(found[run_id].error and found[run_id].found is None for run_id in kinds)
    good = [each for run_id, each in found.items() if run_id not in kinds]
    assert len(good) == len(told) - len(kinds)
    assert all(each.found is not None and not each.error for each in good)
    assert multiprocessing.active_children() == []


def test_a_time_limit_is_of_one_run_and_not_of_its_neighbours_in_a_task():
    found = driven(LocalDoor(1), worlds(12), faulty.order(faulty.Faulty({}, pause=0.2), seconds=0.6))

    assert not [each.error for each in found.values() if each.error]


def test_where_something_fails_that_worlds_share_each_is_lived_alone():
    """Odd ones cannot be begun, alone or in company."""

    def begun(told):
        for each in told:
            if each.seed % 2:
                raise ValueError("no such price")
            yield each, lambda: np.ones(1)

    found = {each.run_id: each for each in live_batch(Batch(tuple(worlds(9)), faulty.order(begun)))}

    assert [found[each.run_id].error for each in worlds(9)] == ["", "ValueError: no such price"] * 4 + [""]


def test_a_worker_killed_from_outside_costs_no_run():
    door, told = LocalDoor(2), worlds(40)
    found, killed = {}, []

    def record(ended):
        found.update({each.run_id: each for each in ended})
        if len(found) > 8 and not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    try:
        drive(door, told, faulty.order(faulty.Faulty({}, pause=0.05)), record)
    finally:
        door.close()

    assert killed
    assert all(each.found is not None for each in found.values())
    assert len(found) == len(told)


def test_where_no_process_ever_answers_the_sweep_ends_with_a_remedy():
    told = worlds(6)

    with pytest.raises(EcosimError, match="__main__"):
        driven(LocalDoor(2), told, faulty.order(faulty.Faulty({each.run_id: "leaves" for each in told})))


def test_a_worker_with_other_code_is_refused():
    order = faulty.order(faulty.counted)._replace(code="of another version")

    with pytest.raises(EcosimError, match="another version of ecosim"):
        driven(LocalDoor(1), worlds(2), order)


def test_a_door_that_is_left_early_leaves_no_process_behind():
    def stop(ended):
        raise KeyboardInterrupt

    door = LocalDoor(2)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        try:
            drive(door, worlds(50), faulty.order(faulty.Faulty({}, pause=0.1)), stop)
        finally:
            door.close()

    assert multiprocessing.active_children() == []
    assert time.monotonic() - begin < 60.0
