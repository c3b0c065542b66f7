"""Estimators of the studies, each a thin door to a library, applied to arrays of the model's firms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import statsmodels.api as sm
from statsmodels.stats.contingency_tables import Table2x2


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


def relative_rise(treated: Any, others: Any) -> Estimate:
    """How much likelier a yes is among the treated: the risk ratio less one, its standard error by the delta method; gaps are left out.

    Unknown where one of the four counts of yes and no is zero.
    """
    one, two = (np.asarray(values, np.float64)[np.isfinite(values)] for values in (treated, others))
    counts = np.array([[one.sum(), len(one) - one.sum()], [two.sum(), len(two) - two.sum()]])
    if (counts <= 0.0).any():
        return UNKNOWN
    table = Table2x2(counts)
    return Estimate(float(table.riskratio - 1.0), float(table.riskratio * table.log_riskratio_se))
