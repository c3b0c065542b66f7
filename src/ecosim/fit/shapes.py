"""Shapes of distributions, as studies measure them: each function takes plain arrays and returns one number.

A shape that cannot be measured, because too few observations are left, is nan.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import minimize_scalar

LEAST = 40
"""Observations below which no shape is measured."""

NAN = float("nan")
Floats = np.ndarray


def subbotin_shape(growth: Floats) -> float:
    """Shape b of a Subbotin (generalised normal) density by maximum likelihood: 1 is Laplace, 2 is Gauss.

    f(x) = exp(-|x - m|^b / (b s^b)) / (2 s b^(1/b) Gamma(1 + 1/b)), m the median (Bottazzi & Secchi 2006).
    """
    if len(growth) < LEAST:
        return NAN
    distance = np.abs(growth - np.median(growth))
    distance = np.maximum(distance, 1e-12)

    def cost(shape: float) -> float:
        spread = float(np.mean(distance**shape)) ** (1.0 / shape)
        return math.log(2.0 * spread * shape ** (1.0 / shape)) + math.lgamma(1.0 + 1.0 / shape) + 1.0 / shape

    return float(minimize_scalar(cost, bounds=(0.2, 4.0), method="bounded").x)


def excess_kurtosis(growth: Floats) -> float:
    """Fourth moment over the squared second, less 3: 0 for Gauss, 3 for Laplace."""
    if len(growth) < LEAST:
        return NAN
    centred = growth - growth.mean()
    return float(np.mean(centred**4) / np.mean(centred**2) ** 2 - 3.0)


def mean_absolute_over_spread(growth: Floats) -> float:
    """Mean absolute deviation over the standard deviation: 0.80 for Gauss, 0.71 for Laplace."""
    if len(growth) < LEAST:
        return NAN
    centred = growth - growth.mean()
    return float(np.mean(np.abs(centred)) / np.sqrt(np.mean(centred**2)))


def volatility_slope(growth: Floats, size: Floats, bins: int = 8) -> float:
    """Power with which the spread of growth falls with size: bins of equal count, log spread on log size.

    growth: log growth; size: size before it, any positive unit.
    """
    if len(growth) < LEAST * bins:
        return NAN
    parts = np.array_split(np.argsort(size, kind="stable"), bins)
    spread = np.array([math.log(float(growth[part].std(ddof=1))) for part in parts])
    place = np.array([float(np.log(size[part]).mean()) for part in parts])
    return -float(np.polyfit(place, spread, 1)[0])


def tail_exponent(sizes: Floats, part: float = 0.1) -> float:
    """Exponent of P(size > s) over the largest `part`: log(rank - 1/2) on log size.

    Gabaix & Ibragimov (2011).
    """
    largest = np.sort(sizes[sizes > 0])[::-1][: int(part * len(sizes))]
    if len(largest) < LEAST:
        return NAN
    ranks = np.arange(1, len(largest) + 1) - 0.5
    return -float(np.polyfit(np.log(largest), np.log(ranks), 1)[0])


def density_exponent(counts: Floats) -> float:
    """Exponent of a discrete power law above the least count at which it fits best.

    Maximum likelihood and Kolmogorov-Smirnov distance as in Clauset, Shalizi & Newman (2009).
    """
    counts = np.sort(counts[counts > 0].astype(np.float64))
    best, best_distance = NAN, float("inf")
    for least in np.unique(counts):
        tail = counts[np.searchsorted(counts, least) :]
        if len(tail) < LEAST or tail[-1] == least:
            break
        exponent = 1.0 + len(tail) / float(np.log(tail / (least - 0.5)).sum())
        seen = np.unique(tail)
        fitted = ((seen - 0.5) / (least - 0.5)) ** (1.0 - exponent)
        observed = 1.0 - np.searchsorted(tail, seen) / len(tail)
        distance = float(np.abs(fitted - observed).max())
        if distance < best_distance:
            best, best_distance = exponent, distance
    return best


def variance_over_mean(counts: Floats) -> float:
    """Over-dispersion of counts: 1 for Poisson."""
    if len(counts) < LEAST or counts.sum() <= 0:
        return NAN
    return float(counts.var(ddof=1) / counts.mean())


def chance_again(yearly: Floats, after: bool) -> float:
    """Chance of a count above zero in a year, given that the year before had one (`after`) or none.

    yearly: rows x years.
    """
    before, now = yearly[:, :-1] > 0, yearly[:, 1:] > 0
    given = before if after else ~before
    return float(now[given].mean()) if given.sum() >= LEAST else NAN


def yearly_hazard(exits: float, exposure: float) -> float:
    """Chance of closing in a year from exits and firm-quarters at risk: 2.06% a quarter is 8% a year."""
    return 1.0 - (1.0 - exits / exposure) ** 4 if exposure >= LEAST else NAN
