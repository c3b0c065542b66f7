"""The firm's own R&D: whether, how much, with what money. Stage: research."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exp, log
from ..chance import Stream, normal
from ..kernel import kernel
from ..ledger import UNIT
from ..parameters import Prior
from .firm_tax import marginal_rate, user_cost

MILLION = 1e6


class ResearchTraits(NamedTuple):
    """How firms decide on R&D."""

    elasticity: Annotated[float, Prior(1.2, 0.1, 1.6, "1", "response of wanted R&D to its user cost, long run")]
    speed: Annotated[float, Prior(0.14, 0.08, 0.40, "1/year", "yearly closing of the gap between plan and wish", per="flow", scale="log")]
    follow: Annotated[float, Prior(0.7, 0.3, 1.0, "1", "part of a change in sales that the R&D budget follows at once")]
    start_size: Annotated[float, Prior(0.22, 0.12, 0.32, "1", "rise of the value of R&D with the log of sales")]
    running_cost: Annotated[float, Prior(20_000.0, 5_000.0, 40_000.0, "yuan/year", "fixed cost of doing R&D")]
    starting_cost: Annotated[float, Prior(250_000.0, 100_000.0, 500_000.0, "yuan", "cost of starting R&D, paid once", scale="log")]
    starting_rate: Annotated[float, Prior(0.20, 0.15, 0.30, "1/year", "yearly return asked of that cost")]
    start_level: Annotated[float, Prior(0.05, 0.02, 0.15, "share", "share of the wish at which a starter begins")]
    shift_memory: Annotated[float, Prior(0.97, 0.95, 0.99, "1/quarter", "persistence of the passing inclination")]
    shift_noise: Annotated[float, Prior(0.06, 0.03, 0.12, "ln/year", "spread of its shocks", per="spread")]
    money_share: Annotated[float, Prior(0.5, 0.3, 0.7, "share", "spendable money a firm puts into R&D at most")]
    collateral: Annotated[float, Prior(0.58, 0.40, 0.75, "share", "working capital that banks lend against")]
    reference_cost: Annotated[float, Prior(0.85, 0.85, 0.85, "1", "user cost at which intensity is measured", source="definition (A)")]
    relabel_price: Annotated[float, Prior(0.05, 0.02, 0.10, "share", "cost of presenting other costs as R&D")]
    wage_part: Annotated[float, Prior(0.5, 0.4, 0.6, "share", "wages in R&D", source="NBS 2019 R&D per person (B)")]
    future_use: Annotated[float, Prior(0.6, 0.4, 0.8, "share", "value today of a deduction carried forward")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", source="definition (A)", per="flow")]


@kernel
def spendable(cash, debt, profit, working_capital, collateral, step):
    """Money at hand, yuan: deposits, this quarter's profit and what the bank still lends against receivables and stocks."""
    return max(0.0, cash + profit * step + collateral * working_capital - debt)


@kernel
def wanted_rd(sales, intensity, relative_cost, elasticity):
    """R&D the firm would like to do, yuan a year. R* = nu S u^-eta; Hall & Van Reenen (2000) for the constant elasticity."""
    return intensity * sales * exp(-elasticity * log(relative_cost))


@kernel
def plan_after(plan, wanted, speed):
    """The plan one step on: it closes a fixed part of the log gap to the wish (adjustment costs; Bloom et al. 2002)."""
    return plan * exp(speed * log(wanted / plan))


@kernel
def value_of_rd(sales, intensity, size_slope, inclination):
    """Yearly value of doing R&D, yuan: it rises more than in proportion with size."""
    return intensity * sales * exp(inclination + size_slope * log(sales / MILLION))


@kernel
def does_rd(performs, value, bill, running, starting):
    """Whether to do R&D: going on must cover the running cost, beginning also the cost of starting (hysteresis)."""
    return value > bill + running if performs else value > bill + running + starting


@kernel
def research(identity, market, money, books, research, levers, law, traits, wage, seed, quarter):
    """Decide and do R&D for a quarter at the wage index `wage` of R&D staff; returns R&D bill, cost of relabelling (exact units) and the number held down by money."""
    bill_total, relabel_total, held_down = 0, 0, 0
    for i in range(identity.alive.size):
        if identity.alive[i]:
            who = identity.id[i]
            sales = market.sales[i]
            shift = traits.shift_memory * research.start_shift[i] + traits.shift_noise * normal(seed, Stream.START, who, quarter)
            intensity = np.float64(research.intensity[i])
            income = books.taxable[i]
            assets = money.working_capital[i] + 0.5 * sales + money.cash[i]
            rate = marginal_rate(income, market.employees[i], assets, law, levers.tax_ceiling[i])
            cost = user_cost(rate, levers.deduction[i], 1.0 if income > 0.0 else traits.future_use)
            relative = cost * levers.rd_price[i] / traits.reference_cost
            wish = wanted_rd(sales, intensity, relative, traits.elasticity)
            value = value_of_rd(sales, intensity, traits.start_size, np.float64(research.start_taste[i]) + shift)
            starting = traits.starting_cost * traits.starting_rate * levers.start_cost[i]
            began = research.performer[i] == 1
            goes = does_rd(began, value, relative * intensity * sales, relative * traits.running_cost, relative * starting)
            if began and books.pursues[i] == 1:
                goes = True
            if research.startup[i] == 1:
                goes = True
                wish = research.plan[i]
            if goes:
                plan = plan_after(research.plan[i], wish, traits.speed) if began else traits.start_level * wish
                plan = max(plan, 1000.0)
                aim = plan + np.float64(research.topup[i]) * sales
                means = traits.money_share * spendable(
                    money.cash[i], money.debt[i], market.profit[i], money.working_capital[i], traits.collateral, traits.step
                ) / (levers.rd_price[i] * traits.step)
                spent = min(aim, means)
                bound = 1 if means < aim else 0
                extra = np.float64(research.relabel_share[i]) * sales
            else:
                plan, spent, bound, extra = 0.0, 0.0, 0, 0.0
            rd = spent / wage
            bill = spent * levers.rd_price[i] * traits.step
            hidden = traits.relabel_price * extra * traits.step
            research.start_shift[i] = shift
            research.performer[i] = 1 if goes else 0
            research.plan[i] = plan
            research.rd[i] = rd
            research.relabelled[i] = extra
            research.bound[i] = bound
            books.rd_year[i] += rd * traits.step
            books.reported_year[i] += (spent + extra) * traits.step
            books.profit_year[i] -= bill + hidden
            money.net[i] -= bill + hidden
            bill_total += int(bill * UNIT)
            relabel_total += int(hidden * UNIT)
            held_down += bound
    return np.array([bill_total, relabel_total, held_down])
