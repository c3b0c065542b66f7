"""How each row of the fit is measured in the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..survey import gini, top_share
from . import panel, price_cut, regressions, shapes
from .panel import History

GROWN_UP = 20e6
"""Yearly sales, yuan, from which a firm is above scale: growth is measured on such firms, as in studies."""

Growth = Callable[[History], tuple[np.ndarray, np.ndarray]]
"""Growth rates and the sizes before them."""


INPUTS = frozenset(panel.START) - {"certified_above_scale_share"} | {
    "alliances",
    "growth_volatility_by_size",
    "growth_subbotin",
    "exit_hazard_year_1",
    "exit_hazard_year_2",
    "exit_hazard_year_3",
    "exit_hazard_year_4_to_7",
    "age_share_under_5",
    "age_share_5_to_10",
    "age_share_over_10",
}
"""Rows whose number enters a rule, a prior or the start."""


def growth_of_rd(history: History) -> float:
    """Growth of the city's statistical R&D in the first year over the year before."""
    return history.outcome(history.first_year, "statistical_rd") / history.start["rd_2019"] - 1.0


def change_of_certified(history: History) -> float:
    """Net change of certified firms in the first year."""
    return history.outcome(history.first_year, "certified") - history.start["hightech_firms_2019"]


def first(key: str) -> Callable[[History], float]:
    """An outcome in the first year."""
    return lambda history: history.outcome(history.first_year, key)


def graduation(history: History) -> float:
    """Graduates of incubators over tenant firms at the year's end, first year."""
    return first("graduates")(history) / first("firms_tenant")(history)


def sales_growth(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Log growth of sales less the mean of sector and year, and the sales before, of firms above scale."""
    growth, size = [np.zeros(0)], [np.zeros(0)]
    for before, rows, now, later in panel.pairs(history):
        large = before.sales[rows] >= GROWN_UP
        rows, later = rows[large], later[large]
        found = np.log(now.sales[later] / before.sales[rows])
        sector = before.sector[rows].astype(np.int64)
        means = np.bincount(sector, weights=found) / np.maximum(np.bincount(sector), 1)
        growth.append(found - means[sector])
        size.append(before.sales[rows])
    return np.concatenate(growth), np.concatenate(size)


def rd_growth(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Log growth of yearly R&D less the year's mean, and R&D before it, of the largest performers."""
    _, rd = panel.performers(history)
    growth = np.diff(np.log(rd), axis=1)
    return (growth - growth.mean(axis=0)).ravel(), rd[:, :-1].ravel()


def hazard(first_year: int, last_year: int) -> Callable[[History], float]:
    """Yearly exit of small firms over some years of life, counted from 1."""
    years = slice(first_year - 1, last_year)
    return lambda h: shapes.yearly_hazard(h.exits[1, years].sum(), h.exposure[1, years].sum())


def age_share(first_year: int, last_year: int) -> Callable[[History], float]:
    """Share of small firms in some years of life, counted from 1, over the years watched; without tenants, whose age carriers choose."""
    years = slice(first_year - 1, last_year)
    return lambda h: float(h.exposure[2, years].sum() / h.exposure[2].sum())


def filings(read: Callable[..., float], **options: bool) -> Callable[[History], float]:
    """A shape of the yearly invention applications of the largest performers, firms x years."""
    return lambda history: read(panel.performers(history)[0], **options)


def totals(read: Callable[[Any], float]) -> Callable[[History], float]:
    """A shape of the same performers' applications over all years."""
    return filings(lambda filed: read(filed.sum(axis=1)))


def of_growth(read: Callable[[Any], float], growth: Growth) -> Callable[[History], float]:
    """A shape of growth rates."""
    return lambda history: read(growth(history)[0])


def by_size(growth: Growth) -> Callable[[History], float]:
    """The power with which the spread of growth rates falls with size."""
    return lambda history: shapes.volatility_slope(*growth(history))


def of_filings(read: Callable[[Any, Any], float]) -> Callable[[History], float]:
    """An elasticity of yearly invention applications to R&D over the largest performers, firms x years."""
    return lambda history: read(*panel.performers(history))


def rd_by_size(history: History) -> float:
    """Elasticity of R&D to sales among performers above scale, within sectors, last year."""
    year = history.years[-1]
    large = (year.rd > 0.0) & (year.sales >= GROWN_UP)
    return regressions.size_elasticity(year.rd[large], year.sales[large], year.sector[large])


def change_of_share(history: History) -> float:
    """Change of R&D over GDP in the first year, share of GDP."""
    now = first("statistical_rd")(history) / first("gdp")(history)
    return now - history.start["rd_2019"] / history.start["gdp_2019"]


def exit_rate(history: History) -> float:
    """Yearly exit of all firms."""
    return shapes.yearly_hazard(history.exits[0].sum(), history.exposure[0].sum())


class Moment(NamedTuple):
    """How one row is measured in the model, and over which time."""

    when: str
    read: Callable[[History], float]


def at_start(key: str) -> Moment:
    """A figure of the start."""
    return Moment("start", lambda history: history.start[key])


def throughout(read: Callable[[History], float]) -> Moment:
    """A measure over all years watched."""
    return Moment("all years", read)


def in_first_year(read: Callable[[History], float]) -> Moment:
    """A measure of the first year."""
    return Moment("first year", read)


MOMENTS: dict[str, Moment] = {
    **{key: at_start(key) for key in panel.START},
    **{key: Moment("ten years", at_start(key).read) for key in price_cut.ROWS},
    "hightech_revenue_2020": in_first_year(first("certified_sales")),
    **{key: Moment("year before", at_start(key).read) for key in panel.CLAIMS},
    "alliances": in_first_year(first("tied_firms")),
    "contracts_2019": in_first_year(first("joint_projects")),
    "contracts_yearly_2016_2020": throughout(lambda history: history.mean_outcome("joint_projects")),
    "rd_growth_2020": in_first_year(growth_of_rd),
    "rd_gdp_change_2020": in_first_year(change_of_share),
    "hightech_change_2020": in_first_year(change_of_certified),
    "graduation_rate": in_first_year(graduation),
    "size_tail_exponent": Moment("last year", lambda h: shapes.tail_exponent(h.years[-1].sales)),
    "growth_volatility_by_size": throughout(by_size(sales_growth)),
    "growth_subbotin": throughout(of_growth(shapes.subbotin_shape, sales_growth)),
    "rd_growth_volatility_by_size": throughout(by_size(rd_growth)),
    "rd_growth_subbotin": throughout(of_growth(shapes.subbotin_shape, rd_growth)),
    "rd_growth_excess_kurtosis": throughout(of_growth(shapes.excess_kurtosis, rd_growth)),
    "rd_growth_mean_abs_over_sd": throughout(of_growth(shapes.mean_absolute_over_spread, rd_growth)),
    "patent_density_exponent": throughout(lambda h: shapes.density_exponent(panel.filed_by_firm(h))),
    "patent_top_decile_share": throughout(totals(top_share)),
    "patent_gini": throughout(totals(gini)),
    "patent_zero_share": throughout(filings(lambda filed: float((filed == 0).mean()))),
    "patent_variance_over_mean": throughout(totals(shapes.variance_over_mean)),
    "patent_persistence_after_patent": throughout(filings(shapes.chance_again, after=True)),
    "patent_persistence_after_none": throughout(filings(shapes.chance_again, after=False)),
    "patent_rd_elasticity_within": throughout(of_filings(regressions.within_elasticity)),
    "patent_rd_elasticity_between": throughout(of_filings(regressions.pooled_elasticity)),
    "rd_sales_elasticity": Moment("last year", rd_by_size),
    "alliance_ends": throughout(panel.ends_per_member),
    "exit_hazard_year_1": throughout(hazard(1, 1)),
    "exit_hazard_year_2": throughout(hazard(2, 2)),
    "exit_hazard_year_3": throughout(hazard(3, 3)),
    "exit_hazard_year_4_to_7": throughout(hazard(4, 7)),
    "exit_rate_all": throughout(exit_rate),
    "exit_share_within_5_years": throughout(lambda history: float((history.exit_ages < 5.0).mean())),
    "exit_age_mean": throughout(lambda history: float(history.exit_ages.mean())),
    "age_share_under_5": throughout(age_share(1, 5)),
    "age_share_5_to_10": throughout(age_share(6, 10)),
    "age_share_over_10": throughout(age_share(11, panel.OLDEST)),
}
"""Id of a row -> how the model shows it. Every row of a pack's moments.csv must be here."""
