"""The page on evidence shows the results beside it, and these have a row for every published figure."""

from pathlib import Path

from ecosim import document as model_document
from ecosim.evidence import document
from ecosim.evidence.study import studies

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_current():
    assert model_document.filled(TEXT, document.tables(PAGE)) == TEXT, "run: python -m ecosim.evidence.document docs/evidence.md"


def test_every_table_there_is_stands_in_the_page_once():
    assert sorted(name for _, name, _ in model_document.MARKED.findall(TEXT)) == sorted(document.tables(PAGE))


def test_no_published_figure_is_missing_and_none_is_made_up():
    declared = {row.id: (row.lo, row.hi, study.role) for study in studies() for row in study.rows}
    shown = {row.id: (row.lo, row.hi, row.role) for row in document.results(PAGE).itertuples()}

    assert shown == declared
