"""Tables open in a spreadsheet as what they are, and nothing in them runs."""

import json

import openpyxl
import pandas as pd
import pytest

from ecosim.errors import OutputError
from ecosim.report import tables

ROGUE = ["=1+1", "+cmd", "-2", "@SUM(A1)", "创新券"]


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "名称": ROGUE,
            "value": [1.5, float("nan"), -3.0, float("inf"), 0.1],
            "on": [True, False] * 2 + [True],
        }
    )


def test_csv_comes_back_as_written_and_excel_sees_its_encoding(tmp_path):
    written = pd.DataFrame({"名称": ["创新券", "研发补助"], "effect": [-0.1, 0.2]})

    tables.write_csv(written, tmp_path / "t.csv")

    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig"), written)


def test_no_text_in_a_csv_begins_like_a_formula_and_negative_numbers_stay_numbers(tmp_path, table):
    tables.write_csv(table.rename(columns={"on": "=on"}), tmp_path / "t.csv")

    back = pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig")
    assert list(back["名称"]) == ["'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "创新券"]
    assert back["value"][2] == -3.0
    assert "'=on" in back.columns


def test_a_workbook_holds_texts_as_texts_numbers_as_numbers_and_blanks_for_the_missing(tmp_path, table):
    tables.write_workbook({"effects": table, "成本": table.head(1)}, tmp_path / "t.xlsx")

    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows = list(book["effects"].iter_rows(min_row=2))
    assert book.sheetnames == ["effects", "成本"]
    assert [row[0].value for row in rows] == ROGUE
    assert {row[0].data_type for row in rows} == {"s"}
    assert [row[1].value for row in rows] == [1.5, None, -3, None, 0.1]
    assert [row[2].value for row in rows] == [True, False, True, False, True]


def test_the_same_tables_give_the_same_workbook_byte_for_byte(tmp_path, table):
    for name in ("one.xlsx", "two.xlsx"):
        tables.write_workbook({"effects": table}, tmp_path / name)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_table_longer_than_a_sheet_is_refused_by_name(tmp_path):
    endless = pd.DataFrame({"row": range(tables.SHEET_ROWS)})

    with pytest.raises(OutputError, match=r"table 'paths' has 1,048,576 rows"):
        tables.write_workbook({"paths": endless}, tmp_path / "t.xlsx")
    assert not (tmp_path / "t.xlsx").exists()


def test_the_manifest_keeps_its_order_and_its_chinese_and_refuses_what_is_no_number(tmp_path):
    manifest = {"program": "ecosim 0.1.0", "scenario": "南通", "seeds": [0, 1]}

    tables.write_manifest(manifest, tmp_path / "m.json")

    text = (tmp_path / "m.json").read_text(encoding="utf-8")
    assert list(json.loads(text).items()) == list(manifest.items())
    assert "南通" in text
    with pytest.raises(ValueError, match="JSON compliant"):
        tables.write_manifest({"seconds": float("nan")}, tmp_path / "n.json")
