"""The cultivation pool: who may enter, once only, within the envelope, and that what it tells is all it does."""

from types import SimpleNamespace

import numpy as np
import pytest

from ecosim import parameters, schedule
from ecosim.agents.firm_certificate import may_be_cultivated
from ecosim.entitlements import FOR_GOOD
from ecosim.levers import CERTIFICATE, POOL

NAME = "hightech_cultivation"
PURSUE = [stage.name for stage in schedule.QUARTER].index("pursue")
FIRMS = {
    "does research and has a patent": (1, 1, 1.0, 0.0, True),
    "has a utility model": (1, 1, 0.0, 1.0, True),
    "has closed": (0, 1, 1.0, 0.0, False),
    "does no research": (1, 0, 1.0, 0.0, False),
    "has no patent left": (1, 1, 0.2, 0.2, False),
}


def entries(region):
    """Holders of a place in the pool and when they entered, one row an entry."""
    table = region.promises.active()
    rows = table.margin == POOL
    return table.holder[rows], table.since[rows]


@pytest.mark.parametrize(("alive", "performer", "inventions", "utility", "may"), FIRMS.values(), ids=FIRMS)
def test_whoever_does_research_and_owns_a_patent_meets_enough_of_the_criteria(alive, performer, inventions, utility, may):
    firms = SimpleNamespace(
        identity=SimpleNamespace(alive=np.array([alive])),
        research=SimpleNamespace(performer=np.array([performer])),
        knowledge=SimpleNamespace(inventions=np.array([inventions]), utility=np.array([utility])),
    )

    assert may_be_cultivated(firms).tolist() == [may]


def test_neither_certified_firms_nor_former_members_nor_large_firms_may_enter(sandbox, begin):
    region = begin(sandbox)
    policy, table, now = region.policies[NAME], region.promises.active(), region.quarter
    held = np.zeros(region.rows, bool)
    held[table.row[np.isin(table.margin, (CERTIFICATE, POOL)) & (table.until >= now)]] = True
    first = np.flatnonzero(policy.members(region))[0]

    assert may_be_cultivated(region.firms)[held].any()
    assert not policy.members(region)[held].any()
    region.firms.market.sales[first] = 2.0 * policy.max_sales.at(now)
    assert not policy.members(region)[first]


def test_a_firm_enters_once_and_the_year_s_envelope_bounds_how_many(sandbox, begin, each_quarter):
    """500,000 yuan at 90,000 each: five a year at most; the award is paid at once by those who pay."""
    region = begin(sandbox.with_policy(NAME, budget=500_000, entry_award=90_000, term_years=1, payers={"city": 0.4, "province": 0.6}))
    entered, paid = [], {"city": 0.0, "province": 0.0}
    for now in each_quarter(region, 8):
        holders, since = entries(now)
        entered += holders[since == now.quarter].tolist()
        for government in paid:
            paid[government] += now.ledger.flows.get((government, "firm", "cultivation award"), 0.0)
        assert now.counts.get(f"awards:{NAME}", 0.0) == (since == now.quarter).sum() <= 5
        assert now.ledger.envelopes[NAME].promised == pytest.approx(0.0, abs=1.0)

    holders, _ = entries(region)
    assert len(set(holders.tolist())) == len(holders) > len(entered) > 5
    assert paid == pytest.approx({"city": 36_000 * len(entered), "province": 54_000 * len(entered)}, rel=1e-6)


def test_firms_stay_away_where_the_award_does_not_pay_for_the_form(sandbox, begin, live):
    counts = []
    for award in (4_000, 6_000):
        _, since = entries(live(begin(sandbox.with_policy(NAME, entry_award=award, paperwork=5_000)), 4))
        counts.append((since >= sandbox.start).sum())

    assert counts[0] == 0 < counts[1]


def test_advice_is_given_for_the_term_and_no_longer(sandbox, begin, each_quarter):
    """Entry at the end of 2019 and two years in the pool: advised to the third quarter of 2021."""
    region = begin(sandbox.with_policy(NAME, term_years=2, from_="2020Q1", entry_award=1.0, paperwork=1e9))
    advised = [int((now.levers.firm.advised > 0.0).sum()) for now in each_quarter(region, 8)]

    assert min(advised[:7]) > 0 == max(advised[7:])


def test_who_is_advised_works_towards_a_certificate_if_it_pays_and_nobody_else_where_no_word_goes_round(sandbox, begin):
    """Without hearing and word of mouth only advice tells; among the advised it is the firm that decides."""
    silent = parameters.traits(parameters.values(None, {"certificate.hearing": 0.0, "certificate.word": 0.0}))
    told, untold = (begin(sandbox, traits=silent) for _ in range(2))
    for region in (told, untold):
        for stage in schedule.QUARTER[:PURSUE]:
            stage.run(region)
        region.firms.books.considered[:] = 0
        region.levers.firm.advised[:] = 1.0 if region is told else 0.0
        schedule.QUARTER[PURSUE].run(region)

    performers = (told.firms.identity.alive == 1) & (told.firms.research.performer == 1)
    assert 0 < told.firms.books.pursues.sum() < performers.sum()
    assert (told.firms.books.considered[:] == performers).all()
    assert untold.firms.books.pursues.sum() == untold.firms.books.considered.sum() == 0


def test_the_pool_of_the_last_year_before_the_start_is_the_published_number_and_has_heard(sandbox, begin):
    """Three in the fictional city, four times as many in one of four times its size."""
    region = begin(sandbox)
    table = region.promises.active()
    rows = table.row[table.margin == POOL]

    assert len(rows) == 4 * region.pack["cultivation_entrants_2019"]
    assert (region.firms.books.considered[rows] == 1).all()
    assert not region.certified_first[rows].any()
    assert (table.until[table.margin == POOL] == FOR_GOOD).all()
