"""The tables of the page on evidence, written from the results beside it.

`ecosim evidence --out DIR` writes evidence.csv; laid beside the page as docs/evidence.csv, it is what
`python -m ecosim.evidence.document docs/evidence.md` brings into the page.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ..document import filled, markdown
from ..report.evidence_files import SHOWN, cells_of, cited, counted
from ..report.evidence_words import word

NUMBERS = (
    "published", "lo", "hi", "estimate", "est_lo", "est_hi", "true_effect", "z", "power", "alarms", "plant", "control_mean",
    "control_error", "selection",
)  # fmt: skip


def results(page: Path) -> pd.DataFrame:
    """The results that belong to a page: the file of its name that ends in csv."""
    table = pd.read_csv(page.with_suffix(".csv"), encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    return table.astype(dict.fromkeys(NUMBERS, float))


def rows(table: pd.DataFrame) -> str:
    """One line for each published figure."""
    lines = [cells_of(row, "en") for row in table.to_dict("records")]
    return markdown([word(name, "en") for name in SHOWN], lines) + f"\n{counted(table, 'en')}.\n"


def sources(table: pd.DataFrame) -> str:
    """The studies and their settings."""
    return markdown(("id", "study", "setting"), [(name, *of_study) for name, of_study in cited(table).items()])


def controls(table: pd.DataFrame) -> str:
    """What the control of each row looked for, and what it found over all experiments."""
    lines = []
    for row in table[table["control"] != "none"].to_dict("records"):
        null = pd.notna(row["plant_note"])
        looked = "zero" if not null else f"{row['plant']:.3g}" if pd.notna(row["plant"]) else "an effect"
        found = "–" if pd.isna(row["control_mean"]) else f"{row['control_mean']:.3g} ± {row['control_error']:.2g}"
        left = "–" if pd.isna(row["selection"]) else f"{row['selection']:.3g}"
        lines.append((row["id"], looked, row["plant_note"] if null else "placebo", found, left, word(row["control"], "en")))
    return markdown(("id", "to be found", "what it is", "mean ± standard error", "selection left", "control"), lines)


def tables(page: Path) -> dict[str, Callable[[], str]]:
    """Name in a mark of the page -> what writes the table."""
    return {
        "evidence": lambda: rows(results(page)),
        "controls": lambda: controls(results(page)),
        "studies": lambda: sources(results(page)),
    }


def main(words: list[str]) -> None:
    """Bring the pages named on the command line up to date."""
    for name in words:
        page = Path(name)
        page.write_text(filled(page.read_text(encoding="utf-8"), tables(page)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
