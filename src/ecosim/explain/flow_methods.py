"""Functions that mean more, or less, to a flow than their source says: offers, counts, records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ..entitlements import Promises
from ..ledger import Envelope, Ledger
from ..levers import Call, FirmLevers, Levers
from ..region import Region
from ..survey import MEASURES, Census
from .source import Reader
from .syntax import Value

if TYPE_CHECKING:
    from .flow import Flow

FIRM_LEVERS = frozenset(FirmLevers._fields)
Special = Callable[["Flow", Reader, list[Value], dict[str, Value]], Value]
"""(flow, reader, arguments without self, arguments by name) -> what the call returns."""


def _kernel(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    return given[0]


def _nothing(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    return Value()


def _count(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    for word in sorted(given[0].words):
        flow.write(reader, f"counts.{word}", given[1])
    return Value()


def _post(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    for word in sorted(given[2].words):
        flow.write(reader, f"flows.{word}", given[3])
    flow.write(reader, "ledger.balance", given[3])
    return Value()


def _reads(prefix: str, name: int) -> Special:
    """A method that looks up something called given[name]."""

    def read(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
        return Value({f"{prefix}.{word}" for word in given[name].words if word})

    return read


def _offer(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    for word in sorted(given[0].words & FIRM_LEVERS):
        flow.write(reader, f"levers.{word}", given[1], *given[2:], *named.values())
    return Value()


def _offer_city(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    for name, value in named.items():
        flow.write(reader, f"levers.{name}", value)
    return Value()


def _promise(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    for column, value in named.items():
        flow.write(reader, f"promises.{column}", value, *given)
    return Value()


def _active(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    return Value(place="promises.table", never=not flow.promises)


def _held(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    table = Value(place="promises.table", never=not flow.promises)
    return reader.merged([*(reader.attribute(table, column) for column in ("policy", "margin", "since", "until")), *named.values()])


def _builds(kind: type[Any], prefix: str, place: str) -> Special:
    """The constructor of a record kept under a place."""

    def build(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
        names = [field.name for field in fields(kind)]
        for name, value in {**dict(zip(names, given, strict=False)), **named}.items():
            flow.write(reader, f"{prefix}.{name}", value)
        return Value(place=place)

    return build


def _measure(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    return Value({f"survey.{MEASURES[given[0].thing]}"})


def _getattr(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    return reader.merged([reader.attribute(given[0], word) for word in sorted(given[1].words)])


def _policies(flow: Flow, reader: Reader, given: list[Value], named: dict[str, Value]) -> Value:
    pair = (Value(words=frozenset({flow.policy})), Value(place=f"policies.{flow.policy}"))
    return Value(items=(Value(items=pair),))


SPECIAL: dict[Any, Special] = {
    Region.kernel: _kernel,
    Region.count: _count,
    Ledger.post: _post,
    Levers.offer: _offer,
    Levers.offer_city: _offer_city,
    Levers.neutral: _nothing,
    Levers.grow: _nothing,
    Promises.write: _promise,
    Promises.active: _active,
    Promises.forget_lapsed: _nothing,
    Promises.held: _held,
    Call: _builds(Call, "calls", "calls"),
    Envelope: _builds(Envelope, "envelopes", "ledger.envelopes"),
    Census.count: _reads("counts", 0),
    Census.paid: _reads("flows", 2),
    Census.public: _reads("ledger", 0),
    Census.total: _measure,
    getattr: _getattr,
    dict.items: _policies,
}
