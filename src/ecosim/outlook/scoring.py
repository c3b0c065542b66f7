"""A forecast beside what happened: the score of every statement, how often its bands held, and what plain rules would have scored.

CRPS, the continuous ranked probability score (Gneiting and Raftery 2007, JASA 102), has the unit of the indicator and is
the absolute error of a statement without width, so that bands and single numbers can be compared. From quantiles it
is twice the integral of the quantile loss over all levels, each written level standing for those nearer to it than to
any other; from a sample it is the energy form. Both come from the library scoringrules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .frozen import Cell, Told, read_benchmarks, read_forecast, read_outcomes
from .indicators import BY_KEY

if TYPE_CHECKING:
    import pandas as pd

BANDS = {"50": (0.25, 0.75), "90": (0.05, 0.95)}
"""Intervals whose coverage is told."""

OVERALL = "all"


@dataclass(frozen=True)
class Scores:
    """What scoring found.

    cells: indicator, year, unit, value, median, crps, pit_lo, pit_hi (the place of the outcome in the forecast; a range where it
    lies beyond the outer quantiles), inside_50, inside_90 (nan for a statement without width), and crps_NAME for each benchmark.
    """

    cells: pd.DataFrame = field(repr=False)
    benchmarks: tuple[str, ...] = ()

    @property
    def summary(self) -> pd.DataFrame:
        """One row for each indicator and one for all: cells, mean crps, coverage of both intervals, skill against each benchmark.

        skill: 1 less the ratio of mean scores over the cells that both speak to; above 0 the forecast is better. Over all indicators
        scores are first divided by the outcome (cells whose outcome is zero are left out), and so is the crps of that row.
        """
        import pandas as pd

        keys = list(dict.fromkeys(self.cells["indicator"]))
        rows = [self._row(key, self.cells[self.cells["indicator"] == key], scaled=False) for key in keys]
        return pd.DataFrame([*rows, self._row(OVERALL, self.cells, scaled=True)])

    def _row(self, name: str, cells: pd.DataFrame, scaled: bool) -> dict[str, object]:
        size = cells["value"].abs().where(cells["value"] != 0.0) if scaled else 1.0
        own = cells["crps"] / size
        row: dict[str, object] = {
            "indicator": name,
            "unit": "share of the outcome" if scaled else cells["unit"].iloc[0],
            "cells": len(cells),
            "crps": float(own.mean()),
            **{f"coverage_{band}": float(cells[f"inside_{band}"].mean()) for band in BANDS},
        }
        for benchmark in self.benchmarks:
            other = cells[f"crps_{benchmark}"] / size
            both = other.notna() & own.notna()
            theirs = float(other[both].mean()) if both.any() else float("nan")
            row[f"crps_{benchmark}"] = theirs
            row[f"skill_{benchmark}"] = 1.0 - float(own[both].mean()) / theirs if both.any() and theirs > 0.0 else float("nan")
        return row


def score(forecast: str | Path, outcomes: str | Path, benchmarks: str | Path | None = None) -> Scores:
    """Score a written forecast against outcomes, and benchmarks beside it.

    forecast: CSV with indicator, year, unit and quantiles q05 ... q95, or a sample in `value`; outcomes: CSV with indicator, year, unit,
    value; benchmarks: CSV as a forecast with a column `benchmark`. Raises SpecError with every fault of a file.
    """
    import pandas as pd

    told = read_forecast(Path(forecast))
    others = {} if benchmarks is None else read_benchmarks(Path(benchmarks))
    happened = read_outcomes(Path(outcomes), told)
    rows = []
    for cell in sorted(happened, key=lambda cell: (list(BY_KEY).index(cell[0]), cell[1])):
        value, said = happened[cell], told[cell]
        lower, upper = pit(said, value)
        row = {"indicator": cell[0], "year": cell[1], "unit": BY_KEY[cell[0]].unit, "value": value, "median": said.quantile(0.5)}
        row |= {"crps": crps(said, value), "pit_lo": lower, "pit_hi": upper}
        row |= {f"inside_{name}": inside(said, value, *ends) for name, ends in BANDS.items()}
        row |= {f"crps_{name}": _score_of(other, cell, value) for name, other in others.items()}
        rows.append(row)
    return Scores(pd.DataFrame(rows), tuple(others))


def _score_of(other: dict[Cell, Told], cell: Cell, value: float) -> float:
    """A benchmark's score; nan where it says nothing."""
    return crps(other[cell], value) if cell in other else float("nan")


def crps(said: Told, value: float) -> float:
    """The continuous ranked probability score of one statement, in the unit of the indicator."""
    import scoringrules

    if not said.levels:
        return float(scoringrules.crps_ensemble(value, said.values, backend="numpy"))
    levels = np.array(said.levels)
    losses = scoringrules.quantile_score(np.full(len(levels), value), said.values, levels, backend="numpy")
    return float(2.0 * (np.asarray(losses) * widths(levels)).sum())


def widths(levels: np.ndarray) -> np.ndarray:
    """The part of (0, 1) that each level stands for: up to halfway to its neighbours."""
    borders = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    return np.asarray(np.diff(borders))


def inside(said: Told, value: float, lower: float, upper: float) -> float:
    """1 if the outcome lies within an interval (its ends included), 0 if not; nan for a statement without width."""
    low, high = said.quantile(lower), said.quantile(upper)
    if said.is_point or not np.isfinite([low, high]).all():
        return float("nan")
    return float(low <= value <= high)


def pit(said: Told, value: float) -> tuple[float, float]:
    """Where the outcome falls in the forecast distribution, as a range; nan for a statement without width."""
    if said.is_point:
        return float("nan"), float("nan")
    if not said.levels:
        below, upto = float((said.values < value).mean()), float((said.values <= value).mean())
        return below, upto
    if value < said.values[0]:
        return 0.0, said.levels[0]
    if value > said.values[-1]:
        return said.levels[-1], 1.0
    place = float(np.interp(value, said.values, said.levels))
    return place, place
