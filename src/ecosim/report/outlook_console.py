"""Forecasts and chances of targets as tables for a terminal, in Chinese or English."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from ecosim.outcomes import BY_KEY
from ecosim.outlook.forecasting import QUANTILES, Forecast
from ecosim.outlook.goals import Goal
from ecosim.outlook.indicators import BASE_YEAR, INDICATORS, Indicator, past
from ecosim.outlook.plan import ALL, Prospects
from ecosim.outlook.worlds import Lost
from ecosim.report.console import new_table
from ecosim.report.labels import (
    Language,
    calibration_text,
    column_text,
    number_text,
    percent_text,
    scale_of,
    signed_text,
    text,
    yuan_scale,
)

if TYPE_CHECKING:
    import pandas as pd

SHARES = ("share_parameters", "share_chance", "share_gdp", "share_interaction")
SHOWN_LOST = 10


def show_forecast(console: Console, found: Forecast, language: Language) -> None:
    """What was asked, the bands, where their width comes from, and what has to be known to read them."""
    draws, seeds, paths = found.values.shape[:3]
    total = draws * seeds * paths
    size = text("forecast_size", language).format(draws=draws, seeds=seeds, paths=paths, worlds=total, seconds=found.manifest["seconds"])
    console.print(text("forecast", language).format(name=found.scenario.label(language)), markup=False)
    console.print(f"{text('forecast_terms', language).format(base=BASE_YEAR)}\n{size}", markup=False)
    console.print(f"[bold]{calibration_text(found.manifest['calibration'], language)}[/bold]\n")
    console.print(forecast_table(found, language))
    for note in forecast_notes(found, language):
        console.print(note, markup=False)
    show_lost(console, found.lost, total, language)


def forecast_table(found: Forecast, language: Language) -> Table:
    """Quantiles and shares of the variance by indicator and year."""
    headings = [column_text("indicator_label", language), text("published", language).format(base=BASE_YEAR)]
    headings += [column_text(name, language) for name in ("year", *QUANTILES, "mean", *SHARES)]
    table = new_table(text("forecast_note", language), headings)
    for indicator in INDICATORS:
        rows = found.table[found.table["indicator"] == indicator.key].to_dict("records")
        divisor, unit = scale_of(indicator.unit, max(row["q95"] for row in rows), language)
        for place, row in enumerate(rows):
            words = [indicator_text(indicator, unit, language), _published(found, indicator, divisor)] if place == 0 else ["", ""]
            bands = [_figure(row[name] / divisor) for name in (*QUANTILES, "mean")]
            shares = [f"{100 * row[name]:.0f}%" if math.isfinite(row[name]) else "–" for name in SHARES]
            table.add_row(*words, str(row["year"]), *bands, *shares, end_section=place == len(rows) - 1)
    return table


def indicator_text(indicator: Indicator, unit: str, language: Language) -> str:
    """Name of an indicator with its unit."""
    told = text("index_base", language).format(base=BASE_YEAR) if indicator.form == "index" else unit
    return f"{indicator.label(language)}（{told}）" if language == "zh" else f"{indicator.label(language)}, {told}"


def forecast_notes(found: Forecast, language: Language) -> list[str]:
    """From where levels start, what the model cannot speak to, and whether the variance could be split."""
    rows = found.table.drop_duplicates("indicator").set_index("indicator")
    levels = [indicator for indicator in INDICATORS if indicator.form == "level"]
    own = []
    for indicator in levels:
        base = float(rows.loc[indicator.key, "model_base"])
        divisor, unit = scale_of(indicator.unit, base, language)
        own.append(f"{indicator.label(language)} {_figure(base / divisor)}{'' if unit == '%' else ' '}{unit}")
    key = "levels_anchored" if found.anchored else "levels_simulated"
    notes = [text(key, language).format(base=BASE_YEAR, own="，".join(own) if language == "zh" else ", ".join(own))]
    notes += [
        f"{each.label(language)}{'：' if language == 'zh' else ': '}{text(each.remark, language)}" for each in INDICATORS if each.remark
    ]
    if found.table["share_parameters"].isna().all():
        notes.append(text("split_missing", language))
    return notes


def show_lost(console: Console, lost: Sequence[Lost], total: int, language: Language) -> None:
    """The worlds that failed, counted and named."""
    if lost:
        console.print(text("lost", language).format(count=len(lost), total=total))
        for world in lost[:SHOWN_LOST]:
            console.print(f"  {text('lost_world', language).format(**world._asdict())}", markup=False)


def show_prospects(console: Console, found: Prospects, language: Language) -> None:
    """The chance of each target under each package, what it costs, and what is met on paper only."""
    scenarios, draws, seeds = found.values.shape[:3]
    size = text("prospects_size", language).format(scenarios=scenarios, draws=draws, seeds=seeds, seconds=found.manifest["seconds"])
    console.print(f"{text('prospects', language)}\n{text('forecast_terms', language).format(base=BASE_YEAR)}\n{size}", markup=False)
    console.print(f"[bold]{calibration_text(found.manifest['calibration'], language)}[/bold]\n")
    console.print(prospects_table(found, language))
    console.print(costs_table(found, language))
    for note in prospects_notes(found, language):
        console.print(note, markup=False)
    show_lost(console, found.lost, scenarios * draws * seeds, language)


def prospects_table(found: Prospects, language: Language) -> Table:
    """One row for each package and target, and one for all targets together."""
    names = ("scenario_label", "target_label", "probability", "real_probability", "median", "margin", "relabelled", "inventions_growth")
    headings = [column_text(name, language) for name in (*names, "utility_growth")]
    table = new_table(text("prospects_note", language), [*headings, "!"], 2)
    labels = {scenario.name: scenario.label(language) for scenario in found.scenarios}
    goals = {goal.key: goal for goal in found.goals}
    before = ""
    for row in found.table.to_dict("records"):
        name = labels[row["scenario"]] if row["scenario"] != before else ""
        before = row["scenario"]
        cells = [chance_text(row, "", language), chance_text(row, "real_", language)]
        if row["target"] == ALL:
            cells += ["", "", "", "", ""]
        else:
            divisor, unit = scale_of(BY_KEY[row["outcome"]].unit, row["goal"], language)
            gap = "" if unit == "%" or language == "zh" else " "
            cells += [f"{_figure(row['median'] / divisor)}{gap}{unit}", f"{signed_text(row['margin'] / divisor)}{gap}{unit}"]
            cells += [percent_text(row["relabelled"])]
            cells += [percent_text(row[key], signed=True) for key in ("inventions_growth", "utility_growth")]
        told = text("all_targets", language) if row["target"] == ALL else goal_text(goals[row["target"]], language)
        table.add_row(name, told, *cells, "!" if row["warnings"] else "", end_section=row["target"] == ALL)
    return table


def goal_text(goal: Goal, language: Language) -> str:
    """A target in words: R&D / GDP 2025 ≥ 3.0%."""
    outcome = BY_KEY[goal.outcome]
    divisor, unit = scale_of(outcome.unit, goal.value, language)
    gap = "" if unit == "%" or language == "zh" else " "
    counted = outcome.unit not in ("share", "yuan") and language == "en"
    value = _figure(goal.value / divisor) if counted else f"{_figure(goal.value / divisor)}{gap}{unit}"
    sign = "≥" if goal.at_least else "≤"
    return (
        f"{goal.year}年{outcome.label(language)} {sign} {value}"
        if language == "zh"
        else f"{outcome.label(language)} {goal.year} {sign} {value}"
    )


def chance_text(row: dict[Any, Any] | pd.Series, before: str, language: Language) -> str:
    """A probability with its interval, in per cent."""
    value, low, high = (row[f"{before}{name}"] for name in ("probability", "lo", "hi"))
    if not math.isfinite(value):
        return "–"
    return f"{_percent(value)} [{_percent(low)}, {_percent(high)}]"


def _percent(chance: float) -> str:
    """A probability in whole per cents, with one digit where it is nearly 0 or 1."""
    return f"{100 * chance:.0f}%" if chance in (0.0, 1.0) or 0.01 <= chance <= 0.99 else f"{100 * chance:.1f}%"


def costs_table(found: Prospects, language: Language) -> Table:
    """Public cost of the whole period by package."""
    divisor, unit = yuan_scale(float(found.costs["total"].max()), language)
    headings = [column_text("scenario_label", language), *(text(key, language) for key in ("outlay", "tax_forgone", "total"))]
    table = new_table(text("costs_period", language).format(unit=unit), [*headings, column_text("additional", language)])
    for scenario, row in zip(found.scenarios, found.costs.to_dict("records"), strict=True):
        figures = [number_text(row[key] / divisor) for key in ("outlay", "tax_forgone", "total")]
        table.add_row(scenario.label(language), *figures, signed_text(row["additional"] / divisor))
    return table


def prospects_notes(found: Prospects, language: Language) -> list[str]:
    """Every warning as a sentence, then what has to be known to read the table."""
    labels = {scenario.name: scenario.label(language) for scenario in found.scenarios}
    goals = {goal.key: goal for goal in found.goals}
    notes = [text("warnings" if len(found.warnings) else "no_warnings", language)]
    for row in found.warnings.to_dict("records"):
        told = text("all_targets", language) if row["target"] == ALL else goal_text(goals[row["target"]], language)
        words = {
            "scenario": labels[row["scenario"]],
            "target": told,
            "paper": chance_text(row, "", language),
            "real": chance_text(row, "real_", language),
            "share": percent_text(row["relabelled"]),
            "rise": signed_text(100 * row["relabelled_rise"], 2),
            "utility": percent_text(row["utility_growth"], signed=True),
            "inventions": percent_text(row["inventions_growth"], signed=True),
            "base": BASE_YEAR,
        }
        notes += [f"  ! {text(key, language).format(**words)}" for key in row["warnings"].split()]
    key = "levels_anchored" if found.anchored else "levels_simulated"
    own = []
    for goal in {goal.outcome: goal for goal in found.goals}.values():
        base = found.outcome(goal.outcome, BASE_YEAR)[0]
        known = base[base == base]
        divisor, unit = scale_of(BY_KEY[goal.outcome].unit, goal.value, language)
        own.append(f"{BY_KEY[goal.outcome].label(language)} {_figure(float(known.mean()) / divisor)}{'' if unit == '%' else ' '}{unit}")
    notes.append(text(key, language).format(base=BASE_YEAR, own="，".join(own) if language == "zh" else ", ".join(own)))
    if any(goal.outcome == "certified" for goal in found.goals):
        notes.append(text("real_certified_note", language))
    return notes


def _published(found: Forecast, indicator: Indicator, divisor: float) -> str:
    known = past(found.pack, indicator.key)
    figures = dict(zip(known.years, known.values, strict=True))
    return _figure(figures[BASE_YEAR] / divisor) if BASE_YEAR in figures else "–"


def _figure(value: float) -> str:
    """A number with three significant digits, or all whole ones."""
    return number_text(value)
