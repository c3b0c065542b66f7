"""The shipped scenarios load, say what their names promise, and agree with the schema for editors."""

import json
from pathlib import Path

import pytest

from ecosim.policies import names
from ecosim.quantity import parse_quarter
from ecosim.scenario import json_schema, load

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("*/*.yaml"))
NANTONG = {path.stem: path for path in FILES if path.parent.name == "nantong"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_shipped_scenario_loads_and_is_labelled_in_both_languages(path):
    scenario = load(path)

    assert scenario.region == path.parent.name
    assert scenario.label("en") != scenario.label("zh")
    assert scenario.description
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../schema.json\n")


def test_no_two_shipped_scenarios_are_the_same():
    scenarios = [load(path) for path in FILES]

    assert len({scenario.hash for scenario in scenarios}) == len({scenario.name for scenario in scenarios}) == len(FILES)


@pytest.mark.parametrize(("package", "instrument"), [("voucher", "innovation_voucher"), ("rd_grant", "rd_grant")])
def test_a_package_adds_100_million_yuan_a_year_from_2021_to_one_instrument(package, instrument):
    baseline, scenario = load(NANTONG["baseline"]), load(NANTONG[package])
    before, after = baseline.policies[instrument], scenario.policies[instrument]

    added = {quarter: after.budget.at(quarter) - before.budget.at(quarter) for quarter in scenario.quarters}

    assert {value for quarter, value in added.items() if quarter < parse_quarter("2021Q1")} == {0}
    assert {value for quarter, value in added.items() if quarter >= parse_quarter("2021Q1")} == {100e6}
    others = {name: policy for name, policy in scenario.policies.items() if name != instrument}
    assert others == {name: policy for name, policy in baseline.policies.items() if name != instrument}


def test_the_envelope_for_project_grants_is_what_three_districts_and_the_mean_grant_of_one_imply():
    """In thousand yuan: with flat sums of 50 and shares of a cost of up to 1,000, a mean of 82.7 takes one large grant in 29."""
    city = (59_280.5 + 51_880 + 50_000) / (0.115 + 0.13 + 0.13)
    large = (51_880 / 627 - 50) / (1_000 - 50)

    grant = load(NANTONG["baseline"]).policies["rd_grant"]

    assert 1 / large == pytest.approx(29, abs=0.5)
    assert grant.cap.at(parse_quarter("2020Q1")) == 1e6
    assert grant.budget.at(parse_quarter("2020Q1")) / 1000 == pytest.approx(city * large * 1_000 / (51_880 / 627), rel=0.02)


def test_the_grant_package_pays_more_of_larger_projects_so_that_the_added_money_is_asked_for():
    before, after = (load(NANTONG[name]).policies["rd_grant"] for name in ("baseline", "rd_grant"))
    last, first = parse_quarter("2020Q4"), parse_quarter("2021Q1")

    assert after.share.at(last) == before.share.at(last) == before.share.at(first) == 0.20
    assert after.share.at(first) == 0.30
    assert after.cap.at(last) == before.cap.at(last) == before.cap.at(first) == 1e6
    assert after.cap.at(first) == 2e6


def test_the_voucher_package_opens_the_voucher_to_those_who_can_use_it():
    """Registered firms leave the baseline's envelope unspent, so more money alone would change nothing."""
    before, after = (load(NANTONG[name]).policies["innovation_voucher"] for name in ("baseline", "voucher"))

    assert (before.registered_only, after.registered_only) == (True, False)
    assert set(before.covers) < set(after.covers)
    assert after.subsidy_rate == before.subsidy_rate
    assert after.cap == before.cap


def test_the_super_deduction_follows_the_enacted_path():
    policy = load(NANTONG["super_deduction"]).policies["super_deduction"]
    kinds = ("general", "manufacturing", "technology_sme")

    path = {
        quarter: tuple(getattr(policy, kind).at(parse_quarter(quarter)) for kind in kinds)
        for quarter in ("2020Q4", "2021Q1", "2021Q4", "2022Q1", "2022Q3", "2022Q4", "2023Q1")
    }

    assert path == {
        "2020Q4": (0.75, 0.75, 0.75),
        "2021Q1": (0.75, 1.0, 0.75),
        "2021Q4": (0.75, 1.0, 0.75),
        "2022Q1": (0.75, 1.0, 1.0),
        "2022Q3": (0.75, 1.0, 1.0),
        "2022Q4": (1.0, 1.0, 1.0),
        "2023Q1": (1.0, 1.0, 1.0),
    }


def test_no_policy_has_none_and_the_baseline_has_all():
    assert not load(NANTONG["no_policy"]).policies
    assert set(load(NANTONG["baseline"]).policies) == set(names())


def test_the_schema_for_editors_is_current():
    written = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))

    assert written == json.loads(json.dumps(json_schema()))


def test_every_key_of_a_scenario_is_described_in_the_schema():
    schema = json_schema()
    parts = [schema, *schema["definitions"].values()]

    assert "draft-07" in schema["$schema"]
    undescribed = [key for part in parts for key, value in part["properties"].items() if "description" not in value]
    assert not undescribed
