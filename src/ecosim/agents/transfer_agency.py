"""Transfer agencies and the one-stop market: they bring inventions and buyers together. Stage: licences."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, exp
from ..chance import Stream, lone_uniform, normal, uniform
from ..columns import Codes, Floats, Ints, code, gathered, identity, number, rows_where
from ..kernel import kernel
from ..parameters import Prior
from .firm_research import means_left

LOOKS = 4
"""Inventions a firm that looks for a licence comes across."""


class Agencies(NamedTuple):
    """One row is one transfer organisation."""

    id: Annotated[Ints, identity("identity")]
    tech_class: Annotated[Codes, code("class it knows best; -1 all")]
    reach: Annotated[Floats, number("0-1", "share of institutes and firms it knows")]
    fee: Annotated[Floats, number("share", "fee as a share of the contract")]
    cash: Annotated[Floats, number("yuan", "deposit")]
    deals: Annotated[Floats, number("licences", "licences brokered so far")]


class AgencyTraits(NamedTuple):
    """How licences come about."""

    meeting: Annotated[
        float,
        Prior(
            0.035,
            0.015,
            0.07,
            "1/year",
            "chance that an idle invention meets a buyer, per unit of reach",
            "闲置发明遇到买方的概率，每单位覆盖面",
            per="flow",
        ),
    ]
    value: Annotated[
        float,
        Prior(
            1_400_000.0,
            1_200_000.0,
            1_600_000.0,
            "yuan",
            "mean transfer contract",
            "技术转让合同平均成交额",
            source="university transfers 2017-18 (C)",
            money=1.0,
        ),
    ]
    value_spread: Annotated[float, Prior(1.3, 1.0, 1.6, "ln", "spread of the value of an invention to a buyer", "发明对买方价值的离散度")]
    bargaining: Annotated[
        float, Prior(0.5, 0.3, 0.7, "share", "share of the surplus that goes to the institute (Nash)", "院所所得的剩余份额（纳什议价）")
    ]
    yield_: Annotated[float, Prior(1.5, 0.8, 2.5, "1", "knowledge a buyer gains per yuan of price", "买方每元价款获得的知识")]


@kernel
def nash_price(value, bargaining):
    """Price of a licence when the invention is worth nothing idle: the institute's share of the surplus (Nash 1950)."""
    return bargaining * value


@kernel
def look_for_licences(
    identity, performer, institutes, relatedness, reach, meeting_rate, traits, seed, moment, buyers, sources, values
):  # fmt: skip
    """R&D performers that come across inventions this quarter and the one they value most; returns how many.

    reach: share of institutes that agencies know; meeting_rate: factor on the rate at which idle inventions meet buyers.
    Fills buyers, sources, values (yuan).
    """
    rows, performers, ladder = identity.alive.size, 0, np.empty(institutes.office.size)
    looks = np.empty(rows, np.int8)
    for n in range(ladder.size):
        weight = max(0.0, institutes.inventions[n] - 0.5) * (institutes.office[n] + reach)
        ladder[n] = weight + (ladder[n - 1] if n > 0 else 0.0)
    for i in range(rows):
        performers += 1 if performer[i] == 1 else 0
    chance = min(1.0, ladder[-1] * traits.meeting * meeting_rate / max(1, performers))
    for i in range(rows):
        hit = uniform(seed, Stream.BUYER, identity.id[i], moment) < chance
        looks[i] = 1 if hit & (identity.alive[i] == 1) & (performer[i] == 1) else 0
    looking = rows_where(looks)
    drawn, worth = np.empty(looking.size * LOOKS), np.empty(looking.size * LOOKS)
    draw_inventions(gathered(identity.id, looking), traits.value_spread, seed, moment, drawn, worth)
    found = 0
    for b in range(looking.size):
        best, best_value = -1, 0.0
        for look in range(b * LOOKS, (b + 1) * LOOKS):
            n = min(np.searchsorted(ladder, drawn[look] * ladder[-1]), ladder.size - 1)
            value = relatedness[identity.tech_class[looking[b]], institutes.tech_class[n]] * worth[look]
            if value > best_value:
                best, best_value = n, value
        if best >= 0:
            buyers[found], sources[found], values[found] = looking[b], best, best_value * traits.value / traits.bargaining
            found += 1
    return found


@kernel
def draw_inventions(who, spread, seed, moment, drawn, worth):
    """For each firm that looks and each of its looks: which invention it comes across (uniform) and its worth to the firm (mean 1)."""
    firm, when = np.empty(drawn.size, np.int64), np.empty(drawn.size, np.int64)
    for b in range(who.size):
        for look in range(LOOKS):
            firm[b * LOOKS + look] = who[b]
            when[b * LOOKS + look] = moment * LOOKS + look
    for n in range(drawn.size):
        chance, taste = uniform(seed, Stream.MEETING, firm[n], when[n]), normal(seed, Stream.LICENCE, firm[n], when[n])
        drawn[n] = chance
        worth[n] = exp(spread * taste - 0.5 * spread * spread)


@kernel
def license(
    identities,
    money,
    profit_year,
    service,
    institutes,
    agencies,
    traits,
    collateral,
    seed,
    moment,
    buyers,
    sources,
    values,
):
    """Sign licences in the order given (older identities first) while inventions last; returns licences, price and fees in exact units."""
    signed, price_total, fee_total = 0, 0, 0
    for b in range(buyers.size):
        i, n = buyers[b], sources[b]
        agency = min(int(lone_uniform(seed, Stream.BROKER, identities[i], moment) * agencies.fee.size), agencies.fee.size - 1)
        price = nash_price(values[b], traits.bargaining)
        fee = agencies.fee[agency] * price
        if means_left(i, money, collateral) >= price + fee and institutes.inventions[n] >= 1.0:
            money.net[i] -= price + fee
            profit_year[i] -= price + fee
            service[i] += traits.yield_ * price
            institutes.income[n] += price
            institutes.inventions[n] -= 1.0
            institutes.licences[n] += 1.0
            agencies.cash[agency] += fee
            agencies.deals[agency] += 1.0
            signed += 1
            price_total += exact_units(price)
            fee_total += exact_units(fee)
    return signed, price_total, fee_total
