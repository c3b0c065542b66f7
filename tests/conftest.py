"""Worlds to test on: scenarios made into regions, lived quarter by quarter, and taken apart column by column.

The functions here are handed out as fixtures; a test that needs a process of its own runs this file for them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ecosim import parameters, population, regions, schedule
from ecosim.region import Region
from ecosim.scenario import Scenario, load

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
WORLD = ("demand", "edge_level", "edge_first", "pool", "class_first", "research_price")


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option that writes the committed figures anew instead of checking them."""
    parser.addoption("--update-baselines", action="store_true", help="write tests/baselines/*.json anew")


def small_city(scale: float = 4.0, quarters: int = 8, name: str = "baseline") -> Scenario:
    """A scenario of the sandbox with a population large enough that every instrument finds takers."""
    written = load(SCENARIOS / "sandbox" / f"{name}.yaml")
    return written.vary("population_scale", scale).vary("end", f"{2020 + (quarters - 1) // 4}Q{(quarters - 1) % 4 + 1}")


def begun(scenario: Scenario, seed: int = 1, traits: parameters.Traits | None = None, pack: object = None) -> Region:
    """The region of a scenario, ready to live its first quarter; by default with central parameters and
    its own pack."""
    found = traits or parameters.traits(parameters.values(None, dict(scenario.parameters)))
    place = pack or regions.load(scenario.region)
    return population.start(place, dict(scenario.policies), found, seed, scenario.start, scenario.end, scenario.population_scale)


def quarters_of(region: Region, count: int) -> Iterator[Region]:
    """The same region after each of `count` quarters, before the calendar turns."""
    for _ in range(count):
        schedule.live_quarter(region)
        yield region
        schedule.turn(region)


def lived(region: Region, count: int) -> Region:
    """The region after `count` quarters."""
    for _ in quarters_of(region, count):
        pass
    return region


def columns(region: Region) -> dict[str, np.ndarray]:
    """Every column of every table of a region, firms in business in the order of their identity, and the
    state of the world."""
    living = np.flatnonzero(region.firms.identity.alive == 1)
    order = living[np.argsort(region.firms.identity.id[living], kind="stable")]
    found = {f"{type(table).__name__}.{name}": column[order] for table in region.firms for name, column in table._asdict().items()}
    for table in (region.institutes, region.incubators, region.funds, region.agencies):
        found |= {f"{type(table).__name__}.{name}": column.copy() for name, column in table._asdict().items()}
    found |= {name: np.atleast_1d(getattr(region, name)).copy() for name in WORLD}
    found |= {f"balance.{sector}": np.array([amount]) for sector, amount in region.ledger.balance.items()}
    return found | promises(region)


def promises(region: Region) -> dict[str, np.ndarray]:
    """Every entitlement in force, by holder.

    Its policy goes by name, and certificates older than the run belong to none of it.
    """
    table = region.promises.active()
    table = table._make(column[table.until >= region.quarter] for column in table)
    names = np.array([*region.policies, ""], "U60")
    given = np.where(table.since > region.pack.initial_quarter, table.policy, -1)
    order = np.lexsort((table.since, table.margin, table.holder))
    found = {f"Entitlements.{name}": column[order] for name, column in table._asdict().items() if name not in ("row", "policy")}
    return found | {"Entitlements.policy": names[given][order]}


def differing(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> list[str]:
    """Names of the columns that are not the same to the byte."""
    return [
        name
        for name in sorted(one.keys() | other.keys())
        if name not in one or name not in other or one[name].shape != other[name].shape or one[name].tobytes() != other[name].tobytes()
    ]


@pytest.fixture(scope="session")
def sandbox() -> Scenario:
    """Two years of the fictional city with all instruments, some 250 firms."""
    return small_city()


@pytest.fixture(scope="session")
def begin() -> Callable[..., Region]:
    """Makes a scenario into a region."""
    return begun


@pytest.fixture(scope="session")
def live() -> Callable[[Region, int], Region]:
    """Lives quarters."""
    return lived


@pytest.fixture(scope="session")
def each_quarter() -> Callable[[Region, int], Iterator[Region]]:
    """Lives quarters and shows the region in each."""
    return quarters_of


@pytest.fixture(scope="session")
def taken_apart() -> Callable[[Region], dict[str, np.ndarray]]:
    """All columns of a region by name."""
    return columns


@pytest.fixture(scope="session")
def unlike() -> Callable[..., list[str]]:
    """Names of columns that differ between two worlds."""
    return differing


@pytest.fixture(scope="session")
def baseline_world(sandbox: Scenario) -> dict[str, np.ndarray]:
    """Every column of the sandbox after two years."""
    return columns(lived(begun(sandbox), 8))
