"""R&D at the start: who does it, how much, who is certified, what they know and have patented."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .agents.firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT
from .agents.firm_tax import user_cost
from .agents.firm_market import OWNER_RUN
from .arithmetic import exp, log, power
from .chance import Stream
from .draws import exps, logs, normals, quantiles, quota, share_below, stratified, uniforms
from .levers import CERTIFICATE
from .population_firms import stratum_counts
from .region import Region

MILLION = 1e6
PERFORMER_SHARE = {OTHER: 0.28, SME: 0.80, TENANT: 0.55, TEAM: 0.0}
"""Share of firms with R&D outside industry, assumed (industry: the published shares by size); range +-0.15."""
STARTUP_SHARE = 0.15
"""Tenant firms that are technology start-ups, assumed; range 0.05-0.30 (MECHANISMS: 15% of entrants)."""
STARTUP_PLAN = 500_000.0
"""Median plan of a technology start-up, yuan a year, assumed; range 0.2-2 million."""
INTENSITY_SLOPE = -0.15
"""Fall of R&D intensity with the log of sales among performers, assumed; range -0.3 to 0 (K3: elasticity of R&D to sales near one)."""
CERTIFY_COST = 80_000.0
"""Median cost of a certification file, yuan: audit, agent and staff, assumed; range 40-250 thousand."""
FIRST_AWARD, RENEWAL_AWARD = 300_000.0, 100_000.0
"""Awards that firms had in view when they chose to be certified, yuan, city and district (Suzhou 2022 as stand-in, grade C)."""
PIPELINE = 0.7
"""Part of the firms for which a certificate would pay that are already working towards one, assumed; range 0.2-0.7."""
PROJECT_DONE = 0.5
"""Projects that are carried out of those met, in a usual year; assumed."""
NATURAL = 0.018
"""Median R&D intensity of performers at 100 million yuan of sales before scaling to the published totals."""
SMALL_DEDUCTION = 0.75
"""Extra deduction in force at the start (Caishui 2018 No. 99)."""


def draw_research(region: Region) -> None:
    """Fill the firms' research, books, knowledge and ventures so that the published totals of 2019 are met."""
    firms = region.firms
    living = np.flatnonzero(firms.identity.alive)
    choose_performers(region, living)
    draw_intensities(region, living)
    incline(region, living)
    accumulate(region, living)
    centres(region, living)


def performer_shares(region: Region, rows: np.ndarray) -> np.ndarray:
    """Share of above-scale industrial firms with R&D, by published size class and the city's odds scale, for each row."""
    pack = region.pack
    sizes = quota(
        [pack["size_share_micro"], pack["size_share_small"], pack["size_share_medium"], pack["size_share_large"]],
        stratified(region.firms.market.sales[rows]),
    )
    shares = np.array([pack[f"rd_active_share_{size}"] for size in ("micro", "small", "medium", "large")])
    odds = shares / (1.0 - shares) * pack["rd_active_odds_scale"]
    found: np.ndarray = (odds / (1.0 + odds))[sizes]
    return found


def choose_performers(region: Region, living: np.ndarray) -> None:
    """Who does R&D: shares by size in industry, by stratum elsewhere; more often where the sector is research-intensive."""
    identity, research = region.firms.identity, region.firms.research
    chance = uniforms(region.seed, Stream.POPULATION_N, identity.id[living])
    share = np.zeros(len(living))
    stratum = identity.stratum[living]
    industrial = np.flatnonzero(stratum == INDUSTRIAL)
    share[industrial] = performer_shares(region, living[industrial])
    for number, assumed in PERFORMER_SHARE.items():
        share[stratum == number] = assumed
    intensity = np.asarray(region.pack.table("sectors")["rd_intensity_relative"])[identity.sector[living]]
    for number in (INDUSTRIAL, OTHER, SME, TENANT):
        rows = np.flatnonzero(stratum == number)
        wanted = int(share[rows].sum() + 0.5)
        logit = logs(share[rows] / (1.0 - share[rows])) + 0.5 * logs(intensity[rows]) - logs(chance[rows] / (1.0 - chance[rows]))
        research.performer[living[rows[np.argsort(-logit, kind="stable")[:wanted]]]] = 1
    startup = (stratum == TENANT) & (research.performer[living] == 1)
    lots = uniforms(region.seed, Stream.POPULATION_O, identity.id[living])
    research.startup[living[startup & (lots < STARTUP_SHARE / PERFORMER_SHARE[TENANT])]] = 1


def draw_certificates(region: Region, living: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who is certified, who is on the way, and by how much each must raise its ratio.

    own: R&D each firm would do anyway, share of sales, by row. The certified are the published number, with the published distribution of
    their sales, those to whom the certificate is worth most by the model's own rule; as they chose it, it pays for each of them. Returns
    masks by row (certified, on the way) and the gap to the threshold, share of sales.
    """
    pack, firms, traits = region.pack, region.firms, region.traits.certificate
    identity, books = firms.identity, firms.books
    terms = draw_terms(region, living)
    asked = notch(books.sales_1) * traits.safety
    steep = steep_costs(region, own, asked)
    gap = np.maximum(0.0, asked - own)
    saved = tax_saved(region)
    worth = saved + traits.standing * np.minimum(books.sales_1, traits.known_size)
    gain = worth + (terms.first - books.certify_cost) / traits.validity - 0.5 * gap * gap * steep * books.sales_1
    able = np.zeros(region.rows, bool)
    able[living] = (firms.research.performer[living] == 1) & (books.income_share[living] >= 0.6) & (books.staff_share[living] >= 0.10)
    able &= (pack.initial_quarter - identity.born >= 8) & (firms.research.startup == 0)
    certified = pick_certified(region, living, able, gain / np.maximum(books.sales_1, 1.0))
    budget = np.maximum(0.0, worth + terms.renewal / traits.validity)
    books.certify_cost[certified] = np.minimum(books.certify_cost, 0.8 * traits.validity * budget)[certified]
    spare = np.maximum(0.0, worth + (terms.renewal - books.certify_cost) / traits.validity)
    bearable = 0.95 * np.sqrt(2.0 * spare / np.maximum(steep * books.sales_1, 1e-9))
    gap = np.where(certified, np.minimum(gap, bearable), gap)
    heard = np.zeros(region.rows, bool)
    heard[living] = uniforms(region.seed, Stream.POPULATION_T, identity.id[living], 1) < PIPELINE
    coming = able & ~certified & (gain > 0.0) & heard
    return certified, coming, np.where(certified | coming, gap, 0.0)


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
    books.staff_share[living] = np.minimum(0.98, pack["certified_rd_staff_share_median"] * exps(pack["certified_rd_staff_share_sigma"] * staff))
    books.relabel_cost[living] = region.traits.certificate.relabelling * exps(0.5 * normals(region.seed, Stream.CERTIFICATE_COST, identity.id[living]))
    books.certify_cost[living] = CERTIFY_COST * exps(0.8 * normals(region.seed, Stream.ENTRANT_TRAIT, identity.id[living]))
    return Terms(FIRST_AWARD, RENEWAL_AWARD)


def steep_costs(region: Region, own: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Curvature of the least cost of closing a gap, by row (see firm_certificate.closing_cost)."""
    books = region.firms.books
    real = real_steepness(region, own)
    hidden = np.maximum(books.relabel_cost.astype(np.float64), 1e-6) / asked
    found: np.ndarray = real * hidden / (real + hidden)
    return found


def tax_saved(region: Region) -> np.ndarray:
    """Tax a certificate would have saved in the last year, yuan: ten points of profit, nothing for small low-profit firms."""
    profit = profit_before_rd(region)
    return np.where(profit > 3e6, 0.10 * profit, 0.0)


def profit_before_rd(region: Region) -> np.ndarray:
    """Operating profit of the last year without the markup of research-intensive products, yuan, by row."""
    traits, market, sales = region.traits.market, region.firms.market, region.firms.books.sales_1
    edge = np.clip(market.fitness, -0.5, 0.5)
    found: np.ndarray = (traits.margin + traits.margin_edge * edge) * sales - traits.overhead * sales / np.sqrt(np.maximum(sales, OWNER_RUN))
    return found


def pick_certified(region: Region, living: np.ndarray, able: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Mask of certified firms: in each bracket of sales as many as published, those with the largest gain per yuan of sales."""
    pack, books = region.pack, region.firms.books
    wanted = int(pack["hightech_firms_2019"] * living.size / real_size(region) + 0.5)
    bounds = np.array([0.0, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 4e8, 1e9, 1e30])
    counts = np.floor(share_between(bounds, pack["certified_revenue_median"], pack["certified_revenue_sigma"]) * wanted).astype(np.int64)
    rows = np.flatnonzero(able)
    mood = 0.004 * normals(region.seed, Stream.POPULATION_T, region.firms.identity.id[rows])
    rows = rows[np.argsort(-(gain[rows] + mood), kind="stable")]
    brackets = np.searchsorted(bounds, books.sales_1[rows], side="right") - 1
    taken = np.concatenate([rows[brackets == number][: counts[number]] for number in range(len(counts))])
    rest = rows[~np.isin(rows, taken)]
    mask = np.zeros(region.rows, bool)
    mask[taken] = True
    mask[rest[: max(0, wanted - len(taken))]] = True
    return mask


def real_size(region: Region) -> float:
    """Agents of the real region."""
    return float(sum(stratum_counts(region.pack, 1.0)))


def rd_outside_firms(pack: Any) -> float:
    """R&D of local universities and institutes, 2019, yuan: basic research and three tenths of applied, as in 2020, a year back."""
    return float((pack["rd_basic_2020"] + 0.3 * pack["rd_applied_2020"]) / (1.0 + pack["rd_growth_2020"]))


def share_between(bounds: np.ndarray, median: float, sigma: float) -> np.ndarray:
    """Lognormal shares between bounds."""
    below = np.array([0.0] + [share_below((log(bound) - log(median)) / sigma) for bound in bounds[1:-1]] + [1.0])
    return np.diff(below)


def notch(sales: np.ndarray) -> np.ndarray:
    """R&D share of sales that certification asks (5 / 4 / 3%)."""
    return np.where(sales <= 5e7, 0.05, np.where(sales <= 2e8, 0.04, 0.03))


def draw_intensities(region: Region, living: np.ndarray) -> None:
    """Reported R&D of 2019 by firm, its totals by stratum as published; some of the certified reach the threshold by relabelling."""
    pack, firms = region.pack, region.firms
    identity, books, research = firms.identity, firms.books, firms.research
    noise = normals(region.seed, Stream.POPULATION_O, identity.id[living], 1)
    sector = np.asarray(pack.table("sectors")["rd_intensity_relative"])[identity.sector[living]]
    slope = exps(INTENSITY_SLOPE * logs(books.sales_1[living] / 1e8))
    own = np.zeros(region.rows)
    own[living] = np.minimum(0.5, NATURAL * np.sqrt(sector) * slope * exps(pack["certified_rd_intensity_sigma"] * noise))
    performer = research.performer == 1
    startups = performer & (research.startup == 1)
    plan_money = np.zeros(region.rows)
    plan_money[startups] = STARTUP_PLAN * exps(0.8 * normals(region.seed, Stream.POPULATION_O, identity.id[startups], 2))
    own = scaled_to_totals(region, living, own, plan_money, performer & ~startups, np.zeros(region.rows))
    certified, coming, gap = draw_certificates(region, living, own)
    coming = affordable(region, living, certified, coming, np.where(performer, own + gap, 0.0), plan_money)
    gap = np.where(certified | coming, gap, 0.0)
    asked = notch(books.sales_1) * region.traits.certificate.safety
    own = np.where(certified, np.maximum(own, asked - gap), own)
    aims = certified | coming
    own = scaled_to_totals(region, living, own, plan_money, performer & ~aims & ~startups, np.where(performer & aims, own + gap, 0.0))
    hidden = np.maximum(books.relabel_cost.astype(np.float64), 1e-6) / asked
    research.topup[:] = np.where(performer, gap * hidden / (hidden + real_steepness(region, own)), 0.0)
    research.relabel_share[:] = np.where(performer, gap - research.topup, 0.0)
    write_books(region, own, plan_money, certified, coming)


def stratum_totals(region: Region, living: np.ndarray) -> tuple[tuple[np.ndarray, float], ...]:
    """Masks of the strata for which reported R&D is published, and its amount at the region's size, yuan."""
    pack, stratum = region.pack, region.firms.identity.stratum
    size = living.size / real_size(region)
    outside = pack["rd_2019"] - pack["rd_above_scale_2019"] - rd_outside_firms(pack)
    return (
        (stratum == INDUSTRIAL, size * pack["rd_industrial_2019"]),
        (stratum == OTHER, size * (pack["rd_above_scale_2019"] - pack["rd_industrial_2019"])),
        (stratum >= SME, size * outside),
    )


def affordable(
    region: Region, living: np.ndarray, certified: np.ndarray, coming: np.ndarray, ratio: np.ndarray, plan_money: np.ndarray
) -> np.ndarray:
    """Firms on the way to a certificate, without the largest where their R&D would leave too little of the published total for others."""
    sales = region.firms.books.sales_1
    usual = usual_projects(region)
    stays = coming.copy()
    for member, total in stratum_totals(region, living):
        spoken_for = float((ratio * sales)[member & certified].sum()) + float((usual + plan_money)[member].sum())
        rows = np.flatnonzero(member & coming)
        rows = rows[np.argsort(sales[rows], kind="stable")]
        beyond = spoken_for + np.cumsum(ratio[rows] * sales[rows]) > 0.97 * total
        stays[rows[beyond]] = False
    return stays


def scaled_to_totals(
    region: Region, living: np.ndarray, own: np.ndarray, plan_money: np.ndarray, free: np.ndarray, fixed: np.ndarray
) -> np.ndarray:
    """R&D intensities of the `free` firms scaled so that each stratum's reported R&D is the published one.

    fixed: ratio that other firms report, by row (0 for those without); plan_money: start-ups' plans, yuan.
    """
    sales = region.firms.books.sales_1
    usual = usual_projects(region)
    scaled = own.copy()
    for member, total in stratum_totals(region, living):
        given = float((fixed * sales + usual)[member].sum()) + float(plan_money[member].sum())
        base = float((own * sales)[member & free].sum())
        wanted = total - given
        scaled = np.where(member & free, own * max(wanted / max(base, 1.0), 0.05), scaled)
    return scaled


def usual_projects(region: Region) -> np.ndarray:
    """Research in indivisible projects that a year usually brings, yuan, by row."""
    traits, research, identity = region.traits.projects, region.firms.research, region.firms.identity
    usual = traits.arrival / traits.step * PROJECT_DONE * np.where(research.performer == 1, 1.0, traits.idle_factor)
    size = exps(traits.cost_slope * logs(np.maximum(region.firms.books.sales_1, 1e5) / MILLION))
    mean = traits.cost * MILLION * size * exp(0.5 * traits.cost_spread * traits.cost_spread)
    found: np.ndarray = traits.research_part * mean * usual * ((identity.alive == 1) & (identity.stratum != TEAM))
    return found


def real_steepness(region: Region, own: np.ndarray) -> np.ndarray:
    """Curvature of the cost of real R&D above the plan, by row."""
    traits = region.traits.certificate
    found: np.ndarray = traits.curvature / (traits.ease * np.maximum(own, 0.002))
    return found


def write_books(region: Region, own: np.ndarray, plan_money: np.ndarray, certified: np.ndarray, coming: np.ndarray) -> None:
    """Plans, intensities and three years of books that agree with one another.

    Certified firms have met the ratio for three years; those on the way for one year or two.
    """
    pack, firms = region.pack, region.firms
    books, research, traits = firms.books, firms.research, region.traits.research
    performer = research.performer == 1
    startups = performer & (research.startup == 1)
    growth = exp(0.25 * log(pack["rd_2019"] / pack["rd_2015"]))
    raised = own + research.topup + research.relabel_share
    usual = usual_projects(region)
    reported = np.where(performer, np.where(startups, plan_money, raised * books.sales_1), 0.0) + usual
    second_year = np.zeros(region.rows, bool)
    rows = np.flatnonzero(coming)
    second_year[rows] = uniforms(region.seed, Stream.POPULATION_S, firms.identity.id[rows], 1) < 0.5
    books.reported_1[:] = reported
    books.reported_2[:] = np.where(
        certified | second_year, raised * books.sales_2 + usual / growth, np.where(coming, own * books.sales_2, reported / growth)
    )
    research.plan[:] = np.where(performer, np.where(startups, plan_money, own * books.sales_1) * power(growth, 0.375), 0.0)
    research.rd[:] = research.plan + research.topup * books.sales_1
    research.relabelled[:] = research.relabel_share * books.sales_1
    books.pursues[:] = certified | coming
    region.certified_first = certified
    lag = log(growth) * (1.0 - traits.follow) * traits.step / traits.speed
    research.intensity[:] = np.minimum(1.0, np.where(performer & ~startups, own, NATURAL) * exp(lag))
    firms.market.markup[:] = np.where(performer & ~startups, own, 0.0)
    profit = profit_before_rd(region) + firms.market.markup * books.sales_1 - reported
    books.taxable[:] = np.maximum(0.0, profit)


def incline(region: Region, living: np.ndarray) -> None:
    """Inclinations to do R&D that agree with who does it: performers above the bar of going on, others below that of starting."""
    firms, traits = region.firms, region.traits.research
    market, research, identity = firms.market, firms.research, firms.identity
    sales, intensity = market.sales[living], research.intensity[living].astype(np.float64)
    cost = np.full(len(living), user_cost(0.25, SMALL_DEDUCTION, 1.0))
    small = firms.books.taxable[living] <= 3e6
    cost[small] = user_cost(0.05, SMALL_DEDUCTION, 1.0)
    relative = cost / traits.reference_cost
    research.intensity[living] = np.minimum(1.0, intensity * exps(traits.elasticity * logs(relative)))
    wish = research.intensity[living].astype(np.float64) * sales
    shift = traits.shift_noise / (1.0 - traits.shift_memory * traits.shift_memory) ** 0.5 * normals(region.seed, Stream.START, identity.id[living], 1)
    tilt = traits.start_size * logs(sales / MILLION)
    distance = np.abs(normals(region.seed, Stream.STOP, identity.id[living], 1)) * 0.30
    going_on = logs(relative * (wish + traits.running_cost) / wish) - tilt
    starting = logs(relative * (wish + traits.running_cost + traits.starting_cost * traits.starting_rate) / wish) - tilt
    performs = research.performer[living] == 1
    research.start_taste[living] = np.where(performs, going_on + distance + 0.02, starting - distance - 0.02) - shift
    research.start_shift[living] = shift


def accumulate(region: Region, living: np.ndarray) -> None:
    """Knowledge at its steady state, patents at the level the city is believed to hold, projects and needs under way."""
    firms, traits, pack = region.firms, region.traits, region.pack
    identity, research, knowledge, ventures = firms.identity, firms.research, firms.knowledge, firms.ventures
    ids = identity.id[living]
    rate, know = research.rd[living] * traits.knowledge.step, traits.knowledge
    growth = 0.25 * log(1.08)
    stock = np.maximum(know.floor, rate / (know.fade + growth))
    for _ in range(4):
        capacity = stock / (stock + know.absorption)
        stock = np.maximum(know.floor, rate / np.maximum(0.01, know.fade + growth - know.spill * capacity))
    stock = np.maximum(know.floor, stock * exps(0.3 * normals(region.seed, Stream.POPULATION_D, ids, 1)))
    knowledge.knowledge[living] = stock
    knowledge.reference[living] = stock
    secret = uniforms(region.seed, Stream.POPULATION_E, ids, 1) < 0.20
    lean = 0.9 * normals(region.seed, Stream.POPULATION_F, ids, 1) - 3.0 * secret
    patents = traits.patents
    level = exps(
        patents.rd_power * logs(np.maximum(research.rd[living], patents.idle_rd) / MILLION) + patents.stock_power * logs(stock / MILLION)
        + lean + 0.5 * patents.noise * patents.noise
    )
    held_share = 0.85
    in_force = pack["invention_stock_2019"] * held_share * living.size / real_size(region) * exp(patents.level)
    flow = patents.invention_part * level * patents.step
    stocks = flow * patents.grant_rate / (patents.lapse + 0.04)
    offset = log(in_force / float(stocks.sum())) - patents.level
    region.patent_offset = offset
    knowledge.propensity[living] = lean + offset
    factor = exp(offset + patents.level)
    jitter = exps(0.3 * normals(region.seed, Stream.PATENT_COUNT, ids, 1) - 0.045)
    knowledge.inventions[living] = np.floor(stocks * factor * jitter + uniforms(region.seed, Stream.PATENT_GRANT, ids, 1))
    knowledge.pending[living] = np.floor(flow * factor / patents.conclusion + uniforms(region.seed, Stream.PATENT_NOISE, ids, 1))
    models = level * factor * (1.0 - patents.invention_part) * patents.step / (patents.lapse_utility + 0.04)
    knowledge.utility[living] = np.floor(models * jitter + uniforms(region.seed, Stream.UTILITY_COUNT, ids, 1))
    knowledge.value[living] = knowledge.inventions[living] * patents.value * exps(0.5 * patents.value_spread * normals(region.seed, Stream.GRANT_VALUE, ids, 1))
    holds = np.flatnonzero((firms.books.pursues[living] == 1) & (knowledge.inventions[living] + knowledge.utility[living] < 0.5))
    knowledge.utility[living[holds]] = 1.0
    ventures.connection[living] = normals(region.seed, Stream.POPULATION_G, ids, 1)
    waiting = uniforms(region.seed, Stream.PROJECT_ARRIVES, ids, 1) < np.where(research.performer[living] == 1, 0.25, 0.08)
    size = exps(traits.projects.cost_slope * logs(np.maximum(firms.market.sales[living], 1e5) / MILLION))
    spread = exps(traits.projects.cost_spread * normals(region.seed, Stream.PROJECT_COST, ids, 1))
    not_team = identity.stratum[living] != TEAM
    ventures.project[living] = np.where(waiting & not_team, traits.projects.cost * MILLION * size * spread, 0.0)
    needs = (uniforms(region.seed, Stream.NEED_ARRIVES, ids, 1) < np.where(research.performer[living] == 1, 0.5, 0.25)) & not_team
    ventures.need[living] = np.where(needs, traits.services.value * exps(traits.services.value_spread * normals(region.seed, Stream.NEED_VALUE, ids, 1)), 0.0)
    ventures.fee[living] = traits.services.fee
    ventures.need_kind[living] = uniforms(region.seed, Stream.NEED_KIND, ids, 1) >= traits.services.instruments_part
    tied = (uniforms(region.seed, Stream.SEARCH, ids, 1) < 0.2) & (research.performer[living] == 1)
    ventures.tie[living] = np.where(tied, 200_000.0 * exps(0.8 * normals(region.seed, Stream.MATCH_TASTE, ids, 1)), 0.0)


def centres(region: Region, living: np.ndarray) -> None:
    """R&D centres: national, provincial and city ones go to the largest performers."""
    pack, research = region.pack, region.firms.research
    order = living[np.argsort(-research.rd[living], kind="stable")]
    scale = living.size / real_size(region)
    begin = 0
    for level, key in ((3, "rd_centres_national"), (2, "rd_centres_provincial"), (1, "rd_centres_city")):
        end = begin + int(pack[key] * scale + 0.5)
        research.centre[order[begin:end]] = level
        begin = end


def certificates(region: Region) -> None:
    """Certificates in force at the start: three cohorts, growing as the stock grew from 2016 to 2019."""
    identity = region.firms.identity
    rows = np.flatnonzero(region.certified_first)
    growth = region.pack["hightech_growth_2016_2020"]
    shares = [1.0, 1.0 + growth, (1.0 + growth) * (1.0 + growth)]
    cohort = quota(shares, uniforms(region.seed, Stream.POPULATION_A, identity.id[rows], 1))
    first = region.pack.initial_quarter
    name = "hightech_certificate"
    number = region.index_of(name) if name in region.policies else -1
    region.promises.write(
        rows, holder=identity.id[rows], policy=number, margin=CERTIFICATE, kind=-1, share=0.0, left=0.0, instalment=0.0, paid=0.0,
        since=first - 4 * (2 - cohort), until=first + 4 * (1 + cohort),
    )


