"""What firms that report enough research only relabel, and how far their reports rise (Chen, Liu, Suarez Serrato & Xu 2021).

The study: from 2008 Chinese firms certified as high-tech pay 15% instead of 25% if research is at least 6% of sales (sales up to 50 million
yuan), 4% (to 200 million) or 3% (above). Tax records of manufacturing firms of 2008-11: the rise of reported research within the range that
the notch disturbs, by size. A structural model of real and relabelled research: relabelling is 24.2% of reported research; 30% of its
increase in the working paper.

Here: the manufacturing firms of the city with some R&D, three years without a certificate and four with one (the last three are measured),
under the tax law of 2008-11 (20% for profits up to 300,000 yuan, 50% super-deduction, no city award). The rise is that over a smooth
distribution fitted outside half to one and a half times the notch, of an order chosen by cross-validation and with as many firms missing as
pile up (both as in the study, from memory). The relabelled share is the mean over firm-years that work towards a certificate; of the
increase, all relabelled over all added reported R&D against the twin without certificate. Difference: the model knows what is relabelled,
the study infers it; one city of about 5,000 manufacturers.
The cost of relabelling and the worth of the title were set by hand when these numbers were known: they are no test of the model.
Truth: the rise of firms that stand in the range in the twin. Control: the same estimators in the twin.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...quantity import quarter_label
from ..bunching import Bunching, bunching
from ..estimators import Estimate, mean_of
from ..lab import FIRST, Diary, Lab, Policies, live
from ..study import NAN, Reading, Row, Source

ROLE = "seen"

SOURCE = Source(
    "Chen, Liu, Suarez Serrato & Xu (2021), American Economic Review 111(7)",
    "China, manufacturing 2008-11",
    "bunching at a notch, structural model",
    "abstract; size bins and rules second-hand; tax law of the time from memory",
)

SECOND_HAND = "second-hand range, widened here by five points on either side; standard errors not seen"
ROWS = (
    Row(
        "T5",
        "Relabelled part of reported R&D",
        "申报研发中被重新归类的比例",
        "band",
        0.242,
        0.19,
        0.29,
        "share of reported R&D",
        "standard error not seen; band proposed",
    ),
    Row(
        "T5.of_increase",
        "Relabelled part of the increase in reported R&D",
        "申报研发增量中被重新归类的比例",
        "band",
        0.30,
        0.20,
        0.40,
        "share of the increase",
        "working paper; band of ten points on either side proposed here, after a first run",
    ),
    Row("T5.small", "Rise of reported R&D, small firms", "小型企业申报研发增幅", "band", 0.105, 0.05, 0.16, "share", SECOND_HAND),
    Row("T5.medium", "Rise of reported R&D, medium firms", "中型企业申报研发增幅", "band", 0.19, 0.12, 0.26, "share", SECOND_HAND),
    Row("T5.large", "Rise of reported R&D, large firms", "大型企业申报研发增幅", "band", 0.28, 0.20, 0.36, "share", SECOND_HAND),
)

NOTCHES = {"small": 0.06, "medium": 0.04, "large": 0.03}
BOUNDS = (50e6, 200e6)
DISTURBED = (0.5, 1.5)
"""Range in which the notch moves firms, as shares of it."""
BEFORE, YEARS = 3, 7
AFTER = slice(BEFORE + 1, YEARS)
"""The years measured."""
LAW = {
    "small_rate_first": 0.20,
    "small_rate_second": 0.20,
    "small_first_limit": 300_000.0,
    "small_profit_limit": 300_000.0,
    "small_staff_limit": 100.0,
    "small_assets_limit": 30e6,
}
RELIEF = {"general": 0.5, "manufacturing": 0.5, "technology_sme": 0.5, "claim_paperwork": 20_000}
CERTIFICATE = {
    "tax_relief": 0.10,
    "rd_share_small": NOTCHES["small"],
    "rd_share_medium": NOTCHES["medium"],
    "rd_share_large": NOTCHES["large"],
    "small_sales": BOUNDS[0],
    "large_sales": BOUNDS[1],
    "product_share": 0.60,
    "staff_share": 0.10,
    "valid_years": 3,
    "min_age_years": 1,
    "first_award": 0.0,
    "renewal_award": 0.0,
    "from": quarter_label(FIRST + 4 * BEFORE),
}
COLUMNS = ("books.reported_1", "books.sales_1", "books.sales_2", "research.relabelled", "books.pursues")


class Records(NamedTuple):
    """Tax records of manufacturing firms: firms x years."""

    reported: np.ndarray
    relabelled: np.ndarray
    sales: np.ndarray
    sales_before: np.ndarray
    pursues: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """Reported R&D over sales; nan where there is none."""
        return np.where(self.reported > 0.0, self.reported / self.sales, np.nan)


@lru_cache(maxsize=2)
def lived(lab: Lab, certificate: bool) -> Records:
    """Records of the firms of the start, with the certificate from the fourth year on or without."""
    policies: Policies = {"super_deduction": RELIEF}
    if certificate:
        policies = {**policies, "hightech_certificate": CERTIFICATE}
    region = lab.region(policies, 4 * YEARS, law=LAW)
    makers = region.firms.identity.id[region.alive & (region.firms.identity.manufacturing == 1)].copy()
    diary = Diary(*COLUMNS)
    live(region, 4 * YEARS, diary)
    reported, sales, before, pursues = (diary.of(makers, column)[:, 3::4] for column in ("books.reported_1", *COLUMNS[1:3], COLUMNS[4]))
    return Records(reported, diary.yearly(makers, "research.relabelled"), sales, before, pursues)


def size_class(records: Records, name: str, years: slice) -> np.ndarray:
    """Mask of firm-years in one class by last year's sales."""
    place = np.searchsorted(BOUNDS, records.sales_before[:, years])
    return np.asarray((place == list(NOTCHES).index(name)) & np.isfinite(records.ratio[:, years]))


def at_notches(records: Records, years: slice) -> dict[str, Bunching]:
    """Bunching of each size class at its notch."""
    return {
        name: bunching(records.ratio[:, years][size_class(records, name, years)], notch, DISTURBED, years.stop - years.start)
        for name, notch in NOTCHES.items()
    }


def rise_on_twin(records: Records, twin: Records, name: str) -> float:
    """Rise of reported R&D over sales of the firms that would have stood in the disturbed range without the notch."""
    there = twin.ratio[:, AFTER] / NOTCHES[name]
    chosen = size_class(twin, name, AFTER) & (there >= DISTURBED[0]) & (there < DISTURBED[1]) & np.isfinite(records.ratio[:, AFTER])
    return float(records.ratio[:, AFTER][chosen].mean() / twin.ratio[:, AFTER][chosen].mean() - 1.0)


def relabelled_share(records: Records) -> Estimate:
    """Mean of the relabelled part of reported R&D over firm-years that work towards a certificate."""
    chosen = (records.pursues[:, AFTER] == 1) & (records.reported[:, AFTER] > 0.0)
    parts = records.relabelled[:, AFTER][chosen] / records.reported[:, AFTER][chosen]
    return mean_of(parts) if len(parts) else Estimate(0.0, 0.0)


def of_increase(records: Records, twin: Records) -> float:
    """Relabelled R&D over the increase in reported R&D against the twin, firm-years that work towards a certificate."""
    chosen = (records.pursues[:, AFTER] == 1) & np.isfinite(twin.reported[:, AFTER])
    increase = (records.reported - twin.reported)[:, AFTER][chosen].sum()
    return float(records.relabelled[:, AFTER][chosen].sum() / increase)


def experiment(lab: Lab) -> dict[str, Reading]:
    """Shares relabelled and rises by size, from a world with the certificate and its twin without."""
    world, twin = lived(lab, True), lived(lab, False)
    share, increase = relabelled_share(world), of_increase(world, twin)
    readings = {
        "T5": Reading(*share, share.value, *relabelled_share(twin)),
        "T5.of_increase": Reading(increase, NAN, increase, *relabelled_share(twin)),
    }
    found, none = at_notches(world, AFTER), at_notches(twin, AFTER)
    for name in NOTCHES:
        readings[f"T5.{name}"] = Reading(*found[name].rise, rise_on_twin(world, twin, name), *none[name].rise)
    return readings
