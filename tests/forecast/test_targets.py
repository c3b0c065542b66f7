"""The chance of plan targets: how a target is written, what is on paper and what is real, what fails and what is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecosim import targets
from ecosim.cli import USER_ERROR, app
from ecosim.errors import SpecError
from ecosim.lives import shared_quarters
from ecosim.outcomes import KEYS
from ecosim.outlook import worlds
from ecosim.outlook.goals import GRAMMAR, Goal, of_plan, parse
from ecosim.outlook.paper import RealBooks
from ecosim.outlook.plan import ALL, LOW_GRADE, ON_PAPER, RELABELLING, Prospects
from ecosim.outlook.worlds import Chance, Life, Task, live
from ecosim.regions import load as pack_of
from ecosim.report.outlook_files import write_prospects
from ecosim.survey import certified_rows

YEARS = range(2020, 2026)
MORE = ("hightech_firms@2024>=12", "rd_gdp@2024>=2.5%", "entries@2024<=40")


@pytest.fixture(scope="module")
def found(long_town):
    bolder = long_town.vary("policies.innovation_voucher.budget", 5e6).vary("name", "bolder")
    return targets(long_town, bolder, more=MORE, draws=3, seeds=2, parameters="prior", workers=1)


# How a target is written


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("hightech_firms@2025>=4000", Goal("hightech_firms", "certified", 2025, True, 4000.0)),
        ("hightech_firms @ 2025 >= 4,000", Goal("hightech_firms", "certified", 2025, True, 4000.0)),
        ("rd_gdp@2025>=3.0%", Goal("rd_gdp", "rd_to_gdp", 2025, True, 0.03)),
        ("rd_gdp@2023>=0.03", Goal("rd_gdp", "rd_to_gdp", 2023, True, 0.03)),
        ("rd_expenditure@2025>=40e9", Goal("rd_expenditure", "statistical_rd", 2025, True, 4e10)),
        ("exits_small@2022<=1_000", Goal("exits_small", "exits_small", 2022, False, 1000.0)),
    ],
)
def test_a_target_is_an_outcome_a_year_a_sign_and_a_value(text, goal):
    assert parse([text], YEARS) == [goal]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hightech_firms@2025", "is no target. Write OUTCOME@YEAR>=VALUE"),
        ("hightech_firms@2025=4000", "is no target"),
        ("hightech_firms>=4000", "is no target"),
        ("", "is no target"),
        ("hightech_firm@2025>=4000", "Did you mean 'hightech_firms'?"),
        ("hightech_output_share@2025>=50%", "does not class output as high-tech"),
        ("gdp@2025>=1e12", "given from outside"),
        ("new_rd_institutes@2025>=50", "no rule by which institutes come or go"),
        ("hightech_firms@2026>=4000", "'2026' is no year the scenarios live (2020 to 2025)"),
        ("hightech_firms@soon>=4000", "'soon' is no year"),
        ("hightech_firms@2025>=many", "'many' is no number"),
        ("hightech_firms@2025>=nan", "'nan' is no number"),
        ("hightech_firms@2025>=1e999", "is no number"),
        ("hightech_firms@2025>=40%", "certified is in firms, not in per cent"),
        ("rd_gdp@2025>=3.0", "Write 3.0% or 0.03"),
    ],
)
def test_a_target_that_cannot_be_read_is_refused_with_a_remedy(text, said):
    with pytest.raises(SpecError) as refused:
        parse([text], YEARS)

    assert said in str(refused.value)
    assert refused.value.told("zh") != str(refused.value)


def test_all_faults_of_all_targets_are_told_at_once():
    with pytest.raises(SpecError) as refused:
        parse(["a@2025>=1", "b", "rd_gdp@2025>=3"], YEARS)

    assert len(refused.value.faults) == 3


@pytest.mark.parametrize("text", ["@" * 50_000, "a" * 50_000 + "@2025", "a@2025>=" + "1" * 50_000, "=<>@" * 9999])
def test_no_text_makes_the_grammar_slow(text):
    assert GRAMMAR.fullmatch(text) is None or len(text) > 10_000


def test_the_plan_sets_two_targets_for_2025():
    assert [goal.key for goal in of_plan(pack_of("nantong"), YEARS)] == ["rd_gdp@2025>=0.03", "hightech_firms@2025>=3600"]
    assert of_plan(pack_of("nantong"), range(2020, 2025)) == []


# On paper and in fact


def test_each_package_has_each_target_and_all_of_them_together(found):
    assert list(found.table["target"]) == 2 * [*(goal.key for goal in found.goals), ALL]
    assert list(found.table["scenario"].unique()) == ["long", "bolder"]


def test_all_targets_together_are_no_likelier_than_any_of_them(found):
    for _, rows in found.table.groupby("scenario"):
        assert rows.iloc[-1]["probability"] <= rows["probability"].min()
        assert rows.iloc[-1]["real_probability"] <= rows["real_probability"].min()


def test_a_target_is_no_likelier_on_real_rd_alone(found):
    rows = found.table[found.table["real_probability"].notna()]

    assert len(rows) == 6
    assert (rows["real_probability"] <= rows["probability"]).all()
    assert found.table.loc[found.table["outcome"] == "entries", "real_probability"].isna().all()


def test_the_margin_is_positive_where_most_worlds_meet_the_target(found):
    rows = found.table[found.table["target"] != ALL]

    assert ((rows["margin"] >= 0.0) == (rows["probability"] >= 0.5)).all()


def test_certificates_earned_by_real_rd_are_some_of_them_once_the_run_knows_three_years(long_town):
    values, _, real = Life(long_town, 0, Chance(1, 1), "prior").end()

    assert np.isnan(real[:4]).all(), "certificates of 2021 rest on years before the run"
    assert 0.0 <= real[4] <= values[4, KEYS.index("certified")]


def test_where_nothing_was_relabelled_every_certificate_was_earned(long_town, begin, each_quarter):
    """The files are read as the certifying office reads them: with no relabelled cost taken out, all pass."""
    region = begin(long_town)
    books = RealBooks(region)
    for lived in each_quarter(region, 20):
        lived.firms.research.relabelled[:] = 0.0
        books.follow(lived)
        last = certified_rows(lived).sum()

    assert books.count(region) == last > 5


def test_public_cost_counts_what_a_package_adds(found):
    costs = found.costs.set_index("scenario")

    assert costs.loc["long", "additional"] == 0.0
    assert costs.loc["bolder", "additional"] == pytest.approx(costs.loc["bolder", "total"] - costs.loc["long", "total"])
    assert (costs["total"] == costs["outlay"] + costs["tax_forgone"]).all()


def changed(found, **outcomes):
    """The same prospects with some outcomes of the last year replaced."""
    values = found.values.copy()
    for key, value in outcomes.items():
        values[..., -1, KEYS.index(key)] = value
    return replace(found, values=values)


def test_a_warning_tells_what_is_met_on_paper_only(found):
    reported = found.outcome("statistical_rd", 2024)
    papery = changed(found, rd_to_gdp=0.9, relabelled=reported, relabelled_share=0.99, utility_applied=1e6)
    row = papery.table.set_index("target").loc["rd_gdp@2024>=0.025"].iloc[0]

    assert (row["probability"], row["real_probability"]) == (1.0, 0.0)
    assert row["warnings"].split() == [ON_PAPER, RELABELLING, LOW_GRADE]


def test_there_is_no_warning_for_what_is_met_in_fact(found):
    real = changed(found, relabelled=0.0, relabelled_share=0.0, utility_applied=0.0)

    assert set(real.table.loc[real.table["outcome"] == "rd_to_gdp", "warnings"]) == {""}


# What packages share


def packages(town):
    """Packages that leave the first scenario's world at different quarters, one that never was in it."""
    at = "policies.innovation_voucher.budget"
    return (
        town,
        town.vary(at, {"2020Q1": 500_000, "2021Q1": 3_000_000}).vary("name", "after a year"),
        town.vary(at, {"2020Q1": 500_000, "2022Q3": 3_000_000}).vary("name", "late"),
        town.vary("policies.super_deduction.general", {"2018Q1": 0.75, "2022Q3": 0.0}).vary("name", "late too"),
        town.vary(at, 3_000_000).vary("name", "at once"),
        town.without_policy("rd_grant").vary("name", "without"),
        town.without_policy("hightech_certificate").vary("name", "no certificate"),
        town.vary("parameters", {"certificate.safety": 1.1}).vary("name", "another city"),
        town.vary("name", "the same"),
    )


def test_packages_share_the_quarters_in_which_they_do_not_differ(town):
    assert [shared_quarters(town, other) for other in packages(town)] == [12, 4, 10, 10, 0, 0, 0, 0, 12]
    assert shared_quarters(town, town.vary("population_scale", 2.0)) == 0


def test_a_package_that_branches_off_is_byte_for_byte_the_world_lived_alone(town):
    told = packages(town)
    chances = (Chance(1, 1), Chance(2, 5), Chance(1, 7))
    together = live(Task(told, 1, chances, "prior"))

    for place, scenario in enumerate(told):
        for number, chance in enumerate(chances):
            alone = Life(scenario, 1, chance, "prior").end()
            for ours, theirs in zip(together, alone, strict=True):
                assert ours[place, number].tobytes() == theirs.tobytes(), scenario.name


# Levels


def test_levels_start_from_what_the_first_scenario_shows_in_the_base_year(found):
    """A package that changed the base year itself would keep that change."""
    raised = found.values.copy()
    raised[1, ..., :, KEYS.index("certified")] *= 1.1
    goal = Goal("hightech_firms", "certified", 2020, True, 11.0)
    prospects = replace(found, values=raised)

    assert prospects.level(goal)[0] == pytest.approx(11.0)
    assert prospects.level(goal)[1] / found.level(goal)[1] == pytest.approx(1.1)
    assert (replace(found, anchored=False).level(goal) == found.outcome("certified", 2020)).all()


# Failures and refusals


def test_a_world_that_fails_is_named_and_counted_and_is_no_miss(long_town, found, monkeypatch):
    lived = worlds.Life.live

    def breaks(life, until):
        if life.scenario.name == "long" and life.region.seed == 4:
            raise ArithmeticError("the world broke")
        lived(life, until)

    monkeypatch.setattr(worlds.Life, "live", breaks)
    torn = targets(*found.scenarios, more=MORE, draws=3, seeds=2, parameters="prior", workers=1)

    assert [str(world) for world in torn.lost] == ["long, draw 1, seed 4, path 4: ArithmeticError: the world broke"]
    assert list(torn.table["worlds"]) == [5] * 4 + [6] * 4
    assert np.isnan(torn.money[0, 1, 1]).all() and np.isfinite(torn.costs[["total", "additional"]]).all(axis=None)
    assert torn.values[0, 0].tobytes() == found.values[0, 0].tobytes()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("end", "2021Q4")], "'long' has end 2024Q4"),
        ([], "2 scenarios are called 'long'"),
    ],
)
def test_packages_that_cannot_be_set_side_by_side_are_refused(long_town, changes, said):
    other = long_town
    for address, value in changes:
        other = other.vary(address, value)
    with pytest.raises(SpecError, match=said):
        targets(long_town, other, more=MORE, parameters="prior", workers=1)


def test_a_period_without_any_target_is_refused(town):
    with pytest.raises(SpecError, match=r"no target falls into the years simulated\. Name one with --target"):
        targets(town, parameters="prior", workers=1)
    with pytest.raises(SpecError, match="there is no scenario"):
        targets()


def test_the_command_takes_more_targets_and_names_what_it_cannot_take(capsys, monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "en")
    line = ["targets", "scenarios/sandbox/baseline.yaml", "--target", "hightech_firms@2022>=12", "--target", "patents@2022"]

    assert app(line) == USER_ERROR
    said = capsys.readouterr().err
    assert "'patents@2022' is no target. Write OUTCOME@YEAR>=VALUE or OUTCOME@YEAR<=VALUE, in quotation marks" in said


@pytest.mark.parametrize(("language", "said"), [("en", "all targets together"), ("zh", "全部目标同时实现")])
def test_the_command_prints_every_target(language, said, capsys, monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", language)
    line = ["targets", "scenarios/sandbox/baseline.yaml", "--target", "hightech_firms@2022>=12", "--draws", "2", "--workers", "1"]

    assert app([*line, "--parameters", "prior"]) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_prospects_are_written_as_tables_a_figure_and_their_origin(found, tmp_path, language):
    write_prospects(found, tmp_path, language)

    assert {path.name for path in tmp_path.iterdir()} == {
        "costs.csv", "failures.csv", "manifest.json", "results.xlsx", "targets.csv", "targets.png",
    }  # fmt: skip
    assert len(pd.read_csv(Path(tmp_path) / "targets.csv")) == 8
    assert isinstance(found, Prospects)
