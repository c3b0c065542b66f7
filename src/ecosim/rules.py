"""The rules of the model by name, and worlds in which some of them are different.

A rule is a formula of one row: a kernel in an agents' file that stages call. Changing one rebuilds the stages
that reach it, for one region only; the model's own stays as it is.
"""

from __future__ import annotations

import dis
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Any

from . import agents
from .errors import Fault, SpecError
from .kernel import MARK, RuledStage, python_function, with_rules
from .region import Region
from .wording import Words, suggestion

Function = Callable[..., Any]


@cache
def catalogue() -> Mapping[str, Function]:
    """Every rule, name -> function, in alphabetical order.

    Raises TypeError if two files give different rules one name: nobody could say which is meant.
    """
    found: dict[str, Function] = {}
    for stage in stage_kernels():
        for rule in rules_of(stage):
            if found.setdefault(rule.__name__, rule) is not rule:
                raise TypeError(f"two rules are named {rule.__name__!r}; rename one")
    return MappingProxyType(dict(sorted(found.items())))


@cache
def stage_kernels() -> tuple[Function, ...]:
    """The loops over rows: kernels of the agents' files that no other kernel calls."""
    modules = [import_module(f"{agents.__name__}.{file.name}") for file in pkgutil.iter_modules(agents.__path__)]
    every = [kernel for module in modules for kernel in _kernels_in(module)]
    called = {callee for kernel in every for callee in _called(kernel)}
    return tuple(kernel for kernel in every if kernel not in called)


@cache
def rules_of(stage: Function) -> tuple[Function, ...]:
    """The rules a kernel reaches, directly or through another rule, in the order of its source."""
    found: dict[Function, None] = {}
    for rule in _called(stage):
        found |= dict.fromkeys((rule, *rules_of(rule)))
    return tuple(found)


def change_rules(region: Region, rules: Mapping[str, Function]) -> dict[str, tuple[RuledStage, ...]]:
    """Let a region live by other rules; returns, for each, the stages rebuilt around it.

    rules: name -> function of the same number of arguments, which must not change what it is given. One that
    cannot be compiled is run by Python, about a hundred times slower. Raises SpecError, naming the nearest
    rule, for a name that is none.
    """
    faults = [fault for name, rule in rules.items() for fault in _faults(name, rule)]
    if faults:
        raise SpecError(faults)
    rebuilt: dict[str, tuple[RuledStage, ...]] = dict.fromkeys(rules, ())
    for stage in stage_kernels():
        wanted = {rule.__name__: rules[rule.__name__] for rule in rules_of(stage) if rule.__name__ in rules}
        if wanted:
            changed = with_rules(stage, wanted)
            region.changed[stage] = changed
            rebuilt |= {name: (*rebuilt[name], changed) for name in wanted}
    return rebuilt


def how_they_ran(rebuilt: Mapping[str, tuple[RuledStage, ...]]) -> dict[str, str]:
    """Changed rule -> "compiled" or "interpreted"; known for certain once its stages have run."""
    return {name: "compiled" if all(stage.compiled for stage in stages) else "interpreted" for name, stages in rebuilt.items()}


def kernels_of(stage: Function) -> tuple[Function, ...]:
    """The kernels of the agents' files that a stage of the quarter runs."""
    names = stage.__code__.co_names
    modules = [stage.__globals__[name] for name in names if isinstance(stage.__globals__.get(name), ModuleType)]
    return tuple(kernel for module in modules for kernel in _kernels_in(module) if kernel.__name__ in names and kernel in stage_kernels())


def _faults(name: str, rule: Function) -> Iterator[Fault]:
    if name not in catalogue():
        yield Fault("rules", Words(f"there is no rule {name!r}", f"没有规则 {name!r}"), suggestion(name, catalogue()))
        return
    wanted = inspect.signature(python_function(catalogue()[name]))
    try:
        inspect.signature(python_function(rule)).bind(*wanted.parameters)
    except TypeError:
        message = Words(f"the new {name!r} cannot be called as the model calls it", f"新的 {name!r} 无法按模型的方式调用")
        yield Fault("rules", message, Words(f"Write {name}{wanted}", f"请写成 {name}{wanted}"))


def _kernels_in(module: ModuleType) -> list[Function]:
    return [
        value
        for value in vars(module).values()
        if hasattr(python_function(value), MARK) and python_function(value).__module__ == module.__name__
    ]


def _called(kernel: Function) -> list[Function]:
    """Kernels of the agents' files that a kernel calls by name."""
    plain = python_function(kernel)
    names = dict.fromkeys(step.argval for step in dis.get_instructions(plain) if step.opname == "LOAD_GLOBAL")
    values = [plain.__globals__.get(name) for name in names]
    return [
        value
        for value in values
        if value is not None
        and hasattr(python_function(value), MARK)
        and python_function(value).__module__.startswith(f"{agents.__name__}.")
    ]
