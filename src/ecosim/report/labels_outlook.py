"""Words of the tables and figures that look ahead: forecasts, chances of targets, scores."""

from ecosim.wording import Language

TEXTS: dict[str, dict[Language, str]] = {
    "forecast": {"zh": "预测：{name}", "en": "Forecast: {name}"},
    "forecast_terms": {
        "zh": "以情景中的政策为条件；未使用{base}年以后的任何统计数据",
        "en": "Conditional on the scenario's policies; made without any statistic after {base}",
    },
    "forecast_size": {
        "zh": "{draws} 组参数 × 每组 {seeds} 个种子 × 每组 {paths} 条GDP路径 = {worlds} 个世界，用时 {seconds:.0f} 秒",
        "en": "{draws} parameter draws x {seeds} seeds x {paths} GDP paths in each = {worlds} worlds, {seconds:.0f} s",
    },
    "forecast_note": {
        "zh": "各年分位数（世界的 5% 至 95%），以及宽度来自何处（方差占比）",
        "en": "Quantiles by year (5% to 95% of worlds), and where the width comes from (shares of the variance)",
    },
    "levels_anchored": {
        "zh": "水平值从{base}年统计值起算。模型自身的{base}年均值：{own}",
        "en": "Levels start from the published figures of {base}. The model's own means in {base}: {own}",
    },
    "levels_simulated": {
        "zh": "水平值为模拟值，未按{base}年统计值调整",
        "en": "Levels as simulated, not started from the published figures of {base}",
    },
    "index_base": {"zh": "{base}年=100", "en": "{base} = 100"},
    "not_modelled": {
        "zh": "模型没有新型研发机构增减的规则：该指数恒为 100，不是预测",
        "en": "the model has no rule by which new-type institutes come or go: the index is a constant, not a forecast",
    },
    "published": {"zh": "{base}年统计值", "en": "published {base}"},
    "split_missing": {
        "zh": "方差分解需要至少 2 组参数、2 个种子和 2 条GDP路径",
        "en": "To split the variance takes 2 draws, 2 seeds and 2 GDP paths at least",
    },
    "lost": {"zh": "失败的世界：{count} 个（共 {total} 个），已剔除", "en": "Worlds that failed and are left out: {count} of {total}"},
    "band_90": {"zh": "90% 区间", "en": "90% band"},
    "band_50": {"zh": "50% 区间", "en": "50% band"},
    "median": {"zh": "中位数", "en": "Median"},
    "plan_target": {"zh": "规划目标", "en": "Target of the plan"},
    "prospects": {"zh": "实现规划目标的概率", "en": "How likely the targets are met"},
    "prospects_size": {
        "zh": "{scenarios} 个情景 × {draws} 组参数 × 每组 {seeds} 个种子（各有自己的GDP路径），用时 {seconds:.0f} 秒",
        "en": "{scenarios} scenarios x {draws} parameter draws x {seeds} seeds in each (each with a GDP path of its own), {seconds:.0f} s",
    },
    "prospects_note": {
        "zh": "概率及其 95% 区间（以参数组为独立单位）；差距为中位数与目标之差，正号为达标；! 见下方提示",
        "en": "Probability with its 95% interval (parameter draws are the independent units); "
        "margin: median less target, positive is met; ! see below",
    },
    "all_targets": {"zh": "全部目标同时实现", "en": "all targets together"},
    "costs_period": {"zh": "全期公共成本（{unit}）", "en": "Public cost of the whole period, {unit}"},
    "warnings": {"zh": "提示：纸面达标多于实际", "en": "Warnings: met on paper more than in fact"},
    "on_paper": {
        "zh": "{scenario}，{target}：概率 {paper}，只计真实研发则为 {real}",
        "en": "{scenario}, {target}: probability {paper}, on real R&D alone {real}",
    },
    "relabelling": {
        "zh": "{scenario}，{target}：企业统计研发中包装的占比升至 {share}（{base}年以来 {rise} 个百分点）",
        "en": "{scenario}, {target}: relabelled costs reach {share} of the R&D that firms report ({rise} points since {base})",
    },
    "low_grade": {
        "zh": "{scenario}，{target}：实用新型申请{base}年以来增长 {utility}，发明申请 {inventions}",
        "en": "{scenario}, {target}: filings of utility models grow by {utility} since {base}, of inventions by {inventions}",
    },
    "no_warnings": {"zh": "无提示", "en": "No warnings"},
    "real_certified_note": {
        "zh": "高新技术企业“只计真实研发”：证书所依据的三年研发扣除包装后仍达标的企业数；这是读账，不是另一个世界",
        "en": "Certified firms on real R&D alone: those whose three years still meet the threshold without relabelled costs; "
        "the books are read, no other world is lived",
    },
    "paper_reading": {"zh": "统计口径", "en": "As reported"},
    "real_reading": {"zh": "只计真实研发", "en": "On real R&D alone"},
    "scores": {"zh": "预测评分", "en": "Scores of the forecast"},
    "scores_note": {
        "zh": "CRPS 越小越好，单位同指标；对没有宽度的预测等于绝对误差。技能 = 1 − 本预测CRPS ÷ 对照CRPS，大于零为优于对照",
        "en": "CRPS: smaller is better, in the unit of the indicator; the absolute error of a statement without width. "
        "Skill = 1 - CRPS / CRPS of the rule, above 0 is better than the rule",
    },
    "cells_note": {"zh": "逐项", "en": "One by one"},
    "overall": {"zh": "全部（CRPS 占实际值）", "en": "all (CRPS as a share of the outcome)"},
    "no_change": {"zh": "不变", "en": "no change"},
    "last_growth": {"zh": "上期增速", "en": "last growth"},
    "linear_trend": {"zh": "线性趋势", "en": "linear trend"},
    "target_rule": {"zh": "目标本身", "en": "the target"},
}

COLUMNS: dict[str, dict[Language, str]] = {
    "indicator": {"zh": "指标代码", "en": "indicator"},
    "indicator_label": {"zh": "指标", "en": "indicator name"},
    "q05": {"zh": "5%", "en": "5%"},
    "q25": {"zh": "25%", "en": "25%"},
    "q50": {"zh": "50%", "en": "50%"},
    "q75": {"zh": "75%", "en": "75%"},
    "q95": {"zh": "95%", "en": "95%"},
    "share_parameters": {"zh": "参数", "en": "parameters"},
    "share_chance": {"zh": "偶然", "en": "chance"},
    "share_gdp": {"zh": "GDP", "en": "GDP"},
    "share_interaction": {"zh": "偶然×GDP", "en": "chance x GDP"},
    "worlds": {"zh": "世界数", "en": "worlds"},
    "remark": {"zh": "备注", "en": "remark"},
    "model_base": {"zh": "模型基年均值", "en": "model's base year"},
    "target_label": {"zh": "目标", "en": "target name"},
    "probability": {"zh": "概率", "en": "probability"},
    "real_probability": {"zh": "只计真实研发", "en": "on real R&D"},
    "real_lo": {"zh": "只计真实研发：95%下限", "en": "on real R&D, lower 95%"},
    "real_hi": {"zh": "只计真实研发：95%上限", "en": "on real R&D, upper 95%"},
    "median": {"zh": "中位数", "en": "median"},
    "margin": {"zh": "差距", "en": "margin"},
    "margin_relative": {"zh": "相对差距", "en": "relative margin"},
    "relabelled": {"zh": "包装占比", "en": "relabelled"},
    "relabelled_rise": {"zh": "包装占比变化", "en": "rise of relabelled"},
    "inventions_growth": {"zh": "发明申请增长", "en": "invention filings"},
    "utility_growth": {"zh": "实用新型申请增长", "en": "utility filings"},
    "warnings": {"zh": "提示", "en": "warnings"},
    "path": {"zh": "GDP路径", "en": "GDP path"},
    "crps": {"zh": "CRPS", "en": "CRPS"},
    "pit": {"zh": "PIT", "en": "PIT"},
    "inside_50": {"zh": "在50%区间内", "en": "inside 50%"},
    "inside_90": {"zh": "在90%区间内", "en": "inside 90%"},
    "coverage_50": {"zh": "50%区间覆盖率", "en": "coverage of 50%"},
    "coverage_90": {"zh": "90%区间覆盖率", "en": "coverage of 90%"},
    "cells": {"zh": "项数", "en": "cells"},
    "skill": {"zh": "技能：对{rule}", "en": "skill against {rule}"},
}
