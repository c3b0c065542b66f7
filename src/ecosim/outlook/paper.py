"""Certificates on paper: how many holders would have met the threshold of R&D with their real R&D alone.

The books are read, nothing is simulated anew: a firm that could not relabel might have done more real R&D, or
have gone without the certificate. The count is what the files say once relabelled costs are taken out.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..agents.firm import Books
from ..columns import Codes, Floats, Ints, allocate, code, enlarged, identity, number
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


class Files(NamedTuple):
    """What the files of certificates rest on, beside the books of the model: one row is one firm, its row that of the firm tables."""

    id: Annotated[Ints, identity("identity of the firm")]
    hidden_1: Annotated[Floats, number("yuan", "costs relabelled as R&D, this year")]
    hidden_2: Annotated[Floats, number("yuan", "costs relabelled as R&D, last year")]
    hidden_3: Annotated[Floats, number("yuan", "costs relabelled as R&D, the year before last")]
    sales_3: Annotated[Floats, number("yuan", "sales, the year before last")]
    reported_3: Annotated[Floats, number("yuan", "reported R&D, the year before last")]
    verdict: Annotated[Codes, code("whether real R&D alone would have earned the certificate", UNKNOWN)]


@kernel
def add_relabelled(files: Files, identities: Ints, relabelled: Floats, step: float, all_rows: bool) -> None:
    """Add what firms relabelled in a step, yuan a year, to their year's; where another firm has come, begin anew.

    Without `all_rows` only the rows of firms that relabelled are looked at.
    """
    for i in range(identities.size):
        if all_rows | (relabelled[i] > 0.0):
            if files.id[i] != identities[i]:
                files.id[i] = identities[i]
                files.hidden_1[i], files.hidden_2[i], files.hidden_3[i] = 0.0, 0.0, 0.0
                files.sales_3[i], files.reported_3[i], files.verdict[i] = 0.0, 0.0, UNKNOWN
            files.hidden_1[i] += relabelled[i] * step


@kernel
def judge(files: Files, books: Books, table: Entitlements, quarter: int, terms: Terms) -> None:
    """Judge the files of the certificates of a quarter without what was relabelled."""
    for e in range(table.row.size):
        i = table.row[e]
        if (table.margin[e] == CERTIFICATE) & (table.since[e] == quarter) & (files.id[i] == table.holder[e]):
            sales = books.sales_1[i]
            asked = terms.small if sales <= terms.small_sales else terms.medium if sales <= terms.large_sales else terms.large
            real = books.reported_1[i] + books.reported_2[i] + files.reported_3[i]
            real -= files.hidden_1[i] + files.hidden_2[i] + files.hidden_3[i]
            least = asked * (sales + books.sales_2[i] + files.sales_3[i]) * (1.0 - ROUNDING)
            files.verdict[i] = PASSES if real >= least else FAILS


class Terms(NamedTuple):
    """Ratio of R&D to sales that is asked of small, medium and large firms, and the sales up to which a firm is small, medium, yuan."""

    small: float
    medium: float
    large: float
    small_sales: float
    large_sales: float


class RealBooks:
    """The relabelled part of every firm's last three years of R&D, followed beside the model.

    Certificates older than the third year of the run rest on years that the run has not seen.
    """

    def __init__(self, region: Region) -> None:
        """Begin before the first quarter."""
        self.first = region.quarter
        self.files = allocate(Files, region.rows)

    def follow(self, region: Region) -> None:
        """Take note of a quarter that has been lived, before the calendar turns."""
        if region.rows > len(self.files.id):
            self.files = enlarged(self.files, region.rows)
        firms, files, step = region.firms, self.files, region.traits.market.step
        prepared(add_relabelled)(files, firms.identity.id, firms.research.relabelled, step, region.year_ends)
        if region.year_ends:
            if region.quarter - self.first + 1 >= 12:
                prepared(judge)(files, firms.books, region.promises.active(), region.quarter, terms_of(region))
            files.hidden_3[:] = 0.0
            self.files = files._replace(hidden_1=files.hidden_3, hidden_2=files.hidden_1, hidden_3=files.hidden_2)
            files.sales_3[:], files.reported_3[:] = firms.books.sales_2, firms.books.reported_2

    def count(self, region: Region) -> float:
        """Certified firms at the end of a year whose certificate real R&D alone would have earned; nan while some cannot be told."""
        verdicts = self.files.verdict[certified_rows(region) == 1]
        return float("nan") if (verdicts == UNKNOWN).any() else float((verdicts == PASSES).sum())


def terms_of(region: Region) -> Terms:
    """What the certificate asks for this year; the books closed a moment ago, so year 1 is this one."""
    city = region.levers.city
    asked = city.certificate_small, city.certificate_medium, city.certificate_large
    return Terms(*(float(lever) for lever in (*asked, city.certificate_small_sales, city.certificate_large_sales)))
