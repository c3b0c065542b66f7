"""How far the work is, said to somebody who waits."""

from ecosim.report import progress
from ecosim.report.progress import time_left


def test_the_time_left_follows_the_pace_since_the_work_went_on():
    assert time_left(100.0, 50, 160.0, 80, 140, "en") == ", about 2 min left"
    assert time_left(100.0, 50, 160.0, 80, 140, "zh") == "，还需约 2 分钟"


def test_nothing_is_said_before_the_first_task_and_after_the_last():
    assert time_left(100.0, 50, 160.0, 50, 140, "en") == time_left(100.0, 0, 160.0, 140, 140, "en") == ""


def test_the_wait_for_the_first_runs_does_not_count_as_the_pace(capsys, monkeypatch):
    """Ten minutes until the first run is there, then one a second."""
    clock = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    with progress.progress_bar("en") as tell:
        for clock[0], done in ((0.0, 0), (600.0, 1), (615.0, 16)):
            tell("running", done, 136)

    assert capsys.readouterr().err.splitlines() == ["running 0/136", "running 1/136", "running 16/136, about 2 min left"]
