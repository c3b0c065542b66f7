"""Words of the tables and the figure of a calibration."""

from ecosim.wording import Words

TEXTS: dict[str, Words] = {
    "calibrating": Words("calibrating", "校准"),
    "time_left": Words(", about {minutes} min left", "，还需约 {minutes} 分钟"),
    "learning": Words("learning from the runs so far", "由已有运行学习"),
    "calibrated": Words(
        "Posterior of {region}: {rows} draws out of {runs} runs, {failures} failed; {seconds:.0f} s of runs",
        "{region}的后验：{rows} 组参数，来自 {runs} 次运行；失败 {failures} 次；各次运行共 {seconds:.0f} 秒",
    ),
    "distance_note": Words(
        "Distance from the data (mean over facts of the squared misfit; about 1 for a perfect model): nearest {nearest:.2f}, "
        "median {median:.2f}, farthest {farthest:.2f}",
        "与数据的距离（各事实偏差平方的均值；完美模型约为 1）：最近 {nearest:.2f}，中位 {median:.2f}，最远 {farthest:.2f}",
    ),
    "freed": Words("Free parameters: prior and posterior (median and middle 90%)", "放开的参数：先验与后验（中位数与中间 90%）"),
    "aims": Words("Moments aimed at: data, prior and posterior", "校准所对的矩：数据、先验与后验"),
    "installed": Words("The posterior is now in {path}", "后验已装入 {path}"),
    "shrinkage": Words("Shrinkage: 1 − sd of posterior / sd of prior", "收缩：1 − 后验标准差／先验标准差"),
    "correlations": Words("Correlations within the posterior", "后验中的两两相关"),
    "moved_mark": Words("moved by the data", "数据使其移动"),
    "unmoved_mark": Words("not moved", "数据未使其移动"),
    "identifiability": Words("What the data can tell", "数据能告诉我们什么"),
    "inside": Words("inside", "在区间内"),
    "near": Words("outside, near", "区间外，接近"),
    "missed": Words("missed", "未达到"),
    "out_of_reach": Words("out of reach", "模型达不到"),
    "yes": Words("yes", "是"),
    "no": Words("no", "否"),
}

COLUMNS: dict[str, Words] = {
    "parameter": Words("parameter", "参数"),
    "prior": Words("prior", "先验"),
    "posterior": Words("posterior", "后验"),
    "shrinkage": Words("shrinkage", "收缩"),
    "moved": Words("moved", "是否移动"),
    "moment": Words("moment", "矩"),
    "fact": Words("fact", "事实"),
    "data_interval": Words("data [interval]", "数据 [区间]"),
    "misfit": Words("misfit, sd", "偏差（标准差）"),
    "verdict": Words("verdict", "结论"),
    "explained": Words("explained by the stand-in", "替代模型解释的份额"),
}
