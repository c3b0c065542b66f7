"""R&D and size of 32 American chemical firms (Business Week; Wooldridge's rdchem): in proportion.

The data: R&D and sales of 32 firms, 1990; least squares in logs. Here: 32 performers of chemicals and pharmaceuticals with at least
20 million yuan of sales (the American ones are large), drawn by lot at the end of the first year. The
elasticity entered the start (fall of intensity with size) and the calibration. A regularity needs no control.
"""

from __future__ import annotations

import numpy as np

from ...fit.moments import GROWN_UP
from ...regions import load
from ..estimators import UNKNOWN, Estimate, coefficient, mean_of
from ..lab import Lab, lots
from ..study import Reading, Row, Source
from ..watched import history

SOURCE = Source(
    "Business Week chemical firms (Wooldridge, rdchem), re-estimated",
    "United States 1990, 32 chemical firms",
    "least squares in logs",
    "full data, small sample",
)

ROWS = (
    Row("K3", "R&D on sales among performers", "研发对销售的弹性", "interval", 1.076, 0.949, 1.202, "elasticity"),
    Row(
        "K3.intensity",
        "Mean R&D over sales",
        "平均研发强度",
        "interval",
        0.0327,
        0.0262,
        0.0392,
        "share of sales",
        "mean 3.27%, sd 1.87, 32 firms: interval computed here",
    ),
)

SECTOR = "chemicals_pharma"
FIRMS = 32


def elasticity(rd: np.ndarray, sales: np.ndarray) -> Estimate:
    """Of R&D to sales."""
    return coefficient(np.log(rd), np.column_stack([np.log(sales), np.ones(len(sales))]), 0) if len(rd) >= 10 else UNKNOWN


def experiment(lab: Lab) -> dict[str, Reading]:
    """Elasticity and mean intensity of 32 firms."""
    year = history(lab).years[0]
    sector = [str(key) for key in load("nantong").table("sectors")["key"]].index(SECTOR)
    rows = np.flatnonzero((year.sector == sector) & (year.rd > 0.0) & (year.sales >= GROWN_UP))
    drawn_by = lots(lab.seed, year.id[rows], 1)
    drawn = rows[np.argsort(drawn_by, kind="stable")[:FIRMS]]
    intensity = year.rd / np.maximum(year.sales, 1.0)
    return {
        "K3": Reading(*elasticity(year.rd[drawn], year.sales[drawn])),
        "K3.intensity": Reading(*mean_of(intensity[drawn])),
    }
