"""R&D: money at hand, the wish, the plan, and whether to do any, worked by hand."""

import math

import pytest

from ecosim.agents.firm_research import does_rd, plan_after, raised_after, spendable, value_of_rd, wanted_rd, winds_down


def test_money_at_hand_is_deposits_a_quarters_profit_and_what_the_bank_still_lends():
    assert spendable(100.0, 30.0, 80.0, 200.0, 0.5, 0.25) == 100.0 + 20.0 + 100.0 - 30.0
    assert spendable(100.0, 1000.0, 80.0, 200.0, 0.5, 0.25) == 0.0


@pytest.mark.parametrize(
    ("relative_cost", "elasticity", "wish"),
    [(1.0, 1.2, 2e6), (0.5, 1.0, 4e6), (4.0, 0.5, 1e6), (4.0, 0.0, 2e6)],
)
def test_the_wish_is_a_share_of_sales_that_falls_with_the_user_cost(relative_cost, elasticity, wish):
    assert wanted_rd(1e8, 0.02, relative_cost, elasticity) == pytest.approx(wish)


@pytest.mark.parametrize(("speed", "plan"), [(0.0, 1e6), (0.5, 2e6), (1.0, 4e6)])
def test_a_plan_closes_part_of_the_gap_in_logs(speed, plan):
    assert plan_after(1e6, 4e6, speed) == pytest.approx(plan)


@pytest.mark.parametrize(("asked", "raised"), [(3e6, 3e6), (1.9e6, 1.9e6), (0.0, 1.8e6)], ids=["more", "a little less", "no longer"])
def test_research_raised_for_the_certificate_comes_at_once_and_is_let_go_slowly(asked, raised):
    """Two million raised so far, a tenth of a gap closed in a step."""
    assert raised_after(2e6, asked, 0.1) == pytest.approx(raised)


def test_the_value_of_research_rises_more_than_in_proportion_with_size():
    """At a million of sales it is the intensity; e squared million with slope 0.5 give e times more than
    in proportion."""
    assert value_of_rd(1e6, 0.02, 0.22, 0.0, 1e6) == pytest.approx(20_000.0)
    assert value_of_rd(math.e**2 * 1e6, 0.02, 0.5, math.log(2), 1e6) == pytest.approx(0.02 * math.e**2 * 1e6 * 2 * math.e)


@pytest.mark.parametrize(
    ("performs", "value", "does"),
    [
        (True, 100.0, False),
        (True, 101.0, True),
        (False, 101.0, False),
        (False, 150.0, False),
        (False, 151.0, True),
    ],
)
def test_going_on_must_cover_the_running_cost_and_beginning_that_of_starting_too(performs, value, does):
    """Bill 80, running 20, starting 50: between 100 and 150 who does R&D goes on and who does not stays
    out."""
    assert bool(does_rd(performs, value, 80.0, 20.0, 50.0)) is does


@pytest.mark.parametrize(("performs", "plan", "does"), [(True, 461_001.0, True), (True, 461_000.0, False), (False, 461_001.0, False)])
def test_research_that_no_longer_pays_is_wound_down_until_one_researcher_is_left(performs, plan, does):
    assert bool(winds_down(performs, plan, 461_000.0)) is does
