"""The figures of a report: each takes a finished table and returns a matplotlib Figure.

Figures show; they do not compute.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosim.report import canvas
from ecosim.report.fit_plot import fit
from ecosim.report.labels import (
    Language,
    payer_text,
    percent_text,
    text,
    unit_text,
    with_unit,
    yuan_scale,
    yuan_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["costs", "effects_forest", "fit", "paths"]

LABEL_COLUMNS = ("scenario", "scenario_label", "outcome", "outcome_label")
SHARES = ("relative", "relative_lo", "relative_hi")
EFFECT_COLUMNS = (*LABEL_COLUMNS, "difference", "lo", "hi", *SHARES)
PATH_COLUMNS = (*LABEL_COLUMNS, "unit", "period", "mean", "lo", "hi")
COST_COLUMNS = ("scenario_label", "payer", "outlay", "tax_forgone")
PANELS_ABREAST = 3
LEAST_SHARE = 1e-9  # of the baseline; an axis for less than this would magnify nothing
WIDE = 20.0  # times as far from zero as the nearest effect: on a linear axis that one would be a point
BAND = 0.12  # opacity
ROOM_BELOW_ZERO = 0.04  # part of an axis whose values are never negative, for the marks at zero
NARROWEST = 6.0  # inches; leaves room for the legend under a single panel


def grid(panels: int, width: float, height: float, **shared: Any) -> tuple["Figure", list["Axes"]]:
    """A figure of small panels, inches each, at most three abreast; unused places are left out."""
    abreast = min(PANELS_ABREAST, panels)
    rows = -(-panels // abreast)
    figure = canvas.new_figure(max(abreast * width + 1.2, NARROWEST), rows * height + 0.9)
    places = figure.subplots(rows, abreast, squeeze=False, **shared).ravel().tolist()
    for unused in places[panels:]:
        unused.remove()
    for axes in places[:panels]:
        canvas.plain_axes(axes)
    return figure, places[:panels]


def _labels(table: pd.DataFrame, key: str) -> dict[str, str]:
    """The label of each key in the order of the table."""
    return dict(zip(table[key], table[f"{key}_label"], strict=True))


def effects_forest(effects: pd.DataFrame, language: Language = "zh") -> "Figure":
    """Changes from the baseline by outcome (panels) and package (rows), in percent with 95% intervals.

    Columns: outcome, outcome_label, scenario, scenario_label, difference, lo, hi, relative, relative_lo,
    relative_hi; the last three are shares of the baseline. A hollow mark has an interval that includes zero. The axis of a panel whose
    effects differ greatly is logarithmic on either side of zero.
    """
    canvas.require(effects, EFFECT_COLUMNS)
    outcomes, scenarios = _labels(effects, "outcome"), _labels(effects, "scenario")
    marks = canvas.colours(list(scenarios))
    with canvas.drawing():
        figure, panels = grid(len(outcomes), 2.7, 0.75 + 0.36 * len(scenarios), sharey=True)
        for axes, (outcome, label) in zip(panels, outcomes.items(), strict=True):
            rows = effects[effects["outcome"] == outcome].set_index("scenario")
            reach = rows[list(SHARES)].abs().max(axis=1)
            for at, scenario in enumerate(scenarios):
                if scenario in rows.index:
                    _draw_effect(axes, at, rows.loc[scenario], marks[scenario], language)
            axes.axvline(0, color=canvas.BASELINE, linewidth=0.8, zorder=1)
            axes.set_title(label)
            axes.set_yticks(range(len(scenarios)), list(scenarios.values()))
            axes.set_ylim(len(scenarios) - 0.4, -0.7)
            axes.margins(x=0.12)
            _scale_effects(axes, 100 * reach[reach > LEAST_SHARE])
            axes.grid(axis="x")
            axes.tick_params(axis="y", length=0)
            axes.spines["left"].set_visible(False)
        figure.suptitle(text("effects", language), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(
            "\n".join(
                (
                    text("change", language),
                    f"{text('excludes_zero', language)}　{text('includes_zero', language)}",
                    text("logarithmic", language),
                )
            ),
            x=0.01,
            ha="left",
            fontsize=9,
            linespacing=1.5,
        )
    return figure


def _scale_effects(axes: "Axes", reach: pd.Series) -> None:
    """The axis of a panel, by how far from zero its effects reach, percent: logarithmic where the widest would hide the narrowest."""
    if reach.empty:
        axes.set_xlim(-1, 1)
    if reach.empty or reach.max() < WIDE * reach.min():
        axes.locator_params(axis="x", nbins=5)
        return
    near, far = (int(np.floor(np.log10(end))) for end in (reach.min(), reach.max()))
    axes.set_xscale("symlog", linthresh=10.0**near, linscale=0.5)
    beyond = [10.0**power for power in sorted({(near + far + 1) // 2, far})]
    axes.set_xticks([-tick for tick in beyond] + [0.0] + beyond)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()


def _draw_effect(axes: "Axes", at: int, row: Any, mark: tuple[str, str], language: Language) -> None:
    """One effect: interval, mark, and above it its value."""
    colour, marker = mark
    middle, low, high = (100 * row[name] for name in SHARES)
    if not np.isfinite(middle):
        axes.annotate(
            text("no_value", language),
            (0, at),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=canvas.FAINT,
        )
        return
    axes.plot([low, high], [at, at], color=colour, linewidth=1.8, solid_capstyle="butt")
    axes.plot(
        middle,
        at,
        marker,
        color=colour,
        markersize=6,
        markeredgewidth=1.4,
        markerfacecolor=colour if low > 0 or high < 0 else "white",
    )
    axes.annotate(
        percent_text(row["relative"], signed=True),
        (middle, at),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7.5,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
    )


def paths(paths: pd.DataFrame, language: Language = "zh", baseline: str = "baseline") -> "Figure":
    """Yearly paths of each outcome (panels) by scenario (lines), with the 95% interval of the baseline as a band.

    Columns: scenario, scenario_label, outcome, outcome_label, unit, period (a year), mean, lo, hi. How sure a
    difference between two paths is, no band could show: the worlds are pairs.
    """
    canvas.require(paths, PATH_COLUMNS)
    outcomes, scenarios = _labels(paths, "outcome"), _labels(paths, "scenario")
    marks = canvas.colours(list(scenarios), baseline)
    with canvas.drawing():
        figure, panels = grid(len(outcomes), 3.1, 2.4)
        for axes, (outcome, label) in zip(panels, outcomes.items(), strict=True):
            rows = paths[paths["outcome"] == outcome]
            divisor, unit = _unit_of(rows, language)
            for scenario, name in scenarios.items():
                _draw_path(axes, rows[rows["scenario"] == scenario], divisor, marks[scenario], name)
            axes.set_title(with_unit(label, unit, language))
            if (rows["mean"] >= 0).all() and (rows["lo"] < 0).any():
                axes.set_ylim(bottom=-ROOM_BELOW_ZERO * axes.get_ylim()[1])
            axes.locator_params(axis="x", integer=True, nbins=6)
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
            axes.grid(axis="y")
        marked, names = panels[0].get_legend_handles_labels()
        columns = 2 * min(PANELS_ABREAST, len(panels))
        legend = figure.legend(marked, names, loc="outside lower left", ncols=columns, alignment="left")
        legend.set_title(text("band", language))
        figure.suptitle(text("paths", language), x=0.01, ha="left", fontsize=12)
    return figure


def _unit_of(rows: pd.DataFrame, language: Language) -> tuple[float, str]:
    """What to divide the values of one outcome by, and the name of the unit that they are then in."""
    unit = rows["unit"].iloc[0]
    money, _, per = unit.partition(" per ")
    if money != "yuan":
        return 1.0, unit_text(unit, language)
    divisor, name = yuan_scale(rows["hi"].abs().max(), language)
    return divisor, unit_text(unit, language).replace("元" if language == "zh" else "yuan", name, 1)


def _draw_path(axes: "Axes", rows: pd.DataFrame, divisor: float, mark: tuple[str, str], name: str) -> None:
    """One scenario's path; the baseline's is dashed and lies on top, so that a path that coincides with it shows through."""
    colour, marker = mark
    years, middle = rows["period"].astype(int), rows["mean"] / divisor
    if colour != canvas.BASELINE:
        axes.plot(years, middle, color=colour, linewidth=2.2, label=name, marker=marker, markersize=4.5)
        return
    axes.fill_between(years, rows["lo"] / divisor, rows["hi"] / divisor, color=colour, alpha=BAND, linewidth=0)
    axes.plot(years, middle, "--", color=colour, linewidth=1.2, label=name, zorder=3)


def costs(costs: pd.DataFrame, language: Language = "zh") -> "Figure":
    """Public cost of each scenario, stacked by who bears it: outlay full, tax forgone hatched.

    Columns: scenario_label, payer, outlay, tax_forgone (yuan, not negative).
    """
    canvas.require(costs, COST_COLUMNS)
    scenarios, payers = list(costs["scenario_label"].unique()), list(costs["payer"].unique())
    sums = costs.groupby(["scenario_label", "payer"])[["outlay", "tax_forgone"]].sum()
    totals = sums.sum(axis=1).groupby(level=0).sum()
    divisor, unit = yuan_scale(totals.max(), language)
    with canvas.drawing():
        figure = canvas.new_figure(7.5, 1.5 + 0.42 * len(scenarios))
        axes = figure.subplots()
        canvas.plain_axes(axes)
        ends = _stack(axes, sums.unstack("payer", fill_value=0.0).loc[scenarios] / divisor, payers, language)
        for at, (end, name) in enumerate(zip(ends, scenarios, strict=True)):
            words = yuan_text(totals[name], language)
            axes.annotate(words, (end, at), (4, 0), textcoords="offset points", va="center", fontsize=8.5)
        axes.set_yticks(range(len(scenarios)), scenarios)
        axes.set_ylim(len(scenarios) - 0.5, -0.5)
        axes.margins(x=0.2)
        axes.set_xlim(left=0)
        axes.set_xlabel(unit)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        if axes.containers:
            figure.legend(loc="outside lower left", ncols=3)
        figure.suptitle(text("costs", language), x=0.01, ha="left", fontsize=12)
    return figure


def _stack(axes: "Axes", wide: pd.DataFrame, payers: list[str], language: Language) -> np.ndarray:
    """Draw the bars, one row per scenario, and return where each ends; a kind nobody bears is left out."""
    marks = canvas.colours(payers)
    ends = np.zeros(len(wide))
    for kind, hatch in (("outlay", ""), ("tax_forgone", "////")):
        for payer in payers:
            lengths, colour = wide[kind, payer].to_numpy(), marks[payer][0]
            if lengths.any():
                label = _cost_name(payer, kind, language)
                for bar in axes.barh(range(len(wide)), lengths, left=ends, height=0.62, label=label):
                    bar.set(facecolor="white" if hatch else colour, edgecolor=colour, hatch=hatch)
            ends = ends + lengths
    return ends


def _cost_name(payer: str, kind: str, language: Language) -> str:
    """The legend's words for one kind of cost."""
    gap = "" if language == "zh" else " "
    words = f"{payer_text(payer, language)}{gap}{text(kind, language)}"
    return words[0].upper() + words[1:]
