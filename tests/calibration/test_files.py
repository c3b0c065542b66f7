"""What a calibration leaves behind: files, tables in two languages, a figure, and a posterior in the pack."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecosim import cli_checks, regions, run
from ecosim.calibration import Plan, calibrate, document
from ecosim.calibration.record import about, correlations, parameters_table
from ecosim.calibration.targets import targets_of
from ecosim.cli import USER_ERROR, app
from ecosim.regions.posterior import read_posterior
from ecosim.report import calibration_files
from ecosim.report.calibration_plot import identifiability
from ecosim.scenario import load

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "scenarios" / "sandbox" / "baseline.yaml"
FILES = {
    "identifiability.png", "journal.sqlite", "manifest.json", "moments.csv", "parameters.csv", "posterior.csv", "posterior.yaml",
    "results.xlsx",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "en")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A calibration by the command line, in Chinese."""
    folder = tmp_path_factory.mktemp("out") / "sandbox"
    words = ["calibrate", "sandbox", "--scenario", str(BASELINE), "--budget", "40", "--workers", "1", "--out", str(folder)]
    assert app([*words, "--lang", "zh"]) == 0
    return folder


def test_the_folder_holds_the_posterior_with_its_tables_and_figure(done):
    assert {path.name for path in done.iterdir() if not path.name.startswith("journal.sqlite-")} == FILES
    assert len(pd.read_csv(done / "posterior.csv")) == 5
    assert set(pd.read_csv(done / "moments.csv")["id"]) == {"rd_growth_2020"}


def test_a_finished_calibration_resumed_says_the_same_again(done, capsys):
    before = (done / "posterior.csv").read_bytes()
    words = ["calibrate", "sandbox", "--scenario", str(BASELINE), "--budget", "40", "--workers", "1", "--out", str(done)]

    assert app([*words, "--resume"]) == 0
    said = capsys.readouterr().out
    assert "Posterior of sandbox: 5 draws out of" in said and "Free parameters" in said and "Moments aimed at" in said
    assert (done / "posterior.csv").read_bytes() == before
    assert app(words) == USER_ERROR
    assert "Add --resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["calibrate", "nowhere"], "no region pack 'nowhere'"),
        (["calibrate", "sandbox", "--scenario", str(BASELINE), "--budget", "0"], "0 runs are out of range"),
        (["calibrate", "sandbox", "--scenario", str(BASELINE), "--budget", "80", "--install"], "from 1600"),
        (["calibrate", "sandbox", "--scenario", str(BASELINE), "--resume", "--out", "no-such-folder"], "nothing to resume"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_and_leaves_nothing(words, said, capsys):
    assert app(words) == USER_ERROR
    assert said in capsys.readouterr().err
    assert not Path("no-such-folder").exists()


def test_a_posterior_put_into_its_pack_is_what_runs_take(done, tmp_path, monkeypatch):
    shutil.copytree(Path(regions.__file__).parent / "sandbox", tmp_path / "sandbox")
    for module in (calibration_files, sys.modules["ecosim.regions.posterior"]):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    regions.posterior.cache_clear()
    try:
        shipped = calibration_files.installed("sandbox", done)
        told = run(BASELINE, draw=2, until="2020Q2").manifest["calibration"]
    finally:
        monkeypatch.undo()
        regions.posterior.cache_clear()

    assert shipped.file.parent == tmp_path / "sandbox"
    assert told == f"posterior of sandbox, {shipped.about['date']}, {shipped.sha256[:12]}"


def test_a_pack_that_cannot_be_written_is_named(done, tmp_path, monkeypatch):
    monkeypatch.setattr(calibration_files, "FOLDER", tmp_path / "nowhere")

    with pytest.raises(calibration_files.OutputError, match="the posterior is in .* but could not be put into .*nowhere"):
        calibration_files.installed("sandbox", done)


def test_the_figure_shows_every_free_parameter_in_both_languages(done):
    shipped = read_posterior(done)
    table = parameters_table(shipped)
    free = table[table["free"]]
    for language in ("en", "zh"):
        bars, field = identifiability(free, correlations(shipped), language).axes
        assert len(bars.patches) == len(free) == len(field.get_xticks())
    assert np.allclose(np.diag(correlations(shipped)), 1.0)


def test_the_documents_tables_say_what_the_posterior_holds(done):
    shipped = read_posterior(done)

    assert all(f"`{name}`" in document.free_table(shipped) for name in shipped.values[0])
    assert "Growth of R&D 2020" in document.moments(shipped)
    assert "keep their prior" in document.others_table(shipped)
    assert "| draws | 5 |" in document.about(shipped)


def test_the_commands_that_check_are_all_there():
    assert {"fit", "evidence", "calibrate"} <= cli_checks.COMMANDS.keys()


def test_a_plan_made_by_hand_says_so(tmp_path):
    plan = Plan(load(BASELINE), targets_of(regions.load("sandbox")), ("tax.payout", "research.speed"), 40)

    assert about(calibrate(plan, tmp_path / "hand", workers=1))["free"]["tax.payout"] == "named by hand"
