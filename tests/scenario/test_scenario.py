"""A scenario is frozen, equal by content, varied into new ones, and gives back what it was given."""

import pickle

import pytest
from pydantic import ValidationError

from ecosim import policies
from ecosim.errors import SpecError
from ecosim.parameters import catalogue
from ecosim.policies.contract import FrozenMapping, Policy
from ecosim.quantity import parse_quarter
from ecosim.scenario import Scenario, load, renamed
from ecosim.spec.reading import read_bytes


@pytest.fixture
def trial(write, valid) -> Scenario:
    return load(write(valid))


def test_yaml_is_read_as_version_1_2(write):
    words = {"1e3": 1000.0, "no": "no", "12:30": "12:30", "30_000_000": 30_000_000, "off": "off", "~": None}
    words |= {
        "007": 7,
        ".5": 0.5,
        "2021Q1": "2021Q1",
        "-3.": -3.0,
        "'true'": "true",
        "True": True,
        "1__0": "1__0",
    }
    text = "".join(f"key{number}: {word}\n" for number, word in enumerate(words))

    found = read_bytes(text.encode(), "t.yaml").values

    assert list(found.values()) == list(words.values())
    assert isinstance(found["key3"], int)


def test_every_key_and_value_knows_its_place():
    document = read_bytes(b"a:\n  b: [x, {c: 1}]\n", "t.yaml")

    assert str(document.keys["a", "b"]) == "t.yaml:2:3"
    assert str(document.places["a", "b", 1, "c"]) == "t.yaml:2:14"


def test_a_scenario_gives_back_what_it_was_given(trial):
    assert Scenario.from_dict(trial.to_dict()) == trial
    assert pickle.loads(pickle.dumps(trial)) == trial
    assert trial.to_dict()["policies"]["innovation_voucher"]["cap"] == {
        "value": 200_000,
        "source": "city notice",
    }
    assert trial.quarters[0] == parse_quarter("2020Q1")
    assert trial.quarters[-1] == parse_quarter("2021Q4")


def test_the_order_of_lines_and_the_spelling_of_numbers_do_not_change_a_scenario(trial, write, valid):
    head, tail = valid.split("  super_deduction:\n")
    other = head.replace("policies:\n", "policies:\n  super_deduction:\n" + tail).replace("2e8", "200_000_000.0")

    assert other != valid
    assert load(write(other)).hash == trial.hash


def test_any_change_of_content_changes_the_hash(trial):
    changed = [
        trial.vary("name", "other"),
        trial.vary("end", "2022Q4"),
        trial.vary("population_scale", 0.25),
        trial.vary("policies.innovation_voucher.cap", 200_001),
        trial.vary("policies.innovation_voucher.cap", 200_000),  # the same amount without its source
        trial.without_policy("super_deduction"),
    ]

    assert len({trial.hash, *(scenario.hash for scenario in changed)}) == len(changed) + 1


def test_a_scenario_cannot_be_changed(trial):
    with pytest.raises(ValidationError, match="frozen"):
        trial.population_scale = 2.0
    with pytest.raises(ValidationError, match="frozen"):
        trial.policies["innovation_voucher"].budget = 0.0
    with pytest.raises(TypeError):
        trial.policies["rd_grant"] = trial.policies["innovation_voucher"]


def test_varying_makes_a_new_scenario_that_names_its_parent(trial):
    bolder = trial.vary("policies.innovation_voucher.subsidy_rate", 0.6)

    assert bolder.policies["innovation_voucher"].subsidy_rate.at(parse_quarter("2021Q4")) == 0.6
    assert trial.policies["innovation_voucher"].subsidy_rate.at(parse_quarter("2021Q4")) == 0.4
    assert (bolder.parent, trial.parent) == (trial.hash, "")


@pytest.mark.parametrize(
    ("address", "value", "words"),
    [
        ("policies.innovation_voucher.subsidy_rate", 1.6, ["is 1.6", "at most 1"]),
        ("policies.innovation_voucher.subsidy_rat", 0.6, ["no key 'subsidy_rat'", "'subsidy_rate'"]),
        ("policies.rd_grant.share", 0.6, ["has no policy 'rd_grant'", "with_policy"]),
        ("policies.grant.share", 0.6, ["leads to nothing", "rd_grant"]),
        ("policies", {}, None),
        ("population", 2, ["leads to nothing", "population_scale"]),
        ("end", "2019Q4", ["end is '2019Q4'", "Correct one"]),
        ("schema", 2, ["leads to nothing"]),
        ("region.name", "sandbox", ["leads to nothing"]),
    ],
)
def test_varying_refuses_what_a_file_would_not_be_allowed(address, value, words, trial):
    if words is None:
        assert not trial.vary(address, value).policies
        return
    with pytest.raises(SpecError) as caught:
        trial.vary(address, value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_policy_can_be_added_changed_and_taken_away(trial):
    changed = trial.with_policy("innovation_voucher", dose=0, from_="2020Q3")
    grant = {"general": 1, "manufacturing": 1, "technology_sme": 1, "claim_paperwork": 0}
    added = trial.without_policy("super_deduction").with_policy("super_deduction", **grant)

    assert changed.policies["innovation_voucher"].budget.at(parse_quarter("2021Q1")) == 0
    assert changed.policies["innovation_voucher"].from_ == parse_quarter("2020Q3")
    assert list(trial.without_policy("innovation_voucher").policies) == ["super_deduction"]
    assert trial.without_policy("rd_grant") == trial
    assert added.policies["super_deduction"].general.at(parse_quarter("2020Q1")) == 1
    with pytest.raises(SpecError, match="no 'cap'"):
        trial.with_policy("rd_grant", budget=1)
    with pytest.raises(SpecError, match="Did you mean 'rd_grant'"):
        trial.without_policy("rdgrant")


def test_a_policy_is_in_force_between_its_dates_while_its_dose_is_above_zero(trial):
    dated = {"from": "2020Q2", "until": "2021Q3", "budget": {"2020Q1": 5, "2020Q4": 0, "2021Q1": 5}}
    voucher = dict(trial.to_dict()["policies"]["innovation_voucher"], **dated)
    policy = trial.vary("policies.innovation_voucher", voucher).policies["innovation_voucher"]

    in_force = [quarter for quarter in trial.quarters if policy.in_force(quarter)]

    expected = ["2020Q2", "2020Q3", "2021Q1", "2021Q2", "2021Q3"]
    assert in_force == [parse_quarter(quarter) for quarter in expected]


def test_a_policy_may_begin_late_with_values_that_begin_late(trial):
    scenario = trial.with_policy("innovation_voucher", from_="2021Q2", subsidy_rate={"2021Q1": 0.5})

    assert not scenario.policies["innovation_voucher"].in_force(parse_quarter("2020Q1"))
    assert scenario.policies["innovation_voucher"].in_force(parse_quarter("2021Q2"))


def test_parameters_are_checked_against_the_catalogue(trial):
    name, prior = next((name, prior) for name, prior in catalogue().items() if prior.low < prior.high)
    inside = (prior.low + prior.high) / 2

    assert trial.vary(f"parameters.{name}", inside).parameters[name] == inside
    for refused in (prior.high + abs(prior.high) + 1, float("nan"), True, "much"):
        with pytest.raises(SpecError, match="should be a number from"):
            trial.vary(f"parameters.{name}", refused)
    with pytest.raises(SpecError, match=f"Did you mean '{name}'"):
        trial.vary(f"parameters.{name}x", inside)


def test_a_renamed_key_loads_once_more_with_a_note():
    document = read_bytes(b"city: sandbox\nend: 2021Q4\n", "old.yaml")

    found, notes = renamed(document, {"city": "region"})

    assert found.values["region"] == "sandbox"
    assert "city" not in found.values
    assert notes == ("old.yaml:1:1: 'city' is now called 'region'; please rename it",)
    assert str(found.places["region",]) == "old.yaml:1:7"


@pytest.mark.parametrize("name", policies.names())
def test_every_instrument_says_what_it_is_and_what_each_parameter_means(name):
    kind = policies.model(name)

    assert all(isinstance(text, str) and text for text in (kind.label_en, kind.label_zh, kind.letter))
    assert kind.dose in kind.model_fields
    for field, found in kind.model_fields.items():
        assert found.description, field
        assert found.json_schema_extra["unit"], field


def test_every_file_of_the_folder_that_declares_an_instrument_is_known_by_its_name():
    assert {"innovation_voucher", "rd_grant", "super_deduction", "hightech_certificate"} <= set(policies.names())
    assert "contract" not in policies.names()
    assert all(issubclass(policies.model(name), Policy) for name in policies.names())


def test_a_frozen_mapping_is_equal_and_hashed_by_content():
    first, second = FrozenMapping({"a": 1, "b": 2}), FrozenMapping({"b": 2, "a": 1})

    assert first == second
    assert hash(first) == hash(second)
    assert pickle.loads(pickle.dumps(first)) == first
