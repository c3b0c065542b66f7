"""The table of a sweep as a file for other programs: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Fault, OutputError, SpecError, system_reason
from ..wording import Words, suggestion
from .results import SweepResults

if TYPE_CHECKING:
    import pandas as pd

NAME = "runs"


def export(results: SweepResults, kind: str) -> Path:
    """Write every planned run with its numbers beside the store, as runs.csv, runs.xlsx or runs.parquet; gives the path.

    Equal sweeps give equal files, so the seconds that runs took are left out. An earlier export is replaced at the end and not
    before. Raises SpecError for another kind, OutputError if it cannot be written.
    """
    if kind not in WRITERS:
        raise SpecError([Fault("--to", Words(f"there is no format {kind!r}", f"没有格式 {kind!r}"), suggestion(kind, WRITERS))])
    path = results.folder / f"{NAME}.{kind}"
    aside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    table = results.runs.drop(columns="seconds").join(results.values).reset_index()
    try:
        WRITERS[kind](table, aside)
        aside.replace(path)
    except OSError as reason:
        why = system_reason(reason)
        raise OutputError(Words(f"{path} cannot be written: {why}", f"无法写入 {path}：{why.zh}")) from reason
    finally:
        aside.unlink(missing_ok=True)
    return path


def _csv(table: pd.DataFrame, path: Path) -> None:
    from ..report.tables import write_csv

    write_csv(table, path)


def _xlsx(table: pd.DataFrame, path: Path) -> None:
    from ..report.tables import write_workbook

    write_workbook({NAME: table}, path)


def _parquet(table: pd.DataFrame, path: Path) -> None:
    try:
        import duckdb
    except ImportError as error:
        message = Words("DuckDB is not installed", "没有安装 DuckDB")
        raise SpecError(
            [Fault("--to", message, Words("Install ecosim[parquet], or take csv", "请安装 ecosim[parquet]，或改用 csv"))]
        ) from error
    mixed = [name for name in table.columns if table[name].dtype == object]
    plain = table.astype(dict.fromkeys(mixed, str))
    written = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.register(NAME, plain)
        try:
            connection.execute(f"copy {NAME} to '{written}' (format parquet)")
        except duckdb.IOException as error:
            raise OSError(None, str(error)) from error


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {"parquet": _parquet, "csv": _csv, "xlsx": _xlsx}
"""Format -> how it is written."""
