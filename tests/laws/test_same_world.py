"""What must not matter: the order of rows, the process, the hash seed, whether the code is compiled."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

TESTS = Path(__file__).resolve().parents[1]
PROGRAM = """
import runpy, sys
import numpy as np
worlds = runpy.run_path(sys.argv[1])
region = worlds["lived"](worlds["begun"](worlds["small_city"](float(sys.argv[3]), 6), int(sys.argv[4])), 6)
np.savez(sys.argv[2], **{name: column for name, column in worlds["columns"](region).items()})
"""


@pytest.fixture
def in_another_process(tmp_path):
    """Lives six quarters of the sandbox in a process of its own and returns every column."""

    def lived(scale=1.0, seed=1, **variables):
        target = tmp_path / f"world_{'_'.join(variables)}_{len(list(tmp_path.iterdir()))}.npz"
        command = [sys.executable, "-c", PROGRAM, TESTS / "conftest.py", target, str(scale), str(seed)]
        subprocess.run([str(word) for word in command], env={**os.environ, **variables}, check=True, timeout=250)
        with np.load(target) as found:
            return dict(found)

    return lived


def permuted(region, seed):
    """The same world with the rows of its firm tables in another order."""
    order = np.random.default_rng(seed).permutation(region.rows)
    place = np.argsort(order)
    for table in region.firms:
        for column in table:
            column[:] = column[order]
    row = region.promises.active().row
    row[:] = place[row]
    region.certified_first = region.certified_first[order]
    return region


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_rows_changes_nothing(seed, sandbox, begin, live, taken_apart, unlike, baseline_world):
    """Firm by firm, to the byte, for two years: a draw belongs to a firm and not to its place in the
    table."""
    shuffled = live(permuted(begin(sandbox), seed), 8)

    assert not unlike(taken_apart(shuffled), baseline_world)


def test_free_rows_change_nothing(sandbox, begin, live, taken_apart, unlike, baseline_world):
    """Room for more firms is no difference between worlds: founders in one may fill rows that another
    keeps free."""
    region = begin(sandbox)
    region.make_room(int((region.firms.identity.alive == 0).sum()) + 1)

    assert not unlike(taken_apart(live(region, 8)), baseline_world)


def test_nothing_of_a_closed_firm_is_left_to_the_firm_that_takes_its_row(sandbox, begin, live, taken_apart, unlike):
    """In one of two worlds the free rows hold the most that any firm has, but no money: that went when the firm closed."""
    plain, marked = live(begin(sandbox), 4), live(begin(sandbox), 4)
    for region in (plain, marked):
        region.make_room(int((region.firms.identity.alive == 0).sum()) + 1)
    living, free = marked.alive, ~marked.alive
    for table in marked.firms:
        for column in table:
            column[free] = column[living].max()
    money = marked.firms.money
    for column in (marked.firms.identity.alive, money.cash, money.debt, money.working_capital, money.net):
        column[free] = 0

    assert not unlike(taken_apart(live(marked, 4)), taken_apart(live(plain, 4)))


def test_a_rerun_is_the_same_world_and_another_seed_another(sandbox, begin, live, taken_apart, unlike, baseline_world):
    again = taken_apart(live(begin(sandbox), 8))
    other = taken_apart(live(begin(sandbox, 2), 8))

    assert not unlike(again, baseline_world)
    assert "Market.sales" in unlike(other, baseline_world)


def test_two_worlds_lived_in_turns_do_not_touch_each_other(sandbox, begin, each_quarter, taken_apart, unlike, baseline_world):
    """No state outside the region: quarters of another world in between change nothing."""
    one, other = begin(sandbox), begin(sandbox.vary("name", "other"), 7)
    for _ in zip(each_quarter(one, 8), each_quarter(other, 8), strict=True):
        pass

    assert not unlike(taken_apart(one), baseline_world)


def test_process_and_hash_seed_change_nothing(in_another_process, unlike):
    one, other = (in_another_process(PYTHONHASHSEED=seed) for seed in "12")

    assert not unlike(one, other)


def test_interpreted_rules_agree_with_compiled_ones(in_another_process, unlike):
    """Exactly: arithmetic of the model is plain, so the compiler has nothing to round differently."""
    compiled = in_another_process()
    interpreted = in_another_process(NUMBA_DISABLE_JIT="1")

    assert not unlike(compiled, interpreted)
