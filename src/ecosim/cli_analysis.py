"""The commands that read a sweep: sensitivity, discover, robust, power, compare; and optimise, which searches a budget."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from .cli_options import Out, Replace, Settings, progress, results
from .errors import Fault, SpecError
from .wording import Language, Words, suggestion

if TYPE_CHECKING:
    from rich.console import Console

    from .experiments.power import Wanted
    from .experiments.results import SweepResults
    from .experiments.statistics import Correction

Found = TypeVar("Found")

Sweep = Annotated[Path, typer.Argument(metavar="DIR", help="folder of a sweep; 扫描的结果目录", readable=False)]
Outcome = Annotated[
    list[str] | None,
    typer.Option("--outcome", metavar="OUTCOME@PERIOD", help="what is looked at (all that was kept); 指标"),
]
Against = Annotated[str | None, typer.Option(metavar="SCENARIO|POINT", help="of a sweep: the reference; 扫描的对照情景或点")]
CORRECTIONS = ("holm", "fdr_bh")


def compare_sweep(folder: Path, outcome: list[str] | None, against: str | None, correction: str, out: Path | None, replace: bool) -> None:
    """Compare the settings of a sweep (the command compare, given a folder)."""
    from .experiments.comparing import compare_sweep as compared
    from .report.analysis_console import show_comparison
    from .report.console import results_console

    if correction not in CORRECTIONS:
        message = Words(f"there is no correction {correction!r}", f"没有校正方法 {correction!r}")
        raise SpecError([Fault("--correction", message, suggestion(correction, CORRECTIONS))])
    chosen: Correction = "holm" if correction == "holm" else "fdr_bh"
    with results(out, replace) as written:
        found = compared(folder, outcome or (), _reference(against), chosen)
        show_comparison(results_console(), found, Settings.language)
        if written is not None:
            from .report.analysis_files import write_comparison

            write_comparison(found, written, Settings.language)


def _answer(
    folder: Path,
    ask: Callable[[SweepResults], Found],
    show: Callable[[Console, Found, SweepResults, Language], None],
    write: Callable[[Found, SweepResults, Path, Language], None],
    place: AbstractContextManager[Path | None],
) -> None:
    """Ask a question of a sweep, show what is found, and write it to the folder of `place`, if there is one."""
    from .experiments.results import open_results
    from .report.console import results_console

    with place as written:
        swept = open_results(folder)
        found = ask(swept)
        show(results_console(), found, swept, Settings.language)
        if written is not None:
            write(found, swept, written, Settings.language)


def _reference(against: str | None) -> str | int | None:
    """A scenario, or the number of a point."""
    return int(against) if against is not None and against.isdecimal() else against


def power_command(
    folder: Sweep,
    outcome: Outcome = None,
    detect: Annotated[str, typer.Option(metavar="1%|NUMBER", help="difference to be found; 欲发现的差异")] = "1%",
    half_width: Annotated[float, typer.Option(metavar="NUMBER", help="wanted instead: half-width of the interval; 区间半宽")] = 0.0,
    against: Against = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Say how many runs a question takes, from a pilot. 由试算推算所需的运行数。"""
    from .experiments.power import power
    from .experiments.results import open_results
    from .report.analysis_console import show_power
    from .report.console import results_console

    wanted = _wanted(detect, half_width)
    with results(out, replace) as written:
        found = open_results(folder)
        table = power(found.frame(), outcome or (), wanted, _reference(against))
        show_power(results_console(), table, found, wanted, Settings.language)
        if written is not None:
            from .report.analysis_files import write_power

            write_power(table, found, written, Settings.language)


def _wanted(detect: str, half_width: float) -> Wanted:
    """What the runs should tell. Raises SpecError for what is no positive number."""
    from .experiments.power import Wanted

    relative = detect.strip().endswith("%")
    try:
        size = float(detect.strip().removesuffix("%").replace(",", "").replace("_", ""))
    except ValueError:
        size = float("nan")
    if not (0.0 < size < float("inf")) or not (0.0 <= half_width < float("inf")):
        place, given = ("--half-width", half_width) if 0.0 < size < float("inf") else ("--detect", detect)
        remedy = Words("Write 1% of the baseline, or a positive number", "请写 1%（占对照）或一个正数")
        raise SpecError([Fault(place, Words(f"{given!r} is no size of a difference", f"{given!r} 不是差异的大小"), remedy)])
    return Wanted(size / 100.0 if relative else size, relative, half_width)


def sensitivity_command(folder: Sweep, outcome: Outcome = None, out: Out = None, replace: Replace = False) -> None:
    """Say what drives the outcomes of a Morris or Saltelli sweep. 分析什么在左右结果。"""
    from .experiments.sensitivity import sensitivity
    from .report.analysis_console import show_sensitivity
    from .report.analysis_files import write_sensitivity

    _answer(folder, lambda swept: sensitivity(swept, outcome or ()), show_sensitivity, write_sensitivity, results(out, replace))


def discover_command(
    folder: Sweep,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="'OUTCOME@YEAR>=VALUE'", help="what is of interest, in quotation marks; 所关注的情形")
    ],
    scenario: Annotated[str, typer.Option(help="the scenario looked at (the last); 所看的情景")] = "",
    difference: Annotated[bool, typer.Option("--difference", help="of the difference from the first scenario; 指与首个情景的差值")] = False,
    density: Annotated[float, typer.Option(help="wanted share of interest inside the box; 方框内的目标密度")] = 0.8,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Say under which factors something happens. 找出某一情形在何时出现。"""
    from .experiments.discovery import discover
    from .report.analysis_console import show_discovery
    from .report.analysis_files import write_discovery

    _answer(
        folder,
        lambda swept: discover(swept, outcome, scenario, difference, density),
        show_discovery,
        write_discovery,
        results(out, replace),
    )


def robust_command(
    folder: Sweep,
    outcome: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="OUTCOME@YEAR['>=VALUE']", help="outcome, or goal in quotation marks (all kept); 指标或目标"),
    ] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Say which package holds up over all futures. 比较各方案在各种未来情形下的稳健性。"""
    from .experiments.robustness import robust
    from .report.analysis_console import show_robustness
    from .report.analysis_files import write_robustness

    _answer(folder, lambda swept: robust(swept, outcome or ()), show_robustness, write_robustness, results(out, replace))


def optimise_command(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="file of envelopes and objectives; 预算与目标的文件", readable=False)],
    workers: Annotated[int | None, typer.Option(help="processes (all processors); 进程数")] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Search the best use of a budget. 寻找预算的最优用法。"""
    from .experiments.envelopes import load_envelopes
    from .experiments.optimisation import optimise
    from .report.analysis_console import show_optimum
    from .report.console import results_console

    asked = load_envelopes(plan)
    with results(out, replace) as written:
        with progress() as tell:
            found = optimise(asked, workers, tell)
        show_optimum(results_console(), found, Settings.language)
        if written is not None:
            from .report.analysis_files import write_optimum

            write_optimum(found, written, Settings.language)


COMMANDS: dict[str, Callable[..., None]] = {
    "power": power_command,
    "sensitivity": sensitivity_command,
    "discover": discover_command,
    "robust": robust_command,
    "optimise": optimise_command,
}
"""Name -> what it does."""
