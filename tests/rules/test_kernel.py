"""Kernels: compiled once per version of the source, and rebuilt with other rules."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
import pytest

import ecosim
from ecosim.columns import rows_where
from ecosim.compiler import prepared
from ecosim.kernel import inlined_kernel, kernel, python_function, with_rules


@inlined_kernel
def knowledge_after(knowledge, fade, rd):
    return knowledge * (1 - fade) + rd


@kernel
def learned(knowledge, rd):
    return 2.0 * knowledge_after(knowledge, 0.5, rd)


@kernel
def learn(knowledge, rd):
    for i in range(knowledge.size):
        knowledge[i] = learned(knowledge[i], rd[i])


def after(stage):
    """What one firm knows after a quarter: 100 before, 10 of R&D."""
    knowledge = np.array([100.0])
    stage(knowledge, np.array([10.0]))
    return knowledge[0]


def nothing_fades(knowledge, fade, rd):
    return knowledge + rd


def test_a_stage_takes_another_rule_wherever_it_is_called():
    ruled = with_rules(learn, {"knowledge_after": nothing_fades})

    assert after(learn) == 120.0
    assert after(ruled) == 220.0
    assert ruled.compiled is not bool(numba.config.DISABLE_JIT)
    assert after(learn) == 120.0


def test_several_rules_are_replaced_at_once_and_may_call_the_original():
    def halved(knowledge, rd):
        return learned(knowledge, rd) / 2

    assert after(with_rules(learn, {"learned": halved})) == 60.0
    assert after(with_rules(learn, {"learned": lambda k, rd: k - rd, "knowledge_after": nothing_fades})) == 90.0


def test_a_rule_that_cannot_be_compiled_runs_interpreted():
    seen = []

    def written_down(knowledge, fade, rd):
        seen.append({"rd": rd, "text": f"{fade:.1%}"})
        return knowledge + rd

    ruled = with_rules(learn, {"knowledge_after": written_down})

    assert after(ruled) == 220.0
    assert not ruled.compiled
    assert after(ruled) == 220.0
    assert seen == [{"rd": 10.0, "text": "50.0%"}] * 2


def test_a_callable_object_may_be_a_rule():
    class Fading:
        def __call__(self, knowledge, fade, rd):
            return knowledge * fade

    ruled = with_rules(learn, {"knowledge_after": Fading()})

    assert after(ruled) == 100.0
    assert not ruled.compiled


class Stocks(NamedTuple):
    knowledge: np.ndarray
    rd: np.ndarray


class Rates(NamedTuple):
    fade: float
    gain: float


@kernel
def renewed(stocks, many, rates, weights):
    """Two tables of columns, a table of rates and one column."""
    total = 0.0
    for i in range(stocks.knowledge.size):
        stocks.knowledge[i] = knowledge_after(stocks.knowledge[i], rates.fade, stocks.rd[i]) * rates.gain * weights[i]
        total += many[0][i]
    return total


def test_a_prepared_stage_does_the_same_whatever_the_kinds_of_its_arguments():
    many = tuple(np.full(3, 2.0) for _ in range(2))
    sparse = np.arange(1.0, 7.0)[::2]
    prepared_stage = prepared(renewed)
    for rates in (Rates(0, 1), Rates(0.5, 1), Rates(0.5, 1.5)):
        for weights in (np.arange(3), np.arange(3.0), sparse, np.ones(3, np.float32), sparse):
            one, other = (Stocks(np.full(3, 100.0), np.full(3, 10.0)) for _ in range(2))
            assert renewed(one, many, rates, weights) == prepared_stage(other, many, rates, weights) == 6.0
            assert one.knowledge.tolist() == other.knowledge.tolist()


@pytest.mark.parametrize("size", [0, 7, 8, 1000, 1003])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_rows_where_are_those_whose_flag_is_one_be_they_rare_or_many(size, share):
    flags = (np.arange(size) * 0.618034 % 1.0 < share).astype(np.int8)

    assert rows_where(flags).tolist() == np.flatnonzero(flags).tolist()
    assert python_function(rows_where)(flags).tolist() == np.flatnonzero(flags).tolist()


def test_an_error_of_the_rule_itself_reaches_the_caller():
    def refuses(knowledge, fade, rd):
        raise ValueError("no knowledge")

    with pytest.raises(ValueError, match="no knowledge"):
        after(with_rules(learn, {"knowledge_after": refuses}))


def test_an_unknown_rule_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="no rule named 'knowlege_after'; did you mean 'knowledge_after'"):
        with_rules(learn, {"knowlege_after": nothing_fades})


def test_a_kernel_shows_its_plain_function():
    plain = python_function(learn)

    assert type(plain) is type(nothing_fades)
    assert after(plain) == 120.0
    assert python_function(nothing_fades) is nothing_fades


def test_the_settings_of_other_compiled_code_stay_as_they_are():
    before = numba.config.CACHE_DIR
    kernel(nothing_fades)

    assert before == numba.config.CACHE_DIR


# Versions of the source: a small package with the real kernel.py and compiler.py, edited between runs.

RULE = "from ecosim.kernel import kernel\n\n@kernel\ndef rule(x):\n    return x + {added}\n"
STAGE = """
from ecosim.kernel import kernel
from ecosim.rule import rule

@kernel
def stage(x):
    return 2 * rule(x)
"""
PROGRAM = """
from ecosim.kernel import cache_is_warm
from ecosim.stage import stage
warm = cache_is_warm()
print(stage(1), warm, len(stage.stats.cache_hits) if hasattr(stage, "stats") else "plain")
"""


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "source" / "ecosim"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    for name in ("kernel.py", "compiler.py"):
        shutil.copy(Path(ecosim.__file__).parent / name, folder)
    (folder / "stage.py").write_text(STAGE)
    (folder / "rule.py").write_text(RULE.format(added=1))
    return folder


def run(package, **environment):
    """(result of the stage, whether the folder was warm, number of kernels loaded from it)."""
    cache = str(package.parents[1] / "cache")
    here = {"PYTHONPATH": str(package.parent), "ECOSIM_CACHE": cache, "NUMBA_DISABLE_JIT": "0"}
    settings = {**os.environ, **here, **environment}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_compiled_code_is_kept_until_a_called_function_is_edited(package):
    """The stage's own file does not change: only the hash of the whole source can tell."""
    assert run(package) == ["4", "False", "0"]
    assert run(package) == ["4", "True", "1"]

    (package / "rule.py").write_text(RULE.format(added=10))

    assert run(package) == ["22", "False", "0"]


def test_without_compilation_kernels_are_plain_python(package):
    assert run(package, NUMBA_DISABLE_JIT="1") == ["4", "True", "plain"]


def test_a_cache_that_cannot_be_written_is_replaced(package):
    """Here the chosen place is a file, and so is the user's own cache."""
    blocked = package.parents[1] / "blocked"
    blocked.write_text("not a folder")
    places = dict.fromkeys(("ECOSIM_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), str(blocked))

    assert run(package, **places, TMPDIR=str(package.parents[1])) == ["4", "False", "0"]


def test_old_versions_are_removed_but_the_newest_three_and_those_in_use_are_kept(package):
    root = package.parents[1] / "cache" / "kernels"
    now = time.time()
    for name, hours in {"just_now": 0.01, "hour_ago": 1.5, "yesterday": 24, "last_year": 9000}.items():
        (root / name).mkdir(parents=True)
        os.utime(root / name, (now - 3600 * hours,) * 2)
    run(package)

    kept = {folder.name for folder in root.iterdir()}
    assert len(kept) == 3
    assert {"just_now", "hour_ago"} < kept
