"""The firm before the tax office. Rules for corporate income tax and the deduction of R&D; stage: settle_year (fourth quarter)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..kernel import inlined_kernel, kernel
from ..ledger import UNIT
from ..parameters import Prior


class Law(NamedTuple):
    """Corporate income tax in force (rates as shares, limits in yuan and persons, terms in years); statute.yaml of the region pack."""

    standard: float
    small_first: float
    small_second: float
    first_limit: float
    second_limit: float
    staff_limit: float
    asset_limit: float
    loss_years: float
    loss_years_certified: float


class TaxTraits(NamedTuple):
    """What firms do with the deduction and with their profits."""

    claimed_share: Annotated[
        float,
        Prior(
            0.45,
            0.30,
            0.65,
            "share",
            "reported R&D that tax rules let a claimant claim",
            "可加计扣除部分占所报研发费用比例",
            source="set by hand towards the claims of 2020, which the model exceeds (D)",
        ),
    ]
    payout: Annotated[
        float, Prior(0.5, 0.3, 0.7, "share", "share of spare money paid to owners at year end", "年末富余资金分配给所有者的比例")
    ]
    buffer: Annotated[float, Prior(0.22, 0.16, 0.28, "years of sales", "net worth kept before anything is paid out", "分配前保留的净资产")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]


@inlined_kernel
def marginal_rate(income, staff, assets, law, ceiling):
    """Tax on the next yuan of income: the small low-profit schedule where the firm falls under it, never above its ceiling."""
    small = (income <= law.second_limit) & (staff <= law.staff_limit) & (assets <= law.asset_limit)
    low = law.small_first if income <= law.first_limit else law.small_second
    return min(low if small else law.standard, ceiling)


@inlined_kernel
def tax_due(income, staff, assets, law, ceiling):
    """Corporate income tax of a year, yuan: the better of the small low-profit schedule and the firm's ceiling, never both."""
    taxable = max(0.0, income)
    small = (taxable <= law.second_limit) & (staff <= law.staff_limit) & (assets <= law.asset_limit)
    low = law.small_first * min(taxable, law.first_limit) + law.small_second * max(0.0, taxable - law.first_limit)
    return min(low if small else law.standard * taxable, ceiling * taxable)


@inlined_kernel
def user_cost(rate, deduction, used):
    """Tax part of the user cost of R&D: (1 - tau (1 + w) v) / (1 - tau v); Hall & Jorgenson (1967), Bloom et al. (2002).

    rate: marginal tax rate; deduction: extra share deducted; used: chance, discounted, that the deduction is used.
    """
    return (1.0 - rate * (1.0 + deduction) * used) / (1.0 - rate * used)


@inlined_kernel
def claim(reported, share, rate, deduction, cost):
    """R&D claimed for the extra deduction, yuan: nothing where the tax saved does not pay for the documents."""
    amount = share * reported
    return amount if amount * deduction * rate > cost else 0.0


@inlined_kernel
def kept_worth(sales, working_capital, buffer, collateral):
    """Net worth a firm keeps before owners are paid, yuan: its buffer, and at least the working capital that no bank lends against."""
    return max(buffer * sales, (1.0 - collateral) * working_capital)


@inlined_kernel
def age_after(age, losses, used):
    """Mean age a year on of the losses that are left, years, whose ages spread evenly up to twice their mean: the oldest are used first."""
    return max(1.0, (age + 1.0) * (losses - used) / losses) if losses > 0.0 else 0.0


@inlined_kernel
def lapsed(age, years):
    """Share of losses, `age` years old on average, that the law lets lapse: none to half the term of `years`, then evenly up to all at it.

    Where a firm loses as much every year, one in `years`, as it should be. Vintages are not kept.
    """
    return min(1.0, max(0.0, 2.0 * age / years - 1.0))


@inlined_kernel
def expected_after(expected, income, sales, years):
    """Taxable income over sales that a firm expects once another year is settled: adaptive expectations (Nerlove 1958).

    They are of the same mean age as a mean of so many `years`. A loss counts as no income; a year without sales teaches nothing.
    """
    return expected + 2.0 / (years + 1.0) * (max(0.0, income) / sales - expected) if sales > 0.0 else expected


@kernel
def settle_year(identity, market, money, books, levers, paperwork, law, traits, collateral, horizon):
    """Close the year: deduct, pay tax, pay owners, shift the books. paperwork: yuan a claim costs; firms that keep
    R&D books for certification have it at hand; collateral: share of working capital that banks lend against; horizon: years
    over which a firm takes the mean of its taxable income.

    Returns in exact units: tax paid, owners' payments, tax forgone by the deduction, tax forgone by the ceiling, R&D claimed, claimants,
    cost of claiming.
    """
    tax, paid_out, by_deduction, by_ceiling, claimed, claimants, documents = 0, 0, 0, 0, 0, 0, 0
    for i in range(identity.alive.size):
        live = identity.alive[i] == 1
        income, losses, net = books.profit_year[i], money.losses[i], money.net[i]
        staff, sales = np.float64(market.employees[i]), market.sales[i]
        cash, tied = money.cash[i], money.working_capital[i]
        ceiling, deduction = levers.tax_ceiling[i], levers.deduction[i]
        sales_year, reported_year, sales_1, reported_1 = books.sales_year[i], books.reported_year[i], books.sales_1[i], books.reported_1[i]
        assets = tied + 0.5 * sales + cash
        used_losses = min(losses, max(0.0, income))
        base = income - used_losses
        years = law.loss_years_certified if (levers.certified[i] > 0.0) | (identity.registered[i] == 1) else law.loss_years
        age = age_after(np.float64(money.loss_age[i]), losses, used_losses)
        old = (losses - used_losses) * (1.0 - lapsed(age, years))
        rate = marginal_rate(base, staff, assets, law, ceiling)
        cost = 0.0 if (books.pursues[i] == 1) | (levers.certified[i] > 0.0) else paperwork
        claimable = claim(reported_year, traits.claimed_share, max(rate, law.small_first), deduction, cost)
        amount = claimable if live else 0.0
        extra = amount * deduction
        without_both = tax_due(base, staff, assets, law, 1.0)
        without_ceiling = tax_due(base - extra, staff, assets, law, 1.0)
        with_both = tax_due(base - extra, staff, assets, law, ceiling)
        spent = cost if amount > 0.0 else 0.0
        worth = cash + net - money.debt[i] + tied - with_both - spent
        keeps = kept_worth(sales, tied, traits.buffer, collateral)
        spare = min(traits.payout * max(0.0, worth - keeps), max(0.0, cash + net - with_both - spent))
        due, owners = with_both if live else 0.0, spare if live else 0.0
        carried = old + max(0.0, -income) + (max(0.0, min(extra - base, extra)) if amount > 0.0 else 0.0)
        money.losses[i], money.loss_age[i] = carried, age * old / max(carried, 1.0)
        money.net[i] = net - (due + owners + spent)
        books.taxable[i] = base
        books.expected[i] = expected_after(np.float64(books.expected[i]), base - extra, sales_year, horizon)
        books.claimed_year[i] = amount
        books.sales_2[i] = sales_1
        books.sales_1[i] = sales_year
        books.reported_2[i] = reported_1
        books.reported_1[i] = reported_year
        books.sales_year[i] = 0.0
        books.profit_year[i] = 0.0
        books.rd_year[i] = 0.0
        books.reported_year[i] = 0.0
        tax += int(due * UNIT)
        paid_out += int(owners * UNIT)
        by_deduction += int((without_both - without_ceiling) * UNIT) if live else 0
        by_ceiling += int((without_ceiling - with_both) * UNIT) if live else 0
        claimed += int(amount * UNIT)
        claimants += 1 if amount > 0.0 else 0
        documents += int(spent * UNIT)
    return tax, paid_out, by_deduction, by_ceiling, claimed, claimants, documents
