"""A comparison, or one run, as files: tables as CSV and as sheets of one workbook, figures, and where it
all comes from.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ecosim import policies
from ecosim.effect import ALL, Effect
from ecosim.outcomes import BY_KEY
from ecosim.report import canvas, plots
from ecosim.report.labels import SHEETS, Language, calibration_text, column_text, payer_text, text, unit_text
from ecosim.report.tables import write_csv, write_manifest, write_workbook
from ecosim.wording import told

if TYPE_CHECKING:
    import pandas as pd

    from ecosim.fit import Fit
    from ecosim.simulation import Outcomes

__all__ = ["write_effect", "write_fit", "write_run"]

DRAWN = (
    "inventions_granted",
    "contracts",
    "certified",
    "real_rd",
    "relabelled_share",
    "rd_to_gdp",
    "knowledge",
    "sales",
    "performers",
)
"""Outcomes shown in figures."""


def labelled(table: "pd.DataFrame", effect: Effect, language: Language) -> "pd.DataFrame":
    """The table with the names of scenarios and outcomes in one language beside their keys."""
    names = {scenario.name: scenario.label(language) for scenario in effect.scenarios}
    found = table.drop(columns="label", errors="ignore")
    if "scenario" in found:
        found.insert(int(found.columns.get_loc("scenario")) + 1, "scenario_label", found["scenario"].map(names))
    if "outcome" in found:
        words = found["outcome"].map(lambda key: BY_KEY[key].label(language))
        found.insert(int(found.columns.get_loc("outcome")) + 1, "outcome_label", words)
    return found


def write_effect(effect: Effect, folder: Path, language: Language) -> None:
    """Fill a folder with everything a comparison found. CSV headings are keys; the workbook's are in the
    language.
    """
    import pandas as pd

    from ecosim.report.console import summary

    failures = pd.DataFrame(effect.failures, columns=["scenario", "draw", "seed", "message"])
    tables = {
        "effects": effect.table,
        "costs": effect.costs,
        "costs_by_policy": effect.costs_by_policy,
        "per_additional": effect.per_additional,
        "targets": effect.targets,
        "paths": effect.paths,
        "failures": failures,
    }
    complete = {name: labelled(table, effect, language) for name, table in tables.items()}
    for name, table in complete.items():
        write_csv(table, folder / f"{name}.csv")
    write_workbook(_sheets({"about": _about(effect, language), **complete}, language), folder / "results.xlsx")
    write_manifest(effect.manifest, folder / "manifest.json")
    (folder / "summary.txt").write_text(summary(effect, language), encoding="utf-8-sig", newline="\n")
    _draw(effect, complete, folder, language)


def write_run(found: "Outcomes", folder: Path, language: Language) -> None:
    """Fill a folder with one run."""
    yearly = found.wide().reset_index()
    write_csv(found.table, folder / "outcomes.csv")
    write_csv(yearly, folder / "yearly.csv")
    named = yearly.rename(columns={key: BY_KEY[key].label(language) for key in yearly.columns if key in BY_KEY})
    write_workbook(_sheets({"yearly": named, "outcomes": found.table}, language), folder / "results.xlsx")
    write_manifest(found.manifest, folder / "manifest.json")


def write_fit(found: "Fit", folder: Path, language: Language) -> None:
    """Fill a folder with the comparison of the model with the data."""
    moments = found.table(language)
    write_csv(moments, folder / "fit.csv")
    write_workbook(_sheets({"fit": moments}, language), folder / "results.xlsx")
    write_manifest(found.manifest, folder / "manifest.json")
    canvas.save(plots.fit(moments, language), folder / "fit.png")


def _about(effect: Effect, language: Language) -> "pd.DataFrame":
    """What the workbook is: the state of calibration, the scenarios, and the manifest's fingerprints."""
    import pandas as pd

    rows = [(text("calibration", language), calibration_text(effect.manifest["calibration"], language))]
    rows += [(f"{text('scenario', language)} {place}", scenario.label(language)) for place, scenario in enumerate(effect.scenarios)]
    rows += [(text(name, language), str(effect.manifest[name])) for name in ("ecosim", "source_sha256")]
    rows += [(text(name, language), str(len(effect.manifest[name]))) for name in ("draws", "seeds")]
    return pd.DataFrame(rows, columns=["item", "content"])


def _sheets(tables: "Mapping[str, pd.DataFrame]", language: Language) -> "dict[str, pd.DataFrame]":
    """The sheets of a workbook: names, headings and words in the language."""
    return {told(SHEETS[name], language): _headed(table, language) for name, table in tables.items()}


def _headed(table: "pd.DataFrame", language: Language) -> "pd.DataFrame":
    """The table with headings, payers, policies, units and words in the language."""
    found = table.copy()
    for name in found.columns.intersection(["kind", "note", "role"]):
        words = {word: text(word, language) for word in found[name].unique() if word in _WORDS}
        found[name] = found[name].replace(words)
    if "payer" in found:
        found["payer"] = found["payer"].map(lambda payer: text("all", language) if payer == ALL else payer_text(payer, language))
    if language == "zh" and "unit" in found:
        found["unit"] = found["unit"].map(lambda unit: unit_text(unit, language))
    if language == "zh" and "policy" in found:
        found["policy"] = found["policy"].map(_policies_zh)
    return found.rename(columns={name: column_text(str(name), language) for name in found.columns})


def _policies_zh(joined: str) -> str:
    """The Chinese names of policies that bear a cost together ("a+b")."""
    return "+".join(policies.model(name).label_zh for name in joined.split("+"))


_WORDS = (
    "outlay", "tax_forgone", "total", "includes zero", "no additional cost", "opposite directions", "stock", "shape", "input", "target",
)  # fmt: skip


def _draw(effect: Effect, tables: dict[str, "pd.DataFrame"], folder: Path, language: Language) -> None:
    """The figures: effects, paths and public cost."""
    baseline = effect.baseline.name
    canvas.save(
        plots.effects_forest(_drawn(labelled(effect.headlines(), effect, language)), language),
        folder / "effects.png",
    )
    paths = _drawn(tables["paths"])
    shares = paths["unit"] == "share"
    paths.loc[shares, ["mean", "lo", "hi"]] *= 100
    paths.loc[shares, "unit"] = "percent"
    canvas.save(plots.paths(paths, language, baseline), folder / "paths.png")
    costs = tables["costs"]
    wide = (
        costs[(costs["payer"] != ALL) & (costs["kind"] != "total")]
        .pivot_table(index=["scenario_label", "payer"], columns="kind", values="level", sort=False)
        .reset_index()
    )
    if len(wide):
        canvas.save(plots.costs(wide, language), folder / "costs.png")


def _drawn(table: "pd.DataFrame") -> "pd.DataFrame":
    """The rows of the outcomes that are drawn, in the order of DRAWN."""
    chosen = table[table["outcome"].isin(DRAWN)].copy()
    return chosen.sort_values("outcome", key=lambda keys: keys.map(DRAWN.index), kind="stable")
