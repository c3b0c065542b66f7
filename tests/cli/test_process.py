"""The command as a process of its own: what it loads, what a narrow console shows, what an interruption leaves behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ecosim.cli import INTERRUPTED

ROOT = Path(__file__).resolve().parents[2]
BASELINE = str(ROOT / "scenarios" / "sandbox" / "baseline.yaml")
VOUCHER = str(ROOT / "scenarios" / "sandbox" / "voucher.yaml")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("ECOSIM_LANG", "en")


def outside(*words, **environment):
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ecosim", *words],
        capture_output=True,
        env={**os.environ, "ECOSIM_LANG": "en", **environment},
        timeout=200,
    )


def test_help_is_quick_because_it_loads_nothing_heavy():
    code = (
        "import sys\nfrom ecosim.cli import app\napp(['--help'])\n"
        "print(sorted({'numba', 'mesa', 'pandas', 'numpy', 'matplotlib'} & sys.modules.keys()))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "compare" in said and said.rstrip().endswith("[]")


def test_a_run_on_the_screen_loads_no_library_it_does_not_need():
    code = (
        f"import sys\nfrom ecosim.cli import app\nassert app(['run', {str(BASELINE)!r}, '--until', '2020Q4']) == 0\n"
        "print(sorted({'mesa', 'pandas', 'scipy.special', 'matplotlib'} & sys.modules.keys()))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "2020" in said and said.rstrip().endswith("[]")


def test_a_chinese_console_of_1995_survives_every_character():
    found = outside("compare", BASELINE, VOUCHER, "--seeds", "1", "--draws", "2", "--workers", "1", "--lang", "zh",
                    PYTHONIOENCODING="cp936")  # fmt: skip

    said = found.stdout.decode("cp936")
    assert found.returncode == 0
    assert "发明专利授权" in said and "?" not in said


@pytest.mark.parametrize(
    "words",
    [
        ["policies", "innovation_voucher"],
        ["schedule"],
        ["explain", "innovation_voucher.subsidy_rate"],
        ["check", "nowhere.yaml"],
        ["run", "--sed", "3"],
        ["run", "--help"],
    ],
)
def test_nothing_the_program_says_in_chinese_is_lost_on_such_a_console(words):
    found = outside(*words, "--lang", "zh", PYTHONIOENCODING="cp936")

    said = (found.stdout + found.stderr).decode("cp936")
    assert "?" not in said and "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_leaves_nothing_behind(tmp_path):
    words = ["compare", BASELINE, VOUCHER, "--seeds", "40", "--draws", "40", "--workers", "2"]
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it, and so would the command
    process = subprocess.Popen(
        [sys.executable, "-m", "ecosim", *words, "--out", str(tmp_path / "never")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ECOSIM_LANG": "en"},
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, usual)
    deadline = time.monotonic() + 120
    while "running" not in process.stderr.readline() and time.monotonic() < deadline:
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == INTERRUPTED
    assert "interrupted, nothing written" in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
