"""Units, quarters and dated values, and the only conversions between yearly and quarterly figures.

Inside the model everything is per quarter. A quarter is a whole number, 4 * year + quarter of the year - 1:
the difference of two is the time between them. Scenarios write "2021Q1", yuan and yearly rates.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, PlainSerializer, TypeAdapter, WithJsonSchema
from pydantic.functional_validators import PlainValidator
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from .wording import Words, refused

__all__ = [
    "ALWAYS",
    "Dated",
    "Quarter",
    "Rate",
    "Share",
    "Yuan",
    "YuanPerYear",
    "parse_quarter",
    "quarter_label",
    "quarter_of_year",
    "quarterly_flow",
    "quarterly_growth",
    "quarterly_hazard",
    "year_of",
]

Value = TypeVar("Value")

ALWAYS = 0
"""The first quarter of a value in force always."""

QUARTER_PATTERN = r"^[0-9]{4}Q[1-4]$"


# From years to quarters. Square roots, not `** 0.25`: they are exact to the last bit on every machine.


def quarterly_hazard(yearly: float) -> float:
    """Chance per quarter that compounds to the chance `yearly`: 8% a year is 2.06% a quarter, not 2%.

    Raises ValueError outside 0 to 1.
    """
    if not 0.0 <= yearly <= 1.0:
        raise ValueError(f"a yearly chance lies between 0 and 1, not {yearly}")
    return 1.0 - math.sqrt(math.sqrt(1.0 - yearly))


def quarterly_growth(yearly: float) -> float:
    """Growth per quarter that compounds to `yearly`: 8% a year is 1.94% a quarter.

    Raises ValueError below -1.
    """
    if not yearly >= -1.0:
        raise ValueError(f"yearly growth cannot be below -1 (nothing is left), not {yearly}")
    return math.sqrt(math.sqrt(1.0 + yearly)) - 1.0


def quarterly_flow(yearly: float) -> float:
    """A quarter of a yearly amount: yuan a year to yuan a quarter."""
    return yearly / 4.0


# Quarters


def parse_quarter(given: object) -> int:
    """The quarter written as "2021Q1". Raises ValueError for anything else."""
    if not (isinstance(given, str) and re.fullmatch(QUARTER_PATTERN, given)):
        message = f"{given!r} is not a quarter; write the year, Q and 1 to 4, as in 2021Q1"
        raise refused(Words(message, f"{given!r} 不是季度；请写年份、Q 和 1 至 4，如 2021Q1"))
    return int(given[:4]) * 4 + int(given[5]) - 1


def quarter_label(quarter: int) -> str:
    """The quarter as text: "2021Q1"."""
    return f"{year_of(quarter):04d}Q{quarter_of_year(quarter)}"


def year_of(quarter: int) -> int:
    """The calendar year of a quarter."""
    return quarter // 4


def quarter_of_year(quarter: int) -> int:
    """1 to 4."""
    return quarter % 4 + 1


# Types for the fields of scenarios. Strict: no text, no true or false where a number belongs; no inf or nan.

Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
"""A part of a whole, 0 to 1."""

Yuan = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
"""An amount of money, yuan, not negative."""

YuanPerYear = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
"""A yearly amount of money, yuan a year, not negative; `quarterly_flow` makes it quarterly."""

Rate = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A rate of change a year, 0.03 for 3%; may be negative."""

Quarter = Annotated[
    int,
    PlainValidator(parse_quarter),
    PlainSerializer(quarter_label, return_type=str),
    WithJsonSchema({"type": "string", "pattern": QUARTER_PATTERN}),
]
"""A quarter: "2021Q1" in a scenario, a whole number in the model."""


class Dated(Generic[Value]):
    """A value that changes at known dates; frozen and hashable. A scenario gives it in one of three ways:

    a bare value, in force always;
    a mapping {2021Q1: value, 2023Q4: value}, dates ascending, each value in force until the next date;
    {value: either of these, source: text}.

    As a pydantic field, `Dated[Share]` checks every value as a `Share`; a fault is placed at its date.
    """

    __slots__ = ("source", "steps")

    steps: tuple[tuple[int, Value], ...]
    """(first quarter in force, value), ascending."""

    source: str
    """Where the value comes from; empty if not said."""

    def __init__(self, steps: Iterable[tuple[int, Value]], source: str = "") -> None:
        """Raise ValueError if there is no value, or the dates do not ascend."""
        object.__setattr__(self, "steps", tuple(steps))
        object.__setattr__(self, "source", source)
        if not self.steps:
            raise refused(Words("no value; give at least one, as in {2021Q1: 0.3}", "没有值；请至少给出一个，如 {2021Q1: 0.3}"))
        for (earlier, _), (later, _) in pairwise(self.steps):
            if later <= earlier:
                here, before = quarter_label(later), quarter_label(earlier)
                message = f"the dates must ascend, but {here} stands after {before}; sort them"
                raise refused(Words(message, f"日期应递增，但 {here} 排在 {before} 之后；请排序"))

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a dated value never changes; make a new one."""
        raise AttributeError(f"a dated value is frozen; make a new one instead of setting {name!r}")

    def __delattr__(self, name: str) -> None:
        """Refuse, as for setting."""
        raise AttributeError(f"a dated value is frozen; {name!r} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the constructor."""
        return Dated, (self.steps, self.source)

    def __eq__(self, other: object) -> bool:
        """The same steps from the same source."""
        if not isinstance(other, Dated):
            return NotImplemented
        return (self.steps, self.source) == (other.steps, other.source)

    def __hash__(self) -> int:
        """By steps and source."""
        return hash((self.steps, self.source))

    def __repr__(self) -> str:
        """As a scenario writes it."""
        return f"Dated({self.plain()!r})"

    @classmethod
    def always(cls, value: Value, source: str = "") -> "Dated[Value]":
        """A value in force always."""
        return cls(((ALWAYS, value),), source)

    def at(self, quarter: int) -> Value:
        """The value in force in this quarter. Raises ValueError before the first date."""
        for first, value in reversed(self.steps):
            if first <= quarter:
                return value
        first_date, asked = quarter_label(self.steps[0][0]), quarter_label(quarter)
        raise ValueError(f"no value before {first_date}, so none in {asked}; add an earlier date")

    def plain(self) -> Any:
        """The value as a scenario writes it."""
        always = len(self.steps) == 1 and self.steps[0][0] == ALWAYS
        value = self.steps[0][1] if always else {quarter_label(first): value for first, value in self.steps}
        return {"value": value, "source": self.source} if self.source else value

    @classmethod
    def __get_pydantic_core_schema__(cls, source_type: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by `_reader`; describe the three ways of writing in the JSON schema."""
        (value_type,) = get_args(source_type) or (Any,)
        value = handler.generate_schema(value_type)
        date = core_schema.str_schema(pattern=QUARTER_PATTERN)
        closed = {"pydantic_js_updates": {"additionalProperties": False}}
        dates = core_schema.dict_schema(date, value, min_length=1, metadata=closed)
        bare = core_schema.union_schema([value, dates])
        return core_schema.no_info_plain_validator_function(
            _reader(value_type),
            json_schema_input_schema=core_schema.union_schema([value, dates, _sourced(bare)]),
            serialization=core_schema.plain_serializer_function_ser_schema(Dated.plain),
        )


def _sourced(bare: CoreSchema) -> CoreSchema:
    """{value: what `bare` accepts, source: text}."""
    field = core_schema.typed_dict_field
    source = core_schema.str_schema(strict=True)
    fields = {"value": field(bare), "source": field(source, required=False)}
    return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


def _reader(value_type: Any) -> Callable[[Any], Dated[Any]]:
    """The validator of `Dated[value_type]`. Faults keep their place: the date, or `value` and the date."""
    strict = ConfigDict(strict=True, allow_inf_nan=False)
    one_value: TypeAdapter[Any] = TypeAdapter(value_type, config=strict)
    by_date: TypeAdapter[dict[int, Any]] = TypeAdapter(dict[Quarter, value_type], config=strict)

    def read_steps(given: Any) -> Dated[Any]:
        if isinstance(given, Mapping):
            return Dated(by_date.validate_python(given).items())
        return Dated.always(one_value.validate_python(given))

    sourced = SchemaValidator(_sourced(core_schema.no_info_plain_validator_function(read_steps)))

    def read(given: Any) -> Dated[Any]:
        if isinstance(given, Dated):
            return read(given.plain())
        if not (isinstance(given, Mapping) and {"value", "source"} & given.keys()):
            return read_steps(given)
        fields = {"source": "", **sourced.validate_python(given)}
        return Dated(fields["value"].steps, fields["source"])

    return read
