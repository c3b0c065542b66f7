"""Paper, font and colours shared by all figures.

Matplotlib is loaded and the font registered only when a figure is drawn.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BASELINE", "COLOURS", "MARKERS", "drawing", "new_figure", "plain_axes", "require", "save"]

FAMILY = "Ecosim Sans SC"
BASELINE = "#404040"
FAINT = "#8C8C8C"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")  # Okabe and Ito 2008
MARKERS = ("o", "s", "D", "^", "v", "P")
DOTS_PER_INCH = 160
STYLE: dict[Any, Any] = {
    "font.family": [FAMILY],
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "svg.hashsalt": "ecosim",
}


@cache
def _register_font() -> None:
    """Make the packaged font known to matplotlib, once per process."""
    from matplotlib import font_manager

    with as_file(files("ecosim.report") / "fonts" / "EcosimSansSC-Regular.otf") as path:
        font_manager.fontManager.addfont(path)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the house style, and leave the settings of the caller's own figures alone."""
    import matplotlib

    _register_font()
    with matplotlib.rc_context(STYLE):
        yield


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure, inches, drawn by Agg: no window, no global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.06))
    FigureCanvasAgg(figure)
    return figure


def plain_axes(axes: "Axes") -> None:
    """Give ticks the house font also when they are made later, while the figure is saved."""
    axes.tick_params(labelfontfamily=FAMILY, color=FAINT, length=3)


def colours(names: Sequence[str], baseline: str | None = None) -> dict[str, tuple[str, str]]:
    """A colour and a marker for each name in order; the baseline, if named, is dark grey."""
    free = itertools.cycle(zip(COLOURS, MARKERS, strict=True))
    return {name: (BASELINE, "o") if name == baseline else next(free) for name in names}


def require(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise ValueError if a table has no rows or lacks columns, naming them."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        present = ", ".join(map(str, table.columns))
        raise ValueError(f"the table to draw lacks {', '.join(missing)}; it has {present}")
    if table.empty:
        raise ValueError("the table to draw has no rows")


def save(figure: "Figure", path: Path) -> None:
    """Write a figure as PNG, SVG or PDF by the ending of its name; the same figure gives the same bytes."""
    import matplotlib

    undated = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with matplotlib.rc_context(STYLE):
        figure.savefig(path, dpi=DOTS_PER_INCH, metadata=undated[path.suffix.removeprefix(".")])
