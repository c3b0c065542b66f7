"""`extends: other.yaml`: a scenario file that states only what differs from another file in its folder.

Sections are merged by key (`policies`, each policy, `parameters`); everything else, dated values included,
replaces what is inherited as a whole. `name`, `name_zh` and `description` are never inherited. Every value
keeps the place where it was written, so a fault in an inherited value names the inherited file.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from ..errors import Place, SpecError
from ..wording import Words
from .faults import shown
from .reading import Address, Document, read
from .text_file import refusal

OWN_KEYS = ("extends", "name", "name_zh", "description")
SECTIONS = ("policies", "parameters")
EXAMPLE = Words("Name a file of the same folder, such as baseline.yaml", "请写出同一文件夹中的文件，如 baseline.yaml")
DEEPEST_REPLACED = 3
"""policies, a policy, its parameter: nothing below a parameter is merged."""


def read_chain(path: Path) -> tuple[Document, tuple[str, ...]]:
    """A scenario file merged with all it extends, and the files in the order they were read.

    What cannot be read, lies outside the folder or leads back to an earlier file is a fault of the document, which is then incomplete.
    Raises SpecError if the first file cannot be read.
    """
    documents = [read(path)]
    seen = [path.resolve()]
    folder = seen[0].parent if path.is_symlink() else path.parent.resolve()
    here = path
    while "extends" in documents[-1].values:
        try:
            here = _extended(here, documents[-1], folder, seen)
            documents.append(read(here))
        except SpecError as error:
            last = documents[-1]
            documents[-1] = replace(last, faults=(*last.faults, *error.faults), incomplete=True)
            break
        seen.append(here.resolve())
    files = tuple(document.places[()].file for document in documents)
    merged = documents.pop()
    merged.values.pop("extends", None)
    while documents:
        merged = merge(documents.pop(), merged)
        del merged.values["extends"]
    return merged, files


def _extended(here: Path, document: Document, folder: Path, seen: list[Path]) -> Path:
    """The file that `here` extends. Raises SpecError if it may not be read."""
    target, place = document.values["extends"], document.places[("extends",)]
    name = shown(target)
    if not isinstance(target, str) or not target or "\0" in target:
        message = Words(f"extends is {name}, which is not the name of a file", f"extends 为 {name.zh}，不是文件名")
        raise refusal(place, message, EXAMPLE)
    other = here.parent / target
    try:
        resolved = other.resolve()
        is_there = resolved.is_file()
    except (OSError, RuntimeError) as error:  # a name that is too long, or links that lead in a circle
        message = Words(f"extends {name} is too long a name or leads in a circle", f"extends {name} 名称过长，或链接成环")
        raise refusal(place, message, EXAMPLE) from error
    if PurePath(target).is_absolute() or not resolved.is_relative_to(folder):
        raise refusal(place, Words(f"extends {name} leads out of the scenario's folder", f"extends {name} 超出情景所在文件夹"), EXAMPLE)
    if resolved in seen:
        message = Words(f"extends {name} leads back to a file that is already being read", f"extends {name} 又回到正在读取的文件")
        raise refusal(place, message, Words("Remove one 'extends'", "请删去其中一个 'extends'"))
    if not is_there:
        raise refusal(place, Words(f"extends {name}, but there is no such file", f"extends {name}，但没有这个文件"), EXAMPLE)
    return other


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
        inherited.incomplete,
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
