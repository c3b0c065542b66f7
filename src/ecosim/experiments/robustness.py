"""Which package holds up: regret, satisficing and maximin over futures.

A future is all that no government chooses: parameter draw, seed, and the factors that are parameters of the model. A package is all that
one chooses: scenario and the factors that are policies. Packages are judged in the same futures, those in which none of them failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..errors import Fault, SpecError
from ..outlook.chances import probability
from ..outlook.goals import Goal
from ..wording import Words
from .cost_effectiveness import cost_columns
from .discovery import goal_in
from .frames import OF_MODEL, checked, factors_of, parted

if TYPE_CHECKING:
    from .results import SweepResults

WORST_TENTH = 0.1
ALL = "all"
"""Stands for all goals met together."""


class Aim(NamedTuple):
    """What is wanted of an outcome. sign: 1 if more is better, -1 if less is; goal: None if there is no level to reach."""

    column: str
    sign: float
    goal: Goal | None


@dataclass(frozen=True)
class Robustness:
    """How packages do over futures. table: a row for each package and outcome; then, where there are several goals, one for all of them
    together (outcome "all").

    Columns: scenario, the policy factors, outcome, period, goal, mean, worst, worst_tenth (mean of the worst tenth of futures),
    regret_mean, regret_90 and regret_max (to the best package of each future), satisfied with satisfied_lo, satisfied_hi (share of
    futures that meet the goal, 95%), public_cost (mean, yuan, if kept), best_in (share of futures in which it is best); least_regret,
    maximin: whether it is the choice of that rule.
    """

    table: pd.DataFrame
    futures: int
    left_out: int


def robust(results: SweepResults | str | Path, outcomes: Sequence[str] = ()) -> Robustness:
    """Judge the packages of a sweep. outcomes: "certified@2025" (more is better) or goals, "rd_gdp@2025 >= 3%"; all that were kept if
    none is named. Raises SpecError if an outcome was not kept, or no future is shared by all packages.
    """
    from .results import open_results

    found = open_results(results) if isinstance(results, str | Path) else results
    return judged(found.frame(), outcomes)


def judged(frame: pd.DataFrame, outcomes: Sequence[str] = ()) -> Robustness:
    """The same from a table of finished runs."""
    aims = [_aim(frame, text) for text in outcomes] or [Aim(name, 1.0, None) for name in checked(frame, ())]
    chosen = ["scenario", *(name for name in factors_of(frame) if not name.startswith(OF_MODEL))]
    given = ["draw", "seed", *(name for name in factors_of(frame) if name.startswith(OF_MODEL))]
    costs = cost_columns(frame)
    packages, futures = (_numbered(frame, names) for names in (chosen, given))
    shape = (packages.max() + 1, futures.max() + 1, len(aims) + len(costs))
    values = np.full(shape, np.nan)
    values[packages, futures] = frame[[*(aim.column for aim in aims), *costs]].to_numpy(float)
    shared = np.isfinite(values).all(axis=(0, 2))
    if not shared.any():
        message = Words("no future is shared by all packages", "没有所有政策包共有的未来情形")
        remedy = Words(
            "Cross every package with the same seeds, draws and parameters: a grid does",
            "请让每个政策包面对相同的种子、参数组与参数取值，如用 grid",
        )
        raise SpecError([Fault("design", message, remedy)])
    heads = frame[chosen].iloc[[int(np.flatnonzero(packages == number)[0]) for number in range(shape[0])]].to_dict("records")
    units = _numbered(frame, ["draw"])[[int(np.flatnonzero(futures == number)[0]) for number in np.flatnonzero(shared)]]
    told = values[:, shared]
    spent = told[..., len(aims) :].sum(axis=-1) if costs else None
    rows = [row for at, aim in enumerate(aims) for row in _rows(aim, heads, told[..., at], units, spent)]
    goals = [(aim.goal, told[..., at]) for at, aim in enumerate(aims) if aim.goal is not None]
    if len(goals) > 1:
        met = np.stack([np.asarray(goal.met(of_goal), float) for goal, of_goal in goals]).min(axis=0)
        rows += _joint(heads, met, units, spent)
    return Robustness(pd.DataFrame(rows), int(shared.sum()), int((~shared).sum()))


def _aim(frame: pd.DataFrame, text: str) -> Aim:
    if "<" in text or ">" in text:
        goal = goal_in(frame, text)
        return Aim(f"{goal.outcome}@{goal.year}", 1.0 if goal.at_least else -1.0, goal)
    (column,) = checked(frame, [text.strip()])
    return Aim(column, 1.0, None)


def _numbered(frame: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Number of each row's combination of some columns, in the order in which combinations appear."""
    keys = [tuple(map(str, row)) for row in frame[list(names)].itertuples(index=False)]
    number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys])


def _rows(aim: Aim, heads: list[dict[str, Any]], values: np.ndarray, units: np.ndarray, spent: np.ndarray | None) -> list[dict[str, Any]]:
    """One outcome; values: packages x futures."""
    good = aim.sign * values
    regret = good.max(axis=0) - good
    tenth = max(1, int(WORST_TENTH * good.shape[1]))
    worst = np.sort(good, axis=1)[:, :tenth].mean(axis=1)
    return [
        {**head, **dict(zip(("outcome", "period"), parted(aim.column), strict=True)), "goal": aim.goal.key if aim.goal else ""}
        | {"mean": float(values[at].mean()), "worst": float(aim.sign * good[at].min()), "worst_tenth": float(aim.sign * worst[at])}
        | {"regret_mean": float(regret[at].mean()), "regret_90": float(np.quantile(regret[at], 0.9)), "regret_max": float(regret[at].max())}
        | {"best_in": float((regret[at] == 0.0).mean())}
        | _satisfied(np.asarray(aim.goal.met(values[at]), float) if aim.goal else None, units)
        | {"public_cost": float(spent[at].mean()) if spent is not None else float("nan")}
        | {"least_regret": bool(regret[at].max() == regret.max(axis=1).min()), "maximin": bool(good[at].min() == good.min(axis=1).max())}
        for at, head in enumerate(heads)
    ]


def _joint(heads: list[dict[str, Any]], met: np.ndarray, units: np.ndarray, spent: np.ndarray | None) -> list[dict[str, Any]]:
    """All goals together."""
    return [
        {**head, "outcome": ALL, "period": "", "goal": ALL, **_satisfied(met[at], units)}
        | {"public_cost": float(spent[at].mean()) if spent is not None else float("nan")}
        for at, head in enumerate(heads)
    ]


def _satisfied(met: np.ndarray | None, units: np.ndarray) -> dict[str, float]:
    """Share of futures that meet a goal, with its interval over draws. units: the draw of each future."""
    if met is None:
        return dict.fromkeys(("satisfied", "satisfied_lo", "satisfied_hi"), float("nan"))
    draws = np.unique(units)
    widest = max(int((units == draw).sum()) for draw in draws)
    table = np.full((len(draws), widest), np.nan)
    for place, draw in enumerate(draws):
        mine = met[units == draw]
        table[place, : len(mine)] = mine
    found = probability(table if len(draws) > 1 else table.T)
    return {"satisfied": found.value, "satisfied_lo": found.lo, "satisfied_hi": found.hi}
