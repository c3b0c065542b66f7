"""Numba and LLVM as this model needs them: loops over wide tables, and a first start that takes no longer than it must.

None of the settings touches arithmetic: the same source gives the same bits.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

import llvmlite.binding
import numba
import numpy as np
from numba.core.callwrapper import PyCallWrapper
from numba.core.dispatcher import Dispatcher

__all__ = ["jit", "prepared"]

Function = Callable[..., Any]

LIMITS = (
    "-vectorize-memory-check-threshold=4000",
    "-runtime-memory-check-threshold=4000",
    "-grow-region-complexity-budget=500",
)
"""Limits of LLVM that were made for narrow loops; a stage touches some twenty columns.

The first two: up to how many checks that arrays do not overlap a loop is vectorised; LLVM's own limits leave a stage scalar
and three times slower. The third: how much work goes into splitting a variable's life among registers; LLVM's own limit
spends half of a wide kernel's compilation on that, and the loop gains nothing.
"""

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
"""Division by zero gives inf or nan; a kernel lets other threads run; nobody calls one from C."""

SIMPLE: set[type[Any]] = set()
"""Classes met so far that are of one type in machine code: numbers, and records of nothing but columns or real numbers."""

WRAPPER: Any = PyCallWrapper
TYPE_OF: Any = numba.typeof


def jit(function: Function, inline: bool, cache: bool) -> Any:
    """`function` compiled at its first call; inline: merged into its callers. Raises TypeError if it is no Python function."""
    _prepare()
    return numba.njit(cache=cache, forceinline=inline, **OPTIONS)(function)


@functools.cache
def prepared(stage: Function) -> Function:
    """The same stage, called with less ado: numba looks at every column of every table in every call, this at the table's class."""
    return Prepared(stage) if isinstance(stage, Dispatcher) else stage


class Prepared:
    """A kernel whose machine code is found by the kinds of its arguments; a table's class says what its columns hold."""

    def __init__(self, stage: Dispatcher) -> None:
        """Nothing is compiled yet."""
        self.stage = stage
        self.known: dict[tuple[Any, ...], Function] = {}
        self.tabular = True

    def __call__(self, *arguments: Any) -> Any:
        """Run the stage; at the first call with arguments of such kinds, as numba would."""
        if not self.tabular:
            return self.stage(*arguments)
        kinds = tuple([kind if (kind := type(argument)) in SIMPLE else _kind(argument) for argument in arguments])
        if machine_code := self.known.get(kinds):
            return machine_code(*arguments)
        found = self.stage(*arguments)
        self.known[kinds] = self.stage.get_overload(tuple([TYPE_OF(argument) for argument in arguments]))
        self.tabular = any(isinstance(argument, tuple) for argument in arguments)
        return found


def _kind(argument: Any) -> Any:
    """What decides an argument's type in machine code: its class or, until the class is known to be simple, more than that."""
    kind = type(argument)
    if kind is np.ndarray:
        return argument.dtype.char, argument.ndim, argument.flags.num
    if kind is tuple or (issubclass(kind, tuple) and not all(isinstance(value, np.ndarray | float) for value in argument)):
        return kind, *map(type, argument)
    SIMPLE.add(kind)
    return kind


@functools.cache
def _prepare() -> None:
    """Set up numba and LLVM, once in a process."""
    for limit in LIMITS:
        llvmlite.binding.set_option("ecosim", limit)
    WRAPPER.build = _plain_wrapper
    _leave_out_linear_algebra()


def _plain_wrapper(wrapper: Any, build: Function = PyCallWrapper.build) -> Any:
    """Numba's code that unpacks Python's arguments for a kernel, kept as written: to optimise it takes longer than the kernel."""
    function, api = build(wrapper)
    function.attributes.add("noinline")
    function.attributes.add("optnone")
    return function, api


def _leave_out_linear_algebra() -> None:
    """Keep numba from loading SciPy's linear algebra when it begins: a tenth of a second for what no kernel uses."""
    absent: Any = None
    if "scipy.linalg" not in sys.modules:
        sys.modules["scipy.linalg"] = absent
        importlib.import_module("numba.np.arraymath")
        del sys.modules["scipy.linalg"]
