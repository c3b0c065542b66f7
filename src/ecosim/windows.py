"""Mesa agents as windows, one row high, on the columns of a region: nothing is copied, so nothing can drift.

Properties come from the column tables. Money moves through the ledger only. Firms are in `windows_firm`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import mesa
import numpy as np
import pandas as pd

from .agents.fund import Funds
from .agents.incubator import Incubators
from .agents.institute import Institutes
from .agents.transfer_agency import Agencies
from .columns import Column, columns_of
from .errors import EcosimError, GoneError, LedgerError

if TYPE_CHECKING:
    from .model import Ecosystem

MONEY = frozenset({"cash", "debt", "net", "income"})
"""Columns that only payments may change."""
WHO = frozenset({"id", "alive"})
"""Columns that say which agent a row is."""
PYTHON_TYPE = {"f": "float", "i": "int"}

Kind = TypeVar("Kind", bound="type[Window]")


class _NoCounter:
    """Stands in for Mesa's counter of ids, which would keep every model alive; ids here are identities."""

    def __getitem__(self, model: object) -> Iterator[int]:
        return count()


class Window(mesa.Agent):
    """One agent of the region, seen through Mesa. `unique_id` is its identity, which no other will ever have.

    Reading gives Python numbers; writing changes the region, apart from money and identity. Every use raises
    GoneError once the agent has left. `remove()` closes the window, not the agent.
    """

    _ids = _NoCounter()
    where: dict[str, tuple[str, Column]] = {}
    """Column -> path of its table in the region, and what it means."""

    def __init__(self, model: Ecosystem, identity: int, row: int) -> None:
        """Open a window on one row."""
        super().__init__(model)
        self.unique_id = identity
        self.row = row

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.unique_id})"

    @property
    def is_there(self) -> bool:
        """Whether the agent is still in the region."""
        return int(self.column("id")[self.row]) == self.unique_id

    def column(self, name: str) -> Any:
        """The whole column of the region in which the agent has one row."""
        path, _ = self.where[name]
        return getattr(attrgetter(path)(self.model.region), name)

    def must_be_there(self) -> None:
        """Raises GoneError if the agent has left."""
        if not self.is_there:
            raise GoneError(f"{self!r} has left the region; look for others in ecosystem.agents")

    def state(self) -> pd.DataFrame:
        """All columns of the agent: value, unit and meaning."""
        rows = [(getattr(self, name), column.unit, column.meaning) for name, (_, column) in self.where.items()]
        return pd.DataFrame(rows, list(self.where), ["value", "unit", "meaning"], dtype=object)


def shows(*tables: tuple[str, Any]) -> Callable[[Kind], Kind]:
    """Give a window one property for each column of its tables."""

    def add_properties(kind: Kind) -> Kind:
        kind.where = {name: (path, column) for path, table in tables for name, column in columns_of(table).items()}
        for name, (_, column) in kind.where.items():
            if hasattr(kind, name):
                raise TypeError(f"{kind.__name__} has a method named like the column {name!r}; rename one")
            setattr(kind, name, _property(name, column))
        return kind

    return add_properties


def _property(name: str, column: Column) -> property:
    def read(window: Window) -> Any:
        window.must_be_there()
        return window.column(name)[window.row].item()

    def write(window: Window, value: float) -> None:
        window.must_be_there()
        if name in MONEY:
            remedy = "book one through the ledger, as firm.receive(yuan, payer, account) does"
            raise LedgerError(f"{window!r}: {name!r} changes by payments only; {remedy}")
        if name in WHO:
            raise EcosimError(f"{window!r}: {name!r} says who the agent is and cannot be set")
        lowest, highest = _bounds(column, window.column(name))
        if not lowest <= value <= highest:
            raise EcosimError(f"{window!r}: {name!r} is {value}; it lies between {lowest:g} and {highest:g}")
        window.column(name)[window.row] = value

    return property(read, write, doc=f"{column.meaning} ({column.unit}, {PYTHON_TYPE[column.dtype[0]]})")


def _bounds(column: Column, values: Any) -> tuple[float, float]:
    """What may be written: any finite number, or for an index into another table one that is in use."""
    if column.unit == "index":
        return float(values.min()), float(values.max())
    largest = np.finfo(column.dtype) if column.dtype[0] == "f" else np.iinfo(column.dtype)
    return float(largest.min), float(largest.max)


@shows(("institutes", Institutes))
class Institute(Window):
    """One research institute or new-type research institute that works with the city's firms."""


@shows(("institutes", Institutes))
class University(Window):
    """One university that works with the city's firms."""


@shows(("incubators", Incubators))
class Incubator(Window):
    """One incubator, accelerator, park or maker space."""


@shows(("funds", Funds))
class Investor(Window):
    """One angel, venture fund or guidance fund."""


@shows(("agencies", Agencies))
class TransferAgency(Window):
    """One transfer organisation."""


class Government(Window):
    """The city, the province or the centre. Amounts are this government's own part, yuan."""

    def __init__(self, model: Ecosystem, identity: int, name: str) -> None:
        """Open a window on one government's accounts."""
        super().__init__(model, identity, -1)
        self.name = name

    @property
    def is_there(self) -> bool:
        """Governments stay."""
        return True

    @property
    def balance(self) -> float:
        """What the government has received and not yet paid out (yuan, float)."""
        return float(self.model.region.ledger.balance[self.name])

    @property
    def budget(self) -> float:
        """Appropriated this year for policies with an envelope (yuan/year, float)."""
        return sum(self._part(envelope.budget, envelope.payers) for envelope in self.model.region.ledger.envelopes.values())

    @property
    def envelopes(self) -> dict[str, float]:
        """Policy -> what is left of this year's envelope to promise (yuan, float)."""
        envelopes = self.model.region.ledger.envelopes
        return {policy: self._part(found.left, found.payers) for policy, found in envelopes.items() if self.name in found.payers}

    @property
    def outlay(self) -> dict[str, float]:
        """Policy -> paid out this quarter (yuan/quarter, float)."""
        return self._by_policy(self.model.region.ledger.outlay)

    @property
    def forgone(self) -> dict[str, float]:
        """Policy -> tax let go this quarter (yuan/quarter, float)."""
        return self._by_policy(self.model.region.ledger.forgone)

    def state(self) -> pd.DataFrame:
        """Its accounts: value and meaning."""
        names = ("balance", "budget", "envelopes", "outlay", "forgone")
        rows = [(name, getattr(self, name), getattr(type(self), name).__doc__) for name in names]
        return pd.DataFrame(rows, columns=["column", "value", "meaning"]).set_index("column")

    def _part(self, amount: float, payers: dict[str, float]) -> float:
        return amount * payers[self.name] if self.name in payers else 0.0

    def _by_policy(self, amounts: dict[tuple[str, str], float]) -> dict[str, float]:
        return {policy: amount for (policy, government), amount in amounts.items() if government == self.name}
