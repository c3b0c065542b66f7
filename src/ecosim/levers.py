"""Levers, calls and entitlements: the only ways in which a policy reaches an agent.

A *lever* is a price, share, ceiling or amount that agents read when they decide. Levers are neutral at the start of every quarter and
are combined by one rule each, so the order of policies cannot matter. A *call* is a rationed offer that firms answer. An
*entitlement* is what outlives the quarter: an award's instalments, a voucher's four quarters, a certificate's three years.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import add, mul
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_type_hints

import numpy as np

from .columns import Flags, Floats, Ints, rows_where, with_room
from .errors import EcosimError
from .kernel import kernel

if TYPE_CHECKING:
    from .policies.contract import Policy

Rule = Literal["multiply", "add", "max", "min"]

RULES: tuple[Rule, ...] = ("multiply", "add", "max", "min")
MULTIPLY, ADD, MAX = range(3)

UFUNCS: dict[Rule, np.ufunc] = {"multiply": np.multiply, "add": np.add, "max": np.maximum, "min": np.minimum}
"""How two offers of one lever become one."""

NUMBERS: dict[Rule, Callable[[float, float], float]] = {"multiply": mul, "add": add, "max": max, "min": min}
"""The same for two numbers."""


class Lever(NamedTuple):
    """Unit, neutral value, combining rule and meaning of one lever."""

    unit: str
    neutral: float
    combine: Rule
    meaning: str


class FirmLevers(NamedTuple):
    """What is offered to each firm this quarter."""

    deduction: Annotated[Floats, Lever("share", 0.0, "max", "extra share of R&D deducted from taxable income")]
    tax_ceiling: Annotated[Floats, Lever("share", 1.0, "min", "ceiling on the rate of corporate income tax")]
    rd_price: Annotated[Floats, Lever("share", 1.0, "multiply", "share of its R&D bill the firm pays itself")]
    start_cost: Annotated[Floats, Lever("share", 1.0, "multiply", "share of the cost of starting R&D it bears")]
    search_cost: Annotated[Floats, Lever("share", 1.0, "multiply", "share of the cost of finding a partner it bears")]
    awareness: Annotated[Floats, Lever("1", 1.0, "multiply", "factor on the chance of hearing of a call")]
    rent: Annotated[Floats, Lever("share", 1.0, "multiply", "share of incubator rent it pays")]
    instruments_share: Annotated[Floats, Lever("share", 0.0, "max", "share of an instrument or testing fee paid for it")]
    research_share: Annotated[Floats, Lever("share", 0.0, "max", "share of a contract-research fee paid for it")]
    service_left: Annotated[Floats, Lever("yuan", 0.0, "add", "what is left of its support for services")]
    certified: Annotated[Floats, Lever("quarters", 0.0, "max", "quarters left of its certificate, this one included")]
    advised: Annotated[Floats, Lever("1", 0.0, "max", "1 if a district advises it on the certificate")]


class CityLevers(NamedTuple):
    """What is offered to the whole city this quarter, one number of 64 bits each, so that rules mean the same interpreted as compiled."""

    certificate_ceiling: Annotated[float, Lever("share", 1.0, "min", "tax rate that a certified firm pays at most")]
    certificate_small: Annotated[float, Lever("share", 1.0, "min", "R&D share of sales asked of firms up to the lower size bound")]
    certificate_medium: Annotated[float, Lever("share", 1.0, "min", "R&D share of sales asked of firms between the bounds")]
    certificate_large: Annotated[float, Lever("share", 1.0, "min", "R&D share of sales asked of firms above the upper bound")]
    certificate_small_sales: Annotated[float, Lever("yuan/year", 0.0, "max", "lower size bound")]
    certificate_large_sales: Annotated[float, Lever("yuan/year", 0.0, "max", "upper size bound")]
    certificate_income: Annotated[float, Lever("share", 1.0, "min", "high-tech income asked for")]
    certificate_staff: Annotated[float, Lever("share", 1.0, "min", "science staff asked for")]
    certificate_age: Annotated[float, Lever("quarters", 0.0, "max", "least age of a certified firm")]
    claim_paperwork: Annotated[float, Lever("yuan/year", 0.0, "add", "cost of claiming the extra deduction")]
    certificate_renewal: Annotated[float, Lever("yuan", 0.0, "add", "award on renewed certification")]
    certificate_award: Annotated[float, Lever("yuan", 0.0, "add", "award on first certification")]
    meeting_rate: Annotated[float, Lever("1", 1.0, "multiply", "factor on the rate at which inventions meet buyers")]
    entry_odds: Annotated[float, Lever("1", 1.0, "multiply", "factor on the chance that a would-be founder starts")]
    places: Annotated[float, Lever("1", 1.0, "multiply", "factor on places in incubators")]


@cache
def declared(table: type[Any]) -> dict[str, Lever]:
    """Name -> Lever, in order."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(table, include_extras=True).items()}


@cache
def _nobody_offers() -> CityLevers:
    return CityLevers._make(np.float64(lever.neutral) for lever in declared(CityLevers).values())


class Levers:
    """This quarter's offers. `firm` and `city` are handed to kernels; policies write through `offer` and `offer_city` alone."""

    def __init__(self, rows: int) -> None:
        self.firm = FirmLevers(*(with_room(np.empty(0), rows, lever.neutral) for lever in declared(FirmLevers).values()))
        self.city = _nobody_offers()
        self.authors: dict[str, list[str]] = {}

    def grow(self, rows: int) -> None:
        """Make room for `rows` firms; new rows are neutral."""
        neutral = (lever.neutral for lever in declared(FirmLevers).values())
        self.firm = FirmLevers(*(with_room(column, rows, value) for column, value in zip(self.firm, neutral, strict=True)))

    def neutral(self) -> None:
        """Take every offer back."""
        levers = declared(FirmLevers)
        for name in self.authors:
            getattr(self.firm, name).fill(levers[name].neutral)
        self.city = _nobody_offers()
        self.authors = {}

    def offer(self, name: str, value: float | Floats, author: str, rows: Any = slice(None)) -> None:
        """Combine `value` into a lever of firms by the lever's own rule.

        rows: mask, indices or slice of firms; author: name of the policy. Raises EcosimError for a lever that does not exist.
        """
        rule = _rule_of(declared(FirmLevers), name, author)
        column: Floats = getattr(self.firm, name)
        if isinstance(rows, slice):
            UFUNCS[rule](column[rows], value, out=column[rows])
        else:
            places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
            values = value if isinstance(value, np.ndarray) else np.full(len(places), float(value))
            combine_in_rows(column, places, values, RULES.index(rule))
        authors = self.authors.setdefault(name, [])
        if author not in authors:
            authors.append(author)

    def offer_city(self, author: str, **terms: float) -> None:
        """Combine numbers into levers of the city, each by its own rule. Raises EcosimError for a lever that does not exist."""
        self.city = _offered(self.city, author, tuple(terms.items()))


@lru_cache(maxsize=64)
def _offered(city: CityLevers, author: str, terms: tuple[tuple[str, float], ...]) -> CityLevers:
    """The levers of the city after one more offer: most are what they were a quarter ago, and are looked up."""
    levers = declared(CityLevers)
    rules = {name: NUMBERS[_rule_of(levers, name, author)] for name, _ in terms}
    return city._replace(**{name: rules[name](getattr(city, name), np.float64(value)) for name, value in terms})


def _rule_of(levers: dict[str, Lever], name: str, author: str) -> Rule:
    """How offers of a lever are combined."""
    if name not in levers:
        raise EcosimError(f"{author}: there is no lever {name!r}; there are {', '.join(levers)}")
    return levers[name].combine


@kernel
def combine_in_rows(column: Floats, rows: Ints, values: Floats, rule: int) -> None:
    """Combine a value into each of these rows of a lever by a rule, its number in `RULES`; a row may stand twice."""
    for r in range(rows.size):
        before, value = column[rows[r]], values[r]
        if rule == MULTIPLY:
            column[rows[r]] = before * value
        elif rule == ADD:
            column[rows[r]] = before + value
        elif rule == MAX:
            column[rows[r]] = max(before, value)
        else:
            column[rows[r]] = min(before, value)


SERVICE, PROJECT, CERTIFICATE, POOL = range(4)
"""What a call can be about: a research service, an indivisible project, a certificate, entry to a pool of firms that are advised."""


@dataclass
class Call:
    """A rationed offer. The policy fills the first part, the firms' stage `worth`, `request` and `applied`, the award the rest.

    share and cap: the support is min(share * cost, cap); covers: kinds of service (margin "service"); eligible: mask of firms;
    paperwork: yuan an application costs; odds: chance of success applicants expect; score: by row, where applicants are ranked
    (nan: did not apply); winners: rows.
    """

    policy: Policy
    margin: int
    eligible: np.ndarray
    share: float = 0.0
    cap: float = 0.0
    covers: tuple[int, ...] = ()
    paperwork: float = 0.0
    odds: float = 1.0
    worth: Floats = field(init=False)
    request: Floats = field(init=False)
    applied: Flags = field(init=False)
    score: Floats = field(init=False)
    winners: Any = field(init=False)

    def applicants(self) -> Any:
        """Rows that applied."""
        return rows_where(self.applied)

    def ranked(self, rows: Any, score: Any) -> None:
        """Note the score of each applicant, one figure for each of `rows`."""
        self.score = np.full(len(self.applied), np.nan)
        self.score[rows] = score

    def won(self, rows: Any) -> None:
        """Note the rows of the winners."""
        self.winners = rows
