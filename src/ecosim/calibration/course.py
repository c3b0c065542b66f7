"""The course of a calibration: waves of runs, each begun where the one before points, until the budget is spent.

Every run is written down when it ends, and everything else follows from what is written: a calibration that was
killed goes on as if nothing had happened, whatever the number of workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from .. import parameters, regions
from ..comparison import MOST_WORKERS
from ..errors import EcosimError, Fault, SpecError
from ..fit.table import measured
from ..kernel import cache_is_warm
from ..manifest import library_versions, source_hash
from ..quantity import quarter_label
from ..scenario import Scenario, load
from ..simulation import COMPILING, warm, whole_number
from ..wording import Words
from ..workers import Progress, run_all, usable_processors
from . import journal
from .free import FREE
from .targets import Target, misfits, targets_of
from .waves import Region, distances, in_reach, kept

SHARES = (0.34, 0.22, 0.22, 0.22)
"""Parts of the budget that the waves get; the first is drawn from the priors as they are."""
BUDGET = 2400
LEAST_BUDGET, MOST_BUDGET = 40, 100_000
ROWS = 256
"""Draws of the posterior, where the budget has eight runs for each."""
RUNS_PER_ROW = 8
LEAST_SHIPPED = 200
"""Draws that a pack's posterior must have."""
REPLICATES = 16
"""Runs of the central draw that show how much is chance."""
CALIBRATING, LEARNING = "calibrating", "learning"


@dataclass(frozen=True)
class Plan:
    """What is to be calibrated: free parameters, aims, and the number of runs."""

    scenario: Scenario
    targets: tuple[Target, ...]
    free: tuple[str, ...] = tuple(FREE)
    budget: int = BUDGET

    @property
    def rows(self) -> int:
        """Draws that the posterior will have."""
        return min(ROWS, self.budget // RUNS_PER_ROW)

    def about(self) -> dict[str, Any]:
        """All that the posterior depends on; a calibration that differs in any of it is another one."""
        return {
            "region": self.scenario.region,
            "scenario_sha256": self.scenario.hash,
            "model": parameters.MODEL,
            "priors_sha256": parameters.priors_hash(),
            "data_sha256": regions.load(self.scenario.region).sha256,
            "source_sha256": source_hash(),
            "free": list(self.free),
            "targets": [list(target) for target in self.targets],
            "budget": self.budget,
            "libraries": library_versions(),
        }


class Task(NamedTuple):
    """One world to live and to measure."""

    journal: Path
    scenario: Scenario
    ids: tuple[str, ...]
    draw: int
    seed: int


class Calibration(NamedTuple):
    """What came out. draws: of the prior sequence, one a row of the posterior; away: their distances from the data.

    before: the runs of the first wave, runs x rows of the targets, and after: those of the posterior; noise: variance
    over seeds; region: what was still plausible at the end; ruled_out: runs that the stand-in dismissed although they
    are nearer than the farthest row of the posterior.
    """

    plan: Plan
    draws: tuple[int, ...]
    away: np.ndarray
    before: np.ndarray
    after: np.ndarray
    noise: np.ndarray
    region: Region
    work: journal.Work
    ruled_out: int


def plan_for(region: str, file: Path | None = None, budget: int = BUDGET, shipped: bool = False) -> Plan:
    """The plan for a region under the policies of a scenario file, by default scenarios/REGION/baseline.yaml.

    shipped: whether the posterior is to go into the region's pack, and so must have draws enough. Raises SpecError for
    a region that is not there, and for a scenario or budget that will not do.
    """
    pack = regions.load(region)
    scenario = load(Path("scenarios") / region / "baseline.yaml" if file is None else file)
    faults = []
    if scenario.region != region:
        message = Words(
            f"{scenario.name!r} is of {scenario.region}, not of {region}", f"{scenario.name!r} 属于 {scenario.region}，不是 {region}"
        )
        faults.append(Fault("scenario", message, Words("Name a scenario of the region", "请给出该地区的情景")))
    if scenario.start != pack.initial_quarter + 1:
        begin = quarter_label(pack.initial_quarter + 1)
        message = Words(f"{scenario.name!r} does not start where the data end", f"{scenario.name!r} 的起点与数据不衔接")
        faults.append(Fault("scenario", message, Words(f"Let it start in {begin}", f"请从 {begin} 开始")))
    least = LEAST_SHIPPED * RUNS_PER_ROW if shipped else LEAST_BUDGET
    if not least <= budget <= MOST_BUDGET:
        remedy = Words(
            f"Give a whole number from {least} to {MOST_BUDGET}; {BUDGET} is usual",
            f"请给出 {least} 至 {MOST_BUDGET} 的整数，通常为 {BUDGET}",
        )
        faults.append(Fault("budget", Words(f"{budget} runs are out of range", f"{budget} 次运行超出范围"), remedy))
    fixed = ", ".join(name for name in FREE if name in dict(scenario.parameters))
    if fixed:
        message = Words(f"{scenario.name!r} fixes free parameters: {fixed}", f"{scenario.name!r} 固定了待校准的参数：{fixed}")
        faults.append(Fault("parameters", message, Words("Leave them out", "请去掉它们")))
    if faults:
        raise SpecError(faults)
    return Plan(scenario, targets_of(pack), budget=budget)


def live(task: Task) -> None:
    """Live one world, measure it and write that down (in a worker)."""
    begin = perf_counter()
    with threadpool_limits(1):
        yearly = parameters.values(task.draw, dict(task.scenario.parameters))
        pack = regions.load(task.scenario.region)
        found = measured(task.scenario, pack, parameters.traits(yearly), task.seed, task.ids)
    journal.record(task.journal, (task.draw, task.seed), np.array(found), perf_counter() - begin)


def seed_of(draw: int) -> int:
    """The seed that a draw is run with: each has its own, so that no chance is common to all."""
    return draw + 1


def calibrate(plan: Plan, folder: Path, resume: bool = False, workers: int | None = None, tell: Progress | None = None) -> Calibration:
    """Run the waves and choose the posterior. Raises SpecError for a folder that holds another calibration."""
    count = usable_processors() if workers is None else workers
    if not 1 <= count <= MOST_WORKERS:
        message = Words(f"{count} is out of range", f"{count} 超出范围")
        raise SpecError([Fault("workers", message, whole_number(1, MOST_WORKERS))])
    path = (journal.resume if resume else journal.begin)(folder, plan.about())
    if not cache_is_warm():
        if tell is not None:
            tell(COMPILING, 0, plan.budget)
        warm([plan.scenario])
    with threadpool_limits(1):
        return _Course(plan, path, count, tell).run()


class _Course:
    """One calibration under way. seen: draw -> the moments its run gave."""

    def __init__(self, plan: Plan, path: Path, workers: int, tell: Progress | None) -> None:
        self.plan, self.path, self.workers = plan, path, workers
        self.tell: Progress = tell if tell is not None else (lambda note, done, total: None)
        self.seen: dict[int, np.ndarray] = {}

    def run(self) -> Calibration:
        """All waves, and the choice."""
        plan = self.plan
        wanted = np.diff(np.rint(np.cumsum((0.0, *SHARES)) * plan.budget)).astype(int).tolist()
        chance = max(2, min(REPLICATES, plan.budget // 10))
        replicates = [(0, seed) for seed in range(1, chance + 1)]
        first = list(range(wanted[0] - chance + 1))
        noise = np.nan_to_num(np.nanvar(np.array(list(self.lived(replicates).values())), axis=0, ddof=1))
        self.add(first)
        reach = in_reach(self.misfits(first, noise))
        region = Region(plan.targets, plan.free, reach)
        after = len(first)
        for number in wanted[1:]:
            self.narrow(region, noise, number)
            draws, after = region.next_draws(after, number)
            self.add(draws)
        self.narrow(region, noise, plan.rows)
        return self.choose(region, noise, [draw for draw in first if draw in self.seen])

    def lived(self, keys: Sequence[journal.Key]) -> dict[journal.Key, np.ndarray]:
        """The moments of some runs, in the order of the keys; what is not yet written down is run."""
        known = journal.finished(self.path).keys() | journal.failed(self.path).keys()
        left = [key for key in keys if key not in known]
        if left:
            ids = tuple(target.id for target in self.plan.targets)
            tasks = [Task(self.path, self.plan.scenario, ids, *key) for key in left]
            begun = len(known)
            self.tell(CALIBRATING, begun, self.plan.budget)
            ended = run_all(live, tasks, min(self.workers, len(tasks)), lambda done: self.tell(CALIBRATING, begun + done, self.plan.budget))
            for key, done in zip(left, ended, strict=True):
                if done.failure:
                    journal.record(self.path, key, None, 0.0, done.failure)
        written = journal.finished(self.path)
        found = {key: written[key] for key in keys if key in written}
        if not found:
            reasons = sorted(set(journal.failed(self.path).values()))
            first = reasons[0] if reasons else ""
            raise EcosimError(Words(f"every run of a wave failed; the first: {first}", f"一轮运行全部失败；第一个：{first}"))
        return found

    def add(self, draws: Sequence[int]) -> None:
        """Live some draws and remember what they gave."""
        if draws:
            self.seen |= {draw: found for (draw, _), found in self.lived([(draw, seed_of(draw)) for draw in draws]).items()}

    def misfits(self, draws: Sequence[int], noise: np.ndarray) -> np.ndarray:
        """Misfits of the runs of some draws, those that failed left out."""
        return misfits(np.array([self.seen[draw] for draw in draws if draw in self.seen]), self.plan.targets, noise)

    def narrow(self, region: Region, noise: np.ndarray, wanted: int) -> None:
        """Learn from all runs so far, and cut."""
        self.tell(LEARNING, 0, 1)
        draws = sorted(self.seen)
        region.narrow(np.array(draws), self.misfits(draws, noise), wanted)

    def choose(self, region: Region, noise: np.ndarray, first: Sequence[int]) -> Calibration:
        """The runs in the last region that are nearest to the data."""
        plan, draws = self.plan, np.array(sorted(self.seen))
        away = distances(self.misfits(list(draws), noise), plan.targets, region.rows)
        plausible = region.holds(draws)
        rows = np.flatnonzero(plausible)[kept(away[plausible], plan.rows)]
        ruled_out = int((away[~plausible] < away[rows].max()).sum())
        before, after = (np.array([self.seen[int(draw)] for draw in some]) for some in (first, draws[rows]))
        return Calibration(
            plan, tuple(draws[rows].tolist()), away[rows], before, after, noise, region, journal.summary(self.path), ruled_out
        )
