"""What a sweep says with what certainty: paired differences, their intervals, and how many runs it takes.

Runs that share parameter draw and seed make a pair. The independent units are draws (seeds are averaged within each); of a single
draw they are its seeds, and what is said then holds for that draw alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit
from scipy.stats import bootstrap

from ..paired import CONFIDENCE, interval, mean_of, paired
from .frames import about, checked, cube, parted, references

Correction = Literal["holm", "fdr_bh"]
"""Holm (1979) keeps the chance of any false claim, Benjamini and Hochberg (1995) the share of false claims, at most 5%."""

RESAMPLES = 2000
FEWEST_RESAMPLED = 5
"""Units below which a bootstrap says nothing that is worth reading."""

FEWEST_UNITS = 10
"""Units before a sequential rule may stop: with fewer, the spread is known too badly (Chow and Robbins 1965)."""


def by_unit(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Draws x seeds x ... with the independent units first, and what these are."""
    return (values, "draw") if values.shape[0] > 1 else (np.swapaxes(values, 0, 1), "seed")


def differences(
    frame: pd.DataFrame, outcomes: Sequence[str] = (), against: str | int | None = None, correction: Correction = "holm", seed: int = 1
) -> pd.DataFrame:
    """Every point beside its reference, pair by pair; one row for each point and outcome.

    Columns: point, scenario, the factors, outcome, period, against, baseline, difference, lo, hi (95%, Student's), boot_lo, boot_hi
    (95%, bootstrap BCa), p (of no difference), p_adjusted (over all rows), relative, sd_draws, sd_seeds, pairs, unit, correlation.
    outcomes: all if none is named; seed: of the bootstrap.
    """
    columns = checked(frame, outcomes)
    runs = cube(frame, columns)
    rows: list[dict[str, Any]] = []
    for place, base in references(runs.settings, against).items():
        if place != base:
            (first, unit), (second, _) = (by_unit(runs.values[at]) for at in (base, place))
            head = about(runs.settings, place) | {
                "against": int(runs.settings["point"][base]),
                "against_scenario": runs.settings["scenario"][base],
            }
            rows += [head | row | {"unit": unit} for row in _rows(columns, first, second, seed)]
    table = pd.DataFrame(rows)
    if len(table):
        table["p_adjusted"] = adjusted(table["p"].to_numpy(float), correction)
    return table


def _rows(columns: Sequence[str], first: np.ndarray, second: np.ndarray, seed: int) -> list[dict[str, Any]]:
    """What is found for each outcome; first, second: units x repeats x outcomes."""
    found = paired(first, second)
    gaps = mean_of(second - first, 1)
    rows = []
    for at, column in enumerate(columns):
        gap = gaps[np.isfinite(gaps[:, at]), at]
        boot_lo, boot_hi = resampled(gap, seed)
        numbers = {name: float(getattr(found, name)[at]) for name in ("baseline", "difference", "lo", "hi")}
        base = numbers["baseline"]
        rows.append(
            dict(zip(("outcome", "period"), parted(column), strict=True))
            | numbers
            | {"boot_lo": boot_lo, "boot_hi": boot_hi, "p": p_value(gap), "p_adjusted": np.nan}
            | {"relative": numbers["difference"] / abs(base) if base else np.nan}
            | {name: float(getattr(found, name)[at]) for name in ("sd_draws", "sd_seeds", "pairs", "correlation")}
        )
    return rows


def p_value(gaps: np.ndarray) -> float:
    """Two-sided p of Student's test that the mean of some differences is zero; nan with fewer than two, 1 if all are zero."""
    if gaps.size < 2:
        return float("nan")
    error = gaps.std(ddof=1) / np.sqrt(gaps.size)
    if error == 0.0:
        return 1.0 if gaps[0] == 0.0 else 0.0
    return float(2.0 * stdtr(gaps.size - 1, -abs(gaps.mean() / error)))


def resampled(gaps: np.ndarray, seed: int) -> tuple[float, float]:
    """The 95% interval of a mean by the bias-corrected and accelerated bootstrap (Efron 1987); nan with too few units."""
    if gaps.size < FEWEST_RESAMPLED:
        return float("nan"), float("nan")
    if np.ptp(gaps) <= 1e-12 * np.abs(gaps).max():
        return float(gaps[0]), float(gaps[0])
    found = bootstrap((gaps,), np.mean, confidence_level=CONFIDENCE, n_resamples=RESAMPLES, method="BCa", rng=seed)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def adjusted(p: np.ndarray, correction: Correction) -> np.ndarray:
    """p values corrected for their number; what is nan stays nan and does not count."""
    from statsmodels.stats.multitest import multipletests

    known = np.isfinite(p)
    found = np.full(p.shape, np.nan)
    if known.any():
        found[known] = multipletests(p[known], method=correction)[1]
    return found


class Spread(NamedTuple):
    """Variance of one run: what comes of the parameters, what of chance. nan where they cannot be told apart."""

    parameters: float
    chance: float


def spread(values: np.ndarray) -> Spread:
    """Split the variance of draws x seeds: random effects, mean squares set equal to their expectations (Searle, Casella and McCulloch
    1992, ch. 3); a component below zero is zero. Draws with a missing seed are left out.
    """
    complete = values[np.isfinite(values).all(axis=1)]
    draws, seeds = complete.shape
    if draws < 2 or seeds < 2:
        return Spread(float("nan"), float("nan"))
    chance = float(complete.var(axis=1, ddof=1).mean())
    between = float(complete.mean(axis=1).var(ddof=1))
    return Spread(max(0.0, between - chance / seeds), chance)


def levels(frame: pd.DataFrame, outcomes: Sequence[str] = ()) -> pd.DataFrame:
    """Every point by itself: mean, lo, hi, and the shares of the variance of one run that come of parameters and of chance."""
    columns = checked(frame, outcomes)
    runs = cube(frame, columns)
    rows = []
    for place, of_point in enumerate(runs.values):
        values, unit = by_unit(of_point)
        middle, lo, hi = interval(values)
        for at, column in enumerate(columns):
            split = spread(of_point[..., at])
            total = sum(split)
            shares = {name: part / total if total > 0.0 else np.nan for name, part in split._asdict().items()}
            named = dict(zip(("outcome", "period"), parted(column), strict=True))
            figures = {
                "mean": float(middle[at]),
                "lo": float(lo[at]),
                "hi": float(hi[at]),
                "runs": int(np.isfinite(of_point[..., at]).sum()),
            }
            rows.append(about(runs.settings, place) | {**named, **figures, "unit": unit}
                        | {f"share_{name}": share for name, share in shares.items()})  # fmt: skip
    return pd.DataFrame(rows)


def enough(units: np.ndarray, half_width: float) -> bool:
    """Whether a sweep may stop: the mean of some independent units is known to within `half_width`, 95%, from ten units or more.

    The rule is Chow and Robbins' (1965, Annals of Mathematical Statistics 36): stopping as soon as the interval is narrow enough keeps
    its confidence in the limit of narrow intervals. From two units on it would not: a spread that looks small by chance would stop it.
    """
    known = units[np.isfinite(units)]
    return known.size >= FEWEST_UNITS and half_width_of(float(known.std(ddof=1)), known.size) <= half_width


def half_width_of(sd: float, units: int) -> float:
    """Half the width of the 95% interval of a mean of so many units."""
    return float(stdtrit(units - 1, 0.5 + CONFIDENCE / 2) * sd / np.sqrt(units))
