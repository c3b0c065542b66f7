"""A sweep gives the same table for any number of workers, any order, any interruption; what was acknowledged is never lost."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import faulty
import killed
import pytest

import ecosim
from ecosim import lives, schedule
from ecosim.errors import SpecError
from ecosim.experiments import kept, worlds
from ecosim.experiments.export import export
from ecosim.experiments.local import LocalDoor
from ecosim.experiments.results import open_results
from ecosim.experiments.statistics import FEWEST_UNITS
from ecosim.experiments.sweeping import again, sweep
from ecosim.experiments.worlds import World

ROOT = Path(__file__).resolve().parents[2]
KILLS, SEEDS = 6, 8
CAP = "policies.innovation_voucher.cap"


@pytest.fixture(scope="module")
def finished(plan_with, tmp_path_factory):
    """A small sweep of real worlds, lived by two workers."""
    return sweep(plan_with(), tmp_path_factory.mktemp("sweep") / "two", workers=2)


def test_a_sweep_finishes_every_run_with_the_numbers_of_a_run_alone(finished, plan_with):
    table = finished.frame()
    one = table.iloc[13]

    scenario = next(run for run in worlds.runs(plan_with()) if run.run_id == table.index[13]).setting.scenario
    alone = ecosim.run(scenario, int(one["seed"]), draw=int(one["draw"]), parameters="prior")

    assert finished.counts() == {"planned": 32, "done": 32, "failed": 0, "pending": 0}
    assert list(table.columns) == [
        "point", "scenario", "policies.innovation_voucher.cap", "parameters.research.follow", "seed", "draw", "state", "error",
        "seconds", "certified@2020", "real_rd@2020Q2", "sales@total",
    ]  # fmt: skip
    assert one["certified@2020"] == alone.wide().loc[2020, "certified"]
    assert one["sales@total"] == pytest.approx(alone.wide()["sales"].sum(), rel=1e-12)


@pytest.mark.parametrize("workers", [1, 4])
def test_the_table_is_the_same_bytes_for_any_number_of_workers(finished, plan_with, tmp_path, workers):
    other = sweep(plan_with(), tmp_path / "other", workers=workers)

    assert other.digest == finished.digest
    assert export(other, "csv").read_bytes() == export(finished, "csv").read_bytes()


def test_the_table_is_the_same_bytes_in_a_shuffled_order(finished, plan_with, tmp_path, monkeypatch):
    monkeypatch.setattr(worlds, "in_turn", lambda plan, found: random.Random(3).sample(list(found), len(found)))

    assert sweep(plan_with(), tmp_path / "other", workers=2).digest == finished.digest


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_identities_are_the_same_for_any_hash_seed(finished, seed):
    code = (
        "from pathlib import Path; from ecosim.experiments.results import open_results; import sys;"
        "found = open_results(sys.argv[1]); print(found.digest, *[run.run_id for run in found.planned])"
    )
    command, environment = [sys.executable, "-c", code, str(finished.folder)], {**os.environ, "PYTHONHASHSEED": seed}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert said.stdout.split() == [finished.digest, *[run.run_id for run in finished.planned]]


def test_every_run_of_a_sweep_lived_again_alone_gives_the_same_bytes(finished):
    for run_id in finished.runs.index:
        found = again(finished, run_id)

        assert found.same
        assert found.values == finished.values.loc[run_id].to_dict()
    with pytest.raises(SpecError, match="has no run 'nothing'"):
        again(finished, "nothing")


def test_worlds_of_one_draw_and_seed_begin_once_and_go_apart_when_a_policy_does(plan_with, monkeypatch):
    """Four points in two scenarios, of which half have another parameter."""
    factors = {CAP: [{"2020Q1": 50_000, "2020Q4": cap} for cap in (50_000, 100_000)], "parameters.research.follow": [0.5, 0.6]}
    told = worlds_of(plan_with(factors=factors, design={}, seeds=1, draws=1, scenarios=["sandbox/baseline"]))
    begun, quarters = [], []
    world, live_quarter = lives.world, schedule.live_quarter
    monkeypatch.setattr(lives, "world", lambda *given: begun.append(1) or world(*given))
    monkeypatch.setattr(schedule, "live_quarter", lambda region: quarters.append(1) or live_quarter(region))

    together = {each.run_id: finish().tobytes() for each, finish in worlds.live(told)}

    assert (len(begun), len(quarters)) == (2, 2 * (4 + 1))
    assert together == {each.run_id: worlds.live_alone(each).tobytes() for each in told}


def worlds_of(plan):
    """What workers are told of the runs of a plan."""
    columns = kept.columns(plan.outcomes, plan.told[0].quarters)
    return [World(run.run_id, run.setting.scenario, run.draw, run.seed, plan.parameters, columns) for run in worlds.runs(plan)]


def counting(plan, folder, kinds=None, **options):
    """A sweep of worlds that only count."""
    return sweep(plan, folder, engine=faulty.Replacing(killed.HereDoor(), faulty.Faulty(kinds or {})), **options)


def test_runs_that_fail_are_named_and_tried_again_on_resume(plan_with, tmp_path):
    plan = plan_with()
    bad = [run.run_id for run in worlds.runs(plan)[3:5]]

    first = counting(plan, tmp_path / "a", dict.fromkeys(bad, "raises"))
    second = counting(plan, tmp_path / "a", resume=True)

    assert first.counts() == {"planned": 32, "done": 30, "failed": 2, "pending": 0}
    assert set(first.runs.index[first.runs["state"] == "failed"]) == set(bad)
    assert set(first.runs.loc[bad, "error"]) == {"ValueError: no such price"}
    assert second.counts()["done"] == 32
    assert second.digest == counting(plan, tmp_path / "b").digest


def test_a_finished_sweep_that_is_resumed_lives_nothing(plan_with, tmp_path):
    before = counting(plan_with(), tmp_path / "a")

    after = counting(plan_with(), tmp_path / "a", dict.fromkeys(before.runs.index, "raises"), resume=True)

    assert after.digest == before.digest


def test_a_plan_that_changed_is_refused_with_what_changed(plan_with, tmp_path):
    counting(plan_with(), tmp_path / "a")

    with pytest.raises(SpecError, match=r"plan.seeds was 2 and is 3"):
        counting(plan_with(seeds=3), tmp_path / "a", resume=True)


def test_equal_worlds_of_different_points_are_lived_once(plan_with, tmp_path):
    factors = {"policies.rd_grant": ["off"], "policies.rd_grant.share": [0.2, 0.3]}
    plan = plan_with(factors=factors, design={}, scenarios=["sandbox/baseline"])

    found = counting(plan, tmp_path / "a")

    assert len(found.ended) == 4
    assert found.counts()["done"] == 8
    assert len(found.frame()) == 8


def test_seeds_are_added_where_the_interval_is_wide_until_the_most(plan_with, tmp_path):
    rule = {"outcome": "certified@2020", "half_width": 1e9, "at_most": FEWEST_UNITS + 3}
    narrow = counting(plan_with(stop=rule), tmp_path / "a")
    wide = counting(plan_with(stop={**rule, "half_width": 1e-9}), tmp_path / "b")
    broken = counting(plan_with(stop={**rule, "half_width": 1e-9}), tmp_path / "c", progress=None)

    assert narrow.frame()["seed"].max() == FEWEST_UNITS
    assert wide.frame().groupby(["point", "scenario"])["seed"].max().eq(rule["at_most"]).all()
    assert broken.digest == wide.digest


@pytest.mark.parametrize(("kind", "start"), [("csv", b"\xef\xbb\xbfrun_id,point"), ("xlsx", b"PK"), ("parquet", b"PAR1")])
def test_an_export_is_whole_or_not_there(finished, kind, start, monkeypatch):
    path = export(finished, kind)
    assert path.read_bytes().startswith(start)

    before = path.read_bytes()
    monkeypatch.setattr(type(path), "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ecosim.OutputError, match="No space left"):
        export(finished, kind)
    assert path.read_bytes() == before
    assert not list(finished.folder.glob(".*partial*"))


def test_a_text_that_begins_like_a_formula_is_disarmed_in_an_export(plan_with, tmp_path):
    bad = worlds.runs(plan_with())[0].run_id
    found = counting(plan_with(), tmp_path / "a", {bad: "raises"})
    found.runs.loc[bad, "error"] = "=cmd|' /C calc'!A0"

    assert "'=cmd|" in export(found, "csv").read_text(encoding="utf-8-sig")


def test_an_unknown_format_is_refused_with_those_there_are(finished):
    with pytest.raises(SpecError, match="Known are parquet, csv, xlsx"):
        export(finished, "stata")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("engine", ["here", "local"])
def test_whatever_the_moment_a_sweep_is_killed_no_acknowledged_run_is_lost(tmp_path, engine):
    killed.prepare(tmp_path, SEEDS)
    chance, kept = random.Random(1), {}

    for number in range(KILLS if engine == "here" else 2):
        process = killed.start(tmp_path, engine, resume=number > 0)
        said = process.stdout.readline()
        while not number and said.split()[-1] == "0":
            said += process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.3))
        process.kill()
        said += process.communicate()[0]
        stored = {run_id: each.found for run_id, each in open_results(tmp_path / "out").ended.items()}
        assert len(stored) >= int(said.rpartition("\n")[0].split()[-1])
        assert {run_id: stored.get(run_id) for run_id in kept} == kept
        kept = stored
        assert number or 0 < len(kept) < 400
    last = killed.start(tmp_path, engine, resume=True)
    assert last.communicate()[1] == ""

    unbroken = counting(ecosim.load_plan(tmp_path / "plan.yaml"), tmp_path / "unbroken")
    assert export(open_results(tmp_path / "out"), "csv").read_bytes() == export(unbroken, "csv").read_bytes()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_workers_end_with_their_parent(tmp_path):
    killed.prepare(tmp_path, SEEDS)
    process = killed.start(tmp_path, "local")
    while int(process.stdout.readline() or 400) < 5:
        pass
    children = [int(child) for task in Path(f"/proc/{process.pid}/task").glob("*/children") for child in task.read_text().split()]

    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline and any(Path(f"/proc/{child}").exists() for child in children):
        time.sleep(0.1)

    assert len(children) >= 2
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_a_door_of_no_workers_or_an_unknown_engine_is_refused_before_anything_is_written(plan_with, tmp_path):
    for options in ({"workers": 0}, {"engine": "ray"}):
        with pytest.raises(SpecError):
            sweep(plan_with(), tmp_path / "a", **options)
    assert not (tmp_path / "a").exists()
    LocalDoor(1).close()
