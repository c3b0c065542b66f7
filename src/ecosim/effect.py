"""What a comparison found: tables of paired effects, public cost, cost per additional outcome, and plan
targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import outcomes, regions
from .outcomes import BY_KEY, CATALOGUE, HEADLINES, KEYS
from .paired import Paired, excludes_zero, interval, paired
from .scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

CostKey = tuple[str, str, str]
"""Kind ("outlay" or "forgone"), policy, payer."""

ALL = "all"
"""Stands for all payers together."""

COST_KINDS = {"outlay": ("outlay",), "tax_forgone": ("forgone",), "total": ("outlay", "forgone")}
PRICED = ("inventions_granted", "research_contracts", "certified", "real_rd")
"""Outcomes whose price in public money is worked out."""

TARGETS = {"target_rd_gdp_2025": "rd_to_gdp", "target_hightech_firms_2025": "certified"}
"""Figure of the region pack -> the outcome it is set for."""

INCLUDES_ZERO = "includes zero"
NO_COST = "no additional cost"
OPPOSITE = "opposite directions"
"""Why there is no cost per unit: the effect's interval includes zero, the cost's does, or one rises while
the other falls.
"""


class Failure(NamedTuple):
    """A run that did not come to its end."""

    scenario: str
    draw: int
    seed: int
    message: str

    def __str__(self) -> str:
        return f"{self.scenario}, draw {self.draw}, seed {self.seed}: {self.message}"


class AddedEnvelope(NamedTuple):
    """What a package adds to the envelopes of one policy over the whole period, and how much more is drawn of them; both in yuan."""

    scenario: str
    policy: str
    added: float
    drawn: float


@dataclass(frozen=True)
class Effect:
    """Paired effects of scenarios against the first one. Every table has its interval and its number of
    pairs.

    values: scenarios x draws x seeds x quarters x outcomes; money: (kind, policy, payer) -> yuan of the whole
    period, scenarios x draws x seeds. Intervals are 95%, Student's over parameter draws of the means over
    seeds.
    """

    scenarios: tuple[Scenario, ...]
    values: np.ndarray = field(repr=False)
    money: dict[CostKey, np.ndarray] = field(repr=False)
    failures: tuple[Failure, ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def baseline(self) -> Scenario:
        """The scenario the others are compared with."""
        return self.scenarios[0]

    @property
    def years(self) -> tuple[int, ...]:
        """Complete calendar years."""
        return outcomes.years_in(self.baseline.quarters)

    @property
    def periods(self) -> tuple[str, ...]:
        """The years, and the whole period last."""
        return (*map(str, self.years), outcomes.whole_label(self.baseline.quarters))

    @cached_property
    def by_period(self) -> np.ndarray:
        """Scenarios x draws x seeds x periods x outcomes; flows alone have a value for the whole period."""
        years = outcomes.yearly(self.values, self.baseline.quarters)
        return np.concatenate([years, outcomes.whole(self.values)[..., None, :]], axis=-2)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Effects by outcome, period and scenario: baseline, difference, lo, hi, spreads, pairs, correlation
        in pairs.

        relative: difference over the baseline's mean; nan for logarithms and where the baseline is zero.
        """
        import pandas as pd

        parts = []
        for place, scenario in enumerate(self.scenarios[1:], start=1):
            found = paired(self.by_period[0], self.by_period[place])
            parts.append(_effect_rows(scenario.name, self.periods, found))
        table = pd.concat(parts, ignore_index=True)
        return table[table["pairs"] > 0].reset_index(drop=True)

    def headlines(self) -> pd.DataFrame:
        """The main outcomes: flows over the whole period, stocks and ratios in the last year."""
        table = self.table
        period = table["outcome"].map(lambda key: self.periods[-1] if BY_KEY[key].kind == "flow" else self.periods[-2])
        shown = table[table["outcome"].isin(HEADLINES) & (table["period"] == period)]
        order = shown["outcome"].map(HEADLINES.index)
        return shown.assign(order=order).sort_values("order", kind="stable").drop(columns="order").reset_index(drop=True)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Means of every scenario by year with their 95% intervals: scenario, outcome, unit (flows: a
        year), period, mean, lo, hi.
        """
        import pandas as pd

        rows = []
        for place, scenario in enumerate(self.scenarios):
            middle, lo, hi = interval(self.by_period[place])
            for at, outcome in enumerate(CATALOGUE):
                unit = f"{outcome.unit} per year" if outcome.kind == "flow" else outcome.unit
                for when, year in enumerate(self.years):
                    figures = (float(middle[when, at]), float(lo[when, at]), float(hi[when, at]))
                    rows.append((scenario.name, outcome.key, unit, str(year), *figures))
        return pd.DataFrame(rows, columns=["scenario", "outcome", "unit", "period", "mean", "lo", "hi"])

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Public cost of the whole period by scenario, payer ("all": together) and kind, yuan.

        Kinds are outlay, tax_forgone and total. level: mean; additional, lo, hi: over the baseline.
        """
        payers = sorted({payer for _, _, payer in self.money}, key=_rank)
        return self._cost_table("payer", [*payers, ALL], 2)

    @cached_property
    def costs_by_policy(self) -> pd.DataFrame:
        """The same by policy; tax forgone by several policies at once is theirs jointly ("a+b")."""
        return self._cost_table("policy", sorted({policy for _, policy, _ in self.money}), 1)

    @cached_property
    def added_envelopes(self) -> tuple[AddedEnvelope, ...]:
        """Every envelope to which a package adds money."""
        quarters, before = self.baseline.quarters, self.baseline.policies
        found = []
        for place, scenario in enumerate(self.scenarios[1:], start=1):
            for name, policy in scenario.policies.items():
                added = policy.appropriated(quarters) - (before[name].appropriated(quarters) if name in before else 0.0)
                if added > 0.0:
                    money = self._money("outlay", name, 1)
                    found.append(AddedEnvelope(scenario.name, name, added, float(paired(money[0], money[place]).difference)))
        return tuple(found)

    @cached_property
    def per_additional(self) -> pd.DataFrame:
        """Additional public cost over additional outcome, yuan a unit, where the intervals of both exclude
        zero; `note` says why not.

        per_lo, per_hi: the mean cost over the ends of the effect's interval. Certified firms count at the end
        of the last year, flows over the whole period.
        """
        import pandas as pd

        rows = [
            (scenario.name, key, *figures)
            for place, scenario in enumerate(self.scenarios[1:], start=1)
            for key, figures in self._priced(place)
        ]
        columns = ["scenario", "outcome", "cost", "additional", "lo", "hi", "per_unit", "per_lo", "per_hi", "note"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Plan targets beside what the model gives: mean, the range of 95% of runs, and the share of runs
        that reach the target.
        """
        import pandas as pd

        pack, rows = regions.load(self.baseline.region), []
        for key, outcome in TARGETS.items():
            if key in pack.figures and pack.figure(key).year in self.years:
                figure = pack.figure(key)
                found = self.by_period[..., self.years.index(figure.year), KEYS.index(outcome)]
                for place, scenario in enumerate(self.scenarios):
                    runs = found[place][np.isfinite(found[place])]
                    low, high = (float(np.quantile(runs, part)) for part in (0.025, 0.975))
                    reached = float((runs >= figure.value).mean())
                    rows.append(
                        (
                            key,
                            outcome,
                            figure.year,
                            figure.value,
                            scenario.name,
                            float(runs.mean()),
                            low,
                            high,
                            reached,
                        )
                    )
        columns = ["target", "outcome", "year", "value", "scenario", "mean", "range_lo", "range_hi", "reached"]
        return pd.DataFrame(rows, columns=columns)

    def _cost_table(self, heading: str, names: Sequence[str], where: int) -> pd.DataFrame:
        """Level and addition by scenario, name and kind. where: the part of a CostKey that holds the name."""
        import pandas as pd

        rows = [
            (scenario.name, name, kind, *self._paired_cost(place, kind, name, where))
            for place, scenario in enumerate(self.scenarios)
            for name in names
            for kind in COST_KINDS
        ]
        return pd.DataFrame(rows, columns=["scenario", heading, "kind", "level", "additional", "lo", "hi"])

    def _money(self, kind: str, name: str, where: int) -> np.ndarray:
        """Yuan of the whole period, scenarios x draws x seeds; of everybody if the name is ALL."""
        found = np.where(np.isfinite(self.values).any(axis=(-1, -2)), 0.0, np.nan)
        for key, amounts in self.money.items():
            if key[0] in COST_KINDS[kind] and name in (ALL, key[where]):
                found = found + amounts
        return found

    def _paired_cost(self, place: int, kind: str, name: str = ALL, where: int = 2) -> tuple[float, float, float, float]:
        """Level of one scenario, and what it adds to the baseline with its interval."""
        money = self._money(kind, name, where)
        found = paired(money[0], money[place])
        level = float(interval(money[place])[0])
        return level, float(found.difference), float(found.lo), float(found.hi)

    def _priced(self, place: int) -> Iterator[tuple[str, tuple[float | str, ...]]]:
        """For each priced outcome of one scenario: cost, effect with interval, cost per unit with interval,
        note.
        """
        _, cost, cost_lo, cost_hi = self._paired_cost(place, "total")
        for key in PRICED:
            period = -1 if BY_KEY[key].kind == "flow" else -2
            at = KEYS.index(key)
            effect = paired(self.by_period[0, ..., period, at], self.by_period[place, ..., period, at])
            gain, lo, hi = (float(part) for part in (effect.difference, effect.lo, effect.hi))
            note = ""
            if not excludes_zero(lo, hi):
                note = INCLUDES_ZERO
            elif not excludes_zero(cost_lo, cost_hi):
                note = NO_COST
            elif cost * gain < 0.0:
                note = OPPOSITE
            per = (np.nan, np.nan, np.nan) if note else (cost / gain, *sorted((cost / lo, cost / hi)))
            yield key, (cost, gain, lo, hi, *per, note)


def _rank(payer: str) -> tuple[int, str]:
    """The city first, then the province, the centre, and whoever else pays."""
    known = ("city", "province", "centre")
    return (known.index(payer), payer) if payer in known else (len(known), payer)


def _effect_rows(scenario: str, periods: tuple[str, ...], found: Paired) -> pd.DataFrame:
    """Rows of `Effect.table` for one scenario."""
    import pandas as pd

    logarithms = np.array([outcome.unit == "ln" for outcome in CATALOGUE])
    safe = np.where((found.baseline == 0.0) | logarithms, np.nan, np.abs(found.baseline))
    columns: dict[str, Any] = {
        "outcome": np.tile(KEYS, len(periods)),
        "label": np.tile([outcome.label_en for outcome in CATALOGUE], len(periods)),
        "unit": np.tile([outcome.unit for outcome in CATALOGUE], len(periods)),
        "period": np.repeat(periods, len(KEYS)),
        "scenario": scenario,
    }
    for name in ("baseline", "difference", "lo", "hi"):
        columns[name] = getattr(found, name).ravel()
    for name, part in (("relative", found.difference), ("relative_lo", found.lo), ("relative_hi", found.hi)):
        columns[name] = (part / safe).ravel()
    for name in ("sd_draws", "sd_seeds", "pairs", "correlation"):
        columns[name] = getattr(found, name).ravel()
    return pd.DataFrame(columns)
