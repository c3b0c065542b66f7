"""What firms expect of their taxable income, which losses the tax office still knows, and what was claimed before the run."""

from pathlib import Path

import numpy as np
import pytest

from ecosim import schedule
from ecosim.fit import panel
from ecosim.scenario import load

NANTONG = Path(__file__).resolve().parents[2] / "scenarios" / "nantong" / "baseline.yaml"


@pytest.fixture(scope="module")
def years(begin, each_quarter):
    """Performers of Nantong at the start and at the end of each of two years: expected income and claims."""
    region, found = begin(load(NANTONG)), []
    found.append(record(region))
    found.extend(record(region) for _ in each_quarter(region, 8) if region.year_ends)
    return found


def record(region):
    """Expected taxable income over sales of performers that are no start-ups, and the claims of the last settled year."""
    firms = region.firms
    rows = (firms.identity.alive == 1) & (firms.research.performer == 1) & (firms.research.startup == 0)
    return firms.books.expected[rows].astype(np.float64), firms.books.claimed_year[firms.identity.alive == 1].copy()


def test_firms_expect_at_the_start_what_they_will_have_learnt_to_expect(years):
    """The pandemic's year among them."""
    first, later = np.mean(years[0][0]), [np.mean(expected) for expected, _ in years[1:]]

    assert 0.01 < first < 0.12
    assert later == pytest.approx([first] * 2, rel=0.15)


def test_the_claims_of_the_year_before_are_of_the_order_of_the_first_year_s(years):
    (_, before), (_, first) = years[:2]

    assert 0 < np.count_nonzero(before) == pytest.approx(np.count_nonzero(first), rel=0.25)
    assert before.sum() == pytest.approx(first.sum(), rel=0.35)


@pytest.mark.parametrize(("registered", "kept"), [(0, 0.0), (1, 0.8)], ids=["five years", "ten years on the register"])
def test_a_loss_no_profit_makes_good_lapses_after_its_term(begin, sandbox, registered, kept):
    """A single loss of six years ago is gone after five years; of ten years a fifth of the second half has passed."""
    region = begin(sandbox)
    firms = region.firms
    region.levers.neutral()
    firms.money.losses[:], firms.money.loss_age[:] = 1e6, 5.0
    firms.identity.registered[:] = registered
    firms.books.profit_year[:], firms.books.reported_year[:] = 0.0, 0.0
    next(stage for stage in schedule.QUARTER if stage.name == "close_year").run(at_year_end(region))

    assert firms.money.losses[firms.identity.alive == 1] == pytest.approx(kept * 1e6)
    assert firms.money.loss_age[firms.identity.alive == 1] == pytest.approx(6.0 if kept else 0.0)


def at_year_end(region):
    """The region, its calendar turned to the last step of its year."""
    region.moment += 3
    assert region.year_ends
    return region


def test_claims_filed_in_2020_are_those_of_the_year_before_the_run(begin, sandbox):
    region = begin(sandbox)
    claimed = region.firms.books.claimed_year.copy()
    history = panel.watched(region, region.quarter + 3)

    assert [history.scale * history.start[key] for key in panel.CLAIMS] == pytest.approx([claimed.sum(), np.count_nonzero(claimed)])


@pytest.fixture
def pursuing(begin, sandbox):
    """How many firms work towards a certificate in the first quarter, once `changed` has been done to the city's books."""

    def count(changed):
        region = begin(sandbox)
        region.firms.books.considered[:] = 1
        changed(region.firms.books)
        for stage in schedule.QUARTER:
            stage.run(region)
            if stage.name == "pursue":
                return int(region.firms.books.pursues.sum())
        raise AssertionError("no firm decides")

    return count


def test_one_year_without_taxable_income_makes_no_certificate_worthless_but_the_expectation_of_none_does(pursuing):
    as_it_is = pursuing(lambda books: None)

    assert pursuing(lambda books: books.taxable.fill(0.0)) == as_it_is
    assert 0 < pursuing(lambda books: books.expected.fill(0.0)) < as_it_is
