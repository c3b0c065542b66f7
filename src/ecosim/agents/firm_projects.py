"""Indivisible projects: they come, ripen, are begun where they are worth the price and there is money, and take years. Stage: projects."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log
from ..chance import Stream, uniform
from ..columns import gathered, rows_where
from ..draws import drawn_normals
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm import TEAM
from .firm_research import spendable

SMALLEST = 0.002
"""R&D by which a project is measured at least, million yuan a year: what suits sales of a hundred thousand yuan."""


class ProjectTraits(NamedTuple):
    """When projects come, what they cost, how long they wait and take."""

    arrival: Annotated[
        float,
        Prior(
            0.39,
            0.21,
            0.60,
            "1/year",
            "chance that a performer meets the idea of a project",
            "有研发活动企业遇到项目机会的概率",
            per="hazard",
        ),
    ]
    idle_factor: Annotated[
        float, Prior(0.3, 0.1, 0.6, "share", "the same chance of a firm without R&D, as a share", "无研发活动企业遇到项目机会的相对概率")
    ]
    cost: Annotated[
        float,
        Prior(
            2.5,
            1.5,
            4.0,
            "million yuan",
            "cost of a project of a firm with a million yuan of R&D a year",
            "年研发经费一百万元企业的项目成本",
            scale="log",
            source="R&D projects of industry, Qinghai 2019, Wenzhou 2017 (B)",
        ),
    ]
    cost_slope: Annotated[
        float,
        Prior(
            0.6,
            0.45,
            0.75,
            "1",
            "rise of the cost with R&D",
            "项目成本随研发经费的上升",
            source="R&D projects by size of firm, Wenzhou 2017 (B)",
        ),
    ]
    cost_spread: Annotated[float, Prior(0.5, 0.3, 0.8, "ln", "spread of the cost", "项目成本的离散度")]
    worth: Annotated[
        float,
        Prior(
            1.0, 0.7, 1.4, "1", "median value of a project to the firm over its cost", "项目对企业的价值与成本之比（中位数）", scale="log"
        ),
    ]
    worth_spread: Annotated[float, Prior(0.5, 0.3, 0.8, "ln", "spread of that value", "项目价值的离散度")]
    ripening: Annotated[
        float, Prior(0.76, 0.5, 0.9, "1/year", "chance that a waiting project is ready", "待实施项目成熟的概率", per="hazard")
    ]
    drop: Annotated[
        float, Prior(0.22, 0.1, 0.35, "1/year", "chance that a waiting project is given up", "待实施项目被放弃的概率", per="hazard")
    ]
    duration: Annotated[
        float,
        Prior(2.0, 1.5, 3.0, "years", "time a project takes once begun", "项目实施的年限", source="terms of project grants (B)"),
    ]
    research_part: Annotated[float, Prior(0.3, 0.2, 0.5, "share", "research in the cost of a project", "项目成本中的研发部分")]
    reserve: Annotated[
        float, Prior(0.5, 0.25, 1.0, "years of R&D", "R&D money kept back when a project is paid for", "付项目款时留存的研发资金")
    ]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]
    million: Annotated[
        float, Prior(1e6, 1e6, 1e6, "yuan", "a million yuan of the start", "期初价格的一百万元", source="definition (A)", money=1.0)
    ]


@inlined_kernel
def capacity(performs, startup, plan, intensity, sales):
    """R&D by which a firm's projects are measured, yuan a year: what it does, or what would suit its sales where it does none.

    A start-up's plan is a project of its own already; what else it meets is measured by its sales.
    """
    return plan if performs & (not startup) else intensity * sales


@inlined_kernel
def project_cost(rd, cost, slope, spread, shock, million):
    """Cost of a new project, yuan: lognormal, and concave in R&D, since firms with more of it do more projects (rd: `capacity`)."""
    return cost * million * exp(slope * log(max(rd / million, SMALLEST)) + spread * shock)


@inlined_kernel
def gain_from_project(cost, worth, support):
    """What carrying a project out gains the firm, yuan: its value less the part of the cost the firm bears.

    A grant for a defined project lowers its price, not that of research at large (Takalo et al. 2013).
    """
    return worth * cost - (cost - support)


@inlined_kernel
def can_pay(means, support, cost, kept):
    """Whether a firm can pay for a project, all in yuan: its own part from its means, beside the R&D money it keeps back.

    A project that others pay in full needs no means.
    """
    return (support >= cost) | (means + support > cost + kept)


@inlined_kernel
def waits(cost, left):
    """Whether a firm has a project that it has not begun."""
    return (cost > 0.0) & (left == 0.0)


@inlined_kernel
def due_for_work(cost, left, step, duration):
    """What a step of a running project costs, yuan: an equal part of the whole, at the end what is left."""
    part = cost * step / duration
    return left if left < part + 1.0 else part


@kernel
def projects(identity, market, money, books, research, ventures, granted, due, traits, collateral, seed, moment, quarter):
    """Meet, give up, begin and carry on projects; returns money invested outside research and in it, exact units, and projects done.

    A firm has one at a time. granted: grant that each firm receives if it carries its project out, yuan; due: what of it is not paid yet
    and falls due with the work, so that the firm needs only its own part.
    """
    rows = identity.alive.size
    arrives, ends, ripe, runs = np.empty(rows, np.int8), np.empty(rows, np.int8), np.empty(rows, np.int8), np.empty(rows, np.int8)
    for i in range(rows):
        who, cost, left = identity.id[i], ventures.project[i], ventures.project_left[i]
        meets, ripens = uniform(seed, Stream.PROJECT_ARRIVES, who, moment), uniform(seed, Stream.PROJECT_ENDS, who, moment)
        drops = uniform(seed, Stream.PROJECT_DROPPED, who, moment)
        chance = traits.arrival * (1.0 if research.performer[i] == 1 else traits.idle_factor)
        able = (identity.alive[i] == 1) & (identity.stratum[i] != TEAM)
        arrives[i] = 1 if able & (cost == 0.0) & (meets < chance) else 0
        ends[i] = 1 if able & waits(cost, left) & ((ripens < traits.ripening) | (drops < traits.drop)) else 0
        runs[i] = 1 if able & (left > 0.0) else 0
        ripe[i] = 1 if ripens < traits.ripening else 0
        ventures.project_rd[i] = 0.0
    meet_projects(rows_where(arrives), identity.id, market.sales, research, ventures, traits, seed, moment)
    for i in rows_where(ends):
        cost = ventures.project[i]
        if (ripe[i] == 0) | (gain_from_project(cost, np.float64(ventures.project_worth[i]), granted[i]) < 0.0):
            ventures.project[i] = 0.0
        elif can_pay(means_of(i, market, money, collateral, traits.step), due[i], cost, traits.reserve * research.rd[i]):
            ventures.project_left[i] = cost
            ventures.begun[i] = quarter
            runs[i] = 1
    return carry_on(rows_where(runs), market, money, books, ventures, traits, collateral, quarter)


@inlined_kernel
def means_of(i, market, money, collateral, step):
    """Money at hand for a project, yuan, payments of this quarter included."""
    return money.net[i] + spendable(money.cash[i], money.debt[i], np.float64(market.profit[i]), money.working_capital[i], collateral, step)


@kernel
def carry_on(rows, market, money, books, ventures, traits, collateral, quarter):
    """A step of work on running projects, of which part is research; a project rests while there is no money for it.

    Returns money invested outside research and in it, exact units, and projects done.
    """
    invested, researched, done = 0, 0, 0
    for i in rows:
        paid = due_for_work(ventures.project[i], ventures.project_left[i], traits.step, traits.duration)
        if means_of(i, market, money, collateral, traits.step) >= paid:
            part = traits.research_part * paid
            ventures.project_left[i] -= paid
            ventures.project_rd[i] = part
            money.net[i] -= paid
            books.rd_year[i] += part
            books.reported_year[i] += part
            books.profit_year[i] -= part
            invested += exact_units(paid - part)
            researched += exact_units(part)
            if ventures.project_left[i] == 0.0:
                ventures.project[i] = 0.0
                ventures.done[i] = quarter
                done += 1
    return invested, researched, done


@kernel
def meet_projects(rows, identities, sales, research, ventures, traits, seed, moment):
    """New projects."""
    who, rd = gathered(identities, rows), np.empty(rows.size)
    shocks, luck = drawn_normals(seed, Stream.PROJECT_COST, who, moment), drawn_normals(seed, Stream.PROJECT_WORTH, who, moment)
    costs, worths = np.empty(rows.size), np.empty(rows.size)
    for f in range(rows.size):
        i = rows[f]
        performs, startup, intensity = research.performer[i] == 1, research.startup[i] == 1, np.float64(research.intensity[i])
        rd[f] = capacity(performs, startup, research.plan[i], intensity, sales[i])
    for f in range(rows.size):
        costs[f] = project_cost(rd[f], traits.cost, traits.cost_slope, traits.cost_spread, shocks[f], traits.million)
        worths[f] = traits.worth * exp(traits.worth_spread * luck[f])
    for f in range(rows.size):
        ventures.project[rows[f]] = costs[f]
        ventures.project_worth[rows[f]] = worths[f]
