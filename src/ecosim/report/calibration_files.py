"""A calibration as files and as tables for a terminal: parameters, moments, the figure, and where it all comes from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ecosim import regions
from ecosim.calibration.record import correlations, moments_table, parameters_table, write_posterior
from ecosim.errors import OutputError, system_reason
from ecosim.manifest import manifest_of
from ecosim.parameters import catalogue
from ecosim.regions.posterior import FOLDER, POSTERIOR_FILES, Posterior
from ecosim.report import canvas
from ecosim.report.calibration_plot import identifiability
from ecosim.report.console import new_table
from ecosim.report.labels import Language, column_text, number_text, percent_text, scale_of, signed_text, text
from ecosim.report.tables import write_csv, write_manifest, write_workbook
from ecosim.wording import Words, told

NOTHING = 1e-9
"""Share of the largest of some figures below which one is rounding and written 0."""

if TYPE_CHECKING:
    import pandas as pd

    from ecosim.calibration import Calibration

__all__ = ["show_calibration", "write_calibration"]


def write_calibration(found: Calibration, folder: Path, install: bool, language: Language) -> Posterior:
    """Write the posterior with its tables and figure into a folder, and into the region's pack if asked."""
    shipped = write_posterior(found, folder)
    freed, moments = parameters_table(shipped), moments_table(shipped)
    write_csv(freed, folder / "parameters.csv")
    write_csv(moments, folder / "moments.csv")
    write_workbook({"parameters": freed, "moments": moments}, folder / "results.xlsx")
    origin = manifest_of([found.plan.scenario], [], list(found.draws), found.work.seconds, {}, "prior")
    write_manifest(origin, folder / "manifest.json")
    free = freed[freed["free"]]
    canvas.save(identifiability(free, correlations(shipped), language), folder / "identifiability.png")
    return installed(shipped.region, folder) if install else shipped


def installed(region: str, folder: Path) -> Posterior:
    """Put a posterior into the pack of its region, each file at once. Raises OutputError if the pack cannot be written."""
    pack = FOLDER / region
    try:
        for name in POSTERIOR_FILES:
            aside = pack / f"{name}.partial"
            shutil.copyfile(folder / name, aside)
            aside.replace(pack / name)
    except OSError as error:
        why = system_reason(error)
        message = f"the posterior is in {folder} but could not be put into {pack}: {why}"
        raise OutputError(Words(message, f"后验在 {folder}，但无法装入 {pack}：{why.zh}")) from error
    regions.posterior.cache_clear()
    shipped = regions.posterior(region)
    if shipped is None:
        raise OutputError(Words(f"{pack} holds no posterior", f"{pack} 中没有后验"))
    return shipped


def show_calibration(console: Console, shipped: Posterior, language: Language) -> None:
    """What came out: how near the model comes, what the data moved, which moments are met and which are not."""
    told = shipped.about
    size = text("calibrated", language).format(
        region=told["region"], rows=len(shipped.values), runs=told["runs"], failures=len(told["failures"]), seconds=told["seconds_of_runs"]
    )
    console.print(f"{size}\n{text('distance_note', language).format(**told['distance'])}\n", markup=False)
    console.print(freed_table(parameters_table(shipped), language))
    console.print(aims_table(moments_table(shipped), language))


def freed_table(parameters: pd.DataFrame, language: Language) -> Table:
    """Free parameters with prior, posterior and shrinkage."""
    headings = [column_text(name, language) for name in ("parameter", "moved", "prior", "posterior", "shrinkage")]
    table = new_table(text("freed", language), headings, 2)
    for row in parameters[parameters["free"]].to_dict("records"):
        name = row["parameter"]
        label = told(catalogue()[name].meaning, language)
        cells = [spread_text(row, source, 1.0) for source in ("prior", "posterior")]
        moved = text("yes" if row["moved"] else "no", language)
        table.add_row(f"{name}\n{label}", moved, *cells, percent_text(row["shrinkage"]))
    return table


def aims_table(moments: pd.DataFrame, language: Language) -> Table:
    """Moments with data, prior, posterior and verdict; misses stand there like the others."""
    headings = [column_text(name, language) for name in ("moment", "fact", "verdict", "data_interval", "prior", "posterior", "misfit")]
    table = new_table(text("aims", language), headings, 3)
    for row in moments.to_dict("records"):
        divisor, _ = scale_of(row["unit"], max(abs(row["value"]), abs(row["high"])), language)
        data = f"{number_text(row['value'] / divisor)} [{number_text(row['low'] / divisor)}, {number_text(row['high'] / divisor)}]"
        cells = [spread_text(row, source, divisor) for source in ("prior", "posterior")]
        verdict = text(row["verdict"] if row["in_reach"] else "out_of_reach", language)
        table.add_row(row[f"label_{language}"], row["fact"], verdict, data, *cells, signed_text(row["misfit"], 2))
    return table


def spread_text(row: dict[str, float], source: str, divisor: float) -> str:
    """Median and middle 90% of one source."""
    values = [row[f"{source}_{part}"] / divisor for part in ("median", "lo", "hi")]
    least = NOTHING * max(abs(value) for value in values)
    middle, low, high = (number_text(value if abs(value) > least else 0.0) for value in values)
    return f"{middle} [{low}, {high}]"
