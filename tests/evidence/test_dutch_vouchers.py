"""The Dutch voucher lottery: half a year, two years and ten years on."""

import math

import numpy as np
import pytest

from ecosim.evidence import lottery
from ecosim.evidence.inputs import dutch_vouchers
from ecosim.evidence.lab import Lab
from ecosim.evidence.validation import dutch_vouchers_later


@pytest.fixture(scope="module")
def cohort():
    return lottery.hold(Lab(3, source="prior"), dutch_vouchers.TERMS, 2)


def test_a_hundred_of_1044_applicants_win(cohort):
    assert (cohort.won.sum(), len(cohort.won)) == (100, 1_044)


def test_a_voucher_is_used_within_half_a_year_or_not_at_all(cohort):
    region_quarters = dutch_vouchers.TERMS.valid

    assert region_quarters == 2
    assert 0.5 < np.nanmean(lottery.assigned(1, 2)(cohort.panel)[cohort.won]) < 1.0


def test_the_row_is_no_test_since_it_was_seen():
    assert dutch_vouchers.ROLE == "seen"


def test_late_changes_are_measured_from_the_eve_on_firms_still_in_business():
    tables = {name: np.ones((3, 41)) for name in lottery.COLUMNS}
    tables["market.employees"] = np.ones((3, 41))
    tables["market.employees"][0, 1:] = np.e
    tables["market.employees"][1, 30:] = np.nan
    panel = type("Made", (), {"tables": tables})()

    assert dutch_vouchers_later.late_staff(panel) == pytest.approx([1.0, np.nan, 0.0], nan_ok=True)
    assert dutch_vouchers_later.late_productivity(panel) == pytest.approx([-1.0, np.nan, 0.0], nan_ok=True)


def test_every_row_has_a_reading_and_nulls_a_control_with_an_effect():
    """A single experiment has little power (0.7 and 0.45), so each planted effect must show in four together."""
    worlds = [dutch_vouchers_later.experiment(Lab(seed, source="prior")) for seed in (3, 4, 5, 6)]
    found = worlds[0]

    assert found.keys() == {row.id for row in dutch_vouchers_later.ROWS}
    assert all(np.isfinite(reading._replace(selection=0.0)).all() for reading in found.values())
    for row in ("V2.repeat", "V3.productivity"):
        told = [world[row] for world in worlds]
        assert sum(one.control for one in told) > 2.0 * math.hypot(*(one.control_error for one in told))
    assert abs(found["V3.rd"].control) < 3.0 * found["V3.rd"].control_error
