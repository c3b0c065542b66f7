"""Piling up at a notch, where what piles up is known."""

import numpy as np
import pytest

from ecosim.evidence.bunching import bunching, fitted


@pytest.fixture
def chance():
    return np.random.default_rng(1)


def test_a_smooth_distribution_does_not_pile_up(chance):
    found = bunching(0.04 * np.exp(0.7 * chance.normal(size=20_000)), 0.04, (0.5, 1.5))

    assert found.excess.value == pytest.approx(0.0, abs=0.06)
    assert found.missing.value == pytest.approx(0.0, abs=0.06)
    assert found.rise.value == pytest.approx(0.0, abs=0.03)


def test_firms_moved_to_the_notch_are_found_there(chance):
    """Half of those from half the notch up to it move just above."""
    values = 0.04 * np.exp(0.7 * chance.normal(size=20_000))
    below = (values > 0.02) & (values < 0.04) & (chance.uniform(size=20_000) < 0.5)
    moved = np.where(below, 0.041, values)
    inside = (values > 0.02) & (values < 0.06)

    found = bunching(moved, 0.04, (0.5, 1.5))

    assert found.missing.value == pytest.approx(0.5, abs=0.06)
    assert found.excess.value == pytest.approx(below.sum() / (inside & (values >= 0.04)).sum(), rel=0.15)
    assert found.rise.value == pytest.approx(moved[inside].mean() / values[inside].mean() - 1.0, abs=0.03)


def test_too_few_firms_say_nothing_about_a_notch():
    assert np.isnan(bunching(np.full(20, 0.05), 0.04, (0.5, 1.5)).excess.value)


def test_a_skewed_distribution_does_not_pile_up(chance):
    """A fall that is steeper than the rise, as among small firms: a lognormal would find a quarter missing below the notch."""
    values = 0.04 * np.exp(0.35 * np.log(chance.gamma(2.0, 1.0, size=60_000)))
    found = bunching(values, 0.04, (0.5, 1.5))

    assert abs(found.missing.value) < 3.0 * found.missing.error
    assert abs(found.rise.value) < 3.0 * found.rise.error


def test_a_small_sample_is_not_taken_to_pile_up_on_average(chance):
    """A share of a smooth number that errs would be too large by the square of its error."""
    found = [bunching(0.04 * np.exp(0.7 * chance.normal(size=1_000)), 0.04, (0.5, 1.5)) for _ in range(60)]

    for of in (np.array([one.excess.value for one in found]), np.array([one.missing.value for one in found])):
        assert abs(of.mean()) < 3.0 * of.std() / len(of) ** 0.5


def test_bins_known_only_in_total_are_spread_as_the_others_tell():
    """A line in logs through all bins but the middle two, of which only the sum is known."""
    terms = np.vander(np.arange(6.0), 2)
    counts = np.exp(terms @ [-0.3, 6.0])
    known = np.vstack([np.eye(6)[[0, 1, 4, 5]], [0, 0, 1, 1, 0, 0]])

    assert fitted(counts, known, terms).coefficients == pytest.approx([-0.3, 6.0])
