"""Many worlds, of which a few numbers are kept. A task is all worlds of one parameter draw, so that little is sent about.

A world that fails is named and left out; its neighbours in the task are lived again one by one, and keep their
place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from .. import outcomes, schedule
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


def live(task: Task) -> Kept:
    """Live the worlds of a task (in a worker)."""
    quarters = task.scenarios[0].quarters
    years = len(outcomes.years_in(quarters))
    shape = (len(task.scenarios), len(task.chances))
    kept = Kept(np.empty((*shape, years, len(outcomes.KEYS))), np.zeros((*shape, len(COSTS))), np.empty((*shape, years)))
    for place, scenario in enumerate(task.scenarios):
        for number, chance in enumerate(task.chances):
            values, money, real = one_world(scenario, task.draw, chance, task.source)
            kept.values[place, number] = outcomes.yearly(values, quarters)
            kept.money[place, number] = money
            kept.real[place, number] = [real[4 * year + 3 - quarters.start] for year in outcomes.years_in(quarters)]
    return kept


def one_world(scenario: Scenario, draw: int | None, chance: Chance, source: Source) -> tuple[Floats, Floats, Floats]:
    """Quarters x outcomes, yuan by kind of public cost, and certificates on real R&D by quarter, of one world."""
    region = world(scenario, chance.seed, draw, source, chance.path)
    books = RealBooks(region)
    lived = scenario.quarters
    values, real = np.empty((len(lived), len(outcomes.KEYS))), np.full(len(lived), np.nan)
    money = np.zeros(len(COSTS))
    for place in range(len(lived)):
        price = region.research_price
        schedule.live_quarter(region)
        values[place] = outcomes.read_quarter(region, price)
        books.follow(region)
        if region.year_ends:
            real[place] = books.count(region)
        for number, kind in enumerate(COSTS):
            money[number] += sum(getattr(region.ledger, kind).values())
        schedule.turn(region)
    return values, money, real


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
