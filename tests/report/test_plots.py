"""Figures show what the tables say: every package, every interval, in either language."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.colors import to_hex

from ecosim.report import canvas, plots

SCENARIOS = {"voucher": "创新券", "rd_grant": "研发补助"}
OUTCOMES = {"patents": "专利申请", "rd": "研发支出"}


@pytest.fixture
def effects():
    """Patents: vouchers surely up, grants unsure. R&D: vouchers without a baseline, grants surely down."""
    shares = {
        ("patents", "voucher"): (0.02, 0.01, 0.03),
        ("patents", "rd_grant"): (0.01, -0.01, 0.03),
        ("rd", "voucher"): (math.nan, math.nan, math.nan),
        ("rd", "rd_grant"): (-0.02, -0.03, -0.01),
    }
    rows = [
        (outcome, OUTCOMES[outcome], scenario, SCENARIOS[scenario], 1.0, 0.5, 1.5, *share) for (outcome, scenario), share in shares.items()
    ]
    columns = ["outcome", "outcome_label", "scenario", "scenario_label", "difference", "lo", "hi"]
    return pd.DataFrame(rows, columns=[*columns, "relative", "relative_lo", "relative_hi"])


@pytest.fixture
def time_paths():
    rows = [
        (
            scenario,
            label,
            outcome,
            OUTCOMES[outcome],
            unit,
            str(year),
            mean,
            mean * 0.9,
            mean * 1.1,
        )
        for scenario, label in {"baseline": "基准情景", **SCENARIOS}.items()
        for outcome, unit, mean in (("patents", "patents per year", 800.0), ("rd", "yuan per year", 2.3e10))
        for year in range(2020, 2026)
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "scenario",
            "scenario_label",
            "outcome",
            "outcome_label",
            "unit",
            "period",
            "mean",
            "lo",
            "hi",
        ],
    )


@pytest.fixture
def public_costs():
    rows = [("基准情景", "city", 2e8, 1e8), ("基准情景", "centre", 0.0, 3e8), ("创新券", "city", 4e8, 1e8)]
    return pd.DataFrame(rows, columns=["scenario_label", "payer", "outlay", "tax_forgone"])


@pytest.fixture
def moments():
    rows = [
        ("研发变化", "share per year", 0.103, 0.07, 0.13, 0.11, 0.10, 0.12),
        ("研发支出", "yuan per year", 2.56e10, 2.4e10, 2.7e10, 2.9e10, 2.8e10, 3e10),
    ]
    return pd.DataFrame(rows, columns=["label", "unit", "value", "low", "high", "model", "model_lo", "model_hi"])


@pytest.fixture
def figures(effects, time_paths, public_costs, moments):
    """Every figure by language."""
    drawn = {}
    for language in ("zh", "en"):
        drawn[language] = [
            plots.effects_forest(effects, language),
            plots.paths(time_paths, language=language),
            plots.costs(public_costs, language),
            plots.fit(moments, language),
        ]
    return drawn


def marks(axes):
    """Position, height and fill of the single marks in a panel."""
    return [
        (line.get_xdata()[0], line.get_ydata()[0], line.get_markerfacecolor())
        for line in axes.lines
        if line.get_marker() not in ("None", None, "") and len(line.get_xdata()) == 1
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_every_figure_is_written_without_a_missing_character(figures, language, ending, tmp_path):
    """A missing character is a warning of matplotlib, and warnings are errors here."""
    for number, figure in enumerate(figures[language]):
        path = tmp_path / f"{number}.{ending}"
        canvas.save(figure, path)
        assert path.stat().st_size > 2_000


def test_all_text_is_in_the_packaged_font_also_ticks_made_while_saving(figures, tmp_path):
    for figure in figures["zh"]:
        canvas.save(figure, tmp_path / "f.png")
        families = {tuple(text.get_fontfamily()) for text in figure.findobj(lambda part: hasattr(part, "get_fontfamily"))}
        assert families == {(canvas.FAMILY,)}


def test_drawing_leaves_the_callers_settings_alone(effects):
    before = dict(rcParams)

    plots.effects_forest(effects)

    assert dict(rcParams) == before


def test_effects_are_drawn_in_percent_and_hollow_when_the_interval_includes_zero(effects):
    patents, _ = plots.effects_forest(effects, "en").axes

    (sure, unsure) = marks(patents)
    assert sure[:2] == (2.0, 0)
    assert sure[2] != "white"
    assert unsure == (1.0, 1, "white")


def test_an_effect_that_would_be_a_point_beside_another_has_a_logarithmic_axis(effects):
    shares = ["relative", "relative_lo", "relative_hi"]
    effects.loc[0, shares] = (0.0004, -0.0001, 0.0006)

    patents, other = plots.effects_forest(effects, "en").axes
    at = [patents.transData.transform((percent, 0.0))[0] for percent in (0.0, 0.04, 1.0)]

    assert [mark[0] for mark in marks(patents)] == [pytest.approx(0.04), 1.0]
    assert at[1] - at[0] > 0.1 * (at[2] - at[0]), "on a linear axis it would be 0.04 of the way"
    assert (patents.get_xscale(), other.get_xscale()) == ("symlog", "linear")
    assert marks(patents)[0][2] == "white"


def test_an_effect_without_an_interval_is_not_shown_as_sure(effects):
    effects.loc[0, ["relative_lo", "relative_hi"]] = math.nan

    assert marks(plots.effects_forest(effects).axes[0])[0][2] == "white"


def test_an_effect_relative_to_nothing_is_said_to_be_undefined(effects):
    _, rd = plots.effects_forest(effects, "en").axes

    assert "not defined" in [text.get_text() for text in rd.texts]
    assert [mark[0] for mark in marks(rd)] == [-2.0]


def test_a_package_without_any_effect_is_drawn_on_an_axis_of_one_percent(effects):
    shares = ["relative", "relative_lo", "relative_hi"]
    figure = plots.effects_forest(effects.assign(**dict.fromkeys(shares, 0.0)), "en")

    assert {axes.get_xlim() for axes in figure.axes} == {(-1.0, 1.0)}


def test_money_paths_are_drawn_in_the_large_unit_that_the_title_names(time_paths):
    patents, rd = plots.paths(time_paths, "en").axes

    assert (patents.get_title(loc="left"), rd.get_title(loc="left")) == (
        "专利申请 (patents per year)",
        "研发支出 (billion yuan per year)",
    )
    lines = {line.get_label(): line for line in rd.lines}
    np.testing.assert_allclose(lines["创新券"].get_ydata(), 23.0)
    assert lines["创新券"].get_xdata()[:2] == pytest.approx([2020, 2021])
    assert to_hex(lines["基准情景"].get_color()) == canvas.BASELINE


def test_an_axis_of_what_cannot_be_negative_ends_just_below_zero(time_paths):
    """With few draws an interval reaches below zero; what is drawn leaves room for the marks at zero and no more."""
    figure = plots.paths(time_paths.assign(lo=-time_paths["mean"]), language="en")

    for axes in figure.axes:
        low, high = axes.get_ylim()
        assert low == pytest.approx(-0.04 * high)


def test_a_package_has_the_same_colour_among_effects_and_among_paths(effects, time_paths):
    beside = [line.get_color() for line in plots.paths(time_paths).axes[0].lines][1:]
    (up, unsure) = [line.get_color() for line in plots.effects_forest(effects).axes[0].lines if len(line.get_xdata()) == 1]

    assert [up, unsure] == beside


def test_cost_bars_stack_to_the_total_and_leave_out_what_nobody_bears(public_costs):
    (axes,) = plots.costs(public_costs, "zh").axes

    ends = {}
    for bar in axes.patches:
        row = round(bar.get_y() + bar.get_height() / 2)
        ends[row] = max(ends.get(row, 0.0), bar.get_x() + bar.get_width())
    assert ends == pytest.approx({0: 6.0, 1: 5.0})
    assert [text.get_text() for text in axes.texts] == ["6.00亿元", "5.00亿元"]
    assert [bars.get_label() for bars in axes.containers] == [
        "市级财政支出",
        "市级财政减免税",
        "中央财政减免税",
    ]


def test_a_package_without_cost_has_a_row_and_no_bar():
    nothing = pd.DataFrame({"scenario_label": ["无政策"], "payer": ["city"], "outlay": [0.0], "tax_forgone": [0.0]})

    (axes,) = plots.costs(nothing).axes

    assert [label.get_text() for label in axes.get_yticklabels()] == ["无政策"]
    assert [text.get_text() for text in axes.texts] == ["0元"]


def test_a_model_outside_the_datas_interval_is_marked_by_form_not_by_colour_alone(moments):
    scales = plots.fit(moments, "en").axes

    forms = [[line.get_marker() for line in axes.lines if line.get_marker() in "oX"] for axes in (scales[0], scales[3])]
    assert forms == [["o"], ["X"]]
    assert scales[4].texts[0].get_text() == "25.6 [24.0, 27.0] billion yuan"


def test_a_table_that_lacks_a_column_is_refused_by_its_name(effects, moments):
    with pytest.raises(ValueError, match="lacks relative_hi"):
        plots.effects_forest(effects.drop(columns="relative_hi"))
    with pytest.raises(ValueError, match="no rows"):
        plots.fit(moments.head(0))
