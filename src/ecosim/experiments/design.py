"""The points of a design: which values the factors take together.

Samples are drawn in the unit cube, one dimension for each factor in the order of the plan, and mapped to values: a
range by its scale, a list by equal shares of the unit interval.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from .plan import Plan, Range

Row = dict[str, Any]
"""Path of a factor -> its value at one point."""

MORRIS_LEVELS = 4
DIGITS = 12
"""Significant digits of a value between the ends of a range: what is run is what tables show."""
SAMPLED = ("latin_hypercube", "sobol", "saltelli", "morris")
POWERS_OF_TWO = ("sobol", "saltelli")
IN_BLOCKS = ("sobol", "saltelli", "morris")
"""Designs whose points belong together in their order."""


def size(plan: Plan) -> int:
    """How many points the design has, worked out without making them."""
    design, factors = plan.design, plan.factors
    if design.kind == "table":
        return len(design.rows)
    if design.kind == "grid":
        return math.prod(design.points if isinstance(levels, Range) else len(levels) for levels in factors.values())
    if design.kind == "list":
        return max((len(levels) for levels in factors.values()), default=1)
    if design.kind == "saltelli":
        return design.points * (len(factors) * (2 if design.second_order else 1) + 2)
    return design.points * (len(factors) + 1) if design.kind == "morris" else design.points


def rows(plan: Plan) -> list[Row]:
    """Every point of the design, in order; those of saltelli and morris in the order SALib expects."""
    kind, factors = plan.design.kind, plan.factors
    if kind == "table":
        return [{path: value for path, value in row.items() if path != "scenario"} for row in plan.design.rows]
    if kind == "grid":
        levels = [_levels(values, plan.design.points) for values in factors.values()]
        return [dict(zip(factors, combination, strict=True)) for combination in itertools.product(*levels)]
    if kind == "list":
        return [dict(zip(factors, combination, strict=True)) for combination in zip(*factors.values(), strict=True)] or [{}]
    return [{path: value(factors[path], at) for path, at in zip(factors, point, strict=True)} for point in sample(plan).tolist()]


def problem(plan: Plan) -> dict[str, Any]:
    """The factors as SALib calls them: names, and bounds of the unit cube that `sample` lies in."""
    return {"num_vars": len(plan.factors), "names": list(plan.factors), "bounds": [[0.0, 1.0]] * len(plan.factors)}


def sample(plan: Plan) -> np.ndarray:
    """Points x factors in the unit cube, for a design that is sampled."""
    design, dimensions = plan.design, len(plan.factors)
    if design.kind in ("latin_hypercube", "sobol"):
        from scipy.stats import qmc

        engine = (qmc.LatinHypercube if design.kind == "latin_hypercube" else qmc.Sobol)(dimensions, rng=design.seed)
        found: np.ndarray = engine.random(design.points)
        return found
    if design.kind == "saltelli":
        from SALib.sample import sobol

        return np.asarray(sobol.sample(problem(plan), design.points, calc_second_order=design.second_order, seed=design.seed))
    from SALib.sample import morris

    return np.asarray(morris.sample(problem(plan), design.points, num_levels=MORRIS_LEVELS, seed=design.seed))


def value(factor: Range | tuple[Any, ...], at: float) -> Any:
    """The value of a factor at a place in the unit interval."""
    if not isinstance(factor, Range):
        return factor[min(int(at * len(factor)), len(factor) - 1)]
    if factor.whole:
        return min(int(factor.low) + int(at * (int(factor.high) - int(factor.low) + 1)), int(factor.high))
    if factor.scale == "log":
        found = math.exp(math.log(factor.low) + at * (math.log(factor.high) - math.log(factor.low)))
    else:
        found = factor.low + at * (factor.high - factor.low)
    return min(max(float(f"{found:.{DIGITS}g}"), factor.low), factor.high)


def _levels(factor: Range | tuple[Any, ...], count: int) -> list[Any]:
    """The levels of a factor in a grid: its values, or so many from end to end of its range."""
    if not isinstance(factor, Range):
        return list(factor)
    found = [value(factor, place / max(count - 1, 1)) for place in range(count)]
    return list(dict.fromkeys(found))
