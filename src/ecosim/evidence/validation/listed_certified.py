"""The high-tech certificate and listed firms (Xu & Kong 2017): nothing to see at the threshold.

The study: A-share firms 2006-15, discontinuity at the threshold of certification; research relative to fixed investment does not
differ, in any subsample.

Here: firms with at least 500 million yuan of sales stand for listed firms; their threshold is research of 3% of three years' sales.
In each of four years those without a certificate when the call comes are compared by lines of their own on either side of the
threshold, up to 1.5 points away: mean reported research over total assets in the two years that follow, relative to its level at the
threshold; errors clustered by firm. Tax law of 2008-11 as in `inputs.innocom_relabelling`. Difference: total assets for fixed
investment, which the model does not keep; one city (about 570 firms).
Truth: the same outcome of firms just above the threshold against themselves in a twin without certificate; it may be large where the
discontinuity is not, as firms just above are those who raised their research to get there.
Control: a world where the state bears 97% of certified firms' research and plans follow it fast, which the same estimator must see (a
smaller reward is swallowed: a firm held at the threshold by its top-up first replaces the top-up).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ...region import Region
from ..estimators import Jump, jump
from ..inputs.innocom_relabelling import CERTIFICATE, LAW, NOTCHES, RELIEF
from ..lab import Diary, Lab, Policies, live
from ..rd_credit import NAME, credit
from ..study import NAN, Reading, Row, Source

SOURCE = Source(
    "Xu & Kong (2017), Chinese journal article",
    "China, A-share firms 2006-15",
    "regression discontinuity at the threshold of certification",
    "abstract in Chinese; standard errors not seen",
)

ROWS = (
    Row(
        "T6",
        "Certificate and research of listed firms",
        "高企认定与上市公司研发强度",
        "null",
        0.0,
        -0.2,
        0.2,
        "share of the level at the threshold",
        "no significant effect, interval not seen; equivalence band proposed here before the first run",
        NAN,
        "a world in which the state bears 97% of certified firms' research",
    ),
)

LISTED = 500e6
"""Yearly sales from which a firm stands for a listed one."""
BANDWIDTH = 0.015
YEARS, CALLS = 7, range(1, 5)
PLANTED = 0.97
EAGER = {"research.speed": 0.40, "research.elasticity": 1.6, "research.money_share": 0.7}
EAGER |= {"certificate.hearing": 0.08, "certificate.word": 0.58}
"""Plans that follow the price fast, with money to do so, and many who try for a certificate, within the parameters' ranges."""
TERMS = {**CERTIFICATE, "from": "2020Q1"}
COLUMNS = ("books.reported_1", "books.sales_1", "levers.certified", "money.cash", "money.working_capital", "market.sales")


class Panel(NamedTuple):
    """Firms of the start x years."""

    reported: np.ndarray
    sales: np.ndarray
    quarters_left: np.ndarray
    """Of the certificate, at the year's end."""
    assets: np.ndarray

    def outcome(self, year: int) -> np.ndarray:
        """Mean research over assets in the two years after a call."""
        return np.asarray((self.reported / self.assets)[:, year + 1 : year + 3].mean(axis=1))

    def running(self, year: int) -> np.ndarray:
        """Distance of three years' research over sales from the threshold; nan where the firm is small or holds a certificate."""
        three = slice(year - 2, year + 1) if year >= 2 else slice(0, year + 1)
        ratio = self.reported[:, three].sum(axis=1) / self.sales[:, three].sum(axis=1)
        asked = (self.sales[:, year] >= LISTED) & (self.quarters_left[:, year] == 0.0) & (self.reported[:, year] > 0.0)
        return np.where(asked, ratio - NOTCHES["large"], np.nan)


def lived(lab: Lab, policies: Policies, values: Mapping[str, float] | None = None) -> Panel:
    """The largest firms of the start, year by year."""
    region: Region = lab.region({"super_deduction": RELIEF, **policies}, 4 * YEARS, law=LAW, values=values)
    firms = region.firms.identity.id[region.alive & (region.firms.market.sales >= 0.5 * LISTED)].copy()
    diary = Diary(*COLUMNS)
    live(region, 4 * YEARS, diary)
    reported, sales, left, cash, tied, pace = (diary.of(firms, column)[:, 3::4] for column in COLUMNS)
    return Panel(reported, sales, left, cash + tied + 0.5 * pace)


def at_threshold(panel: Panel) -> Jump:
    """The discontinuity, calls of all years together."""
    outcome = np.concatenate([panel.outcome(year) for year in CALLS])
    running = np.concatenate([panel.running(year) for year in CALLS])
    return jump(outcome, running, BANDWIDTH, np.tile(np.arange(len(panel.sales)), len(CALLS)))


def against_twin(panel: Panel, twin: Panel) -> float:
    """Relative difference of the outcome to the twin, firms above the threshold within the bandwidth."""
    found, usual = [], []
    for year in CALLS:
        running = panel.running(year)
        there = (running >= 0.0) & (running <= BANDWIDTH) & np.isfinite(panel.outcome(year)) & np.isfinite(twin.outcome(year))
        found.append(panel.outcome(year)[there])
        usual.append(twin.outcome(year)[there])
    return float(np.concatenate(found).mean() / np.concatenate(usual).mean() - 1.0)


def experiment(lab: Lab) -> dict[str, Reading]:
    """The jump with the certificate, in a twin without, and in a world with a large reward for it."""
    with_it = {"hightech_certificate": TERMS}
    world, twin = lived(lab, with_it), lived(lab, {})
    rewarded = lived(lab, {**with_it, NAME: credit(PLANTED, certified_only=True)}, EAGER)
    found, planted = at_threshold(world), at_threshold(rewarded)
    return {
        "T6": Reading(
            found.jump / found.level,
            found.error / found.level,
            against_twin(world, twin),
            planted.jump / planted.level,
            planted.error / planted.level,
        )
    }
