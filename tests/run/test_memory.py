"""Memory: no world is a circle of objects, and a command looks for such circles seldom."""

import gc
import subprocess
import sys
import weakref

from ecosim.memory import OBJECTS_BETWEEN_SEARCHES
from ecosim.simulation import Traced


def test_a_world_that_is_let_go_leaves_memory_at_once(sandbox):
    gc.collect()
    gc.disable()
    try:
        world = Traced(sandbox, 1, None, "prior")
        world.live(5)
        other = world.branch(sandbox, None)
        other.live(6)
        left = [weakref.ref(thing) for thing in (world, other, world.region, other.region, world.region.firms.market.sales)]
        del world, other
        assert [thing() for thing in left] == [None] * len(left)
    finally:
        gc.enable()


def test_a_command_searches_seldom_and_a_caller_of_the_library_as_ever():
    seen = "print(gc.get_threshold()[0])"
    code = f"import gc, ecosim.simulation, ecosim.cli; {seen}; ecosim.cli.app(['schedule']); {seen}"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert int(said[0]) < int(said[-1]) == OBJECTS_BETWEEN_SEARCHES
