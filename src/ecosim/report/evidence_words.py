"""Words of the evidence, in Chinese and English."""

from ecosim.report.labels import Language

WORDS: dict[str, dict[Language, str]] = {
    "title": {"zh": "在模型中重做的已发表研究", "en": "Published studies re-run inside the model"},
    "published": {"zh": "已发表 [范围]", "en": "published [interval]"},
    "simulated": {"zh": "模型估计 [范围]", "en": "simulated [interval]"},
    "id": {"zh": "编号", "en": "id"},
    "label": {"zh": "指标", "en": "figure"},
    "kind": {"zh": "类别", "en": "kind"},
    "z": {"zh": "z", "en": "z"},
    "true_effect": {"zh": "真实效应", "en": "true effect"},
    "prior_pass_share": {"zh": "先验通过率", "en": "priors pass"},
    "role": {"zh": "角色", "en": "role"},
    "control": {"zh": "对照", "en": "control"},
    "power": {"zh": "检出率", "en": "power"},
    "alarms": {"zh": "误报率", "en": "alarms"},
    "verdict": {"zh": "结论", "en": "verdict"},
    "input": {"zh": "输入", "en": "input"},
    "seen": {"zh": "建模时已知", "en": "seen"},
    "validation": {"zh": "验证", "en": "validation"},
    "inside": {"zh": "相符", "en": "inside"},
    "near": {"zh": "接近", "en": "near"},
    "missed": {"zh": "不符", "en": "missed"},
    "no data": {"zh": "无估计", "en": "no data"},
    "works": {"zh": "有效", "en": "works"},
    "fails": {"zh": "失效", "en": "fails"},
    "none": {"zh": "不需要", "en": "not needed"},
    "interval": {"zh": "95% 区间", "en": "95% interval"},
    "band": {"zh": "容许范围", "en": "tolerance"},
    "range": {"zh": "各国范围", "en": "range"},
    "null": {"zh": "无效应", "en": "no effect"},
    "sign": {"zh": "方向", "en": "direction"},
    "fade": {"zh": "效应消退", "en": "faded"},
    "count": {
        "zh": "共 {rows} 行，其中验证 {validation} 行；{tests} 行构成检验（对照有效，且不足一半的先验参数通过），{inside} 行相符",
        "en": "{rows} rows, {validation} of them validation; {tests} of these are tests (control works, fewer than half of the prior"
        " draws pass), and {inside} agree",
    },
    "short": {
        "zh": "因模型世界缺少研究所需条件（如申请企业不足）而未计入的实验：{named}",
        "en": "Experiments left out because their world lacked what the study had, such as applicants enough: {named}",
    },
    "nothing": {"zh": "无", "en": "none"},
    "note": {
        "zh": "模型估计：各次实验的均值 [中间 95%]，每次实验取一组后验参数；真实效应来自有无项目的孪生世界；检出率为单次实验发现"
        "所植入效应的比例；误报率为安慰剂在单次实验中看似有效应的比例；输入与建模时已知的行不计入检验。",
        "en": "Simulated: mean over experiments [middle 95%], each at a posterior draw of its own. True effect: twin worlds with and"
        " without the programme. Power: share of experiments that find the planted effect; alarms: share in which a placebo looks like"
        " one. Inputs and rows seen while the rules were found are never counted as passed.",
    },
}


def word(key: str, language: Language) -> str:
    """One of the words of the evidence."""
    return WORDS[key][language]
