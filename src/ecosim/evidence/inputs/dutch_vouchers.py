"""V1: does an innovation voucher make small firms give an assignment to a research institute that they would not have given?

The study: in September 2004 the Netherlands drew 100 vouchers among 1,044 small and medium firms that had applied. A voucher paid an
assignment at a public research institute in full, up to 7,500 euro, within half a year; the question could be of any level and any
technology. Of ten vouchers eight went to an assignment that would not have been given otherwise, one to one that would, one lapsed.

Here: all small and medium firms of the city that have heard of the voucher and expect more from it than it costs to apply; nobody is kept
out for ties to an institute, as nobody was. The draw is the policy's own lottery. The voucher is worth one usual fee; both kinds of
service count, as both are bought from institutes. Outcome: any assignment in the half year from the draw; estimator: difference in means
among those who answer, half of each group, as the follow-up says of the winners. The city is taken twice as large, as the country is
larger; where still fewer than nine tenths of 1,044 firms apply, the experiment is short and says nothing.

The share of 0.80 was looked at while the rule for services was found, so the row is no test.
"""

from __future__ import annotations

from collections.abc import Mapping

from .. import lottery
from ..lab import Lab
from ..lottery import Terms
from ..study import Reading, Role, Row, Source

ROLE: Role = "seen"

SOURCE = Source(
    "Cornet, Vroomen & van der Steeg (2006), Do innovation vouchers help SMEs to cross the bridge towards science? CPB Discussion Paper 58",
    "Netherlands, September 2004, small and medium firms",
    "lottery among applicants, telephone survey",
    "abstract and the authors' slides; the interval is computed",
)

ROWS = (
    Row(
        "V1", "Extra assignments to institutes per voucher", "每张创新券带来的额外委托", "interval", 0.80, 0.71, 0.89,
        "assignments per voucher",
        "interval computed from the rounded shares 0.9 and 0.1 with 50 winners answering; the paper's own errors were not seen",
    ),
)  # fmt: skip

TERMS = Terms(vouchers=100, applicants=1_044, share=1.0, covers=("instruments", "contract_research"), valid=2, response=0.5, scale=2.0)


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """Half a year from the draw, with the vouchers and without."""
    cohort = lottery.hold(lab, TERMS, 2)
    without = lottery.twin(lab, TERMS, cohort, 2)
    return {"V1": lottery.reading(lottery.assigned(1, 2), cohort, without)}
