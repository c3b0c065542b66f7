"""What is forecast: the indicators, where the model reads them, and what was published of them until 2020.

A *level* starts from the last published figure: each world's path is scaled so that its last observed year
equals it, since the model's own start is only close to it. An *index* is 100 in that year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ..outcomes import KEYS
from ..regions import RegionPack

BASE_YEAR = 2020
"""The last year with published figures; forecasts begin with the year after it."""

INDEX = 100.0


class Indicator(NamedTuple):
    """One thing that is forecast. outcome: key of the model's outcome, "" if the model cannot speak to it;
    remark: key of the words that say so.
    """

    key: str
    outcome: str
    form: Literal["level", "index"]
    unit: str
    label_en: str
    label_zh: str
    remark: str = ""

    def label(self, language: Literal["zh", "en"]) -> str:
        """The name in one of the two languages."""
        return self.label_zh if language == "zh" else self.label_en


INDICATORS = (
    Indicator("hightech_firms", "certified", "level", "firms", "Certified high-tech firms", "高新技术企业"),
    Indicator("rd_expenditure", "statistical_rd", "level", "yuan", "R&D expenditure", "全社会研发投入"),
    Indicator("rd_gdp", "rd_to_gdp", "level", "share", "R&D / GDP", "研发投入占GDP比重"),
    Indicator("inventions_valid", "inventions_valid", "index", "index", "Inventions in force", "有效发明专利"),
    Indicator("technology_contracts", "contract_value", "index", "index", "Value of technology contracts", "技术合同成交额"),
    Indicator("new_rd_institutes", "", "index", "index", "New-type R&D institutes", "新型研发机构", "not_modelled"),
    Indicator("firm_entry", "entries", "index", "index", "Entry of firms", "新设企业"),
)
"""In the order of every table. The model has no rule by which new-type institutes come or go: their index is a constant, and says so."""

BY_KEY = {indicator.key: indicator for indicator in INDICATORS}

ALIASES = {indicator.key: indicator.outcome for indicator in INDICATORS if indicator.outcome}
"""Names used in plans and statistics -> the model's outcome."""


class Past(NamedTuple):
    """What was published of an indicator: years, values, and the range of each."""

    years: tuple[int, ...]
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def past(pack: RegionPack, key: str) -> Past:
    """The published figures of an indicator, in order of years; empty if there is none."""
    table = pack.table("history")
    rows = sorted(
        (int(year), float(value), float(low), float(high))
        for name, year, value, low, high in zip(*(table[column] for column in ("indicator", "year", "value", "low", "high")), strict=True)
        if name == key
    )
    years, values, low, high = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Past(years, values, low, high)


def published(pack: RegionPack, outcome: str) -> float:
    """The published level of an outcome in the base year; nan if there is none."""
    for indicator in INDICATORS:
        if indicator.outcome == outcome and indicator.form == "level":
            known = past(pack, indicator.key)
            return dict(zip(known.years, known.values, strict=True)).get(BASE_YEAR, float("nan"))
    return float("nan")


def anchors(pack: RegionPack, values: np.ndarray, years: Sequence[int]) -> np.ndarray:
    """What to multiply each world's outcomes by so that levels start from the published figures.

    values: ... x years x outcomes; found: ... x outcomes, 1 where nothing was published.
    """
    base = values[..., list(years).index(BASE_YEAR), :]
    factors = np.ones_like(base)
    for place, key in enumerate(KEYS):
        level = published(pack, key)
        if np.isfinite(level):
            factors[..., place] = level / np.where(base[..., place] > 0.0, base[..., place], np.nan)
    return factors


def series(pack: RegionPack, values: np.ndarray, years: Sequence[int], indicator: Indicator, anchored: bool) -> np.ndarray:
    """One indicator out of ... x years x outcomes: ... x years, in the indicator's unit."""
    if not indicator.outcome:
        return np.full(values.shape[:-1], INDEX)
    found = values[..., KEYS.index(indicator.outcome)]
    base = found[..., [list(years).index(BASE_YEAR)]]
    if indicator.form == "index":
        return INDEX * found / np.where(base > 0.0, base, np.nan)
    return found * anchors(pack, values, years)[..., None, KEYS.index(indicator.outcome)] if anchored else found
