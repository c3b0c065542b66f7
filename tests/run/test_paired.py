"""Differences within pairs, and intervals over draws, against numbers worked by hand and by scipy."""

import numpy as np
import pytest
from scipy import stats

from ecosim.paired import correlation, excludes_zero, interval, mean_of, paired, spread_of

BASE = np.array([[10.0, 12.0], [20.0, 22.0], [31.0, 29.0]])
"""Three draws of two seeds."""


def test_the_interval_is_students_over_the_means_of_draws():
    by_draw = BASE.mean(axis=1)
    expected = stats.t.interval(0.95, 2, by_draw.mean(), stats.sem(by_draw))

    middle, lo, hi = interval(BASE)

    assert middle == pytest.approx(21 - 1 / 3)
    assert (float(lo), float(hi)) == pytest.approx(expected)


def test_more_seeds_do_not_shrink_the_doubt_about_parameters():
    narrow = interval(BASE)
    repeated = interval(np.repeat(BASE, 50, axis=1))

    assert float(repeated[2] - repeated[1]) == pytest.approx(float(narrow[2] - narrow[1]))


def test_a_constant_difference_is_known_exactly_however_much_the_worlds_vary():
    found = paired(BASE, BASE + 3)

    assert (float(found.difference), float(found.lo), float(found.hi)) == pytest.approx((3, 3, 3))
    assert float(found.correlation) == pytest.approx(1)
    assert int(found.pairs) == 6


def test_the_two_spreads_are_kept_apart():
    gap = np.array([[1.0, 3.0], [5.0, 7.0]])

    found = paired(np.zeros((2, 2)), gap)

    assert float(found.sd_seeds) == pytest.approx(np.sqrt(2))
    assert float(found.sd_draws) == pytest.approx(np.std([2, 6], ddof=1))


def test_a_failed_run_takes_its_pair_with_it_and_is_never_averaged():
    other = BASE + 1
    other[0, 0] = np.nan

    found = paired(BASE, other)

    assert int(found.pairs) == 5
    assert float(found.difference) == pytest.approx(1)
    assert float(found.baseline) == pytest.approx(np.mean([12, 21, 30]))


def test_one_draw_has_no_interval_and_excludes_nothing():
    found = paired(BASE[:1], BASE[:1] + 1)

    assert float(found.difference) == pytest.approx(1)
    assert np.isnan(found.lo) and np.isnan(found.hi)
    assert not excludes_zero(float(found.lo), float(found.hi))


def test_nothing_at_all_gives_nan_without_a_warning():
    nothing = np.full((2, 2), np.nan)

    assert np.isnan(mean_of(nothing, 0)).all() and np.isnan(spread_of(nothing, 0)).all()
    assert np.isnan(paired(nothing, BASE[:2]).difference)


def test_worlds_that_move_apart_correlate_negatively_and_a_constant_one_not_at_all():
    assert float(correlation(BASE, -BASE)) == pytest.approx(-1)
    assert np.isnan(correlation(BASE, np.zeros_like(BASE)))


@pytest.mark.parametrize(("lo", "hi", "sure"), [(0.1, 2, True), (-2, -0.1, True), (-1, 1, False), (0, 1, False)])
def test_an_interval_that_touches_zero_includes_it(lo, hi, sure):
    assert excludes_zero(lo, hi) is sure
