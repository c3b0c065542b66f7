"""What the benchmarks set beside the engine does the same work: the same numbers come out."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
STAGES = ("research", "learn", "trade")
every_stage = pytest.mark.parametrize("stage", STAGES)


@pytest.fixture(scope="module")
def benchmarks():
    """Opens a file of the benchmarks, which import each other by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield import_module


@pytest.fixture(scope="module")
def hot_stages(benchmarks) -> ModuleType:
    return benchmarks("hot_stages")


@pytest.fixture(scope="module")
def twins(benchmarks) -> ModuleType:
    return benchmarks("twins")


@pytest.fixture(scope="module")
def cases(hot_stages, begin, sandbox):
    """Stage -> its call in the second year of the sandbox."""
    return {case.name: case for case in hot_stages.taken_from(begin(sandbox))}


@pytest.fixture(scope="module")
def in_c(benchmarks, twins, tmp_path_factory):
    """The stages in C."""
    loader = benchmarks("c_twin")
    program = loader.compiler()
    if program is None:
        pytest.skip("there is no C compiler")
    return twins.c_by_hand(loader.load(tmp_path_factory.mktemp("c"), program))


def stored(arguments):
    """Every column of every table, byte by byte."""
    tables = [table for table in arguments.values() if isinstance(table, tuple)]
    return {
        (type(table).__name__, name): np.asarray(column).tobytes()
        for table in tables for name, column in table._asdict().items()
    }  # fmt: skip


@every_stage
@pytest.mark.parametrize("twin", ["numpy_columns", "mesa_objects"])
def test_a_twin_gives_the_engines_numbers_but_for_rounding(hot_stages, twins, cases, twin, stage):
    case = cases[stage]
    wanted = twins.engine(case)

    found = getattr(twins, twin)(case)

    assert hot_stages.disagreements(found.arguments, wanted.arguments) == []
    assert hot_stages.totals_agree(found.totals, wanted.totals, case.firms)


@every_stage
def test_c_draws_and_computes_the_engines_numbers_to_the_last_bit(hot_stages, twins, cases, in_c, stage):
    """Empty rows included."""
    case = cases[stage]
    wanted = twins.engine(case)

    found = in_c(case)

    assert found.totals == wanted.totals
    assert stored(found.arguments) == stored(wanted.arguments)


@every_stage
def test_the_stage_changes_what_is_compared(hot_stages, twins, cases, stage):
    """Twins that do nothing would not pass."""
    case = cases[stage]

    assert len(hot_stages.disagreements(case.arguments, twins.engine(case).arguments)) > 1


def test_one_firm_in_a_million_yuan_is_a_disagreement(hot_stages, twins, cases):
    case = cases["trade"]
    wanted, found = twins.engine(case).arguments, twins.engine(case).arguments
    first = int(np.flatnonzero(found["identity"].alive)[0])
    found["market"].sales[first] *= 1.000_001

    assert hot_stages.disagreements(found, wanted) == ["Market.sales"]


def test_a_total_may_miss_half_a_unit_for_each_firm(hot_stages):
    assert hot_stages.totals_agree([1000.0], [1005.0], 10)
    assert not hot_stages.totals_agree([1000.0], [1006.0], 10)
    assert not hot_stages.totals_agree([], [1006.0], 10)
