"""The best use of a budget: shares of one total among envelopes, searched with draws and seeds that all allocations share.

What is given back is not one best allocation but all that the runs cannot tell from the best, beside three controls: the status quo, an
equal split, and no budget at all. Objectives that relabelled R&D can meet on paper are read a second time on real R&D alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from .. import outcomes
from ..manifest import manifest_of
from ..outcomes import FLOWS, KEYS, with_ratios
from ..outlook.forecasting import get_ready
from ..outlook.indicators import ALIASES
from ..outlook.paper import real_reading
from ..outlook.worlds import Chance, Kept, Lost, Task, live_all
from ..paired import interval
from ..workers import Progress, usable_processors
from .envelopes import Envelopes, load_envelopes
from .kept import TOTAL
from .search import Size, front, middles, near_optimal, search
from .statistics import by_unit

STATUS_QUO, EQUAL, ZERO = "status_quo", "equal_split", "zero_budget"
CONTROLS = (STATUS_QUO, EQUAL, ZERO)
RUNNING = "running"


@dataclass(frozen=True)
class Optimum:
    """Allocations and what they do. table: the controls, then every allocation tried.

    Columns: allocation (status_quo, equal_split, zero_budget or a number), one share for each envelope, public_cost (mean over the
    period, yuan); for each objective its mean, NAME:difference (from the status quo, pair by pair) with NAME:lo and NAME:hi, NAME:real
    (the mean on real R&D alone; nan where it has no part); front, near (in the near-optimal set). goodhart: see `Optimum.goodhart`.
    """

    asked: Envelopes
    table: pd.DataFrame
    goodhart: pd.DataFrame
    lost: tuple[Lost, ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def near(self) -> pd.DataFrame:
        """The near-optimal set in short: the share of each envelope in the status quo, and its least, mean and largest in the set."""
        chosen = self.table[self.table["near"]]
        rows = [
            {"envelope": path, "status_quo": float(self.table[path].iloc[0]), "least": float(chosen[path].min())}
            | {"mean": float(chosen[path].mean()), "most": float(chosen[path].max()), "allocations": len(chosen)}
            for path in self.asked.envelopes
        ]
        return pd.DataFrame(rows)


@dataclass
class _Trials:
    """Allocations as worlds: what they are read for, and those that failed."""

    asked: Envelopes
    workers: int
    progress: Progress | None
    total: int
    lived: int = 0
    lost: list[Lost] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def live(self, amounts: np.ndarray) -> np.ndarray:
        """Candidates x draws x seeds x objectives of some allocations, yuan a year."""
        asked = self.asked
        if not len(amounts):
            return np.empty((0, asked.draws, asked.seeds, len(asked.objectives)))
        told = tuple(asked.allocated(f"{asked.name}-{number}", row) for number, row in enumerate(amounts))
        chances = tuple(Chance(seed + 1, seed + 1) for seed in range(asked.seeds))
        tasks = [Task(told, None if asked.parameters == "point" else draw, chances, asked.parameters) for draw in range(asked.draws)]
        before = self.lived
        found, lost = live_all(tasks, self.workers, lambda done: self._tell(before + done))
        self.lived += len(tasks) * len(told) * len(chances)
        self.lost += lost
        whole = Kept(*(np.stack([getattr(task, part) for task in found], axis=1) for part in ("values", "money", "real")))
        self.kept.append(whole)
        return np.stack([reading(whole, text, asked, real=False) for text in asked.objectives], axis=-1)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(RUNNING, done, self.total)


def optimise(plan: Envelopes | str | Path, workers: int | None = None, progress: Progress | None = None) -> Optimum:
    """Search the shares of a total among envelopes for what makes the objectives large.

    plan: the question, or its file; workers, progress: as in `compare`; the result is the same for any number of workers. Raises
    SpecError with every fault of the plan.
    """
    asked = plan if isinstance(plan, Envelopes) else load_envelopes(plan)
    begin = perf_counter()
    amount, standing = asked.amount(), asked.standing()
    parts = len(asked.envelopes)
    worlds = (asked.trials + len(CONTROLS)) * asked.draws * asked.seeds
    trials = _Trials(asked, usable_processors() if workers is None else workers, progress, worlds)
    get_ready([asked.told], worlds, progress)
    controls = np.stack([standing, np.full(parts, amount / parts), np.zeros(parts)])
    first = trials.live(controls)
    size = Size(asked.trials, asked.population, asked.seed)
    shares, values = search(lambda found: trials.live(found * amount), parts, len(asked.objectives), size)
    every = Kept(*(np.concatenate(part) for part in zip(*trials.kept, strict=True)))
    table = _table(asked, np.concatenate([controls / amount, shares]), np.concatenate([first, values]), every)
    draws: list[int | None] = [None] if asked.parameters == "point" else list(range(asked.draws))
    manifest = manifest_of([asked.told], list(range(1, asked.seeds + 1)), draws, perf_counter() - begin, {}, asked.parameters)
    manifest["envelopes"] = {**asked.model_dump(mode="json", by_alias=True), "total": amount, "failed": len(trials.lost)}
    return Optimum(asked, table, _goodhart(asked, table), tuple(trials.lost), manifest)


def reading(kept: Kept, text: str, asked: Envelopes, real: bool) -> np.ndarray:
    """One objective of candidates x draws x seeds, as reported or on real R&D alone (nan if that has no part in it)."""
    name, _, period = text.partition("@")
    key, years = ALIASES.get(name, name), outcomes.years_in(asked.told.quarters)
    if period == TOTAL:
        values = with_ratios(np.where(FLOWS, kept.values.sum(axis=-2), np.nan))
        certificates = np.full(values.shape[:-1], np.nan)
    else:
        at = years.index(int(period))
        values, certificates = kept.values[..., at, :], kept.real[..., at]
    if not real:
        return np.asarray(values[..., KEYS.index(key)])
    found = real_reading(key, values, certificates)
    return np.full(values.shape[:-1], np.nan) if found is None else found


def _table(asked: Envelopes, shares: np.ndarray, values: np.ndarray, kept: Kept) -> pd.DataFrame:
    """Every allocation with what it does; the first is the status quo."""
    names = [*CONTROLS, *map(str, range(len(shares) - len(CONTROLS)))]
    columns: dict[str, Any] = {"allocation": names}
    columns |= {path: shares[:, at] for at, path in enumerate(asked.envelopes)}
    columns["public_cost"] = middles(kept.money.sum(axis=-1)[..., None])[:, 0]
    middle = middles(values)
    for at, text in enumerate(asked.objectives):
        found = [interval(by_unit(each[..., at] - values[0, ..., at])[0]) for each in values]
        columns[text] = middle[:, at]
        columns |= {f"{text}:{part}": [float(each[place]) for each in found] for place, part in enumerate(("difference", "lo", "hi"))}
        columns[f"{text}:real"] = middles(reading(kept, text, asked, real=True)[..., None])[:, 0]
    within = shares.sum(axis=1) <= 1.0 + 1e-9
    masks = {name: np.zeros(len(shares), bool) for name in ("front", "near")}
    masks["front"][within], masks["near"][within] = front(values[within]), near_optimal(values[within])
    return pd.DataFrame(columns | masks)


def _goodhart(asked: Envelopes, table: pd.DataFrame) -> pd.DataFrame:
    """Whether what is best on paper is best in fact; one row for each objective with a reading on real R&D alone.

    gain, real_gain: of the allocation best on paper over the status quo; best_real_gain: of the one best in fact; correlation: of the
    ranks of all allocations on paper and in fact (Spearman).
    """
    rows: list[dict[str, Any]] = []
    for text in asked.objectives:
        paper, real = table[text].to_numpy(float), table[f"{text}:real"].to_numpy(float)
        known = np.isfinite(paper) & np.isfinite(real)
        if known[0] and known.sum() > 2:
            best, truly = (int(np.argmax(np.where(known, found, -np.inf))) for found in (paper, real))
            varied = np.ptp(paper[known]) > 0.0 and np.ptp(real[known]) > 0.0
            ranks = float(spearmanr(paper[known], real[known]).statistic) if varied else float("nan")
            gains = {"gain": paper[best] - paper[0], "real_gain": real[best] - real[0], "best_real_gain": real[truly] - real[0]}
            rows.append(
                {
                    "objective": text,
                    "best": table["allocation"][best],
                    "best_real": table["allocation"][truly],
                    **gains,
                    "correlation": ranks,
                }
            )
    return pd.DataFrame(rows, columns=["objective", "best", "best_real", "gain", "real_gain", "best_real_gain", "correlation"])


def chosen(table: pd.DataFrame, objectives: Sequence[str]) -> pd.DataFrame:
    """The controls and the front, in falling order of the first objective."""
    shown = table[table["front"] | table["allocation"].isin(CONTROLS)]
    return shown.sort_values(objectives[0], ascending=False, kind="stable")
