"""How likely packages meet the targets of a plan: each target, all together, on paper and in fact, and at what public cost.

Every parameter draw has seeds and GDP paths of its own, which all packages of the draw share. Levels start from
the published figures of the base year: each world is scaled by what the *first* scenario, which stands for what was
in force then, shows in that year under the same draw and seed, so that what a package changes in the base year is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import outcomes, regions
from ..comparison import RUNNING, frame_faults, number_faults
from ..errors import EcosimError, Fault, SpecError
from ..manifest import manifest_of
from ..outcomes import KEYS
from ..scenario import Scenario, load
from ..simulation import COSTS
from ..sources import Source, draw_faults
from ..wording import Words
from ..workers import Progress, usable_processors
from .chances import UNKNOWN, Probability, probability
from .forecasting import all_failed, base_year_faults, drawn, get_ready
from .goals import Goal, of_plan, parse
from .indicators import BASE_YEAR, anchors
from .paper import real_reading
from .worlds import Chance, Lost, Task, live_all

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 200
"""Parameter draws, unless others are asked for."""

ALL = "all"
"""Stands for all targets together."""

PAPER_POINTS, RELABELLED_POINTS, GRADE_POINTS = 0.05, 0.01, 0.05
"""From where on there is a warning: how much less likely the target is on real R&D alone; rise of the relabelled share of
reported R&D since the base year; by how much filings of utility models outgrow those of inventions.
"""

ON_PAPER, RELABELLING, LOW_GRADE = "on_paper", "relabelling", "low_grade"
"""Warnings."""


@dataclass(frozen=True)
class Prospects:
    """What the targets command found.

    values: scenarios x draws x seeds x years x outcomes; money: scenarios x draws x seeds x kinds of public cost, yuan
    of the whole period; real: scenarios x draws x seeds x years, certified firms whose certificate real R&D alone
    would have earned. All are nan for worlds that failed. anchored: levels start from published figures.
    """

    scenarios: tuple[Scenario, ...]
    goals: tuple[Goal, ...]
    values: np.ndarray = field(repr=False)
    money: np.ndarray = field(repr=False)
    real: np.ndarray = field(repr=False)
    lost: tuple[Lost, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict, repr=False)
    anchored: bool = True

    @property
    def years(self) -> tuple[int, ...]:
        """Every year lived."""
        return outcomes.years_in(self.scenarios[0].quarters)

    @cached_property
    def factors(self) -> np.ndarray:
        """What levels are multiplied by, scenarios x draws x seeds x outcomes: the first scenario's, its own where that failed."""
        if not self.anchored:
            return np.ones(self.values.shape[:3] + self.values.shape[4:])
        found = anchors(regions.load(self.scenarios[0].region), self.values, self.years)
        return np.where(np.isfinite(found[:1]), found[:1], found)

    def outcome(self, key: str, year: int) -> np.ndarray:
        """One outcome as simulated, scenarios x draws x seeds."""
        found: np.ndarray = self.values[..., self.years.index(year), KEYS.index(key)]
        return found

    def level(self, goal: Goal) -> np.ndarray:
        """The outcome of a target in its year, scenarios x draws x seeds."""
        return np.asarray(self.outcome(goal.outcome, goal.year) * self.factors[..., KEYS.index(goal.outcome)])

    def real_level(self, goal: Goal) -> np.ndarray | None:
        """The same with real R&D alone; None for an outcome in which relabelled R&D has no part."""
        at = self.years.index(goal.year)
        found = real_reading(goal.outcome, self.values[..., at, :], self.real[..., at])
        return None if found is None else np.asarray(found * self.factors[..., KEYS.index(goal.outcome)])

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each scenario and target, then one for all targets together (target "all").

        probability with lo, hi; median of the outcome; margin: median distance to the target, positive where it is
        met, margin_relative as a share of the target; real_probability with real_lo, real_hi; relabelled: median share of
        relabelled in reported R&D of firms, relabelled_rise since the base year, in points as a share; inventions_growth,
        utility_growth: median growth of filings since the base year; worlds; warnings, separated by blanks.
        """
        import pandas as pd

        rows = []
        for place, scenario in enumerate(self.scenarios):
            rows += [self._row(place, scenario, goal) for goal in self.goals]
            rows.append(self._joint_row(place, scenario))
        return pd.DataFrame(rows)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Public cost of the whole period by scenario, yuan: outlay, tax_forgone, total, and what it adds to the first
        scenario's, in worlds in which both came to their end.
        """
        import pandas as pd

        total = self.money.sum(axis=-1)
        rows = []
        for place, scenario in enumerate(self.scenarios):
            outlay, forgone = (float(np.nanmean(self.money[place, ..., COSTS.index(kind)])) for kind in ("outlay", "forgone"))
            rows.append((scenario.name, outlay, forgone, outlay + forgone, float(np.nanmean(total[place] - total[0]))))
        return pd.DataFrame(rows, columns=["scenario", "outlay", "tax_forgone", "total", "additional"])

    @property
    def warnings(self) -> pd.DataFrame:
        """The rows of the table that carry a warning."""
        return self.table[self.table["warnings"] != ""].reset_index(drop=True)

    def _row(self, place: int, scenario: Scenario, goal: Goal) -> dict[str, Any]:
        level = self.level(goal)[place]
        real = self.real_level(goal)
        chance = probability(_met(goal, level))
        in_fact = UNKNOWN if real is None else probability(_met(goal, real[place]))
        distance = (level - goal.value) * (1.0 if goal.at_least else -1.0)
        hidden, before = (self._relabelled(place, year) for year in (goal.year, BASE_YEAR))
        signs = {
            "relabelled": _median(hidden),
            "relabelled_rise": _median(hidden - before),
            "inventions_growth": self._growth(place, "inventions_applied", goal.year),
            "utility_growth": self._growth(place, "utility_applied", goal.year),
        }
        return {
            "scenario": scenario.name,
            "target": goal.key,
            "outcome": goal.outcome,
            "year": goal.year,
            "goal": goal.value,
            **_named(chance, ""),
            "median": _median(level),
            "margin": _median(distance),
            "margin_relative": _median(distance) / abs(goal.value) if goal.value else float("nan"),
            **_named(in_fact, "real_"),
            **signs,
            "worlds": chance.worlds,
            "warnings": " ".join(_warnings(chance, in_fact, signs)),
        }

    def _joint_row(self, place: int, scenario: Scenario) -> dict[str, Any]:
        """All targets together; on real R&D where a target has such a reading."""
        met = np.stack([_met(goal, self.level(goal)[place]) for goal in self.goals]).min(axis=0)
        readings = [self.real_level(goal) for goal in self.goals]
        in_fact = np.stack(
            [_met(goal, (self.level(goal) if real is None else real)[place]) for goal, real in zip(self.goals, readings, strict=True)]
        ).min(axis=0)
        chance = probability(met)
        real = probability(in_fact) if any(reading is not None for reading in readings) else UNKNOWN
        return {
            "scenario": scenario.name,
            "target": ALL,
            "outcome": "",
            **_named(chance, ""),
            **_named(real, "real_"),
            "worlds": chance.worlds,
            "warnings": ON_PAPER if chance.value - real.value >= PAPER_POINTS else "",
        }

    def _relabelled(self, place: int, year: int) -> np.ndarray:
        """Share of relabelled costs in the reported R&D of firms, draws x seeds."""
        return np.asarray(self.outcome("relabelled_share", year)[place])

    def _growth(self, place: int, key: str, year: int) -> float:
        """Median growth of an outcome since the base year."""
        before = self.outcome(key, BASE_YEAR)[place]
        return _median(self.outcome(key, year)[place] / np.where(before > 0.0, before, np.nan) - 1.0)


def _met(goal: Goal, level: np.ndarray) -> np.ndarray:
    """1 where a target is met, 0 where not, nan where it is not known."""
    return np.where(np.isfinite(level), np.asarray(goal.met(level), float), np.nan)


def _named(chance: Probability, before: str) -> dict[str, float]:
    return {f"{before}probability": chance.value, f"{before}lo": chance.lo, f"{before}hi": chance.hi}


def _median(worlds: np.ndarray) -> float:
    known = worlds[np.isfinite(worlds)]
    return float(np.median(known)) if known.size else float("nan")


def _warnings(chance: Probability, in_fact: Probability, signs: Mapping[str, float]) -> list[str]:
    """Which warnings a target deserves; a comparison with what is not known gives none."""
    found = [ON_PAPER] if chance.value - in_fact.value >= PAPER_POINTS else []
    if chance.value > 0.0 and signs["relabelled_rise"] >= RELABELLED_POINTS:
        found.append(RELABELLING)
    if chance.value > 0.0 and signs["utility_growth"] - signs["inventions_growth"] >= GRADE_POINTS:
        found.append(LOW_GRADE)
    return found


def targets(
    *scenarios: Scenario | str | Path,
    more: Sequence[str] = (),
    draws: int | None = None,
    seeds: int = 2,
    parameters: Source = "posterior",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Prospects:
    """How likely each scenario meets the targets of its region's plan, and `more` of the form "hightech_firms@2025>=4000".

    draws: 200 if None, and the one there is of a point; seeds: worlds in each of them; parameters: where they come from,
    see `ecosim.sources`; workers, progress: as in `compare`. Worlds that fail are named in
    `Prospects.lost`, left out and counted. Raises SpecError with every fault, EcosimError if a scenario has no
    world that succeeded.
    """
    told = tuple(given if isinstance(given, Scenario) else load(given) for given in scenarios)
    count = usable_processors() if workers is None else workers
    number = drawn(draws, DRAWS, parameters)
    check(told, number, seeds, count, parameters)
    years = outcomes.years_in(told[0].quarters)
    goals = tuple(dict.fromkeys([*of_plan(regions.load(told[0].region), years), *parse(more, years)]))
    if not goals:
        message = Words("no target falls into the years simulated", "模拟的年份中没有任何规划目标")
        remedy = Words("Name one with --target, or let the scenarios end later", "请用 --target 写出目标，或推迟情景的结束季度")
        raise SpecError([Fault("target", message, remedy)])
    numbers = [tuple(Chance(draw * seeds + seed + 1, draw * seeds + seed + 1) for seed in range(seeds)) for draw in range(number)]
    tasks = [Task(told, draw, chances, parameters) for draw, chances in enumerate(numbers)]
    begin, total = perf_counter(), number * seeds * len(told)
    get_ready(list(told), total, progress)
    kept, lost = live_all(tasks, count, lambda done: None if progress is None else progress(RUNNING, done, total))
    values, money, real = (np.stack([getattr(task, part) for task in kept], axis=1) for part in ("values", "money", "real"))
    for scenario, of_scenario in zip(told, values, strict=True):
        if not np.isfinite(of_scenario).any():
            raise EcosimError(all_failed(scenario, lost))
    manifest = manifest_of(told, list(range(1, number * seeds + 1)), list(range(number)), perf_counter() - begin, {}, parameters)
    manifest["worlds"] = {"draws": number, "seeds_in_a_draw": seeds, "failed": len(lost)}
    manifest["targets"] = [goal.key for goal in goals]
    return Prospects(told, goals, values, money, real, tuple(lost), manifest)


def check(told: Sequence[Scenario], draws: int, seeds: int, workers: int, source: Source) -> None:
    """Raise SpecError with everything that makes the question impossible."""
    if not told:
        raise SpecError([Fault("targets", Words("there is no scenario", "没有给出情景"), Words("Name at least one", "请至少写一个"))])
    faults = [*draw_faults(told[0].region, draws, source), *number_faults(seeds, draws, workers, len(told))]
    faults += frame_faults(told)
    faults += base_year_faults(told[0])
    if faults:
        raise SpecError(faults)
