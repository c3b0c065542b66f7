"""The commands that look ahead: forecast, targets, score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from .cli_options import Files, OneFile, Out, Parameters, Replace, Settings, progress, results

if TYPE_CHECKING:
    from .sources import Source

Draws = Annotated[int | None, typer.Option(help="parameter draws; 参数组数")]
Workers = Annotated[int | None, typer.Option(help="processes (all processors); 进程数")]
Simulated = Annotated[
    bool,
    typer.Option("--as-simulated", help="leave levels as simulated, not started from published figures; 水平值不从统计值起算"),
]


def forecast_command(
    scenario: OneFile,
    until: Annotated[str | None, typer.Option(metavar="2025Q4", help="last quarter; 最后一个季度")] = None,
    draws: Draws = None,
    seeds: Annotated[int, typer.Option(help="seeds in each parameter draw; 每组参数的种子数")] = 2,
    paths: Annotated[int, typer.Option(help="GDP paths in each parameter draw; 每组参数的GDP路径数")] = 4,
    parameters: Parameters = "posterior",
    workers: Workers = None,
    as_simulated: Simulated = False,
    freeze: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="write forecast and benchmarks here, once; 冻结预测的文件夹", readable=False),
    ] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Forecast the indicators of a scenario, with bands. 预测各项指标及其区间。"""
    from .outlook.forecasting import forecast
    from .report import outlook_files

    if freeze is not None:
        outlook_files.refuse_frozen(freeze)
    with results(out, replace) as folder:
        with progress() as tell:
            size, source = (draws, seeds, paths), cast("Source", parameters)
            found = forecast(scenario, until, size=size, parameters=source, workers=workers, progress=tell)
        found = changed(found, anchored=not as_simulated)
        from .report.console import results_console
        from .report.outlook_console import show_forecast

        show_forecast(results_console(), found, Settings.language)
        if folder is not None:
            outlook_files.write_forecast(found, folder, Settings.language)
        if freeze is not None:
            outlook_files.freeze(found, freeze)


def targets_command(
    scenarios: Files,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="'OUTCOME@YEAR>=VALUE'", help="one more target, in quotation marks; 另加目标，请加引号"),
    ] = None,
    draws: Draws = None,
    seeds: Annotated[int, typer.Option(help="seeds in each parameter draw; 每组参数的种子数")] = 2,
    parameters: Parameters = "posterior",
    workers: Workers = None,
    as_simulated: Simulated = False,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Say how likely packages meet the targets of the plan. 各政策包实现规划目标的概率。"""
    from .outlook.plan import targets

    with results(out, replace) as folder:
        with progress() as tell:
            source = cast("Source", parameters)
            found = targets(*scenarios, more=target or (), draws=draws, seeds=seeds, parameters=source, workers=workers, progress=tell)
        found = changed(found, anchored=not as_simulated)
        from .report.console import results_console
        from .report.outlook_console import show_prospects

        show_prospects(results_console(), found, Settings.language)
        if folder is not None:
            from .report.outlook_files import write_prospects

            write_prospects(found, folder, Settings.language)


def score_command(
    forecast: Annotated[Path, typer.Argument(metavar="FORECAST.csv", help="a written forecast; 预测文件", readable=False)],
    outcomes: Annotated[Path, typer.Argument(metavar="OUTCOMES.csv", help="indicator, year, unit, value; 实际值文件", readable=False)],
    benchmarks: Annotated[Path | None, typer.Option(metavar="FILE", help="forecasts of plain rules; 对照预测文件", readable=False)] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Score a written forecast against what happened. 用实际值给预测打分。"""
    from .outlook.scoring import score

    with results(out, replace) as folder:
        found = score(forecast, outcomes, benchmarks)
        from .report.console import results_console
        from .report.score_console import show_scores

        show_scores(results_console(), found, Settings.language)
        if folder is not None:
            from .report.outlook_files import write_scores

            write_scores(found, folder)


COMMANDS: dict[str, Callable[..., None]] = {"forecast": forecast_command, "targets": targets_command, "score": score_command}
"""Name -> what it does."""
