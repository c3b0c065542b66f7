"""The firm's own R&D: whether, how much, with what money. Stage: research."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log
from ..chance import Stream, shock
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm_tax import marginal_rate, user_cost

BUDGET = 0.25
"""Years for which a firm budgets: it holds the R&D of a quarter against the money of a quarter."""
LEAST = 1000.0
"""Yearly R&D of a performer at least, yuan; what the plan falls to, step by step, where R&D no longer pays."""
RESEARCHER = 0.461
"""R&D of a year for one full-time person in it, million yuan of the start (NBS 2019, A): with less, nobody is left to be let go."""


class ResearchTraits(NamedTuple):
    """How firms decide on R&D."""

    elasticity: Annotated[
        float, Prior(1.2, 0.1, 1.6, "1", "response of wanted R&D to its user cost, long run", "研发投入对使用成本的长期弹性")
    ]
    speed: Annotated[
        float,
        Prior(
            0.14,
            0.08,
            0.40,
            "1/year",
            "yearly closing of the gap between plan and wish",
            "研发计划向意愿的年调整比例",
            per="flow",
            scale="log",
        ),
    ]
    follow: Annotated[
        float, Prior(0.7, 0.3, 1.0, "1", "part of a change in sales that the R&D budget follows at once", "研发预算当即跟随销售变动的部分")
    ]
    start_size: Annotated[
        float, Prior(0.22, 0.12, 0.32, "1", "rise of the value of R&D with the log of sales", "研发价值随对数销售收入的上升")
    ]
    start_spread: Annotated[
        float, Prior(0.60, 0.30, 1.00, "ln", "spread, between firms, of the distance to the bar of doing R&D", "企业离研发门槛距离的离散度")
    ]
    running_cost: Annotated[
        float, Prior(20_000.0, 5_000.0, 40_000.0, "yuan/year", "fixed cost of doing R&D", "维持研发的年固定成本", money=1.0)
    ]
    starting_cost: Annotated[
        float,
        Prior(250_000.0, 100_000.0, 500_000.0, "yuan", "cost of starting R&D, paid once", "启动研发的一次性成本", scale="log", money=1.0),
    ]
    starting_rate: Annotated[float, Prior(0.20, 0.15, 0.30, "1/year", "yearly return asked of that cost", "启动成本要求的年回报率")]
    start_level: Annotated[
        float, Prior(0.05, 0.02, 0.15, "share", "share of the wish at which a starter begins", "新开展研发的企业起步时占意愿研发的比例")
    ]
    shift_memory: Annotated[
        float,
        Prior(0.97, 0.95, 0.99, "1/quarter", "persistence of the passing inclination", "暂时研发倾向的持续性", per="quarterly memory"),
    ]
    shift_noise: Annotated[float, Prior(0.06, 0.03, 0.12, "ln/year", "spread of its shocks", "暂时研发倾向冲击的离散度", per="spread")]
    money_share: Annotated[
        float, Prior(0.5, 0.3, 0.7, "share", "spendable money a firm puts into R&D at most", "可动用资金中用于研发的上限")
    ]
    collateral: Annotated[float, Prior(0.58, 0.40, 0.75, "share", "working capital that banks lend against", "银行按营运资金放贷的比例")]
    reference_cost: Annotated[
        float, Prior(0.85, 0.85, 0.85, "1", "user cost at which intensity is measured", "度量研发强度时的使用成本", source="definition (A)")
    ]
    relabel_price: Annotated[float, Prior(0.05, 0.02, 0.10, "share", "cost of presenting other costs as R&D", "把其他费用列作研发的成本")]
    wage_part: Annotated[float, Prior(0.5, 0.4, 0.6, "share", "wages in R&D", "工资占研发费用比例", source="NBS 2019 R&D per person (B)")]
    future_use: Annotated[float, Prior(0.6, 0.4, 0.8, "share", "value today of a deduction carried forward", "结转扣除额的现值比例")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]
    million: Annotated[
        float, Prior(1e6, 1e6, 1e6, "yuan", "a million yuan of the start", "期初价格的一百万元", source="definition (A)", money=1.0)
    ]


@inlined_kernel
def spendable(cash, debt, profit, working_capital, collateral, step):
    """Money at hand, yuan: deposits, this quarter's profit and what the bank still lends against receivables and stocks."""
    return max(0.0, cash + profit * step + collateral * working_capital - debt)


@inlined_kernel
def means_left(i, money, collateral):
    """Money a firm can still pay for research from others this quarter, yuan: what is in hand and what the bank still lends."""
    return spendable(money.cash[i] + money.net[i], money.debt[i], 0.0, money.working_capital[i], collateral, 0.0)


@inlined_kernel
def wanted_rd(sales, intensity, relative_cost, elasticity):
    """R&D the firm would like to do, yuan a year. R* = nu S u^-eta; Hall & Van Reenen (2000) for the constant elasticity."""
    return intensity * sales * exp(-elasticity * log(relative_cost))


@inlined_kernel
def plan_after(plan, wanted, speed):
    """The plan one step on: it closes a fixed part of the log gap to the wish (adjustment costs; Bloom et al. 2002)."""
    return plan * exp(speed * log(wanted / plan))


@inlined_kernel
def raised_after(raised, topup, speed):
    """R&D above the plan one step on, yuan a year: at once what the certificate asks for (Chen et al. 2021), let go as slowly as plans."""
    return max(topup, (1.0 - speed) * raised)


@inlined_kernel
def value_of_rd(sales, intensity, size_slope, inclination, million):
    """Yearly value of doing R&D, yuan: it rises more than in proportion with size."""
    return intensity * sales * exp(inclination + size_slope * log(sales / million))


@inlined_kernel
def does_rd(performs, value, bill, running, starting):
    """Whether to do R&D: going on must cover the running cost, beginning also the cost of starting (hysteresis)."""
    return value > bill + running + (0.0 if performs else starting)


@inlined_kernel
def winds_down(performs, plan, one):
    """Whether a performer for which R&D no longer pays still does some: while it plans for more than one person's R&D, `one`, yuan a year.

    Researchers are let go as slowly as they are hired (adjustment costs; Hall & Van Reenen 2000).
    """
    return performs & (plan > one)


@kernel
def research(identity, market, money, books, research, levers, law, traits, wage, seed, moment):
    """Decide and do R&D for a quarter at the wage index `wage` of R&D staff.

    Returns R&D bill, cost of relabelling (exact units) and the number of firms held down by money.
    """
    bill_total, relabel_total, held_down = 0, 0, 0
    for i in range(identity.alive.size):
        live = identity.alive[i] == 1
        sales = max(1.0, market.sales[i])
        cash, debt, tied, net = money.cash[i], money.debt[i], money.working_capital[i], money.net[i]
        before, income = research.plan[i], books.taxable[i]
        began, startup = research.performer[i] == 1, research.startup[i] == 1
        shift = traits.shift_memory * np.float64(research.start_shift[i]) + traits.shift_noise * shock(
            seed, Stream.START, identity.id[i], moment
        )
        intensity = max(1e-6, np.float64(research.intensity[i]))
        rate = marginal_rate(income, np.float64(market.employees[i]), tied + 0.5 * sales + cash, law, levers.tax_ceiling[i])
        used = 1.0 if income > 0.0 else traits.future_use
        cost = user_cost(rate, levers.deduction[i], used)
        relative = cost * levers.rd_price[i] / traits.reference_cost
        wanted = wanted_rd(sales, intensity, relative, traits.elasticity)
        wish = before if startup else wanted
        value = value_of_rd(sales, intensity, traits.start_size, np.float64(research.start_taste[i]) + shift, traits.million)
        starting = traits.starting_cost * traits.starting_rate * levers.start_cost[i]
        pays = does_rd(began, value, relative * intensity * sales, relative * traits.running_cost, relative * starting)
        keeps = pays | startup | (began & (books.pursues[i] == 1))
        adjusted = plan_after(max(1.0, before), max(1.0, wish if keeps else LEAST), traits.speed)
        goes = live & (keeps | winds_down(began, adjusted, RESEARCHER * traits.million))
        begun = traits.start_level * wish
        kept = max(LEAST, adjusted if began else begun)
        plan = kept if goes else 0.0
        raised = raised_after(np.float64(research.raised[i]), np.float64(research.topup[i]) * sales, traits.speed)
        aim = plan + raised
        means = traits.money_share * spendable(cash, debt, np.float64(market.profit[i]), tied, traits.collateral, BUDGET)
        affordable = means / (levers.rd_price[i] * BUDGET)
        spent = (aim if aim < affordable else affordable) if goes else 0.0
        hides = np.float64(research.relabel_share[i]) * sales
        extra = hides if goes else 0.0
        short = goes & (spent < aim)
        bill = spent * levers.rd_price[i] * traits.step
        hidden = traits.relabel_price * extra * traits.step
        research.start_shift[i] = shift
        research.performer[i] = 1 if goes else 0
        research.plan[i] = plan
        research.raised[i] = raised if goes else 0.0
        research.rd[i] = spent / wage
        research.relabelled[i] = extra
        research.bound[i] = 1 if short else 0
        books.rd_year[i] += spent / wage * traits.step
        books.reported_year[i] += (spent + extra) * traits.step
        books.profit_year[i] -= bill + hidden
        money.net[i] = net - (bill + hidden)
        bill_total += exact_units(bill)
        relabel_total += exact_units(hidden)
        held_down += 1 if short else 0
    return bill_total, relabel_total, held_down
