"""Three hot stages of the quarter, taken out of a living region with all their kernels are called with."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from inspect import signature
from typing import Any, NamedTuple

import numpy as np

from ecosim import draws, schedule
from ecosim.agents.firm_knowledge import learn
from ecosim.agents.firm_market import trade
from ecosim.agents.firm_research import research
from ecosim.chance import ROOT_12, Stream
from ecosim.kernel import python_function
from ecosim.region import Region

Kernel = Callable[..., Any]
KERNELS = (research, learn, trade)
"""In the order of the quarter."""
QUARTERS_BEFORE = 5
"""Quarters lived before the stages are taken: past the first settling of plans and books."""
TOLERANCE = 1e-9
"""Relative to a value and to the mean of its column: room for the rounding of another exp and log."""
FLOAT_32_STEP = 2.0**-23
"""Where a column is stored in 32 bits, the last of them may fall the other way."""


class Case(NamedTuple):
    """One call of a stage.

    arguments: those of the kernel by name, tables of columns among them; shocks: name -> the stage's random
    draws, one for each row.
    """

    kernel: Kernel
    arguments: dict[str, Any]
    shocks: dict[str, np.ndarray]

    @property
    def name(self) -> str:
        """Name of the stage."""
        return python_function(self.kernel).__name__

    @property
    def firms(self) -> int:
        """Firms in business."""
        return int(self.arguments["identity"].alive.sum())

    def fresh(self) -> dict[str, Any]:
        """A copy of the arguments to run the stage on."""
        return deepcopy(self.arguments)


def taken_from(region: Region) -> list[Case]:
    """The hot stages as called in the quarter after `QUARTERS_BEFORE`; lives that quarter in `region`."""
    for _ in range(QUARTERS_BEFORE):
        schedule.live_quarter(region)
        schedule.turn(region)
    called: dict[Kernel, dict[str, Any]] = {}
    for kernel in KERNELS:
        region.changed[kernel] = recorder(kernel, called)
    schedule.live_quarter(region)
    return [Case(kernel, called[kernel], shocks_of(kernel, called[kernel])) for kernel in KERNELS]


def recorder(kernel: Kernel, called: dict[Kernel, dict[str, Any]]) -> Kernel:
    """The kernel, with a copy of its arguments put into `called` before it runs."""
    names = list(signature(python_function(kernel)).parameters)

    def recorded(*arguments: Any) -> Any:
        called[kernel] = deepcopy(dict(zip(names, arguments, strict=True)))
        return kernel(*arguments)

    return recorded


def shocks_of(kernel: Kernel, arguments: dict[str, Any]) -> dict[str, np.ndarray]:
    """The draws of the engine's own chance that the stage makes, drawn beforehand."""
    if kernel is learn:
        return {}
    seed, moment, ids = arguments["seed"], arguments["moment"], arguments["identity"].id
    if kernel is research:
        return {"inclination_shock": even_shocks(seed, Stream.START, ids, moment)}
    return {
        "growth_shock": draws.normals(seed, Stream.GROWTH, ids, moment),
        "fitness_shock": even_shocks(seed, Stream.FITNESS, ids, moment),
        "growth_scale": -draws.logs(draws.uniforms(seed, Stream.GROWTH_SCALE, ids, arguments["year"])),
    }


def even_shocks(seed: int, stream: Stream, ids: np.ndarray, moment: int) -> np.ndarray:
    """`chance.shock` for each identity."""
    return (draws.uniforms(seed, stream, ids, moment) - 0.5) * ROOT_12


def living_columns(arguments: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    """(table.column, values of the firms in business) of every table among the arguments."""
    living = arguments["identity"].alive == 1
    for argument in arguments.values():
        if isinstance(argument, tuple) and isinstance(argument[0], np.ndarray):
            for name, column in zip(type(argument)._fields, argument, strict=True):
                yield f"{type(argument).__name__}.{name}", column[living]


def disagreements(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Columns in which two runs of a stage differ by more than rounding, as "Table.column"."""
    far = []
    for (name, one), (_, other) in zip(living_columns(found), living_columns(wanted), strict=True):
        share = FLOAT_32_STEP if other.dtype == np.float32 else TOLERANCE
        expected = other.astype(np.float64)
        room = share * (np.abs(expected) + np.abs(expected).mean())
        if not (np.abs(one.astype(np.float64) - expected) <= room).all():
            far.append(name)
    return far


def totals_agree(found: list[float], wanted: list[float], firms: int) -> bool:
    """Whether totals are the same but for the rounding of each firm's amount to whole units."""
    return len(found) == len(wanted) and all(
        abs(one - other) <= 0.5 * firms + TOLERANCE * abs(other) for one, other in zip(found, wanted, strict=True)
    )
