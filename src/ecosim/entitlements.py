"""Entitlements: what an award leaves behind, quarter after quarter, until it is used, paid out or expired."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from .columns import Codes, Flags, Floats, Ints, Quarters, allocate, code, enlarged, identity, moment, number, rows_where
from .kernel import kernel
from .ledger import UNIT

FOR_GOOD = int(np.iinfo(np.int32).max)
"""The last quarter of an entitlement that is remembered as long as its holder is in business."""


BEFORE_ALL = -2
"""Before the quarter of any award, and before the -1 of one whose quarter is not known."""


CROWD = 8
"""One in so many entitlements of the table may have ended before it closes up."""


class Entitlements(NamedTuple):
    """One row is one promise of one policy to one firm."""

    holder: Annotated[Ints, identity("identity of the firm")]
    row: Annotated[Ints, identity("row of the firm")]
    policy: Annotated[Codes, code("policy of the scenario, in alphabetical order")]
    margin: Annotated[Codes, code("what it is about: service, project, certificate or pool")]
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


@kernel
def fall_due(table, wanted_margin, begun, quarter, net, received, by_policy):
    """Pay what has fallen due of every award paid in instalments; until the project is begun, the first of them alone.

    begun: quarter in which the firm last began a project, by row. Adds to net and received, yuan by row, and to the totals by policy,
    exact units.
    """
    received[:] = 0.0
    for e in range(table.row.size):
        if table.instalment[e] > 0.0 and table.left[e] > 0.0:
            row = table.row[e]
            waits = table.margin[e] == wanted_margin and begun[row] < table.since[e]
            instalments = 1 if waits else quarter - table.since[e] + 1
            amount = min(max(table.instalment[e] * instalments - table.paid[e], 0.0), table.left[e])
            table.left[e] -= amount
            table.paid[e] += amount
            net[row] += amount
            received[row] += amount
            by_policy[table.policy[e]] += int(amount * UNIT)


@kernel
def still_due(table, wanted_margin, begun, quarter, granted, due):
    """Add up, by row, awards for projects not yet begun, and what of them is not paid yet, yuan."""
    for e in range(table.row.size):
        row = table.row[e]
        if table.margin[e] == wanted_margin and table.until[e] >= quarter and begun[row] < table.since[e]:
            granted[row] += table.paid[e] + table.left[e]
            due[row] += table.left[e]


@kernel
def end_lapsed(table, identities, alive, quarter, lapsed):
    """End the entitlements that ran out before this quarter or whose holder closed. Returns how many of the table have ended.

    Adds what they leave to the totals by policy, yuan.
    """
    ended = 0
    for e in range(table.row.size):
        row = table.row[e]
        if (table.until[e] < quarter) | (identities[row] != table.holder[e]) | (alive[row] == 0):
            lapsed[table.policy[e]] += table.left[e]
            table.left[e] = 0.0
            table.until[e] = min(table.until[e], quarter - 1)
            ended += 1
    return ended


@kernel
def move_up(table, quarter):
    """Move the entitlements that have not ended before this quarter to the front, in order. Returns how many they are."""
    stand = 0
    for e in range(table.row.size):
        if table.until[e] >= quarter:
            if stand < e:
                table.holder[stand], table.row[stand], table.policy[stand] = table.holder[e], table.row[e], table.policy[e]
                table.margin[stand], table.share[stand], table.left[stand] = table.margin[e], table.share[e], table.left[e]
                table.instalment[stand], table.paid[stand] = table.instalment[e], table.paid[e]
                table.since[stand], table.until[stand] = table.since[e], table.until[e]
            stand += 1
    return stand


@kernel
def counting(policy, margin, since, until, wanted_policy, wanted_margin, after, quarter, last):
    """Indices of the entitlements of one policy and margin awarded after one quarter that count in another, and up to a last one."""
    wanted = np.empty(policy.size, np.int8)
    for e in range(policy.size):
        asked = (policy[e] == wanted_policy) & (margin[e] == wanted_margin)
        wanted[e] = 1 if asked & (since[e] > after) & (until[e] >= quarter) & (until[e] <= last) else 0
    return rows_where(wanted)


class Promises:
    """The table of entitlements: the first rows of a longer one, in which it has room to grow."""

    def __init__(self, table: Entitlements | None = None) -> None:
        """Begin with these entitlements, or with none."""
        self.longer = self.table = allocate(Entitlements, 0) if table is None else table

    def __reduce__(self) -> tuple[type[Promises], tuple[Entitlements]]:
        """Copy and pickle by the table: a copy makes room of its own."""
        return Promises, (self.table,)

    @property
    def count(self) -> int:
        """Entitlements in the table."""
        return len(self.table.row)

    def active(self) -> Entitlements:
        """The table; another one once entitlements have been added or forgotten."""
        return self.table

    def write(self, rows: Any, **columns: Any) -> None:
        """Add one entitlement for each firm row in `rows`; columns are scalars or arrays of that length."""
        had, count = self.count, self.count + len(rows)
        if count > len(self.longer.row):
            self.longer = enlarged(self.table, 2 * count)
        self.longer.row[had:count] = rows
        for name, values in columns.items():
            getattr(self.longer, name)[had:count] = values
        self._cut(count)

    def forget_lapsed(self, identities: Ints, alive: Flags, quarter: int, policies: int) -> Floats:
        """End every entitlement that ran out before this quarter or whose holder closed; what these leave, yuan by policy.

        They stay in the table, where they give nothing, until they are a part of it that is worth the work of closing up.
        """
        lapsed = np.zeros(policies)
        ended = end_lapsed(self.table, identities, alive, quarter, lapsed)
        if ended * CROWD > self.count:
            self._cut(move_up(self.table, quarter))
        return lapsed

    def _cut(self, count: int) -> None:
        self.table = Entitlements._make([column[:count] for column in self.longer])

    def held(self, policy: int, margin: int, quarter: int, after: int = BEFORE_ALL, until: int = FOR_GOOD) -> Any:
        """Indices of the entitlements of one policy and margin in force, awarded after the quarter `after` and to end by `until`."""
        table = self.active()
        return counting(table.policy, table.margin, table.since, table.until, policy, margin, after, quarter, until)
