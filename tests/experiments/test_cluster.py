"""Sweeps on a real Dask scheduler with workers of its own: the same bytes, a worker killed on the way, and what is refused."""

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import faulty
import pytest
from killed import HereDoor

import ecosim
from ecosim.errors import EcosimError, SpecError
from ecosim.experiments.engine import drive
from ecosim.experiments.sweeping import sweep
from ecosim.experiments.worlds import World

distributed = pytest.importorskip("distributed")
from ecosim.experiments.cluster import DaskDoor  # noqa: E402  (needs the extra)

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
PATIENCE = 90.0


class Cluster:
    """A scheduler and workers on this machine, each a process."""

    def __init__(self, folder, threads=1, environment=None):
        self.file = folder / "scheduler.json"
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **(environment or {})}
        self.processes = []
        self.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.file))
        self.threads = threads

    def start(self, program, *words):
        code = f"from distributed.cli.{program} import main; main()"
        command = [sys.executable, "-c", code, *words]
        self.processes.append(subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return self.processes[-1]

    def worker(self):
        words = ("--scheduler-file", str(self.file), "--nthreads", str(self.threads), "--no-dashboard", "--nworkers", "1")
        return self.start("dask_worker", *words)

    def address(self):
        return self.client(lambda client: client.scheduler.address)

    def wait_for(self, workers):
        self.client(lambda client: client.wait_for_workers(workers, timeout=PATIENCE))

    def client(self, ask):
        deadline = time.monotonic() + PATIENCE
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        with distributed.Client(scheduler_file=str(self.file), timeout=PATIENCE, set_as_default=False) as client:
            return ask(client)

    def pids(self):
        return list(self.client(lambda client: client.run(os.getpid)).values())

    def end(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler with two workers of one thread."""
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        found.worker()
        found.worker()
        found.wait_for(2)
        yield found
    finally:
        found.end()


def test_a_cluster_gives_the_same_bytes_as_this_machine(cluster, plan_with, tmp_path):
    there = sweep(plan_with(), tmp_path / "there", engine=DaskDoor(cluster.address()))

    assert there.counts()["done"] == 32
    assert there.digest == sweep(plan_with(), tmp_path / "here", engine=HereDoor()).digest


def test_a_worker_killed_on_the_way_costs_no_run(cluster):
    told = [World(f"{number:04d}", None, None, number, "prior", ()) for number in range(60)]
    found, victims = {}, cluster.pids()

    def record(ended):
        found.update({each.run_id: each for each in ended})
        if len(found) > 10 and victims:
            os.kill(victims.pop(), 9)
            victims.clear()

    door = DaskDoor(cluster.address())
    try:
        drive(door, told, faulty.order(faulty.Faulty({}, pause=0.1)), record)
    finally:
        door.close()

    assert not victims
    assert [found[each.run_id].error for each in told] == [""] * 60
    cluster.wait_for(2)


def test_runs_that_fail_or_kill_their_workers_fail_alone(cluster):
    told = [World(f"{number:04d}", None, None, number, "prior", ()) for number in range(30)]
    kinds = {"0004": "raises", "0011": "is_killed", "0020": "sleeps"}

    found = {}
    door = DaskDoor(cluster.address())
    try:
        order = faulty.order(faulty.Faulty(kinds), seconds=1.0)
        drive(door, told, order, lambda ended: found.update({each.run_id: each for each in ended}))
    finally:
        door.close()

    assert {run_id for run_id, each in found.items() if each.error} == set(kinds)
    assert "ValueError" in found["0004"].error
    assert "time limit" in found["0020"].error
    assert len(found) == 30


def test_an_unknown_scheduler_is_refused_with_how_to_start_one():
    with pytest.raises(SpecError, match=r"--scheduler tcp://127.0.0.1:1: no scheduler answers there. Start it with 'dask scheduler'"):
        DaskDoor("tcp://127.0.0.1:1")
    with pytest.raises(SpecError, match="no scheduler answers there"):
        DaskDoor("nonsense://x")


def test_a_scheduler_without_workers_or_with_crowded_ones_is_refused(tmp_path):
    found = Cluster(tmp_path, threads=3)
    try:
        with pytest.raises(SpecError, match="it has no workers"):
            DaskDoor(found.address())
        found.worker()
        found.wait_for(1)
        with pytest.raises(SpecError, match=r"has 3 threads. Start it with .*--nthreads 1"):
            DaskDoor(found.address())
    finally:
        found.end()
    assert multiprocessing.active_children() == []


def test_a_worker_with_another_version_is_refused(tmp_path):
    shutil.copytree(Path(ecosim.__file__).parent, tmp_path / "older" / "ecosim", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "older" / "ecosim" / "rules.py").open("a", encoding="utf-8") as file:
        file.write("# one line more\n")
    found = Cluster(tmp_path, environment={"PYTHONPATH": str(tmp_path / "older")})
    try:
        found.worker()
        found.wait_for(1)
        with pytest.raises(EcosimError, match=r"tcp://.* has another version of ecosim; install there what is installed here"):
            DaskDoor(found.address())
    finally:
        found.end()
