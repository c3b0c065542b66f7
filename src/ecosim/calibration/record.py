"""The posterior's files, and the tables that tell from them what the data moved and what they did not.

posterior.csv and posterior.yaml are what a region pack ships; everything told about a calibration is read off them.
"""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.stats import kstest

from .. import parameters, regions
from ..fit.table import data_of
from ..manifest import library_versions
from ..regions.posterior import LEADING, POSTERIOR_FILES, Posterior, read_posterior
from .course import Calibration
from .free import FREE, places, uncertain
from .waves import CUT

EDGES = (0.05, 0.5, 0.95)
SEEDS = "draw k is run with seed k + 1; chance is measured on the first seeds of draw 0"
METHOD = (
    "history matching with a sparse regression as stand-in for the model, then rejection on simulated runs; "
    "every row of the posterior is a prior draw that was simulated, all of equal weight"
)
SURE = 0.001
"""Chance, were a parameter still spread as in its prior, below which the data have moved it."""


def write_posterior(found: Calibration, folder: Path) -> Posterior:
    """Write posterior.csv and posterior.yaml, each at once or not at all, and read them back."""
    table, told = (folder / name for name in POSTERIOR_FILES)
    aside = table.with_suffix(".partial")
    with aside.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([*LEADING, *found.plan.free])
        for row, draw in enumerate(found.draws):
            yearly = parameters.values(draw, dict(found.plan.scenario.parameters))
            rows.writerow([row, draw, *(repr(yearly[name]) for name in found.plan.free)])
    aside.replace(table)
    aside = told.with_suffix(".partial")
    aside.write_text(yaml.safe_dump(about(found), sort_keys=False, allow_unicode=True, width=120), encoding="utf-8", newline="\n")
    aside.replace(told)
    shipped = read_posterior(folder)
    if shipped is None:
        raise FileNotFoundError(table)
    return shipped


def about(found: Calibration) -> dict[str, Any]:
    """What posterior.yaml says."""
    plan = found.plan
    origin = {name: value for name, value in plan.about().items() if name not in ("free", "targets", "libraries")}
    return {
        "date": datetime.date.today().isoformat(),
        **origin,
        "rows": len(found.draws),
        "method": METHOD,
        "seeds": SEEDS,
        "runs": found.work.runs,
        "failures": [f"draw {draw}, seed {seed}: {why}" for (draw, seed), why in found.work.failures.items()],
        "seconds_of_runs": round(found.work.seconds, 1),
        "distance": dict(zip(("nearest", "median", "farthest"), rounded(np.quantile(found.away, (0.0, 0.5, 1.0))), strict=True)),
        "ruled_out_though_near": found.ruled_out,
        "facts_allowed_against": [cut.allowed for cut in found.region.cuts],
        "libraries": library_versions(),
        "free": {name: FREE.get(name, "named by hand") for name in plan.free},
        "moments": moments_told(found),
    }


def rounded(values: Any) -> list[float]:
    """Numbers to six significant digits, as plain floats."""
    return [float(f"{float(value):.6g}") for value in np.asarray(values).ravel()]


def moments_told(found: Calibration) -> dict[str, dict[str, Any]]:
    """Each moment aimed at: fact, aim, spread, what the prior and the posterior give, what the stand-in explains."""
    learnt = found.region.cuts[-1].learnt
    told = {}
    for place, target in enumerate(found.plan.targets):
        told[target.id] = {
            "fact": target.fact,
            "value": target.value,
            "spread": rounded(np.hypot(target.spread, np.sqrt(found.noise[place])))[0],
            "prior": rounded(np.nanquantile(found.before[:, place], EDGES)),
            "posterior": rounded(np.nanquantile(found.after[:, place], EDGES)),
            "explained": round(max(0.0, learnt[place].explained), 2),
            "in_reach": bool(found.region.rows[place]),
        }
    return told


def parameters_table(shipped: Posterior) -> pd.DataFrame:
    """Every uncertain parameter: prior, posterior, shrinkage (1 - sd of posterior / sd of prior), whether it moved.

    Spreads and the test of Kolmogorov and Smirnov are on the quantiles of the prior, which are uniform before any fit.
    """
    names = uncertain()
    place = places(shipped.prior_draws, names)
    free = set(shipped.values[0])
    rows = []
    for at, name in enumerate(names):
        prior = parameters.catalogue()[name]
        drawn = np.array([prior.at(float(quantile)) for quantile in place[:, at]])
        before = np.array([prior.at((step + 0.5) / 1000) for step in range(1000)])
        chance = float(kstest(place[:, at], "uniform").pvalue)
        rows.append(
            {
                "parameter": name, "free": name in free, "unit": prior.unit, "meaning": prior.meaning,
                **{f"prior_{name}": value for name, value in zip(("lo", "median", "hi"), np.quantile(before, EDGES), strict=True)},
                **{f"posterior_{name}": value for name, value in zip(("lo", "median", "hi"), np.quantile(drawn, EDGES), strict=True)},
                "shrinkage": 1.0 - float(drawn.std(ddof=1) / before.std()), "chance": chance, "moved": chance < SURE,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def moments_table(shipped: Posterior) -> pd.DataFrame:
    """Every moment aimed at: data, prior and posterior (median, middle 90%), misfit of the posterior's median, verdict.

    inside: the median lies in the interval of the data; near: outside, but no farther than data, discrepancy and chance
    let a fact lie before it speaks against a draw; missed: farther.
    """
    rows = data_of(regions.load(shipped.region))
    found = []
    for key, told in shipped.about["moments"].items():
        away = (told["posterior"][1] - told["value"]) / told["spread"]
        inside = rows[key]["low"] <= told["posterior"][1] <= rows[key]["high"]
        verdict = "inside" if inside else "near" if abs(away) <= CUT else "missed"
        found.append(
            {
                "id": key, "fact": told["fact"],
                **{name: rows[key][name] for name in ("label_en", "label_zh", "unit", "value", "low", "high")},
                **{f"prior_{name}": value for name, value in zip(("lo", "median", "hi"), told["prior"], strict=True)},
                **{f"posterior_{name}": value for name, value in zip(("lo", "median", "hi"), told["posterior"], strict=True)},
                "misfit": away, "explained": told["explained"], "in_reach": told["in_reach"], "verdict": verdict,
            }
        )  # fmt: skip
    return pd.DataFrame(found)


def correlations(shipped: Posterior) -> np.ndarray:
    """Correlations between the free parameters in the posterior, on the quantiles of their priors."""
    names = [name for name in uncertain() if name in shipped.values[0]]
    found: np.ndarray = np.corrcoef(places(shipped.prior_draws, names), rowvar=False)
    return np.atleast_2d(found)
