"""The evidence as a table for a terminal, and as files: CSV, forest plot, manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecosim.report import canvas
from ecosim.report.console import new_table
from ecosim.report.evidence_plot import forest, interval_words
from ecosim.report.evidence_words import word
from ecosim.report.labels import Language, percent_text, text
from ecosim.report.tables import write_csv, write_manifest
from ecosim.wording import told

if TYPE_CHECKING:
    from ecosim.evidence.table import Evidence

__all__ = ["show_evidence", "write_evidence"]

FIRST_COLUMNS = [
    "id", "kind", "role", "lo", "hi", "estimate", "est_lo", "est_hi", "z", "true_effect", "prior_pass_share", "control",
    "power", "alarms", "verdict",
]  # fmt: skip
"""Columns of evidence.csv that every reader of it may rely on, in this order; the others follow."""

SHOWN = (
    "id",
    "label",
    "published",
    "kind",
    "simulated",
    "z",
    "true_effect",
    "prior_pass_share",
    "role",
    "control",
    "power",
    "alarms",
    "verdict",
)


def show_evidence(console: Console, found: Evidence, language: Language) -> None:
    """Print every row, the studies they come from, how many rows say something, and which experiments broke off."""
    console.print(evidence_table(found, language))
    for name, (study, setting) in cited(found.table).items():
        console.print(f"{name}  {study}; {setting}", markup=False)
    console.print(f"\n{told(found.manifest['calibration'], language)}", style="bold", markup=False)
    for line in (counted(found.table, language), lacking(found.table, language), word("note", language)):
        console.print(line, markup=False)
    if found.failures:
        console.print(text("failed", language).format(count=len(found.failures)))
        for trial in found.failures[:10]:
            line = text("failed_run", language).format(
                scenario=trial.task.study, draw=trial.task.draw, seed=trial.task.seed, message=trial.failure
            )
            console.print(f"  {line}", markup=False)


def cited(table: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Id of a study -> its citation and setting."""
    names = table["id"].str.partition(".")[0]
    return {name: (row.study, row.setting) for name, row in zip(names, table.itertuples(), strict=True)}


def evidence_table(found: Evidence, language: Language) -> Table:
    """One line for each published figure; a line between studies."""
    table = new_table(word("title", language), [word(name, language) for name in SHOWN], 2)
    before = ""
    for row in found.table.to_dict("records"):
        study = row["id"].partition(".")[0]
        if before not in ("", study):
            table.add_section()
        before = study
        table.add_row(*(escape(cell) for cell in cells_of(row, language)))
    return table


def cells_of(row: dict[Any, Any], language: Language) -> tuple[str, ...]:
    """One row of the evidence in words, in the order of SHOWN."""
    return (
        row["id"],
        row[f"label_{language}"],
        interval_words(row["published"], row["lo"], row["hi"]),
        word(row["kind"], language),
        interval_words(row["estimate"], row["est_lo"], row["est_hi"]),
        "–" if pd.isna(row["z"]) else f"{row['z']:+.1f}",
        "–" if pd.isna(row["true_effect"]) else f"{row['true_effect']:.3g}",
        percent_text(row["prior_pass_share"]),
        *(word(row[name], language) for name in ("role", "control")),
        *(percent_text(row[name]) for name in ("power", "alarms")),
        word(row["verdict"], language),
    )


def counted(table: pd.DataFrame, language: Language) -> str:
    """How many validation rows agree, of those that test anything; inputs are never counted."""
    validation = table[table["role"] == "validation"]
    tests = validation[validation["counts"]]
    inside = int((tests["verdict"] == "inside").sum())
    return word("count", language).format(rows=len(table), validation=len(validation), tests=len(tests), inside=inside)


def lacking(table: pd.DataFrame, language: Language) -> str:
    """Studies of which some experiments say nothing because their worlds lacked what the study had."""
    short = table[table["short"] > 0].groupby(table["id"].str.partition(".")[0])["short"].max()
    named = ", ".join(f"{name} {count}" for name, count in short.items()) or word("nothing", language)
    return word("short", language).format(named=named)


def write_evidence(found: Evidence, folder: Path, language: Language) -> None:
    """Fill a folder: evidence.csv, evidence.png, experiments that failed, manifest."""
    others = [name for name in found.table.columns if name not in FIRST_COLUMNS]
    write_csv(found.table[FIRST_COLUMNS + others], folder / "evidence.csv")
    failed = [(trial.task.study, trial.task.seed, trial.task.draw, trial.failure) for trial in found.failures]
    write_csv(pd.DataFrame(failed, columns=["study", "seed", "draw", "message"]), folder / "failures.csv")
    write_manifest(dict(found.manifest), folder / "manifest.json")
    canvas.save(forest(found.table.assign(label=found.table[f"label_{language}"]), language), folder / "evidence.png")
