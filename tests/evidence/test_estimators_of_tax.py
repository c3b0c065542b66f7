"""Estimators recover what was put into made-up data."""

import numpy as np
import pytest

from ecosim.evidence.estimators import hill, jump, mean_of, state_dependence, winsorised, within_poisson


@pytest.fixture
def chance():
    return np.random.default_rng(5)


def test_a_jump_is_found_with_the_level_beside_it(chance):
    running = chance.uniform(-1, 1, 4000)
    outcome = 10.0 + 2.0 * running + 3.0 * (running >= 0) + chance.normal(size=4000)

    found = jump(outcome, running, 0.5)

    assert found.level == pytest.approx(10.0, abs=0.3)
    assert found.jump == pytest.approx(3.0, abs=0.4)
    assert found.relative.value == pytest.approx(3.0 / 11.5, abs=0.04)


def test_a_jump_nobody_can_see_is_unknown():
    assert np.isnan(jump([1.0, 2.0], [-0.1, 0.1], 0.5).relative.value)


def test_the_largest_are_drawn_in_and_the_rest_is_left():
    found = winsorised(np.append(np.arange(100.0), [1e9, np.nan]), 0.02)

    assert np.nanmax(found) < 1e8
    assert np.array_equal(found[:90], np.arange(90.0))
    assert np.isnan(found[-1])


def test_elasticities_within_firms_are_found_whatever_firms_are_like(chance):
    lasting = chance.normal(size=(300, 1))
    cause = lasting + 0.5 * chance.normal(size=(300, 5))
    counts = chance.poisson(np.exp(1.0 + 2.0 * lasting + 0.4 * cause))

    found = within_poisson(counts, np.stack([cause], axis=2))

    assert found[0] == pytest.approx(0.4, abs=0.06)


def test_lasting_differences_are_no_state_dependence(chance):
    lasting = chance.normal(size=(6000, 1)) * 1.5
    yes = chance.uniform(size=(6000, 5)) < 1.0 / (1.0 + np.exp(-lasting))

    found = state_dependence(yes)

    assert abs(found.value) < 3 * found.error


def test_state_dependence_is_found(chance):
    lasting = chance.normal(size=6000)
    yes = np.zeros((6000, 6), bool)
    for year in range(1, 6):
        yes[:, year] = chance.uniform(size=6000) < 1.0 / (1.0 + np.exp(-(lasting - 0.5 + yes[:, year - 1])))

    found = state_dependence(yes[:, 1:])

    assert found.value == pytest.approx(1.0, abs=3 * found.error)


def test_hill_finds_the_index_of_a_power_law():
    values = (1.0 - (np.arange(20_000) + 0.5) / 20_000) ** (-1.0 / 0.7)

    assert hill(values, 0.1).value == pytest.approx(0.7, abs=0.03)


def test_a_mean_has_its_error():
    found = mean_of([1.0, 2.0, 3.0, np.nan])

    assert found.value == 2.0
    assert found.error == pytest.approx(1.0 / 3**0.5)
