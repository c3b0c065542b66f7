"""The figure that sets simulated studies beside what they published."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from ecosim.report import canvas
from ecosim.report.evidence_words import word
from ecosim.report.labels import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["forest"]

COLUMNS = ("id", "label", "role", "kind", "published", "lo", "hi", "estimate", "est_lo", "est_hi", "true_effect", "verdict")
PUBLISHED_BAR = "#C8C8C8"
MARKS = {"inside": (canvas.COLOURS[0], "o"), "near": (canvas.COLOURS[5], "s"), "missed": (canvas.COLOURS[1], "X")}
"""Verdict -> colour and marker."""


def forest(table: pd.DataFrame, language: Language = "zh") -> "Figure":
    """Each row of the evidence on a scale of its own: the published interval, the simulated estimate with the middle 95% of
    experiments, and the true effect of the twin worlds. Columns: see COLUMNS.
    """
    canvas.require(table, COLUMNS)
    with canvas.drawing():
        figure = canvas.new_figure(10.0, 1.2 + 0.30 * len(table))
        places = figure.subplots(len(table), 3, squeeze=False, width_ratios=(4, 1.8, 2.0))
        for (scale, published, simulated), row in zip(places, table.to_dict("records"), strict=True):
            _draw_row(scale, row, language)
            _write(published, interval_words(row["published"], row["lo"], row["hi"]))
            _write(simulated, interval_words(row["estimate"], row["est_lo"], row["est_hi"]))
        for axes, key in zip(places[0, 1:], ("published", "simulated"), strict=True):
            axes.set_title(word(key, language))
        _legend(figure, language)
        figure.suptitle(word("title", language), x=0.01, ha="left", fontsize=12)
    return figure


def interval_words(middle: float, low: float, high: float) -> str:
    """A figure with its interval to three digits, such as 0.81 [0.71, 0.89]; an open end is written as an inequality."""
    if high == float("inf"):
        return f"> {low:.3g}"
    if low == float("-inf"):
        return f"< {high:.3g}"
    if pd.isna(low):
        return "–"
    if pd.isna(middle):
        return f"[{low:.3g}, {high:.3g}]"
    return f"{middle:.3g} [{low:.3g}, {high:.3g}]"


def _write(axes: "Axes", words: str) -> None:
    axes.set_axis_off()
    axes.annotate(words.replace("-", "−"), (0, 0.5), xycoords="axes fraction", va="center", fontsize=8)


def _draw_row(axes: "Axes", row: dict[Any, Any], language: Language) -> None:
    """One row; an open end of a published interval runs to the edge of the row."""
    finite = [row[key] for key in COLUMNS[4:11] if abs(row[key]) < float("inf")]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    pad = 0.08 * (high - low) or 1.0
    colour, marker = MARKS.get(row["verdict"], (canvas.BASELINE, "o"))
    axes.plot([max(row["lo"], low - pad), min(row["hi"], high + pad)], [0, 0], color=PUBLISHED_BAR, linewidth=9, solid_capstyle="butt")
    axes.plot(row["published"], 0, "|", color="black", markersize=11, markeredgewidth=1.6)
    axes.plot([row["est_lo"], row["est_hi"]], [0, 0], color=colour, linewidth=1.6)
    axes.plot(row["estimate"], 0, marker, color=colour, markersize=7, markeredgecolor="white", markeredgewidth=0.6)
    axes.plot(row["true_effect"], 0, "d", color="black", markersize=4, fillstyle="none")
    axes.set_axis_off()
    axes.set_xlim(low - pad, high + pad)
    axes.set_ylim(-1, 1)
    words = f"{row['id']}  {row['label']} ({word(row['role'], language)})"
    axes.annotate(words, (-0.02, 0.5), xycoords="axes fraction", ha="right", va="center", fontsize=8)


def _legend(figure: "Figure", language: Language) -> None:
    """Name the marks."""
    from matplotlib.lines import Line2D

    edge: dict[str, Any] = {"markersize": 7, "markeredgecolor": "white", "markeredgewidth": 0.6}
    twin: dict[str, Any] = {"color": "black", "marker": "d", "linestyle": "", "markersize": 4, "fillstyle": "none"}
    marks = [Line2D([], [], color=PUBLISHED_BAR, linewidth=9, label=word("published", language))]
    for verdict, (colour, marker) in MARKS.items():
        marks.append(Line2D([], [], color=colour, marker=marker, label=word(verdict, language), **edge))
    marks.append(Line2D([], [], label=word("true_effect", language), **twin))
    figure.legend(handles=marks, loc="outside lower left", ncols=len(marks))
