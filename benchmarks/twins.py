"""One stage, four implementations: the engine's kernel, NumPy columns, Mesa objects, C by hand.

Each runs on its own copy of the same columns. Only the stage itself is timed: copies, Mesa's objects and the
pointers for C are made before. The engine and C draw their random numbers inside the stage; NumPy and Mesa
find them drawn, which is in their favour. Empty rows of the tables cost time everywhere but in Mesa.
"""

import gc
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from types import SimpleNamespace
from typing import Any, NamedTuple

import mesa_twin
import numpy_twin
from c_twin import Loaded
from hot_stages import Case

TOTALS = {"research": 3, "learn": 0, "trade": 5}
"""Stage -> how many totals it returns."""


class Lived(NamedTuple):
    """One run of a stage: the arguments as it left them, the totals it returned, and seconds."""

    arguments: dict[str, Any]
    totals: list[float]
    seconds: float


Implementation = Callable[[Case], Lived]


def timed(arguments: dict[str, Any], stage: Callable[[], Any]) -> Lived:
    """Run a stage that is ready to run; Python's collector waits."""
    gc.disable()
    try:
        begin = perf_counter()
        totals = stage()
        seconds = perf_counter() - begin
    finally:
        gc.enable()
    return Lived(arguments, [] if totals is None else [float(total) for total in totals], seconds)


def engine(case: Case) -> Lived:
    """The engine's own kernel."""
    arguments = case.fresh()
    passed = tuple(arguments.values())
    return timed(arguments, lambda: case.kernel(*passed))


def numpy_columns(case: Case) -> Lived:
    """NumPy on the engine's columns."""
    arguments = case.fresh()
    given = SimpleNamespace(**arguments, **case.shocks)
    return timed(arguments, lambda: numpy_twin.STAGES[case.name](given))


def mesa_objects(case: Case) -> Lived:
    """A Mesa model with an object for each firm in business."""
    arguments = case.fresh()
    city = mesa_twin.City(SimpleNamespace(**arguments), case.shocks, TOTALS[case.name])
    lived = timed(arguments, partial(city.live, case.name))
    city.write_back()
    del city  # a model and its agents refer to each other: only the collector frees them
    gc.collect()
    return lived


def c_by_hand(bind: Loaded) -> Implementation:
    """The compiled C; bind: what `c_twin.load` returned."""

    def lived(case: Case) -> Lived:
        arguments = case.fresh()
        return timed(arguments, bind(case.name, tuple(arguments.values()), TOTALS[case.name]))

    return lived


def race(case: Case, implementations: Mapping[str, Implementation], repeats: Mapping[str, int]) -> dict[str, float]:
    """Best time of each implementation by name, ns per firm in business.

    They take turns, so that a slow spell meets all alike. repeats: name -> how often it runs after a first
    run that does not count.
    """
    seconds: dict[str, list[float]] = {name: [] for name in implementations}
    for turn in range(1 + max(repeats.values())):
        for name, run in implementations.items():
            if turn <= repeats[name]:
                lived = run(case)
                if turn:
                    seconds[name].append(lived.seconds)
    return {name: min(found) / case.firms * 1e9 for name, found in seconds.items()}
