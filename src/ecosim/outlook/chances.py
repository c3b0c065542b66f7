"""How likely something is, and how well that is known from a limited number of worlds.

Worlds that share a parameter draw are alike, so draws, not worlds, are the independent pieces: a share over all
worlds is as uncertain as the spread of the shares within draws says. The interval is Wilson's (1927) with the
effective number of worlds of Korn and Graubard (1998, Survey Methodology 24): p (1 - p) over the variance of the
mean over draws, at least the number of draws and at most that of worlds. Where all worlds or none reach the
target, the draws alone count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NORMAL_975 = 1.959963984540054


class Probability(NamedTuple):
    """A share of worlds with its 95% interval; worlds: how many there were."""

    value: float
    lo: float
    hi: float
    worlds: int


UNKNOWN = Probability(float("nan"), float("nan"), float("nan"), 0)


def probability(met: np.ndarray) -> Probability:
    """The share of worlds in which something is so. met: draws x worlds, 1 or 0, nan for worlds that failed."""
    known = np.isfinite(met)
    count = known.sum(axis=1)
    if not count.any():
        return UNKNOWN
    kept, weights = met[count > 0], count[count > 0]
    shares = np.where(np.isfinite(kept), kept, 0.0).sum(axis=1) / weights
    draws, worlds = len(shares), int(weights.sum())
    middle = float((shares * weights).sum() / worlds)
    effective = float(draws)
    if draws > 1 and 0.0 < middle < 1.0:
        parts = weights / worlds
        variance = float((parts**2 * (shares - middle) ** 2).sum()) * draws / (draws - 1)
        effective = min(float(worlds), max(float(draws), middle * (1.0 - middle) / variance)) if variance > 0.0 else float(worlds)
    return Probability(middle, *wilson(middle, effective), worlds)


def wilson(share: float, number: float) -> tuple[float, float]:
    """Wilson's 95% interval of a share seen in a number of independent trials."""
    square = NORMAL_975**2
    middle = (share + square / (2 * number)) / (1 + square / number)
    reach = NORMAL_975 / (1 + square / number) * np.sqrt(share * (1 - share) / number + square / (4 * number**2))
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))
