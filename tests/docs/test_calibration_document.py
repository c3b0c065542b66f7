"""The document on calibration says what the shipped posterior holds."""

from pathlib import Path

import pytest

from ecosim import document as model_document
from ecosim import regions
from ecosim.calibration import document
from ecosim.calibration.course import LEAST_SHIPPED
from ecosim.errors import DataError
from ecosim.sources import refuse_foreign

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "calibration.md").read_text(encoding="utf-8")
SHIPPED = [found for name in regions.names() if (found := regions.posterior(name)) is not None]


def test_the_tables_of_the_document_are_current():
    told = "run: python -m ecosim.calibration.document docs/calibration.md"

    assert model_document.filled(TEXT, document.TABLES) == TEXT, told


def test_every_table_there_is_stands_in_the_document_once():
    assert sorted(name for _, name, _ in model_document.MARKED.findall(TEXT)) == sorted(document.TABLES)


def test_a_region_without_a_posterior_is_said_to_have_none(monkeypatch):
    monkeypatch.setattr(regions, "posterior", lambda region: None)

    assert document.TABLES["free"]() == document.NONE_YET
    with pytest.raises(DataError, match="asks for a table"):
        model_document.filled("<!-- table: streams -->\n<!-- end of table -->", document.TABLES)


@pytest.mark.parametrize("shipped", SHIPPED, ids=[found.region for found in SHIPPED])
def test_a_shipped_posterior_is_of_this_model_and_these_data_with_draws_enough(shipped):
    refuse_foreign(shipped)

    assert shipped.about["data_sha256"] == regions.load(shipped.region).sha256
    assert len(set(shipped.prior_draws)) == len(shipped.values) >= LEAST_SHIPPED
