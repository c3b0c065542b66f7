"""A plan of a sweep: scenarios, factors, design, seeds, draws, outcomes and limits. Read from YAML, checked at once, then frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, PrivateAttr, ValidationError
from pydantic import WithJsonSchema as Described
from pydantic_core import InitErrorDetails, PydanticCustomError

from ..errors import Fault, SpecError
from ..policies.contract import FrozenMapping
from ..scenario import Scenario
from ..sources import LARGEST_DRAW, Source
from ..spec.checks import lifted
from ..spec.faults import Schema, faults_of, in_reading_order
from ..spec.reading import Document, read
from ..wording import Words, refused

MOST_SEEDS = 100_000
MOST_POINTS = 10_000_000
SECONDS, MEGABYTES = 600.0, 4000.0
"""A run may take so long, and so much memory above what a worker needs to begin with."""

FILE_NAME = re.compile(r"\w[\w.-]*")

Kind = Literal["grid", "list", "table", "latin_hypercube", "sobol", "saltelli", "morris"]
Rows = tuple[FrozenMapping[Any], ...]


class Part(BaseModel):
    """A part of a plan: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


AnyPart = TypeVar("AnyPart", bound=Part)
SCENARIOS, FACTORS = "scenarios", "factors"


class Range(Part):
    """A factor between two ends."""

    low: float = Field(description=Words("least value of the factor", "因素的最小值"))
    high: float = Field(description=Words("largest value of the factor", "因素的最大值"))
    scale: Literal["linear", "log"] = Field("linear", description=Words("how values are spread between the ends", "两端之间的取值方式"))
    whole: bool = Field(False, description=Words("whether values are rounded to whole numbers", "是否取整"))


class Design(Part):
    """Which combinations of the factors are run."""

    kind: Kind = Field(default="grid", description=Words("how the factors are combined", "因素的组合方式"))
    points: int = Field(
        default=1,
        ge=1,
        le=MOST_POINTS,
        description=Words(
            "size of the sample: points; levels of each range in a grid; base points of saltelli; trajectories of morris",
            "样本大小：点数；grid 中每个区间的水平数；saltelli 的基础点数；morris 的轨迹数",
        ),
    )
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description=Words("chance of the sample", "抽样的随机种子"))
    second_order: bool = Field(default=False, description=Words("whether saltelli allows for pairs", "saltelli 是否含两因素交互"))
    file: str = Field(default="", description=Words("CSV or XLSX with one column for each factor", "每个因素一列的 CSV 或 XLSX 文件"))
    rows: Annotated[
        Rows,
        PlainValidator(lambda given: tuple(FrozenMapping(row) for row in given)),
        PlainSerializer(lambda rows: [dict(row) for row in rows], return_type=list[dict[str, Any]]),
        Described({"type": "array"}),
    ] = Field(default=(), description=Words("the points themselves, each a mapping of factors to values", "各点的取值"))  # fmt: skip


class Stop(Part):
    """When more seeds change nothing any more."""

    outcome: str = Field(
        description=Words("outcome and period that decide, such as certified@2025", "用于判断的指标与时期，如 certified@2025")
    )
    half_width: float = Field(gt=0, description=Words("wanted half-width of the 95% interval of its mean", "均值95%区间的目标半宽"))
    at_most: int = Field(ge=2, le=MOST_SEEDS, description=Words("seeds at most", "种子数上限"))


class Cap(Part):
    """What one run may use."""

    seconds: float = Field(default=SECONDS, gt=0, le=1e6, description=Words("time of one run", "每次运行的时限"))
    megabytes: float = Field(default=MEGABYTES, ge=256, le=1e6, description=Words("memory of one run", "每次运行的内存上限"))


def file_name(name: str) -> str:
    """A name that is safe as that of a folder. Raises PydanticCustomError for any other."""
    if not FILE_NAME.fullmatch(name):
        raise refused(
            Words("it is no plain name of a folder", "不能作文件夹名"),
            Words("Use letters, digits, '-' and '_' alone: results are kept under it", "结果以它命名，请只用文字、数字、'-' 和 '_'"),
        )
    return name


def known_factors(given: object) -> FrozenMapping[Any]:
    """Each factor a list of values or a Range. Raises ValidationError with all faults."""
    if not isinstance(given, Mapping):
        raise refused(
            Words("it should list factors by path", "应按路径列出因素"),
            Words("Write 'policies.POLICY.PARAMETER: [value, value]'", "请写 'policies.政策.参数: [值, 值]'"),
        )
    found: dict[str, tuple[Any, ...] | Range] = {}
    wrong: list[InitErrorDetails] = []
    for path, value in given.items():
        try:
            found[path] = _known_factor(value)
        except ValidationError as error:
            wrong.extend(lifted(error, path))
        except PydanticCustomError as error:
            wrong.append(InitErrorDetails(type=error, loc=(path,), input=value))
    if wrong:
        raise ValidationError.from_exception_data("factors", wrong)
    return FrozenMapping(found)


def _known_factor(value: object) -> tuple[Any, ...] | Range:
    if isinstance(value, Range):
        return value
    if isinstance(value, list | tuple) and value:
        return tuple(value)
    remedy = Words("Write '[value, value]' or '{low: ..., high: ...}'", "请写 '[值, 值]' 或 '{low: ..., high: ...}'")
    if not isinstance(value, Mapping):
        raise refused(Words("it is no list of values and no range", "既不是取值列表，也不是区间"), remedy)
    found = Range.model_validate(value)
    if not found.low < found.high:
        raise refused(Words("'low' is not below 'high'", "'low' 不小于 'high'"), Words("Change one of the two", "请改其中一个"))
    if found.scale == "log" and found.low <= 0.0:
        raise refused(Words("a logarithmic range begins at or below zero", "对数区间的下端不大于零"), Words("Raise 'low'", "请提高 'low'"))
    return found


class Plan(Part):
    """A sweep as its author wrote it, with the scenarios it names. Frozen."""

    schema_version: int = Field(1, alias="schema", ge=1, le=1, description=Words("version of the file format, 1", "文件格式版本，1"))
    name: Annotated[str, AfterValidator(file_name)] = Field(max_length=80, description=Words("short name of the sweep", "扫描的简称"))
    description: str = Field("", max_length=4000, description=Words("the question, and why it is asked", "问题及理由"))
    scenarios: tuple[str, ...] = Field(
        strict=False, min_length=1, description=Words("files of scenarios, from the folder of the plan", "情景文件，自计划所在文件夹起")
    )
    factors: Annotated[
        FrozenMapping[Any],
        PlainValidator(known_factors),
        PlainSerializer(lambda found: {path: _plain(value) for path, value in found.items()}, return_type=dict[str, Any]),
        Described({"type": "object"}),
    ] = Field({}, validate_default=True, description=Words("path in a scenario -> values or range", "情景中的路径 -> 取值或区间"))
    design: Design = Field(default=Design(), description=Words("how factors are combined", "因素如何组合"))
    seeds: int = Field(1, ge=1, le=MOST_SEEDS, description=Words("seeds of each point and draw", "每个点、每组参数的种子数"))
    draws: int | None = Field(
        None, ge=1, le=LARGEST_DRAW, description=Words("parameter draws (16; of a point 1)", "参数组数（16；点参数为1）")
    )
    parameters: Source = Field("posterior", description=Words("where parameters come from", "参数来源"))
    outcomes: tuple[str, ...] = Field(
        (),
        strict=False,
        description=Words("what is kept: KEY for every year, KEY@2025, KEY@2025Q4, KEY@total", "保留的指标：KEY（每年）、KEY@2025 等"),
    )
    until: str | None = Field(None, description=Words("last quarter, such as 2025Q4", "最后一个季度，如 2025Q4"))
    stop: Stop | None = Field(None, description=Words("when to stop adding seeds", "何时不再增加种子"))
    cap: Cap = Field(default=Cap(), description=Words("what one run may use", "每次运行的上限"))

    _told: tuple[Scenario, ...] = PrivateAttr(())

    @property
    def told(self) -> tuple[Scenario, ...]:
        """The scenarios, read, ending where the plan says."""
        return self._told

    def to_dict(self) -> dict[str, Any]:
        """Plain values that say all a plan is, its scenarios and its table included; `Plan.restored` reads them back."""
        return {**self.model_dump(mode="json", by_alias=True), "told": [scenario.to_dict() for scenario in self._told]}

    @classmethod
    def restored(cls, values: Mapping[str, Any]) -> Self:
        """The plan that `to_dict` wrote."""
        plan = cls.model_validate({key: value for key, value in values.items() if key != "told"})
        return plan._with(tuple(Scenario.from_dict(told) for told in values["told"]))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], folder: str | Path = ".") -> Plan:
        """A plan from the values of a file that lies in `folder`. Raises SpecError with every fault."""
        return checked(Document(dict(values), {}, {}, ()), Path(folder))

    def _with(self, told: tuple[Scenario, ...]) -> Self:
        self._told = told
        return self


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Range) else list(value)


def load_plan(path: str | Path) -> Plan:
    """The plan in a YAML file, with its scenarios and its table. Raises SpecError with all faults."""
    return checked(read(Path(path)), Path(path).parent)


def checked(document: Document, folder: Path) -> Plan:
    """The plan a document describes. Raises SpecError with every fault of the file and of those it names, in reading order."""
    from .checks import faults_in, scenarios_of, with_table

    part = valid_part(Plan, document, described(), {"name": "unnamed", "scenarios": ("",)})
    told = () if SCENARIOS in part.refused else scenarios_of(part.plan, document, folder, part)
    plan = with_table(part.plan, document, folder, part)._with(told)
    found = [*faults_in(plan, document, part.refused), *part.faults]
    if found:
        raise SpecError(in_reading_order(found))
    return plan


class ValidPart(NamedTuple, Generic[AnyPart]):
    """What of a file can stand, the faults of the rest, and the keys these spoil."""

    plan: AnyPart
    faults: list[Fault]
    refused: set[str]


def valid_part(kind: type[AnyPart], document: Document, schema: Schema, standing_in: Mapping[str, Any]) -> ValidPart[AnyPart]:
    """A file read as far as it can be, so that one fault does not hide the next. standing_in: values of keys it cannot do without."""
    faults, values = list(document.faults), dict(document.values)
    try:
        return ValidPart(kind.model_validate(values), faults, set())
    except ValidationError as error:
        spoiled = {fault.place for fault in faults}
        faults += [fault for fault in faults_of(error, document, schema) if fault.place not in spoiled]
        refused = {tuple(str(step) for step in detail["loc"]) for detail in error.errors(include_url=False)}
    for key, *below in refused:
        inside = values.get(key)
        if key == FACTORS and below and isinstance(inside, Mapping):
            values[key] = {path: value for path, value in inside.items() if path != below[0]}
        else:
            values.pop(key, None)
    return ValidPart(kind.model_validate({**standing_in, **values}), faults, {key for key, *_ in refused})


def described() -> Schema:
    """Every key of a plan with its meaning and bounds, as JSON schema."""
    schema = Plan.model_json_schema(ref_template="#/definitions/{model}")
    return {**schema, "definitions": schema.pop("$defs", {}), "called": Words("the plan", "计划")}
