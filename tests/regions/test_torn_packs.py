"""A pack that is missing, torn or contradicts itself is refused, and the message says where."""

import shutil

import pytest

from ecosim import regions
from ecosim.errors import DataError
from ecosim.regions.pack import FOLDER, read_pack


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(FOLDER / "sandbox", tmp_path / "sandbox")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


TEARS = [
    ("sectors.csv", "revenue_share", "turnover", "sectors.csv:1: .*revenue_share, turnover"),
    ("sectors.csv", "industry,1,0.35", "industry,1,much", "sectors.csv:2: column 'firms_share'"),
    ("sectors.csv", "industry,1,0.35", "industry,1,nan", "not a finite number"),
    ("sectors.csv", "industry,1,0.35", "industry,1,0.35,0.35", "sectors.csv:2: this row has not"),
    ("districts.csv", "hills,Hills", "harbour,Hills", "districts.csv: harbour stands twice"),
    ("districts.csv", "fictional", "Z", "grade 'Z' is none of A, B"),
    ("districts.csv", "made up for teaching and tests", "", "without unit or source"),
    ("environment.csv", "2019Q2", "2019-2", "'2019-2' is not a quarter"),
    ("statute.yaml", "general_rate:", "generous_rate:", "general_rate, generous_rate"),
    ("statute.yaml", "2000Q1: 0.25", "then: 0.25", "general_rate: .*'then' is not a quarter"),
    ("statute.yaml", "  unit: share of taxable profit\n", "", "general_rate: .*unit"),
    ("statute.yaml", "general_rate:", "general_rate: 1\ngeneral_rate:", "stands twice"),
    ("pack.yaml", "2019Q4", "end of 2019", "'end of 2019' is not a quarter"),
    ("pack.yaml", "label_en", "label", "label_en"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), TEARS)
def test_a_torn_file_is_refused_with_its_place(copy, file, old, new, message):
    edit(copy / file, old, new)
    with pytest.raises(DataError, match=message):
        read_pack(copy)


@pytest.mark.parametrize("file", ["sectors.csv", "figures.csv", "statute.yaml", "pack.yaml"])
def test_a_missing_file_is_named(copy, file):
    (copy / file).unlink()
    with pytest.raises(DataError, match=file):
        read_pack(copy)


def test_a_figure_outside_its_own_range_is_refused(copy):
    edit(copy / "figures.csv", "rd_growth_2020,0.103,0.103", "rd_growth_2020,0.103,0.104")
    with pytest.raises(DataError, match="rd_growth_2020 lies outside"):
        read_pack(copy)


def test_an_assumed_figure_without_a_range_is_refused(copy):
    edit(copy / "figures.csv", "fictional", "assumed")
    with pytest.raises(DataError, match="gdp_2018 is assumed; give low and high"):
        read_pack(copy)


def test_the_hash_follows_the_data_and_not_the_line_ends(copy):
    shipped = regions.load("sandbox").sha256
    assert read_pack(copy).sha256 == shipped
    (copy / "sectors.csv").write_bytes((copy / "sectors.csv").read_bytes().replace(b"\n", b"\r\n"))
    assert read_pack(copy).sha256 == shipped
    edit(copy / "sectors.csv", "Textiles", "Textile")
    assert read_pack(copy).sha256 != shipped
