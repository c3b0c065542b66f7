"""One world, lived from the first quarter to the last. `simulate` is the lean core; `run` wraps it in
tables with their origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import outcomes, sources
from .errors import Fault, SpecError
from .kernel import cache_is_warm
from .lives import Life
from .manifest import manifest_of
from .quantity import quarter_label
from .scenario import Scenario, load
from .sources import LARGEST_DRAW, Source
from .survey import BREAKDOWNS
from .wording import Words, suggestion
from .workers import Progress

if TYPE_CHECKING:
    import pandas as pd

COMPILING = "compiling the model for this machine (about a minute, once)"
LARGEST_SEED = 2**63 - 1
WARMING_QUARTERS = 4

COSTS = ("outlay", "forgone")
"""Kinds of public cost, as the ledger names them."""


class Trace(NamedTuple):
    """What one world left behind.

    values: quarters x outcomes, in the order of `outcomes.KEYS`; costs: (kind, policy, payer) -> yuan by
    quarter; groups: (breakdown, group) -> quarters x measures of the survey.
    """

    values: np.ndarray
    costs: dict[tuple[str, str, str], np.ndarray]
    groups: dict[tuple[str, str], np.ndarray]


class Traced(Life):
    """A world of which every quarter is read. by: breakdowns of the firm-level outcomes."""

    def __init__(
        self, scenario: Scenario, seed: int, draw: int | None, source: Source, path: int | None = None, by: Sequence[str] = ()
    ) -> None:
        """Begin before the first quarter."""
        super().__init__(scenario, seed, draw, source, path)
        self.by = tuple(by)
        self.trace = Trace(np.empty((len(scenario.quarters), len(outcomes.KEYS))), {}, {})

    def note(self, price: float) -> None:
        """Read everything."""
        region, place, quarters = self.region, self.lived, len(self.trace.values)
        self.trace.values[place] = outcomes.read_quarter(region, price)
        for kind in COSTS:
            for (policy, payer), amount in getattr(region.ledger, kind).items():
                self.trace.costs.setdefault((kind, policy, payer), np.zeros(quarters))[place] += amount
        for group, sums in (outcomes.read_groups(region, price, self.by) if self.by else {}).items():
            self.trace.groups.setdefault(group, np.zeros((quarters, len(sums))))[place] = sums

    def end(self) -> Trace:
        """Live to the end."""
        self.live(len(self.scenario.quarters))
        return self.trace


def simulate(
    scenario: Scenario,
    seed: int,
    draw: int | None,
    by: Sequence[str] = (),
    source: Source = "posterior",
    path: int | None = None,
) -> Trace:
    """Live a scenario and read every quarter. The same arguments give the same bytes, on every machine.

    path: number of the path of nominal GDP, a source of chance of its own; None for the seed's. Raises
    LedgerError where money does not close.
    """
    return Traced(scenario, seed, draw, source, path, by).end()


def warm(told: Sequence[Scenario]) -> None:
    """Compile every kernel the scenarios need, once, before workers start: a year of each."""
    for scenario in told:
        simulate(scenario.vary("end", quarter_label(scenario.start + WARMING_QUARTERS - 1)), 1, None, source="prior")


@dataclass(frozen=True)
class Outcomes:
    """The results of one run, with their origin. `table` is tidy, `wide` is one row a year."""

    scenario: Scenario
    seed: int
    draw: int | None
    trace: Trace = field(repr=False)
    manifest: dict[str, Any] = field(repr=False)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for every period ("2020Q1", "2020"), outcome and group.

        Columns: scenario, seed, draw (-1: the point of the source), period, outcome, by ("" for the whole city,
        "sector=textiles", "innovation_voucher/city"), value in the unit of `outcomes.BY_KEY[outcome].unit`.
        """
        import pandas as pd

        parts = [self._frame(self.trace.values, "", outcomes.KEYS)]
        for (breakdown, group), sums in self.trace.groups.items():
            parts.append(self._frame(_grouped(sums), f"{breakdown}={group}", _GROUPED))
        for (kind, policy, payer), amounts in sorted(self.trace.costs.items()):
            alone = np.full((len(amounts), len(outcomes.KEYS)), np.nan)
            key = COST_OUTCOMES[kind]
            alone[:, outcomes.KEYS.index(key)] = amounts
            parts.append(self._frame(alone, f"{policy}/{payer}", (key,)))
        table = pd.concat(parts, ignore_index=True)
        for place, (name, value) in enumerate(
            (
                ("scenario", self.scenario.name),
                ("seed", self.seed),
                ("draw", -1 if self.draw is None else self.draw),
            )
        ):
            table.insert(place, name, value)
        return table

    def wide(self) -> pd.DataFrame:
        """One row for each complete year, one column for each outcome; flows are added up, stocks stand at
        the end.
        """
        import pandas as pd

        years = outcomes.years_in(self.scenario.quarters)
        found = outcomes.yearly(self.trace.values, self.scenario.quarters)
        return pd.DataFrame(found, index=pd.Index(years, name="year"), columns=list(outcomes.KEYS))

    def _frame(self, values: np.ndarray, by: str, keys: Sequence[str]) -> pd.DataFrame:
        """Tidy rows of some outcomes, quarters first, then complete years."""
        import pandas as pd

        lived = self.scenario.quarters
        columns = [outcomes.KEYS.index(key) for key in keys]
        stacked = np.concatenate([values, outcomes.yearly(values, lived)])[:, columns]
        periods = [quarter_label(quarter) for quarter in lived] + [str(year) for year in outcomes.years_in(lived)]
        return pd.DataFrame(
            {
                "period": np.repeat(periods, len(keys)), "outcome": np.tile(keys, len(periods)), "by": by,
                "value": stacked.ravel(),
            }
        )  # fmt: skip


COST_OUTCOMES = {"outlay": "public_outlay", "forgone": "tax_forgone"}
_GROUPED = tuple(outcome.key for outcome in outcomes.CATALOGUE if outcome.measure >= 0)


def _grouped(sums: np.ndarray) -> np.ndarray:
    """Sums by measure as an array of outcomes; nan where an outcome is not a sum over firms."""
    values = np.full((len(sums), len(outcomes.KEYS)), np.nan)
    for place, outcome in enumerate(outcomes.CATALOGUE):
        if outcome.measure >= 0:
            values[:, place] = sums[:, outcome.measure]
    return values


def run(
    scenario: Scenario | str | Path,
    seed: int = 1,
    *,
    draw: int | None = None,
    parameters: Source = "posterior",
    until: str | None = None,
    by: Sequence[str] = (),
    progress: Progress | None = None,
) -> Outcomes:
    """Live one world and return its outcomes.

    scenario: a Scenario or the path of its file; seed: number of the world's chance; draw: number of the
    parameter draw, None for the point; parameters: where draws come from, see `ecosim.sources`; until: last
    quarter, such as "2022Q4"; by: breakdowns of the firm-level outcomes, out of `survey.BREAKDOWNS`; progress:
    called once with a sentence if the model has to be compiled first. Raises SpecError with every fault.
    """
    told = ending(scenario if isinstance(scenario, Scenario) else load(scenario), until)
    check_numbers(seed, draw, by)
    check_source(told.region, draw, parameters)
    if progress is not None and not cache_is_warm():
        progress(COMPILING, 0, 1)
    begin = perf_counter()
    trace = simulate(told, seed, draw, by, parameters)
    return Outcomes(told, seed, draw, trace, manifest_of([told], [seed], [draw], perf_counter() - begin, {}, parameters))


def check_source(region: str, draw: int | None, source: Source) -> None:
    """Raise SpecError for a source that is not there or lacks the draw."""
    if source in sources.SOURCES and (draw is None or source == "point"):
        return
    faults = sources.draw_faults(region, 1 if draw is None else draw + 1, source)
    if faults:
        raise SpecError(faults)


def ending(scenario: Scenario, until: str | None) -> Scenario:
    """The scenario with another last quarter, if one is asked for. Raises SpecError that names `until`."""
    try:
        return scenario if until is None else scenario.vary("end", until)
    except SpecError as error:
        raise SpecError(replace(fault, place="until") for fault in error.faults) from error


def check_numbers(seed: int, draw: int | None, by: Sequence[str]) -> None:
    """Raise SpecError naming every number or breakdown that no run can have."""
    faults = []
    if not 0 <= seed <= LARGEST_SEED:
        faults.append(Fault("seed", Words(f"{seed} is no seed", f"{seed} 不能作随机种子"), whole_number(0, LARGEST_SEED)))
    if draw is not None and not 0 <= draw <= LARGEST_DRAW:
        faults.append(Fault("draw", Words(f"{draw} is no parameter draw", f"{draw} 不能作参数组编号"), whole_number(0, LARGEST_DRAW)))
    for name in by:
        if name not in BREAKDOWNS:
            faults.append(Fault("by", Words(f"there is no breakdown {name!r}", f"没有分组 {name!r}"), suggestion(name, BREAKDOWNS)))
    if faults:
        raise SpecError(faults)


def whole_number(least: int, most: int) -> Words:
    """The remedy for a number out of range."""
    return Words(f"Give a whole number from {least} to {most}", f"请给出 {least} 至 {most} 的整数")
