"""What the READMEs and the guide tell the reader to type works as written, and what they promise is there."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from ecosim.cli import commands

ROOT = Path(__file__).resolve().parents[2]
README, README_ZH, GUIDE = (ROOT / name for name in ("README.md", "README.zh.md", "docs/guide.zh.md"))
PACKAGE = "scenarios/nantong/my_package.yaml"
AFTER_A_SWEEP = ("status", "export", "rerun", "compare out", "power", "sensitivity", "discover", "robust")


def blocks(path, language):
    """Code blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def typed(path):
    """Command lines that begin with the program's name."""
    lines = [line for block in blocks(path, "sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("ecosim ")]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the shipped scenarios and the guide's own."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for name in ("scoring_example", "tutorials"):
        shutil.copytree(ROOT / "experiments" / name, folder / "experiments" / name)
    (folder / PACKAGE).write_text(blocks(GUIDE, "yaml")[0], encoding="utf-8")
    return folder


def run(words, home):
    """Run Python on some words in the folder."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "ECOSIM_LANG": "en"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=home,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
    )


@pytest.fixture(scope="module")
def ended(home):
    """What becomes of a command line, run when it is first asked for; RUN_ID stands for the first run of the export."""

    def words(line):
        if "RUN_ID" in line:
            rows = (home / "out" / "first_sweep" / "runs.csv").read_text(encoding="utf-8-sig").splitlines()
            line = line.replace("RUN_ID", rows[1].partition(",")[0])
        return ["-m", "ecosim", *shlex.split(line)[1:]]

    @cache
    def end(line):
        if any(line.startswith(f"ecosim {name} ") for name in AFTER_A_SWEEP):
            end(next(other for other in typed(README) if other.startswith("ecosim sweep")))
        if line.startswith("ecosim rerun"):
            end(next(other for other in typed(README) if other.startswith("ecosim export")))
        return run(words(line), home)

    return end


@pytest.mark.parametrize("line", [*typed(README), *typed(GUIDE)])
def test_a_command_works_as_written(ended, line):
    found = ended(line)

    assert found.returncode == 0, found.stderr
    assert found.stdout.strip()


def test_the_python_example_works_as_written(home):
    found = run(["-c", blocks(README, "python")[0]], home)

    assert found.returncode == 0, found.stderr
    assert "bolder" in found.stdout


def test_a_comparison_leaves_the_files_that_the_readme_lists(ended, home):
    line = next(line for line in typed(README) if line.startswith("ecosim compare"))
    assert ended(line).returncode == 0, ended(line).stderr
    table = README.read_text(encoding="utf-8").partition("| file |")[2].partition("\n\n")[0]
    listed = {name for row in table.splitlines() for name in re.findall(r"`([a-z_]+\.[a-z0-9]+)`", row)}

    assert listed == {path.name for path in (home / "out" / "sandbox").iterdir()}


def test_the_two_readmes_tell_the_reader_to_type_the_same():
    for language in ("sh", "python"):
        assert blocks(README, language) == blocks(README_ZH, language)
    tables = [re.findall(r"^\| (`.*?`) \|", path.read_text(encoding="utf-8"), re.MULTILINE) for path in (README, README_ZH)]
    assert tables[0] == tables[1]


def test_every_command_of_the_program_is_shown_and_explained():
    table = README.read_text(encoding="utf-8").partition("| command |")[2].partition("\n\n")[0]
    known = {command.name for command in commands.registered_commands}

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == known
    assert {line.split()[1] for line in typed(README)} == known


@pytest.mark.parametrize("path", [README, README_ZH, GUIDE], ids=lambda path: path.name)
def test_a_task_that_is_named_exists_with_and_without_make(path):
    spec = spec_from_file_location("tasks", ROOT / "tasks.py")
    tasks = module_from_spec(spec)
    spec.loader.exec_module(tasks)
    named = set(re.findall(r"(?:make|python tasks\.py) ([a-z]+)", path.read_text(encoding="utf-8")))
    made = re.search(r"^TASKS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split()

    assert named
    assert named <= set(tasks.TASKS) == set(made)


@pytest.mark.parametrize("path", [README, README_ZH, GUIDE, ROOT / "docs" / "odd.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\((?!http)([^)#]+)\)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []
