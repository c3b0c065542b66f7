"""The command line: parse, call, print. Each command imports what it needs, so that --help is quick."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from . import cli_analysis, cli_checks, cli_outlook, cli_sweep
from .cli_options import Files, OneFile, Out, Parameters, Replace, Settings
from .cli_options import progress as _progress
from .cli_options import results as _results
from .errors import EcosimError, Fault, SpecError
from .memory import search_seldom
from .report.labels import text
from .report.usage import language_of, locale_language, speak_chinese, usage_text
from .wording import told

if TYPE_CHECKING:
    from .sources import Source

USER_ERROR, INTERRUPTED = 2, 130
"""Exit codes."""

UsageError = cast(type[Any], typer.BadParameter.__base__)
"""What typer raises for a command line it cannot read, whether it carries click inside or finds it beside
itself.
"""

PLAIN = {"−": "-", "⇢": "->", "–": "-", "—": "-", "…": "...", "✓": "+"}
"""Signs that some consoles lack, and what stands for them there; any other becomes a question mark."""

commands = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Compare innovation-policy packages for a city before paying for them. 创新政策包的事前比较。",
)  # fmt: skip


@commands.callback()
def main(
    lang: Annotated[
        str,
        typer.Option("--lang", metavar="zh|en", help="language, anywhere on the line (or ECOSIM_LANG); 语言"),
    ] = "",
) -> None:
    """Compare innovation-policy packages for a city before paying for them. 创新政策包的事前比较。"""


@commands.command("run")
def run_command(
    scenario: OneFile,
    seed: Annotated[int, typer.Option(help="number of the world's chance; 随机种子")] = 1,
    draw: Annotated[int | None, typer.Option(help="number of the parameter draw (the point); 参数组编号")] = None,
    parameters: Parameters = "posterior",
    until: Annotated[str | None, typer.Option(metavar="2025Q4", help="last quarter; 最后一个季度")] = None,
    out: Out = None,
    replace: Replace = False,
) -> None:
    """Live one world. 运行一个情景。"""
    from .simulation import run

    with _results(out, replace) as folder:
        with _progress() as tell:
            found = run(scenario, seed, draw=draw, parameters=cast("Source", parameters), until=until, progress=tell)
        from .report.console import results_console, show_run

        show_run(results_console(), found, Settings.language)
        if folder is not None:
            from .report.effect_files import write_run

            write_run(found, folder, Settings.language)


@commands.command("compare")
def compare_command(
    scenarios: Annotated[
        list[Path],
        typer.Argument(metavar="BASELINE SCENARIO", help="the baseline first, or a folder of a sweep; 基准在前或扫描目录", readable=False),
    ],
    seeds: Annotated[int, typer.Option(help="seeds per parameter draw; 每组参数的种子数")] = 4,
    draws: Annotated[int | None, typer.Option(help="parameter draws (16; of a point 1); 参数组数")] = None,
    parameters: Parameters = "posterior",
    workers: Annotated[int | None, typer.Option(help="processes (all processors); 进程数")] = None,
    outcome: cli_analysis.Outcome = None,
    against: cli_analysis.Against = None,
    correction: Annotated[str, typer.Option(metavar="holm|fdr_bh", help="of a sweep: for many tests; 扫描的多重检验校正")] = "holm",
    out: Out = None,
    replace: Replace = False,
) -> None:  # fmt: skip
    """Compare packages with a baseline, pair by pair. 与基准逐对比较政策包。"""
    if len(scenarios) == 1 and scenarios[0].is_dir():
        cli_analysis.compare_sweep(scenarios[0], outcome, against, correction, out, replace)
        return
    from .comparison import compare

    with _results(out, replace) as folder:
        with _progress() as tell:
            effect = compare(
                *scenarios, seeds=seeds, draws=draws, parameters=cast("Source", parameters), workers=workers, progress=tell
            )  # fmt: skip
        from .report.console import results_console, show_effect

        show_effect(results_console(), effect, Settings.language)
        if folder is not None:
            from .report.effect_files import write_effect

            write_effect(effect, folder, Settings.language)


@commands.command("check")
def check_command(scenarios: Files) -> None:
    """List every fault of every scenario file. 检查情景文件。"""
    from .scenario import load

    faults: list[Fault] = []
    for path in scenarios:
        try:
            found = load(path)
        except SpecError as error:
            faults.extend(error.faults)
        else:
            typer.echo(f"{path}: {text('valid', Settings.language)} ({found.label(Settings.language)})")
            for note in found.notes:
                typer.echo(f"  {told(note, Settings.language)}")
    if faults:
        raise SpecError(faults)


@commands.command("policies")
def policies_command(
    name: Annotated[str | None, typer.Argument(help="an instrument; 政策工具")] = None,
) -> None:
    """List the instruments, or the parameters of one. 列出政策工具。"""
    from .report.console import results_console
    from .report.console_lists import parameters_table, policies_table

    table = policies_table(Settings.language) if name is None else parameters_table(name, Settings.language)
    results_console().print(table)


@commands.command("parameters")
def parameters_command(
    part: Annotated[str | None, typer.Argument(help="a part of the model, such as research; 模型的一部分，如 research")] = None,
) -> None:
    """List the parameters of the model, or of one part of it. 列出模型参数。"""
    from .report.console import results_console
    from .report.console_lists import model_table

    results_console().print(model_table(part, Settings.language))


@commands.command("schedule")
def schedule_command() -> None:
    """Print the stages of the quarter in order. 列出一个季度的各个阶段。"""
    from .report.console import results_console
    from .report.console_lists import stages_table

    results_console().print(stages_table(Settings.language))


@commands.command("explain")
def explain_command(
    name: Annotated[str, typer.Argument(metavar="POLICY.PARAMETER", help="such as rd_grant.share; 如 rd_grant.share")],
) -> None:
    """Follow a parameter from the scenario file to the outcomes. 追踪一个参数的作用路径。"""
    from .explain import walk

    typer.echo(walk(name).text(Settings.language))


@commands.command("schema")
def schema_command() -> None:
    """Print the JSON schema of scenario files, for editors. 输出情景文件的JSON模式。"""
    import json

    from .scenario import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


for _name, _command in (cli_checks.COMMANDS | cli_outlook.COMMANDS | cli_sweep.COMMANDS | cli_analysis.COMMANDS).items():
    commands.command(_name)(_command)


def app(words: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own if None) and return its exit code."""
    search_seldom()
    codecs.register_error("ecosim-plain", _plain_sign)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="ecosim-plain")
    given = list(sys.argv[1:] if words is None else words)
    try:
        Settings.language, Settings.interrupted = locale_language(), "interrupted"
        given, Settings.language = language_of(given)
        code = int(_command_line()(args=given, prog_name="ecosim", standalone_mode=False) or 0)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
        else:
            typer.echo(f"{text('error', Settings.language)}{usage_text(error, given, Settings.language)}", err=True)
        return USER_ERROR
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except EcosimError as error:
        typer.echo(f"{text('error', Settings.language)}{error.told(Settings.language)}", err=True)
        return USER_ERROR
    if code == INTERRUPTED:
        typer.echo(text(Settings.interrupted, Settings.language), err=True)
    return code


def _command_line() -> Any:
    """The commands as typer reads them, with help in the language."""
    found = typer.main.get_command(commands)
    if Settings.language == "zh":
        speak_chinese(found)
    return found


def _plain_sign(error: UnicodeError) -> tuple[str, int]:
    """What is written for characters that the console cannot show."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end])
    return written, error.end


if __name__ == "__main__":
    sys.exit(app())
