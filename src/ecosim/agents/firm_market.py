"""The firm in its market. Stage: trade (competitiveness, sales, operating profit, working capital, interest)."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log, ordinary_log
from ..chance import Stream, exponential, normal, shock
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm import TEAM

MIDDLING = 25.0
"""Yearly sales, million yuan of the start, at which `volatility` is measured."""
OWNER_RUN = 3.0
"""Yearly sales, million yuan of the start, up to which owners do the office work and overhead is in proportion; assumed, 1 to 5."""


class MarketTraits(NamedTuple):
    """How markets select, shake and pay firms."""

    selection: Annotated[
        float, Prior(0.30, 0.05, 0.40, "1/year", "growth per unit of competitiveness", "单位竞争力带来的销售增长", per="flow")
    ]
    reversion: Annotated[
        float, Prior(0.03, 0.01, 0.06, "1/year", "pull of sales to the firm's natural size", "销售向企业自然规模的回归", per="flow")
    ]
    volatility: Annotated[
        float,
        Prior(
            0.18,
            0.12,
            0.28,
            "ln/year",
            "spread of yearly growth at 25 million yuan (S2)",
            "年销售收入2500万元企业的增长率离散度（S2）",
            per="spread",
            scale="log",
        ),
    ]
    volatility_slope: Annotated[
        float,
        Prior(
            0.20, 0.14, 0.26, "1", "fall of that spread with size (S2)", "增长率离散度随规模的下降（S2）", source="Amaral et al. 1997 (A)"
        ),
    ]
    fitness_decay: Annotated[
        float, Prior(0.15, 0.08, 0.25, "1/year", "fading of passing competitiveness", "暂时竞争力的消退", per="hazard")
    ]
    fitness_noise: Annotated[float, Prior(0.06, 0.03, 0.10, "ln/year", "spread of its shocks", "暂时竞争力冲击的离散度", per="spread")]
    learning_weight: Annotated[
        float,
        Prior(
            0.09,
            0.02,
            0.20,
            "1",
            "competitiveness per unit of log knowledge (K4)",
            "单位对数知识存量带来的竞争力（K4）",
            source="Chen et al. 2021 (B)",
        ),
    ]
    knowhow: Annotated[
        float,
        Prior(
            0.005,
            0.001,
            0.02,
            "years of sales",
            "know-how that production itself gives, as knowledge beside that from R&D",
            "生产经验：等同于研发知识的部分",
            scale="log",
        ),
    ]
    margin: Annotated[
        float,
        Prior(
            0.075,
            0.065,
            0.085,
            "share",
            "operating margin after usual R&D, before overhead",
            "扣除常规研发、未扣固定费用的营业利润率",
            source="Nantong 2017-18, end 2019 assumed (D)",
        ),
    ]
    margin_edge: Annotated[float, Prior(0.40, 0.20, 0.60, "share", "margin per unit of competitiveness", "单位竞争力带来的利润率")]
    overhead: Annotated[
        float,
        Prior(
            85.0,
            60.0,
            110.0,
            "sqrt yuan",
            "fixed cost a year is this times the root of yearly sales",
            "固定费用系数：乘以年销售收入的平方根",
            money=0.5,
        ),
    ]
    staff_returns: Annotated[float, Prior(0.5, 0.3, 0.7, "1", "rise of wanted staff with nominal sales", "所需职工对销售收入的弹性")]
    staff_speed: Annotated[
        float,
        Prior(
            0.4,
            0.2,
            0.6,
            "1/year",
            "yearly closing of the gap to wanted staff",
            "职工人数向所需人数的年调整比例",
            source="Arellano & Bond 1991 (B)",
            per="hazard",
        ),
    ]
    rd_per_head: Annotated[
        float,
        Prior(
            461_000.0,
            380_000.0,
            560_000.0,
            "yuan/year",
            "R&D for each full-time person in it",
            "研发人员人均研发经费（全时当量）",
            source="NBS 2019 (A)",
            money=1.0,
        ),
    ]
    wage_share: Annotated[float, Prior(0.20, 0.12, 0.28, "share", "wages in operating cost", "工资占营业成本比例")]
    working_capital: Annotated[
        float, Prior(0.32, 0.28, 0.36, "years of sales", "receivables and stocks", "应收账款与存货", source="Jiangsu SMEs 2020 (A)")
    ]
    interest: Annotated[float, Prior(0.067, 0.06, 0.074, "1/year", "loan rate", "贷款利率", source="CBIRC 2019 (B)", per="flow")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]
    million: Annotated[
        float, Prior(1e6, 1e6, 1e6, "yuan", "a million yuan of the start", "期初价格的一百万元", source="definition (A)", money=1.0)
    ]


@inlined_kernel
def competitiveness(fitness, learning_weight, knowledge, reference, knowhow):
    """E = z + lambda ln((K + H) / (K0 + H)), log points; Griliches (1979) knowledge capital in a replicator's fitness.

    knowhow: H, yuan, what production itself teaches, in step with sales: the same knowledge moves a large firm less.
    """
    return fitness + learning_weight * ordinary_log((knowledge + knowhow) / (reference + knowhow))


@inlined_kernel
def fitness_after(fitness, decay, spread, draw):
    """Passing competitiveness one step on: it fades and is shaken."""
    return fitness * (1.0 - decay) + spread * draw


@inlined_kernel
def sales_growth(demand, selection, edge, reversion, distance, volatility, slope, size, scale, draw):
    """Log growth of sales in one step.

    Replicator term, pull to natural size, and noise whose steps add up to a Laplace year: one exponential per firm and year scales
    normal draws (Bottazzi & Secchi 2006); the spread falls with size as in Amaral et al. (1997). size: ln(sales / middling sales).
    """
    noise = sqrt(scale) * volatility * exp(-slope * size) * draw
    return demand + selection * edge - reversion * distance + max(-0.7, min(0.7, noise))


@inlined_kernel
def operating_profit(sales, edge, margin, markup, margin_edge, overhead, owner_run):
    """Profit before R&D, interest and tax, yuan a year: a margin that rises with the edge, less overhead that
    is concave in sales (its root) once owners no longer do the office work themselves
    (beyond sales of `owner_run`).

    markup: what buyers of research-intensive products pay for the research in them (Dorfman & Steiner 1954).
    """
    return (margin + markup + margin_edge * max(-0.5, min(0.5, edge))) * sales - overhead * sales / sqrt(max(sales, owner_run))


@inlined_kernel
def wanted_staff(staffing, log_sales, returns, advantage, researchers):
    """Staff the firm would like, persons: for what it sells, fewer where knowledge makes it productive, and its researchers.

    advantage: log productivity from knowledge over the sector's.
    """
    return exp(staffing + returns * log_sales - advantage) + researchers


@inlined_kernel
def staffing_of(staff, log_sales, returns, advantage, researchers):
    """The trait at which `wanted_staff` is the staff at hand; at most three quarters of it do research."""
    return log(max(0.25 * staff, staff - researchers)) - returns * log_sales + advantage


@inlined_kernel
def staff_after(staff, wanted, speed):
    """Staff one step on: hiring and firing close a part of the gap (Hamermesh 1993)."""
    return staff + speed * (wanted - staff)


@kernel
def trade(identity, market, money, knowledge, books, research, demand, level, traits, follow, seed, year, moment):
    """Sell for a quarter; R&D budgets follow sales by the part `follow`.

    demand, level: log growth of demand and competitiveness of rivals by sector. Returns revenue, wages, materials, trade credit and
    interest of all firms in exact units.
    """
    revenue, wages, materials, credit, interest = 0, 0, 0, 0, 0
    rows = identity.alive.size
    change, rivals = np.empty(rows), np.empty(rows)
    middling, owner_run = log(MIDDLING * traits.million), OWNER_RUN * traits.million
    for i in range(rows):
        change[i] = demand[max(0, identity.sector[i])]
        rivals[i] = level[max(0, identity.sector[i])] - market.vintage[i]
    for i in range(rows):
        live = identity.alive[i] == 1
        who = identity.id[i]
        before = max(1.0, market.sales[i])
        known, reference = max(1.0, knowledge.knowledge[i]), max(1.0, knowledge.reference[i])
        fitness, anchor = np.float64(market.fitness[i]), np.float64(market.anchor[i])
        debt, plan = money.debt[i], research.plan[i]
        tied_before, net = money.working_capital[i], money.net[i]
        edge = competitiveness(fitness, traits.learning_weight, known, reference, traits.knowhow * before) - rivals[i]
        log_sales = ordinary_log(before)
        growth = sales_growth(
            change[i],
            traits.selection,
            edge,
            traits.reversion,
            log_sales - anchor,
            traits.volatility,
            traits.volatility_slope,
            log_sales - middling,
            exponential(seed, Stream.GROWTH_SCALE, who, year),
            normal(seed, Stream.GROWTH, who, moment),
        )
        factor = exp(growth)
        sales = before * factor
        profit = operating_profit(sales, edge, traits.margin, np.float64(market.markup[i]), traits.margin_edge, traits.overhead, owner_run)
        sales = sales if live else 0.0
        profit = profit if live & (identity.stratum[i] != TEAM) else 0.0
        tied = traits.working_capital * sales - tied_before
        charge = traits.interest * debt
        income = sales * traits.step
        cost = income - profit * traits.step
        pay = cost * traits.wage_share
        market.fitness[i] = fitness_after(fitness, traits.fitness_decay, traits.fitness_noise, shock(seed, Stream.FITNESS, who, moment))
        market.anchor[i] = anchor + change[i]
        market.sales[i] = sales
        wanted = wanted_staff(
            np.float64(market.staffing[i]),
            log_sales + growth,
            traits.staff_returns,
            traits.learning_weight * ordinary_log(known / reference),
            research.rd[i] / traits.rd_per_head,
        )
        market.employees[i] = staff_after(np.float64(market.employees[i]), wanted, traits.staff_speed)
        market.edge[i] = edge
        market.profit[i] = profit
        money.working_capital[i] = tied_before + tied
        money.net[i] = net + (income - cost - tied - charge)
        books.sales_year[i] += income
        books.profit_year[i] += profit * traits.step - charge
        budget = exp(follow * growth)
        research.plan[i] = plan * (1.0 if research.startup[i] == 1 else budget)
        revenue += exact_units(income)
        wages += exact_units(pay)
        materials += exact_units(cost - pay)
        credit += exact_units(tied)
        interest += exact_units(charge)
    return revenue, wages, materials, credit, interest
