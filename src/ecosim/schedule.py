"""The quarter, in order. This list is the process overview of the model; `ecosim schedule` prints it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from . import stages
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
    Stage("pursue", stages.pursue, "firm"),
    Stage("research", stages.research, "firm"),
    Stage("projects", stages.projects, "firm"),
    Stage("services", stages.services, "firm, institute"),
    Stage("partners", stages.partners, "firm, institute"),
    Stage("licences", stages.license_inventions, "transfer agency, institute, firm"),
    Stage("study", stages.study, "institute"),
    Stage("pool", stages.pool, "world"),
    Stage("learn", stages.learn, "firm"),
    Stage("patent", stages.patent, "firm"),
    Stage("trade", stages.trade, "firm"),
    Stage("invest", stages.invest, "investor, firm"),
    Stage("house", stages.house, "incubator, firm"),
    Stage("certify", stages.certify, "firm, government"),
    Stage("comply", stages.comply, "government"),
    Stage("close_year", stages.close_year, "firm, government"),
    Stage("settle", stages.settle, "firm, bank"),
    Stage("leave", stages.leave, "firm"),
    Stage("found", stages.found, "firm, incubator"),
    Stage("wages", stages.wages, "talent"),
    Stage("audit", stages.audit, "world"),
)
"""The stages in the order of the quarter."""


def live_quarter(region: Region, seconds: dict[str, float] | None = None) -> None:
    """Live one quarter; `audit` closes its money. Adds each stage's wall time to `seconds` if given.

    The calendar turns when the quarter's outcomes have been read: `turn`.
    """
    for stage in QUARTER:
        begin = perf_counter()
        stage.run(region)
        if seconds is not None:
            seconds[stage.name] = seconds.get(stage.name, 0.0) + perf_counter() - begin


def turn(region: Region) -> None:
    """Go on to the next quarter."""
    region.quarter += 1
