"""The stages of markets, money and firms' lives: from the quarter's sales to the price of research in the next.

`schedule.QUARTER` lists them in order.
"""

from __future__ import annotations

import numpy as np

from .agents import firm_life, firm_market, firm_tax, fund, incubator, talent
from .arithmetic import exp, log
from .founding import found_firms
from .ledger import GOVERNMENTS, UNIT
from .region import Region


def trade(region: Region) -> None:
    """Markets grow and shrink firms; sales, costs, interest."""
    firms = region.firms
    revenue, wages, materials, credit, interest = region.kernel(firm_market.trade)(
        firms.identity, firms.market, firms.money, firms.knowledge, firms.books, firms.research, region.demand,
        region.edge_level, region.traits.market, region.traits.research.follow, region.seed, region.quarter // 4, region.moment,
    )  # fmt: skip
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
    to_invest = float(open_capital.sum())
    ready = np.empty(region.rows, np.int64)
    found = region.kernel(fund.court)(
        firms.identity, firms.market, firms.money, firms.research, firms.knowledge, firms.ventures,
        region.incubators.quality, traits.fund, traits.research.collateral, traits.incubator.mentoring, region.seed,
        region.moment, region.quarter, ready,
    )  # fmt: skip
    willing = ready[:found][np.argsort(firms.identity.id[ready[:found]], kind="stable")]
    rounds = min(found, int(to_invest / traits.fund.round_size))
    invested = region.kernel(fund.pay_rounds)(
        willing[:rounds], firms.money.net, firms.money.stake, firms.ventures.funded, traits.fund, region.quarter
    )
    exited, sold = region.kernel(fund.sell_stakes)(
        firms.identity.alive, firms.identity.id, firms.market.sales, firms.money.stake, traits.fund, region.seed, region.moment
    )
    paid = invested / UNIT
    share = open_capital / max(to_invest, 1.0)
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
        firms.identity.alive, firms.identity.stratum, firms.ventures.carrier, firms.money.net, firms.books.profit_year,
        region.levers.firm.rent, carriers.cash, region.traits.incubator.rent,
    )  # fmt: skip
    region.book("firm", "incubator", "rent", rent)
    region.ledger.post("incubator", "household", "upkeep", float(carriers.cash.sum()))
    carriers.cash[:] = 0.0


def close_year(region: Region) -> None:
    """Tax, payments to owners, and the governments' other spending, in the fourth quarter."""
    if not region.year_ends:
        return
    firms = region.firms
    tax, owners, by_deduction, by_ceiling, claimed, claimants, documents = region.kernel(firm_tax.settle_year)(
        firms.identity,
        firms.market,
        firms.money,
        firms.books,
        region.levers.firm,
        region.levers.city.claim_paperwork,
        region.law,
        region.traits.tax,
        region.traits.research.collateral,
        region.traits.certificate.validity,
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
        firms.identity, firms.market, firms.money, firms.ventures, region.incubators.tenants,
        region.age_hazard * traits.residual_small, traits, region.traits.market.million, region.seed, region.moment, region.quarter,
    )  # fmt: skip
    region.book("world", "firm", "closing sales", recovered)
    region.book("firm", "bank", "repayments", repaid)
    region.book("firm", "household", "left to owners", left)
    converted, graduated, crossed = region.kernel(firm_life.graduate)(
        firms.identity, firms.market, firms.knowledge, firms.ventures, region.incubators.tenants, traits, region.seed,
        region.moment, region.quarter, region.quarter_ends,
    )  # fmt: skip
    for name, amount in (
        ("exits_above_scale", large),
        ("exits_small", small),
        ("written_off", lost / UNIT),
        ("converted_teams", converted),
        ("graduates", graduated),
        ("newly_above_scale", crossed),
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
    total = max(1.0, float(region.kernel(talent.planned_research)(region.firms.identity.alive, region.firms.research.plan)))
    elapsed = region.steps_lived + 1
    supply = exp(elapsed * log(1.0 + traits.supply_growth))
    region.research_price = talent.price_of_research(region.research_price, total / region.rd_first, supply, traits)
