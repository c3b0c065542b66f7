"""The posterior of the parameters that a region pack may ship: equally weighted draws, and how they were made.

posterior.csv has one row a draw. `prior_draw` is its number in the sequence of prior draws, from which every
parameter without a column takes its value; the other columns are the free parameters, in full precision.
"""

import csv
import hashlib
import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import DataError, SpecError
from ..spec.reading import read
from ..wording import Words, told

FOLDER = Path(__file__).parent
POSTERIOR_FILES = ("posterior.csv", "posterior.yaml")
LEADING = ("draw", "prior_draw")
NEEDED = ("region", "date", "model", "priors_sha256", "data_sha256")
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

    @cached_property
    def middle(self) -> Mapping[str, float]:
        """Median of each free parameter over the draws."""
        return MappingProxyType({name: statistics.median(row[name] for row in self.values) for name in self.values[0]})


@cache
def posterior(region: str) -> Posterior | None:
    """The posterior that the pack of a region ships, read once; None if it ships none."""
    shipped = read_posterior(FOLDER / region)
    if shipped is not None and shipped.region != region:
        raise _torn(shipped.file, Words(f"it is of {shipped.region}, not of {region}", f"它属于 {shipped.region}，不属于 {region}"))
    return shipped


def read_posterior(folder: Path) -> Posterior | None:
    """Read a posterior from a folder; None if there is none. Raises DataError for a torn or lonely file."""
    table, origin = (folder / name for name in POSTERIOR_FILES)
    if not table.exists() and not origin.exists():
        return None
    about = _about(origin)
    prior_draws, values = _rows(table)
    if about.get("rows") != len(values):
        said, rows = about.get("rows"), len(values)
        raise _torn(origin, Words(f"it speaks of {said} rows, {table.name} has {rows}", f"它说有 {said} 行，而 {table.name} 有 {rows} 行"))
    content = table.read_bytes().replace(b"\r\n", b"\n")
    return Posterior(str(about["region"]), table, prior_draws, values, about, hashlib.sha256(content).hexdigest())


def _torn(path: Path, wrong: Words) -> DataError:
    """The refusal of a file, with how to renew it."""
    renew = f"`ecosim calibrate {path.parent.name} --install`"
    return DataError(Words(f"{path}: {wrong}. Make it anew with {renew}", f"{path}：{wrong.zh}。请用 {renew} 重新生成"))


def _about(path: Path) -> Mapping[str, Any]:
    """What posterior.yaml says."""
    try:
        document = read(path)
    except SpecError as error:
        raise _torn(path, Words(str(error), error.told("zh"))) from error
    about: Mapping[str, Any] = document.values
    missing = [name for name in NEEDED if name not in about]
    if document.faults:
        faults = SpecError(document.faults)
        raise _torn(path, Words(str(faults), faults.told("zh")))
    if missing:
        raise _torn(path, Words(f"it lacks {', '.join(missing)}", f"缺少 {'、'.join(missing)}"))
    return MappingProxyType(about)


def _rows(path: Path) -> tuple[tuple[int, ...], tuple[Mapping[str, float], ...]]:
    """Numbers of the prior draws and values of the free parameters, row by row."""
    numbers, values = [], []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = list(reader.fieldnames or ())
            if names[:2] != list(LEADING) or len(names) < 3 or len(set(names)) < len(names):
                columns = "the columns must be draw, prior_draw and the free parameters, none twice"
                raise _torn(path, Words(columns, "各列须为 draw、prior_draw 和自由参数，且不得重复"))
            for place, row in enumerate(reader):
                if int(row["draw"]) != place or int(row["prior_draw"]) < 0:
                    counted = "draws are counted from 0, and prior draws are not negative"
                    raise ValueError(Words(counted, "draw 从 0 起依次编号，prior_draw 不得为负"))
                found = {name: float(row[name]) for name in names[2:]}
                if len(row) != len(names) or not all(math.isfinite(value) for value in found.values()):
                    raise ValueError(Words(f"it has not {len(names)} finite numbers", f"该行没有 {len(names)} 个有限数"))
                numbers.append(int(row["prior_draw"]))
                values.append(MappingProxyType(found))
    except FileNotFoundError as error:
        raise _torn(path, Words(f"it is missing, but {POSTERIOR_FILES[1]} is there", f"文件缺失，而 {POSTERIOR_FILES[1]} 存在")) from error
    except (TypeError, ValueError, csv.Error, OSError) as error:
        wrong, place = error.args[0] if error.args else error, len(values)
        raise _torn(path, Words(f"row {place}: {error}", f"第 {place} 行：{told(wrong, 'zh')}")) from error
    if not values:
        raise _torn(path, Words("it holds no draw", "没有任何一行参数"))
    return tuple(numbers), tuple(values)
