"""Regional R&D grants in northern Italy: small firms invest about the subsidy more, large ones nothing.

The study: firms of a region apply with a project; a committee marks it from 0 to 100, and 75 marks or more are paid up to half
of the cost. The outcome is investment over the programme's years by sales before it; lines of their own on either side of 75,
errors clustered by mark; firms split at the median of their size, and of their age.

The mirror: one call of a project grant (half of the cost, at most 250,000 euros or 1.55 million yuan at purchasing power, from memory),
whose quota is the share of the study's sample that was paid (seven in ten, from memory); 357 of the applicants by lot. Marks are
the model's jury's, ten to a standard deviation, moved so that the last project funded has 75. Grants of dropped projects are claimed
back in full. Investment is what is spent on projects in the three years from the award. The control leaves the grant out; for
large firms the effect that the study found in small ones is planted in those records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..estimators import Estimate, discontinuity
from ..lab import Diary, Lab, live, lots
from ..planted import LUCK, planted
from ..rd_grant import FULL_YEAR, Journal, Round, Terms, grant, research_part, within
from ..study import Reading, Row, Source, require

ROLE = "seen"

SOURCE = Source(
    "Bronzini & Iachini (2014), Are incentives for R&D effective? AEJ: Economic Policy 6(4)",
    "Northern Italy, tenders of 2003-05; 357 applicants",
    "regression discontinuity at 75 of 100 marks, lines on either side, errors clustered by mark",
    "re-estimated by others on the authors' replication data",
)
UNIT = "investment over sales before"
ROWS = (
    Row("G2.small", "Small firms", "小企业", "interval", 0.081, 0.0276, 0.1338, UNIT),
    Row("G2.large", "Large firms", "大企业", "null", -0.012, -0.069, 0.045, UNIT, "", 0.081, "the study's own effect in small firms"),
    Row("G2.young", "Young firms", "年轻企业", "interval", 0.055, 0.0124, 0.0976, UNIT, "interval computed here: 2.03 standard errors"),
    Row("G2.all", "All applicants", "全部申请企业", "interval", 0.040, -0.001, 0.081, UNIT),
)

SAMPLE = 357
SCALE = 2.0
"""Size of the city, so that about as many firms apply."""
YEARS_BEFORE, YEARS_AFTER = 4, 12
TERMS: Terms = {"share": 0.5, "cap": 1_550_000.0, "quota": 0.7, "clawback": 1.0, "youngest": FULL_YEAR}
ABROAD = {"general_rate": 0.33, "small_rate_first": 0.33, "small_rate_second": 0.33}
"""Corporate tax of Italy in the programme's years; no extra deduction, no certificate."""


class Sample(NamedTuple):
    """Firms in the sample with their marks, whether paid, and sizes before."""

    ids: np.ndarray
    marks: np.ndarray
    won: np.ndarray
    sales: np.ndarray
    age: np.ndarray


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The programme and the world without it."""
    sample, diary = tender(lab)
    without = Diary("ventures.project_rd")
    live(lab.region({}, YEARS_BEFORE + YEARS_AFTER, scale=SCALE, law=ABROAD), YEARS_BEFORE + YEARS_AFTER, without)
    part = research_part(lab)
    paid, unpaid = invested(sample, diary, part), invested(sample, without, part)
    groups = groups_of(sample)
    found = {}
    for name, here in groups.items():
        estimate, placebo = jump_at_75(sample, paid, here), jump_at_75(sample, unpaid, here)
        truth = float((paid - unpaid)[here & sample.won].mean())
        found[f"G2.{name}"] = Reading(*estimate, truth, *placebo)
    plant = next(row.plant for row in ROWS if row.id == "G2.large")
    raised = planted(unpaid, sample.won, plant, lots(lab.seed, sample.ids, LUCK))
    told = jump_at_75(sample, raised, groups["large"])
    found["G2.large"] = found["G2.large"]._replace(control=told.value, control_error=told.error)
    return found


def tender(lab: Lab) -> tuple[Sample, Diary]:
    """Live the programme; returns the sample and what all firms did."""
    quarters = YEARS_BEFORE + YEARS_AFTER
    journal = Journal("ventures.project_rd")
    live(lab.region(grant(2021, **TERMS), quarters, scale=SCALE, law=ABROAD), quarters, journal)
    return drawn(lab, journal.rounds[0]), journal.diary


def drawn(lab: Lab, call: Round) -> Sample:
    """357 of the applicants by lot; whole marks, 75 or more for those paid. Raises ShortError where fewer apply."""
    require(len(call.ids), SAMPLE, "applicants")
    chosen = np.sort(np.argsort(lots(lab.seed, call.ids, 1), kind="stable")[:SAMPLE])
    marks = np.clip(75.0 + np.floor(10.0 * call.margin), 0.0, 100.0)
    return Sample(call.ids[chosen], marks[chosen], call.won[chosen], call.sales[chosen], call.age[chosen])


def groups_of(sample: Sample) -> dict[str, np.ndarray]:
    """Masks of the study's groups: halves by sales, the younger half, all."""
    small = sample.sales <= np.median(sample.sales)
    return {"small": small, "large": ~small, "young": sample.age <= np.median(sample.age), "all": np.ones(len(small), bool)}


def invested(sample: Sample, diary: Diary, part: float) -> np.ndarray:
    """What is spent on projects in the three years from the award over sales before."""
    spent = within(diary, sample.ids, "ventures.project_rd", YEARS_BEFORE, YEARS_BEFORE + YEARS_AFTER)
    return np.asarray(spent / part / sample.sales)


def jump_at_75(sample: Sample, outcome: np.ndarray, here: np.ndarray) -> Estimate:
    """Jump at 75 marks among the firms of one group."""
    return discontinuity(outcome[here], sample.marks[here] - 75.0, 100.0, sample.marks[here])
