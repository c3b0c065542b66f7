"""A forecast: one scenario lived over parameter draws, seeds and paths of GDP, as bands by indicator and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import outcomes, regions
from ..comparison import MOST_RUNS, MOST_WORKERS, RUNNING
from ..errors import EcosimError, Fault, SpecError
from ..kernel import cache_is_warm
from ..manifest import manifest_of
from ..outcomes import KEYS
from ..scenario import Scenario, load
from ..simulation import COMPILING, ending, warm, whole_number
from ..sources import LARGEST_DRAW, Source, draw_faults
from ..wording import Words
from ..workers import Progress, usable_processors
from .indicators import BASE_YEAR, INDICATORS, Indicator, series
from .split import NOTHING, Split, split
from .worlds import Chance, Lost, Task, live_all

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)
QUANTILES = tuple(f"q{round(100 * level):02d}" for level in LEVELS)
"""Columns of a forecast: the quantiles between which half, and nine tenths, of the worlds lie."""

SIZE = (60, 2, 4)
"""Parameter draws, seeds in each draw, GDP paths in each draw: well under a minute on two processors."""

FORM = ("indicator", "year", "unit", *QUANTILES)
"""Columns of a written forecast."""


@dataclass(frozen=True)
class Forecast:
    """What a forecast found. values: draws x seeds x paths x years x outcomes, nan for worlds that failed.

    anchored: levels start from the published figures of the base year; False leaves them as simulated.
    """

    scenario: Scenario
    values: np.ndarray = field(repr=False)
    lost: tuple[Lost, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict, repr=False)
    anchored: bool = True

    @property
    def pack(self) -> regions.RegionPack:
        """The region's data."""
        return regions.load(self.scenario.region)

    @property
    def years(self) -> tuple[int, ...]:
        """Every year lived."""
        return outcomes.years_in(self.scenario.quarters)

    @property
    def ahead(self) -> tuple[int, ...]:
        """The years that are forecast."""
        return tuple(year for year in self.years if year > BASE_YEAR)

    def paths(self, indicator: Indicator) -> np.ndarray:
        """One indicator, draws x seeds x paths x years, failed worlds nan."""
        found = series(self.pack, self.values, self.years, indicator, self.anchored)
        alive = np.isfinite(self.values).any(axis=(-1, -2))
        return np.where(alive[..., None], found, np.nan)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each indicator and year: unit, mean, quantiles, shares of the variance, worlds, remark.

        model_base: the model's own mean in the base year, before levels are made to start from the published one.
        """
        import pandas as pd

        rows = []
        for indicator in INDICATORS:
            found = self.paths(indicator)
            base = self._model_base(indicator)
            for year in self.ahead:
                worlds = found[..., self.years.index(year)]
                known = worlds[np.isfinite(worlds)]
                bands = [float(band) for band in np.quantile(known, LEVELS)] if known.size else [float("nan")] * len(LEVELS)
                mean = float(known.mean()) if known.size else float("nan")
                parts = split(worlds) if indicator.outcome else NOTHING
                rows.append((indicator.key, year, indicator.unit, *bands, mean, *parts[:4], known.size, base, indicator.remark))
        shares = [f"share_{name}" for name in Split._fields[:4]]
        return pd.DataFrame(rows, columns=[*FORM, "mean", *shares, "worlds", "model_base", "remark"])

    @property
    def bands(self) -> pd.DataFrame:
        """The forecast in the form in which it is written down and scored."""
        return self.table[list(FORM)]

    @property
    def worlds(self) -> pd.DataFrame:
        """Every world of every indicator the model can speak to: indicator, year, unit, draw, seed, path, value."""
        import pandas as pd

        draws, seeds, paths = self.values.shape[:3]
        numbers = np.indices((draws, seeds, paths)).reshape(3, -1)
        parts = []
        for indicator in (each for each in INDICATORS if each.outcome):
            found = self.paths(indicator)
            for year in self.ahead:
                columns = {"indicator": indicator.key, "year": year, "unit": indicator.unit, "draw": numbers[0]}
                columns |= {"seed": numbers[0] * seeds + numbers[1] + 1, "path": numbers[0] * paths + numbers[2] + 1}
                parts.append(pd.DataFrame(columns | {"value": found[..., self.years.index(year)].ravel()}))
        return pd.concat(parts, ignore_index=True).dropna(subset="value")

    @property
    def history(self) -> pd.DataFrame:
        """What was published: indicator, year, value, low, high."""
        import pandas as pd

        from .indicators import past

        rows = [(indicator.key, *point) for indicator in INDICATORS for point in zip(*past(self.pack, indicator.key), strict=True)]
        return pd.DataFrame(rows, columns=["indicator", "year", "value", "low", "high"])

    def _model_base(self, indicator: Indicator) -> float:
        """The model's mean level in the base year; nan for an index."""
        if indicator.form == "index":
            return float("nan")
        found = self.values[..., self.years.index(BASE_YEAR), KEYS.index(indicator.outcome)]
        return float(np.nanmean(found)) if np.isfinite(found).any() else float("nan")


def forecast(
    scenario: Scenario | str | Path,
    until: str | None = None,
    *,
    size: tuple[int | None, int, int] = SIZE,
    parameters: Source = "posterior",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Forecast the indicators under one scenario.

    until: last quarter, such as "2025Q4"; size: parameter draws (None: 60, and the one there is of a point), seeds in
    each draw, and paths of GDP in each draw, which every seed of the draw meets; parameters: where they come from, see
    `ecosim.sources`; workers, progress: as in `compare`. Worlds that fail are named in
    `Forecast.lost`, left out and counted. Raises SpecError with every fault, EcosimError if no world succeeded.
    """
    told = ending(scenario if isinstance(scenario, Scenario) else load(scenario), until)
    count = usable_processors() if workers is None else workers
    draws, seeds, paths = drawn(size[0], SIZE[0], parameters), *size[1:]
    check(told, (draws, seeds, paths), count, parameters)
    tasks = [Task((told,), draw, chances(draw, seeds, paths), parameters) for draw in range(draws)]
    begin, total = perf_counter(), draws * seeds * paths
    get_ready([told], total, progress)
    kept, lost = live_all(tasks, count, lambda done: None if progress is None else progress(RUNNING, done, total))
    values = np.stack([task.values[0] for task in kept])
    if not np.isfinite(values).any():
        raise EcosimError(all_failed(told, lost))
    manifest = manifest_of([told], list(range(1, draws * seeds + 1)), list(range(draws)), perf_counter() - begin, {}, parameters)
    manifest["gdp_paths"] = list(range(1, draws * paths + 1))
    manifest["worlds"] = {"draws": draws, "seeds_in_a_draw": seeds, "paths_in_a_draw": paths, "failed": len(lost)}
    return Forecast(told, values.reshape(draws, seeds, paths, *values.shape[2:]), tuple(lost), manifest)


def all_failed(told: Scenario, lost: list[Lost]) -> Words:
    """What is said when nothing is left of a scenario."""
    first = next(world for world in lost if world.scenario == told.name)
    return Words(f"every world of {told.name!r} failed; the first: {first}", f"{told.name!r} 的所有运行都失败了；第一个：{first}")


def drawn(draws: int | None, usual: int, source: Source) -> int:
    """The number of draws asked for: the usual one, and one of a point, where none is given."""
    return draws if draws is not None else 1 if source == "point" else usual


def chances(draw: int, seeds: int, paths: int) -> tuple[Chance, ...]:
    """Seeds and paths of one draw, which no other draw shares, every seed with every path."""
    return tuple(Chance(draw * seeds + seed + 1, draw * paths + path + 1) for seed in range(seeds) for path in range(paths))


def get_ready(told: list[Scenario], total: int, progress: Progress | None) -> None:
    """Compile the model if it has not been, and say so."""
    if not cache_is_warm():
        if progress is not None:
            progress(COMPILING, 0, total)
        warm(told)
    if progress is not None:
        progress(RUNNING, 0, total)


def check(told: Scenario, size: tuple[int, int, int], workers: int, source: Source) -> None:
    """Raise SpecError with everything that makes a forecast impossible."""
    limits = (("seeds", size[1], LARGEST_DRAW), ("paths", size[2], LARGEST_DRAW), ("workers", workers, MOST_WORKERS))
    faults = draw_faults(told.region, size[0], source)
    faults += [
        Fault(name, Words(f"{given} is out of range", f"{given} 超出范围"), whole_number(1, most))
        for name, given, most in limits
        if not 1 <= given <= most
    ]
    total = size[0] * size[1] * size[2]
    if not faults and total > MOST_RUNS:
        message = Words(
            f"{size[0]} draws, {size[1]} seeds and {size[2]} paths are {total:,} worlds",
            f"{size[0]} 组参数 × {size[1]} 个种子 × {size[2]} 条GDP路径共 {total:,} 次运行",
        )
        faults.append(Fault("draws", message, Words(f"Ask for at most {MOST_RUNS:,}", f"请不超过 {MOST_RUNS:,} 次")))
    faults += base_year_faults(told)
    years = outcomes.years_in(told.quarters)
    if BASE_YEAR in years and years[-1] == BASE_YEAR:
        message = Words(
            f"{told.name!r} ends with {BASE_YEAR}, the last year with published figures",
            f"{told.name!r} 止于 {BASE_YEAR} 年，即有统计数据的最后一年",
        )
        later = f"--until {BASE_YEAR + 5}Q4"
        faults.append(Fault("until", message, Words(f"Say {later}", f"请写 {later}")))
    if faults:
        raise SpecError(faults)


def base_year_faults(told: Scenario) -> list[Fault]:
    """What is wrong with a scenario that does not live the base year."""
    if BASE_YEAR in outcomes.years_in(told.quarters):
        return []
    message = Words(
        f"{told.name!r} does not live the whole of {BASE_YEAR}, from which is counted",
        f"{told.name!r} 没有完整模拟 {BASE_YEAR} 年，而预测以该年为起点",
    )
    remedy = Words(f"Let it start in {BASE_YEAR}Q1 and end later", f"请从 {BASE_YEAR}Q1 开始，并推迟结束季度")
    return [Fault("start", message, remedy)]
