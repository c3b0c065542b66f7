"""The stages of research: from the decision to work towards a certificate to the grant of a patent.

`schedule.QUARTER` lists them in order.
"""

from __future__ import annotations

import numpy as np

from .agents import (
    firm_certificate,
    firm_knowledge,
    firm_partners,
    firm_patents,
    firm_projects,
    firm_research,
    firm_services,
    institute,
    transfer_agency,
)
from .arithmetic import exp, log
from .entitlements import draw_down, still_due
from .ledger import UNIT
from .levers import PROJECT, SERVICE
from .region import Region


def pursue(region: Region) -> None:
    """In the first quarter firms decide whether to work towards a certificate."""
    if region.year_begins:
        firms = region.firms
        region.kernel(firm_certificate.pursue)(
            firms.identity, firms.market, firms.money, firms.research, firms.books, region.levers.firm, region.levers.city,
            region.law, len(region.growth_weight), region.traits.certificate, region.seed, region.quarter,
        )  # fmt: skip


def research(region: Region) -> None:
    """Firms decide and do R&D."""
    firms = region.firms
    bill, relabelled, bound = region.kernel(firm_research.research)(
        firms.identity, firms.market, firms.money, firms.books, firms.research, region.levers.firm, region.law,
        region.traits.research, region.research_price, region.seed, region.moment,
    )  # fmt: skip
    wages = region.traits.research.wage_part
    region.book("firm", "household", "R&D staff", int(bill * wages))
    region.book("firm", "world", "R&D materials", bill - int(bill * wages))
    region.book("firm", "household", "relabelling", relabelled)
    region.count("bound_firms", bound)


def projects(region: Region) -> None:
    """Indivisible projects come, are given up, begun and carried on; a grant counts in the decision to begin the one it is for."""
    firms = region.firms
    table, granted, due = region.promises.active(), np.zeros(region.rows), np.zeros(region.rows)
    region.kernel(still_due)(table, PROJECT, firms.ventures.begun, region.quarter, granted, due)
    invested, researched, done = region.kernel(firm_projects.projects)(
        firms.identity, firms.market, firms.money, firms.books, firms.research, firms.ventures, granted, due,
        region.traits.projects, region.traits.research.collateral, region.seed, region.moment, region.quarter,
    )  # fmt: skip
    region.book("firm", "world", "project investment", invested)
    region.book("firm", "household", "project research", researched)
    region.count("projects", done)


def services(region: Region) -> None:
    """Firms buy research services; support that was drawn is paid to the providers."""
    firms, institutes = region.firms, region.institutes
    used = np.empty(region.rows)
    own, supported, instruments, contracts = region.kernel(firm_services.services)(
        firms.identity, firms.money, firms.books.profit_year, firms.research.performer, firms.research.plan, firms.ventures,
        region.levers.firm, used, region.traits.services, region.traits.research.collateral, region.seed, region.moment,
    )  # fmt: skip
    region.book("firm", "institute", "research services", own)
    table = region.promises.active()
    by_policy = np.zeros(len(region.policies) + 1)
    draw_down(used, table.row, table.policy, table.margin, SERVICE, table.left, table.paid, by_policy)
    for name, amount in zip(region.policies, by_policy, strict=False):
        if amount > 0.0:
            region.ledger.pay_promised(name, "institute", "supported services", float(amount))
    received = own / UNIT + float(by_policy.sum())
    weight = institutes.capacity * (1.0 + institutes.office) * (1.0 + institutes.local)
    institutes.income[:] += received * weight / weight.sum()
    region.count("instrument_services", instruments)
    region.count("research_services", contracts)
    region.count("supported_services", supported / UNIT)


def partners(region: Region) -> None:
    """Firms and institutes find each other; contracts are signed."""
    firms, institutes, traits = region.firms, region.institutes, region.traits
    near = institutes.local.nonzero()[0]
    searchers, prices, considered, utility = region.kernel(firm_partners.find_partners)(
        firms.identity, firms.money, firms.research.performer, firms.knowledge.knowledge, firms.ventures.tie, firms.ventures.partner,
        region.levers.firm.search_cost, institutes, near, region.relatedness, traits.partners, traits.knowledge.absorption,
        traits.services.tie_scale, traits.research.collateral, region.seed, region.moment,
    )  # fmt: skip
    opened = institutes.capacity / region.steps_per_quarter
    institutes.slots[:] = np.minimum(institutes.slots + opened, 4.0 * institutes.capacity + 2.0)
    choice = institute.accept(considered, utility, firms.identity.id[searchers], institutes.slots, traits.partners.threshold)
    income = np.zeros(len(institutes.income))
    value, signed = region.kernel(firm_partners.sign_contracts)(
        searchers, choice, prices, firms.money, firms.books.profit_year, firms.ventures.service,
        firms.ventures.tie, firms.ventures.partner, income, institutes.contracts,
    )  # fmt: skip
    institutes.income[:] += income
    region.book("firm", "institute", "joint projects", value)
    region.count("joint_projects", signed)
    region.count("joint_project_value", value / UNIT)


def license_inventions(region: Region) -> None:
    """Agencies bring institutes' inventions to firms."""
    firms = region.firms
    institutes, agencies, traits = region.institutes, region.agencies, region.traits.agency
    reach, room = float(agencies.reach.sum()) / len(agencies.reach), region.rows
    buyers, sources, values = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    found = region.kernel(transfer_agency.look_for_licences)(
        firms.identity, firms.research.performer, institutes, region.relatedness, reach,
        region.levers.city.meeting_rate, traits, region.seed, region.moment, buyers, sources, values,
    )  # fmt: skip
    order = np.argsort(firms.identity.id[buyers[:found]], kind="stable")
    signed, price, fee = region.kernel(transfer_agency.license)(
        firms.identity.id, firms.money, firms.books.profit_year, firms.ventures.service, institutes, agencies, traits,
        region.traits.research.collateral, region.seed, region.moment, buyers[:found][order], sources[:found][order],
        values[:found][order],
    )  # fmt: skip
    region.book("firm", "institute", "licences", price)
    region.book("firm", "agency", "brokerage", fee)
    region.count("licences", signed)
    region.count("licence_value", price / UNIT)


def study(region: Region) -> None:
    """Institutes spend on research and disclose inventions; agencies pay their staff."""
    institutes, traits = region.institutes, region.traits.institute
    block = institutes.block * traits.step
    local = institutes.local == 1
    granted = float(block[local].sum())
    region.ledger.post("household", "province", "general revenue", granted)
    region.ledger.post("province", "institute", "block grants", granted)
    region.ledger.post("world", "institute", "block grants", float(block[~local].sum()))
    region.kernel(institute.study)(institutes, traits, region.seed, region.moment)
    region.ledger.post("institute", "household", "institute research", float(institutes.spent.sum()))
    region.count("institute_rd", float(institutes.spent[local].sum()))
    fees = float(region.agencies.cash.sum())
    region.ledger.post("agency", "household", "agency staff", fees)
    region.agencies.cash[:] = 0.0


def pool(region: Region) -> None:
    """What each class knows in the city, at its partner institutes and in other cities, 2019 = 1."""
    firms = region.firms
    classes = region.relatedness.shape[0]
    sums = np.zeros(classes, np.int64)
    region.kernel(firm_knowledge.class_stocks)(firms.identity.alive, firms.identity.tech_class, firms.knowledge.knowledge, sums)
    near = firm_knowledge.related_stocks(region.relatedness, sums)
    if region.class_first.size == 0:
        region.class_first = near.copy()
    elapsed = region.steps_lived * region.traits.knowledge.step
    others = exp(elapsed * log(1.0 + 4.0 * region.steps_per_quarter * region.traits.institute.growth))
    partners = region.institutes
    partners_growth = region.kernel(institute.class_growth)(partners.tech_class, partners.stock, partners.first_stock, classes)
    region.pool = region.kernel(firm_knowledge.pool_levels)(near, region.class_first, partners_growth, others, region.traits.knowledge)


def learn(region: Region) -> None:
    """Research, services and spill-overs become knowledge."""
    firms = region.firms
    region.kernel(firm_knowledge.learn)(
        firms.identity, firms.research, firms.ventures, firms.knowledge, region.pool, region.traits.knowledge
    )


def patent(region: Region) -> None:
    """Firms file; offices grant or refuse; patents lapse."""
    firms = region.firms
    fees, filed, utility, granted = region.kernel(firm_patents.patent)(
        firms.identity, firms.knowledge, firms.research.rd, firms.ventures.project_rd, firms.books.pursues,
        firms.money.net, firms.books.profit_year, region.traits.patents, region.seed, region.moment,
    )  # fmt: skip
    region.book("firm", "centre", "patent fees", fees)
    region.count("inventions_applied", filed)
    region.count("utility_applied", utility)
    region.count("inventions_granted", granted)
