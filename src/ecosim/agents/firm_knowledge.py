"""What the firm learns. Stages: pool (what a class knows in and around the city) and learn (the firm's own stock)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..kernel import inlined_kernel, kernel
from ..parameters import Prior


class KnowledgeTraits(NamedTuple):
    """How knowledge grows, fades and spills over."""

    fade: Annotated[float, Prior(0.15, 0.10, 0.30, "1/year", "fading of knowledge", "知识的折旧", per="hazard")]
    absorption: Annotated[
        float,
        Prior(
            2_000_000.0,
            500_000.0,
            8_000_000.0,
            "yuan",
            "knowledge at which a firm takes in half of what it meets",
            "能吸收所接触知识一半时的知识存量",
            scale="log",
            money=1.0,
        ),
    ]
    spill: Annotated[
        float,
        Prior(
            0.04,
            0.0,
            0.08,
            "1/year",
            "growth of knowledge by absorption where the pool stands as in 2019",
            "知识池处于2019年水平时吸收带来的知识增长",
            per="flow",
        ),
    ]
    outside: Annotated[
        float, Prior(0.35, 0.15, 0.60, "share", "weight of other cities' pools beside the city's own", "外地知识池相对本市的权重")
    ]
    partner_pool: Annotated[float, Prior(0.2, 0.1, 0.4, "share", "weight of partner institutes' pools", "合作院所知识池的权重")]
    service_yield: Annotated[float, Prior(1.0, 0.5, 2.0, "1", "knowledge per yuan of service value", "每元服务价值带来的知识")]
    floor: Annotated[
        float, Prior(50_000.0, 20_000.0, 150_000.0, "yuan", "knowledge any firm has", "任何企业都有的知识", scale="log", money=1.0)
    ]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]


@kernel
def class_stocks(alive, tech_class, knowledge, sums):
    """Knowledge of all firms by technology class in whole yuan (exact, whatever the order of rows)."""
    sums[:] = 0
    for i in range(alive.size):
        if alive[i]:
            sums[tech_class[i]] += int(knowledge[i])


@kernel
def related_stocks(relatedness, sums):
    """Stocks of related classes summed by relatedness, in a fixed order."""
    found = np.zeros(sums.size)
    for own in range(sums.size):
        for other in range(sums.size):
            found[own] += relatedness[own, other] * float(sums[other])
    return found


@inlined_kernel
def absorptive_capacity(knowledge, half):
    """gamma = K / (K + kappa), Cohen & Levinthal (1990): who knows more takes in more."""
    return knowledge / (knowledge + half)


@inlined_kernel
def absorption(knowledge, capacity, pool, spill):
    """Knowledge taken in from others, yuan: in proportion to what one can understand, with falling returns to the pool (2019 = 1)."""
    return spill * capacity * 2.0 * pool / (1.0 + pool) * knowledge


@inlined_kernel
def knowledge_after(knowledge, fade, gained):
    """K' = (1 - delta) K + what was found, bought and taken in; perpetual inventory (Griliches 1979)."""
    return knowledge * (1.0 - fade) + gained


@kernel
def learn(identity, research, ventures, knowledge, pool, traits):
    """Add the quarter's research, services and spill-overs to each firm's knowledge. pool: by class, 2019 = 1."""
    rows = identity.alive.size
    pools = np.empty(rows)
    for i in range(rows):
        pools[i] = pool[max(0, identity.tech_class[i])]
    for i in range(rows):
        stock = knowledge.knowledge[i]
        absorbed = absorption(stock, absorptive_capacity(stock, traits.absorption), pools[i], traits.spill)
        bought = traits.service_yield * ventures.service[i]
        gained = research.rd[i] * traits.step + ventures.project_rd[i] + bought + absorbed
        knowledge.learning[i] = bought + absorbed
        knowledge.knowledge[i] = max(traits.floor, knowledge_after(stock, traits.fade, gained))


@kernel
def pool_levels(own, own_first, partners, others, traits):
    """Pool met by each class, 2019 = 1: the city's own, its partner institutes' and other cities', weighted.

    own, own_first: stocks by class now and at the start; partners: growth factor since the start by class; others: that of other cities.
    """
    mine, level = 1.0 - traits.outside - traits.partner_pool, np.empty(own.size)
    for c in range(own.size):
        level[c] = mine * own[c] / max(own_first[c], 1.0) + traits.partner_pool * partners[c] + traits.outside * others
    return level
