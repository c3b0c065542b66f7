"""Smells a machine can find: each is looked for in the syntax of every file of the package, and none is
there."""

import ast
from pathlib import Path

import pytest

import ecosim
from ecosim.agents.firm import TABLES as FIRM_TABLES
from ecosim.agents.fund import Funds
from ecosim.agents.incubator import Incubators
from ecosim.agents.institute import Institutes
from ecosim.agents.transfer_agency import Agencies
from ecosim.columns import columns_of

PACKAGE = Path(ecosim.__file__).parent
TREES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
every_file = pytest.mark.parametrize("name", TREES)
FIRM_MONEY = ("cash", "debt", "net", "working_capital")
COLUMNS = {column for table in (*FIRM_TABLES, Institutes, Incubators, Funds, Agencies) for column in columns_of(table)}


def called(name):
    """Dotted name and node of every call."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def stored(name):
    """(dotted name of an attribute or indexed array, node) of every assignment."""
    for node in ast.walk(TREES[name]):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                yield part, node


@every_file
def test_there_is_no_shared_random_generator(name):
    """A draw belongs to a decision."""
    modules = {alias.name for node in ast.walk(TREES[name]) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(TREES[name]) if isinstance(node, ast.ImportFrom)}

    assert not modules & {"random", "numpy.random", "secrets"}
    assert not [call for call, _ in called(name) if call.startswith(("np.random.", "numpy.random."))]


@every_file
def test_no_error_is_swallowed_wholesale(name):
    """Tidying up before the same error goes on is not swallowing it."""
    handlers = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.ExceptHandler)]
    wholesale = [node for node in handlers if node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")]

    assert not [node.lineno for node in wholesale if ast.unparse(node.body[-1]) != "raise"]


@every_file
def test_nothing_is_printed_but_by_the_command_line(name):
    if name != "cli.py":
        assert "print" not in {call for call, _ in called(name)}


@every_file
def test_nothing_is_asserted_of_what_a_user_wrote(name):
    """`python -O` takes assertions away."""
    assert not [node.lineno for node in ast.walk(TREES[name]) if isinstance(node, ast.Assert)]


@every_file
def test_no_scenario_is_asked_with_a_default(name):
    """A default in code beside one in the scenario would be two sources of one number."""
    asked = [
        ast.unparse(node)
        for call, node in called(name)
        if call.endswith(".get") and len(node.args) == 2 and isinstance(node.args[1], ast.Constant)
    ]

    assert not [
        text
        for text in asked
        if any(word in text.partition(".get")[0] for word in ("scenario", "policy", "policies", "parameters", "spec"))
    ]


@every_file
def test_compiled_code_keeps_the_order_of_sums(name):
    assert not [node.lineno for _, node in called(name) for word in node.keywords if word.arg in ("fastmath", "parallel")]


@every_file
def test_no_magic(name):
    assert not {call for call, _ in called(name)} & {
        "exec",
        "eval",
        "sys._getframe",
        "inspect.currentframe",
        "inspect.stack",
    }


MONEY_FILES = {"founding.py", "population_firms.py", "region.py", "policies/rd_grant.py", "windows_firm.py"}
"""Beside the agents' own stages: the capital founders bring, the opening balances, payments of public
money, claims back, and what a
single firm is given by hand, which is posted in the line before."""


@every_file
def test_firms_money_is_written_by_the_firms_stages_and_by_those_who_book_it(name):
    """Everybody else pays through the ledger."""
    written = set()
    for target, _ in stored(name):
        text = ast.unparse(target)
        owner, _, column = text.partition("[")[0].rpartition(".")
        if column in FIRM_MONEY and owner.rpartition(".")[2] == "money":
            written.add(text)

    assert bool(written) <= (name.startswith("agents/") or name in MONEY_FILES), written


@every_file
def test_no_policy_writes_what_an_agent_holds_or_decides(name):
    """A claim back is the one payment a policy books itself."""
    if name.startswith("policies/"):
        written = {ast.unparse(target).partition("[")[0].rpartition(".")[2] for target, _ in stored(name) if "." in ast.unparse(target)}

        assert written & COLUMNS <= ({"net", "left"} if name == "policies/rd_grant.py" else {"left"})


@pytest.mark.parametrize(
    "name",
    [name for name in TREES if name.startswith(("agents/", "policies/")) and name != "policies/contract.py"],
)
def test_agents_and_policies_make_no_attribute_outside_the_column_tables(name):
    """State is declared in a table, and what is stored goes into a row of it."""
    attributes = {target.attr for target, _ in stored(name) if isinstance(target, ast.Attribute)}

    assert not attributes


def test_the_region_declares_every_attribute_at_its_birth():
    """Stages may change the region's attributes, and may not invent one."""
    born = {
        target.attr
        for target, _ in stored("region.py")
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    }
    invented = {
        f"{name}: {ast.unparse(target)}"
        for name in TREES
        for target, _ in stored(name)
        if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "region"
        if target.attr not in born
    }

    assert not invented
