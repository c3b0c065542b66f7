"""Research services bought from institutes: needs come and fade; a firm buys when the value exceeds price and search. Stage: services."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exp, log
from ..chance import Stream, normal, uniform
from ..kernel import kernel
from ..ledger import UNIT
from ..parameters import Prior
from .firm import INSTRUMENTS, TEAM


class ServiceTraits(NamedTuple):
    """How often outside research would help, what it is worth and what it costs."""

    arrival: Annotated[float, Prior(0.79, 0.60, 0.92, "1/year", "chance that an R&D performer meets a need", per="hazard")]
    idle_factor: Annotated[float, Prior(0.35, 0.1, 0.6, "share", "the same chance of a firm without R&D, as a share")]
    fading: Annotated[float, Prior(0.22, 0.12, 0.35, "1/year", "chance that an unmet need passes", per="hazard")]
    value: Annotated[float, Prior(52_000.0, 30_000.0, 90_000.0, "yuan", "median value of a need", scale="log")]
    value_spread: Annotated[float, Prior(0.9, 0.7, 1.2, "ln", "spread of that value")]
    fee: Annotated[
        float, Prior(60_000.0, 40_000.0, 100_000.0, "yuan", "fee of a service", source="median of university contracts 2019 (D)", scale="log")
    ]
    search: Annotated[float, Prior(80_000.0, 40_000.0, 140_000.0, "yuan", "cost of finding and briefing a provider without ties", scale="log")]
    size_power: Annotated[float, Prior(0.3, 0.0, 0.5, "1", "rise of fees and values with the firm's R&D beyond a million yuan a year")]
    tie_scale: Annotated[float, Prior(200_000.0, 100_000.0, 400_000.0, "yuan", "past contract value that halves the search cost", scale="log")]
    tie_fade: Annotated[float, Prior(0.25, 0.15, 0.40, "1/year", "fading of ties that are not renewed", per="hazard")]
    instruments_part: Annotated[float, Prior(0.6, 0.4, 0.75, "share", "needs that are for instruments and testing")]
    purchase: Annotated[float, Prior(0.985, 0.95, 0.995, "1/year", "chance that a firm willing to buy gets round to it", per="hazard")]


@kernel
def familiarity(tie, tie_scale):
    """How well a firm knows the providers, 0 to 1: past contract value squared over itself plus the half-way point squared."""
    return tie * tie / (tie * tie + tie_scale * tie_scale)


@kernel
def surplus(value, fee, share, left, search, known):
    """What a service is worth to the firm after support and search, yuan; support is a share of the fee up to what is left."""
    return value - (fee - min(share * fee, left)) - search * (1.0 - known)


@kernel
def services(identity, money, books, research, ventures, levers, used, traits, seed, quarter):
    """Buy services, meet needs (a better one takes the place of a waiting one), let ties fade.

    used: support drawn by each firm, yuan (output). Returns fees paid by firms and by support in exact units, and the services
    bought of each kind.
    """
    own, supported, instruments, contracts = 0, 0, 0, 0
    for i in range(identity.alive.size):
        used[i] = 0.0
        ventures.service[i] = 0.0
        if identity.alive[i] and identity.stratum[i] != TEAM:
            who = identity.id[i]
            ventures.tie[i] *= 1.0 - traits.tie_fade
            value = ventures.need[i]
            if value > 0.0:
                fee = ventures.fee[i]
                share = levers.instruments_share[i] if ventures.need_kind[i] == INSTRUMENTS else levers.research_share[i]
                known = familiarity(ventures.tie[i], traits.tie_scale)
                gain = surplus(value, fee, share, levers.service_left[i], traits.search * levers.search_cost[i], known)
                support = min(share * fee, levers.service_left[i])
                if (
                    gain > 0.0
                    and money.cash[i] + money.net[i] >= fee - support
                    and uniform(seed, Stream.SERVICE_BOUGHT, who, quarter) < traits.purchase
                ):
                    price = fee - support
                    used[i] = support
                    ventures.service[i] = value
                    ventures.tie[i] += fee
                    ventures.need[i] = 0.0
                    money.net[i] -= price
                    books.profit_year[i] -= price
                    own += int(price * UNIT)
                    supported += int(support * UNIT)
                    if ventures.need_kind[i] == INSTRUMENTS:
                        instruments += 1
                    else:
                        contracts += 1
                elif uniform(seed, Stream.NEED_FADES, who, quarter) < traits.fading:
                    ventures.need[i] = 0.0
            chance = traits.arrival * (1.0 if research.performer[i] == 1 else traits.idle_factor)
            if uniform(seed, Stream.NEED_ARRIVES, who, quarter) < chance:
                size = exp(traits.size_power * log(max(1.0, research.plan[i] / 1e6)))
                fresh = size * traits.value * exp(traits.value_spread * normal(seed, Stream.NEED_VALUE, who, quarter))
                if fresh > ventures.need[i]:
                    ventures.need[i] = fresh
                    ventures.fee[i] = size * traits.fee
                    ventures.need_kind[i] = 0 if uniform(seed, Stream.NEED_KIND, who, quarter) < traits.instruments_part else 1
    return np.array([own, supported, instruments, contracts])
