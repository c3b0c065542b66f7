"""Small sweeps of the sandbox, and worlds that fail; these live beside the benchmarks, where workers can import them."""

import sys
from pathlib import Path

import pytest

from ecosim.experiments.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

VALUES = {
    "name": "small",
    "scenarios": ["sandbox/baseline", "sandbox/voucher"],
    "factors": {"policies.innovation_voucher.cap": [50_000, 100_000], "parameters.research.follow": {"low": 0.4, "high": 0.9}},
    "design": {"kind": "latin_hypercube", "points": 4},
    "seeds": 2,
    "draws": 2,
    "parameters": "prior",
    "until": "2020Q4",
    "outcomes": ["certified@2020", "real_rd@2020Q2", "sales@total"],
}


def small_plan(**changes: object) -> Plan:
    """Four points in two scenarios, two draws and two seeds of one year: 32 runs."""
    return Plan.from_dict({**VALUES, **changes}, ROOT)


@pytest.fixture(scope="session")
def plan_with():
    """Makes small plans."""
    return small_plan
