"""The hot stages as a Mesa model with one Python object for each firm: plain attributes, `math`, `agents.do`.

The random draws are attributes of the firm, handed to it ready made.
"""

from math import exp, log, sqrt
from types import SimpleNamespace
from typing import Any

import mesa

from ecosim.agents.firm import TEAM
from ecosim.agents.firm_market import MIDDLING, OWNER_RUN
from ecosim.agents.firm_research import BUDGET, LEAST, RESEARCHER
from ecosim.ledger import UNIT

READ = {
    "identity": ("stratum", "sector", "tech_class"),
    "market": ("sales", "anchor", "fitness", "vintage", "edge", "profit", "markup", "employees", "staffing"),
    "money": ("cash", "debt", "working_capital", "net"),
    "research": (
        "performer", "startup", "intensity", "start_taste", "start_shift", "plan", "rd", "relabelled",
        "raised", "topup", "relabel_share", "bound",
    ),
    "books": ("sales_year", "profit_year", "rd_year", "reported_year", "taxable", "pursues"),
    "knowledge": ("knowledge", "reference", "learning"),
    "ventures": ("project_rd", "service"),
    "levers": ("deduction", "tax_ceiling", "rd_price", "start_cost"),
}  # fmt: skip
"""Table -> the columns that are attributes of a firm."""


class Firm(mesa.Agent):
    """One firm."""

    def __init__(self, model: "City", state: dict[str, Any]) -> None:
        """state: every attribute by name."""
        super().__init__(model)
        self.__dict__.update(state)

    def learn(self) -> None:
        """Add research, services and spill-overs to knowledge."""
        traits = self.model.given.traits
        capacity = self.knowledge / (self.knowledge + traits.absorption)
        pool = self.model.pool[max(0, self.tech_class)]
        absorbed = traits.spill * capacity * 2.0 * pool / (1.0 + pool) * self.knowledge
        bought = traits.service_yield * self.service
        gained = self.rd * traits.step + self.project_rd + bought + absorbed
        self.learning = bought + absorbed
        self.knowledge = max(traits.floor, self.knowledge * (1.0 - traits.fade) + gained)

    def relative_cost(self, sales: float) -> float:
        """User cost of R&D after tax and support, against the one at which intensity is measured."""
        law, traits = self.model.given.law, self.model.given.traits
        rate = law.standard
        assets = self.working_capital + 0.5 * sales + self.cash
        small = self.employees <= law.staff_limit and assets <= law.asset_limit
        if small and self.taxable <= law.second_limit:
            rate = law.small_first if self.taxable <= law.first_limit else law.small_second
        rate = min(rate, self.tax_ceiling)
        used = 1.0 if self.taxable > 0.0 else traits.future_use
        cost = (1.0 - rate * (1.0 + self.deduction) * used) / (1.0 - rate * used)
        return cost * self.rd_price / traits.reference_cost

    def decides(self, relative: float, sales: float, intensity: float) -> bool:
        """Whether it does R&D this quarter."""
        if self.startup or (self.performer and self.pursues):
            return True
        traits = self.model.given.traits
        taste = self.start_taste + self.start_shift
        value = intensity * sales * exp(taste + traits.start_size * log(sales / traits.million))
        asked = relative * intensity * sales + relative * traits.running_cost
        if not self.performer:
            asked += relative * (traits.starting_cost * traits.starting_rate * self.start_cost)
        return value > asked

    def research(self) -> None:
        """Decide on R&D and do it."""
        traits = self.model.given.traits
        sales = max(1.0, self.sales)
        kept = traits.shift_memory * self.start_shift
        self.start_shift = kept + traits.shift_noise * self.inclination_shock
        intensity = max(1e-6, self.intensity)
        relative = self.relative_cost(sales)
        keeps = self.decides(relative, sales, intensity)
        wish = self.plan if self.startup else intensity * sales * exp(-traits.elasticity * log(relative))
        before = max(1.0, self.plan)
        adjusted = before * exp(traits.speed * log(max(1.0, wish if keeps else LEAST) / before))
        if not keeps and not (self.performer and adjusted > RESEARCHER * traits.million):
            self.performer, self.bound = 0, 0
            self.plan = self.raised = self.rd = self.relabelled = 0.0
            return
        self.plan = max(LEAST, adjusted if self.performer else traits.start_level * wish)
        self.performer = 1
        self.raised = max(self.topup * sales, (1.0 - traits.speed) * self.raised)
        self.spend(self.plan + self.raised, self.relabel_share * sales)

    def spend(self, aim: float, extra: float) -> None:
        """Do as much R&D of what it aims at as its money allows; relabel `extra`, yuan a year."""
        model, traits = self.model, self.model.given.traits
        lent = traits.collateral * self.working_capital - self.debt
        at_hand = max(0.0, self.cash + self.profit * BUDGET + lent)
        spent = min(aim, traits.money_share * at_hand / (self.rd_price * BUDGET))
        bill, hidden = spent * self.rd_price * traits.step, traits.relabel_price * extra * traits.step
        self.bound = int(spent < aim)
        self.rd, self.relabelled = spent / model.given.wage, extra
        self.rd_year += self.rd * traits.step
        self.reported_year += (spent + extra) * traits.step
        self.profit_year -= bill + hidden
        self.net -= bill + hidden
        model.totals[0] += bill * UNIT
        model.totals[1] += hidden * UNIT
        model.totals[2] += self.bound

    def growth(self) -> float:
        """Log growth of sales."""
        traits = self.model.given.traits
        log_sales = log(max(1.0, self.sales))
        spread = traits.volatility * exp(-traits.volatility_slope * (log_sales - log(MIDDLING * traits.million)))
        noise = max(-0.7, min(0.7, sqrt(self.growth_scale) * spread * self.growth_shock))
        pull = traits.reversion * (log_sales - self.anchor)
        return self.model.demand[self.sector] + traits.selection * self.edge - pull + noise

    def wanted_staff(self, log_sales: float, advantage: float) -> float:
        """Staff for what it sells, fewer where knowledge makes it productive, and for its research."""
        traits = self.model.given.traits
        return exp(self.staffing + traits.staff_returns * log_sales - advantage) + self.rd / traits.rd_per_head

    def trade(self) -> None:
        """Sell for a quarter."""
        model, traits = self.model, self.model.given.traits
        known, reference = max(1.0, self.knowledge), max(1.0, self.reference)
        knowhow = traits.knowhow * max(1.0, self.sales)
        learned = traits.learning_weight * log((known + knowhow) / (reference + knowhow))
        self.edge = self.fitness + learned - (model.level[self.sector] - self.vintage)
        growth = self.growth()
        wanted = self.wanted_staff(log(max(1.0, self.sales)) + growth, traits.learning_weight * log(known / reference))
        factor = exp(growth)
        self.sales = max(1.0, self.sales) * factor
        margin = traits.margin + self.markup + traits.margin_edge * max(-0.5, min(0.5, self.edge))
        overhead = traits.overhead * self.sales / sqrt(max(self.sales, OWNER_RUN * traits.million))
        self.profit = 0.0 if self.stratum == TEAM else margin * self.sales - overhead
        tied = traits.working_capital * self.sales - self.working_capital
        charge = traits.interest * self.debt
        income = self.sales * traits.step
        cost = income - self.profit * traits.step
        pay = cost * traits.wage_share
        self.fitness = self.fitness * (1.0 - traits.fitness_decay) + traits.fitness_noise * self.fitness_shock
        self.anchor += model.demand[self.sector]
        self.employees += traits.staff_speed * (wanted - self.employees)
        self.working_capital += tied
        self.net += income - cost - tied - charge
        self.sales_year += income
        self.profit_year += self.profit * traits.step - charge
        if not self.startup:
            self.plan *= exp(model.given.follow * growth)
        for number, amount in enumerate((income, pay, cost - pay, tied, charge)):
            model.totals[number] += amount * UNIT


class City(mesa.Model):
    """The firms in business and what one stage of their quarter needs to know of the world."""

    def __init__(self, given: SimpleNamespace, shocks: dict[str, Any], totals: int) -> None:
        """given: the arguments of the engine's kernel by name; shocks: name -> draws; totals: how many."""
        super().__init__(rng=1)
        self.given = given
        self.totals = [0.0] * totals
        for name in ("demand", "level", "pool"):
            setattr(self, name, vars(given)[name].tolist() if name in vars(given) else [])
        self.rows = given.identity.alive.nonzero()[0]
        columns = {name: column for _, name, column in self.columns()} | shocks
        values = zip(*(column[self.rows].tolist() for column in columns.values()), strict=True)
        self.firms = [Firm(self, dict(zip(columns, row, strict=True))) for row in values]

    def columns(self) -> list[tuple[str, str, Any]]:
        """(table, name, array) of the columns that are attributes of a firm, where the stage has them."""
        there = vars(self.given)
        return [(table, name, getattr(there[table], name)) for table, names in READ.items() if table in there for name in names]

    def live(self, stage: str) -> list[float]:
        """Let every firm do one stage; returns the totals in units of 1/1024 yuan."""
        self.agents.do(stage)
        return self.totals

    def write_back(self) -> None:
        """Put the firms' attributes into the columns they came from."""
        for _, name, column in self.columns():
            column[self.rows] = [getattr(firm, name) for firm in self.firms]
