"""A calibration from its first run to its posterior, on the fictional city with a tiny budget."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ecosim import parameters, regions
from ecosim.calibration import Plan, calibrate, journal, plan_for
from ecosim.calibration import course as course_of
from ecosim.calibration.free import places
from ecosim.calibration.record import moments_table, parameters_table, write_posterior
from ecosim.calibration.targets import Target, misfits, targets_of
from ecosim.errors import EcosimError, SpecError
from ecosim.fit.table import measured
from ecosim.scenario import load

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "scenarios" / "sandbox" / "baseline.yaml"
ROWS = ("claims_2020", "contracts_yearly_2016_2020", "rd_growth_2020")
FREE = ("tax.claimed_share", "partners.search", "knowledge.fade")
BUDGET = 240
TRUTH = next(draw for draw in range(777_777, 777_977) if (np.abs(places([draw], FREE)[0] - 0.5) < 0.3).all())


def city():
    """Ten fictional cities in one, so that chance between seeds is small, with every parameter but the free ones at its centre."""
    settled = {name: prior.value for name, prior in parameters.catalogue().items() if name not in FREE}
    return load(BASELINE).vary("population_scale", 10.0).vary_all({f"parameters.{name}": value for name, value in settled.items()})


def observed(draw, seed):
    """Data as if the fictional city lived with the parameters of one prior draw."""
    scenario, pack = city(), regions.load("sandbox")
    found = measured(scenario, pack, parameters.traits(parameters.values(draw, dict(scenario.parameters))), seed, ROWS)
    return tuple(Target(key, key, value, 0.05 * abs(value)) for key, value in zip(ROWS, found, strict=True))


def plan(targets, budget=BUDGET):
    return Plan(city().vary("end", "2021Q4"), targets, FREE, budget)


@pytest.fixture(scope="module")
def truth():
    """A draw that no calibration of this size will simulate, away from the ends of its priors, where no median can lie."""
    return TRUTH


@pytest.fixture(scope="module")
def recovered(truth, tmp_path_factory):
    """The posterior where the truth is known."""
    folder = tmp_path_factory.mktemp("recovered") / "one"
    found = calibrate(plan(observed(truth, 99)), folder, workers=1)
    return found, write_posterior(found, folder)


def test_parameters_that_the_moments_tell_are_found_again(recovered, truth):
    """Claims follow the share that may be claimed, contracts the search for partners."""
    found, _ = recovered
    true, kept = places([truth], FREE)[0], places(found.draws, FREE)

    for at in (0, 1):
        assert abs(np.median(kept[:, at]) - true[at]) < 0.25
        assert kept[:, at].std() < 0.85 * np.sqrt(1 / 12)


def test_the_posterior_is_nearer_to_the_data_than_the_prior(recovered):
    found, _ = recovered
    before, after = (np.median(np.abs(misfits(runs, found.plan.targets, found.noise)), axis=0)[:2] for runs in (found.before, found.after))

    assert (after < before).all()


def test_every_row_of_the_posterior_is_a_prior_draw_that_was_simulated(recovered):
    found, shipped = recovered

    assert len(set(shipped.prior_draws)) == len(shipped.prior_draws) == found.plan.rows
    for draw, values in zip(shipped.prior_draws, shipped.values, strict=True):
        whole = parameters.values(draw, {})
        assert dict(values) == {name: whole[name] for name in FREE}


def test_the_posterior_says_how_it_was_made(recovered):
    found, shipped = recovered
    told = shipped.about

    assert (told["region"], told["model"], told["priors_sha256"]) == ("sandbox", parameters.MODEL, parameters.priors_hash())
    assert (told["data_sha256"], told["budget"]) == (regions.load("sandbox").sha256, BUDGET)
    assert told["runs"] == found.work.runs > 0.9 * BUDGET and told["seconds_of_runs"] > 0.0
    assert set(told["moments"]) == set(ROWS) and set(told["free"]) == set(FREE)
    assert {"numpy", "scikit-learn", "statsmodels"} <= set(told["libraries"])
    assert told["distance"]["nearest"] <= told["distance"]["median"] <= told["distance"]["farthest"]


def test_the_table_of_parameters_shows_what_the_data_moved_and_what_not(recovered):
    _, shipped = recovered
    table = parameters_table(shipped).set_index("parameter")

    assert set(table.index[table["free"]]) == set(FREE)
    assert table.loc["tax.claimed_share", "shrinkage"] > 0.15
    assert abs(table.loc["market.interest", "shrinkage"]) < 0.5
    assert abs(table.loc[~table["free"], "shrinkage"].median()) < 0.1
    assert not table.loc["market.interest", "moved"]
    assert (table["posterior_lo"] <= table["posterior_median"]).all() and (table["posterior_median"] <= table["posterior_hi"]).all()


def test_moments_that_say_nothing_leave_the_prior_as_it_is(tmp_path):
    """With data so vague that every draw is near, the posterior is the first prior draws."""
    vague = tuple(target._replace(spread=1e6 * (1.0 + abs(target.value))) for target in observed(0, 1))
    found = calibrate(plan(vague, 80), tmp_path / "vague", workers=1)

    assert found.draws == tuple(range(found.plan.rows))


def test_two_workers_give_the_posterior_of_one(recovered, truth, tmp_path):
    found, shipped = recovered
    again = calibrate(plan(observed(truth, 99)), tmp_path / "two", workers=2)
    written = write_posterior(again, tmp_path / "two")

    assert again.draws == found.draws
    assert written.file.read_bytes() == shipped.file.read_bytes()


KILLED = """
import sys
from pathlib import Path
from tests_of_calibration import TRUTH, observed, plan
from ecosim.calibration import calibrate
if __name__ == "__main__":
    calibrate(plan(observed(TRUTH, 99)), Path(sys.argv[1]), workers=2)
"""


def runs_in(folder):
    path = folder / journal.FILE
    try:
        return len(journal.finished(path)) if path.exists() else 0
    except journal.sqlite3.OperationalError:
        return 0


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal of POSIX")
def test_a_killed_calibration_goes_on_to_the_same_bytes(recovered, truth, tmp_path):
    _, shipped = recovered
    (tmp_path / "script.py").write_text(KILLED, encoding="utf-8")
    (tmp_path / "tests_of_calibration.py").write_text(Path(__file__).read_text(encoding="utf-8").replace(
        "Path(__file__).resolve().parents[2]", repr(ROOT).replace("PosixPath", "Path")), encoding="utf-8")  # fmt: skip
    folder = tmp_path / "killed"
    process = subprocess.Popen([sys.executable, str(tmp_path / "script.py"), str(folder)], start_new_session=True)
    limit = time.monotonic() + 120
    while runs_in(folder) < 20 and time.monotonic() < limit and process.poll() is None:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = runs_in(folder)

    found = calibrate(plan(observed(truth, 99)), folder, resume=True, workers=1)

    assert 20 <= before < BUDGET
    assert write_posterior(found, folder).file.read_bytes() == shipped.file.read_bytes()


def test_a_run_that_fails_is_named_and_counted_and_no_zero(tmp_path, monkeypatch):
    lived = course_of.measured

    def breaking(scenario, pack, scalars, seed, ids):
        if seed == 7:
            raise EcosimError("money does not close")
        return lived(scenario, pack, scalars, seed, ids)

    monkeypatch.setattr(course_of, "measured", breaking)
    found = calibrate(plan(observed(0, 1), 80), tmp_path / "broken", workers=1)

    assert {draw for draw, _ in found.work.failures} >= {6} or {seed for _, seed in found.work.failures} == {7}
    assert all("money does not close" in why for why in found.work.failures.values())
    assert 6 not in found.draws


# What is refused


def test_a_second_start_in_the_same_folder_is_refused(recovered, truth):
    found, shipped = recovered

    with pytest.raises(SpecError, match="has been begun.*--resume"):
        calibrate(found.plan, shipped.file.parent, workers=1)


def test_a_resume_without_a_start_is_refused(tmp_path):
    with pytest.raises(SpecError, match="nothing to resume"):
        calibrate(plan(observed(0, 1)), tmp_path / "none", resume=True, workers=1)


def test_the_folder_of_another_calibration_is_refused_with_what_differs(recovered):
    found, shipped = recovered
    other = Plan(found.plan.scenario, found.plan.targets, found.plan.free, BUDGET + 1)

    with pytest.raises(SpecError, match=f"another calibration: budget was {BUDGET} and is {BUDGET + 1}"):
        calibrate(other, shipped.file.parent, resume=True, workers=1)


def test_a_folder_with_other_files_or_a_torn_journal_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SpecError, match="holds other files"):
        calibrate(plan(observed(0, 1)), tmp_path, workers=1)
    (tmp_path / journal.FILE).write_text("no database, only words", encoding="utf-8")
    with pytest.raises(SpecError, match="no journal"):
        calibrate(plan(observed(0, 1)), tmp_path, resume=True, workers=1)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("workers", [0, 65])
def test_an_impossible_number_of_workers_is_refused(tmp_path, workers):
    with pytest.raises(SpecError, match="workers: .* out of range"):
        calibrate(plan(observed(0, 1)), tmp_path / "none", workers=workers)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("region", "options", "refusal", "said"),
    [
        ("nantnog", {}, SpecError, "Did you mean 'nantong'"),
        ("sandbox", {"budget": 0}, SpecError, "0 runs are out of range"),
        ("sandbox", {"budget": 200, "shipped": True}, SpecError, "from 1600"),
        ("nantong", {"file": BASELINE}, SpecError, "'sandbox' is of sandbox, not of nantong"),
        ("sandbox", {"file": Path("nowhere.yaml")}, SpecError, "nowhere.yaml"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(region, options, refusal, said):
    with pytest.raises(refusal, match=said):
        plan_for(region, **({"file": None} | options))


def test_a_scenario_that_fixes_a_free_parameter_is_refused(tmp_path):
    path = tmp_path / "fixed.yaml"
    text = BASELINE.read_text(encoding="utf-8")
    path.write_text(f"{text}\nparameters:\n  research.speed: 0.2\n", encoding="utf-8")

    with pytest.raises(SpecError, match="fixes free parameters: research.speed"):
        plan_for("sandbox", path)


def test_moments_of_the_region_are_told_beside_its_data(tmp_path):
    scenario = load(BASELINE)
    whole = Plan(scenario, targets_of(regions.load("sandbox")), FREE, 80)
    shipped = write_posterior(calibrate(whole, tmp_path / "whole", workers=1), tmp_path / "whole")
    table = moments_table(shipped)

    assert table["id"].tolist() == ["rd_growth_2020"]
    assert table["verdict"].isin(["inside", "near", "missed"]).all()
