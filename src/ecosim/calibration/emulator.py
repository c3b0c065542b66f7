"""A quick stand-in for the model: misfit of each row as a function of the parameters, learnt from runs.

Sparse regression (lasso, penalty by cross-validation) on all uncertain parameters, and on squares and products of
the free ones. What it cannot tell, chance between seeds included, is measured on runs it has not seen and counts
as uncertainty wherever it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import Lasso, LassoCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .free import places, uncertain

FOLDS = 5
PENALTIES = 12
FARTHEST = 8.0
"""Misfits beyond this many standard deviations are learnt as this many: how far off hopeless is does not matter."""
ITERATIONS = 20_000
TOLERANCE = 1e-3


class Learnt(NamedTuple):
    """One row: its misfit as a sum over features, the spread of its errors on unseen runs, and the share it explains."""

    weights: np.ndarray
    level: float
    error: float
    explained: float


def features(draws: Sequence[int] | np.ndarray, free: Sequence[str]) -> np.ndarray:
    """What the stand-in sees of prior draws: every uncertain parameter, squares and products of the free ones."""
    names = uncertain()
    linear = 2.0 * places(draws, names) - 1.0
    freed = linear[:, [names.index(name) for name in free]]
    first, second = np.triu_indices(len(free))
    return np.concatenate([linear, freed[:, first] * freed[:, second]], axis=1)


def learn(draws: np.ndarray, misfits: np.ndarray, free: Sequence[str]) -> list[Learnt]:
    """A stand-in for each column of misfits, runs x rows."""
    seen = features(draws, free)
    return [_learn_row(seen, np.clip(column, -FARTHEST, FARTHEST)) for column in misfits.T]


def _learn_row(seen: np.ndarray, column: np.ndarray) -> Learnt:
    """Learn one row; one that never varies is predicted by its mean."""
    if np.ptp(column) == 0.0:
        return Learnt(np.zeros(seen.shape[1]), float(column[0]), 0.0, 0.0)
    lasso = LassoCV(alphas=PENALTIES, eps=1e-2, cv=KFold(FOLDS), max_iter=ITERATIONS, tol=TOLERANCE)
    scaler = StandardScaler().fit(seen)
    lasso.fit(scaler.transform(seen), column)
    # the penalty is fixed by now: how well it does on unseen runs is asked of the same folds
    fixed = make_pipeline(StandardScaler(), Lasso(alpha=lasso.alpha_, max_iter=ITERATIONS, tol=TOLERANCE))
    missed = column - cross_val_predict(fixed, seen, column, cv=KFold(FOLDS))
    error = float(np.sqrt(np.mean(missed**2)))
    weights = lasso.coef_ / scaler.scale_
    return Learnt(weights, float(lasso.intercept_ - scaler.mean_ @ weights), error, 1.0 - error**2 / float(np.var(column)))


def predicted(learnt: Sequence[Learnt], draws: np.ndarray, free: Sequence[str]) -> np.ndarray:
    """Misfits that stand-ins expect, draws x rows."""
    found: np.ndarray = features(draws, free) @ np.stack([row.weights for row in learnt], axis=1)
    found += np.array([row.level for row in learnt])
    return found
