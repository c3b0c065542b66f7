"""What is kept of a world: outcomes of years, quarters or the whole period, named KEY@2025, KEY@2025Q4, KEY@total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .. import outcomes
from ..outlook.indicators import ALIASES
from ..quantity import quarter_label
from ..spec.text_file import refusal
from ..wording import Words, meant, nearest

TOTAL = "total"
WRITE = Words("Write KEY, KEY@2025, KEY@2025Q4 or KEY@total", "请写 KEY、KEY@2025、KEY@2025Q4 或 KEY@total")
USUAL = (*outcomes.HEADLINES, "public_outlay", "tax_forgone")
"""What is kept of every year where a plan does not say."""
GRAMMAR = re.compile(r"([a-z0-9_]+)(?:@(\w+))?", re.ASCII)


class Column(NamedTuple):
    """One number of a world: an outcome in a period, and where it stands in the table of quarters, years and total."""

    outcome: str
    period: str
    row: int

    @property
    def name(self) -> str:
        """The outcome and period as a plan writes them."""
        return f"{self.outcome}@{self.period}"


def columns(wanted: Sequence[str], quarters: range) -> tuple[Column, ...]:
    """The numbers that outcomes of a plan stand for, each once, in their order. Raises SpecError."""
    found = (column for text in wanted or USUAL for column in columns_of(text, quarters))
    return tuple(dict.fromkeys(found))


def parted(text: str) -> tuple[str, str]:
    """The key of an outcome of a plan, and its period or "". Raises SpecError if it is not written so, or not known."""
    parts = GRAMMAR.fullmatch(text.strip())
    if parts is None:
        raise refusal("outcomes", Words(f"{text!r} is no outcome", f"{text!r} 不是指标"), WRITE)
    key = ALIASES.get(parts[1], parts[1])
    if key not in outcomes.BY_KEY:
        close = nearest(parts[1], (*outcomes.KEYS, *ALIASES))
        message = Words(f"the model has no outcome {parts[1]!r}", f"模型没有指标 {parts[1]!r}")
        raise refusal("outcomes", message, meant(close) if close else WRITE)
    return key, parts[2] or ""


def columns_of(text: str, quarters: range) -> list[Column]:
    """The numbers one outcome of a plan stands for: without a period, every complete year. Raises SpecError."""
    key, period = parted(text)
    years = outcomes.years_in(quarters)
    rows = {quarter_label(quarter): place for place, quarter in enumerate(quarters)}
    rows |= {str(year): len(quarters) + place for place, year in enumerate(years)}
    if outcomes.BY_KEY[key].kind == "flow":
        rows[TOTAL] = len(quarters) + len(years)
    if not period:
        return [Column(key, str(year), rows[str(year)]) for year in years]
    if period not in rows:
        first, last = quarter_label(quarters[0]), quarter_label(quarters[-1])
        span = Words(f"{first} to {last}", f"{first} 至 {last}")
        message = Words(f"{text!r}: {period!r} is no period of {key!r} here", f"{text!r}：{period!r} 不是 {key!r} 的时期")
        remedy = Words(
            f"Name a complete year or a quarter of {span}; totals are of flows alone",
            f"请写 {span.zh} 中的完整年份或季度；total 仅用于流量",
        )
        raise refusal("outcomes", message, remedy)
    return [Column(key, period, rows[period])]


def read(values: np.ndarray, quarters: range, wanted: Sequence[Column]) -> np.ndarray:
    """The numbers kept, one for each column. values: quarters x outcomes."""
    table = np.concatenate([values, outcomes.yearly(values, quarters), outcomes.whole(values)[None, :]])
    found: np.ndarray = table[[column.row for column in wanted], [outcomes.KEYS.index(column.outcome) for column in wanted]]
    return found
