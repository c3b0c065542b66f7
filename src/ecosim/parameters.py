"""Parameters of the model: declared beside the rules that use them, drawn and converted here.

Each agent file declares a NamedTuple of scalars whose fields carry a `Prior`. A draw is a pure function of (draw number, name), so
worlds that share a draw share every parameter. Yearly hazards, flows and spreads become per-step figures here and nowhere else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, get_type_hints

from .arithmetic import exp, log, power
from .wording import Words

MODEL = 6
"""Number of the model: raised whenever its figures change. What was fitted to one number does not belong to the next."""

STEPS_PER_YEAR = 4
TABLES = {
    "market": ("ecosim.agents.firm_market", "MarketTraits"),
    "research": ("ecosim.agents.firm_research", "ResearchTraits"),
    "projects": ("ecosim.agents.firm_projects", "ProjectTraits"),
    "services": ("ecosim.agents.firm_services", "ServiceTraits"),
    "partners": ("ecosim.agents.firm_partners", "PartnerTraits"),
    "knowledge": ("ecosim.agents.firm_knowledge", "KnowledgeTraits"),
    "patents": ("ecosim.agents.firm_patents", "PatentTraits"),
    "certificate": ("ecosim.agents.firm_certificate", "CertificateTraits"),
    "tax": ("ecosim.agents.firm_tax", "TaxTraits"),
    "life": ("ecosim.agents.firm_life", "LifeTraits"),
    "calls": ("ecosim.agents.firm_calls", "CallTraits"),
    "institute": ("ecosim.agents.institute", "InstituteTraits"),
    "incubator": ("ecosim.agents.incubator", "IncubatorTraits"),
    "fund": ("ecosim.agents.fund", "FundTraits"),
    "agency": ("ecosim.agents.transfer_agency", "AgencyTraits"),
    "talent": ("ecosim.agents.talent", "TalentTraits"),
    "environment": ("ecosim.agents.market", "EnvironmentTraits"),
}
"""Name in scenarios -> where the table of scalars is declared."""


class Prior(NamedTuple):
    """What was believed of a parameter before any fit.

    value: central value; low, high: 90% range; scale: "linear" or "log" (how the range is spread); unit; english, chinese: what it is;
    per: how the figure becomes a step's, one of PARTS; source; grade A-D or "assumed"; money: the power of the size of the economy that
    an amount of money grows with, 0 where law fixes it.
    """

    value: float
    low: float
    high: float
    unit: str
    english: str
    chinese: str
    source: str = "assumed"
    per: str = "none"
    scale: str = "linear"
    money: float = 0.0

    @property
    def grade(self) -> str:
        """ "assumed", or the grade letter that ends the source in brackets."""
        return self.source[-2] if self.source.endswith(")") and self.source[-3] == "(" else "assumed"

    @property
    def meaning(self) -> Words:
        """What the parameter says, in both languages."""
        return Words(self.english, self.chinese)

    def at(self, quantile: float) -> float:
        """The value at a quantile in (0, 1): piecewise (log-)uniform, half the mass on each side of the central value."""
        ends = (self.low, self.value, self.high)
        if self.scale == "log":
            ends = (log(self.low), log(self.value), log(self.high))
        lower, middle, upper = ends
        place = lower + (middle - lower) * 2 * quantile if quantile < 0.5 else middle + (upper - middle) * (2 * quantile - 1)
        return exp(place) if self.scale == "log" else place

    def per_step(self, value: float, steps_per_year: int) -> float:
        """A yearly figure as one step's: 8% a year is 2.06% a quarter as a hazard, 2% as a flow, 4% as a spread."""
        if self.per in ("hazard", "events"):
            return 1.0 - power(1.0 - value, 1.0 / steps_per_year)
        if self.per == "flow":
            return value / steps_per_year
        if self.per == "spread":
            return value / math.sqrt(steps_per_year)
        return value


def part_of_hazard(hazard: float, parts: int) -> float:
    """The chance in one of `parts` equal parts of a quarter that compounds to the quarter's."""
    return 1.0 - power(1.0 - hazard, 1.0 / parts)


PARTS: dict[str, Callable[[float, int], float]] = {
    "none": lambda figure, parts: figure,
    "hazard": part_of_hazard,
    "events": lambda figure, parts: figure / parts,
    "flow": lambda figure, parts: figure / parts,
    "spread": lambda figure, parts: figure / math.sqrt(parts),
    "quarterly hazard": part_of_hazard,
    "quarterly memory": lambda figure, parts: power(figure, 1.0 / parts),
}
"""What a quarter's figure becomes when a quarter is lived in several steps.

hazard: a chance, or a share lost, of what is there (a quarter's share lost compounds); events: a chance of what happens again and again,
of which a year keeps its number; flow: an amount or a small rate; spread: of shocks that add up; the last two are declared by the
quarter, the others by the year.
"""


def priors_of(table: type[Any]) -> dict[str, Prior]:
    """Field -> Prior of one table of scalars."""
    return {
        name: next(part for part in hint.__metadata__ if isinstance(part, Prior))
        for name, hint in get_type_hints(table, include_extras=True).items()
    }


@cache
def declared() -> dict[str, type[Any]]:
    """Name in scenarios -> the NamedTuple class."""
    return {name: getattr(import_module(module), kind) for name, (module, kind) in TABLES.items()}


@cache
def catalogue() -> dict[str, Prior]:
    """Every parameter, "table.name" -> Prior, in order of declaration."""
    return {f"{table}.{name}": prior for table, kind in declared().items() for name, prior in priors_of(kind).items()}


@cache
def priors_hash() -> str:
    """SHA-256 over the numbers of all priors in their order: what a draw depends on, words left out."""
    numbers = [(name, *(repr(end) for end in (prior.low, prior.value, prior.high)), prior.scale) for name, prior in catalogue().items()]
    return hashlib.sha256(repr(numbers).encode()).hexdigest()


@cache
def primes(count: int) -> tuple[int, ...]:
    """The first `count` primes."""
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return tuple(found)


def quantile(draw: int, position: int) -> float:
    """Point `draw` of the Richtmyer sequence in dimension `position`: extensible, and even in every single dimension.

    frac(1/2 + draw * sqrt(prime)); Niederreiter (1992), Random Number Generation and Quasi-Monte Carlo Methods, ch. 3.
    """
    return (0.5 + draw * math.sqrt(primes(len(catalogue()))[position])) % 1.0


def values(draw: int | None, fixed: Mapping[str, float]) -> dict[str, float]:
    """All parameters, yearly, of one draw (None: the central values); `fixed` comes from the scenario and wins."""
    found: dict[str, float] = {}
    for position, (name, prior) in enumerate(catalogue().items()):
        found[name] = fixed[name] if name in fixed else prior.value if draw is None else prior.at(quantile(draw, position))
    return found


class Traits(NamedTuple):
    """The tables of scalars handed to kernels, converted to one step."""

    market: Any
    research: Any
    projects: Any
    services: Any
    partners: Any
    knowledge: Any
    patents: Any
    certificate: Any
    tax: Any
    life: Any
    calls: Any
    institute: Any
    incubator: Any
    fund: Any
    agency: Any
    talent: Any
    environment: Any


def traits(yearly: Mapping[str, float], steps_per_year: int = STEPS_PER_YEAR) -> Traits:
    """Per-step scalars for the kernels from yearly values by name."""
    prior = catalogue()
    tables = {}
    for table, kind in declared().items():
        names = [f"{table}.{field}" for field in kind._fields]
        tables[table] = kind(*(prior[name].per_step(yearly[name], steps_per_year) for name in names))
    return Traits(**tables)


def of_a_part(quarterly: Traits, parts: int) -> Traits:
    """The scalars of a step that is one of `parts` equal parts of a quarter, from those of the quarter."""
    tables = {}
    for table, kind in declared().items():
        pairs = zip(priors_of(kind).values(), getattr(quarterly, table), strict=True)
        tables[table] = kind(*(PARTS[prior.per](figure, parts) for prior, figure in pairs))
    return Traits(**tables)


@cache
def amounts() -> dict[str, dict[str, float]]:
    """Table -> amounts of money in it with their power of the size of the economy."""
    powers = {table: {name: prior.money for name, prior in priors_of(kind).items() if prior.money} for table, kind in declared().items()}
    return {table: named for table, named in powers.items() if named}


def grown(found: Traits, growth: float) -> Traits:
    """The scalars once the economy has grown by so many log points of nominal GDP.

    On a balanced path wages, fixed costs and the sizes of entrants grow with the economy (Luttmer 2007); what law fixes in yuan does not.
    """
    tables = {}
    for name, powers in amounts().items():
        table = getattr(found, name)
        tables[name] = table._replace(**{field: getattr(table, field) * exp(power * growth) for field, power in powers.items()})
    return found._replace(**tables)
