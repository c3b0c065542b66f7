"""Firms at the start: strata, sectors, places, ages, sales, staff and money."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from .agents.firm import INDUSTRIAL, OTHER, SME, STRATA, TABLES, TEAM, TENANT, Firms, Identity
from .agents.firm_market import MIDDLING, OWNER_RUN, MarketTraits
from .agents.firm_tax import kept_worth
from .arithmetic import log, power
from .chance import Stream
from .columns import Floats, allocate
from .draws import by_share, exps, logs, normals, quantiles, quota, share_below, stratified, uniforms
from .kernel import kernel
from .parameters import Traits
from .region import Region

PAST_GROWTH = 0.07
"""Yearly growth of sales before the start, assumed; range 0.05-0.09 (nominal GDP of the city)."""
YEARS_RETRACED = 9
"""Years before the last over which a firm's profit and payments to owners are retraced."""
EVERY = slice(None)
"""Every row of the firm tables."""
SHARE_COLUMNS = ("share_industrial", "share_other", "share_sme", "share_tenant", "share_tenant")


def stratum_counts(pack: Any, scale: float) -> list[int]:
    """Agents of each stratum, scaled and rounded."""
    real = (
        pack["industrial_firms"],
        pack["other_above_scale_firms"],
        pack["registered_sme_2019"] + pack["unregistered_technology_firms"],
        pack["tenant_firms_2019"],
        pack["teams_2019"],
    )
    return [max(1, int(count * scale + 0.5)) for count in real]


def real_size(region: Region) -> float:
    """Agents of the real region."""
    return float(sum(stratum_counts(region.pack, 1.0)))


def draw_firms(pack: Any, seed: int, scale: float) -> Firms:
    """All firm tables with identity and market filled in."""
    counts = stratum_counts(pack, scale)
    firms = Firms._make(allocate(table, sum(counts)) for table in TABLES)
    fill_identity(firms.identity, pack, seed, counts)
    living = np.flatnonzero(firms.identity.alive)
    fill_sales(firms, pack, seed, living)
    fill_staff(firms, pack, seed, living)
    return firms


def fill_identity(identity: Identity, pack: Any, seed: int, counts: list[int]) -> None:
    """Strata and sectors by quota, technology classes by the sector's mix, districts by their shares, ages by stratum."""
    total = sum(counts)
    ids = np.arange(1, total + 1)
    stratum = np.repeat(np.arange(len(STRATA)), counts)
    identity.id[:total] = ids
    identity.alive[:total] = 1
    identity.stratum[:total] = stratum
    sectors, districts = pack.table("sectors"), pack.table("districts")
    chance = uniforms(seed, Stream.POPULATION_A, ids)
    for number, column in enumerate(SHARE_COLUMNS):
        rows = np.flatnonzero(stratum == number)
        identity.sector[rows] = quota(sectors[column], chance[rows])
    identity.district[:total] = quota(districts["firm_share"], uniforms(seed, Stream.POPULATION_B, ids))
    mix = class_mix(pack)
    identity.tech_class[:total] = by_share(mix, identity.sector[:total], uniforms(seed, Stream.POPULATION_C, ids))
    identity.second_class[:total] = by_share(mix, identity.sector[:total], uniforms(seed, Stream.POPULATION_D, ids))
    identity.manufacturing[:total] = np.asarray(sectors["manufacturing"])[identity.sector[:total]]
    smes = np.flatnonzero(stratum == SME)
    share = pack["registered_sme_2019"] / (pack["registered_sme_2019"] + pack["unregistered_technology_firms"])
    identity.registered[smes] = quota([1.0 - share, share], uniforms(seed, Stream.POPULATION_E, ids[smes]))
    identity.born[:total] = pack.initial_quarter - ages(pack, seed, ids, stratum)


def class_mix(pack: Any) -> np.ndarray:
    """Share of each technology class in each sector, sectors x classes."""
    sectors = [str(key) for key in pack.table("sectors")["key"]]
    classes = [str(key) for key in pack.table("classes")["key"]]
    table = pack.table("sector_classes")
    mix = np.zeros((len(sectors), len(classes)))
    for sector, tech_class, weight in zip(table["sector"], table["class"], table["weight"], strict=True):
        mix[sectors.index(str(sector)), classes.index(str(tech_class))] = float(weight)
    shares: np.ndarray = mix / mix.sum(axis=1, keepdims=True)
    return shares


def ages(pack: Any, seed: int, ids: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Age in quarters: above-scale firms lognormal about the published median, small ones by the registry's shares, tenants young."""
    chance, normal = uniforms(seed, Stream.POPULATION_F, ids), normals(seed, Stream.POPULATION_G, ids)
    large = 4.0 * pack["above_scale_age_median"] * exps(0.5 * normal)
    under, middle = pack["age_share_under_5"], pack["age_share_under_5"] + pack["age_share_5_to_10"]
    small = np.where(
        chance < under,
        20.0 * chance / under,
        np.where(chance < middle, 20.0 + 20.0 * (chance - under) / (middle - under), 40.0 + 40.0 * (chance - middle) / (1.0 - middle)),
    )
    age = np.where(stratum <= OTHER, np.minimum(large, 160.0), small)
    age = np.where(stratum == TENANT, 14.0 * chance, age)
    return np.floor(np.where(stratum == TEAM, 4.0 * chance, age)).astype(np.int64)


def fill_sales(firms: Firms, pack: Any, seed: int, living: np.ndarray) -> None:
    """Sales at the pace of the initial quarter; yearly totals are those published."""
    identity, market = firms.identity, firms.market
    chance = uniforms(seed, Stream.POPULATION_H, identity.id[living])
    stratum = identity.stratum[living]
    sales = np.full(len(living), 50_000.0)
    floor, mu, sigma = pack["above_scale_revenue_floor"], pack["above_scale_revenue_mu"], pack["above_scale_revenue_sigma"]
    for number, total in ((INDUSTRIAL, pack["industrial_revenue_2018"] / max(1.0, pack["industrial_firms"])), (OTHER, None)):
        rows = np.flatnonzero(stratum == number)
        below = share_below((log(floor) - mu) / sigma)
        drawn = exps(mu + sigma * quantiles(below + (1.0 - below) * stratified(chance[rows])))
        if total is not None:
            wanted = total * len(rows) - floor * len(rows)
            drawn = floor + (drawn - floor) * wanted / float((drawn - floor).sum())
        sales[rows] = drawn
    rows = np.flatnonzero(stratum == SME)
    below = share_below((log(0.98 * floor) - log(pack["sme_revenue_median"])) / pack["sme_revenue_sigma"])
    sales[rows] = exps(log(pack["sme_revenue_median"]) + pack["sme_revenue_sigma"] * quantiles(below * stratified(chance[rows])))
    rows = np.flatnonzero(stratum == TENANT)
    tenant = exps(pack["tenant_revenue_sigma"] * quantiles(stratified(chance[rows])))
    sales[rows] = np.maximum(100_000.0, tenant * pack["tenant_revenue_mean"] * len(rows) / max(float(tenant.sum()), 1e-9))
    market.sales[living] = sales * initial_pace(pack)
    firms.books.sales_1[living] = sales
    firms.books.sales_2[living] = sales / (1.0 + PAST_GROWTH)
    young = np.clip(1.0 - (pack.initial_quarter - identity.born[living]) / 20.0, 0.0, 1.0)
    spread = 0.2 * normals(seed, Stream.POPULATION_I, identity.id[living])
    market.anchor[living] = logs(market.sales[living]) + spread + 0.8 * young
    market.fitness[living] = 0.10 * normals(seed, Stream.POPULATION_J, identity.id[living])


def initial_pace(pack: Any) -> float:
    """Demand of the initial quarter against the mean quarter of its year."""
    table = pack.table("environment")
    return float(dict(zip(table["quarter"], table["demand_index"], strict=True))[pack.initial_quarter])


def fill_staff(firms: Firms, pack: Any, seed: int, living: np.ndarray) -> None:
    """Staff, lognormal with the published median and spread, correlated with sales."""
    stratum = firms.identity.stratum[living]
    noise = normals(seed, Stream.POPULATION_K, firms.identity.id[living])
    staff = np.full(len(living), pack["team_staff_mean"])
    correlation = pack["certified_revenue_staff_correlation"]
    for numbers, median, sigma in (
        ((INDUSTRIAL, OTHER), pack["above_scale_staff_median"], pack["above_scale_staff_sigma"]),
        ((SME,), 25.0, 0.9),
        ((TENANT,), pack["tenant_staff_mean"] / 1.5, 0.9),
    ):
        rows = np.flatnonzero(np.isin(stratum, numbers))
        if len(rows):
            rank = quantiles(stratified(firms.market.sales[living[rows]] + 1e-6 * noise[rows]))
            staff[rows] = median * exps(sigma * (correlation * rank + (1.0 - correlation * correlation) ** 0.5 * noise[rows]))
    firms.market.employees[living] = np.maximum(1.0, staff)


def profit_before_rd(firms: Firms, sales: np.ndarray, traits: MarketTraits, rows: Any = EVERY, fitness: float = 1.0) -> np.ndarray:
    """Operating profit of firms in `rows` at these sales without the markup of research-intensive products, yuan a year.

    sales: yuan a year, one figure for each of the rows; fitness: part of today's.
    """
    return profits(firms.market.fitness[rows], sales, fitness, traits)


@kernel
def profits(fitness: Floats, sales: Floats, part: float, traits: MarketTraits) -> Floats:
    """Profit of each firm as above; margins are worked out in the column's precision. part: of its fitness."""
    found, owner_run, half = np.empty(sales.size), OWNER_RUN * traits.million, np.float32(0.5)
    share, margin, margin_edge = np.float32(part), np.float32(traits.margin), np.float32(traits.margin_edge)
    for f in range(sales.size):
        edge = min(max(share * fitness[f], -half), half)
        overhead = traits.overhead * sales[f] / sqrt(max(sales[f], owner_run))
        found[f] = np.float64(margin + margin_edge * edge) * sales[f] - overhead
    return found


def fill_money(firms: Firms, pack: Any, seed: int, living: np.ndarray, traits: Traits, outlay: np.ndarray) -> None:
    """Deposits, loans and working capital: net worth as the rules have filled and emptied it, shaken as sales were.

    outlay: what a firm spends in a year on projects, yuan, by row; R&D is paid for by its markup.
    """
    identity, sales = firms.identity, firms.market.sales[living]
    tied = traits.market.working_capital * sales
    deposit = traits.life.repayment * sales * exps(0.4 * normals(seed, Stream.POPULATION_M, identity.id[living]))
    worth = worth_kept(firms, pack, living, deposit + tied, traits, outlay[living])
    volatility = traits.market.volatility / traits.market.step**0.5
    shaken = volatility * exps(-traits.market.volatility_slope * logs(np.maximum(sales, 1.0) / (MIDDLING * traits.market.million)))
    memory = 1.0 - traits.tax.payout
    worth *= exps(shaken / (1.0 - memory * memory) ** 0.5 * normals(seed, Stream.POPULATION_L, identity.id[living]))
    chance = uniforms(seed, Stream.POPULATION_L, identity.id[living], 1)
    worth = np.where(identity.stratum[living] == TEAM, 100_000.0 + 200_000.0 * chance, worth)
    debt = np.maximum(0.0, deposit + tied - worth)
    firms.money.cash[living] = np.maximum(0.0, worth - tied + debt)
    firms.money.debt[living] = debt
    firms.money.working_capital[living] = tied


def add_worth(firms: Firms, amounts: np.ndarray) -> None:
    """Give firms more net worth, yuan by row: fewer loans, and deposits where there are none left."""
    repaid = np.minimum(amounts, firms.money.debt)
    firms.money.debt[:] -= repaid
    firms.money.cash[:] += amounts - repaid


def worth_kept(firms: Firms, pack: Any, living: np.ndarray, financed: np.ndarray, traits: Traits, outlay: np.ndarray) -> np.ndarray:
    """Net worth after the last payments to owners, yuan: the firm's last years retraced, from the buffer on, at its expected past profit.

    Passing competitiveness that fades forward has, on average, grown as fast; in place of a firm that ran out stands one that began anew.
    financed: deposit and working capital, yuan.
    """
    sales, when, statute = firms.market.sales[living], pack.initial_quarter, pack.statute
    age = (when - firms.identity.born[living]) // 4
    small_limit, small_rate, rate = (each.at(when) for each in (statute.small_profit_limit, statute.small_rate_first, statute.general_rate))
    interest, payout = traits.market.interest / traits.market.step, traits.tax.payout
    keeps = kept_worth(1.0, traits.market.working_capital, traits.tax.buffer, traits.research.collateral) * sales
    worth: np.ndarray = keeps.copy()
    for years in range(YEARS_RETRACED, -1, -1):
        fitness = power(1.0 - traits.market.fitness_decay, years / traits.market.step)
        profit = profit_before_rd(firms, sales, traits.market, living, fitness) - outlay
        profit -= interest * np.maximum(0.0, financed - worth)
        taxed = np.where(profit <= small_limit, small_rate, rate)
        retrace(worth, age >= years, profit, taxed, keeps, payout)
    return worth


@kernel
def retrace(worth: Floats, lived: np.ndarray, profit: Floats, rate: Floats, keeps: Floats, payout: float) -> None:
    """Carry net worth over a year for the firms that lived it, yuan: tax at its rate and payments to owners, against sales that grow."""
    for f in range(worth.size):
        before = worth[f] + profit[f] - rate[f] * max(0.0, profit[f])
        after = before - payout * max(0.0, before - (1.0 + PAST_GROWTH) * keeps[f])
        after = after / (1.0 + PAST_GROWTH) if after > 0.0 else keeps[f]
        worth[f] = after if lived[f] else worth[f]
