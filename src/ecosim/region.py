"""The region: columns of all agents, the ledger, the offers in force and the quarter. One object is one world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .agents.firm import Firms, Identity
from .agents.firm_tax import Law
from .agents.fund import Funds
from .agents.incubator import Incubators
from .agents.institute import Institutes
from .agents.transfer_agency import Agencies
from .columns import enlarged, rows_where
from .compiler import prepared
from .entitlements import Promises
from .kernel import kernel
from .ledger import UNIT, Ledger
from .levers import Call, Levers
from .parameters import Traits, of_a_part, part_of_hazard
from .policies.contract import Policy

AGENT_SECTORS = ("firm", "institute", "incubator", "fund", "agency")


class Region:
    """One world at one quarter.

    pack: the region's data; policies: name -> instrument, in alphabetical order; seed: number of the world's chance; quarter: the
    first quarter to be lived (year * 4 + quarter - 1); moment: number of the step about to be lived, which keys its draws: the quarter
    itself unless quarters are divided; firms, institutes, incubators, funds, agencies: tables of columns; changed: stages
    rebuilt with other rules.
    """

    def __init__(
        self,
        pack: Any,
        policies: Mapping[str, Policy],
        traits: Traits,
        seed: int,
        quarter: int,
        firms: Firms,
        others: tuple[Any, ...],
    ) -> None:
        self.pack = pack
        self.policies = dict(sorted(policies.items()))
        self.traits = traits
        self.seed = seed
        self.steps_per_quarter = 1
        self.moment = quarter
        self.firms = firms
        self.institutes: Institutes
        self.incubators: Incubators
        self.funds: Funds
        self.agencies: Agencies
        self.institutes, self.incubators, self.funds, self.agencies = others
        self.levers = Levers(self.rows)
        self.promises = Promises()
        self.ledger = Ledger()
        self.calls: list[Call] = []
        self.changed: dict[Callable[..., Any], Callable[..., Any]] = {}
        self.counts: dict[str, float] = {}
        self.success: dict[str, float] = {}
        self.research_price = 1.0
        self.gdp: dict[int, float] = {}
        self.demand = np.zeros(0)
        self.growth_of_year = 0.0
        self.edge_level = np.zeros(0)
        self.edge_first = np.zeros(0)
        self.pool = np.ones(0)
        self.class_first = np.zeros(0)
        self.rd_first = 1.0
        self.certified_first = np.zeros(self.rows, bool)
        self.patent_offset = 0.0
        self.class_ladder = np.zeros((0, 0))
        self.sector_ladder = np.zeros((0, 0))
        self.district_ladder = np.zeros(0)
        self.small_first = 0.0
        self.large_first = 0.0
        self.relatedness = np.zeros((0, 0))
        self.growth_weight = np.ones(0)
        self.age_hazard = np.zeros(0)
        self.held: dict[str, float] = {}
        self.held_before: dict[str, float] = {}

    @property
    def rows(self) -> int:
        """Rows of the firm tables, empty ones included."""
        return len(self.firms.identity.id)

    @property
    def alive(self) -> Any:
        """Mask of firms in business."""
        return self.firms.identity.alive == 1

    def divide_quarters(self, parts: int) -> None:
        """From now on live each quarter in `parts` equal steps; law, budgets, contracts and statistics keep to the quarter.

        The step of the model is a quarter. Shorter ones show which results depend on its length.
        """
        self.steps_per_quarter = parts
        self.moment *= parts
        self.traits = of_a_part(self.traits, parts)
        self.age_hazard = np.array([part_of_hazard(hazard, parts) for hazard in self.age_hazard])

    @property
    def quarter(self) -> int:
        """The quarter of this step (year * 4 + quarter - 1): the date for law, policies and contracts."""
        return self.moment // self.steps_per_quarter

    @property
    def quarter_begins(self) -> bool:
        """Whether this is the first step of a quarter."""
        return self.moment % self.steps_per_quarter == 0

    @property
    def quarter_ends(self) -> bool:
        """Whether this is the last step of a quarter."""
        return (self.moment + 1) % self.steps_per_quarter == 0

    @property
    def year_begins(self) -> bool:
        """Whether this is the first step of a year."""
        return self.quarter % 4 == 0 and self.quarter_begins

    @property
    def year_ends(self) -> bool:
        """Whether this is the last step of a year."""
        return self.quarter % 4 == 3 and self.quarter_ends

    @property
    def steps_lived(self) -> int:
        """Steps since the end of the pack's initial quarter, this one included."""
        began: int = (self.pack.initial_quarter + 1) * self.steps_per_quarter
        return self.moment + 1 - began

    @property
    def law(self) -> Law:
        """Corporate income tax in force this quarter."""
        statute, now = self.pack.statute, self.quarter
        return Law(
            statute.general_rate.at(now),
            statute.small_rate_first.at(now),
            statute.small_rate_second.at(now),
            statute.small_first_limit.at(now),
            statute.small_profit_limit.at(now),
            statute.small_staff_limit.at(now),
            statute.small_assets_limit.at(now),
            statute.loss_years_general.at(now),
            statute.loss_years_certified.at(now),
        )

    def kernel(self, stage: Callable[..., Any]) -> Callable[..., Any]:
        """The compiled stage to run: its changed version if a rule was replaced."""
        return self.changed.get(stage) or prepared(stage)

    def index_of(self, policy: str) -> int:
        """Number of a policy in entitlements; -1 for one that the scenario has not."""
        return list(self.policies).index(policy) if policy in self.policies else -1

    def entitle(
        self, policy: str, rows: Any, margin: int, until: Any, since: Any = None,
        share: Any = 0.0, left: Any = 0.0, instalment: Any = 0.0, paid: Any = 0.0,
    ) -> None:  # fmt: skip
        """Write one entitlement of a policy for each of the firms in `rows`, awarded now unless `since` says otherwise.

        Scalars or arrays of that length; units and meaning are those of `Entitlements`.
        """
        self.promises.write(
            rows, holder=self.firms.identity.id[rows], policy=self.index_of(policy), margin=margin, share=share, left=left,
            instalment=instalment, paid=paid, since=self.quarter if since is None else since, until=until,
        )  # fmt: skip

    def count(self, name: str, amount: float) -> None:
        """Add to one of the quarter's counts."""
        self.counts[name] = self.counts.get(name, 0.0) + float(amount)

    def book(self, payer: str, payee: str, account: str, units: int) -> None:
        """Book a total that a stage returned in exact units of 1/1024 yuan."""
        self.ledger.post(payer, payee, account, int(units) / UNIT)

    def pay_firms(self, policy: str, rows: Any, amounts: Any, account: str) -> None:
        """Public money paid to firms at once, yuan by row, no row twice: what an envelope promised, else what the law gives."""
        self.firms.money.net[rows] += amounts
        total = float(np.floor(np.asarray(amounts) * UNIT).sum()) / UNIT
        if policy in self.ledger.envelopes:
            self.ledger.pay_promised(policy, "firm", account, total)
        else:
            self.ledger.spend(policy, self.policies[policy].paid_by(), "firm", account, total)

    def holdings(self) -> dict[str, float]:
        """Yuan held by each sector that consists of agents."""
        return {
            "firm": exact_total(self.firms.money.cash),
            "institute": exact_total(self.institutes.cash),
            "incubator": exact_total(self.incubators.cash),
            "fund": exact_total(self.funds.cash),
            "agency": exact_total(self.agencies.cash),
        }

    def make_room(self, wanted: int) -> np.ndarray:
        """Rows free for `wanted` new firms, which still hold what their former owners left; the tables grow if need be."""
        free: np.ndarray = free_rows(self.firms.identity.alive)
        if len(free) < wanted:
            rows = self.rows + max(wanted, self.rows // 16)
            self.firms = Firms._make(enlarged(table, rows) for table in self.firms)
            self.levers.grow(rows)
            free = free_rows(self.firms.identity.alive)
        return free[:wanted]


@kernel
def free_rows(alive: Any) -> Any:
    """Rows without a firm in business."""
    free = np.empty(alive.size, np.int8)
    for i in range(alive.size):
        free[i] = 1 - alive[i]
    return rows_where(free)


@kernel
def whole_units(values: Any) -> int:
    """Sum of yuan in exact units, each value rounded to the nearest."""
    total = 0
    for i in range(values.size):
        total += int(np.rint(values[i] * UNIT))
    return total


def exact_total(values: Any) -> float:
    """Sum in exact units of 1/1024 yuan, the same in any order of rows; yuan."""
    return float(int(whole_units(values)) / UNIT)


def identities(table: Identity) -> np.ndarray:
    """Identities of the firms in business."""
    found: np.ndarray = table.id[table.alive == 1]
    return found
