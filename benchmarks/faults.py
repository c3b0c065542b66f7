"""Inject faults into sweeps and kill sweeps, and print what was lost: `python benchmarks/faults.py [--quick]`.

Every kind of fault is put into 50 runs of a sweep on two workers, among 250 that should finish. Then a sweep is killed 200
times at random moments (180 times in one process, 20 times with workers), each time resumed, until it ends; its table is
compared byte by byte with that of a sweep nobody touched. --quick: 5 runs of a kind, 20 kills. Writes out/faults.json.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faulty
from killed import ROOT, HereDoor, prepare, start

from ecosim.experiments.engine import drive
from ecosim.experiments.export import export
from ecosim.experiments.local import LocalDoor
from ecosim.experiments.plan import load_plan
from ecosim.experiments.results import open_results
from ecosim.experiments.sweeping import sweep
from ecosim.experiments.worlds import World

RESULTS = ROOT / "out" / "faults.json"
GOOD_RUNS, FAULTY_RUNS, KILLS, KILLS_WITH_WORKERS = 250, 50, 180, 20
SECONDS, MEGABYTES = 2.0, 256.0
LONGEST_WAIT = 0.4
AFTER_NEWS = 0.75
"""Share of the kills that wait until this start has acknowledged a run; the others may fall into its beginning."""
SEEDS_OF_A_KILL = 3
"""So many seeds of fifty runs for each kill: more than are lived in the longest wait, so that every kill finds the sweep at work."""


def injected(kind: str, faults: int) -> dict[str, Any]:
    """A sweep in which some runs fail in one way: how many failed with a reason, and how many others finished."""
    told = [World(f"{number:05d}", None, None, number, "prior", ()) for number in range(GOOD_RUNS + faults)]
    bad = {told[number].run_id for number in random.Random(1).sample(range(len(told)), faults)}
    found: dict[str, Any] = {}
    door, begin = LocalDoor(2), time.perf_counter()
    try:
        order = faulty.order(faulty.Faulty(dict.fromkeys(bad, kind)), SECONDS, MEGABYTES)
        drive(door, told, order, lambda ended: found.update({each.run_id: each for each in ended}))
    finally:
        door.close()
    named = sum(bool(found[run_id].error) and found[run_id].found is None for run_id in bad)
    finished = sum(each.found is not None for run_id, each in found.items() if run_id not in bad)
    seconds = time.perf_counter() - begin
    return {"kind": kind, "faults": faults, "named": named, "others": GOOD_RUNS, "finished": finished, "seconds": seconds}


def killed(folder: Path, kind: str, kills: int) -> dict[str, Any]:
    """A sweep killed so often and resumed each time: acknowledged runs that were lost, and whether the table is that of a whole one."""
    prepare(folder, SEEDS_OF_A_KILL * kills)
    chance, kept, lost, midway = random.Random(2), {}, 0, 0
    for number in range(kills):
        process = start(folder, kind, resume=number > 0)
        said = process.stdout.readline()
        if chance.random() < AFTER_NEWS:
            said += process.stdout.readline()
        time.sleep(chance.uniform(0.0, LONGEST_WAIT))
        midway += process.poll() is None
        process.kill()
        said += process.communicate()[0]
        stored = {run_id: each.found for run_id, each in open_results(folder / "out").ended.items()}
        lost += max(0, int(said.rpartition("\n")[0].split()[-1]) - len(stored))
        lost += sum(stored.get(run_id) != found for run_id, found in kept.items())
        kept = stored
    start(folder, kind, resume=True).communicate()
    whole = sweep(load_plan(folder / "plan.yaml"), folder / "whole", engine=faulty.Replacing(HereDoor(), faulty.Faulty({})))
    same = export(open_results(folder / "out"), "csv").read_bytes() == export(whole, "csv").read_bytes()
    return {"kind": f"kill -9, {kind}", "kills": kills, "midway": midway, "runs": len(whole.ended), "lost": lost, "same_table": same}


def main(quick: bool) -> int:
    """Print both tables; 1 if anything was lost."""
    print(f"{'fault':<30}{'injected':>9}{'named':>7}{'others':>8}{'finished':>9}{'seconds':>9}")
    faults = []
    for kind in faulty.KINDS:
        row = injected(kind, FAULTY_RUNS // 10 if quick else FAULTY_RUNS)
        faults.append(row)
        print(f"{kind:<30}{row['faults']:>9}{row['named']:>7}{row['others']:>8}{row['finished']:>9}{row['seconds']:>9.1f}", flush=True)
    kills = []
    for kind, count in (("here", KILLS), ("local", KILLS_WITH_WORKERS)):
        with TemporaryDirectory() as folder:
            row = killed(Path(folder), kind, count // 10 if quick else count)
        kills.append(row)
        print(f"{row['kind']}: {row['kills']} kills, {row['midway']} midway, {row['lost']} acknowledged runs lost, ", end="")
        print(f"same table: {row['same_table']}", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"faults": faults, "kills": kills}, indent=2) + "\n", encoding="utf-8")
    fine = all(row["named"] == row["faults"] and row["finished"] == row["others"] for row in faults)
    return 0 if fine and all(row["lost"] == 0 and row["same_table"] for row in kills) else 1


if __name__ == "__main__":
    sys.exit(main("--quick" in sys.argv))
