"""Tables that were written down: forecasts, benchmarks and outcomes as CSV, with every fault by its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import Fault, Place, SpecError, system_reason
from ..spec.faults import shown
from ..spec.text_file import refusal
from ..wording import Words, suggestion
from .indicators import BY_KEY

LARGEST_BYTES = 20 * 1024 * 1024
YEAR = re.compile(r"\d{4}", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
"""A number whose thousands are separated; any other comma may be a decimal one and is refused."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

CHECK_PATH = Words("Check the path", "请检查路径")
SAVE_AS = Words("Save it again in Excel: Save as, 'CSV UTF-8'", "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”")
GIVE_ROWS = Words("Give a heading and at least one row", "请给出表头和至少一行数据")

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
            raise refusal(here, Words("this is a folder", "这是文件夹"), Words("Name the CSV file inside it", "请写出其中的 CSV 文件"))
        raw = path.read_bytes() if path.stat().st_size <= LARGEST_BYTES else None
    except FileNotFoundError as error:
        raise refusal(here, Words("there is no such file", "没有这个文件"), CHECK_PATH) from error
    except OSError as error:
        reason = system_reason(error)
        raise refusal(here, Words(f"the file cannot be read ({reason})", f"无法读取文件（{reason.zh}）"), CHECK_PATH) from error
    except ValueError as error:
        raise refusal(Place(repr(str(path))), Words(f"this is not a path ({error})", "这不是路径"), CHECK_PATH) from error
    if raw is None:
        most = LARGEST_BYTES // 2**20
        raise refusal(
            here, Words(f"the file is larger than {most} MB", f"文件大于 {most} MB"), Words("Give the table alone", "请只保留表格")
        )
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refusal(here, Words("this is an Excel workbook", "这是 Excel 工作簿"), SAVE_AS)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(raw, error, str(path)) from error
    if not text.strip():
        raise refusal(here, Words("the file is empty", "文件是空的"), GIVE_ROWS)
    return text


def _not_utf8(raw: bytes, error: UnicodeDecodeError, file: str) -> SpecError:
    """The first byte that is not UTF-8, and what the file probably is."""
    line = raw[: error.start].count(b"\n") + 1
    first = f"{raw[error.start]:#04x}"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = Words("the file is saved as UTF-16", "文件编码为 UTF-16")
    elif _is_gbk(raw):
        message = Words(
            f"byte {first} is not UTF-8; the file looks like GBK, as Excel writes CSV in Chinese",
            f"字节 {first} 不是 UTF-8；文件很可能是 Excel 默认保存的 GBK 编码",
        )
    else:
        message = Words(f"byte {first} is not UTF-8", f"字节 {first} 不是 UTF-8")
    return refusal(Place(file, line), message, SAVE_AS)


def _is_gbk(raw: bytes) -> bool:
    """Whether bytes that are not UTF-8 make sense as GBK."""
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def rows_of(path: Path, columns: Sequence[str], faults: list[Fault]) -> tuple[tuple[str, ...], list[Row]]:
    """Heading and rows of a table that has `indicator`, `year`, `unit` and `columns`; others may be there too.

    Faults of rows are added to `faults`, and such rows left out. Raises SpecError if the table cannot be read as one.
    """
    file = str(path)
    lines = _lines(csv.reader(io.StringIO(text_of(path), newline=""), strict=True), file)
    at, found = next(lines)
    heading = tuple(name.strip() for name in found)
    _refuse_heading(Place(file, at), heading, ("indicator", "year", "unit", *columns))
    rows = []
    for line, cells in lines:
        if len(cells) != len(heading):
            counts = (len(cells), len(heading))
            message = Words(f"this row has {counts[0]} cells, the heading {counts[1]}", f"这一行有 {counts[0]} 格，表头有 {counts[1]} 格")
            faults.append(Fault(Place(file, line), message, Words("Give one cell for each column", "请每列填一格")))
            continue
        row = _row(Place(file, line), dict(zip(heading, (cell.strip() for cell in cells), strict=True)), faults)
        if row is not None:
            rows.append(row)
    if not rows and not faults:
        raise refusal(Place(file), Words("there is a heading and no row", "只有表头，没有数据行"), GIVE_ROWS)
    return heading, rows


def _refuse_heading(place: Place, heading: Sequence[str], wanted: Sequence[str]) -> None:
    """Raise SpecError for a heading that lacks a column or has one twice."""
    missing = ", ".join(name for name in wanted if name not in heading)
    if missing:
        there = ", ".join(shown(name) for name in heading)
        message = Words(f"column {missing} is missing; there are {there}", f"缺少列 {missing}；现有 {there}")
        names = ",".join(wanted)
        raise refusal(place, message, Words(f"Begin the file with the line {names}", f"请以这一行开头：{names}"))
    double = ", ".join(sorted({name for name in heading if heading.count(name) > 1}))
    if double:
        raise refusal(place, Words(f"column {double} stands twice", f"列 {double} 出现了两次"), Words("Take one away", "请删去一个"))


def _lines(reader: Iterator[list[str]], file: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every line that holds something."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = int(getattr(reader, "line_num", 0))
            message = Words(f"this is no row of a CSV table ({error})", "这一行不是 CSV 表格的行")
            raise refusal(Place(file, line), message, Words("Check quotation marks and line ends", "请检查引号与换行")) from error
        if any(cell.strip() for cell in cells):
            yield int(getattr(reader, "line_num", 0)), cells


def _row(place: Place, cells: dict[str, str], faults: list[Fault]) -> Row | None:
    """One row, or None and a fault for each cell that cannot be used."""
    before = len(faults)
    name, year, unit = cells["indicator"], cells["year"], cells["unit"]
    if name not in BY_KEY:
        faults.append(Fault(place, Words(f"there is no indicator {shown(name)}", f"没有指标 {shown(name)}"), suggestion(name, BY_KEY)))
    if not YEAR.fullmatch(year):
        remedy = Words("Write four digits, such as 2023", "请写四位数字，如 2023")
        faults.append(Fault(place, Words(f"{shown(year)} is no year", f"{shown(year)} 不是年份"), remedy))
    own = BY_KEY[name].unit if name in BY_KEY else ""
    allowed = [spelled for spelled, (kind, _) in UNITS.items() if kind == own] or list(UNITS)
    if unit not in allowed:
        message = Words(f"there is no unit {shown(unit)}", f"没有单位 {shown(unit)}")
        if own:
            message = Words(f"{shown(unit)} is no unit of {name}", f"{shown(unit)} 不是 {name} 的单位")
        faults.append(Fault(place, message, Words(f"Write {', '.join(allowed)}", f"请写 {'、'.join(allowed)}")))
    if len(faults) > before:
        return None
    return Row(place.line, name, int(year), own, UNITS[unit][1], cells)


def ungrouped(figure: str) -> str:
    """A number without the commas between its thousands; with any other comma as it was."""
    return figure.replace(",", "") if GROUPED.fullmatch(figure) else figure


def number(row: Row, column: str, file: str, faults: list[Fault]) -> float:
    """The number in a cell, in the indicator's own unit; nan and a fault if it is none."""
    cell = ungrouped(row.cells[column])
    value = float(cell) if NUMBER.fullmatch(cell) else math.nan
    if not math.isfinite(value):
        there = shown(row.cells[column])
        message = Words(f"{column}: {there} is no number", f"{column}：{there} 不是数字")
        faults.append(Fault(Place(file, row.line), message, Words("Write digits, such as 3600 or 25.6", "请写数字，如 3600 或 25.6")))
        return math.nan
    return value * row.factor


def refuse_double(rows: Sequence[tuple[object, ...]], lines: Sequence[int], file: str, faults: list[Fault]) -> None:
    """Add a fault for every row whose key stands in an earlier one."""
    seen: dict[tuple[object, ...], int] = {}
    for key, line in zip(rows, lines, strict=True):
        if key in seen:
            what = " ".join(str(part) for part in key)
            message = Words(f"{what} stands in line {seen[key]} already", f"{what} 在第 {seen[key]} 行已出现")
            faults.append(Fault(Place(file, line), message, Words("Keep one of the two", "请保留其中一行")))
        seen.setdefault(key, line)
