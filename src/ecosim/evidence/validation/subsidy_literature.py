"""What a literature of 52 studies says of R&D subsidies: neither full crowding out nor much beyond the money; naive estimates are larger.

The study: a meta-regression over studies of many countries, corrected for publication bias and for how each handled selection.

The mirror: three programmes in worlds of their own, with half, a third and all of the research part of a project paid: one for small
firms, one for all by merit, one for all by lot. Each is read by least squares (own R&D over sales in the year of the award and the next, on
having won and log sales, among all firms with R&D) and by matching with differences in differences, both per public yuan, and averaged.
Own R&D is real R&D less grants received, its largest and least fiftieth drawn in. Those matched have a project waiting, as the
winners have (see `chinese_listed_subsidies`): that is the selection which the better methods are to handle. Without the certificate
and without extra deduction. The controls deal the grants out by lot among all firms with R&D in the world without money; the winners in
that world show what selection matching leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..estimators import Estimate, coefficient, matched_change, winsorised
from ..lab import Diary, Lab, dealt, live
from ..rd_grant import Journal, Terms, column_at, grant, liquidity, project_waits, research_done, research_part, within
from ..study import INFINITY, NAN, Reading, Row, Source

SOURCE = Source(
    "Dimos & Pugh (2016), The effectiveness of R&D subsidies: a meta-regression analysis. Research Policy 45(4)",
    "52 micro studies since 2000, many countries",
    "meta-regression over estimates by matching, selection models and least squares",
    "abstract; sizes not seen",
)
UNIT = "yuan of own R&D per public yuan"
ROWS = (
    Row("G8.net", "Net own R&D", "自有研发净变化", "band", 0.0, -0.3, 0.3, UNIT, "tolerance proposed in the evidence table"),
    Row("G8.selection", "Least squares less matching", "最小二乘与匹配之差", "sign", NAN, 0.0, INFINITY, UNIT),
)

BEFORE, AFTER = 4, 8
QUARTERS = BEFORE + AFTER
COLUMNS = (
    "research.rd", "ventures.project_rd", "market.sales", "knowledge.inventions", "ventures.project", "ventures.project_left",
    "identity.born", "ventures.received", "money.cash", "money.debt",
)  # fmt: skip
TAILS = 0.02
"""Part of the firms at either end whose R&D over sales is set to the least of them."""
PROGRAMMES: tuple[tuple[float, Terms], ...] = (
    (0.5, {"quota": 0.5, "max_sales": 40_000_000.0}),
    (0.35, {"quota": 0.4}),
    (1.0, {"quota": 0.5, "merit_weight": 0.0, "noise_weight": 1.0}),
)
"""Part of the research in a project that is paid, and other terms."""


class Sample(NamedTuple):
    """Firms with R&D before the call: who won, the grant over sales, where they stood, and whether they can be matched."""

    ids: np.ndarray
    won: np.ndarray
    rate: np.ndarray
    sales: np.ndarray
    covariates: np.ndarray
    eligible: np.ndarray


def experiment(lab: Lab) -> Mapping[str, Reading]:
    """Three programmes and the world without any."""
    without = Diary(*COLUMNS)
    live(lab.region({}, QUARTERS), QUARTERS, without)
    part = research_part(lab)
    rows = []
    for paid, terms in PROGRAMMES:
        journal = Journal(*COLUMNS)
        live(lab.region(grant(2021, share=paid * part, **terms), QUARTERS), QUARTERS, journal)
        sample = sampled(journal, lab, by_lot=False)
        mixed = sampled(journal, lab, by_lot=True)
        ols, did = least_squares(sample, journal.diary, True), differences(sample, journal.diary, True)
        selection = differences(sample, without, False).value
        by_lot = least_squares(mixed, without, False), differences(mixed, without, False)
        gap, none = (Estimate(one.value - two.value, float(np.hypot(one.error, two.error))) for one, two in ((ols, did), by_lot))
        rows.append([*did, truth(sample, journal.diary, without), *by_lot[1], selection, *gap, *none])
    mean = np.mean(rows, axis=0)
    errors = np.sqrt(np.mean(np.square(rows), axis=0) / len(rows))
    return {
        "G8.net": Reading(mean[0], errors[1], mean[2], mean[3], errors[4], mean[5]),
        "G8.selection": Reading(mean[6], errors[7], NAN, mean[8], errors[9]),
    }


def sampled(journal: Journal, lab: Lab, by_lot: bool) -> Sample:
    """All firms that did R&D in the quarter before the call; winners and their grants as they were, or dealt out by lot. Those with a
    project waiting can be matched, or all where the grants are dealt out.
    """
    (call,) = journal.rounds
    diary, last = journal.diary, call.number - 1
    ids = diary.present(last)
    ids = ids[column_at(diary, ids, "research.rd", last) > 0.0]
    winners = call.ids[call.won]
    received = within(diary, winners, "ventures.received", call.number, call.number + AFTER)
    grants = dict(zip(winners.tolist(), received.tolist(), strict=True))
    money = np.array([grants.get(firm, 0.0) for firm in ids.tolist()])
    sales = np.maximum(column_at(diary, ids, "market.sales", last), 1e5)
    size = np.log(sales)
    covariates = np.column_stack(
        [
            size, size - np.log(np.maximum(column_at(diary, ids, "market.sales", 0), 1e5)),
            np.log1p(column_at(diary, ids, "research.rd", last)), np.log1p(column_at(diary, ids, "knowledge.inventions", last)),
            np.log1p(research_done(diary, ids, 0)), column_at(diary, ids, "identity.born", last),
            liquidity(diary, ids, last),
        ]
    )  # fmt: skip
    rate = money / sales
    rate = dealt(rate, lab.seed, ids, 2) if by_lot else rate
    waiting = project_waits(diary, ids, last)
    return Sample(ids, rate > 0.0, rate, sales, covariates, waiting | by_lot)


def drawn_in(values: np.ndarray) -> np.ndarray:
    """Values with both tails drawn in."""
    return -winsorised(-winsorised(values, TAILS), TAILS)


def own(sample: Sample, diary: Diary, paid: bool) -> np.ndarray:
    """Own R&D over sales before, both years of the grant together."""
    total = 2.0 * research_done(diary, sample.ids, BEFORE, AFTER) / sample.sales
    return np.asarray(total - sample.rate if paid else total)


def least_squares(sample: Sample, diary: Diary, paid: bool) -> Estimate:
    """Own R&D of winners against that of all others, log sales held constant, over the mean grant."""
    outcome = drawn_in(own(sample, diary, paid))
    whole = np.isfinite(outcome)
    design = np.column_stack([np.ones(whole.sum()), sample.won[whole], np.log(sample.sales[whole])])
    found = coefficient(outcome[whole], design, 1)
    return Estimate(*(value / float(sample.rate[sample.won].mean()) for value in found))


def differences(sample: Sample, diary: Diary, paid: bool) -> Estimate:
    """Change in own R&D against matched firms over the mean grant."""
    before = 2.0 * research_done(diary, sample.ids, 0) / sample.sales
    change, here = drawn_in(own(sample, diary, paid) - before), sample.eligible
    return matched_change(change[here], sample.won[here], sample.covariates[here], sample.rate[here])


def truth(sample: Sample, diary: Diary, without: Diary) -> float:
    """Mean difference between the two worlds in the winners' own R&D over sales, over their mean grant."""
    gap = (own(sample, diary, True) - own(sample, without, False))[sample.won]
    return float(np.nanmean(gap) / sample.rate[sample.won].mean())
