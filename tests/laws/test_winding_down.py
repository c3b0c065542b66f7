"""R&D is given up as slowly as it is built: what happens to it in a city where it no longer pays."""

import numpy as np
import pytest

from ecosim import schedule
from ecosim.agents.firm_research import LEAST, RESEARCHER


def test_where_research_no_longer_pays_plans_fall_by_the_law_of_adjustment_and_small_ones_end_at_once(begin, sandbox):
    """Nobody values it: a plan closes the speed's part of its log gap to the least; one below a researcher's is none."""
    city = begin(sandbox)
    research, identity, books = city.firms.research, city.firms.identity, city.firms.books
    research.start_taste[:] = -50.0
    for stage in schedule.QUARTER:
        if stage.name == "research":
            break
        stage.run(city)
    bare = (identity.alive == 1) & (research.performer == 1) & (research.startup == 0) & (books.pursues == 0)
    speed = city.traits.research.speed
    fallen = research.plan[bare] * (LEAST / research.plan[bare]) ** speed
    expected = np.where(fallen > RESEARCHER * city.traits.research.million, fallen, 0.0)
    stage.run(city)

    assert 0 < np.count_nonzero(expected) < expected.size
    assert research.plan[bare] == pytest.approx(expected, rel=1e-12)
    assert np.array_equal(research.performer[bare] == 1, expected > 0.0)
