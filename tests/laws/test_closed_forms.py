"""Cases that can be worked out on paper: the stages of the model must reproduce them."""

import math

import numpy as np
import pytest
from scipy.stats import kstest, laplace, norm

from ecosim import parameters, schedule, stages, stages_market
from ecosim.agents import firm_knowledge
from ecosim.agents.firm import OTHER, TABLES, TEAM, Firms
from ecosim.columns import allocate
from ecosim.scenario import load


@pytest.fixture(scope="module")
def central():
    """Central values of all parameters, per quarter."""
    return parameters.traits(parameters.values(None, {}))


SINGLE = 4e-7
"""Rounding of a column kept in 32 bits, relative, at its worst over a few quarters; 64-bit columns do far
better."""


def sell(region, quarters):
    """Let the market stage alone run for some quarters, the world around it standing still."""
    for _ in range(quarters):
        stages_market.trade(region)
        schedule.turn(region)


def still_market(central, **changes):
    """A market without noise, pull or change of fitness, unless said otherwise."""
    quiet = {"volatility": 0.0, "reversion": 0.0, "fitness_noise": 0.0, "fitness_decay": 0.0, **changes}
    return central._replace(market=central.market._replace(**quiet))


def test_a_replicator_with_fixed_fitness_moves_log_shares_apart_at_a_constant_pace(sandbox, begin, central):
    """ln(s_i / s_j) grows by chi (E_i - E_j) a quarter, whatever the sector's level."""
    region = begin(sandbox, traits=still_market(central))
    stages.environment(region)
    identity, market = region.firms.identity, region.firms.market
    rows = np.flatnonzero((identity.alive == 1) & (identity.sector == identity.sector[0]))
    before, fitness = np.log(market.sales[rows]), market.fitness[rows].astype(float)

    sell(region, 40)

    grown = np.log(market.sales[rows]) - before
    assert len(rows) > 10
    assert np.ptp(fitness) > 0.1
    assert grown - grown[0] == pytest.approx(central.market.selection * 40 * (fitness - fitness[0]), abs=SINGLE)


def test_sales_are_drawn_back_to_their_anchor_at_the_stated_pace(sandbox, begin, central):
    """Distance to the anchor shrinks by the factor (1 - reversion) a quarter when nothing else moves."""
    region = begin(sandbox, traits=still_market(central, selection=0.0, reversion=0.1))
    stages.environment(region)
    living, market = region.alive, region.firms.market
    before = np.log(market.sales[living]) - market.anchor[living]

    sell(region, 20)

    assert np.log(market.sales[living]) - market.anchor[living] == pytest.approx(
        0.9**20 * before, abs=20 * SINGLE * float(market.anchor[living].max())
    )


@pytest.fixture(scope="module")
def yearly_noise(begin, central, request):
    """Growth of sales by firm and year in a market that only shakes, in yearly standard deviations, and
    firms of one size."""
    scenario = load(request.config.rootpath / "scenarios" / "nantong" / "baseline.yaml")
    region = begin(
        scenario,
        traits=still_market(central, selection=0.0, volatility=central.market.volatility, volatility_slope=0.0),
    )
    stages.environment(region)
    region.demand[:] = 0.0
    living, years = region.alive & (region.firms.identity.stratum != TEAM), []
    for _ in range(6):
        before = np.log(region.firms.market.sales[living])
        sell(region, 4)
        years.append(np.log(region.firms.market.sales[living]) - before)
    yearly = parameters.values(None, {})["market.volatility"]
    return np.concatenate(years) / yearly


def test_four_quarters_of_noise_are_a_laplace_year(yearly_noise):
    """Variance one, kurtosis six, exponential tails on both sides.

    The standard error of the kurtosis of n Laplace draws is
    sqrt(m8 / m2^4 / n) = sqrt(2520 / n); the bound of the distance is that of Kolmogorov at one in a
    thousand."""
    count = yearly_noise.size
    kurtosis = float(np.mean(yearly_noise**4) / np.mean(yearly_noise**2) ** 2)

    assert float(yearly_noise.var()) == pytest.approx(1.0, abs=5 * math.sqrt(5 / count))
    assert kurtosis == pytest.approx(6.0, abs=4 * math.sqrt(2520 / count))
    assert kstest(yearly_noise, laplace(scale=math.sqrt(0.5)).cdf).statistic < 1.95 / math.sqrt(count)


def test_knowledge_settles_where_research_replaces_what_fades(central):
    """K = R / delta, from below and from above, when nothing spills over."""
    alone = central.knowledge._replace(spill=0.0, service_yield=0.0)
    firms = Firms(*(allocate(table, 3) for table in TABLES))
    firms.identity.alive[:] = 1
    firms.identity.tech_class[:] = 0
    firms.research.rd[:] = [4e5, 8e6, 8e6]
    firms.knowledge.knowledge[:] = [1e5, 1e5, 1e9]

    for _ in range(800):
        firm_knowledge.learn(firms.identity, firms.research, firms.ventures, firms.knowledge, np.ones(1), alone)

    assert firms.knowledge.knowledge == pytest.approx(firms.research.rd * 0.25 / (1 - 0.85**0.25), rel=1e-6)


def test_the_largest_tenth_of_a_lognormal_stratum_sells_what_the_formula_says(begin, request):
    """Above a floor, the top tenth's share is Phi(sigma - z_top) / Phi(sigma - z_floor).

    The stratum has some hundred firms, one in
    each of as many equal intervals of chance, which puts the mean of the last interval below that of the
    tail: hence 5%."""
    scenario = load(request.config.rootpath / "scenarios" / "nantong" / "baseline.yaml")
    region = begin(scenario)
    pack, books = region.pack, region.firms.books
    mu, sigma, floor = (pack[f"above_scale_revenue_{name}"] for name in ("mu", "sigma", "floor"))
    sales = np.sort(books.sales_1[region.alive & (region.firms.identity.stratum == OTHER)])
    tenth = round(0.1 * len(sales))
    z_floor = (math.log(floor) - mu) / sigma
    z_top = norm.isf(tenth / len(sales) * norm.sf(z_floor))

    share = sales[-tenth:].sum() / sales.sum()

    assert share == pytest.approx(norm.sf(z_top - sigma) / norm.sf(z_floor - sigma), rel=0.05)
    assert np.median(sales) == pytest.approx(math.exp(mu + sigma * norm.isf(0.5 * norm.sf(z_floor))), rel=0.01)
