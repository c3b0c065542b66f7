"""Patents and R&D of 346 American performers 1975-79 (Hall, Griliches & Hausman 1986): elasticities, skew, persistence.

The data: patents applied for and R&D of 346 firms in five years, R&D of five years before; re-estimated for this project. Conditional
fixed-effects Poisson of patents on R&D, alone and with five lags; pooled Poisson; least squares in logs of firms with patents; spread of
growth rates of R&D by size and their shape; concentration of patents; chance of patents again. With them the range over countries of the
power law of patents per applicant (O'Neale & Hendy 2012), and German firms whose innovating depends on having innovated before
(Peters 2009).

Here: the 346 largest performers of the city with R&D in every year, five years of invention applications; the lags from a history of ten
years, patents of its last five. All regressions have year effects, as patents and R&D of the city grow. The power law is that of all
firms. Dependence on the year before is estimated given everything about a firm that lasts, over all performers with R&D in every year.
These numbers entered priors or the calibration. A regularity needs no control.
"""

from __future__ import annotations

import numpy as np

from ...fit import panel
from ..estimators import coefficient, state_dependence, within_poisson
from ..lab import Diary, Lab, live
from ..study import INFINITY, NAN, Reading, Row, Source
from ..watched import NATIONAL, history, readings

SOURCE = Source(
    "Hall, Griliches & Hausman (1986), data PatentsHGH re-estimated; O'Neale & Hendy (2012); Peters (2009)",
    "United States 1975-79, 346 firms; countries; Germany 1994-2002",
    "panel regressions and distributions",
    "full data; abstracts for O'Neale & Hendy and Peters",
)

ROWS = (
    Row("K1", "Patents and R&D within firms", "企业内专利对研发的弹性", "interval", 0.295, 0.1304, 0.4596, "elasticity"),
    Row("K1.same_year", "The same, R&D of the year beside five lags", "含滞后项的当年弹性", "interval", 0.322, 0.163, 0.481, "elasticity"),
    Row(
        "K1.sum_of_lags", "The same, sum over the year and five lags", "当年与五期滞后弹性之和", "interval", 0.313, 0.03, 0.59, "elasticity"
    ),
    Row("K2", "Patents and R&D between firms", "企业间专利对研发的弹性", "interval", 0.696, 0.6098, 0.7822, "elasticity"),
    Row(
        "K2.logs",
        "The same in logs, firms with patents",
        "对数回归的弹性（有专利企业）",
        "interval",
        0.770,
        0.723,
        0.817,
        "elasticity",
        "interval computed here from the standard error of 0.024",
    ),
    Row("K2.over_within", "Between firms less within", "企业间弹性与企业内弹性之差", "sign", NAN, 0.0, INFINITY, "elasticity"),
    Row("S3", "Fall of R&D growth volatility with size", "研发增长波动随规模下降指数", "interval", 0.208, 0.17, 0.245, "exponent"),
    Row("S3.shape", "Subbotin shape of R&D growth", "研发增长的Subbotin形状", "interval", 0.70, 0.65, 0.77, "1"),
    Row("S3.kurtosis", "Excess kurtosis of R&D growth", "研发增长超额峰度", "interval", 8.8, 6.8, 11.0, "1"),
    Row("S3.peak", "Mean absolute over standard deviation", "平均绝对值与标准差之比", "interval", 0.61, 0.586, 0.631, "ratio"),
    Row(
        "S5",
        "Power-law exponent of patents per applicant",
        "专利数幂律指数",
        "range",
        2.0,
        1.66,
        2.37,
        "exponent",
        "countries; middle of the range",
    ),
    Row("S5.top_tenth", "Patents of the top tenth of performers", "前10%企业专利占比", "interval", 0.608, 0.55, 0.66, "share"),
    Row("S5.gini", "Gini of patents", "专利基尼系数", "interval", 0.77, 0.74, 0.79, "index"),
    Row("S5.none", "Performers without a patent in a year", "当年无专利企业占比", "interval", 0.22, 0.18, 0.26, "share"),
    Row("S5.dispersion", "Variance over mean of five-year patents", "专利数方差与均值之比", "interval", 144.0, 109.0, 180.0, "ratio"),
    Row("S7", "Patents again after a year with one", "上年有专利者当年有专利概率", "interval", 0.907, 0.889, 0.923, "probability"),
    Row("S7.after_none", "Patents after a year without", "上年无专利者当年有专利概率", "interval", 0.354, 0.290, 0.429, "probability"),
    Row(
        "S7.state",
        "Dependence on the year before within firms",
        "企业内对上年的状态依赖",
        "sign",
        NAN,
        0.0,
        INFINITY,
        "log odds",
        "Peters: dynamic random-effects probit; here a conditional logit",
    ),
)

FROM_THE_FIT = {
    "K1": "patent_rd_elasticity_within",
    "K2": "patent_rd_elasticity_between",
    "S3": "rd_growth_volatility_by_size",
    "S3.shape": "rd_growth_subbotin",
    "S3.kurtosis": "rd_growth_excess_kurtosis",
    "S3.peak": "rd_growth_mean_abs_over_sd",
    "S5": "patent_density_exponent",
    "S5.top_tenth": "patent_top_decile_share",
    "S5.gini": "patent_gini",
    "S5.none": "patent_zero_share",
    "S5.dispersion": "patent_variance_over_mean",
    "S7": "patent_persistence_after_patent",
    "S7.after_none": "patent_persistence_after_none",
}
"""Row -> measure of the fit."""
LAGS = 5
ALL = 10**6


def lagged(lab: Lab) -> np.ndarray:
    """Elasticities of patents to R&D of the year and of the five years before it, within firms."""
    years = panel.YEARS + LAGS
    region, diary = lab.region(NATIONAL, 4 * years), Diary("books.reported_1", "knowledge.applied")
    live(region, 4 * years, diary)
    firms = diary.present(4 * years - 1)
    rd = diary.of(firms, "books.reported_1")[:, 3::4]
    steady = np.flatnonzero((rd > 0.0).all(axis=1))
    largest = steady[np.argsort(-rd[steady].sum(axis=1), kind="stable")[: panel.PERFORMERS]]
    filed = 4.0 * diary.yearly(firms[largest], "knowledge.applied")
    logs = np.log(rd[largest])
    regressors = np.stack([logs[:, LAGS - lag : LAGS - lag + panel.YEARS] for lag in range(LAGS + 1)], axis=2)
    return within_poisson(filed[:, LAGS:], regressors)


def in_logs(filed: np.ndarray, rd: np.ndarray) -> float:
    """Elasticity between firms that have patents in a year, least squares with year effects."""
    some = filed.ravel() > 0.0
    effects = np.tile(np.eye(filed.shape[1]), (len(filed), 1))
    return coefficient(np.log(filed.ravel()[some]), np.column_stack([np.log(rd.ravel()), effects])[some], 0).value


def experiment(lab: Lab) -> dict[str, Reading]:
    """All rows, from histories of five and of ten years."""
    found = readings(lab, FROM_THE_FIT)
    by_lag = lagged(lab)
    found["K1.same_year"] = Reading(float(by_lag[0]))
    found["K1.sum_of_lags"] = Reading(float(by_lag.sum()))
    found["K2.logs"] = Reading(in_logs(*panel.performers(history(lab))))
    found["K2.over_within"] = Reading(found["K2"].estimate - found["K1"].estimate)
    everyone, _ = panel.performers(history(lab), ALL)
    found["S7.state"] = Reading(*state_dependence(everyone > 0.0))
    return found
