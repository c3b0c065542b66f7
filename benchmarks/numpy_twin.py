"""The hot stages on NumPy columns: one vectorised expression after another, np.exp and np.log, no loop.

A stage takes one namespace: the arguments of the engine's kernel by name, and the random draws, ready made.
It writes into the same columns and returns the same totals, in units of 1/1024 yuan.
"""

from types import SimpleNamespace

import numpy as np

from ecosim.agents.firm import TEAM
from ecosim.agents.firm_market import MIDDLING, OWNER_RUN
from ecosim.agents.firm_research import BUDGET, LEAST, RESEARCHER
from ecosim.ledger import UNIT


def learn(given: SimpleNamespace) -> list[float]:
    """Add research, services and spill-overs to the knowledge of firms in business."""
    identity, ventures, stocks, traits = given.identity, given.ventures, given.knowledge, given.traits
    living = np.flatnonzero(identity.alive)
    stock = stocks.knowledge[living]
    capacity = stock / (stock + traits.absorption)
    pool = given.pool[np.maximum(0, identity.tech_class[living])]
    absorbed = traits.spill * capacity * 2.0 * pool / (1.0 + pool) * stock
    bought = traits.service_yield * ventures.service[living]
    gained = given.research.rd[living] * traits.step + ventures.project_rd[living] + bought + absorbed
    stocks.learning[living] = bought + absorbed
    stocks.knowledge[living] = np.maximum(traits.floor, stock * (1.0 - traits.fade) + gained)
    return []


def relative_cost(given: SimpleNamespace, sales: np.ndarray) -> np.ndarray:
    """User cost of R&D after tax and support, against the one at which intensity is measured."""
    money, levers, law, traits = given.money, given.levers, given.law, given.traits
    income = given.books.taxable
    assets = money.working_capital + 0.5 * sales + money.cash
    staff = given.market.employees
    small = (income <= law.second_limit) & (staff <= law.staff_limit) & (assets <= law.asset_limit)
    low = np.where(income <= law.first_limit, law.small_first, law.small_second)
    rate = np.minimum(np.where(small, low, law.standard), levers.tax_ceiling)
    used = np.where(income > 0.0, 1.0, traits.future_use)
    cost = (1.0 - rate * (1.0 + levers.deduction) * used) / (1.0 - rate * used)
    return cost * levers.rd_price / traits.reference_cost


def research(given: SimpleNamespace) -> list[float]:
    """Decide on R&D and do it; returns bill, cost of relabelling and number of firms held down by money."""
    market, money, books, own = given.market, given.money, given.books, given.research
    levers, traits = given.levers, given.traits
    sales = np.maximum(1.0, market.sales)
    began, startup = own.performer == 1, own.startup == 1
    kept = traits.shift_memory * own.start_shift.astype(np.float64)
    shift = kept + traits.shift_noise * given.inclination_shock
    wish_at_par = np.maximum(1e-6, own.intensity.astype(np.float64)) * sales
    relative = relative_cost(given, sales)
    wish = np.where(startup, own.plan, wish_at_par * np.exp(-traits.elasticity * np.log(relative)))
    value = wish_at_par * np.exp(own.start_taste + shift + traits.start_size * np.log(sales / traits.million))
    starting = relative * (traits.starting_cost * traits.starting_rate * levers.start_cost)
    pays = value > relative * wish_at_par + relative * traits.running_cost + np.where(began, 0.0, starting)
    keeps = pays | startup | (began & (books.pursues == 1))
    before = np.maximum(1.0, own.plan)
    adjusted = before * np.exp(traits.speed * np.log(np.maximum(1.0, np.where(keeps, wish, LEAST)) / before))
    goes = (given.identity.alive == 1) & (keeps | (began & (adjusted > RESEARCHER * traits.million)))
    plan = np.where(goes, np.maximum(LEAST, np.where(began, adjusted, traits.start_level * wish)), 0.0)
    raised = np.maximum(own.topup * sales, (1.0 - traits.speed) * own.raised.astype(np.float64))
    aim = plan + raised
    lent = traits.collateral * money.working_capital - money.debt
    at_hand = np.maximum(0.0, money.cash + market.profit.astype(np.float64) * BUDGET + lent)
    affordable = traits.money_share * at_hand / (levers.rd_price * BUDGET)
    spent = np.where(goes, np.minimum(aim, affordable), 0.0)
    extra = np.where(goes, own.relabel_share * sales, 0.0)
    short = goes & (spent < aim)
    bill, hidden = spent * levers.rd_price * traits.step, traits.relabel_price * extra * traits.step
    own.start_shift[:], own.performer[:], own.plan[:], own.bound[:] = shift, goes, plan, short
    own.raised[:] = np.where(goes, raised, 0.0)
    own.rd[:], own.relabelled[:] = spent / given.wage, extra
    books.rd_year[:] += spent / given.wage * traits.step
    books.reported_year[:] += (spent + extra) * traits.step
    books.profit_year[:] -= bill + hidden
    money.net[:] -= bill + hidden
    return [bill.sum() * UNIT, hidden.sum() * UNIT, int(short.sum())]


def trade(given: SimpleNamespace) -> list[float]:
    """Sell for a quarter; returns revenue, wages, materials, trade credit and interest."""
    identity, market, traits = given.identity, given.market, given.traits
    money, books = given.money, given.books
    sector = np.maximum(0, identity.sector)
    change = given.demand[sector]
    live = identity.alive == 1
    before = np.maximum(1.0, market.sales)
    known, reference = np.maximum(1.0, given.knowledge.knowledge), np.maximum(1.0, given.knowledge.reference)
    fitness, anchor = market.fitness.astype(np.float64), market.anchor.astype(np.float64)
    knowhow = traits.knowhow * before
    edge = fitness + traits.learning_weight * np.log((known + knowhow) / (reference + knowhow)) - (given.level[sector] - market.vintage)
    log_sales = np.log(before)
    spread = traits.volatility * np.exp(-traits.volatility_slope * (log_sales - np.log(MIDDLING * traits.million)))
    noise = np.clip(np.sqrt(given.growth_scale) * spread * given.growth_shock, -0.7, 0.7)
    growth = change + traits.selection * edge - traits.reversion * (log_sales - anchor) + noise
    factor = np.exp(growth)
    sold = before * factor
    margin = traits.margin + market.markup.astype(np.float64) + traits.margin_edge * np.clip(edge, -0.5, 0.5)
    earned = margin * sold - traits.overhead * sold / np.sqrt(np.maximum(sold, OWNER_RUN * traits.million))
    sales = np.where(live, sold, 0.0)
    profit = np.where(live & (identity.stratum != TEAM), earned, 0.0)
    tied = traits.working_capital * sales - money.working_capital
    charge = traits.interest * money.debt
    income = sales * traits.step
    cost = income - profit * traits.step
    pay = cost * traits.wage_share
    market.fitness[:] = fitness * (1.0 - traits.fitness_decay) + traits.fitness_noise * given.fitness_shock
    market.anchor[:], market.sales[:], market.edge[:], market.profit[:] = anchor + change, sales, edge, profit
    staff, staffing = market.employees.astype(np.float64), market.staffing.astype(np.float64)
    advantage = traits.learning_weight * np.log(known / reference)
    for_sales = np.exp(staffing + traits.staff_returns * (log_sales + growth) - advantage)
    market.employees[:] = staff + traits.staff_speed * (for_sales + given.research.rd / traits.rd_per_head - staff)
    money.working_capital[:] += tied
    money.net[:] += income - cost - tied - charge
    books.sales_year[:] += income
    books.profit_year[:] += profit * traits.step - charge
    given.research.plan[:] *= np.where(given.research.startup == 1, 1.0, np.exp(given.follow * growth))
    return [column.sum() * UNIT for column in (income, pay, cost - pay, tied, charge)]


STAGES = {"research": research, "learn": learn, "trade": trade}
