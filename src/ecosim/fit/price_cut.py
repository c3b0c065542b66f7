"""The response of R&D to its user cost: the same world with and without a uniform, permanent cut of the price of R&D.

Bloom, Griffith & Van Reenen (2002), J. Public Economics 85(1), estimate by how much business R&D rises, within a
year and in the long run, when its user cost falls. Here every firm pays 10% less for its R&D from the first
quarter on, nobody bears the difference, and both worlds share every draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .. import population, schedule
from ..parameters import Traits
from ..policies.contract import Policy
from ..quantity import Share
from ..region import Region
from ..scenario import Scenario

if TYPE_CHECKING:
    from ..levers import Levers

CUT = 0.10
YEARS = 10
"""Years after which the response counts as the long run."""
NAME = "price_cut"
ROWS = ("user_cost_elasticity_short", "user_cost_elasticity_long")
"""Ids of what `elasticities` returns."""


class PriceCut(Policy):
    """All firms pay a share of their R&D bill less; not an instrument of the city but an experiment on the model."""

    label_en: ClassVar[str] = "Cut of the price of R&D"
    label_zh: ClassVar[str] = "研发价格统一下调"
    letter: ClassVar[str] = ""
    dose: ClassVar[str] = "cut"

    cut: Share = CUT

    def dose_at(self, quarter: int) -> float:
        """The cut, as a share of the price; the same in every quarter."""
        return self.cut

    def offer(self, levers: Levers, region: Region) -> None:
        """Lower the price that every firm pays for its R&D."""
        levers.offer("rd_price", 1.0 - self.cut, NAME)


def spending(asked: Scenario, pack: Any, scalars: Traits, seed: int, cut: float) -> np.ndarray:
    """R&D of all firms by year, yuan, with the price of R&D lowered by `cut`."""
    policies = dict(asked.policies) | ({NAME: PriceCut.model_validate({"cut": cut})} if cut > 0.0 else {})
    last = asked.start + 4 * YEARS - 1
    region = population.start(pack, policies, scalars, seed, asked.start, last, asked.population_scale)
    by_quarter = []
    while region.quarter <= last:
        price = region.research_price
        schedule.live_quarter(region)
        by_quarter.append(price * float(region.firms.research.rd[region.alive].sum()) / 4.0)
        schedule.turn(region)
    yearly: np.ndarray = np.array(by_quarter).reshape(YEARS, 4).sum(axis=1)
    return yearly


def elasticities(asked: Scenario, pack: Any, scalars: Traits, seed: int) -> tuple[float, float]:
    """Rise of R&D in the first and in the last year, as a share, over the share by which its price fell."""
    with_cut, without = (spending(asked, pack, scalars, seed, cut) for cut in (CUT, 0.0))
    response = (with_cut / without - 1.0) / CUT
    return float(response[0]), float(response[-1])
