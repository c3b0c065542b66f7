"""Firms as Mesa agents. A firm's stages are methods: the stage of the quarter itself, with this firm alone.

What a method spends or earns is booked and settled at once and the money checked, so that a quarter closes
whatever was tried between two of them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from . import stages, stages_market, stages_research
from .agents.firm import TABLES, Firms
from .entitlements import Promises
from .errors import EcosimError
from .ledger import UNIT
from .region import Region
from .rules import kernels_of, rules_of
from .windows import Window, shows

Stage = Callable[[Region], None]


@contextmanager
def alone(region: Region, row: int) -> Iterator[Region]:
    """The region as if the firm in `row` were its only one: one-row views of the columns, all else shared."""
    small = copy.copy(region)
    small.firms = type(region.firms)(*(_one_row(table, row) for table in region.firms))
    small.levers = copy.copy(region.levers)
    small.levers.firm = _one_row(region.levers.firm, row)
    promises = region.promises.active()
    own = np.flatnonzero(promises.row == row)
    small.promises = Promises(type(promises)._make(column[own] for column in promises))
    small.promises.active().row[:] = 0
    yield small
    for name in ("left", "paid"):
        getattr(promises, name)[own] = getattr(small.promises.active(), name)


def _one_row(table: Any, row: int) -> Any:
    return type(table)(*(column[row : row + 1] for column in table))


STAGES: dict[str, Stage] = {
    "pursue_certificate": stages_research.pursue,
    "research": stages_research.research,
    "carry_out_projects": stages_research.projects,
    "buy_services": stages_research.services,
    "find_partners": stages_research.partners,
    "learn": stages_research.learn,
    "patent": stages_research.patent,
    "trade": stages_market.trade,
    "raise_capital": stages_market.invest,
    "pay_rent": stages_market.house,
    "leave_or_grow": stages_market.leave,
}
"""Method of a firm -> stage of the quarter, in its order."""


def _lives(kind: type[Firm]) -> type[Firm]:
    """Give the window of a firm one method for each of its stages."""
    for name, stage in STAGES.items():
        setattr(kind, name, _method(name, stage))
    return kind


def _method(name: str, stage: Stage) -> Callable[[Firm], None]:
    def live(window: Firm) -> None:
        window.must_be_there()
        if window.model.steps == 0:
            raise EcosimError("markets and pools open in the first quarter; call ecosystem.step() first")
        with alone(window.model.region, window.row) as small:
            stage(small)
            stages_market.settle(small)
        stages.audit(window.model.region)
        if not window.is_there:
            window.model.update_windows()

    live.__doc__ = stage.__doc__
    live.__name__, live.__qualname__ = name, f"Firm.{name}"
    return live


@_lives
@shows(*(("firms." + field, table) for field, table in zip(Firms._fields, TABLES, strict=True)))
class Firm(Window):
    """One firm or team. The methods in `STAGES` are stages of the quarter, for this firm alone."""

    @property
    def is_there(self) -> bool:
        """Whether the firm is in business."""
        identity = self.model.region.firms.identity
        return bool(identity.id[self.row] == self.unique_id and identity.alive[self.row] == 1)

    @property
    def levers(self) -> dict[str, float]:
        """What is offered to the firm this quarter, lever -> value; units are in ecosim.levers.FirmLevers."""
        self.must_be_there()
        offered = self.model.region.levers.firm._asdict()
        return {name: column[self.row].item() for name, column in offered.items()}

    def receive(self, yuan: float, payer: str, account: str) -> None:
        """Book a payment to the firm, yuan; a negative one is paid by it.

        payer: a sector of the ledger, such as "world". Raises LedgerError if it is unknown or yuan is none.
        """
        self.must_be_there()
        exact = int(yuan * UNIT) / UNIT if np.isfinite(yuan) else yuan
        self.model.region.ledger.post(payer, "firm", account, exact)
        self.model.region.firms.money.net[self.row] += exact
        with alone(self.model.region, self.row) as small:
            stages_market.settle(small)
        stages.audit(self.model.region)

    @classmethod
    def rules(cls) -> pd.DataFrame:
        """The page of a firm's rules: method, rule and what the rule says, in the order of the quarter."""
        rows = [
            (method, rule.__name__, (rule.__doc__ or "").strip().splitlines()[0])
            for method, stage in STAGES.items()
            for kernel in kernels_of(stage)
            for rule in rules_of(kernel)
        ]
        page = pd.DataFrame(rows, columns=["method", "rule", "meaning"])
        return page.drop_duplicates().set_index(["method", "rule"])
