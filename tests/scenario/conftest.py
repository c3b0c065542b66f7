"""A small valid scenario, and a way to write files."""

from collections.abc import Callable
from pathlib import Path

import pytest

VALID = """\
schema: 1
name: trial
region: sandbox
start: 2020Q1
end: 2021Q4
population_scale: 0.5
policies:
  innovation_voucher:
    from: 2020Q2
    budget: 30_000_000
    subsidy_rate: {2020Q1: 0.30, 2021Q1: 0.40}
    cap: {value: 200_000, source: "city notice"}
    covers: [instruments]
    max_sales: 2e8
    registered_only: true
    valid_quarters: 4
    delivery: first_come
    paperwork: 3_000
  super_deduction:
    general: 0.75
    manufacturing: 0.75
    technology_sme: 0.75
    claim_paperwork: 10_000
"""


@pytest.fixture
def valid() -> str:
    """The text of a valid scenario."""
    return VALID


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes text or bytes into a file of a fresh folder and returns its path."""

    def written(content: str | bytes, name: str = "trial.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return written
