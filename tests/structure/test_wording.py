"""Whatever a planner reads is there in Chinese: each text is made with both languages, and none is left out."""

import ast
import copy
import inspect
import pickle
import re
import sys
import typing
from pathlib import Path

import pytest
import typer

import ecosim
from ecosim import cli, policies, regions
from ecosim.errors import Fault, LedgerError, OutputError, SpecError
from ecosim.explain.ways import AGENTS_ZH, STAGES_ZH
from ecosim.fit.panel import START
from ecosim.parameters import catalogue
from ecosim.report import labels
from ecosim.report.console_lists import HEADINGS
from ecosim.scenario import Scenario
from ecosim.schedule import QUARTER
from ecosim.units import UNITS
from ecosim.wording import Words, told

PACKAGE = Path(ecosim.__file__).parent
TREES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
CHINESE = re.compile("[\u4e00-\u9fff]")
FOR_READERS = ("Fault", "refused", "refusal", "OutputError")
"""What is called with texts that a planner may read."""
FIELDS = [(name, key, field) for name in policies.names() for key, field in policies.model(name).model_fields.items()]


def calls(*names):
    """File, line and node of every call of a function by one of these names."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
                yield f"{file}:{node.lineno}", node


def test_words_are_english_to_code_and_keep_their_chinese_when_copied():
    words = Words("there is no such file", "没有这个文件")

    assert words == "there is no such file" and f"{words}." == "there is no such file."
    for same in (words, copy.deepcopy(words), pickle.loads(pickle.dumps(words))):
        assert (told(same, "en"), told(same, "zh")) == ("there is no such file", "没有这个文件")
    assert told("plain", "zh") == "plain"


def test_an_error_is_told_in_either_language():
    fault = Fault("seed", Words("-1 is no seed", "-1 不能作随机种子"), Words("Give another", "请换一个"))

    assert SpecError([fault, fault]).told("zh") == "seed：-1 不能作随机种子。请换一个\nseed：-1 不能作随机种子。请换一个"
    assert SpecError([fault]).told("en") == str(SpecError([fault])) == "seed: -1 is no seed. Give another"
    assert OutputError(Words("full", "已满")).told("zh") == "已满"
    assert LedgerError("money does not close").told("zh") == "程序或数据有问题，请告知维护者：money does not close"


@pytest.mark.parametrize(("name", "key", "field"), FIELDS, ids=[f"{name}.{key}" for name, key, _ in FIELDS])
def test_a_parameter_of_a_policy_has_its_meaning_and_unit_in_chinese(name, key, field):
    assert isinstance(field.description, Words) and CHINESE.search(field.description.zh)
    assert field.json_schema_extra["unit"] in UNITS


@pytest.mark.parametrize("name", catalogue())
def test_a_parameter_of_the_model_has_its_meaning_and_unit_in_chinese(name):
    prior = catalogue()[name]

    assert CHINESE.search(prior.meaning.zh) and not CHINESE.search(prior.meaning)
    assert prior.unit in UNITS


def test_no_two_parameters_of_the_model_go_by_one_name_in_chinese():
    names = [prior.meaning.zh for name, prior in catalogue().items() if not name.endswith((".step", ".million"))]

    assert len(set(names)) == len(names)


def test_a_key_of_a_scenario_has_its_meaning_in_chinese():
    assert not [key for key, field in Scenario.model_fields.items() if not CHINESE.search(field.description.zh)]


def test_no_text_for_a_reader_is_in_english_alone():
    """Where such a text is made it stands as Words; a bare string, or one put together again, would lose its Chinese."""
    bare = (ast.Constant, ast.JoinedStr, ast.BinOp)
    found = {
        place
        for place, node in calls(*FOR_READERS)
        for given in node.args[ast.unparse(node.func).endswith(("Fault", "refusal")) :]
        if isinstance(given, bare)
    }

    assert not found
    assert len(list(calls(*FOR_READERS))) > 60


def test_words_are_written_in_both_languages():
    pairs = {
        place: [part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)]
        for place, node in calls("Words")
        if len(node.args) == 2 and isinstance(node.args[1], ast.Constant | ast.JoinedStr)
    }

    assert len(pairs) > 80
    assert all(len(node.args) == 2 for _, node in calls("Words"))
    assert not {place for place, parts in pairs.items() if any(re.search("[a-z]{3,} [a-z]{3,}", str(part)) for part in parts)}


@pytest.mark.parametrize("region", regions.names())
def test_every_unit_of_the_data_beside_the_model_is_named_in_chinese(region):
    assert set(regions.load(region).table("moments")["unit"]) <= UNITS.keys()
    assert {regions.load(region).figure(key).unit for key in START} <= UNITS.keys()


def test_every_stage_and_every_agent_is_named_in_chinese():
    assert STAGES_ZH.keys() == {stage.name for stage in QUARTER} | {"outcomes"}
    assert all(CHINESE.search(name) and sentence.endswith("。") for name, sentence in STAGES_ZH.values())
    assert AGENTS_ZH.keys() == {agent for stage in QUARTER for agent in stage.agents.split(", ")}


@pytest.mark.parametrize("table", [labels.TEXTS, labels.COLUMNS, labels.SHEETS, labels.PAYERS, HEADINGS])
def test_every_label_and_heading_has_both_languages(table):
    assert not [key for key, words in table.items() if not (words and words.zh)]


@pytest.mark.parametrize("command", cli.commands.registered_commands, ids=lambda command: command.name)
def test_the_help_of_a_command_and_of_its_options_has_a_chinese_part(command):
    options = typer.main.get_command_from_info(command, pretty_exceptions_short=True, rich_markup_mode=None).params

    assert CHINESE.search(inspect.getdoc(command.callback))
    assert not [option.name for option in options if not CHINESE.search(getattr(option, "help", None) or "")]


@pytest.mark.parametrize("command", cli.commands.registered_commands, ids=lambda command: command.name)
def test_a_path_that_cannot_be_read_is_refused_by_the_reader_of_files_and_not_by_typer(command):
    """typer says it in English; `readable=False` leaves it to the reader, who says it in the language."""
    hints = typing.get_type_hints(command.callback, {**vars(sys.modules[command.callback.__module__]), "Path": Path}, include_extras=True)
    options = {name: hint.__metadata__ for name, hint in hints.items() if hasattr(hint, "__metadata__") and "Path" in str(hint)}

    assert not [name for name, metadata in options.items() if any(option.readable for option in metadata)]
