"""The credit for research that studies of other countries need."""

import numpy as np
import pytest

from ecosim.evidence.lab import FIRST, Lab, live
from ecosim.evidence.rd_credit import NAME, RELIEF, assets, credit

SCALE = 0.1


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(7, source="prior")


def test_the_state_pays_what_firms_do_not(lab):
    """A fifth of every bill, from the city, in the quarter of the bill; the audit of every quarter closes."""
    region = lab.region({NAME: credit(0.2)}, 2, scale=SCALE)
    wage, step = region.research_price, region.traits.research.step
    seen = []

    def watch(region):
        seen.append((region.ledger.outlay[NAME, "city"], 0.2 * region.firms.research.rd[region.alive].sum() * wage * step))

    live(region, 1, watch)
    paid, owed = seen[0]

    assert paid > 0
    assert paid == pytest.approx(owed, rel=0.01)


def test_a_credit_of_nothing_is_no_credit(lab, taken_apart, unlike):
    with_it, without = lab.region({NAME: credit(0.0)}, 8, scale=SCALE), lab.region({}, 8, scale=SCALE)
    live(with_it, 8)
    live(without, 8)

    assert not unlike(taken_apart(with_it), taken_apart(without))


def test_no_firm_above_the_limit_of_assets_has_it(lab):
    region = lab.region({NAME: credit(0.2, max_assets=2e7)}, 2, scale=SCALE)
    before = assets(region)
    seen = []

    live(region, 1, lambda region: seen.append(region.levers.firm.rd_price[: len(before)].copy()))

    alive = before > 0
    assert np.array_equal(seen[0][alive] < 1.0, before[alive] <= 2e7)


def test_who_has_it_for_good_keeps_it_and_nobody_else_gets_it(lab):
    region = lab.region({NAME: credit(0.2, max_assets=2e7, for_good=True, **{"from": "2020Q2"})}, 12, scale=SCALE)
    holders, enrolled = [], []

    def watch(region):
        identity, number = region.firms.identity, region.index_of(NAME)
        if region.quarter == FIRST + 1:
            enrolled.append(set(region.promises.active().holder[region.promises.held(number, RELIEF, region.quarter)].tolist()))
        offered = (region.levers.firm.rd_price < 1.0) & region.alive & (identity.born < region.quarter)
        holders.append(set(identity.id[offered].tolist()))

    live(region, 12, watch)

    assert not holders[0]
    assert holders[1]
    assert all(later <= enrolled[0] for later in holders[1:])
    assert len(holders[-1]) > 0.5 * len(holders[1])


def test_research_becomes_cheaper_and_more_of_it_is_done(lab):
    def spent(share):
        region = lab.region({NAME: credit(share)}, 12, scale=SCALE)
        live(region, 12)
        return region.firms.research.rd[region.alive].sum()

    assert spent(0.3) > spent(0.0)
