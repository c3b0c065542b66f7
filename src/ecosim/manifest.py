"""Where results come from: everything needed to make them again, and to see whether two results are of the
same kind.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from . import parameters, regions
from .kernel import SETTINGS
from .scenario import Scenario
from .sources import Source, calibration

LIBRARIES = ("numpy", "numba", "pandas", "scipy", "mesa", "pydantic", "statsmodels", "scikit-learn")
FIRST_FORMAT = 1
"""Version of the manifest's own layout."""


def code_version() -> str:
    """Version of the installed package; "source" if it runs from an uninstalled tree."""
    try:
        return version("ecosim")
    except PackageNotFoundError:
        return "source"


@cache
def source_hash() -> str:
    """SHA-256 over every Python file of the package: the same code gives the same hash, wherever it lies."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py"), key=lambda found: found.relative_to(package).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that numbers can depend on."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def manifest_of(
    scenarios: Iterable[Scenario],
    seeds: list[int],
    draws: list[int | None],
    seconds: float,
    rules: Mapping[str, str],
    source: Source,
) -> dict[str, Any]:
    """The origin of a run or comparison, ready for JSON.

    draws: numbers of the parameter draws, None for the point; seconds: wall time; rules: changed rule ->
    compiled or interpreted; source: where the draws come from.
    """
    told = list(scenarios)
    return {
        "format": FIRST_FORMAT,
        "ecosim": code_version(),
        "source_sha256": source_hash(),
        "model": parameters.MODEL,
        "calibration": calibration(told[0].region, source),
        "parameters": source,
        "scenarios": [
            {
                "name": scenario.name,
                "config_sha256": scenario.hash,
                "parent_sha256": scenario.parent,
                "region": scenario.region,
                "data_sha256": regions.load(scenario.region).sha256,
                "content": scenario.to_dict(),
            }
            for scenario in told
        ],
        "seeds": seeds,
        "draws": draws,
        "rules_changed": dict(rules),
        "compiled": not SETTINGS.DISABLE_JIT,
        "seconds": round(seconds, 2),
        "libraries": library_versions(),
        "platform": {"system": platform.platform(), "machine": platform.machine()},
    }
