"""A scenario: which region, which quarters, which policies. Read from YAML, checked at once, then frozen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from . import policies
from .errors import Fault, SpecError
from .policies.contract import FrozenMapping, Policy
from .quantity import Quarter
from .spec.checks import REMOVED, check_dates, check_end, check_start, known_parameters, known_policies, known_region, not_blank
from .spec.faults import Schema, faults_of, in_reading_order
from .spec.inheritance import read_chain
from .spec.reading import Document
from .wording import Language, Words

RENAMED: Mapping[str, str] = {}
"""Old top-level key -> its new name: a renamed key loads once more, with a note, and no file breaks."""


def _policies_as_written(found: Mapping[str, Policy]) -> dict[str, Any]:
    return {name: policy.model_dump(mode="json", by_alias=True, exclude_none=True) for name, policy in found.items()}


class Scenario(BaseModel):
    """Everything a run is told, apart from its seed. Frozen; scenarios with the same content are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    schema_version: int = Field(alias="schema", ge=1, le=1, description=Words("version of the file format, 1", "文件格式版本，1"))
    name: Annotated[str, AfterValidator(not_blank)] = Field(
        min_length=1, max_length=80, description=Words("short name, which labels the results", "简称，用于标注结果")
    )
    name_zh: str = Field(
        "", max_length=80, description=Words("the name in Chinese; `name` is shown if left out", "中文名称；不写则显示 `name`")
    )
    description: str = Field("", max_length=4000, description=Words("what the scenario assumes, and why", "情景的假设及理由"))
    region: Annotated[str, AfterValidator(known_region)] = Field(
        description=Words("region pack, such as nantong", "地区数据包，如 nantong")
    )
    start: Quarter = Field(description=Words("first quarter simulated, such as 2020Q1", "模拟的第一个季度，如 2020Q1"))
    end: Quarter = Field(description=Words("last quarter simulated, such as 2025Q4", "模拟的最后一个季度，如 2025Q4"))
    population_scale: float = Field(
        1.0,
        ge=0.01,
        le=10,
        description=Words(
            "agents per real organisation; below 1 a run is quicker and noisier", "每个真实机构对应的主体数；小于 1 运行更快、波动更大"
        ),
    )
    policies: Annotated[
        FrozenMapping[Policy],
        PlainValidator(known_policies),
        PlainSerializer(_policies_as_written, return_type=dict[str, Any]),
        WithJsonSchema({"type": "object"}),
    ] = Field(
        description=Words(
            "policies in force, by name; {} for none; `off` removes an inherited one",
            "在效政策，按名称；没有则写 {}；`off` 去掉继承的政策",
        )
    )
    parameters: Annotated[
        FrozenMapping[float],
        PlainValidator(known_parameters),
        PlainSerializer(dict, return_type=dict[str, float]),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}}),
    ] = Field(
        {},
        validate_default=True,
        description=Words("parameters of the model that differ from their fitted values", "与拟合值不同的模型参数"),
    )

    _parent: str = PrivateAttr("")
    _notes: tuple[Words, ...] = PrivateAttr(())

    @field_validator("start")
    @classmethod
    def _starts_after_its_data(cls, start: int, given: ValidationInfo) -> int:
        if "region" in given.data:
            check_start(start, given.data["region"])
        return start

    @field_validator("end")
    @classmethod
    def _ends_after_it_starts(cls, end: int, given: ValidationInfo) -> int:
        if "start" in given.data:
            check_end(end, given.data["start"])
        return end

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        check_dates(self.start, self.policies)
        return self

    @property
    def parent(self) -> str:
        """Hash of the scenario this one was varied from; "" if it was not."""
        return self._parent

    @property
    def notes(self) -> tuple[Words, ...]:
        """What the reader of the results should know about how the file was read, such as renamed keys."""
        return self._notes

    @property
    def quarters(self) -> range:
        """The quarters simulated, first to last."""
        return range(self.start, self.end + 1)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all content: equal for equal scenarios, on every machine."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def label(self, language: Language) -> str:
        """The name in one of the two languages."""
        return self.name_zh if language == "zh" and self.name_zh else self.name

    def to_dict(self) -> dict[str, Any]:
        """Plain values in the form of a scenario file; `Scenario.from_dict` reads them back."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Scenario":
        """A scenario from the values of a file. Raises SpecError with every fault."""
        return _checked(Document(dict(values), {}, {}, ()), ())

    def vary(self, address: str, value: object) -> "Scenario":
        """A new scenario with one value changed: `vary("policies.innovation_voucher.subsidy_rate", 0.6)`."""
        return self.vary_all({address: value})

    def vary_all(self, changes: Mapping[str, object]) -> "Scenario":
        """Several values changed, by address, each as a file would hold it; what belongs to a policy that is `off` changes nothing.

        Raises SpecError if there is no such address or value.
        """
        values = self.to_dict()
        for address, value in changes.items():
            section, _, rest = address.partition(".")
            name, _, key = rest.partition(".")
            if section == "policies" and name in self.policies:
                told = values["policies"][name]
                values["policies"][name] = value if not key else {**told, key: value} if isinstance(told, dict) else told
            elif section == "parameters" and rest:
                values["parameters"][rest] = value
            elif section in values and not rest and section != "schema":
                values[section] = value
            else:
                raise SpecError([_no_such_address(address, self)])
        return self._child(values)

    def with_policy(self, name: str, **changes: object) -> "Scenario":
        """A new scenario with a policy added, or changed where it is there already.

        Keywords are parameters; `from_` stands for "from", `dose` for the parameter that is its dose.
        Raises SpecError as `vary` does.
        """
        spelled = {"from_": "from", "dose": policies.model(name).dose}
        values = self.to_dict()
        present = values["policies"].get(name, {})
        values["policies"][name] = present | {spelled.get(key, key): value for key, value in changes.items()}
        return self._child(values)

    def without_policy(self, name: str) -> "Scenario":
        """A new scenario without one policy, which need not be in this one. Raises SpecError if unknown."""
        policies.model(name)
        values = self.to_dict()
        values["policies"].pop(name, None)
        return self._child(values)

    def _child(self, values: dict[str, Any]) -> "Scenario":
        child = Scenario.from_dict(values)
        child._parent = self.hash
        return child


def load(path: str | Path) -> Scenario:
    """The scenario in a YAML file and what it extends. Raises SpecError with all faults, in reading order."""
    document, files = read_chain(Path(path))
    document, notes = renamed(document, RENAMED)
    scenario = _checked(document, files)
    scenario._notes = notes
    return scenario


def renamed(document: Document, table: Mapping[str, str]) -> tuple[Document, tuple[Words, ...]]:
    """The document with old top-level keys under their new names, and a note on each."""
    values, keys, places = dict(document.values), dict(document.keys), dict(document.places)
    notes = []
    for old, new in table.items():
        if old in values and new not in values:
            values[new] = values.pop(old)
            for found in (keys, places):
                found.update({(new, *address[1:]): place for address, place in found.items() if address[:1] == (old,)})
            place = keys[(new,)]
            message = f"{place}: {old!r} is now called {new!r}; please rename it"
            notes.append(Words(message, f"{place}：{old!r} 现名为 {new!r}；请改名"))
    return replace(document, values=values, keys=keys, places=places), tuple(notes)


def _checked(document: Document, files: tuple[str, ...]) -> Scenario:
    """The scenario a document describes. Raises SpecError with the faults of reading and of validation."""
    found = list(document.faults)
    try:
        scenario = Scenario.model_validate(document.values)
    except ValidationError as error:
        spoiled = {fault.place for fault in found}
        found += [fault for fault in faults_of(error, document, described()) if fault.place not in spoiled]
    if found:
        raise SpecError(in_reading_order(found, files))
    return scenario


def _no_such_address(address: str, scenario: Scenario) -> Fault:
    section, _, rest = address.partition(".")
    name = rest.partition(".")[0]
    if section == "policies" and name in policies.names():
        message = Words(f"the scenario {scenario.name!r} has no policy {name!r}", f"情景 {scenario.name!r} 没有政策 {name!r}")
        return Fault(address, message, Words("Add it with 'with_policy' first", "请先用 'with_policy' 加上"))
    listed = [key for key in described()["properties"] if key != "schema"]
    remedy = Words(f"Begin with one of {', '.join(listed)}", f"请以其中之一开头：{'、'.join(listed)}")
    if section == "policies":
        mine, known = ", ".join(scenario.policies), ", ".join(policies.names())
        remedy = Words(f"Its policies are {mine}; known are {known}", f"它的政策有 {mine}；可用的有 {known}")
    return Fault(address, Words("this address leads to nothing in a scenario", "情景中没有这个地址"), remedy)


@cache
def described() -> Schema:
    """Every key of a scenario with its meaning, unit and bounds, as JSON schema."""
    schema = Scenario.model_json_schema(ref_template="#/definitions/{model}")
    definitions: Schema = schema.pop("$defs", {})
    known = {}
    for name in policies.names():
        policy = policies.model(name).model_json_schema(ref_template="#/definitions/{model}")
        definitions |= policy.pop("$defs", {})
        del policy["required"]  # a file that extends another need not repeat them
        label = Words(policies.model(name).label_en, policies.model(name).label_zh)
        definitions[name] = policy | {"description": label}
        known[name] = {
            "description": label,
            "anyOf": [{"$ref": f"#/definitions/{name}"}, {"const": REMOVED}],
        }
    schema["properties"]["policies"] |= {"properties": known, "additionalProperties": False}
    schema["properties"]["extends"] = {
        "type": "string",
        "description": Words("file in this folder to start from", "本文件夹中作为起点的文件"),
    }
    complete = schema.pop("required")
    schema |= {"required": ["name"], "anyOf": [{"required": ["extends"]}, {"required": complete}]}
    return {**schema, "definitions": definitions}


def json_schema() -> Schema:
    """The file format as JSON schema draft-07, for editors. Numbers may be written 30_000_000."""
    return {"$schema": "http://json-schema.org/draft-07/schema#", **_for_editors(described())}


def _for_editors(schema: Schema) -> Schema:
    """A schema without generated titles, in which every number may also be text of digits and underscores."""
    found: Schema = {}
    for key, value in schema.items():
        if isinstance(value, dict):
            found[key] = _for_editors(value)
        elif isinstance(value, list):
            found[key] = [_for_editors(item) if isinstance(item, dict) else item for item in value]
        elif key != "title":
            found[key] = value
    if schema.get("type") == "number":
        found |= {"type": ["number", "string"], "pattern": "^[0-9]+(_[0-9]{3})+$"}
    return found
