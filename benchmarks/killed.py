"""A sweep to be killed: prints the number of runs acknowledged after each task. `python killed.py PLAN DIR local|here [--resume]`.

"here" lives worlds that only count in this process, "local" in workers. From Python: `prepare` a folder, then `start` a sweep in it.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import faulty

from ecosim.experiments import engine
from ecosim.experiments.engine import Batch, live_batch
from ecosim.experiments.local import LocalDoor
from ecosim.experiments.sweeping import sweep

ROOT = Path(__file__).resolve().parents[1]
PLAN = """\
schema: 1
name: many
scenarios: [sandbox/baseline]
factors: {policies.innovation_voucher.cap: {low: 1_000, high: 100_000}}
design: {kind: latin_hypercube, points: 50}
seeds: SEEDS
draws: 1
parameters: prior
outcomes: [certified, sales@2020]
"""
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


def prepare(folder: Path, seeds: int) -> None:
    """Put a plan of fifty runs a seed into a folder."""
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    (folder / "plan.yaml").write_text(PLAN.replace("SEEDS", str(seeds)), encoding="utf-8")


def start(folder: Path, kind: str, resume: bool = False) -> subprocess.Popen[str]:
    """Begin the sweep of a folder that was prepared, or go on with it, in a process of its own; its results go to `out` in there."""
    command = [sys.executable, __file__, str(folder / "plan.yaml"), str(folder / "out"), kind, *(["--resume"] if resume else [])]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


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
