"""What moves what in a quarter with one instrument in force: links between places, read off the source.

Places are named "ventures.service" (a column), "levers.awareness", "calls.share", "promises.left",
"counts.licences", "flows.rent" (an account of the ledger), "survey.sales" and "outcomes.sales".
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from .. import outcomes, policies
from ..entitlements import Promises
from ..kernel import python_function
from ..ledger import Ledger
from ..levers import Call, Levers
from ..region import Region
from ..schedule import QUARTER
from ..survey import FIRST_STRATUM, MEASURES, Census, add_flows, add_stocks, certified_rows, count_firms
from .flow_methods import SPECIAL
from .source import Reader
from .syntax import Value

OWNERS: dict[str, type[Any]] = {
    "": Region, "ledger": Ledger, "levers": Levers, "promises": Promises, "calls": Call, "census": Census,
}  # fmt: skip
"""Objects whose methods are read like any function."""
TABLES = frozenset({
    "firms", "institutes", "incubators", "funds", "agencies", "policies", "law", "levers.firm", "levers.city",
    "promises.table", "ledger.envelopes", "survey", "traits",
})  # fmt: skip
SHORTER = {
    "firms.": "",
    "ledger.envelopes.": "envelopes.",
    "levers.firm.": "levers.",
    "levers.city.": "levers.",
    "promises.table.": "promises.",
}
"""Beginning of a place -> how it is shown."""
GIVEN = frozenset({"quarter", "moment", "steps_per_quarter", "seed", "pack", "traits", "relatedness", "law"})
"""Not state that a policy of the model moves."""
PACKAGE = __name__.partition(".")[0]
NOT_READ = frozenset({"arithmetic", "chance", "draws", "kernel", "quantity", "columns"})
"""Modules whose functions only pass on what they are given."""
ROW_IN_USE = frozenset({"identity.alive", "identity.id"})
"""Asked by every loop over rows; as a condition it says nothing."""


class Link(NamedTuple):
    """`target` is written from `source` (or, if `decides`, because of it) by a function, in a stage."""

    source: str
    target: str
    stage: str
    function: str
    file: str
    decides: bool


class Flow:
    """Links of one quarter and of reading its outcomes, and what each stage reads and writes."""

    def __init__(self, policy: str) -> None:
        """Read the quarter with one instrument in force; twice, since promises outlive the quarter."""
        self.policy = policy
        self.links: dict[Link, None] = {}
        self.reads: dict[str, dict[str, None]] = {}
        self.writes: dict[str, dict[str, None]] = {}
        self.promises = True
        """Whether the instrument makes promises."""
        self._numbers: dict[str, set[float | None]] = {}
        self._stage = ""
        self._running: list[Callable[..., Any]] = []
        for _ in range(2):
            self.links, self.reads, self.writes = {}, {}, {}
            for stage in QUARTER:
                self._stage = stage.name
                self._read(stage.run, {"region": Value(place="")})
            self._stage = "outcomes"
            self._read_outcomes()
            self.promises = "promises.holder" in self._numbers

    # What a Reader asks

    def origins(self, value: Value) -> set[str]:
        """All places a value comes from, its own included."""
        own = {leaf(value.place)} if value.place is not None and not self.is_table(value.place) else set()
        parts = {source for item in value.items or () for source in self.origins(item)}
        return {source for source in value.sources | own | parts if source.partition(".")[0] not in GIVEN}

    def is_table(self, place: str) -> bool:
        """Whether a place holds others."""
        firm_table = place.startswith("firms.") and place.count(".") == 1
        traits = place.startswith("traits.") and place.count(".") == 1
        return place in OWNERS or place in TABLES or place == f"policies.{self.policy}" or firm_table or traits

    def constant(self, place: str | None) -> float | None:
        """The one number the instrument ever writes to a field of its calls or promises, if there is one."""
        numbers = self._numbers.get(leaf(place), set()) if place is not None else set()
        return next(iter(numbers)) if len(numbers) == 1 else None

    def attribute(self, owner: Value, name: str) -> Value:
        """What an attribute of a table holds; "[]" stands for one of its entries."""
        place = owner.place or ""
        if place == "policies":
            return Value(place=f"policies.{self.policy}") if name == "[]" else Value(owner=owner, thing=dict.items)
        if place == f"policies.{self.policy}":
            return self._of_policy(owner, name)
        if (place, name) in (("", "law"), ("calls", "policy"), ("", "policies")):
            found = {"law": "law", "policy": f"policies.{self.policy}", "policies": "policies"}[name]
            return Value(place=found, words=frozenset({self.policy}))
        if place == "census" and name in ("region", "price"):
            return Value(place={"region": "", "price": "research_price"}[name])
        member = getattr(OWNERS[place], name, None) if place in OWNERS else None
        if isinstance(member, property) and member.fget is not None:
            return self._read(member.fget, {"self": owner})
        if inspect.isfunction(member):
            return Value(thing=member, owner=owner)
        return owner if name == "[]" else Value(place=f"{place}.{name}".lstrip("."), never=owner.never)

    def call(self, reader: Reader, function: Value, given: list[Value], named: dict[str, Value]) -> Value:
        """What a call returns; functions of the package are read in their turn."""
        thing = function.thing
        if callable(thing) and thing in SPECIAL:
            return SPECIAL[thing](self, reader, given, named)
        everything = [*given, *named.values(), function]
        if thing is np.array or thing is np.asarray:
            return given[0]
        if not _is_read(thing) or python_function(thing) in self._running:
            found = reader.merged(everything)
            found.never = thing is np.flatnonzero and given[0].never
            return found
        first = [function.owner] if function.owner is not None else []
        bound = inspect.signature(python_function(thing)).bind(*first, *given, **named)
        defaults = {
            name: Value(thing=parameter.default)
            for name, parameter in bound.signature.parameters.items()
            if parameter.default is not parameter.empty
        }
        return self._read(thing, defaults | bound.arguments, reader.decided)

    def note(self, reader: Reader, array: Value, index: Value, value: Value) -> None:
        """Write down that an array is written; a local one remembers where its contents came from."""
        if index.never:
            return
        if array.place is None:
            array.sources |= self.origins(value) | self.origins(index) | reader.decided
        elif array.place == "survey":
            number = (index.items or (index,))[0].thing
            names = MEASURES[FIRST_STRATUM:] if number is None else (MEASURES[number],)
            for name in names:
                self.write(reader, f"survey.{name}", value, index)
        elif not self.is_table(array.place):
            self.write(reader, leaf(array.place), value, index)

    def write(self, reader: Reader, target: str, value: Value, *chosen_by: Value) -> None:
        """Note one place written from a value, in rows that other values choose."""
        function, stage = reader.function, self._stage
        file = "/".join(function.__module__.split(".")[1:]) + ".py"
        name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
        sources = sorted(self.origins(value) - {"identity.id"})
        choosing = {source for chooser in chosen_by for source in self.origins(chooser)}
        deciding = sorted((reader.decided | choosing) - ROW_IN_USE - set(sources))
        for decides, places in ((False, sources), (True, deciding)):
            for source in places:
                self.links[Link(source, target, stage, name, file, decides)] = None
        self.reads.setdefault(stage, {}).update(dict.fromkeys([*sources, *deciding]))
        self.writes.setdefault(stage, {})[target] = None
        if target.startswith(("calls.", "promises.")):
            number = value.thing
            self._numbers.setdefault(target, set()).add(number if isinstance(number, int | float) else None)

    def _read(self, function: Callable[..., Any], bound: dict[str, Value], because: Iterable[str] = ()) -> Value:
        self._running.append(python_function(function))
        found = Reader(self, function, dict(bound), frozenset(because)).result()
        self._running.pop()
        return found

    def _of_policy(self, owner: Value, name: str) -> Value:
        model = policies.model(self.policy)
        if name in model.model_fields:
            return Value({f"{self.policy}.{model.model_fields[name].alias or name}"})
        member = getattr(model, name, None)
        if inspect.isfunction(member):
            return Value(thing=member, owner=owner)
        return Value(words=frozenset({member} if isinstance(member, str) else ()))

    def _read_outcomes(self) -> None:
        certified = self._read(certified_rows, {"region": Value(place="")})
        columns = {name: Value(place=f"firms.{name}") for name in ("identity", "market", "research", "knowledge", "ventures")}
        others = {
            "certified": certified,
            "wage": Value(place="research_price"),
            "sums": Value(place="survey"),
        }
        for counting in (count_firms, add_flows, add_stocks):
            given = {name: Value() for name in inspect.signature(python_function(counting)).parameters} | columns | others
            self._read(counting, given)
        for outcome in outcomes.CATALOGUE:
            reader = Reader(self, outcome.read or outcomes.with_ratios, {})
            found = Value({f"outcomes.{part}" for part in outcome.parts or ()})
            if outcome.read is not None:
                (argument,) = inspect.signature(outcome.read).parameters
                found = self._read(outcome.read, {argument: Value(place="census")})
            self.write(reader, f"outcomes.{outcome.key}", found)


def leaf(place: str) -> str:
    """The name of a place: "ventures.service" for firms.ventures.service."""
    for long, short in SHORTER.items():
        if place.startswith(long):
            return short + place.removeprefix(long)
    return place


def _is_read(thing: Any) -> bool:
    plain = python_function(thing)
    module = getattr(plain, "__module__", None) or ""
    package, _, name = module.partition(".")
    return inspect.isfunction(plain) and package == PACKAGE and name not in NOT_READ


@cache
def flow(policy: str) -> Flow:
    """The links with one instrument in force. Raises SpecError, naming the nearest, for an unknown one."""
    policies.model(policy)
    return Flow(policy)
