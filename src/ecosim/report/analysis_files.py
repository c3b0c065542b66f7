"""The analyses of a sweep as files: tables as CSV and as sheets of one workbook, a figure, and where it all comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ecosim.experiments.frames import factors_of
from ecosim.experiments.kept import TOTAL
from ecosim.outcomes import BY_KEY
from ecosim.report import analysis_plots, canvas, plots
from ecosim.report.analysis_console import discovery_text, goal_text
from ecosim.report.analysis_tables import factor_text, labelled, settings_text
from ecosim.report.labels import Language, column_text, number_text, text
from ecosim.report.tables import write_csv, write_manifest, write_workbook

if TYPE_CHECKING:
    from ecosim.experiments.comparing import SweepComparison
    from ecosim.experiments.discovery import Discovery
    from ecosim.experiments.optimisation import Optimum
    from ecosim.experiments.results import SweepResults
    from ecosim.experiments.robustness import Robustness
    from ecosim.experiments.sensitivity import Sensitivity
    from ecosim.scenario import Scenario

MOST_DRAWN = 24
"""Settings in a figure that has a row for each."""


def write_tables(
    tables: Mapping[str, pd.DataFrame], scenarios: Sequence[Scenario], manifest: Mapping[str, Any], folder: Path, language: Language
) -> None:
    """Fill a folder with tables and their origin. CSV headings are keys; the workbook's are in the language."""
    named = {name: labelled(table, scenarios, language) for name, table in tables.items() if len(table.columns)}
    for name, table in named.items():
        write_csv(table, folder / f"{name}.csv")
    headed = {name: table.rename(columns={key: _heading(str(key), language) for key in table.columns}) for name, table in named.items()}
    write_workbook(headed, folder / "results.xlsx")
    write_manifest(manifest, folder / "manifest.json")


def _heading(name: str, language: Language) -> str:
    """The heading of a column: a factor in words, an outcome with its period, or a known name."""
    key, _, period = name.partition("@")
    if key in BY_KEY and period:
        return f"{BY_KEY[key].label(language)} {period}"
    return factor_text(name, language) if name.startswith(("policies.", "parameters.")) else column_text(name, language)


def write_comparison(found: SweepComparison, folder: Path, language: Language) -> None:
    """Fill a folder with a comparison of settings."""
    told = found.results.plan.told
    tables = {"differences": found.differences, "levels": found.levels, "prices": found.prices, "acceptability": found.curves}
    write_tables(tables, told, found.results.manifest, folder, language)
    if len(found.differences):
        canvas.save(_effects_figure(found, language), folder / "effects.png")
    if len(found.curves):
        curves = _drawable(found.curves, told, language)
        canvas.save(analysis_plots.acceptability(curves, language), folder / "acceptability.png")


def _effects_figure(found: SweepComparison, language: Language) -> Any:
    """Responses to a factor of numbers where the sweep has one with three values, else effects by setting."""
    told = found.results.plan.told
    table = _drawable(found.differences, told, language)
    factors = [name for name in factors_of(found.differences) if name.startswith(("policies.", "parameters."))]
    numeric = [name for name in factors if pd.api.types.is_numeric_dtype(table[name]) and table[name].nunique() > 2]
    if numeric:
        x = max(numeric, key=lambda name: table[name].nunique())
        lines = settings_text(table.drop(columns=x), told, language)
        return analysis_plots.responses(table.assign(line=lines), x, factor_text(x, language), language)
    drawn = table.drop(columns=["scenario", "scenario_label"], errors="ignore")
    drawn = drawn.assign(scenario=table["setting"], scenario_label=table["setting"], relative_lo=0.0, relative_hi=0.0)
    base = drawn["baseline"].abs().where(drawn["baseline"] != 0.0)
    drawn["relative_lo"], drawn["relative_hi"] = drawn["lo"] / base, drawn["hi"] / base
    few = drawn[drawn["setting"].isin(list(dict.fromkeys(drawn["setting"]))[:MOST_DRAWN])]
    shown = list(dict.fromkeys(few["outcome"]))[: analysis_plots.MOST_PANELS]
    return plots.effects_forest(few[few["outcome"].isin(shown)], language)


def _drawable(table: pd.DataFrame, scenarios: Sequence[Scenario], language: Language) -> pd.DataFrame:
    """The table with words for settings and outcomes; an outcome in another period is another outcome."""
    found = labelled(table, scenarios, language)
    found["setting"] = _drawn_settings(table, scenarios, language)
    found["unit"] = [BY_KEY[key].unit if key in BY_KEY else "" for key in table["outcome"]]
    periods = [text("total", language) if period == TOTAL else period for period in table["period"]]
    found["outcome_label"] = [f"{label} {period}".strip() for label, period in zip(found["outcome_label"], periods, strict=True)]
    found["outcome"] = [key if key == "all" else f"{key}@{period}" for key, period in zip(table["outcome"], table["period"], strict=True)]
    return found


def _drawn_settings(table: pd.DataFrame, scenarios: Sequence[Scenario], language: Language) -> list[str]:
    """Each row's setting in words; by the number of its point, which tables explain, where the words do not fit beside a figure."""
    words = settings_text(table, scenarios, language)
    if "point" not in table or max(map(len, words), default=0) <= analysis_plots.LONGEST_LABEL:
        return words
    names = {scenario.name: f"{scenario.label(language)}, " for scenario in scenarios} if len(scenarios) > 1 else {}
    heading = column_text("point", language)
    return [f"{names.get(scenario, '')}{heading} {point}" for scenario, point in zip(table["scenario"], table["point"], strict=True)]


def write_power(table: pd.DataFrame, results: SweepResults, folder: Path, language: Language) -> None:
    """Fill a folder with the numbers of runs that a question takes."""
    write_tables({"power": table}, results.plan.told, results.manifest, folder, language)


def write_sensitivity(found: Sensitivity, results: SweepResults, folder: Path, language: Language) -> None:
    """Fill a folder with what drives each outcome; one figure for each scenario."""
    told = results.plan.told
    write_tables({"sensitivity": found.table, "pairs": found.pairs, "dropped": found.dropped}, told, results.manifest, folder, language)
    table = _drawable(found.table, told, language)
    for number, (_, mine) in enumerate(table.groupby("scenario", sort=False)):
        name = "sensitivity.png" if number == 0 else f"sensitivity_{number + 1}.png"
        canvas.save(analysis_plots.drivers(mine, found.method, language), folder / name)


def write_discovery(found: Discovery, results: SweepResults, folder: Path, language: Language) -> None:
    """Fill a folder with the box, the way there and the points."""
    tables = {"box": found.limits, "tradeoff": found.tradeoff, "points": found.points}
    write_tables(tables, results.plan.told, results.manifest, folder, language)
    limits = pd.DataFrame(_limits(found, language), columns=["factor_label", "from", "to", "words"])
    title = f"{text('discovery', language).format(goal=goal_text(found.goal, language))}\n{discovery_text(found, language)}"
    canvas.save(analysis_plots.boxes(found.tradeoff, limits, title, language), folder / "box.png")


def _limits(found: Discovery, language: Language) -> list[tuple[str, float, float, str]]:
    """Each restricted factor with its limits between 0 and 1 of what was tried, and in words."""
    rows = []
    for row in found.limits.to_dict("records"):
        tried = found.points[row["factor"]]
        label = factor_text(row["factor"], language)
        if row["values"]:
            rows.append((label, 0.0, len(row["values"].split()) / tried.nunique(), row["values"]))
            continue
        low, high = float(tried.min()), float(tried.max())
        ends = [low if row["low"] != row["low"] else row["low"], high if row["high"] != row["high"] else row["high"]]
        words = f"{number_text(ends[0])} – {number_text(ends[1])}"
        rows.append((label, (ends[0] - low) / (high - low), (ends[1] - low) / (high - low), words))
    return rows


def write_robustness(found: Robustness, results: SweepResults, folder: Path, language: Language) -> None:
    """Fill a folder with how packages hold up."""
    told = results.plan.told
    write_tables({"robustness": found.table}, told, results.manifest, folder, language)
    table = _drawable(found.table, told, language)
    few = table[table["setting"].isin(list(dict.fromkeys(table["setting"]))[:MOST_DRAWN])]
    canvas.save(analysis_plots.regrets(few, language), folder / "robustness.png")


def write_optimum(found: Optimum, folder: Path, language: Language) -> None:
    """Fill a folder with the allocations tried, the near-optimal set and the Goodhart check."""
    failures = pd.DataFrame(found.lost, columns=["scenario", "draw", "seed", "path", "message"])
    tables = {"allocations": found.table, "near_optimal": found.near, "goodhart": found.goodhart, "failures": failures}
    write_tables(tables, [found.asked.told], found.manifest, folder, language)
    first, *others = found.asked.objectives
    axes = [_axis(first, language), _axis(others[0], language) if others else ("public_cost", column_text("public_cost", language), "yuan")]
    near = labelled(found.near, [], language)
    canvas.save(analysis_plots.optimum(found.table, near, axes, language), folder / "optimum.png")


def _axis(objective: str, language: Language) -> tuple[str, str, str]:
    """Column, label and unit of an objective."""
    from ecosim.outlook.indicators import ALIASES

    key, _, period = objective.partition("@")
    outcome = BY_KEY[ALIASES.get(key, key)]
    return objective, f"{outcome.label(language)} {text('total', language) if period == TOTAL else period}", outcome.unit
