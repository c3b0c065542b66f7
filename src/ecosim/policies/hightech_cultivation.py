"""High-tech cultivation pool: districts call on firms that do research, tell them of the certificate and pay for entering."""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..agents.firm_certificate import may_be_cultivated
from ..entitlements import FOR_GOOD
from ..levers import CERTIFICATE, POOL, Call
from ..quantity import Dated, Yuan, YuanPerYear
from .contract import Payers, Policy, parameter, payers
from .delivery import FIRST_COME, expected_odds, in_order, within_envelope

if TYPE_CHECKING:
    from ..levers import Levers
    from ..region import Region


class HightechCultivation(Policy):
    """An award for firms on the way to a certificate that enter the pool; while they are in it districts advise them."""

    label_en: ClassVar[str] = "High-tech cultivation pool"
    label_zh: ClassVar[str] = "高新技术企业培育库"
    letter: ClassVar[str] = "高新技术企业培育"
    dose: ClassVar[str] = "budget"

    budget: Dated[YuanPerYear] = parameter(
        "envelope for all awards of a year, which bounds how many enter; 0 is valid and means: not in force",
        "yuan a year",
        zh="全年入库奖励总预算，决定入库企业数上限；0 有效，表示不实施",
    )
    entry_award: Dated[Yuan] = parameter("award for entering the pool, paid once", "yuan per firm", zh="入库奖励，一次性发放")
    max_sales: Dated[YuanPerYear] = parameter("largest yearly sales of an eligible firm", "yuan a year", zh="符合条件企业的年销售收入上限")
    term_years: int = parameter("years for which a firm stays in the pool", "years", zh="在库年数", ge=1, le=10)
    call_quarter: int = parameter("quarter of the year in which firms enter", "quarter of the year", zh="每年入库的季度", ge=1, le=4)
    paperwork: Yuan = parameter("what an application costs the firm", "yuan per application", zh="企业每次申请自担的成本")
    payers: Payers = payers()

    def members(self, region: "Region") -> Any:
        """Firms up to the size limit that do R&D and own a patent, hold no certificate and have never been in the pool."""
        table, now = region.promises.active(), region.quarter
        allowed = may_be_cultivated(region.firms) & (region.firms.market.sales <= self.max_sales.at(now))
        allowed[table.row[(table.until >= now) & ((table.margin == CERTIFICATE) | (table.margin == POOL))]] = False
        return allowed

    def offer(self, levers: "Levers", region: "Region") -> Call | None:
        """Firms in the pool are told of the certificate; once a year a call for new ones."""
        now, name = region.quarter, "hightech_cultivation"
        advised = region.promises.held(region.index_of(name), POOL, now, after=now - 4 * self.term_years)
        levers.offer("advised", 1.0, name, region.promises.active().row[advised])
        if now % 4 + 1 != self.call_quarter or not region.quarter_begins:
            return None
        eligible = self.members(region)
        award, odds = self.entry_award.at(now), expected_odds(region, name)
        return Call(self, POOL, eligible, cap=award, paperwork=self.paperwork, odds=odds)

    def award(self, call: Call, region: "Region") -> "np.ndarray":
        """Those on whom the districts call first, within the envelope; the award is paid at once."""
        name = "hightech_cultivation"
        rows = within_envelope(region, call, in_order(region, call, FIRST_COME))
        amounts = call.request[rows]
        region.entitle(name, rows, POOL, until=FOR_GOOD, paid=amounts)
        region.pay_firms(name, rows, amounts, "cultivation award")
        return rows
