"""The commands that set the model against what is known: fit, evidence, calibrate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from .cli_options import OneFile, Out, Parameters, Replace, Settings, progress, results

if TYPE_CHECKING:
    from .sources import Source


def fit_command(
    scenario: OneFile,
    seeds: Annotated[int, typer.Option(help="seeds per parameter draw; 每组参数的种子数")] = 4,
    draws: Annotated[int | None, typer.Option(help="parameter draws (16; of a point 1); 参数组数")] = None,
    parameters: Parameters = "posterior",
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Set the model beside the data of the region. 模型与数据对照。"""
    from .fit import fit

    with results(out, replace) as folder:
        with progress() as tell:
            found = fit(scenario, seeds, draws, cast("Source", parameters), tell)
        from .report.console import results_console
        from .report.console_lists import fit_table

        results_console().print(fit_table(found, Settings.language))
        if folder is not None:
            from .report.effect_files import write_fit

            write_fit(found, folder, Settings.language)


def evidence_command(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]", help="studies or rows, such as V1 (all); 研究编号")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="16 seeds and 16 prior draws instead of 200 and 50; 快速")] = False,
    seeds: Annotated[int | None, typer.Option(help="experiments, each at a posterior draw; 实验次数")] = None,
    draws: Annotated[int | None, typer.Option(help="experiments at draws from the prior; 先验参数组数")] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Re-run published studies inside the model. 在模型中重做已发表的研究。"""
    from .evidence.table import evidence

    with results(out, replace) as folder:
        with progress() as tell:
            found = evidence(ids or [], quick=quick, seeds=seeds, draws=draws, progress=tell)
        from .report.console import results_console
        from .report.evidence_files import show_evidence, write_evidence

        show_evidence(results_console(), found, Settings.language)
        if folder is not None:
            write_evidence(found, folder, Settings.language)


def calibrate_command(
    region: Annotated[str, typer.Argument(metavar="REGION", help="such as nantong; 地区，如 nantong")],
    resume: Annotated[bool, typer.Option("--resume", help="go on with a calibration that was broken off; 继续中断的校准")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="folder (out/calibrate-REGION); 结果目录", readable=False),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="FILE", help="policies (scenarios/REGION/baseline.yaml); 情景文件", readable=False),
    ] = None,
    budget: Annotated[int | None, typer.Option(metavar="N", help="runs of the model (2400); 模型运行次数")] = None,
    workers: Annotated[int | None, typer.Option(help="processes (all processors); 进程数")] = None,
    install: Annotated[bool, typer.Option("--install", help="put the posterior into the region's pack; 装入地区数据包")] = False,
) -> None:
    """Fit the free parameters of a region to its data. 用数据校准参数。"""
    from .calibration import BUDGET, calibrate, plan_for

    plan = plan_for(region, scenario, BUDGET if budget is None else budget, install)
    folder = Path("out") / f"calibrate-{region}" if out is None else out
    Settings.interrupted = "interrupted_kept"
    with progress() as tell:
        found = calibrate(plan, folder, resume, workers, tell)
    from .report.calibration_files import show_calibration, write_calibration
    from .report.console import results_console

    shipped = write_calibration(found, folder, install, Settings.language)
    show_calibration(results_console(), shipped, Settings.language)


COMMANDS: dict[str, Callable[..., None]] = {"fit": fit_command, "evidence": evidence_command, "calibrate": calibrate_command}
"""Name -> what it does."""
