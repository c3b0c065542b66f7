"""Vouchers in the United Kingdom: one year on and two."""

import numpy as np
import pytest

from ecosim.evidence.lab import Lab
from ecosim.evidence.validation import uk_vouchers as study


@pytest.fixture(scope="module")
def found():
    return study.experiment(Lab(5, source="prior"))


def test_every_row_has_a_reading(found):
    assert found.keys() == {row.id for row in study.ROWS}
    assert all(np.isfinite(reading._replace(selection=0.0)).all() for reading in found.values())


def test_no_row_finds_anything_where_no_voucher_was_given(found):
    for name in ("V5.project", "V5.1y", "V5.ip"):
        assert abs(found[name].control) < 3.0 * found[name].control_error


def test_an_effect_of_the_second_year_would_be_seen(found):
    assert found["V5.2y"].control > 2.0 * found["V5.2y"].control_error


def test_the_truth_lies_within_the_sampling_error(found):
    for reading in found.values():
        assert reading.truth == pytest.approx(reading.estimate, abs=3.5 * reading.error)


def test_over_four_worlds_the_truth_lies_within_the_error_of_their_mean(found):
    worlds = [found, *(study.experiment(Lab(seed, source="prior")) for seed in (6, 7, 8))]
    for row in study.ROWS:
        away = [(world[row.id].estimate - world[row.id].truth) / world[row.id].error for world in worlds]
        assert abs(np.mean(away)) < 3.5 / np.sqrt(len(worlds))


def test_the_same_lab_gives_the_same_figures(found):
    assert study.experiment(Lab(5, source="prior")) == found
