"""What the program knows, as tables for a terminal: instruments, their parameters, and the stages of the
quarter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from ecosim import policies
from ecosim.errors import Fault, SpecError
from ecosim.parameters import catalogue, declared
from ecosim.report.console import new_table
from ecosim.report.labels import Language, number_text, scale_of, text
from ecosim.spec.faults import expected
from ecosim.units import unit_text
from ecosim.wording import Words, suggestion, told

if TYPE_CHECKING:
    from ecosim.fit import Fit

HEADINGS: dict[str, Words] = {
    "policies": Words("Instruments", "政策工具"),
    "name": Words("name", "名称"),
    "label": Words("instrument", "政策"),
    "dose": Words("dose (0: no such policy)", "力度参数（0 即无此政策）"),
    "letter": Words("in the letter", "文件中的说法"),
    "parameter": Words("parameter", "参数"),
    "meaning": Words("meaning (bounds; unit)", "含义（界限；单位）"),
    "model_parameters": Words(
        "Parameters of the model; a scenario fixes one under `parameters`", "模型参数；情景文件可在 `parameters` 下给定"
    ),
    "means": Words("meaning", "含义"),
    "prior_range": Words("prior [90% range]", "先验 [90% 范围]"),
    "stages": Words("The quarter, in order", "一个季度的各个阶段"),
    "stage": Words("stage", "阶段"),
    "agents": Words("who acts", "主体"),
    "happens": Words("what happens", "内容"),
    "reads": Words("reads", "读取"),
    "writes": Words("writes", "写入"),
    "row": Words("figure", "指标"),
    "role": Words("role", "角色"),
    "unit": Words("unit", "单位"),
    "data": Words("data [interval]", "数据 [区间]"),
    "model": Words("model [90% of runs]", "模型 [90%的运行]"),
    "prior": Words("prior [90% of draws]", "先验 [90%的参数组]"),
    "posterior": Words("posterior [90% of draws]", "后验 [90%的参数组]"),
    "calibrated": Words("calibrated", "校准"),
    "within": Words("within", "在区间内"),
    "input": Words("input", "输入"),
    "target": Words("target", "目标"),
    "yes": Words("yes", "是"),
    "no": Words("NO", "否"),
}


def headings(keys: Sequence[str], language: Language) -> list[str]:
    """Headings in one language."""
    return [told(HEADINGS[key], language) for key in keys]


def policies_table(language: Language) -> Table:
    """Every instrument: its key in scenarios, its name, its dose and the phrase it stands for."""
    columns = headings(("name", "label", "dose", "letter"), language)
    table = new_table(told(HEADINGS["policies"], language), columns, len(columns))
    for name in policies.names():
        kind = policies.model(name)
        table.add_row(name, kind.label_zh if language == "zh" else kind.label_en, kind.dose, kind.letter)
    return table


def parameters_table(name: str, language: Language) -> Table:
    """Every parameter of an instrument with meaning, bounds and unit; its dose is marked *.

    Raises SpecError, naming the nearest, for an unknown instrument.
    """
    kind = policies.model(name)
    label = kind.label_zh if language == "zh" else kind.label_en
    table = new_table(f"{name}: {label}", headings(("parameter", "meaning"), language), 2)
    for key, described in kind.model_json_schema()["properties"].items():
        table.add_row(f"{key} *" if key == kind.dose else key, told(expected(described), language))
    return table


def model_table(part: str | None, language: Language) -> Table:
    """The parameters of the model, or of one part of it such as research: meaning, prior and unit.

    Raises SpecError, naming the nearest, for an unknown part.
    """
    if part is not None and part not in declared():
        message = Words(f"the model has no part {part!r}", f"模型没有 {part!r} 这一部分")
        raise SpecError([Fault("parameters", message, suggestion(part, declared()))])
    table = new_table(told(HEADINGS["model_parameters"], language), headings(("parameter", "means", "prior_range", "unit"), language), 2)
    for name, prior in catalogue().items():
        if part in (None, name.partition(".")[0]) and prior.low < prior.high:
            spread = f"{number_text(prior.value)} [{number_text(prior.low)}, {number_text(prior.high)}]"
            table.add_row(name, told(prior.meaning, language), spread, unit_text(prior.unit, language))
    return table


def stages_table(language: Language) -> Table:
    """The stages of the quarter: who acts, what happens, what is read and what is written."""
    from ecosim.explain import schedule_table

    columns = headings(("stage", "agents", "happens", "reads", "writes"), language)
    table = new_table(told(HEADINGS["stages"], language), columns, len(columns), lines=True)
    for stage in schedule_table(language):
        table.add_row(*(stage[key] for key in ("stage", "agents", "meaning", "reads", "writes")))
    return table


def fit_table(found: Fit, language: Language) -> Table:
    """The model beside the data, prior and posterior side by side; inputs and what was fitted to prove nothing."""
    moments = found.table(language)
    shown = [name for name in ("prior", "posterior") if moments[name].notna().any()] or ["model"]
    columns = headings(("row", "role", "unit", "data", *shown, "within"), language)
    table = new_table(text("fit", language), columns, 3)
    for row in moments.to_dict("records"):
        divisor, unit = scale_of(row["unit"], max(abs(row["value"]), abs(row["high"])), language)
        parts = (("value", "low", "high"), *((name, f"{name}_lo", f"{name}_hi") for name in shown))
        cells = []
        for part in parts:
            middle, low, high = (number_text(row[name] / divisor) for name in part)
            cells.append(f"{middle} [{low}, {high}]")
        verdict = "yes" if row["within"] else "no"
        table.add_row(row["label"], *headings((row["role"],), language), unit, *cells, told(HEADINGS[verdict], language))
    return table
