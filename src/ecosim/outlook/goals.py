"""Targets of a plan: those of the region pack, and those a user writes as OUTCOME@YEAR>=VALUE."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .. import outcomes
from ..effect import TARGETS
from ..errors import Fault, SpecError
from ..outcomes import BY_KEY
from ..regions import RegionPack
from ..spec.faults import nearest
from .indicators import ALIASES

GRAMMAR = re.compile(r"\s*([^@<>=]*?)\s*@\s*([^@<>=]*?)\s*(>=|<=)\s*([^@<>=]*?)\s*", re.ASCII)
WRITE = "Write OUTCOME@YEAR>=VALUE or OUTCOME@YEAR<=VALUE, in quotation marks, such as 'hightech_firms@2025>=4000'"
EXOGENOUS = ("gdp",)
"""Outcomes that are given from outside: no package moves them."""

WITHOUT = {
    "gdp_real_growth": "growth of GDP is given from outside, no package moves it",
    "hightech_output_share": "the model does not class output as high-tech",
    "strategic_emerging_share": "the model does not class output as strategic or emerging",
    "contribution_sti": "the contribution of science to growth is a figure of growth accounting, which the model does not do",
    "hv_patents_per_10k": "the model does not class patents as of high value",
    "digital_core_share": "the model has no digital core industries",
    "incubators_total": "the model opens no incubators of its own",
    "rd_growth": "it is a growth rate; set a level of rd_expenditure instead",
}
"""Indicators of plans the model cannot speak to, and why."""


class Goal(NamedTuple):
    """One target. at_least: whether the outcome should be at least, rather than at most, the value; name: as
    plans call it.
    """

    name: str
    outcome: str
    year: int
    at_least: bool
    value: float

    @property
    def key(self) -> str:
        """The target as it would be written."""
        return f"{self.name}@{self.year}{'>=' if self.at_least else '<='}{self.value:g}"

    def met(self, values: object) -> object:
        """Whether values reach the target; elementwise for an array."""
        return values >= self.value if self.at_least else values <= self.value  # type: ignore[operator]


def of_plan(pack: RegionPack, years: Sequence[int]) -> list[Goal]:
    """The targets of the region's plan that fall into the last years simulated."""
    names = {outcome: name for name, outcome in ALIASES.items()}
    goals = []
    for key, outcome in TARGETS.items():
        if key in pack.figures and pack.figure(key).year in years:
            figure = pack.figure(key)
            goals.append(Goal(names[outcome], outcome, figure.year, True, figure.value))
    return goals


def parse(texts: Sequence[str], years: Sequence[int]) -> list[Goal]:
    """The targets a user wrote. Raises SpecError with the faults of all of them."""
    goals: list[Goal] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            goals.append(_parsed(text, years))
        except SpecError as error:
            faults.extend(error.faults)
    if faults:
        raise SpecError(faults)
    return goals


def _parsed(text: str, years: Sequence[int]) -> Goal:
    """One target. Raises SpecError with what is wrong with it."""
    parts = GRAMMAR.fullmatch(text)
    if parts is None:
        raise SpecError([Fault("target", f"{text!r} is no target", WRITE)])
    name, when, sign, figure = parts.groups()
    outcome = ALIASES.get(name, name)
    if outcome not in BY_KEY or outcome in EXOGENOUS:
        raise SpecError([Fault("target", *_unknown(name))])
    if not (re.fullmatch(r"\d{4}", when, re.ASCII) and int(when) in years):
        lived = f"{years[0]} to {years[-1]}" if years else "no whole year"
        raise SpecError(
            [
                Fault(
                    "target",
                    f"{text!r}: {when!r} is no year the scenarios live ({lived})",
                    "Name one of these, or let the scenarios end later",
                )
            ]
        )
    return Goal(name, outcome, int(when), sign == ">=", _number(text, figure, BY_KEY[outcome]))


def _number(text: str, figure: str, outcome: outcomes.Outcome) -> float:
    """The value of a target: 3%, 0.03, 4000, 4,000, 4_000 or 30e9."""
    percent = figure.endswith(("%", "％"))
    plain = figure.rstrip("%％").replace(",", "").replace("_", "").strip()
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain, re.ASCII):
        raise SpecError([Fault("target", f"{text!r}: {figure!r} is no number", WRITE)])
    value = float(plain) / 100.0 if percent else float(plain)
    if percent and outcome.unit != "share":
        raise SpecError([Fault("target", f"{text!r}: {outcome.key} is in {outcome.unit}, not in per cent", "Leave the % out")])
    if outcome.unit == "share" and abs(value) > 1.0:
        raise SpecError([Fault("target", f"{text!r}: {outcome.key} is a share, at most 1", f"Write {figure}% or {float(plain) / 100:g}")])
    if not abs(value) < 1e300:
        raise SpecError([Fault("target", f"{text!r}: {figure!r} is too large", WRITE)])
    return value


def _unknown(name: str) -> tuple[str, str]:
    """Message and remedy for an outcome the model lacks."""
    if name in EXOGENOUS:
        return f"{name!r} is given from outside, no package moves it", "Set a target for an outcome of the model"
    if name in WITHOUT:
        return f"the model has no outcome for {name!r}: {WITHOUT[name]}", f"Known from plans are {', '.join(ALIASES)}"
    close = nearest(name, (*ALIASES, *BY_KEY))
    remedy = f"Did you mean {close!r}?" if close else f"Known from plans are {', '.join(ALIASES)}; the others stand in docs/odd.md"
    return f"the model has no outcome {name!r}", remedy
