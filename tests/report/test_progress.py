"""How far the work is, said to somebody who waits."""

from ecosim.report.progress import time_left


def test_the_time_left_follows_the_pace_since_the_work_went_on():
    assert time_left(100.0, 50, 160.0, 80, 140, "en") == ", about 2 min left"
    assert time_left(100.0, 50, 160.0, 80, 140, "zh") == "，还需约 2 分钟"


def test_nothing_is_said_before_the_first_task_and_after_the_last():
    assert time_left(100.0, 50, 160.0, 50, 140, "en") == time_left(100.0, 0, 160.0, 140, 140, "en") == ""
