"""The results of a sweep as tables, read from its store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import Fault, SpecError
from ..wording import Words, suggestion
from . import kept, worlds
from .plan import Plan
from .store import Ended, Store
from .worlds import Run

if TYPE_CHECKING:
    import pandas as pd

PENDING, DONE, FAILED = "pending", "done", "failed"
POINT_DRAW = -1
"""How tables write the draw of a point, which has no number."""


@dataclass(frozen=True)
class SweepResults:
    """What a sweep has found so far. `frame()` is where most analyses begin."""

    folder: Path
    plan: Plan
    manifest: dict[str, Any] = field(repr=False)
    ended: dict[str, Ended] = field(repr=False)
    seeds: int
    """Seeds asked for so far: more than the plan's where its stopping rule added some."""

    @cached_property
    def planned(self) -> list[Run]:
        """Every run of the plan, in the order they are lived."""
        found = worlds.in_turn(self.plan, worlds.settings(self.plan))
        more = worlds.of_seeds(self.plan, found, range(self.plan.seeds + 1, self.seeds + 1))
        first = worlds.of_seeds(self.plan, found, range(1, self.plan.seeds + 1))
        return [*first, *(run for run in more if run.run_id in self.ended)]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row for every planned run, in order of point, scenario, draw and seed.

        Index run_id; columns point, scenario, one for each factor, seed, draw (-1: the point of the source), state (done,
        failed, pending), error, seconds. Equal worlds of different points share a run_id.
        """
        import pandas as pd

        names = {scenario.name: place for place, scenario in enumerate(self.plan.told)}
        ordered = sorted(self.planned, key=lambda run: (run.setting.point, names[run.setting.scenario.name], number(run.draw), run.seed))
        nothing = Ended("", None, "", np.nan)
        rows = []
        for run in ordered:
            ended = self.ended.get(run.run_id, nothing)
            state = PENDING if ended is nothing else FAILED if ended.found is None else DONE
            rows.append(
                {
                    "point": run.setting.point, **_scenario_first(worlds.labels(run.setting)), "seed": run.seed,
                    "draw": number(run.draw), "state": state, "error": ended.error, "seconds": ended.seconds,
                }
            )  # fmt: skip
        return pd.DataFrame(rows, index=pd.Index([run.run_id for run in ordered], name="run_id"))

    @cached_property
    def values(self) -> pd.DataFrame:
        """One row for every finished run, in order of run_id; one column for each number kept, named outcome@period."""
        import pandas as pd

        names = [column.name for column in kept.columns(self.plan.outcomes, self.plan.told[0].quarters)]
        done = {run_id: ended.found for run_id, ended in self.ended.items() if ended.found is not None}
        content = np.frombuffer(b"".join(done.values())).reshape(len(done), len(names))
        return pd.DataFrame(content, index=pd.Index(list(done), name="run_id"), columns=names)

    def frame(self) -> pd.DataFrame:
        """Finished runs with their numbers: the columns of `runs`, then those of `values`."""
        done = self.runs[self.runs["state"] == DONE]
        return done.join(self.values)

    def counts(self) -> dict[str, int]:
        """Planned runs by state."""
        found = {state: int((self.runs["state"] == state).sum()) for state in (DONE, FAILED, PENDING)}
        return {"planned": len(self.runs), **found}

    @property
    def digest(self) -> str:
        """SHA-256 over identity and bytes of every finished run: the same for any number of workers and any order."""
        found = hashlib.sha256()
        for run_id, ended in sorted(self.ended.items()):
            found.update(run_id.encode() + (b"failed" if ended.found is None else ended.found))
        return found.hexdigest()

    def run(self, run_id: str) -> Run:
        """The planned run of an identity. Raises SpecError if there is none."""
        for run in self.planned:
            if run.run_id == run_id:
                return run
        message = Words(f"{self.folder} has no run {run_id!r}", f"{self.folder} 中没有运行 {run_id!r}")
        raise SpecError([Fault("run_id", message, suggestion(run_id, [run.run_id for run in self.planned[:1000]]))])


def _scenario_first(labels: dict[str, Any]) -> dict[str, Any]:
    return {"scenario": labels["scenario"], **labels}


def number(draw: int | None) -> int:
    """The number of a draw as tables write it."""
    return POINT_DRAW if draw is None else draw


def open_results(folder: str | Path) -> SweepResults:
    """What the sweep in a folder has found so far; it may still be going on. Raises SpecError if there is none."""
    with Store.look(Path(folder)) as store:
        return of_store(store)


def of_store(store: Store) -> SweepResults:
    """The results in an open store."""
    about = store.about()
    return SweepResults(store.folder, Plan.restored(about["plan"]), about["manifest"], store.ended(), about.get("seeds", 1))
