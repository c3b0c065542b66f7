"""Regularities: what is measured is what the data measured, on as many firms."""

import numpy as np
import pytest

from ecosim.evidence.inputs import alliances, exit_by_age, firm_size, patents_hgh, rd_and_size, rd_productivity
from ecosim.evidence.lab import Lab
from ecosim.evidence.validation import innovators_survive, patent_value
from ecosim.evidence.watched import history
from ecosim.fit import panel

LAB = Lab(4, source="prior")
FILES = (patents_hgh, firm_size, exit_by_age, alliances, rd_and_size, rd_productivity, patent_value, innovators_survive)


@pytest.fixture(scope="module")
def readings():
    return {file.__name__: file.experiment(LAB) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__.rpartition(".")[2])
def test_every_row_is_read_and_nothing_else(file, readings):
    found = readings[file.__name__]

    assert set(found) == {row.id for row in file.ROWS}
    assert np.isfinite([reading.estimate for reading in found.values()]).all()


def test_the_panel_has_as_many_performers_as_the_data():
    filed, rd = panel.performers(history(LAB))

    assert filed.shape == rd.shape == (346, 5)
    assert rd.min() > 0.0


def test_one_history_serves_all_files(readings):
    assert history(LAB) is history(Lab(4, source="prior"))
    assert history.cache_info().maxsize <= 4


def test_thirty_two_firms_are_drawn_from_all_of_the_sector(readings):
    found = readings[rd_and_size.__name__]["K3"]

    assert found.error > 0.0
    assert found.estimate != found.truth


def test_stocks_in_their_steady_state_grow_with_research():
    rd = 100.0 * 1.08 ** np.arange(6)[None, :]

    growth = rd_productivity.stocks(rd)[0, 1:] / rd_productivity.stocks(rd)[0, :-1]

    assert growth == pytest.approx(1.08, abs=0.02)


def test_productivity_follows_own_research_and_not_a_neighbours(readings):
    found = readings[rd_productivity.__name__]["K4"]
    worlds = [found, *(rd_productivity.experiment(Lab(seed, source="prior"))["K4"] for seed in (5, 6, 7))]

    assert found.estimate > 5.0 * found.error
    assert abs(found.control) < 3.0 * found.control_error
    assert np.mean([world.estimate for world in worlds]) > 5 * abs(np.mean([world.control for world in worlds]))


def test_values_of_patents_are_the_models_draws():
    """Log values have the spread the model draws them with."""
    worth = patent_value.values(LAB)

    assert worth.min() > 0.0
    assert np.log(worth).std() == pytest.approx(2.0, rel=0.1)
