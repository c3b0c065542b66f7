"""How a distribution piles up at a notch, against the smooth one that would be there without it (Kleven & Waseem 2013)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .estimators import UNKNOWN, Estimate

BINS = 30
"""On either side of a notch."""
ORDERS = (2, 3, 4, 5, 6)
"""Of the polynomial among which the data choose; the second is a lognormal."""
FOLDS = 5
STEPS, CLOSE = 60, 1e-8
"""Most steps of a fit, and the change of its coefficients that ends it."""


class Bunching(NamedTuple):
    """What the notch moves within the disturbed range.

    excess: observations from the notch to the upper end beyond the smooth number, as a share of it; missing: the same shortfall below the
    notch; rise: mean of the value within the range over its smooth mean, less one.
    """

    excess: Estimate
    missing: Estimate
    rise: Estimate


class Smooth(NamedTuple):
    """A polynomial in the log of the value: its terms by bin, coefficients and their covariance."""

    terms: np.ndarray
    coefficients: np.ndarray
    covariance: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """Smooth number of observations by bin."""
        return np.asarray(np.exp(np.clip(self.terms @ self.coefficients, -30.0, 30.0)))


def bunching(values: Any, notch: float, spread: tuple[float, float], repeats: int = 1) -> Bunching:
    """Counts in bins of equal log width from a third of the notch to three times it, against a smooth distribution.

    The smooth one is fitted by Poisson regression to the counts outside the disturbed range and to their total inside: the notch moves
    observations within the range, so that as many are missing as pile up. Without that total a share of a smooth number that errs is
    too large on average. The order is chosen by cross-validation (Diamond & Persson 2016).

    spread: lower and upper end of the disturbed range, as shares of the notch; repeats: how often one firm is among the values, which
    widens the errors as if it were each time the same.
    """
    above = np.linspace(0.0, np.log(3.0), BINS + 1)
    edges = np.concatenate([-above[:0:-1], above])
    ratio = np.asarray(values, np.float64) / notch
    counts = np.histogram(np.log(ratio[np.isfinite(ratio) & (ratio > 0.0)]), edges)[0].astype(np.float64)
    middle = 0.5 * (edges[1:] + edges[:-1])
    outside = (middle < np.log(spread[0])) | (middle > np.log(spread[1]))
    if counts[outside].sum() < 50 or (counts[outside] > 0).sum() < 9 or counts[~outside].sum() < 5.0:
        return Bunching(UNKNOWN, UNKNOWN, UNKNOWN)
    known = np.vstack([np.eye(len(middle))[outside], ~outside])
    place = middle / middle[-1]
    smooth = fitted(counts, known, np.vander(place, order_of(counts, known, place) + 1))
    return piled_up(counts, smooth._replace(covariance=repeats * smooth.covariance), middle, ~outside, repeats)


def order_of(counts: np.ndarray, known: np.ndarray, place: np.ndarray) -> int:
    """The order that tells best the bins left out: every fifth outside the range, in turn; the total inside, in the last row, stays."""
    fold = np.append(np.arange(len(known) - 1) % FOLDS, FOLDS)

    def deviance(order: int) -> float:
        terms, gone = np.vander(place, order + 1), 0.0
        for number in range(FOLDS):
            left = known[fold == number]
            found, told = left @ counts, left @ fitted(counts, known[fold != number], terms).counts
            gone += float((told - found * np.log(told)).sum())
        return gone

    return min(ORDERS, key=deviance)


def fitted(counts: np.ndarray, known: np.ndarray, terms: np.ndarray) -> Smooth:
    """Poisson regression where only sums of bins are known (composite link, Thompson & Baker 1981), by scoring.

    known: sums x bins, one where the bin is in the sum; terms: bins x coefficients, the constant last.
    """
    told = known @ counts
    smooth = Smooth(terms, np.append(np.zeros(terms.shape[1] - 1), np.log(told.sum() / known.sum())), np.empty((0, 0)))
    for _ in range(STEPS):
        means = known @ smooth.counts
        slopes = (known * smooth.counts) @ terms
        smooth = smooth._replace(covariance=np.linalg.pinv(slopes.T @ (slopes / means[:, None])))
        step = smooth.covariance @ (slopes.T @ (told / means - 1.0))
        size = float(np.abs(step).max())
        smooth = smooth._replace(coefficients=smooth.coefficients + step * min(1.0, 2.0 / max(size, CLOSE)))
        if size < CLOSE:
            break
    return smooth


def piled_up(counts: np.ndarray, smooth: Smooth, middle: np.ndarray, inside: np.ndarray, repeats: int) -> Bunching:
    """What is read off observed and smooth counts within the disturbed range."""
    even, covariance, total = smooth.counts, smooth.covariance, float(counts[inside].sum())
    upper, lower = inside & (middle > 0.0), inside & (middle < 0.0)
    if min(even[upper].sum(), even[lower].sum()) < 5.0:
        return Bunching(UNKNOWN, UNKNOWN, UNKNOWN)

    def excess(part: np.ndarray) -> Estimate:
        usual, found, slope = float(even[part].sum()), float(counts[part].sum()), even[part] @ smooth.terms[part]
        own, other = repeats * found * (1.0 - found / total) / usual**2, float(slope @ covariance @ slope) / usual**2
        share = found / usual * (1.0 - other)
        return Estimate(share - 1.0, (own + share**2 * other) ** 0.5)

    ratio, shortfall = np.exp(middle[inside]), excess(lower)
    found, usual = (float(weights[inside] @ ratio / weights[inside].sum()) for weights in (counts, even))
    slope = (even[inside] * (ratio - usual) / even[inside].sum()) @ smooth.terms[inside]
    own = repeats * float((counts[inside] * (ratio - found) ** 2).sum()) / total**2
    error = (own + (found / usual) ** 2 * float(slope @ covariance @ slope)) ** 0.5 / usual
    return Bunching(excess(upper), Estimate(-shortfall.value, shortfall.error), Estimate(found / usual - 1.0, error))
