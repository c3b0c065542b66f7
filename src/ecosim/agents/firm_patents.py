"""Patents: applications by grade, examination, grant, lapse and value. Stage: patent."""

from __future__ import annotations

from math import floor
from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, log
from ..chance import Stream, normal, poisson, shock, uniform
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior

MILLION = 1e6


class PatentTraits(NamedTuple):
    """How research becomes patents."""

    level: Annotated[float, Prior(0.0, -0.34, 0.34, "ln", "log of the city's patents over the level that Jiangsu's average implies")]
    rd_power: Annotated[float, Prior(0.22, 0.10, 0.35, "1", "elasticity of applications to R&D of the year (K1)")]
    stock_power: Annotated[float, Prior(0.52, 0.35, 0.65, "1", "elasticity of applications to knowledge (K2)")]
    noise: Annotated[float, Prior(0.3, 0.15, 0.5, "ln", "passing spread of applications")]
    idle_rd: Annotated[float, Prior(20_000.0, 10_000.0, 50_000.0, "yuan/year", "R&D that firms without R&D count as having", scale="log")]
    invention_part: Annotated[
        float, Prior(0.377, 0.30, 0.45, "share", "inventions in invention and utility filings", source="CNIPA 2019 (A)")
    ]
    grant_rate: Annotated[float, Prior(0.473, 0.42, 0.53, "share", "inventions granted of those concluded", source="CNIPA 2020 (C)")]
    conclusion: Annotated[
        float,
        Prior(
            0.45, 0.42, 0.50, "1/year", "chance that an examination ends within the year (20 months)", source="CNIPA 2020 (C)", per="hazard"
        ),
    ]
    lapse: Annotated[float, Prior(0.10, 0.07, 0.14, "1/year", "inventions not renewed", source="IP5 2012 half-life (C)", per="hazard")]
    lapse_utility: Annotated[float, Prior(0.18, 0.12, 0.25, "1/year", "utility models not renewed", per="hazard")]
    value: Annotated[float, Prior(100_000.0, 40_000.0, 250_000.0, "yuan", "median private value of an invention patent", scale="log")]
    value_spread: Annotated[float, Prior(2.0, 1.6, 3.0, "ln", "spread of that value")]
    fee: Annotated[
        float, Prior(8_605.0, 5_000.0, 10_000.0, "yuan", "fees and agent of an invention application", source="tariff before 2021 (C)")
    ]
    utility_fee: Annotated[float, Prior(2_500.0, 1_500.0, 3_500.0, "yuan", "the same of a utility model", source="tariff before 2021 (C)")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", source="definition (A)", per="flow")]


@inlined_kernel
def application_rate(rd, stock, propensity, mood, traits):
    """Expected applications a year: a power of R&D and of knowledge (Hausman, Hall & Griliches 1984), lognormal between firms."""
    return exp(
        traits.level
        + traits.rd_power * log(max(rd, traits.idle_rd) / MILLION)
        + traits.stock_power * log(stock / MILLION)
        + propensity
        + traits.noise * mood
    )


@kernel
def patent(identity, money, books, research, knowledge, ventures, traits, seed, quarter):
    """File, examine, grant and lapse; returns fees in exact units, inventions and utility models filed, inventions granted."""
    fees, filed, filed_utility, grants = 0, 0, 0, 0
    rows = identity.alive.size
    rate, chance, other_chance, ending = np.empty(rows), np.empty(rows), np.empty(rows), np.empty(rows)
    for i in range(rows):
        who, live = identity.id[i], identity.alive[i] == 1
        expected = application_rate(
            research.rd[i] + ventures.project_rd[i] / traits.step,
            max(1.0, knowledge.knowledge[i]),
            np.float64(knowledge.propensity[i]),
            shock(seed, Stream.PATENT_NOISE, who, quarter),
            traits,
        )
        rate[i] = expected * traits.step if live else 0.0
        chance[i] = uniform(seed, Stream.PATENT_COUNT, who, quarter)
        other_chance[i] = uniform(seed, Stream.UTILITY_COUNT, who, quarter)
        ending[i] = uniform(seed, Stream.PATENT_GRANT, who, quarter)
    happens = np.empty(rows, np.int8)
    for i in range(rows):
        files = (chance[i] > 1.0 - rate[i] * traits.invention_part) | (other_chance[i] > 1.0 - rate[i])
        happens[i] = 1 if files | (ending[i] > 1.0 - np.float64(knowledge.pending[i]) * traits.conclusion) else 0
        knowledge.applied[i] = 0.0
        knowledge.applied_utility[i] = 0.0
        knowledge.granted[i] = 0.0
        knowledge.inventions[i] *= np.float32(1.0 - traits.lapse)
        knowledge.utility[i] *= np.float32(1.0 - traits.lapse_utility)
        knowledge.value[i] *= 1.0 - traits.lapse
    for i in range(rows):
        if happens[i] == 1 and identity.alive[i] == 1:
            grants += int(conclude(i, identity.id[i], knowledge, ending[i], traits, seed, quarter))
            inventions = float(poisson(rate[i] * traits.invention_part, chance[i]))
            utility = float(poisson(rate[i] * (1.0 - traits.invention_part), other_chance[i]))
            cost = inventions * traits.fee + utility * traits.utility_fee
            knowledge.applied[i] = inventions
            knowledge.applied_utility[i] = utility
            knowledge.pending[i] += np.float32(inventions)
            knowledge.utility[i] += np.float32(utility)
            money.net[i] -= cost
            books.profit_year[i] -= cost
            fees += exact_units(cost)
            filed += int(inventions)
            filed_utility += int(utility)
    return np.array([fees, filed, filed_utility, grants])


@inlined_kernel
def conclude(i, who, knowledge, chance, traits, seed, quarter):
    """End some of a firm's examinations, a part of them by grant (rounded by lot); returns the inventions granted."""
    pending = np.float64(knowledge.pending[i])
    ended = min(pending, float(poisson(pending * traits.conclusion, chance)))
    granted = 0.0
    if ended > 0.0:
        granted = floor(ended * traits.grant_rate + uniform(seed, Stream.REFUSAL, who, quarter))
        knowledge.pending[i] = pending - ended
        knowledge.granted[i] = granted
        knowledge.inventions[i] += np.float32(granted)
        if granted > 0.0:
            worth = traits.value * exp(traits.value_spread * normal(seed, Stream.GRANT_VALUE, who, quarter))
            knowledge.value[i] += granted * worth
    return granted
