"""Notebooks run from top to bottom, and say the same in both languages."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "tutorials"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_FUNCTION = 3


def read(path):
    return nbformat.read(path, as_version=4)


def code(path):
    """The code cells, without the line that names the language."""
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    return [cell.replace('language = "zh"', 'language = "en"') for cell in cells]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path):
    """The cells run in a process of their own; the one thing said aside is that Mesa's progress bar has no widgets here."""
    notebook = read(path)

    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": FOLDER}}).execute()

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr" and "tqdm" not in output["text"]]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2


def test_both_languages_run_the_same_code():
    for path in FOLDER.glob("*_en.ipynb"):
        assert code(path) == code(path.with_name(path.name.replace("_en", "_zh")))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_model_code_hides_in_a_cell(path):
    for cell in code(path):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert isinstance(node, ast.FunctionDef), node.name
                assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs(path):
    assert not [cell for cell in read(path).cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
