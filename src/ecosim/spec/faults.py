"""From a refused value to a sentence: where it is, what it is, what it should be.

The words come from the JSON schema of the scenario, so the meaning and bounds of a parameter are said once,
where it is declared.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..errors import Fault, Place
from ..units import UNITS, yuan_text
from ..wording import Words, meant, nearest, same
from .reading import Address, Document

Schema = dict[str, Any]

_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_LONGEST_SHOWN = 60
_ONE_OF_ITS_KEYS = Words("one of its keys", "其中一个键")
_PUT_IN_QUOTES = Words("Put it in quotes. ", "请加引号。")
_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15}(?:\.[0-9]{1,9})?) ?(万|亿|%|)元?")
_FACTORS = {"": Decimal(1), "%": Decimal("0.01"), "万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
_PLAIN_WORDS = {
    "a valid boolean": "true or false",
    "a valid number": "a number",
    "a valid integer": "a whole number",
    "a valid string": "text",
    "a valid dictionary": "a list of 'key: value' lines",
    "a valid tuple": "a list, such as [a, b]",
}
_REASONS_ZH = {
    "bool_type": "应为 true 或 false",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "string_type": "应为文字",
    "string_too_short": "应至少有 {min_length} 个字符",
    "string_too_long": "应至多有 {max_length} 个字符",
    "string_pattern_mismatch": "写法不对",
    "dict_type": "应为若干行“键: 值”",
    "model_type": "应为若干行“键: 值”",
    "mapping_type": "应为若干行“键: 值”",
    "tuple_type": "应为列表，如 [a, b]",
    "list_type": "应为列表，如 [a, b]",
    "finite_number": "应为有限的数",
    "greater_than_equal": "应不小于 {ge:g}",
    "less_than_equal": "应不大于 {le:g}",
    "greater_than": "应大于 {gt:g}",
    "less_than": "应小于 {lt:g}",
    "literal_error": "应为 {expected}",
    "recursion_loop": "不应自己包含自己",
}
"""What pydantic finds -> the Chinese, with the values it names."""
_BOUNDS = {
    "minimum": Words("at least {}", "至少 {}"),
    "maximum": Words("at most {}", "至多 {}"),
    "exclusiveMinimum": Words("above {}", "大于 {}"),
    "exclusiveMaximum": Words("below {}", "小于 {}"),
}
_SMALLEST_AMOUNT = 1e4
"""Yuan from which an amount is also told in 万元 or 亿元."""


def shown(value: object) -> Words:
    """A value as the user wrote it, shortened; characters that cannot be seen are escaped."""
    if value is None:
        return Words("empty", "空值")
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return same(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "...")


def faults_of(error: ValidationError, document: Document, schema: Schema) -> list[Fault]:
    """One fault for every value that validation refused, with its place in the document."""
    details = error.errors(include_url=False)
    return [_fault(detail, document, schema) for detail in details if not (document.incomplete and _may_be_inherited(detail))]


def _may_be_inherited(detail: ErrorDetails) -> bool:
    """Whether what is missing may stand in the file that is extended; a name may not."""
    return detail["type"] == "missing" and detail["loc"] != ("name",)


def _fault(detail: ErrorDetails, document: Document, schema: Schema) -> Fault:
    address = _written(detail["loc"], document.values)
    if detail["type"] == "missing":
        return _missing(address, str(detail["loc"][-1]), document, schema)
    if detail["type"] == "extra_forbidden":
        return _unknown(address, document, schema)
    holds_others = isinstance(detail["input"], Mapping)
    wanted = described_at(schema, address)
    remedy = detail.get("ctx", {}).get("remedy") or _write_here(expected(wanted))
    hint = _hint(detail["type"], detail["input"])
    of_key = holds_others or detail["loc"][-1:] == ("[key]",)
    place = document.keys[address] if of_key and address in document.keys else place_of(address, document)
    message = _said(_dotted(address, schema), None if holds_others else _with_amount(detail["input"], wanted), _reason(detail))
    return Fault(place, message, Words(f"{hint}{remedy}", f"{hint.zh}{remedy.zh}"))


def _said(name: Words, value: Words | None, reason: Words) -> Words:
    if value is None:
        return Words(f"{name}: {reason}", f"{name.zh.rstrip()}：{reason.zh}")
    return Words(f"{name} is {value}: {reason}", f"{name.zh}为 {value.zh}：{reason.zh}")


def _write_here(meaning: Words) -> Words:
    return Words(f"Write here: {meaning}", f"这里应写：{meaning.zh}")


def _with_amount(value: object, wanted: Schema) -> Words:
    """A value, and how much money it is in the large units of Chinese."""
    words = shown(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and str(wanted.get("unit", "")).startswith("yuan") and abs(float(str(value))) >= _SMALLEST_AMOUNT:
        return Words(words, f"{words.zh}（{yuan_text(float(str(value)), 'zh')}）")
    return words


def _reason(detail: ErrorDetails) -> Words:
    """Why a value was refused, in plain words."""
    context = detail.get("ctx", {})
    if isinstance(context.get("message"), Words):
        return Words(context["message"], context["message"].zh)
    reason = detail["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    reason = next((f"it should be {plain}" for technical, plain in _PLAIN_WORDS.items() if technical in reason), reason)
    if detail["type"] not in _REASONS_ZH:
        return Words(reason, "写法不对")
    return Words(reason, _REASONS_ZH[detail["type"]].format(**context).replace(" or ", " 或 "))


def _missing(address: Address, key: str, document: Document, schema: Schema) -> Fault:
    meaning = expected(described_at(schema, (*address, key)))
    place = document.keys[address] if address in document.keys else place_of(address, document)
    name = _dotted(address, schema)
    message = Words(f"{name} has no {key!r}", f"{name.zh}缺少 {key!r}")
    return Fault(place, message, Words(f"Add '{key}: ...', {meaning}", f"请补上 '{key}: ...'，{meaning.zh}"))


def _unknown(address: Address, document: Document, schema: Schema) -> Fault:
    key, owner = str(address[-1]), described_at(schema, address[:-1])
    known: dict[str, Schema] = _with_properties(owner, schema).get("properties", {})
    close = nearest(key, (other for other in known if other != key))
    remedy = Words(f"Known are {', '.join(known)}", f"可用的有 {'、'.join(known)}")
    if close:
        remedy = meant(close, expected(known[close]) if "description" in known[close] else None)
    place = document.keys[address] if address in document.keys else place_of(address, document)
    name, hint = _dotted(address[:-1], schema), _in_ascii(key)
    return Fault(place, Words(f"{name} has no key {key!r}", f"{name.zh}没有键 {key!r}"), Words(f"{hint}{remedy}", f"{hint.zh}{remedy.zh}"))


def _in_digits(value: object) -> Words:
    """A hint for a number written with 万, 亿, % or commas; "" for all other values."""
    found = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return same("")
    number = Decimal(found[1].replace(",", "")) * _FACTORS[found[2]]
    plain = f"{int(number):_}" if number == int(number) else f"{number.normalize():f}"
    return Words(f"In digits it is {plain}. ", f"用数字写是 {plain}。")


def _dotted(address: Address, schema: Schema) -> Words:
    """The name of a value; of the whole file, what its schema says it is."""
    name = ".".join(str(step) for step in address)
    return Words(name, f"{name} ") if name else schema.get("called", Words("the scenario", "情景"))


def _hint(kind: str, value: object) -> Words:
    """What to try first with a value that was refused; "" if nothing suggests itself."""
    if kind == "string_type" and value is not None:
        return _PUT_IN_QUOTES
    return _in_ascii(value) or (_in_digits(value) if kind in ("float_type", "int_type") else same(""))


def _in_ascii(value: object) -> Words:
    """A hint for text typed with full-width digits, signs or quotes; "" for all other values."""
    if not isinstance(value, str):
        return same("")
    plain = unicodedata.normalize("NFKC", value).translate(_STRAIGHT).strip()
    is_wide = plain != value.strip() and plain.isascii() and plain.isprintable() and len(plain) <= _LONGEST_SHOWN
    if not is_wide:
        return same("")
    return Words(f"It is typed with full-width characters: write {plain}. ", f"这是全角字符：请写 {plain}。")


def _written(location: Address, values: Mapping[str, object]) -> Address:
    """The longest part of a location that leads to something written in the file."""
    found: object = values
    for depth, step in enumerate(location):
        if isinstance(found, Mapping) and step in found:
            found = found[str(step)]
        elif isinstance(found, list | tuple) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return location[:depth]
    return location


def place_of(address: Address, document: Document) -> Place | str:
    """Where a value is written, or else what holds it; just "scenario" if the values came from no file."""
    for depth in range(len(address), -1, -1):
        if address[:depth] in document.places:
            return document.places[address[:depth]]
    return "scenario"


def in_reading_order(faults: Iterable[Fault], files: Sequence[str] = ()) -> list[Fault]:
    """Faults by file, line and column, each once; of files that are not listed, in the order in which they are first named."""
    found = list(dict.fromkeys(faults))
    named = list(dict.fromkeys([*files, *(fault.place.file for fault in found if isinstance(fault.place, Place))]))

    def at(fault: Fault) -> tuple[int, int, int]:
        place = fault.place
        return (named.index(place.file), place.line, place.column) if isinstance(place, Place) else (0, 0, 0)

    return sorted(found, key=at)


def described_at(schema: Schema, address: Address) -> Schema:
    """The part of a JSON schema for the value at an address, or for the nearest value around it."""
    here = found = schema
    for step in address:
        properties = _with_properties(here, schema).get("properties", {})
        if step not in properties:
            break
        here = properties[step]
        found = here if "description" in here else found
    return found


def _with_properties(part: Schema, schema: Schema) -> Schema:
    """Of a part of a schema and its alternatives, the first that lists properties; {} if none does."""
    return next((choice for choice in _choices(part, schema) if "properties" in choice), {})


def _choices(part: Schema, schema: Schema) -> Iterator[Schema]:
    yield part
    if "$ref" in part:
        yield from _choices(schema["definitions"][part["$ref"].rpartition("/")[2]], schema)
    for alternative in part.get("anyOf", ()):
        yield from _choices(alternative, schema)


def expected(described: Schema) -> Words:
    """What a schema asks for, in words: "share of the fee that is paid (at least 0, at most 1; share)"."""
    meaning = described.get("description", _ONE_OF_ITS_KEYS)
    meaning = meaning if isinstance(meaning, Words) else same(str(meaning))
    choices = [described, *described.get("anyOf", ())]
    listed = next((choice["enum"] for choice in choices if "enum" in choice), ())
    words = Words(" or ".join(listed), " 或 ".join(listed))
    limits = next((limits for choice in choices if (limits := _limits(choice))), same(""))
    unit = UNITS.get(described.get("unit", ""), same(described.get("unit", "")))
    details = [part for part in (words, limits, unit) if part]
    if not details:
        return meaning
    return Words(f"{meaning} ({'; '.join(details)})", f"{meaning.zh}（{'；'.join(part.zh for part in details)}）")


def _limits(described: Schema) -> Words:
    found = [(words, described[key]) for key, words in _BOUNDS.items() if key in described]
    return Words(", ".join(words.format(bound) for words, bound in found), "，".join(words.zh.format(bound) for words, bound in found))
