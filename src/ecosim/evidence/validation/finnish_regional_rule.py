"""R&D support in Finland that a regional rule made more likely: research first, then jobs and sales, productivity only in the long run.

The study: European regional money by a rule of population density raises the chance of support in some regions; being there is the
instrument of participation.

The mirror: one call for all firms with a project; 40% of its cost is paid; in the four districts farthest from Shanghai four applicants
in five are supported, elsewhere one in five. Among applicants, participation is instrumented by the district, with log sales,
research intensity and age held constant; changes against the year before. R&D over sales before in the first two years, staff and sales
after three years, sales per head in the first year and after five. The control leaves the money out and keeps participation; for the
null an effect is planted in those records. Staff follows sales in the model at half the rate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..estimators import Estimate, two_stages, winsorised
from ..lab import Diary, Lab, live
from ..rd_grant import FULL_YEAR, Journal, Outcome, Round, Terms, column_at, grant, research_done, with_plant
from ..study import INFINITY, NAN, Reading, Row, Source

SOURCE = Source(
    "Einio (2014), R&D subsidies and company performance: evidence from geographic variation in government funding. "
    "Review of Economics and Statistics 96(4)",
    "Finland, regional money by a rule of population density",
    "instrumental variable: region of the firm",
    "abstract; sizes not seen",
)
ROWS = (
    Row("G14.research", "R&D", "研发", "sign", NAN, 0.0, INFINITY, "R&D over sales before"),
    Row("G14.jobs", "Staff after three years", "三年后就业", "sign", NAN, 0.0, INFINITY, "ln"),
    Row("G14.sales", "Sales after three years", "三年后销售收入", "sign", NAN, 0.0, INFINITY, "ln"),
    Row("G14.at_first", "Sales per head in the first year", "首年劳动生产率", "null", 0.0, -0.02, 0.02, "ln",
        "tolerance proposed before the first run: two per cent", 0.05,
        "what doubled R&D earns at the elasticity of the literature (K4: 0.08 x ln 2)"),
    Row("G14.later", "Sales per head after five years", "五年后劳动生产率", "sign", NAN, 0.0, INFINITY, "ln"),
)  # fmt: skip

BEFORE, AFTER = 4, 20
QUARTERS = BEFORE + AFTER
ABROAD = {"general_rate": 0.26, "small_rate_first": 0.26, "small_rate_second": 0.26}
FARTHEST = (1, 6, 7, 8)
"""Gangzha, Rudong, Rugao and Haian, by their numbers in the region pack."""
TERMS: Terms = {"share": 0.4, "quota": 0.2, "favoured": FARTHEST, "favoured_quota": 0.8, "youngest": FULL_YEAR}
COLUMNS = ("research.rd", "ventures.project_rd", "market.sales", "market.employees", "identity.district")


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The programme and the world without it."""
    journal = programme(lab)
    without = Diary(*COLUMNS)
    live(lab.region({}, QUARTERS, law=ABROAD), QUARTERS, without)
    outcomes = {"research": research, "jobs": jobs, "sales": sales, "at_first": at_first, "later": later}
    found = {f"G14.{name}": reading(journal, without, outcome) for name, outcome in outcomes.items()}
    plant = next(row.plant for row in ROWS if row.id == "G14.at_first")
    told = effect(journal.rounds[0], without, with_plant(at_first, plant, lab.seed))
    return {**found, "G14.at_first": found["G14.at_first"]._replace(control=told.value, control_error=told.error)}


def programme(lab: Lab) -> Journal:
    """Live the call and the five years after it."""
    journal = Journal(*COLUMNS)
    live(lab.region(grant(2021, **TERMS), QUARTERS, law=ABROAD), QUARTERS, journal)
    return journal


def reading(journal: Journal, without: Diary, outcome: Outcome) -> Reading:
    """Estimate with the programme, placebo in the world without it, mean paired effect on participants."""
    (call,) = journal.rounds
    paired = (outcome(journal.diary, call) - outcome(without, call))[call.won]
    return Reading(*effect(call, journal.diary, outcome), float(np.nanmean(paired)), *effect(call, without, outcome))


def effect(call: Round, diary: Diary, outcome: Outcome) -> Estimate:
    """Participation instrumented by the district."""
    intensity = np.minimum(column_at(diary, call.ids, "research.rd", BEFORE - 1) / call.sales, 1.0)
    controls = np.column_stack([np.log(call.sales), intensity, call.age])
    here = np.isin(column_at(diary, call.ids, "identity.district", call.number), FARTHEST)
    return two_stages(outcome(diary, call), call.won, here, controls)


def research(diary: Diary, call: Round) -> np.ndarray:
    """Change in R&D, mean of the first two years, over sales before."""
    change = research_done(diary, call.ids, BEFORE, 8) - research_done(diary, call.ids, 0)
    return -winsorised(-winsorised(change / call.sales, 0.05), 0.05)


def grown(diary: Diary, call: Round, column: str, years: int) -> np.ndarray:
    """Change in the log of a column from the quarter before the award to the last of a year after it."""
    after, before = (column_at(diary, call.ids, column, quarter) for quarter in (BEFORE + 4 * years - 1, BEFORE - 1))
    return np.asarray(np.log(after) - np.log(before))


def jobs(diary: Diary, call: Round) -> np.ndarray:
    """Growth of staff over three years."""
    return grown(diary, call, "market.employees", 3)


def sales(diary: Diary, call: Round) -> np.ndarray:
    """Growth of sales over three years."""
    return grown(diary, call, "market.sales", 3)


def at_first(diary: Diary, call: Round) -> np.ndarray:
    """Growth of sales per head in the first year."""
    return np.asarray(grown(diary, call, "market.sales", 1) - grown(diary, call, "market.employees", 1))


def later(diary: Diary, call: Round) -> np.ndarray:
    """Growth of sales per head over five years."""
    return np.asarray(grown(diary, call, "market.sales", 5) - grown(diary, call, "market.employees", 5))
