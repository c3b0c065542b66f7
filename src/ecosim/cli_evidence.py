"""The command that asks whether the model can be believed: evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from .cli_options import Out, Replace, Settings, progress, results


def evidence_command(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="studies or rows, such as V1 (all); 研究编号")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="16 seeds and 16 prior draws, not 200 and 100; 快速")] = False,
    seeds: Annotated[int | None, typer.Option(help="experiments at the model's parameters; 实验次数")] = None,
    draws: Annotated[int | None, typer.Option(help="experiments at draws from the prior; 先验参数组数")] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Re-run published studies inside the model. 在模型中重做已发表的研究。"""
    from .evidence import evidence

    with results(out, replace) as folder:
        with progress() as tell:
            found = evidence(ids or [], quick=quick, seeds=seeds, draws=draws, progress=tell)
        from .report.console import results_console
        from .report.evidence_files import show_evidence, write_evidence

        show_evidence(results_console(), found, Settings.language)
        if folder is not None:
            write_evidence(found, folder, Settings.language)


COMMANDS: dict[str, Callable[..., None]] = {"evidence": evidence_command}
"""Name of a command -> its function."""
