"""Forecasts, chances of targets and scores as files: CSV in base units, a workbook in the language, figures, and the manifest."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecosim import regions
from ecosim.effect import TARGETS
from ecosim.errors import OutputError
from ecosim.outlook.benchmarks import benchmarks
from ecosim.outlook.forecasting import Forecast
from ecosim.outlook.indicators import ALIASES, BASE_YEAR, BY_KEY
from ecosim.outlook.plan import ALL, Prospects
from ecosim.outlook.scoring import Scores
from ecosim.report import canvas
from ecosim.report.labels import Language, calibration_text, column_text, text
from ecosim.report.outlook_console import goal_text
from ecosim.report.tables import write_csv, write_manifest, write_workbook
from ecosim.wording import Words

if TYPE_CHECKING:
    import pandas as pd

FROZEN = ("forecast.csv", "benchmarks.csv", "manifest.json")

__all__ = ["freeze", "refuse_frozen", "write_forecast", "write_prospects", "write_scores"]


def write_forecast(found: Forecast, folder: Path, language: Language) -> None:
    """Fill a folder with a forecast: the bands as they are scored, all that is known of them, every world, and the benchmarks."""
    import pandas as pd

    _write_statements(found, folder)
    write_csv(found.table, folder / "details.csv")
    write_csv(found.worlds, folder / "worlds.csv")
    failures = pd.DataFrame(found.lost, columns=["scenario", "draw", "seed", "path", "message"])
    write_csv(failures, folder / "failures.csv")
    sheets = {"forecast": _named(found.table, language), "history": found.history, "failures": failures}
    _write_workbook(sheets, found.manifest["calibration"], folder / "results.xlsx", language)
    _draw_fans(found, folder / "forecast.png", language)


def refuse_frozen(folder: Path) -> None:
    """Raise OutputError if a forecast cannot be frozen in a folder: it is not there, or holds one already."""
    if not folder.is_dir():
        raise OutputError(Words(f"there is no folder {folder}; make it first", f"没有文件夹 {folder}；请先建立"))
    for name in FROZEN:
        if (folder / name).exists():
            message = f"{folder / name} is frozen and never written again; name another folder"
            raise OutputError(Words(message, f"{folder / name} 已冻结，不再改写；请换一个文件夹"))


def freeze(found: Forecast, folder: Path) -> None:
    """Write down what is said, and what plain rules say, once and for all, with where it comes from."""
    refuse_frozen(folder)
    _write_statements(found, folder)


def _write_statements(found: Forecast, folder: Path) -> None:
    forecast, rules, origin = (folder / name for name in FROZEN)
    write_plain(benchmarks(found.pack, found.ahead), rules)
    write_manifest(_origin(found), origin)
    write_plain(found.bands, forecast)


def _origin(found: Forecast | Prospects) -> dict[str, Any]:
    """The manifest, with how levels are told."""
    levels = f"start from the published figures of {BASE_YEAR}" if found.anchored else "as simulated"
    return {**found.manifest, "levels": levels}


def write_plain(table: "pd.DataFrame", path: Path) -> None:
    """Write a table that is frozen and scored: plain UTF-8, six significant digits, the same bytes for the same numbers; whole or not at
    all.
    """
    aside = path.with_name(f"{path.name}.partial")
    table.to_csv(aside, index=False, float_format="%.6g", encoding="utf-8", lineterminator="\n")
    aside.replace(path)


def write_prospects(found: Prospects, folder: Path, language: Language) -> None:
    """Fill a folder with the chances of targets."""
    import pandas as pd

    from ecosim.report import outlook_plots

    table = _with_words(found, language)
    failures = pd.DataFrame(found.lost, columns=["scenario", "draw", "seed", "path", "message"])
    tables = {"targets": table, "costs": found.costs, "failures": failures}
    for name, written in tables.items():
        write_csv(written, folder / f"{name}.csv")
    _write_workbook(tables, found.manifest["calibration"], folder / "results.xlsx", language)
    write_manifest(_origin(found), folder / "manifest.json")
    canvas.save(outlook_plots.chances(table, language), folder / "targets.png")


def write_scores(found: Scores, folder: Path) -> None:
    """Fill a folder with scores."""
    write_csv(found.cells, folder / "scores.csv")
    write_csv(found.summary, folder / "summary.csv")


def _with_words(found: Prospects, language: Language) -> "pd.DataFrame":
    """The table of targets with the names of scenarios and targets beside their keys."""
    names = {scenario.name: scenario.label(language) for scenario in found.scenarios}
    words = {goal.key: goal_text(goal, language) for goal in found.goals} | {ALL: text("all_targets", language)}
    table = found.table.copy()
    table.insert(1, "scenario_label", table["scenario"].map(names))
    table.insert(3, "target_label", table["target"].map(words))
    return table


def _named(table: "pd.DataFrame", language: Language) -> "pd.DataFrame":
    """The table of a forecast with indicators and remarks in words."""
    found = table.copy()
    found.insert(1, "indicator_label", found["indicator"].map(lambda key: BY_KEY[key].label(language)))
    found["remark"] = found["remark"].map(lambda key: text(key, language) if key else "")
    return found


def _write_workbook(tables: "dict[str, pd.DataFrame]", calibration: str, path: Path, language: Language) -> None:
    """The tables as sheets with headings in the language, and what they are conditional on."""
    import pandas as pd

    about = [("calibration", calibration_text(calibration, language)), ("terms", text("forecast_terms", language).format(base=BASE_YEAR))]
    headed = {
        name: table.rename(columns={column: column_text(str(column), language) for column in table.columns})
        for name, table in tables.items()
    }
    write_workbook({"about": pd.DataFrame(about, columns=["item", "content"]), **headed}, path)


def _draw_fans(found: Forecast, path: Path, language: Language) -> None:
    """The fan charts of what the model can speak to, the plan's targets among them."""
    import pandas as pd

    from ecosim.report import outlook_plots

    bands = _named(found.table[found.table["remark"] == ""], language)
    base = text("index_base", language).format(base=BASE_YEAR)
    indexed = bands["unit"] == "index"
    bands.loc[indexed, "indicator_label"] += f"（{base}）" if language == "zh" else f" ({base})"
    goals = pd.DataFrame(_goals(found), columns=["indicator", "year", "value"])
    terms = text("forecast_terms", language).format(base=BASE_YEAR)
    title = f"{text('forecast', language).format(name=found.scenario.label(language))}\n{terms}"
    canvas.save(outlook_plots.fans(bands, _history(found), goals, language, title), path)


def _history(found: Forecast) -> "pd.DataFrame":
    """What was published, and the base of every index."""
    import pandas as pd

    known = found.history
    bases = [
        (key, BASE_YEAR, 100.0, 100.0, 100.0)
        for key, indicator in BY_KEY.items()
        if indicator.form == "index" and key not in set(known["indicator"])
    ]
    return pd.concat([known, pd.DataFrame(bases, columns=known.columns)], ignore_index=True)


def _goals(found: Forecast) -> list[tuple[str, int, float]]:
    """Targets of the plan within the years forecast."""
    figures = regions.load(found.scenario.region).figures
    names = {outcome: name for name, outcome in ALIASES.items()}
    return [
        (names[outcome], figures[key].year, figures[key].value)
        for key, outcome in TARGETS.items()
        if key in figures and figures[key].year in found.ahead
    ]
