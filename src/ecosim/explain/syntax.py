"""Values of expressions that are read and not run, and the syntax of functions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass
class Value:
    """What an expression may hold.

    sources: places it comes from; place: the state it is itself; items: parts of a tuple; words: texts it may
    be; thing: the Python object it is, where that is certain; owner: the object a method belongs to;
    never: no row has it, given what the instrument writes.
    """

    sources: set[str] = field(default_factory=set)
    place: str | None = None
    items: tuple[Value, ...] | None = None
    words: frozenset[str] = frozenset()
    thing: Any = None
    owner: Value | None = None
    never: bool = False

    @property
    def is_false(self) -> bool:
        """Whether it is certainly not true."""
        return self.never or self.thing is False


@cache
def _parsed(file: str) -> tuple[ast.FunctionDef | ast.Lambda, ...]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda))


def node_of(function: Callable[..., Any]) -> ast.FunctionDef | ast.Lambda:
    """The syntax of a function. Raises TypeError for one without source."""
    code = function.__code__
    places = {(line, column) for line, _, column, _ in code.co_positions()}
    for node in _parsed(code.co_filename):
        if isinstance(node, ast.Lambda):
            found = code.co_name == "<lambda>" and (node.body.lineno, node.body.col_offset) in places
        else:
            lines = {node.lineno, *(decorator.lineno for decorator in node.decorator_list)}
            found = code.co_name == node.name and code.co_firstlineno in lines
        if found:
            return node
    raise TypeError(f"{function!r} has no source to read")
