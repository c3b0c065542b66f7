"""Patents: applications by grade, examination, grant, lapse and value. Stage: patent."""

from __future__ import annotations

from math import floor
from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp, ordinary_log
from ..chance import Stream, normal, shock, uniform
from ..columns import gathered, rows_where
from ..draws import poissons
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior

MILLION = 1e6
MOST_GRANTS = 1 << 16
"""Room for the draws of one firm's grants in a step."""
ABOUT_TO_LACK = 0.6
"""Patents in force, expected, below which a firm that needs one files another: within a year it would count as without."""


class PatentTraits(NamedTuple):
    """How research becomes patents."""

    level: Annotated[
        float,
        Prior(
            0.0,
            -0.34,
            0.34,
            "ln",
            "log of the city's patents over the level that Jiangsu's average implies",
            "本市专利高出江苏平均推算水平的对数",
        ),
    ]
    rd_power: Annotated[
        float, Prior(0.22, 0.10, 0.35, "1", "elasticity of applications to R&D of the year (K1)", "专利申请对当年研发的弹性（K1）")
    ]
    stock_power: Annotated[
        float, Prior(0.52, 0.35, 0.65, "1", "elasticity of applications to knowledge (K2)", "专利申请对知识存量的弹性（K2）")
    ]
    noise: Annotated[float, Prior(0.3, 0.15, 0.5, "ln", "passing spread of applications", "专利申请的暂时离散度")]
    idle_rd: Annotated[
        float,
        Prior(
            20_000.0, 10_000.0, 50_000.0, "yuan/year", "R&D that firms without R&D count as having", "无研发活动企业折算的研发", scale="log"
        ),
    ]
    invention_part: Annotated[
        float,
        Prior(
            0.377,
            0.30,
            0.45,
            "share",
            "inventions in invention and utility filings",
            "发明占发明与实用新型申请比例",
            source="CNIPA 2019 (A)",
        ),
    ]
    grant_rate: Annotated[
        float, Prior(0.473, 0.42, 0.53, "share", "inventions granted of those concluded", "已审结发明申请的授权率", source="CNIPA 2020 (C)")
    ]
    conclusion: Annotated[
        float,
        Prior(
            0.45,
            0.42,
            0.50,
            "1/year",
            "chance that an examination ends within the year (20 months)",
            "审查一年内结束的概率（平均20个月）",
            source="CNIPA 2020 (C)",
            per="hazard",
        ),
    ]
    lapse: Annotated[
        float,
        Prior(0.10, 0.07, 0.14, "1/year", "inventions not renewed", "发明专利未续费率", source="IP5 2012 half-life (C)", per="hazard"),
    ]
    lapse_utility: Annotated[float, Prior(0.18, 0.12, 0.25, "1/year", "utility models not renewed", "实用新型未续费率", per="hazard")]
    value: Annotated[
        float,
        Prior(
            100_000.0,
            40_000.0,
            250_000.0,
            "yuan",
            "median private value of an invention patent",
            "发明专利的私人价值（中位数）",
            scale="log",
            money=1.0,
        ),
    ]
    value_spread: Annotated[float, Prior(2.0, 1.6, 3.0, "ln", "spread of that value", "发明专利私人价值的离散度")]
    fee: Annotated[
        float,
        Prior(
            8_605.0,
            5_000.0,
            10_000.0,
            "yuan",
            "fees and agent of an invention application",
            "发明专利申请的官费与代理费",
            source="tariff before 2021 (C)",
        ),
    ]
    utility_fee: Annotated[
        float,
        Prior(
            2_500.0, 1_500.0, 3_500.0, "yuan", "the same of a utility model", "实用新型申请的官费与代理费", source="tariff before 2021 (C)"
        ),
    ]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]


@inlined_kernel
def application_rate(rd, stock, propensity, mood, traits):
    """Expected applications a year: a power of R&D and of knowledge (Hausman, Hall & Griliches 1984), lognormal between firms."""
    return exp(
        traits.level
        + traits.rd_power * ordinary_log(max(rd, traits.idle_rd) / MILLION)
        + traits.stock_power * ordinary_log(stock / MILLION)
        + propensity
        + traits.noise * mood
    )


@kernel
def patent(identity, knowledge, rd, project_rd, pursues, net, profit_year, traits, seed, moment):
    """File, examine, grant and lapse; returns fees in exact units, inventions and utility models filed, inventions granted.

    pursues: works towards a certificate, by row; such a firm files a utility model when it is about to be without a patent.
    A count can be above 0 only where its chance is beyond 1 less its mean: the other rows are passed over.
    """
    rows = identity.alive.size
    rate, chance, other_chance, ending = np.empty(rows), np.empty(rows), np.empty(rows), np.empty(rows)
    lacks = np.empty(rows)
    files, ends = np.empty(rows, np.int8), np.empty(rows, np.int8)
    for i in range(rows):
        who, live = identity.id[i], identity.alive[i] == 1
        mood = shock(seed, Stream.PATENT_NOISE, who, moment)
        count, other_count = uniform(seed, Stream.PATENT_COUNT, who, moment), uniform(seed, Stream.UTILITY_COUNT, who, moment)
        end = uniform(seed, Stream.PATENT_GRANT, who, moment)
        spent = rd[i] + project_rd[i] / traits.step
        expected = application_rate(spent, max(1.0, knowledge.knowledge[i]), np.float64(knowledge.propensity[i]), mood, traits)
        mean = expected * traits.step if live else 0.0
        concluded = np.float64(knowledge.pending[i]) * traits.conclusion
        bare = live & (pursues[i] == 1) & (np.float64(knowledge.inventions[i]) + np.float64(knowledge.utility[i]) < ABOUT_TO_LACK)
        lacks[i] = 1.0 if bare else 0.0
        files[i] = 1 if bare | (live & ((count > 1.0 - mean * traits.invention_part) | (other_count > 1.0 - mean))) else 0
        ends[i] = 1 if live & (end > 1.0 - concluded) else 0
        rate[i] = mean
        chance[i] = count
        other_chance[i] = other_count
        ending[i] = end
    for i in range(rows):
        knowledge.applied[i] = 0.0
        knowledge.applied_utility[i] = 0.0
        knowledge.granted[i] = 0.0
        knowledge.inventions[i] *= np.float32(1.0 - traits.lapse)
        knowledge.utility[i] *= np.float32(1.0 - traits.lapse_utility)
        knowledge.value[i] *= 1.0 - traits.lapse
    grants = conclude(rows_where(ends), identity.id, knowledge, ending, traits, seed, moment)
    filing = rows_where(files)
    rates, least = gathered(rate, filing), gathered(lacks, filing)
    lots, other_lots = gathered(chance, filing), gathered(other_chance, filing)
    fees, filed, filed_utility = file(filing, rates, lots, other_lots, least, net, profit_year, knowledge, traits)
    return fees, filed, filed_utility, grants


@kernel
def file(rows, rates, chances, other_chances, least, net, profit_year, knowledge, traits):
    """File what each of the rows has, at least so many utility models; returns fees in exact units, inventions and models filed."""
    fees, filed, filed_utility = 0, 0, 0
    inventions = poissons(rates * traits.invention_part, chances)
    utility = np.maximum(least, poissons(rates * (1.0 - traits.invention_part), other_chances))
    for f in range(rows.size):
        i = rows[f]
        cost = inventions[f] * traits.fee + utility[f] * traits.utility_fee
        knowledge.applied[i] = inventions[f]
        knowledge.applied_utility[i] = utility[f]
        knowledge.pending[i] += np.float32(inventions[f])
        knowledge.utility[i] += np.float32(utility[f])
        net[i] -= cost
        profit_year[i] -= cost
        fees += exact_units(cost)
        filed += int(inventions[f])
        filed_utility += int(utility[f])
    return fees, filed, filed_utility


@kernel
def worths(held, identities, traits, seed, moment):
    """Private value of the inventions granted to each firm in a step, yuan: lognormal, each its own (Harhoff, Scherer & Vopel 1997)."""
    counts = held.astype(np.int64)
    owner, when, worth = np.empty(counts.sum(), np.int64), np.empty(counts.sum(), np.int64), np.empty(counts.sum())
    first, found = 0, np.zeros(held.size)
    for f in range(held.size):
        for number in range(counts[f]):
            owner[first + number], when[first + number] = f, moment * MOST_GRANTS + number
        first += counts[f]
    who = gathered(identities, owner)
    for n in range(worth.size):
        worth[n] = traits.value * exp(traits.value_spread * normal(seed, Stream.GRANT_VALUE, who[n], when[n]))
    for n in range(worth.size):
        found[owner[n]] += worth[n]
    return found


@kernel
def conclude(rows, identities, knowledge, ending, traits, seed, moment):
    """End some of the firms' examinations, a part of them by grant (rounded by lot); returns the inventions granted."""
    who, chances, pending = gathered(identities, rows), gathered(ending, rows), gathered(knowledge.pending, rows)
    means, ended, granted = np.empty(rows.size), np.empty(rows.size), np.empty(rows.size)
    for f in range(rows.size):
        means[f] = np.float64(pending[f]) * traits.conclusion
    counts = poissons(means, chances)
    for f in range(rows.size):
        ended[f] = min(np.float64(pending[f]), counts[f])
        granted[f] = floor(ended[f] * traits.grant_rate + uniform(seed, Stream.REFUSAL, who[f], moment))
    worth = worths(granted, who, traits, seed, moment)
    for f in range(rows.size):
        i = rows[f]
        knowledge.pending[i] = pending[f] - ended[f]
        knowledge.granted[i] = granted[f]
        knowledge.inventions[i] += np.float32(granted[f])
        knowledge.value[i] += worth[f]
    return int(granted.sum())
