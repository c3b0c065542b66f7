"""What the commands share: options, the language of the call, the folder of results and the bar of progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .report.labels import Language, text

if TYPE_CHECKING:
    from .workers import Progress

# `readable=False`: that a file cannot be read is said by the reader of files, in the language.
Files = Annotated[list[Path], typer.Argument(metavar="SCENARIO", help="scenario files; 情景文件", readable=False)]
OneFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="scenario file; 情景文件", readable=False)]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="folder for the results; 结果目录", readable=False)]
Parameters = Annotated[str, typer.Option("--parameters", metavar="posterior|prior|point", help="where they come from; 参数来源")]
Replace = Annotated[bool, typer.Option("--replace", help="replace earlier results in that folder; 覆盖旧结果")]


class Settings:
    """What holds for the whole call: the language, and what is said if it is broken off."""

    language: Language = "en"
    interrupted: str = "interrupted"


@contextmanager
def results(out: Path | None, replace: bool) -> Iterator[Path | None]:
    """A folder to fill, made before any work so that a refusal comes first; None if none is wanted."""
    if out is None:
        yield None
        return
    from .report.output import output_folder

    with output_folder(out, replace) as folder:
        yield folder
    typer.echo(text("written", Settings.language).format(path=out))


def progress() -> AbstractContextManager[Progress]:
    """A progress bar on stderr; gives the callback that moves it."""
    from .report.progress import progress_bar

    return progress_bar(Settings.language)
