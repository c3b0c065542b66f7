"""The plain arithmetic against decimal arithmetic with 40 digits and against published algorithms."""

import math
from decimal import Decimal, localcontext
from statistics import NormalDist

import numpy as np
import pytest

from ecosim.arithmetic import drawn_normal_quantile, exp, log, logistic, normal_quantile, ordinary_log, power, total
from ecosim.kernel import kernel, python_function

rng = np.random.Generator(np.random.PCG64(20191231))


def units_in_last_place(computed, exact):
    """Distance of a float from the exact decimal, in the spacing of floats there."""
    return float(abs(Decimal(computed) - exact) / Decimal(math.ulp(float(exact))))


@pytest.mark.parametrize("low, high", [(-708.39, 709.78), (-3.0, 3.0), (-1e-9, 1e-9)])
def test_exp_is_right_to_one_unit_in_the_last_place(low, high):
    with localcontext(prec=40):
        worst = max(units_in_last_place(exp(x), Decimal(x).exp()) for x in rng.uniform(low, high, 2000).tolist())

    assert worst < 1.0


@pytest.mark.parametrize("low, high", [(-300, 300), (-0.3, 0.3), (-320, -308)])
def test_log_is_right_to_one_unit_in_the_last_place(low, high):
    """Powers of ten from the whole range, those around 1, and the subnormal numbers."""
    values = [float(f"{10 ** (e % 1)}e{math.floor(e)}") for e in rng.uniform(low, high, 2000)]
    with localcontext(prec=40):
        worst = max(units_in_last_place(log(x), Decimal(x).ln()) for x in values)

    assert worst < 1.0


def test_exp_at_the_ends_of_its_range():
    assert exp(0.0) == 1.0
    assert exp(709.782712893384) < math.inf
    assert exp(709.7827128933841) == exp(1e300) == exp(math.inf) == math.inf
    assert exp(-708.3964185322641) >= 2.2250738585072014e-308
    assert exp(-708.3964185322642) == exp(-1e300) == exp(-math.inf) == 0.0
    assert math.isnan(exp(math.nan))


def test_log_at_the_ends_of_its_range():
    assert log(1.0) == 0.0
    assert log(0.0) == -math.inf
    assert log(math.inf) == math.inf
    assert math.isnan(log(-1.0))
    assert math.isnan(log(math.nan))


def test_the_logarithm_for_ordinary_numbers_is_the_logarithm():
    values = [2.3e-308, 1.4e-11, 0.5, 1.0, 1.79e308, *(10.0 ** rng.uniform(-307, 308, 2000))]

    assert [ordinary_log(value) for value in values] == [log(value) for value in values]


def test_power_and_logistic_follow_their_formulas():
    assert power(2.0, 10.0) == pytest.approx(1024.0, rel=1e-14)
    assert power(0.0, 0.5) == 0.0
    assert math.isnan(power(-1.0, 2.0))
    assert logistic(0.0) == 0.5
    assert logistic(2.0) + logistic(-2.0) == pytest.approx(1.0, abs=2e-16)
    assert logistic(-1000.0) == 0.0
    assert logistic(1000.0) == 1.0


def test_the_normal_quantile_equals_the_library_to_fifteen_digits():
    """`statistics.NormalDist` is another program of the same algorithm, with other logarithms."""
    library = NormalDist()
    tails = 10.0 ** rng.uniform(-300, -1, 1000)
    for chance in [
        *rng.uniform(0, 1, 3000).tolist(),
        *tails.tolist(),
        *(1 - 10.0 ** rng.uniform(-15, -1, 500)).tolist(),
    ]:
        assert normal_quantile(chance) == pytest.approx(library.inv_cdf(chance), rel=2e-15)


@pytest.mark.parametrize(
    ("chance", "value"),
    [(0.25, -0.6744897501960817), (0.001, -3.090232306167814), (1e-20, -9.262340089798408)],
)
def test_the_normal_quantile_gives_the_values_published_with_it(chance, value):
    """The check values of AS 241 (Wichura 1988)."""
    assert normal_quantile(chance) == pytest.approx(value, rel=1e-15)


def test_the_normal_quantile_at_the_ends_of_its_range():
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.0) == -math.inf
    assert normal_quantile(1.0) == math.inf
    assert math.isnan(normal_quantile(-0.1))
    assert math.isnan(normal_quantile(1.1))
    assert math.isnan(normal_quantile(math.nan))


def test_the_quantile_for_draws_is_the_normal_quantile():
    """From the rarest 32-bit draw on."""
    for chance in [2.0**-33, 1 - 2.0**-33, 0.075, 0.925, *rng.uniform(0, 1, 1000).tolist()]:
        assert drawn_normal_quantile(chance) == normal_quantile(chance)


def test_a_total_is_right_and_does_not_depend_on_being_compiled():
    for size in (0, 1, 7, 8, 9, 1000, 1003):
        values = rng.normal(size=size) * 1e6

        assert total(values) == pytest.approx(math.fsum(values), rel=1e-12, abs=1e-6)
        assert total(values) == python_function(total)(values)


@kernel
def rows(values, out):
    for i in range(values.size):
        out[i, 0] = exp(values[i])
        out[i, 1] = log(values[i])
        out[i, 2] = normal_quantile(logistic(values[i]))


def test_several_rows_at_a_time_give_the_bits_of_one_row():
    """A loop runs in steps of several rows, and the last rows one by one."""
    values = rng.uniform(-30, 30, 1003)
    out = np.empty((values.size, 3))
    one = np.empty((1, 3))
    rows(values, out)

    for i, value in enumerate(values):
        rows(np.array([value]), one)
        assert one.tobytes() == out[i].tobytes()
