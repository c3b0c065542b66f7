"""Competitiveness, growth and profit, worked by hand."""

import math

import pytest

from ecosim.agents.firm_market import (
    competitiveness,
    fitness_after,
    operating_profit,
    sales_growth,
    staff_after,
    staffing_of,
    wanted_staff,
)


def test_twice_the_knowledge_of_its_reference_is_worth_the_weight_times_ln_2():
    assert competitiveness(0.1, 0.09, 2e6, 1e6, 0.0) == pytest.approx(0.1 + 0.09 * 0.693147180560)
    assert competitiveness(-0.1, 0.09, 1e6, 1e6, 5e6) == pytest.approx(-0.1)


def test_the_same_knowledge_moves_a_firm_less_the_more_production_has_taught_it():
    """A giant that begins research has a few times its know-how, not a thousand times the knowledge of a start-up."""
    assert competitiveness(0.0, 0.1, 5e8, 5e4, 3e8) == pytest.approx(0.1 * math.log(8e8 / 3.0005e8))
    assert competitiveness(0.0, 0.1, 5e8, 5e4, 3e11) < 0.001


@pytest.mark.parametrize(
    ("sales", "advantage", "researchers", "staff"),
    [(1e6, 0.0, 0.0, 10.0), (4e6, 0.0, 0.0, 20.0), (1e6, math.log(2), 0.0, 5.0), (1e6, 0.0, 3.0, 13.0)],
    ids=["at par", "root of sales", "twice as productive", "with researchers"],
)
def test_wanted_staff_follows_sales_less_what_knowledge_saves_and_adds_researchers(sales, advantage, researchers, staff):
    """Ten persons sell a million."""
    assert wanted_staff(math.log(0.01), math.log(sales), 0.5, advantage, researchers) == pytest.approx(staff)


def test_a_firm_at_rest_wants_the_staff_it_has():
    assert wanted_staff(staffing_of(50.0, 16.0, 0.5, 0.1, 20.0), 16.0, 0.5, 0.1, 20.0) == pytest.approx(50.0)


def test_hiring_closes_a_part_of_the_gap():
    assert staff_after(100.0, 140.0, 0.25) == pytest.approx(110.0)


def test_passing_competitiveness_fades_and_is_shaken():
    assert fitness_after(0.2, 0.1, 0.05, -2.0) == pytest.approx(0.18 - 0.10)


@pytest.mark.parametrize(
    ("size", "scale", "shock", "growth"),
    [
        (0.0, 1.0, 0.0, 0.022),  # demand 0.01, selection 0.075 * 0.2, pull 0.0075 * 0.4
        (0.0, 1.0, 1.0, 0.022 + 0.09),
        (0.0, 4.0, 1.0, 0.022 + 0.18),  # a year twice as wide
        (math.log(16), 1.0, 1.0, 0.022 + 0.045),  # 16 ** -0.25 is one half
        (math.log(16), 1.0, -1.0, 0.022 - 0.045),
        (0.0, 1.0, 100.0, 0.722),  # no quarter more than doubles sales
        (0.0, 1.0, -100.0, -0.678),
    ],
)
def test_growth_adds_demand_selection_pull_and_noise_that_falls_with_size(size, scale, shock, growth):
    assert sales_growth(0.01, 0.075, 0.2, 0.0075, 0.4, 0.09, 0.25, size, scale, shock) == pytest.approx(growth)


@pytest.mark.parametrize(
    ("edge", "profit"),
    [(0.1, 13.5e6 - 1e6), (0.0, 9.5e6 - 1e6), (3.0, 29.5e6 - 1e6), (-3.0, -10.5e6 - 1e6)],
    ids=["edge", "level", "edge counts to a half", "and to minus a half"],
)
def test_profit_is_a_margin_on_sales_less_overhead_of_their_root(edge, profit):
    """100 million of sales; margin 7.5%, markup 2%, 0.4 per unit of edge; overhead 100 times 10,000."""
    assert operating_profit(1e8, edge, 0.075, 0.02, 0.40, 100.0, 3e6) == pytest.approx(profit)
