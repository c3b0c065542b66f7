"""The posterior of the parameters that a region pack may ship: equally weighted draws, and how they were made.

posterior.csv has one row a draw. `prior_draw` is its number in the sequence of prior draws, from which every
parameter without a column takes its value; the other columns are the free parameters, in full precision.
"""

import csv
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import DataError, SpecError
from ..spec.reading import read

FOLDER = Path(__file__).parent
POSTERIOR_FILES = ("posterior.csv", "posterior.yaml")
LEADING = ("draw", "prior_draw")
NEEDED = ("region", "date", "model", "point", "priors_sha256", "data_sha256")
"""What posterior.yaml must say for the draws to be used; it says more, see `ecosim.calibration`."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the free parameters of one region, with their origin.

    prior_draws: row -> number of the prior draw; values: row -> free parameter -> yearly value; about: what
    posterior.yaml says.
    """

    region: str
    file: Path
    prior_draws: tuple[int, ...]
    values: tuple[Mapping[str, float], ...] = field(repr=False)
    about: Mapping[str, Any] = field(repr=False)
    sha256: str

    @property
    def point(self) -> int:
        """Row of the one draw that stands for all."""
        return int(self.about["point"])


@cache
def posterior(region: str) -> Posterior | None:
    """The posterior that the pack of a region ships, read once; None if it ships none."""
    shipped = read_posterior(FOLDER / region)
    if shipped is not None and shipped.region != region:
        raise DataError(f"{shipped.file} is of {shipped.region}, not of {region}; make it anew with `ecosim calibrate {region} --install`")
    return shipped


def read_posterior(folder: Path) -> Posterior | None:
    """Read a posterior from a folder; None if there is none. Raises DataError for a torn or lonely file."""
    table, told = (folder / name for name in POSTERIOR_FILES)
    if not table.exists() and not told.exists():
        return None
    about = _about(told)
    prior_draws, values = _rows(table)
    if about["point"] not in range(len(values)):
        raise DataError(f"{told}: point {about['point']!r} is no row of {table.name}, which has {len(values)}")
    if about.get("rows") != len(values):
        raise DataError(f"{told} speaks of {about.get('rows')} rows, {table.name} has {len(values)}; ship the two of one calibration")
    content = table.read_bytes().replace(b"\r\n", b"\n")
    return Posterior(str(about["region"]), table, prior_draws, values, about, hashlib.sha256(content).hexdigest())


def _about(path: Path) -> Mapping[str, Any]:
    """What posterior.yaml says."""
    try:
        document = read(path)
    except SpecError as error:
        raise DataError(f"{path}: {error}; make it anew with `ecosim calibrate {path.parent.name} --install`") from error
    told: Mapping[str, Any] = document.values
    missing = [name for name in NEEDED if name not in told]
    if document.faults or missing:
        wrong = str(SpecError(document.faults)) if document.faults else f"it lacks {', '.join(missing)}"
        raise DataError(f"{path}: {wrong}; make it anew with `ecosim calibrate {path.parent.name} --install`")
    return MappingProxyType(told)


def _rows(path: Path) -> tuple[tuple[int, ...], tuple[Mapping[str, float], ...]]:
    """Numbers of the prior draws and values of the free parameters, row by row."""
    numbers, values = [], []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = list(reader.fieldnames or ())
            if names[:2] != list(LEADING) or len(names) < 3 or len(set(names)) < len(names):
                raise DataError(f"{path}:1: the columns must be draw, prior_draw and the free parameters, none twice")
            for place, row in enumerate(reader):
                if int(row["draw"]) != place or int(row["prior_draw"]) < 0:
                    raise ValueError("draws are counted from 0, and prior draws are not negative")
                found = {name: float(row[name]) for name in names[2:]}
                if len(row) != len(names) or not all(math.isfinite(value) for value in found.values()):
                    raise ValueError(f"it has not {len(names)} finite numbers")
                numbers.append(int(row["prior_draw"]))
                values.append(MappingProxyType(found))
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing, but {POSTERIOR_FILES[1]} is there; ship both or neither") from error
    except (TypeError, ValueError, csv.Error, OSError) as error:
        raise DataError(f"{path}: row {len(values)}: {error}") from error
    if not values:
        raise DataError(f"{path} holds no draw")
    return tuple(numbers), tuple(values)
