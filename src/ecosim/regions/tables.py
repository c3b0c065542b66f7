"""The tables of a region pack: columns are declared here; a file that differs is refused with its line."""

import csv
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..quantity import parse_quarter

Texts = tuple[str, ...]
Lists = tuple[tuple[str, ...], ...]
Column = NDArray[np.float64] | NDArray[np.int64] | Texts | Lists
"""Numbers are read-only arrays; words, and lists of words, are tuples."""

Table = Mapping[str, Column]
"""Name of the column -> its cells, in the order of the rows."""

GRADES = ("A", "B", "C", "D", "assumed", "fictional")
"""A official page, B press or university, C second-hand copy, D derived; an assumed number has a range."""


@dataclass(frozen=True)
class Layout:
    """The columns of one table by kind; the file holds them all, in any order, and nothing else."""

    texts: str = ""
    numbers: str = ""
    counts: str = ""
    quarters: str = ""
    lists: str = ""
    unique: tuple[str, ...] = ("key",)
    """The columns that together name a row."""

    def kinds(self) -> dict[str, str]:
        """Column -> kind."""
        named = vars(self)
        return {column: kind for kind in READERS for column in named[kind].split()}


def _number(cell: str) -> float:
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(f"{cell!r} is not a finite number")
    return value


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


READERS: Mapping[str, Callable[[str], object]] = {
    "texts": str,
    "numbers": _number,
    "counts": int,
    "quarters": parse_quarter,
    "lists": _list,
}
"""Kind of column -> how a cell is read."""

_ORIGIN = " unit grade source"

TABLES: Mapping[str, Layout] = {
    "figures": Layout("key label_en label_zh note" + _ORIGIN, "value low high", "year"),
    "sectors": Layout(
        "key label_en label_zh kind note" + _ORIGIN,
        "firms_share revenue_share rd_intensity_relative growth_weight share_industrial share_other share_sme share_tenant uncertainty",
        "manufacturing year",
    ),
    "classes": Layout("key label_en label_zh field" + _ORIGIN, "share_national", "index year"),
    "sector_classes": Layout("sector class", "weight", unique=("sector", "class")),
    "relatedness": Layout("class_i class_j", "relatedness", unique=("class_i", "class_j")),
    "districts": Layout(
        "key label_en label_zh note" + _ORIGIN,
        "firm_share carrier_share distance_to_shanghai_km distance_to_centre_km uncertainty",
        "urban year",
    ),
    "institutes": Layout(
        "id name_zh name_en kind place city note" + _ORIGIN,
        "distance_km research_stock office_strength uncertainty",
        "capacity named year",
        lists="classes",
        unique=("id",),
    ),
    "carriers": Layout(
        "id name_zh name_en stage level district focus_class note" + _ORIGIN,
        "area_m2 quality uncertainty",
        "places named year",
        unique=("id",),
    ),
    "agencies": Layout(
        "id name_zh name_en note" + _ORIGIN,
        "reach fee_share uncertainty",
        "named year",
        lists="classes",
        unique=("id",),
    ),
    "investors": Layout(
        "id name_zh name_en kind stage note" + _ORIGIN,
        "committed committed_low committed_high called public_share",
        "life_years age_years year",
        unique=("id",),
    ),
    "environment": Layout("note" + _ORIGIN, "demand_index low high", quarters="quarter", unique=("quarter",)),
    "growth": Layout(
        "known_by note" + _ORIGIN,
        "real_growth deflator nominal_growth_mean nominal_growth_sd nominal_growth_low nominal_growth_high autocorrelation",
        "year",
        unique=("year",),
    ),
    "history": Layout("indicator note" + _ORIGIN, "value low high", "year", unique=("indicator", "year")),
    "pools": Layout("place label_en label_zh note" + _ORIGIN, "distance_km rd_yuan low high", "year", unique=("place",)),
    "moments": Layout("id label_en label_zh kind note" + _ORIGIN, "value low high", "year", unique=("id",)),
}
"""Table -> its columns. The meaning of each column is told in the README of the pack."""


def read_table(path: Path, layout: Layout) -> Table:
    """Read one table. Raises DataError, with file and line, for a wrong header, cell, grade or double row."""
    kinds = layout.kinds()
    cells: dict[str, list[Any]] = {column: [] for column in kinds}
    for line, row in _rows(path, kinds):
        for column, kind in kinds.items():
            try:
                cells[column].append(READERS[kind](row[column]))
            except ValueError as error:
                raise DataError(f"{path.name}:{line}: column {column!r}: {error}") from error
        if "grade" in kinds and row["grade"] not in GRADES:
            raise DataError(f"{path.name}:{line}: grade {row['grade']!r} is none of {', '.join(GRADES)}")
        if "source" in kinds and not (row["source"] and row["unit"]):
            raise DataError(f"{path.name}:{line}: a number without unit or source; give both")
    _refuse_double_rows(path, list(zip(*(cells[column] for column in layout.unique), strict=True)))
    return MappingProxyType({column: _column(kinds[column], found) for column, found in cells.items()})


def _rows(path: Path, kinds: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row of a file with exactly these columns."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = set(reader.fieldnames or ())
            if header != set(kinds):
                wrong = ", ".join(sorted(header ^ set(kinds)))
                raise DataError(f"{path.name}:1: these columns are missing or not known: {wrong}")
            for row in reader:
                if None in row or None in row.values():
                    raise DataError(f"{path.name}:{reader.line_num}: this row has not {len(kinds)} cells")
                yield reader.line_num, row
    except FileNotFoundError as error:
        raise DataError(f"the region pack {path.parent.name!r} has no {path.name}") from error


def _refuse_double_rows(path: Path, rows: list[tuple[object, ...]]) -> None:
    if len(set(rows)) < len(rows):
        double = next(row for place, row in enumerate(rows) if row in rows[:place])
        raise DataError(f"{path.name}: {' and '.join(str(part) for part in double)} stands twice")


def _column(kind: str, cells: list[Any]) -> Column:
    if kind in ("texts", "lists"):
        return tuple(cells)
    array: NDArray[Any] = np.array(cells, dtype=np.float64 if kind == "numbers" else np.int64)
    array.setflags(write=False)
    return array
