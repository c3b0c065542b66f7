"""Experiments carried out many times: every study over seeds at the model's own parameters, and over draws from the prior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from ..kernel import cache_is_warm
from ..simulation import COMPILING
from ..workers import Progress, run_all
from .lab import Lab
from .study import Reading, Study, studies

RUNNING = "running"
PRIOR_SEED = 1_000_001
"""First seed of the experiments at prior draws; no experiment at the model's parameters shares one."""


class Task(NamedTuple):
    """One experiment: a study, and the draw of chance and parameters it is lived in (draw None: the model's own parameters, a
    number: a draw from the prior).
    """

    study: str
    seed: int
    draw: int | None


class Trial(NamedTuple):
    """How one experiment ended: its readings by row, or why there are none."""

    task: Task
    readings: dict[str, Reading]
    failure: str


def perform(task: Task) -> dict[str, Reading]:
    """Carry out one experiment (in a worker). Raises ValueError where a study gives other rows than it declares."""
    study = next(study for study in studies() if study.name == task.study)
    with threadpool_limits(1):
        found = dict(study.experiment(Lab(task.seed, task.draw, "posterior" if task.draw is None else "prior")))
    declared = {row.id for row in study.rows}
    if found.keys() != declared:
        raise ValueError(f"{study.name} gives {', '.join(sorted(found))} and declares {', '.join(sorted(declared))}")
    return found


def trials(chosen: Sequence[Study], seeds: int, draws: int, workers: int, tell: Progress) -> list[Trial]:
    """Every study at seeds 1 to `seeds`, and at prior draws 1 to `draws`; interleaved, so that an early look is balanced."""
    own = [Task(study.name, seed + 1, None) for seed in range(seeds) for study in chosen]
    prior = [Task(study.name, PRIOR_SEED + draw, draw + 1) for draw in range(draws) for study in chosen]
    tasks = own + prior
    if not cache_is_warm():
        tell(COMPILING, 0, len(tasks))
    for study in chosen:
        perform(Task(study.name, 1, None))
    tell(RUNNING, 0, len(tasks))
    ended = run_all(perform, tasks, min(workers, len(tasks)), lambda done: tell(RUNNING, done, len(tasks)))
    return [Trial(task, done.result or {}, done.failure) for task, done in zip(tasks, ended, strict=True)]
