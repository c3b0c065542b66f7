"""V5: innovation vouchers for firms of all industries in the United Kingdom.

The study: in three rounds of 2015 vouchers of up to 5,000 pounds for an outside expert (university, institute, adviser on protection) were
drawn among small and medium firms; surveys one and two years on. At one year winners had carried out more of the projects, developed more
and protected more; at two years many of the differences had gone.

Here: one draw for the three, among all firms that would apply, for both kinds of service; the voucher pays one usual fee. At each wave,
of the year before: an assignment (the project), anything new put to use (an own project, a filing or a problem solved with outside
help), and a filing alone (protection). Numbers of firms and the response are not in the abstract; those here are assumed.

In the model a service bought is a problem solved, so more development in the first year follows from the purchase itself; what tests
the model is that it ends, and protection.

Control of the fade: the effect declared beside each row, planted in the records of the twin world (`planted`).
"""

from __future__ import annotations

from collections.abc import Mapping

from .. import lottery
from ..lab import Lab
from ..lottery import Measure, Terms
from ..study import INFINITY, NAN, Reading, Row, Source

SOURCE = Source(
    "Kleine, Heite & Rosendahl Huber (2022), Subsidized R&D collaboration, Research Policy 51(6)",
    "United Kingdom, three rounds in 2015, small and medium firms",
    "lottery among applicants, surveys at 1 and 2 years",
    "abstract",
)

ROWS = (
    Row("V5.project", "Project carried out within a year", "一年内实施项目", "sign", NAN, 0.0, INFINITY, "share of firms"),
    Row(
        "V5.1y", "Development, year 1", "第1年开发活动", "sign", NAN, 0.0, INFINITY, "share of firms",
        "follows in the model from the purchase itself",
    ),
    Row("V5.ip", "Filings, year 1", "第1年专利申请", "sign", NAN, 0.0, INFINITY, "share of firms"),
    Row(
        "V5.2y", "Development, year 2", "第2年开发活动", "fade", 0.0, -0.10, 0.10, "share of firms",
        "band proposed here; no standard error seen", 0.20, "no size seen: a quarter of V1's effect",
    ),
)  # fmt: skip

TERMS = Terms(vouchers=400, applicants=1_200, share=1.0, covers=("instruments", "contract_research"), valid=2, response=0.5, scale=2.0)
"""Numbers of firms and response are assumed; a city twice as large, so that so many apply."""
QUARTERS = 8

MEASURES: Mapping[str, Measure] = {
    "V5.project": lottery.assigned(1, 4),
    "V5.1y": lottery.innovated(1, 4),
    "V5.ip": lottery.filed(1, 4),
    "V5.2y": lottery.innovated(5, 8),
}


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """Two years from the draw, with the vouchers and without."""
    cohort = lottery.hold(lab, TERMS, QUARTERS)
    without = lottery.twin(lab, TERMS, cohort, QUARTERS)
    plants = {row.id: row.plant for row in ROWS}
    return {name: lottery.reading(measure, cohort, without, plants[name]) for name, measure in MEASURES.items()}
