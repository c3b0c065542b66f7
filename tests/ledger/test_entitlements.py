"""Entitlements: written, drawn oldest first, forgotten, for any holders and amounts."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosim.entitlements import Promises, draw_down
from ecosim.levers import PROJECT, SERVICE

ROWS = 6
HOLDERS = 100 + np.arange(ROWS)

quick = settings(deadline=None, derandomize=True, max_examples=60)


def written(amounts, margin=SERVICE, policy=0):
    """One promise after another to firms 0, 1, 2 ... by turns."""
    promises = Promises()
    for number, amount in enumerate(amounts):
        row = number % ROWS
        promises.write(
            np.array([row]),
            holder=100 + row,
            policy=policy,
            margin=margin,
            share=0.5,
            left=amount,
            instalment=0.0,
            paid=0.0,
            since=number,
            until=number + 3,
        )
    return promises


def drawn(promises, used, policies=1):
    table, by_policy = promises.active(), np.zeros(policies)
    draw_down(used, table.row, table.policy, table.margin, SERVICE, table.left, table.paid, by_policy)
    return table, by_policy


@quick
@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=100),
    st.lists(st.floats(0, 1e6), min_size=ROWS, max_size=ROWS),
)
def test_what_is_drawn_is_what_was_used_or_all_there_was(amounts, used):
    promises = written(amounts)
    held = np.bincount(promises.active().row, weights=promises.active().left, minlength=ROWS)
    wanted = np.minimum(used, held)

    table, by_policy = drawn(promises, np.array(used))

    assert np.bincount(table.row, weights=table.paid, minlength=ROWS) == pytest.approx(wanted, abs=1e-6)
    assert by_policy[0] == pytest.approx(wanted.sum(), abs=1e-6)
    assert (table.left >= 0.0).all()
    assert (table.left + table.paid) == pytest.approx(np.array(amounts), abs=1e-6)


def test_the_oldest_promise_is_drawn_first():
    promises = written([10.0] * ROWS + [10.0])

    table, _ = drawn(promises, np.array([14.0, 0, 0, 0, 0, 0]))

    assert table.left[[0, ROWS]].tolist() == [0.0, 6.0]


def test_only_promises_of_the_asked_margin_are_drawn():
    table, by_policy = drawn(written([10.0], margin=PROJECT), np.full(ROWS, 5.0))

    assert table.left.tolist() == [10.0]
    assert by_policy.tolist() == [0.0]


@quick
@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_promises_that_ran_out_leave_what_was_left_and_the_others_keep_their_order(mask):
    """The table grows beyond its first 64 rows without losing a promise; what those that ran out leave is told by policy, and
    seven eighths of the table stand."""
    promises = written([float(number) for number in range(len(mask))], policy=1)
    promises.active().until[:] = np.where(mask, 9, 8)

    lapsed = promises.forget_lapsed(HOLDERS, np.ones(ROWS, np.int8), 9, 2)

    table = promises.active()
    assert table.left[table.until >= 9].tolist() == [float(number) for number, stays in enumerate(mask) if stays]
    assert not table.left[table.until < 9].any()
    assert 8 * (promises.count - sum(mask)) <= promises.count
    assert lapsed.tolist() == [0.0, sum(number for number, stays in enumerate(mask) if not stays)]


def test_promises_to_closed_firms_are_forgotten_even_where_another_firm_has_taken_the_row():
    promises = written([1.0] * ROWS)
    alive, identities = np.array([1, 0, 1, 1, 1, 1], np.int8), np.array([100, 101, 102, 900, 104, 105])

    promises.forget_lapsed(identities, alive, 0, 1)

    assert promises.active().holder.tolist() == [100, 102, 104, 105]


@pytest.mark.parametrize(("quarter", "held"), [(2, [0, 1, 2]), (3, [0, 1, 2]), (4, [1, 2]), (6, [])])
def test_a_promise_is_held_until_its_last_quarter(quarter, held):
    """Promises written in quarters 0, 1 and 2 last three quarters more; the last three are of another
    policy."""
    promises = written([1.0, 1.0, 1.0])
    promises.active().policy[:] = 4

    assert promises.held(4, SERVICE, quarter).tolist() == held
    assert promises.held(4, SERVICE, quarter, after=1).tolist() == [2] * (2 in held)
    assert promises.held(3, SERVICE, quarter).tolist() == []
    assert promises.held(4, PROJECT, quarter).tolist() == []


def test_a_copy_of_promises_goes_its_own_way():
    """One world forgets and promises anew; the other, copied from it, is as it was."""
    promises = written([1.0, 2.0, 3.0])
    other = copy.deepcopy(promises)

    promises.forget_lapsed(HOLDERS, np.array([0, 0, 1, 1, 1, 1], np.int8), 0, 1)
    promises.write(np.array([5]), left=9.0)

    assert promises.active().left.tolist() == [3.0, 9.0]
    assert other.active().left.tolist() == [1.0, 2.0, 3.0]
