"""Tables that were written down: forecasts, benchmarks and outcomes as CSV, with every fault by its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import Fault, Place, SpecError
from ..spec.faults import nearest, shown
from .indicators import BY_KEY

LARGEST_BYTES = 20 * 1024 * 1024
YEAR = re.compile(r"\d{4}", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

UNITS = {
    "firms": ("firms", 1.0), "家": ("firms", 1.0),
    "yuan": ("yuan", 1.0), "元": ("yuan", 1.0), "万元": ("yuan", 1e4), "亿元": ("yuan", 1e8),
    "million yuan": ("yuan", 1e6), "billion yuan": ("yuan", 1e9),
    "share": ("share", 1.0), "%": ("share", 0.01),
    "index": ("index", 1.0), "指数": ("index", 1.0),
}  # fmt: skip
"""Unit a file may use -> the unit of forecasts, and what a number is multiplied by."""


class Row(NamedTuple):
    """One line of a table whose first columns are understood; numbers are in the indicator's own unit."""

    line: int
    indicator: str
    year: int
    unit: str
    factor: float
    cells: dict[str, str]


def text_of(path: Path) -> str:
    """The text of a CSV file. Raises SpecError for what is not there, not UTF-8, or empty."""
    here = Place(str(path))
    try:
        if path.is_dir():
            raise SpecError([Fault(here, "this is a folder", "Name the CSV file inside it")])
        raw = path.read_bytes() if path.stat().st_size <= LARGEST_BYTES else None
    except FileNotFoundError as error:
        raise SpecError([Fault(here, "there is no such file", "Check the path")]) from error
    except (OSError, ValueError) as error:
        raise SpecError([Fault(here, f"the file cannot be read ({error})", "Check the path and its permissions")]) from error
    if raw is None:
        raise SpecError([Fault(here, f"the file is larger than {LARGEST_BYTES // 2**20} MB", "Give the table alone")])
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SpecError([Fault(here, "this is an Excel workbook", "Save the sheet as 'CSV UTF-8' in Excel")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError([_not_utf8(raw, error, str(path))]) from error
    if not text.strip():
        raise SpecError([Fault(here, "the file is empty", "Give a heading and at least one row")])
    return text


def _not_utf8(raw: bytes, error: UnicodeDecodeError, file: str) -> Fault:
    """The first byte that is not UTF-8, and what the file probably is."""
    line = raw[: error.start].count(b"\n") + 1
    kind, probably = "", raw[error.start : error.start + 2]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        kind = "; it is UTF-16"
    elif len(probably) == 2 and 0x81 <= probably[0] <= 0xFE and probably[1] >= 0x40:
        kind = "; it looks like GBK, as Excel writes CSV in Chinese"
    message = f"byte {raw[error.start]:#04x} is not UTF-8{kind}"
    return Fault(Place(file, line), message, "Save it again as 'CSV UTF-8' (Excel: Save as, CSV UTF-8; 另存为 CSV UTF-8)")


def rows_of(path: Path, columns: Sequence[str], faults: list[Fault]) -> tuple[tuple[str, ...], list[Row]]:
    """Heading and rows of a table that has `indicator`, `year`, `unit` and `columns`; others may be there too.

    Faults of rows are added to `faults`, and such rows left out. Raises SpecError if the table cannot be read as one.
    """
    file = str(path)
    reader = csv.reader(io.StringIO(text_of(path), newline=""), strict=True)
    lines = _lines(reader, file)
    at, found = next(lines)
    heading = tuple(name.strip() for name in found)
    missing = [name for name in ("indicator", "year", "unit", *columns) if name not in heading]
    if missing:
        there = ", ".join(shown(name) for name in heading)
        remedy = f"Name the columns {', '.join(('indicator', 'year', 'unit', *columns))}, separated by commas"
        raise SpecError([Fault(Place(file, at), f"column {', '.join(missing)} is missing; there are {there}", remedy)])
    double = sorted({name for name in heading if heading.count(name) > 1})
    if double:
        raise SpecError([Fault(Place(file, at), f"column {', '.join(double)} stands twice", "Take one of the two away")])
    rows = []
    for line, cells in lines:
        if len(cells) != len(heading):
            faults.append(
                Fault(Place(file, line), f"this row has {len(cells)} cells, the heading {len(heading)}", "Give one cell for each column")
            )
            continue
        row = _row(Place(file, line), dict(zip(heading, (cell.strip() for cell in cells), strict=True)), faults)
        if row is not None:
            rows.append(row)
    if not rows and not faults:
        raise SpecError([Fault(Place(file), "there is a heading and no row", "Give at least one row")])
    return heading, rows


def _lines(reader: Iterator[list[str]], file: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every line that holds something."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = int(getattr(reader, "line_num", 0))
            raise SpecError(
                [Fault(Place(file, line), f"this is no row of a CSV table ({error})", "Check quotation marks and line ends")]
            ) from error
        if any(cell.strip() for cell in cells):
            yield int(getattr(reader, "line_num", 0)), cells


def _row(place: Place, cells: dict[str, str], faults: list[Fault]) -> Row | None:
    """One row, or None and a fault for each cell that cannot be used."""
    before = len(faults)
    name, year, unit = cells["indicator"], cells["year"], cells["unit"]
    if name not in BY_KEY:
        close = nearest(name, BY_KEY)
        remedy = f"Did you mean {close!r}?" if close else f"Known are {', '.join(BY_KEY)}"
        faults.append(Fault(place, f"there is no indicator {shown(name)}", remedy))
    if not YEAR.fullmatch(year):
        faults.append(Fault(place, f"{shown(year)} is no year", "Write four digits, such as 2023"))
    own = BY_KEY[name].unit if name in BY_KEY else ""
    allowed = [spelled for spelled, (kind, _) in UNITS.items() if kind == own] or list(UNITS)
    if unit not in allowed:
        what = f"{shown(unit)} is no unit of {name}" if own else f"there is no unit {shown(unit)}"
        faults.append(Fault(place, what, f"Write {', '.join(allowed)}"))
    if len(faults) > before:
        return None
    return Row(place.line, name, int(year), own, UNITS[unit][1], cells)


def number(row: Row, column: str, file: str, faults: list[Fault]) -> float:
    """The number in a cell, in the indicator's own unit; nan and a fault if it is none."""
    cell = row.cells[column].replace(",", "")
    value = float(cell) if NUMBER.fullmatch(cell) else math.nan
    if not math.isfinite(value):
        faults.append(
            Fault(Place(file, row.line), f"{column}: {shown(row.cells[column])} is no number", "Write digits, such as 3600 or 25.6")
        )
        return math.nan
    return value * row.factor


def refuse_double(rows: Sequence[tuple[object, ...]], lines: Sequence[int], file: str, faults: list[Fault]) -> None:
    """Add a fault for every row whose key stands in an earlier one."""
    seen: dict[tuple[object, ...], int] = {}
    for key, line in zip(rows, lines, strict=True):
        if key in seen:
            faults.append(
                Fault(Place(file, line), f"{' '.join(str(part) for part in key)} stands in line {seen[key]} already", "Keep one of the two")
            )
        seen.setdefault(key, line)
