"""A sweep in words: how far it is, what failed, and where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from ecosim.wording import Language, Words, told

if TYPE_CHECKING:
    from ecosim.experiments.results import SweepResults

FAILURES_SHOWN = 5


def show_sweep(console: Console, results: SweepResults, language: Language) -> None:
    """Name, size, states, first failures, and how to go on."""
    counts, name = results.counts(), results.plan.name
    done, failed, pending, planned = (f"{counts[state]:,}" for state in ("done", "failed", "pending", "planned"))
    seconds = results.runs["seconds"]
    lines = [
        Words(
            f"{name}: {done} of {planned} runs done, {failed} failed, {pending} to come",
            f"{name}：共 {planned} 次运行，完成 {done}，失败 {failed}，待运行 {pending}",
        ),
        Words(f"{results.folder}: {seconds.sum():,.0f} s of work", f"{results.folder}：累计计算 {seconds.sum():,.0f} 秒"),
    ]
    errors = results.runs.loc[results.runs["state"] == "failed", "error"]
    lines += [_failure(run_id, str(error)) for run_id, error in errors.head(FAILURES_SHOWN).items()]
    if len(errors) > FAILURES_SHOWN:
        left = len(errors) - FAILURES_SHOWN
        lines.append(Words(f"  and {left:,} more", f"  另有 {left:,} 个"))
    if counts["failed"] or counts["pending"]:
        command = f"ecosim sweep PLAN --out {results.folder} --resume"
        lines.append(Words(f"Go on, failed runs included, with '{command}'", f"用 '{command}' 继续（含失败的运行）"))
    for line in lines:
        console.print(escape(told(line, language)))


def _failure(run_id: object, error: str) -> Words:
    return Words(f"  {run_id} failed: {error}", f"  {run_id} 失败：{error}")
