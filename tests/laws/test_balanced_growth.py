"""Amounts of money grow with the economy: a firm that grows as fast as the economy decides as before, and newcomers stay abreast."""

import math

import numpy as np
import pytest

from ecosim import parameters
from ecosim.agents.firm_market import OWNER_RUN, operating_profit
from ecosim.agents.firm_patents import worths
from ecosim.agents.firm_projects import project_cost
from ecosim.agents.firm_research import value_of_rd
from ecosim.agents.firm_services import need_size
from ecosim.founding import FOUNDER_IDS

YEARS = 20


@pytest.fixture(scope="module")
def now():
    """Central scalars of the start."""
    return parameters.traits(parameters.values(None, {}))


@pytest.fixture(scope="module")
def later(now):
    """The same once the economy has doubled."""
    return parameters.grown(now, math.log(2.0))


def profit(traits, sales):
    market = traits.market
    return operating_profit(sales, 0.1, market.margin, 0.01, market.margin_edge, market.overhead, OWNER_RUN * market.million)


def of_projects(traits, sales):
    table = traits.projects
    return project_cost(0.02 * sales, table.cost, table.cost_slope, table.cost_spread, 0.3, table.million)


def value_over_cost(traits, sales):
    table = traits.research
    return value_of_rd(sales, 0.02, table.start_size, 0.1, table.million) / table.running_cost


def fee(traits, sales):
    return traits.services.fee * need_size(0.1 * sales, traits.services.size_power, traits.services.million)


@pytest.mark.parametrize("sales", [1e6, 3e7, 1e9])
@pytest.mark.parametrize(
    ("rule", "factor"),
    [(profit, 2.0), (of_projects, 2.0), (value_over_cost, 1.0), (fee, 2.0)],
    ids=["profit", "projects", "research", "fees"],
)
def test_a_firm_twice_as_large_in_an_economy_twice_as_large_is_the_same_firm(rule, factor, sales, now, later):
    assert rule(later, 2.0 * sales) == pytest.approx(factor * rule(now, sales))


def test_what_law_fixes_in_yuan_and_shares_and_chances_do_not_grow(now, later):
    for table in ("patents", "life", "tax", "talent"):
        for name, before in getattr(now, table)._asdict().items():
            grows = name in parameters.amounts().get(table, {})
            assert (getattr(getattr(later, table), name) == before) is not grows, name
    assert {"fee", "utility_fee"}.isdisjoint(parameters.amounts()["patents"])
    assert "graduation_sales" not in parameters.amounts()["life"]


def test_in_the_first_year_amounts_are_those_declared(sandbox, begin, live, now):
    """They follow the economy of the year before."""
    region = live(begin(sandbox), 4)
    assert region.traits == now

    assert live(region, 1).traits.market.million == pytest.approx(1e6 * region.gdp[2020 * 4 + 3] / region.gdp[2019 * 4 + 3])


def test_the_capital_of_funds_grows_with_the_economy(sandbox, begin, live):
    region = begin(sandbox)
    committed = region.funds.committed.copy()

    assert live(region, 4).funds.committed == pytest.approx(committed)
    assert live(region, 1).funds.committed == pytest.approx(committed * region.gdp[2020 * 4 + 3] / region.gdp[2019 * 4 + 3])


def test_what_a_waiting_need_is_worth_and_costs_grows_with_the_economy(sandbox, begin, live):
    """Of needs that wait over the turn of the year; a better one may take the place of the waiting one."""
    region = live(begin(sandbox), 4)
    need, fee, who = (column.copy() for column in (region.firms.ventures.need, region.firms.ventures.fee, region.firms.identity.id))
    growth = region.gdp[2020 * 4 + 3] / region.gdp[2019 * 4 + 3]
    live(region, 1)
    after = region.firms.ventures
    same = (need > 0.0) & (who == region.firms.identity.id) & np.isclose(after.need, need * growth, rtol=1e-9, atol=0.0)

    assert same.sum() > 0.5 * (need > 0.0).sum()
    assert after.fee[same] == pytest.approx(fee[same] * growth)


def test_founders_of_twenty_years_on_are_as_large_against_the_economy_and_as_able_as_those_of_today(sandbox, begin, each_quarter):
    """Some two hundred of each: log sales over GDP within three standard errors, and edges about zero, although the competitiveness of
    rivals has risen."""
    relative, edges = [], []
    for region in each_quarter(begin(sandbox.vary("population_scale", 10.0).vary("end", f"{2019 + YEARS}Q4")), 4 * YEARS):
        identity, market = region.firms.identity, region.firms.market
        fresh = region.alive & (identity.id >= FOUNDER_IDS) & (identity.born == region.quarter) & (identity.stratum != 4)
        relative.append(np.log(market.sales[fresh] / region.gdp[region.quarter]))
        recent = region.alive & (identity.id >= FOUNDER_IDS) & (identity.born == region.quarter - 1)
        edges.append(market.edge[recent])
    early, late = np.concatenate(relative[:16]), np.concatenate(relative[-16:])
    error = math.sqrt(early.var() / early.size + late.var() / late.size)

    assert abs(early.mean() - late.mean()) < 3.0 * error
    assert region.edge_level.mean() > 0.1
    assert abs(np.concatenate(edges[-16:]).mean()) < 0.03


def test_each_invention_has_a_value_of_its_own(now):
    """The mean of many lognormal values settles; one value for all would scatter as widely as a single one."""
    calm = now.patents._replace(value_spread=0.5)
    many = worths(np.full(200, 400.0), np.arange(1, 201), calm, 1, 0) / 400.0

    assert many.std() / many.mean() == pytest.approx(math.sqrt((math.exp(0.25) - 1.0) / 400.0), rel=0.2)
