"""One run: a tidy table, yearly figures, and where they come from."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import ecosim
from ecosim import outcomes
from ecosim.errors import SpecError
from ecosim.simulation import run, simulate


@pytest.fixture(scope="module")
def found(sandbox):
    return run(sandbox, 3, by=("stratum", "certified"))


def test_the_table_has_quarters_and_complete_years(found, sandbox):
    whole = found.table[found.table["by"] == ""]

    assert list(found.table.columns) == ["scenario", "seed", "draw", "period", "outcome", "by", "value"]
    assert list(dict.fromkeys(whole["period"])) == [
        *(f"{year}Q{quarter}" for year in (2020, 2021) for quarter in (1, 2, 3, 4)), "2020", "2021",
    ]  # fmt: skip
    assert set(whole["outcome"]) == set(outcomes.KEYS)
    assert not whole.duplicated(["period", "outcome"]).any()


def test_the_wide_table_is_the_yearly_part_of_the_tidy_one(found):
    whole = found.table[(found.table["by"] == "") & found.table["period"].isin(["2020", "2021"])]
    pivoted = whole.pivot(index="period", columns="outcome", values="value")

    pd.testing.assert_frame_equal(pivoted[list(outcomes.KEYS)], found.wide().set_axis(["2020", "2021"]), check_names=False)


def test_breakdowns_add_up_in_the_table(found):
    sales = found.table[(found.table["outcome"] == "sales") & (found.table["period"] == "2021")].set_index("by")
    strata = sales[sales.index.str.startswith("stratum=")]["value"]

    assert len(strata) == 5
    assert strata.sum() == pytest.approx(sales.loc["", "value"])


def test_every_yuan_of_outlay_has_a_policy_and_a_payer(found):
    outlay = found.table[(found.table["outcome"] == "public_outlay") & (found.table["period"] == "2021")]
    by = outlay.set_index("by")["value"]

    assert by.drop("").sum() == pytest.approx(by[""])
    assert by[""] > 0
    assert all("/" in name for name in by.drop("").index)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_world(found, sandbox):
    assert simulate(sandbox, 3, None).values.tobytes() == found.trace.values.tobytes()
    assert simulate(sandbox, 4, None).values.tobytes() != found.trace.values.tobytes()


def test_a_run_can_end_earlier(sandbox):
    assert list(run(sandbox, until="2020Q4").wide().index) == [2020]


def test_the_manifest_says_how_to_make_the_run_again(found, sandbox):
    again = json.loads(json.dumps(found.manifest))

    assert again["scenarios"][0]["config_sha256"] == sandbox.hash
    assert again["scenarios"][0]["data_sha256"] == ecosim.regions.load("sandbox").sha256
    assert (again["seeds"], again["draws"], again["rules_changed"]) == ([3], [None], {})
    assert len(again["source_sha256"]) == 64
    assert again["libraries"]["numpy"] == np.__version__
    assert again["calibration"] == "uncalibrated: priors"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seed": -1}, "seed: -1 is no seed"),
        ({"draw": -2}, "draw: -2 is no parameter draw"),
        ({"by": ("sectr",)}, "Did you mean 'sector'?"),
        ({"until": "2019Q1"}, "does not come after"),
    ],
)
def test_what_no_run_can_have_is_refused_with_a_remedy(sandbox, given, words):
    with pytest.raises(SpecError, match="seed|draw|by|end") as refused:
        run(sandbox, **given)

    assert words in str(refused.value)


def test_importing_the_package_loads_no_heavy_library():
    code = "import sys, ecosim; print(sorted({'numba', 'mesa', 'pandas', 'numpy', 'rich'} & sys.modules.keys()))"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "[]"


def test_public_names_stay_what_they_are_whatever_is_imported():
    """`ecosim.run` is a function; a module of that name would replace it when imported."""
    code = (
        "import ecosim.comparison, ecosim.simulation, ecosim.cli, ecosim;"
        "print(*(callable(getattr(ecosim, name)) for name in ('run', 'compare', 'load')), set(ecosim.__all__) <= set(dir(ecosim)))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.split() == ["True"] * 4


def test_an_unknown_public_name_is_an_attribute_error_that_lists_the_names():
    with pytest.raises(AttributeError, match="compare"):
        _ = ecosim.comparre
