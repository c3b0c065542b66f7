"""Tax credits and research in nine OECD countries (Bloom, Griffith & Van Reenen 2002): slow, then in proportion.

The study: business R&D of nine countries, 1979-97, on its own lag and on the user cost of R&D of a taxpaying firm, with country and
year effects; 10% off the cost gives just over 1% more R&D in the same year and just under 10% in the long run.

Here: one country twice, with and without a credit that takes exactly 10% off every firm's cost of research from the second year on; the
elasticity is the log difference of all firms' R&D over ln 0.9, in the first year of the credit and as the mean of its years 10 to 15. The
worlds share every draw, so no panel is needed to take out what else moved R&D. R&D is what firms spend (researchers' pay included, as in
national statistics). Relief that all firms have at the start stays as it is in both; there is no certificate.
Control: the same figure in the year before the credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np

from ...quantity import quarter_label
from ...region import Region
from ..lab import FIRST, Lab, Policies, live
from ..rd_credit import NAME, credit
from ..study import Reading, Row, Source

SOURCE = Source(
    "Bloom, Griffith & Van Reenen (2002), Journal of Public Economics 85(1)",
    "9 OECD countries 1979-97",
    "dynamic panel of countries",
    "abstract",
)

ROWS = (
    Row(
        "T3.first_year",
        "R&D and its user cost, elasticity in the first year",
        "研发对使用成本的弹性（第一年）",
        "band",
        0.1,
        0.05,
        0.25,
        "elasticity",
        "standard error not seen; band proposed",
    ),
    Row(
        "T3.long_run",
        "R&D and its user cost, elasticity after 10-15 years",
        "研发对使用成本的弹性（10-15年后）",
        "band",
        1.0,
        0.7,
        1.3,
        "elasticity",
        "standard error not seen; band proposed",
    ),
)

CUT = 0.10
YEARS = 16
"""Years lived: one before the credit, fifteen under it."""
SCALE = 0.5
HOME_RELIEF = {"general": 0.75, "manufacturing": 0.75, "technology_sme": 0.75, "claim_paperwork": 20_000}
"""The relief under which the firms of the start chose their R&D."""


def spending(lab: Lab, share: float, values: Mapping[str, float] | None = None) -> np.ndarray:
    """All firms' R&D by year, yuan, with a credit of `share` of the bill from the second year on."""
    policies: Policies = {"super_deduction": HOME_RELIEF}
    if share > 0.0:
        policies = {**policies, NAME: credit(share, **{"from": quarter_label(FIRST + 4)})}
    region = lab.region(policies, 4 * YEARS, scale=SCALE, values=values)
    yearly: list[float] = []

    def watch(region: Region) -> None:
        if region.year_ends:
            yearly.append(float(region.firms.books.reported_1[region.alive].sum()))

    live(region, 4 * YEARS, watch)
    return np.array(yearly)


def elasticities(lab: Lab, values: Mapping[str, float] | None = None) -> np.ndarray:
    """Elasticity of R&D to its user cost by year, the first one before the credit."""
    found: np.ndarray = np.log(spending(lab, CUT, values) / spending(lab, 0.0, values)) / -log(1.0 - CUT)
    return found


def experiment(lab: Lab) -> dict[str, Reading]:
    """Both elasticities, from a country with the credit and its twin without."""
    found = elasticities(lab)
    first, late, before = float(found[1]), float(found[10:].mean()), float(found[0])
    return {
        "T3.first_year": Reading(first, truth=first, control=before, control_error=0.0),
        "T3.long_run": Reading(late, truth=late, control=before, control_error=0.0),
    }
