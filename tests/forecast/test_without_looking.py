"""The forecast of the plan is made without any figure after 2020, under the policies as enacted, and is frozen in its form."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from ecosim import regions
from ecosim.outlook.forecasting import FORM, QUANTILES
from ecosim.outlook.frozen import read_benchmarks, read_forecast
from ecosim.outlook.indicators import BASE_YEAR, INDICATORS
from ecosim.quantity import parse_quarter
from ecosim.scenario import load

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = tuple(ROOT / "experiments" / f"nantong_14th_plan{number}" for number in ("", "_2", "_3", "_4", "_5"))
SCENARIOS = ROOT / "scenarios" / "nantong"
PACK = ROOT / "src" / "ecosim" / "regions" / "nantong"

KNOWN_EARLY = {"growth.csv": "known_by"}
"""Tables that speak of later years -> the column that says when this was known."""


@pytest.mark.parametrize("path", sorted(PACK.glob("*.csv")), ids=lambda path: path.name)
def test_no_table_of_the_city_holds_a_figure_after_2020(path):
    """But targets as they were set, and expected growth as it was known by March 2021."""
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if path.name in KNOWN_EARLY:
            assert row[KNOWN_EARLY[path.name]] <= "2021-03"
        elif not row.get("key", "").startswith("target_"):
            assert int(row.get("year") or 0) <= BASE_YEAR, row
            assert row.get("quarter", "")[:4] <= str(BASE_YEAR), row


def test_the_history_beside_the_forecast_ends_with_the_base_year():
    assert max(regions.load("nantong").table("history")["year"]) == BASE_YEAR


def test_the_history_agrees_with_the_figures_of_the_pack():
    pack = regions.load("nantong")
    history = pack.table("history")
    told = {(key, int(year)): value for key, year, value in zip(history["indicator"], history["year"], history["value"], strict=True)}

    assert {year: told["hightech_firms", year] for year in (2015, 2016, 2019, 2020)} == {
        year: pack[f"hightech_firms_{year}"] for year in (2015, 2016, 2019, 2020)
    }
    assert {year: told["rd_expenditure", year] for year in (2015, 2019, 2020)} == {year: pack[f"rd_{year}"] for year in (2015, 2019, 2020)}
    assert {year: told["rd_gdp", year] for year in (2019, 2020)} == {year: pack[f"rd_gdp_{year}"] for year in (2019, 2020)}


def test_the_enacted_policies_are_those_of_2019_until_the_end_of_2020():
    baseline, enacted = (load(SCENARIOS / f"{name}.yaml") for name in ("baseline", "enacted"))

    assert enacted.policies.keys() == baseline.policies.keys()
    for name, policy in enacted.policies.items():
        for key in type(policy).model_fields:
            before, after = getattr(baseline.policies[name], key), getattr(policy, key)
            if hasattr(after, "at"):
                assert {before.at(quarter) for quarter in range(8080, 8084)} == {after.at(quarter) for quarter in range(8080, 8084)}, key
            else:
                assert before == after, key


def test_the_enacted_policies_follow_their_dates():
    enacted = load(SCENARIOS / "enacted.yaml").policies
    deduction, grant = enacted["super_deduction"], enacted["rd_grant"]

    assert [deduction.manufacturing.at(parse_quarter(quarter)) for quarter in ("2020Q4", "2021Q1")] == [0.75, 1.0]
    assert [deduction.technology_sme.at(parse_quarter(quarter)) for quarter in ("2021Q4", "2022Q1")] == [0.75, 1.0]
    assert [deduction.general.at(parse_quarter(quarter)) for quarter in ("2022Q3", "2022Q4", "2023Q1")] == [0.75, 1.0, 1.0]
    assert [grant.cap.at(parse_quarter(quarter)) for quarter in ("2021Q1", "2021Q2")] == [1e6, 5e6]


def test_every_dated_change_of_the_enacted_policies_names_its_source():
    text = (SCENARIOS / "enacted.yaml").read_text(encoding="utf-8")

    assert text.count("source:") == text.count("value:")


def test_the_tax_on_small_firms_follows_the_law():
    """Law is dated, and law is the one thing after 2020 that the forecast may know."""
    law = regions.load("nantong").statute

    assert [law.small_rate_first.at(parse_quarter(quarter)) for quarter in ("2020Q4", "2021Q1", "2023Q1")] == [0.05, 0.025, 0.05]
    assert [law.small_rate_second.at(parse_quarter(quarter)) for quarter in ("2021Q4", "2022Q1")] == [0.10, 0.05]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_frozen_forecast_has_its_form(folder):
    table = pd.read_csv(folder / "forecast.csv")

    assert tuple(table.columns) == FORM
    assert list(table["indicator"].unique()) == [indicator.key for indicator in INDICATORS]
    assert [tuple(rows["year"]) for _, rows in table.groupby("indicator")] == [tuple(range(2021, 2026))] * len(INDICATORS)
    assert table[list(QUANTILES)].notna().all(axis=None)
    assert read_forecast(folder / "forecast.csv").keys() <= read_benchmarks(folder / "benchmarks.csv")["no_change"].keys()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_readme_says_on_what_the_forecast_is_conditional(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")

    assert "conditional on enacted policies; made without data after 2020" in text.lower()
    assert "ecosim forecast scenarios/nantong/enacted.yaml" in text
