"""The firm and the high-tech certificate: whether to work towards it, by real or relabelled R&D. Stage: pursue (first quarter)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from ..chance import Stream, uniform
from ..kernel import kernel
from ..parameters import Prior
from .firm_tax import marginal_rate


class CertificateTraits(NamedTuple):
    """How firms weigh the certificate."""

    hearing: Annotated[float, Prior(0.30, 0.15, 0.50, "1/year", "chance in a year that a firm considers certification for the first time")]
    curvature: Annotated[float, Prior(0.8, 0.4, 1.6, "1", "steepness of the cost of real R&D above the plan")]
    ease: Annotated[float, Prior(1.2, 0.5, 2.0, "1", "response of real R&D used in that cost")]
    validity: Annotated[float, Prior(3.0, 3.0, 3.0, "years", "years over which the file's cost is spread", source="certification rules (A)")]
    safety: Annotated[float, Prior(1.05, 1.0, 1.15, "1", "ratio aimed at, as a multiple of the threshold")]


@kernel
def threshold(sales, small_sales, large_sales, small, medium, large):
    """R&D share of sales the certificate asks of a firm with these sales last year."""
    return small if sales <= small_sales else medium if sales <= large_sales else large


@kernel
def steepness(curvature, ease, ratio, relabel_cost, asked):
    """Second derivatives of the costs of closing a gap by real and by relabelled R&D, per unit of sales."""
    return curvature / (ease * max(ratio, 0.002)), relabel_cost / asked


@kernel
def closing_cost(gap, real, hidden):
    """Least yearly cost of a gap, share of sales, when it is split so that both margins cost the same."""
    return 0.5 * gap * gap * real * hidden / (real + hidden)


@kernel
def eligible(income_share, staff_share, born, quarter, inventions, utility, income_part, staff_part, age):
    """The criteria other than R&D: high-tech income, science staff, own patents, registered a year."""
    return income_share >= income_part and staff_share >= staff_part and quarter - born >= age and inventions + utility >= 0.5


@kernel
def pursue(identity, market, money, research, books, knowledge, levers, city, law, traits, seed, quarter):
    """Once a year: decide whether the certificate pays, and by how much real and relabelled R&D to raise the ratio."""
    for i in range(identity.alive.size):
        research.topup[i] = 0.0
        research.relabel_share[i] = 0.0
        if identity.alive[i] and research.performer[i] == 1 and city.certificate_ceiling[0] < 1.0:
            sales = market.sales[i]
            asked = threshold(
                books.sales_1[i] if books.sales_1[i] > 0.0 else sales, city.certificate_small_sales[0], city.certificate_large_sales[0],
                city.certificate_small[0], city.certificate_medium[0], city.certificate_large[0],
            )
            considers = (
                books.pursues[i] == 1 or levers.certified[i] > 0.0
                or uniform(seed, Stream.CERTIFICATE_COST, identity.id[i], quarter) < traits.hearing * levers.awareness[i]
            )
            if considers and eligible(
                books.income_share[i], books.staff_share[i], identity.born[i], quarter, knowledge.inventions[i], knowledge.utility[i],
                city.certificate_income[0], city.certificate_staff[0], city.certificate_age[0],
            ):
                assets = money.working_capital[i] + 0.5 * sales + money.cash[i]
                rate = marginal_rate(books.taxable[i], market.employees[i], assets, law, 1.0)
                saved = max(0.0, rate - city.certificate_ceiling[0]) * max(0.0, books.taxable[i])
                ratio = research.plan[i] / sales
                gap = max(0.0, traits.safety * asked - ratio)
                real, hidden = steepness(traits.curvature, traits.ease, ratio, books.relabel_cost[i], asked)
                award = 0.0 if levers.certified[i] > 0.0 else city.certificate_award[0]
                gain = saved + (award - books.certify_cost[i]) / traits.validity - closing_cost(gap, real, hidden) * sales
                books.pursues[i] = 1 if gain > 0.0 else 0
                if gain > 0.0:
                    research.topup[i] = gap * hidden / (real + hidden)
                    research.relabel_share[i] = gap * real / (real + hidden)
        else:
            books.pursues[i] = 0
