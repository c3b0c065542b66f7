"""What the program knows, as tables for a terminal: instruments, their parameters, and the stages of the
quarter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from ecosim import policies
from ecosim.report.console import new_table
from ecosim.report.labels import Language, number_text, scale_of, text
from ecosim.spec.faults import expected
from ecosim.wording import told

if TYPE_CHECKING:
    from ecosim.fit import Fit

HEADINGS: dict[str, dict[Language, str]] = {
    "policies": {"en": "Instruments", "zh": "政策工具"},
    "name": {"en": "name", "zh": "名称"},
    "label": {"en": "instrument", "zh": "政策"},
    "dose": {"en": "dose (0: no such policy)", "zh": "力度参数（0 即无此政策）"},
    "letter": {"en": "in the letter", "zh": "文件中的说法"},
    "parameter": {"en": "parameter", "zh": "参数"},
    "meaning": {"en": "meaning (bounds; unit)", "zh": "含义（界限；单位）"},
    "stages": {"en": "The quarter, in order", "zh": "一个季度的各个阶段"},
    "stage": {"en": "stage", "zh": "阶段"},
    "agents": {"en": "who acts", "zh": "主体"},
    "happens": {"en": "what happens", "zh": "内容"},
    "reads": {"en": "reads", "zh": "读取"},
    "writes": {"en": "writes", "zh": "写入"},
    "row": {"en": "figure", "zh": "指标"},
    "role": {"en": "role", "zh": "角色"},
    "unit": {"en": "unit", "zh": "单位"},
    "data": {"en": "data [interval]", "zh": "数据 [区间]"},
    "model": {"en": "model [90% of runs]", "zh": "模型 [90%的运行]"},
    "prior": {"en": "prior [90% of draws]", "zh": "先验 [90%的参数组]"},
    "posterior": {"en": "posterior [90% of draws]", "zh": "后验 [90%的参数组]"},
    "calibrated": {"en": "calibrated", "zh": "校准"},
    "within": {"en": "within", "zh": "在区间内"},
    "input": {"en": "input", "zh": "输入"},
    "target": {"en": "target", "zh": "目标"},
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "NO", "zh": "否"},
}


def headings(keys: Sequence[str], language: Language) -> list[str]:
    """Headings in one language."""
    return [HEADINGS[key][language] for key in keys]


def policies_table(language: Language) -> Table:
    """Every instrument: its key in scenarios, its name, its dose and the phrase it stands for."""
    columns = headings(("name", "label", "dose", "letter"), language)
    table = new_table(HEADINGS["policies"][language], columns, len(columns))
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


def stages_table(language: Language) -> Table:
    """The stages of the quarter: who acts, what happens, what is read and what is written."""
    from ecosim.explain import schedule_table

    columns = headings(("stage", "agents", "happens", "reads", "writes"), language)
    table = new_table(HEADINGS["stages"][language], columns, len(columns), lines=True)
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
        table.add_row(row["label"], *headings((row["role"],), language), unit, *cells, HEADINGS[verdict][language])
    return table
