"""The quarter's census: sums over firms, in exact units, whole or by group. `outcomes` reads it.

Money and counts are added as whole numbers of 1/1024, so no sum depends on the order of rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from .agents.firm import INDUSTRIAL, OTHER, SME, STRATA, TEAM, TENANT, Firms, Identity, Knowledge, Market, Research, Ventures
from .columns import Flags, Floats, Ints, rows_where
from .compiler import prepared
from .entitlements import Entitlements
from .kernel import kernel
from .ledger import UNIT
from .levers import CERTIFICATE
from .region import Region

MEASURES = (
    "firms", "performers", "bound", "registered", "certified", "tied", "sales", "certified_sales",
    "employees", "edge_sales", "real_rd", "firm_rd", "relabelled", "knowledge", "ties",
    "inventions_applied", "inventions_granted", "inventions_valid", "utility_applied", "utility_valid",
    "patent_value", *STRATA,
)  # fmt: skip
"""What is added up; flows (sales, R&D, filings and grants) are those of the quarter. The strata come last."""

(
    FIRMS, PERFORMERS, BOUND, REGISTERED, CERTIFIED, TIED, SALES, CERTIFIED_SALES, EMPLOYEES, EDGE, REAL_RD,
    FIRM_RD, RELABELLED, KNOWLEDGE, TIES, APPLIED, GRANTED, VALID, APPLIED_UTILITY, VALID_UTILITY,
    PATENT_VALUE, FIRST_STRATUM,
) = range(22)  # fmt: skip

STANDING_TIE = 100_000.0
"""Yuan of past contracts not yet faded that make a tie count as standing."""

SIZE_BOUNDS = (3e6, 20e6, 400e6)
"""Yearly sales, yuan, between micro, small, medium and large firms (National Bureau of Statistics, 2017)."""

SIZE_CLASSES = ("micro", "small", "medium", "large")
BREAKDOWNS = ("sector", "district", "stratum", "size_class", "certified")


@kernel
def count_firms(identity: Identity, research: Research, ventures: Ventures, certified: Flags, counted: Flags, sums: Ints) -> None:
    """How many of the firms in business that are `counted` (0/1 by row) are this and that; certified: 0/1 by row."""
    firms, performers, bound, registered, holders, tied = 0, 0, 0, 0, 0, 0
    industrial, other, sme, tenant, team = 0, 0, 0, 0, 0
    for i in range(identity.alive.size):
        one = UNIT if (identity.alive[i] == 1) & (counted[i] == 1) else 0
        stratum, performs = identity.stratum[i], research.performer[i] == 1
        firms += one if stratum != TEAM else 0
        performers += one if performs else 0
        bound += one if research.bound[i] == 1 else 0
        registered += one if identity.registered[i] == 1 else 0
        holders += one if certified[i] == 1 else 0
        tied += one if performs & (ventures.tie[i] >= STANDING_TIE) else 0
        industrial += one if stratum == INDUSTRIAL else 0
        other += one if stratum == OTHER else 0
        sme += one if stratum == SME else 0
        tenant += one if stratum == TENANT else 0
        team += one if stratum == TEAM else 0
    sums[FIRMS], sums[PERFORMERS], sums[BOUND], sums[REGISTERED] = firms, performers, bound, registered
    sums[CERTIFIED], sums[TIED] = holders, tied
    sums[FIRST_STRATUM + INDUSTRIAL], sums[FIRST_STRATUM + OTHER] = industrial, other
    sums[FIRST_STRATUM + SME], sums[FIRST_STRATUM + TENANT], sums[FIRST_STRATUM + TEAM] = sme, tenant, team


@kernel
def add_flows(  # noqa: PLR0913
    identity: Identity, market: Market, research: Research, ventures: Ventures, knowledge: Knowledge, certified: Flags, counted: Flags,
    step: float, wage: float, sums: Ints,
) -> None:  # fmt: skip
    """What they sell, spend, file and are granted. step: length of the quarter, years; wage: price of research this quarter."""
    sold, by_holders, edge, real, reported, relabelled, applied, granted, utility_applied = 0, 0, 0, 0, 0, 0, 0, 0, 0
    for i in range(identity.alive.size):
        one = UNIT if (identity.alive[i] == 1) & (counted[i] == 1) else 0
        live = float(one)
        sales = market.sales[i] * step
        units = int(sales * live)
        hidden = research.relabelled[i] * step
        sold += units
        by_holders += units if certified[i] == 1 else 0
        edge += int(sales * market.edge[i] * live)
        real += int((research.rd[i] * step + ventures.project_rd[i]) * live)
        reported += int((research.rd[i] * wage * step + ventures.project_rd[i] + hidden) * live)
        relabelled += int(hidden * live)
        applied += int(knowledge.applied[i]) * one
        granted += int(knowledge.granted[i]) * one
        utility_applied += int(knowledge.applied_utility[i]) * one
    sums[SALES], sums[CERTIFIED_SALES], sums[EDGE] = sold, by_holders, edge
    sums[REAL_RD], sums[FIRM_RD], sums[RELABELLED] = real, reported, relabelled
    sums[APPLIED], sums[GRANTED], sums[APPLIED_UTILITY] = applied, granted, utility_applied


@kernel
def add_stocks(  # noqa: PLR0913
    identity: Identity, market: Market, research: Research, ventures: Ventures, knowledge: Knowledge, counted: Flags, sums: Ints
) -> None:
    """Their staff and ties, what they know, and their patents."""
    employees, ties, known, valid, utility, worth = 0, 0, 0, 0, 0, 0
    for i in range(identity.alive.size):
        live = float(UNIT) if (identity.alive[i] == 1) & (counted[i] == 1) else 0.0
        employees += int(market.employees[i] * live)
        ties += int(ventures.tie[i] * live) if research.performer[i] == 1 else 0
        known += int(knowledge.knowledge[i] * live)
        valid += int(np.float64(knowledge.inventions[i]) * live)
        utility += int(np.float64(knowledge.utility[i]) * live)
        worth += int(knowledge.value[i] * live)
    sums[EMPLOYEES], sums[TIES], sums[KNOWLEDGE] = employees, ties, known
    sums[VALID], sums[VALID_UTILITY], sums[PATENT_VALUE] = valid, utility, worth


def units_over(  # noqa: PLR0913
    firms: Firms, certified: Flags, counted: Flags, step: float, wage: float, stocks: bool = True
) -> Ints:
    """Sums by measure over the firms in business that are `counted`, in units of 1/1024; the arguments as for the three kernels.

    Without `stocks` these are 0.
    """
    identity, market, research, ventures, knowledge = firms.identity, firms.market, firms.research, firms.ventures, firms.knowledge
    sums = np.zeros(len(MEASURES), np.int64)
    prepared(add_flows)(identity, market, research, ventures, knowledge, certified, counted, step, wage, sums)
    if stocks:
        prepared(count_firms)(identity, research, ventures, certified, counted, sums)
        prepared(add_stocks)(identity, market, research, ventures, knowledge, counted, sums)
    return sums


class Census:
    """What can be said of a region once a quarter has been lived, before the calendar turns.

    price: the price of research in the quarter (the stage `wages` has set the next one's already). Without `stocks` only flows are
    added up.
    """

    def __init__(self, region: Region, price: float, stocks: bool = True) -> None:
        """Count certificates and add up all firms."""
        self.region = region
        self.price = price
        self.stocks = stocks
        self.certified = certified_rows(region)
        self._sums = self.sums_over(region.firms.identity.alive).tolist()

    def sums_over(self, counted: Flags) -> np.ndarray:
        """Sums by measure over the firms in business that are `counted`, 0/1 by row."""
        step = self.region.traits.market.step
        found: np.ndarray = units_over(self.region.firms, self.certified, counted, step, self.price, self.stocks) / float(UNIT)
        return found

    def by_group(self, group: np.ndarray, groups: int) -> np.ndarray:
        """Sums by group and measure; `group` holds a number from 0 for each row."""
        return np.array([self.sums_over((group == number).astype(np.int8)) for number in range(groups)])

    def total(self, measure: int) -> float:
        """One measure over all firms."""
        found: float = self._sums[measure]
        return found

    def count(self, name: str) -> float:
        """One of the quarter's counts; a stage or policy that did nothing counts nothing."""
        return self.region.counts.get(name, 0.0)

    def paid(self, payer: str, payee: str, account: str) -> float:
        """What passed between two sectors under one account this quarter, yuan."""
        return self.region.ledger.flows.get((payer, payee, account), 0.0)

    def public(self, kind: str) -> float:
        """Public money of the quarter, yuan: "outlay" or "forgone", all policies and governments."""
        flows: dict[tuple[str, str], float] = getattr(self.region.ledger, kind)
        return sum(flows[key] for key in sorted(flows))

    @cached_property
    def performers(self) -> Any:
        """Rows of the firms in business that do R&D."""
        return rows_where(self.region.firms.identity.alive & self.region.firms.research.performer)


def certified_rows(region: Region) -> np.ndarray:
    """0/1 by row: holds a certificate that outlasts the step."""
    found: np.ndarray = prepared(certified_until)(region.promises.active(), region.firms.identity, region.quarter + region.quarter_ends)
    return found


@kernel
def certified_until(table: Entitlements, identity: Identity, quarter: int) -> Flags:
    """0/1 by row: holds a certificate that counts in a quarter."""
    found = np.zeros(identity.alive.size, np.int8)
    for e in range(table.row.size):
        row = table.row[e]
        if (table.margin[e] == CERTIFICATE) & (table.until[e] >= quarter) & (identity.id[row] == table.holder[e]):
            found[row] = identity.alive[row]
    return found


def groups_of(region: Region, breakdown: str, certified: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Group number of each row and the names of the groups, for one of BREAKDOWNS. Empty rows are in group
    0, and not counted.
    """
    identity, market = region.firms.identity, region.firms.market
    if breakdown == "sector":
        return np.maximum(identity.sector, 0).astype(np.int64), keys(region, "sectors")
    if breakdown == "district":
        return np.maximum(identity.district, 0).astype(np.int64), keys(region, "districts")
    if breakdown == "stratum":
        return np.maximum(identity.stratum, 0).astype(np.int64), STRATA
    if breakdown == "size_class":
        return np.searchsorted(np.array(SIZE_BOUNDS), market.sales, side="right").astype(np.int64), SIZE_CLASSES
    return certified.astype(np.int64), ("no", "yes")


def keys(region: Region, table: str) -> tuple[str, ...]:
    """Keys of a table of the region pack, in its order."""
    return tuple(str(key) for key in region.pack.table(table)["key"])


@kernel
def whole_units(amounts: Floats) -> tuple[Ints, int]:
    """Amounts in units of 1/1024, rounded down, and their sum."""
    units, total = np.empty(amounts.size, np.int64), 0
    for n in range(amounts.size):
        units[n] = int(np.floor(amounts[n] * UNIT))
        total += units[n]
    return units, total


def top_share(amounts: Any, part: float = 0.1) -> float:
    """Share of the total held by the largest `part` of rows (rounded up); nan where there is nothing to
    share.
    """
    units, total = whole_units(np.asarray(amounts, np.float64))
    if total <= 0:
        return float("nan")
    first = len(units) - int(np.ceil(part * len(units)))
    return int(np.partition(units, first)[first:].sum()) / total


def gini(numbers: Any) -> float:
    """Gini coefficient of small whole numbers, 0 (all alike) to 1; nan where all are zero."""
    counts = np.bincount(np.asarray(numbers, np.int64))
    held = counts * np.arange(len(counts))
    if held.sum() == 0:
        return float("nan")
    area = float((counts * (2 * np.cumsum(held) - held)).sum())
    return 1.0 - area / (float(counts.sum()) * float(held.sum()))
