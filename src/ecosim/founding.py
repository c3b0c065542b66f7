"""Founding: would-be founders and recruited projects of a quarter. Who could come depends on origin, quarter and ordinal, never on policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .agents.firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT
from .agents.incubator import admit
from .arithmetic import exp, log
from .chance import Stream
from .draws import by_share, exps, logs, normals, uniforms
from .population_firms import class_mix
from .population_research import CERTIFY_COST

if TYPE_CHECKING:
    from .region import Region

FOUNDER_IDS = 1 << 40
WOULD_BE = 2.0
"""Would-be founders for each expected entrant: room for policies that raise the odds."""
KINDS = ((TEAM, 0.38), (TENANT, 0.47), (SME, 0.15))
"""What small founders start as, assumed; range of each +-0.15."""
MEDIAN_SALES = {TEAM: 50_000.0, TENANT: 900_000.0, SME: 3_000_000.0, INDUSTRIAL: 45_000_000.0, OTHER: 40_000_000.0}
"""First yearly sales, yuan, assumed; a factor of two either way."""
STARTUP_SHARE, PERFORMER_SHARE = 0.15, 0.50
"""Of small founders: technology start-ups, and others that begin with R&D; assumed, +-0.1 and +-0.2."""


def candidates(region: Region) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Identities, strata and chances of this quarter's would-be founders."""
    life = region.traits.life
    small = max(1, int(WOULD_BE * life.entry_small * region.small_first + 0.5))
    large = max(1, int(WOULD_BE * life.entry_large * region.large_first + 0.5))
    ordinal = np.arange(small + large)
    ids = FOUNDER_IDS + region.quarter * (1 << 20) + ordinal
    kind = uniforms(region.seed, Stream.ENTRANT_TRAIT, ids)
    ladder = np.cumsum([share for _, share in KINDS])
    stratum = np.array([number for number, _ in KINDS])[np.minimum(np.searchsorted(ladder, kind), len(KINDS) - 1)]
    stratum[small:] = np.where(kind[small:] < 0.85, INDUSTRIAL, OTHER)
    chance = np.full(len(ids), 1.0 / WOULD_BE) * float(region.levers.city.entry_odds[0])
    return ids, stratum, chance


def found_firms(region: Region) -> tuple[int, float]:
    """Let this quarter's founders start; returns how many, and the capital they bring, yuan."""
    ids, stratum, chance = candidates(region)
    starts = uniforms(region.seed, Stream.ENTRY, ids) < chance
    ids, stratum = ids[starts], stratum[starts]
    stratum, carrier = place(region, ids, stratum)
    rows = region.make_room(len(ids))
    fill_identity(region, rows, ids, stratum)
    capital = fill_books(region, rows, ids, stratum)
    region.firms.ventures.carrier[rows] = carrier
    region.firms.ventures.admitted[rows] = np.where(carrier >= 0, region.quarter, -1)
    return len(ids), capital


def place(region: Region, ids: np.ndarray, stratum: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Carriers take founders in, in the order of identities; who finds no place starts outside (teams do not start)."""
    carriers = region.incubators
    carrier = np.full(len(ids), -1)
    looked = int(region.traits.incubator.applications)
    places = float(region.levers.city.places[0])
    draws = np.stack([uniforms(region.seed, Stream.ADMISSION, ids, look) for look in range(looked)], axis=1)
    for number in range(len(ids)):
        if stratum[number] >= TENANT:
            carrier[number] = admit(-1, -1, carriers, places, draws[number])
            if carrier[number] >= 0:
                carriers.tenants[carrier[number]] += 1.0
            else:
                stratum[number] = SME
    return stratum, carrier


def fill_identity(region: Region, rows: np.ndarray, ids: np.ndarray, stratum: np.ndarray) -> None:
    """Sector, technology class, district and date."""
    identity, pack, seed = region.firms.identity, region.pack, region.seed
    sectors = pack.table("sectors")
    columns = ("share_industrial", "share_other", "share_sme", "share_tenant", "share_tenant")
    shares = np.stack([np.asarray(sectors[column]) for column in columns])
    sector = by_share(shares[stratum], uniforms(seed, Stream.ENTRANT_CLASS, ids))
    identity.id[rows] = ids
    identity.alive[rows] = 1
    identity.stratum[rows] = stratum
    identity.sector[rows] = sector
    identity.tech_class[rows] = by_share(class_mix(pack)[sector], uniforms(seed, Stream.ENTRANT_CLASS, ids, 1))
    identity.second_class[rows] = by_share(class_mix(pack)[sector], uniforms(seed, Stream.ENTRANT_CLASS, ids, 2))
    share = np.tile(np.asarray(pack.table("districts")["firm_share"]), (len(ids), 1))
    identity.district[rows] = by_share(share, uniforms(seed, Stream.ENTRANT_PLACE, ids)) if len(ids) else 0
    identity.manufacturing[rows] = np.asarray(sectors["manufacturing"])[sector]
    identity.registered[rows] = (stratum == SME) & (uniforms(seed, Stream.ENTRANT_PLACE, ids, 1) < 0.4)
    identity.born[rows] = region.quarter


def fill_books(region: Region, rows: np.ndarray, ids: np.ndarray, stratum: np.ndarray) -> float:
    """Sales, staff, R&D traits, knowledge and founders' capital; returns the capital, yuan."""
    firms, traits, seed = region.firms, region.traits, region.seed
    median = np.array([MEDIAN_SALES[kind] for kind in range(5)])[stratum] if len(ids) else np.zeros(0)
    sales = median * exps(0.8 * normals(seed, Stream.ENTRANT_SIZE, ids))
    sales = np.where(stratum == TEAM, 50_000.0, np.where(stratum <= OTHER, np.maximum(sales, 2e7), np.minimum(sales, 1.9e7)))
    firms.market.sales[rows] = sales
    firms.market.anchor[rows] = logs(sales) + 0.8
    firms.market.fitness[rows] = 0.10 * normals(seed, Stream.FITNESS, ids, region.quarter)
    firms.market.employees[rows] = np.maximum(2.0, sales / 500_000.0)
    kind = uniforms(seed, Stream.ENTRANT_SIZE, ids, 1)
    small = (stratum == TENANT) | (stratum == SME)
    startup = small & (kind < STARTUP_SHARE)
    performs = (startup | (small & (kind < STARTUP_SHARE + PERFORMER_SHARE))) | ((stratum <= OTHER) & (kind < 0.4))
    lag = 0.25 * log(1.08) * (1.0 - traits.research.follow) / traits.research.speed
    intensity = np.minimum(0.6, 0.022 * exps(0.78 * normals(seed, Stream.ENTRANT_TRAIT, ids, 1) + lag))
    plan = np.where(startup, 500_000.0 * exps(0.8 * normals(seed, Stream.ENTRANT_SIZE, ids, 2)), intensity * sales * exp(-lag))
    research, books, knowledge, money = firms.research, firms.books, firms.knowledge, firms.money
    research.performer[rows] = performs
    research.startup[rows] = startup
    firms.market.markup[rows] = np.where(performs & ~startup, intensity * exp(-lag), 0.0)
    research.intensity[rows] = intensity
    research.plan[rows] = np.where(performs, plan, 0.0)
    research.start_taste[rows] = np.where(performs, 0.35, -0.30) + 0.3 * normals(seed, Stream.START, ids, region.quarter) - 0.22 * logs(sales / 1e6)
    books.taxable[rows] = np.maximum(0.0, 0.03 * sales)
    books.income_share[rows] = 0.58 + 0.42 * uniforms(seed, Stream.ENTRANT_TRAIT, ids, 2)
    books.staff_share[rows] = np.minimum(0.98, 0.214 * exps(0.81 * normals(seed, Stream.ENTRANT_TRAIT, ids, 3)))
    books.relabel_cost[rows] = traits.certificate.relabelling * exps(0.5 * normals(seed, Stream.CERTIFICATE_COST, ids))
    books.certify_cost[rows] = CERTIFY_COST * exps(0.8 * normals(seed, Stream.ENTRANT_TRAIT, ids, 4))
    stock = np.maximum(traits.knowledge.floor, 2.0 * np.where(performs, plan, 0.0))
    knowledge.knowledge[rows] = stock
    knowledge.reference[rows] = stock
    secret = uniforms(seed, Stream.ENTRANT_TRAIT, ids, 5) < 0.20
    knowledge.propensity[rows] = 0.9 * normals(seed, Stream.ENTRANT_TRAIT, ids, 6) - 3.0 * secret + region.patent_offset
    firms.ventures.connection[rows] = normals(seed, Stream.ENTRANT_TRAIT, ids, 7)
    tied = traits.market.working_capital * sales
    capital = tied + 0.10 * sales + np.where(startup, 1.5 * plan, 0.0) + np.where(stratum == TEAM, 200_000.0, 0.0)
    money.cash[rows] = capital - tied
    money.working_capital[rows] = tied
    return floor_total(capital - tied)


def floor_total(values: Any) -> float:
    """Sum in whole units of 1/1024 yuan."""
    return float(int(np.floor(np.asarray(values) * 1024.0).astype(np.int64).sum()) / 1024.0)
