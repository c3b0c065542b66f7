"""Settling, leaving, graduating and founding. Stages: settle, close (exit), graduate, found (entry)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log
from ..chance import Stream, uniform
from ..columns import gathered, rows_where
from ..draws import drawn_uniforms
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT

SMALL = 5.0
"""Yearly sales, million yuan of the start, of the firms that the registry's hazards speak of; assumed, 2 to 10."""


class LifeTraits(NamedTuple):
    """Who leaves and who comes."""

    residual_small: Annotated[
        float,
        Prior(
            0.4,
            0.2,
            0.7,
            "share",
            "part of the registry's age hazard of small firms not due to money",
            "小企业各年龄登记退出率中与资金无关的部分",
        ),
    ]
    residual_slope: Annotated[
        float,
        Prior(
            0.25,
            0.10,
            0.40,
            "1",
            "fall of that hazard with sales beyond those of a small firm",
            "小企业退出率随销售收入的下降",
            source="Dunne, Roberts & Samuelson 1989 (D)",
        ),
    ]
    smallest: Annotated[
        float,
        Prior(
            60_000.0,
            30_000.0,
            150_000.0,
            "yuan/year",
            "sales below which a firm past its third year closes",
            "成立三年后因销售收入过低而关闭的界限",
            scale="log",
            money=1.0,
        ),
    ]
    recovery: Annotated[float, Prior(0.5, 0.3, 0.7, "share", "working capital recovered on closing", "关闭时收回的营运资金")]
    repayment: Annotated[float, Prior(0.10, 0.06, 0.14, "years of sales", "deposit kept before loans are repaid", "还贷前保留的存款")]
    conversion: Annotated[float, Prior(0.18, 0.10, 0.30, "1/year", "teams that become firms", "团队转为企业的概率", per="hazard")]
    dissolution: Annotated[float, Prior(0.22, 0.12, 0.35, "1/year", "teams that give up", "团队解散的概率", per="hazard")]
    stay: Annotated[
        float, Prior(14.0, 12.0, 16.0, "quarters", "longest stay in an incubator", "在孵最长时间", source="graduation rules: 42 months (B)")
    ]
    graduation_sales: Annotated[
        float,
        Prior(
            5e6,
            4e6,
            6e6,
            "yuan/year",
            "yearly sales that let a tenant with patents graduate",
            "有专利的在孵企业毕业所需的年销售收入",
            source="graduation rules (B)",
        ),
    ]
    entry_small: Annotated[
        float,
        Prior(
            0.19,
            0.14,
            0.25,
            "1/year",
            "would-be founders that start in a year, of the small firms at the start",
            "每年起步的创业者，相对期初小企业数",
            per="flow",
        ),
    ]
    entry_large: Annotated[
        float,
        Prior(
            0.022,
            0.010,
            0.035,
            "1/year",
            "recruited above-scale projects a year, of those at the start",
            "每年招引的规上项目，相对期初规上企业数",
            per="flow",
        ),
    ]


@kernel
def settle(alive, sales, cash, debt, net, repayment):
    """Move the quarter's payments: what is short is lent by the bank, what is spare repays. Returns lent and repaid, exact units."""
    lent, repaid = 0, 0
    for i in range(alive.size):
        after = cash[i] + net[i]
        short = max(0.0, -after)
        spare = min(debt[i], max(0.0, after - repayment * sales[i]))
        lent += exact_units(short)
        repaid += exact_units(spare)
        debt[i] += short - spare
        cash[i] = after + short - spare
        net[i] = 0.0
    return lent, repaid


@inlined_kernel
def residual_hazard(by_age, sales, ordinary, slope):
    """Chance of closing for other reasons than money: of the age, and lower in larger firms (Dunne, Roberts & Samuelson 1989).

    It never rises with sales: a firm whose draw is above the chance of the smallest at any age stays, and is not looked at further.
    """
    return by_age * exp(-slope * log(max(1.0, sales / ordinary)))


@inlined_kernel
def leaves(worth, sales, age, smallest, hazard, draw):
    """Whether a firm closes: broke, too small to live after its third year, or for another reason."""
    return (worth < 0.0) | ((sales < smallest) & (age >= 12)) | (draw < hazard)


@kernel
def close(identity, market, money, ventures, tenants, age_hazard, traits, million, seed, moment, quarter):
    """Close firms; frees their rows and places. age_hazard: residual hazard per step of small firms by year of life; million: yuan.

    Returns firms closed above and below scale, recovered working capital, repaid debt, money left to owners and debt written off.
    """
    large, small, recovered, repaid, left, lost = 0, 0, 0, 0, 0, 0
    rows, ordinary, last = identity.alive.size, SMALL * million, age_hazard.size - 1
    highest, may_close = residual_hazard(age_hazard.max(), 0.0, ordinary, traits.residual_slope), np.empty(rows, np.int8)
    for i in range(rows):
        draw = uniform(seed, Stream.EXIT, identity.id[i], moment)
        worth = money.cash[i] - money.debt[i] + money.working_capital[i]
        may_leave = leaves(worth, market.sales[i], quarter - identity.born[i], traits.smallest, highest, draw)
        gives_up = (draw < traits.dissolution) | (worth < 0.0)
        may_close[i] = 1 if (identity.alive[i] == 1) & (gives_up if identity.stratum[i] == TEAM else may_leave) else 0
    candidates = rows_where(may_close)
    lots = drawn_uniforms(seed, Stream.EXIT, gathered(identity.id, candidates), moment)
    for f in range(candidates.size):
        i = candidates[f]
        worth, age = money.cash[i] - money.debt[i] + money.working_capital[i], quarter - identity.born[i]
        hazard = residual_hazard(age_hazard[min(max(0, age) // 4, last)], market.sales[i], ordinary, traits.residual_slope)
        if identity.stratum[i] != TEAM and not leaves(worth, market.sales[i], age, traits.smallest, hazard, lots[f]):
            continue
        salvage = traits.recovery * money.working_capital[i]
        paid = min(money.debt[i], money.cash[i] + salvage)
        recovered += exact_units(salvage)
        repaid += exact_units(paid)
        left += exact_units(money.cash[i] + salvage - paid)
        lost += exact_units(money.debt[i] - paid)
        if ventures.carrier[i] >= 0:
            tenants[ventures.carrier[i]] -= 1.0
        money.cash[i], money.debt[i], money.working_capital[i] = 0.0, 0.0, 0.0
        identity.alive[i] = 0
        large += 1 if identity.stratum[i] <= OTHER else 0
        small += 0 if identity.stratum[i] <= OTHER else 1
    return large, small, recovered, repaid, left, lost


@kernel
def graduate(identity, market, knowledge, ventures, tenants, traits, seed, moment, quarter, quarter_ends):
    """Teams become firms; at the end of a quarter tenants leave their incubators, at that of a year small firms cross the line of
    above-scale; returns each count.
    """
    converted, graduated, crossed = 0, 0, 0
    rows = identity.alive.size
    may_change = np.empty(rows, np.int8)
    for i in range(rows):
        stratum, sales = identity.stratum[i], market.sales[i]
        proven = (sales > traits.graduation_sales) & (knowledge.inventions[i] + knowledge.utility[i] > 0.5)
        grows_up = quarter_ends & (stratum == TENANT) & (proven | (quarter - ventures.admitted[i] > traits.stay))
        crosses = quarter_ends & (quarter % 4 == 3) & (((stratum == SME) & (sales > 20e6)) | ((stratum <= OTHER) & (sales < 14e6)))
        may_change[i] = 1 if (identity.alive[i] == 1) & ((stratum == TEAM) | grows_up | crosses) else 0
    changing = rows_where(may_change)
    lots = drawn_uniforms(seed, Stream.CONVERSION, gathered(identity.id, changing), moment)
    for f in range(changing.size):
        i = changing[f]
        stratum = identity.stratum[i]
        if stratum == TEAM:
            if lots[f] < traits.conversion:
                identity.stratum[i] = TENANT
                identity.born[i] = quarter
                converted += 1
        elif stratum == TENANT:
            identity.stratum[i] = SME
            graduated += 1
            if ventures.carrier[i] >= 0:
                tenants[ventures.carrier[i]] -= 1.0
                ventures.carrier[i] = -1
        elif stratum == SME:
            identity.stratum[i] = INDUSTRIAL if identity.manufacturing[i] == 1 else OTHER
            crossed += 1
        else:
            identity.stratum[i] = SME
            crossed -= 1
    return converted, graduated, crossed
