# ruff: noqa: N802, N815 - the names of methods are those of the syntax
"""Functions read as source: what each statement writes, from what, and because of what. Nothing is run.

A *place* is where state is kept, as a path from the region ("firms.ventures.service"). Reading is cautious: a
value may come from every branch, a local array from everything ever put into it.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Protocol

from ..kernel import python_function
from .syntax import Value, node_of

COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
LEAVES = (ast.Return, ast.Continue, ast.Break)
SHAPES = frozenset({"size", "shape", "dtype"})


class World(Protocol):
    """What a reader asks about places and functions."""

    def origins(self, value: Value) -> set[str]:
        """All places a value comes from, its own included."""

    def is_table(self, place: str) -> bool:
        """Whether a place holds others."""

    def constant(self, place: str | None) -> float | None:
        """The one number that is ever written to a place, if there is one."""

    def attribute(self, owner: Value, name: str) -> Value:
        """What an attribute of a table holds."""

    def call(self, reader: Reader, function: Value, given: list[Value], named: dict[str, Value]) -> Value:
        """What a call returns."""

    def note(self, reader: Reader, array: Value, index: Value, value: Value) -> None:
        """Write down that a place is written."""


class Reader(ast.NodeVisitor):
    """Reads one function. Visiting an expression gives its Value."""

    def __init__(
        self,
        world: World,
        function: Callable[..., Any],
        known: dict[str, Value],
        because: frozenset[str] = frozenset(),
    ) -> None:
        """known: parameter -> Value; because: places that decide whether the function is called at all."""
        self.world = world
        self.function = python_function(function)
        self.known = known
        self.because = because
        self.deciding: list[set[str]] = []
        self.returned: list[Value] = []

    def result(self) -> Value:
        """Read the function; what it returns."""
        node = node_of(self.function)
        if isinstance(node, ast.Lambda):
            return self.value(node.body)
        self.block(node.body)
        if len(self.returned) == 1:
            return self.returned[0]
        sizes = {len(value.items or ()) for value in self.returned}
        if len(sizes) == 1 and sizes != {0}:
            columns = zip(*(value.items or () for value in self.returned), strict=True)
            return Value(items=tuple(self.merged(column) for column in columns))
        return self.merged(self.returned)

    @property
    def decided(self) -> set[str]:
        """Places that decide whether the present statement is reached."""
        return {source for sources in (self.because, *self.deciding) for source in sources}

    def merged(self, values: Iterable[Value]) -> Value:
        """A value that comes from all of these."""
        found = list(values)
        sources = {source for value in found for source in self.world.origins(value)}
        return Value(sources, words=frozenset(word for value in found for word in value.words))

    def value(self, node: ast.AST) -> Value:
        """The Value of an expression."""
        found = self.visit(node)
        return found if isinstance(found, Value) else Value()

    def generic_visit(self, node: ast.AST) -> Value:
        """Whatever has no rule of its own comes from all its parts."""
        return self.merged([self.value(child) for child in ast.iter_child_nodes(node)])

    # Statements

    def block(self, statements: list[ast.stmt]) -> None:
        """Read statements in order; after one that may leave early, the rest depends on what decided that."""
        before = len(self.deciding)
        for statement in statements:
            self.visit(statement)
            if isinstance(statement, ast.If) and isinstance(statement.body[-1], LEAVES):
                self.deciding.append(self.world.origins(self.value(statement.test)))
        del self.deciding[before:]

    def branch(self, by: Value, statements: list[ast.stmt]) -> None:
        """Read statements that are reached or not by the value of something."""
        self.deciding.append(self.world.origins(by))
        self.block(statements)
        self.deciding.pop()

    def visit_If(self, node: ast.If) -> None:
        """Leave out the branch that is never taken."""
        test = self.value(node.test)
        if not test.is_false:
            self.branch(test, node.body)
        if test.thing is not True:
            self.branch(test, node.orelse)

    def visit_For(self, node: ast.For) -> None:
        """Read the body once, or once for each part of a tuple."""
        over = self.value(node.iter)
        for item in over.items or (over,):
            self.store(node.target, item)
            self.branch(over, node.body)

    def visit_Return(self, node: ast.Return) -> None:
        """Gather what is returned."""
        if node.value is not None:
            self.returned.append(self.value(node.value))

    def visit_Assign(self, node: ast.Assign) -> None:
        """Store the value in every target."""
        value = self.value(node.value)
        for target in node.targets:
            self.store(target, value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Store the value."""
        if node.value is not None:
            self.store(node.target, self.value(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Store what was there and what is added."""
        self.store(node.target, self.merged([self.value(node.value), self.value(node.target)]))

    def store(self, target: ast.expr, value: Value) -> None:
        """Put a value where an assignment puts it."""
        if isinstance(target, ast.Tuple | ast.List):
            split = value.items is not None and len(value.items) == len(target.elts)
            for number, element in enumerate(target.elts):
                self.store(element, value.items[number] if split and value.items else value)
        elif isinstance(target, ast.Name):
            self.name(target.id, value)
        elif isinstance(target, ast.Subscript):
            self.world.note(self, self.value(target.value), self.value(target.slice), value)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value)
            inside = owner.place is not None and self.world.is_table(owner.place)
            self.world.note(self, self.attribute(owner, target.attr) if inside else owner, Value(), value)

    def name(self, name: str, value: Value) -> None:
        """Bind a local name; within a branch or a loop it may also keep what it held."""
        table = value.place is not None and self.world.is_table(value.place)
        if self.deciding and not (table or value.items or callable(value.thing)):
            before = [self.known[name]] if name in self.known else []
            never = all(held.never for held in (value, *before))
            value = self.merged([value, Value(self.decided), *before])
            value.never = never
        elif isinstance(value.thing, bool | int | float):
            value = Value(value.sources, value.place, value.items, value.words, None, None, value.never)
        self.known[name] = value

    # Expressions

    def visit_Constant(self, node: ast.Constant) -> Value:
        """A number, or a text that may name something."""
        return Value(words=frozenset({node.value} if isinstance(node.value, str) else ()), thing=node.value)

    def visit_Name(self, node: ast.Name) -> Value:
        """A local name, one of an enclosing function, or one of the module."""
        if node.id in self.known:
            return self.known[node.id]
        closed = dict(zip(self.function.__code__.co_freevars, self.function.__closure__ or (), strict=True))
        thing = closed[node.id].cell_contents if node.id in closed else self.function.__globals__.get(node.id)
        if node.id == "getattr":
            thing = getattr
        return Value(words=frozenset({thing} if isinstance(thing, str) else ()), thing=thing)

    def visit_Attribute(self, node: ast.Attribute) -> Value:
        """A place within a table, or something about a value."""
        return self.attribute(self.value(node.value), node.attr)

    def attribute(self, owner: Value, name: str) -> Value:
        """What `owner.name` holds."""
        if isinstance(owner.thing, ModuleType):
            return Value(thing=getattr(owner.thing, name, None))
        if owner.place is not None and self.world.is_table(owner.place):
            return self.world.attribute(owner, name)
        found = Value() if name in SHAPES else self.merged([owner])
        found.never = owner.never
        return found

    def visit_Subscript(self, node: ast.Subscript) -> Value:
        """A part of a tuple, or rows of a place."""
        array, index = self.value(node.value), self.value(node.slice)
        if array.items and isinstance(index.thing, int) and index.thing < len(array.items):
            return array.items[index.thing]
        if array.place is not None and self.world.is_table(array.place):
            return self.world.attribute(array, "[]")
        kept = array.sources if array.place is not None else self.world.origins(array)
        sources = kept | self.world.origins(index)
        return Value(sources, array.place, words=array.words | index.words, never=array.never or index.never)

    def visit_Tuple(self, node: ast.Tuple | ast.List) -> Value:
        """The parts, kept apart."""
        items = tuple(self.value(element) for element in node.elts)
        return Value(items=items, words=self.merged(items).words)

    visit_List = visit_Tuple

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Value:
        """A text with a star for each part that is filled in."""
        parts = [str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values]
        return Value(words=frozenset({"".join(parts)}))

    def visit_Compare(self, node: ast.Compare) -> Value:
        """Known where both sides are known numbers."""
        sides = [self.value(side) for side in (node.left, *node.comparators)]
        found = self.merged(sides)
        kept = [self.world.constant(side.place) for side in sides]
        numbers = [side.thing if number is None else number for side, number in zip(sides, kept, strict=True)]
        compare, known = type(node.ops[0]), all(isinstance(number, int | float) for number in numbers)
        if len(numbers) == 2 and known and compare in COMPARE:
            found.thing = COMPARE[compare](*numbers)
            found.never = not found.thing and kept != [None, None]
        found.never = found.never or any(side.never for side in sides)
        return found

    def visit_BinOp(self, node: ast.BinOp) -> Value:
        """Both sides; `&` of something that never holds never holds."""
        sides = [self.value(node.left), self.value(node.right)]
        found = self.merged(sides)
        found.never = isinstance(node.op, ast.BitAnd) and any(side.never for side in sides)
        return found

    def visit_BoolOp(self, node: ast.BoolOp) -> Value:
        """All sides; known where one side settles it."""
        sides = [self.value(side) for side in node.values]
        found = self.merged(sides)
        if isinstance(node.op, ast.Or) and all(isinstance(side.thing, str) for side in sides):
            return next((side for side in sides if side.thing), sides[-1])
        settles = any if isinstance(node.op, ast.And) else all
        found.thing = False if settles(side.is_false for side in sides) else None
        return found

    def visit_IfExp(self, node: ast.IfExp) -> Value:
        """Either value, and what decides between them."""
        return self.merged([self.value(part) for part in (node.test, node.body, node.orelse)])

    def visit_GeneratorExp(self, node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp) -> Value:
        """What is gathered from all rounds."""
        found: list[Value] = []
        for generator in node.generators:
            over = self.value(generator.iter)
            for item in over.items or (over,):
                self.store(generator.target, item)
                found += [over, *(self.value(test) for test in generator.ifs)]
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        return self.merged([*found, *(self.value(part) for part in parts)])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp

    def visit_Call(self, node: ast.Call) -> Value:
        """What the function or method called returns."""
        function = self.value(node.func)
        given: list[Value] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                found = self.value(argument.value)
                given += found.items or (found,)
            else:
                given.append(self.value(argument))
        named = {keyword.arg or "**": self.value(keyword.value) for keyword in node.keywords}
        return self.world.call(self, function, given, named)
