"""Estimators of the studies, each a thin door to a library, applied to arrays of the model's firms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import statsmodels.api as sm


class Estimate(NamedTuple):
    """A coefficient and its standard error."""

    value: float
    error: float


UNKNOWN = Estimate(float("nan"), float("nan"))


def mean_difference(treated: Any, others: Any) -> Estimate:
    """Difference in means with the standard error of unequal variances (Welch); gaps are left out."""
    one, two = (np.asarray(values, np.float64)[np.isfinite(values)] for values in (treated, others))
    if len(one) < 2 or len(two) < 2:
        return UNKNOWN
    spread = float(one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two))
    return Estimate(float(one.mean() - two.mean()), spread**0.5)


def discontinuity(outcome: Any, running: Any, bandwidth: float, groups: Any = None) -> Estimate:
    """Jump of the outcome where the running variable reaches zero, by lines of their own on either side within the bandwidth.

    Standard errors are robust, or clustered by `groups` if given (Lee & Lemieux 2010).
    """
    y, x = np.asarray(outcome, np.float64), np.asarray(running, np.float64)
    near = np.isfinite(y) & np.isfinite(x) & (np.abs(x) <= bandwidth)
    above = (x >= 0.0).astype(np.float64)
    if above[near].sum() < 3 or (1.0 - above[near]).sum() < 3:
        return UNKNOWN
    design = np.column_stack([np.ones(near.sum()), above[near], x[near], x[near] * above[near]])
    return coefficient(y[near], design, 1, None if groups is None else np.asarray(groups)[near])


def coefficient(outcome: np.ndarray, design: np.ndarray, place: int, groups: np.ndarray | None = None) -> Estimate:
    """One coefficient of a least-squares regression with robust or clustered standard errors."""
    model = sm.OLS(outcome, design)
    if groups is None:
        fitted = model.fit(cov_type="HC1")
    else:
        fitted = model.fit(cov_type="cluster", cov_kwds={"groups": np.unique(groups, return_inverse=True)[1]})
    return Estimate(float(fitted.params[place]), float(fitted.bse[place]))


class Jump(NamedTuple):
    """Both sides of a discontinuity: level just below zero of the running variable, jump there, and the jump's standard error."""

    level: float
    jump: float
    error: float

    @property
    def relative(self) -> Estimate:
        """The jump over the mean of both levels: an arc, between -2 and 2 where nothing is negative."""
        middle = self.level + 0.5 * self.jump
        return Estimate(self.jump / middle, self.error / middle) if middle > 0.0 else UNKNOWN


def jump(outcome: Any, running: Any, bandwidth: float) -> Jump:
    """Level and jump of the outcome where the running variable reaches zero, as `discontinuity` measures it."""
    y, x = np.asarray(outcome, np.float64), np.asarray(running, np.float64)
    found = discontinuity(y, x, bandwidth)
    below = np.isfinite(y) & np.isfinite(x) & (x < 0.0) & (x >= -bandwidth)
    if not np.isfinite(found.value):
        return Jump(*(float("nan"),) * 3)
    level = coefficient(y[below], np.column_stack([np.ones(below.sum()), x[below]]), 0)
    return Jump(level.value, found.value, found.error)


def winsorised(values: Any, part: float) -> np.ndarray:
    """Values with the largest `part` of those above zero set to the least of them; gaps stay."""
    found = np.asarray(values, np.float64)
    positive = found[np.isfinite(found) & (found > 0.0)]
    return np.minimum(found, np.quantile(positive, 1.0 - part)) if len(positive) else found
