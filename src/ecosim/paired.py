"""Worlds that differ in one thing, compared pair by pair: means, differences and their 95% intervals.

A pair shares its parameter draw and its seed. Seeds are averaged within a draw, and the interval is Student's
over draws: what is not known of the parameters is the larger doubt, and it does not shrink with more seeds.
Missing values (failed runs) leave their pair out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Floats = np.ndarray

CONFIDENCE = 0.95


class Paired(NamedTuple):
    """One scenario against the baseline; every field is an array over what is compared.

    sd_draws: spread of the difference between draws; sd_seeds: mean spread between seeds within a draw;
    correlation: of the two worlds over pairs, which is what shared draws are for.
    """

    baseline: Floats
    difference: Floats
    lo: Floats
    hi: Floats
    sd_draws: Floats
    sd_seeds: Floats
    pairs: Floats
    correlation: Floats


def mean_of(values: Floats, axis: int) -> Floats:
    """Mean of what is there; nan where nothing is."""
    there = np.isfinite(values)
    count = there.sum(axis=axis)
    total = np.where(there, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def spread_of(values: Floats, axis: int) -> Floats:
    """Standard deviation (n - 1) of what is there; nan with fewer than two."""
    there = np.isfinite(values)
    count = there.sum(axis=axis)
    apart = np.where(there, values - np.expand_dims(mean_of(values, axis), axis), 0.0)
    return np.where(count > 1, np.sqrt((apart * apart).sum(axis=axis) / np.maximum(count - 1, 1)), np.nan)


def interval(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean over draws of the means over seeds, and its 95% interval. values: draws x seeds x ...; one draw
    has no interval (nan).
    """
    from scipy.special import stdtrit

    by_draw = mean_of(values, 1)
    middle = mean_of(by_draw, 0)
    draws = np.isfinite(by_draw).sum(axis=0)
    reach = stdtrit(np.maximum(draws - 1, 1), 0.5 + CONFIDENCE / 2) * spread_of(by_draw, 0) / np.sqrt(np.maximum(draws, 1))
    return middle, middle - reach, middle + reach


def paired(baseline: Floats, other: Floats) -> Paired:
    """Compare two arrays, draws x seeds x ..., pair by pair."""
    both = np.isfinite(baseline) & np.isfinite(other)
    first, second = np.where(both, baseline, np.nan), np.where(both, other, np.nan)
    gap = second - first
    middle, lo, hi = interval(gap)
    return Paired(
        interval(first)[0],
        middle,
        lo,
        hi,
        spread_of(mean_of(gap, 1), 0),
        mean_of(spread_of(gap, 1), 0),
        both.sum(axis=(0, 1)),
        correlation(first, second),
    )


def correlation(first: Floats, second: Floats) -> Floats:
    """Correlation over all pairs; nan where one of the two does not vary."""
    flat = [values.reshape(-1, *values.shape[2:]) for values in (first, second)]
    apart = [np.where(np.isfinite(values), values - mean_of(values, 0), 0.0) for values in flat]
    scale = np.sqrt((apart[0] ** 2).sum(axis=0) * (apart[1] ** 2).sum(axis=0))
    return np.where(scale > 0.0, (apart[0] * apart[1]).sum(axis=0) / np.where(scale > 0.0, scale, 1.0), np.nan)


def excludes_zero(lo: float, hi: float) -> bool:
    """Whether an interval lies on one side of zero; one that is not known does not."""
    return lo > 0.0 or hi < 0.0
