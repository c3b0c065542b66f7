"""What every instrument is: a frozen record of dated, bounded parameters, one of them its dose."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from ..quantity import Dated, Quarter, Share, quarter_label
from ..wording import Words, refused

if TYPE_CHECKING:
    import numpy as np

    from ..levers import Call, Levers
    from ..region import Region

Value = TypeVar("Value", covariant=True)
PAYERS = "payers"
CORRECT_ONE = Words("Correct one of the two", "请改正其中一个")
FULL = 1e-9
"""Shares that should sum to one may miss it by this much (rounding of decimal fractions)."""


class FrozenMapping(Mapping[str, Value]):
    """A mapping that cannot be changed, can be hashed and pickled, and keeps its order."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]):
        self._values = dict(values)

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"FrozenMapping({self._values!r})"


def _sum_to_one(shares: Mapping[str, float]) -> FrozenMapping[float]:
    total = sum(shares.values())
    if abs(total - 1) > FULL:
        raise refused(Words(f"the shares sum to {total:g} and should sum to 1", f"各级比例之和为 {total:g}，应为 1"))
    return FrozenMapping(shares)


def distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, if there is at least one and none stands twice. Raises PydanticCustomError."""
    if not words or len(set(words)) < len(words):
        raise refused(Words("it should list at least one word, and none twice", "应至少列出一个单词，且不得重复"))
    return words


Payer = Literal["city", "province", "centre"]
Payers = Annotated[
    dict[Payer, Share],
    AfterValidator(_sum_to_one),
    PlainSerializer(dict, return_type=dict[str, float]),
]
"""Which government bears which share of the cost; the shares sum to 1."""


def parameter(description: str, unit: str, default: object = ..., *, zh: str, **limits: Any) -> Any:
    """A field of an instrument, with the meaning and unit that messages, schema and documentation repeat.

    zh: the description in Chinese; unit: one of `units.UNITS`.
    """
    return Field(default, description=Words(description, zh), json_schema_extra={"unit": unit}, **limits)


def payers() -> Any:
    """The field that says who pays; the city alone if left out."""
    return parameter(
        "share of the cost that each government bears", "share", {"city": 1.0}, zh="各级财政分担成本的比例", validate_default=True
    )


class Policy(BaseModel):
    """One instrument of policy; a subclass adds its own parameters and names the one that is its dose."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    label_en: ClassVar[str]
    label_zh: ClassVar[str]
    letter: ClassVar[str]
    """The phrase that stands for the instrument in the city's letter."""
    dose: ClassVar[str]
    """The parameter whose zero means: no such policy."""

    from_: Quarter | None = Field(
        None,
        alias="from",
        description=Words("first quarter in force; the start of the scenario if left out", "生效的第一个季度；不写即情景开始时"),
        json_schema_extra={"unit": "quarter"},
    )
    until: Quarter | None = parameter(
        "last quarter in force; without end if left out", "quarter", None, zh="生效的最后一个季度；不写即一直有效"
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            until, first = quarter_label(self.until), quarter_label(self.from_)
            message = Words(f"'until' {until} is before 'from' {first}", f"'until' {until} 早于 'from' {first}")
            raise refused(message, CORRECT_ONE)
        return self

    def dose_at(self, quarter: int) -> float:
        """The dose in the given quarter, in the unit of the dose parameter."""
        dose: Dated[float] = getattr(self, self.dose)
        return dose.at(quarter)

    def in_force(self, quarter: int) -> bool:
        """Whether the policy does anything in a quarter: it is between its dates, its dose above zero."""
        begun = self.from_ is None or quarter >= self.from_
        ended = self.until is not None and quarter > self.until
        return begun and not ended and self.dose_at(quarter) > 0

    def yearly_budget(self, quarter: int) -> float | None:
        """The year's envelope, yuan; None for an instrument without one."""
        budget: Dated[float] | None = vars(self).get("budget")
        return None if budget is None else budget.at(quarter)

    def appropriated(self, quarters: Sequence[int]) -> float:
        """What the envelopes opened in a period hold together, yuan: one when the policy begins and one each first quarter after."""
        opened = 0.0
        for quarter in quarters:
            if self.in_force(quarter) and (quarter % 4 == 0 or opened == 0.0):
                opened += self.yearly_budget(quarter) or 0.0
        return opened

    def paid_by(self) -> dict[str, float]:
        """Which government bears which share of the cost."""
        shares: Mapping[str, float] = getattr(self, PAYERS)
        return dict(shares)

    def members(self, region: "Region") -> Any:
        """Mask of the firms that are eligible; all firms in business unless a subclass narrows it."""
        return region.firms.identity.alive == 1

    def offer(self, levers: "Levers", region: "Region") -> "Call | None":
        """Before anyone decides: write levers for all who are eligible, or return a call. Every step in force."""
        return None

    def award(self, call: "Call", region: "Region") -> "np.ndarray":
        """After firms applied: choose within the envelope and write entitlements; returns the rows of the winners."""
        raise NotImplementedError(f"{type(self).__name__} opens calls and has to say how it awards")

    def check(self, region: "Region") -> None:
        """At the end of the quarter: see whether promises were kept, claim back, release what lapsed."""


def moment_of(policy: Policy, moment: int) -> int:
    """The `when` of draws that belong to one policy in one step; no other policy shares it."""
    return moment * (1 << 16) + _number_of(type(policy))


@cache
def _number_of(kind: type[Policy]) -> int:
    """A number of its own for each kind of policy, below 2 to the 16."""
    return zlib.crc32(kind.__name__.encode()) % (1 << 16)


def name_of(policy: Policy) -> str:
    """The key of the policy in scenarios: its file's name."""
    return type(policy).__module__.rpartition(".")[2]
