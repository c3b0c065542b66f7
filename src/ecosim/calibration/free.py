"""The parameters that a calibration frees, each with the rows that can tell it.

A parameter is free if, among prior draws of all parameters, some row aimed at follows it clearly. The others keep
the value of their prior draw in every row of the posterior, so that what is not known of them stays in the results.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import parameters

FREE: dict[str, str] = {
    "research.elasticity": "long-run response of R&D to its user cost (T3)",
    "research.speed": "first-year against long-run response (T3)",
    "research.start_spread": "how many firms a lower user cost brings over the bar (T3)",
    "market.margin_edge": "exit of weak firms (S8)",
    "tax.claimed_share": "claims for the deduction",
    "projects.arrival": "lumps in R&D, and what else firms learn and patent from (S5, S7)",
    "projects.cost_slope": "size of those lumps in large firms: shape of R&D growth (S3)",
    "certificate.word": "certified firms of 2020: who comes by word of mouth",
    "certificate.hearing": "certified firms of 2020: who comes of its own accord",
    "certificate.relabelling": "certified firms of 2020, growth of R&D in 2020, and R&D that is only reported",
    "patents.level": "performers without a patent, and patents year after year (S5, S7)",
    "patents.rd_power": "patents on R&D within firms (K1)",
    "patents.stock_power": "patents on R&D between firms (K2), skew of patents (S5)",
    "partners.search": "contracts with universities and institutes",
    "incubator.rent": "age at exit of small firms (S8)",
}
"""Parameter -> the rows that can tell it."""


def uncertain() -> tuple[str, ...]:
    """Every parameter with a range, in order of declaration."""
    return tuple(name for name, prior in parameters.catalogue().items() if prior.low < prior.high)


def places(draws: Sequence[int] | np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Quantiles, within their priors, of some parameters in some draws of the prior sequence: draws x names."""
    position = {name: place for place, name in enumerate(parameters.catalogue())}
    roots = np.sqrt(np.array([parameters.primes(len(position))[position[name]] for name in names], np.float64))
    turns = 0.5 + np.asarray(draws, np.float64)[:, None] * roots
    found: np.ndarray = turns - np.floor(turns)
    return found
