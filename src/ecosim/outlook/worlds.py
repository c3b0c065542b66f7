"""Many worlds, of which a few numbers are kept. A task is all worlds of one parameter draw, so that little is sent about.

A world that fails is named and left out; its neighbours in the task are lived again one by one, and keep their
place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from .. import outcomes, regions, schedule
from ..population import economy
from ..population_certificates import certificates
from ..quantity import Dated
from ..scenario import Scenario
from ..simulation import COSTS, world
from ..sources import Source
from ..workers import Done, run_all
from .paper import RealBooks

Floats = np.ndarray


class Chance(NamedTuple):
    """The numbers of one world's chance: seed of the world, and path of nominal GDP."""

    seed: int
    path: int


class Task(NamedTuple):
    """The worlds of one parameter draw out of `source`: every scenario in every chance."""

    scenarios: tuple[Scenario, ...]
    draw: int | None
    chances: tuple[Chance, ...]
    source: Source = "posterior"


class Lost(NamedTuple):
    """A world that did not come to its end."""

    scenario: str
    draw: int
    seed: int
    path: int
    message: str

    def __str__(self) -> str:
        return f"{self.scenario}, draw {self.draw}, seed {self.seed}, path {self.path}: {self.message}"


class Kept(NamedTuple):
    """What is kept of the worlds of a task. values: scenarios x chances x years x outcomes; money: scenarios x
    chances x kinds of public cost, yuan of the whole period; real: scenarios x chances x years, certified firms
    whose certificate real R&D alone would have earned.
    """

    values: Floats
    money: Floats
    real: Floats


class Life:
    """One world as it is lived, with what is read of it. values: quarters x outcomes, stocks at the
    end of the year alone; money: yuan by kind of public cost; real: by quarter, certificates that real R&D alone would have earned.
    """

    def __init__(self, scenario: Scenario, draw: int | None, chance: Chance, source: Source) -> None:
        """Begin before the first quarter."""
        self.scenario, self.chance = scenario, chance
        self.region = world(scenario, chance.seed, draw, source, chance.path)
        self.books = RealBooks(self.region)
        quarters = len(scenario.quarters)
        self.values, self.real = np.empty((quarters, len(outcomes.KEYS))), np.full(quarters, np.nan)
        self.money = np.zeros(len(COSTS))
        self.lived = 0

    def live(self, until: int) -> None:
        """Live on until so many quarters have passed."""
        region = self.region
        while self.lived < until:
            price = region.research_price
            schedule.live_quarter(region)
            self.values[self.lived] = outcomes.read_quarter(region, price, stocks=region.year_ends)
            self.books.follow(region)
            if region.year_ends:
                self.real[self.lived] = self.books.count(region)
            for number, kind in enumerate(COSTS):
                self.money[number] += sum(getattr(region.ledger, kind).values())
            schedule.turn(region)
            self.lived += 1

    def branch(self, scenario: Scenario, chance: Chance) -> Life:
        """The same world, to go on under another scenario or on another path of GDP."""
        region = self.region
        kept = (region.pack, region.traits, self.scenario, *region.policies.values())
        found = copy.deepcopy(self, {id(thing): thing for thing in kept})
        found.scenario, found.chance = scenario, chance
        found.region.policies = dict(sorted(scenario.policies.items()))
        if self.lived == 0:
            certificates(found.region)
        if chance.path != self.chance.path:
            found.region.gdp = economy(region.pack, region.traits, chance.path, scenario.end, scenario.population_scale)
        return found

    def end(self) -> tuple[Floats, Floats, Floats]:
        """Live to the end; years x outcomes, yuan by kind of cost, and certificates on real R&D by year."""
        quarters = self.scenario.quarters
        self.live(len(quarters))
        ends = [4 * year + 3 - quarters.start for year in outcomes.years_in(quarters)]
        return outcomes.yearly(self.values, quarters), self.money, self.real[ends]


def live(task: Task) -> Kept:
    """Live the worlds of a task (in a worker). The first scenario's world of a seed is lived, and the others of that
    seed begin as its branches, at the quarter from which they differ: what they share, if only the start, is lived once.
    """
    first = task.scenarios[0]
    kept = _nothing(task)
    published = published_quarters(first)
    shared = [shared_quarters(first, scenario) for scenario in task.scenarios]
    for seed in dict.fromkeys(chance.seed for chance in task.chances):
        chances = [number for number, chance in enumerate(task.chances) if chance.seed == seed]
        root = Life(first, task.draw, task.chances[chances[0]], task.source)
        marks = {
            (place, number): min(shared[place], len(first.quarters) if number == chances[0] else published)
            for place in range(len(task.scenarios))
            for number in chances
        }
        for place, number in sorted(marks, key=lambda world: marks[world]):
            scenario, chance = task.scenarios[place], task.chances[number]
            if start_of(scenario) == start_of(first):
                root.live(marks[place, number])
                life = root.branch(scenario, chance)
            else:
                life = Life(scenario, task.draw, chance, task.source)
            kept.values[place, number], kept.money[place, number], kept.real[place, number] = life.end()
    return kept


def published_quarters(scenario: Scenario) -> int:
    """For how many quarters, from the first, GDP is the same on every path."""
    known = {int(str(quarter)) for quarter in regions.load(scenario.region).table("environment")["quarter"]}
    return next((place for place, quarter in enumerate(scenario.quarters) if quarter not in known), len(scenario.quarters))


def start_of(scenario: Scenario) -> tuple[object, ...]:
    """All that a world's start takes from its scenario: under other policies the same city goes on."""
    return scenario.region, scenario.start, scenario.end, scenario.population_scale, dict(scenario.parameters)


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


def live_all(tasks: Sequence[Task], workers: int, tell: Callable[[int], None]) -> tuple[list[Kept], list[Lost]]:
    """Live every task; what each kept in the order of the tasks, nan for worlds that failed, and those worlds.

    `tell` is called with the number of worlds done so far. A task in which something failed is tried again
    world by world, so that only the culprits are lost.
    """
    sizes = len(tasks[0].scenarios) * len(tasks[0].chances)
    ended = run_all(live, tasks, min(workers, len(tasks)), lambda done: tell(done * sizes))
    broken = [number for number, done in enumerate(ended) if done.result is None]
    alone = [
        (number, place, at, tasks[number]._replace(scenarios=(scenario,), chances=(chance,)))
        for number in broken
        for place, scenario in enumerate(tasks[number].scenarios)
        for at, chance in enumerate(tasks[number].chances)
    ]
    again: list[Done[Kept]] = run_all(live, [task for *_, task in alone], min(workers, len(alone)), _silent) if alone else []
    kept = [done.result if done.result is not None else _nothing(task) for task, done in zip(tasks, ended, strict=True)]
    lost = []
    for (number, place, at, task), done in zip(alone, again, strict=True):
        if done.result is None:
            scenario, chance = task.scenarios[0], task.chances[0]
            lost.append(Lost(scenario.name, -1 if task.draw is None else task.draw, chance.seed, chance.path, done.failure))
        else:
            for whole, part in zip(kept[number], done.result, strict=True):
                whole[place, at] = part[0, 0]
    return kept, lost


def _nothing(task: Task) -> Kept:
    """A task of which nothing is known yet."""
    years = len(outcomes.years_in(task.scenarios[0].quarters))
    shape = (len(task.scenarios), len(task.chances))
    parts = ((years, len(outcomes.KEYS)), (len(COSTS),), (years,))
    return Kept(*(np.full((*shape, *part), np.nan) for part in parts))


def _silent(done: int) -> None:
    """The bar has reached its end already."""
