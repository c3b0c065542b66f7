"""The store of a sweep: one SQLite file in which every run that was acknowledged stays.

Every finished run is a transaction of its own in the write-ahead log, and is acknowledged once the log is on disk: the last
of the runs that come in together waits for the disk, which then holds those before it too. So whatever kills the program, or
the machine, costs the runs under way and nothing else. One process writes; a lock that the system takes back at its death
refuses a second one. Anybody may read meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from ..errors import Fault, OutputError, SpecError, system_reason
from ..wording import Words

FILE, LOCK = "sweep.sqlite", "sweep.lock"
PATIENCE = 60.0
"""Seconds a reader waits for the writer."""

TABLES = """
create table if not exists about (name text primary key, value text not null) without rowid;
create table if not exists runs (run_id text primary key, found blob, error text not null, seconds real not null) without rowid;
"""
LONGEST_SHOWN = 60

OTHER_FOLDER = Words("name another folder with --out", "可用 --out 另指定文件夹")
GO_ON = Words(
    "runs acknowledged before are kept; make room and go on with --resume", "此前已确认的运行保持不变；请腾出空间，再用 --resume 继续"
)


class Ended(NamedTuple):
    """How a run ended: its numbers as float64 bytes or None, why there are none, and the seconds it took."""

    run_id: str
    found: bytes | None
    error: str
    seconds: float


class Store:
    """The store in a folder, open for writing by this process alone, or for reading."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: sqlite3.Connection | None) -> None:
        """Use `create`, `resume` or `look`."""
        self.folder, self._connection, self._lock = folder, connection, lock

    @classmethod
    def create(cls, folder: Path, about: Mapping[str, Any]) -> Self:
        """A new store for the sweep that `about` describes. Raises OutputError if the folder holds anything or cannot be written."""
        _make(folder)
        with _said_plainly(folder):
            lock = _locked(folder)
            if (folder / FILE).exists():
                lock.close()
                message = f"{folder} holds a sweep that has been begun; add --resume to go on with it, or {OTHER_FOLDER}"
                raise OutputError(Words(message, f"{folder} 中已有一次扫描；请加 --resume 继续，或{OTHER_FOLDER.zh}"))
            store = cls(folder, _opened(folder / FILE), lock)
            store._connection.executescript(TABLES)
            with store._transaction() as connection:
                connection.executemany("insert into about values (?, ?)", [(name, _json(value)) for name, value in about.items()])
        return store

    @classmethod
    def resume(cls, folder: Path, about: Mapping[str, Any], compared: Iterable[str]) -> Self:
        """The store of an earlier start, to go on with. Raises SpecError if it is of another sweep: `compared` names the
        parts of `about` that must be as they were.
        """
        if not (folder / FILE).is_file():
            message = Words(f"{folder} holds no sweep to go on with", f"{folder} 中没有可继续的扫描")
            raise SpecError([Fault("--resume", message, Words("Leave --resume out to begin one", "去掉 --resume 以重新开始"))])
        with _said_plainly(folder):
            lock = _locked(folder)
            store = cls(folder, _opened(folder / FILE), lock)
            told = store.about()
        differing = [line for name in compared for line in differences(name, told.get(name), json.loads(_json(about.get(name))))]
        if differing:
            store.close()
            message = Words(
                f"it holds another sweep: {'; '.join(str(line) for line in differing)}",
                f"其中是另一次扫描：{'；'.join(line.zh for line in differing)}",
            )
            remedy = Words("Go back to what it was, or begin anew in another folder", "请恢复原来的设置，或换文件夹重新开始")
            raise SpecError([Fault(str(folder / FILE), message, remedy)])
        return store

    @classmethod
    def look(cls, folder: Path) -> Self:
        """The store in a folder, to be read. Raises SpecError if there is none, or it is damaged."""
        path = folder / FILE
        if not path.is_file():
            message = Words(f"{folder} holds no sweep", f"{folder} 中没有扫描结果")
            raise SpecError([Fault(str(folder), message, Words("Name the folder that `ecosim sweep` filled", "请写扫描的结果目录"))])
        with _said_plainly(folder):
            store = cls(folder, _opened(path, read_only=True), None)
            store.about()
        return store

    def about(self) -> dict[str, Any]:
        """What the sweep is: name -> value."""
        with _said_plainly(self.folder):
            return {name: json.loads(value) for name, value in self._connection.execute("select name, value from about")}

    def note(self, name: str, value: Any) -> None:
        """Write down something more about the sweep."""
        with _said_plainly(self.folder), self._transaction() as connection:
            connection.execute("insert or replace into about values (?, ?)", (name, _json(value)))

    def record(self, ended: Sequence[Ended]) -> None:
        """Acknowledge runs that have ended, each in a transaction of its own; all are on disk afterwards. Raises OutputError if the
        disk refuses: the runs before the one it refused are kept.
        """
        with _said_plainly(self.folder):
            for number, each in enumerate(ended, 1):
                self._wait_for_disk(number == len(ended))
                with self._transaction() as connection:
                    connection.execute("insert or replace into runs values (?, ?, ?, ?)", each)

    def _wait_for_disk(self, waits: bool) -> None:
        """Whether the end of a transaction waits until the log is on disk, with all that was written before."""
        self._connection.execute(f"pragma synchronous = {'full' if waits else 'normal'}")

    def ended(self) -> dict[str, Ended]:
        """Every acknowledged run by its identity, in order of identities."""
        with _said_plainly(self.folder):
            rows = self._connection.execute("select run_id, found, error, seconds from runs order by run_id")
            return {row[0]: Ended(*row) for row in rows}

    def close(self) -> None:
        """Let go of the file and of the lock."""
        self._connection.close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("begin immediate")
        try:
            yield self._connection
            self._connection.execute("commit")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            raise


def differences(name: str, was: Any, now: Any) -> list[Words]:
    """Where two values made of mappings and lists differ, each place named with what was there and what is."""
    if isinstance(was, dict) and isinstance(now, dict):
        keys = dict.fromkeys((*was, *now))
        return [line for key in keys for line in differences(f"{name}.{key}", was.get(key), now.get(key))]
    if was == now:
        return []
    before, after = (_short(value) for value in (was, now))
    return [Words(f"{name} was {before} and is {after}", f"{name} 原为 {before}，现为 {after}")]


def _short(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= LONGEST_SHOWN else f"{written[: LONGEST_SHOWN - 4]} ..."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def _make(folder: Path) -> None:
    """A folder for a new store: made if absent, refused if it holds other files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = sorted(path.name for path in folder.iterdir() if path.name not in (FILE, LOCK, f"{FILE}-wal", f"{FILE}-shm"))
    except OSError as reason:
        why = system_reason(reason)
        raise OutputError(
            Words(f"{folder} cannot be written: {why}; {OTHER_FOLDER}", f"无法写入 {folder}：{why.zh}；{OTHER_FOLDER.zh}")
        ) from reason
    if strangers and not (folder / FILE).exists():
        message = f"{folder} holds other files ({', '.join(strangers[:3])}); {OTHER_FOLDER}"
        raise OutputError(Words(message, f"{folder} 中有其他文件（{'、'.join(strangers[:3])}）；{OTHER_FOLDER.zh}"))


def _opened(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """A connection that loses nothing it has committed."""
    address = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(address, timeout=PATIENCE, isolation_level=None, uri=True)
    if not read_only:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
    return connection


def _locked(folder: Path) -> sqlite3.Connection:
    """A lock on the folder that ends with this process. Raises OutputError if another holds it."""
    lock = sqlite3.connect(folder / LOCK, timeout=0.0, isolation_level=None)
    try:
        lock.execute("begin exclusive")
    except sqlite3.OperationalError as reason:
        lock.close()
        if "locked" not in str(reason):
            raise
        message = f"another process is filling {folder}; wait for it, or {OTHER_FOLDER}"
        raise OutputError(Words(message, f"另一进程正在写入 {folder}；请等它结束，或{OTHER_FOLDER.zh}")) from reason
    return lock


REASONS = (
    ("disk is full", Words("the disk is full", "磁盘已满"), GO_ON),
    ("readonly", Words("it is read-only", "只读"), OTHER_FOLDER),
    ("unable to open", Words("it cannot be opened", "无法打开"), Words("check its permissions", "请检查权限")),
    ("disk I/O", Words("the disk refuses", "磁盘拒绝写入"), GO_ON),
    (
        "",
        Words("the file is damaged", "文件已损坏"),
        Words("it is left as it is: put back a copy, or begin anew in another folder", "程序未改动它：请恢复备份，或换文件夹重新开始"),
    ),
)
"""What SQLite says -> what it means, and what to do."""


@contextmanager
def _said_plainly(folder: Path) -> Iterator[None]:
    """Errors of the database as one sentence with a remedy."""
    try:
        yield
    except (sqlite3.DatabaseError, json.JSONDecodeError) as error:
        why, remedy = next((why, remedy) for said, why, remedy in REASONS if said in str(error))
        message = f"{folder / FILE}: {why} ({error}); {remedy}"
        raise OutputError(Words(message, f"{folder / FILE}：{why.zh}（{error}）；{remedy.zh}")) from error
