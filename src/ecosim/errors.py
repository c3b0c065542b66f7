"""The error family. Everything ecosim raises on purpose is one of these; anything else is a defect.

EcosimError
├── SpecError      what the user wrote cannot be run: scenario, plan, option; carries every fault found
├── DataError      a file of a region pack is missing, torn or contradicts itself
├── LedgerError    a payment the payer cannot bear, or money that does not close
├── GoneError      an agent that is held by its window has left the region
└── OutputError    results cannot be written where the user asked

`SpecError` and `OutputError` are the user's to mend (the command line exits with 2); the others are ours.
"""

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .wording import Language, Words, told


class EcosimError(Exception):
    """Root of the family: `except EcosimError` catches every deliberate refusal."""

    def told(self, language: Language) -> str:
        """The message in the reader's language."""
        return told(self.args[0], language) if self.args else ""


class DataError(EcosimError):
    """A region pack is missing a file, or a number in it is absent or contradictory."""


class LedgerError(EcosimError):
    """Money would be spent that is not there, or the flows of a quarter do not sum to zero."""


class GoneError(EcosimError):
    """An agent that was held in a variable has closed; its row may belong to another by now."""


class OutputError(EcosimError):
    """Results cannot be written where the user asked."""

    def __init__(self, message: Words):
        super().__init__(message)


SYSTEM_REASONS = {
    errno.ENOENT: "没有这个文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "操作不被允许",
    errno.EROFS: "只读磁盘",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "名称过长",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ELOOP: "链接相互指向",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "文件夹不空",
    errno.EBUSY: "正被占用",
}


def system_reason(error: OSError) -> Words:
    """Why the operating system refused."""
    said = error.strerror or type(error).__name__
    return Words(said, SYSTEM_REASONS.get(error.errno or 0, said))


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
    message: Words
    remedy: Words

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.remedy}"

    def told(self, language: Language) -> str:
        """The fault in the reader's language."""
        if language == "en":
            return str(self)
        return f"{self.place}：{told(self.message, language)}。{told(self.remedy, language)}"


class SpecError(EcosimError):
    """What the user wrote cannot be run. `faults` holds every fault in reading order."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: Language) -> str:
        """Every fault on a line of its own."""
        return "\n".join(fault.told(language) for fault in self.faults)
