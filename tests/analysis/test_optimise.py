"""The best use of a budget in a fictional city, and the analyses from the command line."""

import json

import pandas as pd
import pytest

import ecosim
from ecosim import cli
from ecosim.experiments import results as results_module
from ecosim.experiments.envelopes import envelopes_from

CAP = "policies.innovation_voucher.cap"
GRID = {
    "scenarios": ["sandbox/baseline", "sandbox/voucher"],
    "factors": {CAP: [50_000, 100_000, 200_000]},
    "draws": 6,
    "seeds": 2,
    "outcomes": ["certified@2020", "public_outlay@total", "tax_forgone@total"],
}
MORRIS = {
    "factors": {"parameters.research.follow": {"low": 0.4, "high": 0.9}, CAP: {"low": 1e4, "high": 9e4}},
    "design": {"kind": "morris", "points": 5},
}


def numbers(run):
    """More certified firms under the second scenario, at a price, with some noise that scenarios share."""
    more = run.setting.scenario.name == "sandbox_voucher"
    return [20.0 + run.draw + 0.1 * run.seed + more * (2.0 + 0.1 * run.draw), 1e6 + 5e5 * more + 1e3 * run.draw * more, 1e5]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "en")


@pytest.fixture
def folder_of(monkeypatch, tmp_path, sweep_of):
    """Stands in for the store of a sweep whose answers are known."""

    def placed(values, answer):
        swept = sweep_of(values, answer)
        monkeypatch.setattr(results_module, "open_results", lambda folder: swept)
        monkeypatch.setattr("ecosim.experiments.comparing.open_results", lambda folder: swept)
        return str(tmp_path)

    return placed


@pytest.mark.slow
def test_the_best_shares_of_a_budget_are_found_beside_their_controls(request):
    """No budget does least for real R&D, and the near-optimal set holds the front."""
    asked = {
        "name": "shares",
        "scenario": "sandbox/baseline",
        "envelopes": ["policies.innovation_voucher.budget", "policies.rd_grant.budget"],
        "objectives": ["real_rd@2020"],
        "until": "2020Q4",
        "trials": 6,
        "population": 3,
        "draws": 3,
        "parameters": "prior",
    }
    found = ecosim.optimise(envelopes_from(asked, request.config.rootpath), workers=1)
    table = found.table.set_index("allocation")

    assert list(table.index[:3]) == ["status_quo", "equal_split", "zero_budget"]
    assert table.loc["status_quo", "real_rd@2020:difference"] == 0.0
    assert table.loc["zero_budget", "real_rd@2020"] == table["real_rd@2020"].min()
    assert table.loc["zero_budget", "public_cost"] < table.loc["status_quo", "public_cost"]
    assert table.loc[table["front"], "near"].all() and table["front"].any()
    assert len(table) == 9 and not found.lost
    assert (found.near["least"] <= found.near["most"]).all()
    again = ecosim.optimise(envelopes_from(asked, request.config.rootpath), workers=1)
    assert again.table.equals(found.table)


def test_compare_reads_a_sweep_where_it_is_given_a_folder(folder_of, tmp_path, capsys):
    folder = folder_of(GRID, numbers)

    assert cli.app(["compare", folder, "--outcome", "certified@2020", "--out", str(tmp_path / "out")]) == 0

    said = capsys.readouterr().out
    assert "Holm over 3 tests" in said and "+2.25*" in said
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {
        "differences.csv",
        "levels.csv",
        "prices.csv",
        "acceptability.csv",
        "effects.png",
        "acceptability.png",
        "results.xlsx",
        "manifest.json",
    } <= files
    prices = pd.read_csv(tmp_path / "out" / "prices.csv")
    assert (prices["per_lo"] < prices["per_unit"]).all() and (prices["per_unit"] < prices["per_hi"]).all()


def test_every_analysis_leaves_tables_and_a_figure_in_either_language(folder_of, tmp_path, capsys):
    folder = folder_of({**GRID, "scenarios": ["sandbox/baseline"]}, numbers)
    assert cli.app(["robust", folder, "--outcome", "certified@2020>=21", "--out", str(tmp_path / "robust"), "--lang", "zh"]) == 0
    assert cli.app(["power", folder, "--outcome", "certified@2020", "--out", str(tmp_path / "power"), "--detect", "2%"]) == 0
    folder = folder_of(MORRIS, lambda run: [run.setting.factors[CAP]])
    assert cli.app(["sensitivity", folder, "--out", str(tmp_path / "sensitivity"), "--lang", "zh"]) == 0

    said = capsys.readouterr().out
    assert "遗憾" in said and "with a chance of 80%" in said and "基本效应" in said
    for name, figure in (("robust", "robustness.png"), ("sensitivity", "sensitivity.png")):
        assert (tmp_path / name / figure).stat().st_size > 5_000
        assert json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
    assert pd.read_csv(tmp_path / "power" / "power.csv")["draws"].min() >= 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare", "DIR", "--correction", "bonferoni"], "no correction 'bonferoni'"),
        (["compare", "DIR", "--against", "nobody"], "no scenario or point 'nobody'"),
        (["power", "DIR", "--detect", "much"], "no size of a difference"),
        (["power", "DIR", "--half-width", "-1"], "--half-width"),
        (["sensitivity", "DIR"], "'grid'"),
        (["robust", "DIR", "--outcome", "certified@2031"], "kept no outcome 'certified@2031'"),
        (["discover", "DIR", "--outcome", "certified>4"], "no target"),
    ],
)
def test_a_question_that_a_sweep_cannot_answer_is_refused_in_one_message(folder_of, capsys, words, said):
    folder = folder_of(GRID, numbers)

    assert cli.app([folder if word == "DIR" else word for word in words]) == 2
    assert said in capsys.readouterr().err
