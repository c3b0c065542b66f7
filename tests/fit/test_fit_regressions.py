"""Elasticities that a panel was made with are found again, and the response to a cheaper R&D follows its parameters."""

from pathlib import Path

import numpy as np
import pytest

from ecosim import parameters, regions
from ecosim.chance import Stream
from ecosim.draws import uniforms
from ecosim.fit import price_cut, regressions
from ecosim.scenario import load

SANDBOX = Path(__file__).resolve().parents[2] / "scenarios" / "sandbox" / "baseline.yaml"
FIRMS, YEARS = 400, 5


def normal(stream, rows, columns=1):
    from ecosim.draws import quantiles

    drawn = quantiles(uniforms(1, tuple(Stream)[stream], np.arange(rows * columns)))
    return drawn.reshape(rows, columns)


@pytest.fixture(scope="module")
def panel():
    """Firms whose R&D varies between them and within them; between firms, larger ones patent more than in proportion."""
    level, passing = 1.5 * normal(1, FIRMS), 0.3 * normal(2, FIRMS, YEARS)
    size = np.exp(level + passing)
    mean = np.exp(1.0 + 0.9 * level + 0.4 * passing + 0.2 * np.arange(YEARS))
    counts = np.floor(mean + np.sqrt(mean) * normal(3, FIRMS, YEARS) + 0.5).clip(0.0)
    return counts, size


def test_the_elasticity_within_firms_is_not_that_between_them(panel):
    counts, size = panel

    assert regressions.within_elasticity(counts, size) == pytest.approx(0.4, abs=0.08)
    assert regressions.pooled_elasticity(counts, size) == pytest.approx(0.87, abs=0.08)


def test_the_elasticity_to_size_is_taken_within_sectors():
    sector = np.arange(300) % 3
    size = np.exp(2.0 * normal(4, 300)[:, 0] + 3.0 * sector)
    amount = size**0.8 * np.exp(0.1 * normal(5, 300)[:, 0] - 4.0 * sector)

    assert regressions.size_elasticity(amount, size, sector) == pytest.approx(0.8, abs=0.02)


def test_too_few_firms_give_no_elasticity(panel):
    counts, size = (part[:10] for part in panel)

    assert np.isnan(regressions.within_elasticity(counts, size)) and np.isnan(regressions.pooled_elasticity(counts, size))
    assert np.isnan(regressions.size_elasticity(size[:, 0], size[:, 0], np.zeros(10)))


def test_firms_that_never_vary_change_no_elasticity(panel):
    counts, size = panel
    still = np.vstack([counts, np.zeros((5, YEARS)), np.full((5, YEARS), 3.0)])
    wider = np.vstack([size, size[:10]])

    assert regressions.within_elasticity(still, wider) == pytest.approx(regressions.within_elasticity(counts, size), rel=1e-6)


def responses(**changed):
    scenario = load(SANDBOX).vary("population_scale", 4.0)
    yearly = parameters.values(None, {}) | {name.replace("__", "."): value for name, value in changed.items()}
    return price_cut.elasticities(scenario, regions.load("sandbox"), parameters.traits(yearly), 1)


def test_r_and_d_answers_a_lower_price_slowly():
    short, long = responses()

    assert 0.0 < short < long


def test_the_long_run_follows_the_elasticity_and_the_first_year_the_speed():
    weak, strong = responses(research__elasticity=0.1), responses(research__elasticity=1.6)
    slow, quick = responses(research__speed=0.08), responses(research__speed=0.4)

    assert weak[1] < strong[1]
    assert slow[0] < quick[0]


def test_without_a_cut_there_is_no_response():
    scenario, pack, scalars = load(SANDBOX), regions.load("sandbox"), parameters.traits(parameters.values(None, {}))
    with_none, without = (price_cut.spending(scenario, pack, scalars, 1, cut) for cut in (0.0, 0.0))

    assert (with_none == without).all() and (without > 0.0).all()
    assert not price_cut.PriceCut.model_validate({"cut": 0.0}).in_force(8080)
