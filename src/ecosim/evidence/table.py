"""The studies beside their simulated twins: one row each, misses as they are. There is no quota of passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from ..errors import Fault, SpecError
from ..manifest import manifest_of
from ..wording import Words, suggestion
from ..workers import Progress, usable_processors
from .lab import setting
from .study import INFINITY, NAN, Reading, Row, Study, studies
from .trial import Trial, trials

if TYPE_CHECKING:
    import pandas as pd

FULL, QUICK = (200, 50), (16, 16)
"""Seeds, each at a posterior draw of its own, and draws from the prior, of the whole table and of a quick look."""

SIGNIFICANT = 1.96
FALSE_ALARMS = 0.10
"""Share of experiments in which a placebo may look like an effect; chance alone gives 0.05."""
CLEAR, BIASED = 2.0, 3.0
"""Standard errors of a mean over experiments: by which a direction or a planted effect has to stand out, and beyond which a placebo's
mean is a bias and not chance (one in 370 for one row; some fifty rows are looked at together)."""
NEGLIGIBLE = 0.1
"""Part of the width of a published range within which a bias changes nothing."""
LEAST = 0.5
"""Share of experiments that must have given an estimate before a row says anything."""
COMMON = 0.5
"""A row that this share of prior draws passes is no test: almost any parameters would do."""

Verdict = Literal["inside", "near", "missed", "no data"]
Works = Literal["works", "biased", "fails", "none"]


class Control(NamedTuple):
    """What the controls of a row's experiments say together.

    word: whether the control works; mean, error: over experiments, with the standard error of that mean; found: share of experiments
    in which the control by itself differs from zero.
    """

    word: Works
    mean: float
    error: float
    found: float


@dataclass(frozen=True)
class Evidence:
    """What came of the studies.

    table: one row for each published figure: id, study, setting, label_en, label_zh, unit, role, kind, published, lo, hi,
    estimate, est_lo, est_hi (mean over seeds and the middle 95% of experiments), z = (estimate - published) over the root of the
    summed squares of the published standard error and of the mean's own (nan where no standard error was published),
    true_effect (twin worlds), prior_pass_share, verdict, control (works, biased, fails, none), control_mean, control_error,
    selection (all three over experiments), power (of a null: share of experiments that find the planted effect), alarms (of an
    effect: share in which the placebo looks like one), plant, plant_note, counts (a validation row whose control works and that fewer
    than half of the prior draws pass), experiments, short (their world had not what the study had), lost (broke off, or without an
    estimate), note.
    failures: experiments that gave nothing, and why.
    """

    table: pd.DataFrame
    failures: tuple[Trial, ...]
    manifest: Mapping[str, Any]


def evidence(
    ids: Sequence[str] = (),
    *,
    quick: bool = False,
    seeds: int | None = None,
    draws: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """Run the studies named by ids ("V1", "G2.small"; all if none) inside the model.

    seeds, draws: experiments at posterior draws and at draws from the prior (200 and 50; 16 and 16 if `quick`).
    Raises SpecError for ids or numbers that are none.
    """
    begin = perf_counter()
    usual = QUICK if quick else FULL
    seeds, draws = (default if given is None else given for given, default in zip((seeds, draws), usual, strict=True))
    refuse_numbers(seeds, draws)
    chosen = selected(ids)
    found = trials(chosen, seeds, draws, workers or usable_processors(), progress or (lambda note, done, total: None))
    failures = tuple(trial for trial in found if trial.failure)
    manifest = manifest_of([setting({}, 1, 1.0, {})], list(range(1, seeds + 1)), [None], perf_counter() - begin, {}, "posterior")
    manifest |= {"studies": [study.name for study in chosen], "prior_draws": draws, "failed_experiments": len(failures)}
    return Evidence(table_of(chosen, found), failures, manifest)


def refuse_numbers(seeds: int, draws: int) -> None:
    """Raise SpecError for numbers of experiments that say nothing."""
    given = {"seeds": (seeds, 2), "draws": (draws, 1)}
    faults = [
        Fault(name, Words(f"{number} is too few", f"{number} 太少"), Words(f"Give {least} or more", f"请给 {least} 或更大的数"))
        for name, (number, least) in given.items()
        if number < least
    ]
    if faults:
        raise SpecError(faults)


def selected(ids: Sequence[str]) -> list[Study]:
    """The studies that hold the rows asked for. Raises SpecError naming every id that no study has."""
    known = {name: study for study in studies() for name in (*study.ids, *(row.id for row in study.rows))}
    named = sorted(name for name in known if "." not in name)
    faults = [
        Fault("evidence", Words(f"there is no study {name!r}", f"没有研究 {name!r}"), suggestion(name, named))
        for name in ids
        if name not in known
    ]
    if faults:
        raise SpecError(faults)
    wanted = {known[name].name for name in ids}
    return [study for study in studies() if not ids or study.name in wanted]


def table_of(chosen: Sequence[Study], found: Sequence[Trial]) -> pd.DataFrame:
    """One row for each published figure of the studies."""
    import pandas as pd

    return pd.DataFrame([_line(study, row, found) for study in chosen for row in study.rows])


def _line(study: Study, row: Row, found: Sequence[Trial]) -> dict[str, Any]:
    of_study = [trial for trial in found if trial.task.study == study.name and not trial.failure]
    own = [trial.readings[row.id] for trial in of_study if trial.task.source == "posterior"]
    prior = [trial.readings[row.id] for trial in of_study if trial.task.source == "prior"]
    tried = [trial for trial in found if trial.task.study == study.name]
    short = sum(trial.short for trial in tried)
    estimates = np.array([reading.estimate for reading in own if np.isfinite(reading.estimate)])
    passed = [passes(row, reading) for reading in prior if np.isfinite(reading.estimate)]
    share = float(np.mean(passed)) if passed else NAN
    lo, hi = (float(np.quantile(estimates, part)) if len(estimates) else NAN for part in (0.025, 0.975))
    middle = float(estimates.mean()) if len(estimates) else NAN
    truth = mean_of([reading.truth for reading in own])
    control = control_of(row, own)
    asked = sum(trial.task.source == "posterior" for trial in tried)
    verdict = verdict_of(row, estimates, truth) if len(estimates) >= LEAST * asked else "no data"
    return {
        "id": row.id, "study": study.source.citation, "setting": study.source.setting, "label_en": row.label_en,
        "label_zh": row.label_zh, "unit": row.unit, "role": study.role, "kind": row.kind, "published": row.published,
        "lo": row.lo, "hi": row.hi, "estimate": middle, "est_lo": lo, "est_hi": hi, "z": z_of(row, estimates),
        "true_effect": truth, "prior_pass_share": share, "verdict": verdict, "control": control.word,
        "control_mean": control.mean, "control_error": control.error, "power": control.found if row.is_null else NAN,
        "alarms": NAN if row.is_null else control.found, "plant": row.plant, "plant_note": row.plant_note,
        "counts": study.role == "validation" and control.word in ("works", "none") and share < COMMON and verdict != "no data",
        "selection": mean_of([reading.selection for reading in own]),
        "experiments": len(estimates), "short": short, "lost": len(tried) - short - len(estimates) - len(passed), "note": row.note,
    }  # fmt: skip


def mean_of(values: Sequence[float]) -> float:
    """Mean of what there is; nan of nothing."""
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else NAN


def z_of(row: Row, estimates: np.ndarray) -> float:
    """Distance between the simulated mean and the published figure in standard errors of both."""
    if len(estimates) < 2 or not np.isfinite(row.error):
        return NAN
    own = float(estimates.std(ddof=1)) / len(estimates) ** 0.5
    return float((estimates.mean() - row.published) / (row.error**2 + own**2) ** 0.5)


def passes(row: Row, reading: Reading) -> bool:
    """Whether one experiment by itself would agree with the published figure."""
    inside = row.lo <= reading.estimate <= row.hi
    hidden = row.is_null and np.isfinite(reading.truth) and not row.lo <= reading.truth <= row.hi
    return inside and not hidden


def verdict_of(row: Row, estimates: np.ndarray, truth: float) -> Verdict:
    """inside: the mean agrees (for a direction: by more than two standard errors; for a null: the twin's truth too); near: it
    does not, but some of the middle 95% of experiments do; missed: neither.
    """
    if len(estimates) < 2:
        return "no data"
    lo, hi = np.quantile(estimates, (0.025, 0.975))
    mean, margin = estimates.mean(), 0.0
    if row.kind == "sign":
        margin = CLEAR * estimates.std(ddof=1) / len(estimates) ** 0.5
    agrees = row.lo <= mean - margin and mean + margin <= row.hi
    if row.is_null and np.isfinite(truth):
        agrees = agrees and row.lo <= truth <= row.hi
    if agrees:
        return "inside"
    return "near" if lo <= row.hi and hi >= row.lo else "missed"


def control_of(row: Row, readings: Sequence[Reading]) -> Control:
    """Whether the control works, by the statistic that decides the verdict, the mean over experiments.

    A null: with the planted effect, the mean lies outside the tolerance by two standard errors, so that the verdict would not be "no
    effect". An effect: the placebo's mean is zero, within three standard errors and a tenth of the published range, and single
    placebos look like an effect no oftener than allowed. biased: the control works, but the method finds an effect on the winners where
    nobody was paid, by the same measure as a placebo's mean. none: a regularity has no treatment and needs no control. A control
    that could not be worked out in half of the experiments fails.
    """
    tests = [(r.control, r.control_error) for r in readings if np.isfinite(r.control) and np.isfinite(r.control_error)]
    if not tests:
        return Control("fails" if any(np.isfinite(reading.truth) for reading in readings) else "none", NAN, NAN, NAN)
    values, errors = np.array(tests).T
    mean, found = float(values.mean()), float((np.abs(values) > SIGNIFICANT * errors).mean())
    error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else INFINITY
    if row.is_null:
        works = mean - CLEAR * error > row.hi or mean + CLEAR * error < row.lo
    else:
        allowed = FALSE_ALARMS + 2.0 * (FALSE_ALARMS * (1.0 - FALSE_ALARMS) / len(tests)) ** 0.5
        works = negligible(row, values) and found <= allowed
    if not works or 2 * len(tests) < len(readings):
        return Control("fails", mean, error, found)
    selection = np.array([r.selection for r in readings if np.isfinite(r.selection)])
    return Control("works" if negligible(row, selection) else "biased", mean, error, found)


def negligible(row: Row, values: np.ndarray) -> bool:
    """Whether the mean of what should be zero is, within three standard errors and a tenth of the published range; so is nothing."""
    if len(values) < 2:
        return True
    width = row.hi - row.lo if np.isfinite(row.hi - row.lo) else 0.0
    return bool(abs(values.mean()) <= BIASED * values.std(ddof=1) / len(values) ** 0.5 + NEGLIGIBLE * width)
