"""A table of points in a CSV or XLSX file beside the plan: one column for each factor, one row for each point."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

from ..errors import Fault, Place, SpecError
from ..spec.scalars import plain_value
from ..spec.text_file import refusal
from ..wording import Words

LARGEST_BYTES = 20_000_000
LARGEST_UNPACKED = 200_000_000
LARGEST_RATIO = 200
"""An XLSX file that unpacks to more, or to so many times its size, is refused before it is opened."""
MOST_COLUMNS = 1_000


def read_table(folder: Path, name: str, place: Place | str) -> list[dict[str, Any]]:
    """The rows of a table in `folder`: heading -> value. Raises SpecError at `place`, or at the row in the file."""
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        is_there = path.is_file()
    except (OSError, ValueError, RuntimeError):
        inside, is_there = True, False
    if not inside:
        raise refusal(place, Words(f"{name!r} leads out of the folder of the plan", f"{name!r} 超出计划所在文件夹"), _beside())
    if not is_there:
        raise refusal(place, Words(f"there is no file {name!r}", f"没有文件 {name!r}"), _beside())
    if path.stat().st_size > LARGEST_BYTES:
        most = LARGEST_BYTES // 1_000_000
        raise refusal(place, Words(f"{name!r} is larger than {most} MB", f"{name!r} 大于 {most} MB"), Words("Split it", "请拆分"))
    cells = _sheet(path, place) if path.suffix.lower() == ".xlsx" else _lines(path)
    return _rows(cells, str(path))


def _beside() -> Words:
    return Words("Put a CSV or XLSX file beside the plan and write its name", "请把 CSV 或 XLSX 文件放在计划旁边并写出文件名")


def _lines(path: Path) -> list[list[Any]]:
    """The cells of a CSV file in UTF-8, with numbers read as in a scenario."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = Words("Save it as CSV UTF-8", "请另存为 CSV UTF-8")
        raise refusal(Place(str(path)), Words("the file is not UTF-8", "文件不是 UTF-8"), remedy) from error
    try:
        return [[plain_value(cell.strip()) for cell in line] for line in csv.reader(io.StringIO(text), strict=True)]
    except csv.Error as error:
        raise refusal(Place(str(path)), Words(f"this is not CSV ({error})", "这不是 CSV"), Words("Save it anew", "请重新保存")) from error


def _sheet(path: Path, place: Place | str) -> list[list[Any]]:
    """The cells of the first sheet of a workbook, opened only after its unpacked size is known to be modest."""
    broken = Words(f"{path.name!r} is no XLSX file", f"{path.name!r} 不是 XLSX 文件")
    again = Words("Save it anew, or as CSV", "请重新保存，或存为 CSV")
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise refusal(place, broken, again) from error
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * path.stat().st_size:
        message = Words(f"{path.name!r} unpacks to {unpacked / 1e6:,.0f} MB", f"{path.name!r} 解压后有 {unpacked / 1e6:,.0f} MB")
        raise refusal(place, message, Words("Save the table as CSV", "请把表存为 CSV"))
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            cells = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, OSError, ValueError) as error:
        raise refusal(place, broken, again) from error
    return [[_number(cell) for cell in line] for line in cells]


def _number(cell: Any) -> Any:
    """A cell of a sheet: whole numbers as such, text trimmed, nothing for an empty one."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return plain_value(cell.strip()) if isinstance(cell, str) else cell


def _rows(cells: list[list[Any]], file: str) -> list[dict[str, Any]]:
    """Rows below the heading, none empty. Raises SpecError with the faults of all rows."""
    heads = [str(cell) for cell in cells[0]] if cells else []
    if not heads or len(heads) > MOST_COLUMNS or "None" in heads or len(set(heads)) < len(heads):
        message = Words("the first row does not name every column once", "第一行没有给每列一个不同的名称")
        raise refusal(Place(file, 1), message, Words("Write the path of a factor over each column", "请在每列上方写因素的路径"))
    found, faults = [], []
    for number, line in enumerate(cells[1:], start=2):
        if all(cell is None for cell in line):
            continue
        if len(line) != len(heads) or None in line:
            message = Words(
                f"this row has {sum(cell is not None for cell in line)} values", f"本行有 {sum(cell is not None for cell in line)} 个值"
            )
            faults.append(Fault(Place(file, number), message, Words(f"Give {len(heads)}", f"请给出 {len(heads)} 个")))
        else:
            found.append(dict(zip(heads, line, strict=True)))
    if faults:
        raise SpecError(faults[:20])
    return found
