"""The analyses of a sweep as tables for a terminal and for files. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table

from ecosim import policies
from ecosim.effect import INCLUDES_ZERO, NO_COST, OPPOSITE
from ecosim.experiments.frames import factors_of, shown
from ecosim.experiments.kept import TOTAL
from ecosim.outcomes import BY_KEY
from ecosim.parameters import catalogue
from ecosim.report.console import new_table, row_label
from ecosim.report.labels import Language, column_text, number_text, percent_text, scale_of, signed_text, text, yuan_text
from ecosim.wording import told

if TYPE_CHECKING:
    from ecosim.scenario import Scenario

IN_UNIT = (
    "baseline", "mean", "lo", "hi", "difference", "effect", "detect", "half_width", "sd", "worst", "worst_tenth", "regret_mean",
    "regret_90", "regret_max", "mu", "mu_star", "mu_star_lo", "mu_star_hi", "sigma", "gain", "real_gain", "best_real_gain",
)  # fmt: skip
"""Columns whose numbers are in the unit of the row's outcome."""

SIGNED = ("difference", "effect", "gain", "real_gain", "best_real_gain", "mu")
SHARES = (
    "relative", "share_parameters", "share_chance", "coverage", "density", "mass", "reproduced", "best_in", "satisfied", "satisfied_lo",
    "satisfied_hi", "status_quo", "least", "most",
)  # fmt: skip
COUNTS = ("point", "pairs", "seeds", "draws", "runs", "unpaired_runs", "blocks", "box")
NOTHING = 1e-9
"""Share of the largest number of an outcome below which another is written ~0."""
MONEY = ("cost", "public_cost", "per_unit")
HEADED = {"outcome": "outcome_label", "low": "box_low", "high": "box_high"}
"""Columns that stand under another heading than their key."""

NOTES = (INCLUDES_ZERO, NO_COST, OPPOSITE)


def factor_text(path: str, language: Language) -> str:
    """A factor in words: in Chinese what it means, in English the end of its path."""
    section, _, rest = path.partition(".")
    name, _, key = rest.partition(".")
    if section == "policies" and name in policies.names() and language == "zh":
        model = policies.model(name)
        described = model.model_fields[key].description if key in model.model_fields else None
        return f"{model.label_zh}：{told(described, language).partition('；')[0]}" if described else model.label_zh
    if section == "parameters" and language == "zh" and rest in catalogue():
        return catalogue()[rest].meaning.zh
    return rest or path


def labelled(table: pd.DataFrame, scenarios: Sequence[Scenario], language: Language) -> pd.DataFrame:
    """The table with names of scenarios, outcomes and factors in the language beside their keys."""
    names = {scenario.name: scenario.label(language) for scenario in scenarios}
    found = table.copy()
    for name, words in (
        ("scenario", lambda key: names.get(key, key)),
        ("outcome", lambda key: BY_KEY[key].label(language) if key in BY_KEY else text("all_goals", language) if key == "all" else key),
        ("factor", lambda key: factor_text(key, language)),
        ("envelope", lambda key: factor_text(key, language)),
    ):
        if name in found:
            found.insert(int(found.columns.get_loc(name)) + 1, f"{name}_label", found[name].map(words))
    return found


def settings_text(table: pd.DataFrame, scenarios: Sequence[Scenario], language: Language) -> list[str]:
    """Each row's setting in words: the scenario where there are several, and the factors that the table has as columns, by the ends
    of their paths where these differ.
    """
    names = {scenario.name: scenario.label(language) for scenario in scenarios}
    factors = [name for name in factors_of(table) if name.startswith(("policies.", "parameters."))]
    ends = [name.rpartition(".")[2] for name in factors]
    found = []
    for row in table.to_dict("records"):
        parts = [
            f"{end if ends.count(end) == 1 else name.partition('.')[2]} {shown(row[name])}"
            for name, end in zip(factors, ends, strict=True)
            if row[name] == row[name]
        ]
        scenario = [str(names.get(row["scenario"], row["scenario"]))] if len(names) > 1 or not parts else []
        found.append(", ".join([*scenario, *parts]))
    return found


def table_of(title: str, table: pd.DataFrame, columns: Sequence[str], words: int, language: Language) -> Table:
    """Some columns of an analysis for a terminal; the first `words` hold words. Numbers of an outcome are in one unit that suits its
    rows.
    """
    found = new_table(title, [column_text(HEADED.get(name, name), language) for name in columns], words)
    rows = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    largest: dict[tuple[str, str], float] = {}
    for row in rows:
        outcome = _outcome_of(row)
        largest[outcome] = max(largest.setdefault(outcome, 0.0), _largest(row))
    for row in rows:
        found.add_row(*(_cell(name, row, largest[_outcome_of(row)], language) for name in columns))
    return found


def _cell(name: str, row: Mapping[str, Any], largest: float, language: Language) -> str:
    """One cell. largest: number of the row's outcome in the table, which decides its unit."""
    value = row[name]
    key, period = _outcome_of(row)
    if name in ("outcome", "objective"):
        return _outcome_cell(key, period, largest, language)
    if isinstance(value, bool):
        return text("yes", language) if value else ""
    if name in ("factor", "envelope"):
        return factor_text(str(value), language)
    if name == "note":
        return text(value, language) if value in NOTES else str(value)
    if not isinstance(value, int | float):
        return str(value)
    if name in COUNTS and value == value:
        return f"{int(value):,}"
    if name in IN_UNIT and 0.0 < abs(value) < NOTHING * largest:
        return "~0"
    if name in IN_UNIT and key in BY_KEY:
        value = value / scale_of(BY_KEY[key].unit, largest, language)[0]
    if name == "difference" and "p_adjusted" in row:
        return f"{signed_text(value)}{'*' if row['p_adjusted'] < 0.05 else ' '}"
    if name in SHARES or (name in ("mean",) and "envelope" in row):
        return percent_text(value)
    if name in MONEY:
        return yuan_text(value, language)
    return signed_text(value) if name in SIGNED else number_text(value)


def _largest(row: Mapping[str, Any]) -> float:
    """The largest number of a row that is in the unit of its outcome."""
    return max((abs(row[name]) for name in IN_UNIT if name in row and row[name] == row[name]), default=0.0)


def _outcome_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """Key and period of the outcome that a row is about; "" if it is about none."""
    if "outcome" in row:
        return str(row["outcome"]), str(row["period"]) if "period" in row else ""
    key, _, period = str(row["objective"]).partition("@") if "objective" in row else ("", "", "")
    return key, period


def _outcome_cell(key: str, period: str, largest: float, language: Language) -> str:
    """Name of an outcome with its period, and the unit unless it is a count."""
    period = text("total", language) if period == TOTAL else period
    if key not in BY_KEY:
        return text("all_goals", language) if key == "all" else f"{key} {period}"
    return f"{row_label(key, scale_of(BY_KEY[key].unit, largest, language)[1], language)} {period}".strip()
