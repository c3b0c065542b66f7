"""What is declared once: parameters with their priors, random decisions, levers, columns, stages, and the
rules worked by hand."""

import ast
from collections import Counter
from pathlib import Path

import pytest

import ecosim
from ecosim import outcomes, policies, schedule
from ecosim.agents.firm import TABLES as FIRM_TABLES
from ecosim.agents.fund import Funds
from ecosim.agents.incubator import Incubators
from ecosim.agents.institute import Institutes
from ecosim.agents.transfer_agency import Agencies
from ecosim.chance import Stream
from ecosim.columns import columns_of
from ecosim.levers import CityLevers, FirmLevers, declared
from ecosim.parameters import PARTS, TABLES, catalogue, quantile, values

PACKAGE = Path(ecosim.__file__).parent
SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(text) for name, text in SOURCES.items()}
CHANCES = ("hazard", "events", "quarterly hazard", "quarterly memory")
LEVERS = {**declared(FirmLevers), **declared(CityLevers)}
TABLES_OF_AGENTS = (*FIRM_TABLES, Institutes, Incubators, Funds, Agencies)


# Parameters


@pytest.mark.parametrize("name", catalogue())
def test_a_parameter_has_a_prior_with_unit_meaning_and_source(name):
    prior = catalogue()[name]

    assert prior.low <= prior.value <= prior.high
    assert prior.unit and prior.meaning and prior.source
    assert prior.scale in ("linear", "log")
    assert prior.per in PARTS
    assert prior.low > 0.0 or prior.scale == "linear"
    assert prior.low < prior.high or prior.source != "assumed", "what is not known has a range"
    assert prior.low >= 0.0 and prior.high <= 1.0 or prior.per not in CHANCES


@pytest.mark.parametrize("name", catalogue())
def test_a_prior_has_its_value_in_the_middle_and_its_range_at_the_ends(name):
    prior = catalogue()[name]

    assert prior.at(0.5) == pytest.approx(prior.value)
    assert prior.at(0.0) == pytest.approx(prior.low)
    assert prior.at(1.0) == pytest.approx(prior.high)


def test_every_parameter_has_a_dimension_of_its_own_in_a_draw():
    """Two parameters that shared one would move together."""
    points = {position: tuple(quantile(draw, position) for draw in range(1, 6)) for position in range(len(catalogue()))}

    assert len(set(points.values())) == len(catalogue())
    assert all(0.0 < value < 1.0 for point in points.values() for value in point)
    assert values(1, {}).keys() == catalogue().keys()


def test_draws_spread_evenly_over_every_prior():
    """Of a hundred draws, 40 to 60 lie on either side of the central value of each parameter."""
    for position, name in enumerate(catalogue()):
        below = sum(quantile(draw, position) < 0.5 for draw in range(1, 101))
        assert 40 <= below <= 60, name


@pytest.mark.parametrize("table", TABLES)
def test_every_parameter_is_read_by_the_model(table):
    module = TABLES[table][0].rpartition(".")[2]
    names = [name.partition(".")[2] for name in catalogue() if name.startswith(f"{table}.")]
    read = {node.attr for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not [name for name in names if name not in read], module


# Random decisions


def decisions():
    """(stream, file) -> functions that draw from it."""
    found = {}
    for name, tree in TREES.items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Stream":
                        found.setdefault(node.attr, {}).setdefault(name, set()).add(function.name)
    return found


STARTING = (
    "population.py", "population_certificates.py", "population_firms.py", "population_knowledge.py",
    "population_projects.py", "population_research.py", "founding.py",
)  # fmt: skip
"""Traits that an agent has when it enters the world may share a stream with a later decision: `when` keeps
them apart."""
SHARED = {"HEARD": {"apply_service", "apply_project"}, "JURY": {"award", "marks"}}
"""One decision asked in two places: whether a firm heard of a call, in the kernels of two kinds of call; a jury's mood, in the project
grant and in the competitions of studies."""
UNUSED = {"DEMAND_FACTOR", "PRIOR", "RENEWAL", "GRADUATION"}
"""Numbers that were given and stay given."""


def test_every_stream_belongs_to_one_decision():
    for stream, files in decisions().items():
        later = {(name, function) for name, functions in files.items() if name not in STARTING for function in functions}
        allowed = SHARED.get(stream, set())
        assert len(later) <= 1 or {function for _, function in later} == allowed, f"{stream}: {sorted(later)}"


def test_every_stream_is_used_but_those_kept_free():
    assert {stream.name for stream in Stream} - decisions().keys() == UNUSED


def test_streams_have_numbers_of_their_own_and_say_what_they_decide():
    assert len({int(stream) for stream in Stream}) == len(list(Stream))
    said = Counter(line.strip() for line in SOURCES["chance.py"].splitlines() if line.strip().startswith('"""'))
    assert said.total() > 50


# Levers


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_has_a_neutral_value_a_rule_and_a_reader(name):
    """A lever that no stage reads is a promise nobody keeps."""
    lever = LEVERS[name]
    stages = [tree for file, tree in TREES.items() if file.startswith(("agents/", "stages", "founding"))]
    read = {node.attr for tree in stages for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert lever.unit and lever.meaning
    assert lever.neutral in (0.0, 1.0)
    assert lever.combine in ("multiply", "add", "max", "min")
    assert lever.neutral == (1.0 if lever.combine in ("multiply", "min") else 0.0), "the neutral value leaves any offer as it is"
    assert name in read


def test_every_offer_of_a_policy_goes_to_a_declared_lever_under_its_own_name():
    for name in policies.names():
        tree = TREES[f"policies/{name}.py"]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("levers.offer"):
                lever, author = node.args[0], node.args[2]
                assert not isinstance(lever, ast.Constant) or lever.value in LEVERS
                assert not isinstance(author, ast.Constant) or author.value == name


# Columns, stages, outcomes


@pytest.mark.parametrize("table", TABLES_OF_AGENTS, ids=lambda table: table.__name__)
def test_every_column_has_a_type_a_unit_and_a_meaning(table):
    for name, column in columns_of(table).items():
        assert column.dtype in ("f8", "f4", "i8", "i4", "i2", "i1"), name
        assert column.unit and column.meaning, name


@pytest.mark.parametrize("table", TABLES_OF_AGENTS, ids=lambda table: table.__name__)
def test_every_column_is_written_and_read_somewhere(table):
    """A column that is only declared says nothing, one that is only read stays empty."""
    read = {node.attr for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    written = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
            for target in targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                written |= {part.value.attr for part in parts if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Attribute)}
                written |= {part.value.id for part in parts if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name)}
    written |= {"cash"}

    assert not [name for name in columns_of(table) if name not in read]
    assert not [name for name in columns_of(table) if name not in written]


def test_a_table_stays_small_enough_to_hand_to_a_kernel():
    assert max(len(columns_of(table)) for table in TABLES_OF_AGENTS) <= 40


def test_the_quarter_names_each_stage_once_with_a_sentence():
    names = [stage.name for stage in schedule.QUARTER]

    assert len(set(names)) == len(names)
    assert all(stage.meaning.endswith(".") and stage.agents for stage in schedule.QUARTER)
    assert (names[0], names[-1]) == ("environment", "audit")


def test_every_outcome_is_declared_once_with_unit_and_two_labels():
    keys = [outcome.key for outcome in outcomes.CATALOGUE]

    assert len(set(keys)) == len(keys)
    assert set(outcomes.HEADLINES) <= set(keys)
    for outcome in outcomes.CATALOGUE:
        assert outcome.unit and outcome.label_en and outcome.label_zh != outcome.label_en
        assert (outcome.parts is not None) == (outcome.kind == "ratio"), outcome.key
        assert (outcome.read is None) == (outcome.kind == "ratio"), outcome.key


# Rules


def scalar_rules():
    """Compiled functions of the agents that are one formula: numbers in, a number out, no loop and no
    array."""
    for name, tree in TREES.items():
        if name.startswith("agents/"):
            for node in tree.body:
                compiled = isinstance(node, ast.FunctionDef) and any("kernel" in ast.unparse(mark) for mark in node.decorator_list)
                if compiled and not any(isinstance(part, ast.For | ast.Subscript) for part in ast.walk(node)):
                    yield node.name, node


RULES = dict(scalar_rules())


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_is_and_is_worked_by_hand(rule, request):
    tests = request.config.rootpath / "tests" / "rules"
    tried = " ".join(path.read_text(encoding="utf-8") for path in tests.glob("test_*.py"))

    assert ast.get_docstring(RULES[rule])
    assert f"{rule}(" in tried


def test_there_are_rules_to_work_by_hand():
    assert len(RULES) > 25
