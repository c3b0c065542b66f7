"""How many runs it takes: from the paired variance of a pilot to draws, seeds and runs.

An effect's mean over D draws of S seeds has variance (v_draws + v_seeds / S) / D, where the two are the variances of the paired
difference between draws and between seeds of one draw. Without pairs the variances of both worlds add up instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import Fault, SpecError
from ..paired import mean_of
from ..wording import Words
from .frames import about, checked, cube, parted, references
from .statistics import half_width_of, spread

POWER, SIGNIFICANCE = 0.8, 0.05
SEEDS = (1, 2, 4, 8)
MOST_DRAWS = 10_000_000
PER_CENT = 0.01
"""Share of the baseline that should be found where nobody says what should."""


class Wanted(NamedTuple):
    """What the runs should tell. detect: a difference to be found with a chance of 80% by a test at 5%, as a share of the baseline if
    `relative`, else in the unit of the outcome; half_width: of the 95% interval, 0 if it is not what is wanted.
    """

    detect: float = PER_CENT
    relative: bool = True
    half_width: float = 0.0


A_PER_CENT = Wanted()


def power(frame: pd.DataFrame, outcomes: Sequence[str] = (), wanted: Wanted = A_PER_CENT, against: str | int | None = None) -> pd.DataFrame:
    """One row for each point, outcome and number of seeds in a draw: how many draws and runs it takes, with pairs and without.

    Columns: point, scenario, the factors, outcome, period, difference (of the pilot), detect or half_width (in the unit of the outcome),
    seeds, sd (of the difference of one draw), draws, runs (of both worlds together), unpaired_runs, saved (how many times fewer).
    Raises SpecError if the pilot has fewer than two draws and seeds, or one point alone.
    """
    columns = checked(frame, outcomes)
    runs = cube(frame, columns)
    rows = []
    for place, base in references(runs.settings, against).items():
        if place != base:
            for at, column in enumerate(columns):
                first, second = (runs.values[number][..., at] for number in (base, place))
                named = dict(zip(("outcome", "period"), parted(column), strict=True))
                rows += [about(runs.settings, place) | named | row for row in _rows(first, second, wanted)]
    if not rows:
        message = Words("the sweep has one point alone, with nothing to compare it with", "只有一个点，没有可比较的对象")
        raise SpecError([Fault("points", message, Words("Add a scenario or a factor", "请增加情景或因素"))])
    return pd.DataFrame(rows)


def _rows(first: np.ndarray, second: np.ndarray, wanted: Wanted) -> list[dict[str, float]]:
    """For each number of seeds; first, second: draws x seeds."""
    gap = second - first
    paired, apart = spread(gap), [spread(values) for values in (first, second)]
    if not all(np.isfinite(paired)):
        draws, seeds = gap.shape
        message = Words(f"the pilot has {draws} draws and {seeds} seeds", f"试算只有 {draws} 组参数、{seeds} 个种子")
        remedy = Words("It takes two of each at least to tell them apart", "要区分两者的影响，至少各需 2 个")
        raise SpecError([Fault("pilot", message, remedy)])
    base = float(mean_of(mean_of(first, 1), 0))
    target = wanted.half_width or (wanted.detect * abs(base) if wanted.relative else wanted.detect)
    found = []
    for seeds in SEEDS:
        sd = float(np.sqrt(paired.parameters + paired.chance / seeds))
        alone = float(np.sqrt(sum(part.parameters + part.chance / seeds for part in apart)))
        draws, unpaired = (draws_needed(each, target, narrow=wanted.half_width > 0.0) for each in (sd, alone))
        sizes = {"seeds": seeds, "sd": sd, "draws": draws, "runs": 2 * draws * seeds, "unpaired_runs": 2 * unpaired * seeds}
        found.append({"difference": float(mean_of(mean_of(gap, 1), 0)), ("half_width" if wanted.half_width else "detect"): target}
                     | sizes | {"saved": unpaired / draws if draws else np.nan})  # fmt: skip
    return found


def draws_needed(sd: float, target: float, narrow: bool) -> float:
    """Fewest draws with an interval of half-width `target` (narrow), or with a chance of 80% to find a difference of `target`.

    Two at least; nan where ten million are not enough.
    """
    if sd == 0.0:
        return 2.0
    if target <= 0.0:
        return float("nan")
    return _fewest((lambda units: half_width_of(sd, units) <= target) if narrow else _finds(target / sd))


def _finds(effect: float) -> Callable[[int], bool]:
    """Whether so many units find an effect, in standard deviations, by a two-sided paired t test."""
    from statsmodels.stats.power import TTestPower

    test = TTestPower()
    limit = 40.0
    """Beyond this many standard errors the power is one, and the noncentral t cannot be computed."""

    def found(units: int) -> bool:
        if effect * np.sqrt(units) > limit and units > 3:
            return True
        return bool(test.power(effect, units, SIGNIFICANCE) >= POWER)

    return found


def _fewest(suffices: Callable[[int], bool]) -> float:
    """The least number from 2 on that suffices, if more always do."""
    high = 2
    while not suffices(high):
        high *= 2
        if high > MOST_DRAWS:
            return float("nan")
    low = high // 2
    while high - low > 1 and high > 2:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return float(high)
