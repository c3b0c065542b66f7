"""Words of the tables and figures that look ahead: forecasts, chances of targets, scores."""

from ecosim.wording import Words

TEXTS: dict[str, Words] = {
    "forecast": Words("Forecast: {name}", "预测：{name}"),
    "forecast_terms": Words(
        "Conditional on the scenario's policies; made without any statistic after {base}",
        "以情景中的政策为条件；未使用{base}年以后的任何统计数据",
    ),
    "forecast_size": Words(
        "{draws} parameter draws x {seeds} seeds x {paths} GDP paths in each = {worlds} worlds, {seconds:.0f} s",
        "{draws} 组参数 × 每组 {seeds} 个种子 × 每组 {paths} 条GDP路径 = {worlds} 个世界，用时 {seconds:.0f} 秒",
    ),
    "forecast_note": Words(
        "Quantiles by year (5% to 95% of worlds), and where the width comes from (shares of the variance)",
        "各年分位数（世界的 5% 至 95%），以及宽度来自何处（方差占比）",
    ),
    "levels_anchored": Words(
        "Levels start from the published figures of {base}. The model's own means in {base}: {own}",
        "水平值从{base}年统计值起算。模型自身的{base}年均值：{own}",
    ),
    "levels_simulated": Words(
        "Levels as simulated, not started from the published figures of {base}",
        "水平值为模拟值，未按{base}年统计值调整",
    ),
    "index_base": Words("{base} = 100", "{base}年=100"),
    "not_modelled": Words(
        "the model has no rule by which new-type institutes come or go: the index is a constant, not a forecast",
        "模型没有新型研发机构增减的规则，该指数恒为 100，不是预测",
    ),
    "published": Words("published {base}", "{base}年统计值"),
    "split_missing": Words(
        "To split the variance takes 2 draws, 2 seeds and 2 GDP paths at least",
        "方差分解需要至少 2 组参数、2 个种子和 2 条GDP路径",
    ),
    "lost": Words("Worlds that failed and are left out: {count} of {total}", "失败的世界：{count} 个（共 {total} 个），已剔除"),
    "lost_world": Words(
        "{scenario}, draw {draw}, seed {seed}, path {path}: {message}", "{scenario}，第 {draw} 组参数，种子 {seed}，路径 {path}：{message}"
    ),
    "band_90": Words("90% band", "90% 区间"),
    "band_50": Words("50% band", "50% 区间"),
    "median": Words("Median", "中位数"),
    "plan_target": Words("Target of the plan", "规划目标"),
    "prospects": Words("How likely the targets are met", "实现规划目标的概率"),
    "prospects_size": Words(
        "{scenarios} scenarios x {draws} parameter draws x {seeds} seeds in each (each with a GDP path of its own), {seconds:.0f} s",
        "{scenarios} 个情景 × {draws} 组参数 × 每组 {seeds} 个种子（各有自己的GDP路径），用时 {seconds:.0f} 秒",
    ),
    "prospects_note": Words(
        "Probability with its 95% interval (parameter draws are the independent units); "
        "margin: median less target, positive is met; ! see below",
        "概率及其 95% 区间（以参数组为独立单位）；差距为中位数与目标之差，正号为达标；! 见下方提示",
    ),
    "all_targets": Words("all targets together", "全部目标同时实现"),
    "costs_period": Words("Public cost of the whole period, {unit}", "全期公共成本（{unit}）"),
    "warnings": Words("Warnings: met on paper more than in fact", "提示：纸面达标多于实际"),
    "on_paper": Words(
        "{scenario}, {target}: probability {paper}, on real R&D alone {real}",
        "{scenario}，{target}：概率 {paper}，只计真实研发则为 {real}",
    ),
    "relabelling": Words(
        "{scenario}, {target}: relabelled costs reach {share} of the R&D that firms report ({rise} points since {base})",
        "{scenario}，{target}：企业统计研发中包装的占比升至 {share}（{base}年以来 {rise} 个百分点）",
    ),
    "low_grade": Words(
        "{scenario}, {target}: filings of utility models grow by {utility} since {base}, of inventions by {inventions}",
        "{scenario}，{target}：实用新型申请{base}年以来增长 {utility}，发明申请 {inventions}",
    ),
    "no_warnings": Words("No warnings", "无提示"),
    "real_certified_note": Words(
        "Certified firms on real R&D alone: those whose three years still meet the threshold without relabelled costs; "
        "the books are read, no other world is lived",
        "高新技术企业“只计真实研发”：证书所依据的三年研发扣除包装后仍达标的企业数；这是读账，不是另一个世界",
    ),
    "paper_reading": Words("As reported", "统计口径"),
    "real_reading": Words("On real R&D alone", "只计真实研发"),
    "scores": Words("Scores of the forecast", "预测评分"),
    "scores_note": Words(
        "CRPS: smaller is better, in the unit of the indicator; the absolute error of a statement without width. "
        "Skill = 1 - CRPS / CRPS of the rule, above 0 is better than the rule",
        "CRPS 越小越好，单位同指标；对没有宽度的预测等于绝对误差。技能 = 1 − 本预测CRPS ÷ 对照CRPS，大于零为优于对照",
    ),
    "cells_note": Words("One by one", "逐项"),
    "overall": Words("all (CRPS as a share of the outcome)", "全部（CRPS 占实际值）"),
    "no_change": Words("no change", "不变"),
    "last_growth": Words("last growth", "上期增速"),
    "linear_trend": Words("linear trend", "线性趋势"),
    "target_rule": Words("the target", "目标本身"),
}

COLUMNS: dict[str, Words] = {
    "indicator": Words("indicator", "指标代码"),
    "indicator_label": Words("indicator name", "指标"),
    "q05": Words("5%", "5%"),
    "q25": Words("25%", "25%"),
    "q50": Words("50%", "50%"),
    "q75": Words("75%", "75%"),
    "q95": Words("95%", "95%"),
    "share_parameters": Words("parameters", "参数"),
    "share_chance": Words("chance", "偶然"),
    "share_gdp": Words("GDP", "GDP"),
    "share_interaction": Words("chance x GDP", "偶然×GDP"),
    "worlds": Words("worlds", "世界数"),
    "remark": Words("remark", "备注"),
    "model_base": Words("model's base year", "模型基年均值"),
    "target_label": Words("target name", "目标"),
    "probability": Words("probability", "概率"),
    "real_probability": Words("on real R&D", "只计真实研发"),
    "real_lo": Words("on real R&D, lower 95%", "只计真实研发：95%下限"),
    "real_hi": Words("on real R&D, upper 95%", "只计真实研发：95%上限"),
    "median": Words("median", "中位数"),
    "margin": Words("margin", "差距"),
    "margin_relative": Words("relative margin", "相对差距"),
    "relabelled": Words("relabelled", "包装占比"),
    "relabelled_rise": Words("rise of relabelled", "包装占比变化"),
    "inventions_growth": Words("invention filings", "发明申请增长"),
    "utility_growth": Words("utility filings", "实用新型申请增长"),
    "warnings": Words("warnings", "提示"),
    "path": Words("GDP path", "GDP路径"),
    "crps": Words("CRPS", "CRPS"),
    "pit": Words("PIT", "PIT"),
    "inside_50": Words("inside 50%", "在50%区间内"),
    "inside_90": Words("inside 90%", "在90%区间内"),
    "coverage_50": Words("coverage of 50%", "50%区间覆盖率"),
    "coverage_90": Words("coverage of 90%", "90%区间覆盖率"),
    "cells": Words("cells", "项数"),
    "skill": Words("skill against {rule}", "技能：对{rule}"),
}
