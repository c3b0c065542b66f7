"""Boxes in which something happens, against a box that was planted."""

import numpy as np
import pandas as pd
import pytest

from ecosim.errors import SpecError
from ecosim.experiments import discovery

pytest.importorskip("ema_workbench", reason="discovery is an extra")

RATE, CAP = "policies.innovation_voucher.subsidy_rate", "policies.innovation_voucher.cap"
PLAN = {
    "factors": {
        RATE: {"low": 0.1, "high": 0.7},
        "parameters.research.follow": {"low": 0.4, "high": 0.9},
        "policies.rd_grant.delivery": ["ranked", "lottery", "first_come"],
    },
    "scenarios": ["sandbox/baseline", "sandbox/voucher"],
    "design": {"kind": "latin_hypercube", "points": 300},
}


def planted(run):
    """Ten more than the baseline's 100 in a box: a low rate, firms that follow sales, no lottery."""
    factors = run.setting.factors
    inside = factors[RATE] < 0.4 and factors["parameters.research.follow"] > 0.6 and factors["policies.rd_grant.delivery"] != "lottery"
    return [110.0 if inside and run.setting.scenario.name == "sandbox_voucher" else 100.0]


@pytest.fixture(scope="module")
def swept(sweep_of):
    return sweep_of(PLAN, planted)


@pytest.fixture(scope="module")
def usual(swept):
    return discovery.discover(swept, "certified@2020 >= 105")


def test_the_planted_box_is_found(usual):
    found = usual
    limits = found.limits.set_index("factor")
    box = found.tradeoff[found.tradeoff["chosen"]].iloc[0]

    assert set(limits.index) == set(PLAN["factors"])
    assert limits["high"][RATE] == pytest.approx(0.4, abs=0.05) and np.isnan(limits["low"][RATE])
    assert limits["low"]["parameters.research.follow"] == pytest.approx(0.6, abs=0.05)
    assert limits["values"]["policies.rd_grant.delivery"] == "first_come ranked"
    assert box["coverage"] > 0.9 and box["density"] >= 0.8
    assert (limits["reproduced"] > 0.9).all()
    assert limits["quasi_p_high"][RATE] < 0.01


def test_density_can_be_bought_with_coverage(usual):
    way = usual.tradeoff

    assert (way["density"].iloc[0], way["coverage"].iloc[0]) == (pytest.approx(usual.share), 1.0)
    assert way["density"].is_monotonic_increasing and way["coverage"].is_monotonic_decreasing
    assert way["density"].iloc[-1] > 0.95


def test_a_difference_from_the_first_scenario_is_looked_at_pair_by_pair(swept, usual):
    by_difference = discovery.discover(swept, "certified@2020 >= 5", difference=True)

    assert by_difference.limits.equals(usual.limits)
    with pytest.raises(SpecError, match="300 of 300 points meet it"):
        discovery.discover(swept, "certified@2020 >= 5")


def test_what_nobody_or_everybody_reaches_is_refused_with_the_count(swept):
    with pytest.raises(SpecError, match="0 of 300 points meet it"):
        discovery.discover(swept, "hightech_firms@2020 >= 4000")


def test_a_target_that_is_no_target_is_refused_as_the_targets_command_does(swept):
    with pytest.raises(SpecError, match="no target"):
        discovery.discover(swept, "certified 2020 more")
    with pytest.raises(SpecError, match="no scenario to look at"):
        discovery.discover(swept, "certified@2020 >= 105", scenario="nobody")


def test_chance_alone_gives_a_box_that_does_not_come_back():
    """Interest that depends on nothing: searches on half of the points restrict other factors each time."""
    random = np.random.default_rng(8)
    points = pd.DataFrame({f"parameters.a.{name}": random.random(120) for name in "bcdefg"}).assign(of_interest=random.random(120) < 0.3)

    found = discovery.discovered(points, "chance")

    assert found.limits["reproduced"].mean() < 0.9
    assert not (found.tradeoff["density"] >= discovery.LEAST_DENSITY).any()
