"""A credit for research that studies of other countries need and Nantong has never had: a share of the bill, for all or for some."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..entitlements import FOR_GOOD
from ..ledger import UNIT
from ..levers import POOL
from ..policies.contract import Payers, Policy, parameter, payers
from ..quantity import Dated, Share, Yuan

if TYPE_CHECKING:
    from ..levers import Levers
    from ..region import Region

NAME = "rd_credit"
RELIEF = POOL + 1
"""Margin of an entitlement to the credit, beside those of calls."""


class RdCredit(Policy):
    """The state bears a share of the bill for research, paid out whether or not the firm owes tax."""

    label_en: ClassVar[str] = "R&D credit"
    label_zh: ClassVar[str] = "研发税收抵免"
    letter: ClassVar[str] = ""
    dose: ClassVar[str] = "share"

    share: Dated[Share] = parameter("share of the research bill that the state bears", "share", zh="国家承担的研发费用比例")
    max_assets: Yuan = parameter("largest total assets of a firm that has it", "yuan", 1e15, zh="可享受企业的最高总资产")
    for_good: bool = parameter(
        "whether those who have it in its first quarter keep it, and nobody else has it",
        "true or false",
        False,
        zh="首季享受者是否一直保留且不再新增",
    )
    certified_only: bool = parameter("whether only certified high-tech firms have it", "true or false", False, zh="是否仅限高新技术企业")
    payers: Payers = payers()

    def members(self, region: Region) -> Any:
        """Firms in business up to the limit of assets."""
        allowed = region.alive & (assets(region) <= self.max_assets)
        return allowed & (region.levers.firm.certified > 0.0) if self.certified_only else allowed

    def offer(self, levers: Levers, region: Region) -> None:
        """A lower price of research."""
        now, number = region.quarter, region.index_of(NAME)
        rows = np.flatnonzero(self.members(region))
        if self.for_good:
            if now == self.from_:
                enrol(region, rows)
            rows = region.promises.active().row[region.promises.held(number, RELIEF, now)]
        levers.offer("rd_price", 1.0 - self.share.at(now), NAME, rows)

    def check(self, region: Region) -> None:
        """Pay the state's share of the quarter's bills to those who were owed it."""
        if not self.in_force(region.quarter):
            return
        traits, research = region.traits.research, region.firms.research
        bills = np.where(region.alive, research.rd * region.research_price * traits.step, 0.0)
        owed = bills * (1.0 - region.levers.firm.rd_price)
        total = math.floor(float(np.floor(owed * UNIT).sum())) / UNIT
        staff = math.floor(total * traits.wage_part)
        region.ledger.spend(NAME, self.paid_by(), "household", "R&D credit", staff)
        region.ledger.spend(NAME, self.paid_by(), "world", "R&D credit", total - staff)


def enrol(region: Region, rows: np.ndarray) -> None:
    """Entitle firms to the credit until the end of the run."""
    region.entitle(NAME, rows, RELIEF, until=FOR_GOOD)


def assets(region: Region) -> np.ndarray:
    """Total assets as the tax office counts them, yuan, by row."""
    money = region.firms.money
    found: np.ndarray = money.working_capital + 0.5 * region.firms.market.sales + money.cash
    return found


def credit(share: float, **terms: Any) -> RdCredit:
    """A credit of a constant share; terms: other parameters, as in a scenario file."""
    return RdCredit.model_validate({"share": Dated.always(share), **terms})
