"""What R&D does to productivity (Hall, Mairesse & Mohnen 2010; Ugur et al. 2016; Chen et al. 2021): an elasticity near 0.08.

The studies: production functions with a stock of R&D, 65 studies and 1,253 estimates; structural model for Chinese firms. Here: log
competitiveness of firms with R&D in each of ten years (the model's productivity, over that of the sector) on the log stock of R&D that an
outsider would build from what they spent, at 15% depreciation; effects of firm and year, errors clustered by firm. The prior of the
parameter behind it was taken from these studies.
Truth: the parameter. Control: stocks of other firms, by lot.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..estimators import Estimate, coefficient
from ..lab import Diary, Lab, live, lots
from ..study import Reading, Row, Source
from ..watched import NATIONAL

SOURCE = Source(
    "Hall, Mairesse & Mohnen (2010); Ugur et al. (2016), Research Policy 45(10); Chen et al. (2021), AER 111(7)",
    "OECD firms and industries; China 2008-11",
    "production functions, meta-regression, structural model",
    "abstracts; memory for the mean",
)

ROWS = (
    Row(
        "K4",
        "Productivity and the stock of R&D",
        "生产率对研发存量的弹性",
        "band",
        0.08,
        0.04,
        0.12,
        "elasticity",
        "band proposed around 0.09 for China (seen) and 0.07-0.08 (memory)",
    ),
    Row(
        "T5.productivity",
        "The same in China",
        "生产率对研发的弹性（中国）",
        "band",
        0.09,
        0.09,
        0.10,
        "elasticity",
        "0.09 published, 0.098 working paper",
    ),
)

YEARS = 10
DEPRECIATION = 0.15
GROWTH = 0.08


def stocks(rd: np.ndarray) -> np.ndarray:
    """Perpetual inventory, firms x years, from a first stock in its steady state."""
    found = np.empty_like(rd)
    found[:, 0] = rd[:, 0] / (DEPRECIATION + GROWTH)
    for year in range(1, rd.shape[1]):
        found[:, year] = (1.0 - DEPRECIATION) * found[:, year - 1] + rd[:, year]
    return found


def within(outcome: np.ndarray, cause: np.ndarray) -> Estimate:
    """Slope with effects of firm and year, balanced panel, clustered by firm."""

    def demeaned(values: np.ndarray) -> Any:
        return values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()

    firms = np.repeat(np.arange(len(outcome)), outcome.shape[1])
    return coefficient(demeaned(outcome).ravel(), demeaned(cause).reshape(-1, 1), 0, firms)


def experiment(lab: Lab) -> dict[str, Reading]:
    """One regression for both rows."""
    region = lab.region(NATIONAL, 4 * YEARS)
    parameter = float(region.traits.market.learning_weight)
    firms = region.firms.identity.id[region.alive & (region.firms.research.performer == 1)].copy()
    diary = Diary("market.edge", "research.rd")
    live(region, 4 * YEARS, diary)
    edge, rd = diary.yearly(firms, "market.edge"), diary.yearly(firms, "research.rd")
    steady = np.flatnonzero(np.isfinite(edge).all(axis=1) & (rd > 0.0).all(axis=1))
    stock = np.log(stocks(rd[steady]))
    drawn_by = lots(lab.seed, firms[steady], 2)
    found, shuffled = within(edge[steady], stock), within(edge[steady], stock[np.argsort(drawn_by, kind="stable")])
    return {row.id: Reading(*found, parameter, *shuffled) for row in ROWS}
