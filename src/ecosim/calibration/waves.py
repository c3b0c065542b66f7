"""Which prior draws to simulate next, and which of those simulated to keep.

Every point is a draw of the prior sequence. A wave rules out the draws that the stand-in for the model finds
implausible (history matching; Craig et al. 1997, Andrianakis et al. 2015) and simulates the first of the rest, so
that the runs of all waves which lie in the last region are draws from the prior cut to it, each of equal weight.
Of these the real runs nearest to the data are the posterior (approximate Bayesian computation by rejection).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .emulator import Learnt, learn, predicted
from .targets import Target, by_fact

CUT = 3.0
"""Implausibility from which a fact speaks against a draw (three standard deviations; Pukelsheim 1994)."""
REACHED = 0.02
"""A row which a smaller share of prior draws brings within the cut is out of the model's reach, and rules nothing out."""
FARTHEST = 4.0
"""A misfit beyond this many standard deviations counts as this many, so that one miss does not outweigh all facts."""
CANDIDATES = 400_000
CHUNK = 20_000
SPARE = 2.0
"""Plausible draws that must be in sight for each one wanted before a cut is taken."""


class Cut(NamedTuple):
    """One ruling: the stand-ins, and how many facts may speak against a draw before it is out."""

    learnt: list[Learnt]
    allowed: int


@dataclass
class Region:
    """What is still plausible. rows: mask of the rows in reach."""

    targets: tuple[Target, ...]
    free: tuple[str, ...]
    rows: np.ndarray
    cuts: list[Cut] = field(default_factory=list)

    def holds(self, draws: np.ndarray) -> np.ndarray:
        """Mask of the draws that no cut rules out."""
        left = np.ones(len(draws), bool)
        for cut in self.cuts:
            left[left] = self.against(cut.learnt, draws[left]) <= cut.allowed
        return left

    def against(self, learnt: list[Learnt], draws: np.ndarray) -> np.ndarray:
        """How many facts speak against each draw."""
        if not len(draws):
            return np.zeros(0, int)
        errors = np.array([row.error for row in learnt])
        squares = predicted(learnt, draws, self.free) ** 2 / (1.0 + errors**2)
        return np.asarray((by_fact(squares, self.targets, self.rows) > CUT**2).sum(axis=1))

    def narrow(self, draws: np.ndarray, misfits: np.ndarray, wanted: int) -> Cut:
        """Learn from runs and cut as sharply as leaves enough draws in sight."""
        learnt = learn(draws, misfits, self.free)
        sample = np.arange(CHUNK)
        counts = np.sort(self.against(learnt, sample[self.holds(sample)]))
        needed = int(np.ceil(SPARE * wanted * CHUNK / CANDIDATES))
        allowed = int(counts[min(needed, len(counts)) - 1]) if len(counts) else len(self.targets)
        self.cuts.append(Cut(learnt, allowed))
        return self.cuts[-1]

    def next_draws(self, after: int, wanted: int) -> tuple[list[int], int]:
        """The first draws from number `after` on that are still plausible, and where the next search begins.

        There are fewer than wanted where few are in sight.
        """
        found: list[int] = []
        for first in range(after, after + CANDIDATES, CHUNK):
            chunk = np.arange(first, first + CHUNK)
            found += chunk[self.holds(chunk)].tolist()
            if len(found) >= wanted:
                return found[:wanted], found[wanted - 1] + 1
        return found, after + CANDIDATES


def in_reach(misfits: np.ndarray) -> np.ndarray:
    """Mask of the rows that enough prior draws bring within the cut. misfits: runs x rows."""
    reached: np.ndarray = (np.abs(misfits) < CUT).mean(axis=0) >= REACHED
    return reached


def distances(misfits: np.ndarray, targets: tuple[Target, ...], rows: np.ndarray) -> np.ndarray:
    """Distance of each run from the data: mean over facts of the squared misfit; about 1 for a perfect model."""
    squares = np.minimum(np.abs(misfits), FARTHEST) ** 2
    facts = by_fact(squares, targets, rows)
    return facts.mean(axis=1) if facts.shape[1] else np.zeros(len(misfits))


def kept(away: np.ndarray, wanted: int) -> np.ndarray:
    """Indices of the runs to keep, in their order: the nearest, or the first of those no farther than a perfect model's."""
    perfect = np.flatnonzero(away <= 1.0)
    if len(perfect) >= wanted:
        return perfect[:wanted]
    nearest = np.argsort(away, kind="stable")[:wanted]
    return np.sort(nearest)
