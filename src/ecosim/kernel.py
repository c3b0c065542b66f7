"""Compile a function once per version of the source; leave it plain Python under NUMBA_DISABLE_JIT=1.

Two decorators: `@kernel` for rules and stages, `@inlined_kernel` for the few that every loop calls
(arithmetic and chance), whose calls vanish into the loop so that it vectorises. Compiled code is kept on disk
in a folder named by a hash of the model's source: numba alone looks only at the file that holds a kernel and
would load stale code after an edit of a function which that kernel calls.

No `fastmath`: a sum means the same in every loop, on every machine.
"""

import difflib
import functools
import hashlib
import os
import re
import shutil
import sys
import tempfile
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.dispatcher import Dispatcher
from numba.core.errors import NumbaError, UnsupportedBytecodeError

from .compiler import jit

__all__ = ["RuledStage", "cache_is_warm", "inlined_kernel", "kernel", "python_function", "with_rules"]

Function = Callable[..., Any]
Rules = Mapping[str, Function]
AnyFunction = TypeVar("AnyFunction", bound=Function)

SETTINGS: Any = numba.config

CACHE_VARIABLE = "ECOSIM_CACHE"
FOLDERS_KEPT = 3
SECONDS_BEFORE_PRUNING = 3600.0
"""A folder used within the last hour may belong to a run that is still going on."""

MARK = "is_ecosim_kernel"

IMPORTS = re.compile(r"^ *from (\.*)([\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
NAMES = re.compile(r"\w+")


def kernel(function: AnyFunction) -> AnyFunction:
    """Compile `function` at its first call and keep the result on disk. Division by zero gives inf or nan."""
    return _compiled(function, inline=False)


def inlined_kernel(function: AnyFunction) -> AnyFunction:
    """A kernel that is always merged into its caller: for short arithmetic called in the innermost loops."""
    return _compiled(function, inline=True)


def python_function(function: Function) -> Function:
    """The plain function behind a kernel; a plain function is its own."""
    return function.py_func if isinstance(function, Dispatcher) else function


def with_rules(stage: Function, rules: Rules) -> "RuledStage":
    """A copy of the kernel `stage` with other `rules` by name, in it and in all kernels it calls.

    A rule is named as the kernel's source names it, without a module. The original stays as it is.
    Raises ValueError for a name that no kernel under the stage calls.
    """
    known = sorted({name for caller in _reached(stage) for name, _ in _callees(caller)})
    for name in rules:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            hint = f"; did you mean {near[0]!r}?" if near else "; it calls no rule"
            raise ValueError(f"stage {stage.__name__!r} calls no rule named {name!r}{hint}")
    return RuledStage(stage, rules)


def cache_is_warm() -> bool:
    """Whether this version of the source has compiled kernels on disk (or nothing is compiled at all).

    If not, the first call takes seconds.
    """
    return bool(SETTINGS.DISABLE_JIT) or next(_cache_folder().rglob("*.nbc"), None) is not None


class RuledStage:
    """A stage with some rules replaced: compiled if the new rules allow it, interpreted by Python if not.

    `compiled` says which; a rule that cannot be compiled shows at the first call, before anything is done.
    """

    def __init__(self, stage: Function, rules: Rules) -> None:
        """Rebuild `stage`; `with_rules` checks the names first."""
        self._interpreted = _interpreted(stage, rules)
        compiled = None if SETTINGS.DISABLE_JIT else _recompiled(stage, rules)
        self._active = compiled or self._interpreted
        self.compiled = compiled is not None

    def __call__(self, *arguments: Any) -> Any:
        """Run the stage on `arguments`."""
        if not self.compiled:
            return self._active(*arguments)
        try:
            return self._active(*arguments)
        except (NumbaError, UnsupportedBytecodeError):
            self._active, self.compiled = self._interpreted, False
            return self._active(*arguments)


def _compiled(function: AnyFunction, inline: bool) -> AnyFunction:
    setattr(function, MARK, True)
    if SETTINGS.DISABLE_JIT:
        return function
    before = SETTINGS.CACHE_DIR
    SETTINGS.CACHE_DIR = str(_cache_folder())
    try:
        compiled: AnyFunction = jit(function, inline, cache=True)
        return compiled
    finally:
        SETTINGS.CACHE_DIR = before


# The folder of compiled code


@functools.cache
def _cache_folder() -> Path:
    """The folder for this version of the source, made if absent, with the oldest other versions removed."""
    name = _source_hash()
    for root in _cache_roots():
        folder = root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        _prune(root, folder)
        return folder
    return Path(tempfile.mkdtemp(prefix="ecosim-kernels-"))


def _cache_roots() -> Iterator[Path]:
    """Where compiled code may be kept, best first."""
    if chosen := os.environ.get(CACHE_VARIABLE):
        yield Path(chosen) / "kernels"
    try:
        home = Path.home()
    except RuntimeError:
        return
    if sys.platform == "win32":
        yield Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ecosim" / "kernels"
    elif sys.platform == "darwin":
        yield home / "Library" / "Caches" / "ecosim" / "kernels"
    else:
        yield Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "ecosim" / "kernels"


def _source_hash() -> str:
    digest = hashlib.sha256(f"numba {numba.__version__} python {sys.version_info[:2]}".encode())
    for path in sorted(_files_behind_kernels(Path(__file__).parent)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files_behind_kernels(package: Path) -> set[Path]:
    """Files of the package that declare kernels, and all that these import from it: an edit elsewhere compiles nothing anew."""
    waiting = [path for path in package.rglob("*.py") if "kernel\ndef " in path.read_text("utf-8")]
    waiting.append(Path(__file__))
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_imported(path, package))
    return found


def _imported(path: Path, package: Path) -> Iterator[Path]:
    """Files of the package that a file of the package imports by `from ... import ...`."""
    for dots, module, names in IMPORTS.findall(path.read_text("utf-8")):
        base = path.parents[len(dots) - 1] if dots else package.parent
        base = base.joinpath(*module.split(".")) if module else base
        for place in (base, *(base / name for name in NAMES.findall(names))):
            yield from (found for found in (place.with_suffix(".py"), place / "__init__.py") if found.is_file())


def _prune(root: Path, current: Path) -> None:
    """Keep the newest folders and those in recent use. Another process may prune at the same moment."""
    used: list[tuple[float, Path]] = []
    for folder in root.iterdir():
        try:
            used.append((folder.stat().st_mtime, folder))
        except FileNotFoundError:
            continue
    newest = sorted(used, reverse=True)
    limit = newest[0][0] - SECONDS_BEFORE_PRUNING
    for last_use, folder in newest[FOLDERS_KEPT:]:
        if last_use < limit and folder != current:
            shutil.rmtree(folder, ignore_errors=True)


# Replacing rules


def _recompiled(stage: Function, rules: Rules) -> Function | None:
    """The stage compiled anew around the new rules; None if one of them is no Python function.

    Kernels that call none of the rules are shared with the original.
    """
    try:
        compiled = {name: _compiled_rule(rule) for name, rule in rules.items()}
    except TypeError:
        return None
    callers = [function for function in _reached(stage) if _calls_any(function, rules)]
    return _rebuilt(stage, callers, compiled, lambda original, copy: jit(copy, _is_inlined(original), False))


def _compiled_rule(rule: Function) -> Function:
    """Raises TypeError if `rule` is no function that numba could compile."""
    return rule if isinstance(rule, Dispatcher) else jit(rule, inline=False, cache=False)


def _interpreted(stage: Function, rules: Rules) -> Function:
    plain = {name: python_function(rule) for name, rule in rules.items()}
    return _rebuilt(stage, list(_reached(stage)), plain, lambda original, copy: copy)


def _rebuilt(
    stage: Function,
    functions: Iterable[Function],
    rules: Rules,
    finish: Callable[[Function, Function], Function],
) -> Function:
    """Copies of `functions` that call each other and the new `rules`; returns the copy of `stage`."""
    copies = {}
    for original in functions:
        plain = python_function(original)
        names = {**plain.__globals__}
        copy = types.FunctionType(plain.__code__, names, None, plain.__defaults__, plain.__closure__)
        copies[plain] = finish(original, copy), names
    for plain, (_, names) in copies.items():
        for name, callee in _callees(plain):
            if name in rules:
                names[name] = rules[name]
            elif python_function(callee) in copies:
                names[name] = copies[python_function(callee)][0]
    return copies[python_function(stage)][0]


def _callees(function: Function) -> Iterator[tuple[str, Function]]:
    """The kernels that `function` calls by a global name."""
    plain = python_function(function)
    for name in plain.__code__.co_names:
        value = plain.__globals__.get(name)
        if callable(value) and hasattr(python_function(value), MARK):
            yield name, value


def _reached(stage: Function) -> list[Function]:
    """The stage and every kernel it calls, directly or not, each once."""
    found = {python_function(stage): stage}
    waiting = [stage]
    while waiting:
        for _, callee in _callees(waiting.pop()):
            if python_function(callee) not in found:
                found[python_function(callee)] = callee
                waiting.append(callee)
    return list(found.values())


def _calls_any(function: Function, rules: Rules) -> bool:
    return any(name in rules for caller in _reached(function) for name, _ in _callees(caller))


def _is_inlined(function: Function) -> bool:
    return isinstance(function, Dispatcher) and bool(function.targetoptions.get("forceinline", False))
