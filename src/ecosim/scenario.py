"""A scenario: which region, which quarters, which policies. Read from YAML, checked at once, then frozen."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

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
from .errors import Fault, Place, SpecError
from .policies.contract import FrozenMapping, Policy, refused
from .quantity import Quarter, quarter_label
from .spec.checks import REMOVED, check_dates, known_parameters, known_policies, known_region
from .spec.faults import Schema, faults_of
from .spec.inheritance import read_chain
from .spec.reading import Document

LONGEST_QUARTERS = 400

RENAMED: Mapping[str, str] = {}
"""Old top-level key -> its new name: a renamed key loads once more, with a note, and no file breaks."""


def _policies_as_written(found: Mapping[str, Policy]) -> dict[str, Any]:
    return {name: policy.model_dump(mode="json", by_alias=True, exclude_none=True) for name, policy in found.items()}


class Scenario(BaseModel):
    """Everything a run is told, apart from its seed. Frozen; scenarios with the same content are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    schema_version: int = Field(alias="schema", ge=1, le=1, description="version of the file format, 1")
    name: str = Field(min_length=1, max_length=80, description="short name, which labels the results")
    name_zh: str = Field("", max_length=80, description="the name in Chinese; `name` is shown if left out")
    description: str = Field("", max_length=4000, description="what the scenario assumes, and why")
    region: Annotated[str, AfterValidator(known_region)] = Field(description="region pack, such as nantong")
    start: Quarter = Field(description="first quarter simulated, such as 2020Q1")
    end: Quarter = Field(description="last quarter simulated, such as 2025Q4")
    population_scale: float = Field(1.0, ge=0.01, le=10, description="agents per real organisation; below 1 a run is quicker and noisier")
    policies: Annotated[
        FrozenMapping[Policy],
        PlainValidator(known_policies),
        PlainSerializer(_policies_as_written, return_type=dict[str, Any]),
        WithJsonSchema({"type": "object"}),
    ] = Field(description="policies in force, by name; {} for none; `off` removes an inherited one")
    parameters: Annotated[
        FrozenMapping[float],
        PlainValidator(known_parameters),
        PlainSerializer(dict, return_type=dict[str, float]),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}}),
    ] = Field({}, validate_default=True, description="parameters of the model that differ from their fitted values")

    _parent: str = PrivateAttr("")
    _notes: tuple[str, ...] = PrivateAttr(())

    @field_validator("end")
    @classmethod
    def _ends_after_it_starts(cls, end: int, given: ValidationInfo) -> int:
        start = given.data.get("start")
        if start is not None and not start < end <= start + LONGEST_QUARTERS:
            message = f"it does not come after 'start' {quarter_label(start)} by 1 to {LONGEST_QUARTERS} quarters"
            raise refused(message, "Correct one of the two")
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
    def notes(self) -> tuple[str, ...]:
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

    def label(self, language: Literal["en", "zh"]) -> str:
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
        """A new scenario with one value changed: `vary("policies.innovation_voucher.subsidy_rate", 0.6)`.

        `value` is what the file would hold. Raises SpecError if there is no such address or value.
        """
        values = self.to_dict()
        section, _, rest = address.partition(".")
        if section == "policies" and rest.partition(".")[0] in self.policies:
            name, _, key = rest.partition(".")
            values["policies"][name] = {**values["policies"][name], key: value} if key else value
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


def renamed(document: Document, table: Mapping[str, str]) -> tuple[Document, tuple[str, ...]]:
    """The document with old top-level keys under their new names, and a note on each."""
    values, keys, places = dict(document.values), dict(document.keys), dict(document.places)
    notes = []
    for old, new in table.items():
        if old in values and new not in values:
            values[new] = values.pop(old)
            for found in (keys, places):
                found.update({(new, *address[1:]): place for address, place in found.items() if address[:1] == (old,)})
            notes.append(f"{keys[(new,)]}: {old!r} is now called {new!r}; please rename it")
    return Document(values, keys, places, document.faults), tuple(notes)


def _checked(document: Document, files: tuple[str, ...]) -> Scenario:
    """The scenario a document describes. Raises SpecError with the faults of reading and of validation."""
    found = list(document.faults)
    try:
        scenario = Scenario.model_validate(document.values)
    except ValidationError as error:
        spoiled = {fault.place for fault in found}
        found += [fault for fault in faults_of(error, document, described()) if fault.place not in spoiled]
    if found:
        raise SpecError(sorted(found, key=lambda fault: _reading_order(fault.place, files)))
    return scenario


def _reading_order(place: Place | str, files: tuple[str, ...]) -> tuple[int, int, int]:
    return (files.index(place.file), place.line, place.column) if isinstance(place, Place) else (0, 0, 0)


def _no_such_address(address: str, scenario: Scenario) -> Fault:
    section, _, rest = address.partition(".")
    name = rest.partition(".")[0]
    if section == "policies" and name in policies.names():
        return Fault(
            address,
            f"the scenario {scenario.name!r} has no policy {name!r}",
            "Add it with 'with_policy' first",
        )
    remedy = f"Begin with one of {', '.join(key for key in described()['properties'] if key != 'schema')}"
    if section == "policies":
        remedy = f"Its policies are {', '.join(scenario.policies)}; known are {', '.join(policies.names())}"
    return Fault(address, "this address leads to nothing in a scenario", remedy)


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
        label = policies.model(name).label_en
        definitions[name] = policy | {"description": label}
        known[name] = {
            "description": label,
            "anyOf": [{"$ref": f"#/definitions/{name}"}, {"const": REMOVED}],
        }
    schema["properties"]["policies"] |= {"properties": known, "additionalProperties": False}
    schema["properties"]["extends"] = {"type": "string", "description": "file in this folder to start from"}
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
