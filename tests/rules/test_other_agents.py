"""Institutes, incubators, investors, agencies, staff and the sector, worked by hand."""

import math

import numpy as np
import pytest

from ecosim import parameters
from ecosim.agents.firm import SME, TENANT
from ecosim.agents.fund import gap_of_money, round_chance
from ecosim.agents.incubator import Incubators, admit
from ecosim.agents.institute import accept, class_growth
from ecosim.agents.market import sector_edge
from ecosim.agents.talent import price_of_research
from ecosim.agents.transfer_agency import nash_price
from ecosim.columns import allocate


@pytest.fixture(scope="module")
def central():
    """Central values of all parameters, per quarter."""
    return parameters.traits(parameters.values(None, {}))


def test_a_firm_that_is_turned_down_asks_the_next_best_it_knows_and_nobody_takes_what_is_worth_too_little():
    """Both institutes have room for one. The third firm wants most and comes first; the older of two alike comes before the younger."""
    considered = np.array([[0, 1], [0, 1], [1, 0], [0, 0]])
    utility = np.array([[2.0, 1.5], [2.0, 1.5], [0.4, 3.0], [0.9, 0.8]])

    choice = accept(considered, utility, np.array([50, 40, 30, 20]), np.array([1.9, 1.0]), 1.0)

    assert choice.tolist() == [-1, 1, 0, -1]


def test_the_stock_of_a_class_grows_with_its_institutes_and_stands_where_there_are_none():
    tech_class, stock, first_stock = np.array([0, 0, 2], np.int16), np.array([200.0, 400.0, 25.0]), np.array([100.0, 300.0, 50.0])

    assert class_growth(tech_class, stock, first_stock, 3).tolist() == [1.5, 1.0, 0.5]


def test_founders_take_the_best_place_they_look_at_until_it_is_full():
    """Carrier 0 is better and has one place; carrier 1 favours class 7 by 0.3.

    A firm that is no tenant takes none.
    """
    table = allocate(Incubators, 2)
    table.places[:], table.quality[:], table.focus[:] = [1.0, 5.0], [0.8, 0.4], [-1, 7]
    carrier = np.full(4, 9)

    admit(
        np.array([TENANT, TENANT, SME, TENANT]),
        np.array([3, 3, 3, 7]),
        table,
        1.0,
        np.array([[0.1, 0.9]] * 4),
        carrier,
    )

    assert carrier.tolist() == [0, 1, -1, 1]
    assert table.tenants.tolist() == [1.0, 2.0]


def test_founders_who_look_at_full_carriers_find_no_place():
    table = allocate(Incubators, 1)
    table.places[:], table.quality[:] = 2.0, 1.0
    carrier = np.full(3, 9)

    admit(np.full(3, TENANT), np.zeros(3, np.int64), table, 1.0, np.full((3, 1), 0.5), carrier)

    assert carrier.tolist() == [0, 0, -1]


@pytest.mark.parametrize(("means", "gap"), [(0.0, 1.0), (50.0, 0.5), (100.0, 0.0), (500.0, 0.0)])
def test_a_start_up_lacks_the_part_of_its_plan_that_it_cannot_pay(means, gap):
    assert gap_of_money(means, 100.0) == pytest.approx(gap)


def test_the_odds_of_a_round_rise_with_knowledge_patents_and_mentoring(central):
    """At the bar knowledge counts for half of its weight; ln odds are -8.5 + 2.1, and 0.3 and 0.5 more;
    the edge counts up to two."""
    traits = central.fund._replace(
        level=-8.5, knowledge_weight=4.2, bar=1e6, edge_weight=2.0, signal=0.5, patent_weight=0.3, proof_weight=0.7
    )

    def odds(chance):
        return math.log(chance / (1.0 - chance))

    assert odds(round_chance(1.0, 1e6, 0.0, 0.0, 0.0, False, 0.0, traits)) == pytest.approx(-6.4)
    assert odds(round_chance(1.0, 1e6, 0.0, 1.0, 1.0, True, 0.5, traits)) == pytest.approx(-6.4 + 0.5 + 0.3 + 0.7 + 0.5)
    assert odds(round_chance(1.0, 1e6, 9.0, 0.0, 0.0, False, 0.0, traits)) == pytest.approx(-6.4 + 4.0)
    assert round_chance(0.0, 1e9, 2.0, 3.0, 1.0, True, 1.0, traits) == 0.0


def test_a_licence_costs_the_institutes_share_of_the_surplus():
    assert nash_price(1e6, 0.3) == pytest.approx(300_000.0)


@pytest.mark.parametrize(("demand", "price"), [(1.0, 1.0), (8.0, 2.0**0.1), (0.125, 0.5**0.1)])
def test_the_price_of_research_moves_a_tenth_of_the_way_to_the_root_of_scarcity(demand, price, central):
    """Wage part a quarter over elasticity three quarters: the third root of demand over supply."""
    traits = central.talent._replace(wage_part=0.25, elasticity=0.75, speed=0.1)

    assert price_of_research(1.0, demand, 1.0, traits) == pytest.approx(price)


def test_a_sector_is_as_competitive_as_its_sales_say():
    """3 million at 0.2 and a million at -0.4 with twice its reference knowledge at weight one, and 2 million of
    newer technology; the closed firm does not count."""
    alive, sector = np.array([1, 1, 0, 1], np.int8), np.array([0, 0, 0, 1], np.int16)
    sales, fitness = np.array([3e6, 1e6, 9e9, 2e6]), np.array([0.2, -0.4, 5.0, 0.1])
    knowledge, reference = np.array([1e6, 2e6, 1e6, 1e6]), np.full(4, 1e6)
    vintage = np.array([0.0, 0.0, 0.0, 0.3])

    edge = sector_edge(alive, sector, sales, fitness, vintage, knowledge, reference, 1.0, 0.0, 2)

    assert edge == pytest.approx([(3 * 0.2 + 1 * (-0.4 + math.log(2))) / 4, 0.4], abs=1e-6)
