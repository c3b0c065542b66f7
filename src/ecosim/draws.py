"""Arrays of draws and of arithmetic, for starting populations: the same functions as in the rules, over many agents at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import drawn_normal_quantile, exp, log, normal_quantile
from .chance import LARGEST_SUMMED_MEAN, Stream, poisson, uniform
from .columns import rows_where
from .kernel import kernel

FIRST_TERMS = 4
"""Up to this count most Poisson draws are decided."""


@kernel
def drawn_uniforms(seed, stream, who, when):
    """One uniform draw for each identity."""
    out = np.empty(who.size)
    for f in range(who.size):
        out[f] = uniform(seed, stream, who[f], when)
    return out


@kernel
def fill_uniforms(seed, stream, who, out):
    """Uniform draws of several moments (moments x identities): row `when` of `out` gets one draw for each identity."""
    for when in range(out.shape[0]):
        for f in range(who.size):
            out[when, f] = uniform(seed, stream, who[f], when)


@kernel
def normals_of(chances):
    """The standard normal draw that each uniform draw stands for."""
    out = np.empty(chances.size)
    for f in range(chances.size):
        out[f] = drawn_normal_quantile(chances[f])
    return out


@kernel
def drawn_normals(seed, stream, who, when):
    """One standard normal draw for each identity."""
    return normals_of(drawn_uniforms(seed, stream, who, when))


@kernel
def poissons(means, chances):
    """`chance.poisson` for each mean and chance. The first terms are summed for all side by side, the others where it takes more."""
    out, takes_more = np.empty(means.size), np.empty(means.size, np.int8)
    for f in range(means.size):
        mean = max(means[f], 0.0)
        reached = probability = exp(-mean)
        count = 0.0
        for term in range(1, FIRST_TERMS + 1):
            count += 1.0 if chances[f] > reached else 0.0
            probability *= mean / term
            reached += probability
        out[f] = count
        takes_more[f] = 1 if (chances[f] > reached) | (mean > LARGEST_SUMMED_MEAN) else 0
    for f in rows_where(takes_more):
        out[f] = poisson(means[f], chances[f])
    return out


@kernel
def _exps(values, out):
    for i in range(values.size):
        out[i] = exp(values[i])


@kernel
def _logs(values, out):
    for i in range(values.size):
        out[i] = log(values[i])


@kernel
def _quantiles(chances, out):
    for i in range(chances.size):
        out[i] = normal_quantile(chances[i])


def uniforms(seed: int, stream: Stream, ids: Any, when: int = 0) -> np.ndarray:
    """One uniform draw for each identity."""
    found: np.ndarray = drawn_uniforms(seed, int(stream), np.asarray(ids, np.int64), when)
    return found


def normals(seed: int, stream: Stream, ids: Any, when: int = 0) -> np.ndarray:
    """One standard normal draw for each identity."""
    return quantiles(uniforms(seed, stream, ids, when))


def exps(values: Any) -> np.ndarray:
    """e to each value, the same bits on every machine."""
    values = np.asarray(values, np.float64)
    out = np.empty(values.shape)
    _exps(values.ravel(), out.ravel())
    return out


def logs(values: Any) -> np.ndarray:
    """Natural logarithm of each value, the same bits on every machine."""
    values = np.asarray(values, np.float64)
    out = np.empty(values.shape)
    _logs(values.ravel(), out.ravel())
    return out


def quantiles(chances: Any) -> np.ndarray:
    """Standard normal quantile of each chance."""
    chances = np.asarray(chances, np.float64)
    out = np.empty(chances.shape)
    _quantiles(chances.ravel(), out.ravel())
    return out


@kernel
def share_below(value: float) -> float:
    """Standard normal share below `value`, by halving the interval until the quantile function agrees."""
    lower, upper = 1e-12, 1.0 - 1e-12
    for _ in range(60):
        middle = 0.5 * (lower + upper)
        if normal_quantile(middle) < value:
            lower = middle
        else:
            upper = middle
    return 0.5 * (lower + upper)


def stable_order(values: np.ndarray) -> np.ndarray:
    """Places in rising order of their values, equal ones as they come: a stable sort, quicker where no two are equal."""
    order = np.argsort(values)
    ranked = values[order]
    return order if (ranked[1:] > ranked[:-1]).all() else np.argsort(values, kind="stable")


def rising(values: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Places in rising order of their values; equal ones, of which there is hardly ever a pair, in the order of their identities."""
    order = np.argsort(values)
    ranked = values[order]
    return order if (ranked[1:] > ranked[:-1]).all() else np.lexsort((ids, values))


def stratified(chances: np.ndarray) -> np.ndarray:
    """The same order of agents, but one in each of n equal intervals: a sample without sampling error in its margins."""
    places = np.empty(len(chances))
    places[stable_order(chances)] = np.arange(len(chances))
    return np.asarray((places + 0.5) / len(chances))


def quota(shares: Any, chances: np.ndarray) -> np.ndarray:
    """Index of a category for each agent, in exact proportion to `shares` (largest remainders), in the order of `chances`."""
    shares = np.asarray(shares, np.float64)
    wanted = shares / shares.sum() * len(chances)
    counts = np.floor(wanted).astype(np.int64)
    short = len(chances) - int(counts.sum())
    counts[np.argsort(counts - wanted, kind="stable")[:short]] += 1
    found = np.empty(len(chances), np.int64)
    found[stable_order(chances)] = np.repeat(np.arange(len(shares)), counts)
    return found


def by_share(shares: np.ndarray, kinds: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Index of a category for each agent by the shares of its kind (kinds x categories, rows sum to one)."""
    found: np.ndarray = _reached(np.cumsum(shares, axis=1), kinds, chances)
    return found


@kernel
def _reached(ladders, kinds, chances):
    """How many steps of its kind's cumulative ladder each chance has passed."""
    found = np.empty(chances.size, np.int64)
    for f in range(chances.size):
        ladder, passed = ladders[kinds[f]], 0
        for step in range(ladder.size - 1):
            passed += 1 if ladder[step] < chances[f] * ladder[-1] else 0
        found[f] = passed
    return found
