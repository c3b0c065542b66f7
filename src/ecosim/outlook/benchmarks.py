"""What plain rules say of the years ahead, from published figures alone: the measure of every forecast.

*no_change*: the last figure. *last_growth*: the yearly growth between the last two figures goes on. *linear_trend*: the straight
line through all figures, from the last one. *target*: the plan's figure, and even growth to it from the last figure.

The error of a rule is taken from its own past: it is applied at every earlier figure to the next one, and the root mean square of
its errors (logarithms, per year ahead) times the years ahead is the spread of its statement. A rule with fewer than two past errors,
and the target, say one number without width; its score is then the absolute error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ..effect import TARGETS
from ..regions import Figure, RegionPack
from .forecasting import FORM, LEVELS
from .indicators import BASE_YEAR, INDEX, INDICATORS, Indicator, past

if TYPE_CHECKING:
    import pandas as pd

LEAST_ERRORS = 2

Rule = Callable[[Sequence[int], Sequence[float], int], float | None]
"""Years and figures known, year ahead -> what the rule says; None if it needs more figures."""


def no_change(years: Sequence[int], figures: Sequence[float], ahead: int) -> float | None:
    """The last figure."""
    return figures[-1]


def last_growth(years: Sequence[int], figures: Sequence[float], ahead: int) -> float | None:
    """The growth between the last two figures goes on."""
    if len(figures) < 2:
        return None
    yearly = log(figures[-1] / figures[-2]) / (years[-1] - years[-2])
    return figures[-1] * exp(yearly * (ahead - years[-1]))


def linear_trend(years: Sequence[int], figures: Sequence[float], ahead: int) -> float | None:
    """The slope of the line of least squares through all figures, from the last one."""
    if len(figures) < 2:
        return None
    when = np.array(years, float) - np.mean(years)
    slope = float((when * np.array(figures)).sum() / (when**2).sum())
    return max(0.0, figures[-1] + slope * (ahead - years[-1]))


RULES: dict[str, Rule] = {"no_change": no_change, "last_growth": last_growth, "linear_trend": linear_trend}


def spread(rule: Rule, years: Sequence[int], figures: Sequence[float]) -> float:
    """Root mean square of a rule's past errors, ln per year ahead; 0 if there are too few to say."""
    errors = []
    for known in range(1, len(figures)):
        said = rule(years[:known], figures[:known], years[known])
        if said:
            errors.append(log(figures[known] / said) / (years[known] - years[known - 1]))
    return sqrt(sum(error * error for error in errors) / len(errors)) if len(errors) >= LEAST_ERRORS else 0.0


def benchmarks(pack: RegionPack, years: Sequence[int]) -> pd.DataFrame:
    """What every rule says of every indicator in the years ahead: benchmark, and the columns of a forecast.

    An indicator without published figures has an index of 100 in the base year, and so only a rule of no change.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for indicator in INDICATORS:
        known = past(pack, indicator.key)
        when, figures = (known.years, known.values) if known.years else ((BASE_YEAR,), (INDEX,))
        for name, rule in RULES.items():
            width = spread(rule, when, figures)
            for year in years:
                said = rule(when, figures, year)
                if said is not None:
                    rows.append((name, indicator.key, year, indicator.unit, *quantiles(said, width * (year - when[-1]))))
        for year in years:
            aim = on_the_way(pack, indicator, when[-1], figures[-1], year)
            if aim is not None:
                rows.append(("target", indicator.key, year, indicator.unit, *quantiles(aim, 0.0)))
    return pd.DataFrame(rows, columns=["benchmark", *FORM])


def quantiles(middle: float, width: float) -> list[float]:
    """Quantiles of a lognormal statement with this median and spread of the logarithm."""
    return [middle * exp(width * NormalDist().inv_cdf(level)) if width > 0.0 else middle for level in LEVELS]


def on_the_way(pack: RegionPack, indicator: Indicator, last_year: int, last: float, year: int) -> float | None:
    """What the plan's targets mean for a year: even growth from the last figure, or the target before, to the next target."""
    if indicator.form != "level":
        return None
    stops = [(last_year, last), *sorted((figure.year, figure.value) for figure in _targets(pack, indicator))]
    for (before, start), (after, end) in zip(stops, stops[1:], strict=False):
        if before < year <= after:
            return start * exp(log(end / start) * (year - before) / (after - before))
    return None


def _targets(pack: RegionPack, indicator: Indicator) -> list[Figure]:
    """Figures of the pack that set a target for an indicator."""
    stems = {key.rpartition("_")[0] for key, outcome in TARGETS.items() if outcome == indicator.outcome}
    return [figure for key, figure in pack.figures.items() if key.rpartition("_")[0] in stems]
