"""Worlds for experiments: a region under the policies of a study's setting, lived quarter by quarter and watched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .. import parameters, population, regions, schedule, sources
from ..chance import Stream
from ..draws import uniforms
from ..levers import Call
from ..policies.contract import Policy, name_of
from ..quantity import Dated, quarter_label
from ..region import Region
from ..scenario import Scenario
from ..sources import Source

Policies = Mapping[str, Mapping[str, object] | Policy]
"""Instruments with their parameters, as in a scenario file; or a study's own instrument, by the name of its file."""

REGION = "nantong"
FIRST = 2020 * 4
"""Quarter in which every experiment begins."""


@dataclass(frozen=True)
class Lab:
    """One draw of chance and parameters, in which a study can be lived as often as it needs: with the programme, and without.

    seed: number of the world's chance; draw: number of the parameter draw, None for the point of the source; source: where
    parameters come from.
    """

    seed: int
    draw: int | None = None
    source: Source = "posterior"
    values: Mapping[str, float] = field(default_factory=dict, hash=False)

    def yearly(self, otherwise: Mapping[str, float] | None = None) -> dict[str, float]:
        """All parameters of the lab's worlds, yearly; otherwise: those that a control world has otherwise, in their priors or not."""
        return {**sources.values(REGION, self.draw, self.values, self.source), **(otherwise or {})}

    def growth_before(self, quarter: int) -> float:
        """Factor by which amounts of money have grown with the economy in the worlds of the lab, from their start to a quarter."""
        traits = parameters.traits(self.yearly())
        path = population.economy(regions.load(REGION), traits, self.seed, quarter, 1.0)
        return path[quarter - quarter % 4 - 1] / path[FIRST - 1]

    def region(
        self,
        policies: Policies,
        quarters: int,
        *,
        scale: float = 1.0,
        law: Mapping[str, float] | None = None,
        values: Mapping[str, float] | None = None,
    ) -> Region:
        """The firms of Nantong under other policies, at the start. The same arguments give the same world, firm by firm.

        policies: instruments in force, as in a scenario file or a study's own; quarters: how long it will be lived; scale: size of the
        population; law: provisions of the statute that the study's country has otherwise, name -> figure; values: parameters
        that a control world has otherwise.
        """
        written = {name: dict(policy) for name, policy in policies.items() if not isinstance(policy, Policy)}
        scenario = setting(written, quarters, scale, {**self.values, **(values or {})})
        traits = parameters.traits(self.yearly(scenario.parameters))
        pack = regions.load(scenario.region)
        if law:
            pack = replace(pack, statute=replace(pack.statute, **{name: provision(pack, name, figure) for name, figure in law.items()}))
        own = {name: policy for name, policy in policies.items() if isinstance(policy, Policy)}
        return population.start(pack, {**scenario.policies, **own}, traits, self.seed, scenario.start, scenario.end, scale)


def setting(policies: Mapping[str, object], quarters: int, scale: float, values: Mapping[str, float]) -> Scenario:
    """The scenario of an experiment."""
    return Scenario.from_dict(
        {
            "schema": 1, "name": "experiment", "region": REGION, "start": quarter_label(FIRST),
            "end": quarter_label(FIRST + max(quarters, 2) - 1), "population_scale": scale, "policies": policies, "parameters": values,
        }
    )  # fmt: skip


def provision(pack: regions.RegionPack, name: str, figure: float) -> Any:
    """A provision of the statute with one figure for all dates."""
    of_pack = getattr(pack.statute, name)
    return replace(of_pack, dated=Dated(((0, figure),), of_pack.source))


def live(region: Region, quarters: int, watch: Callable[[Region], None] | None = None) -> None:
    """Live some quarters; `watch` sees each one before the calendar turns."""
    for _ in range(quarters):
        schedule.live_quarter(region)
        if watch is not None:
            watch(region)
        schedule.turn(region)


def call_of(region: Region, policy: str) -> Call | None:
    """The call a policy opened this quarter, with applicants, scores and winners; None if there was none."""
    return next((call for call in region.calls if name_of(call.policy) == policy), None)


def lots(seed: int, ids: np.ndarray, question: int) -> np.ndarray:
    """One uniform draw for each firm about the study itself, such as who is asked and who answers; one number for each question."""
    return uniforms(seed, Stream.STUDY, ids, question)


def dealt(labels: np.ndarray, seed: int, ids: np.ndarray, question: int) -> np.ndarray:
    """The same labels (who won, how much) dealt out by lot among the firms, for a placebo."""
    return np.asarray(labels[np.argsort(lots(seed, ids, question), kind="stable")])


class Diary:
    """Columns of all firms in business, quarter by quarter, kept by identity."""

    def __init__(self, *columns: str) -> None:
        """columns: such as "research.rd", "market.sales": a table of `Firms` and a column of it."""
        self.columns = columns
        self.quarters: list[int] = []
        self._ids: list[np.ndarray] = []
        self._notes: list[tuple[np.ndarray, ...]] = []

    def __call__(self, region: Region) -> None:
        """Note the quarter."""
        rows = np.flatnonzero(region.alive)
        ids = region.firms.identity.id[rows]
        order = np.argsort(ids)
        self.quarters.append(region.quarter)
        self._ids.append(ids[order])
        self._notes.append(tuple(column_of(region, name)[rows[order]] for name in self.columns))

    def present(self, quarter: int) -> np.ndarray:
        """Identities in business in the given quarter, counted from the first one noted."""
        return self._ids[quarter]

    def of(self, ids: Sequence[int] | np.ndarray, column: str, first: int = 0, last: int | None = None) -> np.ndarray:
        """Firms x quarters of one column, for identities in any order; nan where the firm is not in business.

        first, last: quarters wanted, counted from the first one noted (last excluded); all if left out.
        """
        place = self.columns.index(column)
        wanted = np.asarray(ids, np.int64)
        span = range(len(self.quarters))[first:last]
        found = np.full((len(wanted), len(span)), np.nan)
        for number, quarter in enumerate(span):
            present, notes = self._ids[quarter], self._notes[quarter]
            at = np.minimum(np.searchsorted(present, wanted), len(present) - 1)
            here = present[at] == wanted
            found[here, number] = notes[place][at[here]]
        return found

    def yearly(self, ids: Sequence[int] | np.ndarray, column: str) -> np.ndarray:
        """Firms x whole years of one column, the mean of four quarters (for a flow at a yearly pace: the year's)."""
        quarters = self.of(ids, column)
        years = quarters.shape[1] // 4
        return np.asarray(quarters[:, : 4 * years].reshape(len(quarters), years, 4).mean(axis=2))


def column_of(region: Region, name: str) -> np.ndarray:
    """A column of the firms by "table.column"; what they were offered this quarter by "levers.column"."""
    table, _, column = name.partition(".")
    found: np.ndarray = getattr(region.levers.firm if table == "levers" else getattr(region.firms, table), column)
    return found
