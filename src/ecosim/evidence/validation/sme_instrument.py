"""Grants of the European Union to small firms: cash raises intangible investment and keeps firms alive, a stamp of quality alone
does nothing.

The study: proposals are ranked in competitions; second-phase winners get up to 70% of a project; those above the quality
threshold without money get a stamp. Discontinuity in rank, cash and stamp apart.

The mirror: two yearly calls to firms with up to 50 million euros of sales (300 million yuan at purchasing power), 70% of the project's
cost, in competitions of fifty of which one in ten is funded (from memory: one in fifteen). Lines of their own on either side within ten
ranks, effects of competitions; the two years from the award. Intangible investment is R&D, projects included, over sales before, the
largest twentieth set to the least of them; that of the year before the award is held constant (from memory). The stamp is the same
call without money: nobody in the model reads it, so its zero follows from the rules and tests little. The control of the cash leaves
the money out; for the stamp, winners' R&D is raised in those records by the grant of the cash arm, spent in full.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..estimators import Estimate, rank_discontinuity, winsorised
from ..lab import Diary, Lab, live
from ..rd_grant import FULL_YEAR, Journal, Outcome, Round, Terms, grant, in_business, ranks, within
from ..study import INFINITY, NAN, Reading, Row, Source

SOURCE = Source(
    "Santoleri, Mina, Di Minin & Martelli (2024), The causal effects of R&D grants: evidence from a regression discontinuity. "
    "Review of Economics and Statistics 106(6)",
    "European Union, competitions of 2014-17",
    "regression discontinuity in rank; cash and stamp of quality apart",
    "abstract for signs; sizes from memory, unused",
)
UNIT = "R&D over sales before"
ROWS = (
    Row("G4.cash", "Cash: intangible investment", "资金：无形投资", "sign", NAN, 0.0, INFINITY, UNIT),
    Row("G4.survival", "Cash: survival", "资金：存活", "sign", NAN, 0.0, INFINITY, "probability"),
    Row("G4.stamp", "Stamp alone: intangible investment", "仅荣誉：无形投资", "null", 0.0, -0.05, 0.05, UNIT,
        "tolerance proposed before the first run",
        1.0, "in yuan of R&D per yuan of the cash grant: the pooled literature's full pass-through (G8)"),
)  # fmt: skip

CALLS, BEFORE, AFTER = 2, 4, 8
QUARTERS = BEFORE + 4 * (CALLS - 1) + AFTER
ABROAD = {"general_rate": 0.25, "small_rate_first": 0.25, "small_rate_second": 0.25}
CASH: Terms = {"share": 0.7, "quota": 0.1, "topic_size": 50, "max_sales": 300_000_000.0, "instalments": 8, "youngest": FULL_YEAR}
STAMP: Terms = {**CASH, "unpaid": True}
COLUMNS = ("research.rd", "ventures.project_rd")
BANDWIDTH = 10.0
QUARTER = 0.25


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The cash, the stamp, and neither."""
    without = Diary(*COLUMNS)
    live(lab.region({}, QUARTERS, law=ABROAD), QUARTERS, without)
    cash, stamp = programme(lab, CASH), programme(lab, STAMP)
    plant = next(row.plant for row in ROWS if row.id == "G4.stamp")
    told = effect(stamp, without, lambda diary, call: invested(diary, call, plant), invested_before)
    return {
        "G4.cash": Reading(
            *effect(cash, cash.diary, invested, invested_before), truth(cash, without, invested),
            *effect(cash, without, invested, invested_before),
        ),
        "G4.survival": Reading(*effect(cash, cash.diary, survival), truth(cash, without, survival), *effect(cash, without, survival)),
        "G4.stamp": Reading(*effect(stamp, stamp.diary, invested, invested_before), truth(stamp, without, invested), *told),
    }  # fmt: skip


def programme(lab: Lab, terms: Terms) -> Journal:
    """Live both calls of one arm."""
    journal = Journal(*COLUMNS)
    live(lab.region(grant(2021, CALLS, **terms), QUARTERS, law=ABROAD), QUARTERS, journal)
    return journal


def invested(diary: Diary, call: Round, plant: float = 0.0) -> np.ndarray:
    """R&D of the two years from the award, projects included, over sales before; plant: winners' further R&D per yuan of their grant."""
    return over_sales(research_between(diary, call, call.number, call.number + AFTER) + plant * call.won * call.asked, call)


def invested_before(diary: Diary, call: Round) -> np.ndarray:
    """R&D of the year before the award, projects included, over sales."""
    return over_sales(research_between(diary, call, call.number - BEFORE, call.number), call)


def research_between(diary: Diary, call: Round, first: int, last: int) -> np.ndarray:
    """R&D from one quarter to another (excluded), projects included, yuan."""
    running = QUARTER * within(diary, call.ids, "research.rd", first, last)
    return np.asarray(running + within(diary, call.ids, "ventures.project_rd", first, last))


def over_sales(amount: np.ndarray, call: Round) -> np.ndarray:
    """An amount over sales before the call, the largest twentieth set to the least of them."""
    return winsorised(amount / call.sales, 0.05)


def survival(diary: Diary, call: Round) -> np.ndarray:
    """Whether the firm is in business two years after the award."""
    return in_business(diary, call.ids, call.number + AFTER - 1).astype(np.float64)


def effect(journal: Journal, diary: Diary, outcome: Outcome, before: Outcome | None = None) -> Estimate:
    """Jump at the cutoff in rank over both calls, effects of competitions; before: what is held constant."""
    calls = journal.rounds
    competition = np.concatenate([1000 * number + call.topic for number, call in enumerate(calls)])
    values = np.concatenate([outcome(diary, call) for call in calls])
    earlier = None if before is None else np.concatenate([before(diary, call) for call in calls])
    return rank_discontinuity(values, np.concatenate([ranks(call) for call in calls]), competition, BANDWIDTH, before=earlier)


def truth(journal: Journal, without: Diary, outcome: Outcome) -> float:
    """Mean difference between the two worlds over the winners."""
    return float(np.concatenate([(outcome(journal.diary, call) - outcome(without, call))[call.won] for call in journal.rounds]).mean())
