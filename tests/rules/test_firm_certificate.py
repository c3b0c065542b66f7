"""The certificate: thresholds, the ratio aimed at, the two ways to reach it and what they cost, worked by
hand."""

import numpy as np
import pytest

from ecosim import parameters
from ecosim.agents.firm import Identity
from ecosim.agents.firm_calls import answers
from ecosim.agents.firm_certificate import (
    chance_to_hear,
    closing_cost,
    fits,
    last_step_cost,
    owns,
    peers,
    ratio_aimed_at,
    steepness,
    tax_saved,
    threshold,
    title_worth,
    yearly_cost,
    yearly_worth,
)
from ecosim.agents.firm_tax import Law
from ecosim.columns import allocate

LAW = Law(0.25, 0.05, 0.10, 1e6, 3e6, 300.0, 5e7, 5.0, 10.0)


@pytest.fixture(scope="module")
def traits():
    """A title worth 0.8% of sales up to 30 million yuan, a file written off over three years."""
    central = parameters.traits(parameters.values(None, {})).certificate
    return central._replace(standing=0.008, known_size=3e7, validity=3.0)


@pytest.mark.parametrize(("sales", "share"), [(0.0, 0.05), (5e7, 0.05), (5e7 + 1, 0.04), (2e8, 0.04), (2e8 + 1, 0.03)])
def test_the_threshold_falls_at_fifty_and_two_hundred_million(sales, share):
    assert threshold(sales, 5e7, 2e8, 0.05, 0.04, 0.03) == share


@pytest.mark.parametrize(
    ("past_reported", "ratio"),
    [(1.2e6, 0.05), (1.0e6, 0.05), (0.8e6, 0.07), (0.6e6, 0.05)],
    ids=["ahead", "level", "within reach this year", "out of reach this year"],
)
def test_a_firm_aims_at_the_threshold_or_at_what_brings_three_years_to_it(past_reported, ratio):
    """5% of 10 million this year and 20 million in the two before: 1.5 million yuan in all."""
    assert ratio_aimed_at(0.05, 1e7, 2e7, past_reported) == pytest.approx(ratio)


def test_real_research_is_steeper_where_there_is_less_of_it():
    assert steepness(0.8, 1.2, 0.02, 1.0, 0.05) == pytest.approx((0.8 / 0.024, 20.0))
    assert steepness(0.8, 1.2, 0.0, 1.0, 0.05) == pytest.approx((0.8 / 0.0024, 20.0))


def test_a_gap_is_closed_at_the_least_cost_when_both_margins_are_equal():
    """Steepness 30 and 20 split one point into 0.4 real and 0.6 hidden, each worth 0.12 at the margin."""
    assert closing_cost(0.01, 30.0, 20.0) == pytest.approx(0.5 * 30.0 * 0.004**2 + 0.5 * 20.0 * 0.006**2)
    for real in (0.002, 0.003, 0.005, 0.006):
        assert 0.5 * 30.0 * real**2 + 0.5 * 20.0 * (0.01 - real) ** 2 > closing_cost(0.01, 30.0, 20.0)


def test_the_title_helps_small_firms_in_proportion_and_known_firms_no_more(traits):
    assert title_worth(1e7, traits) == pytest.approx(80_000.0)
    assert title_worth(1e9, traits) == pytest.approx(240_000.0)


@pytest.mark.parametrize(
    ("income", "staff", "assets", "ceiling", "saved"),
    [
        (4e6, 10, 1e6, 0.15, 400_000.0),
        (2e6, 301, 1e6, 0.15, 200_000.0),
        (2e6, 10, 1e6, 0.15, 0.0),
        (2e6, 10, 1e6, 0.05, 50_000.0),
        (0.0, 301, 1e8, 0.15, 0.0),
        (4e6, 10, 1e6, 1.0, 0.0),
    ],
    ids=["ten points", "too large to be small", "small low-profit", "below the small rates", "no income", "not in force"],
)
def test_a_certificate_saves_what_the_law_takes_without_it_less_what_it_takes_with_it(income, staff, assets, ceiling, saved):
    """A small low-profit firm pays 50,000 on its first million and a tenth of the second."""
    assert tax_saved(income, float(staff), assets, LAW, ceiling) == pytest.approx(saved)


def test_a_year_with_a_certificate_saves_tax_and_brings_the_title_and_a_third_of_the_award(traits):
    """100,000 of tax, 0.8% of 10 million, and 300,000 / 3."""
    assert yearly_worth(1e5, 3e5, 1e7, traits) == pytest.approx(100_000 + 80_000 + 100_000)
    assert yearly_worth(0.0, 0.0, 1e7, traits) == pytest.approx(80_000)


def test_what_only_the_first_year_takes_and_the_file_are_spread_over_its_years(traits):
    """0.1% of 10 million every year, another 0.3% once, and a file of 90,000."""
    assert yearly_cost(9e4, 0.001, 0.004, 1e7, traits) == pytest.approx(10_000 + 10_000 + 30_000)


def test_relabelling_a_last_step_costs_more_beside_what_is_relabelled_already():
    """Steepness 20: from one point to three costs the difference of the two triangles."""
    assert last_step_cost(0.02, 0.01, 20.0) == pytest.approx(0.5 * 20.0 * (0.03**2 - 0.01**2))
    assert last_step_cost(0.0, 0.01, 20.0) == 0.0


def test_peers_are_the_certified_and_those_for_whom_it_would_pay():
    """By sector; who is certified counts once, who would gain nothing or has closed not at all."""
    identity = allocate(Identity, 6)
    identity.alive[:], identity.sector[:] = [1, 1, 1, 1, 0, 1], [0, 0, 0, 1, 1, 1]
    quarters_left = np.array([3.0, 0.0, 0.0, 5.0, 5.0, 0.0])
    pays = np.array([1, 1, 0, 0, 1, 1], np.int8)

    assert peers(identity, quarters_left, pays, 2).tolist() == [[1, 2], [1, 2]]


def test_word_of_mouth_grows_with_the_share_of_peers_that_are_certified():
    """3% of their own accord; 38% of the uncertified, were all peers certified; a campaign raises both."""
    assert chance_to_hear(0.03, 0.38, 0, 10, 1.0) == pytest.approx(0.03)
    assert chance_to_hear(0.03, 0.38, 5, 10, 1.0) == pytest.approx(0.22)
    assert chance_to_hear(0.03, 0.38, 5, 10, 1.5) == pytest.approx(0.33)
    assert chance_to_hear(0.03, 0.38, 0, 0, 1.0) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("changed", "passes"),
    [
        ({}, True),
        ({"income": 0.59}, False),
        ({"staff": 0.09}, False),
        ({"born": 8077}, False),
        ({"inventions": 0.0, "utility": 0.4}, False),
        ({"inventions": 0.0, "utility": 1.0}, True),
    ],
)
def test_every_criterion_must_be_met_and_its_bound_is_enough(changed, passes):
    """60% of income, 10% of staff, a year of age, a patent of either kind."""
    firm = {"income": 0.60, "staff": 0.10, "born": 8076, "inventions": 1.0, "utility": 0.0, **changed}

    met = fits(firm["income"], firm["staff"], firm["born"], 8080, 0.60, 0.10, 4.0) & owns(firm["inventions"], firm["utility"])

    assert bool(met) is passes


@pytest.mark.parametrize(("heard", "paperwork", "applies"), [(True, 49.0, True), (True, 50.0, False), (False, 0.0, False)])
def test_a_firm_answers_a_call_it_heard_of_if_half_a_chance_of_a_hundred_beats_the_paperwork(heard, paperwork, applies):
    assert bool(answers(heard, 100.0, 0.5, paperwork)) is applies
