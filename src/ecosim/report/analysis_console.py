"""The analyses of a sweep for a terminal, in Chinese or English. Nothing here computes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console

from ecosim.outcomes import BY_KEY
from ecosim.report.analysis_tables import factor_text, settings_text, table_of
from ecosim.report.labels import Language, column_text, number_text, percent_text, text, yuan_text

if TYPE_CHECKING:
    from ecosim.experiments.comparing import SweepComparison
    from ecosim.experiments.discovery import Discovery
    from ecosim.experiments.optimisation import Optimum
    from ecosim.experiments.power import Wanted
    from ecosim.experiments.results import SweepResults
    from ecosim.experiments.robustness import Robustness
    from ecosim.experiments.sensitivity import Sensitivity

GOAL = re.compile(r"(\w+)@(\w+) ?(>=|<=) ?(\S+)( .*)?")
MOST_ROWS = 60
"""Rows of a table for a terminal; files hold all."""


def show_head(console: Console, results: SweepResults, language: Language) -> None:
    """Which sweep is looked at, and how far it is."""
    counts = results.counts()
    console.print(text("sweep_runs", language).format(name=results.plan.name, **counts) + "\n", markup=False)


def show_comparison(console: Console, found: SweepComparison, language: Language) -> None:
    """Differences with their certainty, or the levels where there is nothing to compare, and prices."""
    scenarios = found.results.plan.told
    show_head(console, found.results, language)
    if len(found.differences):
        title = text("sweep_effects", language).format(correction=text(found.correction, language), tests=len(found.differences))
        shown = found.differences.assign(setting=settings_text(found.differences, scenarios, language))
        figures = ("baseline", "difference", "lo", "hi", "relative", "p_adjusted", "pairs")
        _print(console, title, shown, ("setting", "outcome", *figures), 2, language)
        if (found.differences["unit"] == "seed").all():
            console.print(text("unit_seed", language))
    else:
        shown = found.levels.assign(setting=settings_text(found.levels, scenarios, language))
        parts = ("mean", "lo", "hi", "share_parameters", "share_chance", "runs")
        _print(console, text("sweep_levels", language), shown, ("setting", "outcome", *parts), 2, language)
    if len(found.prices):
        shown = found.prices.assign(setting=settings_text(found.prices, scenarios, language))
        for name in ("per_lo", "per_hi"):
            shown[name] = [yuan_text(value, language) for value in shown[name]]
        _print(
            console,
            text("sweep_prices", language),
            shown,
            ("setting", "outcome", "cost", "effect", "per_unit", "per_lo", "per_hi", "note"),
            2,
            language,
        )


def show_power(console: Console, table: pd.DataFrame, results: SweepResults, wanted: Wanted, language: Language) -> None:
    """How many runs it takes."""
    show_head(console, results, language)
    if wanted.half_width:
        title = text("power_narrow", language).format(wanted=number_text(wanted.half_width))
    else:
        said = percent_text(wanted.detect) if wanted.relative else number_text(wanted.detect)
        title = text("power_note", language).format(wanted=said)
    shown = table.assign(setting=settings_text(table, results.plan.told, language))
    size = "half_width" if wanted.half_width else "detect"
    _print(
        console,
        title,
        shown,
        ("setting", "outcome", "difference", size, "seeds", "sd", "draws", "runs", "unpaired_runs", "saved"),
        2,
        language,
    )


def show_sensitivity(console: Console, found: Sensitivity, results: SweepResults, language: Language) -> None:
    """What drives each outcome, heaviest first."""
    show_head(console, results, language)
    morris = found.method == "morris"
    key = "mu_star" if morris else "ST"
    shown = found.table.sort_values(["scenario", "outcome", "period", key], ascending=[True, True, True, False], kind="stable")
    columns = ("mu", "mu_star", "mu_star_lo", "mu_star_hi", "sigma") if morris else ("S1", "S1_lo", "S1_hi", "ST", "ST_lo", "ST_hi")
    several = ("scenario",) if found.table["scenario"].nunique() > 1 else ()
    title = text("morris_note" if morris else "sobol_note", language)
    _print(console, title, shown, (*several, "outcome", "factor", *columns, "blocks"), 2 + len(several), language)
    if len(found.dropped):
        points = " ".join(dict.fromkeys(" ".join(found.dropped["failed"]).split()))
        console.print(text("blocks_dropped", language).format(count=len(found.dropped), points=points))


def discovery_text(found: Discovery, language: Language) -> str:
    """The chosen box in a sentence."""
    box = found.tradeoff[found.tradeoff["chosen"]].iloc[0]
    coverage, density = percent_text(box["coverage"]), percent_text(box["density"])
    share = percent_text(found.share)
    return text("discovery_note", language).format(share=share, points=len(found.points), coverage=coverage, density=density)


def goal_text(goal: str, language: Language) -> str:
    """What is of interest, such as instrument_services@2022>=6, with the outcome in words."""
    parts = GOAL.fullmatch(goal)
    if parts is None or parts[1] not in BY_KEY:
        return goal
    of_difference = f" ({column_text('difference', language)})" if parts[5] else ""
    return f"{BY_KEY[parts[1]].label(language)} {parts[2]} {'≥' if parts[3] == '>=' else '≤'} {parts[4]}{of_difference}"


def show_discovery(console: Console, found: Discovery, results: SweepResults, language: Language) -> None:
    """The box in which the outcome of interest is common, and the way there."""
    show_head(console, results, language)
    console.print(discovery_text(found, language), markup=False)
    title = text("discovery", language).format(goal=goal_text(found.goal, language))
    if len(found.limits):
        _print(console, title, found.limits, ("factor", "low", "high", "values", "quasi_p_low", "quasi_p_high", "reproduced"), 1, language)
    else:
        console.print(f"{title}: {text('box_free', language)}", markup=False)
    way = found.tradeoff.copy()
    comma = "、" if language == "zh" else ", "
    way["restricted"] = [comma.join(factor_text(each, language) for each in row.split()) for row in way["restricted"]]
    way["chosen"] = way["chosen"].astype(object)
    _print(console, text("tradeoff", language), way, ("box", "coverage", "density", "mass", "chosen", "restricted"), 0, language)


def show_robustness(console: Console, found: Robustness, results: SweepResults, language: Language) -> None:
    """Packages over futures."""
    show_head(console, results, language)
    shown = found.table.assign(setting=settings_text(found.table, results.plan.told, language))
    for rule, column in (("least_regret", "regret_max"), ("maximin", "worst")):
        shown[rule] = shown[rule].fillna(False).astype(bool).astype(object)
        shown[column] = shown[column].astype(float)
    several = ("satisfied",) if shown["satisfied"].notna().any() else ()
    paid = ("public_cost",) if shown["public_cost"].notna().any() else ()
    columns = (
        "setting",
        "outcome",
        "mean",
        "worst",
        "regret_mean",
        "regret_90",
        "regret_max",
        "best_in",
        *several,
        *paid,
        "least_regret",
        "maximin",
    )
    title = text("robustness_note", language).format(futures=found.futures, left=found.left_out)
    _print(console, title, shown, columns, 2, language)


def show_optimum(console: Console, found: Optimum, language: Language) -> None:
    """The near-optimal set, the controls with the front, and the Goodhart check."""
    from ecosim.experiments.optimisation import CONTROLS, chosen

    asked = found.asked
    near = int(found.table["near"].sum())
    head = text("optimum_note", language).format(
        amount=yuan_text(asked.amount(), language), trials=asked.trials, worlds=asked.draws * asked.seeds, near=near
    )
    console.print(f"{asked.told.label(language)}\n{head}\n", markup=False)
    _print(console, text("near_note", language), found.near, ("envelope", "status_quo", "least", "mean", "most"), 1, language)
    rows = []
    for row in chosen(found.table, asked.objectives).to_dict("records"):
        shares = ", ".join(percent_text(row[path]) for path in asked.envelopes)
        name = text(row["allocation"], language) if row["allocation"] in CONTROLS else f"{row['allocation']}{' *' if row['near'] else ''}"
        for objective in asked.objectives:
            key, _, period = objective.partition("@")
            figures = {part: row[f"{objective}:{part}"] for part in ("difference", "lo", "hi")}
            rows.append(
                {
                    "allocation": f"{name} ({shares})",
                    "outcome": key,
                    "period": period,
                    "mean": row[objective],
                    **figures,
                    "public_cost": row["public_cost"],
                }
            )
    _print(
        console,
        text("optimum", language),
        pd.DataFrame(rows),
        ("allocation", "outcome", "mean", "difference", "lo", "hi", "public_cost"),
        2,
        language,
    )
    if len(found.goodhart):
        columns = ("objective", "best", "best_real", "gain", "real_gain", "best_real_gain", "correlation")
        _print(console, text("goodhart_note", language), found.goodhart, columns, 3, language)
    else:
        console.print(text("no_goodhart", language))


def _print(console: Console, title: str, table: pd.DataFrame, columns: Sequence[str], words: int, language: Language) -> None:
    """A table, cut to what a terminal can take."""
    console.print(table_of(title, table.head(MOST_ROWS), columns, words, language))
    if len(table) > MOST_ROWS:
        console.print(text("rows_cut", language).format(count=len(table) - MOST_ROWS))
