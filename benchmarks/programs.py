"""The program as its users start it: seconds from the command to the prompt, and the machine it runs on."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter


def seconds_of(*words: str, environment: dict[str, str] | None = None) -> float:
    """Wall seconds of one `ecosim` command in a process of its own. Raises CalledProcessError if it fails."""
    begin = perf_counter()
    subprocess.run(
        [sys.executable, "-m", "ecosim", *words], check=True, capture_output=True,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    return perf_counter() - begin


def quickest(*words: str, repeats: int = 3) -> float:
    """Best wall seconds of a command, after a first run that does not count."""
    seconds_of(*words)
    return min(seconds_of(*words) for _ in range(repeats))


def first_ever(*words: str) -> float:
    """Wall seconds of a command on a machine that has never compiled the model."""
    with TemporaryDirectory() as empty:
        return seconds_of(*words, environment={"ECOSIM_CACHE": empty})


def machine(compiler: str | None) -> dict[str, str]:
    """What the figures were measured on."""
    found = {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
    }
    found |= {name: version(name) for name in ("numpy", "numba", "mesa")}
    if compiler is not None:
        asked = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True)
        found["compiler"] = asked.stdout.splitlines()[0]
    return found


def processor() -> str:
    """Name of the processor, as far as the system tells it."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def load_average() -> float | None:
    """Processes that wanted a core during the last minute, on average; None where the system does not say."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
