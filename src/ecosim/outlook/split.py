"""Where the width of a forecast comes from: parameters, the chance of the world, and the path of GDP.

The design: every parameter draw has seeds and GDP paths of its own, and within the draw every seed meets every
path, so seeds and paths are crossed with each other and both are nested in draws. The split is the random-effects
analysis of variance of that design (Searle, Casella and McCulloch 1992, Variance Components, ch. 4): mean squares
are set equal to their expectations, and a component that comes out below zero is zero. It estimates
var E(y | draw) for parameters, the mean over draws of var E(y | draw, seed) for chance and of var E(y | draw, path)
for GDP, and what is left for seed and path together; how chance and GDP matter more in some draws than in others
is thus counted with them. Nesting is what makes few runs tell much: draws x seeds seeds are tried, not seeds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NAN = float("nan")


class Split(NamedTuple):
    """Shares of the variance, which add up to one; nan where they cannot be told apart or nothing varies.

    draws: those that entered, in which no world failed.
    """

    parameters: float
    chance: float
    gdp: float
    interaction: float
    variance: float
    draws: int


NOTHING = Split(NAN, NAN, NAN, NAN, NAN, 0)


def split(values: np.ndarray) -> Split:
    """Split the variance of draws x seeds x paths. Draws with a missing value are left out whole."""
    complete = values[np.isfinite(values).all(axis=(1, 2))]
    draws, seeds, paths = complete.shape
    if draws < 2 or seeds < 2 or paths < 2:
        return Split(NAN, NAN, NAN, NAN, NAN, draws)
    mean = complete.mean(axis=(1, 2))
    by_seed, by_path = complete.mean(axis=2), complete.mean(axis=1)
    rest = complete - by_seed[:, :, None] - by_path[:, None, :] + mean[:, None, None]
    square_rest = float((rest**2).sum()) / (draws * (seeds - 1) * (paths - 1))
    square_seed = paths * float(by_seed.var(axis=1, ddof=1).mean())
    square_path = seeds * float(by_path.var(axis=1, ddof=1).mean())
    square_draw = seeds * paths * float(mean.var(ddof=1))
    parts = np.maximum(
        0.0,
        (
            (square_draw - square_seed - square_path + square_rest) / (seeds * paths),
            (square_seed - square_rest) / paths,
            (square_path - square_rest) / seeds,
            square_rest,
        ),
    )
    total = float(parts.sum())
    shares = parts / total if total > 1e-18 * float(mean.mean()) ** 2 else np.full(4, np.nan)
    parameters, chance, gdp, interaction = (float(share) for share in shares)
    return Split(parameters, chance, gdp, interaction, total, draws)
