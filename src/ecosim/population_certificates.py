"""Certificates at the start: who is certified, who is on the way, what a file costs, and until when each is valid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .agents.firm_certificate import MOST_RAISED, chance_to_hear, may_be_cultivated, peers
from .arithmetic import log, power
from .chance import Stream
from .draws import exps, normals, quantiles, quota, share_below, uniforms
from .entitlements import FOR_GOOD, Promises
from .levers import CERTIFICATE, POOL
from .population_firms import profit_before_rd, real_size
from .region import Region

CERTIFY_COST = 0.08
"""Median cost of a certification file, million yuan of the start: audit, agent and staff, assumed; range .04 to .25."""
DEDUCTION = 0.75
"""Extra deduction of R&D in force at the start (Caishui 2018 No. 99)."""
RELIEF = 0.10
"""Points that a certificate takes off the standard rate of tax (Corporate Income Tax Law, article 28)."""
YEARS_LEARNT = 4
"""Years before the last from which firms have learnt what taxable income to expect; earlier ones would weigh a sixteenth."""
FIRST_AWARD, RENEWAL_AWARD = 300_000.0, 100_000.0
"""Awards that firms had in view when they chose to be certified, yuan, city and district (Suzhou 2022 as stand-in, grade C)."""


def draw_certificates(region: Region, living: np.ndarray, own: np.ndarray, usual: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who is certified, who is on the way, and by how much each must raise its ratio.

    own, usual: R&D each firm would do anyway, share of sales, and in projects, yuan, by row. The certified are the published number,
    with the published distribution of their sales, those to whom the certificate is worth most by the model's own rule; as they chose
    it, it pays for each of them. Returns by row a mask of the certified, the years for which a firm has been on the way (0: it is not)
    and the gap to the threshold, share of sales.
    """
    pack, firms, traits = region.pack, region.firms, region.traits.certificate
    identity, books = firms.identity, firms.books
    terms = draw_terms(region, living)
    asked = notch(books.sales_1) * traits.safety
    steep = steep_costs(region, own, asked)
    gap = np.maximum(0.0, asked - own)
    saved = saved_at_start(region, expected_income(region, own + usual / np.maximum(books.sales_1, 1.0), own))
    worth = saved + traits.standing * np.minimum(books.sales_1, traits.known_size)
    gain = worth + (terms.first - books.certify_cost) / traits.validity - 0.5 * gap * gap * steep * books.sales_1
    able = np.zeros(region.rows, bool)
    able[living] = (firms.research.performer[living] == 1) & (books.income_share[living] >= 0.6) & (books.staff_share[living] >= 0.10)
    able &= (pack.initial_quarter - identity.born >= 4) & (firms.research.startup == 0)
    wanted = int(pack["hightech_firms_2019"] * living.size / real_size(region) + 0.5)
    heard = wanted / max(1, int(np.count_nonzero(able & (gain > 0.0))))
    certified = pick_certified(region, able, gain, wanted, heard)
    budget = np.maximum(0.0, worth + terms.renewal / traits.validity)
    books.certify_cost[certified] = np.minimum(books.certify_cost, 0.8 * traits.validity * budget)[certified]
    spare = np.maximum(0.0, worth + (terms.renewal - books.certify_cost) / traits.validity)
    bearable = 0.95 * np.sqrt(2.0 * spare / np.maximum(steep * books.sales_1, 1e-9))
    gap = np.where(certified, np.minimum(gap, bearable), gap)
    heard_of = years_since_hearing(region, living, certified, able & (gain > 0.0))
    wait = years_to_certify(own, asked)
    coming = able & ~certified & (gain > 0.0) & (heard_of > 0) & (heard_of < wait)
    by_lot = np.zeros(region.rows, bool)
    by_lot[living] = uniforms(region.seed, Stream.POPULATION_T, identity.id[living], 1) < heard
    books.considered[:] = (firms.research.performer == 1) & (certified | coming | (by_lot & (gain <= 0.0)))
    return certified, np.where(coming, heard_of, 0), np.where(certified | coming, gap, 0.0)


def years_since_hearing(region: Region, living: np.ndarray, certified: np.ndarray, pays: np.ndarray) -> np.ndarray:
    """Years since each firm without a certificate began to work towards one, by row: 1 or 2, 0 if it has not heard of it by then.

    The rule of hearing at the certified of one year and of two years ago. certified, pays: masks by row.
    """
    identity, traits = region.firms.identity, region.traits.certificate
    known = peers(identity, certified.astype(np.float64), pays.astype(np.int8), len(region.growth_weight))
    growth, sector = 1.0 + region.pack["hightech_growth_2016_2020"], np.maximum(0, identity.sector[living])
    lot = uniforms(region.seed, Stream.POPULATION_T, identity.id[living], 3)
    found = np.zeros(region.rows, np.int64)
    unheard = np.ones(len(living))
    for years in (1, 2):
        chance = np.array([chance_to_hear(traits.hearing, traits.word, sure / power(growth, years), able, 1.0) for sure, able in known])
        hears = unheard * chance[sector]
        found[living] = np.where((lot < unheard) & (lot >= unheard - hears), years, found[living])
        unheard = unheard - hears
    return found


def years_to_certify(own: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """In which year of working towards it a firm's three years of books meet the ratio, 1 to 3, by the rule of what it aims at."""
    share = own / asked
    found: np.ndarray = np.where(3.0 - 2.0 * share <= MOST_RAISED, 1, np.where(2.0 - share <= MOST_RAISED, 2, 3))
    return found


class Terms(NamedTuple):
    """Awards for certificates that firms knew when the run begins, yuan."""

    first: float
    renewal: float


def draw_terms(region: Region, living: np.ndarray) -> Terms:
    """Each firm's product mix, staff, cost of relabelling and cost of a file; the awards in force."""
    pack, books, identity = region.pack, region.firms.books, region.firms.identity
    chance = uniforms(region.seed, Stream.POPULATION_P, identity.id[living])
    books.income_share[living] = np.clip(0.58 + 0.42 * chance, 0.0, 1.0)
    staff = quantiles(uniforms(region.seed, Stream.POPULATION_Q, identity.id[living]))
    books.staff_share[living] = np.minimum(
        0.98, pack["certified_rd_staff_share_median"] * exps(pack["certified_rd_staff_share_sigma"] * staff)
    )
    books.relabel_cost[living] = region.traits.certificate.relabelling * exps(
        0.5 * normals(region.seed, Stream.CERTIFICATE_COST, identity.id[living])
    )
    books.certify_cost[living] = (
        region.traits.market.million * CERTIFY_COST * exps(0.8 * normals(region.seed, Stream.ENTRANT_TRAIT, identity.id[living]))
    )
    return Terms(FIRST_AWARD, RENEWAL_AWARD)


def steep_costs(region: Region, own: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Curvature of the least cost of closing a gap, by row (see firm_certificate.closing_cost)."""
    books = region.firms.books
    real = real_steepness(region, own)
    hidden = np.maximum(books.relabel_cost.astype(np.float64), 1e-6) / asked
    found: np.ndarray = real * hidden / (real + hidden)
    return found


def real_steepness(region: Region, own: np.ndarray) -> np.ndarray:
    """Curvature of the cost of real R&D above the plan, by row."""
    traits = region.traits.certificate
    found: np.ndarray = traits.curvature / (traits.ease * np.maximum(own, 0.002))
    return found


def expected_income(region: Region, reported: np.ndarray, markup: np.ndarray) -> np.ndarray:
    """Taxable income that firms have come to expect, share of sales, by row: their last years retraced, as in `worth_kept`.

    reported, markup: R&D in the books and what research-intensive products bring in for it, shares of sales.
    """
    firms, traits = region.firms, region.traits
    sales, weight = np.maximum(firms.books.sales_1, 1.0), 2.0 / (traits.certificate.validity + 1.0)
    deducted = reported * (1.0 + DEDUCTION * traits.tax.claimed_share)
    expected = np.zeros(region.rows)
    for years in range(YEARS_LEARNT, -1, -1):
        fitness = power(1.0 - traits.market.fitness_decay, years / traits.market.step)
        income = np.maximum(0.0, profit_before_rd(firms, sales, traits.market, fitness=fitness) / sales + markup - deducted)
        expected = income if years == YEARS_LEARNT else expected + weight * (income - expected)
    return expected


def saved_at_start(region: Region, expected: np.ndarray) -> np.ndarray:
    """Tax a certificate saves in a year, yuan, by row; nothing for small low-profit firms. expected: taxable income, share of sales."""
    firms, law = region.firms, region.law
    income = expected * firms.books.sales_1
    assets = firms.money.working_capital + 0.5 * firms.books.sales_1 + firms.money.cash
    small = (income <= law.second_limit) & (firms.market.employees <= law.staff_limit) & (assets <= law.asset_limit)
    return np.where(small, 0.0, RELIEF * income)


def pick_certified(region: Region, able: np.ndarray, gain: np.ndarray, wanted: int, heard: float) -> np.ndarray:
    """Mask of `wanted` certified firms: in each bracket of sales as many as published, first of those for whom it pays.

    Whom it serves better is certified first only among those that have heard of it, the share `heard` by lot. gain: yuan a year, by row.
    """
    pack, books = region.pack, region.firms.books
    bounds = np.array([0.0, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 4e8, 1e9, 1e30])
    counts = np.floor(share_between(bounds, pack["certified_revenue_median"], pack["certified_revenue_sigma"]) * wanted).astype(np.int64)
    rows = np.flatnonzero(able)
    who = region.firms.identity.id[rows]
    mood = 0.004 * normals(region.seed, Stream.POPULATION_T, who)
    first = (gain[rows] > 0.0) & (uniforms(region.seed, Stream.POPULATION_T, who, 2) < heard)
    rows = rows[np.lexsort((-(gain[rows] / np.maximum(books.sales_1[rows], 1.0) + mood), ~first))]
    brackets = np.searchsorted(bounds, books.sales_1[rows], side="right") - 1
    taken = np.concatenate([rows[brackets == number][: counts[number]] for number in range(len(counts))])
    rest = rows[~np.isin(rows, taken)]
    mask = np.zeros(region.rows, bool)
    mask[taken] = True
    mask[rest[: max(0, wanted - len(taken))]] = True
    return mask


def share_between(bounds: np.ndarray, median: float, sigma: float) -> np.ndarray:
    """Lognormal shares between bounds."""
    below = np.array([0.0] + [share_below((log(bound) - log(median)) / sigma) for bound in bounds[1:-1]] + [1.0])
    return np.diff(below)


def notch(sales: np.ndarray) -> np.ndarray:
    """R&D share of sales that certification asks (5 / 4 / 3%)."""
    return np.where(sales <= 5e7, 0.05, np.where(sales <= 2e8, 0.04, 0.03))


def certificates(region: Region) -> None:
    """Certificates in force at the start: three cohorts, growing as the stock grew from 2016 to 2019; and the pool of firms on the way."""
    identity = region.firms.identity
    rows = np.flatnonzero(region.certified_first)
    growth = region.pack["hightech_growth_2016_2020"]
    shares = [1.0, 1.0 + growth, (1.0 + growth) * (1.0 + growth)]
    cohort = quota(shares, uniforms(region.seed, Stream.POPULATION_A, identity.id[rows], 1))
    first = region.pack.initial_quarter
    region.promises = Promises()
    region.entitle("hightech_certificate", rows, CERTIFICATE, until=first + 4 * (1 + cohort), since=first - 4 * (2 - cohort))
    fill_pool(region)


def fill_pool(region: Region) -> None:
    """The firms that districts took into the cultivation pool in the last year: they have heard of the certificate. By lot."""
    firms, pack = region.firms, region.pack
    rows = np.flatnonzero(may_be_cultivated(firms) & ~region.certified_first)
    wanted = int(pack["cultivation_entrants_2019"] * np.count_nonzero(firms.identity.alive) / real_size(region) + 0.5)
    lots = uniforms(region.seed, Stream.QUEUE, firms.identity.id[rows], 0)
    rows = rows[np.lexsort((firms.identity.id[rows], lots))][:wanted]
    firms.books.considered[rows] = 1
    region.entitle("hightech_cultivation", rows, POOL, until=FOR_GOOD, since=pack.initial_quarter)
