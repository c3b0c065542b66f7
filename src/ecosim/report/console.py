"""Results as tables for a terminal, in Chinese or English. Nothing here computes; importing it loads rich."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from math import isnan, nan
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ecosim import policies
from ecosim.effect import ALL, Effect
from ecosim.outcomes import BY_KEY, HEADLINES, KEYS, yearly, years_in
from ecosim.paired import excludes_zero
from ecosim.quantity import quarter_label, year_of
from ecosim.report.labels import (
    Language,
    calibration_text,
    column_text,
    number_text,
    payer_text,
    percent_text,
    scale_of,
    signed_text,
    text,
    with_unit,
    yuan_scale,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ecosim.simulation import Outcomes

NARROWEST = 160
FIXED_WIDTH, PACKAGE_WIDTH = 62, 24
"""Characters taken by the first columns of the table of effects, and by each package."""

MOST = 0.5
"""Share of an added envelope that has to be drawn, or the reader is warned."""

NOTHING = 1e-7
"""Share of the baseline, or of the largest cost, below which a difference is written ~0."""


def results_console() -> Console:
    """A console for results: wide enough for four packages where the output is no terminal."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal and console.width < NARROWEST:
        console = Console(highlight=False, soft_wrap=False, width=NARROWEST)
    return console


def new_table(title: str, headings: Sequence[str], words: int = 1, lines: bool = False) -> Table:
    """A table whose first `words` columns hold words and whose others hold numbers; `lines` between rows."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", show_lines=lines)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < words else "right", overflow="fold")
    return table


def summary(effect: Effect, language: Language) -> str:
    """The tables of a comparison as plain text."""
    console = Console(file=io.StringIO(), record=True, highlight=False, width=NARROWEST, color_system=None)
    show_effect(console, effect, language)
    return "\n".join(line.rstrip() for line in console.export_text().splitlines()) + "\n"


def show_effect(console: Console, effect: Effect, language: Language) -> None:
    """The tables of a comparison, from the effects to the targets, and what failed."""
    names = " / ".join(scenario.label(language) for scenario in effect.scenarios)
    draws, seeds = effect.values.shape[1:3]
    size = text("runs", language).format(scenarios=len(effect.scenarios), draws=draws, seeds=seeds, seconds=effect.manifest["seconds"])
    console.print(f"{names}\n{size}\n[bold]{calibration_text(effect.manifest['calibration'], language)}[/bold]\n")
    each = max(1, (console.width - FIXED_WIDTH) // PACKAGE_WIDTH)
    for first in range(1, len(effect.scenarios), each):
        console.print(effects_table(effect, effect.scenarios[first : first + each], language))
    if draws == 1:
        console.print(text("no_interval", language))
    console.print(costs_table(effect, language))
    for line in envelope_lines(effect, language):
        console.print(line, markup=False)
    console.print(priced_table(effect, language))
    if len(effect.targets):
        console.print(targets_table(effect, language))
    if effect.failures:
        console.print(text("failed", language).format(count=len(effect.failures)))
        for failure in effect.failures[:10]:
            console.print(f"  {text('failed_run', language).format(**failure._asdict())}", markup=False)


def effects_table(effect: Effect, packages: Sequence[object], language: Language) -> Table:
    """Baseline and differences of the main outcomes for some packages; each row in a unit that suits it."""
    shown = effect.headlines().set_index(["outcome", "scenario"])
    chosen = [scenario for scenario in effect.scenarios[1:] if scenario in packages]
    headings = [
        column_text("outcome_label", language),
        column_text("period", language),
        effect.baseline.label(language),
    ]
    table = new_table(text("effects_note", language), headings + [each.label(language) for each in chosen], 2)
    table.columns[0].no_wrap = True
    for key in HEADLINES:
        rows = [shown.loc[key, scenario.name] for scenario in chosen if (key, scenario.name) in shown.index]
        if len(rows) == len(chosen):
            divisor, unit = scale_of(rows[0]["unit"], rows[0]["baseline"], language)
            cells = [difference_text(row, divisor) for row in rows]
            table.add_row(
                row_label(key, unit, language),
                rows[0]["period"],
                number_text(rows[0]["baseline"] / divisor),
                *cells,
            )
    return table


def row_label(key: str, unit: str, language: Language) -> str:
    """Name of an outcome, with the unit unless it is a count."""
    label = BY_KEY[key].label(language)
    if BY_KEY[key].unit not in ("yuan", "share", "ln"):
        return label
    return with_unit(label, unit, language) if language == "zh" else f"{label}, {unit}"


def difference_text(row: pd.Series, divisor: float) -> str:
    """A difference with its share of the baseline and its star, over its interval."""
    least = NOTHING * abs(row["baseline"])
    middle, lo, hi = ("~0" if 0.0 < abs(row[name]) < least else signed_text(row[name] / divisor) for name in ("difference", "lo", "hi"))
    star = "*" if excludes_zero(row["lo"], row["hi"]) else " "
    share = f" ({percent_text(row['relative'], signed=True)})" if abs(row["relative"]) >= NOTHING else ""
    return f"{middle}{share}{star}\n{lo} .. {hi}"


def costs_table(effect: Effect, language: Language) -> Table:
    """Public cost: the baseline's level and what each package adds, by payer, then outlay, tax forgone and
    both with the interval.
    """
    costs = effect.costs.set_index(["scenario", "payer", "kind"])
    payers = [payer for payer in effect.costs["payer"].unique() if payer != ALL]
    largest = float(costs["level"].max())
    divisor, unit = yuan_scale(largest, language)
    headings = [column_text("scenario_label", language), *(payer_text(payer, language) for payer in payers)]
    headings += [text(kind, language) for kind in ("outlay", "tax_forgone", "total")]
    table = new_table(text("costs_note", language).format(unit=unit), headings)
    for place, scenario in enumerate(effect.scenarios):
        of_all = [costs.loc[scenario.name, payer, "total"] for payer in payers]
        of_all += [costs.loc[scenario.name, ALL, kind] for kind in ("outlay", "tax_forgone", "total")]
        if place == 0:
            cells = [number_text(row["level"] / divisor) for row in of_all]
        else:
            cells = [
                "~0" if 0.0 < abs(row["additional"]) < NOTHING * largest else signed_text(row["additional"] / divisor) for row in of_all
            ]
            lo, hi = (signed_text(of_all[-1][end] / divisor) for end in ("lo", "hi"))
            cells[-1] += f"\n{lo} .. {hi}"
        table.add_row(scenario.label(language), *cells)
    return table


def envelope_lines(effect: Effect, language: Language) -> Iterator[str]:
    """For each envelope to which a package adds money, how much of that is drawn, and a warning where most is not."""
    names = {scenario.name: scenario.label(language) for scenario in effect.scenarios}
    for row in effect.added_envelopes:
        divisor, unit = yuan_scale(row.added, language)
        model = policies.model(row.policy)
        yield text("unspent" if row.drawn < MOST * row.added else "drawn", language).format(
            scenario=names[row.scenario], policy=model.label_zh if language == "zh" else model.label_en,
            drawn=number_text(row.drawn / divisor), added=number_text(row.added / divisor), unit=unit,
        )  # fmt: skip


def priced_table(effect: Effect, language: Language) -> Table:
    """Public cost of one more patent, contract, certified firm and yuan of real R&D."""
    rows = effect.per_additional
    keys = list(rows["outcome"].unique())
    scales = {key: yuan_scale(rows.loc[rows["outcome"] == key, "per_unit"].max(), language) for key in keys}
    headings = [column_text("scenario_label", language), *(BY_KEY[key].label(language) for key in keys)]
    table = new_table(text("priced_note", language), headings)
    for scenario in effect.scenarios[1:]:
        mine = rows[rows["scenario"] == scenario.name].set_index("outcome")
        table.add_row(scenario.label(language), *(_price(mine.loc[key], scales[key], language) for key in keys))
    return table


def _price(row: pd.Series, scale: tuple[float, str], language: Language) -> str:
    """Cost of one more with its interval, in the unit of its column; or why there is none."""
    if row["note"]:
        return text(row["note"], language)
    divisor, unit = scale
    middle, lo, hi = (number_text(row[name] / divisor) for name in ("per_unit", "per_lo", "per_hi"))
    gap = "" if language == "zh" else " "
    return f"{middle}{gap}{unit}\n{lo} .. {hi}"


def targets_table(effect: Effect, language: Language) -> Table:
    """Plan targets: goal, mean, range of 95% of runs, and the share of runs that reach it."""
    names = {scenario.name: scenario.label(language) for scenario in effect.scenarios}
    headings = [column_text(name, language) for name in ("outcome_label", "year", "scenario_label")]
    headings += [column_text(name, language) for name in ("goal", "mean", "range", "reached")]
    table = new_table(text("targets_note", language), headings, 3)
    for row in effect.targets.to_dict("records"):
        outcome = BY_KEY[row["outcome"]]
        divisor, unit = scale_of(outcome.unit, row["value"], language)
        gap = "" if unit == "%" or language == "zh" else " "
        goal, mean, lo, hi = (f"{number_text(row[name] / divisor)}{gap}{unit}" for name in ("value", "mean", "range_lo", "range_hi"))
        table.add_row(
            outcome.label(language), str(row["year"]), names[row["scenario"]], goal, mean, f"{lo} .. {hi}",
            percent_text(row["reached"]),
        )  # fmt: skip
    return table


def show_run(console: Console, found: Outcomes, language: Language) -> None:
    """The main outcomes of one world, year by year, and the quarters that belong to no whole year."""
    quarters = found.scenario.quarters
    years = years_in(quarters)
    console.print(f"{found.scenario.label(language)}\n[bold]{calibration_text(found.manifest['calibration'], language)}[/bold]\n")
    over = [place for place, quarter in enumerate(quarters) if year_of(quarter) not in years]
    for note, periods, values in (
        ("year_note", list(map(str, years)), yearly(found.trace.values, quarters)),
        ("quarter_note", [quarter_label(quarters[place]) for place in over], found.trace.values[over]),
    ):
        if periods:
            table = new_table(text(note, language), [*(column_text(name, language) for name in ("outcome_label", "unit")), *periods], 2)
            for row in headline_rows(values, language):
                table.add_row(*row)
            console.print(table)


def headline_rows(values: np.ndarray, language: Language) -> Iterator[list[str]]:
    """Label, unit and one number a period for each main outcome. values: periods x outcomes."""
    for key in HEADLINES:
        found = values[:, KEYS.index(key)].tolist()
        largest = max((abs(value) for value in found if not isnan(value)), default=nan)
        divisor, unit = scale_of(BY_KEY[key].unit, largest, language)
        yield [BY_KEY[key].label(language), unit, *(figure_text(value / divisor) for value in found)]


def figure_text(value: float) -> str:
    """A number of one world: whole ones with all their digits, others with three significant ones."""
    return number_text(value, len(f"{abs(value):.0f}") if value.is_integer() else 3)
