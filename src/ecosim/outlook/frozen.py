"""Forecasts, benchmarks and outcomes as they were written down, read back for scoring."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import Fault, Place, SpecError
from ..wording import Words
from .written import Row, number, refuse_double, rows_of

QUANTILE = re.compile(r"q(\d{2})", re.ASCII)
GIVE_OURS = Words("Give the file that `ecosim forecast --out` wrote", "请给出 `forecast --out` 写出的文件")

Cell = tuple[str, int]
"""Indicator and year."""


class Told(NamedTuple):
    """What was said of one indicator in one year: values at the given levels, or a sample if there are no levels."""

    levels: tuple[float, ...]
    values: np.ndarray

    @property
    def is_point(self) -> bool:
        """Whether one number was said and no width."""
        return bool(self.values.min() == self.values.max())

    def quantile(self, level: float) -> float:
        """A quantile: as written where its level was, otherwise in between; nan outside the written levels."""
        if not self.levels:
            return float(np.quantile(self.values, level))
        return float(np.interp(level, self.levels, self.values, left=np.nan, right=np.nan))


def read_forecast(path: Path) -> dict[Cell, Told]:
    """A forecast: columns indicator, year, unit, and either quantiles (q05 ...) or a sample (value, one row a member).

    Raises SpecError with every fault.
    """
    faults: list[Fault] = []
    heading, rows = rows_of(path, (), faults)
    named = sorted(name for name in heading if QUANTILE.fullmatch(name))
    if not named and "value" not in heading:
        there = ", ".join(heading)
        message = Words(
            f"there is no column of quantiles (q05, q25, ...) and no column 'value'; there are {there}",
            f"没有分位数列（q05、q25……），也没有 value 列；现有 {there}",
        )
        raise SpecError([Fault(Place(str(path), 1), message, GIVE_OURS)])
    found = _quantiles(rows, named, str(path), faults) if named else _sample(rows, str(path), faults)
    if faults:
        raise SpecError(faults)
    return found


def read_benchmarks(path: Path) -> dict[str, dict[Cell, Told]]:
    """Benchmarks by name: a forecast file with one column more, `benchmark`. Raises SpecError with every fault."""
    faults: list[Fault] = []
    heading, rows = rows_of(path, ("benchmark",), faults)
    named = sorted(name for name in heading if QUANTILE.fullmatch(name))
    if not named:
        message = Words("there is no column of quantiles (q05, q25, ...)", "没有分位数列（q05、q25……）")
        raise SpecError([Fault(Place(str(path), 1), message, GIVE_OURS)])
    keys = list(dict.fromkeys(row.cells["benchmark"] for row in rows))
    found = {key: _quantiles([row for row in rows if row.cells["benchmark"] == key], named, str(path), faults) for key in keys}
    if faults:
        raise SpecError(faults)
    return found


def read_outcomes(path: Path, forecast: dict[Cell, Told]) -> dict[Cell, float]:
    """What happened: columns indicator, year, unit, value. Raises SpecError with every fault, also for what was not forecast."""
    faults: list[Fault] = []
    file = str(path)
    _, rows = rows_of(path, ("value",), faults)
    refuse_double([(row.indicator, row.year) for row in rows], [row.line for row in rows], file, faults)
    known: dict[str, list[int]] = {}
    for indicator, year in forecast:
        known.setdefault(indicator, []).append(year)
    found: dict[Cell, float] = {}
    for row in rows:
        value = number(row, "value", file, faults)
        if row.indicator not in known:
            faults.append(Fault(Place(file, row.line), _silent_on(row.indicator), _speaks_of(known)))
        elif row.year not in known[row.indicator]:
            years = [str(year) for year in sorted(known[row.indicator])]
            faults.append(Fault(Place(file, row.line), _silent_on(row.indicator, row.year), _speaks_of(years)))
        found[(row.indicator, row.year)] = value
    if faults:
        raise SpecError(sorted(faults, key=lambda fault: fault.place.line if isinstance(fault.place, Place) else 0))
    return found


def _silent_on(indicator: str, year: int | None = None) -> Words:
    """That the forecast does not speak of an indicator, or not in a year."""
    if year is None:
        return Words(f"the forecast says nothing of {indicator}", f"预测中没有 {indicator}")
    return Words(f"the forecast says nothing of {indicator} in {year}", f"预测中没有 {year} 年的 {indicator}")


def _speaks_of(what: Iterable[str]) -> Words:
    """What it does speak of."""
    listed = list(what)
    return Words(f"It speaks of {', '.join(listed)}", f"预测包括 {'、'.join(listed)}")


def _quantiles(rows: list[Row], named: list[str], file: str, faults: list[Fault]) -> dict[Cell, Told]:
    """Cells of a table of quantiles."""
    levels = tuple(int(name[1:]) / 100 for name in named)
    refuse_double([(row.indicator, row.year) for row in rows], [row.line for row in rows], file, faults)
    found = {}
    for row in rows:
        values = np.array([number(row, name, file, faults) for name in named])
        if (np.diff(values) < 0.0).any():
            message = Words(f"the quantiles {', '.join(named)} do not ascend", f"分位数 {'、'.join(named)} 没有递增")
            faults.append(Fault(Place(file, row.line), message, Words("Correct or sort them", "请改正")))
        found[(row.indicator, row.year)] = Told(levels, values)
    return found


def _sample(rows: list[Row], file: str, faults: list[Fault]) -> dict[Cell, Told]:
    """Cells of a table of single worlds."""
    gathered: dict[Cell, list[float]] = {}
    for row in rows:
        gathered.setdefault((row.indicator, row.year), []).append(number(row, "value", file, faults))
    return {cell: Told((), np.array(values)) for cell, values in gathered.items()}
