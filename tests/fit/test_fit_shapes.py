"""The shapes of the fit, against samples whose shape is known and against numbers worked by hand."""

import numpy as np
import pytest

from ecosim.fit import shapes


def even(count):
    """Chances spread evenly over (0, 1): a sample without luck."""
    return (np.arange(count) + 0.5) / count


def laplace(count):
    chance = even(count)
    return np.where(chance < 0.5, np.log(2 * chance), -np.log(2 * (1 - chance)))


def gauss(count):
    from statistics import NormalDist

    return np.array([NormalDist().inv_cdf(chance) for chance in even(count)])


def test_the_subbotin_shape_of_a_laplace_sample_is_one_and_of_a_gaussian_two():
    assert shapes.subbotin_shape(3.0 + 0.1 * laplace(4001)) == pytest.approx(1.0, abs=0.02)
    assert shapes.subbotin_shape(-1.0 + 5.0 * gauss(4001)) == pytest.approx(2.0, abs=0.02)


def test_a_laplace_sample_has_an_excess_kurtosis_of_three_and_a_gaussian_none():
    assert shapes.excess_kurtosis(laplace(20001)) == pytest.approx(3.0, abs=0.1)
    assert shapes.excess_kurtosis(gauss(20001)) == pytest.approx(0.0, abs=0.02)


def test_mean_absolute_over_spread_is_the_root_of_a_half_for_laplace():
    assert shapes.mean_absolute_over_spread(laplace(20001)) == pytest.approx(0.5**0.5, abs=0.002)


def test_the_volatility_slope_is_the_power_by_which_spread_falls_with_size():
    size = np.exp(np.repeat(np.linspace(0.0, 8.0, 400), 20))
    shock = np.tile(gauss(20), 400)

    assert shapes.volatility_slope(0.3 * size**-0.2 * shock, size) == pytest.approx(0.2, abs=0.002)
    assert shapes.volatility_slope(0.3 * shock, size) == pytest.approx(0.0, abs=0.002)


@pytest.mark.parametrize("exponent", [0.8, 1.06, 2.0])
def test_the_tail_exponent_of_a_pareto_sample_is_its_own(exponent):
    assert shapes.tail_exponent((1.0 - even(20000)) ** (-1.0 / exponent)) == pytest.approx(exponent, rel=0.02)


@pytest.mark.parametrize("exponent", [1.7, 2.4])
def test_the_density_exponent_of_rounded_pareto_counts_is_found(exponent):
    counts = np.floor(0.5 + (1.0 - even(20000)) ** (-1.0 / (exponent - 1.0)))

    assert shapes.density_exponent(counts) == pytest.approx(exponent, rel=0.05)


def test_variance_over_mean_of_counts_by_hand():
    counts = np.array([0.0, 2.0] * 50)

    assert shapes.variance_over_mean(counts) == pytest.approx(100 / 99)


def test_the_chance_of_a_patent_after_a_patent_counts_transitions():
    yearly = np.array([[1, 1, 0], [0, 0, 3]] * 40)

    assert shapes.chance_again(yearly, after=True) == pytest.approx(0.5)
    assert shapes.chance_again(yearly, after=False) == pytest.approx(0.5)
    assert shapes.chance_again(yearly[::2], after=True) == pytest.approx(0.5)


def test_a_quarterly_hazard_compounds_to_the_yearly_one():
    assert shapes.yearly_hazard(10.0, 1000.0) == pytest.approx(1 - 0.99**4)


def test_too_few_observations_have_no_shape():
    few = np.linspace(-1.0, 1.0, 12)

    for read in (
        shapes.subbotin_shape,
        shapes.excess_kurtosis,
        shapes.mean_absolute_over_spread,
        shapes.tail_exponent,
        shapes.density_exponent,
        shapes.variance_over_mean,
    ):
        assert np.isnan(read(few))
    assert np.isnan(shapes.volatility_slope(few, np.arange(1.0, 13.0)))
    assert np.isnan(shapes.chance_again(np.ones((3, 2)), after=True))
    assert np.isnan(shapes.yearly_hazard(0.0, 3.0))
