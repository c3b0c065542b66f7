"""The commands of sweeps: sweep, status, export, rerun."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .cli_options import Out, Settings, progress
from .errors import Fault, SpecError
from .report.labels import text
from .wording import Words, told

if TYPE_CHECKING:
    from .experiments.engine import Door
    from .experiments.plan import Plan

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="file of the plan; 计划文件", readable=False)]
Swept = Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep; 扫描的结果目录", readable=False)]

LARGE_RUNS = 20_000
"""More runs than this are asked about first."""
DIFFERS = 1
"""Exit code where a run does not repeat itself."""


def sweep_command(
    plan: PlanFile,
    out: Out = None,
    workers: Annotated[int | None, typer.Option(help="processes (all processors); 进程数")] = None,
    engine: Annotated[str, typer.Option(metavar="local|dask", help="where runs are lived; 运行引擎")] = "local",
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="of Dask, such as tcp://host:8786; Dask 调度器地址")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on with a sweep that was broken off; 继续中断的扫描")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="begin a large sweep without asking; 大型扫描不再询问")] = False,
) -> None:
    """Live the worlds of a plan and keep every result. 按计划批量运行并保存结果。"""
    from .experiments.plan import load_plan
    from .experiments.sweeping import sweep

    asked = load_plan(plan)
    if not yes:
        _refuse_large(asked, workers)
    Settings.interrupted = "interrupted_kept"
    with progress() as tell:
        found = sweep(asked, out, workers, engine=_engine(engine, scheduler), resume=resume, progress=tell)
    from .report.console import results_console
    from .report.sweep_console import show_sweep

    show_sweep(results_console(), found, Settings.language)


def _engine(engine: str, scheduler: str | None) -> Door | str:
    """The door of a cluster, or the name of an engine. Raises SpecError if one is asked for without an address."""
    if engine != "dask":
        return engine
    if scheduler is None:
        option = "--scheduler tcp://HOST:8786"
        remedy = Words(f"Add {option}", f"请加 {option}")
        raise SpecError([Fault("--engine", Words("dask needs the address of its scheduler", "dask 需要调度器地址"), remedy)])
    from .experiments.cluster import DaskDoor

    return DaskDoor(scheduler)


def _refuse_large(plan: Plan, workers: int | None) -> None:
    """Raise SpecError with size and time of a large sweep."""
    from .experiments.sweeping import seconds_of_a_run
    from .experiments.worlds import count_runs
    from .workers import usable_processors

    runs = count_runs(plan)
    if runs <= LARGE_RUNS:
        return
    hours = runs * seconds_of_a_run(plan) / (workers or usable_processors()) / 3600.0
    message = Words(f"this is {runs:,} runs, about {hours:,.1f} hours here", f"共 {runs:,} 次运行，在本机约需 {hours:,.1f} 小时")
    raise SpecError([Fault(plan.name, message, Words("Add --yes to begin, or make the design smaller", "请加 --yes 开始，或缩小设计"))])


def status_command(folder: Swept) -> None:
    """Say how far a sweep is and what failed. 查看扫描进度。"""
    from .experiments.results import open_results
    from .report.console import results_console
    from .report.sweep_console import show_sweep

    show_sweep(results_console(), open_results(folder), Settings.language)


def export_command(
    folder: Swept, to: Annotated[str, typer.Option("--to", metavar="parquet|csv|xlsx", help="format; 格式")] = "csv"
) -> None:
    """Write the table of a sweep as a file in its folder. 导出扫描结果表。"""
    from .experiments.export import export
    from .experiments.results import open_results

    typer.echo(text("written", Settings.language).format(path=export(open_results(folder), to)))


def rerun_command(
    run_id: Annotated[str, typer.Argument(metavar="RUN_ID", help="a run, as tables name it; 运行编号")],
    folder: Annotated[Path, typer.Option("--in", metavar="DIR", help="folder of its sweep (.); 扫描的结果目录", readable=False)] = Path(),
) -> None:
    """Live one run of a sweep again and compare it byte by byte. 重新运行一次并逐字节核对。"""
    from .experiments.results import open_results
    from .experiments.sweeping import again

    found = again(open_results(folder), run_id)
    for name, value in found.values.items():
        typer.echo(f"{name} = {value!r}")
    typer.echo(told(found.verdict, Settings.language))
    if not found.same:
        raise typer.Exit(DIFFERS)


COMMANDS: dict[str, Callable[..., None]] = {
    "sweep": sweep_command,
    "status": status_command,
    "export": export_command,
    "rerun": rerun_command,
}
"""Name -> what it does."""
