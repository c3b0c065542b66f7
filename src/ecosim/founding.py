"""Founding: would-be founders and recruited projects of a quarter.

Who could come depends on origin, quarter and ordinal, never on policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .agents.firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT
from .agents.firm_market import staffing_of
from .agents.incubator import admit
from .arithmetic import drawn_normal_quantile, exact_units, exp, log
from .chance import Stream
from .columns import rows_where
from .draws import fill_uniforms, normals_of
from .kernel import inlined_kernel, kernel
from .ledger import UNIT
from .population_certificates import CERTIFY_COST

if TYPE_CHECKING:
    from .region import Region

FOUNDER_IDS = 1 << 40
WOULD_BE = 2.0
"""Would-be founders for each expected entrant: room for policies that raise the odds."""
TEAM_SHARE, TENANT_SHARE, INDUSTRIAL_SHARE = 0.38, 0.47, 0.85
"""What small founders start as (the rest as SMEs), and industrial ones among recruited projects; assumed, each +-0.15."""
MEDIAN_SALES = (45.0, 40.0, 3.0, 0.9, 0.05)
"""First yearly sales by stratum, million yuan of the start, assumed; a factor of two either way."""
STARTUP_SHARE, PERFORMER_SHARE, LARGE_PERFORMER_SHARE, REGISTERED_SHARE = 0.15, 0.50, 0.40, 0.40
"""Of founders: technology start-ups, others that begin with R&D, recruited projects with R&D, SMEs on the register; assumed, +-0.1."""
STARTUP_PLAN, STARTUP_YEARS = 0.5, 1.5
"""Median plan of a technology start-up, million yuan of the start a year, and years of it that founders bring in cash; assumed."""


@kernel
def would_be_founders(quarter, small, large, part, parts):
    """Identities of those who might start in this of so many parts of the quarter, and how many of them, the first ones, are small.

    small, large: would-be founders of the quarter. Each has its ordinal in it, however the quarter is divided.
    """
    first_small, first_large = small * part // parts, small + large * part // parts
    smalls = small * (part + 1) // parts - first_small
    ids = np.empty(smalls + small + large * (part + 1) // parts - first_large, np.int64)
    for f in range(ids.size):
        ids[f] = FOUNDER_IDS + quarter * (1 << 20) + (first_small + f if f < smalls else first_large + f - smalls)
    return ids, smalls


@kernel
def choose_founders(ids, small, odds, seed):
    """The identities of those that start, in order, and the stratum each starts in.

    ids: would-be founders, the first `small` of them small; odds: factor on their chance.
    """
    lot, starts = np.empty((1, ids.size)), np.empty(ids.size, np.int8)
    fill_uniforms(seed, Stream.ENTRY, ids, lot)
    for f in range(ids.size):
        starts[f] = 1 if lot[0, f] < odds / WOULD_BE else 0
    started = rows_where(starts)
    chosen, stratum, sort = ids[started], np.empty(started.size, np.int64), np.empty((1, started.size))
    fill_uniforms(seed, Stream.ENTRANT_TRAIT, chosen, sort)
    for f in range(started.size):
        if started[f] < small:
            stratum[f] = TEAM if sort[0, f] < TEAM_SHARE else TENANT if sort[0, f] < TEAM_SHARE + TENANT_SHARE else SME
        else:
            stratum[f] = INDUSTRIAL if sort[0, f] < INDUSTRIAL_SHARE else OTHER
    return chosen, stratum


@inlined_kernel
def pick(ladder, draw):
    """Index of the first step of a cumulative ladder that reaches the draw. Steps are counted, not searched: no jump depends on a draw."""
    passed = 0
    for step in range(ladder.size - 1):
        passed += 1 if ladder[step] < draw else 0
    return passed


@kernel
def lognormals(median, spread, chances):
    """A lognormal trait of founders, one for each uniform draw."""
    found = np.empty(chances.size)
    for f in range(chances.size):
        found[f] = median * exp(spread * drawn_normal_quantile(chances[f]))
    return found


@inlined_kernel
def first_sales(kind, factor):
    """Yearly sales a founder begins with, million yuan of the start: lognormal, on its side of the line of above-scale."""
    sales = MEDIAN_SALES[kind] * factor
    return MEDIAN_SALES[TEAM] if kind == TEAM else max(sales, 20.0) if kind <= OTHER else min(sales, 19.0)


@kernel
def draw_origins(ids, stratum, sector_ladder, class_ladder, seed):
    """Sector by the stratum's shares, main and second technology class by the sector's mix (3 x founders)."""
    lots, origins = np.empty((3, ids.size)), np.empty((3, ids.size), np.int64)
    fill_uniforms(seed, Stream.ENTRANT_CLASS, ids, lots)
    for f in range(ids.size):
        sector = pick(sector_ladder[stratum[f]], lots[0, f])
        origins[0, f] = sector
        origins[1, f], origins[2, f] = pick(class_ladder[sector], lots[1, f]), pick(class_ladder[sector], lots[2, f])
    return origins


@kernel
def gather_founders(quarter, small, large, part, parts, odds, sector_ladder, class_ladder, incubators, looks, places, seed):
    """Who starts: identities, strata, origins (sector, main and second class) and the carriers that take them in, -1 for none.

    looks: carriers a founder looks at; places: factor on their places. Who would be a tenant and finds none starts as an SME.
    """
    ids, smalls = would_be_founders(quarter, small, large, part, parts)
    chosen, stratum = choose_founders(ids, smalls, odds, seed)
    origins = draw_origins(chosen, stratum, sector_ladder, class_ladder, seed)
    draws, carrier = np.empty((looks, chosen.size)), np.empty(chosen.size, np.int64)
    fill_uniforms(seed, Stream.ADMISSION, chosen, draws)
    admit(stratum, origins[1], incubators, places, draws.T, carrier)
    for f in range(chosen.size):
        stratum[f] = SME if (stratum[f] >= TENANT) & (carrier[f] < 0) else stratum[f]
    return chosen, stratum, origins, carrier


@inlined_kernel
def begin_without(i, market, money, research, books, knowledge, ventures):
    """All that a new firm has not got yet: nothing of the row's former firm is left."""
    market.edge[i], market.profit[i] = 0.0, 0.0
    money.debt[i], money.net[i], money.losses[i], money.loss_age[i], money.stake[i] = 0.0, 0.0, 0.0, 0.0, 0.0
    research.start_shift[i], research.rd[i], research.relabelled[i] = 0.0, 0.0, 0.0
    research.raised[i], research.topup[i], research.relabel_share[i] = 0.0, 0.0, 0.0
    research.bound[i], research.centre[i] = 0, 0
    books.sales_year[i], books.profit_year[i], books.rd_year[i], books.reported_year[i] = 0.0, 0.0, 0.0, 0.0
    books.sales_1[i], books.sales_2[i], books.reported_1[i], books.reported_2[i] = 0.0, 0.0, 0.0, 0.0
    books.claimed_year[i], books.considered[i], books.pursues[i] = 0.0, 0, 0
    knowledge.learning[i], knowledge.value[i] = 0.0, 0.0
    knowledge.pending[i], knowledge.inventions[i], knowledge.utility[i] = 0.0, 0.0, 0.0
    knowledge.applied[i], knowledge.applied_utility[i], knowledge.granted[i] = 0.0, 0.0, 0.0
    ventures.project[i], ventures.project_left[i], ventures.project_worth[i], ventures.project_rd[i] = 0.0, 0.0, 0.0, 0.0
    ventures.begun[i], ventures.done[i] = -1, -1
    ventures.awards[i], ventures.received[i], ventures.funded[i] = 0.0, 0.0, -1
    ventures.need[i], ventures.need_kind[i], ventures.fee[i], ventures.service[i] = 0.0, 0, 0.0, 0.0
    ventures.tie[i], ventures.partner[i] = 0.0, -1


@kernel
def start_business(
    rows, ids, stratum, origins, carrier, identity, market, money, research, books, knowledge, ventures, district_ladder,
    manufacturing, level, market_traits, research_traits, knowledge_traits, certificate_traits, patent_offset, seed, quarter,
):  # fmt: skip
    """Fill the rows of new firms, every column of them; returns the capital founders bring, exact units.

    They have the technology of the day: at first they are about as competitive as their rivals (Luttmer 2007).
    origins: sector, main and second class; level: competitiveness of rivals by sector; patent_offset: the city's level of patenting.
    """
    capital = 0
    sizes, places, traits = np.empty((4, ids.size)), np.empty((2, ids.size)), np.empty((10, ids.size))
    fill_uniforms(seed, Stream.ENTRANT_SIZE, ids, sizes)
    fill_uniforms(seed, Stream.ENTRANT_PLACE, ids, places)
    fill_uniforms(seed, Stream.ENTRANT_TRAIT, ids, traits)
    million = market_traits.million
    factor, lots, plan_size = lognormals(1.0, 0.8, sizes[0]), sizes[1], lognormals(STARTUP_PLAN, 0.8, sizes[2])
    fitness, place, register = normals_of(sizes[3]), places[0], places[1]
    zeal, income = normals_of(traits[1]), traits[2]
    staff, file_cost = lognormals(0.214, 0.81, traits[3]), lognormals(CERTIFY_COST, 0.8, traits[4])
    secrecy, bent, acquaintance = traits[5], normals_of(traits[6]), normals_of(traits[7])
    taste, steepness = normals_of(traits[8]), lognormals(certificate_traits.relabelling, 0.5, traits[9])
    lag = research_traits.step * log(1.08) * (1.0 - research_traits.follow) / research_traits.speed
    for i in rows:
        begin_without(i, market, money, research, books, knowledge, ventures)
    for f in range(rows.size):
        i, who, kind = rows[f], ids[f], stratum[f]
        small = kind in (TENANT, SME)
        sales = million * first_sales(kind, factor[f])
        lot = lots[f]
        startup = small and lot < STARTUP_SHARE
        performs = startup or (small and lot < STARTUP_SHARE + PERFORMER_SHARE) or (kind <= OTHER and lot < LARGE_PERFORMER_SHARE)
        intensity = min(0.6, 0.022 * exp(0.78 * zeal[f] + lag))
        wish = million * plan_size[f] if startup else intensity * sales * exp(-lag)
        plan = wish if performs else 0.0
        identity.id[i], identity.alive[i], identity.stratum[i], identity.born[i] = who, 1, kind, quarter
        identity.sector[i], identity.tech_class[i], identity.second_class[i] = origins[0][f], origins[1][f], origins[2][f]
        identity.district[i] = pick(district_ladder, place[f])
        identity.manufacturing[i] = manufacturing[origins[0][f]]
        identity.registered[i] = 1 if kind == SME and register[f] < REGISTERED_SHARE else 0
        market.sales[i], market.anchor[i], market.employees[i] = sales, log(sales) + 0.8, max(2.0, sales / (0.5 * million))
        heads = plan / market_traits.rd_per_head
        market.staffing[i] = staffing_of(market.employees[i], log(sales), market_traits.staff_returns, 0.0, heads)
        market.vintage[i] = level[origins[0][f]]
        market.fitness[i], market.markup[i] = 0.10 * fitness[f], intensity * exp(-lag) if performs and not startup else 0.0
        research.performer[i], research.startup[i] = 1 if performs else 0, 1 if startup else 0
        research.intensity[i], research.plan[i] = intensity, plan
        lean = research_traits.start_spread if performs else -research_traits.start_spread
        research.start_taste[i] = lean + 0.5 * research_traits.start_spread * taste[f] - research_traits.start_size * log(sales / million)
        books.taxable[i], books.expected[i] = 0.03 * sales, 0.03
        books.income_share[i] = 0.58 + 0.42 * income[f]
        books.staff_share[i] = min(0.98, staff[f])
        books.relabel_cost[i] = steepness[f]
        books.certify_cost[i] = million * file_cost[f]
        stock = max(knowledge_traits.floor, 2.0 * plan)
        knowledge.knowledge[i], knowledge.reference[i] = stock, stock
        secret = 3.0 if secrecy[f] < 0.20 else 0.0
        knowledge.propensity[i] = 0.9 * bent[f] - secret + patent_offset
        ventures.connection[i] = acquaintance[f]
        ventures.carrier[i] = carrier[f]
        ventures.admitted[i] = quarter if carrier[f] >= 0 else -1
        cash = 0.10 * sales + (STARTUP_YEARS * plan if startup else 0.0) + (0.2 * million if kind == TEAM else 0.0)
        money.cash[i], money.working_capital[i] = cash, market_traits.working_capital * sales
        capital += exact_units(cash)
    return capital


def found_firms(region: Region) -> tuple[int, float]:
    """Let this step's founders start; returns how many, and the capital they bring, yuan."""
    seed, life, parts, levers = region.seed, region.traits.life, region.steps_per_quarter, region.levers.city
    small = int(WOULD_BE * life.entry_small * parts * region.small_first + 0.5)
    large = int(WOULD_BE * life.entry_large * parts * region.large_first + 0.5)
    ids, stratum, origins, carrier = region.kernel(gather_founders)(
        region.quarter, small, large, region.moment % parts, parts, levers.entry_odds, region.sector_ladder,
        region.class_ladder, region.incubators, int(region.traits.incubator.applications), levers.places, seed,
    )  # fmt: skip
    rows = region.make_room(len(ids))
    firms, traits = region.firms, region.traits
    capital = region.kernel(start_business)(
        rows, ids, stratum, origins, carrier, firms.identity, firms.market, firms.money, firms.research, firms.books,
        firms.knowledge, firms.ventures, region.district_ladder,
        np.asarray(region.pack.table("sectors")["manufacturing"]), region.edge_level, traits.market, traits.research, traits.knowledge,
        traits.certificate, region.patent_offset, seed, region.quarter,
    )  # fmt: skip
    return len(ids), capital / UNIT
