"""Worlds compared: every scenario runs over the same parameter draws and seeds, and effects are differences
within pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np

from . import outcomes
from .effect import CostKey, Effect, Failure
from .errors import EcosimError, Fault, SpecError
from .kernel import cache_is_warm
from .lives import side_by_side
from .manifest import manifest_of
from .quantity import quarter_label
from .scenario import Scenario, load
from .simulation import COMPILING, Trace, Traced, warm, whole_number
from .sources import LARGEST_DRAW, Source, draw_faults, draws_of
from .wording import Words
from .workers import Done, Progress, run_all, usable_processors

__all__ = ["Effect", "compare"]

MOST_WORKERS = 64
MOST_RUNS = 1_000_000
RUNNING = "running"
SAME_FRAME = Words("Compare scenarios of the same region and period", "请比较同一地区、同一时期的情景")


class Task(NamedTuple):
    """The worlds of one draw and seed, one for each scenario."""

    scenarios: tuple[Scenario, ...]
    draw: int
    seed: int
    source: Source


def live(task: Task) -> list[Trace]:
    """Live the worlds of a task side by side (in a worker)."""

    def begin(scenario: Scenario, path: int | None) -> Traced:
        return Traced(scenario, task.seed, task.draw, task.source, path)

    ended = {place: life.end() for place, life in side_by_side(begin, [(scenario, None) for scenario in task.scenarios])}
    return [ended[place] for place in range(len(task.scenarios))]


def compare(
    baseline: Scenario | str | Path,
    *scenarios: Scenario | str | Path,
    seeds: int = 4,
    draws: int | None = None,
    parameters: Source = "posterior",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Effect:
    """Run every scenario over draws 0 to draws - 1 and seeds 1 to seeds, and compare each with the baseline
    pair by pair.

    draws: 16 if None, and the one there is of a point; parameters: where they come from, see `ecosim.sources`; workers:
    processes to use, all processors if None; the results are the same for any number. progress: called with a
    sentence, the runs done and the runs in all. A run that fails is named in `Effect.failures`
    and left out with its pair. Raises SpecError with every fault of the scenarios and numbers, EcosimError if
    a scenario has no run that succeeded.
    """
    told = load_all((baseline, *scenarios))
    count = usable_processors() if workers is None else workers
    drawn = draws_of(parameters, draws)
    check(told, seeds, drawn, count, parameters)
    tell = progress if progress is not None else _silent
    begin = perf_counter()
    tasks = [Task(tuple(told), draw, seed + 1, parameters) for draw in range(drawn) for seed in range(seeds)]
    total = len(tasks) * len(told)
    if not cache_is_warm():
        tell(COMPILING, 0, total)
        warm(told)
    tell(RUNNING, 0, total)
    alone = [task._replace(scenarios=(scenario,)) for task in tasks for scenario in told]
    ended = live_all(tasks, alone, count, lambda done: tell(RUNNING, done * len(told), total))
    failures = [
        Failure(task.scenarios[0].name, task.draw, task.seed, done.failure) for task, done in zip(alone, ended, strict=True) if done.failure
    ]
    values, costs = gathered(ended, (drawn, seeds, len(told)), len(told[0].quarters))
    refuse_empty(told, values, failures)
    manifest = manifest_of(told, list(range(1, seeds + 1)), list(range(drawn)), perf_counter() - begin, {}, parameters)
    return Effect(tuple(told), values, costs, tuple(failures), manifest)


def live_all(tasks: Sequence[Task], alone: Sequence[Task], workers: int, tell: Callable[[int], None]) -> list[Done[Trace]]:
    """How each world ended, in the order of `alone`, which holds every world of the tasks as a task of its own.

    A task in which something failed is tried again world by world, so that only the culprits are lost.
    """
    found: list[Done[Trace] | None] = []
    for task, done in zip(tasks, run_all(live, tasks, min(workers, len(tasks)), tell), strict=True):
        found += [None] * len(task.scenarios) if done.result is None else [Done(trace) for trace in done.result]
    left = [number for number, done in enumerate(found) if done is None]
    again = run_all(live, [alone[number] for number in left], min(workers, len(left)), lambda done: None) if left else []
    for number, done in zip(left, again, strict=True):
        found[number] = Done(None, done.failure) if done.result is None else Done(done.result[0])
    return [done for done in found if done is not None]


def load_all(given: Sequence[Scenario | str | Path]) -> list[Scenario]:
    """Every scenario, read from its file where a path is given. Raises SpecError with the faults of all files."""
    told: list[Scenario] = []
    faults: list[Fault] = []
    for each in given:
        try:
            told.append(each if isinstance(each, Scenario) else load(each))
        except SpecError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise SpecError(faults)
    return told


def _silent(note: str, done: int, total: int) -> None:
    """Nobody waits."""


def gathered(ended: Sequence[Done[Trace]], shape: tuple[int, int, int], quarters: int) -> tuple[np.ndarray, dict[CostKey, np.ndarray]]:
    """Outcomes as scenarios x draws x seeds x quarters x outcomes, and costs of the whole period as scenarios
    x draws x seeds.

    shape: draws, seeds and scenarios, the order of the tasks. A failed run is nan in both.
    """
    values = np.full((len(ended), quarters, len(outcomes.KEYS)), np.nan)
    failed = np.array([done.result is None for done in ended])
    costs: dict[CostKey, np.ndarray] = {}
    for number, done in enumerate(ended):
        if done.result is not None:
            values[number] = done.result.values
            for key, amounts in done.result.costs.items():
                costs.setdefault(key, np.where(failed, np.nan, 0.0))[number] = amounts.sum()
    ordered = {key: np.moveaxis(costs[key].reshape(shape), 2, 0) for key in sorted(costs)}
    return np.moveaxis(values.reshape(*shape, quarters, len(outcomes.KEYS)), 2, 0), ordered


def check(told: Sequence[Scenario], seeds: int, draws: int, workers: int, source: Source) -> None:
    """Raise SpecError with everything that makes a comparison impossible."""
    first = told[0]
    faults = [*draw_faults(first.region, draws, source), *number_faults(seeds, draws, workers, len(told))]
    if len(told) < 2:
        remedy = Words("Name at least one scenario to compare with it", "请至少再写一个情景与之比较")
        faults.append(Fault("compare", Words("there is only a baseline", "只有基准情景"), remedy))
    faults += frame_faults(told)
    if not outcomes.years_in(first.quarters):
        message = Words(f"{first.name!r} holds no complete calendar year", f"{first.name!r} 不含完整的日历年")
        faults.append(Fault("end", message, Words("Let it end later", "请推迟结束季度")))
    if faults:
        raise SpecError(faults)


def frame_faults(told: Sequence[Scenario]) -> list[Fault]:
    """Where scenarios that are run side by side differ in region or period, or share a name."""
    first, faults = told[0], []
    for other in told[1:]:
        for field in ("region", "start", "end"):
            ours, theirs = (value(scenario, field) for scenario in (first, other))
            if ours != theirs:
                message = Words(
                    f"{first.name!r} has {field} {ours}, {other.name!r} has {theirs}",
                    f"{first.name!r} 的 {field} 为 {ours}，{other.name!r} 为 {theirs}",
                )
                faults.append(Fault(field, message, SAME_FRAME))
    names = [scenario.name for scenario in told]
    for name in sorted({name for name in names if names.count(name) > 1}):
        message = Words(f"{names.count(name)} scenarios are called {name!r}", f"有 {names.count(name)} 个情景都叫 {name!r}")
        faults.append(Fault("name", message, Words("Give each a name of its own", "请给每个情景不同的名称")))
    return faults


def number_faults(seeds: int, draws: int, workers: int, scenarios: int) -> list[Fault]:
    """What is wrong with the numbers of a comparison."""
    limits = (
        ("seeds", seeds, LARGEST_DRAW),
        ("workers", workers, MOST_WORKERS),
    )
    faults = [
        Fault(name, Words(f"{given} is out of range", f"{given} 超出范围"), whole_number(1, most))
        for name, given, most in limits
        if not 1 <= given <= most
    ]
    if not faults and seeds * draws * scenarios > MOST_RUNS:
        runs = seeds * draws * scenarios
        message = Words(
            f"{scenarios} scenarios over {draws} draws and {seeds} seeds are {runs:,} runs",
            f"{scenarios} 个情景 × {draws} 组参数 × {seeds} 个种子共 {runs:,} 次运行",
        )
        faults.append(Fault("draws", message, Words(f"Ask for at most {MOST_RUNS:,}", f"请不超过 {MOST_RUNS:,} 次")))
    return faults


def value(scenario: Scenario, field: str) -> str:
    """A field of a scenario as its file writes it."""
    found = getattr(scenario, field)
    return found if isinstance(found, str) else quarter_label(found)


def refuse_empty(told: Sequence[Scenario], values: np.ndarray, failures: Sequence[Failure]) -> None:
    """Raise EcosimError if all runs of a scenario failed."""
    for scenario, of_scenario in zip(told, values, strict=True):
        if not np.isfinite(of_scenario).any():
            first = next(failure for failure in failures if failure.scenario == scenario.name)
            message = f"every run of {scenario.name!r} failed; the first: {first}"
            raise EcosimError(Words(message, f"{scenario.name!r} 的所有运行都失败了；第一个：{first}"))
