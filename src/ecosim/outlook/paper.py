"""Certificates on paper: how many holders would have met the threshold of R&D with their real R&D alone.

The books are read, nothing is simulated anew: a firm that could not relabel might have done more real R&D, or
have gone without the certificate. The count is what the files say once relabelled costs are taken out.
"""

from __future__ import annotations

import numpy as np

from ..agents.firm import Books
from ..columns import Flags, Floats, Ints
from ..compiler import prepared
from ..entitlements import Entitlements
from ..kernel import kernel
from ..levers import CERTIFICATE
from ..outcomes import KEYS
from ..region import Region
from ..survey import certified_rows

UNKNOWN, FAILS, PASSES = -1, 0, 1
ROUNDING = 1e-9
"""Part by which sums of the books may differ from a threshold that a firm has met to the yuan."""


def real_reading(key: str, values: np.ndarray, certificates: np.ndarray) -> np.ndarray | None:
    """An outcome with real R&D alone; None for one in which relabelled R&D has no part.

    values: ... x outcomes of a year; certificates: ..., those that real R&D alone would have earned (`RealBooks.count`).
    """

    def outcome(name: str) -> np.ndarray:
        found: np.ndarray = values[..., KEYS.index(name)]
        return found

    if key == "certified":
        return certificates
    if key == "rd_to_gdp":
        return np.asarray((outcome("statistical_rd") - outcome("relabelled")) / outcome("gdp"))
    if key in ("statistical_rd", "firm_rd"):
        return np.asarray(outcome(key) - outcome("relabelled"))
    return None


@kernel
def add_relabelled(  # noqa: PLR0913
    identities: Ints, relabelled: Floats, step: float, all_rows: bool,
    followed: Ints, hidden: Floats, sales_3: Floats, reported_3: Floats, verdict: Flags,
) -> None:  # fmt: skip
    """Add what firms relabelled in a step, yuan a year, to their year's; where another firm has come, begin anew.

    Without `all_rows` only the rows of firms that relabelled are looked at.
    """
    for i in range(identities.size):
        if all_rows | (relabelled[i] > 0.0):
            if followed[i] != identities[i]:
                followed[i] = identities[i]
                hidden[:, i], sales_3[i], reported_3[i], verdict[i] = 0.0, 0.0, 0.0, UNKNOWN
            hidden[0, i] += relabelled[i] * step


@kernel
def judge(  # noqa: PLR0913
    table: Entitlements, quarter: int, identities: Ints, books: Books, sales_3: Floats, reported_3: Floats, hidden: Floats,
    asked: tuple[float, float, float], limits: tuple[float, float], seen: bool, verdict: Flags,
) -> None:  # fmt: skip
    """Judge the files of a quarter's certificates, by row, without what was relabelled. asked: ratio of R&D to sales of small, medium
    and large firms; limits: sales up to which a firm is small and medium, yuan; seen: the run knows all three years.
    """
    for e in range(table.row.size):
        i = table.row[e]
        if (table.margin[e] == CERTIFICATE) & (table.since[e] == quarter) & (identities[i] == table.holder[e]):
            sales = books.sales_1[i]
            share = asked[0] if sales <= limits[0] else asked[1] if sales <= limits[1] else asked[2]
            real = books.reported_1[i] + books.reported_2[i] + reported_3[i] - (hidden[0, i] + hidden[1, i] + hidden[2, i])
            least = share * (sales + books.sales_2[i] + sales_3[i]) * (1.0 - ROUNDING)
            verdict[i] = (PASSES if real >= least else FAILS) if seen else UNKNOWN


class RealBooks:
    """The relabelled part of every firm's last three years of R&D, followed beside the model.

    Certificates older than the third year of the run rest on years that the run has not seen.
    """

    def __init__(self, region: Region) -> None:
        """Begin before the first quarter."""
        self.first = region.quarter
        self.id = region.firms.identity.id.copy()
        self.hidden = np.zeros((3, region.rows))
        self.sales_3 = np.zeros(region.rows)
        self.reported_3 = np.zeros(region.rows)
        self.verdict = np.full(region.rows, UNKNOWN, np.int8)

    def follow(self, region: Region) -> None:
        """Take note of a quarter that has been lived, before the calendar turns."""
        self._make_room(region)
        firms = region.firms
        add_relabelled(
            firms.identity.id, firms.research.relabelled, region.traits.market.step, region.year_ends,
            self.id, self.hidden, self.sales_3, self.reported_3, self.verdict,
        )  # fmt: skip
        if region.year_ends:
            self._judge(region)
            self.hidden[1:] = self.hidden[:2].copy()
            self.hidden[0] = 0.0
            self.sales_3[:], self.reported_3[:] = firms.books.sales_2, firms.books.reported_2

    def count(self, region: Region) -> float:
        """Certified firms at the end of a year whose certificate real R&D alone would have earned; nan while some cannot be told."""
        verdicts = self.verdict[: region.rows][certified_rows(region) == 1]
        return float("nan") if (verdicts == UNKNOWN).any() else float((verdicts == PASSES).sum())

    def _judge(self, region: Region) -> None:
        """Read the files of this year's certificates: the books closed a moment ago, so year 1 is this one."""
        city = region.levers.city
        small, medium, large = (float(lever[0]) for lever in (city.certificate_small, city.certificate_medium, city.certificate_large))
        limits = float(city.certificate_small_sales[0]), float(city.certificate_large_sales[0])
        seen = region.quarter - self.first + 1 >= 12
        prepared(judge)(
            region.promises.active(), region.quarter, self.id, region.firms.books, self.sales_3, self.reported_3, self.hidden,
            (small, medium, large), limits, seen, self.verdict,
        )  # fmt: skip

    def _make_room(self, region: Region) -> None:
        """Follow the tables when they grow."""
        more = region.rows - len(self.id)
        if more > 0:
            self.id = np.concatenate([self.id, np.full(more, -1, self.id.dtype)])
            self.hidden = np.concatenate([self.hidden, np.zeros((3, more))], axis=1)
            self.sales_3 = np.concatenate([self.sales_3, np.zeros(more)])
            self.reported_3 = np.concatenate([self.reported_3, np.zeros(more)])
            self.verdict = np.concatenate([self.verdict, np.full(more, UNKNOWN, np.int8)])
