"""Nine countries' answer to the price of research."""

import numpy as np
import pytest

from ecosim.evidence.inputs import oecd_user_cost as study
from ecosim.evidence.lab import Lab


@pytest.fixture(scope="module")
def readings():
    return study.experiment(Lab(3, source="prior"))


def test_nothing_differs_before_the_credit(readings):
    assert {reading.control for reading in readings.values()} == {0.0}


def test_research_answers_slowly(readings):
    assert 0.0 < readings["T3.first_year"].estimate < readings["T3.long_run"].estimate


def test_the_same_lab_gives_the_same_bytes(readings):
    again = study.experiment(Lab(3, source="prior"))

    assert np.array([*again.values()]).tobytes() == np.array([*readings.values()]).tobytes()


def test_every_row_is_read(readings):
    assert set(readings) == {row.id for row in study.ROWS}
