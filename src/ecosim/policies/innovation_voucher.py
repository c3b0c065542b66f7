"""Innovation voucher: the city pays a share of what a small firm spends on research services."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator

from ..agents.firm import SERVICE_KINDS, TEAM
from ..columns import Codes, Flags, Floats
from ..kernel import kernel
from ..levers import SERVICE, Call
from ..quantity import Dated, Share, Yuan, YuanPerYear
from .contract import Payers, Policy, distinct, parameter, payers
from .delivery import expected_odds, in_order, within_envelope

if TYPE_CHECKING:
    from ..levers import Levers
    from ..region import Region


class InnovationVoucher(Policy):
    """A share of the fee of a research service, within a yearly cap per firm and an envelope for all."""

    label_en: ClassVar[str] = "Innovation voucher"
    label_zh: ClassVar[str] = "创新券"
    letter: ClassVar[str] = "创新券"
    dose: ClassVar[str] = "budget"

    budget: Dated[YuanPerYear] = parameter(
        "envelope for all vouchers of a year; 0 is valid and means: not in force",
        "yuan a year",
        zh="全年创新券总预算；0 有效，表示不实施",
    )
    subsidy_rate: Dated[Share] = parameter("share of the fee that the voucher pays", "share", zh="创新券支付服务费的比例")
    cap: Dated[Yuan] = parameter("most that one firm may receive in a year", "yuan per firm and year", zh="每家企业每年最高额")
    covers: Annotated[tuple[Literal["instruments", "contract_research"], ...], AfterValidator(distinct)] = parameter(
        "services the voucher pays for: instruments (use of instruments, testing), contract_research",
        "words",
        zh="创新券可购买的服务：instruments（仪器使用、检测），contract_research（委托研发）",
        strict=False,
    )
    max_sales: Dated[YuanPerYear] = parameter("largest yearly sales of an eligible firm", "yuan a year", zh="符合条件企业的年销售收入上限")
    registered_only: bool = parameter(
        "whether only firms on the technology-SME register are eligible",
        "true or false",
        zh="是否仅限已入库的科技型中小企业",
    )
    valid_quarters: int = parameter("quarters in which a voucher must be used", "quarters", zh="创新券须在几个季度内使用", ge=1, le=12)
    delivery: Literal["first_come", "lottery"] = parameter(
        "how the envelope is shared when too many apply",
        "word",
        zh="申请超出预算时如何分配：first_come 先到先得，lottery 抽签",
    )
    paperwork: Yuan = parameter("what an application costs the firm", "yuan per application", zh="企业每次申请自担的成本")
    payers: Payers = payers()

    def members(self, region: "Region") -> Any:
        """Firms in business up to the size limit, on the register if that is asked; teams are no firms yet."""
        who, sales = region.firms.identity, region.firms.market.sales
        return in_reach(who.alive, who.stratum, who.registered, sales, self.max_sales.at(region.quarter), self.registered_only)

    def offer(self, levers: "Levers", region: "Region") -> Call | None:
        """Support for services already awarded, and a call for new vouchers while the year's envelope lasts."""
        now, name = region.quarter, "innovation_voucher"
        table = region.promises.active()
        held = region.promises.held(region.index_of(name), SERVICE, now)
        rows, share = table.row[held], table.share[held]
        for number, lever in enumerate(("instruments_share", "research_share")):
            if SERVICE_KINDS[number] in self.covers:
                levers.offer(lever, share, name, rows)
        levers.offer("service_left", table.left[held], name, rows)
        return Call(
            self,
            SERVICE,
            self.members(region),
            share=self.subsidy_rate.at(now),
            cap=self.cap.at(now),
            covers=tuple(SERVICE_KINDS.index(kind) for kind in self.covers),
            paperwork=self.paperwork,
            odds=expected_odds(region, name),
        )

    def award(self, call: Call, region: "Region") -> "np.ndarray":
        """First come or by lot within the envelope; a voucher lasts some quarters, and its provider is paid on use."""
        name = "innovation_voucher"
        rows = within_envelope(region, call, in_order(region, call, self.delivery))
        last = region.quarter + self.valid_quarters - 1
        region.entitle(name, rows, SERVICE, until=last, share=call.share, left=call.request[rows])
        levers = region.levers
        for number in call.covers:
            levers.offer(("instruments_share", "research_share")[number], call.share, name, rows)
        levers.offer("service_left", call.request[rows], name, rows)
        return rows

    def check(self, region: "Region") -> None:
        """What was not used in time lapses."""
        table, now = region.promises.active(), region.quarter
        gone = region.promises.held(region.index_of("innovation_voucher"), SERVICE, now, until=now)
        lapsed = float(table.left[gone].sum())
        region.ledger.release("innovation_voucher", lapsed)
        region.count("voucher_lapsed", lapsed)
        table.left[gone] = 0.0


@kernel
def in_reach(alive: Flags, stratum: Codes, registered: Flags, sales: Floats, most: float, registered_only: bool) -> Any:
    """Mask of firms in business, teams apart, with sales up to `most`, on the register if that is asked."""
    found = np.empty(alive.size, np.bool_)
    for i in range(alive.size):
        listed = (registered[i] == 1) | (not registered_only)
        found[i] = (alive[i] == 1) & (stratum[i] != TEAM) & (sales[i] <= most) & listed
    return found
