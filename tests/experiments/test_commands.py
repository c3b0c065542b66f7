"""The commands of sweeps say what they refuse in one message, with exit code 2 and nothing written."""

import pytest

from ecosim import simulation
from ecosim.cli import INTERRUPTED, app
from ecosim.experiments import sweeping

PLAN = """\
schema: 1
name: trial
scenarios: [sandbox/baseline]
parameters: prior
draws: 1
seeds: {seeds}
"""


@pytest.fixture
def plan(tmp_path, monkeypatch, request):
    """The path of a plan in a folder of its own."""
    root = request.config.rootpath
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.format(seeds=1), encoding="utf-8")
    return path


def test_a_large_sweep_is_told_with_size_and_time_before_it_starts(plan, capsys, monkeypatch, tmp_path):
    plan.write_text(PLAN.format(seeds=36_000), encoding="utf-8")
    monkeypatch.setattr(sweeping, "seconds_of_a_run", lambda _: 0.5)

    assert app(["sweep", str(plan), "--workers", "2"]) == 2

    assert "trial: this is 36,000 runs, about 2.5 hours here. Add --yes to begin" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--engine", "dask"], "dask needs the address of its scheduler. Add --scheduler"),
        (["--engine", "ray"], "there is no engine 'ray'"),
        (["--workers", "0"], "0 is out of range"),
        (["--resume"], "holds no sweep to go on with"),
    ],
)
def test_bad_options_are_refused(plan, capsys, tmp_path, words, said):
    assert app(["sweep", str(plan), *words]) == 2

    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [["status", "nowhere"], ["export", "nowhere"], ["rerun", "abc", "--in", "nowhere"]])
def test_a_folder_without_a_sweep_is_refused(plan, capsys, words):
    assert app(words) == 2

    assert "nowhere holds no sweep" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "said"), [("en", "finished runs are kept, go on with --resume"), ("zh", "已完成的运行已保存，可用 --resume 继续")]
)
def test_a_sweep_that_is_broken_off_says_how_to_go_on_and_others_that_they_wrote_nothing(plan, capsys, monkeypatch, language, said):
    def broken_off(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(sweeping, "sweep", broken_off)
    monkeypatch.setattr(simulation, "run", broken_off)

    assert app(["--lang", language, "sweep", str(plan)]) == INTERRUPTED
    assert said in capsys.readouterr().err
    assert app(["--lang", "en", "run", "scenarios/sandbox/baseline.yaml"]) == INTERRUPTED
    assert "interrupted, nothing written" in capsys.readouterr().err
