"""Where parameters come from: posterior, priors or one point; and what is refused."""

import csv
import os
import subprocess
import sys

import pytest

from ecosim import compare, parameters, regions, run, sources
from ecosim.cli import app
from ecosim.errors import DataError, SpecError
from ecosim.regions.posterior import read_posterior
from ecosim.simulation import simulate

FREE = {"research.speed": (0.1, 0.2, 0.3), "knowledge.fade": (0.12, 0.14, 0.16)}
ROWS = 3


def ship(folder, **changed):
    """A posterior of three draws in a folder that is named for the region."""
    folder.mkdir(exist_ok=True)
    about = {
        "region": "sandbox", "date": "2020-12-31", "model": parameters.MODEL, "priors_sha256": parameters.priors_hash(),
        "data_sha256": regions.load("sandbox").sha256, "rows": ROWS,
    }  # fmt: skip
    told = {name: f'"{value}"' if isinstance(value, str) else value for name, value in (about | changed).items()}
    (folder / "posterior.yaml").write_text("".join(f"{name}: {value}\n" for name, value in told.items()), encoding="utf-8")
    with (folder / "posterior.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["draw", "prior_draw", *FREE])
        rows.writerows([draw, 10 + draw, *(repr(values[draw]) for values in FREE.values())] for draw in range(ROWS))
    return folder


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """The sandbox as if its pack shipped a posterior."""
    found = read_posterior(ship(tmp_path / "sandbox"))
    monkeypatch.setattr(regions, "posterior", lambda region: found)
    return found


def test_a_posterior_draw_is_a_row_and_the_other_parameters_keep_their_prior_draw(shipped):
    found = sources.values("sandbox", 2, {})

    assert (found["research.speed"], found["knowledge.fade"]) == (0.3, 0.16)
    rest = parameters.values(12, {})
    assert {name: value for name, value in found.items() if name not in FREE} == {n: v for n, v in rest.items() if n not in FREE}


def test_what_a_scenario_fixes_wins_over_every_source(shipped):
    for source in sources.SOURCES:
        assert sources.values("sandbox", 0, {"research.speed": 0.25}, source)["research.speed"] == 0.25


def test_the_point_is_central_in_every_parameter_whatever_the_draw(shipped):
    """Parameters that were not free are at the centre of their priors, not at some draw of them."""
    point = parameters.values(None, {"research.speed": 0.2, "knowledge.fade": 0.14})

    assert sources.values("sandbox", None, {}, "point") == sources.values("sandbox", 2, {}, "point") == point
    assert sources.values("sandbox", None, {}, "posterior") == point


def test_the_priors_are_there_beside_a_posterior(shipped):
    assert sources.values("sandbox", 2, {}, "prior") == parameters.values(2, {})
    assert sources.values("sandbox", None, {}, "prior") == parameters.values(None, {})


def test_a_region_without_a_posterior_has_its_priors_and_says_so(sandbox):
    assert sources.values("sandbox", 2, {}) == parameters.values(2, {})
    assert sources.values("sandbox", 5, {}, "point") == parameters.values(None, {})
    assert run(sandbox, until="2020Q2").manifest["calibration"] == "uncalibrated: priors"


def test_results_say_which_posterior_they_come_from(shipped, sandbox):
    found = run(sandbox, draw=2, until="2020Q2")

    assert found.manifest["calibration"] == f"posterior of sandbox, 2020-12-31, {shipped.sha256[:12]}"
    assert (found.manifest["parameters"], found.manifest["model"]) == ("posterior", parameters.MODEL)
    assert found.trace.values.tobytes() == simulate(found.scenario, 1, 2).values.tobytes()
    assert found.trace.values.tobytes() != simulate(found.scenario, 1, 2, source="prior").values.tobytes()
    assert run(sandbox, until="2020Q2", parameters="prior").manifest["calibration"] == "uncalibrated: priors"


def test_results_say_that_the_data_are_not_those_of_the_posterior(tmp_path, monkeypatch):
    old = read_posterior(ship(tmp_path / "sandbox", data_sha256="0" * 64))
    monkeypatch.setattr(regions, "posterior", lambda region: old)

    assert sources.calibration("sandbox", "posterior").endswith("; the data have changed since")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"draws": ROWS + 1}, r"there is no posterior draw 3; the region ships 3.*--parameters prior"),
        ({"draws": 2, "parameters": "point"}, "a point is one draw, not 2"),
        ({"draws": 0}, "0 is out of range"),
        ({"draws": 1, "parameters": "postrior"}, "no source 'postrior'. Did you mean 'posterior'"),
    ],
)
def test_draws_and_sources_that_are_not_there_are_refused(shipped, sandbox, asked, said):
    with pytest.raises(SpecError, match=said):
        compare(sandbox, sandbox.vary("name", "other"), workers=1, **asked)


def test_a_draw_beyond_those_shipped_is_refused_also_for_one_run(shipped, sandbox):
    with pytest.raises(SpecError, match="there is no posterior draw 3"):
        run(sandbox, draw=ROWS)


@pytest.mark.parametrize("changed", [{"model": parameters.MODEL + 1}, {"priors_sha256": "f" * 64}], ids=["another model", "other priors"])
def test_a_posterior_of_another_model_is_refused_with_its_file_the_versions_and_the_remedy(tmp_path, changed, monkeypatch):
    foreign = read_posterior(ship(tmp_path / "sandbox", **changed))
    monkeypatch.setattr(regions, "posterior", lambda region: foreign)

    for source in ("posterior", "point"):
        with pytest.raises(DataError) as refused:
            sources.values("sandbox", 0, {}, source)
        for part in ("posterior.csv", "was made for model", f"this is model {parameters.MODEL}", "ecosim calibrate sandbox"):
            assert part in str(refused.value)
    assert sources.values("sandbox", 0, {}, "prior") == parameters.values(0, {})


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("posterior.csv", "draw,prior_draw", "number,prior_draw", "columns must be"),
        ("posterior.csv", "1,11,", "7,11,", "row 1: draws are counted from 0"),
        ("posterior.csv", "0.3,0.16", "0.3,nan", "row 2: it has not 4 finite numbers"),
        ("posterior.csv", "0.3,0.16", "0.3", "row 2: "),
        ("posterior.yaml", "model:", "modell:", "it lacks model.*ecosim calibrate sandbox"),
        ("posterior.yaml", "model: ", "model: : ", "ecosim calibrate sandbox"),
    ],
)
def test_a_torn_posterior_is_refused_with_its_place(tmp_path, file, old, new, said):
    folder = ship(tmp_path / "sandbox")
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError, match=said):
        read_posterior(folder)


@pytest.mark.parametrize("file", ["posterior.csv", "posterior.yaml"])
def test_half_a_posterior_is_refused(tmp_path, file):
    folder = ship(tmp_path / "sandbox")
    (folder / file).unlink()

    with pytest.raises(DataError, match=file):
        read_posterior(folder)


def test_the_hash_of_the_data_does_not_depend_on_what_was_fitted_to_them(tmp_path):
    from shutil import copytree

    from ecosim.regions.pack import FOLDER, read_pack

    copy = ship(copytree(FOLDER / "sandbox", tmp_path / "sandbox"))

    assert read_pack(copy).sha256 == regions.load("sandbox").sha256


def test_the_command_line_takes_a_source(tmp_path):
    words = ["run", "scenarios/sandbox/baseline.yaml", "--until", "2020Q4", "--draw", "3", "--parameters"]

    assert app([*words, "prior"]) == 0
    assert app([*words, "prio"]) == 2


def test_the_hash_of_the_priors_is_the_same_in_another_process():
    code = "from ecosim.parameters import priors_hash; print(priors_hash())"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "7"}
    )

    assert told.stdout.strip() == parameters.priors_hash()
