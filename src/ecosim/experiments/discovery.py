"""When does it happen: boxes of the factors in which an outcome of interest is common (scenario discovery).

The Patient Rule Induction Method (Friedman and Fisher 1999; Bryant and Lempert 2010) by the EMA workbench, an extra: `pip install
ecosim[discovery]`. Of interest is a point whose mean over runs meets a target, `hightech_firms@2025 >= 4000`,
or whose mean difference from the first scenario does.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..errors import Fault, SpecError
from ..outlook.goals import Goal, parse
from ..wording import Words
from .frames import checked, cube, factors_of, outcomes_of, parted, references

if TYPE_CHECKING:
    from .results import SweepResults

RESAMPLES, RESAMPLED_SHARE = 20, 0.5
"""How often the search is repeated, on which share of the points (Bryant and Lempert 2010)."""

LEAST_DENSITY, LEAST_MASS, PEEL = 0.8, 0.05, 0.05
FEWEST_POINTS = 40

INSTALL = Words("Install the extra: pip install 'ecosim[discovery]'", "请用 pip 安装附加组件 'ecosim[discovery]'")
WIDEN = Words("Choose a value that some points reach and others do not", "请选一个有的点达到、有的点达不到的数值")


class Box(NamedTuple):
    """A box as it was found: coverage, density, share of the points, and the limits of what it restricts."""

    coverage: float
    density: float
    mass: float
    limits: dict[str, tuple[Any, ...]]
    quasi_p: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Discovery:
    """Where the outcome of interest is common.

    goal: as written; share: of all points; limits: the box chosen, one row for each factor it restricts (factor, low, high or values,
    quasi_p_low, quasi_p_high, reproduced: share of searches on half of the points that restrict it too); tradeoff: every box on the way
    (box, coverage, density, mass, restricted, chosen). points: factors with `of_interest`,
    and `inside`.
    """

    goal: str
    share: float
    limits: pd.DataFrame
    tradeoff: pd.DataFrame
    points: pd.DataFrame = field(repr=False)


def discover(
    results: SweepResults | str | Path,
    outcome: str,
    scenario: str = "",
    difference: bool = False,
    density: float = LEAST_DENSITY,
    seed: int = 1,
) -> Discovery:
    """In which box of the factors an outcome of interest is common.

    outcome: such as "hightech_firms@2025 >= 4000"; scenario: the one looked at, the last if ""; difference: whether it is the
    difference from the first scenario, pair by pair, that is meant; density: wanted share of interest inside; seed: of the resampling.
    Raises SpecError for what the sweep cannot answer.
    """
    from .results import open_results

    found = open_results(results) if isinstance(results, str | Path) else results
    frame = found.frame()
    goal = goal_in(frame, outcome)
    names = [told.name for told in found.plan.told]
    chosen = scenario or names[-1]
    if chosen not in names or (difference and chosen == names[0]):
        message = Words(f"{chosen!r} is no scenario to look at", f"{chosen!r} 不是可分析的情景")
        raise SpecError(
            [
                Fault(
                    "scenario", message, Words(f"Name one of {', '.join(names[difference:])}", f"请写 {'、'.join(names[difference:])} 之一")
                )
            ]
        )
    met = _met(frame, goal, chosen, names[0] if difference else "")
    return discovered(met, f"{goal.key}{' (difference)' if difference else ''}", density, seed)


def goal_in(frame: pd.DataFrame, text: str) -> Goal:
    """The target in the words of `ecosim targets`; its year must be among those kept. Raises SpecError."""
    years = sorted({int(period) for name in outcomes_of(frame) if (period := parted(name)[1]).isdigit()})
    if not years:
        message = Words("the sweep kept no outcome of a year", "扫描没有保留任何年度指标")
        raise SpecError([Fault("outcome", message, Words("Keep one, such as certified@2025", "请保留如 certified@2025 的指标"))])
    (goal,) = parse([re.sub(r"\s+", " ", text)], years)
    checked(frame, [f"{goal.outcome}@{goal.year}"])
    return goal


def _met(frame: pd.DataFrame, goal: Goal, scenario: str, baseline: str) -> pd.DataFrame:
    """The factors of each point of a scenario with `of_interest`: whether its mean over runs, or pairs, meets the goal."""
    runs = cube(frame, [f"{goal.outcome}@{goal.year}"])
    values = runs.values[..., 0]
    base = references(runs.settings, baseline) if baseline else {}
    rows = []
    for place, setting in runs.settings.iterrows():
        at = int(str(place))
        if setting["scenario"] == scenario and (not baseline or at in base):
            found = values[at] - values[base[at]] if baseline else values[at]
            known = found[np.isfinite(found)]
            if known.size:
                rows.append({name: setting[name] for name in factors_of(frame)} | {"of_interest": bool(goal.met(float(known.mean())))})
    return pd.DataFrame(rows)


def discovered(points: pd.DataFrame, goal: str, density: float = LEAST_DENSITY, seed: int = 1) -> Discovery:
    """The box in which points of interest are common; points: factors and `of_interest`. Raises SpecError if there are too few
    points, or all or none are of interest.
    """
    factors = points.drop(columns="of_interest")
    varied = [name for name in factors if factors[name].nunique() > 1]
    of_interest = points["of_interest"].to_numpy(bool)
    if len(points) < FEWEST_POINTS or not varied:
        message = Words(f"{len(points)} points over {len(varied)} factors are too few", f"{len(points)} 个点、{len(varied)} 个因素太少")
        raise SpecError([Fault("design", message, Words(f"Sweep {FEWEST_POINTS} points at least", f"至少需要 {FEWEST_POINTS} 个点"))])
    if not 0 < of_interest.sum() < len(points):
        message = Words(
            f"{goal}: {of_interest.sum()} of {len(points)} points meet it", f"{goal}：{len(points)} 个点中有 {of_interest.sum()} 个满足"
        )
        raise SpecError([Fault("outcome", message, WIDEN)])
    boxes = peeled(factors[varied], of_interest)
    dense = [number for number, box in enumerate(boxes) if box.density >= density]
    chosen = (
        max(dense, key=lambda number: (boxes[number].coverage, boxes[number].density))
        if dense
        else int(np.argmax([box.density for box in boxes]))
    )
    repeated = _reproduced(factors[varied], of_interest, boxes[chosen], seed)
    tradeoff = pd.DataFrame(
        [
            {
                "box": number,
                "coverage": box.coverage,
                "density": box.density,
                "mass": box.mass,
                "restricted": " ".join(box.limits),
                "chosen": number == chosen,
            }
            for number, box in enumerate(boxes)
        ]
    )
    inside = _inside(factors, boxes[chosen])
    limits = pd.DataFrame(
        _limit_rows(boxes[chosen], repeated), columns=["factor", "low", "high", "values", "quasi_p_low", "quasi_p_high", "reproduced"]
    )
    return Discovery(goal, float(of_interest.mean()), limits, tradeoff, points.assign(inside=inside))


def peeled(factors: pd.DataFrame, of_interest: np.ndarray) -> list[Box]:
    """Every box on PRIM's way from all points to the last, in its order. Raises SpecError if the EMA workbench is not installed."""
    prim = _prim()
    table = factors.copy().reset_index(drop=True)
    for name in table:
        table[name] = table[name].astype(float) if pd.api.types.is_numeric_dtype(table[name]) else table[name].astype(object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = prim.Prim(table, of_interest.astype(int), threshold=LEAST_MASS, peel_alpha=PEEL, mass_min=LEAST_MASS).find_box()
    way = found.peeling_trajectory
    return [
        Box(
            float(way["coverage"][number]),
            float(way["density"][number]),
            float(way["mass"][number]),
            _limits(lims, found.box_lims[0]),
            _plain(found.qp[number]),
        )
        for number, lims in enumerate(found.box_lims)
    ]


def _prim() -> Any:
    """The workbench's PRIM, which says nothing on its way."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError as error:
        message = Words("discovery needs the EMA workbench, which is not installed", "情景发现需要 EMA workbench，尚未安装")
        raise SpecError([Fault("discover", message, INSTALL)]) from error
    return prim


def _limits(lims: pd.DataFrame, widest: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """Factor -> its ends, or its values, where a box is narrower than all points."""
    found: dict[str, tuple[Any, ...]] = {}
    for name in lims.columns:
        here, there = lims[name].tolist(), widest[name].tolist()
        if isinstance(here[0], set):
            if here[0] != there[0]:
                found[str(name)] = tuple(sorted(here[0], key=str))
        elif here != there:
            found[str(name)] = (float(here[0]), float(here[1]))
    return found


def _plain(quasi_p: dict[str, Sequence[float]]) -> dict[str, tuple[float, ...]]:
    """Quasi-p values as numbers; nan for an end that is not restricted."""
    return {name: tuple(float(value) if value >= 0.0 else float("nan") for value in values) for name, values in quasi_p.items()}


def _limit_rows(box: Box, repeated: dict[str, float]) -> list[dict[str, Any]]:
    rows = []
    for name, ends in box.limits.items():
        quasi = (*box.quasi_p.get(name, ()), float("nan"), float("nan"))[:2]
        numeric = len(ends) == 2 and all(isinstance(end, float) for end in ends)
        free = [float("nan") if np.isnan(p) else end for p, end in zip(quasi, ends, strict=False)]
        low, high, values = (*free, "") if numeric else (float("nan"), float("nan"), " ".join(map(str, ends)))
        rows.append({"factor": name, "low": low, "high": high, "values": values, "quasi_p_low": quasi[0], "quasi_p_high": quasi[1],
                     "reproduced": repeated.get(name, 0.0)})  # fmt: skip
    return rows


def _inside(factors: pd.DataFrame, box: Box) -> np.ndarray:
    """Whether each point lies in a box."""
    inside = np.ones(len(factors), bool)
    for name, ends in box.limits.items():
        column = factors[name]
        numeric = pd.api.types.is_numeric_dtype(column)
        inside &= (column.between(*ends) if numeric else column.isin(ends)).to_numpy(bool)
    return inside


def _reproduced(factors: pd.DataFrame, of_interest: np.ndarray, box: Box, seed: int) -> dict[str, float]:
    """Factor -> share of searches on half of the points whose box of like coverage restricts it too."""
    from sklearn.model_selection import ShuffleSplit

    counts = dict.fromkeys(factors.columns, 0)
    for half, _ in ShuffleSplit(RESAMPLES, train_size=RESAMPLED_SHARE, random_state=seed).split(factors):
        if 0 < of_interest[half].sum() < len(half):
            boxes = peeled(factors.iloc[half], of_interest[half])
            like = min(boxes, key=lambda other: (abs(other.coverage - box.coverage), -other.density))
            for name in like.limits:
                counts[name] += 1
    return {str(name): count / RESAMPLES for name, count in counts.items()}
