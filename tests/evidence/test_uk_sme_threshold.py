"""Relief for research below a limit of assets."""

import numpy as np
import pytest

from ecosim.evidence.inputs import uk_sme_threshold as study
from ecosim.evidence.lab import Lab


@pytest.fixture(scope="module")
def readings():
    return study.experiment(Lab(3, source="prior"))


@pytest.fixture(scope="module")
def twin():
    return study.lived(Lab(3, source="prior"), 0.0)


def test_several_hundred_firms_stand_near_the_limit(twin):
    assert 300 < (np.abs(twin.assets / study.LIMIT - 1.0) <= study.WINDOW).sum() < 1000


def test_the_window_of_the_moved_limit_ends_below_the_limit_itself():
    assert study.PLACEBO * (1.0 + study.WINDOW) < 1.0 - study.WINDOW + 1e-9


def test_firms_that_have_the_credit_do_more_research_than_themselves_without(readings):
    assert readings["T1"].truth > 0.0


def test_above_the_limit_nothing_but_the_price_of_research_staff_changes(twin):
    """The credit reaches no firm above the limit; what differs there comes through markets."""
    world = study.lived(Lab(3, source="prior"), study.SHARE)
    above, below = twin.assets > study.LIMIT, twin.assets <= study.LIMIT

    def change(mask):
        return np.nansum(world.rd[mask]) / np.nansum(twin.rd[mask]) - 1.0

    assert np.array_equal(world.assets, twin.assets)
    assert abs(change(above)) < 0.1 * change(below)


def test_the_design_finds_an_elasticity_put_in(twin):
    """Research of firms below the limit raised by an elasticity of three, smooth otherwise."""
    rd = twin.assets * np.where(twin.assets <= study.LIMIT, np.exp(3.0 * study.PRICE), 1.0)

    assert study.elasticity(twin, rd, study.LIMIT).value == pytest.approx(3.0, abs=0.2)


def test_the_same_lab_gives_the_same_bytes(readings):
    again = study.experiment(Lab(3, source="prior"))

    assert np.array([*again.values()]).tobytes() == np.array([*readings.values()]).tobytes()
    assert set(readings) == {row.id for row in study.ROWS}
