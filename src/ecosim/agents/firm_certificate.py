"""The firm and the high-tech certificate: whether to work towards it, by real or relabelled R&D. Stage: pursue (first quarter)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..chance import Stream, uniform
from ..columns import rows_where
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm import Firms
from .firm_tax import tax_due

MOST_RAISED = 1.6
"""Ratio, as a multiple of the threshold, up to which a firm raises one year's books to meet it at once; assumed, 1.3 to 2."""


class CertificateTraits(NamedTuple):
    """How firms weigh the certificate."""

    hearing: Annotated[
        float,
        Prior(
            0.03,
            0.0,
            0.08,
            "1/year",
            "chance in a year that a firm considers certification of its own accord or by campaign",
            "自行了解或经动员而考虑高企认定的年概率",
            source="Sultan, Farley & Lehmann 1990, mean of diffusion studies (C)",
        ),
    ]
    word: Annotated[
        float,
        Prior(
            0.38,
            0.2,
            0.6,
            "1/year",
            "chance in a year that it does by word of mouth, were all firms of its sector whom a certificate pays certified",
            "因同行口碑而考虑高企认定的年概率（同行业受益企业全获认定时）",
            source="Sultan, Farley & Lehmann 1990, mean of diffusion studies (C)",
        ),
    ]
    curvature: Annotated[float, Prior(0.8, 0.4, 1.6, "1", "steepness of the cost of real R&D above the plan", "真实研发超出计划的成本陡度")]
    ease: Annotated[float, Prior(1.2, 0.5, 2.0, "1", "response of real R&D used in that cost", "认定成本中真实研发的响应")]
    relabelling: Annotated[
        float, Prior(0.8, 0.3, 3.0, "1", "steepness of the cost of relabelling, median firm", "改列研发的成本陡度（中位企业）", scale="log")
    ]
    standing: Annotated[
        float,
        Prior(
            0.008,
            0.002,
            0.015,
            "share of sales",
            "yearly worth of the title to a small firm beyond tax and award: credit, tenders, grants",
            "税收和奖励之外高企称号对小企业的年价值：信贷、招投标、资助",
        ),
    ]
    known_size: Annotated[
        float,
        Prior(
            3e7, 1.5e7, 6e7, "yuan/year", "sales beyond which the title adds nothing more", "称号不再增值的销售收入", money=1.0, scale="log"
        ),
    ]
    validity: Annotated[
        float,
        Prior(3.0, 3.0, 3.0, "years", "years a certificate is valued over", "评估高企证书价值的年数", source="certification rules (A)"),
    ]
    safety: Annotated[
        float, Prior(1.05, 1.0, 1.15, "1", "ratio aimed at, as a multiple of the threshold", "所求研发费用占比与认定门槛之比")
    ]


@inlined_kernel
def threshold(sales, small_sales, large_sales, small, medium, large):
    """R&D share of sales the certificate asks of a firm with these sales last year."""
    return small if sales <= small_sales else medium if sales <= large_sales else large


@inlined_kernel
def ratio_aimed_at(asked, sales, past_sales, past_reported):
    """At least the threshold itself, year by year; more if that brings the three years to it within this year."""
    needed = (asked * (sales + past_sales) - past_reported) / sales
    return max(asked, needed) if needed <= MOST_RAISED * asked else asked


@inlined_kernel
def steepness(curvature, ease, ratio, relabel_cost, asked):
    """Second derivatives of the costs of closing a gap by real and by relabelled R&D, per unit of sales."""
    return curvature / (ease * max(ratio, 0.002)), relabel_cost / asked


@inlined_kernel
def closing_cost(gap, real, hidden):
    """Least yearly cost of a gap, share of sales, when it is split so that both margins cost the same."""
    return 0.5 * gap * gap * real * hidden / (real + hidden)


@inlined_kernel
def last_step_cost(gap, hidden, steep):
    """Cost of relabelling a further `gap` beside the share `hidden` already relabelled, share of sales; steep: second derivative."""
    return 0.5 * steep * gap * (gap + 2.0 * hidden)


@inlined_kernel
def title_worth(sales, traits):
    """Yearly worth of the title beyond tax and award, yuan: it helps small firms to credit, tenders and grants, known firms little."""
    return traits.standing * min(sales, traits.known_size)


@inlined_kernel
def tax_saved(income, staff, assets, law, ceiling):
    """Tax a certificate saves in a year with this taxable income, yuan: nothing where the small low-profit schedule is better."""
    return tax_due(income, staff, assets, law, 1.0) - tax_due(income, staff, assets, law, ceiling)


@inlined_kernel
def yearly_worth(saved, award, sales, traits):
    """What a certificate brings in a year, yuan: tax saved, the title, and the award spread over its years."""
    return saved + title_worth(sales, traits) + award / traits.validity


@inlined_kernel
def yearly_cost(file_cost, lasting, first, sales, traits):
    """What it costs in a year, yuan: the ratio held every year, and file and what the first year takes more spread over its years.

    lasting, first: cost of closing the gap in any year and in the first, share of sales.
    """
    return lasting * sales + ((first - lasting) * sales + file_cost) / traits.validity


@inlined_kernel
def fits(income_share, staff_share, born, quarter, income_part, staff_part, age):
    """The criteria that a firm cannot meet by wishing: high-tech income, science staff, registered a year."""
    return (income_share >= income_part) & (staff_share >= staff_part) & (quarter - born >= age)


@inlined_kernel
def owns(inventions, utility):
    """Whether it has a patent of its own, of either kind."""
    return inventions + utility >= 0.5


@inlined_kernel
def chance_to_hear(hearing, word, certified, able, awareness):
    """Chance in a year that a firm first considers it: of its own accord, and from the certified among those who will ever be (Bass 1969).

    certified, able: in its sector those who are, and with them those for whom it would pay.
    """
    return (hearing + word * certified / max(able, 1)) * awareness


def may_be_cultivated(firms: Firms) -> np.ndarray:
    """Mask of the firms in business that do research and own a patent: they meet a part of the criteria."""
    knowledge = firms.knowledge
    found: np.ndarray = (firms.identity.alive == 1) & (firms.research.performer == 1) & owns(knowledge.inventions, knowledge.utility)
    return found


@kernel
def peers(identity, certified, pays, sectors):
    """By sector: certified firms, and these with the others for whom a certificate would pay (sectors x 2, counts)."""
    found = np.zeros((sectors, 2), np.int64)
    counts = np.empty(identity.alive.size, np.int8)
    for i in range(counts.size):
        counts[i] = 1 if (identity.alive[i] == 1) & ((pays[i] == 1) | (certified[i] > 0.0)) else 0
    for i in rows_where(counts):
        found[identity.sector[i], 0] += 1 if certified[i] > 0.0 else 0
        found[identity.sector[i], 1] += 1
    return found


@kernel
def pursue(identity, market, money, research, books, levers, city, law, sectors, traits, seed, quarter):
    """Once a year: whether the certificate would pay, by how much real and relabelled R&D to raise the ratio, and who has heard of it.

    sectors: how many there are. Own patents are no hurdle here: who works towards it files for one (`firm_patents.patent`).
    """
    rows = identity.alive.size
    certified, able = np.empty(rows), np.empty(rows)
    offered = city.certificate_ceiling < 1.0
    income, staff, age = city.certificate_income, city.certificate_staff, city.certificate_age
    small_sales, large_sales, ceiling = city.certificate_small_sales, city.certificate_large_sales, city.certificate_ceiling
    small, medium, large = city.certificate_small, city.certificate_medium, city.certificate_large
    renewal, first_award = city.certificate_renewal, city.certificate_award
    for i in range(rows):
        asks = (identity.alive[i] == 1) & (research.performer[i] == 1) & offered
        may = asks & fits(books.income_share[i], books.staff_share[i], identity.born[i], quarter + 3, income, staff, age)
        sales, last_sales, plan = market.sales[i], books.sales_1[i], research.plan[i]
        past_sales, past_reported = last_sales + books.sales_2[i], books.reported_1[i] + books.reported_2[i]
        asked = threshold(last_sales if last_sales > 0.0 else sales, small_sales, large_sales, small, medium, large)
        assets = money.working_capital[i] + 0.5 * sales + money.cash[i]
        saved = tax_saved(np.float64(books.expected[i]) * sales, np.float64(market.employees[i]), assets, law, ceiling)
        ratio = plan / sales
        lasting = max(0.0, asked * traits.safety - ratio)
        gap = max(0.0, ratio_aimed_at(asked * traits.safety, sales, past_sales, past_reported) - ratio)
        real, hidden = steepness(traits.curvature, traits.ease, ratio, books.relabel_cost[i], asked)
        award = renewal if levers.certified[i] > 0.0 else first_award
        worth = yearly_worth(saved, award, sales, traits)
        cost = yearly_cost(books.certify_cost[i], closing_cost(lasting, real, hidden), closing_cost(gap, real, hidden), sales, traits)
        pays = may & (worth > cost)
        books.pursues[i] = 1 if pays else 0
        research.topup[i] = gap * hidden / (real + hidden) if pays else 0.0
        research.relabel_share[i] = gap * real / (real + hidden) if pays else 0.0
    known = peers(identity, levers.certified, books.pursues, sectors)
    for i in range(rows):
        sector = max(0, identity.sector[i])
        certified[i], able[i] = known[sector, 0], known[sector, 1]
    for i in range(rows):
        asks = (identity.alive[i] == 1) & (research.performer[i] == 1) & offered
        chance = chance_to_hear(traits.hearing, traits.word, certified[i], able[i], levers.awareness[i])
        hears = asks & ((levers.advised[i] > 0.0) | (uniform(seed, Stream.CERTIFICATE_COST, identity.id[i], quarter) < chance))
        heard = (books.considered[i] == 1) | hears
        books.considered[i] = 1 if heard else 0
        books.pursues[i] = books.pursues[i] if heard else 0
        research.topup[i] = research.topup[i] if heard else 0.0
        research.relabel_share[i] = research.relabel_share[i] if heard else 0.0
