"""Measure sweeps: `python benchmarks/sweep.py [--runs 10000] [--anew]`, alone on the machine.

Prints throughput on one and two workers, what engine and store cost a run, memory over the sweep, and the same worlds run by
mesa.batch_run and by the EMA workbench (where installed), without and with one run that fails. Each part is written to
out/sweep.json as it ends; what stands there for this code and number of runs is not measured again, unless --anew is given.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faulty

from ecosim.experiments import kept
from ecosim.experiments.local import LocalDoor
from ecosim.experiments.plan import Plan
from ecosim.experiments.results import SweepResults
from ecosim.experiments.sweeping import sweep
from ecosim.experiments.worlds import Run, World, live, ready, runs
from ecosim.manifest import source_hash

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "out" / "sweep.json"
POINTS, DRAWS = 25, 4
PAGE_MB = 4096 / 1e6
FEWEST_RUNS = 200
PATIENCE = 600.0


def plan(count: int, name: str = "nantong") -> Plan:
    """Vouchers of Nantong: 25 points, 4 draws, and as many seeds as make up the runs."""
    values = {
        "name": name,
        "scenarios": ["nantong/voucher"],
        "factors": {
            "policies.innovation_voucher.subsidy_rate": {"low": 0.2, "high": 0.8},
            "policies.innovation_voucher.cap": {"low": 50_000, "high": 500_000, "scale": "log"},
        },
        "design": {"kind": "latin_hypercube", "points": POINTS},
        "seeds": max(1, count // (POINTS * DRAWS)),
        "draws": DRAWS,
        "outcomes": ["certified@2025", "inventions_granted@2025", "real_rd@total", "public_outlay@total"],
    }
    return Plan.from_dict(values, ROOT)


class Watch:
    """Time and memory as runs are acknowledged. Memory: this process and its children, shared pages counted each time."""

    def __init__(self) -> None:
        self.times: list[tuple[float, int]] = []
        self.memory: list[tuple[int, float]] = []

    def __call__(self, note: str, done: int, total: int) -> None:
        """A sweep's progress."""
        self.times.append((time.perf_counter(), done))
        if len(self.times) % 10 == 1 or done == total:
            self.memory.append((done, _megabytes()))

    def rate(self) -> float:
        """Runs a second from the tenth part of the sweep on, when every worker has started."""
        total = self.times[-1][1]
        first = next(place for place, (_, done) in enumerate(self.times) if done >= total / 10)
        (began, before), (ended, after) = self.times[first], self.times[-1]
        return (after - before) / (ended - began)

    def growth(self) -> float:
        """Memory at the end over that after a fifth of the runs, less one."""
        total = self.memory[-1][0]
        early = next(found for done, found in self.memory if done >= total / 5)
        return self.memory[-1][1] / early - 1.0


def _megabytes() -> float:
    """Resident memory of this process and of all below it; nan where there is no /proc."""
    if not Path("/proc/self/task").is_dir():
        return float("nan")
    waiting, found = ["self"], 0.0
    while waiting:
        process = Path("/proc", waiting.pop())
        try:
            found += int((process / "statm").read_text().split()[1]) * PAGE_MB
            waiting += [child for task in (process / "task").iterdir() for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def swept(count: int, workers: int, folder: Path) -> dict[str, Any]:
    """A sweep of Nantong: seconds in all, runs a second, memory, and the share of the time spent outside runs."""
    watch, begin = Watch(), time.perf_counter()
    results = sweep(plan(count), folder / f"workers-{workers}", workers=workers, progress=watch)
    seconds = time.perf_counter() - begin
    lived = float(results.runs["seconds"].sum())
    return {
        "workers": workers, "runs": len(results.runs), "done": results.counts()["done"], "seconds": seconds,
        "per_second": watch.rate(), "peak_mb": max(found for _, found in watch.memory), "memory_growth": watch.growth(),
        "outside_runs": 1.0 - lived / (workers * seconds), "digest": results.digest,
    }  # fmt: skip


def overhead(count: int, folder: Path) -> float:
    """Milliseconds of wall time a run costs where living it takes none: engine, messages and store, disk included."""
    watch = Watch()
    door = faulty.Replacing(LocalDoor(1), faulty.counted)
    sweep(plan(count), folder / "overhead", engine=door, progress=watch)
    return 1000.0 / watch.rate()


def world_of(run: Run, asked: Plan) -> World:
    """What a worker is told of a run."""
    columns = kept.columns(asked.outcomes, asked.told[0].quarters)
    return World(run.run_id, run.setting.scenario, run.draw, run.seed, asked.parameters, columns)


def by_mesa(asked: Plan, count: int, failing: int | None) -> dict[str, Any]:
    """The first worlds of a plan by mesa.batch_run on two processes; `failing`: number of one that raises."""
    import mesa
    from mesa_sweep import City, prepare

    prepare([world_of(run, asked) for run in runs(asked)[:count]])
    begin = time.perf_counter()
    try:
        parameters = {"number": list(range(count)), "failing": [failing]}
        found = mesa.batch_run(City, parameters, iterations=1, max_steps=1, number_processes=2, display_progress=False)
    except ValueError as error:
        return {"finished": 0, "said": str(error), "seconds": time.perf_counter() - begin}
    return {"finished": len(found), "said": "", "seconds": time.perf_counter() - begin}


def by_workbench(asked: Plan, count: int, failing: int | None) -> dict[str, Any]:
    """The first worlds of a plan by the EMA workbench on two processes."""
    try:
        import ema_workbench as ema
    except ImportError:
        return {"finished": 0, "said": "not installed", "seconds": float("nan")}
    from mesa_sweep import lived, prepare

    prepare([world_of(run, asked) for run in runs(asked)[:count]])
    model = ema.Model("city", function=lived)
    model.uncertainties = [ema.IntegerParameter("number", 0, count)]
    model.constants = [ema.Constant("failing", failing)]
    model.outcomes = [ema.ScalarOutcome("certified")]
    designs = [ema.Scenario(f"{number}", number=number) for number in range(count)]
    begin = time.perf_counter()
    try:
        with ema.MultiprocessingEvaluator(model, n_processes=2) as evaluator:
            _, found = evaluator.perform_experiments(designs)
    except ema.EMAError as error:
        return {"finished": 0, "said": str(error).strip().splitlines()[-1], "seconds": time.perf_counter() - begin}
    return {"finished": len(found["certified"]), "said": "", "seconds": time.perf_counter() - begin}


def by_workbench_within(failing: int | None) -> dict[str, Any]:
    """The same in a process of its own, which is ended after ten minutes: where a run fails, the workbench may wait for ever."""
    command = [sys.executable, __file__, "--workbench", "none" if failing is None else str(failing)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
    try:
        found: dict[str, Any] = json.loads(process.communicate(timeout=PATIENCE)[0].splitlines()[-1])
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return {"finished": 0, "said": f"hangs: ended after {PATIENCE:.0f} s", "seconds": PATIENCE}
    return found


def by_sweep(asked: Plan, count: int, failing: int | None, folder: Path) -> dict[str, Any]:
    """The same worlds by a sweep on two workers."""
    first = runs(asked)[:count]
    kinds = {} if failing is None else {first[failing].run_id: "raises"}
    door = faulty.Replacing(LocalDoor(2), faulty.Faulty(kinds, lives=live), ready)
    begin = time.perf_counter()
    results: SweepResults = sweep(plan(count), folder / f"beside-{failing}", engine=door)
    return {"finished": results.counts()["done"], "said": "", "seconds": time.perf_counter() - begin}


Part = Callable[[int, Path], dict[str, Any]]
"""Measures something of a sweep of so many runs, in an empty folder."""


def beside(name: str, failing: int | None) -> Part:
    """The same worlds by one of the three runners, none of them failing, or one."""

    def part(count: int, folder: Path) -> dict[str, Any]:
        asked = plan(FEWEST_RUNS, "beside")
        ready(world_of(runs(asked)[0], asked))
        if name == "sweep":
            return by_sweep(asked, FEWEST_RUNS, failing, folder)
        return by_mesa(asked, FEWEST_RUNS, failing) if name == "mesa.batch_run" else by_workbench_within(failing)

    return part


RUNNERS = ("sweep", "mesa.batch_run", "EMA workbench")
PARTS: dict[str, Part] = {
    "one worker": lambda count, folder: swept(max(FEWEST_RUNS, count // 20), 1, folder),
    "two workers": lambda count, folder: swept(count, 2, folder),
    "overhead": lambda count, folder: {"ms": overhead(max(count, 10_000), folder)},
    **{f"{name}, none fails": beside(name, None) for name in RUNNERS},
    **{f"{name}, one fails": beside(name, FEWEST_RUNS // 2) for name in RUNNERS},
}
"""What is measured, in this order."""


def table(found: dict[str, dict[str, Any]]) -> str:
    """The figures beside those that are wanted, as Markdown."""
    two, ms = found["two workers"], found["overhead"]["ms"]
    outside = ms / 1000.0 / (found["one worker"]["seconds"] / found["one worker"]["runs"])
    lines = [
        ("runs of Nantong finished on two workers", f"{two['done']:,} of {two['runs']:,}", "all"),
        ("minutes", f"{two['seconds'] / 60:.1f}", "15 for 10,000 runs"),
        ("two workers over one", f"{two['per_second'] / found['one worker']['per_second']:.2f}", "1.8"),
        ("engine and store, ms a run", f"{ms:.2f}", "1"),
        ("engine and store, share of the time of a run", f"{outside:.1%}", "10%"),
        ("peak memory of all processes, MB", f"{two['peak_mb']:.0f}", "1,500"),
        ("growth of memory from a fifth of the runs on", f"{two['memory_growth']:+.1%}", "5%"),
    ]
    lines += [
        (f"{name}: finished of {FEWEST_RUNS}, a second", f"{row['finished']}, {row['finished'] / row['seconds']:.1f}", row["said"])
        for name, row in found.items()
        if "finished" in row
    ]
    return "\n".join(["| figure | measured | wanted |", "|---|---|---|", *(f"| {' | '.join(line)} |" for line in lines)])


def main(count: int, anew: bool) -> None:
    """Measure what is not yet written down for this code and number of runs, and print the table."""
    about = {"runs": count, "code": source_hash()}
    earlier = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() and not anew else {}
    found: dict[str, Any] = earlier.get("found", {}) if earlier.get("about") == about else {}
    RESULTS.parent.mkdir(exist_ok=True)
    for name, part in PARTS.items():
        if name not in found:
            with TemporaryDirectory() as folder:
                found[name] = part(count, Path(folder))
            RESULTS.write_text(json.dumps({"about": about, "found": found}, indent=2) + "\n", encoding="utf-8")
        print(f"{name}: {found[name]}", flush=True)
    print(f"\n{table(found)}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    words = argparse.ArgumentParser()
    words.add_argument("--runs", type=int, default=10_000)
    words.add_argument("--anew", action="store_true")
    words.add_argument("--workbench", help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.workbench:
        number = None if given.workbench == "none" else int(given.workbench)
        sys.exit(print(json.dumps(by_workbench(plan(FEWEST_RUNS, "beside"), FEWEST_RUNS, number))))
    sys.exit(main(given.runs, given.anew))
