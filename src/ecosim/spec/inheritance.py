"""`extends: other.yaml`: a scenario file that states only what differs from another file in its folder.

Sections are merged by key (`policies`, each policy, `parameters`); everything else, dated values included,
replaces what is inherited as a whole. `name`, `name_zh` and `description` are never inherited. Every value
keeps the place where it was written, so a fault in an inherited value names the inherited file.
"""

from collections.abc import Mapping
from pathlib import Path, PurePath

from ..errors import Fault, Place, SpecError
from .faults import shown
from .reading import Address, Document, read

OWN_KEYS = ("extends", "name", "name_zh", "description")
SECTIONS = ("policies", "parameters")
DEEPEST_REPLACED = 3
"""policies, a policy, its parameter: nothing below a parameter is merged."""


def read_chain(path: Path) -> tuple[Document, tuple[str, ...]]:
    """A scenario file merged with all it extends, and the files in the order they were read.

    Raises SpecError if one of them cannot be read, lies outside the folder, or leads back to an earlier one.
    """
    documents = [read(path)]
    seen = [path.resolve()]
    folder = seen[0].parent if path.is_symlink() else path.parent.resolve()
    here = path
    while "extends" in documents[-1].values:
        found = [fault for document in documents for fault in document.faults]
        try:
            here = _extended(here, documents[-1], folder, seen)
            documents.append(read(here))
        except SpecError as error:
            raise SpecError([*found, *error.faults]) from error
        seen.append(here.resolve())
    files = tuple(document.places[()].file for document in documents)
    merged = documents.pop()
    while documents:
        merged = merge(documents.pop(), merged)
        del merged.values["extends"]
    return merged, files


def _extended(here: Path, document: Document, folder: Path, seen: list[Path]) -> Path:
    """The file that `here` extends. Raises SpecError if it may not be read."""
    target, place = document.values["extends"], document.places[("extends",)]
    example = "Name a file of the same folder, such as baseline.yaml"
    if not isinstance(target, str) or not target or "\0" in target:
        raise _refusal(place, f"extends is {shown(target)}, which is not the name of a file", example)
    other = here.parent / target
    try:
        resolved = other.resolve()
        is_there = resolved.is_file()
    except (OSError, RuntimeError) as error:  # a name that is too long, or links that lead in a circle
        raise _refusal(place, f"extends {shown(target)} is too long a name or leads in a circle", example) from error
    if PurePath(target).is_absolute() or not resolved.is_relative_to(folder):
        raise _refusal(place, f"extends {shown(target)} leads out of the scenario's folder", example)
    if resolved in seen:
        raise _refusal(
            place,
            f"extends {shown(target)} leads back to a file that is already being read",
            "Remove one 'extends'",
        )
    if not is_there:
        raise _refusal(place, f"extends {shown(target)}, but there is no such file", example)
    return other


def _refusal(place: Place, message: str, remedy: str) -> SpecError:
    return SpecError([Fault(place, message, remedy)])


def merge(own: Document, inherited: Document) -> Document:
    """What a file says together with what it inherits; its own words win."""
    replaced: set[Address] = set()
    passed_on = {key: value for key, value in inherited.values.items() if key not in OWN_KEYS}
    values = _overlay(passed_on, own.values, (), replaced)

    def kept(places: dict[Address, Place]) -> dict[Address, Place]:
        return {address: place for address, place in places.items() if not _is_under(address, replaced)}

    return Document(
        values,
        kept(inherited.keys) | own.keys,
        kept(inherited.places) | own.places,
        (*own.faults, *inherited.faults),
    )


def _overlay(inherited: Mapping[str, object], own: Mapping[str, object], above: Address, replaced: set[Address]) -> dict[str, object]:
    """Inherited values under one's own; `replaced` collects the addresses that are wholly one's own."""
    merged = dict(inherited)
    for key, value in own.items():
        address = (*above, key)
        below = inherited[key] if key in inherited and _is_section(address) else None
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _overlay(below, value, address, replaced)
        else:
            merged[key] = value
            replaced.add(address)
    return merged


def _is_section(address: Address) -> bool:
    """Whether the keys below an address are merged one by one."""
    return address[0] in SECTIONS and (len(address) == 1 or (len(address) == 2 and address[0] == "policies"))


def _is_under(address: Address, replaced: set[Address]) -> bool:
    return any(address[:depth] in replaced for depth in range(1, DEEPEST_REPLACED + 1))
