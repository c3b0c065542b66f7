"""Scores of a written forecast: worked by hand, against plain rules, and refused where the files are wrong."""

import math

import numpy as np
import pytest

from ecosim import score
from ecosim.cli import USER_ERROR, app
from ecosim.errors import SpecError
from ecosim.outlook.benchmarks import RULES, benchmarks, last_growth, linear_trend, no_change, spread
from ecosim.outlook.frozen import Told
from ecosim.outlook.scoring import crps, inside, pit, widths
from ecosim.regions import load as pack_of
from ecosim.report.outlook_files import write_plain

LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)
HEAD = "indicator,year,unit,q05,q25,q50,q75,q95\n"
FORECAST = (
    HEAD + "hightech_firms,2021,firms,10,20,30,40,50\nhightech_firms,2022,firms,20,30,40,50,60\nrd_gdp,2021,share,.02,.024,.026,.028,.03\n"
)
OUTCOMES = "indicator,year,unit,value\nhightech_firms,2021,firms,30\nhightech_firms,2022,家,70\nrd_gdp,2021,%,2.7\n"


@pytest.fixture
def files(tmp_path):
    """Writes a forecast and outcomes and gives their paths."""

    def write(forecast=FORECAST, outcomes=OUTCOMES, encoding="utf-8"):
        paths = (tmp_path / "forecast.csv", tmp_path / "outcomes.csv")
        for path, text in zip(paths, (forecast, outcomes), strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return paths

    return write


# By hand


def test_five_levels_stand_for_all_of_them():
    assert widths(np.array(LEVELS)) == pytest.approx([0.15, 0.225, 0.25, 0.225, 0.15])


def test_the_score_of_bands_worked_by_hand():
    """At 30 between 10 ... 50: losses .05*20, .25*10, 0, .25*10, .05*20 with their widths, twice."""
    said = Told(LEVELS, np.array([10.0, 20.0, 30.0, 40.0, 50.0]))

    assert crps(said, 30.0) == pytest.approx(2 * (0.15 * 1.0 + 0.225 * 2.5 + 0.0 + 0.225 * 2.5 + 0.15 * 1.0))
    assert crps(said, 70.0) == pytest.approx(2 * (0.15 * 3.0 + 0.225 * 12.5 + 0.25 * 20.0 + 0.225 * 22.5 + 0.15 * 19.0))


@pytest.mark.parametrize("value", [-5.0, 12.0, 100.0])
def test_a_statement_without_width_scores_its_absolute_error(value):
    assert crps(Told(LEVELS, np.full(5, 12.0)), value) == pytest.approx(abs(value - 12.0))


def test_the_score_of_a_sample_worked_by_hand():
    """Mean distance to 2 is 1, half the mean distance among 1, 2 and 3 is 4/9: the score is 2/3 - 4/9."""
    assert crps(Told((), np.array([1.0, 2.0, 3.0])), 2.0) == pytest.approx(2 / 3 - 4 / 9)


def test_many_levels_and_a_sample_score_alike():
    normal = np.random.default_rng(3).normal(size=4000)
    levels = tuple((np.arange(199) + 1) / 200)

    assert crps(Told(levels, np.quantile(normal, levels)), 0.7) == pytest.approx(crps(Told((), normal), 0.7), rel=0.01)


def test_an_outcome_has_a_place_in_the_forecast():
    said = Told(LEVELS, np.array([10.0, 20.0, 30.0, 40.0, 50.0]))

    assert pit(said, 25.0) == pytest.approx((0.375, 0.375))
    assert pit(said, 5.0) == (0.0, 0.05)
    assert pit(said, 55.0) == (0.95, 1.0)
    assert pit(Told((), np.array([1.0, 2.0, 2.0, 3.0])), 2.0) == (0.25, 0.75)
    assert math.isnan(pit(Told(LEVELS, np.full(5, 3.0)), 3.0)[0])


def test_coverage_counts_the_ends_and_leaves_out_statements_without_width():
    said = Told(LEVELS, np.array([10.0, 20.0, 30.0, 40.0, 50.0]))

    assert [inside(said, value, 0.25, 0.75) for value in (19.0, 20.0, 40.0, 41.0)] == [0.0, 1.0, 1.0, 0.0]
    assert math.isnan(inside(Told(LEVELS, np.full(5, 3.0)), 3.0, 0.25, 0.75))


def test_bands_that_are_right_cover_as_often_as_they_say():
    made = np.random.default_rng(5)
    ends = np.quantile(made.normal(size=200_000), LEVELS)
    said = Told(LEVELS, ends)
    drawn = made.normal(size=4000)

    assert np.mean([inside(said, value, 0.25, 0.75) for value in drawn]) == pytest.approx(0.50, abs=0.025)
    assert np.mean([inside(said, value, 0.05, 0.95) for value in drawn]) == pytest.approx(0.90, abs=0.015)


# Files


def test_units_of_outcomes_are_turned_into_those_of_the_forecast(files):
    found = score(*files())

    assert list(found.cells["value"]) == pytest.approx([30.0, 70.0, 0.027])
    assert list(found.cells["inside_90"]) == [1.0, 0.0, 1.0]
    summary = found.summary.set_index("indicator")
    assert summary.loc["hightech_firms", "coverage_90"] == 0.5
    assert summary.loc["all", "cells"] == 3


def test_plain_rules_are_scored_beside_the_forecast(files, tmp_path):
    beside = tmp_path / "benchmarks.csv"
    beside.write_text(
        "benchmark," + HEAD + "no_change,hightech_firms,2021,firms,25,25,25,25,25\nno_change,rd_gdp,2021,share,.02,.02,.02,.02,.02\n"
    )

    found = score(*files(), beside)

    row = found.summary.set_index("indicator").loc["hightech_firms"]
    assert row["crps_no_change"] == pytest.approx(5.0)
    assert row["skill_no_change"] == pytest.approx(1.0 - 2.85 / 5.0), "over the one year that both speak to"


def test_a_file_of_single_worlds_is_scored_as_a_sample(files):
    worlds = "indicator,year,unit,draw,value\n" + "".join(f"hightech_firms,2021,firms,{n},{n}\n" for n in (1, 2, 3))

    found = score(*files(worlds, "indicator,year,unit,value\nhightech_firms,2021,firms,2\n"))

    assert found.cells["crps"][0] == pytest.approx(2 / 3 - 4 / 9)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (
            OUTCOMES + "hightech_firm,2021,firms,3\n",
            "outcomes.csv:5: there is no indicator 'hightech_firm'. Did you mean 'hightech_firms'?",
        ),
        (
            OUTCOMES + "hightech_firms,2029,firms,3\n",
            "outcomes.csv:5: the forecast says nothing of hightech_firms in 2029. It speaks of 2021, 2022",
        ),
        (
            OUTCOMES + "firm_entry,2021,index,3\n",
            "outcomes.csv:5: the forecast says nothing of firm_entry. It speaks of hightech_firms, rd_gdp",
        ),
        (OUTCOMES + "hightech_firms,21,firms,3\n", "outcomes.csv:5: '21' is no year"),
        (OUTCOMES + "rd_gdp,2022,firms,3\n", "outcomes.csv:5: 'firms' is no unit of rd_gdp. Write share, %"),
        (OUTCOMES + "hightech_firms,2021,firms,31\n", "outcomes.csv:5: hightech_firms 2021 stands in line 2 already"),
        (OUTCOMES.replace("70", "many"), "outcomes.csv:3: value: 'many' is no number"),
        (OUTCOMES.replace("70", "nan"), "outcomes.csv:3: value: 'nan' is no number"),
        (OUTCOMES.replace("70", "inf"), "outcomes.csv:3: value: 'inf' is no number"),
        (OUTCOMES.replace("70", ""), "outcomes.csv:3: value: '' is no number"),
        (OUTCOMES.replace("70", "7,0"), "outcomes.csv:3: this row has 5 cells, the heading 4"),
        (OUTCOMES.replace("unit,value", "value"), "outcomes.csv:1: column unit is missing"),
        (OUTCOMES.replace("unit,value", "unit,unit,value"), "column unit stands twice"),
        ("", "outcomes.csv: the file is empty"),
        ("\n \n", "outcomes.csv: the file is empty"),
        ("indicator,year,unit,value\n", "there is a heading and no row"),
        ('indicator,year,unit,value\n"hightech_firms,2021,firms,3\n', "this is no row of a CSV table"),
        (OUTCOMES.encode("gbk"), "outcomes.csv:3: byte 0xbc is not UTF-8; the file looks like GBK, as Excel writes CSV in Chinese"),
        (OUTCOMES.encode("utf-16"), "the file is saved as UTF-16"),
        (b"PK\x03\x04....", "this is an Excel workbook"),
    ],
)
def test_outcomes_that_cannot_be_used_are_refused_with_line_value_and_remedy(files, outcomes, said):
    with pytest.raises(SpecError) as refused:
        score(*files(outcomes=outcomes))

    assert said in str(refused.value)
    assert refused.value.told("zh") != str(refused.value)


def test_every_fault_of_a_file_is_told_in_the_order_of_its_lines(files):
    broken = OUTCOMES + "patents,2021,firms,3\nrd_gdp,2030,share,x\n"

    with pytest.raises(SpecError) as refused:
        score(*files(outcomes=broken))

    assert [fault.place.line for fault in refused.value.faults] == [5, 6, 6]


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        ("indicator,year,unit\nrd_gdp,2021,share\n", "there is no column of quantiles (q05, q25, ...) and no column 'value'"),
        (FORECAST.replace("10,20,30", "10,30,20"), "forecast.csv:2: the quantiles q05, q25, q50, q75, q95 do not ascend"),
        (FORECAST + "rd_gdp,2021,share,1,1,1,1,1\n", "forecast.csv:5: rd_gdp 2021 stands in line 4 already"),
    ],
)
def test_a_forecast_that_cannot_be_used_is_refused(files, forecast, said):
    with pytest.raises(SpecError) as refused:
        score(*files(forecast))

    assert said in str(refused.value)


def test_the_command_says_in_chinese_how_to_mend_a_file_of_excel(files, capsys):
    forecast, outcomes = files(outcomes=OUTCOMES.encode("gbk"))

    assert app(["score", str(forecast), str(outcomes), "--lang", "zh"]) == USER_ERROR
    assert "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "said"), [("en", "coverage of 90%"), ("zh", "90%区间覆盖率")])
def test_the_command_prints_scores(files, language, said, capsys, tmp_path):
    forecast, outcomes = files()
    write_plain(benchmarks(pack_of("nantong"), (2021, 2022)), tmp_path / "benchmarks.csv")
    line = ["score", str(forecast), str(outcomes), "--benchmarks", str(tmp_path / "benchmarks.csv"), "--out", str(tmp_path / "out")]

    assert app([*line, "--lang", language]) == 0
    assert said in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"ecosim.sha256", "scores.csv", "summary.csv"}


# Plain rules


def test_plain_rules_worked_by_hand():
    years, figures = (2015, 2017, 2020), (100.0, 121.0, 181.0)

    assert no_change(years, figures, 2022) == 181.0
    assert last_growth(years[:2], figures[:2], 2019) == pytest.approx(121.0 * 1.1**2)
    slope = ((2015 - 2017.3333) * 100 + (2017 - 2017.3333) * 121 + (2020 - 2017.3333) * 181) / (2.3333**2 + 0.3333**2 + 2.6667**2)
    assert linear_trend(years, figures, 2022) == pytest.approx(181.0 + 2 * slope, rel=1e-3)
    assert last_growth((2020,), (5.0,), 2021) is None


def test_the_error_of_a_rule_is_taken_from_its_own_past():
    """No change missed by 10% a year twice."""
    assert spread(no_change, (2015, 2016, 2018), (100.0, 110.0, 133.1)) == pytest.approx(math.log(1.1))
    assert spread(no_change, (2019, 2020), (100.0, 110.0)) == 0.0, "one error is no pattern"


def test_every_rule_speaks_where_it_can_and_the_target_leads_to_the_plan():
    table = benchmarks(pack_of("nantong"), range(2021, 2026))

    assert set(table["benchmark"]) == {*RULES, "target"}
    said = table.set_index(["benchmark", "indicator", "year"])["q50"]
    assert said["target", "hightech_firms", 2025] == pytest.approx(3600.0)
    assert said["target", "rd_gdp", 2021] == pytest.approx(0.0265)
    assert said["target", "rd_gdp", 2025] == pytest.approx(0.03)
    assert said["no_change", "hightech_firms", 2025] == pytest.approx(2180.0)
    assert ("last_growth", "firm_entry", 2021) not in said.index
