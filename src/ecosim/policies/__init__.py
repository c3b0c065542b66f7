"""The instruments, one per file: the file name is the key in a scenario; what is in this folder is known."""

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType

from ..errors import Fault, SpecError
from ..wording import Words, suggestion
from .contract import Policy


@cache
def _models() -> MappingProxyType[str, type[Policy]]:
    found: dict[str, type[Policy]] = {}
    for file in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{file.name}")
        classes = [
            kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, Policy) and kind is not Policy and kind.__module__ == module.__name__
        ]
        if len(classes) > 1:
            raise TypeError(f"{module.__name__} declares {len(classes)} instruments; give each a file of its own")
        if classes:
            found[file.name] = classes[0]
    return MappingProxyType(found)


def names() -> tuple[str, ...]:
    """Every instrument by its key in scenarios, in alphabetical order."""
    return tuple(sorted(_models()))


def model(name: str) -> type[Policy]:
    """The class that describes an instrument. Raises SpecError naming the nearest one if there is none."""
    if name in _models():
        return _models()[name]
    raise SpecError([Fault("policies", Words(f"there is no instrument {name!r}", f"没有政策工具 {name!r}"), suggestion(name, names()))])
