"""The finished runs of a sweep as arrays, and which columns of their table are what.

A row is one run: `point`, `scenario`, one column for each factor, `seed`, `draw`, and one column for each outcome kept, named
OUTCOME@PERIOD. Every analysis reads this table alone, so it works on any table of that shape.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..errors import Fault, SpecError
from ..wording import Words, meant, nearest

RUN_COLUMNS = ("run_id", "point", "scenario", "seed", "draw", "state", "error", "seconds")
"""What a row says of itself; every other column is a factor or an outcome."""

OF_MODEL = "parameters."
"""How the path of a factor begins that no government chooses: it describes the world, not the policy."""


class Cube(NamedTuple):
    """Runs in the order of their numbers. settings: one row for each scenario at a point (columns point, scenario, factors), in the
    order of `values`: settings x draws x seeds x outcomes, nan where a run is missing.
    """

    settings: pd.DataFrame
    draws: tuple[int, ...]
    seeds: tuple[int, ...]
    values: np.ndarray


def outcomes_of(frame: pd.DataFrame) -> list[str]:
    """The columns that hold an outcome."""
    return [name for name in frame.columns if "@" in str(name)]


def factors_of(frame: pd.DataFrame) -> list[str]:
    """The columns that hold a factor."""
    return [name for name in frame.columns if "@" not in str(name) and name not in RUN_COLUMNS]


def parted(column: str) -> tuple[str, str]:
    """Outcome and period of a column."""
    key, _, period = column.partition("@")
    return key, period


def settings_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Every scenario at every point: columns point, scenario and one for each factor, in the order of points and of appearance."""
    found = frame[["point", "scenario", *factors_of(frame)]].drop_duplicates(["point", "scenario"])
    return found.sort_values("point", kind="stable").reset_index(drop=True)


def cube(frame: pd.DataFrame, columns: Sequence[str]) -> Cube:
    """The runs of a table, ordered by setting, draw and seed. A run of the point of the parameters has draw -1."""
    settings = settings_of(frame)
    number = {(point, scenario): place for place, (point, scenario) in enumerate(zip(settings["point"], settings["scenario"], strict=True))}
    setting = np.array([number[key] for key in zip(frame["point"], frame["scenario"], strict=True)])
    draw, seed = frame["draw"].astype("Float64").fillna(-1.0).to_numpy(int), frame["seed"].to_numpy(int)
    draws, seeds = np.unique(draw), np.unique(seed)
    values = np.full((len(settings), len(draws), len(seeds), len(columns)), np.nan)
    values[setting, np.searchsorted(draws, draw), np.searchsorted(seeds, seed)] = frame[list(columns)].to_numpy(float)
    return Cube(settings, tuple(draws.tolist()), tuple(seeds.tolist()), values)


def checked(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The outcomes asked for, or all there are. Raises SpecError for one that the sweep did not keep, or where no run is finished."""
    known = outcomes_of(frame)
    if frame.empty:
        message = Words("no run of the sweep is finished", "扫描中没有已完成的运行")
        raise SpecError(
            [Fault("runs", message, Words("Run the sweep first, or go on with it by --resume", "请先运行，或用 --resume 继续"))]
        )
    faults = []
    for name in columns:
        if name not in known:
            close = nearest(name, known)
            listed = Words(f"It kept {', '.join(known)}", f"保留的有 {'、'.join(known)}")
            message = Words(f"the sweep kept no outcome {name!r}", f"扫描没有保留指标 {name!r}")
            faults.append(Fault("outcome", message, meant(close) if close else listed))
    if faults:
        raise SpecError(faults)
    return list(columns) or known


def references(settings: pd.DataFrame, against: str | int | None = None) -> dict[int, int]:
    """Place of a setting -> place of the one it is compared with: the scenario `against` at the same point, or the point `against` in the
    same scenario. By default the first scenario, or the first point where there is one scenario alone. Raises SpecError if there is no
    such.
    """
    scenarios, points = (list(dict.fromkeys(settings[name])) for name in ("scenario", "point"))
    chosen = against if against is not None else scenarios[0] if len(scenarios) > 1 else points[0]
    by_scenario = chosen in scenarios
    if not by_scenario and chosen not in points:
        message = Words(f"there is no scenario or point {chosen!r}", f"没有名为 {chosen!r} 的情景或点")
        first, last = min(points), max(points)
        remedy = Words(
            f"Scenarios are {', '.join(scenarios)}; points are numbered {first} to {last}",
            f"情景有 {'、'.join(scenarios)}；点的编号为 {first} 至 {last}",
        )
        raise SpecError([Fault("against", message, remedy)])
    keys = list(zip(settings["point"], settings["scenario"], strict=True))
    place = {key: at for at, key in enumerate(keys)}
    wanted = [(point, chosen) if by_scenario else (chosen, scenario) for point, scenario in keys]
    return {at: place[key] for at, key in enumerate(wanted) if key in place}


def about(settings: pd.DataFrame, at: int) -> dict[str, object]:
    """What a row on one setting begins with: point, scenario and the values of the factors."""
    return {str(name): value for name, value in settings.iloc[at].items()}


def named(row: Mapping[Hashable, Any], factors: Sequence[str]) -> str:
    """A setting in words: its scenario, and the factors it has."""
    parts = [f"{name.partition('.')[2] or name} {shown(row[name])}" for name in factors if row[name] == row[name]]
    return ", ".join([str(row["scenario"]), *parts])


def shown(value: Any) -> str:
    """A value of a factor in short: a number with its thousands, of a value that changes at dates the last."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        found = json.loads(value)
        return shown(list(found.values())[-1]) if isinstance(found, dict) and found else ", ".join(map(str, found))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:,.4g}"
