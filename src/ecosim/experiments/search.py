"""A search over shares of a whole, and which of the shares tried are as good as the best.

The search is NSGA-II (Deb et al. 2002) by optuna. Shares are found through independent uniforms u: share i is log u_i over the sum of the
logs, which spreads them evenly over the simplex (Devroye 1986, ch. XI.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..paired import excludes_zero, interval, mean_of
from .statistics import by_unit

Evaluate = Callable[[np.ndarray], np.ndarray]
"""Candidates x shares -> candidates x draws x seeds x objectives; nan where a run failed."""

LEAST_U = 1e-9


class Size(NamedTuple):
    """How long is looked: candidates, candidates in a generation, and the number of the search's chance."""

    trials: int
    population: int
    seed: int


def shares_of(uniforms: np.ndarray) -> np.ndarray:
    """Uniforms (last axis) as shares that add up to one."""
    logs = -np.log(np.clip(uniforms, LEAST_U, 1.0 - LEAST_U))
    found: np.ndarray = logs / logs.sum(axis=-1, keepdims=True)
    return found


def search(evaluate: Evaluate, parts: int, objectives: int, size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Shares tried, candidates x parts, and their values. A candidate all of whose runs failed is left out of breeding."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        sampler = optuna.samplers.NSGAIISampler(population_size=size.population, seed=size.seed)
        study = optuna.create_study(directions=["maximize"] * objectives, sampler=sampler)
    finally:
        optuna.logging.set_verbosity(before)
    names = [f"u{number}" for number in range(parts)]
    space: dict[str, Any] = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in names}
    tried: list[np.ndarray] = []
    found: list[np.ndarray] = []
    while (done := sum(map(len, tried))) < size.trials:
        trials = [study.ask(space) for _ in range(min(size.population, size.trials - done))]
        shares = shares_of(np.array([[trial.params[name] for name in names] for trial in trials]))
        values = evaluate(shares)
        for trial, middle in zip(trials, middles(values), strict=True):
            if np.isfinite(middle).all():
                study.tell(trial, middle.tolist())
            else:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
        tried.append(shares)
        found.append(values)
    return np.concatenate(tried), np.concatenate(found)


def middles(values: np.ndarray) -> np.ndarray:
    """Candidates x objectives: means over draws of the means over seeds."""
    return mean_of(mean_of(values, 2), 1)


def front(values: np.ndarray) -> np.ndarray:
    """Which candidates no other equals or betters in every objective, and betters in one; by means."""
    middle = middles(values)
    better = (middle[None] >= middle[:, None]).all(axis=2) & (middle[None] > middle[:, None]).any(axis=2)
    found: np.ndarray = ~np.any(better, axis=1) & np.isfinite(middle).all(axis=1)
    return found


def near_optimal(values: np.ndarray) -> np.ndarray:
    """Which candidates no other surely betters: at least as good in every objective by means, and better in one by a paired 95% interval
    that excludes zero. This is the set among which the runs do not decide; it holds the front.
    """
    middle = middles(values)
    found: np.ndarray = np.isfinite(middle).all(axis=1)
    for one in np.flatnonzero(found):
        for other in np.flatnonzero((middle >= middle[one]).all(axis=1) & (middle > middle[one]).any(axis=1)):
            _, lo, hi = interval(by_unit(values[other] - values[one])[0])
            if any(excludes_zero(float(low), float(high)) and low > 0.0 for low, high in zip(lo, hi, strict=True)):
                found[one] = False
                break
    return found
