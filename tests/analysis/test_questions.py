"""The ready questions: their plans can be run, their READMEs say what was found, their notebooks run."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ecosim import document
from ecosim.experiments.envelopes import load_envelopes
from ecosim.experiments.plan import load_plan
from ecosim.experiments.worlds import count_runs

FOLDER = Path(__file__).resolve().parents[2] / "experiments"
QUESTIONS = sorted(path.parent for path in FOLDER.glob("*/plan.yaml"))
PLANS = sorted([*FOLDER.glob("*/plan.yaml"), *FOLDER.glob("*/screen.yaml")])
A_FEW_MINUTES = 600
"""Runs of the city that a laptop lives in a few minutes."""


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.name if path.is_dir() else f"{path.parent.name}/{path.name}")


def test_the_six_questions_are_there():
    asked = {"allocation", "cheapest_mix", "next_100_million", "voucher_rate_cap_envelope", "what_drives", "when_vouchers_fail"}

    assert {path.name for path in QUESTIONS} == asked


@each(PLANS)
def test_a_plan_is_read_without_a_fault_and_is_small(path):
    assert 50 < count_runs(load_plan(path)) <= A_FEW_MINUTES


def test_the_envelopes_of_the_cheapest_mix_can_be_divided():
    assert load_envelopes(FOLDER / "cheapest_mix" / "envelopes.yaml").amount() > 1e8


@each(QUESTIONS)
def test_a_readme_has_question_design_and_a_verdict_that_was_measured(path):
    text = (path / "README.md").read_text(encoding="utf-8")
    ((_, name, _),) = document.MARKED.findall(text)
    verdict = text.partition("<!-- table: verdict -->")[2].partition("<!-- end of table -->")[0]

    assert name == "verdict" and "## Design" in text
    assert re.search(r"\d", verdict) and "| --- |" in verdict
    for file in re.findall(r"experiments/[\w/]+\.yaml", text):
        assert (FOLDER.parent / file).is_file()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@each(QUESTIONS)
def test_its_notebook_runs_from_top_to_bottom_and_draws(path):
    if path.name == "when_vouchers_fail":
        pytest.importorskip("ema_workbench", reason="discovery is an extra")
    notebook = nbformat.read(path / "look.ipynb", as_version=4)

    NotebookClient(notebook, timeout=250, kernel_name="python3", resources={"metadata": {"path": path}}).execute()

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
