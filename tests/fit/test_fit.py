"""The table that sets the model beside the data."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecosim import fit, parameters, population, regions, schedule
from ecosim.errors import SpecError
from ecosim.fit import moments, panel, table
from ecosim.report.fit_plot import fit as fit_plot
from ecosim.scenario import load

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture(scope="module")
def nantong():
    """Nantong in one world, at its real size."""
    return fit.fit(SCENARIOS / "nantong" / "baseline.yaml", seeds=1, draws=1)


@pytest.fixture(scope="module")
def sandbox():
    """The fictional city in two worlds for each of two draws."""
    return fit.fit(SCENARIOS / "sandbox" / "baseline.yaml", seeds=2, draws=2)


def start(name, scale=1.0):
    scenario = load(SCENARIOS / name / "baseline.yaml")
    traits = parameters.traits(parameters.values(None, {}))
    pack = regions.load(scenario.region)
    return population.start(pack, dict(scenario.policies), traits, 1, scenario.start, scenario.end, scale)


def test_the_population_at_the_start_meets_every_published_stock(nantong):
    rows = nantong.moments.query("when == 'start'")

    assert len(rows) == len(panel.START)
    assert rows[~rows["within"]]["id"].tolist() == []


def test_the_start_is_met_within_two_per_cent_where_a_stock_is_published(nantong):
    published = nantong.moments.query("when == 'start' and grade != 'assumed'")
    stocks = published[~published["id"].isin(panel.SHARES)]

    assert np.allclose(stocks["high"], 1.02 * stocks["value"])
    assert np.allclose(stocks["low"], 0.98 * stocks["value"])


def test_the_first_year_is_judged_by_its_change_beside_two_plain_forecasts(nantong):
    changes = nantong.moments.set_index("id").loc[["rd_growth_2020", "hightech_change_2020"]]

    assert (changes["kind"] == "change").all()
    assert (changes["no_change"] == 0.0).all()
    assert changes["trend"].tolist() == pytest.approx([(23.25 / 16.0) ** 0.25 - 1.0, 1706 * ((1706 / 990) ** (1 / 3) - 1)])
    assert changes["low"].tolist() == pytest.approx([0.073, 332.0])
    assert changes["high"].tolist() == pytest.approx([0.133, 616.0])


def test_every_moment_of_every_region_is_measured_and_none_is_left_out(nantong, sandbox):
    for found, name in ((nantong, "nantong"), (sandbox, "sandbox")):
        listed = set(regions.load(name).table("moments")["id"])
        assert listed <= set(found.moments["id"])
        assert found.moments["id"].is_unique


def test_the_model_has_a_value_for_every_row_of_a_whole_city(nantong):
    assert nantong.moments[["model", "model_lo", "model_hi"]].notna().all(axis=None)


def test_misses_are_exactly_the_rows_outside_their_interval(nantong):
    outside = nantong.moments[
        ~((nantong.moments["low"] <= nantong.moments["model"]) & (nantong.moments["model"] <= nantong.moments["high"]))
    ]

    assert nantong.misses["id"].tolist() == outside["id"].tolist()


def test_a_row_without_a_value_is_a_miss():
    pack = regions.load("sandbox")
    row = table.row(pack, "exit_hazard_year_3", {"prior": np.array([[np.nan]])})

    assert row["within"] is False


def test_seeds_and_draws_are_told_apart(sandbox):
    spread = sandbox.moments.set_index("id").loc["rd_growth_2020"]

    assert spread["model_lo"] < spread["model"] < spread["model_hi"]
    assert spread["prior_lo"] <= spread["model"] <= spread["prior_hi"]
    assert spread["prior_lo"] < spread["prior_hi"]


def test_numbers_that_a_rule_reads_are_marked_as_inputs(nantong):
    role = nantong.moments.set_index("id")["role"]

    assert role["rd_industrial_2019"] == role["growth_volatility_by_size"] == role["exit_hazard_year_1"] == "input"
    assert role["rd_growth_2020"] == role["size_tail_exponent"] == "calibrated"
    assert role["contracts_2019"] == "target"


def test_a_tenth_of_the_city_shows_the_same_totals():
    scenario = load(SCENARIOS / "nantong" / "baseline.yaml").vary("population_scale", 0.1).vary("end", "2020Q4")
    rows = fit.fit(scenario, seeds=1, draws=1).moments.set_index("id")["model"]

    assert rows["rd_2019"] == pytest.approx(23.25e9, rel=0.02)
    assert rows["hightech_firms_2019"] == pytest.approx(1706, rel=0.02)


def test_the_table_has_what_the_figure_needs(nantong):
    for language in ("en", "zh"):
        figure = fit_plot(nantong.table(language), language)
        assert len(figure.axes) == 3 * len(nantong.moments)


def test_labels_follow_the_language(nantong):
    assert nantong.table("zh")["label"].iloc[0] != nantong.table("en")["label"].iloc[0]


def test_a_scenario_that_does_not_begin_where_the_data_end_is_refused():
    late = load(SCENARIOS / "sandbox" / "baseline.yaml").vary("start", "2020Q2")

    with pytest.raises(SpecError, match="starts in 2020Q2.*Start in 2020Q1"):
        fit.fit(late)


def test_a_scenario_shorter_than_a_year_and_bad_numbers_are_refused_together():
    short = load(SCENARIOS / "sandbox" / "baseline.yaml").vary("end", "2020Q3")

    with pytest.raises(SpecError) as refusal:
        fit.fit(short, seeds=0, draws=-1)

    assert len(refusal.value.faults) == 3


def test_a_row_passed_to_another_firm_begins_its_filings_anew():
    region = start("sandbox")
    filings = panel.Filings(region)
    region.firms.knowledge.applied[:3] = (1.0, 2.0, 3.0)
    filings.add(region)
    region.firms.identity.id[1] = 999_999
    filings.add(region)

    assert filings.take()[:3].tolist() == [2.0, 2.0, 6.0]
    assert filings.take().sum() == 0.0


def test_departures_are_counted_by_year_of_life_and_teams_are_no_firms():
    region = start("sandbox")
    departures = panel.Departures()
    identity = region.firms.identity
    firms = np.flatnonzero((identity.alive == 1) & (identity.stratum == 2))[:2]
    team = np.flatnonzero((identity.alive == 1) & (identity.stratum == 4))[:1]
    identity.born[firms] = region.quarter - np.array([5, 30])

    departures.watch(region, lambda region: identity.alive.put([*firms, *team], 0))

    assert departures.exits[0].sum() == departures.exits[1].sum() == 2
    assert departures.exits[1, 1] == departures.exits[1, 7] == 1
    assert departures.exposure[0].sum() == (identity.alive[identity.stratum != 4] == 1).sum() + 2


def test_a_panel_follows_firms_and_not_rows():
    region = start("sandbox")
    history = panel.watched(region, region.quarter + 7)

    before, rows, now, later = panel.pairs(history)[0]

    assert len(rows) > 20
    assert (before.id[rows] == now.id[later]).all()
    assert (before.born[rows] <= 4 * history.first_year).all()


def test_performers_do_research_every_year():
    region = start("sandbox")
    history = panel.watched(region, region.quarter + 7)

    filed, rd = panel.performers(history)

    assert filed.shape == rd.shape == (len(rd), 2)
    assert (rd > 0.0).all()


def test_the_same_fit_twice_is_the_same_table(sandbox):
    again = fit.fit(SCENARIOS / "sandbox" / "baseline.yaml", seeds=2, draws=2)

    pd.testing.assert_frame_equal(again.moments, sandbox.moments)


def test_watching_a_region_does_not_change_it():
    watched, alone = start("sandbox"), start("sandbox")
    panel.watched(watched, watched.quarter + 3)
    for _ in range(4):
        schedule.live_quarter(alone)
        schedule.turn(alone)

    for one, other in zip(watched.firms.market, alone.firms.market, strict=True):
        assert one.tobytes() == other.tobytes()


def test_inputs_are_rows_of_the_table():
    assert set(moments.MOMENTS) >= moments.INPUTS


def test_what_the_posterior_was_fitted_to_is_marked_and_stands_beside_the_prior(monkeypatch):
    draws = tuple({"research.speed": 0.1 + 0.02 * row} for row in range(3))
    about = {
        "model": parameters.MODEL, "priors_sha256": parameters.priors_hash(), "date": "2020-12-31",
        "data_sha256": regions.load("sandbox").sha256, "moments": {"rd_growth_2020": {}},
    }  # fmt: skip
    shipped = regions.Posterior("sandbox", Path("posterior.csv"), (11, 12, 13), draws, about, "0" * 64)
    monkeypatch.setattr(regions, "posterior", lambda region: shipped)
    found = fit.fit(SCENARIOS / "sandbox" / "baseline.yaml", seeds=1, draws=2).moments.set_index("id")

    assert found.loc["rd_growth_2020", "role"] == "calibrated" and found.loc["hightech_firms_2019", "role"] == "input"
    assert found.loc["rd_growth_2020", "model"] == found.loc["rd_growth_2020", "posterior"] != found.loc["rd_growth_2020", "prior"]
    for name in ("prior", "posterior"):
        assert (found[f"{name}_lo"] <= found[name]).all() and (found[name] <= found[f"{name}_hi"]).all()


def test_the_rows_of_studies_are_measured_on_a_real_city_alone(nantong, sandbox):
    rows = set(table.published()["id"])

    assert rows <= set(nantong.moments["id"])
    assert not rows & set(sandbox.moments["id"])
