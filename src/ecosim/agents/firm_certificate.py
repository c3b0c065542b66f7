"""The firm and the high-tech certificate: whether to work towards it, by real or relabelled R&D. Stage: pursue (first quarter)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..chance import Stream, uniform
from ..columns import rows_where
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm_tax import marginal_rate


class CertificateTraits(NamedTuple):
    """How firms weigh the certificate."""

    hearing: Annotated[float, Prior(0.50, 0.25, 0.80, "1/year", "chance in a year that a firm considers certification for the first time")]
    curvature: Annotated[float, Prior(0.8, 0.4, 1.6, "1", "steepness of the cost of real R&D above the plan")]
    ease: Annotated[float, Prior(1.2, 0.5, 2.0, "1", "response of real R&D used in that cost")]
    relabelling: Annotated[float, Prior(0.8, 0.3, 3.0, "1", "steepness of the cost of relabelling, median firm", scale="log")]
    standing: Annotated[
        float,
        Prior(
            0.008, 0.002, 0.015, "share of sales", "yearly worth of the title to a small firm beyond tax and award: credit, tenders, grants"
        ),
    ]
    known_size: Annotated[float, Prior(3e7, 1.5e7, 6e7, "yuan/year", "sales beyond which the title adds nothing more", scale="log")]
    validity: Annotated[
        float, Prior(3.0, 3.0, 3.0, "years", "years over which the file's cost is spread", source="certification rules (A)")
    ]
    on_the_way: Annotated[float, Prior(0.45, 0.2, 0.7, "share", "firms for which it would pay that work towards it at the start")]
    safety: Annotated[float, Prior(1.05, 1.0, 1.15, "1", "ratio aimed at, as a multiple of the threshold")]


@inlined_kernel
def threshold(sales, small_sales, large_sales, small, medium, large):
    """R&D share of sales the certificate asks of a firm with these sales last year."""
    return small if sales <= small_sales else medium if sales <= large_sales else large


@inlined_kernel
def ratio_aimed_at(asked, sales, past_sales, past_reported):
    """At least the threshold itself, year by year; more if that brings the three years to it within this year."""
    needed = (asked * (sales + past_sales) - past_reported) / sales
    return max(asked, needed) if needed <= 1.6 * asked else asked


@inlined_kernel
def steepness(curvature, ease, ratio, relabel_cost, asked):
    """Second derivatives of the costs of closing a gap by real and by relabelled R&D, per unit of sales."""
    return curvature / (ease * max(ratio, 0.002)), relabel_cost / asked


@inlined_kernel
def closing_cost(gap, real, hidden):
    """Least yearly cost of a gap, share of sales, when it is split so that both margins cost the same."""
    return 0.5 * gap * gap * real * hidden / (real + hidden)


@inlined_kernel
def title_worth(sales, traits):
    """Yearly worth of the title beyond tax and award, yuan: it helps small firms to credit, tenders and grants, known firms little."""
    return traits.standing * min(sales, traits.known_size)


@inlined_kernel
def yearly_gain(saved, award, file_cost, closing, sales, traits):
    """What a certificate adds in a year, yuan: tax saved, title and award, less the file and the cost of reaching the ratio."""
    return saved + title_worth(sales, traits) - closing * sales + (award - file_cost) / traits.validity


@inlined_kernel
def eligible(income_share, staff_share, born, quarter, inventions, utility, income_part, staff_part, age):
    """The criteria other than R&D: high-tech income, science staff, own patents, registered a year."""
    return (income_share >= income_part) & (staff_share >= staff_part) & (quarter - born >= age) & (inventions + utility >= 0.5)


@kernel
def pursue(identity, market, money, research, books, knowledge, levers, city, law, traits, seed, quarter):
    """Once a year: decide whether the certificate pays, and by how much real and relabelled R&D to raise the ratio."""
    rows = identity.alive.size
    weighs = np.empty(rows, np.int8)
    offered = city.certificate_ceiling[0] < 1.0
    income, staff, age = city.certificate_income[0], city.certificate_staff[0], city.certificate_age[0]
    for i in range(rows):
        asks = (identity.alive[i] == 1) & (research.performer[i] == 1) & offered
        hears = uniform(seed, Stream.CERTIFICATE_COST, identity.id[i], quarter) < traits.hearing * levers.awareness[i]
        considers = (books.pursues[i] == 1) | (levers.certified[i] > 0.0) | hears
        fits = eligible(
            books.income_share[i],
            books.staff_share[i],
            identity.born[i],
            quarter,
            knowledge.inventions[i],
            knowledge.utility[i],
            income,
            staff,
            age,
        )
        weighs[i] = 1 if asks & considers & fits else 0
        research.topup[i] = 0.0
        research.relabel_share[i] = 0.0
        books.pursues[i] = books.pursues[i] if asks else 0
    for i in rows_where(weighs):
        sales = market.sales[i]
        asked = threshold(
            books.sales_1[i] if books.sales_1[i] > 0.0 else sales,
            city.certificate_small_sales[0],
            city.certificate_large_sales[0],
            city.certificate_small[0],
            city.certificate_medium[0],
            city.certificate_large[0],
        )
        assets = money.working_capital[i] + 0.5 * sales + money.cash[i]
        rate = marginal_rate(books.taxable[i], np.float64(market.employees[i]), assets, law, 1.0)
        saved = max(0.0, rate - city.certificate_ceiling[0]) * max(0.0, books.taxable[i])
        ratio = research.plan[i] / sales
        past_sales, past_reported = books.sales_1[i] + books.sales_2[i], books.reported_1[i] + books.reported_2[i]
        gap = max(0.0, ratio_aimed_at(asked * traits.safety, sales, past_sales, past_reported) - ratio)
        real, hidden = steepness(traits.curvature, traits.ease, ratio, books.relabel_cost[i], asked)
        award = city.certificate_renewal[0] if levers.certified[i] > 0.0 else city.certificate_award[0]
        gain = yearly_gain(saved, award, books.certify_cost[i], closing_cost(gap, real, hidden), sales, traits)
        books.pursues[i] = 1 if gain > 0.0 else 0
        if gain > 0.0:
            research.topup[i] = gap * hidden / (real + hidden)
            research.relabel_share[i] = gap * real / (real + hidden)
