"""Universities and institutes: research, inventions, contracts. Stages: accept (firms that ask), study (research and disclosure)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..chance import Stream, poisson, uniform
from ..columns import Codes, Floats, Ints, code, identity, number
from ..draws import rising
from ..kernel import kernel
from ..parameters import Prior

UNIVERSITY, INSTITUTE, NEW_TYPE = range(3)
KINDS = ("university", "institute", "new_type")


class Institutes(NamedTuple):
    """One row is one university, institute or new-type research institute that works with the city's firms."""

    id: Annotated[Ints, identity("identity")]
    kind: Annotated[Codes, code("0 university, 1 institute, 2 new-type research institute")]
    tech_class: Annotated[Codes, code("main technology class")]
    local: Annotated[Codes, code("1 in the city, 0 elsewhere")]
    distance: Annotated[Floats, number("km", "distance to the city")]
    stock: Annotated[Floats, number("yuan", "research stock")]
    first_stock: Annotated[Floats, number("yuan", "research stock at the start")]
    capacity: Annotated[Floats, number("contracts/quarter", "contracts it can take on")]
    slots: Annotated[Floats, number("contracts", "contracts it could take on now: capacity not used, of a year at most")]
    office: Annotated[Floats, number("0-1", "strength of its transfer office")]
    inventions: Annotated[Floats, number("inventions", "disclosed and not yet licensed")]
    contracts: Annotated[Floats, number("contracts", "joint projects signed this quarter")]
    income: Annotated[Floats, number("yuan", "contract and service income this quarter")]
    licences: Annotated[Floats, number("licences", "licences signed so far")]
    block: Annotated[Floats, number("yuan/year", "block grant")]
    cash: Annotated[Floats, number("yuan", "deposit")]
    spent: Annotated[Floats, number("yuan", "research spending of this quarter")]


class InstituteTraits(NamedTuple):
    """How institutes do research and let others use it."""

    fade: Annotated[float, Prior(0.15, 0.10, 0.25, "1/year", "fading of the research stock", "院所研究存量的折旧", per="hazard")]
    growth: Annotated[
        float,
        Prior(0.08, 0.05, 0.11, "1/year", "growth of block grants", "院所财政拨款的增长", source="China R&D 2014-2020 (C)", per="flow"),
    ]
    disclosure: Annotated[
        float,
        Prior(0.35, 0.15, 0.70, "inventions/10 million yuan", "inventions disclosed from research", "研究产生的发明披露", scale="log"),
    ]
    ageing: Annotated[float, Prior(0.15, 0.08, 0.25, "1/year", "inventions that lose their use", "发明失去用途的概率", per="hazard")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]


def accept(considered: Ints, utility: Floats, ids: Ints, slots: Floats, threshold: float) -> Ints:
    """Institute that works with each firm, -1 where none does: a firm that is turned down asks the next best it knows.

    Firms whose best partner is worth most to them come first; ties go to the older identity. considered, utility: institutes that each
    firm considers, and what each is worth to it (firms x candidates); ids: identity of the firm; slots: contracts each institute can
    take on, of which those agreed are taken; threshold: utility that a contract must reach.
    """
    choice: Ints = served(rising(-utility.max(axis=1), ids), considered, utility, slots, threshold)
    return choice


@kernel
def served(order, considered, utility, slots, threshold):
    """Firms in this order take the best institute that still has a whole slot left, and the slot."""
    choice = np.full(order.size, -1)
    for f in order:
        best = threshold
        for c in range(considered.shape[1]):
            if utility[f, c] > best and slots[considered[f, c]] >= 1.0:
                best, choice[f] = utility[f, c], considered[f, c]
        if choice[f] >= 0:
            slots[choice[f]] -= 1.0
    return choice


@kernel
def study(institutes, traits, seed, moment):
    """Spend grants and income on research, and disclose inventions; contract research counts for half. A new quarter's books open."""
    for i in range(institutes.stock.size):
        received = institutes.block[i] * traits.step + institutes.income[i]
        spent = max(0.0, institutes.cash[i] + institutes.income[i] + institutes.block[i] * traits.step)
        research = spent - 0.5 * institutes.income[i]
        institutes.spent[i] = spent
        institutes.cash[i] += received - spent
        institutes.block[i] *= 1.0 + traits.growth
        institutes.income[i], institutes.contracts[i] = 0.0, 0.0
        institutes.stock[i] = institutes.stock[i] * (1.0 - traits.fade) + research
        mean = traits.disclosure * research / 1e7 * (0.5 + institutes.office[i])
        disclosed = poisson(mean, uniform(seed, Stream.DISCLOSE, institutes.id[i], moment))
        institutes.inventions[i] = institutes.inventions[i] * (1.0 - traits.ageing) + disclosed


@kernel
def class_growth(tech_class, stock, first_stock, classes):
    """Growth of partner institutes' research stock by technology class since the start (1 where a class has none)."""
    now, first, growth = np.zeros(classes), np.zeros(classes), np.ones(classes)
    for n in range(stock.size):
        now[tech_class[n]] += np.floor(stock[n])
        first[tech_class[n]] += np.floor(first_stock[n])
    for c in range(classes):
        growth[c] = now[c] / max(first[c], 1.0) if first[c] > 0.0 else 1.0
    return growth
