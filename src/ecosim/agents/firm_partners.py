"""Joint projects with universities and institutes: search, candidates, contracts. Stage: partners."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp
from ..chance import Stream, normal, uniform
from ..columns import gathered, rows_where
from ..draws import drawn_normals
from ..kernel import inlined_kernel, kernel
from ..ledger import UNIT
from ..parameters import Prior
from .firm_knowledge import absorptive_capacity
from .firm_research import means_left
from .firm_services import familiarity


class PartnerTraits(NamedTuple):
    """How firms and institutes find each other."""

    search: Annotated[
        float,
        Prior(
            0.22, 0.12, 0.40, "1/year", "chance that an R&D performer looks for a partner", "有研发活动企业寻找合作者的概率", per="events"
        ),
    ]
    candidates: Annotated[float, Prior(12.0, 6.0, 18.0, "institutes", "candidates it considers", "考虑的候选院所数")]
    local_part: Annotated[
        float,
        Prior(
            0.5,
            0.3,
            0.7,
            "share",
            "candidates taken from its ties and its place rather than its class",
            "从已有关系和所在地（而非同技术类）选出的候选比例",
        ),
    ]
    learning: Annotated[float, Prior(2.0, 1.0, 3.0, "1", "weight of what it could learn", "可学知识的权重")]
    past: Annotated[float, Prior(1.0, 0.5, 2.0, "1", "weight of having worked together", "曾经合作的权重")]
    strength: Annotated[float, Prior(0.5, 0.2, 1.0, "1", "weight of the partner's standing", "院所实力的权重")]
    distance: Annotated[float, Prior(0.35, 0.15, 0.70, "1 per 100 km", "weight of distance", "距离的权重")]
    taste: Annotated[float, Prior(0.6, 0.3, 1.0, "1", "spread of what else counts", "其他考虑的离散度")]
    threshold: Annotated[float, Prior(1.3, 0.8, 1.8, "1", "utility a contract must reach", "签订技术合同所需的效用")]
    price: Annotated[
        float,
        Prior(
            250_000.0,
            150_000.0,
            400_000.0,
            "yuan",
            "mean contract",
            "技术合同平均成交额",
            source="China 2019, all modes (D)",
            scale="log",
            money=1.0,
        ),
    ]
    price_spread: Annotated[float, Prior(1.35, 1.0, 1.6, "ln", "spread of contract values", "技术合同成交额的离散度")]
    optimum: Annotated[
        float,
        Prior(
            0.5, 0.3, 0.7, "1", "cognitive distance best for a firm with no absorptive capacity, as a share", "无吸收能力企业的最优认知距离"
        ),
    ]


@inlined_kernel
def learning_value(relatedness, capacity, optimum):
    """Novelty times understanding, an inverted U in technological distance whose best distance grows with absorptive capacity.

    Nooteboom et al. (2007). relatedness and capacity between 0 and 1.
    """
    apart = 1.0 - relatedness
    best = optimum + (1.0 - optimum) * 0.5 * capacity
    return max(0.0, 1.0 - ((apart - best) / max(best, 1.0 - best)) ** 2)


@inlined_kernel
def partner_utility(learning, together, strength, distance, taste, traits):
    """What working with one institute is worth beside the others: learning, habit, standing, less distance."""
    return (
        traits.learning * learning
        + traits.past * together
        + traits.strength * strength
        - traits.distance * distance / 100.0
        + traits.taste * taste
    )


@kernel
def find_partners(
    identity,
    money,
    performer,
    knowledge,
    tie,
    last_partner,
    search_cost,
    institutes,
    near,
    relatedness,
    traits,
    absorption,
    tie_scale,
    collateral,
    seed,
    moment,
):
    """Let firms that search, and can pay for the project they have in mind, consider institutes, some from those near (rows `near`).

    Returns rows of the firms, contract values in yuan, the institutes each considers and what each is worth to it (firms x candidates).
    """
    rows = identity.alive.size
    searches = np.empty(rows, np.int8)
    for i in range(rows):
        looks = uniform(seed, Stream.SEARCH, identity.id[i], moment) < traits.search
        searches[i] = 1 if looks & (identity.alive[i] == 1) & (performer[i] == 1) else 0
    looking, prices = with_means(rows_where(searches), identity.id, money, traits, collateral, seed, moment)
    candidates = int(traits.candidates)
    drawn, taste = np.empty(looking.size * candidates), np.empty(looking.size * candidates)
    draw_candidates(gathered(identity.id, looking), candidates, seed, moment, drawn, taste)
    considered, utility = np.empty((looking.size, candidates), np.int64), np.empty((looking.size, candidates))
    places = institutes.capacity.size
    for s in range(looking.size):
        i = looking[s]
        capacity = absorptive_capacity(knowledge[i], absorption)
        known = familiarity(tie[i], tie_scale)
        for c in range(candidates):
            draw = drawn[s * candidates + c]
            partner = min(int(draw * places), places - 1)
            if c < traits.local_part * traits.candidates and near.size > 0:
                partner = near[min(int(draw * near.size), near.size - 1)]
            if c == 0 and last_partner[i] >= 0:
                partner = last_partner[i]
            considered[s, c] = partner
            utility[s, c] = partner_utility(
                learning_value(relatedness[identity.tech_class[i], institutes.tech_class[partner]], capacity, traits.optimum),
                known if partner == last_partner[i] else 0.0,
                institutes.office[partner],
                institutes.distance[partner] * search_cost[i],
                taste[s * candidates + c],
                traits,
            )
    return looking, prices, considered, utility


@kernel
def draw_candidates(who, candidates, seed, moment, drawn, taste):
    """For each searching firm and candidate: whom it comes across (uniform) and what nobody else sees in them (normal)."""
    firm, when = np.empty(drawn.size, np.int64), np.empty(drawn.size, np.int64)
    for s in range(who.size):
        for c in range(candidates):
            firm[s * candidates + c] = who[s]
            when[s * candidates + c] = moment * 64 + c
    for n in range(drawn.size):
        chance, other = uniform(seed, Stream.CANDIDATE, firm[n], when[n]), normal(seed, Stream.MATCH_TASTE, firm[n], when[n])
        drawn[n] = chance
        taste[n] = other


@kernel
def with_means(rows, identities, money, traits, collateral, seed, moment):
    """Those of the firms in `rows` that can pay for their project, and its contract value, yuan: lognormal with mean `traits.price`."""
    draws = drawn_normals(seed, Stream.CONTRACT_PRICE, gathered(identities, rows), moment)
    able, prices, count = np.empty(rows.size, np.int64), np.empty(rows.size), 0
    for f in range(rows.size):
        price = traits.price * exp(traits.price_spread * draws[f] - 0.5 * traits.price_spread * traits.price_spread)
        if means_left(rows[f], money, collateral) >= price:
            able[count], prices[count] = rows[f], price
            count += 1
    return able[:count], prices[:count]


@kernel
def sign_contracts(rows, choice, prices, money, profit_year, service, tie, partner, income, contracts):
    """Sign with the institute of each firm's choice (-1 for none); returns contract value in exact units and the number signed."""
    value, signed = 0, 0
    for f in range(rows.size):
        i, institute, price = rows[f], choice[f], prices[f]
        if institute >= 0:
            money.net[i] -= price
            profit_year[i] -= price
            service[i] += price
            tie[i] += price
            partner[i] = institute
            income[institute] += exact_units(price) / UNIT
            contracts[institute] += 1.0
            value += exact_units(price)
            signed += 1
    return value, signed
