"""What drives an answer: elementary effects (Morris 1991) and shares of variance (Sobol 1993) of a sweep designed for them.

The estimators are SALib's, which answer zeros where one output is missing. So nothing missing reaches them: a trajectory or a Saltelli
block that holds a failed run is left out whole, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from ..errors import Fault, SpecError
from ..wording import Words
from .design import MORRIS_LEVELS
from .frames import checked, parted

if TYPE_CHECKING:
    from .results import SweepResults

Method = Literal["morris", "saltelli"]
Row = dict[str, float]
CONFIDENCE, RESAMPLES = 0.95, 1000
NAMED = 10
"""Failed points that a message names."""

NOT_DESIGNED = Words(
    "Sweep with `design: {kind: morris}` for a first look, or `design: {kind: saltelli}`",
    "请用 `design: {kind: morris}` 初筛，或 `design: {kind: saltelli}`",
)


@dataclass(frozen=True)
class Sensitivity:
    """What drives each outcome. table: one row for each scenario, outcome and factor.

    Columns after scenario, outcome, period, factor: of Morris mu, mu_star with mu_star_lo and mu_star_hi (change of the outcome over
    the whole range of the factor) and sigma; of Sobol S1 and ST with their _lo and _hi, shares of the variance; then blocks (used).
    dropped: the blocks left out, with the points that failed; pairs: second-order shares, where the design has them.
    """

    method: Method
    table: pd.DataFrame
    dropped: pd.DataFrame
    pairs: pd.DataFrame = field(repr=False)


def sensitivity(results: SweepResults | str | Path, outcomes: Sequence[str] = (), seed: int = 1) -> Sensitivity:
    """What drives the outcomes of a sweep with a Morris or Saltelli design; all outcomes if none is named.

    seed: of the resampling behind the intervals. Raises SpecError for another design, for an outcome that is missing in a
    finished run, and where no block is whole.
    """
    from . import design
    from .results import open_results

    found = open_results(results) if isinstance(results, str | Path) else results
    plan = found.plan
    if plan.design.kind not in ("morris", "saltelli"):
        message = Words(f"the design of the sweep is {plan.design.kind!r}", f"扫描的设计为 {plan.design.kind!r}")
        raise SpecError([Fault("design", message, NOT_DESIGNED)])
    sample = Sample(plan.design.kind, tuple(plan.factors), design.sample(plan), plan.design.second_order)
    return analysed(found.runs, found.frame(), sample, outcomes, seed)


class Sample(NamedTuple):
    """The points of a design, in order. unit: points x factors in the unit cube, as SALib made them."""

    method: Method
    names: tuple[str, ...]
    unit: np.ndarray
    second_order: bool = False

    @property
    def block(self) -> int:
        """Points that belong together: a trajectory, or two base points with what is mixed of them."""
        factors = len(self.names)
        return factors + 1 if self.method == "morris" else (2 * factors if self.second_order else factors) + 2


def analysed(runs: pd.DataFrame, frame: pd.DataFrame, sample: Sample, outcomes: Sequence[str] = (), seed: int = 1) -> Sensitivity:
    """The same from tables. runs: every run, finished or not; frame: the finished ones with their outcomes."""
    columns = checked(frame, outcomes)
    _refuse_missing(frame, columns)
    blocks = np.arange(len(sample.unit)).reshape(-1, sample.block)
    rows: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    for scenario, mine in runs.groupby("scenario", sort=False):
        done = frame[frame["scenario"] == scenario].groupby("point")[columns].mean().reindex(range(len(sample.unit)))
        lost = done.index.isin(mine.loc[mine["state"] != "done", "point"]) | done.isna().any(axis=1).to_numpy()
        whole = ~lost[blocks].any(axis=1)
        dropped += [
            {"scenario": scenario, "block": int(number), "first": int(blocks[number, 0]), "last": int(blocks[number, -1])}
            | {"failed": " ".join(str(point) for point in blocks[number] if lost[point])}
            for number in np.flatnonzero(~whole)
        ]
        if whole.sum() < 2:
            raise _nothing_whole(str(scenario), int(whole.sum()), len(whole), np.flatnonzero(lost).tolist())
        kept = blocks[whole].ravel()
        for column in columns:
            head = {"scenario": scenario, **dict(zip(("outcome", "period"), parted(column), strict=True))}
            indices, second = _estimated(sample, kept, done[column].to_numpy(float)[kept], seed)
            rows += [head | {"factor": name} | row | {"blocks": int(whole.sum())} for name, row in zip(sample.names, indices, strict=True)]
            pairs += [head | row for row in second]
    lists = pd.DataFrame(dropped, columns=["scenario", "block", "first", "last", "failed"])
    return Sensitivity(sample.method, pd.DataFrame(rows), lists, pd.DataFrame(pairs))


def _estimated(sample: Sample, kept: np.ndarray, output: np.ndarray, seed: int) -> tuple[list[Row], list[dict[str, Any]]]:
    """What is found of each factor, and of pairs; an outcome that does not vary has no shares (nan)."""
    names = list(sample.names)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    settled = {"conf_level": CONFIDENCE, "num_resamples": RESAMPLES, "seed": seed}
    if sample.method == "morris":
        from SALib.analyze import morris

        found = morris.analyze(problem, sample.unit[kept], output, num_levels=MORRIS_LEVELS, **settled)
        return [_with_reach(found, at, ("mu_star",), ("mu", "sigma")) for at in range(len(names))], []
    if np.ptp(output) == 0.0:
        return [dict.fromkeys(("S1", "S1_lo", "S1_hi", "ST", "ST_lo", "ST_hi"), float("nan")) for _ in names], []
    from SALib.analyze import sobol

    found = sobol.analyze(problem, output, calc_second_order=sample.second_order, **settled)
    several = combinations(range(len(names)), 2) if sample.second_order else ()
    pairs = [
        {"factor": names[one], "with": names[other], "S2": float(found["S2"][one, other]), "S2_conf": float(found["S2_conf"][one, other])}
        for one, other in several
    ]
    return [_with_reach(found, at, ("S1", "ST"), ()) for at in range(len(names))], pairs


def _with_reach(found: Mapping[str, Any], at: int, wide: Sequence[str], plain: Sequence[str]) -> Row:
    """Indices of one factor; those with an interval have their ends beside them."""
    row: Row = {}
    for key in wide:
        middle, reach = float(found[key][at]), float(found[f"{key}_conf"][at])
        row |= {key: middle, f"{key}_lo": middle - reach, f"{key}_hi": middle + reach}
    return row | {key: float(found[key][at]) for key in plain}


def _refuse_missing(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise SpecError for every outcome that is missing in a finished run, naming the points."""
    faults = []
    for column in columns:
        points = sorted({int(point) for point in frame.loc[~np.isfinite(frame[column].to_numpy(float)), "point"]})
        if points:
            listed = f"{', '.join(map(str, points[:NAMED]))}{' ...' if len(points) > NAMED else ''}"
            message = Words(f"{column} is not a number at the points {listed}", f"{column} 在点 {listed} 处不是数值")
            faults.append(
                Fault(
                    "outcome",
                    message,
                    Words("Leave this outcome out, or the values of factors that undo it", "请去掉该指标，或去掉使其失去意义的取值"),
                )
            )
    if faults:
        raise SpecError(faults)


def _nothing_whole(scenario: str, whole: int, blocks: int, failed: list[int]) -> SpecError:
    listed = f"{', '.join(map(str, failed[:NAMED]))}{' ...' if len(failed) > NAMED else ''}"
    message = Words(
        f"{whole} of {blocks} blocks of {scenario!r} came to their end; runs are missing at the points {listed}",
        f"{scenario!r} 的 {blocks} 个样本块中只有 {whole} 个完整；以下各点缺少运行：{listed}",
    )
    return SpecError([Fault("runs", message, Words("Go on with the sweep by --resume", "请用 --resume 继续该扫描"))])
