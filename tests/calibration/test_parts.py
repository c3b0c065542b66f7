"""What a calibration is made of: aims, the stand-in, waves, and the wall that keeps validation out."""

import ast
from pathlib import Path

import numpy as np
import pytest

import ecosim
from ecosim import parameters, regions
from ecosim.calibration.emulator import features, learn, predicted
from ecosim.calibration.free import FREE, places, uncertain
from ecosim.calibration.targets import FACTS, LEFT_OUT, Target, by_fact, misfits, spread_of, targets_of
from ecosim.calibration.waves import Region, distances, in_reach, kept
from ecosim.fit.moments import INPUTS, MOMENTS
from ecosim.fit.table import data_of

PACKAGE = Path(ecosim.__file__).parent
NANTONG = regions.load("nantong")
LAST_YEAR = 2020


def modules_imported(path):
    """Files of the package that one file imports, wherever in it, as dotted names under ecosim."""
    package = ("ecosim", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and str(part.value).startswith("ecosim."))


def files_of(module):
    """The files that importing a module runs: its own and the __init__ of every package above it."""
    parts = module.split(".")[1:] if module.split(".")[0] == "ecosim" else []
    for count in range(len(parts) + 1):
        place = PACKAGE.joinpath(*parts[:count])
        yield from (found for found in (place / "__init__.py", place.with_suffix(".py")) if found.is_file() and module.startswith("ecosim"))


def reachable(package):
    """Every file that anything in a package may come to import."""
    left, seen = list((PACKAGE / package).rglob("*.py")), set()
    while left:
        path = left.pop()
        if path not in seen:
            seen.add(path)
            left += [found for module in modules_imported(path) for found in files_of(module)]
    return {path.relative_to(PACKAGE).as_posix() for path in seen}


def test_nothing_that_calibration_can_reach_imports_the_studies_kept_for_validation():
    found = reachable("calibration")

    assert {"calibration/course.py", "fit/moments.py", "fit/price_cut.py", "sources.py", "agents/firm_research.py"} <= found
    assert not [name for name in found if name.startswith("evidence/")]


def test_the_walk_over_imports_would_see_a_breach():
    """The same walk, begun at the command line, does reach the studies."""
    assert [name for name in reachable("report") if name.startswith("calibration/")]


def test_aims_are_rows_of_the_fit_that_are_no_inputs_and_not_later_than_2020():
    rows = data_of(NANTONG)
    aimed = {target.id for target in targets_of(NANTONG)}

    assert aimed <= MOMENTS.keys() and not aimed & INPUTS
    assert aimed | INPUTS | LEFT_OUT.keys() >= rows.keys()
    assert max(rows[key]["year"] for key in aimed) <= LAST_YEAR


def test_facts_name_rows_of_the_city_each_once():
    named = [row for rows in FACTS.values() for row in rows]

    assert len(set(named)) == len(named)
    assert {target.id for target in targets_of(NANTONG)} == set(named)
    kept_for_validation = {"T1", "T5", "T6", "K4", "K5", "K6", "S2", "S4", "S6", "S9", "S10", "S11"}
    assert not [fact for fact in FACTS if fact.split("_")[0] in kept_for_validation or fact[0] in "VGIFUP"]


def test_free_parameters_are_uncertain():
    assert set(FREE) <= set(uncertain()) and 12 <= len(FREE) <= 16


def test_places_are_those_of_the_prior_sequence():
    names = list(parameters.catalogue())

    for draw in (0, 1, 12_345, 400_000):
        expected = [parameters.quantile(draw, names.index(name)) for name in FREE]
        assert places([draw], list(FREE))[0] == pytest.approx(expected, abs=1e-9)


def test_a_fact_weighs_the_same_whatever_the_number_of_its_rows():
    targets = (Target("a", "one", 0.0, 1.0), Target("b", "two", 0.0, 1.0), Target("c", "two", 0.0, 1.0))
    away = misfits(np.array([[1.0, 2.0, 4.0]]), targets, np.zeros(3))

    assert by_fact(away**2, targets, np.ones(3, bool)).tolist() == [[1.0, 10.0]]
    assert distances(away, targets, np.ones(3, bool)).tolist() == [5.5]
    assert distances(away, targets, np.array([True, False, False])).tolist() == [1.0]


def test_chance_widens_and_a_missing_value_is_far():
    target = (Target("a", "one", 1.0, 3.0),)

    assert misfits(np.array([[6.0]]), target, np.array([16.0])).tolist() == [[1.0]]
    assert misfits(np.array([[np.nan]]), target, np.zeros(1)).tolist() == [[np.inf]]
    assert spread_of(-1.96, 1.96) == pytest.approx(np.sqrt(1.25))


def test_the_stand_in_learns_what_is_there_and_says_what_is_not():
    draws, free = np.arange(1, 401), tuple(FREE)[:3]
    place = 2.0 * places(draws, free) - 1.0
    told = 2.0 * place[:, 0] - place[:, 1] + 1.5 * place[:, 0] * place[:, 2]
    noise = np.random.default_rng(1).uniform(-4.0, 4.0, 400)
    learnt = learn(draws, np.stack([told, noise, np.full(400, 3.0)], axis=1), free)
    unseen = np.arange(1_000, 1_200)
    again = 2.0 * places(unseen, free) - 1.0
    expected = 2.0 * again[:, 0] - again[:, 1] + 1.5 * again[:, 0] * again[:, 2]
    found = predicted(learnt, unseen, free)

    assert np.sqrt(np.mean((found[:, 0] - expected) ** 2)) < 1.5 * learnt[0].error < 0.4
    assert learnt[0].explained > 0.97 and learnt[1].explained < 0.5
    assert (found[:, 2] == 3.0).all() and learnt[2].error == 0.0
    assert features(draws, free).shape == (400, len(uncertain()) + 6)


def test_a_cut_leaves_the_region_in_which_the_data_can_lie():
    free = tuple(FREE)[:2]
    draws = np.arange(400)
    targets = (Target("a", "one", 0.0, 1.0),)
    away = 20.0 * (places(draws, free)[:, :1] - 0.3)
    region = Region(targets, free, np.array([True]))
    region.narrow(draws, away, wanted=100)
    found, after = region.next_draws(400, 100)
    place = places(found, free)[:, 0]

    assert len(found) == 100 and found == sorted(found) and found[0] >= 400 and after == found[-1] + 1
    assert place.min() > 0.1 and place.max() < 0.55
    assert region.holds(np.array(found)).all()


def test_a_row_that_hardly_any_draw_reaches_is_out_of_reach():
    away = np.full((100, 2), 8.0)
    away[:5, 0] = 0.0

    assert in_reach(away).tolist() == [True, False]


def test_the_nearest_runs_are_kept_unless_enough_are_as_near_as_chance_allows():
    assert kept(np.array([3.0, 1.5, 2.0, 9.0]), 2).tolist() == [1, 2]
    assert kept(np.array([0.9, 0.1, 5.0, 0.2]), 2).tolist() == [0, 1]
