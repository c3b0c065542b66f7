"""Research grant: a yearly call in which ranked projects are paid a share of their cost in instalments."""

from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from ..agents.firm import TEAM
from ..chance import Stream
from ..columns import Flags, Floats, Ints, Quarters
from ..draws import logs, normals
from ..entitlements import Entitlements
from ..kernel import kernel
from ..ledger import UNIT
from ..levers import PROJECT, Call
from ..quantity import Dated, Share, Yuan, YuanPerYear
from .contract import Payers, Policy, moment_of, parameter, payers
from .delivery import expected_odds, in_order, within_envelope

if TYPE_CHECKING:
    from ..levers import Levers
    from ..region import Region

PATIENCE = 16
"""Quarters a grant holder has to begin its project and carry it out: the three years of a contract and one of extension."""


class RdGrant(Policy):
    """A share of the cost of a research project, awarded yearly within an envelope, paid in instalments."""

    label_en: ClassVar[str] = "R&D project grant"
    label_zh: ClassVar[str] = "科技项目与研发后补助"
    letter: ClassVar[str] = "研发后补助、科技项目"
    dose: ClassVar[str] = "budget"

    budget: Dated[YuanPerYear] = parameter(
        "envelope for all awards of a year; 0 is valid and means: not in force",
        "yuan a year",
        zh="全年资助总预算；0 有效，表示不实施",
    )
    share: Dated[Share] = parameter("share of the project cost that the grant pays", "share", zh="资助占项目费用的比例")
    cap: Dated[Yuan] = parameter("largest grant to one project", "yuan per project", zh="单个项目最高资助额")
    call_quarter: int = parameter(
        "quarter of the year in which the call is decided", "quarter of the year", zh="每年评审所在季度", ge=1, le=4
    )
    instalments: int = parameter("quarterly instalments in which a grant is paid", "quarters", zh="按季分几期拨付", ge=1, le=12)
    delivery: Literal["ranked", "lottery", "first_come"] = parameter(
        "how the envelope is shared out", "word", zh="预算如何分配：ranked 按评分，lottery 抽签，first_come 先到先得"
    )
    merit_weight: float = parameter(
        "weight of project quality in the ranking", "standard deviations", zh="评分中项目质量的权重", ge=0, le=5
    )
    prior_award_weight: float = parameter(
        "weight of an earlier award in the ranking", "standard deviations", zh="评分中曾获资助的权重", ge=0, le=5
    )
    connection_weight: float = parameter(
        "weight of ties to the administration in the ranking", "standard deviations", zh="评分中与政府联系的权重", ge=0, le=5
    )
    noise_weight: float = parameter("weight of chance in the ranking", "standard deviations", zh="评分中偶然因素的权重", ge=0, le=5)
    max_sales: Dated[YuanPerYear] = parameter("largest yearly sales of an eligible firm", "yuan a year", zh="符合条件企业的年销售收入上限")
    paperwork: Yuan = parameter("what an application costs the firm", "yuan per application", zh="企业每次申请自担的成本")
    clawback: Share = parameter(
        "share of what was paid that is claimed back from a dropped project", "share", zh="项目放弃时追回已拨款的比例"
    )
    payers: Payers = payers()

    def members(self, region: "Region") -> Any:
        """Firms in business up to the size limit whose last grant is settled: its project carried out and all of it paid."""
        firms, now = region.firms, region.quarter
        allowed = (firms.identity.alive == 1) & (firms.market.sales <= self.max_sales.at(now)) & (firms.identity.stratum != TEAM)
        table = region.promises.active()
        held = region.promises.held(region.index_of("rd_grant"), PROJECT, now)
        allowed[table.row[held[unsettled(held, table, firms.ventures.done)]]] = False
        return allowed

    def offer(self, levers: "Levers", region: "Region") -> Call | None:
        """One call a year for projects."""
        now = region.quarter
        if now % 4 + 1 != self.call_quarter or not region.quarter_begins:
            return None
        return Call(
            self,
            PROJECT,
            self.members(region),
            share=self.share.at(now),
            cap=self.cap.at(now),
            paperwork=self.paperwork,
            odds=expected_odds(region, "rd_grant", 0.5),
        )

    def award(self, call: Call, region: "Region") -> "np.ndarray":
        """Rank, lot or queue within the envelope; paid in instalments from this quarter on."""
        rows = call.applicants()
        firms = region.firms
        merit = logs(firms.knowledge.knowledge[rows] / firms.knowledge.reference[rows]) + 0.3 * logs(1.0 + firms.knowledge.inventions[rows])
        mood = normals(region.seed, Stream.JURY, firms.identity.id[rows], moment_of(self, region.moment))
        score = (
            self.merit_weight * standardised(merit)
            + self.prior_award_weight * (firms.ventures.awards[rows] > 0)
            + self.connection_weight * firms.ventures.connection[rows]
            + self.noise_weight * mood
        )
        winners = within_envelope(region, call, in_order(region, call, self.delivery, score))
        last = region.quarter + max(self.instalments, PATIENCE) - 1
        request = call.request[winners]
        region.entitle("rd_grant", winners, PROJECT, until=last, share=call.share, left=request, instalment=request / self.instalments)
        return winners

    def check(self, region: "Region") -> None:
        """A project given up, or not carried out in time, ends its grant and pays back."""
        firms, now = region.firms, region.quarter
        held = region.promises.held(region.index_of("rd_grant"), PROJECT, now)
        back, units = region.kernel(claim_back)(
            held, region.promises.active(), self.clawback, firms.identity.alive, firms.ventures.project, firms.ventures.done,
            firms.money.net, now,
        )  # fmt: skip
        for government, share in self.payers.items():
            region.ledger.post("firm", government, "grants claimed back", share * units / UNIT)
        region.count("grants_claimed_back", float(back.sum()))


@kernel
def claim_back(
    held: Ints, grants: Entitlements, clawback: float, alive: Flags, project: Floats, done: Quarters, net: Floats, now: int
) -> tuple[Floats, int]:
    """End those of the grants `held` whose project a firm in business gave up, or has not carried out and no time is left.

    clawback: share of what was paid that goes back; net: payments of the quarter by row, from which it is taken. Returns what goes
    back of each grant, yuan, and of all together, exact units.
    """
    back, count, units = np.empty(held.size), 0, 0
    for grant in held:
        firm = grants.row[grant]
        over = (grants.until[grant] == now) | (project[firm] == 0.0)
        if over & (alive[firm] == 1) & (done[firm] < grants.since[grant]):
            grants.until[grant] = now
            back[count] = clawback * grants.paid[grant]
            net[firm] -= back[count]
            units += int(np.floor(back[count] * UNIT))
            count += 1
    return back[:count], units


def unsettled(held: Ints, grants: Entitlements, done: Any) -> Any:
    """Mask over the grants `held`: the project is not carried out yet, or part of the grant is still to be paid.

    done: quarter of the firm's last project, by row.
    """
    return (done[grants.row[held]] < grants.since[held]) | (grants.left[held] > 0.0)


def standardised(values: np.ndarray) -> np.ndarray:
    """Values less their mean over their spread; zeros where all are equal."""
    if not len(values):
        return values
    away: np.ndarray = values - values.mean()
    spread = sqrt((away * away).mean())
    return away / spread if spread > 0.0 else np.zeros(len(values))
