"""From the bytes of a YAML file to plain values, every key and value with its line and column.

The dialect is YAML 1.2 (core scalars) less everything that surprises: no aliases, tags, merge keys, duplicate
keys or second documents. So `1e3` is a number; `no`, `on`, `off`, `12:30` are text. One extension:
`30_000_000` is a number. Events of the Python parser are put together on an explicit stack: no depth hurts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import Fault, Place, SpecError
from ..wording import Words
from .scalars import has_wide_colon_key, number_fault, plain_value, wide_sign
from .text_file import LINE_END, UNPRINTABLE, contents, decoded, refusal

DEEPEST_NESTING = 32
LONGEST_SHOWN = 40

Address = tuple[str | int, ...]
"""The way to a value from the top of the file: ("policies", "rd_grant", "budget")."""

_USE_ASCII_COLON = Words(
    "Type an ASCII ':' followed by a space; text that should hold '：' goes in quotes",
    "请用半角 ':' 加空格；正文中要用 '：' 请加引号",
)
_DELETE_IT = Words("Delete it", "请删除")


@dataclass(frozen=True)
class Document:
    """What a file says, where each key and value stands, and the faults that did not stop the reading.

    incomplete: a file that it extends could not be read, so what it lacks may stand there.
    """

    values: dict[str, object]
    keys: dict[Address, Place]
    places: dict[Address, Place]
    faults: tuple[Fault, ...]
    incomplete: bool = False


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
    get_event: Callable[[], yaml.Event] = loader.get_event
    try:
        while loader.check_event():
            yield get_event()
    except yaml.MarkedYAMLError as error:
        raise builder.syntax_error(error) from error
    except (ValueError, OverflowError) as error:  # an escape or directive whose number is out of range
        place = builder.place(loader.get_mark())
        message = Words(f"this is not YAML ({error})", "这不是 YAML 格式")
        raise refusal(place, message, Words("Correct the escape or number here", "请改正此处的转义符或数字")) from error
    finally:
        loader.dispose()


def _wide_colon(shown: str) -> Words:
    return Words(f"{shown} has a full-width colon", f"{shown} 用了全角冒号")


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
            remedy = Words("Write the value out, or use 'extends: other.yaml'", "请直接写出值，或用 'extends: other.yaml'")
            raise refusal(place, Words(f"the alias '*{event.anchor}' is not read", f"不支持别名 '*{event.anchor}'"), remedy)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._take_node(event, place)

    def place(self, mark: Any) -> Place:
        """The position of a parser's mark, which counts from 0."""
        return Place(self.file, mark.line + 1, mark.column + 1)

    def empty(self) -> SpecError:
        """The error of a file without content."""
        remedy = Words("Write at least schema, name, region, start and end", "请至少写出 schema、name、region、start 和 end")
        return refusal(Place(self.file), Words("the file is empty", "文件为空"), remedy)

    def _start_document(self, event: yaml.DocumentStartEvent, place: Place) -> None:
        self.documents += 1
        if self.documents > 1:
            message = Words("a second document begins here ('---')", "这里开始了第二个文档（'---'）")
            raise refusal(place, message, Words("Keep one scenario per file", "每个文件只写一个情景"))
        if event.version or event.tags:
            message = Words("the file begins with a '%' directive", "文件以 '%' 指令开头")
            raise refusal(place, message, Words("Delete that line", "请删去该行"))

    def _take_node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> None:
        if not self.stack and not isinstance(event, yaml.MappingStartEvent):
            raise self._not_a_mapping(event, place)
        if event.anchor:
            self._fault(place, Words(f"the anchor '&{event.anchor}' is not read", f"不支持锚点 '&{event.anchor}'"), _DELETE_IT)
        if event.tag is not None:
            message = Words(f"the tag {event.tag!r} is not read", f"不支持标签 {event.tag!r}")
            self._fault(place, message, Words("Delete it and write the plain value", "请删去，只写值"))
        level = self.stack[-1] if self.stack else None
        if level is not None and isinstance(level.content, dict) and level.key is None:
            self._take_key(level, event, place)
        elif isinstance(event, yaml.ScalarEvent):
            self._store(self._scalar(event, place), place)
        else:
            self._open(event, place)

    def _open(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        if len(self.stack) >= DEEPEST_NESTING:
            message = Words(f"values are nested deeper than {DEEPEST_NESTING} levels", f"嵌套超过 {DEEPEST_NESTING} 层")
            raise refusal(place, message, Words("Close a bracket; a scenario needs five levels", "请补上括号；情景只需五层"))
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
            message = Words("a key is a list or a mapping", "键是列表或映射")
            raise refusal(place, message, Words("Write keys as plain words", "键应为普通单词"))
        key = str(event.value)
        if key == "<<" and event.style is None:
            remedy = Words("Repeat the lines, or use 'extends: other.yaml'", "请重复写出，或用 'extends: other.yaml'")
            self._fault(place, Words("merge keys ('<<') are not read", "不支持合并键（'<<'）"), remedy)
        elif "：" in key and event.style is None:
            shown = repr(key[:LONGEST_SHOWN])
            self._fault(place, Words(f"the key {shown} has a full-width colon", f"键 {shown} 用了全角冒号"), _USE_ASCII_COLON)
        elif (*level.address, key) in self.keys:
            first, shown = self.keys[*level.address, key].line, repr(key[:LONGEST_SHOWN])
            message = Words(
                f"the key {shown} stands twice: in line {first} and in line {place.line}",
                f"键 {shown} 出现两次：第 {first} 行和第 {place.line} 行",
            )
            self._fault(place, message, Words("Delete one of the two", "请删去其中一个"))
            key = f"{key} again at {place}"
        self.keys[*level.address, key] = place
        level.key = key

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> object:
        text = str(event.value)
        shown = repr(text[:LONGEST_SHOWN])
        if UNPRINTABLE.search(text):
            message = Words(f"{shown} holds an unprintable character", f"{shown} 含有不可见字符")
            self._fault(place, message, Words("Delete the escape", "请删去转义符"))
        if event.style is not None:
            return text
        if "：" in text and self._has_key_in_disguise(event.start_mark, event.end_mark):
            self._fault(place, _wide_colon(shown), _USE_ASCII_COLON)
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
            return refusal(place, _wide_colon(repr(event.value[:LONGEST_SHOWN])), _USE_ASCII_COLON)
        message = Words("the file is not a list of 'key: value' lines", "文件不是若干行 'key: value'")
        return refusal(place, message, Words("Begin with 'schema: 1' and 'name: ...'", "请以 'schema: 1' 和 'name: ...' 开头"))

    def syntax_error(self, error: yaml.MarkedYAMLError) -> SpecError:
        """What the parser could not read, in words, with the likely slip named."""
        began = str(error.context).endswith(("simple key", "quoted scalar"))
        mark: Any = error.context_mark if began else error.problem_mark
        place, problem = self.place(mark), str(error.problem)
        near = repr(self.lines[min(mark.line, len(self.lines) - 1)].strip()[:LONGEST_SHOWN])
        if "\\t" in problem:
            return refusal(place, Words(f"there is a tab in {near}", f"{near} 中有制表符"), Words("Use spaces", "请用空格"))
        suspects = {mark.line - 1, mark.line, error.context_mark.line if error.context_mark else mark.line}
        for number in sorted(suspects & set(range(len(self.lines)))):
            if has_wide_colon_key(self.lines[number]):
                shown = repr(self.lines[number].strip()[:LONGEST_SHOWN])
                return refusal(Place(self.file, number + 1), _wide_colon(shown), _USE_ASCII_COLON)
        sign = wide_sign(self.lines[mark.line]) if "','" in problem and mark.line < len(self.lines) else ""
        if sign:
            message = Words(f"there is a full-width {sign!r} in {near}", f"{near} 中有全角 {sign!r}")
            return refusal(place, message, Words("Type the ASCII sign and a space", "请用半角符号加空格"))
        message = Words(f"this is not YAML: {problem}, near {near}", f"{near} 附近不是 YAML 格式")
        remedy = Words(
            "Check the indentation, the quotes and the space after ':' here and in the lines above",
            "请检查本行及上面各行的缩进、引号和 ':' 后的空格",
        )
        return refusal(place, message, remedy)

    def _fault(self, place: Place, message: Words, remedy: Words) -> None:
        self.faults.append(Fault(place, message, remedy))
