"""Numbers and words as readers of Chinese and English expect them."""

import math
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import ecosim.report
from ecosim.report import labels

REPORT = Path(ecosim.report.__file__).parent
FONT = REPORT / "fonts" / "EcosimSansSC-Regular.otf"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@pytest.fixture(scope="module")
def glyphs():
    return set(TTFont(FONT).getBestCmap())


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (123_000_000, "1.23亿元", "123 million yuan"),
        (23_250_000_000, "233亿元", "23.3 billion yuan"),
        (1_070_000, "107万元", "1.07 million yuan"),
        (123_456, "12.3万元", "123,456 yuan"),
        (950, "950元", "950 yuan"),
        (-30_000_000, "−3,000万元", "−30.0 million yuan"),
        (0, "0元", "0 yuan"),
        (math.nan, "–", "–"),
    ],
)
def test_money_is_told_in_the_large_units_of_the_language(amount, chinese, english):
    assert (labels.yuan_text(amount, "zh"), labels.yuan_text(amount, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.608, "0.608"),
        (9.996, "10.0"),
        (999.6, "1,000"),
        (12_345.6, "12,346"),
        (-0.0927, "−0.0927"),
        (0, "0"),
        (math.inf, "–"),
    ],
)
def test_a_number_keeps_three_significant_digits_and_every_whole_one(value, written):
    assert labels.number_text(value) == written


def test_a_share_is_told_in_percent_with_its_sign_when_it_is_a_change():
    assert labels.percent_text(0.0123, signed=True) == "+1.2%"
    assert labels.percent_text(-0.0123, signed=True) == "−1.2%"
    assert labels.percent_text(0.5) == "50%"
    assert labels.percent_text(0.0, signed=True) == "0%"


def test_an_interval_names_its_level_in_both_languages():
    assert labels.interval_text("1.2%", "0.4%", "2.0%", "en") == "1.2% (95% interval 0.4% to 2.0%)"
    assert labels.interval_text("1.2%", "0.4%", "2.0%", "zh") == "1.2%（95% 区间 0.4% 至 2.0%）"


@pytest.mark.parametrize("table", [labels.TEXTS, labels.PAYERS])
def test_every_label_is_there_in_both_languages_and_has_its_glyphs(table, glyphs):
    for key, words in table.items():
        assert words and words.zh, key
        assert not [sign for sign in words + words.zh if ord(sign) not in glyphs], key


def test_the_font_knows_every_chinese_character_that_the_package_or_a_scenario_contains(glyphs):
    package = REPORT.parent
    scenarios = package.parents[1] / "scenarios"
    texts = [path for top in (package, scenarios) for path in top.rglob("*") if path.suffix in {".py", ".csv", ".yaml"}]
    missing = {
        f"{sign} in {path.name}"
        for path in texts
        for sign in CHINESE.findall(path.read_text(encoding="utf-8-sig"))
        if ord(sign) not in glyphs
    }
    assert len(texts) > 10
    assert not missing


def test_the_font_is_small_renamed_and_carries_its_licence():
    font = TTFont(FONT)
    assert FONT.stat().st_size <= 1_800_000
    assert "Noto" not in " ".join(font["name"].getDebugName(number) for number in (1, 4, 6))
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
