"""R&D subsidies of Chinese listed firms: they crowd out own R&D in the year of receipt, and leave no trace in later years.

The study: matching and conditional differences in differences on own-financed R&D of listed firms, 2001-06; half a yuan
of own R&D lost per public yuan in 2006, neutral later.

The mirror: firms with at least 400 million yuan of sales (about the size of those listed then), three yearly calls that favour merit
and earlier awards (one standard deviation each); half of the research part of the project is paid, in the year of the award. Own R&D is
real R&D of the year, projects included, less grants received; its change since the year before, against matched firms of the same
population without a grant so far (size, R&D, patents, earlier awards, growth), per public yuan. The control leaves the money out and keeps
the winners; for the later years it is an award of thirty million yuan where money is short.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..estimators import UNKNOWN, Estimate, matched_change
from ..lab import Diary, Lab, Policies, live
from ..rd_grant import Journal, Round, Terms, column_at, grant, own_research, research_part, within
from ..study import Reading, Row, Source

SOURCE = Source(
    "Boeing (2016), The allocation and effectiveness of China's R&D subsidies. Research Policy 45(9)",
    "Chinese listed firms, 2001-06",
    "matching and conditional differences in differences",
    "abstract and first page; standard errors not seen",
)
UNIT = "yuan of own R&D per public yuan"
ROWS = (
    Row("G7.now", "In the year of receipt", "获补当年", "band", -0.5, -0.75, -0.25, UNIT, "tolerance proposed in the evidence table"),
    Row("G7.later", "One and two years later", "之后一至两年", "null", 0.0, -0.25, 0.25, UNIT,
        "tolerance proposed before the first run: half of the immediate effect"),
)  # fmt: skip

BEFORE, CALLS, AFTER = 4, 3, 12
QUARTERS = BEFORE + 4 * (CALLS - 1) + AFTER
SETTING: Policies = {"super_deduction": {"general": 0.5, "manufacturing": 0.5, "technology_sme": 0.5, "claim_paperwork": 20_000.0}}
LISTED_SALES = 400_000_000.0
TERMS: Terms = {"quota": 0.5, "least_sales": LISTED_SALES, "prior_award_weight": 1.0}
SHORT_OF_MONEY = {"research.collateral": 0.40, "tax.buffer": 0.16, "projects.cost": 0.40, "projects.cost_slope": 0.90}
COLUMNS = ("research.rd", "ventures.project_rd", "market.sales", "knowledge.inventions", "ventures.awards", "ventures.received")


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The programme, the world without it, and large awards in a world short of money."""
    journal = programme(lab, {"share": 0.5 * research_part(lab)})
    without = Diary(*COLUMNS)
    live(lab.region(SETTING, QUARTERS), QUARTERS, without)
    now = effect(journal, journal.diary, 0, 1)
    planted = later(programme(lab, {"share": 1.0, "lump_sum": 30_000_000.0, "instalments": 12}, SHORT_OF_MONEY))
    return {
        "G7.now": Reading(*now, truth(journal, without, 0, 1), *effect(journal, without, 0, 1)),
        "G7.later": Reading(*later(journal), truth(journal, without, 1, 3), *planted),
    }


def later(journal: Journal) -> Estimate:
    """The mean of the first and second year after the award."""
    return effect(journal, journal.diary, 1, 3)


def programme(lab: Lab, terms: Terms, values: Mapping[str, float] | None = None) -> Journal:
    """Live the three calls."""
    journal = Journal(*COLUMNS)
    policies: Policies = {**SETTING, **grant(2021, CALLS, **{**TERMS, **terms})}
    live(lab.region(policies, QUARTERS, values=values), QUARTERS, journal)
    return journal


def effect(journal: Journal, diary: Diary, first: int, last: int) -> Estimate:
    """Change in own R&D against matched firms, per public yuan, winners of all calls together.

    first, last: years from the award; the public money is what was received up to the last of them.
    """
    changes, treated, covariates, money = [], [], [], []
    for call in journal.rounds:
        ids, won = at_risk(journal, diary, call)
        begin = call.number + 4 * first
        after = own_research(diary, ids, begin, 4 * (last - first))
        changes.append(after - own_research(diary, ids, call.number - 4))
        treated.append(won)
        covariates.append(described(diary, ids, call.number - 1))
        money.append(received(journal, call, last))
    if not money or not sum(map(len, money)):
        return UNKNOWN
    found = matched_change(np.concatenate(changes), np.concatenate(treated), np.concatenate(covariates))
    return Estimate(*(part / float(np.concatenate(money).mean()) for part in found))


def at_risk(journal: Journal, diary: Diary, call: Round) -> tuple[np.ndarray, np.ndarray]:
    """Firms of listed size before the call: the winners, and those that never win; who won."""
    last = call.number - 1
    everyone = diary.present(last)
    everyone = everyone[column_at(diary, everyone, "market.sales", last) >= LISTED_SALES]
    others = np.setdiff1d(everyone, np.concatenate([other.ids[other.won] for other in journal.rounds]))
    winners = call.ids[call.won]
    ids = np.concatenate([winners, others])
    return ids, np.arange(len(ids)) < len(winners)


def received(journal: Journal, call: Round, last: int) -> np.ndarray:
    """Grants that each winner of a call received up to the end of year `last` from it, yuan."""
    return within(journal.diary, call.ids[call.won], "ventures.received", call.number, call.number + 4 * last)


def described(diary: Diary, ids: np.ndarray, quarter: int) -> np.ndarray:
    """What firms are matched on, in the quarter before the call; nan where a firm is younger."""
    size = np.log(column_at(diary, ids, "market.sales", quarter))
    return np.column_stack(
        [
            size, size - np.log(column_at(diary, ids, "market.sales", quarter - 3)),
            np.log1p(column_at(diary, ids, "research.rd", quarter)), np.log1p(column_at(diary, ids, "knowledge.inventions", quarter)),
            column_at(diary, ids, "ventures.awards", quarter), np.full(len(ids), float(quarter)),
        ]
    )  # fmt: skip


def truth(journal: Journal, without: Diary, first: int, last: int) -> float:
    """Mean difference between the two worlds in the winners' own R&D, per public yuan."""
    gaps, money = [], []
    for call in journal.rounds:
        ids = call.ids[call.won]
        begin, quarters = call.number + 4 * first, 4 * (last - first)
        gaps.append(own_research(journal.diary, ids, begin, quarters) - own_research(without, ids, begin, quarters))
        money.append(received(journal, call, last))
    return float(np.nanmean(np.concatenate(gaps)) / np.concatenate(money).mean())
