"""Committed figures of the fictional region: two years of every sandbox scenario.

They may change only together with a line under
"Numbers changed" in CHANGELOG.md and a higher `ecosim.parameters.MODEL`, which makes what was fitted to the
old figures invalid; then `python -m pytest tests/baselines --update-baselines` writes them anew."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from ecosim import outcomes, schedule
from ecosim.parameters import MODEL
from ecosim.quantity import parse_quarter
from ecosim.scenario import load

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
SCENARIOS = sorted((ROOT / "scenarios" / "sandbox").glob("*.yaml"))
SEED = 1
PRECISION = 1e-9
"""Relative: the model's arithmetic is the same on every machine, sums of columns may be added in another
order."""


def figures(begin, path):
    """Outcome -> year -> figure, two years from the start of the scenario."""
    scenario = load(path).vary("end", "2021Q4")
    region = begin(scenario, SEED)
    quarters = range(parse_quarter("2020Q1"), parse_quarter("2021Q4") + 1)
    seen = []
    for _ in quarters:
        price = region.research_price
        schedule.live_quarter(region)
        seen.append(outcomes.read_quarter(region, price))
        schedule.turn(region)
    by_year = outcomes.yearly(np.array(seen), quarters)
    years = [str(year) for year in outcomes.years_in(quarters)]
    return {
        key: {year: None if math.isnan(value) else float(value) for year, value in zip(years, by_year[:, place], strict=True)}
        for place, key in enumerate(outcomes.KEYS)
    }


def lines_under_numbers_changed():
    """Every entry of the changelog under "Numbers changed", newest first, as one line each."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    parts = re.split(r"^### Numbers changed$", text, flags=re.MULTILINE)[1:]
    return [
        " ".join(entry.split())
        for part in parts
        for entry in re.findall(
            r"^- (.+(?:\n  .+)*)",
            re.split(r"^#", part, maxsplit=1, flags=re.MULTILINE)[0],
            flags=re.MULTILINE,
        )
    ]


def moved(now, then):
    """Figures that differ beyond rounding, each with what it was and is."""
    return [
        f"{key} {year}: {then[key].get(year)} -> {value}" if key in then else f"{key} is new"
        for key, years in now.items()
        for year, value in years.items()
        if key not in then or not alike(value, then[key].get(year))
    ] + [f"{key} is gone" for key in then if key not in now]


def alike(one, other):
    return one == other or (one is not None and other is not None and math.isclose(one, other, rel_tol=PRECISION, abs_tol=1e-12))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_figures_of_the_sandbox_are_those_committed(path, begin, request):
    file = FOLDER / f"{path.stem}.json"
    now = figures(begin, path)
    if request.config.getoption("--update-baselines"):
        write(file, now)
    then = json.loads(file.read_text(encoding="utf-8"))

    assert not moved(now, then["figures"]), "a figure moved: say so under 'Numbers changed', then --update-baselines"
    assert then["model"] == MODEL, "the number of the model and the committed figures go together: --update-baselines"
    assert then["changed"] in lines_under_numbers_changed(), "the reason of the last change is no longer in the changelog"


def write(file, now):
    """Write figures that moved, with the newest line of the changelog and the number of the model, both new ones."""
    reason = lines_under_numbers_changed()[0]
    if file.exists():
        then = json.loads(file.read_text(encoding="utf-8"))
        if not moved(now, then["figures"]):
            if then["model"] == MODEL:
                return
            reason, now = then["changed"], then["figures"]
        elif then["changed"] == reason:
            pytest.fail("write a line under 'Numbers changed' in CHANGELOG.md first, on top of the others")
        elif then["model"] >= MODEL:
            pytest.fail(f"raise ecosim.parameters.MODEL above {then['model']} first: figures of the model change")
    file.write_text(json.dumps({"changed": reason, "model": MODEL, "seed": SEED, "figures": now}, indent=1) + "\n", encoding="utf-8")


def test_every_committed_file_belongs_to_a_scenario():
    assert {file.stem for file in FOLDER.glob("*.json")} == {path.stem for path in SCENARIOS}


def test_the_scenarios_of_the_sandbox_differ_in_their_figures():
    """Else one of them would guard nothing."""
    found = [json.loads((FOLDER / f"{path.stem}.json").read_text(encoding="utf-8"))["figures"] for path in SCENARIOS]

    assert all(moved(one, other) for number, one in enumerate(found) for other in found[:number])
    assert all(sum(bool(value) for years in figures.values() for value in years.values()) > 80 for figures in found)
