"""Which package holds up, against a table of three futures worked by hand."""

import pytest

from ecosim.errors import SpecError
from ecosim.experiments.robustness import robust

CAP = "policies.innovation_voucher.cap"
VALUES = {50_000: (10.0, 10.0, 10.0), 100_000: (18.0, 9.0, 12.0), 200_000: (20.0, 3.0, 13.0)}
PLAN = {"factors": {CAP: list(VALUES)}, "draws": 3, "outcomes": ["certified@2020", "public_outlay@total"]}


def payoff(run):
    cap = run.setting.factors[CAP]
    return [VALUES[cap][run.draw], cap / 1000.0]


@pytest.fixture(scope="module")
def judged(sweep_of):
    return robust(sweep_of(PLAN, payoff), ["certified@2020 >= 10"])


def test_regret_maximin_and_satisficing_are_those_worked_by_hand(judged):
    table = judged.table.set_index(CAP)

    assert list(table["regret_max"]) == [10.0, 2.0, 7.0]
    assert list(table["regret_mean"]) == pytest.approx([13 / 3, 4 / 3, 7 / 3])
    assert list(table["worst"]) == [10.0, 9.0, 3.0]
    assert list(table["satisfied"]) == pytest.approx([1.0, 2 / 3, 2 / 3])
    assert list(table["least_regret"]) == [False, True, False]
    assert list(table["maximin"]) == [True, False, False]
    assert list(table["public_cost"]) == [50.0, 100.0, 200.0]
    assert (judged.futures, judged.left_out) == (3, 0)


def test_a_future_in_which_one_package_failed_is_left_out_for_all(sweep_of):
    found = robust(
        sweep_of(PLAN, lambda run: None if (run.setting.factors[CAP], run.draw) == (200_000, 0) else payoff(run)), ["certified@2020"]
    )

    assert (found.futures, found.left_out) == (2, 1)
    assert list(found.table["regret_max"]) == [3.0, 1.0, 7.0]


def test_parameters_of_the_model_are_futures_and_not_packages(sweep_of):
    plan = {**PLAN, "factors": {**PLAN["factors"], "parameters.research.follow": [0.5, 0.8]}, "draws": 1}
    found = robust(sweep_of(plan, lambda run: [run.setting.factors["parameters.research.follow"], 1.0]), ["certified@2020"])

    assert (len(found.table), found.futures) == (3, 2)


def test_goals_are_judged_one_by_one_and_together(sweep_of):
    found = robust(sweep_of(PLAN, payoff), ["certified@2020 >= 10", "certified@2020 <= 12"])

    together = found.table[found.table["outcome"] == "all"].set_index(CAP)["satisfied"]
    assert list(together) == pytest.approx([1.0, 1 / 3, 0.0])
    assert list(found.table["goal"].unique()) == ["certified@2020>=10", "certified@2020<=12", "all"]


def test_packages_that_share_no_future_are_refused(sweep_of):
    plan = {**PLAN, "factors": {CAP: {"low": 10_000, "high": 90_000}, "parameters.research.follow": {"low": 0.4, "high": 0.9}}}
    with pytest.raises(SpecError, match="no future is shared"):
        robust(sweep_of({**plan, "design": {"kind": "latin_hypercube", "points": 5}}, lambda run: [1.0, 1.0]))
