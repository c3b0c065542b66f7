"""Python's search for objects that only refer to each other, made rare: what a command loads stays until it ends, and no
world is such a circle.
"""

import atexit
import gc

OBJECTS_BETWEEN_SEARCHES = 100_000
"""A search visits every object that a process has loaded, some half a million; Python's own 700 make it a fifth of a short command."""


def search_seldom() -> None:
    """Let a process search seldom, and not once more when it ends: the system takes its memory back anyway."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    atexit.register(gc.freeze)
