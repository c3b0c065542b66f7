"""The worlds of a sweep: every point in every scenario, draw and seed, each with an identity of its own.

An identity is a hash of all that a world depends on, so equal worlds are lived once, and a world that is found in a
store need not be lived again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .. import parameters, regions, sources
from ..errors import Fault, SpecError
from ..lives import side_by_side, start_of
from ..scenario import Scenario
from ..simulation import Traced, warm
from ..sources import Source
from . import design, kept
from .kept import Column
from .plan import Plan

if TYPE_CHECKING:
    import pandas as pd

ID_LENGTH = 16
_READY: set[str] = set()
"""Regions of which this process has lived a year."""


class Setting(NamedTuple):
    """A scenario at a point of the design: number of the point, values of the factors, and the scenario they make."""

    point: int
    factors: dict[str, Any]
    scenario: Scenario
    key: str


class Run(NamedTuple):
    """One world of a sweep. draw: number of the parameter draw, None for the point of the source."""

    run_id: str
    setting: Setting
    draw: int | None
    seed: int


class World(NamedTuple):
    """What a worker is told of a run."""

    run_id: str
    scenario: Scenario
    draw: int | None
    seed: int
    source: Source
    columns: tuple[Column, ...]


Begun = tuple[World, Callable[[], np.ndarray]]
"""A world, and what lives it to its end and gives its numbers."""


def ready(told: World) -> None:
    """Load the compiled model into this process, or compile it, once: a year of the world's scenario."""
    if told.scenario.region not in _READY:
        warm([told.scenario])
        _READY.add(told.scenario.region)


def live(told: Sequence[World]) -> Iterator[Begun]:
    """Begin worlds, those of one city, draw and seed side by side: what they share is lived once. Each comes with what lives it
    to its end and gives the numbers that are kept, one for each column.
    """
    alike: dict[Hashable, list[World]] = {}
    for each in told:
        alike.setdefault((each.draw, each.seed, each.source, start_of(each.scenario)), []).append(each)
    for together in alike.values():
        first = together[0]

        def begin(scenario: Scenario, path: int | None, first: World = first) -> Traced:
            return Traced(scenario, first.seed, first.draw, first.source, path)

        for place, life in side_by_side(begin, [(each.scenario, None) for each in together]):
            yield together[place], partial(_ended, together[place], life)


def _ended(told: World, life: Traced) -> np.ndarray:
    return kept.read(life.end().values, told.scenario.quarters, told.columns)


def live_alone(told: World) -> np.ndarray:
    """Live one world; the numbers that are kept, one for each column."""
    ((_, finish),) = live([told])
    return finish()


def settings(plan: Plan) -> list[Setting]:
    """Every point in every scenario, point after point. Raises SpecError that names the point of a value no scenario takes."""
    found: list[Setting] = []
    faults: list[Fault] = []
    origin = {scenario.region: _origin(scenario.region, plan.parameters) for scenario in plan.told}
    names = [scenario.name for scenario in plan.told]
    for point, factors in enumerate(design.rows(plan)):
        asked = plan.design.rows[point].get("scenario") if plan.design.kind == "table" else None
        for scenario in plan.told if asked is None else [plan.told[names.index(asked)]]:
            try:
                varied = scenario.vary_all(factors) if factors else scenario
            except SpecError as error:
                faults += [Fault(f"point {point}: {fault.place}", fault.message, fault.remedy) for fault in error.faults]
            else:
                found.append(Setting(point, factors, varied, f"{varied.hash} {origin[varied.region]}"))
        if len(faults) >= 10:
            break
    if faults:
        raise SpecError(faults)
    return found


def _origin(region: str, source: Source) -> str:
    """What worlds of a region depend on beside their scenario: model, data, and where parameters come from."""
    shipped = sources.posterior_in_use(region, source)
    drawn = parameters.priors_hash() if shipped is None else shipped.sha256
    return f"{regions.load(region).sha256} {parameters.MODEL} {source} {drawn}"


def points(plan: Plan) -> pd.DataFrame:
    """The design as a table: index `point`, one column for each factor, and `scenario`; one row for each scenario of a point.

    Values that are no plain numbers or texts are written as JSON.
    """
    import pandas as pd

    found = settings(plan)
    table = pd.DataFrame([labels(setting) for setting in found], index=pd.Index([setting.point for setting in found], name="point"))
    return table[[*(name for name in table.columns if name != "scenario"), "scenario"]]


def labels(setting: Setting) -> dict[str, Any]:
    """The factors of a setting and the name of its scenario, as tables show them."""
    shown = {path: json.dumps(value) if isinstance(value, list | dict | tuple) else value for path, value in setting.factors.items()}
    return {**shown, "scenario": setting.scenario.name}


def draws_of(plan: Plan) -> list[int | None]:
    """The numbers of the parameter draws; of a point there is one, without a number."""
    return [None] if plan.parameters == "point" else list(range(sources.draws_of(plan.parameters, plan.draws)))


def in_turn(plan: Plan, found: Sequence[Setting]) -> list[Setting]:
    """Settings in the order they are run, scenarios of a point together: a grid in a shuffled order, so that a sweep that is
    interrupted is balanced over its factors; a design that stands in blocks in its own.
    """
    if plan.design.kind in design.IN_BLOCKS:
        return list(found)
    seed = plan.design.seed
    return sorted(found, key=lambda setting: hashlib.sha256(f"{seed} {setting.point}".encode()).digest())


def count_runs(plan: Plan) -> int:
    """How many runs a plan asks for, worked out without making them."""
    shared = plan.design.kind != "table" or not any("scenario" in row for row in plan.design.rows)
    return design.size(plan) * (len(plan.told) if shared else 1) * len(draws_of(plan)) * plan.seeds


def runs(plan: Plan) -> list[Run]:
    """Every run of the plan in the order they are lived: seed by seed, draw by draw, all settings of both together."""
    return list(of_seeds(plan, in_turn(plan, settings(plan)), range(1, plan.seeds + 1)))


def of_seeds(plan: Plan, found: Sequence[Setting], seeds: Sequence[int]) -> Iterator[Run]:
    """The runs of some settings over all draws and some seeds."""
    for seed in seeds:
        for draw in draws_of(plan):
            for setting in found:
                yield Run(run_id(setting, draw, seed), setting, draw, seed)


def run_id(setting: Setting, draw: int | None, seed: int) -> str:
    """The identity of a world: a hash of scenario, region data, model, source of parameters, draw and seed."""
    return hashlib.sha256(f"{setting.key} {draw} {seed}".encode()).hexdigest()[:ID_LENGTH]
