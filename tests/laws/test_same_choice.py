"""One stage lived twice from the same state, once with something changed: what firms, funds and owners then do differently."""

import pytest

from ecosim import schedule


@pytest.fixture
def city(sandbox, begin, live):
    """Gives the fictional city at ten times its size, at the same moment before a stage of the last quarter of its first year."""

    def before(stage):
        region = live(begin(sandbox.vary("population_scale", 10.0)), 3)
        names = [each.name for each in schedule.QUARTER]
        for each in schedule.QUARTER[: names.index(stage)]:
            each.run(region)
        return region, schedule.QUARTER[names.index(stage)].run

    return before


def with_traits(region, table, **changes):
    """Other scalars of one table from now on."""
    region.traits = region.traits._replace(**{table: getattr(region.traits, table)._replace(**changes)})


def test_funds_finance_more_start_ups_that_have_carried_a_project_out(city):
    rounds = []
    for quarters_ago in (1, 100):
        region, invest = city("invest")
        with_traits(region, "fund", level=region.traits.fund.level + 3.0)
        region.firms.ventures.done[:] = region.quarter - quarters_ago
        invest(region)
        rounds.append(region.counts["venture_rounds"])

    assert rounds[0] > 1.2 * rounds[1] > 0


def test_owners_are_paid_less_where_banks_lend_less(city):
    paid = []
    for collateral in (0.9, 0.1):
        region, close_year = city("close_year")
        with_traits(region, "research", collateral=collateral)
        close_year(region)
        paid.append(region.ledger.flows["firm", "household", "payments to owners"])

    assert paid[0] > 1.2 * paid[1] > 0


def test_large_firms_close_less_often_the_steeper_the_hazard_falls_with_size(city):
    closed = []
    for slope in (0.0, 0.4):
        region, leave = city("leave")
        with_traits(region, "life", residual_slope=slope)
        large = region.alive & (region.firms.market.sales > 20e6)
        leave(region)
        closed.append(int((large & (region.firms.identity.alive == 0)).sum()))

    assert closed[0] > 2 * closed[1]
