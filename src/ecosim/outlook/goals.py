"""Targets of a plan: those of the region pack, and those a user writes as OUTCOME@YEAR>=VALUE."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import outcomes
from ..effect import TARGETS
from ..errors import Fault, SpecError
from ..outcomes import BY_KEY
from ..regions import RegionPack
from ..units import UNITS
from ..wording import Words, meant, nearest
from .indicators import ALIASES
from .written import NUMBER, ungrouped

GRAMMAR = re.compile(r"\s*([^@<>=]*?)\s*@\s*([^@<>=]*?)\s*(>=|<=)\s*([^@<>=]*?)\s*", re.ASCII)
WRITE = Words(
    "Write OUTCOME@YEAR>=VALUE or OUTCOME@YEAR<=VALUE, in quotation marks, such as 'hightech_firms@2025>=4000'",
    "请写成 指标@年份>=数值 或 指标@年份<=数值，并加引号，如 'hightech_firms@2025>=4000'",
)
EXOGENOUS = ("gdp",)
"""Outcomes that are given from outside: no package moves them."""

OUTSIDE = Words("it is given from outside, no package moves it", "它由模型外给定，任何政策包都不能改变它")
WITHOUT = {
    "gdp_real_growth": OUTSIDE,
    "gdp": OUTSIDE,
    "hightech_output_share": Words("the model does not class output as high-tech", "模型不区分高新技术产业产值"),
    "strategic_emerging_share": Words("the model does not class output as strategic or emerging", "模型不区分战略性新兴产业"),
    "contribution_sti": Words("it is a figure of growth accounting, which the model does not do", "它来自增长核算，模型不做增长核算"),
    "hv_patents_per_10k": Words("the model does not class patents as of high value", "模型不区分高价值专利"),
    "digital_core_share": Words("the model has no digital core industries", "模型没有数字经济核心产业"),
    "incubators_total": Words("the model opens no incubators of its own", "模型不会自行新设孵化器"),
    "new_rd_institutes": Words("the model has no rule by which institutes come or go", "模型没有新型研发机构增减的规则"),
    "rd_growth": Words("it is a growth rate; set a level of rd_expenditure instead", "它是增速；请改用 rd_expenditure 的水平值"),
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

    def met(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Whether values reach the target, elementwise."""
        reached = np.asarray(values)
        return reached >= self.value if self.at_least else reached <= self.value


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
        raise _refused(Words(f"{text!r} is no target", f"{text!r} 不是目标"), WRITE)
    name, when, sign, figure = parts.groups()
    outcome = ALIASES.get(name, name)
    if outcome not in BY_KEY or outcome in EXOGENOUS:
        raise _refused(*_unknown(name))
    if not (re.fullmatch(r"\d{4}", when, re.ASCII) and int(when) in years):
        first, last = years[0], years[-1]
        message = Words(
            f"{text!r}: {when!r} is no year the scenarios live ({first} to {last})",
            f"{text!r}：{when!r} 不是情景模拟的年份（{first} 至 {last} 年）",
        )
        raise _refused(message, Words("Name one of these, or let the scenarios end later", "请改用其中一年，或推迟情景的结束季度"))
    return Goal(name, outcome, int(when), sign == ">=", _number(text, figure, BY_KEY[outcome]))


def _refused(message: Words, remedy: Words) -> SpecError:
    return SpecError([Fault("target", message, remedy)])


def _number(text: str, figure: str, outcome: outcomes.Outcome) -> float:
    """The value of a target: 3%, 0.03, 4000, 4,000, 4_000 or 30e9."""
    percent = figure.endswith(("%", "％"))
    plain = ungrouped(figure.rstrip("%％").replace("_", "").strip())
    if not NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise _refused(Words(f"{text!r}: {figure!r} is no number", f"{text!r}：{figure!r} 不是数字"), WRITE)
    value = float(plain) / 100.0 if percent else float(plain)
    if percent and outcome.unit != "share":
        unit = UNITS[outcome.unit]
        message = Words(
            f"{text!r}: {outcome.key} is in {unit}, not in per cent",
            f"{text!r}：{outcome.key} 的单位是{unit.zh}，不是百分比",
        )
        raise _refused(message, Words("Leave the % out", "请去掉 %"))
    if outcome.unit == "share" and abs(value) > 1.0:
        message = Words(f"{text!r}: {outcome.key} is a share, at most 1", f"{text!r}：{outcome.key} 是比例，最大为 1")
        remedy = Words(f"Write {figure}% or {value / 100:g}", f"请写 {figure}% 或 {value / 100:g}")
        raise _refused(message, Words("Write 100% or less", "请写不超过 100% 的数") if percent else remedy)
    return value


def _unknown(name: str) -> tuple[Words, Words]:
    """Message and remedy for an outcome the model lacks."""
    known = ", ".join(ALIASES)
    listed = Words(f"Known from plans are {known}; the others stand in docs/odd.md", f"规划中可用的有 {known}；其余见 docs/odd.md")
    if name in WITHOUT:
        why = WITHOUT[name]
        return Words(f"no target can be set for {name!r}: {why}", f"不能为 {name!r} 设目标：{why.zh}"), listed
    close = nearest(name, (*ALIASES, *BY_KEY))
    return Words(f"the model has no outcome {name!r}", f"模型没有指标 {name!r}"), meant(close) if close else listed
