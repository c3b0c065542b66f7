"""How far the work is, on stderr: done, rate, time left. A console that is no terminal gets a line now and
then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ecosim.report.labels import TEXTS, Language, text
from ecosim.simulation import COMPILING
from ecosim.wording import told
from ecosim.workers import Progress as Callback

SECONDS_BETWEEN_LINES = 10.0


class Rate(ProgressColumn):
    """Runs a second."""

    def __init__(self, unit: str) -> None:
        """`unit` is written after the number."""
        super().__init__()
        self.unit = unit

    def render(self, task: Task) -> Text:
        """The rate so far."""
        return Text(f"{task.speed:.1f} {self.unit}" if task.speed else "")


@contextmanager
def progress_bar(language: Language) -> Iterator[Callback]:
    """Give a callback that shows progress until the block ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(language)
        return
    rate = Rate(text("per_second", language))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        bar = shown.add_task("", total=None)
        yield lambda note, done, total: shown.update(bar, description=_said(note, language), completed=done, total=total)


def _lines(language: Language) -> Callback:
    """A line when something new begins, and then every ten seconds with the time left at the pace since the first runs came in: these
    waited for their workers to start.
    """
    last_note, last_time = "", monotonic()
    begun, started = (last_time, 0), False

    def tell(note: str, done: int, total: int) -> None:
        nonlocal last_note, last_time, begun, started
        now = monotonic()
        if not started and done > begun[1]:
            begun, started = (now, done), True
        if begins(note) != begins(last_note) or now - last_time > SECONDS_BETWEEN_LINES:
            if begins(note) != begins(last_note):
                begun, started = (now, done), False
            counted = f" {done}/{total}{time_left(*begun, now, done, total, language)}" if total > 1 else ""
            sys.stderr.write(f"{_said(note, language)}{counted}\n")
            last_note, last_time = note, now

    return tell


def time_left(since: float, before: int, now: float, done: int, total: int, language: Language) -> str:
    """The minutes that what is left will take at the pace since a moment when `before` were done; nothing before the first."""
    if done <= before or done >= total:
        return ""
    minutes = (now - since) / (done - before) * (total - done) / 60.0
    return text("time_left", language).format(minutes=max(1, round(minutes)))


def begins(note: str) -> str:
    """What a note says is going on; after a semicolon stand details that change meanwhile."""
    return note.partition(";")[0]


def _said(note: str, language: Language) -> str:
    """A note in the reader's language."""
    key = "compiling" if note == COMPILING else note
    return text(key, language) if key in TEXTS else told(note, language)
