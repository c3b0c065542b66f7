"""Super-deduction: research spending lowers taxable profit by more than itself, by date and type of firm."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from ..columns import Flags, Floats
from ..kernel import kernel
from ..quantity import Dated, Yuan
from .contract import FrozenMapping, Policy, parameter

if TYPE_CHECKING:
    from ..levers import Levers
    from ..region import Region

ExtraShare = Annotated[float, Field(ge=0, le=2)]
Strength = Annotated[float, Field(ge=0, le=1)]


class SuperDeduction(Policy):
    """The extra share of research spending deducted from taxable profit; a firm takes its best rate."""

    label_en: ClassVar[str] = "R&D super-deduction"
    label_zh: ClassVar[str] = "研发费用加计扣除"
    letter: ClassVar[str] = "研发费用加计扣除"
    dose: ClassVar[str] = "strength"
    payers: ClassVar[FrozenMapping[float]] = FrozenMapping({"centre": 0.6, "city": 0.4})
    """Tax forgone falls on those who share the corporate income tax."""

    strength: Dated[Strength] = parameter(
        "factor on all three rates; 0 is valid and means: not in force",
        "share",
        Dated.always(1.0),
        zh="三档比例的共同系数；0 有效，表示不实施",
    )
    general: Dated[ExtraShare] = parameter("extra deduction of any eligible firm", "share of R&D", zh="一般企业的加计扣除比例")
    manufacturing: Dated[ExtraShare] = parameter("extra deduction of a manufacturing firm", "share of R&D", zh="制造业企业的加计扣除比例")
    technology_sme: Dated[ExtraShare] = parameter(
        "extra deduction of a registered technology SME", "share of R&D", zh="已入库科技型中小企业的加计扣除比例"
    )
    claim_paperwork: Yuan = parameter("fixed cost of keeping the books for a year's claim", "yuan per claim", zh="每年申报的固定账务成本")

    def offer(self, levers: "Levers", region: "Region") -> None:
        """The extra deduction of each firm's own type; the tax office asks for documents."""
        now, strength = region.quarter, self.strength.at(region.quarter)
        identity = region.firms.identity
        general, manufacturing = self.general.at(now), self.manufacturing.at(now)
        rates = own_rate(identity.manufacturing, identity.registered, strength, general, manufacturing, self.technology_sme.at(now))
        levers.offer("deduction", rates, "super_deduction")
        levers.offer_city("super_deduction", claim_paperwork=self.claim_paperwork)


@kernel
def own_rate(
    manufacturing: Flags, registered: Flags, strength: float, general: float, manufacturing_rate: float, technology_sme: float
) -> Floats:
    """The best extra deduction by row, share of R&D."""
    rates = np.empty(registered.size)
    for i in range(registered.size):
        rate = manufacturing_rate if manufacturing[i] == 1 else general
        rates[i] = strength * (max(rate, technology_sme) if registered[i] == 1 else rate)
    return rates
