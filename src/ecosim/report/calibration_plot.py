"""The figure that shows which parameters the data can tell, and which only together."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ecosim.report import canvas
from ecosim.report.analysis_tables import factor_text
from ecosim.report.labels import Language, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["identifiability"]

COLUMNS = ("parameter", "shrinkage", "moved")
SHOWN = 0.3
"""Correlations of this size and more are written into their field."""


def identifiability(parameters: pd.DataFrame, correlations: np.ndarray, language: Language = "zh") -> "Figure":
    """Shrinkage of each free parameter as a bar, and the correlations between them in the posterior as a map; both by its number.

    parameters: columns parameter, shrinkage, moved, one row each; correlations: rows x rows in the same order.
    """
    canvas.require(parameters, COLUMNS)
    count = len(parameters)
    with canvas.drawing():
        figure = canvas.new_figure(11.0, 2.2 + 0.3 * count)
        bars, field = figure.subplots(1, 2, width_ratios=(1.0, 1.5), sharey=True)
        told = (factor_text(f"parameters.{name}", language).partition("（")[0] for name in parameters["parameter"])
        names = [f"{name}  {place}" for place, name in enumerate(told, start=1)]
        _draw_bars(bars, parameters, names, language)
        _draw_field(field, correlations)
        for axes, key in ((bars, "shrinkage"), (field, "correlations")):
            canvas.plain_axes(axes)
            axes.set_title(text(key, language))
        field.set_xticks(range(count), [str(place) for place in range(1, count + 1)])
        figure.suptitle(text("identifiability", language), x=0.01, ha="left", fontsize=12)
    return figure


def _draw_bars(axes: "Axes", parameters: pd.DataFrame, names: list[str], language: Language) -> None:
    """One bar a parameter, in colour where the data moved it."""
    from matplotlib.patches import Patch

    colour = {True: canvas.COLOURS[0], False: "#C8C8C8"}
    axes.barh(range(len(names)), parameters["shrinkage"], color=[colour[bool(moved)] for moved in parameters["moved"]], height=0.65)
    axes.axvline(0.0, color=canvas.BASELINE, linewidth=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="x")
    handles = [Patch(color=colour[moved], label=text(key, language)) for moved, key in ((True, "moved_mark"), (False, "unmoved_mark"))]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2)


def _draw_field(axes: "Axes", correlations: np.ndarray) -> None:
    """The map, with the clear correlations in numbers."""
    off_diagonal = np.where(np.eye(len(correlations), dtype=bool), 0.0, correlations)
    axes.imshow(off_diagonal, cmap="RdBu_r", vmin=-1.0, vmax=1.0, aspect="auto")
    for row, column in zip(*np.nonzero(np.abs(off_diagonal) >= SHOWN), strict=True):
        axes.text(column, row, f"{off_diagonal[row, column]:.1f}".replace("-", "−"), ha="center", va="center", fontsize=7)
