"""How firms answer calls: heard of it, and worth more than the paperwork. Stage: apply (one kernel for each margin).

Each writes the answers of those who may apply into columns of zeros: worth, request and applied.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units
from ..chance import Stream
from ..chance import lone_uniform as uniform
from ..columns import gathered, rows_where
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm_certificate import fits, last_step_cost, owns, tax_saved, threshold, yearly_worth
from .firm_projects import can_pay, gain_from_project, waits
from .firm_research import spendable
from .firm_services import familiarity, surplus

QUARTER = 0.25
"""Years over whose profit a firm judges, when it applies, whether it could pay its own part."""


class CallTraits(NamedTuple):
    """Who hears of what."""

    hear_service: Annotated[
        float,
        Prior(
            0.50,
            0.25,
            0.75,
            "1",
            "chance that a firm with a need hears of support for it in a quarter",
            "有需求的企业一季内得知服务补贴的概率",
            per="quarterly hazard",
        ),
    ]
    hear_project: Annotated[
        float,
        Prior(
            0.62,
            0.40,
            0.80,
            "1",
            "chance of hearing of a project call",
            "得知项目征集的概率",
            source="set by hand, the approval rate in Rugao 2016 (62.9%) in view (D)",
        ),
    ]
    connected: Annotated[float, Prior(0.10, 0.0, 0.2, "1", "rise of that chance with acquaintance", "得知征集的概率随熟悉程度的上升")]


@inlined_kernel
def answers(heard, worth, odds, paperwork):
    """Apply if heard of, and if the expected gain beats the cost of applying."""
    return heard and worth * odds > paperwork


@inlined_kernel
def expected_means(i, market, money, collateral):
    """Money a firm expects to have in hand a quarter on before its R&D, with what the bank still lends, yuan."""
    return money.net[i] + spendable(
        money.cash[i], money.debt[i], np.float64(market.profit[i]), money.working_capital[i], collateral, QUARTER
    )


@kernel
def apply_service(
    identity, market, money, research, ventures, levers, service, traits, collateral, eligible_rows, covers, share, cap, paperwork, odds,
    seed, moment, worth, request, applied,
):  # fmt: skip
    """Support for services: worth what it adds to the surplus of the need at hand, nothing where the firm cannot pay its own part.

    As with projects, a firm applies with its later decision in mind. covers: 0/1 by kind of service; service: traits of services.
    """
    eligible = rows_where(eligible_rows)
    may = np.empty(eligible.size, np.int8)
    for f in range(eligible.size):
        i = eligible[f]
        covered = covers[1] if ventures.need_kind[i] == 1 else covers[0]
        in_need = (ventures.need[i] > 0.0) & (covered == 1) & (levers.service_left[i] <= 0.0)
        may[f] = 1 if (identity.alive[i] == 1) & in_need else 0
    for i in gathered(eligible, rows_where(may)):
        known = familiarity(ventures.tie[i], service.tie_scale)
        search = service.search * levers.search_cost[i]
        request[i] = min(share * ventures.fee[i], cap)
        means, kept = expected_means(i, market, money, collateral), QUARTER * research.rd[i]
        able, able_alone = can_pay(means, request[i], ventures.fee[i], kept), can_pay(means, 0.0, ventures.fee[i], kept)
        helped = surplus(ventures.need[i], ventures.fee[i], share, cap, search, known) if able else 0.0
        alone = surplus(ventures.need[i], ventures.fee[i], 0.0, 0.0, search, known) if able_alone else 0.0
        worth[i] = max(0.0, helped) - max(0.0, alone)
        if answers(True, worth[i], odds, paperwork):
            heard = uniform(seed, Stream.HEARD, identity.id[i], moment) < traits.hear_service * levers.awareness[i]
            applied[i] = 1 if heard else 0


@kernel
def apply_project(
    identity, market, money, research, ventures, levers, project, traits, collateral, eligible_rows, share, cap, paperwork, odds,
    seed, moment, worth, request, applied,
):  # fmt: skip
    """Support for an indivisible project: worth what it adds to the gain, nothing where the firm cannot pay its own part.

    A firm applies with its later decision on the project in mind (Takalo et al. 2013). project: traits of projects.
    """
    rows = identity.alive.size
    may = np.empty(rows, np.int8)
    for i in range(rows):
        may[i] = 1 if (identity.alive[i] == 1) & (eligible_rows[i] == 1) & waits(ventures.project[i], ventures.project_left[i]) else 0
    for i in rows_where(may):
        request[i] = min(share * ventures.project[i], cap)
        cost, value, kept = ventures.project[i], np.float64(ventures.project_worth[i]), project.reserve * research.rd[i]
        means = expected_means(i, market, money, collateral)
        helped = gain_from_project(cost, value, request[i]) if can_pay(means, request[i], cost, kept) else 0.0
        alone = gain_from_project(cost, value, 0.0) if can_pay(means, 0.0, cost, kept) else 0.0
        worth[i] = max(0.0, helped) - max(0.0, alone)
        if answers(True, worth[i], odds, paperwork):
            chance = (traits.hear_project + traits.connected * ventures.connection[i]) * levers.awareness[i]
            applied[i] = 1 if uniform(seed, Stream.HEARD, identity.id[i], moment) < chance else 0


@kernel
def apply_pool(eligible_rows, amount, paperwork, odds, worth, request, applied):
    """Entry to a pool: a flat amount. Districts call on whoever is eligible, so all have heard of it."""
    applies = answers(True, amount, odds, paperwork)
    for i in rows_where(eligible_rows):
        worth[i], request[i], applied[i] = amount, amount, 1 if applies else 0


@kernel
def apply_certificate(
    identity, market, money, research, books, knowledge, levers, city, law, traits, spending, eligible_rows, odds, quarter,
    worth, request, applied,
):  # fmt: skip
    """The certificate: apply with three years' books that meet the criteria, when it is worth more than the file.

    What the books lack at the year's end, when real R&D can no longer be done, an applicant relabels. spending: traits of
    research. Returns the cost of that, exact units.
    """
    rows, relabelling = identity.alive.size, 0
    may = np.empty(rows, np.int8)
    for i in range(rows):
        able = (identity.alive[i] == 1) & (eligible_rows[i] == 1)
        may[i] = 1 if able & (books.pursues[i] == 1) & (levers.certified[i] <= 4.0) else 0
    for i in rows_where(may):
        last = books.sales_year[i]
        asked = threshold(
            last,
            city.certificate_small_sales,
            city.certificate_large_sales,
            city.certificate_small,
            city.certificate_medium,
            city.certificate_large,
        )
        reported = books.reported_year[i] + books.reported_1[i] + books.reported_2[i]
        sales = last + books.sales_1[i] + books.sales_2[i]
        missing = max(0.0, asked * sales - reported)
        meets = owns(knowledge.inventions[i], knowledge.utility[i]) & fits(
            books.income_share[i],
            books.staff_share[i],
            identity.born[i],
            quarter,
            city.certificate_income,
            city.certificate_staff,
            city.certificate_age,
        )
        income, assets = np.float64(books.expected[i]) * market.sales[i], money.working_capital[i] + 0.5 * market.sales[i] + money.cash[i]
        saved = tax_saved(income, np.float64(market.employees[i]), assets, law, city.certificate_ceiling)
        award = city.certificate_renewal if levers.certified[i] > 0.0 else city.certificate_award
        yearly = yearly_worth(saved, award, market.sales[i], traits)
        hidden, steep = np.float64(research.relabel_share[i]), np.float64(books.relabel_cost[i]) / asked
        closing = last_step_cost(missing / max(last, 1.0), hidden, steep) * last
        worth[i] = traits.validity * yearly - closing
        request[i] = books.certify_cost[i]
        if answers(meets, worth[i], odds, books.certify_cost[i]):
            cost = spending.relabel_price * missing
            applied[i] = 1
            research.relabelled[i] += missing / spending.step
            books.reported_year[i] += missing
            books.profit_year[i] -= cost
            money.net[i] -= cost
            relabelling += exact_units(cost)
    return relabelling
