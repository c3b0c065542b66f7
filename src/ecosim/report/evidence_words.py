"""Words of the evidence, in Chinese and English."""

from ecosim.wording import Language, Words, told

WORDS: dict[str, Words] = {
    "title": Words("Published studies re-run inside the model", "在模型中重做的已发表研究"),
    "published": Words("published [interval]", "已发表 [范围]"),
    "simulated": Words("simulated [interval]", "模型估计 [范围]"),
    "id": Words("id", "编号"),
    "label": Words("figure", "指标"),
    "kind": Words("kind", "类别"),
    "z": Words("z", "z"),
    "true_effect": Words("true effect", "真实效应"),
    "prior_pass_share": Words("priors pass", "先验通过率"),
    "role": Words("role", "角色"),
    "control": Words("control", "对照"),
    "power": Words("power", "检出率"),
    "alarms": Words("alarms", "误报率"),
    "verdict": Words("verdict", "结论"),
    "input": Words("input", "输入"),
    "seen": Words("seen", "建模时已知"),
    "validation": Words("validation", "验证"),
    "inside": Words("inside", "相符"),
    "near": Words("near", "接近"),
    "missed": Words("missed", "不符"),
    "no data": Words("no data", "无估计"),
    "works": Words("works", "有效"),
    "biased": Words("works, method biased", "有效，但方法有偏"),
    "fails": Words("fails", "失效"),
    "none": Words("not needed", "不需要"),
    "interval": Words("95% interval", "95% 区间"),
    "band": Words("tolerance", "容许范围"),
    "range": Words("range", "各国范围"),
    "null": Words("no effect", "无效应"),
    "sign": Words("direction", "方向"),
    "fade": Words("faded", "效应消退"),
    "count": Words(
        "{rows} rows, {validation} of them validation; {tests} of these are tests (control works, fewer than half of the prior"
        " draws pass), and {inside} agree",
        "共 {rows} 行，其中验证 {validation} 行；{tests} 行构成检验（对照有效，且不足一半的先验参数通过），{inside} 行相符",
    ),
    "short": Words(
        "Experiments left out because their world lacked what the study had, such as applicants enough: {named}",
        "因模型世界缺少研究所需条件（如申请企业不足）而未计入的实验：{named}",
    ),
    "nothing": Words("none", "无"),
    "note": Words(
        "Simulated: mean over experiments [middle 95%], each at a posterior draw of its own. True effect: twin worlds with and"
        " without the programme. Power: share of experiments that find the planted effect; alarms: share in which a placebo looks like"
        " one. Inputs and rows seen while the rules were found are never counted as passed.",
        "模型估计：各次实验的均值 [中间 95%]，每次实验取一组后验参数；真实效应来自有无项目的孪生世界；检出率为单次实验发现"
        "所植入效应的比例；误报率为安慰剂在单次实验中看似有效应的比例；输入与建模时已知的行不计入检验。",
    ),
}


def word(key: str, language: Language) -> str:
    """One of the words of the evidence."""
    return told(WORDS[key], language)
