"""What a sweep says with what certainty, against figures worked by hand."""

import numpy as np
import pandas as pd
import pytest

from ecosim.errors import SpecError
from ecosim.experiments import cost_effectiveness as money
from ecosim.experiments import power as runs_needed
from ecosim.experiments import statistics
from ecosim.experiments.power import Wanted

CAP = "policies.innovation_voucher.cap"


def frame_of(first, second, **more):
    """Two scenarios at one point; first, second: draws x seeds."""
    rows = [
        {"point": 0, "scenario": name, "seed": seed, "draw": draw, "certified@2025": value}
        | {key: found[at][draw][seed] for key, found in more.items()}
        for at, (name, values) in enumerate((("base", first), ("other", second)))
        for draw, row in enumerate(values)
        for seed, value in enumerate(row)
    ]
    return pd.DataFrame(rows)


def test_the_t_interval_is_the_one_worked_by_hand():
    """Differences 1, 2, 3, 4, 5 of five draws: mean 3, standard error sqrt(2.5 / 5), t(4) 2.776."""
    table = statistics.differences(frame_of([[10.0]] * 5, [[11.0], [12.0], [13.0], [14.0], [15.0]]))

    row = table.iloc[0]
    assert (row["baseline"], row["difference"]) == (10.0, 3.0)
    assert row["hi"] - row["difference"] == pytest.approx(2.776445 * np.sqrt(0.5), rel=1e-6)
    assert row["p"] == pytest.approx(0.013236, abs=1e-5)
    assert row["unit"] == "draw"


def test_seeds_are_averaged_within_a_draw_before_draws_are_compared():
    table = statistics.differences(frame_of([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [4.0, 8.0]]))

    assert table["difference"][0] == 4.0
    assert table["sd_draws"][0] == pytest.approx(np.std([2.0, 6.0], ddof=1))


def test_of_a_single_draw_the_seeds_are_the_units_and_the_table_says_so():
    table = statistics.differences(frame_of([[0.0, 0.0, 0.0]], [[1.0, 2.0, 3.0]]))

    assert table["unit"][0] == "seed"
    assert table["hi"][0] - 2.0 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)


def test_a_failed_run_leaves_its_pair_out_and_nothing_else():
    whole = frame_of([[1.0], [2.0], [3.0]], [[2.0], [4.0], [9.0]])

    table = statistics.differences(whole.drop(index=5))

    assert (table["pairs"][0], table["difference"][0]) == (2, 1.5)


def test_the_bootstrap_interval_repeats_itself_and_covers_about_as_often_as_it_says():
    random = np.random.default_rng(4)
    covered = 0
    for _ in range(200):
        lo, hi = statistics.resampled(random.normal(1.0, 2.0, 30), 1)
        covered += lo <= 1.0 <= hi
    once, again = (statistics.resampled(np.arange(9.0), 1) for _ in range(2))

    assert 0.90 <= covered / 200 <= 0.99
    assert once == again


def test_holm_and_benjamini_hochberg_are_those_of_the_textbook():
    p = np.array([0.01, 0.04, 0.03, np.nan])

    assert statistics.adjusted(p, "holm")[:3] == pytest.approx([0.03, 0.06, 0.06])
    assert statistics.adjusted(p, "fdr_bh")[:3] == pytest.approx([0.03, 0.04, 0.04])
    assert np.isnan(statistics.adjusted(p, "holm")[3])


def test_the_variance_of_a_run_is_split_into_what_parameters_and_chance_give():
    random = np.random.default_rng(7)
    values = random.normal(0.0, 3.0, (4000, 1)) + random.normal(0.0, 2.0, (4000, 3))

    found = statistics.spread(values)

    assert found.parameters == pytest.approx(9.0, rel=0.06)
    assert found.chance == pytest.approx(4.0, rel=0.03)


def test_points_are_compared_with_the_first_scenario_at_the_same_point_or_with_the_point_asked_for():
    rows = [
        {"point": point, "scenario": name, CAP: cap, "seed": seed, "draw": 0, "certified@2025": value + seed}
        for point, cap in enumerate((5, 9))
        for name, value in (("base", 10.0 * point), ("other", 10.0 * point + 1.0 + point))
        for seed in (1, 2)
    ]

    usual = statistics.differences(pd.DataFrame(rows))
    asked = statistics.differences(pd.DataFrame(rows), against=0)

    assert list(usual["difference"]) == [1.0, 2.0]
    assert list(asked["difference"]) == [10.0, 11.0]
    with pytest.raises(SpecError, match="points are numbered 0 to 1"):
        statistics.differences(pd.DataFrame(rows), against="nobody")


def test_an_outcome_that_was_not_kept_is_named_with_the_nearest():
    with pytest.raises(SpecError, match="'certified@2024'.*Did you mean 'certified@2025'"):
        statistics.differences(frame_of([[1.0]], [[1.0]]), ["certified@2024"])


def test_stopping_at_a_wanted_half_width_keeps_the_confidence_of_the_interval():
    """Of 400 sequences stopped by the rule, the interval holds the truth about 95 times in a hundred; stopping from two on would not."""
    random = np.random.default_rng(11)
    kept = {10: 0, 2: 0}
    for _ in range(400):
        values = random.normal(5.0, 1.0, 400)
        for fewest in kept:
            units = next(n for n in range(fewest, 400) if statistics.half_width_of(values[:n].std(ddof=1), n) <= 0.4)
            kept[fewest] += abs(values[:units].mean() - 5.0) <= statistics.half_width_of(values[:units].std(ddof=1), units)

    assert kept[10] / 400 > 0.92
    assert kept[2] / 400 < 0.90
    assert not statistics.enough(np.full(9, 5.0), 0.4)
    assert statistics.enough(np.full(10, 5.0), 0.4)


# How many runs


def test_the_number_of_draws_is_the_textbooks():
    """To find half a standard deviation with a chance of 80% at 5% takes 34 pairs (Cohen 1988)."""
    assert runs_needed.draws_needed(1.0, 0.5, narrow=False) == 34
    assert runs_needed.draws_needed(1.0, 0.5, narrow=True) == 18
    assert statistics.half_width_of(1.0, 18) <= 0.5 < statistics.half_width_of(1.0, 17)


def test_so_many_runs_find_the_difference_as_often_as_promised():
    random = np.random.default_rng(5)
    draws = int(runs_needed.draws_needed(2.0, 1.0, narrow=False))
    found = np.mean([statistics.p_value(random.normal(1.0, 2.0, draws)) < 0.05 for _ in range(1500)])

    assert found == pytest.approx(0.8, abs=0.03)


def test_pairs_save_runs_and_more_seeds_ask_for_fewer_draws():
    random = np.random.default_rng(2)
    shared = random.normal(0.0, 10.0, (40, 3))
    gap = 1.0 + random.normal(0.0, 1.0, (40, 3))

    table = runs_needed.power(frame_of(shared + 100.0, shared + 100.0 + gap), wanted=Wanted(detect=1.0, relative=False))

    assert list(table["seeds"]) == [1, 2, 4, 8]
    assert table["draws"].is_monotonic_decreasing
    assert (table["saved"] > 20).all()


def test_a_pilot_of_one_draw_cannot_say_how_many_it_takes():
    with pytest.raises(SpecError, match="1 draws and 3 seeds"):
        runs_needed.power(frame_of([[1.0, 2.0, 3.0]], [[1.0, 2.0, 4.0]]))


# Money


def test_fiellers_interval_is_the_one_worked_by_hand():
    """Costs that do not vary: the ends are the cost over the ends of the effect's interval."""
    effect = np.array([9.0, 10.0, 11.0, 10.0])
    reach = 3.182446 * effect.std(ddof=1) / 2.0

    found = money.fieller(np.full(4, 100.0), effect)

    assert found.per_unit == 10.0
    assert (found.lo, found.hi) == pytest.approx((100.0 / (10.0 + reach), 100.0 / (10.0 - reach)), rel=1e-6)


def test_fiellers_interval_holds_the_true_ratio_as_often_as_it_says():
    random = np.random.default_rng(3)
    held = 0
    for _ in range(1000):
        common = random.normal(0.0, 1.0, 12)
        found = money.fieller(50.0 + 4.0 * common + random.normal(0, 2, 12), 10.0 + 1.5 * common)
        held += found.lo <= 5.0 <= found.hi

    assert held / 1000 == pytest.approx(0.95, abs=0.02)


def test_there_is_a_price_only_where_the_effect_excludes_zero():
    costs = {"public_outlay@total": ([[0.0]] * 4, [[8.0], [9.0], [11.0], [12.0]])}
    sure, curve = money.cost_effectiveness(frame_of([[0.0]] * 4, [[4.0], [5.0], [5.0], [6.0]], **costs))
    unsure, none = money.cost_effectiveness(frame_of([[0.0]] * 4, [[-4.0], [5.0], [-5.0], [6.0]], **costs))

    assert sure["per_unit"][0] == pytest.approx(2.0)
    assert sure["per_lo"][0] < 2.0 < sure["per_hi"][0]
    assert (curve["acceptable"].iloc[0], curve["acceptable"].iloc[-1]) == (0.0, 1.0)
    assert curve["acceptable"].is_monotonic_increasing
    assert unsure["note"][0] == "includes zero"
    assert np.isnan(unsure["per_unit"][0]) and none.empty


def test_a_sweep_without_costs_is_told_which_outcomes_to_keep():
    with pytest.raises(SpecError, match="public_outlay@total, tax_forgone@total"):
        money.cost_effectiveness(frame_of([[1.0]], [[2.0]]))
