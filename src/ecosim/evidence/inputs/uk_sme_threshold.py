"""Relief for research below a limit of assets (Dechezlepretre, Einio, Martin, Nguyen & Van Reenen 2023): a discontinuity in R&D.

The study: in August 2008 the limit of assets below which British firms have the more generous relief rose to 86 million euro. Firms with
assets within 25 million of it at the end of 2007 are compared, by lines of their own on either side: R&D in 2009-11 (zeros included, the
largest 2.5% drawn in), patents in 2009-13. The elasticity is the jump in R&D over the jump in the price of research.

Here: a credit of 21% of the research bill (user cost 0.15 against 0.19) for firms up to the limit, paid out even where no tax is due, as
the British one is; relief that all have stays as it is, there is no certificate. Nominal growth would soon carry every firm near the
limit across it, so a firm's status at the start is kept: the jump in the price is the whole credit. R&D is that from half a year to three
and a half years after the start, patents to five and a half, the study's distances from August 2008. The limit is converted at the
exchange rate of 2009. Jumps are arcs (over the mean of both sides), so that a small sample cannot explode them. Short of money: below the
median of deposits over sales, as the study splits industries by their cash. Difference: about 450 firms near the limit instead of 5,888
(the city taken twice).
Truth: the same arc between firms below the limit and themselves in the twin.
Control: the limit moved to 0.54 of it, where all are eligible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...quantity import quarter_label
from ..estimators import Estimate, jump, winsorised
from ..lab import FIRST, Diary, Lab, Policies, live
from ..rd_credit import NAME, credit
from ..study import INFINITY, NAN, Reading, Row, Source

ROLE = "seen"

SOURCE = Source(
    "Dechezlepretre, Einio, Martin, Nguyen & Van Reenen (2023), AEJ: Economic Policy 15(4); working paper 2016",
    "United Kingdom 2006-11, patents to 2013",
    "regression discontinuity at a limit of assets",
    "abstracts for elasticity and bounds; limit, window and user costs from memory",
)

ROWS = (
    Row(
        "T1",
        "R&D and its user cost, elasticity at the SME limit",
        "中小企业门槛处研发对使用成本的弹性",
        "interval",
        2.6,
        1.1,
        4.1,
        "elasticity",
        "lower bound published (5% level, version of 2022); upper bound symmetric about 2.6, computed here",
    ),
    Row(
        "T1.patents",
        "Patents and the user cost of R&D, elasticity at the limit",
        "专利对研发使用成本的弹性",
        "sign",
        NAN,
        2.0,
        INFINITY,
        "elasticity",
        "elasticities below 2 ruled out at the 5% level; point not seen",
    ),
    Row(
        "T1.short_of_money",
        "The same for firms short of money less others",
        "资金紧张企业与其他企业的弹性差",
        "sign",
        NAN,
        0.0,
        INFINITY,
        "elasticity",
        "large effects are driven by constrained firms",
    ),
)

LIMIT = 86e6 * 9.5
"""Yuan: 86 million euro at 9.5 yuan."""
WINDOW = 25.0 / 86.0
"""Distance from the limit up to which firms are compared, as a share of it."""
SHARE = 1.0 - 0.15 / 0.19
PRICE = 0.236
"""Log difference of the price of research at the limit, ln(0.19 / 0.15)."""
PLACEBO = 0.54
"""Of the limit: the window about it ends below the window about the limit itself."""
DRAWN_IN = 0.025
SCALE = 2.0
BEFORE = 4
"""Quarters lived before the credit."""
RD_QUARTERS, PATENT_QUARTERS = slice(BEFORE + 2, BEFORE + 14), slice(BEFORE + 2, BEFORE + 22)
COLUMNS = ("research.rd", "knowledge.applied", "money.cash", "market.sales", "money.working_capital")
HOME_RELIEF = {"general": 0.75, "manufacturing": 0.75, "technology_sme": 0.75, "claim_paperwork": 20_000}


class Sample(NamedTuple):
    """Firms up to twice the limit when the credit begins: assets and liquidity then, and what followed, by firm."""

    assets: np.ndarray
    liquid: np.ndarray
    rd: np.ndarray
    patents: np.ndarray


def lived(lab: Lab, share: float, limit: float = LIMIT) -> Sample:
    """The economy with a credit of `share` up to the limit."""
    policies: Policies = {"super_deduction": HOME_RELIEF}
    if share > 0.0:
        policies = {**policies, NAME: credit(share, max_assets=limit, for_good=True, **{"from": quarter_label(FIRST + BEFORE)})}
    quarters = PATENT_QUARTERS.stop
    region = lab.region(policies, quarters, scale=SCALE)
    diary = Diary(*COLUMNS)
    live(region, quarters, diary)
    firms = diary.present(BEFORE - 1)
    cash, sales, tied = (diary.of(firms, column)[:, BEFORE - 1] for column in COLUMNS[2:])
    assets = cash + 0.5 * sales + tied
    near = (assets >= 0.3 * limit) & (assets <= 2.0 * limit)
    rd, filed = diary.of(firms[near], "research.rd"), diary.of(firms[near], "knowledge.applied")
    return Sample(
        assets[near],
        (cash / sales)[near],
        rd[:, RD_QUARTERS].mean(axis=1),
        filed[:, PATENT_QUARTERS].sum(axis=1),
    )


def elasticity(sample: Sample, outcome: np.ndarray, limit: float, member: np.ndarray | None = None) -> Estimate:
    """Relative jump of the outcome at the limit over the log of the price there."""
    chosen = np.ones(len(outcome), bool) if member is None else member
    found = jump(outcome[chosen], (limit - sample.assets[chosen]) / limit, WINDOW).relative
    return Estimate(found.value / PRICE, found.error / PRICE)


def paired(sample: Sample, twin: Sample, outcome: str, member: np.ndarray) -> float:
    """The elasticity of firms that have the credit against themselves in the twin."""
    with_credit, without = (getattr(world, outcome)[member] for world in (sample, twin))
    both = np.isfinite(with_credit) & np.isfinite(without)
    one, two = with_credit[both].mean(), without[both].mean()
    return float((one - two) / (0.5 * (one + two)) / PRICE)


def experiment(lab: Lab) -> dict[str, Reading]:
    """Elasticities of R&D and of patents at the limit, and the difference between firms short of money and others."""
    world, twin = lived(lab, SHARE), lived(lab, 0.0)
    rd = winsorised(world.rd, DRAWN_IN)
    moved = PLACEBO * LIMIT
    near = np.abs(world.assets / LIMIT - 1.0) <= WINDOW
    below = near & (world.assets <= LIMIT)
    readings = {}
    for row, name, outcome in (("T1", "rd", rd), ("T1.patents", "patents", world.patents)):
        truth = paired(world, twin, name, below)
        readings[row] = Reading(*elasticity(world, outcome, LIMIT), truth, *elasticity(world, outcome, moved))
    short = world.liquid < np.median(world.liquid[near])
    truth = paired(world, twin, "rd", below & short) - paired(world, twin, "rd", below & ~short)
    at_limit, at_placebo = (difference(*(elasticity(world, rd, place, group) for group in (short, ~short))) for place in (LIMIT, moved))
    readings["T1.short_of_money"] = Reading(*at_limit, truth, *at_placebo)
    return readings


def difference(one: Estimate, two: Estimate) -> Estimate:
    """Of two estimates from separate samples."""
    return Estimate(one.value - two.value, float(np.hypot(one.error, two.error)))
