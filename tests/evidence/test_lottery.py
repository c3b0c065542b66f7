"""The lottery of the voucher studies: who is drawn, who is paid, who is asked, and what would be seen if it were there."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from ecosim import sources
from ecosim.evidence import lottery
from ecosim.evidence.estimators import relative_rise
from ecosim.evidence.lab import Lab, call_of, live
from ecosim.evidence.lottery import Terms
from ecosim.evidence.study import ShortError
from ecosim.schedule import live_quarter

LAB = Lab(7, source="prior")
SMALL = Terms(vouchers=30, applicants=120, share=1.0, covers=("instruments", "contract_research"), valid=2, response=0.5, scale=0.25)
FEE = math.ceil(lottery.usual_fee(LAB))


@pytest.fixture(scope="module")
def cohort():
    return lottery.hold(LAB, SMALL, 4)


@pytest.fixture(scope="module")
def without(cohort):
    return lottery.twin(LAB, SMALL, cohort, 4)


@pytest.fixture(scope="module")
def drawn_region():
    """The quarter of the draw, before the calendar turns."""
    region = LAB.region(lottery.programme(SMALL, FEE), 8, scale=SMALL.scale)
    live(region, lottery.LEAD)
    live_quarter(region)
    return region


def closed_at_once(panel):
    """Firms that closed in the quarter of the draw."""
    return np.isnan(panel.tables["market.sales"][:, 1])


def test_exactly_as_many_vouchers_are_drawn_as_there_were(cohort, drawn_region):
    assert cohort.won.sum() == SMALL.vouchers == len(call_of(drawn_region, lottery.VOUCHER).winners)


def test_the_sample_is_winners_and_others_from_the_pool_of_those_who_applied(cohort, drawn_region):
    applied = drawn_region.firms.identity.id[call_of(drawn_region, lottery.VOUCHER).applicants()]

    assert len(cohort.won) == min(SMALL.applicants, len(applied))
    assert np.isin(cohort.panel.ids, applied)[~closed_at_once(cohort.panel)].all()
    assert len(np.unique(cohort.panel.ids)) == len(cohort.panel.ids)


def test_a_voucher_used_is_paid_to_its_provider_by_the_city(drawn_region):
    paid = drawn_region.ledger.outlay[lottery.VOUCHER, "city"]
    promised = drawn_region.ledger.envelopes[lottery.VOUCHER].promised

    assert 0.0 < paid <= SMALL.vouchers * FEE
    assert SMALL.vouchers * lottery.usual_fee(LAB) * (1.0 - 1e-12) <= paid + promised <= SMALL.vouchers * FEE


def test_nobody_is_drawn_after_the_draw(drawn_region):
    """What the year's envelope has left does not buy another voucher."""
    assert drawn_region.ledger.envelopes[lottery.VOUCHER].left < FEE


def test_who_wins_does_not_depend_on_what_the_firm_was():
    """Over forty small lotteries winners and others had the same sales and R&D on the eve, within three standard errors."""
    gaps = []
    for seed in range(40):
        one = lottery.hold(Lab(seed, source="prior"), SMALL, 1)
        for values in (np.log(one.panel.tables["market.sales"][:, 0]), one.panel.tables["research.performer"][:, 0]):
            gaps.append(values[one.won].mean() - values[~one.won].mean())
    gaps = np.array(gaps).reshape(40, 2)

    assert (np.abs(gaps.mean(axis=0)) < 3.0 * gaps.std(axis=0, ddof=1) / 40**0.5).all()


def test_the_twin_differs_by_nothing_until_the_draw(cohort, without):
    for name in lottery.COLUMNS:
        assert cohort.panel.tables[name][:, 0].tobytes() == without.tables[name][:, 0].tobytes()


def test_those_not_drawn_live_as_without_the_programme_in_its_first_quarter(cohort, without):
    """Later the winners' knowledge reaches everyone's market by a hair."""
    service = "ventures.service"

    assert np.array_equal(cohort.panel.tables[service][~cohort.won, 1], without.tables[service][~cohort.won, 1], equal_nan=True)
    assert (cohort.panel.tables[service][cohort.won, 1] != without.tables[service][cohort.won, 1]).any()


def test_the_same_lab_gives_the_same_bytes(cohort):
    again = lottery.hold(LAB, SMALL, 4)

    assert again.won.tobytes() == cohort.won.tobytes()
    assert again.answers.tobytes() == cohort.answers.tobytes()
    assert all(again.panel.tables[name].tobytes() == cohort.panel.tables[name].tobytes() for name in lottery.COLUMNS)


def test_about_the_stated_share_answers_winners_and_others_alike(cohort):
    told = [lottery.hold(Lab(seed, source="prior"), SMALL, 1) for seed in range(5)]
    answers, won = (np.concatenate([getattr(one, name) for one in told]) for name in ("answers", "won"))

    assert answers[won].mean() == pytest.approx(0.5, abs=0.13)  # 150 winners: three standard errors
    assert answers[~won].mean() == pytest.approx(0.5, abs=0.08)  # 450 others


def test_a_voucher_brings_assignments_and_its_absence_none(cohort, without):
    found = lottery.reading(lottery.assigned(1, 2), cohort, without)

    assert found.estimate > 2.0 * found.error
    assert abs(found.control) < 3.0 * found.control_error
    assert found.truth == pytest.approx(found.estimate, abs=3.0 * found.error)


def test_the_control_of_a_null_is_the_twin_with_the_declared_effect_in_it(cohort, without):
    repeat = lottery.assigned(3, 4)
    everyone = cohort._replace(answers=np.ones(len(cohort.won), bool))
    plain, raised = (lottery.reading(repeat, everyone, without, plant) for plant in (np.nan, 0.3))

    assert raised.control - plain.control == pytest.approx(0.3, abs=0.15)  # 30 winners
    assert (raised.estimate, raised.truth) == (plain.estimate, plain.truth)


def test_a_city_with_too_few_applicants_is_no_experiment():
    with pytest.raises(ShortError, match="applicants, the study had 120"):
        lottery.hold(LAB, SMALL._replace(scale=0.05), 2)


def test_the_lottery_is_lived_at_the_parameters_of_its_lab(monkeypatch):
    """Winners and twin differ in the voucher alone, also at a posterior draw."""
    posterior = SimpleNamespace(prior_draws=range(9), values=[{"services.arrival": 0.5}] * 9, middle={})
    monkeypatch.setattr(sources, "posterior_in_use", lambda region, source: posterior)
    lab, terms = Lab(2, 5), SMALL._replace(vouchers=0, applicants=40)
    cohort = lottery.hold(lab, terms, 2)

    assert cohort.panel.tables["market.sales"].tobytes() == lottery.twin(lab, terms, cohort, 2).tables["market.sales"].tobytes()


def test_the_relative_rise_recovers_a_known_one():
    treated, others = np.repeat([1.0, 0.0, np.nan], [600, 400, 50]), np.repeat([1.0, 0.0], [300, 700])

    found = relative_rise(treated, others)

    assert found.value == pytest.approx(1.0)
    assert found.error == pytest.approx(2.0 * (1 / 600 - 1 / 1000 + 1 / 300 - 1 / 1000) ** 0.5)


def test_a_relative_rise_over_nothing_is_not_known():
    assert np.isnan(relative_rise(np.array([1.0, 0.0]), np.zeros(9)).value)
