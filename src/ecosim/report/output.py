"""The folder that receives results: looked at before any work starts, filled aside, put in place at the end.

A folder of results carries `ecosim.sha256`, one line per file in the form that `sha256sum -c` checks. By it
earlier results are known from a user's own files: only folders that hold nothing else are ever replaced.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecosim.errors import OutputError, system_reason
from ecosim.wording import Words

__all__ = ["SEAL", "check_output", "output_folder"]

SEAL = "ecosim.sha256"
DESKTOP_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # made by file browsers, nobody's work
NAMED = 5  # files named in a refusal


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _files(folder: Path) -> list[str]:
    """Paths of the files in a folder, relative to it, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _seal(folder: Path) -> None:
    """List every file of finished results with its fingerprint."""
    lines = [f"{_digest(folder / name)}  {name}\n" for name in _files(folder)]
    (folder / SEAL).write_text("".join(lines), encoding="utf-8", newline="\n")


def _not_ours(folder: Path) -> list[str]:
    """Files that ecosim did not write, or that were changed since."""
    known = {SEAL: ""}
    if (folder / SEAL).is_file():
        for line in (folder / SEAL).read_text(encoding="utf-8", errors="replace").splitlines():
            digest, _, name = line.partition("  ")
            known[name] = digest
    strangers = [name for name in _files(folder) if name not in known and Path(name).name not in DESKTOP_FILES]
    changed = [
        f"{name} (changed since)"
        for name, digest in known.items()
        if name != SEAL and (folder / name).is_file() and _digest(folder / name) != digest
    ]
    return strangers + changed


def check_output(path: Path, replace: bool = False) -> None:
    """Refuse a place for results that holds something else or cannot be written.

    Raises OutputError, which names what is in the way and what to do.
    """
    try:
        _look_at(path, path.resolve(), replace)
    except OSError as reason:
        raise _not_writable(path, reason) from reason


def _look_at(path: Path, target: Path, replace: bool) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(Words(f"{path} is a file; name a folder for the results", f"{path} 是文件；请指定存放结果的文件夹"))
    if target == Path.cwd() or target in Path.cwd().parents or os.path.ismount(target):
        inside = path / "results"
        message = f"{path} cannot be replaced as a whole; name a folder inside it: {inside}"
        raise OutputError(Words(message, f"{path} 不能整个替换；请指定其中的文件夹：{inside}"))
    if target.is_dir() and _files(target):
        strangers = _not_ours(target)
        if strangers:
            raise _stands_in_the_way(path, strangers)
        if not replace:
            message = f"{path} holds earlier results; add --replace, or name another folder"
            raise OutputError(Words(message, f"{path} 中有以前的结果；请加 --replace，或换一个文件夹"))
    standing = next(folder for folder in (target, *target.parents) if folder.exists())
    if not standing.is_dir():
        message = f"{path} cannot be written: {standing} is a file; name another folder"
        raise OutputError(Words(message, f"无法写入 {path}：{standing} 是文件；请换一个文件夹"))
    for folder in {standing, target.parent if target.parent.exists() else standing}:
        if not os.access(folder, os.W_OK | os.X_OK):
            message = f"{path} cannot be written: no permission in {folder}; name another folder"
            raise OutputError(Words(message, f"无法写入 {path}：在 {folder} 中没有权限；请换一个文件夹"))


def _stands_in_the_way(path: Path, strangers: list[str]) -> OutputError:
    named, left = ", ".join(strangers[:NAMED]), len(strangers) - NAMED
    more = Words(f" and {left} more", f" 等 {len(strangers)} 个") if left > 0 else Words("", "")
    return OutputError(
        Words(
            f"{path} holds files that are not untouched results of ecosim: {named}{more}; name another folder, or move them away",
            f"{path} 中有不是 ecosim 结果或改动过的文件：{named}{more.zh}；请换一个文件夹，或把它们移走",
        )
    )


@contextmanager
def output_folder(path: Path, replace: bool = False) -> Iterator[Path]:
    """Yield a hidden folder to fill; when the block ends well it becomes `path`, otherwise it vanishes.

    With `replace`, earlier results in `path` disappear at that moment and not before. Raises OutputError as
    `check_output` does, and if finished results cannot be moved: they are kept, and the message says where.
    """
    check_output(path, replace)
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".partial", dir=target.parent))
    except OSError as reason:
        raise _not_writable(path, reason) from reason
    try:
        yield aside
        _seal(aside)
    except BrokenPipeError:  # nobody reads what is printed: no affair of the folder
        shutil.rmtree(aside, ignore_errors=True)
        raise
    except OSError as reason:
        shutil.rmtree(aside, ignore_errors=True)
        raise _not_writable(path, reason) from reason
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _put_in_place(aside, target, replace)


def _not_writable(path: Path, reason: OSError) -> OutputError:
    why = system_reason(reason)
    return OutputError(Words(f"{path} cannot be written: {why}; name another folder", f"无法写入 {path}：{why.zh}；请换一个文件夹"))


def _put_in_place(aside: Path, target: Path, replace: bool) -> None:
    """Rename finished results to their place, and remove what they replace."""
    before = aside.with_suffix(".before")
    try:
        check_output(target, replace)  # again: another run may have finished first
        aside.chmod(0o777 & ~_umask())  # a temporary folder is closed to colleagues, results are not
        if target.exists():
            target.rename(before)
        aside.rename(target)
    except (OSError, OutputError) as reason:
        if before.exists() and not target.exists():
            before.rename(target)
        kept = _kept(aside, target)
        why = system_reason(reason).zh if isinstance(reason, OSError) else reason.told("zh")
        message = f"the results are complete but could not be moved to {target}: {reason}; they are in {kept}"
        raise OutputError(Words(message, f"结果已完成，但无法移到 {target}：{why}；现存于 {kept}")) from reason
    shutil.rmtree(before, ignore_errors=True)


def _kept(aside: Path, target: Path) -> Path:
    """Give finished results a visible name beside their target."""
    number = 2
    while target.with_name(f"{target.name}-{number}").exists():
        number += 1
    return aside.rename(target.with_name(f"{target.name}-{number}"))


def _umask() -> int:
    """The permissions this process withholds from new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
