"""Research services bought from institutes: needs come and fade; a firm buys when the value exceeds price and search. Stage: services."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import drawn_normal_quantile, exact_units, exp, log
from ..chance import Stream, uniform
from ..columns import gathered, rows_where
from ..draws import drawn_uniforms
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm import INSTRUMENTS, TEAM
from .firm_research import means_left


class ServiceTraits(NamedTuple):
    """How often outside research would help, what it is worth and what it costs."""

    arrival: Annotated[
        float,
        Prior(0.79, 0.60, 0.92, "1/year", "chance that an R&D performer meets a need", "有研发活动企业产生服务需求的概率", per="events"),
    ]
    idle_factor: Annotated[
        float, Prior(0.35, 0.1, 0.6, "share", "the same chance of a firm without R&D, as a share", "无研发活动企业产生服务需求的相对概率")
    ]
    fading: Annotated[float, Prior(0.22, 0.12, 0.35, "1/year", "chance that an unmet need passes", "未满足的需求消失的概率", per="hazard")]
    value: Annotated[
        float, Prior(52_000.0, 30_000.0, 90_000.0, "yuan", "median value of a need", "一项需求的价值（中位数）", scale="log", money=1.0)
    ]
    value_spread: Annotated[float, Prior(0.9, 0.7, 1.2, "ln", "spread of that value", "需求价值的离散度")]
    fee: Annotated[
        float,
        Prior(
            60_000.0,
            40_000.0,
            100_000.0,
            "yuan",
            "fee of a service",
            "服务费",
            source="median of university contracts 2019 (D)",
            scale="log",
            money=1.0,
        ),
    ]
    search: Annotated[
        float,
        Prior(
            80_000.0,
            40_000.0,
            140_000.0,
            "yuan",
            "cost of finding and briefing a provider without ties",
            "寻找陌生服务方并说明需求的成本",
            scale="log",
            money=1.0,
        ),
    ]
    size_power: Annotated[
        float,
        Prior(
            0.3,
            0.0,
            0.5,
            "1",
            "rise of fees and values with the firm's R&D beyond a million yuan a year",
            "年研发超过一百万元后，服务费与价值随研发的上升",
        ),
    ]
    tie_scale: Annotated[
        float,
        Prior(
            200_000.0,
            100_000.0,
            400_000.0,
            "yuan",
            "past contract value that halves the search cost",
            "使搜寻成本减半的既往合同额",
            scale="log",
            money=1.0,
        ),
    ]
    tie_fade: Annotated[
        float, Prior(0.25, 0.15, 0.40, "1/year", "fading of ties that are not renewed", "未延续的合作关系的消退", per="hazard")
    ]
    instruments_part: Annotated[
        float, Prior(0.6, 0.4, 0.75, "share", "needs that are for instruments and testing", "仪器与检测占服务需求比例")
    ]
    purchase: Annotated[
        float,
        Prior(
            0.985,
            0.95,
            0.995,
            "1/year",
            "chance that a firm willing to buy gets round to it",
            "愿意购买的企业当年付诸行动的概率",
            per="hazard",
        ),
    ]
    million: Annotated[
        float, Prior(1e6, 1e6, 1e6, "yuan", "a million yuan of the start", "期初价格的一百万元", source="definition (A)", money=1.0)
    ]


@inlined_kernel
def familiarity(tie, tie_scale):
    """How well a firm knows the providers, 0 to 1: past contract value squared over itself plus the half-way point squared."""
    return tie * tie / (tie * tie + tie_scale * tie_scale)


@inlined_kernel
def surplus(value, fee, share, left, search, known):
    """What a service is worth to the firm after support and search, yuan; support is a share of the fee up to what is left."""
    return value - (fee - min(share * fee, left)) - search * (1.0 - known)


@kernel
def services(identity, money, profit_year, performer, plan, ventures, levers, used, traits, collateral, seed, moment):
    """Buy services, meet needs (a better one takes the place of a waiting one) and buy some of those at once, let ties fade.

    used: support drawn by each firm, yuan (output); collateral: working capital that banks lend against. Returns fees paid by firms
    and by support in exact units, and the services bought of each kind.
    """
    own, supported, instruments, contracts = 0, 0, 0, 0
    rows = identity.alive.size
    happens, buys, arrives, simple = np.empty(rows, np.int8), np.empty(rows, np.int8), np.empty(rows, np.int8), np.empty(rows, np.int8)
    asked, chance_of_value = np.empty(rows), np.empty(rows)
    for i in range(rows):
        who = identity.id[i]
        arrival, value = uniform(seed, Stream.NEED_ARRIVES, who, moment), uniform(seed, Stream.NEED_VALUE, who, moment)
        fading, sort = uniform(seed, Stream.NEED_FADES, who, moment), uniform(seed, Stream.NEED_KIND, who, moment)
        tie = ventures.tie[i] * (1.0 - traits.tie_fade)
        waits, gain, price = offer_at_hand(i, tie, levers.service_left[i], ventures, levers, traits)
        chance = traits.arrival * (1.0 if performer[i] == 1 else traits.idle_factor)
        able = (identity.alive[i] == 1) & (identity.stratum[i] != TEAM)
        willing = waits & (gain > 0.0) & (means_left(i, money, collateral) >= price)
        happens[i] = 1 if able & (willing | (waits & (fading < traits.fading))) else 0
        buys[i] = 1 if willing else 0
        arrives[i] = 1 if able & (arrival < chance) else 0
        simple[i] = 1 if sort < traits.instruments_part else 0
        asked[i] = price
        chance_of_value[i] = value
        ventures.tie[i] = tie
        ventures.service[i] = 0.0
        used[i] = 0.0
    happening = rows_where(happens)
    who = gathered(identity.id, happening)
    purchases, passings = drawn_uniforms(seed, Stream.SERVICE_BOUGHT, who, moment), drawn_uniforms(seed, Stream.NEED_FADES, who, moment)
    for f in range(happening.size):
        i = happening[f]
        if buys[i] == 1 and comes_first(purchases[f], traits.purchase, passings[f], traits.fading):
            paid, given, kind = buy(i, asked[i], money, profit_year, ventures, used)
            own, supported = own + paid, supported + given
            instruments, contracts = instruments + (1 - kind), contracts + kind
        elif passings[f] < traits.fading:
            ventures.need[i] = 0.0
    at_once = chance_after_arrival(traits.purchase, traits.fading)
    fresh = meet_needs(rows_where(arrives), plan, chance_of_value, simple, ventures, traits)
    lots = drawn_uniforms(seed, Stream.SERVICE_BOUGHT_AT_ONCE, gathered(identity.id, fresh), moment)
    for f in range(fresh.size):
        i = fresh[f]
        if lots[f] >= at_once:
            continue
        _, gain, price = offer_at_hand(i, ventures.tie[i], levers.service_left[i] - used[i], ventures, levers, traits)
        if (gain > 0.0) & (means_left(i, money, collateral) >= price):
            paid, given, kind = buy(i, price, money, profit_year, ventures, used)
            own, supported = own + paid, supported + given
            instruments, contracts = instruments + (1 - kind), contracts + kind
    return own, supported, instruments, contracts


@inlined_kernel
def buy(i, price, money, profit_year, ventures, used):
    """Buy the service at hand for `price` of the firm's own; returns that and the support in exact units, and the kind."""
    support = ventures.fee[i] - price
    ventures.service[i] += ventures.need[i]
    ventures.tie[i] += ventures.fee[i]
    ventures.need[i] = 0.0
    used[i] += support
    money.net[i] -= price
    profit_year[i] -= price
    return exact_units(price), exact_units(support), 0 if ventures.need_kind[i] == INSTRUMENTS else 1


@inlined_kernel
def comes_first(draw, hazard, other_draw, other_hazard):
    """Whether an event happens in a step, and before another; draws are uniform, hazards are chances in a whole step."""
    if draw >= hazard or other_draw >= other_hazard:
        return draw < hazard
    return log(1.0 - draw) * log(1.0 - other_hazard) < log(1.0 - other_draw) * log(1.0 - hazard)


@inlined_kernel
def chance_after_arrival(hazard, other_hazard):
    """Chance that an event happens, before another, in what is left of a step after an arrival at any moment of it."""
    if not (0.0 < hazard < 1.0 and other_hazard < 1.0):
        return hazard * (1.0 - other_hazard)
    pace, both = log(1.0 - hazard), log(1.0 - hazard) + log(1.0 - other_hazard)
    return pace / both * (1.0 + (1.0 - exp(both)) / both)


@inlined_kernel
def offer_at_hand(i, tie, left, ventures, levers, traits):
    """Whether a need waits, the surplus of buying the service now, and what the firm itself would pay, yuan; left: support left."""
    fee = ventures.fee[i]
    share = levers.instruments_share[i] if ventures.need_kind[i] == INSTRUMENTS else levers.research_share[i]
    known = familiarity(tie, traits.tie_scale)
    gain = surplus(ventures.need[i], fee, share, left, traits.search * levers.search_cost[i], known)
    return ventures.need[i] > 0.0, gain, fee - min(share * fee, left)


@inlined_kernel
def need_size(plan, size_power, million):
    """Factor on the value and fee of a need: larger in firms with more R&D."""
    return exp(size_power * log(max(1.0, plan / million)))


@kernel
def meet_needs(rows, plan, chance, simple, ventures, traits):
    """New needs, lognormal in value; each is kept if worth more than the one that waits. Returns the rows whose new need is kept.

    chance: quantile of the value by row; simple: whether it is for instruments and testing.
    """
    plans, chances = gathered(plan, rows), gathered(chance, rows)
    size, fresh = np.empty(rows.size), np.empty(rows.size)
    for f in range(rows.size):
        factor = need_size(plans[f], traits.size_power, traits.million)
        size[f] = factor
        fresh[f] = factor * traits.value * exp(traits.value_spread * drawn_normal_quantile(chances[f]))
    kept, count = np.empty(rows.size, np.int64), 0
    for f in range(rows.size):
        i = rows[f]
        if fresh[f] > ventures.need[i]:
            ventures.need[i] = fresh[f]
            ventures.fee[i] = size[f] * traits.fee
            ventures.need_kind[i] = 0 if simple[i] == 1 else 1
            kept[count] = i
            count += 1
    return kept[:count]
