"""One watched history of the firms for all regularities of a lab: the region under the national law in force at its start."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ..fit import panel
from ..fit.moments import MOMENTS
from .lab import FIRST, Lab
from .study import Reading

NATIONAL = {
    "super_deduction": {"general": 0.75, "manufacturing": 0.75, "technology_sme": 0.75, "claim_paperwork": 20_000},
    "hightech_certificate": {
        "tax_relief": 0.10,
        "rd_share_small": 0.05,
        "rd_share_medium": 0.04,
        "rd_share_large": 0.03,
        "small_sales": 50_000_000,
        "large_sales": 200_000_000,
        "product_share": 0.60,
        "staff_share": 0.10,
        "valid_years": 3,
        "min_age_years": 1,
        "first_award": 300_000,
        "renewal_award": 100_000,
    },
}
"""Super-deduction of 75% and the high-tech certificate, as at the end of 2019, held."""


@lru_cache(maxsize=2)
def history(lab: Lab) -> panel.History:
    """Five years of the region, watched as the fit watches them."""
    region = lab.region(NATIONAL, 4 * panel.YEARS)
    return panel.watched(region, FIRST + 4 * panel.YEARS - 1)


def readings(lab: Lab, measures: Mapping[str, str]) -> dict[str, Reading]:
    """Row id -> what the measure of that id in the fit says of the lab's history."""
    return {row: Reading(float(MOMENTS[measure].read(history(lab)))) for row, measure in measures.items()}
