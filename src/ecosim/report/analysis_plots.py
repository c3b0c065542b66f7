"""The figures of sweeps: responses to factors, what drives them, boxes, regret, and the best use of a budget. Figures show; they do not
compute.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosim.report import canvas
from ecosim.report.labels import Language, column_text, scale_of, text, with_unit, yuan_scale
from ecosim.report.plots import grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["acceptability", "boxes", "drivers", "optimum", "regrets", "responses"]

MOST_PANELS = 9
MOST_LINES = 6
"""As many as there are colours."""
LONGEST_LABEL = 34
NOTHING = 1e-9
"""Of an outcome; an axis for less than this would magnify nothing."""


def responses(effects: pd.DataFrame, x: str, x_label: str, language: Language = "zh") -> "Figure":
    """Differences over a factor, one panel for each outcome, one line for each combination of the others.

    Columns: the factor `x`, line (words), outcome, outcome_label, unit, difference, lo, hi.
    """
    canvas.require(effects, (x, "line", "outcome", "outcome_label", "unit", "difference", "lo", "hi"))
    lines = list(dict.fromkeys(effects["line"]))[:MOST_LINES]
    marks = canvas.colours(lines)
    labels = dict(list(dict(zip(effects["outcome"], effects["outcome_label"], strict=True)).items())[:MOST_PANELS])
    with canvas.drawing():
        figure, panels = grid(len(labels), 3.1, 2.4)
        for axes, (outcome, label) in zip(panels, labels.items(), strict=True):
            rows = effects[effects["outcome"] == outcome]
            divisor, unit = scale_of(rows["unit"].iloc[0], float(rows["hi"].abs().max()), language)
            for line in lines:
                mine = rows[rows["line"] == line].sort_values(x)
                colour, marker = marks[line]
                axes.fill_between(mine[x], mine["lo"] / divisor, mine["hi"] / divisor, color=colour, alpha=0.15, linewidth=0)
                axes.plot(mine[x], mine["difference"] / divisor, color=colour, marker=marker, markersize=4, linewidth=1.4, label=line)
            axes.axhline(0, color=canvas.BASELINE, linewidth=0.8, zorder=1)
            if not rows["difference"].abs().gt(NOTHING).any() and not rows["hi"].sub(rows["lo"]).gt(NOTHING).any():
                axes.set_ylim(-1.0, 1.0)
            axes.set_title(with_unit(label, unit, language))
            axes.locator_params(nbins=5)
            axes.grid(axis="y")
        marked, names = panels[0].get_legend_handles_labels()
        figure.legend(marked, names, loc="outside lower left", ncols=2, alignment="left")
        figure.suptitle(f"{text('response', language)}\n{text('across', language)}{x_label}", x=0.01, ha="left", fontsize=11)
    return figure


def drivers(table: pd.DataFrame, method: str, language: Language = "zh") -> "Figure":
    """Factors in order of weight, one panel for each outcome, with 95% intervals.

    Columns: outcome, outcome_label, unit, factor_label; of Sobol S1, ST, of Morris mu_star, sigma, with _lo and _hi.
    """
    large, small = ("mu_star", "sigma") if method == "morris" else ("ST", "S1")
    canvas.require(table, ("outcome", "outcome_label", "unit", "factor_label", large, small, f"{large}_lo", f"{large}_hi"))
    labels = dict(list(dict(zip(table["outcome"], table["outcome_label"], strict=True)).items())[:MOST_PANELS])
    with canvas.drawing():
        figure, panels = grid(len(labels), 4.2, 0.9 + 0.3 * table["factor_label"].nunique())
        for axes, (outcome, label) in zip(panels, labels.items(), strict=True):
            rows = table[table["outcome"] == outcome].sort_values(large, kind="stable")
            of_unit = scale_of(rows["unit"].iloc[0], float(rows[large].abs().max()), language) if method == "morris" else (1.0, "")
            _draw_drivers(axes, rows, (large, small), of_unit[0], language)
            axes.set_title(with_unit(label, of_unit[1], language) if of_unit[1] else label)
            axes.axvline(0, color=canvas.BASELINE, linewidth=0.8, zorder=1)
        marked, names = panels[0].get_legend_handles_labels()
        figure.legend(marked, names, loc="outside lower left", ncols=2)
        figure.suptitle(text("sensitivity", language), x=0.01, ha="left", fontsize=12)
    return figure


def _draw_drivers(axes: "Axes", rows: pd.DataFrame, keys: tuple[str, str], divisor: float, language: Language) -> None:
    """One panel: the larger index with its interval, the smaller one hollow."""
    large, small = keys
    if not np.isfinite(rows[large].to_numpy(float)).any():
        axes.set(xlim=(-0.05, 1.05))
        axes.annotate(text("does_not_vary", language), (0.5, 0.5), xycoords="axes fraction", ha="center")
    names = {"ST": "total_effect", "S1": "main_effect", "mu_star": "mu_star_mark", "sigma": "sigma_mark"}
    at = np.arange(len(rows))
    reach = [(rows[large] - rows[f"{large}_lo"]).abs() / divisor, (rows[f"{large}_hi"] - rows[large]).abs() / divisor]
    axes.errorbar(rows[large] / divisor, at, xerr=reach, fmt="o", color=canvas.COLOURS[0], markersize=5, label=text(names[large], language))
    hollow: dict[str, Any] = {"color": canvas.COLOURS[1], "markerfacecolor": "white", "markersize": 5}
    axes.plot(rows[small] / divisor, at, "s", label=text(names[small], language), **hollow)
    _rows_on_y(axes, list(rows["factor_label"]))


def _rows_on_y(axes: "Axes", labels: Sequence[str]) -> None:
    """A row for each label, the first below."""
    axes.set_yticks(range(len(labels)), [_on_two_lines(each) for each in labels])
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def _on_two_lines(label: str) -> str:
    """A label on at most two lines; what does not fit is left out."""
    lines = wrap(label, LONGEST_LABEL)
    return "\n".join(lines[:2]) + ("…" if len(lines) > 2 else "")


def boxes(tradeoff: pd.DataFrame, limits: pd.DataFrame, title: str, language: Language = "zh") -> "Figure":
    """Coverage and density of every box on the way, and the limits of the one chosen over the range of each factor.

    tradeoff: coverage, density, mass, chosen; limits: factor_label, from, to (between 0 and 1), words.
    """
    canvas.require(tradeoff, ("coverage", "density", "mass", "chosen"))
    with canvas.drawing():
        figure, (left, right) = grid(2, 4.0, 3.0)
        shown = left.scatter(tradeoff["coverage"], tradeoff["density"], c=tradeoff["mass"], cmap="viridis", s=22, zorder=2)
        best = tradeoff[tradeoff["chosen"]]
        ring: dict[str, Any] = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.6}
        left.plot(best["coverage"], best["density"], "o", color=canvas.COLOURS[1], label=text("chosen_box", language), **ring)
        left.set(xlim=(-0.03, 1.05), ylim=(-0.03, 1.05), title=text("tradeoff", language))
        left.set_xlabel(column_text("coverage", language))
        left.set_ylabel(column_text("density", language))
        left.grid()
        left.legend(loc="lower left")
        bar = figure.colorbar(shown, ax=left, label=column_text("mass", language))
        canvas.plain_axes(bar.ax)
        for at, row in enumerate(limits.to_dict("records")):
            right.plot([0, 1], [at, at], color="#E3E3E3", linewidth=6, solid_capstyle="butt")
            right.plot([row["from"], row["to"]], [at, at], color=canvas.COLOURS[0], linewidth=6, solid_capstyle="butt")
            right.annotate(row["words"], (0.5, at), (0, 6), textcoords="offset points", ha="center", fontsize=7.5)
        if limits.empty:
            right.annotate(text("box_free", language), (0.5, 0), ha="center")
        _rows_on_y(right, list(limits["factor_label"]) or [""])
        right.set(xlim=(-0.03, 1.03), title=text("box_limits", language))
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def regrets(table: pd.DataFrame, language: Language = "zh") -> "Figure":
    """Regret of each package, one panel for each outcome, and how often all goals are met.

    Columns: setting (words), outcome, outcome_label, unit, regret_mean, regret_90, regret_max, satisfied, satisfied_lo, satisfied_hi.
    """
    canvas.require(table, ("setting", "outcome", "outcome_label", "unit", "regret_mean", "regret_90", "regret_max", "satisfied"))
    labels = dict(list(dict(zip(table["outcome"], table["outcome_label"], strict=True)).items())[:MOST_PANELS])
    settings = list(dict.fromkeys(table["setting"]))
    with canvas.drawing():
        figure, panels = grid(len(labels), 3.6, 0.9 + 0.26 * len(settings), sharey=True)
        for axes, (outcome, label) in zip(panels, labels.items(), strict=True):
            rows = table[table["outcome"] == outcome].set_index("setting").loc[settings[::-1]]
            at = np.arange(len(rows))
            if outcome == "all":
                reach = [rows["satisfied"] - rows["satisfied_lo"], rows["satisfied_hi"] - rows["satisfied"]]
                axes.errorbar(rows["satisfied"], at, xerr=reach, fmt="D", color=canvas.COLOURS[2], markersize=4.5)
                axes.set_xlim(-0.03, 1.03)
                axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
                axes.set_title(text("satisfied_axis", language))
            else:
                divisor, unit = scale_of(rows["unit"].iloc[0], float(rows["regret_max"].max()), language)
                axes.barh(at, rows["regret_max"] / divisor, height=0.12, color=canvas.FAINT)
                axes.plot(rows["regret_mean"] / divisor, at, "o", color=canvas.COLOURS[0], markersize=4.5)
                axes.plot(rows["regret_90"] / divisor, at, "o", color=canvas.COLOURS[0], markerfacecolor="white", markersize=4.5)
                axes.set_title(with_unit(label, unit, language))
            _rows_on_y(axes, list(rows.index))
        figure.supxlabel(text("regret_axis", language), x=0.01, ha="left", fontsize=9)
        figure.suptitle(text("robustness", language), x=0.01, ha="left", fontsize=12)
    return figure


def acceptability(curves: pd.DataFrame, language: Language = "zh") -> "Figure":
    """How likely a package is worth its price, over what one more is worth; one panel for each outcome.

    Columns: setting (words), outcome, outcome_label, willingness (yuan), acceptable.
    """
    canvas.require(curves, ("setting", "outcome", "outcome_label", "willingness", "acceptable"))
    settings = list(dict.fromkeys(curves["setting"]))[:MOST_LINES]
    marks = canvas.colours(settings)
    labels = dict(list(dict(zip(curves["outcome"], curves["outcome_label"], strict=True)).items())[:MOST_PANELS])
    with canvas.drawing():
        figure, panels = grid(len(labels), 3.1, 2.5)
        for axes, (outcome, label) in zip(panels, labels.items(), strict=True):
            rows = curves[curves["outcome"] == outcome]
            divisor, unit = yuan_scale(float(rows["willingness"].max()), language)
            for setting in settings:
                mine = rows[rows["setting"] == setting]
                axes.plot(mine["willingness"] / divisor, mine["acceptable"], color=marks[setting][0], linewidth=1.5)
            axes.set(ylim=(-0.03, 1.03), title=label, xlabel=text("willingness", language).format(unit=unit))
            axes.grid()
        for setting in settings:
            panels[0].plot([], [], color=marks[setting][0], label=setting)
        marked, names = panels[0].get_legend_handles_labels()
        figure.legend(marked, names, loc="outside lower left", ncols=2)
        figure.suptitle(text("acceptability", language), x=0.01, ha="left", fontsize=12)
    return figure


def optimum(table: pd.DataFrame, near: pd.DataFrame, axes_of: Sequence[tuple[str, str, str]], language: Language = "zh") -> "Figure":
    """Allocations by what they do beside the shares that are as good as the best.

    table: allocation, front, near, and the columns drawn; near: envelope_label, status_quo, least, mean, most; axes_of: column, label and
    unit of the two axes.
    """
    canvas.require(table, ("allocation", "front", "near", *(column for column, _, _ in axes_of)))
    (x, x_label, x_unit), (y, y_label, y_unit) = axes_of
    with canvas.drawing():
        figure, (left, right) = grid(2, 4.4, 3.4)
        (across, x_name), (up, y_name) = (
            scale_of(unit, float(table[name].abs().max()), language) for name, unit in ((x, x_unit), (y, y_unit))
        )
        for mask, colour, label in _groups(table, language):
            left.plot(table.loc[mask, x] / across, table.loc[mask, y] / up, "o", color=colour, markersize=5, label=label)
        for (name, marker), colour in zip(
            {"status_quo": "s", "equal_split": "D", "zero_budget": "X"}.items(), canvas.COLOURS[3:], strict=False
        ):
            mine = table[table["allocation"] == name]
            left.plot(mine[x] / across, mine[y] / up, marker, color=colour, markersize=8, label=text(name, language), linestyle="none")
        left.set_xlabel(with_unit(x_label, x_name, language))
        left.set_ylabel(with_unit(y_label, y_name, language))
        left.grid()
        left.legend(fontsize=8)
        at = np.arange(len(near))
        right.hlines(at, near["least"], near["most"], color=canvas.COLOURS[0], linewidth=6, alpha=0.4)
        right.plot(near["mean"], at, "o", color=canvas.COLOURS[0])
        right.plot(near["status_quo"], at, "s", color=canvas.COLOURS[3], markersize=7)
        _rows_on_y(right, list(near["envelope_label"]))
        right.set(xlim=(-0.03, 1.03), title=text("near_range", language))
        right.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        figure.suptitle(text("optimum", language), x=0.01, ha="left", fontsize=12)
    return figure


def _groups(table: pd.DataFrame, language: Language) -> list[tuple[pd.Series, str, str]]:
    """Allocations tried by how good they are: mask, colour, name."""
    tried = ~table["allocation"].isin(["status_quo", "equal_split", "zero_budget"])
    return [
        (tried & ~table["near"], canvas.FAINT, text("other_mark", language)),
        (tried & table["near"] & ~table["front"], canvas.COLOURS[4], text("near_mark", language)),
        (tried & table["front"], canvas.COLOURS[0], text("on_front", language)),
    ]
