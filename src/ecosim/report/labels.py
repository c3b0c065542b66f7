"""Words, units and numbers as a reader of Chinese or English expects them."""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

__all__ = [
    "Language",
    "interval_text",
    "large_scale",
    "number_text",
    "payer_text",
    "percent_text",
    "text",
    "unit_text",
    "yuan_scale",
    "yuan_text",
]

Language = Literal["zh", "en"]

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
}

PAYERS: dict[str, dict[Language, str]] = {
    "city": {"zh": "市级财政", "en": "city"},
    "province": {"zh": "省级财政", "en": "province"},
    "centre": {"zh": "中央财政", "en": "centre"},
}

UNITS: dict[str, dict[Language, str]] = {
    "yuan": {"zh": "元", "en": "yuan"},
    "yuan per quarter": {"zh": "元/季", "en": "yuan per quarter"},
    "yuan per year": {"zh": "元/年", "en": "yuan per year"},
    "share": {"zh": "比例", "en": "share"},
    "percent": {"zh": "%", "en": "%"},
    "index": {"zh": "指数", "en": "index"},
    "firms": {"zh": "家", "en": "firms"},
    "firms per quarter": {"zh": "家/季", "en": "firms per quarter"},
    "firms per year": {"zh": "家/年", "en": "firms per year"},
    "people": {"zh": "人", "en": "people"},
    "persons": {"zh": "人", "en": "persons"},
    "patents": {"zh": "件", "en": "patents"},
    "patents per quarter": {"zh": "件/季", "en": "patents per quarter"},
    "patents per year": {"zh": "件/年", "en": "patents per year"},
    "contracts": {"zh": "项", "en": "contracts"},
    "contracts per quarter": {"zh": "项/季", "en": "contracts per quarter"},
    "contracts per year": {"zh": "项/年", "en": "contracts per year"},
}

LARGE_SCALES: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "billion"), (1e6, "million")),
}


def text(key: str, language: Language) -> str:
    """One of the words that figures and tables share."""
    return TEXTS[key][language]


def payer_text(payer: str, language: Language) -> str:
    """Who pays: a known level of government in words, any other payer as written."""
    return PAYERS[payer][language] if payer in PAYERS else payer


def unit_text(unit: str, language: Language) -> str:
    """A unit in words; one that is not listed stays as written."""
    return UNITS[unit][language] if unit in UNITS else unit


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


def percent_text(share: float, digits: int = 2, signed: bool = False) -> str:
    """A share as a percentage: 0.0123 is 1.2%; with `signed`, +1.2%."""
    if not math.isfinite(share):
        return "–"
    sign = "+" if signed and share > 0 else ""
    return f"{sign}{number_text(100 * share, digits)}%"


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


def interval_text(value: str, low: str, high: str, language: Language) -> str:
    """A value with its 95% interval, all three already written as text."""
    if language == "zh":
        return f"{value}（95% 区间 {low} 至 {high}）"
    return f"{value} (95% interval {low} to {high})"
