"""Words, units and numbers as a reader of Chinese or English expects them."""

import math
import re

from ecosim.report import labels_analysis, labels_calibration, labels_outlook
from ecosim.units import large_scale, number_text, unit_text, yuan_scale, yuan_text
from ecosim.wording import Language

__all__ = [
    "Language",
    "column_text",
    "interval_text",
    "large_scale",
    "number_text",
    "payer_text",
    "percent_text",
    "scale_of",
    "signed_text",
    "text",
    "unit_text",
    "with_unit",
    "yuan_scale",
    "yuan_text",
]

TEXTS: dict[str, dict[Language, str]] = {
    "change": {
        "zh": "相对基准情景的变化（%），横线为 95% 区间",
        "en": "Change from the baseline, %, with 95% intervals",
    },
    "includes_zero": {"zh": "空心：区间含零，方向不确定", "en": "Hollow: the interval includes zero"},
    "excludes_zero": {"zh": "实心：区间不含零", "en": "Filled: the interval excludes zero"},
    "no_value": {"zh": "无法计算", "en": "not defined"},
    "effects": {"zh": "各政策包的成效", "en": "Effects of the packages"},
    "paths": {"zh": "各情景的走势", "en": "Paths by scenario"},
    "band": {"zh": "色带：95% 区间", "en": "Band: 95% interval"},
    "history": {"zh": "统计值", "en": "Statistics"},
    "costs": {"zh": "公共成本，按承担者", "en": "Public cost by who bears it"},
    "outlay": {"zh": "支出", "en": "outlay"},
    "tax_forgone": {"zh": "减免税", "en": "tax forgone"},
    "fit": {"zh": "模型与数据", "en": "The model beside the data"},
    "data": {"zh": "数据", "en": "Data"},
    "data_interval": {"zh": "数据区间", "en": "Interval of the data"},
    "model_inside": {"zh": "模型，在数据区间内", "en": "Model, inside the interval"},
    "model_outside": {"zh": "模型，在数据区间外", "en": "Model, outside the interval"},
    "model": {"zh": "模型", "en": "Model"},
    "uncalibrated: priors": {"zh": "未校准：先验参数", "en": "uncalibrated: priors"},
    "posterior": {
        "zh": "{region}的后验参数（{date}，{hash}）",
        "en": "posterior of {region}, {date}, {hash}",
    },
    "the data have changed since": {"zh": "此后数据已变动", "en": "the data have changed since"},
    "runs": {
        "zh": "{scenarios} 个情景 × {draws} 组参数 × {seeds} 个随机种子，用时 {seconds:.0f} 秒",
        "en": "{scenarios} scenarios x {draws} parameter draws x {seeds} seeds, {seconds:.0f} s",
    },
    "effects_note": {
        "zh": "差值（占基准的%）及其 95% 区间；* 区间不含零。流量为全期合计。",
        "en": "Difference (% of the baseline) over its 95% interval; * excludes zero. Flows: whole period.",
    },
    "costs_note": {
        "zh": "公共成本（{unit}）：基准为总额，其余为比基准增加额",
        "en": "Public cost, {unit}: the baseline's own, and what each package adds to it",
    },
    "priced_note": {
        "zh": "每多一单位成效的公共成本（仅在成效区间不含零时给出）",
        "en": "Public cost of one more (only where the effect's interval excludes zero)",
    },
    "targets_note": {"zh": "规划目标与模型结果", "en": "Plan targets beside the model"},
    "by_policy_note": {"zh": "按政策分的公共成本", "en": "Public cost by policy"},
    "year_note": {"zh": "逐年结果", "en": "Results by year"},
    "includes zero": {"zh": "不适用（区间含零）", "en": "n/a (interval includes zero)"},
    "no additional cost": {"zh": "不适用（成本区间含零）", "en": "n/a (interval of the cost includes zero)"},
    "opposite directions": {"zh": "不适用（成本与成效反向）", "en": "n/a (cost and outcome move apart)"},
    "total": {"zh": "合计", "en": "total"},
    "no_interval": {"zh": "只有一组参数，没有区间", "en": "one parameter draw gives no interval"},
    "failed": {"zh": "失败并剔除的运行：{count}", "en": "Runs that failed and are left out: {count}"},
    "compiling": {
        "zh": "正在为本机编译模型（约一分钟，仅一次）",
        "en": "compiling the model for this machine (about a minute, once)",
    },
    "running": {"zh": "运行", "en": "running"},
    "per_second": {"zh": "次/秒", "en": "runs/s"},
    "written": {"zh": "结果已写入 {path}", "en": "Results are in {path}"},
    "interrupted": {"zh": "已中断，未写入任何文件", "en": "interrupted, nothing written"},
    "valid": {"zh": "有效", "en": "valid"},
    "error": {"zh": "错误：", "en": "error: "},
    "all": {"zh": "合计", "en": "all"},
    "calibration": {"zh": "校准状态", "en": "calibration"},
    "scenario": {"zh": "情景", "en": "scenario"},
    "ecosim": {"zh": "ecosim 版本", "en": "ecosim"},
    "source_sha256": {"zh": "源代码指纹", "en": "source_sha256"},
    "draws": {"zh": "参数组数", "en": "draws"},
    "seeds": {"zh": "种子数", "en": "seeds"},
    "stock": {"zh": "存量", "en": "stock"},
    "shape": {"zh": "形态", "en": "shape"},
    "input": {"zh": "输入", "en": "input"},
    "target": {"zh": "目标", "en": "target"},
}

COLUMNS: dict[str, dict[Language, str]] = {
    "outcome": {"zh": "指标代码", "en": "outcome"},
    "outcome_label": {"zh": "指标", "en": "name"},
    "unit": {"zh": "单位", "en": "unit"},
    "period": {"zh": "时期", "en": "period"},
    "scenario": {"zh": "情景代码", "en": "scenario"},
    "scenario_label": {"zh": "情景", "en": "scenario name"},
    "baseline": {"zh": "基准", "en": "baseline"},
    "difference": {"zh": "差值", "en": "difference"},
    "lo": {"zh": "95%下限", "en": "lower 95%"},
    "hi": {"zh": "95%上限", "en": "upper 95%"},
    "relative": {"zh": "相对差值", "en": "relative difference"},
    "relative_lo": {"zh": "相对下限", "en": "relative, lower"},
    "relative_hi": {"zh": "相对上限", "en": "relative, upper"},
    "sd_draws": {"zh": "参数间标准差", "en": "spread over draws"},
    "sd_seeds": {"zh": "种子间标准差", "en": "spread over seeds"},
    "pairs": {"zh": "配对数", "en": "pairs"},
    "correlation": {"zh": "配对相关系数", "en": "correlation in pairs"},
    "payer": {"zh": "承担者", "en": "payer"},
    "kind": {"zh": "类别", "en": "kind"},
    "policy": {"zh": "政策", "en": "policy"},
    "level": {"zh": "总额（元）", "en": "level"},
    "additional": {"zh": "增加", "en": "additional"},
    "cost": {"zh": "增加的公共成本（元）", "en": "additional public cost"},
    "per_unit": {"zh": "每单位成本（元）", "en": "cost of one more"},
    "per_lo": {"zh": "每单位成本下限（元）", "en": "cost of one more, lower"},
    "per_hi": {"zh": "每单位成本上限（元）", "en": "cost of one more, upper"},
    "note": {"zh": "说明", "en": "note"},
    "target": {"zh": "目标代码", "en": "target"},
    "year": {"zh": "年份", "en": "year"},
    "value": {"zh": "数值", "en": "value"},
    "goal": {"zh": "目标值", "en": "goal"},
    "mean": {"zh": "均值", "en": "mean"},
    "range_lo": {"zh": "95%运行的下限", "en": "95% of runs, from"},
    "range_hi": {"zh": "95%运行的上限", "en": "95% of runs, to"},
    "range": {"zh": "95%运行的范围", "en": "95% of runs"},
    "reached": {"zh": "达标占比", "en": "share of runs reaching it"},
    "seed": {"zh": "随机种子", "en": "seed"},
    "draw": {"zh": "参数组", "en": "draw"},
    "message": {"zh": "原因", "en": "reason"},
    "by": {"zh": "分组", "en": "by"},
    "id": {"zh": "代码", "en": "id"},
    "label": {"zh": "指标", "en": "label"},
    "when": {"zh": "时点", "en": "when"},
    "low": {"zh": "数据下限", "en": "low"},
    "high": {"zh": "数据上限", "en": "high"},
    "model": {"zh": "模型", "en": "model"},
    "model_lo": {"zh": "模型下限", "en": "model_lo"},
    "model_hi": {"zh": "模型上限", "en": "model_hi"},
    "within": {"zh": "在区间内", "en": "within"},
    "role": {"zh": "角色", "en": "role"},
    "no_change": {"zh": "预测：不变", "en": "no_change"},
    "trend": {"zh": "预测：趋势延续", "en": "trend"},
    "prior_lo": {"zh": "先验下限", "en": "prior_lo"},
    "prior_hi": {"zh": "先验上限", "en": "prior_hi"},
    "source": {"zh": "来源", "en": "source"},
    "grade": {"zh": "等级", "en": "grade"},
    "item": {"zh": "项目", "en": "item"},
    "content": {"zh": "内容", "en": "content"},
    "outlay": {"zh": "支出", "en": "outlay"},
    "tax_forgone": {"zh": "减免税", "en": "tax forgone"},
    "total": {"zh": "合计", "en": "total"},
}
"""Headings of tables."""

TEXTS |= labels_outlook.TEXTS | labels_calibration.TEXTS | labels_analysis.TEXTS
COLUMNS |= labels_outlook.COLUMNS | labels_calibration.COLUMNS | labels_analysis.COLUMNS

SHEETS: dict[str, dict[Language, str]] = {
    "about": {"zh": "说明", "en": "about"},
    "effects": {"zh": "成效", "en": "effects"},
    "costs": {"zh": "公共成本", "en": "costs"},
    "costs_by_policy": {"zh": "公共成本（按政策）", "en": "costs_by_policy"},
    "per_additional": {"zh": "每单位成效的成本", "en": "per_additional"},
    "targets": {"zh": "规划目标", "en": "targets"},
    "paths": {"zh": "逐年走势", "en": "paths"},
    "failures": {"zh": "失败的运行", "en": "failures"},
    "yearly": {"zh": "逐年结果", "en": "yearly"},
    "outcomes": {"zh": "全部结果", "en": "outcomes"},
    "fit": {"zh": "模型与数据", "en": "fit"},
}
"""Sheets of a workbook."""

PAYERS: dict[str, dict[Language, str]] = {
    "city": {"zh": "市级财政", "en": "city"},
    "province": {"zh": "省级财政", "en": "province"},
    "centre": {"zh": "中央财政", "en": "centre"},
}


def text(key: str, language: Language) -> str:
    """One of the words that figures and tables share."""
    return TEXTS[key][language]


def payer_text(payer: str, language: Language) -> str:
    """Who pays: a known level of government in words, any other payer as written."""
    return PAYERS[payer][language] if payer in PAYERS else payer


def column_text(name: str, language: Language) -> str:
    """The heading of a column; one that is not listed stays as written."""
    return COLUMNS[name][language] if name in COLUMNS else name


def calibration_text(state: str, language: Language) -> str:
    """The state of calibration that a manifest tells, in the reader's language."""
    posterior = re.fullmatch(r"posterior of (?P<region>\w+), (?P<date>[\d-]+), (?P<hash>\w+)(?:; (?P<note>.+))?", state)
    if posterior is None:
        return text(state, language)
    said = text("posterior", language).format(**posterior.groupdict())
    note = posterior["note"]
    return f"{said}{'；' if language == 'zh' else '; '}{text(note, language)}" if note else said


def percent_text(share: float, digits: int = 2, signed: bool = False) -> str:
    """A share as a percentage: 0.0123 is 1.2%; with `signed`, +1.2%."""
    if not math.isfinite(share):
        return "–"
    sign = "+" if signed and share > 0 else ""
    return f"{sign}{number_text(100 * share, digits)}%"


def signed_text(value: float, digits: int = 3) -> str:
    """A difference with its sign: +1,270, −3.2."""
    return f"+{number_text(value, digits)}" if value > 0 else number_text(value, digits)


def scale_of(unit: str, largest: float, language: Language) -> tuple[float, str]:
    """What to divide numbers of one unit by, and the name of the unit they are then in: 1e8 and 亿元, 0.01
    and %.
    """
    if unit == "share":
        return 0.01, "%"
    if unit.partition(" per ")[0] != "yuan":
        return 1.0, unit_text(unit, language)
    divisor, name = yuan_scale(largest, language)
    return divisor, unit_text(unit, language).replace("元" if language == "zh" else "yuan", name, 1)


def with_unit(label: str, unit: str, language: Language) -> str:
    """A label with its unit: 企业真实研发（2019年价，亿元）, Real R&D, billion yuan."""
    if language == "en":
        return f"{label} ({unit})"
    return f"{label[:-1]}，{unit}）" if label.endswith("）") else f"{label}（{unit}）"


def interval_text(value: str, low: str, high: str, language: Language) -> str:
    """A value with its 95% interval, all three already written as text."""
    if language == "zh":
        return f"{value}（95% 区间 {low} 至 {high}）"
    return f"{value} (95% interval {low} to {high})"
