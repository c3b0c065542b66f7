"""One run watched for the fit: the start, yearly outcomes, a panel of firms by identity, exits by age."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import outcomes, schedule
from ..agents.firm import INDUSTRIAL, OTHER, SME, TEAM, TENANT
from ..population_firms import real_size
from ..region import Region
from ..survey import STANDING_TIE, certified_rows

YEARS = 5
"""Years watched, as long as the panel of performers in the data."""
PERFORMERS = 346
"""Firms in that panel."""
OLDEST = 40
"""Years of life that are told apart; older firms count as this old."""

Floats = np.ndarray


class Year(NamedTuple):
    """Firms in business at the end of a year; one row is one firm."""

    id: Floats
    stratum: Floats
    sector: Floats
    born: Floats
    """Quarter of foundation."""
    sales: Floats
    """Yuan in the year."""
    rd: Floats
    """Statistical R&D of the year, yuan."""
    filed: Floats
    """Invention applications of the year."""


class History(NamedTuple):
    """What one run leaves for the fit. Counts and money are the simulated population's: divide by `scale`."""

    first_year: int
    scale: float
    start: dict[str, float]
    yearly: Floats
    """Years x outcomes, in the order of `outcomes.KEYS`."""
    years: tuple[Year, ...]
    exits: Floats
    """Exits by group (all firms, small firms, small firms outside incubators) and year of life; teams are not firms."""
    exposure: Floats
    """Firm-quarters at risk, in the same order."""
    exit_ages: Floats
    """Age at exit of every firm that closed, years."""
    alliances: Floats
    """Pairs of a firm and an institute that have worked together: identity and number (-1: not known which)."""

    def outcome(self, year: int, key: str) -> float:
        """One outcome in one year, for a population of real size; nan where the year was not lived."""
        place = year - self.first_year
        if not 0 <= place < len(self.yearly):
            return float("nan")
        value = float(self.yearly[place, outcomes.KEYS.index(key)])
        return value / self.scale if outcomes.BY_KEY[key].kind != "ratio" and key != "gdp" else value

    def mean_outcome(self, key: str) -> float:
        """Mean of an outcome over the years watched."""
        years = range(self.first_year, self.first_year + len(self.yearly))
        return float(np.mean([self.outcome(year, key) for year in years]))


START: dict[str, Callable[[Region], float]] = {
    "rd_2019": lambda region: reported(region, region.alive) + local_research(region),
    "rd_above_scale_2019": lambda region: reported(region, in_strata(region, INDUSTRIAL, OTHER)),
    "rd_industrial_2019": lambda region: reported(region, in_strata(region, INDUSTRIAL)),
    "hightech_firms_2019": lambda region: float(certified_rows(region).sum()),
    "industrial_firms": lambda region: float(in_strata(region, INDUSTRIAL).sum()),
    "industrial_revenue_2018": lambda region: float(last_sales(region, in_strata(region, INDUSTRIAL)).sum()),
    "other_above_scale_firms": lambda region: float(in_strata(region, OTHER).sum()),
    "registered_sme_2019": lambda region: float(region.firms.identity.registered[region.alive].sum()),
    "tenants_and_teams_2019": lambda region: float(in_strata(region, TENANT, TEAM).sum()),
    "rd_active_share_2019": lambda region: float(performs(region)[in_strata(region, INDUSTRIAL)].mean()),
    "rd_centres_national": lambda region: float((region.firms.research.centre == 3).sum()),
    "rd_centres_provincial": lambda region: float((region.firms.research.centre == 2).sum()),
    "rd_centres_city": lambda region: float((region.firms.research.centre == 1).sum()),
    "certified_revenue_median": lambda region: float(np.median(last_sales(region, certified_rows(region) == 1))),
    "certified_above_scale_share": lambda region: float((strata(region, certified_rows(region) == 1) <= OTHER).mean()),
    "invention_stock_2019": lambda region: float(region.firms.knowledge.inventions[region.alive].sum()),
}
"""Figure of the region pack -> how the population at the start shows it."""

SHARES = ("rd_active_share_2019", "certified_revenue_median", "certified_above_scale_share")
"""Of these, the ones that do not grow with the size of the population."""


CLAIMS = ("claims_2020", "claim_firms_2020")
"""Amount and number of claims filed in 2020: before 2021 the extra deduction was claimed after the tax year, so these are of 2019."""


def in_strata(region: Region, *wanted: int) -> Any:
    """Mask of the firms in business that belong to one of the strata."""
    return region.alive & np.isin(region.firms.identity.stratum, wanted)


def strata(region: Region, mask: Any) -> Floats:
    """Stratum of the firms of a mask."""
    found: Floats = region.firms.identity.stratum[mask]
    return found


def performs(region: Region) -> Any:
    """Whether each row does R&D."""
    return region.firms.research.performer == 1


def last_sales(region: Region, mask: Any) -> Floats:
    """Sales of the last closed year, yuan, of the firms of a mask."""
    found: Floats = region.firms.books.sales_1[mask]
    return found


def reported(region: Region, mask: Any) -> float:
    """Statistical R&D of the last closed year, yuan, over the firms of a mask."""
    return float(region.firms.books.reported_1[mask].sum())


def local_research(region: Region) -> float:
    """R&D of the city's own institutes, yuan a year."""
    return float(region.institutes.block[region.institutes.local == 1].sum())


class Filings:
    """Invention applications since the year began, by row; forgotten where a row passes to another firm."""

    def __init__(self, region: Region) -> None:
        """Begin with none."""
        self._count = np.zeros(region.rows)
        self._id = region.firms.identity.id.copy()

    def add(self, region: Region) -> None:
        """Add the quarter's applications."""
        identity = region.firms.identity.id
        self._count = np.concatenate([self._count, np.zeros(len(identity) - len(self._count))])
        self._count[: len(self._id)][self._id != identity[: len(self._id)]] = 0.0
        self._count += region.firms.knowledge.applied
        self._id = identity.copy()

    def take(self) -> Floats:
        """The counts so far; begin again from none."""
        taken, self._count = self._count, np.zeros(len(self._count))
        return taken


class Alliances:
    """Which firms and institutes have worked together, those of before the start included."""

    def __init__(self) -> None:
        """Begin with none."""
        self._pairs = np.zeros((0, 2), np.int64)

    def add_standing(self, region: Region) -> None:
        """Add the performers whose ties stand, whoever their partners are."""
        self._add(region, (region.firms.ventures.tie >= STANDING_TIE) & performs(region))

    def add(self, region: Region) -> None:
        """Add each firm's last partner."""
        self._add(region, region.firms.ventures.partner >= 0)

    def _add(self, region: Region, tied: Any) -> None:
        rows = np.flatnonzero(region.alive & tied)
        ventures = region.firms.ventures
        found = np.stack([region.firms.identity.id[rows], ventures.partner[rows].astype(np.int64)], axis=1)
        self._pairs = np.unique(np.concatenate([self._pairs, found]), axis=0)

    def take(self) -> Floats:
        """The pairs so far."""
        return self._pairs


class Departures:
    """Exits and firm-quarters at risk by year of life."""

    def __init__(self) -> None:
        """Begin with none."""
        self.exits = np.zeros((3, OLDEST))
        self.exposure = np.zeros((3, OLDEST))
        self.ages: list[Floats] = []

    def watch(self, region: Region, live: Callable[[Region], None]) -> None:
        """Let `live` live a quarter and note which firms were there before it and are gone after it."""
        before = region.firms.identity
        rows, ids, quarter = region.rows, before.id.copy(), region.quarter
        firm = (before.alive == 1) & (before.stratum != TEAM)
        small = firm & np.isin(before.stratum, (SME, TENANT))
        outside = firm & (before.stratum == SME)
        age = quarter - before.born.astype(np.int64)
        live(region)
        after = region.firms.identity
        gone = (after.alive[:rows] == 0) | (after.id[:rows] != ids)
        life = np.clip(age // 4, 0, OLDEST - 1)
        for group, members in enumerate((firm, small, outside)):
            self.exposure[group] += np.bincount(life[members], minlength=OLDEST)
            self.exits[group] += np.bincount(life[members & gone], minlength=OLDEST)
        self.ages.append(age[firm & gone] / 4.0)


def watched(region: Region, last: int) -> History:
    """Live a region that has just been started up to quarter `last`, and keep what the fit needs."""
    first_year = region.quarter // 4
    size = real_size(region)
    start = {key: read(region) for key, read in START.items()}
    scale = float(region.alive.sum()) / size
    filings, departures, alliances = Filings(region), Departures(), Alliances()
    alliances.add_standing(region)
    start["ties"] = float(len(alliances.take()))
    claimed = region.firms.books.claimed_year
    start.update(zip(CLAIMS, (float(claimed.sum()), float((claimed > 0.0).sum())), strict=True))
    quarters, years = [], []
    while region.quarter <= last:
        price = region.research_price
        departures.watch(region, schedule.live_quarter)
        quarters.append(outcomes.read_quarter(region, price))
        filings.add(region)
        alliances.add(region)
        if region.year_ends:
            years.append(year_of(region, filings.take()))
        schedule.turn(region)
    yearly = outcomes.yearly(np.array(quarters), range(4 * first_year, 4 * first_year + len(quarters)))
    start = {key: value if key in SHARES else value / scale for key, value in start.items()}
    return History(
        first_year,
        scale,
        start,
        yearly,
        tuple(years),
        departures.exits,
        departures.exposure,
        np.concatenate(departures.ages),
        alliances.take(),
    )


def year_of(region: Region, filed: Floats) -> Year:
    """The panel's rows at the end of a year that has just been closed."""
    rows = np.flatnonzero(region.alive)
    identity, books = region.firms.identity, region.firms.books
    columns = (
        identity.id,
        identity.stratum,
        identity.sector,
        identity.born,
        books.sales_1,
        books.reported_1,
        filed,
    )
    return Year(*(column[rows].copy() for column in columns))


def pairs(history: History) -> list[tuple[Year, Floats, Year, Floats]]:
    """For every two years in a row: both, each with the rows of the firms that lived through the two."""
    found = []
    for place in range(1, len(history.years)):
        before, now = history.years[place - 1], history.years[place]
        _, first, second = np.intersect1d(before.id, now.id, assume_unique=True, return_indices=True)
        full = before.born[first] <= 4 * (history.first_year + place - 1)
        found.append((before, first[full], now, second[full]))
    return found


def performers(history: History, most: int = PERFORMERS) -> tuple[Floats, Floats]:
    """Invention applications and R&D, firms x years, of the largest performers with R&D in every year, `most` of them."""
    first = history.years[0]
    common = first.id
    for year in history.years[1:]:
        common = np.intersect1d(common, year.id, assume_unique=True)
    places = [np.searchsorted(year.id, common, sorter=np.argsort(year.id)) for year in history.years]
    rows = [np.argsort(year.id)[place] for year, place in zip(history.years, places, strict=True)]
    rd = np.stack([year.rd[row] for year, row in zip(history.years, rows, strict=True)], axis=1)
    filed = np.stack([year.filed[row] for year, row in zip(history.years, rows, strict=True)], axis=1)
    steady = np.flatnonzero((rd > 0.0).all(axis=1))
    largest = steady[np.argsort(-rd[steady].sum(axis=1), kind="stable")[:most]]
    return filed[largest], rd[largest]


def ends_per_member(history: History) -> float:
    """Mean number of alliance ends per member of the network of firms and institutes: ties of the start and all contracts since."""
    members = len(np.unique(history.alliances[:, 0])) + int((np.unique(history.alliances[:, 1]) >= 0).sum())
    signed = history.mean_outcome("joint_projects") * history.scale * len(history.yearly)
    return 2.0 * (history.start["ties"] * history.scale + signed) / members if members else float("nan")


def filed_by_firm(history: History) -> Floats:
    """Invention applications over all years, by firm."""
    ids = np.concatenate([year.id for year in history.years])
    filed = np.concatenate([year.filed for year in history.years])
    _, place = np.unique(ids, return_inverse=True)
    return np.bincount(place, weights=filed)
