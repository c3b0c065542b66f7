"""Designs: how many points, where they lie, and in which order they are run."""

import numpy as np
import pytest

from ecosim.experiments import design
from ecosim.experiments.plan import Range
from ecosim.experiments.worlds import in_turn, points, runs, settings

CAP, SHARE, FOLLOW = "policies.innovation_voucher.cap", "policies.rd_grant.share", "parameters.research.follow"
RANGES = {SHARE: {"low": 0.1, "high": 0.5}, FOLLOW: {"low": 0.4, "high": 0.9}}


@pytest.mark.parametrize(
    ("kind", "points", "size"), [("latin_hypercube", 10, 10), ("sobol", 8, 8), ("saltelli", 8, 32), ("morris", 5, 15), ("grid", 4, 16)]
)
def test_a_sample_has_the_size_that_was_said_and_lies_within_its_ranges(plan_with, kind, points, size):
    plan = plan_with(factors=RANGES, design={"kind": kind, "points": points})

    found = design.rows(plan)

    assert len(found) == design.size(plan) == size
    for path, ends in RANGES.items():
        values = [row[path] for row in found]
        assert ends["low"] <= min(values) < max(values) <= ends["high"]
    assert found == design.rows(plan)
    if kind != "grid":
        assert found != design.rows(plan_with(factors=RANGES, design={"kind": kind, "points": points, "seed": 2}))


def test_a_latin_hypercube_takes_every_level_of_a_list_equally_often(plan_with):
    plan = plan_with(factors={CAP: [1_000, 2_000, 3_000, 4_000], **RANGES}, design={"kind": "latin_hypercube", "points": 40})

    values, counts = np.unique([row[CAP] for row in design.rows(plan)], return_counts=True)

    assert values.tolist() == [1_000, 2_000, 3_000, 4_000]
    assert counts.tolist() == [10, 10, 10, 10]


def test_a_logarithmic_range_spends_half_its_points_below_the_geometric_middle():
    factor = Range(low=1.0, high=100.0, scale="log")

    assert design.value(factor, 0.5) == 10.0
    assert design.value(factor, 0.0) == 1.0
    assert design.value(factor, 1.0) == 100.0


def test_a_value_between_the_ends_is_one_that_can_be_written_down(plan_with):
    """exp(log 20,000 + log 10) is 200000.00000000006, and 0.1 + 0.2 is 0.30000000000000004: nobody would have asked for these."""
    assert str(design.value(Range(low=2e4, high=2e6, scale="log"), 0.5)) == "200000.0"
    assert str(design.value(Range(low=0.1, high=0.5), 0.5)) == "0.3"
    assert str(design.value(Range(low=1 / 3, high=2 / 3), 0.0)) == str(1 / 3)


def test_a_whole_range_takes_both_ends_and_nothing_between_numbers():
    factor = Range(low=2, high=5, whole=True)

    assert {design.value(factor, at) for at in np.linspace(0.0, 1.0, 101)} == {2, 3, 4, 5}


def test_a_list_takes_values_side_by_side(plan_with):
    plan = plan_with(factors={CAP: [1_000, 2_000], SHARE: [0.2, 0.3]}, design={"kind": "list"})

    assert design.rows(plan) == [{CAP: 1_000, SHARE: 0.2}, {CAP: 2_000, SHARE: 0.3}]


def test_without_factors_every_scenario_is_one_point(plan_with):
    assert points(plan_with(factors={}, design={}))["scenario"].tolist() == ["sandbox", "sandbox_voucher"]


def test_a_policy_as_a_whole_can_be_taken_out_by_a_factor(plan_with):
    plan = plan_with(factors={"policies.rd_grant": ["off"], SHARE: [0.2, 0.3]}, design={}, scenarios=["sandbox/baseline"])

    found = settings(plan)

    assert all("rd_grant" not in setting.scenario.policies for setting in found)
    assert found[0].scenario == found[1].scenario
    assert len({run.run_id for run in runs(plan)}) == len(runs(plan)) / 2


def test_the_first_half_of_a_sweep_is_balanced_over_seeds_then_points(plan_with):
    plan = plan_with(factors={CAP: [1_000, 2_000, 3_000], SHARE: [0.2, 0.3, 0.4]}, design={}, seeds=4)

    half = runs(plan)[: len(runs(plan)) // 2]

    assert {run.seed for run in half} == {1, 2}
    assert len({(run.setting.point, run.setting.scenario.name) for run in half}) == 18
    order = [setting.point for setting in in_turn(plan, settings(plan))][::2]
    assert sorted(order) == list(range(9))
    assert order != sorted(order)


def test_identities_depend_on_everything_a_world_depends_on_and_nothing_else(plan_with):
    before = {run.run_id for run in runs(plan_with())}

    assert {run.run_id for run in runs(plan_with(name="other", outcomes=["sales"], cap={"seconds": 5}))} == before
    other_points = {"design": {"kind": "latin_hypercube", "points": 4, "seed": 9}}
    for changed in ({"until": "2021Q1"}, {"parameters": "point", "draws": 1}, other_points):
        assert not before & {run.run_id for run in runs(plan_with(**changed))}
    assert before < {run.run_id for run in runs(plan_with(seeds=3))}
