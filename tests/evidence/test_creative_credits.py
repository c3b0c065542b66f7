"""Creative Credits: a firm adds a fifth of the fee."""

import numpy as np
import pytest

from ecosim import parameters
from ecosim.evidence import lottery
from ecosim.evidence.inputs import creative_credits as study
from ecosim.evidence.lab import Lab

FEE = parameters.values(None, {})["services.fee"]


@pytest.fixture(scope="module")
def found():
    return study.experiment(Lab(4, source="prior"))


def test_a_credit_pays_four_fifths_of_a_usual_fee():
    policy = lottery.programme(study.TERMS, FEE)[lottery.VOUCHER]

    assert (policy["subsidy_rate"], policy["cap"]) == (0.8, pytest.approx(0.8 * FEE))
    assert policy["covers"] == ["contract_research"]


def test_150_credits_are_drawn_among_some_670_applicants():
    cohorts = [lottery.hold(Lab(seed, source="prior"), study.TERMS, 1) for seed in range(4)]

    assert {cohort.won.sum() for cohort in cohorts} == {150}
    assert np.mean([len(cohort.won) for cohort in cohorts]) == pytest.approx(650, abs=50)


def test_every_row_has_a_reading(found):
    assert found.keys() == {row.id for row in study.ROWS}
    assert all(np.isfinite(reading._replace(selection=0.0)).all() for reading in found.values())


def test_points_and_relative_rise_say_the_same_thing_twice(found):
    points, relative = found["V4.project"], found["V4.likelier"]

    assert points.estimate > 2.0 * points.error
    assert relative.estimate > 2.0 * relative.error
    assert abs(points.control) < 3.0 * points.control_error


def test_growth_is_of_the_six_months_before_the_wave():
    sales = np.array([[1.0, 2.0, np.e, 5.0, np.e**3]])
    panel = type("Made", (), {"tables": {"market.sales": sales}})()

    assert study.growth(0, 2)(panel) == pytest.approx([1.0])
    assert study.growth(2, 4)(panel) == pytest.approx([2.0])


def test_an_effect_that_lasts_a_year_would_be_seen(found):
    assert found["V4.sales12m"].control > 1.5 * found["V4.sales12m"].control_error
