"""Tables of columns: state is declared once, with type, unit and meaning, and every other face of it is derived.

A table is a NamedTuple whose fields are one-dimensional arrays of equal length, one row per agent. Kernels take tables, Mesa
windows show one row of them, and the model document prints them. Stocks of money are in yuan, rates of money in yuan per year.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from .kernel import inlined_kernel, kernel

EIGHT = 8
"""Flags that are looked at together: as many as an integer has bytes."""

SPARE = 2
"""A column has half as much room again as it has rows."""


class Column(NamedTuple):
    """Meaning of one column: storage type, unit, what it says, and the value an empty row holds."""

    dtype: str
    unit: str
    meaning: str
    empty: float = 0.0


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int16]
Flags = NDArray[np.int8]
Quarters = NDArray[np.int32]


def number(unit: str, meaning: str, empty: float = 0.0) -> Column:
    """A real quantity (64-bit float)."""
    return Column("f8", unit, meaning, empty)


def trait(unit: str, meaning: str) -> Column:
    """A quantity that 32-bit floats hold well: a lasting characteristic or a count."""
    return Column("f4", unit, meaning)


def code(meaning: str, empty: float = -1) -> Column:
    """An index into another table, or one of a list of kinds."""
    return Column("i2", "index", meaning, empty)


def flag(meaning: str) -> Column:
    """Yes (1) or no (0)."""
    return Column("i1", "0/1", meaning)


def moment(meaning: str) -> Column:
    """A quarter, counted as year * 4 + (quarter - 1); -1 is never."""
    return Column("i4", "quarter", meaning, -1)


def identity(meaning: str) -> Column:
    """A number that belongs to one agent for ever."""
    return Column("i8", "identity", meaning, -1)


Table = TypeVar("Table", bound=tuple[Any, ...])


@cache
def columns_of(table: type[Table]) -> dict[str, Column]:
    """Name -> Column for every field of a table, in order."""
    found: dict[str, Column] = {}
    for name, hint in get_type_hints(table, include_extras=True).items():
        found[name] = next(part for part in hint.__metadata__ if isinstance(part, Column))
    return found


def allocate(table: type[Table], rows: int) -> Table:
    """A table of `rows` empty rows."""
    return table(*(with_room(np.empty(0, column.dtype), rows, column.empty) for column in columns_of(table).values()))


def enlarged(table: Table, rows: int) -> Table:
    """The same table with room for `rows` rows; the new rows are empty."""
    return type(table)(
        *(with_room(array, rows, column.empty) for array, column in zip(table, columns_of(type(table)).values(), strict=True))
    )


def with_room(array: Any, rows: int, empty: float) -> Any:
    """The same column with room for `rows` rows, the new ones holding `empty`.

    A column is the first part of a longer array, whose memory is not touched until a column grows into it: it then stays in place.
    """
    had, whole = len(array), array.base
    if whole is None or len(whole) < rows:
        whole = np.empty(rows + rows // SPARE, array.dtype)
        whole[:had] = array
    whole[had:rows] = empty
    return whole[:rows]


@kernel
def rows_where(flags: Flags) -> Ints:
    """The rows whose flag is 1, in order. Where they are rare, eight others at a time are passed over; no jump waits for a flag."""
    rows, eights = np.empty(flags.size, np.int64), flags[: flags.size // EIGHT * EIGHT].view(np.int64)
    some, count, found = np.empty(eights.size, np.int64), 0, 0
    for e in range(eights.size):
        some[count] = e * EIGHT
        count += 1 if eights[e] != 0 else 0
    if 2 * count > eights.size:
        return _rows_from(0, flags, rows, found)
    for e in range(count):
        for i in range(some[e], some[e] + EIGHT):
            rows[found] = i
            found += 1 if flags[i] == 1 else 0
    return _rows_from(eights.size * EIGHT, flags, rows, found)


@inlined_kernel
def _rows_from(first: int, flags: Flags, rows: Ints, found: int) -> Ints:
    """The first `found` rows and, from row `first` on, those whose flag is 1."""
    for i in range(first, flags.size):
        rows[found] = i
        found += 1 if flags[i] == 1 else 0
    return rows[:found]


@kernel
def gathered(column: Any, rows: Ints) -> Any:
    """What a column holds in these rows, side by side, so that the loop over it vectorises."""
    found = np.empty(rows.size, column.dtype)
    for f in range(rows.size):
        found[f] = column[rows[f]]
    return found


__all__ = [
    "Annotated",
    "Codes",
    "Column",
    "Flags",
    "Floats",
    "Ints",
    "Quarters",
    "allocate",
    "code",
    "columns_of",
    "enlarged",
    "flag",
    "gathered",
    "identity",
    "moment",
    "number",
    "rows_where",
    "trait",
    "with_room",
]
