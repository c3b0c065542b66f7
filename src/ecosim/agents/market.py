"""The market around the firms: demand by sector, the outside competitor, and the size of the economy. Stage: environment."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log
from ..chance import Stream, normal
from ..kernel import kernel
from ..parameters import Prior
from .firm_market import competitiveness
from ..quantity import year_of


class EnvironmentTraits(NamedTuple):
    """The economy outside, which no policy moves."""

    gdp_noise: Annotated[float, Prior(1.0, 0.0, 1.5, "1", "weight of the forecast error of nominal GDP growth")]
    city_weight: Annotated[float, Prior(0.03, 0.01, 0.08, "share", "weight of the city's firms in the competition they meet")]
    outside_progress: Annotated[
        float,
        Prior(0.012, 0.004, 0.020, "ln/year", "yearly gain in competitiveness of the rest of the country: learning and selection", per="flow"),
    ]
    imitation: Annotated[
        float, Prior(0.10, 0.05, 0.20, "1/year", "yearly part of the city's lead that the rest of the country makes up", per="flow")
    ]


def nominal_growth(pack: Any, seed: int, year: int, noise: float) -> float:
    """Growth of the city's nominal GDP in a year after the published ones, share.

    The mean and spread were fixed with what was known by early 2021; errors carry over from year to year.
    """
    table = pack.table("growth")
    years = [int(value) for value in table["year"]]
    error = 0.0
    for passed in range(years[0], year + 1):
        row = years.index(min(passed, years[-1]))
        persistence = float(table["autocorrelation"][row])
        shock = normal(seed, Stream.GDP_PATH, 0, passed)
        error = persistence * error + (1.0 - persistence * persistence) ** 0.5 * float(table["nominal_growth_sd"][row]) * noise * shock
    return float(table["nominal_growth_mean"][years.index(min(year, years[-1]))]) + error


def gdp_path(pack: Any, seed: int, first: int, last: int, noise: float) -> dict[int, float]:
    """Quarter -> nominal GDP of the city at a yearly pace, yuan: published for 2020, a stated distribution afterwards."""
    base = pack["gdp_2019"]
    table = pack.table("environment")
    published = {int(when): float(index) for when, index in zip(table["quarter"], table["demand_index"], strict=True)}
    path: dict[int, float] = {}
    level = base
    for quarter in range(first, last + 1):
        if quarter in published:
            level = base * published[quarter]
        else:
            level *= exp(log(1.0 + nominal_growth(pack, seed, year_of(quarter), noise)) / 4.0)
        path[quarter] = level
    return path


@kernel
def sector_edge(alive, sector, sales, fitness, knowledge, reference, learning_weight, sums, weights):
    """Sales-weighted competitiveness by sector in exact units; sums and weights are int64 arrays by sector, set to zero first."""
    sums[:] = 0
    weights[:] = 0
    for i in range(alive.size):
        if alive[i]:
            thousand = sales[i] * 1e-3
            level = competitiveness(np.float64(fitness[i]), learning_weight, knowledge[i], reference[i])
            sums[sector[i]] += exact_units(thousand * level)
            weights[sector[i]] += exact_units(thousand)
