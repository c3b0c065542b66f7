"""Notebooks run from top to bottom, and say the same in both languages."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "tutorials"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_FUNCTION = 3
LARGEST = 300_000
"""Characters of a stored notebook: two small figures and a few tables."""


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


SILENT = "cell-02"
"""The imports, which show nothing."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_with_what_it_shows_and_nothing_that_differs_between_machines(path):
    notebook = read(path)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    text = path.read_text(encoding="utf-8")

    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert [cell.id for cell in cells if not cell.outputs] == [SILENT]
    assert not [output for cell in cells for output in cell.outputs if output.get("name") == "stderr" or output.output_type == "error"]
    assert not [cell.id for cell in cells if cell.metadata]
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert not [word for word in ("Warning", "Traceback", str(FOLDER.parents[1]), str(Path.home())) if word in text]
    assert len(text) < LARGEST
