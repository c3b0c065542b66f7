"""R&D at the start: who does it, how much, in plans and books that agree with the published totals."""

from __future__ import annotations

from typing import Any

import numpy as np

from .agents.firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT
from .agents.firm_research import BUDGET
from .agents.firm_tax import claim, marginal_rate, user_cost
from .arithmetic import exp, log, power
from .chance import Stream
from .draws import exps, logs, normals, quota, stable_order, stratified, uniforms
from .kernel import kernel
from .population_certificates import DEDUCTION, RELIEF, draw_certificates, expected_income, notch, real_steepness
from .population_firms import EVERY, PAST_GROWTH, add_worth, fill_money, profit_before_rd, real_size
from .population_knowledge import MILLION, accumulate
from .population_projects import median_cost, usual_projects
from .region import Region

PERFORMER_SHARE = {OTHER: 0.28, SME: 0.80, TENANT: 0.55, TEAM: 0.0}
"""Share of firms with R&D outside industry, assumed (industry: the published shares by size); range +-0.15."""
STARTUP_SHARE = 0.15
"""Tenant firms that are technology start-ups, assumed; range 0.05-0.30 (MECHANISMS: 15% of entrants)."""
STARTUP_PLAN = 500_000.0
"""Median plan of a technology start-up, yuan a year, assumed; range 0.2-2 million."""
INTENSITY_SLOPE = -0.15
"""Fall of R&D intensity with the log of sales among performers, assumed; range -0.3 to 0 (K3: elasticity of R&D to sales near one)."""
CLAIM_PAPERWORK = 20_000.0
"""Documents of a claim for the extra deduction in 2019, yuan, assumed, 5,000 to 60,000; nothing to firms that keep R&D books."""
NATURAL = 0.018
"""Median R&D intensity of performers at 100 million yuan of sales before scaling to the published totals."""


def draw_research(region: Region) -> None:
    """Fill the firms' research, books, knowledge and ventures so that the published totals of 2019 are met."""
    firms = region.firms
    living = np.flatnonzero(firms.identity.alive)
    choose_performers(region, living)
    draw_intensities(region, living)
    incline(region, living)
    accumulate(region, living)
    settle_staff(region, living)
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
        research.performer[living[rows[stable_order(-logit)[:wanted]]]] = 1
    startup = (stratum == TENANT) & (research.performer[living] == 1)
    lots = uniforms(region.seed, Stream.POPULATION_O, identity.id[living])
    research.startup[living[startup & (lots < STARTUP_SHARE / PERFORMER_SHARE[TENANT])]] = 1


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
    usual = np.zeros(region.rows)
    research.intensity[:] = NATURAL
    for _ in range(2):
        fill_money(firms, pack, region.seed, living, region.traits, usual / region.traits.projects.research_part)
        usual = usual_projects(region, np.where(performer, own * books.sales_1, 0.0)).research
        own = scaled_to_totals(region, living, own, plan_money + usual, performer & ~startups, np.zeros(region.rows))
    certified, since, gap = draw_certificates(region, living, own, usual)
    coming = affordable(region, living, certified, since > 0, np.where(performer, own + gap, 0.0), plan_money + usual)
    gap = np.where(certified | coming, gap, 0.0)
    asked = notch(books.sales_1) * region.traits.certificate.safety
    own = np.where(certified, np.maximum(own, asked - gap), own)
    aims = certified | coming
    fixed = np.where(performer & aims, own + gap, 0.0)
    own = scaled_to_totals(region, living, own, plan_money + usual, performer & ~aims & ~startups, fixed)
    hidden = np.maximum(books.relabel_cost.astype(np.float64), 1e-6) / asked
    research.topup[:] = np.where(performer, gap * hidden / (hidden + real_steepness(region, own)), 0.0)
    research.relabel_share[:] = np.where(performer, gap - research.topup, 0.0)
    provide(region, own, performer & aims)
    write_books(region, own, plan_money, usual, certified, np.where(coming, since, 0))


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


def rd_outside_firms(pack: Any) -> float:
    """R&D of local universities and institutes, 2019, yuan: basic research and three tenths of applied, as in 2020, a year back."""
    return float((pack["rd_basic_2020"] + 0.3 * pack["rd_applied_2020"]) / (1.0 + pack["rd_growth_2020"]))


def affordable(
    region: Region, living: np.ndarray, certified: np.ndarray, coming: np.ndarray, ratio: np.ndarray, given: np.ndarray
) -> np.ndarray:
    """Firms on the way to a certificate, without the largest where their R&D would leave too little of the published total for others."""
    sales = region.firms.books.sales_1
    stays = coming.copy()
    for member, total in stratum_totals(region, living):
        spoken_for = float((ratio * sales)[member & certified].sum()) + float(given[member].sum())
        rows = np.flatnonzero(member & coming)
        rows = rows[stable_order(sales[rows])]
        beyond = spoken_for + np.cumsum(ratio[rows] * sales[rows]) > 0.97 * total
        stays[rows[beyond]] = False
    return stays


def scaled_to_totals(
    region: Region, living: np.ndarray, own: np.ndarray, given: np.ndarray, free: np.ndarray, fixed: np.ndarray
) -> np.ndarray:
    """R&D intensities of the `free` firms scaled so that each stratum's reported R&D is the published one.

    fixed: ratio that other firms report, by row (0 for those without); given: start-ups' plans and projects, yuan.
    """
    sales = region.firms.books.sales_1
    scaled = own.copy()
    for member, total in stratum_totals(region, living):
        wanted = total - float((fixed * sales + given)[member].sum())
        rows = np.flatnonzero(member & free)
        for _ in range(4):
            base = float(np.minimum(scaled[rows] * sales[rows], payable(region, scaled[rows], rows)).sum())
            scaled[rows] *= max(wanted / max(base, 1.0), 0.05)
    return scaled


def payable(region: Region, ratio: np.ndarray, rows: Any = EVERY) -> np.ndarray:
    """R&D that firms in `rows` have the money for, yuan a year. ratio: plan of each as a share of sales, which its markup brings in."""
    traits = region.traits.research
    found: np.ndarray = traits.money_share * np.maximum(0.0, means(region, ratio, rows)) / BUDGET
    return found


def means(region: Region, ratio: np.ndarray, rows: Any = EVERY) -> np.ndarray:
    """Money that firms in `rows` have at hand for a quarter's R&D, yuan; below 0 where debts exceed it. ratio: as for `payable`."""
    firms, traits = region.firms, region.traits
    money, sales = firms.money, firms.market.sales[rows]
    profit = profit_before_rd(firms, sales, traits.market, rows) + ratio * sales
    found: np.ndarray = money.cash[rows] + BUDGET * profit + traits.research.collateral * money.working_capital[rows] - money.debt[rows]
    return found


def provide(region: Region, own: np.ndarray, rows: np.ndarray) -> None:
    """Give the firms of a mask the money for their plan and what they add to it: their books show that they paid for it."""
    asked = (own + region.firms.research.topup) * region.firms.market.sales * BUDGET / region.traits.research.money_share
    add_worth(region.firms, np.where(rows, np.maximum(0.0, asked - means(region, own)), 0.0))


def write_books(
    region: Region, own: np.ndarray, plan_money: np.ndarray, usual: np.ndarray, certified: np.ndarray, since: np.ndarray
) -> None:
    """Plans, intensities and three years of books that agree with one another.

    Certified firms have met the ratio for three years; those on the way `since` one year or two. Plans stand where the last quarter has
    left them, as far below the wish as makes them grow as R&D grew in the years before, while sales grew by `PAST_GROWTH`.
    """
    pack, firms = region.pack, region.firms
    books, research, traits = firms.books, firms.research, region.traits.research
    performer = research.performer == 1
    startups = performer & (research.startup == 1)
    growth = exp(0.25 * log(pack["rd_2019"] / pack["rd_2015"]))
    raised = own + research.topup + research.relabel_share
    paid = np.where(certified | (since > 0), raised * books.sales_1, np.minimum(own * books.sales_1, payable(region, own)))
    reported = np.where(performer, np.where(startups, plan_money, paid), 0.0) + usual
    books.reported_1[:] = reported
    books.reported_2[:] = np.where(
        certified | (since == 2), raised * books.sales_2 + usual / growth, np.where(since == 1, own * books.sales_2, reported / growth)
    )
    followed = traits.follow * log(1.0 + PAST_GROWTH)
    pace = power(growth, 0.375) * exp(0.25 * followed)
    research.plan[:] = np.where(performer, np.where(startups, plan_money, own * books.sales_1) * pace, 0.0)
    research.raised[:] = research.topup * books.sales_1
    research.rd[:] = research.plan + research.raised
    research.relabelled[:] = research.relabel_share * books.sales_1
    books.pursues[:] = certified | (since > 0)
    region.certified_first = certified
    lag = (log(growth) - followed) * traits.step / traits.speed
    ratio = research.plan / np.maximum(firms.market.sales, 1.0)
    research.intensity[:] = np.minimum(1.0, np.where(performer & ~startups, ratio, NATURAL) * exp(lag))
    firms.market.markup[:] = np.where(performer & ~startups, own, 0.0)
    market = firms.market
    market.profit[:] = profit_before_rd(firms, market.sales, region.traits.market) + market.markup * market.sales
    profit = profit_before_rd(firms, books.sales_1, region.traits.market) + market.markup * books.sales_1 - reported
    books.taxable[:] = np.maximum(0.0, profit)
    books.expected[:] = expected_income(region, reported / np.maximum(books.sales_1, 1.0), market.markup.astype(np.float64))
    ceiling = np.where(certified, region.law.standard - RELIEF, 1.0)
    claim_last_year(firms, reported_at_once(region, performer), ceiling, region.law, region.traits.tax.claimed_share)


def reported_at_once(region: Region, performer: np.ndarray) -> np.ndarray:
    """R&D in the books of the last year, yuan by row; firms without R&D of their own work on a project in some years, by lot."""
    books, traits = region.firms.books, region.traits.projects
    cost = median_cost(region, books.reported_1) * exp(0.5 * traits.cost_spread * traits.cost_spread)
    project = traits.research_part * cost / traits.duration
    lot = uniforms(region.seed, Stream.POPULATION_O, region.firms.identity.id, 3)
    return np.where(performer, books.reported_1, np.where(lot * project < books.reported_1, project, 0.0))


@kernel
def claim_last_year(firms, reported, ceiling, law, share):
    """Claims for the extra deduction in the year before the start, by the rule that closes a year. reported, ceiling: by row."""
    market, money, books = firms.market, firms.money, firms.books
    for i in range(reported.size):
        assets = money.working_capital[i] + 0.5 * market.sales[i] + money.cash[i]
        rate = marginal_rate(books.taxable[i], np.float64(market.employees[i]), assets, law, ceiling[i])
        cost = 0.0 if books.pursues[i] == 1 else CLAIM_PAPERWORK
        books.claimed_year[i] = claim(reported[i], share, max(rate, law.small_first), DEDUCTION, cost)


def incline(region: Region, living: np.ndarray) -> None:
    """Inclinations to do R&D that agree with who does it: performers above the bar of going on, others below that of starting."""
    firms, traits = region.firms, region.traits.research
    market, research, identity = firms.market, firms.research, firms.identity
    sales, intensity = market.sales[living], research.intensity[living].astype(np.float64)
    cost = np.full(len(living), user_cost(0.25, DEDUCTION, 1.0))
    small = firms.books.taxable[living] <= 3e6
    cost[small] = user_cost(0.05, DEDUCTION, 1.0)
    relative = cost / traits.reference_cost
    research.intensity[living] = np.minimum(1.0, intensity * exps(traits.elasticity * logs(relative)))
    wish = research.intensity[living].astype(np.float64) * sales
    shift = (
        traits.shift_noise
        / (1.0 - traits.shift_memory * traits.shift_memory) ** 0.5
        * normals(region.seed, Stream.START, identity.id[living], 1)
    )
    tilt = traits.start_size * logs(sales / MILLION)
    distance = np.abs(normals(region.seed, Stream.STOP, identity.id[living], 1)) * traits.start_spread
    going_on = logs(relative * (wish + traits.running_cost) / wish) - tilt
    starting = logs(relative * (wish + traits.running_cost + traits.starting_cost * traits.starting_rate) / wish) - tilt
    performs = research.performer[living] == 1
    research.start_taste[living] = np.where(performs, going_on + distance + 0.02, starting - distance - 0.02) - shift
    research.start_shift[living] = shift


def settle_staff(region: Region, living: np.ndarray) -> None:
    """Staff at the start is the staff wanted."""
    market, research, known, traits = region.firms.market, region.firms.research, region.firms.knowledge, region.traits.market
    staff = market.employees[living].astype(np.float64)
    others = np.maximum(0.25 * staff, staff - research.rd[living] / traits.rd_per_head)
    advantage = traits.learning_weight * logs(known.knowledge[living] / known.reference[living])
    market.staffing[living] = logs(others) - traits.staff_returns * logs(np.maximum(1.0, market.sales[living])) + advantage


def centres(region: Region, living: np.ndarray) -> None:
    """R&D centres: national, provincial and city ones go to the largest performers."""
    pack, research = region.pack, region.firms.research
    order = living[stable_order(-research.rd[living])]
    scale = living.size / real_size(region)
    begin = 0
    for level, key in ((3, "rd_centres_national"), (2, "rd_centres_provincial"), (1, "rd_centres_city")):
        end = begin + int(pack[key] * scale + 0.5)
        research.centre[order[begin:end]] = level
        begin = end
