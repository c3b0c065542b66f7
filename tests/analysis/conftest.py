"""Sweeps whose answers are known: every planned run is there, with a number worked out from its factors instead of lived."""

from pathlib import Path

import numpy as np
import pytest

from ecosim.experiments.plan import Plan
from ecosim.experiments.results import SweepResults
from ecosim.experiments.store import Ended

ROOT = Path(__file__).resolve().parents[2]
VALUES = {
    "name": "known",
    "scenarios": ["sandbox/baseline"],
    "parameters": "prior",
    "seeds": 1,
    "draws": 1,
    "until": "2020Q4",
    "outcomes": ["certified@2020"],
}


def answered(values, answer):
    """A finished sweep of a plan; answer: run -> its numbers, or None for a run that failed."""
    plan = Plan.from_dict({**VALUES, **values}, ROOT)
    empty = SweepResults(Path("nowhere"), plan, {"calibration": "uncalibrated: priors"}, {}, plan.seeds)
    ended = {}
    for run in empty.planned:
        found = answer(run)
        content = None if found is None else np.asarray(found, float).tobytes()
        ended[run.run_id] = Ended(run.run_id, content, "" if found is not None else "ValueError: lost", 0.1)
    return SweepResults(Path("nowhere"), plan, empty.manifest, ended, plan.seeds)


@pytest.fixture(scope="session")
def sweep_of():
    """Makes finished sweeps from a plan's values and an answer."""
    return answered
