"""Investors: angels, venture funds and the government guidance fund. Stage: invest (rounds and exits)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exact_units, logistic
from ..chance import Stream
from ..chance import lone_uniform as uniform
from ..columns import Codes, Floats, Ints, code, gathered, identity, number, rows_where
from ..draws import drawn_normals, drawn_uniforms
from ..kernel import inlined_kernel, kernel
from ..parameters import Prior
from .firm_research import spendable

ANGEL, VENTURE, GUIDANCE = range(3)
KINDS = ("angel", "venture", "guidance")


class Funds(NamedTuple):
    """One row is one investor."""

    id: Annotated[Ints, identity("identity")]
    kind: Annotated[Codes, code("0 angel, 1 venture fund, 2 guidance fund")]
    committed: Annotated[Floats, number("yuan", "capital committed")]
    called: Annotated[Floats, number("yuan", "capital called so far")]
    public_share: Annotated[Floats, number("share", "public money in its capital")]
    cash: Annotated[Floats, number("yuan", "deposit")]
    invested: Annotated[Floats, number("yuan", "money in firms, at cost")]
    rounds: Annotated[Floats, number("rounds", "rounds so far")]


class FundTraits(NamedTuple):
    """What makes investors pay."""

    level: Annotated[float, Prior(-8.5, -9.5, -7.5, "logit/quarter", "log odds of a round without knowledge", "无知识时获创投的对数几率")]
    knowledge_weight: Annotated[
        float, Prior(4.2, 3.0, 5.5, "logit", "rise of the odds once knowledge passes the bar", "知识越过门槛后创投几率的上升")
    ]
    bar: Annotated[
        float, Prior(1_300_000.0, 800_000.0, 2_500_000.0, "yuan", "knowledge at the bar", "获创投门槛处的知识", scale="log", money=1.0)
    ]
    edge_weight: Annotated[float, Prior(2.0, 1.0, 3.0, "logit", "weight of competitiveness", "竞争力的权重")]
    signal: Annotated[float, Prior(0.5, 0.2, 0.8, "logit", "weight of a noisy signal of ability", "能力信号（含噪声）的权重")]
    patent_weight: Annotated[float, Prior(0.3, 0.0, 0.6, "logit", "weight of having a patent", "拥有专利的权重")]
    proof_weight: Annotated[
        float,
        Prior(
            0.7,
            0.0,
            1.4,
            "logit",
            "weight of a project carried out lately, which shows that the idea works",
            "近期完成项目（证明构想可行）的权重",
            source="Audretsch et al. 2012, direction only (D)",
        ),
    ]
    round_size: Annotated[
        float,
        Prior(
            4_000_000.0, 2_500_000.0, 10_000_000.0, "yuan", "a round", "一轮融资额", source="Torch 2017 mean (C)", scale="log", money=1.0
        ),
    ]
    stake: Annotated[float, Prior(0.2, 0.1, 0.3, "share", "stake taken in a round", "一轮所占股份")]
    exit: Annotated[float, Prior(0.12, 0.08, 0.2, "1/year", "chance that investors sell their stake", "投资人出售股份的概率", per="hazard")]
    multiple: Annotated[float, Prior(1.5, 0.8, 3.0, "years of sales", "value of a firm at exit", "退出时的企业估值")]
    oldest: Annotated[float, Prior(32.0, 24.0, 40.0, "quarters", "age up to which a start-up is considered", "创业投资考虑的最大企业年龄")]
    step: Annotated[float, Prior(1.0, 1.0, 1.0, "year", "length of a step", "一步的长度", source="definition (A)", per="flow")]


PROOF = 8
"""Quarters for which a project carried out counts as proof; assumed, the time between rounds."""


@inlined_kernel
def gap_of_money(means, plan_year):
    """Share of a year's plan that the firm cannot pay itself, 0 to 1."""
    return max(0.0, 1.0 - means / max(plan_year, 1.0))


@inlined_kernel
def round_chance(gap, knowledge, edge, signal, patents, proven, mentoring, traits):
    """Chance of a round in the step: needed money times odds that are steep in knowledge. Never reads past awards.

    proven: whether a project was carried out lately: a prototype takes doubt from investors (Audretsch et al. 2012; Howell 2017).
    """
    bar = traits.bar * traits.bar * traits.bar * traits.bar
    known = knowledge * knowledge * knowledge * knowledge
    score = traits.level + traits.knowledge_weight * known / (known + bar) + traits.edge_weight * max(-2.0, min(2.0, edge))
    seen = (traits.patent_weight if patents > 0.5 else 0.0) + (traits.proof_weight if proven else 0.0)
    return 4.0 * traits.step * gap * logistic(score + traits.signal * signal + seen + mentoring)


@kernel
def court(identity, market, money, research, knowledge, ventures, quality, traits, collateral, mentoring, seed, moment, quarter, ready):
    """Start-ups that find an investor willing this quarter; fills `ready` with their rows and returns how many."""
    found = 0
    rows = identity.alive.size
    asks = np.empty(rows, np.int8)
    for i in range(rows):
        startup = (identity.alive[i] == 1) & (research.startup[i] == 1)
        young = quarter - identity.born[i] <= traits.oldest
        asks[i] = 1 if startup & young else 0
        research.startup[i] = 0 if startup & (not young) else research.startup[i]
    asking = rows_where(asks)
    who = gathered(identity.id, asking)
    signal = drawn_normals(seed, Stream.VENTURE_SIGNAL, who, quarter // 8)
    draw = drawn_uniforms(seed, Stream.VENTURE_ROUND, who, moment)
    for f in range(asking.size):
        i = asking[f]
        means = spendable(money.cash[i] + money.net[i], money.debt[i], 0.0, money.working_capital[i], collateral, traits.step)
        place = ventures.carrier[i]
        chance = round_chance(
            gap_of_money(means, research.plan[i]),
            knowledge.knowledge[i],
            np.float64(market.edge[i]),
            signal[f],
            knowledge.inventions[i],
            quarter - ventures.done[i] <= PROOF,
            mentoring * quality[place] if place >= 0 else 0.0,
            traits,
        )
        if draw[f] < chance:
            ready[found] = i
            found += 1
    return found


@kernel
def pay_rounds(rows, net, stake, funded, traits, quarter):
    """Pay a round to each of the rows; returns the money in exact units."""
    invested = 0
    for i in rows:
        net[i] += traits.round_size
        stake[i] = 1.0 - (1.0 - stake[i]) * (1.0 - traits.stake)
        funded[i] = quarter
        invested += exact_units(traits.round_size)
    return invested


@kernel
def sell_stakes(alive, identities, sales, stake, traits, seed, moment):
    """Investors sell some of their stakes; returns proceeds in exact units and sales."""
    proceeds, sold = 0, 0
    held = np.empty(alive.size, np.int8)
    for i in range(alive.size):
        held[i] = 1 if (alive[i] == 1) & (stake[i] > 0.0) else 0
    for i in rows_where(held):
        if uniform(seed, Stream.VENTURE_EXIT, identities[i], moment) < traits.exit:
            proceeds += exact_units(stake[i] * traits.multiple * sales[i])
            sold += 1
            stake[i] = 0.0
    return proceeds, sold
