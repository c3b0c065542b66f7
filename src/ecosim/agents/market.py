"""The market around the firms: demand by sector, the outside competitor, and the size of the economy. Stage: environment."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Any, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log
from ..chance import Stream
from ..draws import normals
from ..kernel import kernel
from ..parameters import Prior
from ..quantity import year_of
from .firm_market import competitiveness


class EnvironmentTraits(NamedTuple):
    """The economy outside, which no policy moves."""

    gdp_noise: Annotated[
        float, Prior(1.0, 0.0, 1.5, "1", "weight of the forecast error of nominal GDP growth", "名义GDP增速预测误差的权重")
    ]
    city_weight: Annotated[
        float, Prior(0.03, 0.01, 0.08, "share", "weight of the city's firms in the competition they meet", "本市企业在其所遇竞争中的权重")
    ]
    outside_progress: Annotated[
        float,
        Prior(
            0.012,
            0.004,
            0.020,
            "ln/year",
            "yearly gain in competitiveness of the rest of the country: learning and selection",
            "全国其他地区的年竞争力进步：学习与优胜劣汰",
            per="flow",
        ),
    ]
    imitation: Annotated[
        float,
        Prior(
            0.10,
            0.05,
            0.20,
            "1/year",
            "yearly part of the city's lead that the rest of the country makes up",
            "全国其他地区每年追上本市领先的部分",
            per="flow",
        ),
    ]


def nominal_growth(pack: Any, path: int, last: int, noise: float) -> dict[int, float]:
    """Year -> growth of the city's nominal GDP, share, from the first year after the published ones to year `last`.

    Means and spreads were fixed with what was known by early 2021, the last row holds on; errors carry over from year to year.
    """
    table = pack.table("growth")
    first = int(table["year"][0])
    growth: dict[int, float] = {}
    error = 0.0
    for year in range(first, last + 1):
        row = min(year - first, len(table["year"]) - 1)
        persistence = float(table["autocorrelation"][row])
        draw = float(normals(path, Stream.GDP_PATH, [0], year)[0])
        error = persistence * error + sqrt(1.0 - persistence * persistence) * float(table["nominal_growth_sd"][row]) * noise * draw
        growth[year] = float(table["nominal_growth_mean"][row]) + error
    return growth


def gdp_path(pack: Any, number: int, first: int, last: int, noise: float) -> dict[int, float]:
    """Quarter -> nominal GDP of the city at a yearly pace, yuan: published for 2020, a stated distribution afterwards.

    number: which of its paths.
    """
    base = pack["gdp_2019"]
    table = pack.table("environment")
    published = {int(when): float(index) for when, index in zip(table["quarter"], table["demand_index"], strict=True)}
    growth = nominal_growth(pack, number, year_of(last), noise)
    path: dict[int, float] = {}
    level = base
    for quarter in range(first, last + 1):
        level = base * published[quarter] if quarter in published else level * exp(log(1.0 + growth[year_of(quarter)]) / 4.0)
        path[quarter] = level
    return path


@kernel
def sector_edge(alive, sector, sales, fitness, vintage, knowledge, reference, learning_weight, knowhow, sectors):
    """Sales-weighted competitiveness of each of so many sectors."""
    rows = alive.size
    sums, weights, edge = np.zeros(sectors, np.int64), np.zeros(sectors, np.int64), np.empty(sectors)
    weight, weighted = np.empty(rows, np.int64), np.empty(rows, np.int64)
    for i in range(rows):
        thousand = sales[i] * 1e-3 if alive[i] == 1 else 0.0
        known, level_with = max(1.0, knowledge[i]), max(1.0, reference[i])
        level = vintage[i] + competitiveness(np.float64(fitness[i]), learning_weight, known, level_with, knowhow * max(1.0, sales[i]))
        weight[i] = exact_units(thousand)
        weighted[i] = exact_units(thousand * level)
    for i in range(rows):
        place = max(0, sector[i])
        sums[place] += weighted[i]
        weights[place] += weight[i]
    for s in range(sectors):
        edge[s] = sums[s] / max(weights[s], 1)
    return edge
