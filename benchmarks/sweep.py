"""Measure sweeps: `python benchmarks/sweep.py [--runs 10000]`, alone on the machine.

Prints throughput on one and two workers, what engine and store cost a run, memory over the sweep, and the same worlds run by
mesa.batch_run and by the EMA workbench (where installed), with one run that fails. Writes out/sweep.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
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

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "out" / "sweep.json"
POINTS, DRAWS = 25, 4
PAGE_MB = 4096 / 1e6
FEWEST_RUNS = 200


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
    """Milliseconds of wall time a run costs where living it takes none: engine, messages and store."""
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


def by_sweep(asked: Plan, count: int, failing: int | None, folder: Path) -> dict[str, Any]:
    """The same worlds by a sweep on two workers."""
    first = runs(asked)[:count]
    kinds = {} if failing is None else {first[failing].run_id: "raises"}
    door = faulty.Replacing(LocalDoor(2), faulty.Faulty(kinds, lives=live), ready)
    begin = time.perf_counter()
    results: SweepResults = sweep(plan(count), folder / f"beside-{failing}", engine=door)
    return {"finished": results.counts()["done"], "said": "", "seconds": time.perf_counter() - begin}


def main(count: int) -> None:
    """Print every figure and write them down."""
    few = max(FEWEST_RUNS, count // 20)
    found: dict[str, Any] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        ready(world_of(runs(plan(few))[0], plan(few)))
        for workers, size in ((1, few), (2, count)):
            found[f"workers_{workers}"] = row = swept(size, workers, folder)
            print(
                f"{row['done']}/{row['runs']} runs on {workers} in {row['seconds']:.1f} s: {row['per_second']:.2f} a second, "
                f"peak {row['peak_mb']:.0f} MB, growth {row['memory_growth']:+.1%}, outside runs {row['outside_runs']:.1%}", flush=True,
            )  # fmt: skip
        found["speedup"] = found["workers_2"]["per_second"] / found["workers_1"]["per_second"]
        found["overhead_ms"] = overhead(max(count, 10_000), folder)
        print(f"two workers over one: {found['speedup']:.2f}; engine and store: {found['overhead_ms']:.3f} ms a run", flush=True)
        asked = plan(FEWEST_RUNS, "beside")
        for failing in (None, FEWEST_RUNS // 2):
            for label, row in (
                ("sweep", by_sweep(asked, FEWEST_RUNS, failing, folder)),
                ("mesa.batch_run", by_mesa(asked, FEWEST_RUNS, failing)),
                ("EMA workbench", by_workbench(asked, FEWEST_RUNS, failing)),
            ):
                found[f"{label}, {'one fails' if failing else 'none fails'}"] = row
                rate = row["finished"] / row["seconds"]
                failed = "one fails" if failing else "none fails"
                print(f"{label:<16}{FEWEST_RUNS} runs, {failed}: {row['finished']} finished, {rate:.2f} a second {row['said']}", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    words = argparse.ArgumentParser()
    words.add_argument("--runs", type=int, default=10_000)
    sys.exit(main(words.parse_args().runs))
