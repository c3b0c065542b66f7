"""Words of the tables and the figure of a calibration."""

from ecosim.wording import Language

TEXTS: dict[str, dict[Language, str]] = {
    "calibrating": {"zh": "校准", "en": "calibrating"},
    "time_left": {"zh": "，还需约 {minutes} 分钟", "en": ", about {minutes} min left"},
    "learning": {"zh": "由已有运行学习", "en": "learning from the runs so far"},
    "calibrated": {
        "zh": "{region}的后验：{rows} 组参数，来自 {runs} 次运行；失败 {failures} 次；各次运行共 {seconds:.0f} 秒",
        "en": "Posterior of {region}: {rows} draws out of {runs} runs, {failures} failed; {seconds:.0f} s of runs",
    },
    "distance_note": {
        "zh": "与数据的距离（各事实偏差平方的均值；完美模型约为 1）：最近 {nearest:.2f}，中位 {median:.2f}，最远 {farthest:.2f}",
        "en": "Distance from the data (mean over facts of the squared misfit; about 1 for a perfect model): nearest {nearest:.2f}, "
        "median {median:.2f}, farthest {farthest:.2f}",
    },
    "freed": {"zh": "放开的参数：先验与后验（中位数与中间 90%）", "en": "Free parameters: prior and posterior (median and middle 90%)"},
    "aims": {"zh": "校准所对的矩：数据、先验与后验", "en": "Moments aimed at: data, prior and posterior"},
    "installed": {"zh": "后验已装入 {path}", "en": "The posterior is now in {path}"},
    "shrinkage": {"zh": "收缩：1 − 后验标准差／先验标准差", "en": "Shrinkage: 1 − sd of posterior / sd of prior"},
    "correlations": {"zh": "后验中的两两相关", "en": "Correlations within the posterior"},
    "moved_mark": {"zh": "数据使其移动", "en": "moved by the data"},
    "unmoved_mark": {"zh": "数据未使其移动", "en": "not moved"},
    "identifiability": {"zh": "数据能告诉我们什么", "en": "What the data can tell"},
    "inside": {"zh": "在区间内", "en": "inside"},
    "near": {"zh": "区间外，接近", "en": "outside, near"},
    "missed": {"zh": "未达到", "en": "missed"},
    "out_of_reach": {"zh": "模型达不到", "en": "out of reach"},
    "yes": {"zh": "是", "en": "yes"},
    "no": {"zh": "否", "en": "no"},
}

COLUMNS: dict[str, dict[Language, str]] = {
    "parameter": {"zh": "参数", "en": "parameter"},
    "prior": {"zh": "先验", "en": "prior"},
    "posterior": {"zh": "后验", "en": "posterior"},
    "shrinkage": {"zh": "收缩", "en": "shrinkage"},
    "moved": {"zh": "是否移动", "en": "moved"},
    "moment": {"zh": "矩", "en": "moment"},
    "fact": {"zh": "事实", "en": "fact"},
    "data_interval": {"zh": "数据 [区间]", "en": "data [interval]"},
    "misfit": {"zh": "偏差（标准差）", "en": "misfit, sd"},
    "verdict": {"zh": "结论", "en": "verdict"},
    "explained": {"zh": "替代模型解释的份额", "en": "explained by the stand-in"},
}

PARAMETERS: dict[str, dict[Language, str]] = {
    "research.elasticity": {"zh": "研发的长期价格弹性", "en": "elasticity of R&D"},
    "research.speed": {"zh": "研发计划调整速度", "en": "speed of R&D plans"},
    "research.start_spread": {"zh": "企业离研发门槛的散布", "en": "spread around the R&D bar"},
    "research.collateral": {"zh": "银行对营运资金的抵押率", "en": "collateral of banks"},
    "market.selection": {"zh": "竞争力带来的增长", "en": "growth by competitiveness"},
    "market.learning_weight": {"zh": "知识的竞争力权重", "en": "weight of knowledge"},
    "market.margin_edge": {"zh": "竞争力带来的利润率", "en": "margin by competitiveness"},
    "tax.buffer": {"zh": "企业保留的净资产", "en": "net worth kept"},
    "tax.claimed_share": {"zh": "可加计扣除的研发份额", "en": "claimable share of R&D"},
    "projects.arrival": {"zh": "项目机会的到来率", "en": "arrival of projects"},
    "projects.cost_slope": {"zh": "项目成本随规模的上升", "en": "project cost by size"},
    "certificate.word": {"zh": "同行口碑带来的认定", "en": "certificates by word of mouth"},
    "certificate.lead": {"zh": "取得认定所需时间", "en": "time to a certificate"},
    "certificate.relabelling": {"zh": "改列研发的成本", "en": "cost of relabelling"},
    "patents.level": {"zh": "专利水平", "en": "level of patents"},
    "patents.rd_power": {"zh": "专利对当年研发的弹性", "en": "patents on R&D"},
    "patents.stock_power": {"zh": "专利对知识存量的弹性", "en": "patents on knowledge"},
    "partners.search": {"zh": "寻找合作者的频率", "en": "search for partners"},
    "incubator.rent": {"zh": "孵化器租金", "en": "rent of incubators"},
}
"""Free parameters in few words."""
