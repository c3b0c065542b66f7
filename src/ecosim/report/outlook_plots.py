"""The figures that look ahead: fan charts beside past figures, and chances of targets with their intervals."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from ecosim.report import canvas
from ecosim.report.labels import Language, scale_of, text
from ecosim.report.plots import grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["chances", "fans"]

FAN_COLUMNS = ("indicator", "indicator_label", "unit", "year", "q05", "q25", "q50", "q75", "q95")
CHANCE_COLUMNS = (
    "scenario",
    "scenario_label",
    "target",
    "target_label",
    "probability",
    "lo",
    "hi",
    "real_probability",
    "real_lo",
    "real_hi",
)
ASIDE = 0.16
"""Distance between the two readings of a target, rows."""


def fans(bands: pd.DataFrame, history: pd.DataFrame, goals: pd.DataFrame, language: Language = "zh", title: str = "") -> "Figure":
    """One panel for each indicator: published figures as dots with their range, then the bands of the forecast.

    bands: indicator, indicator_label (with its base, for an index), unit, year, q05 ... q95; history: indicator, year,
    value, low, high; goals: indicator, year, value. All in base units. title: what the forecast is conditional on.
    """
    canvas.require(bands, FAN_COLUMNS)
    with canvas.drawing():
        labels = dict(zip(bands["indicator"], bands["indicator_label"], strict=True))
        figure, panels = grid(len(labels), 3.1, 2.5)
        for axes, (indicator, label) in zip(panels, labels.items(), strict=True):
            rows = bands[bands["indicator"] == indicator]
            known, aims = (table[table["indicator"] == indicator] for table in (history, goals))
            divisor, unit = scale_of(rows["unit"].iloc[0], float(rows["q95"].max()), language)
            _draw_fan(axes, rows, known, divisor, language)
            axes.plot(
                aims["year"], aims["value"] / divisor, "*", color=canvas.COLOURS[1], markersize=9, label=text("plan_target", language)
            )
            shown = "" if rows["unit"].iloc[0] == "index" else f"（{unit}）" if language == "zh" else f" ({unit})"
            axes.set_title(f"{label}{shown}")
            axes.locator_params(axis="x", integer=True, nbins=6)
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
            axes.grid(axis="y")
        marked = {name: mark for axes in panels for mark, name in zip(*axes.get_legend_handles_labels(), strict=True)}
        figure.legend(list(marked.values()), list(marked), loc="outside lower left", ncols=5, alignment="left")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def _draw_fan(axes: "Axes", rows: pd.DataFrame, known: pd.DataFrame, divisor: float, language: Language) -> None:
    """The bands of one indicator, opening from its last published figure, and the figures before."""
    colour = canvas.COLOURS[0]
    last = known[known["year"] == known["year"].max()]
    years = [*last["year"], *rows["year"]]

    def from_last(name: str) -> list[float]:
        return [float(value) / divisor for value in (*last["value"], *rows[name])]

    axes.fill_between(years, from_last("q05"), from_last("q95"), color=colour, alpha=0.16, linewidth=0, label=text("band_90", language))
    axes.fill_between(years, from_last("q25"), from_last("q75"), color=colour, alpha=0.32, linewidth=0, label=text("band_50", language))
    axes.plot(years, from_last("q50"), color=colour, linewidth=1.5, label=text("median", language))
    reach = [(known["value"] - known["low"]) / divisor, (known["high"] - known["value"]) / divisor]
    dots: dict[str, Any] = {"color": "black", "markerfacecolor": "white", "markersize": 4.5, "zorder": 4, "elinewidth": 1.0}
    if len(known):
        axes.errorbar(known["year"], known["value"] / divisor, yerr=reach, fmt="o", label=text("history", language), **dots)


def chances(table: pd.DataFrame, language: Language = "zh") -> "Figure":
    """One panel for each target: its probability under each package with the 95% interval, as reported and on real R&D alone.

    Columns: scenario, scenario_label, target, target_label, probability, lo, hi, real_probability, real_lo, real_hi (shares of one;
    nan where there is no reading on real R&D).
    """
    canvas.require(table, CHANCE_COLUMNS)
    with canvas.drawing():
        targets = dict(zip(table["target"], table["target_label"], strict=True))
        scenarios = dict(zip(table["scenario"], table["scenario_label"], strict=True))
        figure, panels = grid(len(targets), 3.0, 0.9 + 0.42 * len(scenarios), sharey=True)
        for axes, (target, label) in zip(panels, targets.items(), strict=True):
            rows = table[table["target"] == target].set_index("scenario")
            for at, scenario in enumerate(scenarios):
                row = rows.loc[scenario]
                _draw_chance(axes, at - ASIDE, [row[name] for name in ("probability", "lo", "hi")], canvas.COLOURS[0], filled=True)
                _draw_chance(
                    axes, at + ASIDE, [row[f"real_{name}"] for name in ("probability", "lo", "hi")], canvas.COLOURS[1], filled=False
                )
            axes.set_title(label)
            axes.set_yticks(range(len(scenarios)), list(scenarios.values()))
            axes.set_ylim(len(scenarios) - 0.4, -0.6)
            axes.set_xlim(-0.03, 1.03)
            axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
            axes.grid(axis="x")
            axes.tick_params(axis="y", length=0)
            axes.spines["left"].set_visible(False)
        _legend_of_chances(figure, language)
        figure.suptitle(text("prospects", language), x=0.01, ha="left", fontsize=12)
    return figure


def _draw_chance(axes: "Axes", at: float, reading: list[float], colour: str, filled: bool) -> None:
    """One probability with its interval; nothing where it is not known."""
    value, low, high = reading
    if value == value:
        axes.plot([low, high], [at, at], color=colour, linewidth=1.8, solid_capstyle="butt")
        face = colour if filled else "white"
        axes.plot(value, at, "o", color=colour, markersize=5.5, markerfacecolor=face, markeredgewidth=1.4, clip_on=False)


def _legend_of_chances(figure: "Figure", language: Language) -> None:
    """Name the two readings."""
    from matplotlib.lines import Line2D

    marks: dict[str, Any] = {"marker": "o", "markeredgewidth": 1.4}
    figure.legend(
        handles=[
            Line2D([], [], color=canvas.COLOURS[0], label=text("paper_reading", language), **marks),
            Line2D([], [], color=canvas.COLOURS[1], markerfacecolor="white", label=text("real_reading", language), **marks),
        ],
        loc="outside lower left",
        ncols=2,
    )
