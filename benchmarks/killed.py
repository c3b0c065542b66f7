"""A sweep to be killed: prints the number of runs acknowledged after each task. `python killed.py PLAN DIR local|here [--resume]`.

"here" lives worlds that only count in this process, "local" in workers.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future

import faulty

from ecosim.experiments import engine
from ecosim.experiments.engine import Batch, live_batch
from ecosim.experiments.local import LocalDoor
from ecosim.experiments.sweeping import sweep

PAUSE = 0.003
SECONDS_OF_A_BATCH = 0.05
"""So short that a kill falls between tasks as often as into one."""


class HereDoor:
    """Lives every task in this process."""

    slots, names_culprit = 1, True

    def submit(self, batch: Batch) -> Future:
        """Live a batch at once."""
        future: Future = Future()
        future.set_result(live_batch(batch))
        return future

    def check(self) -> None:
        """Always here."""

    def close(self) -> None:
        """Nothing to end."""


def acknowledged(note: str, done: int, total: int) -> None:
    """Say how many runs are on disk."""
    sys.stdout.write(f"{done}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    plan, folder, kind = sys.argv[1:4]
    engine.SECONDS_OF_A_BATCH = SECONDS_OF_A_BATCH
    door = HereDoor() if kind == "here" else LocalDoor(2)
    work = faulty.Faulty({}, pause=PAUSE)
    sweep(plan, folder, engine=faulty.Replacing(door, work), resume="--resume" in sys.argv, progress=acknowledged)
