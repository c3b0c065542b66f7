"""The tables of the document on calibration, read off the posterior that a region ships.

`python -m ecosim.calibration.document docs/calibration.md` brings them up to date, as `ecosim.document` does for the model document.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .. import regions
from ..document import filled, markdown
from ..regions import Posterior
from .free import FREE
from .record import moments_table, parameters_table
from .targets import FACTS, LEFT_OUT

REGION = "nantong"
NONE_YET = "No posterior is shipped yet; the priors are in use.\n"


def with_posterior(write: Callable[[Posterior], str]) -> Callable[[], str]:
    """A table that needs the shipped posterior, or the sentence that there is none."""

    def written() -> str:
        shipped = regions.posterior(REGION)
        return NONE_YET if shipped is None else write(shipped)

    return written


def brief(*values: float) -> str:
    """A median with its middle 90%, three significant digits each."""
    middle, low, high = (f"{value / 1e6:.3g} million" if abs(value) >= 1e6 else f"{round(value, 12) + 0.0:.3g}" for value in values)
    return f"{middle} ({low} to {high})"


def spread(row: dict[str, Any], source: str) -> str:
    """Median and middle 90% of one source in a row of a table."""
    return brief(*(row[f"{source}_{part}"] for part in ("median", "lo", "hi")))


def about(shipped: Posterior) -> str:
    """How the posterior was made."""
    told, distance = shipped.about, shipped.about["distance"]
    rows: Sequence[tuple[str, object]] = (
        ("draws", len(shipped.values)),
        ("date", told["date"]),
        ("model", told["model"]),
        ("runs of the model", told["runs"]),
        ("runs that failed", len(told["failures"])),
        ("minutes of runs, added over processors", f"{told['seconds_of_runs'] / 60.0:.0f}"),
        ("distance of the nearest, median and farthest draw", ", ".join(f"{distance[name]:.2f}" for name in distance)),
        ("near runs that the stand-in ruled out", told["ruled_out_though_near"]),
        ("facts allowed to speak against a draw, by cut", ", ".join(str(count) for count in told["facts_allowed_against"])),
        ("SHA-256 of the draws", shipped.sha256[:12]),
    )
    return markdown(("", ""), rows)


def free_table(shipped: Posterior) -> str:
    """Free parameters with prior, posterior, shrinkage, and whether the data moved them."""
    table = parameters_table(shipped)
    rows = [
        (
            f"`{row['parameter']}`", row["unit"], spread(row, "prior"), spread(row, "posterior"), f"{100 * row['shrinkage']:.0f}%",
            "yes" if row["moved"] else "no", FREE.get(row["parameter"], "-"),
        )
        for row in table[table["free"]].to_dict("records")
    ]  # fmt: skip
    return markdown(("parameter", "unit", "prior", "posterior", "shrinkage", "moved", "told by"), rows)


def others_table(shipped: Posterior) -> str:
    """Parameters that are not free and were moved all the same, because runs near the data happen to need them so."""
    table = parameters_table(shipped)
    moved = table[~table["free"] & table["moved"]]
    rows = [
        (f"`{row['parameter']}`", spread(row, "prior"), spread(row, "posterior"), f"{100 * row['shrinkage']:.0f}%")
        for row in moved.to_dict("records")
    ]
    kept = f"{(~table['free']).sum() - len(moved)} further parameters keep their prior.\n"
    return (markdown(("parameter", "prior", "posterior", "shrinkage"), rows) + "\n" if rows else "") + kept


def moments(shipped: Posterior) -> str:
    """Moments aimed at: data, prior, posterior, verdict."""
    rows = [
        (
            row["label_en"], row["fact"], brief(row["value"], row["low"], row["high"]), spread(row, "prior"), spread(row, "posterior"),
            f"{row['misfit']:+.1f}", row["verdict"] if row["in_reach"] else "out of reach", f"{100 * row['explained']:.0f}%",
        )
        for row in moments_table(shipped).to_dict("records")
    ]  # fmt: skip
    return markdown(("moment", "fact", "data", "prior", "posterior", "misfit, sd", "verdict", "explained by the stand-in"), rows)


def facts() -> str:
    """Facts and their rows, and the rows that are left out."""
    rows = [(f"`{fact}`", ", ".join(f"`{row}`" for row in of_fact)) for fact, of_fact in FACTS.items()]
    return markdown(("fact", "rows"), rows) + "".join(f"\nLeft out: `{row}` ({why}).\n" for row, why in LEFT_OUT.items())


TABLES: dict[str, Callable[[], str]] = {
    "about": with_posterior(about),
    "free": with_posterior(free_table),
    "others": with_posterior(others_table),
    "moments": with_posterior(moments),
    "facts": facts,
}
"""Name in a mark -> what writes the table."""


def main(words: list[str]) -> None:
    """Bring the documents named on the command line up to date."""
    for word in words:
        path = Path(word)
        path.write_text(filled(path.read_text(encoding="utf-8"), TABLES), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
