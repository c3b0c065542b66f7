"""The figure that sets the model beside the data it should reproduce."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from ecosim.report import canvas
from ecosim.report.labels import Language, number_text, scale_of, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["fit"]

MOMENT_COLUMNS = ("label", "unit", "value", "low", "high", "model", "model_lo", "model_hi")
DATA_BAR = "#C8C8C8"


def fit(moments: pd.DataFrame, language: Language = "zh") -> "Figure":
    """Each moment of the data with its interval, beside the model's; every row has its own scale.

    Columns: label, value, low, high, model, model_lo, model_hi, in the unit of the row.
    """
    canvas.require(moments, MOMENT_COLUMNS)
    with canvas.drawing():
        figure = canvas.new_figure(9.0, 1.2 + 0.32 * len(moments))
        places = figure.subplots(len(moments), 3, squeeze=False, width_ratios=(4, 1.7, 1.7))
        for (scale, *words), row in zip(places, moments.to_dict("records"), strict=True):
            _draw_moment(scale, row)
            for axes, names in zip(words, (MOMENT_COLUMNS[2:5], MOMENT_COLUMNS[5:]), strict=True):
                axes.set_axis_off()
                value, low, high = (row[name] for name in names)
                axes.annotate(
                    _with_interval(value, low, high, row["unit"], language),
                    (0, 0.5),
                    xycoords="axes fraction",
                    va="center",
                    fontsize=8,
                )
        for axes, key in zip(places[0, 1:], ("data", "model"), strict=True):
            axes.set_title(text(key, language))
        _legend_of_fit(figure, language)
        figure.suptitle(text("fit", language), x=0.01, ha="left", fontsize=12)
    return figure


def _with_interval(value: float, low: float, high: float, unit: str, language: Language) -> str:
    """A value and its interval, money in the language's large units: 256 [231, 282] 亿元."""
    money, largest = unit.partition(" ")[0], max(abs(value), abs(low), abs(high))
    scale, name = scale_of(money, largest, language) if money == "yuan" else (1.0, "")
    written = [number_text(each / scale) for each in (value, low, high)]
    return f"{written[0]} [{written[1]}, {written[2]}] {name}".rstrip()


def _draw_moment(axes: "Axes", row: dict[Any, Any]) -> None:
    """One row: the data's interval as a bar and its value as a tick, the model as a dot with its interval."""
    inside = row["low"] <= row["model"] <= row["high"]
    colour, marker = (canvas.COLOURS[0], "o") if inside else (canvas.COLOURS[1], "X")
    axes.plot([row["low"], row["high"]], [0, 0], color=DATA_BAR, linewidth=9, solid_capstyle="butt")
    axes.plot(row["value"], 0, "|", color="black", markersize=11, markeredgewidth=1.6)
    axes.plot([row["model_lo"], row["model_hi"]], [0, 0], color=colour, linewidth=1.6)
    axes.plot(row["model"], 0, marker, color=colour, markersize=7, markeredgecolor="white", markeredgewidth=0.6)
    axes.set_axis_off()
    axes.set_ylim(-1, 1)
    axes.margins(x=0.08)
    axes.annotate(row["label"], (-0.02, 0.5), xycoords="axes fraction", ha="right", va="center")


def _legend_of_fit(figure: "Figure", language: Language) -> None:
    """Name the four marks."""
    from matplotlib.lines import Line2D

    edge: dict[str, Any] = {"markersize": 7, "markeredgecolor": "white", "markeredgewidth": 0.6}
    figure.legend(
        handles=[
            Line2D([], [], color="black", marker="|", linestyle="", markersize=11, label=text("data", language)),
            Line2D([], [], color=DATA_BAR, linewidth=9, label=text("data_interval", language)),
            Line2D([], [], color=canvas.COLOURS[0], marker="o", label=text("model_inside", language), **edge),
            Line2D([], [], color=canvas.COLOURS[1], marker="X", label=text("model_outside", language), **edge),
        ],
        loc="outside lower left",
        ncols=4,
    )
