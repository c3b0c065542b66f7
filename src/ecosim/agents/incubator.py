"""Incubators in four stages: places, tenants, rent. Stage: house (rent and upkeep)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..columns import Codes, Floats, Ints, code, identity, number, rows_where
from ..kernel import kernel
from ..ledger import UNIT
from ..parameters import Prior
from .firm import TENANT

MAKER_SPACE, INCUBATOR, ACCELERATOR, PARK = range(4)
STAGES = ("maker_space", "incubator", "accelerator", "park")


class Incubators(NamedTuple):
    """One row is one carrier or maker space."""

    id: Annotated[Ints, identity("identity")]
    stage: Annotated[Codes, code("0 maker space, 1 incubator, 2 accelerator, 3 park")]
    level: Annotated[Codes, code("0 national, 1 provincial, 2 other")]
    district: Annotated[Codes, code("district")]
    focus: Annotated[Codes, code("technology class it favours; -1 none")]
    places: Annotated[Floats, number("places", "firms and teams it can house")]
    tenants: Annotated[Floats, number("tenants", "firms and teams it houses")]
    quality: Annotated[Floats, number("0-1", "quality of its services")]
    area: Annotated[Floats, number("m2", "floor area")]
    cash: Annotated[Floats, number("yuan", "deposit")]


class IncubatorTraits(NamedTuple):
    """What tenancy costs and brings."""

    rent: Annotated[
        float, Prior(20_000.0, 8_000.0, 50_000.0, "yuan/year", "rent of a tenant firm", "在孵企业租金", scale="log", per="flow", money=1.0)
    ]
    mentoring: Annotated[
        float,
        Prior(
            0.5,
            0.0,
            1.0,
            "1",
            "rise of the odds of a venture round for tenants of the best incubator",
            "最优载体使在孵企业获创投几率的上升",
        ),
    ]
    applications: Annotated[float, Prior(5.0, 3.0, 8.0, "carriers", "carriers a founder looks at", "创业者考察的载体数")]


@kernel
def house(alive, stratum, carrier, net, profit_year, share, incubator_cash, rent):
    """Tenant firms pay rent to their carrier; returns rent in exact units. share: part of the rent each firm pays itself."""
    total = 0
    housed = np.empty(alive.size, np.int8)
    for i in range(alive.size):
        housed[i] = 1 if (alive[i] == 1) & (stratum[i] == TENANT) & (carrier[i] >= 0) else 0
    for i in rows_where(housed):
        amount = rent * share[i]
        net[i] -= amount
        profit_year[i] -= amount
        incubator_cash[carrier[i]] += amount
        total += int(amount * UNIT)
    return total


@kernel
def admit(stratum, tech_class, incubators, places, draws, carrier):
    """Carriers take founders in, in the order given: the best with a free place of those a founder looks at, by service and focus.

    draws: founders x carriers looked at, uniform; carrier: the place found, -1 for none (output); places: factor on places.
    """
    for f in range(stratum.size):
        best, best_value = -1, -1.0
        for d in range(draws.shape[1]):
            c = min(int(draws[f, d] * incubators.places.size), incubators.places.size - 1)
            value = incubators.quality[c] + (0.3 if incubators.focus[c] == tech_class[f] else 0.0)
            better = (incubators.tenants[c] < incubators.places[c] * places) & (value > best_value)
            best, best_value = c if better else best, value if better else best_value
        carrier[f] = best if stratum[f] >= TENANT else -1
        if carrier[f] >= 0:
            incubators.tenants[best] += 1.0
