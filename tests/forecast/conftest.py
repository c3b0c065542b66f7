"""A small city to look ahead in."""

from pathlib import Path

import pytest

from ecosim.scenario import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def town():
    """The fictional city, six times as large, to the end of 2022."""
    return load(ROOT / "scenarios" / "sandbox" / "baseline.yaml").vary("population_scale", 6.0)


@pytest.fixture(scope="session")
def long_town(town):
    """The same to the end of 2024, when all certificates are of years the run has seen."""
    return town.vary("end", "2024Q4").vary("name", "long")
