"""Worlds as they are lived: one alone, or many side by side that are one world until their scenarios differ.

Worlds of one draw and one seed begin as the same city, and go on as one until a policy differs: what they share is
lived once.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Self, TypeVar

from . import parameters, population, regions, schedule, sources
from .population_certificates import certificates
from .quantity import Dated
from .region import Region
from .scenario import Scenario
from .sources import Source


def world(scenario: Scenario, seed: int, draw: int | None, source: Source = "posterior", path: int | None = None) -> Region:
    """The region of a scenario at its start. draw: number of the parameter draw out of `source`; None for its
    point. path: number of the path of nominal GDP; None for the path of the seed's own number.
    """
    traits = parameters.traits(sources.values(scenario.region, draw, dict(scenario.parameters), source))
    pack = regions.load(scenario.region)
    return population.start(pack, dict(scenario.policies), traits, seed, scenario.start, scenario.end, scenario.population_scale, path)


class Life:
    """One world as it is lived; a subclass notes what it wants of every quarter."""

    def __init__(self, scenario: Scenario, seed: int, draw: int | None, source: Source, path: int | None = None) -> None:
        """Begin before the first quarter; the numbers as for `world`."""
        self.scenario, self.path = scenario, path
        self.region = world(scenario, seed, draw, source, path)
        self.lived = 0

    def note(self, price: float) -> None:
        """Read a quarter that has been lived, before the calendar turns. price: of research in the quarter."""
        raise NotImplementedError

    def live(self, until: int) -> None:
        """Live on until so many quarters have passed."""
        while self.lived < until:
            price = self.region.research_price
            schedule.live_quarter(self.region)
            self.note(price)
            schedule.turn(self.region)
            self.lived += 1

    def branch(self, scenario: Scenario, path: int | None) -> Self:
        """The same world, to go on under another scenario or on another path of GDP."""
        region = self.region
        kept = (region.pack, region.traits, self.scenario, *region.policies.values())
        found = copy.deepcopy(self, {id(thing): thing for thing in kept})
        found.scenario, found.path = scenario, path
        found.region.policies = dict(sorted(scenario.policies.items()))
        if self.lived == 0:
            certificates(found.region)
        if path != self.path:
            number = region.seed if path is None else path
            found.region.gdp = population.economy(region.pack, region.traits, number, scenario.end, scenario.population_scale)
        return found


AnyLife = TypeVar("AnyLife", bound=Life)
Wanted = tuple[Scenario, int | None]


def side_by_side(begin: Callable[[Scenario, int | None], AnyLife], wanted: Sequence[Wanted]) -> Iterator[tuple[int, AnyLife]]:
    """Worlds of one draw and seed, each at the quarter from which it is no longer the first one's, with its place in `wanted`.

    begin: starts a world; wanted: scenario and path of GDP of each. They come in the order of that quarter, the first one last.
    """
    first, path = wanted[0]
    root = begin(first, path)
    known = published_quarters(first)
    marks = [min(shared_quarters(first, scenario), len(first.quarters) if other == path else known) for scenario, other in wanted]
    for place in sorted(range(1, len(wanted)), key=marks.__getitem__):
        if start_of(wanted[place][0]) == start_of(first):
            root.live(marks[place])
            yield place, root.branch(*wanted[place])
        else:
            yield place, begin(*wanted[place])
    yield 0, root


def published_quarters(scenario: Scenario) -> int:
    """For how many quarters, from the first, GDP is the same on every path."""
    known = {int(str(quarter)) for quarter in regions.load(scenario.region).table("environment")["quarter"]}
    return next((place for place, quarter in enumerate(scenario.quarters) if quarter not in known), len(scenario.quarters))


def start_of(scenario: Scenario) -> tuple[object, ...]:
    """All that a world's start takes from its scenario: under other policies the same city goes on."""
    return scenario.region, scenario.start, scenario.end, scenario.population_scale, tuple(scenario.parameters.items())


def shared_quarters(one: Scenario, other: Scenario) -> int:
    """For how many quarters, from the first, two scenarios are the same world whatever the draw."""
    if start_of(one) != start_of(other) or sorted(one.policies) != sorted(other.policies):
        return 0
    pairs = [
        (getattr(one.policies[name], key), getattr(other.policies[name], key))
        for name in one.policies
        for key in type(one.policies[name]).model_fields
    ]
    count = 0
    for quarter in one.quarters:
        if any(_at(ours, quarter) != _at(theirs, quarter) for ours, theirs in pairs):
            break
        count += 1
    return count


def _at(value: object, quarter: int) -> object:
    """What a parameter of a policy is in a quarter."""
    return value.at(quarter) if isinstance(value, Dated) else value
