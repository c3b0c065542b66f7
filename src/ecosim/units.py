"""Units and amounts as readers of Chinese and English write them: 1.23亿元, 123 million yuan."""

import math
from decimal import ROUND_HALF_UP, Decimal

from .wording import Language, Words, told

UNITS = {
    unit: Words("%" if unit == "percent" else unit, chinese)
    for unit, chinese in {
        "yuan": "元",
        "yuan per quarter": "元/季",
        "yuan per year": "元/年",
        "yuan a year": "元/年",
        "yuan per firm": "元/家",
        "yuan per firm and year": "元/家·年",
        "yuan per project": "元/项目",
        "yuan per application": "元/次申请",
        "yuan per claim": "元/次申报",
        "share": "比例",
        "share of sales": "占销售收入比例",
        "share of staff": "占职工比例",
        "share of R&D": "占研发费用比例",
        "share of profit": "占利润比例",
        "share of GDP": "占GDP比例",
        "share of firms": "占企业比例",
        "share of above-scale industrial firms": "占规上工业企业比例",
        "share of certified firms": "占高企比例",
        "share of performers": "占有研发活动企业比例",
        "share of exits": "占退出企业比例",
        "share per year": "每年比例",
        "probability": "概率",
        "ratio": "比值",
        "exponent": "幂指数",
        "shape parameter": "形状参数",
        "moment": "矩",
        "percent": "%",
        "index": "指数",
        "standard deviations": "标准差",
        "quarter": "季度",
        "quarters": "季",
        "quarter of the year": "一年中的第几季度",
        "years": "年",
        "word": "单词",
        "words": "单词列表",
        "true or false": "true 或 false",
        "firms": "家",
        "firms and teams": "家（个）",
        "alliances": "个",
        "firms per quarter": "家/季",
        "firms per year": "家/年",
        "people": "人",
        "persons": "人",
        "patents": "件",
        "patents per quarter": "件/季",
        "patents per year": "件/年",
        "contracts": "项",
        "contracts per quarter": "项/季",
        "contracts per year": "项/年",
        "services": "次",
        "services per year": "次/年",
        "rounds": "轮",
        "rounds per year": "轮/年",
        "exits": "次",
        "exits per year": "次/年",
        "ln": "对数",
        "ln/year": "对数/年",
        "logit": "对数几率",
        "logit/quarter": "对数几率/季",
        "1": "无量纲",
        "1/year": "每年",
        "1/quarter": "每季",
        "1 per 100 km": "每100公里",
        "year": "年",
        "yuan/year": "元/年",
        "million yuan": "百万元",
        "sqrt yuan": "元的平方根",
        "years of sales": "年销售收入的倍数",
        "years of R&D": "年研发费用的倍数",
        "institutes": "家",
        "carriers": "家",
        "inventions/10 million yuan": "件/千万元",
    }.items()
}
"""Units of parameters and outcomes; a new one is one line."""

LARGE_SCALES: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "billion"), (1e6, "million")),
}


def unit_text(unit: str, language: Language) -> str:
    """A unit in words; one that is not listed stays as written."""
    return told(UNITS.get(unit, unit), language)


def number_text(value: float, digits: int = 3) -> str:
    """A number with `digits` significant digits and thousands separated; a dash if there is none.

    Whole digits are never rounded away: 12,345.6 with three digits is 12,346. Halves go away from zero.
    """
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    exact = Decimal(str(value))
    kept = exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), ROUND_HALF_UP)
    places = max(0, digits - 1 - kept.adjusted())  # of what is kept: rounding 9.996 gives 10.0, not 10.00
    written = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    return written.replace("-", "−")


def large_scale(largest: float, language: Language) -> tuple[float, str]:
    """The large unit that suits numbers up to `largest`, and its name: 1e8 and 亿, or 1 and nothing."""
    for scale, name in LARGE_SCALES[language]:
        if abs(largest) >= scale:
            return scale, name
    return 1.0, ""


def yuan_scale(largest: float, language: Language) -> tuple[float, str]:
    """The number of yuan in one unit, and the unit's name, that suit amounts up to `largest` yuan."""
    scale, name = large_scale(largest, language)
    return scale, f"{name}元" if language == "zh" else f"{name} yuan".lstrip()


def yuan_text(amount: float, language: Language, digits: int = 3) -> str:
    """An amount of yuan: 1.23亿元 or 123万元 in Chinese, 123 million yuan in English."""
    if not math.isfinite(amount):
        return "–"
    yuan, name = yuan_scale(amount, language)
    gap = "" if language == "zh" else " "
    return f"{number_text(amount / yuan, digits)}{gap}{name}"
