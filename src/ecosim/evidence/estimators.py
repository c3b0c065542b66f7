"""Estimators of the studies, each a thin door to a library, applied to arrays of the model's firms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from statsmodels.discrete.conditional_models import ConditionalPoisson
from statsmodels.sandbox.regression.gmm import IV2SLS
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.tools.sm_exceptions import PerfectSeparationError


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


def mean_of(values: Any) -> Estimate:
    """Mean and its standard error; gaps are left out."""
    found = np.asarray(values, np.float64)
    found = found[np.isfinite(found)]
    return Estimate(float(found.mean()), float(found.std(ddof=1)) / len(found) ** 0.5) if len(found) > 1 else UNKNOWN


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
    variance = float(np.asarray(fitted.cov_params())[place, place])
    return Estimate(float(fitted.params[place]), variance**0.5) if variance >= 0.0 else UNKNOWN


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


def jump(outcome: Any, running: Any, bandwidth: float, groups: Any = None) -> Jump:
    """Level and jump of the outcome where the running variable reaches zero, as `discontinuity` measures it."""
    y, x = np.asarray(outcome, np.float64), np.asarray(running, np.float64)
    found = discontinuity(y, x, bandwidth, groups)
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


def within_poisson(counts: Any, regressors: Any) -> np.ndarray:
    """Coefficients of a conditional fixed-effects Poisson with year effects (Hausman, Hall & Griliches 1984).

    counts: firms x years; regressors: firms x years x variables. nan where fewer than 40 firms have counts that vary.
    """
    counts, regressors = np.asarray(counts, np.float64), np.asarray(regressors, np.float64)
    varying = counts.max(axis=1) > counts.min(axis=1)
    firms, (years, variables) = int(varying.sum()), regressors.shape[1:]
    if firms < 40:
        return np.full(variables, np.nan)
    effects = np.tile(np.eye(years)[:, 1:], (firms, 1))
    design = np.column_stack([regressors[varying].reshape(firms * years, variables), effects])
    groups = np.repeat(np.arange(firms), years)
    fitted = ConditionalPoisson(counts[varying].ravel(), design, groups=groups).fit(disp=False)
    return np.asarray(fitted.params[:variables])


def state_dependence(yes: Any) -> Estimate:
    """Effect of having said yes last year on the log odds of saying it again, whatever else sets a firm apart for good.

    Conditional logit on runs of four years with one yes in the middle two (Chamberlain 1985). yes: firms x years, true or false.
    """
    said = np.asarray(yes, np.float64)
    runs = np.concatenate([said[:, begin : begin + 4] for begin in range(said.shape[1] - 3)])
    firms = np.tile(np.arange(len(said)), said.shape[1] - 3)
    first, second, third, last = runs.T
    telling = (second + third == 1.0) & (first != last)
    if telling.sum() < 20 or np.unique((first == second)[telling]).size < 2:
        return UNKNOWN
    try:
        fitted = sm.Logit(second[telling], (first - last)[telling, None]).fit(
            disp=False, cov_type="cluster", cov_kwds={"groups": firms[telling]}
        )
    except PerfectSeparationError:
        return UNKNOWN
    return Estimate(float(fitted.params[0]), float(fitted.bse[0]))


def hill(values: Any, part: float) -> Estimate:
    """Tail index of the largest `part` of the values above zero (Hill 1975)."""
    found = np.sort(np.asarray(values, np.float64)[np.asarray(values) > 0.0])[::-1]
    count = int(part * len(found))
    if count < 20:
        return UNKNOWN
    index = 1.0 / float(np.log(found[:count] / found[count]).mean())
    return Estimate(index, index / count**0.5)


def rank_discontinuity(
    outcome: Any, rank: Any, competition: Any, bandwidth: float, one_slope: bool = False, before: Any = None
) -> Estimate:
    """Jump midway between the last funded (rank 1) and the first refused (-1), lines on either side, effects of competitions (Howell 2017).

    Either neighbour is half a rank from the cutoff: a line read at the neighbours themselves would count the rank between them as effect.
    one_slope: one slope for both sides, where too few are funded for a line of their own; before: the outcome before the award, held
    constant. Errors are clustered by competition.
    """
    y, x, group = np.asarray(outcome, np.float64), np.asarray(rank, np.float64), np.asarray(competition)
    earlier = np.empty((len(y), 0)) if before is None else np.asarray(before, np.float64)[:, None]
    near = np.isfinite(y) & np.isfinite(x) & (np.abs(x) <= bandwidth) & np.isfinite(earlier).all(axis=1)
    y, x, group, earlier = y[near], x[near], group[near], earlier[near]
    won = (x > 0.0).astype(np.float64)
    if min(won.sum(), len(won) - won.sum()) < 5 or len(np.unique(group)) < 5:
        return UNKNOWN
    place = np.where(x > 0.0, x - 0.5, x + 0.5)
    design = np.column_stack([won, *([place] if one_slope else [place * won, place * (1.0 - won)]), earlier])
    design = design[:, design.std(axis=0) > 0.0]
    numbers = np.unique(group, return_inverse=True)[1]
    inner = demeaned(design, numbers)
    if np.linalg.matrix_rank(inner) < inner.shape[1] or len(np.unique(numbers)) <= inner.shape[1] + 1:
        return UNKNOWN
    return coefficient(demeaned(y, numbers), inner, 0, numbers)


def demeaned(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Values less the mean of their group (numbers from 0)."""
    counts = np.bincount(groups)
    columns = values.reshape(len(values), -1)
    means = np.column_stack([np.bincount(groups, weights=column) / counts for column in columns.T])
    return np.asarray((columns - means[groups]).reshape(values.shape))


def two_stages(outcome: Any, endogenous: Any, instrument: Any, controls: Any = None, least: float = 0.05) -> Estimate:
    """Two-stage least squares with one instrument (Angrist & Imbens 1994); unknown where the first stage moves less than `least`."""
    y, d, z = (np.asarray(values, np.float64) for values in (outcome, endogenous, instrument))
    others = np.empty((len(y), 0)) if controls is None else np.asarray(controls, np.float64).reshape(len(y), -1)
    whole = np.isfinite(y) & np.isfinite(d) & np.isfinite(z) & np.isfinite(others).all(axis=1)
    y, d, z, others = y[whole], d[whole], z[whole], others[whole]
    if whole.sum() < others.shape[1] + 10 or np.unique(z).size < 2 or np.unique(d).size < 2:
        return UNKNOWN
    exogenous = np.column_stack([np.ones(len(y)), others])
    first = coefficient(d, np.column_stack([exogenous, z]), exogenous.shape[1])
    if not np.isfinite(first.error) or abs(first.value) < least:
        return UNKNOWN
    fitted = IV2SLS(y, np.column_stack([exogenous, d]), np.column_stack([exogenous, z])).fit()
    return Estimate(float(fitted.params[-1]), float(fitted.bse[-1]))


def fuzzy_discontinuity(outcome: Any, treated: Any, running: Any, bandwidth: float) -> Estimate:
    """Effect of treatment at a cutoff that moves its chance: `two_stages`, being above as instrument, lines of their own on either side."""
    x = np.asarray(running, np.float64)
    near = np.isfinite(x) & (np.abs(x) <= bandwidth)
    above = (x[near] >= 0.0).astype(np.float64)
    if above.sum() < 5 or (1.0 - above).sum() < 5:
        return UNKNOWN
    slopes = np.column_stack([x[near], x[near] * above])
    return two_stages(np.asarray(outcome)[near], np.asarray(treated)[near], above, slopes)


def matched(treated: Any, covariates: Any) -> tuple[np.ndarray, np.ndarray]:
    """Places of treated observations and of the untreated one nearest to each in propensity score (Rosenbaum & Rubin 1983).

    Logit of treatment on standardised covariates, nearest neighbour with replacement, off the common support left out.
    """
    yes, x = np.asarray(treated, bool), np.asarray(covariates, np.float64)
    spread = x.std(axis=0)
    x = ((x - x.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))[:, spread > 0.0]
    if min(yes.sum(), (~yes).sum()) < 5:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    score = LogisticRegression(C=100.0, solver="newton-cholesky").fit(x, yes).decision_function(x)
    one, none = np.flatnonzero(yes), np.flatnonzero(~yes)
    one = one[(score[one] >= score[none].min()) & (score[one] <= score[none].max())]
    if len(one) == 0:
        return one, one
    nearest = NearestNeighbors(n_neighbors=1).fit(score[none, None]).kneighbors(score[one, None], return_distance=False)[:, 0]
    return one, none[nearest]


def matched_change(change: Any, treated: Any, covariates: Any, dose: Any = 1.0) -> Estimate:
    """Mean difference in change between treated firms and matches over the mean dose (Heckman et al. 1997), errors clustered by match."""
    change = np.asarray(change, np.float64)
    whole = np.isfinite(change) & np.isfinite(np.asarray(covariates, np.float64)).all(axis=1)
    one, other = matched(np.asarray(treated)[whole], np.asarray(covariates)[whole])
    doses = np.broadcast_to(dose, change.shape)[whole][one]
    gaps = (change[whole][one] - change[whole][other]) / doses.mean()
    return coefficient(gaps, np.ones((len(one), 1)), 0, other) if len(np.unique(other)) > 2 else UNKNOWN
