"""A forecast: GDP paths of their own, bands, levels and indices, worlds that fail, and what is written down."""

import json

import numpy as np
import pandas as pd
import pytest

from ecosim import forecast, lives
from ecosim.cli import USER_ERROR, app
from ecosim.errors import EcosimError, OutputError, SpecError
from ecosim.outcomes import KEYS
from ecosim.outcomes import yearly as yearly_of
from ecosim.outlook import forecasting, worlds
from ecosim.outlook.forecasting import FORM, QUANTILES, chances
from ecosim.outlook.indicators import BASE_YEAR, BY_KEY, INDICATORS
from ecosim.report.outlook_files import freeze, write_forecast
from ecosim.simulation import simulate

SIZE = (2, 2, 2)


@pytest.fixture(scope="module")
def found(town):
    return forecast(town, size=SIZE, parameters="prior", workers=1)


def yearly(trace, key):
    return trace.values[:, KEYS.index(key)]


# GDP


def test_the_path_of_gdp_is_the_seeds_own_unless_another_is_named(town):
    plain, named, other = simulate(town, 3, 0), simulate(town, 3, 0, path=3), simulate(town, 3, 0, path=4)

    assert plain.values.tobytes() == named.values.tobytes()
    assert yearly(plain, "gdp")[:4].tobytes() == yearly(other, "gdp")[:4].tobytes(), "2020 is published"
    assert (yearly(plain, "gdp")[4:] != yearly(other, "gdp")[4:]).all()


def test_worlds_of_two_seeds_on_one_path_share_gdp_and_nothing_else(town):
    one, two = simulate(town, 3, 0, path=9), simulate(town, 4, 0, path=9)

    assert yearly(one, "gdp").tobytes() == yearly(two, "gdp").tobytes()
    assert (yearly(one, "sales") != yearly(two, "sales")).any()


def test_no_two_draws_share_a_seed_or_a_path_and_within_a_draw_all_meet():
    by_draw = [chances(draw, 3, 4) for draw in range(5)]

    assert all(len(set(found)) == 12 for found in by_draw)
    assert len({chance.seed for found in by_draw for chance in found}) == 15
    assert len({chance.path for found in by_draw for chance in found}) == 20


def test_paths_of_gdp_part_when_published_figures_end(town):
    """2020 is published, and lived once for all paths of a seed; what follows is as if each were lived alone."""
    assert lives.published_quarters(town) == 4
    for chance, values in zip(chances(0, 2, 2), worlds.live(worlds.Task((town,), 0, chances(0, 2, 2), "prior")).values[0], strict=True):
        trace = simulate(town, chance.seed, 0, source="prior", path=chance.path)
        assert np.array_equal(values, yearly_of(trace.values, town.quarters), equal_nan=True)


# Bands


def test_every_indicator_and_year_ahead_has_bands_in_order(found):
    table = found.table

    assert list(table["indicator"].unique()) == [indicator.key for indicator in INDICATORS]
    assert set(table["year"]) == {2021, 2022}
    assert (np.diff(table[list(QUANTILES)].to_numpy(), axis=1) >= 0.0).all()
    assert tuple(found.bands.columns) == FORM


def test_shares_of_the_variance_add_up_to_one(found):
    shares = found.table.filter(like="share_")

    assert ((shares.sum(axis=1) - 1.0).abs() < 1e-9)[shares.notna().all(axis=1)].all()
    assert shares.notna().all(axis=1).sum() > 6


def test_levels_start_from_the_published_figure_and_indices_from_a_hundred(found):
    base = found.years.index(BASE_YEAR)

    assert found.paths(BY_KEY["hightech_firms"])[..., base] == pytest.approx(11.0)
    assert found.paths(BY_KEY["rd_gdp"])[..., base] == pytest.approx(0.0256)
    for key in ("inventions_valid", "technology_contracts", "firm_entry"):
        assert found.paths(BY_KEY[key])[..., base] == pytest.approx(100.0)


def test_levels_can_be_left_as_simulated(found):
    plain = forecasting.Forecast(found.scenario, found.values, found.lost, found.manifest, anchored=False)

    assert (plain.paths(BY_KEY["hightech_firms"]) == found.values[..., KEYS.index("certified")]).all()
    assert plain.table["model_base"].equals(found.table["model_base"])


def test_new_type_institutes_are_declared_constant_and_not_forecast(found):
    rows = found.table[found.table["indicator"] == "new_rd_institutes"]

    assert (rows[list(QUANTILES)] == 100.0).all(axis=None)
    assert set(rows["remark"]) == {"not_modelled"}
    assert rows["share_parameters"].isna().all()


def test_more_processes_give_the_same_forecast(town, found):
    short = town.vary("end", "2021Q4")
    one, two = (forecast(short, size=SIZE, parameters="prior", workers=workers) for workers in (1, 2))

    assert one.values.tobytes() == two.values.tobytes()


def test_until_ends_the_forecast(town):
    assert forecast(town, "2021Q4", size=(1, 1, 1), parameters="prior", workers=1).ahead == (2021,)


# Failures


@pytest.fixture
def unlucky(monkeypatch):
    """Worlds of seed 3 break."""
    lived = worlds.Life.live

    def breaks(life, until):
        if life.region.seed == 3:
            raise ArithmeticError("the world broke")
        lived(life, until)

    monkeypatch.setattr(worlds.Life, "live", breaks)


def test_a_world_that_fails_is_named_and_counted_and_never_averaged_as_zero(town, found, unlucky):
    torn = forecast(town, size=SIZE, parameters="prior", workers=1)

    assert [(world.draw, world.seed, world.path, world.message) for world in torn.lost] == [
        (1, 3, 3, "ArithmeticError: the world broke"), (1, 3, 4, "ArithmeticError: the world broke"),
    ]  # fmt: skip
    assert torn.manifest["worlds"]["failed"] == 2
    left = np.isfinite(torn.values).any(axis=(-1, -2))
    assert left.sum() == 6 and torn.values[left].tobytes() == found.values[left].tobytes()
    known = torn.table[torn.table["remark"] == ""]
    assert set(known["worlds"]) == {6}
    assert (torn.table.loc[torn.table["indicator"] == "hightech_firms", "q05"] > 0.0).all()


def test_a_forecast_of_which_nothing_is_left_is_refused(town, monkeypatch):
    def breaks(*_):
        raise ArithmeticError("the world broke")

    monkeypatch.setattr(worlds.Life, "live", breaks)
    with pytest.raises(EcosimError, match=r"every world of 'sandbox' failed; the first: sandbox, draw 0, seed 1, path 1: Arith"):
        forecast(town, size=SIZE, parameters="prior", workers=1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"size": (0, 2, 2)}, "draws: 0 is out of range"),
        ({"size": (2, -1, 2)}, "seeds: -1 is out of range"),
        ({"size": (2, 2, 0)}, "paths: 0 is out of range"),
        ({"size": (1000, 1000, 1000)}, "are 1,000,000,000 worlds"),
        ({"workers": 0}, "workers: 0 is out of range"),
        ({"until": "2020Q4"}, "ends with 2020, the last year with published figures"),
        ({"until": "2020Q3"}, "does not live the whole of 2020"),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_a_remedy(town, given, said):
    with pytest.raises(SpecError, match=said):
        forecast(town, **{"parameters": "prior", "workers": 1} | given)


# Written down


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_forecast_is_written_with_all_that_is_known_of_it(found, tmp_path, language):
    write_forecast(found, tmp_path, language)

    assert {path.name for path in tmp_path.iterdir()} == {
        "benchmarks.csv", "details.csv", "failures.csv", "forecast.csv", "forecast.png", "manifest.json", "results.xlsx", "worlds.csv",
    }  # fmt: skip
    assert tuple(pd.read_csv(tmp_path / "forecast.csv").columns) == FORM
    written = pd.read_csv(tmp_path / "worlds.csv")
    assert len(written) == 6 * 2 * 8 and set(written["seed"]) == {1, 2, 3, 4}
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["gdp_paths"] == [1, 2, 3, 4]
    assert manifest["levels"] == "start from the published figures of 2020"


def test_a_frozen_forecast_is_never_written_again(found, tmp_path):
    freeze(found, tmp_path)
    before = (tmp_path / "forecast.csv").read_bytes()

    with pytest.raises(OutputError, match="is frozen and never written again"):
        freeze(found, tmp_path)
    with pytest.raises(OutputError, match="there is no folder"):
        freeze(found, tmp_path / "nowhere")

    assert (tmp_path / "forecast.csv").read_bytes() == before
    assert b"\r" not in before and before.startswith(b"indicator,year,unit,q05,q25,q50,q75,q95\n")


def test_the_command_refuses_a_frozen_folder_before_it_works(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "zh")
    (tmp_path / "forecast.csv").write_text("mine")

    assert app(["forecast", "nowhere.yaml", "--freeze", str(tmp_path)]) == USER_ERROR
    assert "已冻结" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "said"), [("en", "published 2020"), ("zh", "2020年统计值")])
def test_the_command_prints_bands_and_where_their_width_comes_from(language, said, capsys, monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", language)
    line = ["forecast", "scenarios/sandbox/baseline.yaml", "--until", "2021Q4", "--draws", "2", "--workers", "1", "--parameters", "prior"]

    assert app(line) == 0
    printed = capsys.readouterr().out
    assert said in printed and {"en": "made without any statistic after 2020", "zh": "未使用2020年以后的任何统计数据"}[language] in printed
