"""The quarter's census: sums over firms, in exact units, whole or by group. `outcomes` reads it.

Money and counts are added as whole numbers of 1/1024, so no sum depends on the order of rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from .agents.firm import STRATA, TEAM, Identity, Knowledge, Market, Research, Ventures
from .columns import Flags, Ints
from .kernel import inlined_kernel, kernel
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


TOGETHER = 1_000
"""Rows that are counted together: what they add stays in the processor's nearest memory."""


@inlined_kernel
def measured() -> Ints:
    """Room for the measures of the rows that are counted together, of a shape known beforehand: a quicker loop, sooner compiled."""
    return np.empty((len(MEASURES), TOGETHER), np.int64)


@kernel
def add_up(  # noqa: PLR0913
    identity: Identity,
    market: Market,
    research: Research,
    knowledge: Knowledge,
    ventures: Ventures,
    certified: Flags,
    group: Ints,
    step: float,
    wage: float,
    sums: Ints,
) -> None:
    """Add what the survey finds to the sums of each row's group (groups x measures, units of 1/1024); empty rows add nothing.

    certified: 0/1 by row; step: length of the quarter, years; wage: price of research this quarter.
    """
    sums[:, :] = 0
    rows = identity.alive.size
    units = measured()
    for first in range(0, rows, TOGETHER):
        count = min(TOGETHER, rows - first)
        for n in range(count):
            i = first + n
            one = UNIT if identity.alive[i] == 1 else 0
            live = float(one)
            sales = market.sales[i] * step
            rd = research.rd[i] * step + ventures.project_rd[i]
            relabelled = research.relabelled[i] * step
            reported = research.rd[i] * wage * step + ventures.project_rd[i] + relabelled
            performs, holds, tie = research.performer[i] == 1, certified[i] == 1, ventures.tie[i]
            sold, strength = int(sales * live), int(tie * live)
            units[FIRMS, n] = one if identity.stratum[i] != TEAM else 0
            units[PERFORMERS, n] = one if performs else 0
            units[BOUND, n] = one if research.bound[i] == 1 else 0
            units[REGISTERED, n] = one if identity.registered[i] == 1 else 0
            units[CERTIFIED, n] = one if holds else 0
            units[TIED, n] = one if performs & (tie >= STANDING_TIE) else 0
            units[SALES, n] = sold
            units[CERTIFIED_SALES, n] = sold if holds else 0
            units[EMPLOYEES, n] = int(market.employees[i] * live)
            units[EDGE, n] = int(sales * market.edge[i] * live)
            units[REAL_RD, n] = int(rd * live)
            units[FIRM_RD, n] = int(reported * live)
            units[RELABELLED, n] = int(relabelled * live)
            units[KNOWLEDGE, n] = int(knowledge.knowledge[i] * live)
            units[TIES, n] = strength if performs else 0
            units[APPLIED, n] = int(knowledge.applied[i]) * one
            units[GRANTED, n] = int(knowledge.granted[i]) * one
            units[VALID, n] = int(np.float64(knowledge.inventions[i]) * live)
            units[APPLIED_UTILITY, n] = int(knowledge.applied_utility[i]) * one
            units[VALID_UTILITY, n] = int(np.float64(knowledge.utility[i]) * live)
            units[PATENT_VALUE, n] = int(knowledge.value[i] * live)
            for stratum in range(len(STRATA)):
                units[FIRST_STRATUM + stratum, n] = one if identity.stratum[i] == stratum else 0
        for measure in range(len(MEASURES)):
            whole = 0
            if sums.shape[0] == 1:
                for n in range(count):
                    whole += units[measure, n]
                sums[0, measure] += whole
            else:
                for n in range(count):
                    sums[group[first + n], measure] += units[measure, n]


class Census:
    """What can be said of a region once a quarter has been lived, before the calendar turns.

    price: the price of research in the quarter (the stage `wages` has set the next one's already).
    """

    def __init__(self, region: Region, price: float) -> None:
        """Count certificates and add up all firms."""
        self.region = region
        self.price = price
        self.certified = certified_rows(region)
        self._sums = self.by_group(np.zeros(region.rows, np.int64), 1)[0]

    def by_group(self, group: np.ndarray, groups: int) -> np.ndarray:
        """Sums by group and measure; `group` holds a number from 0 for each row."""
        firms, traits = self.region.firms, self.region.traits
        sums = np.zeros((groups, len(MEASURES)), np.int64)
        add_up(
            firms.identity,
            firms.market,
            firms.research,
            firms.knowledge,
            firms.ventures,
            self.certified,
            group,
            traits.market.step,
            self.price,
            sums,
        )
        found: np.ndarray = sums / float(UNIT)
        return found

    def total(self, measure: int) -> float:
        """One measure over all firms."""
        return float(self._sums[measure])

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
        return np.flatnonzero(self.region.alive & (self.region.firms.research.performer == 1))


def certified_rows(region: Region) -> np.ndarray:
    """0/1 by row: holds a certificate that outlasts the step."""
    table, identity = region.promises.active(), region.firms.identity
    lasts = table.until >= region.quarter + region.quarter_ends
    counts = (table.margin == CERTIFICATE) & lasts & (identity.id[table.row] == table.holder)
    found = np.zeros(region.rows, np.int8)
    found[table.row[counts]] = 1
    return found * identity.alive


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


def top_share(amounts: Any, part: float = 0.1) -> float:
    """Share of the total held by the largest `part` of rows (rounded up); nan where there is nothing to
    share.
    """
    units = np.floor(np.asarray(amounts, np.float64) * UNIT).astype(np.int64)
    total = int(units.sum())
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
