"""Quarters, conversions from years, and values that change at known dates."""

import pickle

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from ecosim.quantity import (
    Dated,
    Quarter,
    Rate,
    Share,
    Yuan,
    parse_quarter,
    quarter_label,
    quarter_of_year,
    quarterly_flow,
    quarterly_growth,
    quarterly_hazard,
    year_of,
)


def test_four_quarters_of_a_hazard_make_the_yearly_chance():
    quarterly = quarterly_hazard(0.08)

    assert quarterly == pytest.approx(0.0206, abs=5e-5)
    assert 1 - (1 - quarterly) ** 4 == pytest.approx(0.08, rel=1e-12)
    assert quarterly_hazard(0.0) == 0.0
    assert quarterly_hazard(1.0) == 1.0


def test_four_quarters_of_growth_make_the_yearly_growth():
    assert (1 + quarterly_growth(0.08)) ** 4 == pytest.approx(1.08, rel=1e-12)
    assert (1 + quarterly_growth(-0.5)) ** 4 == pytest.approx(0.5, rel=1e-12)
    assert quarterly_growth(-1.0) == -1.0


def test_a_flow_is_a_quarter_of_the_yearly_amount():
    assert quarterly_flow(100.0) == 25.0


@pytest.mark.parametrize("yearly", [-0.01, 1.01, float("nan")])
def test_a_chance_outside_zero_to_one_is_refused(yearly):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quarterly_hazard(yearly)


@pytest.mark.parametrize("yearly", [-1.01, float("nan")])
def test_growth_below_minus_one_is_refused(yearly):
    with pytest.raises(ValueError, match="below -1"):
        quarterly_growth(yearly)


def test_a_quarter_reads_and_writes_as_text():
    quarter = parse_quarter("2021Q1")

    assert quarter == 2021 * 4
    assert parse_quarter("2020Q4") == quarter - 1
    assert (year_of(quarter - 1), quarter_of_year(quarter - 1)) == (2020, 4)
    assert all(parse_quarter(quarter_label(q)) == q for q in range(7600, 8400))


@pytest.mark.parametrize("given", ["2021", "2021Q5", "2021Q0", "2021q1", "21Q1", " 2021Q1", "2021Q1\n", "２０２１Q1", 2021, None])
def test_what_is_no_quarter_is_refused_with_an_example(given):
    with pytest.raises(ValueError, match="not a quarter.*as in 2021Q1"):
        parse_quarter(given)


class Example(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rate: Dated[Share]
    start: Quarter = parse_quarter("2020Q1")
    cap: Dated[Yuan] = Dated.always(200_000.0)


def rate(given):
    return Example.model_validate({"rate": given}).rate


def test_a_bare_value_is_in_force_always():
    assert rate(0.3).at(0) == rate(0.3).at(parse_quarter("2099Q4")) == 0.3
    assert type(rate(1).at(0)) is float


def test_a_dated_value_holds_until_the_next_date():
    dated = rate({"2021Q1": 0.3, "2023Q4": 0.4})

    assert [dated.at(parse_quarter(q)) for q in ("2021Q1", "2023Q3", "2023Q4", "2030Q1")] == [
        0.3,
        0.3,
        0.4,
        0.4,
    ]
    assert dated.steps == ((8084, 0.3), (8095, 0.4))


def test_there_is_no_value_before_the_first_date():
    with pytest.raises(ValueError, match="no value before 2021Q1, so none in 2020Q4"):
        rate({"2021Q1": 0.3}).at(parse_quarter("2020Q4"))


@pytest.mark.parametrize("value", [0.4, {"2021Q1": 0.3, "2023Q4": 0.4}])
def test_a_value_may_name_its_source(value):
    dated = rate({"value": value, "source": "city notice 2023"})

    assert dated.source == "city notice 2023"
    assert dated.steps == rate(value).steps
    assert rate(value).source == ""


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        (True, (), "valid number"),
        ("0.3", (), "valid number"),
        (None, (), "valid number"),
        ([0.3], (), "valid number"),
        (float("nan"), (), "finite"),
        (float("inf"), (), "finite"),
        (1.5, (), "less than or equal to 1"),
        ({}, (), "no value"),
        ({"2021Q1": 0.3, "2023Q4": 1.4}, ("2023Q4",), "less than or equal to 1"),
        ({"2021Q1": True}, ("2021Q1",), "valid number"),
        ({"2021Q5": 0.3}, ("2021Q5", "[key]"), "not a quarter"),
        ({2021: 0.3}, (2021, "[key]"), "not a quarter"),
        ({"2022Q1": 0.3, "2021Q1": 0.4}, (), "2021Q1 stands after 2022Q1"),
        ({"value": {"2021Q1": 7}, "source": "x"}, ("value", "2021Q1"), "less than or equal to 1"),
        ({"value": {"value": 0.3}}, ("value", "value", "[key]"), "not a quarter"),
        ({"source": "x"}, ("value",), "required"),
        ({"value": 0.3, "sources": "x"}, ("sources",), "not permitted"),
        ({"value": 0.3, "source": 3}, ("source",), "valid string"),
        (Dated.always(3.0), (), "less than or equal to 1"),
    ],
)
def test_a_fault_is_placed_at_the_date_it_belongs_to(given, place, words):
    with pytest.raises(ValidationError) as caught:
        rate(given)

    fault = caught.value.errors()[0]
    assert fault["loc"] == ("rate", *place)
    assert words in fault["msg"]


def test_all_faults_of_a_dated_value_are_reported_at_once():
    with pytest.raises(ValidationError) as caught:
        rate({"2021Q5": 0.3, "2022Q1": 2.0, "2023Q1": "x"})

    assert [fault["loc"][1] for fault in caught.value.errors()] == ["2021Q5", "2022Q1", "2023Q1"]


@pytest.mark.parametrize("given", [0.3, {"2021Q1": 0.3, "2023Q4": 0.4}, {"value": {"2021Q1": 0.3}, "source": "notice"}])
def test_a_dated_value_survives_being_written_hashed_and_pickled(given):
    example = Example.model_validate({"rate": given, "start": "2020Q3"})

    assert example.model_dump() == {"rate": given, "start": "2020Q3", "cap": 200_000.0}
    assert Example.model_validate_json(example.model_dump_json()) == example
    assert pickle.loads(pickle.dumps(example)) == example
    assert hash(Example.model_validate(example.model_dump())) == hash(example)


def test_a_dated_value_is_frozen():
    dated = rate(0.3)

    with pytest.raises(AttributeError, match="frozen"):
        dated.source = "changed"
    with pytest.raises(AttributeError, match="frozen"):
        del dated.steps


def test_dated_values_differ_by_step_and_by_source():
    assert Dated.always(0.3) == Dated.always(0.3)
    assert Dated.always(0.3) != Dated.always(0.4)
    assert Dated.always(0.3) != Dated.always(0.3, source="notice")
    assert Dated.always(0.3) != 0.3


def test_the_schema_describes_the_three_ways_of_writing():
    properties = Example.model_json_schema()["properties"]
    share = {"type": "number", "minimum": 0, "maximum": 1}
    bare, dated, sourced = properties["rate"]["anyOf"]

    assert bare == share
    assert dated["patternProperties"] == {"^[0-9]{4}Q[1-4]$": share}
    assert dated["additionalProperties"] is False
    assert sourced["required"] == ["value"]
    assert sourced["properties"]["value"]["anyOf"] == [bare, dated]
    assert properties["cap"]["default"] == 200_000.0
    assert properties["start"]["pattern"] == "^[0-9]{4}Q[1-4]$"


class Growth(BaseModel):
    yearly: Rate


@pytest.mark.parametrize("given", [True, "0.03", float("nan"), float("-inf")])
def test_a_rate_is_a_finite_number(given):
    assert Growth(yearly=-0.03).yearly == -0.03
    with pytest.raises(ValidationError):
        Growth(yearly=given)
