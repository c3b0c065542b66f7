"""Grants to young technology firms in the United States: a small early one doubles the chance of venture capital, a large late one adds
nothing.

The study: applicants are ranked in competitions of about ten, a fifth is funded; a line on either side of the cutoff in rank,
effects of competitions, the outcome before the award held constant (from memory). First phase 150,000 dollars, second phase one million,
years later.

The mirror: yearly calls, open to technology start-ups, competitions of ten, two of them funded; the late grant goes to start-ups of at
least four years in a programme of its own. In the study its applicants had won the first phase; those are too few in one city to
compete. Dollars become yuan in units of a venture round (4 million here, about 4.5 million dollars there, from memory), which is also
about what they are in units of a start-up's yearly R&D. A population eight times the city's, since only those apply whose project the
award pays or who can add the rest; still only some hundreds of applicants where the study had 7,436. Venture capital and applications
within two years of the award, given whether there was a round before and how many inventions were in force or under examination.
Bandwidth of three ranks with one slope, as two winners leave no line of their own. The control leaves the money out; for the late grant
the early one's published effect is planted in those records.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..estimators import Estimate, rank_discontinuity
from ..lab import Diary, Lab, live
from ..rd_grant import Journal, Outcome, Round, Terms, column_at, grant, ranks, with_plant, within
from ..study import INFINITY, NAN, Reading, Row, Source

ROLE = "seen"

SOURCE = Source(
    "Howell (2017), Financing innovation: evidence from R&D grants. American Economic Review 107(4)",
    "US Department of Energy, 1983-2013; 7,436 applicants in competitions of ten",
    "regression discontinuity in rank within competitions",
    "abstract; levels second-hand, standard error from memory",
)
ROWS = (
    Row("G1.early", "Early grant: venture capital", "早期资助：风险投资", "interval", 0.09, 0.03, 0.16, "probability",
        "interval from a standard error of 0.03 remembered, not read"),
    Row("G1.patents", "Early grant: patents", "早期资助：专利", "sign", NAN, 0.0, INFINITY, "ln(1 + applications)"),
    Row("G1.late", "Late grant: venture capital", "后期资助：风险投资", "null", 0.0, -0.05, 0.05, "probability",
        "tolerance proposed before the first run: half of the early effect", 0.09, "the early grant's published effect"),
)  # fmt: skip

SCALE = 8.0
CALLS, BEFORE, AFTER = 2, 4, 8
QUARTERS = BEFORE + 4 * (CALLS - 1) + AFTER
ABROAD = {"general_rate": 0.34, "small_rate_first": 0.15, "small_rate_second": 0.15}
COMMON: Terms = {"topic_size": 10, "quota": 0.2, "startups_only": True, "paperwork": 5_000.0}
FOUR_YEARS = 16
EARLY: Terms = {"lump_sum": 130_000.0, "cap": 130_000.0, "share": 1.0, **COMMON}
LATE: Terms = {"lump_sum": 900_000.0, "cap": 900_000.0, "share": 1.0, "instalments": 8, "youngest": FOUR_YEARS, **COMMON}
COLUMNS = ("ventures.funded", "knowledge.applied", "knowledge.inventions", "knowledge.pending")


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The early programme, the late one, and the world without any."""
    without = Diary(*COLUMNS)
    live(lab.region({}, QUARTERS, scale=SCALE, law=ABROAD), QUARTERS, without)
    early, late = programme(lab, EARLY), programme(lab, LATE)
    found = {
        "G1.early": reading(early, without, funded, had_venture),
        "G1.patents": reading(early, without, patents, had_patents),
        "G1.late": reading(late, without, funded, had_venture),
    }
    plant = next(row.plant for row in ROWS if row.id == "G1.late")
    told = effect(late, without, with_plant(funded, plant, lab.seed), had_venture)
    return {**found, "G1.late": found["G1.late"]._replace(control=told.value, control_error=told.error)}


def programme(lab: Lab, terms: Terms) -> Journal:
    """Live the calls of one phase."""
    journal = Journal(*COLUMNS)
    live(lab.region(grant(2021, CALLS, **terms), QUARTERS, scale=SCALE, law=ABROAD), QUARTERS, journal)
    return journal


def reading(journal: Journal, without: Diary, outcome: Outcome, before: Outcome) -> Reading:
    """Estimate with the programme, placebo by the same ranks in the world without it, mean paired effect on the winners."""
    paired = [(outcome(journal.diary, call) - outcome(without, call))[call.won] for call in journal.rounds]
    truth = float(np.concatenate(paired).mean()) if paired else NAN
    return Reading(*effect(journal, journal.diary, outcome, before), truth, *effect(journal, without, outcome, before))


def effect(journal: Journal, diary: Diary, outcome: Outcome, before: Outcome) -> Estimate:
    """Jump at the cutoff in rank over all calls, effects of competitions, the outcome before the award held constant."""
    calls = journal.rounds
    if not calls:
        return rank_discontinuity([], [], [], 3.0)
    competition = np.concatenate([1000 * number + call.topic for number, call in enumerate(calls)])
    values = np.concatenate([outcome(diary, call) for call in calls])
    rank, earlier = (np.concatenate([of(call) for call in calls]) for of in (ranks, lambda call: before(diary, call)))
    return rank_discontinuity(values, rank, competition, 3.0, True, earlier)


def funded(diary: Diary, call: Round) -> np.ndarray:
    """Whether a venture round came within two years of the award."""
    last = np.nanmax(np.nan_to_num(diary.of(call.ids, "ventures.funded", call.number, call.number + AFTER), nan=-1.0), axis=1)
    return np.asarray(last >= diary.quarters[call.number], np.float64)


def patents(diary: Diary, call: Round) -> np.ndarray:
    """Log of one and the invention applications within two years of the award."""
    return np.asarray(np.log1p(within(diary, call.ids, "knowledge.applied", call.number, call.number + AFTER)))


def had_venture(diary: Diary, call: Round) -> np.ndarray:
    """Whether a venture round had come before the call."""
    return (column_at(diary, call.ids, "ventures.funded", call.number - 1) >= 0.0).astype(np.float64)


def had_patents(diary: Diary, call: Round) -> np.ndarray:
    """Log of one and the inventions in force or under examination before the call."""
    held, waiting = (column_at(diary, call.ids, name, call.number - 1) for name in ("knowledge.inventions", "knowledge.pending"))
    return np.asarray(np.log1p(held + waiting))
