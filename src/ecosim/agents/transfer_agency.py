"""Transfer agencies and the one-stop market: they bring inventions and buyers together. Stage: license."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exp
from ..chance import Stream, normal, poisson, uniform
from ..columns import Codes, Floats, Ints, code, identity, number
from ..kernel import kernel
from ..ledger import UNIT
from ..parameters import Prior


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

    meeting: Annotated[float, Prior(0.035, 0.015, 0.07, "1/year", "chance that an idle invention meets a buyer, per unit of reach", per="flow")]
    value: Annotated[
        float, Prior(1_400_000.0, 1_200_000.0, 1_600_000.0, "yuan", "mean transfer contract", source="university transfers 2017-18 (C)")
    ]
    value_spread: Annotated[float, Prior(1.3, 1.0, 1.6, "ln", "spread of the value of an invention to a buyer")]
    bargaining: Annotated[float, Prior(0.5, 0.3, 0.7, "share", "share of the surplus that goes to the institute (Nash)")]
    yield_: Annotated[float, Prior(1.5, 0.8, 2.5, "1", "knowledge a buyer gains per yuan of price")]


@kernel
def nash_price(value, bargaining):
    """Price of a licence when the invention is worth nothing idle: the institute's share of the surplus (Nash 1950)."""
    return bargaining * value


@kernel
def license(identity, money, books, research, ventures, institutes, agencies, relatedness, rate, traits, seed, quarter):
    """Bring idle inventions to firms; returns licences, price and fees in exact units. rate: factor on meetings by policy."""
    signed, price_total, fee_total = 0, 0, 0
    rows = identity.alive.size
    for n in range(institutes.stock.size):
        if institutes.inventions[n] >= 1.0:
            agency = min(int(uniform(seed, Stream.BROKER, institutes.id[n], quarter) * agencies.fee.size), agencies.fee.size - 1)
            mean = institutes.inventions[n] * traits.meeting * rate * (agencies.reach[agency] + institutes.office[n])
            meetings = int(min(8.0, poisson(mean, uniform(seed, Stream.MEETING, institutes.id[n], quarter))))
            for m in range(meetings):
                best, best_value = -1, 0.0
                for c in range(12):
                    drawn = uniform(seed, Stream.BUYER, institutes.id[n], quarter * 256 + m * 16 + c)
                    i = min(int(drawn * rows), rows - 1)
                    if identity.alive[i] and research.performer[i] == 1:
                        related = relatedness[identity.tech_class[i], institutes.tech_class[n]]
                        taste = normal(seed, Stream.LICENCE, identity.id[i], quarter * 256 + m)
                        value = related * exp(traits.value_spread * taste - 0.5 * traits.value_spread * traits.value_spread)
                        if value > best_value:
                            best, best_value = i, value
                if best >= 0:
                    price = nash_price(best_value * traits.value / traits.bargaining, traits.bargaining)
                    if money.cash[best] + money.net[best] > price and institutes.inventions[n] >= 1.0:
                        fee = agencies.fee[agency] * price
                        money.net[best] -= price + fee
                        books.profit_year[best] -= price + fee
                        ventures.service[best] += traits.yield_ * price
                        institutes.income[n] += price
                        institutes.inventions[n] -= 1.0
                        institutes.licences[n] += 1.0
                        agencies.cash[agency] += fee
                        agencies.deals[agency] += 1.0
                        signed += 1
                        price_total += int(price * UNIT)
                        fee_total += int(fee * UNIT)
    return np.array([signed, price_total, fee_total])
