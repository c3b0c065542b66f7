"""The model beside the data: figures of the start, changes of the first year, shapes that studies report.

No row here is a validation. A row is an *input* where its number enters a rule, a prior or the start, and
then agreement is arithmetic; *calibrated* where the parameters shown were fitted to it; the others are *targets*:
the rules were chosen with them in view. What does not fit is in `Fit.misses`; `Fit.moments` leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np
import pandas as pd

from .. import population, regions, scenario, sources
from ..comparison import RUNNING
from ..errors import DataError, Fault, SpecError
from ..kernel import cache_is_warm
from ..manifest import manifest_of
from ..parameters import Traits, traits
from ..quantity import quarter_label
from ..regions.tables import TABLES, Table, read_table
from ..simulation import COMPILING
from ..sources import Source
from ..wording import Words
from ..workers import Progress
from . import panel, price_cut
from .moments import INPUTS, MOMENTS
from .panel import History

CLOSE = 0.02
"""A published stock of the start counts as met within this share of it."""
NAN = float("nan")
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Fit:
    """The comparison of one scenario with the data of its region.

    moments: one row each, with columns id, label_en, label_zh, unit, kind (stock, change, shape), when;
    value, low, high (the data); model, model_lo, model_hi (the source of parameters asked for: median over
    draws of the mean over seeds, and the middle 90% of all runs); within; role (input, target, calibrated); no_change and
    trend (what a forecast of no change, and of the yearly change of the years before, would have said of a
    change); prior, prior_lo, prior_hi and posterior, posterior_lo, posterior_hi (median and middle 90% over
    draws; nan where that source was not run); source, grade, note. manifest: what it was made from.
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
    draws: int | None = None,
    parameters: Source = "posterior",
    progress: Progress | None = None,
) -> Fit:
    """Run the scenario's first five years for every draw and seed, and set the model beside the data.

    draws: of each source, 16 if None; parameters: the source that is judged. A posterior is set beside the
    priors, so both are run. progress: told of runs as they end. Raises SpecError if the scenario does not begin
    where the data end, or ends within a year.
    """
    begin = perf_counter()
    asked = source if isinstance(source, scenario.Scenario) else scenario.load(source)
    pack = regions.load(asked.region)
    drawn = sources.draws_of(parameters, draws)
    refuse(asked, pack, seeds, drawn, parameters)
    ids = rows_of(pack)
    wanted = sources_beside(asked.region, parameters)
    total = len(wanted) * drawn * seeds
    tell = progress if progress is not None else silent
    if not cache_is_warm():
        tell(COMPILING, 0, total)
    runs = {source: np.full((drawn, seeds, len(ids)), NAN) for source in wanted}
    for done, (source, draw, seed) in enumerate(product(wanted, range(drawn), range(seeds)), start=1):
        runs[source][draw, seed] = measured(asked, pack, traits_of(asked, draw, source), seed + 1, ids)
        tell(RUNNING, done, total)
    aims = aimed_at(asked.region, parameters)
    rows = [row(pack, key, {source: found[:, :, place] for source, found in runs.items()}, key in aims) for place, key in enumerate(ids)]
    seconds = perf_counter() - begin
    manifest = manifest_of([asked], list(range(1, seeds + 1)), list(range(drawn)), seconds, {}, parameters)
    return Fit(pd.DataFrame(rows), manifest)


def silent(note: str, done: int, total: int) -> None:
    """Nobody waits."""


def sources_beside(region: str, asked: Source) -> tuple[Source, ...]:
    """The sources to run, the one that is judged first: a posterior has the priors beside it."""
    if asked == "posterior" and sources.posterior_in_use(region, asked) is not None:
        return ("posterior", "prior")
    return ("point",) if asked == "point" else ("prior",)


def traits_of(asked: scenario.Scenario, draw: int, source: Source) -> Traits:
    """The parameters of one draw as the kernels read them."""
    return traits(sources.values(asked.region, draw, dict(asked.parameters), source))


def refuse(asked: scenario.Scenario, pack: regions.RegionPack, seeds: int, draws: int, source: Source) -> None:
    """Raise SpecError for what cannot be compared with the data."""
    faults = list(sources.draw_faults(asked.region, draws, source))
    if seeds < 1:
        remedy = Words("Give 1 or more", "请给出 1 或更大的数")
        faults.append(Fault("seeds", Words(f"{seeds} is out of range", f"{seeds} 超出范围"), remedy))
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


def measured(asked: scenario.Scenario, pack: regions.RegionPack, scalars: Traits, seed: int, ids: Sequence[str]) -> list[float]:
    """The model's value of each row in one world, its twin with a lower price of R&D included where a row needs it."""
    history = one_run(asked, pack, scalars, seed)
    if set(ids) & set(price_cut.ROWS):
        history.start.update(zip(price_cut.ROWS, price_cut.elasticities(asked, pack, scalars, seed), strict=True))
    return [MOMENTS[key].read(history) for key in ids]


def data_of(pack: regions.RegionPack) -> dict[str, dict[str, Any]]:
    """Every row that is compared, by id: those of the pack, and for a real city what studies published."""
    tables = [pack.table("moments")] + ([] if pack.fictional else [published()])
    rows = [dict(zip(table, cells, strict=True)) for table in tables for cells in zip(*table.values(), strict=True)]
    return {str(row["id"]): row for row in rows}


@cache
def published() -> Table:
    """Figures of studies that belong to no city."""
    return read_table(Path(__file__).parent / "published.csv", TABLES["moments"])


def rows_of(pack: regions.RegionPack) -> list[str]:
    """Ids of all rows, stocks of the start first. Raises DataError for a moment that nothing measures."""
    listed = list(data_of(pack))
    unknown = [key for key in listed if key not in MOMENTS]
    if unknown:
        raise DataError(f"moments.csv of {pack.name}: fit.moments.MOMENTS has no measure of {', '.join(unknown)}")
    return [*panel.START, *(key for key in listed if key not in panel.START)]


def one_run(asked: scenario.Scenario, pack: regions.RegionPack, scalars: Traits, seed: int) -> History:
    """One world, watched for up to five whole years."""
    region = population.start(pack, dict(asked.policies), scalars, seed, asked.start, asked.end, asked.population_scale)
    whole_years = (asked.end + 1 - asked.start) // 4
    history = panel.watched(region, asked.start + 4 * min(panel.YEARS, whole_years) - 1)
    history.start["gdp_2019"] = pack["gdp_2019"]
    return history


def aimed_at(region: str, source: Source) -> frozenset[str]:
    """Ids of the rows to which the parameters were fitted; none for priors."""
    shipped = sources.posterior_in_use(region, source)
    return frozenset() if shipped is None or "moments" not in shipped.about else frozenset(shipped.about["moments"])


def row(pack: regions.RegionPack, key: str, runs: Mapping[Source, np.ndarray], aimed: bool = False) -> dict[str, Any]:
    """One row of the table. runs: source, the judged one first, -> the model's values, draws x seeds; aimed: it was fitted to."""
    data = of_start(pack, key) if key in panel.START else data_of(pack)[key]
    judged = next(iter(runs.values()))
    model = float(np.median(judged.mean(axis=1)))
    no_change, trend = forecasts(pack, key)
    return {
        "id": key,
        **{name: data[name] for name in ("label_en", "label_zh", "unit", "kind")},
        "when": MOMENTS[key].when,
        **{name: float(data[name]) for name in ("value", "low", "high")},
        "model": model,
        "model_lo": float(np.quantile(judged, LOW)),
        "model_hi": float(np.quantile(judged, HIGH)),
        "within": bool(data["low"] <= model <= data["high"]),
        "role": "input" if key in INPUTS else "calibrated" if aimed else "target",
        "no_change": no_change,
        "trend": trend,
        **over_draws("prior", runs.get("prior")),
        **over_draws("posterior", runs.get("posterior")),
        **{name: data[name] for name in ("source", "grade", "note")},
    }


def over_draws(name: str, found: np.ndarray | None) -> dict[str, float]:
    """Median and middle 90% over draws of the mean over seeds. found: draws x seeds, None if not run."""
    columns = (name, f"{name}_lo", f"{name}_hi")
    if found is None:
        return dict.fromkeys(columns, NAN)
    return {column: float(np.quantile(found.mean(axis=1), part)) for column, part in zip(columns, (0.5, LOW, HIGH), strict=True)}


def of_start(pack: regions.RegionPack, key: str) -> dict[str, Any]:
    """A figure of the start: met within two per cent, or within its range where it is assumed or borrowed."""
    figure = pack.figure(key)
    entry = {**vars(figure), "kind": "stock"}
    if figure.grade != "assumed" and key not in panel.SHARES:
        entry |= {"low": (1.0 - CLOSE) * figure.value, "high": (1.0 + CLOSE) * figure.value}
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
