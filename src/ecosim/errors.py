"""The error family. Everything ecosim raises on purpose is one of these; anything else is a defect.

EcosimError
├── SpecError      what the user wrote cannot be run: scenario, plan, option; carries every fault found
├── DataError      a file of a region pack is missing, torn or contradicts itself
├── LedgerError    a payment the payer cannot bear, or money that does not close
├── GoneError      an agent that is held by its window has left the region
└── OutputError    results cannot be written where the user asked

`SpecError` and `OutputError` are the user's to mend (the command line exits with 2); the others are ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class EcosimError(Exception):
    """Root of the family: `except EcosimError` catches every deliberate refusal."""


class DataError(EcosimError):
    """A region pack is missing a file, or a number in it is absent or contradictory."""


class LedgerError(EcosimError):
    """Money would be spent that is not there, or the flows of a quarter do not sum to zero."""


class GoneError(EcosimError):
    """An agent that was held in a variable has closed; its row may belong to another by now."""


class OutputError(EcosimError):
    """Results cannot be written where the user asked."""


class Place(NamedTuple):
    """A position in a file the user wrote; line and column count from 1, line 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where it is, what is wrong with which value, and what to write instead."""

    place: Place | str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.remedy}"


class SpecError(EcosimError):
    """What the user wrote cannot be run. `faults` holds every fault in reading order."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
