"""Measure the engine, alone and beside others doing the same work: `python benchmarks/bench.py [--quick]`.

Prints every figure with its target and writes out/bench.json. A figure is the best of several runs, because
whatever else the machine does can only make a run slower; the median beside it shows how much it did. --quick
leaves out the first-ever start and the world of a million firms.
"""

import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import c_twin
import hot_stages
import programs
import twins
import worlds

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "scenarios" / "nantong" / "baseline.yaml"
RESULTS = ROOT / "out" / "bench.json"

FIRMS, QUARTERS, REPEATS = 10_000, 24, 12
SIZES = {1_000: 8, 10_000: 8, 100_000: 3, 1_000_000: 2}
"""Firms -> repeats of the two years by which sizes are compared."""
QUARTERS_BY_SIZE = 8
TURNS = {"engine": 40, "c": 40, "numpy": 25, "mesa": 5}
FLUCTUATION = 1.15
"""Median over best above which the figures are said to fluctuate."""


class Target(NamedTuple):
    """A figure of the results, the most it should be, and what it says."""

    figure: str
    most: float
    meaning: str


TARGETS = (
    Target("engine_ns", 150.0, "ns per firm and quarter, all stages, 10,000 firms, one core"),
    Target("c_ratio", 1.3, "engine over C by hand, three hot stages"),
    Target("million_ratio", 1.3, "ns per firm and quarter at 1,000,000 firms over 10,000"),
    Target("bytes_per_firm", 600.0, "bytes of columns per firm in business after 24 quarters"),
    Target("run_ms", 60.0, "ms for 24 quarters of Nantong, after the start"),
    Target("cold_s", 30.0, "s for the first-ever `ecosim run`"),
    Target("warm_s", 1.5, "s for `ecosim run`"),
)

ASIDE = {
    "engine_median_ns": f"ns per firm and quarter in the median of {REPEATS} runs",
    "reading_ns": "ns per firm and quarter for reading the outcomes, which run_ms includes",
    "bytes_per_firm_at_start": "bytes of columns per firm in business before the first quarter",
    "help_s": "s for `ecosim --help`",
    "numpy_ratio": "NumPy columns over the engine, three hot stages",
    "mesa_ratio": "Mesa objects over the engine, three hot stages",
}
"""Figures without a target."""


def measured_programs(quick: bool) -> dict[str, Any]:
    """Seconds of whole commands."""
    run = ("run", str(BASELINE))
    return {
        "help_s": programs.quickest("--help"),
        "warm_s": programs.quickest(*run),
        "cold_s": None if quick else programs.first_ever(*run),
    }


def measured_worlds(city: worlds.City, quick: bool) -> dict[str, Any]:
    """The quarter at 10,000 firms, by stage, at other sizes, and the run of the real city."""
    worlds.lifetimes(city, FIRMS, QUARTERS, 1)
    lives = worlds.lifetimes(city, FIRMS, QUARTERS, REPEATS)
    best = lives[0]
    sizes = {
        firms: worlds.lifetimes(city, firms, QUARTERS_BY_SIZE, repeats)[0].ns
        for firms, repeats in SIZES.items() if not (quick and firms == max(SIZES))
    }  # fmt: skip
    return {
        "engine_ns": best.ns,
        "engine_median_ns": statistics.median(life.ns for life in lives),
        "bytes_per_firm": best.bytes_last,
        "bytes_per_firm_at_start": best.bytes_first,
        "stage_ns": {name: seconds / best.firm_quarters * 1e9 for name, seconds in best.stages.items()},
        "reading_ns": best.reading / best.firm_quarters * 1e9,
        "run_ms": min(life.run_ms for life in worlds.lifetimes(city, city.real_firms, QUARTERS, REPEATS)),
        "size_ns": sizes,
        "million_ratio": None if quick else sizes[1_000_000] / sizes[10_000],
    }


def measured_twins(city: worlds.City, program: str | None) -> dict[str, Any]:
    """The three hot stages in four implementations, ns per firm; stops if they do not agree."""
    implementations = {"engine": twins.engine, "numpy": twins.numpy_columns, "mesa": twins.mesa_objects}
    with TemporaryDirectory() as folder:
        if program is not None:
            implementations["c"] = twins.c_by_hand(c_twin.load(Path(folder), program))
        stages = {}
        for case in hot_stages.taken_from(city.begun(FIRMS)):
            check(case, implementations)
            stages[case.name] = twins.race(case, implementations, TURNS)
    total = {name: sum(found[name] for found in stages.values()) for name in implementations}
    return {
        "twin_ns": stages,
        "mesa_ratio": total["mesa"] / total["engine"],
        "numpy_ratio": total["numpy"] / total["engine"],
        "c_ratio": total["engine"] / total["c"] if "c" in total else None,
    }


def check(case: hot_stages.Case, implementations: dict[str, twins.Implementation]) -> None:
    """End the program if an implementation gives other numbers than the engine."""
    wanted = implementations["engine"](case)
    for name, run in implementations.items():
        found = run(case)
        far = hot_stages.disagreements(found.arguments, wanted.arguments)
        if far or not hot_stages.totals_agree(found.totals, wanted.totals, case.firms):
            sys.exit(f"{case.name}: {name} and the engine disagree in {', '.join(far) or 'the totals'}")


def verdict(value: float | None, most: float) -> str:
    """How a figure stands to its target."""
    if value is None:
        return "not measured"
    return "met" if value <= most else "missed"


def target_lines(found: dict[str, Any]) -> Iterator[str]:
    """Each figure that has a target, beside it."""
    yield f"{'figure':16}{'measured':>12}{'target':>9}  {'':13} meaning"
    for target in TARGETS:
        value = found[target.figure]
        shown = "-" if value is None else f"{value:,.2f}"
        stands = verdict(value, target.most)
        yield f"{target.figure:16}{shown:>12}{target.most:>9g}  {stands:13} {target.meaning}"
    yield ""
    for figure, meaning in ASIDE.items():
        yield f"{figure:24}{found[figure]:>12,.2f}  {meaning}"
    if found["engine_median_ns"] > FLUCTUATION * found["engine_ns"]:
        yield "The figures fluctuate: something else uses this machine."


def twin_lines(found: dict[str, Any]) -> Iterator[str]:
    """The hot stages side by side."""
    names = [name for name in ("engine", "c", "numpy", "mesa") if name in found["twin_ns"]["trade"]]
    yield f"{'ns per firm':14}" + "".join(f"{name:>10}" for name in names)
    for stage, ns in found["twin_ns"].items():
        yield f"{stage:14}" + "".join(f"{ns[name]:>10.1f}" for name in names)
        yield f"{'over engine':>14}" + "".join(f"{ns[name] / ns['engine']:>10.2f}" for name in names)
    yield "engine  the kernel as the model runs it, random draws included"
    yield "c       the same draws, exp, log and quantile in C (-O3 -march=native): all the work, same bits"
    yield "numpy   vectorised columns, np.exp and np.log; random draws handed over, not timed"
    yield "mesa    one mesa.Agent for each firm, agents.do(stage), math; random draws handed over, not timed"


def world_lines(found: dict[str, Any]) -> Iterator[str]:
    """The quarter by stage and by size."""
    yield f"ns per firm and quarter by number of firms ({QUARTERS_BY_SIZE} quarters)"
    yield "  ".join(f"{firms:,}: {ns:,.0f}" for firms, ns in found["size_ns"].items())
    yield ""
    yield "ns per firm and quarter by stage, 10,000 firms"
    slowest = sorted(found["stage_ns"].items(), key=lambda stage: -stage[1])
    for start in range(0, len(slowest), 5):
        yield "".join(f"{name:>14} {ns:6.1f}" for name, ns in slowest[start : start + 5])


def main(words: list[str]) -> None:
    """Measure, print and write."""
    if words not in ([], ["--quick"]):
        sys.exit(__doc__)
    quick = bool(words)
    program = c_twin.compiler()
    found: dict[str, Any] = {"machine": programs.machine(program), "quick": quick}
    found["load_before"] = programs.load_average()
    print(", ".join(f"{name} {value}" for name, value in found["machine"].items()), flush=True)
    print(f"load before: {found['load_before']} processes\n", flush=True)
    found |= measured_programs(quick)
    with worlds.one_core():
        city = worlds.city_of(BASELINE)
        found |= measured_worlds(city, quick)
        found |= measured_twins(city, program)
    found["load_after"] = programs.load_average()
    for lines in (target_lines, twin_lines, world_lines):
        print("\n".join(lines(found)) + "\n", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"load after: {found['load_after']} processes")
    print(f"Written to {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
