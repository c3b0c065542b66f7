"""From a refused value to a sentence: where it is, what it is, what it should be.

The words come from the JSON schema of the scenario, so the meaning and bounds of a parameter are said once,
where it is declared.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..errors import Fault, Place
from .reading import Address, Document

Schema = dict[str, Any]

_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_LONGEST_SHOWN = 60
_PLAIN_WORDS = {
    "a valid boolean": "true or false",
    "a valid number": "a number",
    "a valid integer": "a whole number",
    "a valid string": "text",
    "a valid dictionary": "a list of 'key: value' lines",
    "a valid tuple": "a list, such as [a, b]",
}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
}


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or "" if none is like it."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return close[0] if close else ""


def shown(value: object) -> str:
    """A value as the user wrote it, shortened; characters that cannot be seen are escaped."""
    if value is None:
        return "empty"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."


def faults_of(error: ValidationError, document: Document, schema: Schema) -> list[Fault]:
    """One fault for every value that validation refused, with its place in the document."""
    return [_fault(detail, document, schema) for detail in error.errors(include_url=False)]


def _fault(detail: ErrorDetails, document: Document, schema: Schema) -> Fault:
    address = _written(detail["loc"], document.values)
    if detail["type"] == "missing":
        return _missing(address, str(detail["loc"][-1]), document, schema)
    if detail["type"] == "extra_forbidden":
        return _unknown(address, document, schema)
    holds_others = isinstance(detail["input"], Mapping)
    value = "" if holds_others else f" is {shown(detail['input'])}"
    remedy = detail.get("ctx", {}).get("remedy") or f"Write here: {expected(described_at(schema, address))}"
    hint = _in_ascii(detail["input"]) or ("Put it in quotes. " if detail["type"] == "string_type" else "")
    of_key = holds_others or detail["loc"][-1:] == ("[key]",)
    place = document.keys[address] if of_key and address in document.keys else place_of(address, document)
    return Fault(place, f"{_dotted(address)}{value}: {_reason(detail)}", hint + remedy)


def _reason(detail: ErrorDetails) -> str:
    """Why a value was refused, in plain words."""
    reason = detail["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    for technical, plain in _PLAIN_WORDS.items():
        if technical in reason:
            return f"it should be {plain}"
    return reason


def _missing(address: Address, key: str, document: Document, schema: Schema) -> Fault:
    meaning = expected(described_at(schema, (*address, key)))
    place = document.keys[address] if address in document.keys else place_of(address, document)
    return Fault(place, f"{_dotted(address)} has no {key!r}", f"Add '{key}: ...', {meaning}")


def _unknown(address: Address, document: Document, schema: Schema) -> Fault:
    key, owner = str(address[-1]), described_at(schema, address[:-1])
    known: dict[str, Schema] = _with_properties(owner, schema).get("properties", {})
    close = nearest(key, (other for other in known if other != key))
    meaning = f" ({expected(known[close])})" if close and "description" in known[close] else ""
    remedy = f"Did you mean {close!r}{meaning}?" if close else f"Known are {', '.join(known)}"
    place = document.keys[address] if address in document.keys else place_of(address, document)
    return Fault(place, f"{_dotted(address[:-1])} has no key {key!r}", _in_ascii(key) + remedy)


def _dotted(address: Address) -> str:
    return ".".join(str(step) for step in address) or "the scenario"


def _in_ascii(value: object) -> str:
    """A hint for text typed with full-width digits, signs or quotes; "" for all other values."""
    if not isinstance(value, str):
        return ""
    plain = unicodedata.normalize("NFKC", value).translate(_STRAIGHT).strip()
    is_wide = plain != value.strip() and plain.isascii() and plain.isprintable() and len(plain) <= _LONGEST_SHOWN
    return f"It is typed with full-width characters: write {plain}. " if is_wide else ""


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


def expected(described: Schema) -> str:
    """What a schema asks for, in words: "share of the fee that is paid (at least 0, at most 1; share)"."""
    meaning = str(described.get("description", "one of its keys"))
    choices = [described, *described.get("anyOf", ())]
    words = next((choice["enum"] for choice in choices if "enum" in choice), ())
    limits = next((limits for choice in choices if (limits := _limits(choice))), "")
    details = "; ".join(part for part in (" or ".join(words), limits, described.get("unit", "")) if part)
    return f"{meaning} ({details})" if details else meaning


def _limits(described: Schema) -> str:
    return ", ".join(words.format(described[key]) for key, words in _BOUNDS.items() if key in described)
