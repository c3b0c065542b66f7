"""Corporate income tax at its notches, the user cost of R&D and the claim, worked by hand."""

import pytest

from ecosim.agents.firm_tax import Law, age_after, claim, expected_after, kept_worth, lapsed, marginal_rate, tax_due, user_cost

LAW = Law(
    standard=0.25,
    small_first=0.05,
    small_second=0.10,
    first_limit=1e6,
    second_limit=3e6,
    staff_limit=300.0,
    asset_limit=5e7,
    loss_years=5.0,
    loss_years_certified=10.0,
)


@pytest.mark.parametrize(
    ("income", "staff", "assets", "ceiling", "rate"),
    [
        (-5.0, 10, 1e6, 1.0, 0.05),
        (1e6, 10, 1e6, 1.0, 0.05),
        (1e6 + 1, 10, 1e6, 1.0, 0.10),
        (3e6, 300, 5e7, 1.0, 0.10),
        (3e6 + 1, 300, 5e7, 1.0, 0.25),
        (5e5, 301, 1e6, 1.0, 0.25),
        (5e5, 300, 5e7 + 1, 1.0, 0.25),
        (4e6, 10, 1e6, 0.15, 0.15),
        (5e5, 10, 1e6, 0.15, 0.05),
    ],
)
def test_the_marginal_rate_steps_at_the_limits_and_never_passes_the_ceiling(income, staff, assets, ceiling, rate):
    assert marginal_rate(income, float(staff), assets, LAW, ceiling) == rate


@pytest.mark.parametrize(
    ("income", "staff", "ceiling", "tax"),
    [
        (-1e6, 10, 1.0, 0.0),
        (1e6, 10, 1.0, 50_000.0),
        (2e6, 10, 1.0, 150_000.0),
        (3e6, 10, 1.0, 250_000.0),
        (3_000_004.0, 10, 1.0, 750_001.0),
        (2e6, 301, 1.0, 500_000.0),
        (4e6, 10, 0.15, 600_000.0),
        (2e6, 10, 0.15, 150_000.0),
        (2e6, 10, 0.05, 100_000.0),
    ],
)
def test_tax_is_the_better_of_the_small_schedule_and_the_ceiling_never_both(income, staff, ceiling, tax):
    """One yuan above the limit of small low-profit firms costs half a million."""
    assert tax_due(income, float(staff), 1e6, LAW, ceiling) == pytest.approx(tax)


@pytest.mark.parametrize(
    ("rate", "cost"),
    [(0.25, 0.75), (0.15, 0.8676470588), (0.05, 0.9605263158)],
    ids=["standard", "certified", "small"],
)
def test_the_user_cost_at_a_deduction_of_three_quarters(rate, cost):
    """0.75, 0.87 and 0.96: a certificate raises the marginal cost of R&D."""
    assert user_cost(rate, 0.75, 1.0) == pytest.approx(cost)


def test_without_extra_deduction_or_without_profit_to_deduct_it_from_the_user_cost_is_one():
    assert user_cost(0.25, 0.0, 1.0) == 1.0
    assert user_cost(0.25, 0.75, 0.0) == 1.0


@pytest.mark.parametrize(
    ("deduction", "paperwork", "claimed"),
    [(0.75, 20_000.0, 450_000.0), (0.75, 84_375.0, 0.0), (0.75, 84_374.0, 450_000.0), (0.0, 0.0, 0.0)],
)
def test_a_claim_is_made_where_the_tax_saved_exceeds_the_documents(deduction, paperwork, claimed):
    """45% of a million reported; at 75% and a rate of 25% they save 84,375 yuan."""
    assert claim(1e6, 0.45, 0.25, deduction, paperwork) == claimed


@pytest.mark.parametrize(("income", "expected"), [(8e5, 0.06), (4e5, 0.04), (-3e6, 0.02)], ids=["better", "as expected", "loss"])
def test_a_firm_expects_the_mean_of_what_it_expected_and_of_what_the_year_brought(income, expected):
    """4% of 10 million was expected; as from a mean of three years, the last one weighs a half. A loss is no income."""
    assert expected_after(0.04, income, 1e7, 3.0) == pytest.approx(expected)


def test_a_year_without_sales_teaches_nothing():
    assert expected_after(0.04, -1e5, 0.0, 3.0) == 0.04


def test_the_oldest_losses_are_used_first():
    """Of losses two years old on average half are used a year later: the younger half is left, one and a half years old."""
    assert age_after(2.0, 1e6, 5e5) == pytest.approx(1.5)
    assert age_after(2.0, 1e6, 0.0) == pytest.approx(3.0)
    assert age_after(0.0, 1e6, 9e5) == 1.0
    assert age_after(0.0, 0.0, 0.0) == 0.0


@pytest.mark.parametrize("years", [5.0, 10.0])
def test_all_of_a_single_loss_has_lapsed_at_its_term_and_none_at_half_of_it(years):
    assert lapsed(0.5 * years, years) == 0.0
    assert lapsed(years, years) == lapsed(years + 1.0, years) == 1.0


@pytest.mark.parametrize("years", [5, 10])
def test_of_losses_alike_every_year_the_oldest_lapses_each_year(years):
    """At the end of a year they are one to so many years old: the law lets one in so many lapse."""
    assert lapsed(0.5 * (years + 1.0), float(years)) == pytest.approx(1.0 / years)


@pytest.mark.parametrize(("collateral", "kept"), [(0.58, 22e6), (0.25, 24e6), (0.0, 32e6)])
def test_owners_are_paid_after_the_buffer_and_what_no_bank_lends_against(collateral, kept):
    """100 million of sales with a buffer of 22 million; 32 million of receivables and stocks, of which banks lend a part."""
    assert kept_worth(100e6, 32e6, 0.22, collateral) == pytest.approx(kept)
