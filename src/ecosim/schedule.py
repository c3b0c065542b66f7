"""The quarter, in order. This list is the process overview of the model; `ecosim schedule` prints it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from . import stages, stages_market, stages_research
from .region import Region


class Stage(NamedTuple):
    """One step of the quarter: its name, what runs, who acts, and a sentence."""

    name: str
    run: Callable[[Region], None]
    agents: str

    @property
    def meaning(self) -> str:
        """The stage's sentence: the first line of its docstring."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


QUARTER = (
    Stage("environment", stages.environment, "world"),
    Stage("offers", stages.offers, "government"),
    Stage("apply", stages.apply, "firm"),
    Stage("awards", stages.awards, "government"),
    Stage("pursue", stages_research.pursue, "firm"),
    Stage("research", stages_research.research, "firm"),
    Stage("projects", stages_research.projects, "firm"),
    Stage("services", stages_research.services, "firm, institute"),
    Stage("partners", stages_research.partners, "firm, institute"),
    Stage("licences", stages_research.license_inventions, "transfer agency, institute, firm"),
    Stage("study", stages_research.study, "institute"),
    Stage("pool", stages_research.pool, "world"),
    Stage("learn", stages_research.learn, "firm"),
    Stage("patent", stages_research.patent, "firm"),
    Stage("trade", stages_market.trade, "firm"),
    Stage("invest", stages_market.invest, "investor, firm"),
    Stage("house", stages_market.house, "incubator, firm"),
    Stage("certify", stages.certify, "firm, government"),
    Stage("comply", stages.comply, "government"),
    Stage("close_year", stages_market.close_year, "firm, government"),
    Stage("settle", stages_market.settle, "firm, bank"),
    Stage("leave", stages_market.leave, "firm"),
    Stage("found", stages_market.found, "firm, incubator"),
    Stage("wages", stages_market.wages, "talent"),
    Stage("audit", stages.audit, "world"),
)
"""The stages in the order of the quarter."""


def live_quarter(region: Region, seconds: dict[str, float] | None = None) -> None:
    """Live one quarter, or one step of a divided one; `audit` closes its money. Adds each stage's wall time to `seconds` if given.

    The calendar turns when the quarter's outcomes have been read: `turn`.
    """
    for stage in QUARTER:
        begin = perf_counter()
        stage.run(region)
        if seconds is not None:
            seconds[stage.name] = seconds.get(stage.name, 0.0) + perf_counter() - begin


def turn(region: Region) -> None:
    """Go on to the next step."""
    region.moment += 1
