"""V4: Creative Credits, vouchers for a project with a supplier of creative services.

The study: 150 vouchers of 4,000 pounds, to which the firm added 1,000, drawn among small and medium firms of the Manchester City Region
that had applied, 2009 to 2011. Winners were likelier by at least 84 per cent to go ahead with a new creative partner. Half a year on they
innovated more and had grown faster; a year on neither could be told from chance.

Here: the lottery among all firms that would apply; suppliers of contract research stand for those of creative services, and the voucher
pays 80% of one usual fee. The model does not say which supplier is new to a firm: every assignment counts as the project. Waves at six and
twelve months ask about the six months before: anything new put to use, and growth of sales. "84 per cent" can mean points or a relative
rise; both are rows, and the band, proposed before, is the same. The number of applicants and the response are not in the sources seen.

In the model a service bought is a problem solved, so more innovation at six months follows from the purchase itself; only its end at
twelve months, and sales, are tests of something else.

Control of the fades: the effect declared beside each row, planted in the records of the twin world (`planted`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .. import lottery
from ..estimators import relative_rise
from ..lab import Lab
from ..lottery import Cohort, Measure, Panel, Terms
from ..study import INFINITY, NAN, Reading, Role, Row, Source

ROLE: Role = "seen"
"""Its applicants were followed when firms began to apply only for a voucher they can use."""

SOURCE = Source(
    "Bakhshi, Edwards, Roper, Scully, Shaw, Morley & Rathbone (2013, Nesta; 2015, Research Policy 44)",
    "Manchester City Region, 2009-2011, small and medium firms",
    "lottery among applicants, surveys at 6 and 12 months",
    "funder's summary of the study, abstract",
)

ROWS = (
    Row(
        "V4.project", "Project goes ahead, difference in shares", "项目得以实施（比例之差）", "band", 0.84, 0.60, 1.10, "share of firms",
        "84 per cent read as points; tolerance proposed, no standard error seen",
    ),
    Row(
        "V4.likelier", "Project goes ahead, relative rise", "项目得以实施（相对提高）", "band", 0.84, 0.60, 1.10, "share",
        "84 per cent read as a relative rise; tolerance proposed, no standard error seen",
    ),
    Row(
        "V4.6m", "Innovation, months 1 to 6", "第1—6个月创新", "sign", NAN, 0.0, INFINITY, "share of firms",
        "follows in the model from the purchase itself",
    ),
    Row(
        "V4.12m", "Innovation, months 7 to 12", "第7—12个月创新", "fade", 0.0, -0.10, 0.10, "share of firms", "band proposed here",
        0.20, "no size seen: a quarter of V1's effect, every fourth extra project leads to one more",
    ),
    Row("V4.sales6m", "Growth of sales, months 1 to 6", "第1—6个月营业收入增长", "sign", NAN, 0.0, INFINITY, "ln"),
    Row(
        "V4.sales12m", "Growth of sales, months 7 to 12", "第7—12个月营业收入增长", "fade", 0.0, -0.05, 0.05, "ln", "band proposed here",
        0.10, "no size seen: twice the tolerance",
    ),
)  # fmt: skip

TERMS = Terms(vouchers=150, applicants=672, share=0.8, covers=("contract_research",), valid=2, response=0.5, scale=4.5)
"""672 applications are from memory, a response of half is assumed; the city is taken so large that about as many apply."""
QUARTERS = 4


def growth(first: int, last: int) -> Measure:
    """Growth of sales from the end of one quarter to that of another, ln."""

    def measure(panel: Panel) -> np.ndarray:
        sales = panel.tables["market.sales"]
        return np.asarray(np.log(sales[:, last] / sales[:, first]))

    return measure


MEASURES: Mapping[str, Measure] = {
    "V4.project": lottery.assigned(1, 2),
    "V4.6m": lottery.innovated(1, 2),
    "V4.12m": lottery.innovated(3, 4),
    "V4.sales6m": growth(0, 2),
    "V4.sales12m": growth(2, 4),
}


def likelier(cohort: Cohort, without: Panel) -> Reading:
    """The relative rise in projects that go ahead."""
    goes = lottery.assigned(1, 2)
    told, untold = cohort.won & cohort.answers, ~cohort.won & cohort.answers
    found, control = (relative_rise(values[told], values[untold]) for values in (goes(cohort.panel), goes(without)))
    truth = relative_rise(goes(cohort.panel)[cohort.won], goes(without)[cohort.won])
    return Reading(found.value, found.error, truth.value, control.value, control.error)


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """A year from the draw, with the vouchers and without."""
    cohort = lottery.hold(lab, TERMS, QUARTERS)
    without = lottery.twin(lab, TERMS, cohort, QUARTERS)
    plants = {row.id: row.plant for row in ROWS}
    found = {name: lottery.reading(measure, cohort, without, plants[name]) for name, measure in MEASURES.items()}
    return found | {"V4.likelier": likelier(cohort, without)}
