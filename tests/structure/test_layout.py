"""The house and its rooms: which way imports point, how large a file may be, and what may be written
where."""

import ast
from pathlib import Path

import pytest

import ecosim

PACKAGE = Path(ecosim.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
MODEL = sorted(
    name
    for name in TREES
    if name.startswith(("agents/", "policies/", "regions/"))
    or name.removesuffix(".py")
    in (
        "arithmetic",
        "chance",
        "columns",
        "draws",
        "entitlements",
        "founding",
        "kernel",
        "ledger",
        "levers",
        "outcomes",
        "parameters",
        "population",
        "population_certificates",
        "population_firms",
        "population_knowledge",
        "population_projects",
        "population_research",
        "quantity",
        "region",
        "schedule",
        "stages",
        "stages_market",
        "stages_research",
        "survey",
    )
)
"""What a world is made of; nothing here may know who runs, compares, draws or prints."""

STAGE_FILES = ("stages", "stages_market", "stages_research")
OUTER = (
    "report",
    "cli",
    "simulation",
    "comparison",
    "model",
    "windows",
    "fit",
    "dashboard",
    "explain",
    "workers",
    "paired",
)
LIBRARIES = ("matplotlib", "mesa", "typer", "rich", "xlsxwriter", "networkx", "scipy", "pandas")


def imported(name):
    """Modules a file imports anywhere, as dotted names; those of the package begin with ecosim."""
    package = ("ecosim", *Path(name).parts[:-1])
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("name", MODEL)
def test_the_model_imports_nothing_that_runs_compares_or_prints_it(name):
    roots = {module.split(".")[1] if module.startswith("ecosim.") else module.split(".")[0] for module in imported(name)}

    assert not {root for root in roots if root.startswith(OUTER)}
    assert not roots & set(LIBRARIES)


@pytest.mark.parametrize("name", [name for name in TREES if name.startswith("agents/")])
def test_no_agent_imports_or_names_a_policy(name):
    """What governments offer reaches agents as levers and calls."""
    policies = {path.stem for path in (PACKAGE / "policies").glob("*.py")} - {
        "__init__",
        "contract",
        "delivery",
    }
    words = {node.id for node in ast.walk(TREES[name]) if isinstance(node, ast.Name)}
    words |= {node.attr for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)}
    texts = " ".join(node.value for node in ast.walk(TREES[name]) if isinstance(node, ast.Constant) and isinstance(node.value, str))

    assert not [module for module in imported(name) if ".policies" in module]
    assert not policies & words
    assert not [policy for policy in policies if policy in texts]


@pytest.mark.parametrize("name", [name for name in TREES if name.startswith("policies/")])
def test_a_policy_imports_no_other_policy_and_no_stage(name):
    mine = name.removeprefix("policies/").removesuffix(".py")
    instruments = {path.stem for path in (PACKAGE / "policies").glob("*.py")} - {
        "__init__",
        "contract",
        "delivery",
    }

    known = {module.removeprefix("ecosim.policies.").split(".")[0] for module in imported(name)}
    assert not known & (instruments - {mine})
    assert not [module for module in imported(name) if module.split(".")[-1] in (*STAGE_FILES, "schedule")]


def test_public_names_are_those_of_the_index():
    """`__all__` is the whole of what `import ecosim` offers, and every name of it is there."""
    offered = {name for name in dir(ecosim) if not name.startswith("_")}
    submodules = {Path(name).parts[0].removesuffix(".py") for name in TREES}

    assert sorted(ecosim.__all__) == sorted(set(ecosim.__all__))
    assert all(hasattr(ecosim, name) for name in ecosim.__all__)
    assert offered - submodules <= set(ecosim.__all__)


def test_no_file_is_longer_than_300_lines():
    assert not {name for name in TREES if len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) > 300}


def functions(name):
    return [node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef)]


def lines_of(node):
    """Lines of a function without its docstring."""
    words = ast.get_docstring(node, clean=False)
    return node.end_lineno - node.lineno + 1 - (len(words.splitlines()) if words else 0)


def is_kernel_loop(node):
    """A compiled stage: one pass over the rows, in which locals are loaded, rules applied and columns
    stored."""
    return any(getattr(mark, "id", "") == "kernel" for mark in node.decorator_list) and any(isinstance(part, ast.For) for part in node.body)


LONG_FUNCTIONS = {"region.py:__init__"}
"""One list of what a region is."""


def test_no_function_is_longer_than_40_lines_but_stages_that_are_one_loop():
    longer = {f"{name}:{node.name}" for name in TREES for node in functions(name) if lines_of(node) > 40 and not is_kernel_loop(node)}

    assert longer == LONG_FUNCTIONS


def test_even_a_stage_that_is_one_loop_fits_on_a_page():
    longest = {f"{name}:{node.name}": lines_of(node) for name in TREES for node in functions(name)}

    assert max(longest.values()) <= 75, max(longest, key=longest.get)


FORBIDDEN_NAMES = ("utils", "util", "helpers", "helper", "common", "misc", "base", "base2", "tools", "stuff")


def test_no_file_is_named_for_what_it_is_not():
    assert not [name for name in TREES if Path(name).stem in FORBIDDEN_NAMES]


def test_no_folder_of_code_holds_a_single_file():
    """A subpackage with one file is a file; a region's data folder holds none."""
    for folder in {path.parent for path in FILES} - {PACKAGE}:
        assert len(list(folder.glob("*.py"))) > 1, folder.name
