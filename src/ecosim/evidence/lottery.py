"""A lottery for innovation vouchers among the firms that apply, as studies V1 to V5 used it.

The winners and a sample of those not drawn are followed quarter by quarter, in the world with the vouchers and in its twin without.
Money of other countries is measured in fees: the vouchers of these studies were made to pay the whole or a stated share of one usual
assignment, so here they pay that share of the model's usual fee at the prices of the draw. Tax plays no part in taking up a voucher;
the tax law stays Nantong's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from .. import schedule
from ..quantity import quarter_label
from ..region import Region
from .estimators import Estimate, mean_difference
from .lab import FIRST, Lab, Policies, call_of, column_of, live, lots
from .planted import LUCK, planted
from .study import NAN, Reading, require

VOUCHER = "innovation_voucher"
LEAD = 6
"""Quarters lived before the draw, so that needs that firms meet with their own money are no longer waiting."""
MAX_SALES = 400e6
"""Yearly sales of a small or medium firm at most, yuan."""
PAPERWORK = 2_000.0
"""What an application costs the firm, yuan: a form of a page or two, about two days' work."""
SAMPLE, ANSWERS = 1, 2
"""Questions decided by lot about the study: who of those not drawn is in its sample, and who answers the survey."""
COLUMNS = (
    "ventures.service",
    "ventures.done",
    "knowledge.applied",
    "knowledge.applied_utility",
    "research.performer",
    "market.sales",
    "market.employees",
)


class Terms(NamedTuple):
    """A lottery and how it was followed up.

    vouchers: drawn; applicants: in the study, winners included; share: of the usual fee that the voucher pays; covers: kinds of
    service; valid: quarters in which it can be used; response: share of firms that answer the survey; scale: size of the city in
    which about so many firms apply.
    """

    vouchers: int
    applicants: int
    share: float
    covers: tuple[str, ...]
    valid: int
    response: float
    scale: float = 1.0


class Panel:
    """Columns of the same firms on the eve of the draw (place 0) and in each quarter from the draw on; nan once a firm has closed."""

    def __init__(self, rows: np.ndarray, eve: Mapping[str, np.ndarray], quarters: int) -> None:
        self.rows = rows
        self.ids = eve["identity.id"][rows]
        self.lived = 0
        self.tables = {name: np.full((len(rows), quarters + 1), np.nan) for name in COLUMNS}
        for name, table in self.tables.items():
            table[:, 0] = eve[name][rows]

    def note(self, region: Region) -> None:
        """Note a quarter."""
        self.lived += 1
        identity = region.firms.identity
        here = (identity.id[self.rows] == self.ids) & (identity.alive[self.rows] == 1)
        for name, table in self.tables.items():
            table[here, self.lived] = column_of(region, name)[self.rows[here]]

    def part(self, name: str, first: int, last: int) -> np.ndarray:
        """Firms x quarters `first` to `last` of one column; the quarter of the draw is 1."""
        return self.tables[name][:, first : last + 1]


class Cohort(NamedTuple):
    """The applicants of one lottery: who won, who answers the survey, what became of them, and in whom an effect is planted first."""

    won: np.ndarray
    answers: np.ndarray
    panel: Panel
    luck: np.ndarray


Measure = Callable[[Panel], np.ndarray]
"""One figure for each firm; nan where it cannot be asked any more."""


def programme(terms: Terms, fee: float) -> Policies:
    """The voucher policy of the terms, drawn once: the first year's envelope is spent at the draw, the later ones buy nothing.

    fee: the usual one at the prices of the draw, yuan; vouchers are in whole yuan.
    """
    amount, first = ceil(terms.share * fee), FIRST + LEAD
    envelopes = {quarter_label(first): (terms.vouchers + 0.5) * amount, quarter_label(first + 1): 1.0}
    return {
        VOUCHER: {
            "budget": envelopes, "subsidy_rate": terms.share, "cap": amount, "covers": list(terms.covers),
            "max_sales": MAX_SALES, "registered_only": False, "valid_quarters": terms.valid, "delivery": "lottery",
            "paperwork": PAPERWORK, "from": quarter_label(first), "until": quarter_label(first + terms.valid - 1),
        }
    }  # fmt: skip


def usual_fee(lab: Lab) -> float:
    """Usual fee of a service at the prices of the draw, yuan."""
    return lab.yearly()["services.fee"] * lab.growth_before(FIRST + LEAD)


def hold(lab: Lab, terms: Terms, quarters: int) -> Cohort:
    """Live a world with the lottery and follow its applicants for some quarters. Raises ShortError where too few firms apply."""
    region = lab.region(programme(terms, usual_fee(lab)), LEAD + quarters, scale=terms.scale)
    eve = eve_of_the_draw(region)
    schedule.live_quarter(region)
    rows, won = sample(region, terms, eve["identity.id"])
    require(len(rows), terms.applicants, "applicants")
    panel = Panel(rows, eve, quarters)
    panel.note(region)
    schedule.turn(region)
    live(region, quarters - 1, panel.note)
    return Cohort(won, lots(lab.seed, panel.ids, ANSWERS) < terms.response, panel, lots(lab.seed, panel.ids, LUCK))


def twin(lab: Lab, terms: Terms, cohort: Cohort, quarters: int) -> Panel:
    """The same firms in the same world without any voucher."""
    region = lab.region({}, LEAD + quarters, scale=terms.scale)
    panel = Panel(cohort.panel.rows, eve_of_the_draw(region), quarters)
    live(region, quarters, panel.note)
    return panel


def eve_of_the_draw(region: Region) -> dict[str, np.ndarray]:
    """Live up to the eve of the draw; all firms' columns then."""
    live(region, LEAD)
    return {name: column_of(region, name).copy() for name in ("identity.id", *COLUMNS)}


def sample(region: Region, terms: Terms, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the winners and of as many others, drawn at random, as make up the study's applicants; and who won."""
    call = call_of(region, VOUCHER)
    if call is None:
        return np.zeros(0, np.int64), np.zeros(0, bool)
    others = np.setdiff1d(call.applicants(), call.winners)
    order = np.argsort(lots(region.seed, ids[others], SAMPLE), kind="stable")
    kept = np.sort(others[order[: terms.applicants - len(call.winners)]])
    return np.concatenate([np.sort(call.winners), kept]), np.arange(len(call.winners) + len(kept)) < len(call.winners)


def asked(values: Any, panel: Panel, last: int) -> np.ndarray:
    """The figures as numbers; nan for firms that have closed by quarter `last`, whom no survey reaches."""
    return np.where(np.isfinite(panel.tables["market.sales"][:, last]), np.asarray(values, np.float64), np.nan)


def assigned(first: int, last: int) -> Measure:
    """Whether the firm had an assignment (service, joint project or licence) with an institute in quarters `first` to `last`."""
    return lambda panel: asked((panel.part("ventures.service", first, last) > 0.0).any(axis=1), panel, last)


def filed(first: int, last: int) -> Measure:
    """Whether the firm filed an invention or utility model."""

    def measure(panel: Panel) -> np.ndarray:
        filings = panel.part("knowledge.applied", first, last) + panel.part("knowledge.applied_utility", first, last)
        return asked((filings > 0.0).any(axis=1), panel, last)

    return measure


def new_product(first: int, last: int) -> Measure:
    """Whether the firm carried a project of its own through, or filed an invention or utility model."""

    def measure(panel: Panel) -> np.ndarray:
        carried = (np.diff(panel.part("ventures.done", first - 1, last), axis=1) > 0.0).any(axis=1)
        return asked(carried | (filed(first, last)(panel) == 1.0), panel, last)

    return measure


def innovated(first: int, last: int) -> Measure:
    """Whether the firm put anything new to use: a new product, or a problem solved with outside help."""

    def measure(panel: Panel) -> np.ndarray:
        return asked((new_product(first, last)(panel) == 1.0) | (assigned(first, last)(panel) == 1.0), panel, last)

    return measure


def effect(values: np.ndarray, cohort: Cohort) -> Estimate:
    """Difference in means between those drawn and those not drawn among the firms that answer."""
    return mean_difference(values[cohort.won & cohort.answers], values[~cohort.won & cohort.answers])


def paired(measure: Measure, cohort: Cohort, without: Panel) -> float:
    """What the vouchers did to their winners, from the twin world."""
    difference = (measure(cohort.panel) - measure(without))[cohort.won]
    difference = difference[np.isfinite(difference)]
    return float(difference.mean()) if len(difference) else float("nan")


def reading(measure: Measure, cohort: Cohort, without: Panel, plant: float = NAN) -> Reading:
    """Effect and truth; the control is the same comparison in the twin world, for a null with an effect planted there."""
    found, unpaid = effect(measure(cohort.panel), cohort), measure(without)
    control = effect(planted(unpaid, cohort.won, plant, cohort.luck) if np.isfinite(plant) else unpaid, cohort)
    return Reading(found.value, found.error, paired(measure, cohort, without), control.value, control.error)
