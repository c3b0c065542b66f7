"""V2 and V3: what became of the winners and losers of the Dutch voucher lottery, after two years and after ten.

The studies: a survey a year and a half after the half year of the voucher found no more assignments of the winners than of the others, and
no more product innovation (some sign of better production processes, which the model cannot tell apart). Registers of more than ten years
showed more use of the R&D tax credit, more R&D and more staff among the winners, and no difference in productivity; the effects came early
and stayed. The two sit ill together.

Here: the lottery of V1, the same worlds for both. After two years: half of the firms answer; a further assignment in months 7 to 24, and a
new product in the same months: a project of its own carried through, or an invention or utility model filed. After ten years: all
firms still in business, as in a register; doing R&D (which stands for the tax credit), staff and sales per head, each as the mean of
years 6 to 10 less the eve of the draw, since registers know the years before. The later cohort of 2005 is left out: it was drawn alike.

Control of the nulls: the effect declared beside each row, planted in the records of the twin world (`planted`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .. import lottery
from ..inputs.dutch_vouchers import TERMS
from ..lab import Lab
from ..lottery import Measure, Panel
from ..study import INFINITY, NAN, Reading, Row, Source

SOURCE = Source(
    "Cornet, van der Steeg & Vroomen (2007), CPB Document 140; Roelandt & van der Wiel (2020), Innovation Growth Lab",
    "Netherlands, lotteries of 2004 and 2005, small and medium firms",
    "lottery among applicants; telephone survey, then registers",
    "abstracts; signs only for the long run",
)

ROWS = (
    Row(
        "V2.repeat", "Assignments in the year and a half after the voucher", "创新券到期后一年半内的再次委托", "null",
        0.0, -0.10, 0.10, "share of firms",
        "band proposed; no standard error seen", 0.20, "a quarter of V1's effect: every fourth extra assignment is followed by one more",
    ),
    Row(
        "V2.product", "New products in that year and a half", "同期新产品", "null", 0.0, -0.10, 0.10, "share of firms",
        "band proposed here, that of the repeat assignments; stands for product innovation", 0.20,
        "a quarter of V1's effect: every fourth extra assignment leads to a product",
    ),
    Row(
        "V3.rd", "Doing R&D, years 6 to 10", "第6—10年开展研发", "sign", NAN, 0.0, INFINITY, "share of firms",
        "stands for use of the R&D tax credit",
    ),
    Row("V3.staff", "Staff, years 6 to 10", "第6—10年从业人员", "sign", NAN, 0.0, INFINITY, "ln"),
    Row(
        "V3.productivity", "Sales per head, years 6 to 10", "第6—10年人均营业收入", "null", 0.0, -0.05, 0.05, "ln",
        "band proposed here: no figure seen", 0.10, "no figure seen: twice the tolerance",
    ),
)  # fmt: skip

QUARTERS = 40
LATE = (21, 40)
"""Quarters of years 6 to 10 after the draw."""


def since_eve(values: np.ndarray) -> np.ndarray:
    """Mean over years 6 to 10 less the value on the eve of the draw; nan for firms that have closed by the end."""
    return np.asarray(values[:, LATE[0] : LATE[1] + 1].mean(axis=1) - values[:, 0])


def late_rd(panel: Panel) -> np.ndarray:
    """Change in doing R&D."""
    return since_eve(panel.tables["research.performer"])


def late_staff(panel: Panel) -> np.ndarray:
    """Growth of staff, ln."""
    return since_eve(np.log(panel.tables["market.employees"]))


def late_productivity(panel: Panel) -> np.ndarray:
    """Growth of sales per head, ln."""
    return since_eve(np.log(panel.tables["market.sales"] / panel.tables["market.employees"]))


SURVEYED: Mapping[str, Measure] = {"V2.repeat": lottery.assigned(3, 8), "V2.product": lottery.new_product(3, 8)}
REGISTERED: Mapping[str, Measure] = {"V3.rd": late_rd, "V3.staff": late_staff, "V3.productivity": late_productivity}


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """Ten years from the draw, with the vouchers and without."""
    cohort = lottery.hold(lab, TERMS, QUARTERS)
    without = lottery.twin(lab, TERMS, cohort, QUARTERS)
    plants = {row.id: row.plant for row in ROWS}
    everyone = cohort._replace(answers=np.ones(len(cohort.won), bool))
    surveyed = {name: lottery.reading(measure, cohort, without, plants[name]) for name, measure in SURVEYED.items()}
    return surveyed | {name: lottery.reading(measure, everyone, without, plants[name]) for name, measure in REGISTERED.items()}
