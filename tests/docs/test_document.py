"""The model document says what the code does."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from ecosim import chance, document, levers, outcomes, parameters, policies, schedule
from ecosim.errors import DataError

PATH = Path(__file__).resolve().parents[2] / "docs" / "odd.md"
TEXT = PATH.read_text(encoding="utf-8")
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


def test_the_tables_of_the_model_document_are_current():
    assert document.filled(TEXT) == TEXT, "run: python -m ecosim.document docs/odd.md"


def test_every_table_there_is_stands_in_the_document_once():
    assert sorted(name for _, name, _ in document.MARKED.findall(TEXT)) == sorted(document.TABLES)


def test_the_seven_parts_and_eleven_concepts_of_odd_are_there():
    parts = re.findall(r"^## (\d)\. ", TEXT, re.MULTILINE)
    design = TEXT.partition("## 4. Design concepts")[2].partition("## 5. ")[0]

    assert parts[:7] == list("1234567")
    assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", design, re.MULTILINE) == list(CONCEPTS)


@pytest.mark.parametrize("reference", sorted(set(re.findall(r"`([a-z_]+\.(?!csv)[a-z_]+)`", re.sub(r"^\|.*", "", TEXT, flags=re.M)))))
def test_a_rule_or_parameter_that_the_text_names_exists(reference):
    module, _, name = reference.partition(".")
    if name == "py":
        assert (PATH.parents[1] / "src" / "ecosim" / reference).exists()
    elif reference not in parameters.catalogue():
        assert hasattr(import_module(f"ecosim.agents.{module}"), name)


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("schedule", [stage.name for stage in schedule.QUARTER]),
        ("parameters", list(parameters.catalogue())),
        ("outcomes", [outcome.key for outcome in outcomes.CATALOGUE]),
        ("streams", [stream.name for stream in chance.Stream]),
        ("instruments", list(policies.names())),
        ("levers", [*levers.declared(levers.FirmLevers), *levers.declared(levers.CityLevers)]),
    ],
)
def test_a_table_leaves_nothing_out(table, names):
    written = document.TABLES[table]()

    assert [name for name in names if f"`{name}`" not in written] == []


def test_no_cell_can_break_its_table():
    assert document.cell("a | b\nc") == "a \\| b c"
    assert document.markdown(("one", "two"), [(1, "x")]) == "| one | two |\n| --- | --- |\n| 1 | x |\n"


def test_an_old_table_is_written_anew_and_the_text_around_it_stays(tmp_path):
    path = tmp_path / "odd.md"
    path.write_text("before\n<!-- table: sources -->\nold\n<!-- end of table -->\nafter\n", encoding="utf-8")

    document.main([str(path)])

    lines = path.read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    assert "old" not in lines
    assert "| A | official page |" in "\n".join(lines)


def test_a_mark_for_an_unknown_table_is_refused():
    with pytest.raises(DataError, match="'figure'; there are entities"):
        document.filled("<!-- table: figure -->\n<!-- end of table -->")
