"""The stages of the quarter, each a few lines: call the kernel of the agents' file, book what passed between sectors.

`schedule.QUARTER` lists them in order. Kernels decide; here only totals are booked and arrays handed on.
"""

from __future__ import annotations

import numpy as np

from .agents import (
    firm_calls,
    firm_certificate,
    firm_knowledge,
    firm_life,
    firm_market,
    firm_partners,
    firm_patents,
    firm_projects,
    firm_research,
    firm_services,
    firm_tax,
    fund,
    incubator,
    institute,
    market,
    talent,
    transfer_agency,
)
from .arithmetic import exp, log
from .entitlements import draw_down
from .founding import found_firms
from .ledger import GOVERNMENTS, UNIT
from .levers import CERTIFICATE, PROJECT, SERVICE, Call
from .policies.contract import moment_of
from .region import Region


def environment(region: Region) -> None:
    """The calendar turns: demand by sector, the outside competitor, the price of research."""
    traits = region.traits
    region.counts = {}
    region.ledger.open_quarter()
    region.held_before = region.held
    nominal = log(region.gdp[region.quarter] / region.gdp[region.quarter - 1])
    region.demand = region.growth_weight * nominal
    identity, trade, knowledge = region.firms.identity, region.firms.market, region.firms.knowledge
    sectors = len(region.growth_weight)
    sums, weights = np.zeros(sectors, np.int64), np.zeros(sectors, np.int64)
    region.kernel(market.sector_edge)(
        identity.alive, identity.sector, trade.sales, trade.fitness, knowledge.knowledge, knowledge.reference,
        traits.market.learning_weight, sums, weights,
    )
    own = sums / np.maximum(weights, 1)
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
    now = region.quarter
    table = region.promises.active()
    identity = region.firms.identity
    standing = (table.until >= now) & (identity.id[table.row] == table.holder) & (identity.alive[table.row] == 1)
    if not standing.all():
        release_lapsed(region, ~standing)
        region.promises.keep(standing)
    for name, policy in region.policies.items():
        if policy.in_force(now):
            if now % 4 == 0 or name not in region.ledger.envelopes:
                open_budget(region, name)
            call = policy.offer(region.levers, region)
            if call is not None:
                region.calls.append(call)


def release_lapsed(region: Region, gone: np.ndarray) -> None:
    """Promises to closed firms, and what was left at their end, go back to the envelope's payers."""
    table = region.promises.active()
    for number, name in enumerate(region.policies):
        if name in region.ledger.envelopes:
            region.ledger.release(name, float(table.left[gone & (table.policy == number)].sum()))


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
    if call.margin == SERVICE:
        covers = np.array([1 if kind in call.covers else 0 for kind in range(2)])
        region.kernel(firm_calls.apply_service)(
            firms.identity, firms.ventures, levers.firm, traits.services, traits.calls, call.eligible, covers, call.share, call.cap,
            call.paperwork, call.odds, region.seed, moment_of(call.policy, region.quarter), *answers,
        )
    elif call.margin == PROJECT:
        region.kernel(firm_calls.apply_project)(
            firms.identity, firms.ventures, levers.firm, traits.calls, call.eligible, call.share, call.cap, call.paperwork, call.odds,
            region.seed, moment_of(call.policy, region.quarter), *answers,
        )
    elif call.margin == CERTIFICATE:
        region.kernel(firm_calls.apply_certificate)(
            firms.identity, firms.market, firms.money, firms.books, firms.knowledge, levers.firm, levers.city, region.law,
            traits.certificate, call.eligible, call.odds, region.quarter, *answers,
        )


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
    """Pay the quarter's instalment of every award that is paid in instalments."""
    table = region.promises.active()
    for number, name in enumerate(region.policies):
        due = np.flatnonzero((table.policy == number) & (table.instalment > 0.0) & (table.left > 0.0))
        if due.size:
            amounts = np.minimum(table.instalment[due], table.left[due])
            table.left[due] -= amounts
            table.paid[due] += amounts
            region.pay_firms(name, table.row[due], amounts, "grant")


def pursue(region: Region) -> None:
    """In the first quarter firms decide whether to work towards a certificate."""
    if region.quarter % 4 == 0:
        firms = region.firms
        region.kernel(firm_certificate.pursue)(
            firms.identity, firms.market, firms.money, firms.research, firms.books, firms.knowledge, region.levers.firm,
            region.levers.city, region.law, region.traits.certificate, region.seed, region.quarter,
        )


def research(region: Region) -> None:
    """Firms decide and do R&D."""
    firms = region.firms
    bill, relabelled, bound = region.kernel(firm_research.research)(
        firms.identity, firms.market, firms.money, firms.books, firms.research, region.levers.firm, region.law, region.traits.research,
        region.research_price, region.seed, region.quarter,
    )
    wages = region.traits.research.wage_part
    region.book("firm", "household", "R&D staff", int(bill * wages))
    region.book("firm", "world", "R&D materials", bill - int(bill * wages))
    region.book("firm", "household", "relabelling", relabelled)
    region.count("bound_firms", bound)


def projects(region: Region) -> None:
    """Indivisible projects come, are carried out or dropped."""
    firms = region.firms
    invested, researched, done = region.kernel(firm_projects.projects)(
        firms.identity, firms.market, firms.money, firms.books, firms.research, firms.ventures, region.traits.projects,
        region.traits.research.collateral, region.seed, region.quarter,
    )
    region.book("firm", "world", "project investment", invested)
    region.book("firm", "household", "project research", researched)
    region.count("projects", done)


def services(region: Region) -> None:
    """Firms buy research services; support that was drawn is paid to the providers."""
    firms, institutes = region.firms, region.institutes
    used = np.zeros(region.rows)
    own, supported, instruments, contracts = region.kernel(firm_services.services)(
        firms.identity, firms.money, firms.books, firms.research, firms.ventures, region.levers.firm, used, region.traits.services,
        region.seed, region.quarter,
    )
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
    room = region.rows
    near = np.flatnonzero(institutes.local == 1)
    searchers, choice, utility = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room)
    found = region.kernel(firm_partners.find_partners)(
        firms.identity, firms.research, firms.knowledge, firms.ventures, region.levers.firm, institutes, near, region.relatedness,
        traits.partners, traits.knowledge.absorption, traits.services.tie_scale, region.seed, region.quarter, searchers, choice, utility,
    )
    ids = firms.identity.id[searchers[:found]]
    places = np.zeros(len(institutes.id))
    region.kernel(institute.openings)(institutes.id, institutes.capacity, region.seed, region.quarter, places)
    accepted = institute.accept(choice[:found], utility[:found], ids, places)
    value, signed = region.kernel(firm_partners.sign_contracts)(
        found, searchers, choice, accepted, firms.money, firms.books, firms.ventures, firms.identity, institutes, traits.partners,
        region.seed, region.quarter,
    )
    region.book("firm", "institute", "joint projects", value)
    region.count("joint_projects", signed)
    region.count("joint_project_value", value / UNIT)


def license_inventions(region: Region) -> None:
    """Agencies bring institutes' inventions to firms."""
    firms = region.firms
    institutes, agencies, traits = region.institutes, region.agencies, region.traits.agency
    ladder = np.cumsum(np.maximum(0.0, institutes.inventions - 0.5) * (institutes.office + float(agencies.reach.mean())))
    performers = max(1, int((firms.research.performer == 1).sum()))
    chance = min(1.0, float(ladder[-1]) * traits.meeting * float(region.levers.city.meeting_rate[0]) / performers)
    room = region.rows
    buyers, sources, values = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room)
    found = region.kernel(transfer_agency.look_for_licences)(
        firms.identity, firms.research, institutes, region.relatedness, ladder, chance, traits, region.seed, region.quarter, buyers,
        sources, values,
    )
    order = np.argsort(firms.identity.id[buyers[:found]], kind="stable")
    signed, price, fee = region.kernel(transfer_agency.license)(
        firms.identity, firms.money, firms.books, firms.ventures, institutes, agencies, traits, region.seed, region.quarter,
        buyers[:found][order], sources[:found][order], values[:found][order],
    )
    region.book("firm", "institute", "licences", price)
    region.book("firm", "agency", "brokerage", fee)
    region.count("licences", signed)
    region.count("licence_value", price / UNIT)


def study(region: Region) -> None:
    """Institutes spend on research and disclose inventions; agencies pay their staff."""
    institutes, traits = region.institutes, region.traits.institute
    block = institutes.block * traits.step
    local = institutes.local == 1
    region.ledger.post("household", "province", "general revenue", float(block[local].sum()))
    region.ledger.post("province", "institute", "block grants", float(block[local].sum()))
    region.ledger.post("world", "institute", "block grants", float(block[~local].sum()))
    region.kernel(institute.study)(institutes, traits, region.seed, region.quarter)
    institutes.cash[:] += block + institutes.income - institutes.spent
    region.ledger.post("institute", "household", "institute research", float(institutes.spent.sum()))
    region.count("institute_rd", float(institutes.spent[local].sum()))
    institutes.income[:] = 0.0
    institutes.contracts[:] = 0.0
    fees = float(region.agencies.cash.sum())
    region.ledger.post("agency", "household", "agency staff", fees)
    region.agencies.cash[:] = 0.0


def pool(region: Region) -> None:
    """What each class knows in the city, at its partner institutes and in other cities, 2019 = 1."""
    firms = region.firms
    classes = region.relatedness.shape[0]
    sums = np.zeros(classes, np.int64)
    region.kernel(firm_knowledge.class_stocks)(firms.identity.alive, firms.identity.tech_class, firms.knowledge.knowledge, sums)
    near = mixed(region.relatedness, sums)
    if region.class_first.size == 0:
        region.class_first = near.copy()
    elapsed = (region.quarter - region.pack.initial_quarter) * region.traits.knowledge.step
    others = np.full(classes, exp(elapsed * log(1.0 + 4.0 * region.traits.institute.growth)))
    region.pool = firm_knowledge.pool_levels(
        near, region.class_first, institute.class_growth(region.institutes, classes), others, region.traits.knowledge
    )


def mixed(relatedness: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Stocks of related classes summed by relatedness, in a fixed order."""
    found = np.zeros(len(sums))
    for other in range(len(sums)):
        found += relatedness[:, other] * float(sums[other])
    return found


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
        firms.identity, firms.money, firms.books, firms.research, firms.knowledge, firms.ventures, region.traits.patents, region.seed,
        region.quarter,
    )
    region.book("firm", "centre", "patent fees", fees)
    region.count("inventions_applied", filed)
    region.count("utility_applied", utility)
    region.count("inventions_granted", granted)


def trade(region: Region) -> None:
    """Markets grow and shrink firms; sales, costs, interest."""
    firms = region.firms
    revenue, wages, materials, credit, interest = region.kernel(firm_market.trade)(
        firms.identity, firms.market, firms.money, firms.knowledge, firms.books, firms.research, region.demand, region.edge_level,
        region.traits.market, region.traits.research.follow, region.seed, region.quarter,
    )
    region.book("world", "firm", "sales", revenue)
    region.book("firm", "household", "wages", wages)
    region.book("firm", "world", "materials", materials)
    region.book("firm", "world", "trade credit", credit)
    region.book("firm", "bank", "interest", interest)
    region.book("bank", "household", "bank staff and owners", interest)


def invest(region: Region) -> None:
    """Venture rounds and exits."""
    firms, funds, traits = region.firms, region.funds, region.traits
    open_capital = np.maximum(0.0, funds.committed - funds.called)
    ready = np.zeros(region.rows, np.int64)
    found = region.kernel(fund.court)(
        firms.identity, firms.market, firms.money, firms.research, firms.knowledge, firms.ventures, region.incubators.quality,
        traits.fund, traits.research.collateral, traits.incubator.mentoring, region.seed, region.quarter, ready,
    )
    willing = ready[:found][np.argsort(firms.identity.id[ready[:found]], kind="stable")]
    rounds = min(found, int(float(open_capital.sum()) / traits.fund.round_size))
    invested = region.kernel(fund.pay_rounds)(willing[:rounds], firms.money, firms.ventures, traits.fund, region.quarter)
    exited, sold = region.kernel(fund.sell_stakes)(firms.identity, firms.market, firms.money, traits.fund, region.seed, region.quarter)
    paid = invested / UNIT
    share = open_capital / max(float(open_capital.sum()), 1.0)
    public = float((share * funds.public_share).sum()) * paid
    region.ledger.post("household", "city", "general revenue", public)
    region.ledger.post("city", "fund", "capital called", public)
    region.ledger.post("household", "fund", "capital called", paid - public)
    region.book("fund", "firm", "venture rounds", invested)
    region.book("household", "fund", "stakes sold", exited)
    region.book("fund", "household", "proceeds to partners", exited)
    funds.called[:] += share * paid
    funds.invested[:] += share * paid
    funds.rounds[:] += share * rounds
    region.count("venture_rounds", rounds)
    region.count("venture_money", paid)
    region.count("venture_exits", sold)


def house(region: Region) -> None:
    """Tenants pay rent; incubators spend it on upkeep and staff."""
    firms, carriers = region.firms, region.incubators
    rent = region.kernel(incubator.house)(
        firms.identity, firms.money, firms.books, firms.ventures, region.levers.firm, carriers.cash, region.traits.incubator.rent
    )
    region.book("firm", "incubator", "rent", rent)
    region.ledger.post("incubator", "household", "upkeep", float(carriers.cash.sum()))
    carriers.cash[:] = 0.0


def certify(region: Region) -> None:
    """At year end firms with three years' books that meet the criteria apply for the certificate."""
    for call in region.calls:
        if call.margin == CERTIFICATE:
            answer(region, call)
            call.policy.award(call, region)


def comply(region: Region) -> None:
    """Policies check what was promised to them and claim back."""
    for name, policy in region.policies.items():
        if name in region.ledger.envelopes or policy.in_force(region.quarter):
            policy.check(region)


def close_year(region: Region) -> None:
    """Tax, payments to owners, and the governments' other spending, in the fourth quarter."""
    if not region.year_ends:
        return
    firms = region.firms
    tax, owners, by_deduction, by_ceiling, claimed, claimants, documents = region.kernel(firm_tax.settle_year)(
        firms.identity, firms.market, firms.money, firms.books, region.levers.firm, float(region.levers.city.claim_paperwork[0]), region.law,
        region.traits.tax
    )
    statute = region.pack.statute
    centre = statute.central_tax_share.at(region.quarter)
    region.book("firm", "centre", "corporate income tax", int(tax * centre))
    region.book("firm", "city", "corporate income tax", tax - int(tax * centre))
    region.book("firm", "household", "payments to owners", owners)
    region.book("firm", "household", "tax advice", documents)
    split = {"centre": centre, "city": 1.0 - centre}
    for lever, units in (("deduction", by_deduction), ("tax_ceiling", by_ceiling)):
        authors = region.levers.authors.get(lever, [])
        if units and authors:
            region.ledger.forgo("+".join(authors), split, units / UNIT)
    region.count("tax_paid", tax / UNIT)
    region.count("claimed", claimed / UNIT)
    region.count("claimants", claimants)
    for government in GOVERNMENTS:
        region.ledger.post(government, "household", "other public services", region.ledger.balance[government])


def settle(region: Region) -> None:
    """All payments of the quarter reach the firms' deposits; banks lend what is short and take what is spare."""
    firms = region.firms
    lent, repaid = region.kernel(firm_life.settle)(
        firms.identity.alive, firms.market.sales, firms.money.cash, firms.money.debt, firms.money.net, region.traits.life.repayment
    )
    region.book("bank", "firm", "loans", lent)
    region.book("firm", "bank", "repayments", repaid)


def leave(region: Region) -> None:
    """Firms close; teams convert, tenants graduate, small firms grow up."""
    firms, traits = region.firms, region.traits.life
    large, small, recovered, repaid, left, lost = region.kernel(firm_life.close)(
        firms.identity, firms.market, firms.money, firms.ventures, region.incubators.tenants, region.age_hazard * traits.residual_small,
        traits, region.seed, region.quarter,
    )
    region.book("world", "firm", "closing sales", recovered)
    region.book("firm", "bank", "repayments", repaid)
    region.book("firm", "household", "left to owners", left)
    converted, graduated, crossed = region.kernel(firm_life.graduate)(
        firms.identity, firms.market, firms.knowledge, firms.ventures, region.incubators.tenants, traits, region.seed, region.quarter
    )
    for name, amount in (
        ("exits_above_scale", large), ("exits_small", small), ("written_off", lost / UNIT), ("converted_teams", converted),
        ("graduates", graduated), ("newly_above_scale", crossed),
    ):
        region.count(name, amount)


def found(region: Region) -> None:
    """Would-be founders start, recruited projects arrive, carriers take tenants in."""
    entrants, capital = found_firms(region)
    region.ledger.post("household", "firm", "founders' capital", capital)
    region.count("entries", entrants)


def wages(region: Region) -> None:
    """Demand for R&D staff beyond supply raises the price of research of the next quarter."""
    traits = region.traits.talent
    total = max(1.0, float(np.floor(region.firms.research.plan[region.alive]).sum()))
    elapsed = region.quarter + 1 - region.pack.initial_quarter
    supply = exp(elapsed * log(1.0 + traits.supply_growth))
    region.research_price = talent.price_of_research(region.research_price, total / region.rd_first, supply, traits)


def audit(region: Region) -> None:
    """Close the money of the quarter, to the last yuan; turn the calendar."""
    region.held = region.holdings()
    residual = region.ledger.check(region.held, region.held_before)
    region.count("residual", residual)
