"""Indivisible projects at the start: how many wait and run, and how much research they bring where the rules have long been at work."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .agents.firm import TEAM
from .agents.firm_projects import SMALLEST, ProjectTraits
from .arithmetic import log
from .chance import Stream
from .columns import Floats
from .draws import exps, logs, quantiles, share_below, uniforms
from .kernel import kernel
from .population_firms import profit_before_rd
from .region import Region

NODES = 256
"""Equal slices of new projects by cost over which they are counted."""
WORTHLESS, RUNNING = 5, 6
"""Places, in `Usual.share`, of a project not worth its cost and of the first of those that run."""
DONE = (1.0, 0.75, 0.5, 0.25, 0.0)
"""Share of a year in which projects of each kind can be paid for and so begun."""


class Usual(NamedTuple):
    """Projects in the long run, by row of the firm tables.

    share: of time, with a waiting project that the firm can pay for in 4, 3, 2, 1 or none of a year's quarters, with one not worth its
    cost, and with a running one of each of the first five kinds (11 x rows); cheaper: share of new projects that cost less than the
    dearest of each of the first five (6 x rows, begins with 0); median: cost of a new project, yuan; research: research in projects,
    yuan a year.
    """

    share: np.ndarray
    cheaper: np.ndarray
    median: np.ndarray
    research: np.ndarray


def usual_projects(region: Region, rd: np.ndarray) -> Usual:
    """Projects at the balance of those that come with those that are done or given up. rd: R&D without projects, yuan a year, by row."""
    traits, firms = region.traits.projects, region.firms
    median, worthy = median_cost(region, rd), worth_it(region)
    spread = exps(traits.cost_spread * quantiles((np.arange(NODES) + 0.5) / NODES))
    paid = projects_paid(region, traits.reserve * rd, median, spread)
    performs = firms.research.performer == 1
    arrival = traits.arrival * np.where(performs, 1.0, traits.idle_factor)
    arrival = arrival * ((firms.identity.alive == 1) & (firms.identity.stratum != TEAM))
    share, spent = balance(paid, np.concatenate([[0.0], np.cumsum(spread)]), median, arrival, worthy, traits)
    return Usual(share, paid / NODES, median, traits.research_part * (spent / traits.step))


def projects_paid(region: Region, aside: np.ndarray, median: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """How many of the slices of new projects, cheapest first, a firm can pay for in none, 1, 2, 3 and 4 of a year's quarters, and all.

    aside: what is for other research, median: cost of a new project, yuan; spread: costs over the median.
    """
    limits = (means_by_quarter(region) - aside) / median
    paid = np.zeros((6, region.rows), np.int64)
    paid[1:5] = np.searchsorted(spread, np.where(limits[0] > limits[3], limits[::-1], limits))
    paid[5] = spread.size
    return paid


@kernel
def balance(
    paid: np.ndarray, total: Floats, median: Floats, arrival: Floats, worthy: float, traits: ProjectTraits
) -> tuple[Floats, Floats]:
    """Share of time with a project of each kind, 11 x rows as in `Usual`, and money spent on projects in a step, yuan by row.

    total: cost of so many slices, over the median; arrival: chance of a new project; worthy: share of them worth their cost.
    """
    rows, slices = median.size, float(total.size - 1)
    share, spent = np.empty((11, rows)), np.empty(rows)
    gone, steps = (1.0 - traits.ripening) * traits.drop, traits.duration / traits.step
    for i in range(rows):
        against, cost = 0.0, 0.0
        for kind in range(5):
            begins = traits.ripening * DONE[kind]
            few, many = paid[kind, i], paid[kind + 1, i]
            share[kind, i] = arrival[i] * (worthy * (many - few) / slices / (begins + gone))
            share[RUNNING + kind, i] = share[kind, i] * begins * steps
            against += share[kind, i] + share[RUNNING + kind, i]
            cost += worthy * (total[many] - total[few]) / slices * median[i] * begins / (begins + gone)
        share[WORTHLESS, i] = arrival[i] * ((1.0 - worthy) / (traits.ripening + gone))
        none = 1.0 / (1.0 + (against + share[WORTHLESS, i]))
        spent[i] = none * arrival[i] * cost
        for kind in range(11):
            share[kind, i] *= none
    return share, spent


def median_cost(region: Region, rd: np.ndarray) -> np.ndarray:
    """Median cost of a new project, yuan, by row. rd: R&D without projects of performers, yuan a year."""
    traits, firms = region.traits.projects, region.firms
    own = (firms.research.performer == 1) & (firms.research.startup == 0)
    does = np.where(own, rd, firms.research.intensity * firms.books.sales_1)
    found: np.ndarray = traits.cost * traits.million * exps(traits.cost_slope * logs(np.maximum(does / traits.million, SMALLEST)))
    return found


def means_by_quarter(region: Region) -> np.ndarray:
    """Money at hand for a project in each quarter of a year, yuan, 4 x rows: profit is kept till owners are paid."""
    firms, traits = region.firms, region.traits
    money = firms.money
    profit = profit_before_rd(firms, firms.market.sales, traits.market)
    kept = profit - traits.market.interest / traits.market.step * money.debt
    lent = traits.research.collateral * money.working_capital - money.debt
    at_first = money.cash + lent + traits.projects.step * profit
    found: np.ndarray = np.maximum(0.0, at_first + traits.projects.step * kept * np.arange(4)[:, None])
    return found


def worth_it(region: Region) -> float:
    """Share of new projects that are worth their cost without support."""
    traits = region.traits.projects
    return share_below(log(traits.worth) / traits.worth_spread)


def begin_projects(region: Region, living: np.ndarray, usual: Usual) -> None:
    """Projects that wait or run, each with its cost and worth, as `usual_projects` balances them; those that run stand anywhere."""
    firms, traits, ids = region.firms, region.traits.projects, region.firms.identity.id[living]
    ladder = np.cumsum(usual.share[:, living], axis=0)
    kind = (uniforms(region.seed, Stream.PROJECT_ARRIVES, ids, 1) > ladder).sum(axis=0)
    chance, worth, worthy = (
        uniforms(region.seed, Stream.PROJECT_COST, ids, 1), uniforms(region.seed, Stream.PROJECT_WORTH, ids, 1), worth_it(region)
    )  # fmt: skip
    runs = (kind >= RUNNING) & (kind < len(ladder))
    rank = np.where(runs, kind - RUNNING, np.minimum(kind, WORTHLESS - 1))
    low, high = usual.cheaper[rank, living], usual.cheaper[rank + 1, living]
    chance = np.where(runs | (kind < WORTHLESS), low + (high - low) * chance, chance)
    worth = np.where(kind == WORTHLESS, (1.0 - worthy) * worth, 1.0 - worthy + worthy * worth)
    cost = usual.median[living] * exps(traits.cost_spread * quantiles(np.clip(chance, 1e-9, 1.0 - 1e-9)))
    firms.ventures.project_worth[living] = traits.worth * exps(traits.worth_spread * quantiles(np.clip(worth, 1e-9, 1.0 - 1e-9)))
    firms.ventures.project[living] = np.where(kind < len(ladder), cost, 0.0)
    left = uniforms(region.seed, Stream.PROJECT_ENDS, ids, 1)
    firms.ventures.project_left[living] = np.where(runs, left * cost, 0.0)
