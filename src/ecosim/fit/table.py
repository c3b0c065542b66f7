"""The model beside the data: figures of the start, changes of the first year, shapes that studies report.

No row here is a validation. A row is an *input* where its number enters a rule, a prior or the start, and
then agreement is arithmetic; the others are *targets*: the rules were chosen with them in view, and no
parameter has been fitted to them. What does not fit is in `Fit.misses`; `Fit.moments` leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np
import pandas as pd

from .. import parameters, population, regions, scenario
from ..comparison import RUNNING
from ..errors import DataError, Fault, SpecError
from ..kernel import cache_is_warm
from ..manifest import manifest_of
from ..quantity import quarter_label
from ..simulation import COMPILING
from ..wording import Words
from ..workers import Progress
from . import panel
from .moments import INPUTS, MOMENTS
from .panel import History

CLOSE = 0.02
"""A published stock of the start counts as met within this share of it."""
NAN = float("nan")


@dataclass(frozen=True)
class Fit:
    """The comparison of one scenario with the data of its region.

    moments: one row each, with columns id, label_en, label_zh, unit, kind (stock, change, shape), when;
    value, low, high (the data); model, model_lo, model_hi (central parameters: mean and range over seeds);
    within; role (input, target); no_change and trend (what a forecast of no change, and of the yearly change
    of the years before, would have said of a change); prior_lo, prior_hi (least and largest mean over seeds
    among all draws of the parameters); source, grade, note. manifest: what it was made from.
    """

    moments: pd.DataFrame
    manifest: Mapping[str, Any]

    @property
    def misses(self) -> pd.DataFrame:
        """The rows where the model lies outside the interval of the data, or has no value."""
        return self.moments[~self.moments["within"]].reset_index(drop=True)

    def table(self, language: Literal["zh", "en"] = "en") -> pd.DataFrame:
        """The moments with one column `label` in the language asked for, misses marked by `within`."""
        named = self.moments.drop(columns=["label_en", "label_zh"])
        named.insert(1, "label", self.moments[f"label_{language}"])
        return named


def fit(
    source: str | Path | scenario.Scenario,
    seeds: int = 4,
    draws: int = 4,
    progress: Progress | None = None,
) -> Fit:
    """Run the scenario's first five years for every draw and seed, and set the model beside the data.

    draws: draw 0 holds the central parameters, the others span the priors; progress: told of runs as they
    end. Raises SpecError if the scenario does not begin where the data end, or ends within a year.
    """
    begin = perf_counter()
    asked = source if isinstance(source, scenario.Scenario) else scenario.load(source)
    pack = regions.load(asked.region)
    refuse(asked, pack, seeds, draws)
    ids = rows_of(pack)
    if progress is not None and not cache_is_warm():
        progress(COMPILING, 0, draws * seeds)
    found = np.full((draws, seeds, len(ids)), NAN)
    for draw in range(draws):
        traits = parameters.traits(parameters.values(draw, dict(asked.parameters)))
        for seed in range(1, seeds + 1):
            history = one_run(asked, pack, traits, seed)
            found[draw, seed - 1] = [MOMENTS[key].read(history) for key in ids]
            if progress is not None:
                progress(RUNNING, draw * seeds + seed, draws * seeds)
    rows = [row(pack, key, found[:, :, place]) for place, key in enumerate(ids)]
    seconds = perf_counter() - begin
    manifest = manifest_of([asked], list(range(1, seeds + 1)), list(range(draws)), seconds, {})
    return Fit(pd.DataFrame(rows), manifest)


def refuse(asked: scenario.Scenario, pack: regions.RegionPack, seeds: int, draws: int) -> None:
    """Raise SpecError for what cannot be compared with the data."""
    given = {"seeds": seeds, "draws": draws}
    faults = [
        Fault("fit", Words(f"{name} is {number}", f"{name} 为 {number}"), Words("Give 1 or more", "请给出 1 或更大的数"))
        for name, number in given.items()
        if number < 1
    ]
    begin = quarter_label(pack.initial_quarter + 1)
    if asked.start != pack.initial_quarter + 1:
        message = Words(
            f"the scenario starts in {quarter_label(asked.start)}, the data describe the year from {begin}",
            f"情景始于 {quarter_label(asked.start)}，而数据描述的是自 {begin} 起的一年",
        )
        faults.append(Fault(f"{asked.name}: start", message, Words(f"Start in {begin}", f"请从 {begin} 开始")))
    if asked.end < asked.start + 3:
        message = Words("the scenario ends within its first year", "情景在第一年内就结束")
        faults.append(Fault(f"{asked.name}: end", message, Words("Simulate one year at least", "请至少模拟一年")))
    if faults:
        raise SpecError(faults)


def rows_of(pack: regions.RegionPack) -> list[str]:
    """Ids of all rows, stocks of the start first. Raises DataError for a moment that nothing measures."""
    listed = [str(key) for key in pack.table("moments")["id"]]
    unknown = [key for key in listed if key not in MOMENTS]
    if unknown:
        raise DataError(f"moments.csv of {pack.name}: fit.moments.MOMENTS has no measure of {', '.join(unknown)}")
    return [*panel.START, *(key for key in listed if key not in panel.START)]


def one_run(asked: scenario.Scenario, pack: regions.RegionPack, traits: parameters.Traits, seed: int) -> History:
    """One world, watched for up to five whole years."""
    region = population.start(pack, dict(asked.policies), traits, seed, asked.start, asked.end, asked.population_scale)
    whole_years = (asked.end + 1 - asked.start) // 4
    history = panel.watched(region, asked.start + 4 * min(panel.YEARS, whole_years) - 1)
    history.start["gdp_2019"] = pack["gdp_2019"]
    return history


def row(pack: regions.RegionPack, key: str, found: np.ndarray) -> dict[str, Any]:
    """One row of the table. found: the model's values, draws x seeds."""
    data = of_start(pack, key) if key in panel.START else of_table(pack, key)
    means = found.mean(axis=1)
    no_change, trend = forecasts(pack, key)
    return {
        "id": key,
        **{name: data[name] for name in ("label_en", "label_zh", "unit", "kind")},
        "when": MOMENTS[key].when,
        **{name: float(data[name]) for name in ("value", "low", "high")},
        "model": float(means[0]),
        "model_lo": float(found[0].min()),
        "model_hi": float(found[0].max()),
        "within": bool(data["low"] <= means[0] <= data["high"]),
        "role": "input" if key in INPUTS else "target",
        "no_change": no_change,
        "trend": trend,
        "prior_lo": float(means.min()),
        "prior_hi": float(means.max()),
        **{name: data[name] for name in ("source", "grade", "note")},
    }


def of_start(pack: regions.RegionPack, key: str) -> dict[str, Any]:
    """A figure of the start: met within two per cent, or within its range where it is assumed or borrowed."""
    figure = pack.figure(key)
    entry = {**vars(figure), "kind": "stock"}
    if figure.grade != "assumed" and key not in panel.SHARES:
        entry |= {"low": (1.0 - CLOSE) * figure.value, "high": (1.0 + CLOSE) * figure.value}
    return entry


def of_table(pack: regions.RegionPack, key: str) -> dict[str, Any]:
    """A row of moments.csv, with the interval given there."""
    table = pack.table("moments")
    place = [str(listed) for listed in table["id"]].index(key)
    entry: dict[str, Any] = {name: column[place] for name, column in table.items()}
    return entry


def forecasts(pack: regions.RegionPack, key: str) -> tuple[float, float]:
    """What two plain forecasts say of a change: nothing changes; it goes on as before. nan for other rows."""
    if key == "rd_growth_2020":
        return 0.0, float((pack["rd_2019"] / pack["rd_2015"]) ** 0.25 - 1.0)
    if key == "rd_gdp_change_2020":
        return 0.0, NAN
    if key == "hightech_change_2020":
        yearly = float((pack["hightech_firms_2019"] / pack["hightech_firms_2016"]) ** (1.0 / 3.0) - 1.0)
        return 0.0, yearly * pack["hightech_firms_2019"]
    return NAN, NAN
