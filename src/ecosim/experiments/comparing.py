"""A sweep compared: differences with their certainty, levels with what they vary by, and prices where the public cost was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .cost_effectiveness import cost_columns, cost_effectiveness
from .results import SweepResults, open_results
from .statistics import Correction, differences, levels


@dataclass(frozen=True)
class SweepComparison:
    """What a sweep says about its settings. differences, levels, prices and curves: see the functions of the same names in
    `statistics` and `cost_effectiveness`; empty where there is nothing to compare, or no cost was kept.
    """

    results: SweepResults
    correction: Correction
    differences: pd.DataFrame
    levels: pd.DataFrame = field(repr=False)
    prices: pd.DataFrame
    curves: pd.DataFrame = field(repr=False)


def compare_sweep(
    results: SweepResults | str | Path, outcomes: Sequence[str] = (), against: str | int | None = None, correction: Correction = "holm"
) -> SweepComparison:
    """Compare the settings of a sweep pair by pair: scenarios at equal factors, or points with the first one.

    outcomes: OUTCOME@PERIOD, all that were kept if none is named; against: a scenario or the number of a point; correction: for
    the number of outcomes and settings. Raises SpecError if nothing is finished, or for a name that is not there.
    """
    found = open_results(results) if isinstance(results, str | Path) else results
    frame = found.frame()
    gaps = differences(frame, outcomes, against, correction)
    nothing = pd.DataFrame()
    prices, curves = cost_effectiveness(frame, outcomes, against) if len(gaps) and cost_columns(frame) else (nothing, nothing)
    return SweepComparison(found, correction, gaps, levels(frame, outcomes), prices, curves)
