"""Where the width of a forecast comes from: known shares are found again, and what cannot be told is not told."""

import numpy as np
import pytest

from ecosim.outlook.split import split

DRAWS, SEEDS, PATHS = 4000, 3, 4


def made_up(parameters, chance, gdp, interaction, seed=1):
    """A table of draws x seeds x paths that adds up independent parts of these variances."""
    made = np.random.default_rng(seed)
    return (
        10.0
        + np.sqrt(parameters) * made.normal(size=(DRAWS, 1, 1))
        + np.sqrt(chance) * made.normal(size=(DRAWS, SEEDS, 1))
        + np.sqrt(gdp) * made.normal(size=(DRAWS, 1, PATHS))
        + np.sqrt(interaction) * made.normal(size=(DRAWS, SEEDS, PATHS))
    )


@pytest.mark.parametrize("shares", [(0.5, 0.2, 0.2, 0.1), (0.0, 0.7, 0.2, 0.1), (0.25, 0.25, 0.5, 0.0), (1.0, 0.0, 0.0, 0.0)])
def test_known_shares_are_found_again_and_add_up_to_one(shares):
    found = split(made_up(*shares))

    assert found[:4] == pytest.approx(shares, abs=0.03)
    assert sum(found[:4]) == pytest.approx(1.0)
    assert found.variance == pytest.approx(1.0, rel=0.06)


def test_a_table_worked_by_hand():
    """Two draws around 0 and 10, seeds add -1 and +1, paths -2 and +2: mean squares 400, 4 and 16, and no rest."""
    one = np.array([[-3.0, 1.0], [-1.0, 3.0]])

    found = split(np.stack([one, one + 10.0]))

    parts = np.array([(200.0 - 4.0 - 16.0 + 0.0) / 4, 4.0 / 2, 16.0 / 2, 0.0])
    assert found[:4] == pytest.approx(parts / parts.sum())
    assert found.variance == pytest.approx(parts.sum())


def test_a_draw_in_which_a_world_failed_is_left_out_whole():
    table = made_up(0.5, 0.2, 0.2, 0.1)
    torn = np.concatenate([table, np.full((1, SEEDS, PATHS), 1e6)])
    torn[-1, 0, 0] = np.nan

    assert split(torn) == split(table)
    assert split(torn).draws == DRAWS


@pytest.mark.parametrize("shape", [(1, 3, 3), (3, 1, 3), (3, 3, 1)])
def test_with_one_draw_seed_or_path_nothing_can_be_told_apart(shape):
    assert np.isnan(split(np.arange(np.prod(shape), dtype=float).reshape(shape))[:4]).all()


def test_what_does_not_vary_has_no_shares():
    assert np.isnan(split(np.full((4, 2, 2), 100.0))[:4]).all()
