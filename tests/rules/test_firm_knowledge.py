"""Knowledge, patents and partners, worked by hand."""

import math

import numpy as np
import pytest

from ecosim import parameters
from ecosim.agents.firm_knowledge import absorption, absorptive_capacity, class_stocks, knowledge_after, pool_levels
from ecosim.agents.firm_partners import learning_value, partner_utility
from ecosim.agents.firm_patents import application_rate


@pytest.fixture(scope="module")
def central():
    """Central values of all parameters, per quarter."""
    return parameters.traits(parameters.values(None, {}))


def test_knowledge_fades_and_is_added_to():
    assert knowledge_after(100.0, 0.04, 10.0) == pytest.approx(106.0)


@pytest.mark.parametrize(("knowledge", "share"), [(0.0, 0.0), (2e6, 0.5), (6e6, 0.75)])
def test_who_knows_more_takes_in_more(knowledge, share):
    assert absorptive_capacity(knowledge, 2e6) == pytest.approx(share)


def test_a_class_knows_what_its_living_firms_know():
    sums = np.full(3, 7, np.int64)

    class_stocks(
        np.array([1, 1, 0, 1], np.int8),
        np.array([0, 2, 2, 0], np.int16),
        np.array([10.9, 20.0, 40.0, 5.5]),
        sums,
    )

    assert sums.tolist() == [15, 0, 20]


def test_a_pool_weighs_the_city_its_partners_and_other_cities(central):
    """0.45 of a doubled own stock, 0.2 of 1.5, 0.35 of 1.2; a class nobody knew is divided by one yuan,
    not by zero."""
    traits = central.knowledge._replace(outside=0.35, partner_pool=0.2)

    found = pool_levels(np.array([2e6, 0.0]), np.array([1e6, 0.0]), np.array([1.5, 1.5]), 1.2, traits)

    assert found == pytest.approx([0.9 + 0.3 + 0.42, 0.72])


@pytest.mark.parametrize(
    ("relatedness", "capacity", "value"),
    [
        (0.5, 0.0, 1.0),
        (1.0, 0.0, 0.0),
        (0.0, 0.0, 0.0),
        (0.25, 1.0, 1.0),
        (0.5, 1.0, 1.0 - 1.0 / 9.0),
        (1.0, 1.0, 0.0),
    ],
)
def test_a_partner_is_worth_most_at_a_distance_that_grows_with_capacity(relatedness, capacity, value):
    """Best distance 0.5 without capacity, 0.75 with all of it; an inverted U that ends at zero."""
    assert learning_value(relatedness, capacity, 0.5) == pytest.approx(value)


def test_a_partner_is_weighed_by_learning_habit_standing_distance_and_taste(central):
    traits = central.partners._replace(learning=2.0, past=1.0, strength=0.5, distance=0.35, taste=0.6)

    assert partner_utility(0.5, 1.0, 0.4, 200.0, -1.0, traits) == pytest.approx(1.0 + 1.0 + 0.2 - 0.7 - 0.6)


@pytest.mark.parametrize(
    ("research", "stock", "shock", "rate"),
    [
        (1e6, 1e6, 0.0, 1.0),
        (1e6, 4e6, 0.0, 2.0),
        (16e6, 1e6, 0.0, 2.0),
        (0.0, 1e6, 0.0, 0.02**0.25),
        (1e6, 1e6, 2.0, math.exp(0.6)),
    ],
    ids=[
        "a million each",
        "four times the stock",
        "16 times the research",
        "no research counts as idle",
        "a good quarter",
    ],
)
def test_applications_are_a_power_of_research_and_of_knowledge(research, stock, shock, rate, central):
    traits = central.patents._replace(level=0.0, rd_power=0.25, stock_power=0.5, noise=0.3, idle_rd=20_000.0)

    assert application_rate(research, stock, 0.0, shock, traits) == pytest.approx(rate)
    assert application_rate(research, stock, math.log(3), shock, traits) == pytest.approx(3 * rate)


def test_a_pool_as_in_2019_adds_the_stated_share_and_no_pool_more_than_twice_that():
    """1% of 200 at half capacity: 1; an endless pool: 2; none: nothing."""
    assert absorption(200.0, 0.5, 1.0, 0.01) == pytest.approx(1.0)
    assert absorption(200.0, 0.5, 1e12, 0.01) == pytest.approx(2.0)
    assert absorption(200.0, 0.5, 0.0, 0.01) == 0.0
