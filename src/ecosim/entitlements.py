"""Entitlements: what an award leaves behind, quarter after quarter, until it is used, paid out or expired."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from .columns import Codes, Floats, Ints, Quarters, allocate, code, enlarged, identity, moment, number
from .kernel import kernel


class Entitlements(NamedTuple):
    """One row is one promise of one policy to one firm."""

    holder: Annotated[Ints, identity("identity of the firm")]
    row: Annotated[Ints, identity("row of the firm")]
    policy: Annotated[Codes, code("policy of the scenario, in alphabetical order")]
    margin: Annotated[Codes, code("what it is about: service, project or certificate")]
    kind: Annotated[Codes, code("kind of service it covers; -1 all")]
    share: Annotated[Floats, number("share", "share of the cost it pays")]
    left: Annotated[Floats, number("yuan", "amount left")]
    instalment: Annotated[Floats, number("yuan", "amount paid each quarter; 0 if paid on use")]
    paid: Annotated[Floats, number("yuan", "amount paid so far")]
    since: Annotated[Quarters, moment("quarter of the award")]
    until: Annotated[Quarters, moment("last quarter in which it counts")]


@kernel
def draw_down(used, row, policy, margin, wanted_margin, left, paid, by_policy):
    """Take what each firm used from its entitlements, oldest first; adds to the totals by policy, yuan."""
    for e in range(row.size):
        if margin[e] == wanted_margin and used[row[e]] > 0.0 and left[e] > 0.0:
            amount = min(left[e], used[row[e]])
            left[e] -= amount
            paid[e] += amount
            used[row[e]] -= amount
            by_policy[policy[e]] += amount


class Promises:
    """The table of entitlements in force, with room to grow."""

    def __init__(self) -> None:
        self.table: Entitlements = allocate(Entitlements, 64)
        self.count = 0

    def active(self) -> Entitlements:
        """The rows in use (views)."""
        return Entitlements._make([column[: self.count] for column in self.table])

    def write(self, rows: Any, **columns: Any) -> None:
        """Add one entitlement for each firm row in `rows`; columns are scalars or arrays of that length."""
        new = len(rows)
        while self.count + new > len(self.table.row):
            self.table = enlarged(self.table, 2 * len(self.table.row))
        place = slice(self.count, self.count + new)
        self.table.row[place] = rows
        for name, values in columns.items():
            getattr(self.table, name)[place] = values
        self.count += new

    def keep(self, mask: Any) -> None:
        """Forget every entitlement outside `mask`, of which there is one, keeping the order of the others."""
        first = int(np.argmin(mask))
        stay = first + np.flatnonzero(mask[first:])
        for column in self.table:
            column[first : first + len(stay)] = column[stay]
        self.count = first + len(stay)

    def held(self, policy: int, margin: int, quarter: int) -> Any:
        """Indices of the entitlements of one policy and margin in force."""
        table = self.active()
        return np.flatnonzero((table.policy == policy) & (table.margin == margin) & (table.until >= quarter))
