"""A lower tax rate for firms that report enough research (Chen, Liu, Suarez Serrato & Xu 2021): bunching at the notch.

The study: tax records of manufacturing firms 2008-11, with 2006-07 before. Where 6, 4 or 3% of sales (by size) earn a lower
tax rate, reported research piles up and is missing just below, and did not pile up there before.

Here: the worlds of `inputs.innocom_relabelling`. Bunching by size class against a smooth distribution fitted outside half to one and a
half times the notch; excess and shortfall are means over the classes. Difference: one city of about 5,000 manufacturers.
Truth: excess and shortfall against the same firms in the twin without certificate. Control: the same estimators in the twin; for the
years before, those after.
"""

from __future__ import annotations

import numpy as np

from ..bunching import Bunching
from ..estimators import Estimate
from ..inputs.innocom_relabelling import AFTER, BEFORE, DISTURBED, NOTCHES, SOURCE, Records, at_notches, lived, size_class
from ..lab import Lab
from ..study import INFINITY, NAN, Reading, Row

__all__ = ["ROWS", "SOURCE", "experiment"]

ROWS = (
    Row("T5.excess", "Firms piling up just above the notch", "门槛之上的聚集", "sign", NAN, 0.0, INFINITY, "share of smooth number"),
    Row("T5.missing", "Firms missing just below the notch", "门槛之下的缺失", "sign", NAN, 0.0, INFINITY, "share of smooth number"),
    Row(
        "T5.before",
        "Firms piling up at the notch before it existed",
        "制度出台前的聚集",
        "null",
        0.0,
        -0.3,
        0.3,
        "share of smooth number",
        "no bunching before 2008 at the new notches; equivalence band proposed here",
        NAN,
        "the years with the notch",
    ),
)


def over_classes(found: dict[str, Bunching], part: str) -> Estimate:
    """Mean over size classes of one measure."""
    parts = [getattr(of_class, part) for of_class in found.values()]
    return Estimate(float(np.mean([one.value for one in parts])), float(np.sqrt(np.sum([one.error**2 for one in parts])) / len(parts)))


def shares_within(records: Records, name: str, years: slice) -> tuple[float, float]:
    """Firm-years of a class from the notch to the upper end of the disturbed range, and from its lower end to the notch."""
    ratio = records.ratio[:, years][size_class(records, name, years)] / NOTCHES[name]
    return float(((ratio >= 1.0) & (ratio < DISTURBED[1])).sum()), float(((ratio >= DISTURBED[0]) & (ratio < 1.0)).sum())


def experiment(lab: Lab) -> dict[str, Reading]:
    """Every row, from a world with the notch and its twin without."""
    world, twin = lived(lab, True), lived(lab, False)
    after, before = AFTER, slice(BEFORE - 2, BEFORE)
    found, none, earlier = at_notches(world, after), at_notches(twin, after), at_notches(world, before)
    above = [shares_within(world, name, after)[0] / shares_within(twin, name, after)[0] - 1.0 for name in NOTCHES]
    below = [1.0 - shares_within(world, name, after)[1] / shares_within(twin, name, after)[1] for name in NOTCHES]
    return {
        "T5.excess": Reading(*over_classes(found, "excess"), float(np.mean(above)), *over_classes(none, "excess")),
        "T5.missing": Reading(*over_classes(found, "missing"), float(np.mean(below)), *over_classes(none, "missing")),
        "T5.before": Reading(*over_classes(earlier, "excess"), 0.0, *over_classes(found, "excess")),
    }
