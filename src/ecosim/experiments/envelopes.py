"""The question of a budget: envelopes that share a total, what they should do, and how much is spent on looking. Read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
from pydantic import AfterValidator, Field, PrivateAttr

from ..errors import Fault, SpecError
from ..outcomes import BY_KEY, years_in
from ..outlook.indicators import ALIASES
from ..quantity import Dated, Quarter, quarter_label
from ..scenario import Scenario, load
from ..simulation import ending
from ..sources import LARGEST_DRAW, Source
from ..spec.faults import Schema, in_reading_order, place_of
from ..spec.reading import Document, read
from ..wording import Words, suggestion
from .kept import TOTAL
from .plan import Part, file_name, valid_part

STANDING_IN = {"name": "unnamed", "scenario": "", "envelopes": ("", ""), "objectives": ("",)}
MOST_TRIALS = 100_000
WRITE = Words("Write OUTCOME@2025, or OUTCOME@total for the sum of a flow", "请写 指标@2025，流量合计写 指标@total")


class Envelopes(Part):
    """Which envelopes share a total, and what for. Frozen."""

    schema_version: int = Field(1, alias="schema", ge=1, le=1, description=Words("version of the file format, 1", "文件格式版本，1"))
    name: Annotated[str, AfterValidator(file_name)] = Field(max_length=80, description=Words("short name of the question", "问题的简称"))
    description: str = Field("", max_length=4000, description=Words("the question, and why it is asked", "问题及理由"))
    scenario: str = Field(description=Words("file of the scenario that stands for the status quo", "代表现状的情景文件"))
    envelopes: tuple[str, ...] = Field(
        strict=False, min_length=2, description=Words("paths of the budgets that share the total", "分享总额的各项预算的路径")
    )
    total: float | None = Field(
        None, gt=0, description=Words("yuan a year to share out; the status quo's sum if left out", "每年可分配总额（元）")
    )
    since: Quarter | None = Field(
        None, description=Words("first quarter of the new shares; the first simulated if left out", "新分配开始的季度")
    )
    objectives: tuple[str, ...] = Field(
        strict=False,
        min_length=1,
        max_length=3,
        description=Words("what should be large, such as certified@2025", "希望提高的指标，如 certified@2025"),
    )
    trials: int = Field(60, ge=1, le=MOST_TRIALS, description=Words("allocations tried", "尝试的分配方案数"))
    population: int = Field(12, ge=2, le=1000, description=Words("allocations in a generation", "每代方案数"))
    seed: int = Field(1, ge=1, le=2**31 - 1, description=Words("chance of the search", "搜索的随机种子"))
    seeds: int = Field(1, ge=1, le=1000, description=Words("seeds of each draw, shared by all allocations", "每组参数的种子数，各方案共用"))
    draws: int = Field(8, ge=1, le=LARGEST_DRAW, description=Words("parameter draws, shared by all allocations", "参数组数，各方案共用"))
    parameters: Source = Field("posterior", description=Words("where parameters come from", "参数来源"))
    until: str | None = Field(None, description=Words("last quarter, such as 2025Q4", "最后一个季度，如 2025Q4"))

    _told: Scenario | None = PrivateAttr(None)

    @property
    def told(self) -> Scenario:
        """The scenario of the status quo, read."""
        return cast(Scenario, self._told)

    @property
    def begins(self) -> int:
        """The first quarter of the new shares."""
        return self.told.start if self.since is None else self.since

    def standing(self) -> np.ndarray:
        """The envelopes of the status quo when the new shares begin, yuan a year."""
        return np.array([_budget(self.told, path).at(self.begins) for path in self.envelopes], float)

    def amount(self) -> float:
        """Yuan a year to share out."""
        return float(self.standing().sum()) if self.total is None else self.total

    def allocated(self, name: str, amounts: np.ndarray) -> Scenario:
        """The status quo with other envelopes, yuan a year, from the quarter in which these begin."""
        changes: dict[str, Any] = {"name": name}
        for path, amount in zip(self.envelopes, amounts, strict=True):
            before = [(quarter, value) for quarter, value in _budget(self.told, path).steps if quarter < self.begins]
            steps = {quarter_label(quarter): value for quarter, value in [*before, (self.begins, float(round(amount)))]}
            changes[path] = steps if before else float(round(amount))
        return self.told.vary_all(changes)


def _budget(scenario: Scenario, path: str) -> Dated[float]:
    """The budget at a path of a scenario."""
    _, policy, key = path.split(".")
    found: Dated[float] = getattr(scenario.policies[policy], key)
    return found


def load_envelopes(path: str | Path) -> Envelopes:
    """The question in a YAML file, with its scenario. Raises SpecError with all faults."""
    return checked(read(Path(path)), Path(path).parent)


def envelopes_from(values: Mapping[str, Any], folder: str | Path = ".") -> Envelopes:
    """The question from the values of a file that lies in `folder`. Raises SpecError with all faults."""
    return checked(Document(dict(values), {}, {}, ()), Path(folder))


def checked(document: Document, folder: Path) -> Envelopes:
    """The question a document describes. Raises SpecError with every fault of the file and of its scenario, in reading order."""
    asked, found, refused = valid_part(Envelopes, document, described(), STANDING_IN)
    told = None if "scenario" in refused else _scenario_of(asked, document, folder, found, refused)
    if told is not None:
        asked._told = told
        found = [*found, *(fault for key, check in CHECKS.items() if key not in refused for fault in check(asked, told, document))]
    if found:
        raise SpecError(in_reading_order(found))
    return asked


def _scenario_of(asked: Envelopes, document: Document, folder: Path, found: list[Fault], refused: set[str]) -> Scenario | None:
    """The scenario, ending where the question says; None if it cannot be read. Its faults and refused keys are added."""
    from .checks import file_of

    try:
        told = load(file_of(asked.scenario, folder))
    except SpecError as error:
        found += error.faults
        return None
    try:
        return ending(told, asked.until)
    except SpecError as error:
        found += [replace(fault, place=place_of(("until",), document)) for fault in error.faults]
        refused |= {"since", "objectives"}
        return told


def _envelope_faults(asked: Envelopes, told: Scenario, document: Document) -> list[Fault]:
    """What is no budget of the scenario, or named twice."""
    budgets = [f"policies.{name}.{policy.dose}" for name, policy in told.policies.items() if policy.dose == "budget"]
    faults = []
    for number, path in enumerate(asked.envelopes):
        place = place_of(("envelopes", number), document)
        if path not in budgets:
            message = Words(f"{path!r} is no budget of {told.name!r}", f"{path!r} 不是 {told.name!r} 的预算")
            faults.append(Fault(place, message, suggestion(path, budgets)))
        elif path in asked.envelopes[:number]:
            faults.append(Fault(place, Words(f"{path!r} is named twice", f"{path!r} 写了两次"), Words("Name it once", "请只写一次")))
    return faults


def _since_faults(asked: Envelopes, told: Scenario, document: Document) -> list[Fault]:
    """A quarter that the scenario does not live."""
    if asked.since is None or asked.since in told.quarters:
        return []
    first, last = quarter_label(told.start), quarter_label(told.end)
    message = Words(f"{quarter_label(asked.since)} is not simulated", f"{quarter_label(asked.since)} 不在模拟期内")
    remedy = Words(f"Name a quarter of {first} to {last}", f"请写 {first} 至 {last} 中的季度")
    return [Fault(place_of(("since",), document), message, remedy)]


def _objective_faults(asked: Envelopes, told: Scenario, document: Document) -> list[Fault]:
    """What is no outcome of a year that is lived, or no flow where a total is wanted."""
    faults = []
    years = [str(year) for year in years_in(told.quarters)]
    for number, text in enumerate(asked.objectives):
        key, _, period = text.partition("@")
        key = ALIASES.get(key, key)
        known = key in BY_KEY and (period in years or (period == TOTAL and BY_KEY[key].kind == "flow"))
        if not known:
            message = Words(f"{text!r} is no outcome of a year simulated", f"{text!r} 不是模拟年份的指标")
            faults.append(Fault(place_of(("objectives", number), document), message, WRITE if key in BY_KEY else suggestion(key, BY_KEY)))
    return faults


CHECKS = {"envelopes": _envelope_faults, "since": _since_faults, "objectives": _objective_faults}
"""Key -> what it must be beyond its type."""


def described() -> Schema:
    """Every key of the question with its meaning and bounds, as JSON schema."""
    schema = Envelopes.model_json_schema(ref_template="#/definitions/{model}")
    return {**schema, "definitions": schema.pop("$defs", {}), "called": Words("the plan", "计划")}
