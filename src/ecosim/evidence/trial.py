"""Experiments carried out many times: every study over seeds, each at a posterior draw of its own, and over draws from the prior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from ..kernel import cache_is_warm
from ..simulation import COMPILING
from ..sources import Source, posterior_in_use
from ..workers import Progress, run_all
from .lab import REGION, Lab
from .study import Reading, ShortError, Study, studies

RUNNING = "running"
PRIOR_SEED = 1_000_001
"""First seed of the experiments at prior draws; no experiment at posterior draws shares one."""


class Task(NamedTuple):
    """One experiment: a study, and the draw of chance and of parameters it is lived in."""

    study: str
    seed: int
    draw: int
    source: Source


class Trial(NamedTuple):
    """How one experiment ended: its readings by row, or why there are none; short: whether its world had not what the study had."""

    task: Task
    readings: dict[str, Reading]
    failure: str
    short: bool = False


def perform(task: Task) -> dict[str, Reading] | str:
    """Carry out one experiment (in a worker); what its world lacks, if anything. Raises ValueError where a study gives other rows than
    it declares.
    """
    study = next(study for study in studies() if study.name == task.study)
    with threadpool_limits(1):
        try:
            found = dict(study.experiment(Lab(task.seed, task.draw, task.source)))
        except ShortError as lacking:
            return str(lacking)
    declared = {row.id for row in study.rows}
    if found.keys() != declared:
        raise ValueError(f"{study.name} gives {', '.join(sorted(found))} and declares {', '.join(sorted(declared))}")
    return found


def trials(chosen: Sequence[Study], seeds: int, draws: int, workers: int, tell: Progress) -> list[Trial]:
    """Every study at seeds 1 to `seeds`, and at prior draws 1 to `draws`; interleaved, so that an early look is balanced.

    Seed s has draw s - 1 of the posterior, from the first again after the last, so that the spread over experiments is that of chance
    and parameters together; a region without a posterior has its priors.
    """
    shipped = posterior_in_use(REGION, "posterior")
    rows = len(shipped.values) if shipped else seeds
    own = [Task(study.name, seed + 1, seed % rows, "posterior") for seed in range(seeds) for study in chosen]
    prior = [Task(study.name, PRIOR_SEED + draw, draw + 1, "prior") for draw in range(draws) for study in chosen]
    tasks = own + prior
    if not cache_is_warm():
        tell(COMPILING, 0, len(tasks))
    for study in chosen:
        perform(Task(study.name, 1, 0, "posterior"))
    tell(RUNNING, 0, len(tasks))
    ended = run_all(perform, tasks, min(workers, len(tasks)), lambda done: tell(RUNNING, done, len(tasks)))
    return [ended_as(task, done.result, done.failure) for task, done in zip(tasks, ended, strict=True)]


def ended_as(task: Task, found: dict[str, Reading] | str | None, failure: str) -> Trial:
    """How an experiment ended, from what it gave or why it broke off."""
    return Trial(task, {}, f"short: {found}", True) if isinstance(found, str) else Trial(task, found or {}, failure)
