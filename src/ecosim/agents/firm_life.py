"""Settling, leaving, graduating and founding. Stages: settle, close (exit), graduate, found (entry)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units
from ..chance import Stream, uniform
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT


class LifeTraits(NamedTuple):
    """Who leaves and who comes."""

    residual_small: Annotated[float, Prior(0.4, 0.2, 0.7, "share", "part of the registry's age hazard of small firms not due to money")]
    residual_large: Annotated[float, Prior(0.008, 0.003, 0.015, "1/year", "exit of above-scale firms for other reasons", per="hazard")]
    smallest: Annotated[
        float, Prior(60_000.0, 30_000.0, 150_000.0, "yuan/year", "sales below which a firm past its third year closes", scale="log")
    ]
    recovery: Annotated[float, Prior(0.5, 0.3, 0.7, "share", "working capital recovered on closing")]
    repayment: Annotated[float, Prior(0.10, 0.06, 0.14, "years of sales", "deposit kept before loans are repaid")]
    conversion: Annotated[float, Prior(0.18, 0.10, 0.30, "1/year", "teams that become firms", per="hazard")]
    dissolution: Annotated[float, Prior(0.22, 0.12, 0.35, "1/year", "teams that give up", per="hazard")]
    stay: Annotated[float, Prior(14.0, 12.0, 16.0, "quarters", "longest stay in an incubator", source="graduation rules: 42 months (B)")]
    graduation_sales: Annotated[
        float, Prior(5e6, 4e6, 6e6, "yuan/year", "yearly sales that let a tenant with patents graduate", source="graduation rules (B)")
    ]
    entry_small: Annotated[
        float, Prior(0.19, 0.14, 0.25, "1/year", "would-be founders that start in a year, of the small firms at the start", per="flow")
    ]
    entry_large: Annotated[
        float, Prior(0.022, 0.010, 0.035, "1/year", "recruited above-scale projects a year, of those at the start", per="flow")
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
    return np.array([lent, repaid])


@inlined_kernel
def leaves(worth, sales, age, smallest, hazard, draw):
    """Whether a firm closes: broke, too small to live after its third year, or for another reason (residual age hazard)."""
    return worth < 0.0 or (sales < smallest and age >= 12) or draw < hazard


@kernel
def close(identity, market, money, ventures, tenants, age_hazard, traits, seed, quarter):
    """Close firms; frees their rows and places. age_hazard: residual hazard per quarter of small firms by year of life.

    Returns firms closed above and below scale, recovered working capital, repaid debt, money left to owners and debt written off.
    """
    large, small, recovered, repaid, left, lost = 0, 0, 0, 0, 0, 0
    rows = identity.alive.size
    draws = np.empty(rows)
    for i in range(rows):
        draws[i] = uniform(seed, Stream.EXIT, identity.id[i], quarter)
    for i in range(rows):
        if identity.alive[i]:
            age = quarter - identity.born[i]
            above = identity.stratum[i] <= OTHER
            draw = draws[i]
            worth = money.cash[i] - money.debt[i] + money.working_capital[i]
            if identity.stratum[i] == TEAM:
                gone = draw < traits.dissolution or worth < 0.0
            else:
                hazard = traits.residual_large if above else age_hazard[min(age // 4, age_hazard.size - 1)]
                gone = leaves(worth, market.sales[i], age, traits.smallest, hazard, draw)
            if gone:
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
                large += 1 if above else 0
                small += 0 if above else 1
    return np.array([large, small, recovered, repaid, left, lost])


@kernel
def graduate(identity, market, knowledge, ventures, tenants, traits, seed, quarter):
    """Teams become firms, tenants leave their incubators, small firms cross the line of above-scale; returns each count."""
    converted, graduated, crossed = 0, 0, 0
    for i in range(identity.alive.size):
        if identity.alive[i]:
            stratum = identity.stratum[i]
            if stratum == TEAM:
                if uniform(seed, Stream.CONVERSION, identity.id[i], quarter) < traits.conversion:
                    identity.stratum[i] = TENANT
                    identity.born[i] = quarter
                    converted += 1
            elif stratum == TENANT:
                proven = market.sales[i] > traits.graduation_sales and knowledge.inventions[i] + knowledge.utility[i] > 0.5
                if proven or quarter - ventures.admitted[i] > traits.stay:
                    identity.stratum[i] = SME
                    graduated += 1
                    if ventures.carrier[i] >= 0:
                        tenants[ventures.carrier[i]] -= 1.0
                        ventures.carrier[i] = -1
            elif stratum == SME and market.sales[i] > 20e6 and quarter % 4 == 3:
                identity.stratum[i] = INDUSTRIAL if identity.manufacturing[i] == 1 else OTHER
                crossed += 1
            elif stratum <= OTHER and market.sales[i] < 14e6 and quarter % 4 == 3:
                identity.stratum[i] = SME
                crossed -= 1
    return np.array([converted, graduated, crossed])
