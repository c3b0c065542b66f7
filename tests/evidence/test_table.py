"""What the table of evidence says of a study, on made-up readings."""

import ast
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import ecosim.evidence
from ecosim.errors import SpecError
from ecosim.evidence import table, trial
from ecosim.evidence.planted import planted
from ecosim.evidence.study import Reading, Row, ShortError, Source, Study, require, studies
from ecosim.evidence.trial import Task, Trial
from ecosim.workers import Done

INTERVAL = Row("X1", "effect", "效应", "interval", 0.5, 0.3, 0.7, "share")
NULL = Row("X2", "nothing", "无", "null", 0.0, -0.1, 0.1, "share")
SIGN = Row("X3", "up", "上升", "sign", math.nan, 0.0, math.inf, "share")
FOLDER = Path(ecosim.evidence.__file__).parent


def spread_around(mean):
    """A hundred estimates with a spread of a tenth."""
    return mean + 0.1 * np.linspace(-1.7, 1.7, 100)


@pytest.mark.parametrize(("mean", "verdict"), [(0.5, "inside"), (0.75, "near"), (1.5, "missed")])
def test_an_interval_is_met_by_the_mean_touched_by_experiments_or_missed(mean, verdict):
    assert table.verdict_of(INTERVAL, spread_around(mean), 0.5) == verdict


def test_an_estimate_of_nothing_is_no_null_if_the_twin_world_shows_an_effect():
    """A noisy estimator passes any null; the effect without sampling error must be small as well."""
    assert table.verdict_of(NULL, spread_around(0.0), 0.01) == "inside"
    assert table.verdict_of(NULL, spread_around(0.0), 0.4) != "inside"


def test_a_direction_has_to_be_clear_of_chance():
    assert table.verdict_of(SIGN, spread_around(0.2), 0.2) == "inside"
    assert table.verdict_of(SIGN, spread_around(0.001), 0.0) == "near"
    assert table.verdict_of(SIGN, spread_around(-0.5), -0.5) == "missed"


def test_without_estimates_there_is_no_verdict():
    assert table.verdict_of(INTERVAL, np.zeros(0), math.nan) == "no data"


def test_the_distance_counts_both_standard_errors():
    estimates = np.array([0.6, 0.8])
    expected = (0.7 - 0.5) / math.hypot((0.7 - 0.3) / 3.92, estimates.std(ddof=1) / math.sqrt(2))
    assert table.z_of(INTERVAL, estimates) == pytest.approx(expected)
    assert math.isnan(table.z_of(SIGN, estimates))


def readings(control, error):
    """Readings that differ in their control alone."""
    return [Reading(0.5, 0.1, 0.5, value, error) for value in control]


def test_a_placebo_works_when_its_mean_is_zero_and_it_rarely_looks_like_an_effect():
    assert table.control_of(INTERVAL, readings([0.02, -0.02] * 10, 0.1)).word == "works"
    assert table.control_of(INTERVAL, readings([0.5, -0.5] * 10, 0.1)) == ("fails", 0.0, pytest.approx(0.1147, abs=1e-4), 1.0)


def test_a_small_bias_that_no_single_placebo_shows_makes_it_fail_all_the_same():
    """The verdict is on the mean over experiments, in which a bias does not average out."""
    biased = table.control_of(SIGN, readings([0.05, 0.07] * 10, 0.1))
    assert (biased.word, biased.found) == ("fails", 0.0)
    assert table.control_of(INTERVAL, readings([0.02, 0.04] * 10, 0.1)).word == "works", "a tenth of the published range changes nothing"


def test_the_control_of_a_null_works_when_the_planted_effect_would_change_the_verdict():
    assert table.control_of(NULL, readings([0.4, 0.6] * 10, 0.1)).word == "works"
    assert table.control_of(NULL, readings([0.0, 0.02] * 10, 0.1)).word == "fails"
    assert table.control_of(NULL, readings([0.08, 0.1] * 10, 0.01)).word == "fails", "found in every experiment, and still called none"


def test_a_null_whose_planted_effect_single_experiments_miss_works_with_little_power():
    weak = table.control_of(NULL, readings([0.1, 0.3] * 50, 0.2))
    assert (weak.word, weak.found) == ("works", 0.0)


def test_an_effect_without_a_control_counts_as_a_control_that_fails():
    assert table.control_of(INTERVAL, [Reading(0.5, 0.1, 0.5)]).word == "fails"


def test_a_regularity_needs_no_control():
    assert table.control_of(INTERVAL, [Reading(0.5)]).word == "none"


def made_up(role):
    """A study of one row."""
    return Study("made_up", role, Source("Nobody (2020)", "nowhere", "lottery", "none"), (INTERVAL,), lambda lab: {})


def made_up_trials(prior, short=0):
    """Ten experiments at posterior draws, one of which broke off, some in worlds too small, and some at prior draws."""
    own = [
        Trial(Task("made_up", seed, seed, "posterior"), {"X1": Reading(0.5 + 0.01 * seed, 0.1, 0.5, 0.01 * (-1) ** seed, 0.1)}, "")
        for seed in range(9)
    ]
    broken = [Trial(Task("made_up", 9, 9, "posterior"), {}, "LedgerError: money is missing")]
    few = [trial.ended_as(Task("made_up", 20 + n, n, "posterior"), "5 applicants, the study had 100", "") for n in range(short)]
    return own + broken + few + [Trial(Task("made_up", 100 + n, n, "prior"), {"X1": Reading(value)}, "") for n, value in enumerate(prior)]


def test_a_run_that_failed_is_counted_and_never_averaged_as_zero():
    (row,) = table.table_of([made_up("validation")], made_up_trials([0.0, 0.5])).to_dict("records")
    assert row["experiments"] == 9
    assert (row["lost"], row["short"]) == (1, 0)
    assert row["estimate"] == pytest.approx(0.54)


def test_a_world_too_small_for_the_study_is_named_and_counted():
    (row,) = table.table_of([made_up("validation")], made_up_trials([0.0], short=3)).to_dict("records")
    assert (row["experiments"], row["lost"], row["short"]) == (9, 1, 3)
    assert made_up_trials([], 1)[-1].failure == "short: 5 applicants, the study had 100"
    require(90, 100, "applicants")
    with pytest.raises(ShortError, match="89 applicants, the study had 100"):
        require(89, 100, "applicants")


def test_a_row_that_most_experiments_could_not_look_at_says_nothing():
    (row,) = table.table_of([made_up("validation")], made_up_trials([0.0], short=20)).to_dict("records")
    assert (row["verdict"], row["counts"]) == ("no data", False)


def test_each_seed_has_a_posterior_draw_of_its_own(monkeypatch):
    """So the spread over experiments is that of chance and parameters together, not that of one odd draw."""
    monkeypatch.setattr(trial, "posterior_in_use", lambda region, source: SimpleNamespace(values=range(256)))
    monkeypatch.setattr(trial, "perform", lambda task: {})
    monkeypatch.setattr(trial, "run_all", lambda perform, tasks, workers, tell: [Done({}, "")] * len(tasks))
    tasks = [found.task for found in trial.trials([made_up("validation")], 300, 2, 1, lambda *_: None)]
    assert [(task.seed, task.draw) for task in tasks if task.source == "posterior"] == [(seed + 1, seed % 256) for seed in range(300)]
    assert [task.draw for task in tasks if task.source == "prior"] == [1, 2]


def test_a_planted_effect_raises_the_treated_alone_and_by_its_size():
    luck = (np.arange(1000) * 0.618) % 1.0
    treated = np.arange(1000) % 2 == 0
    figures = planted(np.where(np.arange(1000) == 0, np.nan, 2.0), treated, 0.3, luck)
    assert math.isnan(figures[0]) and set(figures[1:][treated[1:]]) == {2.3} and set(figures[~treated]) == {2.0}
    answers = np.where(np.arange(1000) < 400, 1.0, 0.0)
    raised = planted(answers, treated, 0.2, luck)
    assert raised[treated].mean() - answers[treated].mean() == pytest.approx(0.2, abs=0.02)
    assert np.array_equal(raised[~treated], answers[~treated]) and set(raised) == {0.0, 1.0}
    assert planted(answers, treated, 0.9, luck)[treated].mean() == 1.0, "no more than there are"


def test_every_null_declares_what_its_control_plants():
    for row in (row for study in studies() for row in study.rows):
        assert bool(row.plant_note) == row.is_null, row.id
        assert not row.lo <= row.plant <= row.hi, row.id


@pytest.mark.parametrize(
    ("role", "prior", "counts"), [("validation", [0.0, 0.0, 0.5], True), ("validation", [0.5, 0.5, 0.0], False), ("seen", [0.0], False)]
)
def test_a_row_counts_as_a_test_only_if_few_priors_pass_it_and_it_entered_nowhere(role, prior, counts):
    (row,) = table.table_of([made_up(role)], made_up_trials(prior)).to_dict("records")
    assert row["counts"] is counts


def test_an_unknown_study_is_refused_with_the_nearest():
    with pytest.raises(SpecError, match="no study 'V9'"):
        table.selected(["V9"])


def test_too_few_experiments_are_refused():
    with pytest.raises(SpecError, match="seeds"):
        table.evidence(["V1"], seeds=1, draws=1)


def test_every_row_belongs_to_one_study_and_has_an_interval_and_two_labels():
    rows = [row for study in studies() for row in study.rows]
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.lo < row.hi, row.id
        assert row.label_en and row.label_zh and row.unit, row.id
        assert row.kind != "interval" or row.lo <= row.published <= row.hi, row.id


def imported_by(path):
    """Names of modules that a file imports, relative ones with their dots."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_input_imports_a_validation_study():
    for path in (FOLDER / "inputs").glob("*.py"):
        assert not [name for name in imported_by(path) if "validation" in name], path.name
