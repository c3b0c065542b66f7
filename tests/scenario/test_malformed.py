# ruff: noqa: E501 (one slip is one line)
"""Everything a person can get wrong in a scenario is refused with its place, the value and the remedy."""

import re

import pytest

from ecosim.errors import SpecError
from ecosim.scenario import load

# What is changed in the valid scenario, into what, and then: place, words about the value, words of the remedy.
SLIPS = {
    "a misspelt key": ("region: sandbox", "regoin: sandbox", "3:1", "no key 'regoin'", "'region' (region pack"),
    "a misspelt parameter": ("cap:", "capp:", "12:5", "no key 'capp'", "Did you mean 'cap' (most that one firm"),
    "a misspelt rate": ("subsidy_rate", "subsidy_rat", "11:5", "'subsidy_rat'", "'subsidy_rate' (share of the fee"),
    "a key like no other": ("name: trial", "name: trial\nzzz: 1", "3:1", "no key 'zzz'", "Known are schema, name"),
    "a misspelt policy": ("super_deduction:", "superdeduction:", "19:3", "'superdeduction'", "'super_deduction'"),
    "a policy like no other": ("super_deduction:", "lottery:", "19:3", "no key 'lottery'", "Known are hightech_"),
    "an unknown policy switched off": ("policies:", "policies:\n  grant: off", "8:3", "no key 'grant'", "'rd_grant'"),
    "a misspelt source": ("source:", "sorce:", "12:27", "no key 'sorce'", "Did you mean 'source'"),
    "a key in capitals": ("budget:", "Budget:", "10:5", "no key 'Budget'", "Did you mean 'budget'"),
    "a key in full-width letters": ("cap:", "ｃａｐ:", "12:5", "'ｃａｐ'", "write cap"),
    "a key twice": ("end: 2021Q4", "end: 2021Q4\nend: 2022Q4", "6:1", "in line 5 and in line 6", "Delete one"),
    "a parameter twice": ("cap:", "paperwork: 1\n    cap:", "19:5", "in line 12 and in line 19", "Delete one"),
    "a date twice": ("2021Q1: 0.40", "2020Q1: 0.40", "11:34", "'2020Q1' stands twice", "Delete one"),
    "an empty key": ("cap:", "'': 3\n    cap:", "12:5", "no key ''", "Known are from, until, budget"),
    "a list as key": ("cap:", "[1, 2]: 3\n    cap:", "12:5", "a key is a list", "plain words"),
    "no schema": ("schema: 1\n", "", "1:1", "no 'schema'", "Add 'schema: ...'"),
    "no name": ("name: trial\n", "", "1:1", "no 'name'", "short name"),
    "no region": ("region: sandbox\n", "", "1:1", "no 'region'", "region pack"),
    "no start": ("start: 2020Q1\n", "", "1:1", "no 'start'", "2020Q1"),
    "no end": ("end: 2021Q4\n", "", "1:1", "no 'end'", "last quarter simulated"),
    "no budget": ("    budget: 30_000_000\n", "", "8:3", "no 'budget'", "0 is valid and means: not in force"),
    "no cap": ('    cap: {value: 200_000, source: "city notice"}\n', "", "8:3", "no 'cap'", "yuan per firm and year"),
    "no manufacturing rate": ("    manufacturing: 0.75\n", "", "19:3", "no 'manufacturing'", "at most 2"),
    "an empty policy": ("policies:", "policies:\n  rd_grant:", "8:12", "rd_grant is empty", "'key: value' lines"),
    "an empty budget": ("budget: 30_000_000", "budget:", "10:12", "budget is empty", "yuan a year"),
    "an empty region": ("region: sandbox", "region:", "3:8", "region is empty", "region pack"),
    "a source without a value": ("value: 200_000, ", "", "12:5", "no 'value'", "Add 'value: ...'"),
    "no date and no value": ("{2020Q1: 0.30, 2021Q1: 0.40}", "{}", "11:5", "no value", "at most 1; share"),
    "a number as name": ("name: trial", "name: 12", "2:7", "name is 12", "Put it in quotes"),
    "a list as name": ("name: trial", "name: [a]", "2:7", "name is ['a']", "Put it in quotes"),
    "a word as number": ("budget: 30_000_000", "budget: lots", "10:13", "'lots'", "yuan a year"),
    "a quoted number": ("budget: 30_000_000", 'budget: "3"', "10:13", "budget is '3'", "yuan a year"),
    "a unit behind the number": ("budget: 30_000_000", "budget: 30 yuan", "10:13", "'30 yuan'", "yuan a year"),
    "a percentage": ("general: 0.75", "general: 75%", "20:14", "'75%'", "In digits it is 0.75"),
    "commas in a number": ("budget: 30_000_000", "budget: 30,000,000", "10:13", "'30,000,000'", "In digits it is 30_000_000"),
    "hundred millions in Chinese": ("budget: 30_000_000", "budget: 1.25亿元", "10:13", "'1.25亿元'", "In digits it is 125_000_000"),
    "a decimal comma": ("general: 0.75", "general: 0,75", "20:14", "'0,75'", "at least 0"),
    "full-width digits": ("general: 0.75", "general: ０.７５", "20:14", "'０.７５'", "write 0.75"),
    "ten thousands in Chinese": ("budget: 30_000_000", "budget: 3000万", "10:13", "'3000万'", "In digits it is 30_000_000"),
    "true as number": ("budget: 30_000_000", "budget: true", "10:13", "budget is true", "yuan a year"),
    "no as false": ("registered_only: true", "registered_only: no", "15:22", "'no'", "(true or false)"),
    "yes as true": ("registered_only: true", "registered_only: yes", "15:22", "'yes'", "(true or false)"),
    "one as true": ("registered_only: true", "registered_only: 1", "15:22", "is 1", "(true or false)"),
    "half a quarter": ("valid_quarters: 4", "valid_quarters: 4.5", "16:21", "is 4.5", "at most 12"),
    "a decimal count": ("valid_quarters: 4", "valid_quarters: 4.0", "16:21", "is 4.0", "at least 1"),
    "a list as number": ("budget: 30_000_000", "budget: [3, 4]", "10:13", "[3, 4]", "yuan a year"),
    "a word as list": ("covers: [instruments]", "covers: instruments", "13:13", "'instruments'", "contract_research"),
    "a number as policy": ("policies:", "policies:\n  rd_grant: 3", "8:13", "rd_grant is 3", "R&D project grant"),
    "true as policy": ("policies:", "policies:\n  rd_grant: true", "8:13", "rd_grant is true", "R&D project grant"),
    "on as policy": ("policies:", "policies:\n  rd_grant: on", "8:13", "rd_grant is 'on'", "R&D project grant"),
    "a list of policies": ("policies:", "policies: [rd_grant]\nx:", "7:11", "list policies by name", "policies: {}"),
    "policies switched off": ("policies:", "policies: off\nx:", "7:11", "policies is 'off'", "policies: {}"),
    "parameters in a list": ("policies:", "parameters: [1]\npolicies:", "7:13", "parameters is [1]", "parameters: {}"),
    "a time of day": ("budget: 30_000_000", "budget: 12:30", "10:13", "'12:30'", "yuan a year"),
    "a number as source": ('source: "city notice"', "source: 7", "12:35", "source is 7", "Put it in quotes"),
    "a hexadecimal number": ("budget: 30_000_000", "budget: 0x1F", "10:13", "0x1F is not", "decimal digits"),
    "an octal number": ("budget: 30_000_000", "budget: 0o17", "10:13", "0o17 is not", "decimal digits"),
    "a number without end": ("budget: 30_000_000", "budget: 1" + "0" * 50, "10:13", "has 51 characters", "at most 40"),
    "a negative budget": ("budget: 30_000_000", "budget: -1", "10:13", "budget is -1", "at least 0"),
    "an infinite budget": ("budget: 30_000_000", "budget: .inf", "10:13", "budget is inf", "yuan a year"),
    "an overflowing budget": ("budget: 30_000_000", "budget: 1e999", "10:13", "budget is inf", "yuan a year"),
    "no number": ("budget: 30_000_000", "budget: .nan", "10:13", "budget is nan", "yuan a year"),
    "minus infinity": ("general: 0.75", "general: -.inf", "20:14", "general is -inf", "at least 0"),
    "a share above one": ("2021Q1: 0.40", "2021Q1: 1.4", "11:42", "2021Q1 is 1.4", "at most 1"),
    "a share in per cent": ("2020Q1: 0.30", "2020Q1: 30", "11:28", "2020Q1 is 30", "share of the fee"),
    "a negative share": ("2020Q1: 0.30", "2020Q1: -0.3", "11:28", "is -0.3", "at least 0"),
    "a rate above two": ("general: 0.75", "general: 75", "20:14", "general is 75", "at most 2"),
    "a sourced value out of range": ("value: 200_000", "value: -5", "12:18", "cap.value is -5", "at least 0"),
    "no quarter to use it": ("valid_quarters: 4", "valid_quarters: 0", "16:21", "is 0", "at least 1"),
    "too many quarters": ("valid_quarters: 4", "valid_quarters: 13", "16:21", "is 13", "at most 12"),
    "a strength above one": ("general:", "strength: 1.1\n    general:", "20:15", "strength is 1.1", "at most 1"),
    "no population": ("population_scale: 0.5", "population_scale: 0", "6:19", "is 0", "at least 0.01"),
    "too large a population": ("population_scale: 0.5", "population_scale: 11", "6:19", "is 11", "at most 10"),
    "an infinite population": ("population_scale: 0.5", "population_scale: .inf", "6:19", "is inf", "at most 10"),
    "an empty name": ("name: trial", 'name: ""', "2:7", "name is ''", "short name"),
    "too long a name": ("name: trial", "name: " + "x" * 81, "2:7", "at most 80 characters", "short name"),
    "an unknown delivery": ("first_come", "firstcome", "17:15", "'firstcome'", "first_come or lottery"),
    "an unknown service": ("[instruments]", "[instrument]", "13:14", "'instrument'", "contract_research"),
    "a service twice": ("[instruments]", "[instruments, instruments]", "13:13", "none twice", "contract_research"),
    "no service": ("[instruments]", "[]", "13:13", "at least one word", "contract_research"),
    "an unknown region": ("region: sandbox", "region: sandbxo", "3:9", "'sandbxo'", "Did you mean 'sandbox'"),
    "a region like no other": ("region: sandbox", "region: Paris", "3:9", "'Paris'", "Known are"),
    "a region in another folder": ("region: sandbox", "region: ../sandbox", "3:9", "'../sandbox'", "sandbox"),
    "an unknown version": ("schema: 1", "schema: 2", "1:9", "schema is 2", "version of the file format, 1"),
    "a version as text": ("schema: 1", 'schema: "1"', "1:9", "schema is '1'", "version of the file format"),
    "true as version": ("schema: 1", "schema: true", "1:9", "schema is true", "version of the file format"),
    "quotes of a Chinese keyboard": ("first_come", "“first_come”", "17:15", "“first_come”", 'write "first_come"'),
    "an unknown payer": ("cap:", "payers: {town: 1}\n    cap:", "12:14", "'town'", "share of the cost"),
    "payers that pay too little": ("cap:", "payers: {city: 0.5}\n    cap:", "12:5", "sum to 0.5", "share of the cost"),
    "payers that pay too much": ("cap:", "payers: {city: 1, centre: 1}\n    cap:", "12:5", "sum to 2", "each gov"),
    "a payer that is paid": ("cap:", "payers: {city: 2, centre: -1}\n    cap:", "12:31", "is -1", "share of the cost"),
    "fixed payers": ("general:", "payers: {city: 1}\n    general:", "20:5", "no key 'payers'", "Known are"),
    "a fifth quarter": ("end: 2021Q4", "end: 2021Q5", "5:6", "'2021Q5'", "as in 2021Q1"),
    "a month": ("start: 2020Q1", "start: 2020-01", "4:8", "'2020-01'", "as in 2021Q1"),
    "a year alone": ("start: 2020Q1", "start: 2020", "4:8", "2020", "such as 2020Q1"),
    "a small q": ("start: 2020Q1", "start: 2020q1", "4:8", "'2020q1'", "as in 2021Q1"),
    "a full-width quarter": ("start: 2020Q1", "start: ２０２０Q1", "4:8", "'２０２０Q1'", "write 2020Q1"),
    "a start before the data": ("start: 2020Q1", "start: 2019Q4", "4:8", "describe the end of 2019Q4", "best in 2020Q1"),
    "a start in another age": ("start: 2020Q1", "start: 9998Q1", "4:8", "start is '9998Q1'", "between 2020Q1 and 2044Q4"),
    "a blank name": ("name: trial", 'name: "  "', "2:7", "name is '  ': it is blank", "short name"),
    "an end before the start": ("end: 2021Q4", "end: 2019Q4", "5:6", "end is '2019Q4'", "Correct one of the two"),
    "an end at the start": ("end: 2021Q4", "end: 2020Q1", "5:6", "end is '2020Q1'", "Correct one of the two"),
    "too long a time": ("end: 2021Q4", "end: 2121Q4", "5:6", "end is '2121Q4'", "Correct one of the two"),
    "a step without a quarter": ("2021Q1: 0.40", "2021: 0.40", "11:34", "'2021'", "as in 2021Q1"),
    "steps out of order": ("{2020Q1: 0.30, 2021Q1", "{2021Q1: 0.30, 2020Q1", "11:5", "ascend", "sort them"),
    "a first step too late": ("{2020Q1: 0.30, ", "{", "11:5", "no value before 2021Q1, but 2020Q2", "'from: 2021Q1'"),
    "a policy that ends before it begins": ("from:", "until: 2020Q1\n    from:", "8:3", "'until' 2020Q1 is before", "Correct one of the two"),
    "a policy from a month": ("from: 2020Q2", "from: April", "9:11", "'April'", "as in 2021Q1"),
    "a full-width colon": ("budget: 30", "budget：30", "10", "has a full-width colon", "ASCII ':'"),
    "a full-width colon at the top": ("name: trial", "name：trial", "2", "full-width colon", "ASCII ':'"),
    "a full-width colon on a line of its own": ("name: trial", "name: trial\n  x：3", "2:7", "full-width", "ASCII ':'"),
    "a full-width colon in brackets": ("{value: 200_000", "{value：200_000", "12:11", "full-width colon", "ASCII ':'"),
    "a full-width comma": ("200_000, source", "200_000， source", "12", "full-width '，'", "ASCII sign"),
    "a tab for indentation": ("    cap:", "\tcap:", "12:1", "there is a tab", "Use spaces"),
    "a tab after the colon": ("cap: ", "cap:\t", "12:9", "there is a tab", "Use spaces"),
    "an anchor": ("budget: 30", "budget: &b 30", "10:13", "anchor '&b'", "Delete it"),
    "an alias": ("budget: 30_000_000", "budget: *b", "10:13", "alias '*b'", "extends"),
    "a tag": ("budget: 30_000_000", "budget: !!float 3", "10:13", "the tag", "plain value"),
    "a tag that runs code": ("name: trial", "name: !!python/object/apply:os.getcwd []", "2:7", "the tag", "Delete it"),
    "a merge key": ("cap:", "<<: {a: 1}\n    cap:", "12:5", "merge keys", "extends"),
    "a second document": ("policies:", "---\npolicies:", "7:1", "second document", "one scenario per file"),
    "a directive": ("schema: 1", "%YAML 1.1\n---\nschema: 1", "1:1", "'%' directive", "Delete that line"),
    "an open bracket": ("[instruments]", "[instruments", "14", "not YAML", "quotes"),
    "an open quote": ('"city notice"', '"city notice', "12:35", "this is not YAML", "quotes"),
    "wrong indentation": ("    cap:", "   cap:", "12:4", "not YAML", "indentation"),
    "two colons in a line": ("name: trial", "name: a: b", "2:8", "not YAML", "space after ':'"),
    "no space after the colon": ("name: trial", "name:trial", "2:1", "not YAML", "space after ':'"),
    "an at sign": ("name: trial", "name: @trial", "2:7", "not YAML", "quotes"),
    "an escape out of range": ("name: trial", 'name: "\\UFFFFFFFF"', "2", "not YAML", "Correct the escape"),
    "half a pair of surrogates": ("name: trial", 'name: "\\uD800"', "2:7", "unprintable", "Delete the escape"),
    "an escaped NUL": ("name: trial", 'name: "a\\0"', "2:7", "unprintable", "Delete the escape"),
    "a control character": ("name: trial", "name: tri\x07al", "2:10", "U+0007", "Delete it"),
    "a NUL": ("name: trial", "name: tri\0al", "2:10", "U+0000", "Delete it"),
    "too deep a nesting": ("[instruments]", "[" * 40, "13:", "deeper than 32", "Close a bracket"),
    "a bracket bomb": ("[instruments]", "[" * 100_000, "13:", "deeper than 32", "Close a bracket"),
    "dashes without end": ("covers: [instruments]", "covers:\n    " + "- " * 900, "14:", "deeper than 32", "five"),
    "too large a file": ("name: trial", "name: trial\n#" + "x" * 300_000, "", "larger than 256 kB", "a page of text"),
}  # fmt: skip

# Whole files: content, place, words about the value, words of the remedy.
FILES = {
    "an empty file": (b"", "", "the file is empty", "Write at least"),
    "only comments": (b"# nothing\n\n", "", "the file is empty", "schema, name, region"),
    "only a document mark": (b"---\n", "", "the file is empty", "schema, name, region"),
    "only null": (b"null\n", "1:1", "not a list of 'key: value' lines", "Begin with 'schema: 1'"),
    "a sentence": (b"hello world\n", "1:1", "not a list of 'key: value' lines", "Begin with 'schema: 1'"),
    "a list": (b"- schema: 1\n", "1:1", "not a list of 'key: value' lines", "Begin with 'schema: 1'"),
    "JSON cut short": (b'{"schema": 1,', "1:", "this is not YAML", "Check the indentation"),
    "one full-width line": ("schema：1\n".encode(), "1:1", "full-width colon", "ASCII ':'"),
    "GBK": ("schema: 1\nname: 基准\n".encode("gbk"), "2", "offset 16 is not UTF-8", "it may be GBK"),
    "UTF-8 with a mark": (b"\xef\xbb\xbfschema: 1\n", "1", "byte-order mark", "UTF-8 without BOM"),
    "UTF-16": ("schema: 1\n".encode("utf-16"), "1", "UTF-16", "Save it as plain 'UTF-8'"),
    "a zip file": (b"PK\x03\x04\x14\x00\xff", "1", "is not UTF-8", "Save the file as UTF-8"),
    "NULs": (b"\0" * 100, "1:1", "U+0000", "Delete it"),
    "a form feed": (b"schema: 1\nname: a\x0cb\n", "2:8", "U+000C", "Delete it"),
    "an alias bomb": (b"a: &a [x, x]\nb: [*a, *a]\n", "2:5", "alias '*a'", "extends"),
    "old line ends": (b"schema: 1\rname: 2\r", "2:7", "name is 2", "Put it in quotes"),
}  # fmt: skip


def refusal(path):
    """The text of the refusal, without the folder."""
    with pytest.raises(SpecError) as caught:
        load(path)
    return str(caught.value).replace(str(path.parent) + "/", "")


def english_left(said):
    """Sentences in English, apart from what the user wrote and from keys and examples."""
    return re.findall(r"[a-z]{2,} [a-z]{2,}", re.sub(r"'[^']*'|\"[^\"]*\"|\{[^}]*\}", "", said))


def asserted(text, place, *words):
    where = f"trial.yaml:{place}" if place else "trial.yaml: "
    for line in text.splitlines():
        if line.startswith(where) and all(word in line for word in words):
            return
    raise AssertionError(f"no fault at {where} says {words}:\n{text}")


def test_the_scenario_that_is_broken_below_is_valid(write, valid):
    assert load(write(valid)).name == "trial"


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused_with_its_place_value_and_remedy(slip, write, valid):
    old, new, place, value, remedy = SLIPS[slip]
    assert valid.count(old) >= 1, "the slip must change the valid scenario"

    asserted(refusal(write(valid.replace(old, new, 1))), place, value, remedy)


@pytest.mark.parametrize("content", FILES)
def test_a_file_that_is_no_scenario_is_refused(content, write):
    raw, place, value, remedy = FILES[content]

    asserted(refusal(write(raw)), place, value, remedy)


@pytest.mark.parametrize("slip", [*SLIPS, *FILES])
def test_every_refusal_is_said_in_chinese_too(slip, write, valid):
    content = FILES[slip][0] if slip in FILES else valid.replace(*SLIPS[slip][:2], 1)
    with pytest.raises(SpecError) as caught:
        load(write(content))

    english, chinese = (caught.value.told(language).splitlines() for language in ("en", "zh"))
    assert len(english) == len(chinese)
    for line in chinese:
        said = line.partition("：")[2]
        assert re.search("[\u4e00-\u9fff]", said)
        assert not english_left(said)


def test_an_amount_of_money_is_told_in_ten_thousands_or_hundred_millions_of_yuan(write, valid):
    with pytest.raises(SpecError) as caught:
        load(write(valid.replace("budget: 30_000_000", "budget: -30_000_000")))

    assert "为 -30000000（−3,000万元）：应不小于 0" in caught.value.told("zh")


def test_every_fault_is_reported_once_in_reading_order(write, valid):
    slips = [
        "a misspelt key",
        "too large a population",
        "a negative budget",
        "a misspelt rate",
        "a decimal comma",
    ]
    text = valid
    for slip in slips:
        text = text.replace(SLIPS[slip][0], SLIPS[slip][1], 1)

    with pytest.raises(SpecError) as caught:
        load(write(text))

    lines = [fault.place.line for fault in caught.value.faults]
    assert lines == sorted(lines)
    assert {3, 6, 10, 11, 20} <= set(lines)


def test_a_path_that_is_no_file_is_refused(tmp_path, write):
    write("schema: 1\n", "baseline.yaml")

    assert "Did you mean 'baseline.yaml'?" in refusal(tmp_path / "baselin.yaml")
    assert "this is a folder" in refusal(tmp_path)
    assert "holds no .yaml file" in refusal(tmp_path / "nowhere" / "a.yaml")
    assert "not an ordinary file" in refusal(type(tmp_path)("/dev/null"))
    with pytest.raises(SpecError, match="this is not a path"):
        load("a\0b")
