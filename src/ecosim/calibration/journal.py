"""What a calibration has simulated so far: one durable record for each finished run.

A SQLite file in write-ahead mode with full synchronisation: each run is one transaction, written by the process
that lived it, so that whatever kills the program costs the runs under way and nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import Fault, SpecError
from ..wording import Words

FILE = "journal.sqlite"
PATIENCE = 120.0
"""Seconds a process waits for another that is writing."""

TABLES = """
create table if not exists about (name text primary key, value text not null) without rowid;
create table if not exists runs (draw integer, seed integer, found blob, seconds real not null, failure text not null,
                                 primary key (draw, seed)) without rowid;
"""

Key = tuple[int, int]
"""Number of the prior draw, and seed."""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that loses nothing it has committed."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        yield connection
    finally:
        connection.close()


def begin(folder: Path, about: Mapping[str, Any]) -> Path:
    """Start a journal for the calibration that `about` describes. Raises SpecError if the folder holds one."""
    path = folder / FILE
    if path.exists():
        message = Words(f"{folder} holds a calibration that has been begun", f"{folder} 中已有一次校准")
        remedy = Words("Add --resume to go on with it, or name another folder", "请加 --resume 继续，或换一个文件夹")
        raise SpecError([Fault("calibrate", message, remedy)])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = Words(f"{folder} holds other files", f"{folder} 中有其他文件")
        raise SpecError([Fault("calibrate", message, Words("Name another folder", "请换一个文件夹"))])
    folder.mkdir(parents=True, exist_ok=True)
    with opened(path) as connection:
        connection.executescript(TABLES)
        rows = [(name, json.dumps(value, sort_keys=True)) for name, value in about.items()]
        connection.execute("begin")
        connection.executemany("insert into about values (?, ?)", rows)
        connection.execute("commit")
    return path


def resume(folder: Path, about: Mapping[str, Any]) -> Path:
    """The journal of an earlier start. Raises SpecError if there is none, or if it is of another calibration."""
    path = folder / FILE
    if not path.exists():
        message = Words(f"there is nothing to resume in {folder}", f"{folder} 中没有可以继续的校准")
        raise SpecError([Fault("calibrate", message, Words("Leave --resume out to begin", "请去掉 --resume 重新开始"))])
    try:
        with opened(path) as connection:
            told = {name: json.loads(value) for name, value in connection.execute("select name, value from about")}
    except (sqlite3.DatabaseError, ValueError) as error:
        message = Words(f"this is no journal of a calibration ({error})", f"这不是校准记录（{error}）")
        raise SpecError([Fault(str(path), message, Words("Begin in another folder", "请在另一个文件夹中开始"))]) from error
    now = json.loads(json.dumps(dict(about), sort_keys=True))
    differing = [name for name in sorted(told.keys() | now.keys()) if told.get(name) != now.get(name)]
    if differing:
        seen = "; ".join(f"{name} was {_short(told.get(name))} and is {_short(now.get(name))}" for name in differing)
        remedy = Words("Begin anew in another folder, or go back to what it was", "请换文件夹重新开始，或恢复原来的设置")
        message = Words(f"{folder} holds another calibration: {seen}", f"{folder} 中是另一次校准：{seen}")
        raise SpecError([Fault("calibrate", message, remedy)])
    return path


def _short(value: object) -> str:
    """A value of `about` that fits into a message."""
    written = json.dumps(value)
    return written if len(written) <= 40 else f"{written[:36]} ..."


class Work(NamedTuple):
    """What was done: runs that came to their end, why others did not, and the seconds of all runs together."""

    runs: int
    failures: dict[Key, str]
    seconds: float


def record(path: Path, key: Key, found: np.ndarray | None, seconds: float, failure: str = "") -> None:
    """Write down one finished run: the moments it gave and how long it took, or why it gave none."""
    content = None if found is None else np.asarray(found, np.float64).tobytes()
    with opened(path) as connection:
        connection.execute("insert or replace into runs values (?, ?, ?, ?, ?)", (*key, content, seconds, failure))


def finished(path: Path) -> dict[Key, np.ndarray]:
    """The moments of every run that came to its end, in the order of their keys."""
    with opened(path) as connection:
        rows = connection.execute("select draw, seed, found from runs where found is not null order by draw, seed").fetchall()
    return {(draw, seed): np.frombuffer(found) for draw, seed, found in rows}


def failed(path: Path) -> dict[Key, str]:
    """Why runs gave nothing, in the order of their keys."""
    with opened(path) as connection:
        rows = connection.execute("select draw, seed, failure from runs where found is null order by draw, seed").fetchall()
    return {(draw, seed): failure for draw, seed, failure in rows}


def summary(path: Path) -> Work:
    """What was done so far."""
    with opened(path) as connection:
        runs, seconds = connection.execute("select count(found), total(seconds) from runs").fetchone()
    return Work(int(runs), failed(path), float(seconds))
