"""Worlds that fail, each in a way of its own, and one that only counts: what sweeps are tested with."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ecosim.experiments.engine import Order, Work
from ecosim.experiments.plan import Cap
from ecosim.experiments.worlds import World
from ecosim.manifest import source_hash


def raises(told: World) -> None:
    """Raises an error."""
    raise ValueError("no such price")


def exits(told: World) -> None:
    """Ends the interpreter politely."""
    sys.exit(3)


def leaves(told: World) -> None:
    """Ends the process at once."""
    os._exit(3)


def is_killed(told: World) -> None:
    """Is killed, as for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def sleeps(told: World) -> None:
    """Waits for what never comes."""
    time.sleep(3600)


def never_returns(told: World) -> None:
    """Holds the interpreter, so that no other thread of its process runs."""
    re.match("(a+)+$", "a" * 64 + "b")


def eats_memory(told: World) -> None:
    """Takes all memory there is."""
    held = []
    while True:
        held.append(np.zeros(5_000_000))


def gives_what_cannot_be_sent(told: World) -> object:
    """Gives no numbers, and nothing that could be sent."""
    return lambda: told


def raises_what_cannot_be_sent(told: World) -> None:
    """Raises an error that cannot be sent, nor even be told."""

    class HomemadeError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    raise HomemadeError


def reads_beyond(told: World) -> None:
    """Reads memory that is not its own."""
    ctypes.string_at(0)


def never_ends_calling(told: World) -> None:
    """Calls itself for ever."""
    never_ends_calling(told)


def tears_its_pipe(told: World) -> None:
    """Closes every way to its parent."""
    os.closerange(3, 256)


KINDS = {
    fault.__name__: fault
    for fault in (
        raises, exits, leaves, is_killed, sleeps, never_returns, eats_memory, gives_what_cannot_be_sent, raises_what_cannot_be_sent,
        reads_beyond, never_ends_calling, tears_its_pipe,
    )
}  # fmt: skip


class Faulty:
    """Lives worlds of which some fail. kinds: run_id -> name of a fault; pause: seconds before each; lives: how good ones are lived."""

    def __init__(self, kinds: Mapping[str, str], pause: float = 0.0, lives: Work | None = None) -> None:
        self.kinds, self.pause, self.lives = dict(kinds), pause, lives or counted

    def __call__(self, told: Sequence[World]) -> Iterator[tuple[World, Callable[[], object]]]:
        """Begin worlds; each is lived, or fails in its way."""
        for each, finish in self.lives(told):
            time.sleep(self.pause)
            kind = self.kinds.get(each.run_id)
            yield each, finish if kind is None else partial(KINDS[kind], each)


def counted(told: Sequence[World]) -> Iterator[tuple[World, Callable[[], np.ndarray]]]:
    """Worlds that only count."""
    return ((each, partial(count, each)) for each in told)


def count(told: World) -> np.ndarray:
    """Numbers that depend on nothing but the identity of a world, one for each column."""
    digest = hashlib.sha256(told.run_id.encode()).digest()
    return np.resize(np.frombuffer(digest, np.uint8).astype(float), max(len(told.columns), 1))


def at_once(told: World) -> None:
    """Nothing to make ready."""


def order(work: object, seconds: float = 60.0, megabytes: float = 1000.0) -> Order:
    """How to live worlds that need no model."""
    return Order(at_once, work, Cap(seconds=seconds, megabytes=megabytes), source_hash())


class Replacing:
    """A door behind another that has every world lived in another way."""

    def __init__(self, door: object, work: object, ready: object = at_once) -> None:
        self._door, self._work, self._ready = door, work, ready

    def submit(self, batch: object) -> object:
        """Send a batch on with the other way to live."""
        return self._door.submit(batch._replace(order=batch.order._replace(ready=self._ready, work=self._work)))

    def __getattr__(self, name: str) -> object:
        return getattr(self._door, name)
