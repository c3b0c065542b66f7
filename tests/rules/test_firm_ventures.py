"""Services, projects and leaving, worked by hand."""

import math

import pytest

from ecosim.agents.firm_life import leaves, residual_hazard
from ecosim.agents.firm_projects import can_pay, capacity, due_for_work, gain_from_project, project_cost, waits
from ecosim.agents.firm_services import chance_after_arrival, comes_first, familiarity, need_size, surplus


@pytest.mark.parametrize(("tie", "known"), [(0.0, 0.0), (2e5, 0.5), (6e5, 0.9)])
def test_familiarity_rises_with_past_contracts(tie, known):
    assert familiarity(tie, 2e5) == pytest.approx(known)


@pytest.mark.parametrize(
    ("share", "left", "worth"),
    [(0.0, 0.0, 0.0), (0.5, 50_000.0, 30_000.0), (0.5, 20_000.0, 20_000.0), (1.0, 1e9, 60_000.0)],
    ids=["no support", "half the fee", "all that is left", "free of charge"],
)
def test_a_service_is_worth_its_value_less_what_support_leaves_and_half_a_search(share, left, worth):
    """Value 100,000, fee 60,000, search 80,000 to a firm that knows half of the providers."""
    assert surplus(100_000.0, 60_000.0, share, left, 80_000.0, 0.5) == pytest.approx(worth)


@pytest.mark.parametrize(("plan", "factor"), [(0.0, 1.0), (1e6, 1.0), (16e6, 2.0)], ids=["no R&D", "a million", "16 million"])
def test_needs_grow_with_rd_beyond_a_million_yuan(plan, factor):
    assert need_size(plan, 0.25, 1e6) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("draw", "other", "first"),
    [(0.8, 0.0, False), (0.7, 0.9, True), (0.5, 0.21, True), (0.5, 0.1, False)],
    ids=["not at all", "alone", "both, the other later", "both, the other earlier"],
)
def test_of_two_events_in_a_step_the_earlier_counts(draw, other, first):
    """Chances of 0.75 and 0.36 in a step: 0.5 and 0.2 in half of it."""
    assert bool(comes_first(draw, 0.75, other, 0.36)) is first


@pytest.mark.parametrize(
    ("hazard", "other", "chance"),
    [(0.0, 0.3, 0.0), (1e-6, 0.0, 5e-7), (0.75, 0.0, 1.0 - 0.75 / math.log(4)), (0.5, 0.5, 0.5 - 0.375 / math.log(4)), (1.0, 0.0, 1.0)],
)
def test_what_arrives_within_a_step_has_half_of_it_left_on_average(hazard, other, chance):
    """The mean of 1 - (1 - hazard)^left over a part left that is uniform between 0 and 1; of two alike each is first half of the time."""
    assert chance_after_arrival(hazard, other) == pytest.approx(chance, rel=1e-3)


@pytest.mark.parametrize(
    ("rd", "shock", "cost"),
    [
        (1e6, 0.0, 2.5e6),
        (32e6, 0.0, 20e6),
        (1e6, 2.0, 2.5e6 * math.e),
        (0.0, 0.0, 2.5e6 * 0.002**0.6),
    ],
    ids=["a million of R&D", "32 million", "two spreads dearer", "next to none"],
)
def test_the_cost_of_a_project_is_concave_in_rd(rd, shock, cost):
    assert project_cost(rd, 2.5, 0.6, 0.5, shock, 1e6) == pytest.approx(cost)


def test_a_project_is_measured_by_the_rd_a_firm_does_or_by_what_would_suit_it():
    assert capacity(True, False, 3e6, 0.02, 100e6) == 3e6
    assert capacity(False, False, 0.0, 0.02, 100e6) == 2e6
    assert capacity(True, True, 3e6, 0.02, 1e6) == 20_000.0


@pytest.mark.parametrize(("cost", "left", "does"), [(0.0, 0.0, False), (4e6, 0.0, True), (4e6, 1e6, False)], ids=["none", "met", "begun"])
def test_a_project_waits_until_it_is_begun(cost, left, does):
    assert bool(waits(cost, left)) is does


def test_a_project_is_paid_for_in_equal_parts_over_its_duration():
    """Four million over two years by quarters; the last part is what is left, to the yuan."""
    left, parts = 4e6, []
    while left > 0.0:
        parts.append(due_for_work(4e6, left, 0.25, 2.0))
        left -= parts[-1]

    assert parts == pytest.approx([0.5e6] * 8)
    assert due_for_work(4e6, 0.1e6, 0.25, 2.0) == 0.1e6


@pytest.mark.parametrize(
    ("worth", "support", "gain"),
    [(1.2, 0.0, 200_000.0), (0.8, 0.0, -200_000.0), (0.8, 500_000.0, 300_000.0), (0.4, 500_000.0, -100_000.0)],
    ids=["worth its cost", "not worth it", "worth it at half the cost", "not even then"],
)
def test_a_grant_lowers_the_price_of_the_project_it_is_for(worth, support, gain):
    """A project that costs a million."""
    assert gain_from_project(1e6, worth, support) == pytest.approx(gain)


@pytest.mark.parametrize(
    ("means", "support", "able"),
    [(1.3e6, 0.0, True), (1.1e6, 0.0, False), (0.8e6, 0.5e6, True), (0.6e6, 0.5e6, False), (-1e6, 1e6, True)],
    ids=["alone", "not beside the R&D kept", "with half of it granted", "not even then", "paid in full by others"],
)
def test_a_project_can_be_paid_from_means_and_support_beside_the_rd_kept(means, support, able):
    """A project that costs a million, beside 200,000 yuan kept back for R&D."""
    assert bool(can_pay(means, support, 1e6, 0.2e6)) is able


@pytest.mark.parametrize(("sales", "chance"), [(0.0, 0.02), (5e6, 0.02), (80e6, 0.01), (1280e6, 0.005)])
def test_the_residual_hazard_halves_with_every_sixteenfold_size(sales, chance):
    assert residual_hazard(0.02, sales, 5e6, 0.25) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("worth", "sales", "age", "draw", "closes"),
    [
        (1.0, 1e6, 20, 0.5, False),
        (-1.0, 1e6, 20, 0.5, True),
        (1.0, 1e5, 11, 0.5, False),
        (1.0, 1e5, 12, 0.5, True),
        (1.0, 1e6, 20, 0.009, True),
    ],
    ids=["goes on", "broke", "small and young", "small and past its third year", "for another reason"],
)
def test_a_firm_closes_when_broke_too_small_to_live_or_by_its_residual_hazard(worth, sales, age, draw, closes):
    assert bool(leaves(worth, sales, age, 150_000.0, 0.01, draw)) is closes
