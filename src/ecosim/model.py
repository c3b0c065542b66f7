"""The model as Mesa knows it: `Ecosystem` is a `mesa.Model` whose agents are windows on a region's columns.

    world = Ecosystem("scenarios/sandbox/baseline.yaml", seed=1)
    world.run_model()
    world.datacollector.get_model_vars_dataframe()["inventions_granted"]
    world.agents_by_type[Firm].select(lambda firm: firm.sales > 1e8).agg("knowledge", sum)

Windows are made at the first use of `agents` or `agents_by_type`; a run that never asks never pays for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import mesa

from . import outcomes, schedule
from .errors import EcosimError, Fault, SpecError
from .ledger import GOVERNMENTS
from .lives import world
from .quantity import quarter_label
from .rules import change_rules, how_they_ran
from .scenario import Scenario, load
from .simulation import check_numbers, check_source, ending
from .sources import Source
from .windows import Government, Incubator, Institute, Investor, TransferAgency, University, Window
from .windows_firm import Firm
from .wording import Words

__all__ = [
    "Ecosystem",
    "Firm",
    "Government",
    "Incubator",
    "Institute",
    "Investor",
    "TransferAgency",
    "University",
    "Window",
]

GOVERNMENT_IDS = 5 << 50
KIND_OF_INSTITUTE = (University, Institute, Institute)
"""By `institute.KINDS`."""


class Ecosystem(mesa.Model):
    """One world of one scenario, stepped a quarter at a time; Mesa's own chance disturbs nothing in it.

    In `mesa.batch_run` a scenario that is no path goes in a list, as do rules. Mesa 3.5 takes seeds apart:
    `batch_run(Ecosystem, {"scenario": path}, rng=[1, 2])`; Mesa 3.3 takes them with the other parameters:
    `batch_run(Ecosystem, {"scenario": path, "seed": [1, 2]})`.
    """

    running: bool

    def __init__(
        self,
        scenario: Scenario | str | Path,
        seed: int | None = 1,
        *,
        draw: int | None = None,
        parameters: Source = "posterior",
        rules: Mapping[str, Callable[..., Any]] | None = None,
        until: str | None = None,
    ) -> None:
        """Build the world at the end of the year before its first quarter.

        scenario: a Scenario or the path of its file; seed: number of the world's chance; draw: number of the
        parameter draw, None for the point; parameters: where draws come from, see `ecosim.sources`; rules: name
        -> function that replaces a rule of `ecosim.rules.catalogue()`; until: last quarter, such as "2022Q4".
        Raises SpecError with every fault.
        """
        if seed is None:
            remedy = Words("Give a whole number; in batch_run of Mesa 3.5: rng=[1, 2]", "请给出整数；Mesa 3.5 的 batch_run 中：rng=[1, 2]")
            raise SpecError([Fault("seed", Words("there is none", "没有随机种子"), remedy)])
        told = ending(scenario if isinstance(scenario, Scenario) else load(scenario), until)
        check_numbers(int(seed), draw, ())
        check_source(told.region, draw, parameters)
        super().__init__(rng=int(seed))
        self.specification = told
        self.region = world(told, int(seed), draw, parameters)
        self.outcomes: dict[str, float] = {}
        """Outcomes of the quarter lived last, by key; units are in `ecosim.outcomes.BY_KEY`."""
        self.datacollector = mesa.DataCollector({"quarter": _quarter} | {key: partial(_outcome, key=key) for key in outcomes.KEYS})
        self._rebuilt = change_rules(self.region, {} if rules is None else rules)
        self._windows: dict[int, Window] | None = None

    @property
    def quarter(self) -> str:
        """The quarter lived last, such as 2020Q1; before the first step, the one the population describes."""
        lived = self.specification.start + self.steps - 1
        return quarter_label(lived if self.steps else self.region.pack.initial_quarter)

    @property
    def changed_rules(self) -> dict[str, str]:
        """Rules that were replaced, name -> "compiled" or "interpreted" (certain after the first step)."""
        return how_they_ran(self._rebuilt)

    def step(self) -> None:
        """Live one quarter and collect its outcomes. Raises EcosimError after the last quarter."""
        if not self.running:
            name, last = self.specification.name, quarter_label(self.specification.end)
            raise EcosimError(f"{name} ended with {last}; build another Ecosystem")
        price = self.region.research_price
        schedule.live_quarter(self.region)
        found = outcomes.read_quarter(self.region, price).tolist()
        self.outcomes = dict(zip(outcomes.KEYS, found, strict=True))
        self.update_windows()
        self.datacollector.collect(self)
        schedule.turn(self.region)
        self.running = self.region.quarter <= self.specification.end

    @property
    def agents(self) -> mesa.agent.AgentSet:
        """All agents: firms in business, institutes, incubators, investors, agencies and governments."""
        self._open_windows()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[Window], mesa.agent.AgentSet]:
        """Kind of agent -> all of its kind."""
        self._open_windows()
        found: dict[type[Window], mesa.agent.AgentSet] = super().agents_by_type
        return found

    @property
    def agent_types(self) -> list[type[Window]]:
        """The kinds of agents there are."""
        return list(self.agents_by_type)

    def agent(self, unique_id: int) -> Window:
        """The window on one agent. Raises EcosimError if there is no such agent now."""
        windows = self._open_windows()
        if unique_id not in windows:
            raise EcosimError(f"no agent has the identity {unique_id}; ecosystem.agents lists all")
        return windows[unique_id]

    def update_windows(self) -> None:
        """If there are windows, open one on each firm that has come and close those of firms that left."""
        if self._windows is None:
            return
        identity = self.region.firms.identity
        rows = (identity.alive == 1).nonzero()[0]
        there = dict(zip(identity.id[rows].tolist(), rows.tolist(), strict=True))
        for number, window in list(self._windows.items()):
            if isinstance(window, Firm) and number not in there:
                window.remove()
                del self._windows[number]
        for number, row in there.items():
            if number not in self._windows:
                self._windows[number] = Firm(self, number, row)

    def _open_windows(self) -> dict[int, Window]:
        if self._windows is not None:
            return self._windows
        self._windows = {}
        self.update_windows()
        region = self.region
        tables = ((Incubator, region.incubators), (Investor, region.funds), (TransferAgency, region.agencies))
        found: list[Window] = [
            KIND_OF_INSTITUTE[region.institutes.kind[row]](self, number, row) for row, number in enumerate(region.institutes.id.tolist())
        ]
        for kind, table in tables:
            found += [kind(self, number, row) for row, number in enumerate(table.id.tolist())]
        found += [Government(self, GOVERNMENT_IDS + number, name) for number, name in enumerate(GOVERNMENTS)]
        self._windows |= {window.unique_id: window for window in found}
        return self._windows


def _quarter(model: Ecosystem) -> str:
    return model.quarter


def _outcome(model: Ecosystem, key: str) -> float:
    return model.outcomes[key]
