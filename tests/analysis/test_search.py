"""The best use of a budget, against an optimum that is known."""

import numpy as np
import pytest

from ecosim.errors import SpecError
from ecosim.experiments import search
from ecosim.experiments.envelopes import envelopes_from
from ecosim.experiments.search import Size

BEST = np.array([0.2, 0.5, 0.3])
NOISE = np.random.default_rng(1).normal(0.0, 1.0, (6, 2))
VALUES = {
    "name": "shares",
    "scenario": "sandbox/baseline",
    "envelopes": ["policies.innovation_voucher.budget", "policies.rd_grant.budget"],
    "objectives": ["real_rd@2022", "certified@2022"],
}


def peaked(shares):
    """Best at BEST, the same noise for all: shared draws and seeds."""
    worth = -((shares - BEST) ** 2).sum(axis=1)
    return (worth[:, None, None] + NOISE)[..., None]


def rival(shares):
    """Two objectives that pull apart: the first share, and the second."""
    return np.stack([np.broadcast_to(shares[:, at, None, None], (len(shares), 6, 2)) for at in (0, 1)], axis=-1)


def test_the_known_optimum_is_found():
    shares, values = search.search(peaked, 3, 1, Size(300, 30, 1))
    best = shares[np.argmax(search.middles(values)[:, 0])]

    assert np.abs(best - BEST).max() < 0.05
    assert shares.sum(axis=1) == pytest.approx(np.ones(300))


def test_the_search_repeats_itself():
    once, again = (search.search(peaked, 3, 1, Size(40, 10, 5))[0] for _ in range(2))
    assert (once == again).all()


def test_of_two_objectives_that_pull_apart_the_front_wastes_nothing_on_the_third():
    shares, values = search.search(rival, 3, 2, Size(300, 30, 1))

    front = shares[search.front(values)]
    assert front[:, 2].max() < 0.1
    assert np.ptp(front[:, 0]) > 0.7


def test_shares_are_spread_evenly_over_the_simplex():
    shares = search.shares_of(np.random.default_rng(0).random((20_000, 3)))

    assert shares.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert (shares[:, 0] < 0.5).mean() == pytest.approx(0.75, abs=0.01)


def test_the_near_optimal_set_holds_what_the_runs_cannot_tell_apart():
    """Second: worse by 0.1 in every run. Third: worse by as much on average, but in some runs better."""
    base = np.zeros((6, 2, 1)) + NOISE[..., None]
    wobble = np.array([1.0, -1.2, 1.1, -1.1, 1.0, -1.4])[:, None, None]
    values = np.stack([base, base - 0.1, base + wobble])

    assert list(search.front(values)) == [True, False, False]
    assert list(search.near_optimal(values)) == [True, False, True]


def test_a_candidate_all_of_whose_runs_failed_is_never_chosen():
    values = np.stack([np.zeros((3, 1, 1)), np.full((3, 1, 1), np.nan)])

    assert list(search.front(values)) == [True, False]
    assert list(search.near_optimal(values)) == [True, False]


@pytest.fixture(scope="module")
def root(request):
    return request.config.rootpath


def test_envelopes_share_the_total_of_the_status_quo_from_the_quarter_asked_for(root):
    asked = envelopes_from({**VALUES, "since": "2021Q1"}, root)
    changed = asked.allocated("other", np.array([2e6, 5e5]))

    assert asked.amount() == 2_500_000
    budget = changed.policies["innovation_voucher"].budget
    assert (budget.at(asked.told.start), budget.at(asked.begins)) == (500_000, 2_000_000)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"envelopes": ["policies.innovation_voucher.budget", "policies.rd_grant.share"]}, "no budget of 'sandbox'"),
        ({"envelopes": ["policies.rd_grant.budget", "policies.rd_grant.budget"]}, "named twice"),
        ({"objectives": ["certified@2030"]}, "no outcome of a year simulated"),
        ({"objectives": ["certifed@2022"]}, "Did you mean 'certified'"),
        ({"objectives": ["certified@total"]}, "no outcome of a year simulated"),
        ({"since": "2031Q1"}, "2031Q1 is not simulated"),
        ({"total": -1.0}, "total"),
        ({"budget": 5}, "budget"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_place_and_remedy(root, changes, said):
    with pytest.raises(SpecError, match=said):
        envelopes_from({**VALUES, **changes}, root)


def test_all_faults_of_a_question_are_told_at_once(root):
    envelopes = ["policies.rd_grant.budgt", "policies.rd_grant.budget"]
    wrong = {"budget": 5, "total": -1.0, "envelopes": envelopes, "objectives": ["certifed@2022"]}

    with pytest.raises(SpecError) as error:
        envelopes_from({**VALUES, **wrong, "since": "2031Q1"}, root)
    with pytest.raises(SpecError) as other:
        envelopes_from({**VALUES, **wrong, "scenario": "sandbox/baselin"}, root)

    said = str(error.value)
    assert len(error.value.faults) == 5
    assert all(word in said for word in ("budget'", "total", "budgt", "certifed", "2031Q1"))
    assert len(other.value.faults) == 3
