"""Scores of a forecast as tables for a terminal, in Chinese or English."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table

from ecosim.outlook.indicators import BY_KEY
from ecosim.outlook.scoring import OVERALL, Scores
from ecosim.report.console import new_table
from ecosim.report.labels import TEXTS, Language, column_text, number_text, percent_text, scale_of, text


def show_scores(console: Console, found: Scores, language: Language) -> None:
    """The summary by indicator, then every cell."""
    console.print(text("scores", language))
    console.print(text("scores_note", language), markup=False)
    console.print(summary_table(found, language))
    console.print(cells_table(found, language))


def rule_text(name: str, language: Language) -> str:
    """A benchmark in words; one that is not known stays as written."""
    key = "target_rule" if name == "target" else name
    return text(key, language) if key in TEXTS else name


def summary_table(found: Scores, language: Language) -> Table:
    """One row for each indicator and one for all."""
    headings = [column_text(name, language) for name in ("indicator_label", "cells", "crps", "coverage_50", "coverage_90")]
    headings += [column_text("skill", language).format(rule=rule_text(name, language)) for name in found.benchmarks]
    table = new_table("", headings)
    for row in found.summary.to_dict("records"):
        if row["indicator"] == OVERALL:
            label, crps = text("overall", language), percent_text(row["crps"])
        else:
            divisor, unit = scale_of(row["unit"], row["crps"], language)
            label, crps = _named(row["indicator"], unit, language), number_text(row["crps"] / divisor)
        cells = [str(row["cells"]), crps, percent_text(row["coverage_50"]), percent_text(row["coverage_90"])]
        cells += [_skill(row[f"skill_{name}"]) for name in found.benchmarks]
        table.add_row(label, *cells)
    return table


def cells_table(found: Scores, language: Language) -> Table:
    """Every indicator and year: outcome, median, score, place of the outcome in the forecast, and the rules' scores."""
    headings = [
        column_text(name, language) for name in ("indicator_label", "year", "value", "median", "crps", "pit", "inside_50", "inside_90")
    ]
    headings += [f"CRPS {rule_text(name, language)}" for name in found.benchmarks]
    table = new_table(text("cells_note", language), headings)
    before = ""
    for row in found.cells.to_dict("records"):
        divisor, unit = scale_of(row["unit"], row["value"], language)
        name = _named(row["indicator"], unit, language) if row["indicator"] != before else ""
        before = row["indicator"]
        figures = [number_text(row[key] / divisor) for key in ("value", "median", "crps")]
        marks = [{1.0: "+", 0.0: "−"}.get(row[f"inside_{band}"], "") for band in ("50", "90")]
        others = [number_text(row[f"crps_{rule}"] / divisor) for rule in found.benchmarks]
        table.add_row(name, str(row["year"]), *figures, pit_text(row["pit_lo"], row["pit_hi"]), *marks, *others)
    return table


def pit_text(low: float, high: float) -> str:
    """Where an outcome fell: a number, a tail, or a dash for a statement without width."""
    if not math.isfinite(low):
        return "–"
    if low == 0.0 and high > 0.0:
        return f"<{high:.2f}"
    if high == 1.0 and low < 1.0:
        return f">{low:.2f}"
    return f"{(low + high) / 2:.2f}"


def _named(key: str, unit: str, language: Language) -> str:
    label = BY_KEY[key].label(language)
    return f"{label}（{unit}）" if language == "zh" else f"{label}, {unit}"


def _skill(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−") if math.isfinite(value) else "–"
