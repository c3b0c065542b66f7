"""The market for R&D staff: demand beyond supply raises the price of research. Stage: wages."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from ..arithmetic import exp, log
from ..columns import Flags, Floats
from ..kernel import kernel
from ..parameters import Prior


class TalentTraits(NamedTuple):
    """How the price of research answers demand."""

    supply_growth: Annotated[
        float,
        Prior(
            0.075,
            0.05,
            0.10,
            "1/year",
            "growth of skilled staff and their pay without scarcity",
            "不紧缺时研发人才及其薪酬的增长",
            per="flow",
        ),
    ]
    elasticity: Annotated[
        float, Prior(0.75, 0.5, 1.0, "1", "elasticity of supply of R&D staff", "研发人员的供给弹性", source="Goolsbee 1998; MODEL (D)")
    ]
    wage_part: Annotated[
        float, Prior(0.25, 0.15, 0.40, "share", "pay of scarce staff in the R&D bill", "紧缺人才薪酬占研发费用比例", source="NBS 2019 (B)")
    ]
    speed: Annotated[float, Prior(0.4, 0.2, 0.8, "1/year", "yearly adjustment of pay", "人才薪酬的年调整", per="flow")]


@kernel
def research_wanted(alive: Flags, plan: Floats) -> int:
    """R&D that firms in business plan, whole yuan a year."""
    total = 0
    for i in range(alive.size):
        total += int(np.floor(plan[i])) if alive[i] == 1 else 0
    return total


def price_of_research(now: float, demand: float, supply: float, traits: TalentTraits) -> float:
    """Price index of research one step on: it moves to (demand / supply) ^ (wage part / elasticity).

    demand and supply: R&D in the city and what its staff can do at unchanged pay, both 1 at the start.
    """
    wanted = exp(traits.wage_part / traits.elasticity * log(demand / supply))
    return now * exp(traits.speed * log(wanted / now))
