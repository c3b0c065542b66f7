"""What a study is to the model: the rows it published, and the same experiment run inside a world.

A study is one file in `inputs` or `validation`; the folder is its role. It declares `ROWS`, what was published, and
`experiment(lab)`, which lives the study's own design in worlds of the lab and returns one `Reading` for each row.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Literal, NamedTuple

from .lab import Lab

NAN = float("nan")
INFINITY = float("inf")

Kind = Literal["interval", "band", "range", "null", "sign", "fade"]
"""What the published figure is: a confidence interval; a tolerance proposed around it; a range over countries; an effect of
zero within a tolerance; a direction; an effect that is gone."""

Role = Literal["input", "seen", "validation"]
"""input: the number entered a rule, a prior or the calibration; seen: it was looked at while the rules were found;
validation: it entered nowhere."""


class Row(NamedTuple):
    """One published figure. The model is inside where its estimate lies between lo and hi, in `unit`.

    id: such as "G2.small", the study's id before the dot; published: the point, nan where only a direction is known; kind: see
    `Kind`; note: what of lo and hi was proposed or computed here and not published; plant: for a null, the size of the effect
    that its control must tell from none, in `unit`, nan where the control lives another world; plant_note: where that size comes
    from, or what the other world is.
    """

    id: str
    label_en: str
    label_zh: str
    kind: Kind
    published: float
    lo: float
    hi: float
    unit: str
    note: str = ""
    plant: float = NAN
    plant_note: str = ""

    @property
    def error(self) -> float:
        """Standard error that a published 95% interval implies; nan for other kinds."""
        return (self.hi - self.lo) / 3.92 if self.kind == "interval" else NAN

    @property
    def is_null(self) -> bool:
        """Whether the study found nothing, so that the control has to find a planted effect."""
        return self.kind in ("null", "fade")


class Source(NamedTuple):
    """Where a study stands: its citation, setting and design in a few words, and how sure the figures are."""

    citation: str
    setting: str
    design: str
    confidence: str


class Reading(NamedTuple):
    """What one experiment says of one row.

    estimate, error: the study's estimator on its own sample, and its standard error; truth: the effect on the same firms from
    the twin world, without sampling error (nan for a regularity); control, control_error: for an effect, the same estimator
    where there can be none (cutoff moved, labels shuffled, mechanism off); for a null, the same estimator where there is an effect
    of declared size; selection: where winners are matched with others, what the estimator finds on the same firms in the world
    without money, which is selection that the study's method leaves in.
    """

    estimate: float
    error: float = NAN
    truth: float = NAN
    control: float = NAN
    control_error: float = NAN
    selection: float = NAN


class ShortError(Exception):
    """The world of an experiment has not what the study had, such as applicants enough for its sample."""


ENOUGH = 0.9
"""Part of the study's sample that an experiment must reach."""


def require(found: int, wanted: int, what: str) -> None:
    """Raise ShortError where a sample falls short of the study's."""
    if found < ENOUGH * wanted:
        raise ShortError(f"{found} {what}, the study had {wanted}")


class Study(NamedTuple):
    """One file of `inputs` or `validation`."""

    name: str
    role: Role
    source: Source
    rows: tuple[Row, ...]
    experiment: Callable[[Lab], Mapping[str, Reading]]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the study's rows before the dot: "G2" for "G2.small"."""
        return tuple(dict.fromkeys(row.id.partition(".")[0] for row in self.rows))


@cache
def studies() -> tuple[Study, ...]:
    """Every study, inputs first, in alphabetical order of ids."""
    found = []
    for folder in ("inputs", "validation"):
        package = import_module(f"{__package__}.{folder}")
        for file in pkgutil.iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{file.name}")
            role: Role = getattr(module, "ROLE", "input" if folder == "inputs" else "validation")
            found.append(Study(file.name, role, module.SOURCE, module.ROWS, module.experiment))
    return tuple(sorted(found, key=lambda study: (study.role == "validation", study.ids)))
