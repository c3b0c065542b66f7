"""Many worlds, of which a few numbers are kept. A task is all worlds of one parameter draw, so that little is sent about.

A world that fails is named and left out; its neighbours in the task are lived again one by one, and keep their
place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from .. import lives, outcomes
from ..scenario import Scenario
from ..simulation import COSTS
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


class Life(lives.Life):
    """One world as it is lived, with what is read of it. values: quarters x outcomes, stocks at the
    end of the year alone; money: yuan by kind of public cost; real: by quarter, certificates that real R&D alone would have earned.
    """

    def __init__(self, scenario: Scenario, draw: int | None, chance: Chance, source: Source) -> None:
        """Begin before the first quarter."""
        super().__init__(scenario, chance.seed, draw, source, chance.path)
        self.books = RealBooks(self.region)
        quarters = len(scenario.quarters)
        self.values, self.real = np.empty((quarters, len(outcomes.KEYS))), np.full(quarters, np.nan)
        self.money = np.zeros(len(COSTS))

    def note(self, price: float) -> None:
        """Read the flows of a quarter, at the end of the year the stocks."""
        region = self.region
        self.values[self.lived] = outcomes.read_quarter(region, price, stocks=region.year_ends)
        self.books.follow(region)
        if region.year_ends:
            self.real[self.lived] = self.books.count(region)
        for number, kind in enumerate(COSTS):
            self.money[number] += sum(getattr(region.ledger, kind).values())

    def end(self) -> tuple[Floats, Floats, Floats]:
        """Live to the end; years x outcomes, yuan by kind of cost, and certificates on real R&D by year."""
        quarters = self.scenario.quarters
        self.live(len(quarters))
        ends = [4 * year + 3 - quarters.start for year in outcomes.years_in(quarters)]
        return outcomes.yearly(self.values, quarters), self.money, self.real[ends]


def live(task: Task) -> Kept:
    """Live the worlds of a task (in a worker), those of a seed side by side."""
    kept = _nothing(task)
    for seed in dict.fromkeys(chance.seed for chance in task.chances):
        numbers = [number for number, chance in enumerate(task.chances) if chance.seed == seed]
        worlds = [(place, number) for place in range(len(task.scenarios)) for number in numbers]

        def begin(scenario: Scenario, path: int | None, seed: int = seed) -> Life:
            return Life(scenario, task.draw, Chance(seed, seed if path is None else path), task.source)

        wanted = [(task.scenarios[place], task.chances[number].path) for place, number in worlds]
        for which, life in lives.side_by_side(begin, wanted):
            world = worlds[which]
            kept.values[world], kept.money[world], kept.real[world] = life.end()
    return kept


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
