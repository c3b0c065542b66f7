"""Load a region pack: its figures, its tables, its law, and the hash of it all."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import DataError, Fault, SpecError
from ..quantity import parse_quarter
from ..spec.reading import read
from ..wording import Words, suggestion
from .posterior import POSTERIOR_FILES
from .statute import Statute, read_statute
from .tables import TABLES, Table, read_table

FOLDER = Path(__file__).parent
DESCRIPTION = "pack.yaml"


@dataclass(frozen=True)
class Figure:
    """One number with all that is known of it. `low` and `high` equal `value` where no range is known.

    Money is in yuan, shares are parts of one. For a target, `year` is the year it is set for.
    """

    key: str
    value: float
    unit: str
    year: int
    source: str
    grade: str
    low: float
    high: float
    note: str
    label_en: str
    label_zh: str


@dataclass(frozen=True)
class Origin:
    """Where a whole table comes from, for tables of one number a row. `uncertainty` is relative."""

    unit: str
    year: int
    grade: str
    uncertainty: float
    source: str
    note: str


@dataclass(frozen=True, eq=False)
class RegionPack:
    """A region as data. `pack["gdp_2019"]` is a number, `pack.figure(...)` the same with its source."""

    name: str
    label_en: str
    label_zh: str
    fictional: bool
    initial_quarter: int
    """The quarter whose end the population describes."""
    figures: Mapping[str, Figure] = field(repr=False)
    tables: Mapping[str, Table] = field(repr=False)
    origins: Mapping[str, Origin] = field(repr=False)
    statute: Statute = field(repr=False)
    sha256: str

    def __getitem__(self, key: str) -> float:
        """The value of a figure. Raises DataError, naming the nearest, for an unknown key."""
        return self.figure(key).value

    def figure(self, key: str) -> Figure:
        """One figure with its source. Raises DataError, naming the nearest, for an unknown key."""
        if key not in self.figures:
            raise DataError(f"{self.name} has no figure {key!r}. {suggestion(key, self.figures)}")
        return self.figures[key]

    def table(self, name: str) -> Table:
        """One table: column -> read-only array, or tuple of words. Raises DataError for an unknown name."""
        if name not in self.tables:
            raise DataError(f"{self.name} has no table {name!r}. {suggestion(name, self.tables)}")
        return self.tables[name]


def names() -> list[str]:
    """The regions there are: the folders that hold a pack."""
    return sorted(found.parent.name for found in FOLDER.glob(f"*/{DESCRIPTION}"))


@cache
def load(name: str) -> RegionPack:
    """The pack of a region, read once. Raises SpecError for an unknown name, DataError for a torn file."""
    if name not in names():
        message = Words(f"there is no region pack {name!r}", f"没有地区 {name!r}")
        raise SpecError([Fault("region", message, suggestion(name, names()))])
    return read_pack(FOLDER / name)


def read_pack(folder: Path) -> RegionPack:
    """Read a pack from its folder. Raises DataError for a missing, torn or contradictory file."""
    tables = {name: read_table(folder / f"{name}.csv", layout) for name, layout in TABLES.items()}
    figures = {figure.key: figure for figure in _figures(tables.pop("figures"))}
    return RegionPack(
        name=folder.name,
        figures=MappingProxyType(figures),
        tables=MappingProxyType(tables),
        statute=read_statute(folder / "statute.yaml"),
        sha256=_hash(folder),
        **_description(folder / DESCRIPTION),
    )


def _figures(table: Table) -> Iterator[Figure]:
    numbers = {"value": float, "low": float, "high": float, "year": int}
    for row in zip(*table.values(), strict=True):
        cells = dict(zip(table, row, strict=True))
        figure = Figure(**{**cells, **{name: kind(cells[name]) for name, kind in numbers.items()}})
        if not figure.low <= figure.value <= figure.high:
            raise DataError(f"figures.csv: {figure.key} lies outside {figure.low} to {figure.high}")
        if figure.grade == "assumed" and figure.low == figure.high:
            raise DataError(f"figures.csv: {figure.key} is assumed; give low and high")
        yield figure


def _description(path: Path) -> dict[str, Any]:
    """What pack.yaml says, ready for RegionPack."""
    try:
        document = read(path)
        if document.faults:
            raise SpecError(document.faults)
        values: dict[str, Any] = document.values
        origins = {name: Origin(**entry) for name, entry in values["origins"].items()}
        return {
            "label_en": values["label_en"],
            "label_zh": values["label_zh"],
            "fictional": values["fictional"],
            "initial_quarter": parse_quarter(values["initial_quarter"]),
            "origins": MappingProxyType(origins),
        }
    except SpecError as error:
        raise DataError(str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path.parent.name}/{path.name}: {error!r}; compare another pack") from error


def _hash(folder: Path) -> str:
    """SHA-256 over names and contents of the data files, the same for either kind of line end; what was fitted to them is left out."""
    digest = hashlib.sha256()
    files = {*folder.glob("*.csv"), *folder.glob("*.yaml")} - {folder / name for name in POSTERIOR_FILES}
    for path in sorted(files, key=lambda found: found.name):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
