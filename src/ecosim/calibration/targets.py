"""What a calibration aims at: rows of the fit that are no input by construction, gathered into facts of equal weight.

A fact is one thing that is known, such as the skew of patent counts; its rows share its weight, so that a study
with five statistics does not count five times. No row comes from a study of an instrument of the city, none is
later than the region's own data: those are kept for validation, and nothing here can import them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..fit.moments import INPUTS
from ..fit.table import data_of
from ..regions import RegionPack

FACTS: dict[str, tuple[str, ...]] = {
    "city_rd": ("rd_growth_2020", "rd_gdp_change_2020"),
    "certified": ("hightech_change_2020", "hightech_revenue_2020"),
    "claims": ("claims_2020", "claim_firms_2020"),
    "contracts": ("contracts_yearly_2016_2020",),
    "graduation": ("graduation_rate",),
    "S1": ("size_tail_exponent",),
    "S3": ("rd_growth_volatility_by_size", "rd_growth_subbotin", "rd_growth_excess_kurtosis", "rd_growth_mean_abs_over_sd"),
    "S5": ("patent_density_exponent", "patent_top_decile_share", "patent_gini", "patent_zero_share", "patent_variance_over_mean"),
    "S7": ("patent_persistence_after_patent", "patent_persistence_after_none"),
    "S8": ("exit_rate_all", "exit_share_within_5_years", "exit_age_mean"),
    "S12": ("alliance_ends",),
    "K1": ("patent_rd_elasticity_within",),
    "K2": ("patent_rd_elasticity_between",),
    "K3": ("rd_sales_elasticity",),
    "T3_short": ("user_cost_elasticity_short",),
    "T3_long": ("user_cost_elasticity_long",),
}
"""Fact -> its rows. A row of another region that stands in none is a fact of its own."""

LEFT_OUT = {"contracts_2019": "2019 had a campaign for contracts that no instrument of the model stands for"}
"""Rows that are neither inputs nor aimed at, and why."""

NORMAL_RANGE = 2 * 1.96
"""Width of a 95% interval in standard deviations."""
DISCREPANCY = 0.5
"""Declared misfit of a model that is right in essence, in standard deviations of the data: no simulator is exact, and the
panels are of other countries and years."""


class Target(NamedTuple):
    """One row to aim at. spread: standard deviation of data and declared discrepancy together, unit of the value."""

    id: str
    fact: str
    value: float
    spread: float


def targets_of(pack: RegionPack) -> tuple[Target, ...]:
    """Every row of a region that is aimed at, in the order of its tables."""
    facts = {row: fact for fact, rows in FACTS.items() for row in rows}
    rows = {key: row for key, row in data_of(pack).items() if key not in INPUTS and key not in LEFT_OUT}
    return tuple(
        Target(key, facts.get(key, key), float(row["value"]), spread_of(float(row["low"]), float(row["high"]))) for key, row in rows.items()
    )


def spread_of(low: float, high: float) -> float:
    """Standard deviation of a figure known to lie between two ends, the declared discrepancy added."""
    return (high - low) / NORMAL_RANGE * float(np.sqrt(1.0 + DISCREPANCY**2))


def misfits(found: np.ndarray, targets: tuple[Target, ...], noise: np.ndarray) -> np.ndarray:
    """Distance of each moment from its target in standard deviations of data, discrepancy and chance.

    found: runs x rows; noise: variance over seeds of each row. A moment without a value is infinitely far.
    """
    value, spread = np.array([target.value for target in targets]), np.array([target.spread for target in targets])
    away = (found - value) / np.sqrt(spread**2 + noise)
    return np.where(np.isfinite(away), away, np.inf)


def by_fact(squares: np.ndarray, targets: tuple[Target, ...], rows: np.ndarray) -> np.ndarray:
    """Mean of squared misfits within each fact, runs x facts, over the rows that count (a mask)."""
    facts = list(dict.fromkeys(target.fact for target, counts in zip(targets, rows, strict=True) if counts))
    member = np.array([[counts and target.fact == fact for target, counts in zip(targets, rows, strict=True)] for fact in facts])
    return np.stack([squares[:, mine].mean(axis=1) for mine in member], axis=1) if facts else np.zeros((len(squares), 0))
