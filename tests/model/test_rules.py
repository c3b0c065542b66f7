"""Worlds that differ in one rule."""

import math
from pathlib import Path

import numpy as np
import pytest

from ecosim import rules
from ecosim.errors import SpecError
from ecosim.model import Ecosystem

BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "sandbox" / "baseline.yaml"


def nothing_fades(knowledge, fade, gained):
    """Knowledge that never fades."""
    return knowledge + gained


def summed_exactly(knowledge, fade, gained):
    """A rule that only Python can run."""
    return math.fsum([knowledge * (1.0 - fade), gained])


def knowledge_after_a_quarter(changed):
    """Knowledge of all firms after a quarter, and how the changed rules ran."""
    world = Ecosystem(BASELINE, rules=changed, until="2020Q2")
    world.step()
    return world.region.firms.knowledge.knowledge.copy(), world.changed_rules


@pytest.fixture(scope="module")
def usual():
    """Knowledge of all firms after a quarter under the model's own rules."""
    return knowledge_after_a_quarter({})[0]


def test_a_changed_rule_changes_this_world_and_no_other(usual):
    lasting, how = knowledge_after_a_quarter({"knowledge_after": nothing_fades})

    assert how == {"knowledge_after": "compiled"}
    assert (lasting >= usual).all()
    assert lasting.sum() > usual.sum()
    assert knowledge_after_a_quarter({})[0].tobytes() == usual.tobytes()


def test_a_rule_that_cannot_be_compiled_is_run_by_python(usual):
    found, how = knowledge_after_a_quarter({"knowledge_after": summed_exactly})

    assert how == {"knowledge_after": "interpreted"}
    assert np.allclose(found, usual, rtol=1e-12)


def test_every_stage_that_reaches_a_rule_is_rebuilt():
    """The money at hand limits R&D, projects and venture rounds alike."""
    world = Ecosystem(BASELINE, rules={"spendable": lambda *money: 0.0})

    changed = {stage.__name__ for stage in world.region.changed}

    expected = {stage.__name__ for stage in rules.stage_kernels() if rules.catalogue()["spendable"] in rules.rules_of(stage)}
    assert changed == expected
    assert {"research", "projects", "court"} <= changed


def test_an_unknown_rule_is_refused_with_the_nearest():
    with pytest.raises(SpecError, match="Did you mean 'knowledge_after'"):
        Ecosystem(BASELINE, rules={"knowledge_aftr": nothing_fades})


def test_a_rule_with_other_arguments_is_refused_with_those_it_gets():
    with pytest.raises(SpecError, match=r"knowledge_after\(knowledge, fade, gained\)"):
        Ecosystem(BASELINE, rules={"knowledge_after": lambda knowledge: knowledge})


def test_rules_are_formulas_and_stages_are_loops():
    stages = {stage.__name__ for stage in rules.stage_kernels()}

    assert {"learn", "patent", "trade", "research", "license"} <= stages
    assert not stages & set(rules.catalogue())
    assert all(rule.__doc__ for rule in rules.catalogue().values())
