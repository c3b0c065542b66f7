"""How well a probability is known: its interval holds as often as it says, whether worlds of a draw are alike or not."""

import numpy as np
import pytest

from ecosim.outlook.chances import probability, wilson


@pytest.mark.parametrize("alike", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("chance", [0.05, 0.3, 0.5, 0.9])
def test_the_interval_holds_the_truth_about_95_times_in_100(chance, alike):
    """A thousand made-up studies of 200 draws and 2 worlds; within a draw a part of the worlds share their fate."""
    made = np.random.default_rng(7)
    held = 0
    for _ in range(1000):
        fate = made.random((200, 1)) < chance
        shared = made.random((200, 1)) < alike
        met = np.where(shared, fate, made.random((200, 2)) < chance).astype(float)
        found = probability(met)
        held += found.lo <= chance <= found.hi

    assert 0.925 <= held / 1000 <= 0.985


def test_worlds_that_share_their_draw_tell_less_than_independent_ones():
    apart = np.tile([[1.0, 0.0], [0.0, 1.0]], (50, 1))
    alike = np.tile([[1.0, 1.0], [0.0, 0.0]], (50, 1))

    first, second = probability(apart), probability(alike)

    assert first.value == second.value == 0.5
    assert first.hi - first.lo < second.hi - second.lo


def test_where_every_world_agrees_the_draws_alone_count():
    never = probability(np.zeros((200, 2)))

    assert (never.value, never.lo) == (0.0, 0.0)
    assert never.hi == pytest.approx(wilson(0.0, 200)[1]) == pytest.approx(0.0188, abs=5e-4)


def test_a_failed_world_is_left_out_and_not_counted_as_a_miss():
    met = np.array([[1.0, np.nan], [1.0, 1.0], [np.nan, np.nan], [0.0, 1.0]])

    found = probability(met)

    assert found.value == pytest.approx(4 / 5)
    assert found.worlds == 5


def test_without_any_world_nothing_is_known():
    assert np.isnan(probability(np.full((3, 2), np.nan))[:3]).all()


def test_wilson_worked_by_hand():
    """10 of 20: the textbook's 0.299 to 0.701."""
    assert wilson(0.5, 20) == pytest.approx((0.2993, 0.7007), abs=1e-4)
