"""Worlds of a sweep in the forms that mesa.batch_run and the EMA workbench ask for; their workers read the worlds from a file."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import mesa

from ecosim.experiments.worlds import World, live_alone

VARIABLE = "ECOSIM_BENCHMARK_WORLDS"


def prepare(told: Sequence[World]) -> None:
    """Write worlds where workers find them."""
    with tempfile.NamedTemporaryFile(delete=False, suffix=".pickle") as file:
        file.write(pickle.dumps(list(told)))
    os.environ[VARIABLE] = file.name


@cache
def _worlds(path: str) -> list[World]:
    return pickle.loads(Path(path).read_bytes())


def lived(number: int, failing: int | None) -> dict[str, float]:
    """Live one world; one of them raises."""
    if number == failing:
        raise ValueError("no such price")
    return {"certified": float(live_alone(_worlds(os.environ[VARIABLE])[number])[0])}


class City(mesa.Model):
    """One world as a Mesa model of a single step."""

    def __init__(self, number: int, failing: int | None, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        self.number, self.failing = number, failing
        self.certified = float("nan")
        self.datacollector = mesa.DataCollector(model_reporters={"certified": "certified"})

    def step(self) -> None:
        """Live the world."""
        self.certified = lived(self.number, self.failing)["certified"]
        self.datacollector.collect(self)
        self.running = False
