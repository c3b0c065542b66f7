"""China's Innofund by two methods: a comparison of winners and losers and matching find effects, the cutoff in the score finds none.

The studies: Wang, Li & Furman compare applicants by their evaluation score, which decides only in part; Guo, Guo & Jiang match backed
firms with others of a manufacturing panel and difference over time.

The mirror: two yearly calls to firms with sales up to 200 million yuan; half of the cost up to one million yuan of 2007, in units of R&D
per researcher 2.1 million of 2019; three in ten applicants are funded (from memory), a fifth of them on recommendation, whatever their
score (assumed). Both methods read the same world: naive gap and fuzzy discontinuity (within one standard deviation of the score) on
applicants, over the three years from the award; matching on size, age, R&D, patents held, liquidity and growth among all firms with
more than 5 million yuan of sales, changes from the year before to the third year. Without the certificate, which came later, and with an
extra deduction of 50%. New-product sales and exports are not in the model: sales stand for them. The controls of the naive gap and
of matching deal awards out by lot in the world without money; the winners in that world show what selection matching leaves. For
the nulls an effect is planted in the records of the world without money.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..estimators import UNKNOWN, Estimate, fuzzy_discontinuity, matched_change, mean_difference
from ..lab import Diary, Lab, dealt, live
from ..rd_grant import Journal, Outcome, Round, Terms, column_at, grant, in_business, liquidity, with_plant, within
from ..study import INFINITY, NAN, Reading, Row, Source

SOURCE = Source(
    "Wang, Li & Furman (2017), Firm performance and state innovation funding. Research Policy 46(6); "
    "Guo, Guo & Jiang (2016), Government-subsidized R&D and firm innovation. Research Policy 45(6)",
    "China, Innofund applicants; manufacturing panel 1998-2007",
    "naive gap and fuzzy discontinuity in the evaluation score; matching with differences in differences",
    "abstracts; sizes not seen",
)
LOG_PATENTS = "ln(1 + applications)"
ROWS = (
    Row("G5.naive", "Winners less losers: patents", "获资助与未获资助企业之差：专利", "sign", NAN, 0.0, INFINITY, LOG_PATENTS),
    Row("G5.patents", "At the cutoff: patents", "断点处：专利", "null", 0.0, -0.15, 0.15, LOG_PATENTS,
        "tolerance proposed before the first run: 15%", 0.30, "no size seen: twice the tolerance"),
    Row("G5.survival", "At the cutoff: survival", "断点处：存活", "null", 0.0, -0.05, 0.05, "probability",
        "tolerance proposed before the first run: five points", -0.10, "no size seen: twice the tolerance, downwards, for few close"),
    Row("G6.patents", "Matched: patents", "匹配：专利", "sign", NAN, 0.0, INFINITY, LOG_PATENTS),
    Row("G6.sales", "Matched: sales", "匹配：销售收入", "sign", NAN, 0.0, INFINITY, "ln", "sales in place of new-product sales"),
)  # fmt: skip

BEFORE, CALLS, AFTER = 4, 2, 12
QUARTERS = BEFORE + 4 * (CALLS - 1) + AFTER
DEDUCTION = {"general": 0.5, "manufacturing": 0.5, "technology_sme": 0.5, "claim_paperwork": 20_000.0}
SETTING = {"super_deduction": DEDUCTION}
TERMS: Terms = {"share": 0.5, "cap": 2_100_000.0, "quota": 0.3, "recommended": 0.2, "max_sales": 200_000_000.0}
COLUMNS = (
    "knowledge.applied", "knowledge.inventions", "research.rd", "market.sales", "identity.born", "money.cash", "money.debt",
)  # fmt: skip
PANEL_SALES = 5e6


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """The programme and the world without it."""
    journal = programme(lab)
    without = Diary(*COLUMNS)
    live(lab.region(SETTING, QUARTERS), QUARTERS, without)
    mixed = shuffled(lab, journal)
    plants = {row.id: row.plant for row in ROWS}
    diary = journal.diary
    found = {
        "G5.naive": Reading(*gap(journal, diary, patents), paired(journal, without, patents), *gap(mixed, without, patents)),
        "G6.patents": matched_reading(lab, journal, without, patents),
        "G6.sales": matched_reading(lab, journal, without, sales),
    }
    for name, outcome in (("G5.patents", patents), ("G5.survival", survival)):
        told = at_cutoff(journal, without, with_plant(outcome, plants[name], lab.seed))
        found[name] = Reading(*at_cutoff(journal, diary, outcome), paired(journal, without, outcome), *told)
    return found


def programme(lab: Lab) -> Journal:
    """Live the two calls."""
    journal = Journal(*COLUMNS)
    live(lab.region({**SETTING, **grant(2021, CALLS, **TERMS)}, QUARTERS), QUARTERS, journal)
    return journal


def shuffled(lab: Lab, journal: Journal) -> Journal:
    """The same rounds with awards dealt out by lot."""
    mixed = Journal(*COLUMNS)
    mixed.diary = journal.diary
    for call in journal.rounds:
        mixed.rounds.append(call._replace(won=dealt(call.won, lab.seed, call.ids, call.number)))
    return mixed


def patents(diary: Diary, call: Round) -> np.ndarray:
    """Log of one and the applications of the three years from the award."""
    return np.asarray(np.log1p(within(diary, call.ids, "knowledge.applied", call.number, call.number + AFTER)))


def survival(diary: Diary, call: Round) -> np.ndarray:
    """Whether the firm is in business three years after the award."""
    return in_business(diary, call.ids, call.number + AFTER - 1).astype(np.float64)


def sales(diary: Diary, call: Round) -> np.ndarray:
    """Log of sales at the end of the third year; nan for a firm that closed."""
    return np.asarray(np.log(column_at(diary, call.ids, "market.sales", call.number + AFTER - 1)))


def matched_reading(lab: Lab, journal: Journal, without: Diary, outcome: Outcome) -> Reading:
    """Matching with the programme, the mean paired effect on the winners, and matching without money: awards by lot, and as they were."""
    truth, by_lot = paired(journal, without, outcome), panel(journal, without, outcome, lab.seed)
    return Reading(*panel(journal, journal.diary, outcome), truth, *by_lot, panel(journal, without, outcome).value)


def gap(journal: Journal, diary: Diary, outcome: Outcome) -> Estimate:
    """Mean of winners less mean of losers over both calls."""
    values, won = (np.concatenate(part) for part in zip(*((outcome(diary, call), call.won) for call in journal.rounds), strict=True))
    return mean_difference(values[won], values[~won])


def at_cutoff(journal: Journal, diary: Diary, outcome: Outcome) -> Estimate:
    """Fuzzy discontinuity within one standard deviation of the score over both calls."""
    values, won, margin = (
        np.concatenate(part) for part in zip(*((outcome(diary, call), call.won, call.margin) for call in journal.rounds), strict=True)
    )
    return fuzzy_discontinuity(values, won, margin, float(np.nanstd(margin)))


def panel(journal: Journal, diary: Diary, outcome: Outcome, seed: int | None = None) -> Estimate:
    """Winners against matched firms of the panel, the change since the year before the first call; winners of the first call, or as
    many firms drawn with a seed.
    """
    call = journal.rounds[0]
    last = call.number - 1
    everyone = diary.present(last)
    everyone = everyone[column_at(diary, everyone, "market.sales", last) > PANEL_SALES]
    others = np.setdiff1d(everyone, np.concatenate([other.ids[other.won] for other in journal.rounds]))
    ids = np.concatenate([np.intersect1d(call.ids[call.won], everyone), others])
    if len(ids) == len(others):
        return UNKNOWN
    whole = call._replace(ids=ids)
    treated = np.arange(len(ids)) < len(ids) - len(others)
    treated = treated if seed is None else dealt(treated, seed, ids, call.number)
    size = np.log(column_at(diary, ids, "market.sales", last))
    covariates = np.column_stack(
        [
            size, size - np.log(column_at(diary, ids, "market.sales", 0)), column_at(diary, ids, "identity.born", last),
            np.log1p(column_at(diary, ids, "research.rd", last)), np.log1p(column_at(diary, ids, "knowledge.inventions", last)),
            np.log1p(within(diary, ids, "knowledge.applied", 0, last + 1)), liquidity(diary, ids, last),
        ]
    )  # fmt: skip
    before = size if outcome is sales else np.log1p(3.0 * within(diary, ids, "knowledge.applied", 0, last + 1))
    return matched_change(outcome(diary, whole) - before, treated, np.nan_to_num(covariates, nan=0.0))


def paired(journal: Journal, without: Diary, outcome: Outcome) -> float:
    """Mean difference between the two worlds over the winners."""
    parts = [(outcome(journal.diary, call) - outcome(without, call))[call.won] for call in journal.rounds]
    return float(np.nanmean(np.concatenate(parts)))
