"""From the bytes of a YAML file to plain values, every key and value with its line and column.

The dialect is YAML 1.2 (core scalars) less everything that surprises: no aliases, tags, merge keys, duplicate
keys or second documents. So `1e3` is a number; `no`, `on`, `off`, `12:30` are text. One extension:
`30_000_000` is a number. Events of the Python parser are put together on an explicit stack: no depth hurts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import Fault, Place, SpecError
from .scalars import has_wide_colon_key, number_fault, plain_value, wide_sign
from .text_file import LINE_END, UNPRINTABLE, contents, decoded, refusal

DEEPEST_NESTING = 32
LONGEST_SHOWN = 40

Address = tuple[str | int, ...]
"""The way to a value from the top of the file: ("policies", "rd_grant", "budget")."""

_USE_ASCII_COLON = "Type an ASCII ':' followed by a space; text that should hold '：' goes in quotes"


@dataclass(frozen=True)
class Document:
    """What a file says, where each key and value stands, and the faults that did not stop the reading."""

    values: dict[str, object]
    keys: dict[Address, Place]
    places: dict[Address, Place]
    faults: tuple[Fault, ...]


def read(path: str | Path) -> Document:
    """Read one YAML file. Raises SpecError if it cannot be opened, decoded or parsed."""
    return read_bytes(contents(Path(path)), str(path))


def read_bytes(raw: bytes, file: str) -> Document:
    """Read YAML from bytes; `file` is the name faults carry. Raises SpecError as `read` does."""
    text = decoded(raw, file)
    builder = _Builder(file, re.split(LINE_END, text))
    for event in _events(text, builder):
        builder.take(event)
    if not builder.documents:
        raise builder.empty()
    return Document(builder.root, builder.keys, builder.places, tuple(builder.faults))


def _events(text: str, builder: "_Builder") -> Iterator[yaml.Event]:
    loader = yaml.SafeLoader(text)
    try:
        while loader.check_event():
            yield loader.get_event()  # type: ignore[no-untyped-call]
    except yaml.MarkedYAMLError as error:
        raise builder.syntax_error(error) from error
    except (ValueError, OverflowError) as error:  # an escape or directive whose number is out of range
        place = builder.place(loader.get_mark())
        raise refusal(place, f"this is not YAML ({error})", "Correct the escape or number here") from error
    finally:
        loader.dispose()


@dataclass
class _Level:
    """A mapping or list that is still open while its contents are read."""

    address: Address
    content: dict[str, object] | list[object]
    key: str | None = None


@dataclass
class _Builder:
    """Builds plain values from parser events; the open mappings and lists stand on an explicit stack."""

    file: str
    lines: list[str]
    root: dict[str, object] = field(default_factory=dict)
    keys: dict[Address, Place] = field(default_factory=dict)
    places: dict[Address, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Level] = field(default_factory=list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Add what one event says."""
        place = self.place(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event, place)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            remedy = "Write the value out, or use 'extends: other.yaml'"
            raise refusal(place, f"the alias '*{event.anchor}' is not read", remedy)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._take_node(event, place)

    def place(self, mark: Any) -> Place:
        """The position of a parser's mark, which counts from 0."""
        return Place(self.file, mark.line + 1, mark.column + 1)

    def empty(self) -> SpecError:
        """The error of a file without content."""
        return refusal(Place(self.file), "the file is empty", "Write at least schema, name, region, start and end")

    def _start_document(self, event: yaml.DocumentStartEvent, place: Place) -> None:
        self.documents += 1
        if self.documents > 1:
            raise refusal(place, "a second document begins here ('---')", "Keep one scenario per file")
        if event.version or event.tags:
            raise refusal(place, "the file begins with a '%' directive", "Delete that line")

    def _take_node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> None:
        if not self.stack and not isinstance(event, yaml.MappingStartEvent):
            raise self._not_a_mapping(event, place)
        if event.anchor:
            self._fault(place, f"the anchor '&{event.anchor}' is not read", "Delete it")
        if event.tag is not None:
            self._fault(place, f"the tag {event.tag!r} is not read", "Delete it and write the plain value")
        level = self.stack[-1] if self.stack else None
        if level is not None and isinstance(level.content, dict) and level.key is None:
            self._take_key(level, event, place)
        elif isinstance(event, yaml.ScalarEvent):
            self._store(self._scalar(event, place), place)
        else:
            self._open(event, place)

    def _open(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        if len(self.stack) >= DEEPEST_NESTING:
            message = f"values are nested deeper than {DEEPEST_NESTING} levels"
            raise refusal(place, message, "Close a bracket; a scenario needs five levels")
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            self.stack.append(_Level(self._store(items, place), items))
            return
        mapping: dict[str, object] = {}
        if self.stack:
            self.stack.append(_Level(self._store(mapping, place), mapping))
        else:
            self.root, self.places[()] = mapping, place
            self.stack.append(_Level((), mapping))

    def _store(self, value: object, place: Place) -> Address:
        """Put a scalar, or a collection just opened, into the innermost open one; returns its address."""
        level = self.stack[-1]
        if isinstance(level.content, list):
            address = (*level.address, len(level.content))
            level.content.append(value)
        else:
            address = (*level.address, str(level.key))
            level.content[str(level.key)] = value
            level.key = None
        self.places[address] = place
        return address

    def _take_key(self, level: _Level, event: yaml.Event, place: Place) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise refusal(place, "a key is a list or a mapping", "Write keys as plain words")
        key = str(event.value)
        if key == "<<" and event.style is None:
            self._fault(place, "merge keys ('<<') are not read", "Repeat the lines, or use 'extends: other.yaml'")
        elif "：" in key and event.style is None:
            self._fault(place, f"the key {key[:LONGEST_SHOWN]!r} has a full-width colon", _USE_ASCII_COLON)
        elif (*level.address, key) in self.keys:
            first = self.keys[*level.address, key].line
            message = f"the key {key[:LONGEST_SHOWN]!r} stands twice: in line {first} and in line {place.line}"
            self._fault(place, message, "Delete one of the two")
            key = f"{key} again at {place}"
        self.keys[*level.address, key] = place
        level.key = key

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> object:
        text = str(event.value)
        shown = repr(text[:LONGEST_SHOWN])
        if UNPRINTABLE.search(text):
            self._fault(place, f"{shown} holds an unprintable character", "Delete the escape")
        if event.style is not None:
            return text
        if "：" in text and self._has_key_in_disguise(event.start_mark, event.end_mark):
            self._fault(place, f"{shown} has a full-width colon", _USE_ASCII_COLON)
            return text
        wrong = number_fault(text)
        if wrong is not None:
            self._fault(place, *wrong)
            return text
        return plain_value(text)

    def _has_key_in_disguise(self, start: Any, end: Any) -> bool:
        """Whether an unquoted text between two marks has a line of its own that begins `word：`."""
        begins_its_line = not self.lines[start.line][: start.column].strip("- ")
        first = start.line if begins_its_line else start.line + 1
        return any(has_wide_colon_key(line) for line in self.lines[first : end.line + 1])

    def _not_a_mapping(self, event: yaml.Event, place: Place) -> SpecError:
        if isinstance(event, yaml.ScalarEvent) and event.style is None and not event.value:
            return self.empty()
        if isinstance(event, yaml.ScalarEvent) and "：" in event.value:
            message = f"{event.value[:LONGEST_SHOWN]!r} has a full-width colon"
            return refusal(place, message, _USE_ASCII_COLON)
        message = "the file is not a list of 'key: value' lines"
        return refusal(place, message, "Begin with 'schema: 1' and 'name: ...'")

    def syntax_error(self, error: yaml.MarkedYAMLError) -> SpecError:
        """What the parser could not read, in words, with the likely slip named."""
        began = str(error.context).endswith(("simple key", "quoted scalar"))
        mark: Any = error.context_mark if began else error.problem_mark
        place, problem = self.place(mark), str(error.problem)
        near = repr(self.lines[min(mark.line, len(self.lines) - 1)].strip()[:LONGEST_SHOWN])
        if "\\t" in problem:
            return refusal(place, f"there is a tab in {near}", "Use spaces")
        suspects = {mark.line - 1, mark.line, error.context_mark.line if error.context_mark else mark.line}
        for number in sorted(suspects & set(range(len(self.lines)))):
            if has_wide_colon_key(self.lines[number]):
                shown = self.lines[number].strip()[:LONGEST_SHOWN]
                return refusal(Place(self.file, number + 1), f"{shown!r} has a full-width colon", _USE_ASCII_COLON)
        sign = wide_sign(self.lines[mark.line]) if "','" in problem and mark.line < len(self.lines) else ""
        if sign:
            return refusal(place, f"there is a full-width {sign!r} in {near}", "Type the ASCII sign and a space")
        remedy = "Check the indentation, the quotes and the space after ':' here and in the lines above"
        return refusal(place, f"this is not YAML: {problem}, near {near}", remedy)

    def _fault(self, place: Place, message: str, remedy: str) -> None:
        self.faults.append(Fault(place, message, remedy))
