"""What drives an answer, against functions whose shares are known."""

import numpy as np
import pandas as pd
import pytest

from ecosim.errors import SpecError
from ecosim.experiments.sensitivity import sensitivity
from ecosim.report.analysis_tables import table_of

FACTORS = {
    "parameters.research.elasticity": {"low": 0.2, "high": 1.4},
    "parameters.research.follow": {"low": 0.4, "high": 0.9},
    "parameters.research.running_cost": {"low": 6_000.0, "high": 30_000.0, "scale": "log"},
}
SHARES = {"S1": (0.3139, 0.4424, 0.0), "ST": (0.5576, 0.4424, 0.2437)}
"""Of the Ishigami function with a = 7, b = 0.1 (Ishigami and Homma 1990)."""


def unit(run):
    """The factors of a run between 0 and 1."""
    found = []
    for path, each in FACTORS.items():
        value, low, high = run.setting.factors[path], each["low"], each["high"]
        found.append(np.log(value / low) / np.log(high / low) if each.get("scale") == "log" else (value - low) / (high - low))
    return np.array(found)


def ishigami(run):
    x = np.pi * (2.0 * unit(run) - 1.0)
    return [np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])]


def straight(run):
    """Effects over the whole range: 6, -2 and 0."""
    return [10.0 + unit(run) @ (6.0, -2.0, 0.0)]


@pytest.fixture(scope="module")
def saltelli(sweep_of):
    return sweep_of({"factors": FACTORS, "design": {"kind": "saltelli", "points": 512}}, ishigami)


def test_sobol_shares_of_the_ishigami_function_are_the_known_ones(saltelli):
    table = sensitivity(saltelli).table.set_index("factor")

    for key, known in SHARES.items():
        assert list(table[key]) == pytest.approx(list(known), abs=0.05)
        assert ((table[f"{key}_lo"] - 0.02 <= np.array(known)) & (np.array(known) <= table[f"{key}_hi"] + 0.02)).all()


def test_the_same_seed_gives_the_same_intervals(saltelli):
    assert sensitivity(saltelli, seed=3).table.equals(sensitivity(saltelli, seed=3).table)
    assert not sensitivity(saltelli, seed=3).table.equals(sensitivity(saltelli, seed=4).table)


def test_a_failed_run_takes_its_whole_block_with_it_and_is_named(sweep_of, saltelli):
    """SALib itself would answer zeros."""
    plan = {"factors": FACTORS, "design": {"kind": "saltelli", "points": 512}}
    found = sensitivity(sweep_of(plan, lambda run: None if run.setting.point in (7, 8, 500) else ishigami(run)))

    assert list(found.dropped["block"]) == [1, 100]
    assert list(found.dropped["failed"]) == ["7 8", "500"]
    assert (found.table["blocks"] == 510).all()
    assert list(found.table["ST"]) == pytest.approx(list(sensitivity(saltelli).table["ST"]), abs=0.02)


def test_second_order_shares_find_the_pair_that_interacts(sweep_of):
    design = {"kind": "saltelli", "points": 256, "second_order": True}
    pairs = sensitivity(sweep_of({"factors": FACTORS, "design": design}, ishigami)).pairs

    assert list(pairs["S2"]) == pytest.approx([0.0, 0.2437, 0.0], abs=0.08)


def test_elementary_effects_of_a_straight_line_are_its_slopes_over_the_range(sweep_of):
    plan = {"factors": FACTORS, "design": {"kind": "morris", "points": 10}, "draws": 2, "seeds": 2}
    table = sensitivity(sweep_of(plan, straight)).table

    assert list(table["mu"]) == pytest.approx([6.0, -2.0, 0.0], abs=1e-9)
    assert list(table["mu_star"]) == pytest.approx([6.0, 2.0, 0.0], abs=1e-9)
    assert list(table["sigma"]) == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_a_trajectory_with_a_failed_draw_is_left_out_of_a_morris_design(sweep_of):
    plan = {"factors": FACTORS, "design": {"kind": "morris", "points": 6}, "draws": 2}
    found = sensitivity(sweep_of(plan, lambda run: None if (run.setting.point, run.draw) == (9, 1) else straight(run)))

    assert list(found.dropped[["block", "first", "last"]].iloc[0]) == [2, 8, 11]
    assert (found.table["blocks"] == 5).all()


def test_an_outcome_that_is_no_number_is_refused_with_its_points(sweep_of):
    plan = {"factors": FACTORS, "design": {"kind": "morris", "points": 4}}
    results = sweep_of(plan, lambda run: [np.nan] if run.setting.point in (3, 5) else straight(run))

    with pytest.raises(SpecError, match="certified@2020 is not a number at the points 3, 5"):
        sensitivity(results)


def test_a_sweep_of_another_design_is_told_which_to_take(sweep_of):
    with pytest.raises(SpecError, match="'grid'.*kind: morris"):
        sensitivity(sweep_of({}, lambda run: [1.0]))


def test_where_nearly_everything_failed_the_failed_points_are_named(sweep_of):
    plan = {"factors": FACTORS, "design": {"kind": "morris", "points": 3}}
    results = sweep_of(plan, lambda run: straight(run) if run.setting.point < 4 else None)

    with pytest.raises(SpecError, match=r"1 of 3 blocks.*points 4, 5, 6.*--resume"):
        sensitivity(results)


@pytest.mark.parametrize(("language", "unit"), [("zh", "亿元"), ("en", "billion yuan")])
def test_an_outcome_is_in_one_unit_in_all_rows_of_a_table(language, unit):
    """One factor moves billions, the other thousands; the second outcome has a unit of its own."""
    rows = [("real_rd", 2e10), ("real_rd", 3e5), ("public_outlay", 4e4)]
    table = pd.DataFrame([{"outcome": key, "period": "total", "factor": "f", "mu_star": value} for key, value in rows])

    found = [list(column.cells) for column in table_of("", table, ("outcome", "factor", "mu_star"), 2, language).columns]

    assert found[0][0] == found[0][1]
    assert unit in found[0][0]
    assert unit not in found[0][2]
    assert float(found[2][0]) == pytest.approx(float(found[2][1]) * 2e10 / 3e5)
