"""Public money for one more: cost over effect, pair by pair, with the doubt of both.

The interval of the ratio is Fieller's (1954, Journal of the Royal Statistical Society B 16), which lets cost and effect move together; it
is bounded exactly where the effect's interval excludes zero, and a price is given only there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit
from scipy.stats import bootstrap

from ..effect import INCLUDES_ZERO, NO_COST, OPPOSITE
from ..errors import Fault, SpecError
from ..paired import CONFIDENCE, excludes_zero, mean_of
from ..wording import Words
from .frames import about, checked, cube, outcomes_of, parted, references
from .kept import TOTAL
from .statistics import RESAMPLES, by_unit

COSTS = ("public_outlay", "tax_forgone")
PRICES = 25
"""Points of an acceptability curve."""


class Price(NamedTuple):
    """Cost of one more: the ratio of means with its interval; nan where it is not bounded."""

    per_unit: float
    lo: float
    hi: float


def cost_columns(frame: pd.DataFrame) -> list[str]:
    """The columns that add up to the public cost of the whole period; none if the sweep kept none."""
    found = []
    for key in COSTS:
        mine = [name for name in outcomes_of(frame) if parted(name)[0] == key]
        whole = [name for name in mine if parted(name)[1] == TOTAL]
        found += whole or [name for name in mine if parted(name)[1].isdigit()]
    return found


def fieller(cost: np.ndarray, effect: np.ndarray) -> Price:
    """The ratio of two paired means with its 95% interval."""
    units = cost.size
    joint = np.cov(np.stack([cost, effect])) / units
    reach = stdtrit(units - 1, 0.5 + CONFIDENCE / 2) ** 2
    square = effect.mean() ** 2 - reach * joint[1, 1]
    middle = cost.mean() * effect.mean() - reach * joint[0, 1]
    rest = cost.mean() ** 2 - reach * joint[0, 0]
    ratio = float(cost.mean() / effect.mean())
    if square <= 0.0:
        return Price(ratio, float("nan"), float("nan"))
    root = np.sqrt(max(0.0, middle**2 - square * rest))
    return Price(ratio, float((middle - root) / square), float((middle + root) / square))


def cost_effectiveness(
    frame: pd.DataFrame, outcomes: Sequence[str] = (), against: str | int | None = None, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What one more costs at every point, and how likely it is worth its price.

    First table, a row for each point and outcome: cost (additional, yuan), effect, per_unit with per_lo, per_hi (95%, Fieller), boot_lo,
    boot_hi (95%, percentiles of draws resampled together), note (why there is no price). Second, for each price that there is: point,
    outcome, period, willingness (yuan for one more) and acceptable, the share of resamples in which the effect is worth more than its
    cost.
    """
    costs = cost_columns(frame)
    if not costs:
        asked = ", ".join(f"{key}@{TOTAL}" for key in COSTS)
        message = Words("the sweep kept no public cost", "扫描没有保留公共成本")
        raise SpecError([Fault("outcomes", message, Words(f"Add {asked} to its outcomes", f"请在 outcomes 中加入 {asked}"))])
    wanted = list(outcomes) or [name for name in outcomes_of(frame) if name not in costs]
    columns = checked(frame, wanted)
    runs = cube(frame, [*columns, *costs])
    rows: list[dict[str, Any]] = []
    curves: list[dict[str, Any]] = []
    for place, base in references(runs.settings, against).items():
        if place != base:
            gaps = mean_of(by_unit(runs.values[place] - runs.values[base])[0], 1)
            gaps = gaps[np.isfinite(gaps).all(axis=1)]
            spent = gaps[:, len(columns) :].sum(axis=1)
            for at, column in enumerate(columns):
                named = dict(zip(("outcome", "period"), parted(column), strict=True))
                row, curve = priced(spent, gaps[:, at], seed)
                rows.append(about(runs.settings, place) | named | row)
                curves += [about(runs.settings, place) | named | each for each in curve]
    return pd.DataFrame(rows), pd.DataFrame(curves)


def priced(cost: np.ndarray, effect: np.ndarray, seed: int) -> tuple[dict[str, Any], list[dict[str, float]]]:
    """The price of one outcome at one point, and its acceptability curve; cost, effect: one figure for each unit."""
    note = _refusal(cost, effect)
    figures = {"cost": float(cost.mean()), "effect": float(effect.mean())} if cost.size else {"cost": np.nan, "effect": np.nan}
    if note:
        return figures | dict.fromkeys(("per_unit", "per_lo", "per_hi", "boot_lo", "boot_hi"), np.nan) | {"note": note}, []
    price = fieller(cost, effect)
    both = np.stack([cost, effect])
    drawn = bootstrap((both,), np.mean, axis=-1, n_resamples=RESAMPLES, method="percentile", rng=seed)  # units drawn with cost and effect
    costs, effects = drawn.bootstrap_distribution
    ratios = costs[effects != 0.0] / effects[effects != 0.0]
    ends = np.quantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    curve = [
        {"willingness": float(worth), "acceptable": float((worth * effects > costs).mean())}
        for worth in np.linspace(0.0, 2.0 * max(price.hi, price.per_unit), PRICES)
    ]
    found = {"per_unit": price.per_unit, "per_lo": price.lo, "per_hi": price.hi, "boot_lo": float(ends[0]), "boot_hi": float(ends[1])}
    return figures | found | {"note": ""}, curve


def _refusal(cost: np.ndarray, effect: np.ndarray) -> str:
    """Why there is no price, or ""."""
    if cost.size < 2 or not excludes_zero(*_interval(effect)):
        return INCLUDES_ZERO
    if not excludes_zero(*_interval(cost)):
        return NO_COST
    return OPPOSITE if cost.mean() * effect.mean() < 0.0 else ""


def _interval(values: np.ndarray) -> tuple[float, float]:
    reach = stdtrit(values.size - 1, 0.5 + CONFIDENCE / 2) * values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean() - reach), float(values.mean() + reach)
