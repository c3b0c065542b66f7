"""Tables and the manifest as files that a spreadsheet opens without surprises.

A text that begins like a formula may come from any scenario's name; no spreadsheet may run it.
"""

import datetime
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from ecosim.errors import OutputError
from ecosim.wording import Words

__all__ = ["write_csv", "write_manifest", "write_workbook"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_ROWS = 1_048_576
WIDEST_COLUMN = 48  # characters
FIXED_DATE = datetime.datetime(2000, 1, 1)  # the same results give the same file, byte for byte


def _unarmed(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that Excel reads as UTF-8 in any locale: no index, missing values empty.

    A text that begins with = + - @ gets an apostrophe before it; numbers stay as they are.
    """
    safe = table.map(_unarmed)
    safe.columns = [_unarmed(str(name)) for name in table.columns]
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables as the sheets of one XLSX file: headings frozen and filterable, every text a text.

    Raises OutputError if a table is longer than a sheet.
    """
    for name, table in tables.items():
        if len(table) >= SHEET_ROWS:
            message = f"{path}: table '{name}' has {len(table):,} rows, too many for a sheet; use CSV"
            raise OutputError(Words(message, f"{path}：表 '{name}' 有 {len(table):,} 行，超出工作表上限；请用 CSV"))
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, plain) as workbook:
        workbook.set_properties({"created": FIXED_DATE})
        heading = workbook.add_format({"bold": True, "bottom": 1})
        for name, table in tables.items():
            _write_sheet(workbook.add_worksheet(name), table, heading)


def _write_sheet(sheet: Any, table: pd.DataFrame, heading: Any) -> None:
    """Fill one sheet, column by column."""
    sheet.freeze_panes(1, 0)
    if len(table.columns):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    for at, name in enumerate(table.columns):
        sheet.write_string(0, at, str(name), heading)
        widest = len(str(name))
        for row, cell in enumerate(table.iloc[:, at].tolist(), start=1):
            widest = max(widest, _write_cell(sheet, row, at, cell))
        sheet.set_column(at, at, min(widest + 2, WIDEST_COLUMN))


def _write_cell(sheet: Any, row: int, at: int, cell: object) -> int:
    """Write one cell by its kind, blank if missing or infinite, and return its width in characters."""
    if isinstance(cell, str):
        sheet.write_string(row, at, cell)
        return len(cell) if cell.isascii() else sum(2 if ord(sign) > 0x2E7F else 1 for sign in cell)  # a Chinese character is two wide
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
        return 5
    if isinstance(cell, int | float):
        if math.isfinite(cell):
            sheet.write_number(row, at, cell)
        return 12
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return 0
    return _write_cell(sheet, row, at, str(cell))


def write_manifest(manifest: Mapping[str, Any], path: Path) -> None:
    """Write where results come from, as JSON in the order given.

    Raises ValueError for a number that is not finite and TypeError for a value that JSON does not know.
    """
    written = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(written + "\n", encoding="utf-8", newline="\n")
