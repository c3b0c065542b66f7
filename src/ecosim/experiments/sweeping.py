"""A sweep from plan to store: what is missing is lived, every finished run is acknowledged, what has failed is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from ..comparison import MOST_WORKERS
from ..errors import Fault, SpecError
from ..kernel import cache_is_warm
from ..manifest import manifest_of, source_hash
from ..simulation import COMPILING, whole_number
from ..wording import Words, suggestion
from ..workers import Progress, usable_processors
from . import kept, worlds
from .engine import Door, Guard, Order, drive
from .plan import Plan, Stop, load_plan
from .results import SweepResults, of_store
from .statistics import enough
from .store import Ended, Store
from .worlds import Run, Setting, World, live, live_alone, ready

ENGINES = ("local", "dask")
RUNNING = "running"
COMPARED = ("plan", "origin")
"""What of a store must be as it is now for a sweep to go on."""


def sweep(
    plan: Plan | str | Path,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str | Door = "local",
    resume: bool = False,
    progress: Progress | None = None,
) -> SweepResults:
    """Live every world of a plan and keep the results in a store, run by run.

    out: folder of the store, out/NAME if None; workers: processes, all processors if None; engine: "local", or a door such as
    `ecosim.experiments.cluster.DaskDoor("tcp://...")`; resume: go on with the store, runs that failed included; progress: called
    with a sentence, the runs done and the runs in all. Results are the same for any engine and number of workers. Raises
    SpecError with every fault of the plan, or for a store of another plan, and OutputError if the store cannot be written.
    """
    asked = plan if isinstance(plan, Plan) else load_plan(plan)
    folder = Path("out") / asked.name if out is None else Path(out)
    door = _door(engine, workers)
    tell = progress if progress is not None else _silent
    settings = worlds.in_turn(asked, worlds.settings(asked))
    with closing(door), _store(folder, asked, settings, resume) as store:
        _Sweep(asked, settings, store, door, tell).run()
        return of_store(store)


def _door(engine: str | Door, workers: int | None) -> Door:
    """The door asked for. Raises SpecError if there is none, or for a number of workers out of range."""
    count = usable_processors() if workers is None else workers
    if not 1 <= count <= MOST_WORKERS:
        raise SpecError([Fault("workers", Words(f"{count} is out of range", f"{count} 超出范围"), whole_number(1, MOST_WORKERS))])
    if not isinstance(engine, str):
        return engine
    if engine != "local":
        raise SpecError([Fault("engine", Words(f"there is no engine {engine!r}", f"没有引擎 {engine!r}"), suggestion(engine, ENGINES))])
    from .local import LocalDoor

    return LocalDoor(count)


def _store(folder: Path, plan: Plan, settings: Sequence[Setting], resume: bool) -> Store:
    """The store to fill, with what the sweep is."""
    told = plan.told
    manifest = manifest_of(told, list(range(1, plan.seeds + 1)), worlds.draws_of(plan), 0.0, {}, plan.parameters)
    origin = {setting.scenario.region: setting.key.partition(" ")[2] for setting in settings}
    about: dict[str, Any] = {"plan": plan.to_dict(), "origin": origin, "manifest": manifest, "seeds": plan.seeds}
    return Store.resume(folder, about, COMPARED) if resume else Store.create(folder, about)


def _silent(note: str, done: int, total: int) -> None:
    """Nobody waits."""


class _Sweep:
    """A sweep under way: what is planned, what has ended, and who is told."""

    def __init__(self, plan: Plan, settings: Sequence[Setting], store: Store, door: Door, tell: Progress) -> None:
        self.plan, self.settings, self.store, self.door, self.tell = plan, settings, store, door, tell
        self.columns = kept.columns(plan.outcomes, plan.told[0].quarters)
        self.ended = {run_id: each for run_id, each in store.ended().items() if each.found is not None}
        self.failed = self.total = 0

    def run(self) -> None:
        """Live the planned seeds, then one more at a time where the stopping rule asks for it."""
        begin = perf_counter()
        self._live(worlds.of_seeds(self.plan, self.settings, range(1, self.plan.seeds + 1)))
        seeds = self.plan.seeds
        stop = self.plan.stop
        while stop is not None and seeds < stop.at_most and (wide := self._wide(stop, seeds)):
            seeds += 1
            self.store.note("seeds", seeds)
            self._live(worlds.of_seeds(self.plan, wide, [seeds]))
        self.store.note("seconds", self.store.about().get("seconds", 0.0) + perf_counter() - begin)

    def _live(self, runs: Iterable[Run]) -> None:
        """Live those of some runs that have not ended well, equal worlds once."""
        asked = {run.run_id: run for run in runs}
        left = [self._world(run) for run_id, run in asked.items() if run_id not in self.ended]
        self.total += len(asked)
        self.tell(RUNNING if cache_is_warm() else COMPILING, self.total - len(left), self.total)
        drive(self.door, left, Order(ready, live, self.plan.cap, source_hash()), self._acknowledge)

    def _world(self, run: Run) -> World:
        return World(run.run_id, run.setting.scenario, run.draw, run.seed, self.plan.parameters, self.columns)

    def _acknowledge(self, ended: list[Ended]) -> None:
        """Write finished runs down for good, then say so."""
        self.store.record(ended)
        self.ended |= {each.run_id: each for each in ended if each.found is not None}
        self.failed += sum(each.found is None for each in ended)
        note = Words(f"{RUNNING}; {self.failed} failed", f"运行；失败 {self.failed}") if self.failed else RUNNING
        self.tell(note, len(self.ended) + self.failed, self.total)

    def _wide(self, stop: Stop, seeds: int) -> list[Setting]:
        """The settings of which the mean of the deciding outcome is not known well enough; not those of which every run failed."""
        column = next(place for place, each in enumerate(self.columns) if each in kept.columns_of(stop.outcome, self.plan.told[0].quarters))
        found = []
        for setting in self.settings:
            means = np.array([self._mean(setting, seed, column) for seed in range(1, seeds + 1)])
            if np.isfinite(means).any() and not enough(means, stop.half_width):
                found.append(setting)
        return found

    def _mean(self, setting: Setting, seed: int, column: int) -> float:
        """The outcome of a setting in one seed, over all draws; nan if a run of it failed."""
        ids = [run.run_id for run in worlds.of_seeds(self.plan, [setting], [seed])]
        found = [self.ended[run_id].found for run_id in ids if run_id in self.ended]
        if len(found) < len(ids):
            return np.nan
        return float(np.mean([np.frombuffer(content or b"")[column] for content in found]))


def seconds_of_a_run(plan: Plan) -> float:
    """How long one run of the first scenario takes here, compiling left out."""
    told = World("", plan.told[0], None, 1, plan.parameters, ())
    ready(told)
    begin = perf_counter()
    live_alone(told)
    return perf_counter() - begin


class Again(NamedTuple):
    """One run lived once more: its numbers by name, whether they are the bytes in the store, and that in a sentence."""

    values: dict[str, float]
    same: bool
    verdict: Words


def again(results: SweepResults, run_id: str) -> Again:
    """Live one run of a sweep once more, alone, and compare. Raises SpecError for a run that is not there."""
    run = results.run(run_id)
    columns = kept.columns(results.plan.outcomes, results.plan.told[0].quarters)
    with Guard() as guard:
        found = live_alone(World(run_id, run.setting.scenario, run.draw, run.seed, results.plan.parameters, columns))
    stored = results.ended.get(run_id)
    if guard.error:
        return Again({}, False, Words(f"{run_id} fails: {guard.error}", f"{run_id} 失败：{guard.error}"))
    values = {column.name: float(value) for column, value in zip(columns, found, strict=True)}
    if stored is None or stored.found is None:
        return Again(values, False, Words(f"{run_id} has no numbers in the store to compare with", f"{run_id} 在结果库中没有可比的数"))
    if stored.found == found.tobytes():
        return Again(values, True, Words(f"{run_id} gives the same bytes as in the store", f"{run_id} 与结果库逐字节相同"))
    return Again(values, False, Words(f"{run_id} gives other bytes than in the store", f"{run_id} 与结果库不同"))
