"""The stages of the calendar and of governments: the quarter opens, policies offer and award, money is audited.

`schedule.QUARTER` lists the stages in order; those of research are in `stages_research`, those of markets, money
and firms' lives in `stages_market`. A stage is a few lines: it calls the kernel of the agents' file and books
what passed between sectors. Kernels decide; here only totals are booked and arrays handed on.
"""

from __future__ import annotations

import numpy as np

from . import entitlements
from .agents import firm_calls, market
from .arithmetic import exp, log
from .ledger import UNIT
from .levers import CERTIFICATE, POOL, PROJECT, SERVICE, Call
from .parameters import grown
from .policies.contract import moment_of
from .region import Region


def environment(region: Region) -> None:
    """The calendar turns: demand by sector, the outside competitor; in the first quarter, amounts that grow with the economy."""
    if region.year_begins:
        region.traits = grown(region.traits, region.growth_of_year)
        region.funds.committed[:] *= exp(region.growth_of_year)
        region.firms.ventures.need[:] *= exp(region.growth_of_year)
        region.firms.ventures.fee[:] *= exp(region.growth_of_year)
        region.growth_of_year = 0.0
    traits = region.traits
    region.counts = {}
    region.ledger.open_quarter()
    region.held_before = region.held
    nominal = log(region.gdp[region.quarter] / region.gdp[region.quarter - 1]) if region.quarter_begins else 0.0
    region.growth_of_year += nominal
    region.demand = region.growth_weight * nominal
    identity, trade, knowledge = region.firms.identity, region.firms.market, region.firms.knowledge
    own = region.kernel(market.sector_edge)(
        identity.alive, identity.sector, trade.sales, trade.fitness, trade.vintage, knowledge.knowledge, knowledge.reference,
        traits.market.learning_weight, traits.market.knowhow, len(region.growth_weight),
    )  # fmt: skip
    if region.edge_first.size == 0:
        region.edge_first = own.copy()
        region.edge_level = own.copy()
    outside = traits.environment
    region.edge_first = region.edge_first + outside.outside_progress + outside.imitation * (own - region.edge_first)
    region.edge_level = (1.0 - outside.city_weight) * region.edge_first + outside.city_weight * own


def offers(region: Region) -> None:
    """Levers turn neutral, entitlements in force speak, and every policy in force is asked once."""
    region.levers.neutral()
    region.calls = []
    now, year_begins = region.quarter, region.year_begins
    release_lapsed(region)
    for name, policy in region.policies.items():
        if policy.in_force(now):
            if year_begins or name not in region.ledger.envelopes:
                open_budget(region, name)
            call = policy.offer(region.levers, region)
            if call is not None:
                region.calls.append(call)


def release_lapsed(region: Region) -> None:
    """Promises to closed firms, and what was left at their end, go back to the envelope's payers."""
    identity = region.firms.identity
    lapsed = region.promises.forget_lapsed(identity.id, identity.alive, region.quarter, len(region.policies))
    for name, amount in zip(region.policies, lapsed.tolist(), strict=True):
        if name in region.ledger.envelopes:
            region.ledger.release(name, amount)


def open_budget(region: Region, name: str) -> None:
    """Appropriate the year's budget of a policy that has one."""
    policy = region.policies[name]
    budget = policy.yearly_budget(region.quarter)
    if budget is not None:
        region.ledger.open_envelope(name, budget, policy.paid_by())


def answer(region: Region, call: Call) -> None:
    """Let every firm answer one call."""
    firms, levers, traits = region.firms, region.levers, region.traits
    rows = region.rows
    call.worth, call.request, call.applied = np.zeros(rows), np.zeros(rows), np.zeros(rows, np.int8)
    answers = (call.worth, call.request, call.applied)
    eligible = call.eligible.view(np.int8)
    if call.margin == SERVICE:
        covers = tuple(int(kind in call.covers) for kind in range(2))
        region.kernel(firm_calls.apply_service)(
            firms.identity, firms.market, firms.money, firms.research, firms.ventures, levers.firm, traits.services, traits.calls,
            traits.research.collateral, eligible, covers, call.share, call.cap, call.paperwork, call.odds, region.seed,
            moment_of(call.policy, region.moment), *answers,
        )  # fmt: skip
    elif call.margin == PROJECT:
        region.kernel(firm_calls.apply_project)(
            firms.identity, firms.market, firms.money, firms.research, firms.ventures, levers.firm, traits.projects, traits.calls,
            traits.research.collateral, eligible, call.share, call.cap, call.paperwork, call.odds, region.seed,
            moment_of(call.policy, region.moment), *answers,
        )  # fmt: skip
    elif call.margin == POOL:
        region.kernel(firm_calls.apply_pool)(eligible, call.cap, call.paperwork, call.odds, *answers)
    elif call.margin == CERTIFICATE:
        relabelled = region.kernel(firm_calls.apply_certificate)(
            firms.identity, firms.market, firms.money, firms.research, firms.books, firms.knowledge, levers.firm, levers.city,
            region.law, traits.certificate, traits.research, eligible, call.odds, region.quarter, *answers,
        )  # fmt: skip
        region.book("firm", "household", "relabelling", relabelled)


def apply(region: Region) -> None:
    """Firms answer the open calls; certification waits for the year's books."""
    for call in region.calls:
        if call.margin != CERTIFICATE:
            answer(region, call)


def awards(region: Region) -> None:
    """Policies choose among applicants within their envelopes, write entitlements and pay what is due."""
    for call in region.calls:
        if call.margin != CERTIFICATE:
            winners = call.policy.award(call, region)
            if call.margin == PROJECT:
                region.firms.ventures.awards[winners] += 1
    pay_instalments(region)


def pay_instalments(region: Region) -> None:
    """Pay the quarter's instalment of every award that is paid in instalments.

    Money follows the work: until a project is begun only the first instalment is paid, then what has fallen due.
    """
    ventures = region.firms.ventures
    if not region.quarter_begins:
        ventures.received[:] = 0.0
        return
    by_policy = np.zeros(len(region.policies), np.int64)
    region.kernel(entitlements.fall_due)(
        region.promises.active(), PROJECT, ventures.begun, region.quarter, region.firms.money.net, ventures.received, by_policy
    )
    for name, units in zip(region.policies, by_policy.tolist(), strict=True):
        if units:
            region.ledger.pay_promised(name, "firm", "grant", units / UNIT)


def certify(region: Region) -> None:
    """At year end firms with three years' books that meet the criteria apply for the certificate."""
    for call in region.calls:
        if call.margin == CERTIFICATE:
            answer(region, call)
            call.policy.award(call, region)


def comply(region: Region) -> None:
    """At the end of the quarter policies check what was promised to them and claim back."""
    if not region.quarter_ends:
        return
    for name, policy in region.policies.items():
        if name in region.ledger.envelopes or policy.in_force(region.quarter):
            policy.check(region)


def audit(region: Region) -> None:
    """Close the money of the quarter, to the last yuan; turn the calendar."""
    region.held = region.holdings()
    residual = region.ledger.check(region.held, region.held_before)
    region.count("residual", residual)
