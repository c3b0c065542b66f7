"""Elasticities as studies estimate them on panels of firms, by the estimators of statsmodels; nan where too few observe."""

from __future__ import annotations

import numpy as np
from statsmodels.discrete.conditional_models import ConditionalPoisson
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS

from .shapes import LEAST, NAN

Floats = np.ndarray


def within_elasticity(counts: Floats, size: Floats) -> float:
    """Elasticity of counts to size within firms: conditional fixed-effects Poisson with year effects.

    counts, size: firms x years, size above zero; firms whose count never changes say nothing.
    Hausman, Hall & Griliches (1984), Econometrica 52(4).
    """
    varying = counts.max(axis=1) > counts.min(axis=1)
    if varying.sum() < LEAST or counts.shape[1] < 2:
        return NAN
    counts, size = counts[varying], size[varying]
    firms, years = counts.shape
    groups = np.repeat(np.arange(firms), years)
    columns = np.column_stack([np.log(size).ravel(), year_effects(firms, years)])
    found = ConditionalPoisson(counts.ravel(), columns, groups=groups).fit(disp=False)
    return float(found.params[0])


def pooled_elasticity(counts: Floats, size: Floats) -> float:
    """Elasticity of counts to size between firms: pooled Poisson with year effects. Arguments as above."""
    firms, years = counts.shape
    if firms < LEAST or counts.sum() <= 0.0:
        return NAN
    columns = np.column_stack([np.log(size).ravel(), np.ones(firms * years), year_effects(firms, years)])
    return float(GLM(counts.ravel(), columns, family=Poisson()).fit().params[0])


def year_effects(firms: int, years: int) -> Floats:
    """A dummy for each year but the first, rows in the order firm, year."""
    return np.tile(np.eye(years)[:, 1:], (firms, 1))


def size_elasticity(amount: Floats, size: Floats, group: Floats) -> float:
    """Elasticity of an amount to size within groups: least squares in logs. All above zero, one entry a firm."""
    if len(amount) < LEAST:
        return NAN
    _, place = np.unique(group, return_inverse=True)
    columns = np.column_stack([np.log(size), np.eye(place.max() + 1)[place]])
    return float(OLS(np.log(amount), columns).fit().params[0])
