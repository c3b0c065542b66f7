"""Whole worlds under the clock: the quarter at several sizes, by stage, and what a firm takes in memory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from ecosim import outcomes, parameters, population, regions, schedule
from ecosim.population_firms import stratum_counts
from ecosim.region import Region
from ecosim.scenario import Scenario, load


class City(NamedTuple):
    """A scenario, read once, to start worlds of any size from."""

    scenario: Scenario
    pack: Any
    traits: parameters.Traits

    @property
    def real_firms(self) -> int:
        """Firms of the real city."""
        return sum(stratum_counts(self.pack, 1.0))

    def begun(self, firms: int) -> Region:
        """A world of about `firms` firms, ready to live its first quarter."""
        told = self.scenario
        scale = firms / self.real_firms
        return population.start(self.pack, dict(told.policies), self.traits, 1, told.start, told.end, scale)


class Lifetime(NamedTuple):
    """A number of quarters of one world, seconds.

    firm_quarters: firms in business at the start of each quarter, added up; stages: name -> seconds in it;
    reading: seconds for reading the outcomes; bytes_first, bytes_last: size of the firm tables for each firm
    in business, before the first quarter and after the last.
    """

    firm_quarters: int
    stages: dict[str, float]
    reading: float
    bytes_first: float
    bytes_last: float

    @property
    def ns(self) -> float:
        """Nanoseconds per firm and quarter, without reading the outcomes."""
        return sum(self.stages.values()) / self.firm_quarters * 1e9

    @property
    def run_ms(self) -> float:
        """Milliseconds of the whole run, outcomes read in every quarter."""
        return (sum(self.stages.values()) + self.reading) * 1e3


def city_of(path: Path) -> City:
    """The city of a scenario file with the central parameters."""
    scenario = load(path)
    traits = parameters.traits(parameters.values(None, dict(scenario.parameters)))
    return City(scenario, regions.load(scenario.region), traits)


def lived(region: Region, quarters: int) -> Lifetime:
    """Live `quarters` quarters."""
    stages: dict[str, float] = {}
    firm_quarters, reading = 0, 0.0
    bytes_first = bytes_per_firm(region)
    for _ in range(quarters):
        firm_quarters += int(region.alive.sum())
        price = region.research_price
        schedule.live_quarter(region, stages)
        begin = perf_counter()
        outcomes.read_quarter(region, price)
        reading += perf_counter() - begin
        schedule.turn(region)
    return Lifetime(firm_quarters, stages, reading, bytes_first, bytes_per_firm(region))


def lifetimes(city: City, firms: int, quarters: int, repeats: int) -> list[Lifetime]:
    """The same world lived `repeats` times, the quickest first."""
    return sorted((lived(city.begun(firms), quarters) for _ in range(repeats)), key=lambda life: life.ns)


def bytes_per_firm(region: Region) -> float:
    """Bytes of all columns of firms, levers and empty rows included, for each firm in business."""
    tables = (*region.firms, region.levers.firm)
    return sum(column.nbytes for table in tables for column in table) / int(region.alive.sum())


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process on one core where the system allows it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
