"""Words, units and numbers as a reader of Chinese or English expects them."""

import math
import re

from ecosim.report import labels_analysis, labels_calibration, labels_outlook
from ecosim.units import large_scale, number_text, unit_text, yuan_scale, yuan_text
from ecosim.wording import Language, Words, told

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

TEXTS: dict[str, Words] = {
    "change": Words("Difference as % of the baseline's mean; bars: 95% intervals", "与基准之差占基准均值的百分比，横线为 95% 区间"),
    "includes_zero": Words("Hollow: the interval includes zero", "空心：区间含零，方向不确定"),
    "excludes_zero": Words("Filled: the interval excludes zero", "实心：区间不含零"),
    "logarithmic": Words(
        "Where effects differ greatly the axis is logarithmic on either side of zero", "成效相差悬殊时，横轴在零的两侧取对数"
    ),
    "no_value": Words("not defined", "无法计算"),
    "effects": Words("Effects of the packages", "各政策包的成效"),
    "paths": Words("Paths by scenario", "各情景的走势"),
    "band": Words("Band: 95% interval of the baseline", "色带：基准的 95% 区间"),
    "history": Words("Statistics", "统计值"),
    "costs": Words("Public cost by who bears it", "公共成本，按承担者"),
    "outlay": Words("outlay", "支出"),
    "tax_forgone": Words("tax forgone", "减免税"),
    "fit": Words("The model beside the data", "模型与数据"),
    "data": Words("Data", "数据"),
    "data_interval": Words("Interval of the data", "数据区间"),
    "model_inside": Words("Model, inside the interval", "模型，在数据区间内"),
    "model_outside": Words("Model, outside the interval", "模型，在数据区间外"),
    "model": Words("Model", "模型"),
    "uncalibrated: priors": Words("uncalibrated: priors", "未校准：先验参数"),
    "posterior": Words("posterior of {region}, {date}, {hash}", "{region}的后验参数（{date}，{hash}）"),
    "the data have changed since": Words("the data have changed since", "此后数据已变动"),
    "runs": Words(
        "{scenarios} scenarios x {draws} parameter draws x {seeds} seeds, {seconds:.0f} s",
        "{scenarios} 个情景 × {draws} 组参数 × {seeds} 个随机种子，用时 {seconds:.0f} 秒",
    ),
    "effects_note": Words(
        "Difference (% of the baseline) over its 95% interval; * excludes zero. Flows: whole period.",
        "差值（占基准的%）及其 95% 区间；* 区间不含零。流量为全期合计。",
    ),
    "costs_note": Words(
        "Public cost, {unit}: the baseline's own, and what each package adds to it",
        "公共成本（{unit}）：基准为总额，其余为比基准增加额",
    ),
    "drawn": Words(
        "{scenario}: of {added} {unit} added to the envelope ({policy}), {drawn} are drawn in the period",
        "{scenario}：“{policy}”新增预算{added}{unit}，期内已支取{drawn}{unit}",
    ),
    "unspent": Words(
        "{scenario}: of {added} {unit} added to the envelope ({policy}), only {drawn} are drawn in the period. Most of the added money "
        "stays unspent, so the effects say little about what it could do",
        "{scenario}：“{policy}”新增预算{added}{unit}，期内仅支取{drawn}{unit}，新增资金大部分未用出，成效不能说明这笔钱能做什么",
    ),
    "priced_note": Words(
        "Public cost of one more, or what one fewer saves (only where the effect's interval excludes zero)",
        "每多一单位成效的公共成本，或每少一单位节省的成本（仅在成效区间不含零时给出）",
    ),
    "targets_note": Words("Plan targets beside the model", "规划目标与模型结果"),
    "by_policy_note": Words("Public cost by policy", "按政策分的公共成本"),
    "year_note": Words("Results by year", "逐年结果"),
    "quarter_note": Words(
        "Quarters outside a whole year: flows of the quarter, stocks at its end (results by year need all four quarters)",
        "不满一年的各季：流量为当季值，存量为季末值（逐年结果需要完整的四个季度）",
    ),
    "includes zero": Words("n/a (interval includes zero)", "不适用（区间含零）"),
    "no additional cost": Words("n/a (interval of the cost includes zero)", "不适用（成本区间含零）"),
    "opposite directions": Words("n/a (cost and outcome move apart)", "不适用（成本与成效反向）"),
    "total": Words("total", "合计"),
    "no_interval": Words("one parameter draw gives no interval", "只有一组参数，没有区间"),
    "failed_run": Words("{scenario}, draw {draw}, seed {seed}: {message}", "{scenario}，第 {draw} 组参数，种子 {seed}：{message}"),
    "failed": Words("Runs that failed and are left out: {count}", "失败并剔除的运行：{count}"),
    "compiling": Words("compiling the model for this machine (about a minute, once)", "正在为本机编译模型（约一分钟，仅一次）"),
    "running": Words("running", "运行"),
    "per_second": Words("runs/s", "次/秒"),
    "written": Words("Results are in {path}", "结果已写入 {path}"),
    "interrupted": Words("interrupted, nothing written", "已中断，未写入任何文件"),
    "interrupted_kept": Words("interrupted; finished runs are kept, go on with --resume", "已中断；已完成的运行已保存，可用 --resume 继续"),
    "valid": Words("valid", "有效"),
    "error": Words("error: ", "错误："),
    "all": Words("all", "合计"),
    "calibration": Words("calibration", "校准状态"),
    "scenario": Words("scenario", "情景"),
    "ecosim": Words("ecosim", "ecosim 版本"),
    "source_sha256": Words("source_sha256", "源代码指纹"),
    "draws": Words("draws", "参数组数"),
    "seeds": Words("seeds", "种子数"),
    "stock": Words("stock", "存量"),
    "shape": Words("shape", "形态"),
    "input": Words("input", "输入"),
    "target": Words("target", "目标"),
}

COLUMNS: dict[str, Words] = {
    "outcome": Words("outcome key", "指标代码"),
    "outcome_label": Words("outcome", "指标"),
    "unit": Words("unit", "单位"),
    "period": Words("period", "时期"),
    "scenario": Words("scenario", "情景代码"),
    "scenario_label": Words("scenario name", "情景"),
    "baseline": Words("baseline", "基准"),
    "difference": Words("difference", "差值"),
    "lo": Words("lower 95%", "95%下限"),
    "hi": Words("upper 95%", "95%上限"),
    "relative": Words("relative difference", "相对差值"),
    "relative_lo": Words("relative, lower", "相对下限"),
    "relative_hi": Words("relative, upper", "相对上限"),
    "sd_draws": Words("spread over draws", "参数间标准差"),
    "sd_seeds": Words("spread over seeds", "种子间标准差"),
    "pairs": Words("pairs", "配对数"),
    "correlation": Words("correlation in pairs", "配对相关系数"),
    "payer": Words("payer", "承担者"),
    "kind": Words("kind", "类别"),
    "policy": Words("policy", "政策"),
    "level": Words("level", "总额（元）"),
    "additional": Words("additional", "增加"),
    "cost": Words("additional public cost", "增加的公共成本（元）"),
    "per_unit": Words("cost of one more", "每单位成本（元）"),
    "per_lo": Words("cost of one more, lower", "每单位成本下限（元）"),
    "per_hi": Words("cost of one more, upper", "每单位成本上限（元）"),
    "note": Words("note", "说明"),
    "target": Words("target", "目标代码"),
    "year": Words("year", "年份"),
    "value": Words("value", "数值"),
    "goal": Words("goal", "目标值"),
    "mean": Words("mean", "均值"),
    "range_lo": Words("95% of runs, from", "95%运行的下限"),
    "range_hi": Words("95% of runs, to", "95%运行的上限"),
    "range": Words("95% of runs", "95%运行的范围"),
    "reached": Words("share of runs reaching it", "达标占比"),
    "seed": Words("seed", "随机种子"),
    "draw": Words("draw", "参数组"),
    "message": Words("reason", "原因"),
    "by": Words("by", "分组"),
    "id": Words("id", "代码"),
    "label": Words("label", "指标"),
    "when": Words("when", "时点"),
    "low": Words("low", "数据下限"),
    "high": Words("high", "数据上限"),
    "model": Words("model", "模型"),
    "model_lo": Words("model_lo", "模型下限"),
    "model_hi": Words("model_hi", "模型上限"),
    "within": Words("within", "在区间内"),
    "role": Words("role", "角色"),
    "no_change": Words("no_change", "预测：不变"),
    "trend": Words("trend", "预测：趋势延续"),
    "prior_lo": Words("prior_lo", "先验下限"),
    "prior_hi": Words("prior_hi", "先验上限"),
    "source": Words("source", "来源"),
    "grade": Words("grade", "等级"),
    "item": Words("item", "项目"),
    "content": Words("content", "内容"),
    "outlay": Words("outlay", "支出"),
    "tax_forgone": Words("tax forgone", "减免税"),
    "total": Words("total", "合计"),
}
"""Headings of tables."""

TEXTS |= labels_outlook.TEXTS | labels_calibration.TEXTS | labels_analysis.TEXTS
COLUMNS |= labels_outlook.COLUMNS | labels_calibration.COLUMNS | labels_analysis.COLUMNS

SHEETS: dict[str, Words] = {
    "about": Words("about", "说明"),
    "effects": Words("effects", "成效"),
    "costs": Words("costs", "公共成本"),
    "costs_by_policy": Words("costs_by_policy", "公共成本（按政策）"),
    "per_additional": Words("per_additional", "每单位成效的成本"),
    "targets": Words("targets", "规划目标"),
    "paths": Words("paths", "逐年走势"),
    "failures": Words("failures", "失败的运行"),
    "yearly": Words("yearly", "逐年结果"),
    "outcomes": Words("outcomes", "全部结果"),
    "fit": Words("fit", "模型与数据"),
}
"""Sheets of a workbook."""

PAYERS: dict[str, Words] = {
    "city": Words("city", "市级财政"),
    "province": Words("province", "省级财政"),
    "centre": Words("centre", "中央财政"),
}


def text(key: str, language: Language) -> str:
    """One of the words that figures and tables share."""
    return told(TEXTS[key], language)


def payer_text(payer: str, language: Language) -> str:
    """Who pays: a known level of government in words, any other payer as written."""
    return told(PAYERS.get(payer, payer), language)


def column_text(name: str, language: Language) -> str:
    """The heading of a column; one that is not listed stays as written."""
    return told(COLUMNS.get(name, name), language)


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
