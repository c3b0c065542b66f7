"""R&D subsidies of Chinese listed firms: they crowd out own R&D in the year of receipt, and leave no trace in later years.

The study: matching and conditional differences in differences on own-financed R&D of listed firms, 2001-06; half a yuan
of own R&D lost per public yuan in 2006, neutral later, and no loss in high-tech firms.

The mirror: firms with at least 400 million yuan of sales (about the size of those listed then), in a population half as large again as the
city's, so that they are about as many as were listed (1,381 in 2005, statistical yearbook), and six yearly calls, for the study's six
years, that favour merit and earlier awards (one standard deviation each); half of the research part of the project is paid, in the year of
the award. Own R&D is real R&D of the year, projects included, less grants received; its change since the year before, per public yuan,
against matched firms of the same population without a grant (size, growth, R&D of the year before and now, patents, earlier awards, age,
year, liquidity). Those they are matched with have a project waiting too. The study could not see that; but winners have applied with one
and carry it out with or without the money, so that among all firms the same matching finds more than a yuan per yuan where nobody is paid.
High-tech firms are
those of sectors whose R&D intensity is a fifth above the mean. The control deals the grants out by lot among the same firms in the world
without money; for the nulls the loss of half a yuan is planted there. The winners in that world show what selection matching leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..estimators import UNKNOWN, Estimate, matched_change
from ..lab import Diary, Lab, Policies, dealt, live
from ..rd_grant import Journal, Round, Terms, column_at, grant, liquidity, own_research, project_waits, research_part, within
from ..study import NAN, Reading, Row, Source

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
        "tolerance proposed before the first run: half of the immediate effect", -0.5, "the immediate effect, had it lasted"),
    Row("G7.hightech", "In the year of receipt, high-tech firms", "获补当年，高技术企业", "null", 0.0, -0.25, 0.25, UNIT,
        "tolerance that of the later years", -0.5, "the effect found in all firms"),
)  # fmt: skip

BEFORE, CALLS, AFTER = 4, 6, 12
SCALE = 1.5
QUARTERS = BEFORE + 4 * (CALLS - 1) + AFTER
SETTING: Policies = {"super_deduction": {"general": 0.5, "manufacturing": 0.5, "technology_sme": 0.5, "claim_paperwork": 20_000.0}}
LISTED_SALES = 400_000_000.0
TERMS: Terms = {"quota": 0.5, "least_sales": LISTED_SALES, "prior_award_weight": 1.0}
INTENSE = 1.2
"""R&D intensity of a high-tech sector at least, relative to the mean."""
COLUMNS = (
    "research.rd", "ventures.project_rd", "market.sales", "knowledge.inventions", "ventures.awards", "ventures.project",
    "ventures.project_left", "identity.born", "identity.sector", "ventures.received", "money.cash", "money.debt",
)  # fmt: skip


class Window(NamedTuple):
    """What a row looks at.

    first, last: years from the award, the public money is what was received up to the last of them; sectors: of the firms looked at, all
    if None.
    """

    first: int
    last: int
    sectors: np.ndarray | None = None


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The programme and the world without it."""
    region = lab.region({**SETTING, **grant(2021, CALLS, **TERMS, share=0.5 * research_part(lab))}, QUARTERS, scale=SCALE)
    high = np.flatnonzero(np.asarray(region.pack.table("sectors")["rd_intensity_relative"]) >= INTENSE)
    journal, without = Journal(*COLUMNS), Diary(*COLUMNS)
    live(region, QUARTERS, journal)
    live(lab.region(SETTING, QUARTERS, scale=SCALE), QUARTERS, without)
    windows = {"G7.now": Window(0, 1), "G7.later": Window(1, 3), "G7.hightech": Window(0, 1, high)}
    plants = {row.id: row.plant if row.is_null else 0.0 for row in ROWS}
    return {
        name: Reading(
            *effect(journal, journal.diary, window),
            truth(journal, without, window),
            *effect(journal, without, window, plants[name], lab.seed),
            effect(journal, without, window).value,
        )
        for name, window in windows.items()
    }


def effect(journal: Journal, diary: Diary, window: Window, plant: float = 0.0, seed: int | None = None) -> Estimate:
    """Change in own R&D against matched firms, per public yuan, winners of all calls together.

    plant: added to the change, per public yuan; seed: if given, the grants are dealt out by lot.
    """
    changes, treated, covariates, money = [], [], [], []
    for call in journal.rounds:
        ids, won, money_of = at_risk(journal, diary, call, window)
        if seed is not None:
            won, money_of = (dealt(labels, seed, ids, call.number) for labels in (won, money_of))
        before = own_research(diary, ids, call.number - 4)
        begin = call.number + 4 * window.first
        changes.append(own_research(diary, ids, begin, 4 * (window.last - window.first)) - before + plant * money_of)
        treated.append(won)
        covariates.append(np.column_stack([np.log1p(np.maximum(before, 0.0)), described(diary, ids, call.number - 1)]))
        money.append(money_of)
    return matched_change(*map(np.concatenate, (changes, treated, covariates, money))) if changes else UNKNOWN


def at_risk(journal: Journal, diary: Diary, call: Round, window: Window) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Firms of listed size with a project waiting before the call: the winners, and those that never win; who won, and what it received."""
    last = call.number - 1
    everyone = diary.present(last)
    size = column_at(diary, everyone, "market.sales", last)
    everyone = everyone[(size >= LISTED_SALES) & project_waits(diary, everyone, last)]
    if window.sectors is not None:
        everyone = everyone[np.isin(column_at(diary, everyone, "identity.sector", last), window.sectors)]
    others = np.setdiff1d(everyone, np.concatenate([other.ids[other.won] for other in journal.rounds]))
    chosen = call.won & np.isin(call.ids, everyone)
    ids = np.concatenate([call.ids[chosen], others])
    received = within(journal.diary, call.ids[chosen], "ventures.received", call.number, call.number + 4 * window.last)
    return ids, np.arange(len(ids)) < len(received), np.concatenate([received, np.zeros(len(others))])


def described(diary: Diary, ids: np.ndarray, quarter: int) -> np.ndarray:
    """What firms are matched on beside the R&D of the year before, in the quarter before the call; nan where a firm is younger."""
    size = np.log(column_at(diary, ids, "market.sales", quarter))
    return np.column_stack(
        [
            size, size - np.log(column_at(diary, ids, "market.sales", quarter - 3)),
            np.log1p(column_at(diary, ids, "research.rd", quarter)), np.log1p(column_at(diary, ids, "knowledge.inventions", quarter)),
            column_at(diary, ids, "ventures.awards", quarter), column_at(diary, ids, "identity.born", quarter),
            np.full(len(ids), float(quarter)), liquidity(diary, ids, quarter),
        ]
    )  # fmt: skip


def truth(journal: Journal, without: Diary, window: Window) -> float:
    """Mean difference between the two worlds in the winners' own R&D, per public yuan."""
    gaps, money = [], []
    for call in journal.rounds:
        ids, won, received = at_risk(journal, journal.diary, call, window)
        begin, quarters = call.number + 4 * window.first, 4 * (window.last - window.first)
        paid, unpaid = (own_research(diary, ids[won], begin, quarters) for diary in (journal.diary, without))
        gaps.append(paid - unpaid)
        money.append(received[won])
    return float(np.nanmean(np.concatenate(gaps)) / np.concatenate(money).mean()) if sum(map(len, money)) else NAN
