"""Indivisible projects at the start: how many wait and how much research they bring where the rules have long been at work."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .agents.firm import TEAM
from .arithmetic import log
from .chance import Stream
from .draws import exps, logs, quantiles, share_below, uniforms
from .population_firms import profit_before_rd
from .region import Region

MILLION = 1e6
MID_YEAR = 0.375
"""Part of a year's profit that has been kept when a quarter begins, mean of the four."""
FEASIBLE, WORTHLESS, TOO_DEAR = range(3)


class Usual(NamedTuple):
    """Projects in the long run, by row of the firm tables.

    waiting: share of time with a project that will be carried out when ripe, one not worth its cost, one beyond the firm's money (rows x 3);
    payable: share of new projects that its money pays for; research: research in projects, yuan a year.
    """

    waiting: np.ndarray
    payable: np.ndarray
    research: np.ndarray


def usual_projects(region: Region, rd: np.ndarray) -> Usual:
    """Projects at the balance of those that come with those that are carried out or given up. rd: R&D without projects, yuan a year, by row."""
    traits, firms = region.traits.projects, region.firms
    median = median_cost(region)
    spread = exps(traits.cost_spread * quantiles((np.arange(256) + 0.5) / 256))
    paid = np.searchsorted(spread, (means_of_year(region) - traits.reserve * rd) / median)
    payable, cost = paid / len(spread), median * np.concatenate([[0.0], np.cumsum(spread)])[paid] / len(spread)
    worthy = worth_it(region)
    came = np.stack([worthy * payable, np.full(region.rows, 1.0 - worthy), worthy * (1.0 - payable)], axis=1)
    ends = 1.0 - (1.0 - traits.ripening) * (1.0 - traits.drop)
    lasting = np.array([ends, ends, (1.0 - traits.ripening) * traits.drop])
    performs = firms.research.performer == 1
    arrival = traits.arrival * np.where(performs, 1.0, traits.idle_factor)
    arrival = arrival * ((firms.identity.alive == 1) & (firms.identity.stratum != TEAM))
    against_none = arrival[:, None] * came / lasting
    none = 1.0 / (1.0 + against_none.sum(axis=1))
    done = none * arrival * worthy * cost / ends * traits.ripening / traits.step
    return Usual(against_none * none[:, None], payable, traits.research_part * done)


def median_cost(region: Region) -> np.ndarray:
    """Median cost of a new project, yuan, by row."""
    traits = region.traits.projects
    found: np.ndarray = traits.cost * MILLION * exps(traits.cost_slope * logs(np.maximum(region.firms.books.sales_1, 1e5) / MILLION))
    return found


def means_of_year(region: Region) -> np.ndarray:
    """Money at hand for a project, yuan, by row, in the mean of a year's quarters; R&D is paid for by its markup."""
    firms, traits = region.firms, region.traits
    money = firms.money
    profit = profit_before_rd(firms, firms.market.sales, traits.market)
    kept = profit - traits.market.interest / traits.market.step * money.debt
    lent = traits.research.collateral * money.working_capital - money.debt
    found: np.ndarray = np.maximum(0.0, money.cash + lent + traits.projects.step * profit + MID_YEAR * kept)
    return found


def worth_it(region: Region) -> float:
    """Share of new projects that are worth their cost without support."""
    traits = region.traits.projects
    return share_below(log(traits.worth) / traits.worth_spread)


def begin_projects(region: Region, living: np.ndarray) -> None:
    """Projects that wait, each with its cost and worth, as `usual_projects` balances them."""
    firms, traits, ids = region.firms, region.traits.projects, region.firms.identity.id[living]
    usual = usual_projects(region, firms.research.plan)
    ladder = np.cumsum(usual.waiting[living], axis=1)
    kind = (uniforms(region.seed, Stream.PROJECT_ARRIVES, ids, 1)[:, None] > ladder).sum(axis=1)
    chance, payable = uniforms(region.seed, Stream.PROJECT_COST, ids, 1), usual.payable[living]
    chance = np.where(kind == FEASIBLE, payable * chance, np.where(kind == TOO_DEAR, payable + (1.0 - payable) * chance, chance))
    worth, worthy = uniforms(region.seed, Stream.PROJECT_WORTH, ids, 1), worth_it(region)
    worth = np.where(kind == WORTHLESS, (1.0 - worthy) * worth, 1.0 - worthy + worthy * worth)
    cost = median_cost(region)[living] * exps(traits.cost_spread * quantiles(np.clip(chance, 1e-9, 1.0 - 1e-9)))
    firms.ventures.project_worth[living] = traits.worth * exps(traits.worth_spread * quantiles(np.clip(worth, 1e-9, 1.0 - 1e-9)))
    firms.ventures.project[living] = np.where(kind <= TOO_DEAR, cost, 0.0)
